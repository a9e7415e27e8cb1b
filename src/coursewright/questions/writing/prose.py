"""Prose: Markdown of the author's with values in it that stay data until somebody writes it down.

The author's Markdown is the same for every variant and the values are not. They are kept apart, so that a value is
escaped for the place where it ends up (HTML, Markdown, TeX, an address), whatever signs are in it, and so that the
Markdown is parsed once for all variants.
"""

from __future__ import annotations

import re

import msgspec

OPEN, CLOSE = "\ue000", "\ue001"  # around the number of a value; private-use characters, which no text of ours holds
SLOT = re.compile(f"{OPEN}(\\d+){CLOSE}")
PRIVATE = re.compile("[\ue000-\ue003]")
"""These, and those around the number of a formula: an author's Markdown is read without them, and values never are."""


class Tex(msgspec.Struct, frozen=True, tag=True):
    """A formula, as TeX without dollars."""

    tex: str


class MediaReference(msgspec.Struct, frozen=True, tag="Shown"):
    """One of the variant's media, by the name of its file."""

    name: str


class ProseGrid(msgspec.Struct, frozen=True, tag="Grid"):
    """A table of text; `numeric` says for each column whether it is set to the right."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


class Rich(msgspec.Struct, frozen=True, tag=True):
    """Markdown that the author's code has written and vouches for."""

    markdown: str


class Gap(msgspec.Struct, frozen=True, tag=True):
    """The place of a part of a cloze question."""

    name: str


Value = str | Tex | MediaReference | ProseGrid | Rich | Gap


class Prose(msgspec.Struct, frozen=True, omit_defaults=True):
    """Markdown in which `OPEN n CLOSE` stands for `values[n]`. Raw HTML in it is text."""

    markdown: str
    values: tuple[Value, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.markdown.strip())


def literal(text: str) -> Prose:
    """Prose that shows `text` as it stands."""
    return Prose(f"{OPEN}0{CLOSE}", (text,))


def plain(prose: Prose) -> str:
    """The prose on one line as a reader would say it: for names, messages and comparisons, not for markup."""
    return " ".join(raw(prose).split())


def raw(prose: Prose) -> str:
    """The Markdown with its values as they are: for code."""

    def value(found: re.Match[str]) -> str:
        match prose.values[int(found[1])]:
            case str(text) | Tex(text) | MediaReference(text) | Rich(text):
                return text
            case ProseGrid(columns, rows, _):
                return " ".join(" ".join(row) for row in (columns, *rows))
            case Gap():
                return "____"

    return SLOT.sub(value, prose.markdown)
