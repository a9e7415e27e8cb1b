"""Options that are the same to a reader: a draw that has two of them is rejected, and another is made.

One rule for options that are written, that come from code, and that stand in the menu of a gap; and for the prompts,
choices and items of other kinds. A wrong option that is the right answer would have to be dropped, which tells
that something was there, or would be marked wrong though it is right.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from coursewright.questions.draft import Given
from coursewright.questions.names import Rejected

_NUMBER = re.compile(r"[-+\N{MINUS SIGN}]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:[eE][-+]?\d{1,3})?")


class Alike(Rejected):
    """Two options of the draw are the same; `line` is that of the one that should be another, if it is written."""

    def __init__(self, first: Given, second: Given) -> None:
        super().__init__(first, second)
        self.line = max(first.line or 0, second.line or 0) or None
        a, b = first.text, second.text
        self.hint = "give options that differ, in every draw"
        if (first.mark == 1) == (second.mark == 1):
            self.message = f'two options are the same, "{a}"' + (f' and "{b}"' if a != b else "")
            return
        right, wrong = (first, second) if first.mark == 1 else (second, first)
        self.message = f'the wrong option "{wrong.text}" is the right answer' + (f', "{right.text}"' if a != b else "")
        self.line = wrong.line
        if wrong.fixed and wrong.line:
            self.hint = f"write it without a box, as: - {wrong.text}, where the answer decides whether it is right"


def refuse_alike(options: Sequence[Given]) -> None:
    """Raise Alike when two of `options` are the same text, or the same number where the code wrote one of them."""
    texts: dict[str, Given] = {}
    numbers: dict[Decimal, Given] = {}
    for each in options:
        if (other := texts.setdefault(each.text, each)) is not each:
            raise Alike(other, each)
        value = as_number(each.text)
        if value is None or (other := numbers.setdefault(value, each)) is each:
            continue
        if not (each.fixed and other.fixed):  # somebody who wrote both 1.1 and 1.10 means two things
            raise Alike(other, each)


def as_number(text: str) -> Decimal | None:
    """The number that `text` is to a reader; None for other texts, and for digits with a nought in front, like 007."""
    if not text or not _NUMBER.fullmatch(text) or re.match(r"0\d", text) or not re.search(r"\d", text):
        return None
    plain = text.replace(",", "").replace("\N{MINUS SIGN}", "-")
    return Decimal(plain) if re.search(r"\d", plain.split("e")[0].split("E")[0]) else None
