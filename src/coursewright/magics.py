"""The directives that are magics in notebooks, too."""

from __future__ import annotations

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
"""The directives that are magics by the same name."""
