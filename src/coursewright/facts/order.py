"""The order in which facts are listed: the same in every database, format and browser.

Databases differ in the last digit of what they work out with fractions, and in how they hold dates and truth; so both
are written in one way before they are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

_DIGITS = 9  # that all databases agree on, and more than a score needs

Key = tuple[float, str, tuple[tuple[int, float, str], ...], tuple[str, ...]]


def order(score: float, finder: str, row: Mapping[str, Any]) -> Key:
    """A key that sorts facts: the highest score first, then by the finder's name, then by the values of the row.

    What is still the same differs in digits that another database might have otherwise, and is put in order by them.
    """
    return (-rounded(score), finder, tuple(map(_value, row.values())), tuple(map(str, row.values())))


def rounded(number: float) -> float:
    """The number with the digits on which all databases agree."""
    return float(f"{number:.{_DIGITS}g}")


def _value(value: Any) -> tuple[int, float, str]:
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
