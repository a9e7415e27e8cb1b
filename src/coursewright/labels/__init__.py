"""The words that pages, tables, questions and sites say by themselves, in the language of the course.

A file of this folder for each of them: by language, as ISO 639 has it, all words by what they are for. A language that
is not in a file has English, and whoever writes it into a page says so: a voice that reads Finnish would not be
understood reading "Skip to the content". What stands in braces is a number or a name. A word that depends on a number
`n` has a form for each of the cases of Unicode's plural rules that it tells apart, and one for `other`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from importlib import resources
from types import SimpleNamespace
from typing import Any, Literal

import yaml

Room = Literal[
    "diagrams", "figures", "notebooks", "own", "pages", "questions", "retelling", "runtimes", "sites", "tables"
]
FALLBACK = "en"
VARIABLE = "COURSEWRIGHT_LANGUAGE"  # in the environment of the kernels of a course: its language


@dataclass(frozen=True)
class Label:
    """One word or phrase; `language` is "" when it is that of the page, which is written leftwards when it is `turned`.

    In a template it is the text, in an element that says its language where that is not the page's.
    """

    text: str
    language: str = ""
    turned: bool = False

    def __html__(self) -> str:
        """The text as HTML."""
        direction = ' dir="ltr"' if self.turned else ""
        text = escape(self.text)
        return f'<span lang="{self.language}"{direction}>{text}</span>' if self.language else text

    def __str__(self) -> str:
        return self.text


@cache
def known(room: Room) -> Mapping[str, Mapping[str, Any]]:
    """For each language, its words by what they are for."""
    file = resources.files(__package__).joinpath(f"{room}.yaml")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast where PyYAML has its half in C
    read: Mapping[str, Mapping[str, Any]] = yaml.load(file.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - safe
    return read


def spoken(room: Room, language: str) -> str:
    """The language of what is said in `language`, a BCP 47 tag or "": its own, or English."""
    own = language.replace("_", "-").partition("-")[0].lower()
    return own if own in known(room) else FALLBACK


def words(room: Room, language: str) -> Mapping[str, Any]:
    """All words of a room in `language`, or in English."""
    return known(room)[spoken(room, language)]


@cache
def labels_in(room: Room, language: str) -> SimpleNamespace:
    """All words of a room by their names, each of which knows whether it is in `language`."""
    marks = foreign(room, language)
    mark = (marks.get("lang", ""), "dir" in marks)
    return SimpleNamespace(**{name: Label(text, *mark) for name, text in words(room, language).items()})


def foreign(room: Room, language: str) -> Mapping[str, str]:
    """The attributes of what holds the words of a room on a page in `language`: none where they are in it."""
    said = spoken(room, language)
    if not language or language.replace("_", "-").partition("-")[0].lower() == said:
        return {}
    return {"lang": said} | ({"dir": "ltr"} if direction(language) == "rtl" else {})


@cache
def direction(language: str) -> str:
    """Which way `language`, a BCP 47 tag, is written: "ltr" or "rtl"."""
    from babel import Locale

    return str(Locale.parse(language.replace("-", "_")).text_direction)
