"""The order in which facts are listed: the same in every database, format and browser.

Databases differ in the last digit of what they work out with fractions, and in how they hold dates and truth; so both
are written in one way before they are compared.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any

from coursewright.facts.fact import FactCandidate

_DIGITS = 9  # that all databases agree on, and more than a score needs

Value = tuple[int, float, str]


def in_order(facts: Iterable[FactCandidate]) -> list[FactCandidate]:
    """The facts moment by moment: the highest score first, then by the finder's name, then by the values of the row."""
    moments: dict[int, list[FactCandidate]] = {}
    for fact in facts:
        moments.setdefault(fact.number, []).append(fact)
    listed: list[FactCandidate] = []
    for number in sorted(moments):
        of_moment = sorted(moments[number], key=_first)
        for _, same in itertools.groupby(of_moment, key=_first):
            listed += _by_values([*same])
    return listed


def _first(fact: FactCandidate) -> tuple[float, str]:
    return (-fact.score, fact.finder)


def _by_values(facts: list[FactCandidate]) -> list[FactCandidate]:
    """Facts that are alike in all but their rows; most are told apart by the first value of those."""
    if len(facts) == 1:
        return facts
    firsts = [_value(next(iter(fact.row.values()), None)) for fact in facts]
    if len({*firsts}) == len(facts):
        return [fact for _, fact in sorted(zip(firsts, facts, strict=True), key=lambda pair: pair[0])]
    return sorted(facts, key=lambda fact: by_values(fact.row))


def by_values(row: Mapping[str, Any]) -> tuple[tuple[Value, ...], tuple[str, ...]]:
    """A key that sorts rows by their values.

    What is still the same differs in digits that another database might have otherwise, and is put in order by them.
    """
    return (tuple(map(_value, row.values())), tuple(map(str, row.values())))


def rounded(number: float) -> float:
    """The number with the digits on which all databases agree."""
    return float(f"{number:.{_DIGITS}g}")


def _value(value: Any) -> Value:
    """A value among others: numbers (and truth, which is 1 or 0) by their size, texts by their letters, none last."""
    if value is None:
        return (2, 0.0, "")
    if isinstance(value, int):
        return (0, value, "")
    if isinstance(value, float):
        return (0, rounded(value), "") if value == value else (1, 0.0, "nan")  # noqa: PLR0124 - NaN has no order
    return (1, 0.0, _text(value))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{name}: {_text(item)}' for name, item in value.items())}}}"
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return f"[{', '.join(map(_text, value))}]"
    return f"{value:.{_DIGITS}g}" if isinstance(value, float) else str(value)
