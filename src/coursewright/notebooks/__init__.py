"""Notebooks: what pages do, in the cells of a Jupyter notebook. A magic is a directive with a cell as its content."""

from __future__ import annotations

from typing import Any

NAMES = (
    "audio",
    "automaton",
    "circuit",
    "facts",
    "figure",
    "form",
    "graph",
    "logic",
    "number_line",
    "question",
    "table",
    "tell",
    "tikz",
    "venn",
    "widget",
)
"""The directives that are magics too."""


def load(ipython: Any) -> None:
    """Give `ipython` the magics, their help and the completion of their options.

    What carries them out is loaded when one is first used.
    """
    from coursewright.notebooks.magic import Magic

    for name in NAMES:
        magic = Magic(name, ipython)
        ipython.register_magic_function(magic, "line_cell", name)
        for sign in ("%", "%%"):
            ipython.set_hook("complete_command", magic.complete, str_key=f"{sign}{name}")


__all__ = ["NAMES", "load"]
