"""The reference of the Python functions and classes, written from their docstrings: docs/reference/python.md."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# What authors import, and of each what a reader looks for.
PUBLIC: dict[str, tuple[str, ...]] = {
    "coursewright.words": (
        "Explanation", "Grammar", "MissingValueWarning", "NotToldWarning", "explain", "tell", "tell_file",
    ),
    "coursewright.figures": (
        "Chart", "Figure", "audio", "bars", "course_theme", "dots", "inline", "lines", "multiples", "places", "ranges",
        "slopes", "tones", "widget",
    ),
    "coursewright.figures.diagrams": (
        "automaton", "circuit", "evaluate", "graph", "logic", "number_line", "points_map", "tree", "truth_table",
        "venn",
    ),
    "coursewright.courses": ("BuildResult", "build", "check", "find_course", "open_course"),
    "coursewright.courses.publishing": ("lock",),
    "coursewright.courses.reading": ("empty_course",),
    "coursewright.courses.serving": ("serve",),
    "coursewright.tables": ("Database", "EmbeddedDatabase", "Sql"),
    "coursewright.facts": ("Fact", "Finder", "find", "read_finder"),
    "coursewright.questions": ("Quiz", "Variant", "ask", "draw", "read_materials", "read_question"),
    "coursewright.plugins": ("load", "load_all", "names"),
    "coursewright.errors": ("CoursewrightError", "MissingPart", "Place", "Problem", "SeveralProblems", "UsageError"),
}  # fmt: skip
CONFIG = {
    "docstring_style": "numpy",
    "docstring_section_style": "list",
    "filters": ["!^_"],
    "heading_level": 3,
    "line_length": 100,
    "members_order": "source",
    "separate_signature": True,
    "show_if_no_docstring": False,
    "show_object_full_path": False,
    "show_root_full_path": False,
    "show_root_members_full_path": False,
    "show_signature_annotations": True,
    "show_submodules": False,
    "signature_crossrefs": False,
    "summary": False,
}
ABOUT = """\
# Functions and classes

What authors of figures, notebooks, scripts and plugins import, as the docstrings of the code say it.
"""


def reference() -> str:
    """The whole page."""
    import griffe

    package = griffe.load("coursewright", search_paths=[str(ROOT / "src")], resolve_aliases=True)
    return "\n".join([ABOUT, *(_module(package, name, names) for name, names in PUBLIC.items())])


def _module(package: Any, name: str, names: tuple[str, ...]) -> str:
    from griffe2md import render_object_docs

    module = package[name.removeprefix("coursewright.")]
    said = module.docstring.value.split("\n\n")[0] if module.docstring else ""
    written = "\n".join(render_object_docs(_found(module, each), CONFIG) for each in names)
    unlinked = re.sub(r"<code>(.*?)</code>", _plain, written)
    apart = re.sub(r"\n{3,}", "\n\n", unlinked).strip()
    return f"## `{name}`\n\n{said}\n\n{apart}\n"


def _found(module: Any, name: str) -> Any:
    """What a module hands out under a name, which one of its own modules may have, too."""
    found = module[name]
    found = found.final_target if found.is_alias else found
    return found[name] if found.is_module else found


def _plain(code: re.Match[str]) -> str:
    """Code without its links, which lead to what is on no page."""
    return "`" + re.sub(r"\[([^]]*)\]\(#[^)]*\)", r"\1", code[1]) + "`"
