"""What the code imports is declared, so that it is there because we ask for it, and not because something else does."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from conftest import EXAMPLES

ROOT = EXAMPLES.parent
SOURCE = ROOT / "src/coursewright"
# What runs with the packages of an image or of Jupyter itself, and what is looked at only where an author has it.
ELSEWHERE = ("environments/catalogue/", "environments/runtime/")
OF_AUTHORS = {"altair", "bokeh", "plotly", "ray"}


def imported(tree: ast.AST) -> Iterator[str]:
    """The modules that a file imports, but for those that are imported for their types alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            yield from (name.name.partition(".")[0] for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            yield node.module.partition(".")[0]
        yield from imported(node)


def declared() -> set[str]:
    """The names of the packages that pyproject.toml asks for, in extras too."""
    said = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [each for extra in said["optional-dependencies"].values() for each in extra]
    return {re.split(r"[^\w.-]", each, maxsplit=1)[0].lower() for each in (*said["dependencies"], *extras)}


def test_every_package_that_is_imported_is_declared() -> None:
    packages, known = packages_distributions(), declared()
    missing = {
        f"{file.relative_to(SOURCE)}: {module}"
        for file in SOURCE.rglob("*.py")
        if not str(file.relative_to(SOURCE)).startswith(ELSEWHERE)
        for module in imported(ast.parse(file.read_text(encoding="utf-8")))
        if module not in {*sys.stdlib_module_names, *OF_AUTHORS, "coursewright"}
        and not {name.lower().replace("_", "-") for name in packages.get(module, [module])} & known
    }
    assert missing == set()


def test_every_package_that_is_declared_has_its_reason() -> None:
    reasons = (ROOT / "docs/decisions/dependencies.md").read_text()
    told = set(re.findall(r"[\w.-]+", reasons.lower()))
    assert declared() - told == set()
