"""The imports that a page begins with: what a process may have loaded before, since nothing of the page comes first."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

USUAL = frozenset({"matplotlib", "numpy", "pandas", "scipy", "sympy"})
"""Packages whose import was looked at: what it draws by chance is drawn anew in each fork."""
_HARMLESS = "%matplotlib inline"


@dataclass(frozen=True)
class Beginning:
    """`imports` are statements that import usual packages, `names` the modules of Python itself between them."""

    imports: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def beginning_of(codes: Iterable[str]) -> Beginning:
    """What the cells of a page import before they do anything else."""
    found = list(_imports(codes))
    imports = dict.fromkeys(statement for name, statement in found if name in USUAL)
    return Beginning(tuple(imports), tuple(sorted({name for name, _ in found} - USUAL)))


def _imports(codes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The name of a package, and a statement that imports of it what the page does."""
    for code in codes:
        plain, whole = _plain(code)
        try:
            statements = ast.parse(plain).body
        except SyntaxError:
            return
        for statement in statements:
            imported = _imported(statement)
            if imported is None or not all(name in USUAL or name in sys.stdlib_module_names for name, _ in imported):
                return
            yield from imported
        if not whole:
            return


def _imported(statement: ast.stmt) -> list[tuple[str, str]] | None:
    """What a statement imports; None if it does anything else."""
    if isinstance(statement, ast.Import):
        return [(each.name.partition(".")[0], f"import {each.name}") for each in statement.names]
    if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
        names = ", ".join(each.name for each in statement.names)
        return [(statement.module.partition(".")[0], f"from {statement.module} import {names}")]
    is_text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return [] if is_text else None


def _plain(code: str) -> tuple[str, bool]:
    """Code up to its first magic or command of the shell, and whether that is all of it."""
    lines = [line for line in code.split("\n") if line.strip() != _HARMLESS]
    magic = next((number for number, line in enumerate(lines) if line.lstrip().startswith(("%", "!"))), None)
    return "\n".join(lines[:magic]), magic is None
