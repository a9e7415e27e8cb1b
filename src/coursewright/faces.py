"""Faces: what a package hands out, loaded when it is first used, so that importing a room costs next to nothing.

A package says what it hands out in its `__init__.py`, where type checkers read it, and once:

    if TYPE_CHECKING:
        from coursewright.words import Grammar

    __getattr__ = on_first_use(__name__, __file__)

`from coursewright.words import Grammar` then imports that module, and no other of the room. The idea is that of PEP 562
and of scientific Python's `lazy_loader`, which reads the same from a second file.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:  # what processes of the sandbox begin with does without what is not asked for
    from collections.abc import Callable
    from typing import Any


def on_first_use(package: str, file: str) -> Callable[[str], Any]:
    """The `__getattr__` of a package: what its `file` imports for type checkers alone is imported when it is asked for.

    So is a module of the package. It raises AttributeError for any other name, as Python does. Nothing is kept: what a
    test puts in the place of a function is gone again with that test.
    """
    from importlib import import_module

    homes: dict[str, tuple[str, str]] = {}

    def load(name: str) -> Any:
        if os.path.exists(f"{os.path.dirname(file)}/{name}.py"):  # noqa: PTH110, PTH120 - pathlib is slow to load
            return import_module(f"{package}.{name}")
        if not homes:
            homes.update(handed_out(file))
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        home, there = homes[name]
        return import_module(f"{package}.{there}") if home == package else getattr(import_module(home), there)

    return load


def handed_out(file: str) -> dict[str, tuple[str, str]]:
    """What the file of a package imports under `if TYPE_CHECKING:`: for each name its module, and what it is there."""
    import ast

    with open(file, encoding="utf-8") as source:  # noqa: PTH123 - pathlib is slow to load
        tree = ast.parse(source.read())
    blocks = [one for one in tree.body if isinstance(one, ast.If) and ast.unparse(one.test) == "TYPE_CHECKING"]
    imports = [one for block in blocks for one in block.body if isinstance(one, ast.ImportFrom)]
    return {one.asname or one.name: (found.module or "", one.name) for found in imports for one in found.names}
