"""Responses to parts and what each is worth, told from the rules of the part alone: what platforms are held against."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import combinations
from math import isfinite, nextafter

from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.part import Number, Part
from coursewright.questions.variant import Variant

Given = str | int | list[int] | None  # as in part.Response; None is blank


def responses(part: Part) -> Iterator[tuple[Given, float]]:
    """Responses, a blank one and the right one among them, each with its fraction of the points."""
    yield None, 0.0
    match part:
        case Number():
            yield from ((text, _of_number(part, text)) for text in _numbers(part))
        case Text():
            yield from ((text, _of_text(part, text)) for text in _texts(part))
        case Choice():
            yield from ((number, max(0.0, option.fraction)) for number, option in enumerate(part.options))
        case Choices():
            yield from _chosen(part)
        case Match():
            yield from _matched(part)
        case Order():
            yield from _ordered(part)
        case Essay():
            yield "An essay.", 0.0


def right_response(part: Part) -> Given:
    """The first response that is worth all the points."""
    return next(response for response, fraction in responses(part) if fraction == 1)


def weight(variant: Variant, part: Part) -> float:
    """The points of the variant that a part of it is worth."""
    return variant.points * part.points / sum(each.points for each in variant.parts)


def _numbers(part: Number) -> list[str]:
    sizes = [size for each in part.answers for size in (each.value, each.low, each.high)]
    sizes += [nextafter(each.low, -9e99) for each in part.answers] + [
        nextafter(each.high, 9e99) for each in part.answers
    ]
    return [*map(repr, filter(isfinite, sizes)), "nonsense", "0", "-1157.63", "  ", "0 m", "1e400"]


def _of_number(part: Number, text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        return 0.0
    return next((max(0.0, each.fraction) for each in part.answers if each.low <= size <= each.high), 0.0)


def _of_text(part: Text, text: str) -> float:
    return next((max(0.0, each.fraction) for each in part.answers if _fits(part, each, text)), 0.0)


def _texts(part: Text) -> list[str]:
    shown = [each.shown for each in part.answers]
    changed = [f for text in shown for f in (text.upper(), text.lower(), f"  {text} ", f"in {text}", f"{text}s")]
    bare = ["".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)) for text in shown]
    return [*shown, *changed, *bare, *(text.replace(" ", "   ") for text in shown), "nonsense"]


def _fits(part: Text, answer: TextAnswer, text: str) -> bool:
    def same(text: str) -> str:
        text = " ".join(text.split())
        if not part.accents:
            text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
        return text if part.case else text.lower()

    if answer.regex:
        return bool(re.fullmatch(answer.text, same(text), 0 if part.case else re.IGNORECASE))
    return same(answer.text) == same(text)


def _chosen(part: Choices) -> Iterator[tuple[Given, float]]:
    right = {number for number, option in enumerate(part.options) if option.right}
    for size in range(1, len(part.options) + 1):
        for chosen in combinations(range(len(part.options)), size):
            added = min(1.0, max(0.0, sum(part.options[number].fraction for number in chosen)))
            yield list(chosen), float(set(chosen) == right) if part.whole else added


def _matched(part: Match) -> Iterator[tuple[Given, float]]:
    right = [pair.choice for pair in part.pairs]
    for given in (right, [right[0], *([-1] * (len(right) - 1))], [(n + 1) % len(part.choices) for n in right]):
        yield given, sum(a == b for a, b in zip(given, right, strict=True)) / len(right)


def _ordered(part: Order) -> Iterator[tuple[Given, float]]:
    for order in (list(part.right), list(part.right[::-1]), [*part.right[1:], part.right[0]]):
        right = sum(a == b for a, b in zip(order, part.right, strict=True)) / len(order)
        yield order, float(right == 1) if part.whole else right
