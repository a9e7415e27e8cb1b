"""JSON: the key to a set of variants, with all the rules that mark them, for `coursewright mark` and other programs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from coursewright.questions.export import Item, Limit, Quiz
from coursewright.questions.marking.key import encode, write_encoded
from coursewright.questions.variant import Variant

TITLE = "JSON, the key"
LIMITS: dict[str, Limit] = {}
NOT_READ: dict[str, str] = {}


def item(variant: Variant) -> Item:
    """The variant as JSON; CoursewrightError where a number in it is none."""
    return Item.of(variant, encode(variant).decode())


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME.json` in `folder`."""
    write_encoded((one.body.encode() for one in items), folder / f"{quiz.name}.json", quiz)
