"""Questions: templates of which every student can have a variant of their own, for any learning platform.

Some of the names below load what they need when they are first used: every process that draws a question begins with
this room, and has no use for tables and facts.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from coursewright.questions.drawing.draw import Materials, draw
from coursewright.questions.question import Question, read_question
from coursewright.questions.variant import Variant

if TYPE_CHECKING:
    from coursewright.questions.asking import Asked, ask
    from coursewright.questions.drawing.finder import NothingToAsk, ask_finder
    from coursewright.questions.export import Quiz
    from coursewright.questions.reading.rows import read_materials

__all__ = [
    "Asked",
    "Materials",
    "NothingToAsk",
    "Question",
    "Quiz",
    "Variant",
    "ask",
    "ask_finder",
    "draw",
    "read_materials",
    "read_question",
]

_HOMES = {
    "Asked": "asking",
    "NothingToAsk": "drawing.finder",
    "Quiz": "export",
    "ask": "asking",
    "ask_finder": "drawing.finder",
    "read_materials": "reading.rows",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOMES[name]}")
    globals().update({public: getattr(module, public) for public, home in _HOMES.items() if home == _HOMES[name]})
    return globals()[name]
