"""The titles of questions, a line each."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coursewright.questions import Item, Limit, Quiz, Variant

TITLE = "Titles"
LIMITS: dict[str, Limit] = {}


def item(variant: Variant) -> Item:
    """The title."""
    return Item.of(variant, variant.title)


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME.txt` in `folder`."""
    (folder / f"{quiz.name}.txt").write_text("".join(f"{one.body}\n" for one in items))
