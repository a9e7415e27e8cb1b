"""The words that pages say by themselves, in the language of the course."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from typing import Any

_ENGLISH = {
    "activity": "Activity",
    "attention": "Attention",
    "back": "Back to reference",
    "caution": "Caution",
    "danger": "Danger",
    "done": "Done",
    "error": "Error",
    "exercise": "Exercise",
    "footnote": "Footnote",
    "footnotes": "Footnotes",
    "hint": "Hint",
    "important": "Important",
    "learner": "Your notes",
    "note": "Note",
    "seealso": "See also",
    "solution": "Solution",
    "table": "Table",
    "tip": "Tip",
    "todo": "Not done",
    "tutor": "Your tutor says",
    "warning": "Warning",
}
LABELS: Mapping[str, Mapping[str, str]] = {"en": _ENGLISH}


def label(word: str, env: MutableMapping[str, Any]) -> str:
    """The word in the language of `env`, a BCP 47 tag; English in a language that is not here."""
    language = str(env.get("language", "en")).split("-")[0].lower()
    return LABELS.get(language, _ENGLISH)[word]
