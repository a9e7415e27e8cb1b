"""Values from rows: when one is missing, how one is printed, and how one travels through a grammar untouched.

A value is data, not grammar. While a text is still being made, the signs that mean something to the scanner are
replaced by Unicode noncharacters (U+FDD0 to U+FDD4, which no text may use for interchange) and put back at the end.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from coursewright.words.scan import SPECIAL, unescape

_GUARDS = {"#": "\ufdd0", "[": "\ufdd1", "]": "\ufdd2", "\\": "\ufdd3"}
_ESCAPE = "\ufdd4"
FAILED = "\ufdd5"  # stands for what a strict grammar could not make, in case it is never shown
_OWN = {guard: f"{_ESCAPE}{number}" for number, guard in enumerate((*_GUARDS.values(), _ESCAPE))}
_GUARD = str.maketrans({**_GUARDS, **_OWN})
_GUARD_OWN = str.maketrans(_OWN)
_UNGUARD = {guard: sign for sign, guard in _GUARDS.items()}
_FROM_OWN = {own: guard for guard, own in _OWN.items()}
_MARKS = frozenset(_OWN)
_COMMA = re.compile(r",(?!\d{3})")  # not that of 1,234
_SHORT_FLOATS = {"float16", "float32"}
_EXACT_INTEGER = 1e15  # above it a float is printed with an exponent


def is_missing(value: object) -> bool:
    """Whether there is no value: None, NaN, and what pandas means by NA and NaT."""
    if value is None:
        return True
    if isinstance(value, str | int):
        return False
    if type(value).__name__ in {"NAType", "NaTType"}:
        return True
    return isinstance(value, float | Decimal) and value != value  # noqa: PLR0124 - NaN alone differs from itself


def text_of(value: object) -> str:
    """A value as it is printed when no modifier says otherwise: 3.0 is "3", a list is "HAM, BOT and VET"."""
    if isinstance(value, str):
        return value
    printed = next((printed for kind, printed in _PRINTED if isinstance(value, kind)), str)
    return printed(value)


def _duration_text(value: Any) -> str:
    from coursewright.words.times import lap_time

    return lap_time(value)


def _items_text(value: Any) -> str:
    return join([text_of(item) for item in value if not is_missing(item)], "and")


def _entries_text(value: Any) -> str:
    return join([f"{name}: {text_of(item)}" for name, item in value.items() if not is_missing(item)], "and")


def float_text(value: float) -> str:
    """A float without a needless `.0`: a column of whole numbers becomes floats as soon as one is missing."""
    if value.is_integer() and abs(value) < _EXACT_INTEGER:
        return str(int(value))
    return repr(value)


_PRINTED: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (bool, lambda value: "true" if value else "false"),
    (int, str),
    (float, float_text),
    (Decimal, "{:f}".format),
    (datetime.datetime, lambda value: value.isoformat(sep=" ")),
    (datetime.timedelta, _duration_text),
    (bytes, lambda value: value.decode("utf-8", "replace")),
    (list | tuple, _items_text),
    (Mapping, _entries_text),
)


def join(items: list[str], word: str, *, oxford: bool = False) -> str:
    """Items as English has them: "HAM, BOT and VET", with a comma before the word if `oxford`.

    Where items hold commas, semicolons part them ("Spa, Belgium; Monza, Italy; and Imola, Italy"), and where they hold
    the word, a comma stands before the last ("salt and pepper, oil, and vinegar").
    """
    if len(items) < 2:
        return "".join(items)
    if any(map(_COMMA.search, items)):
        return f"{'; '.join(items[:-1])}; {word} {items[-1]}"
    unclear = any(f" {word} " in item for item in items)
    comma = "," if unclear or (oxford and len(items) > 2) else ""
    return f"{', '.join(items[:-1])}{comma} {word} {items[-1]}"


def plain(value: Any) -> Any:
    """A value in Python's own types: what NumPy and pandas wrap is unwrapped."""
    if hasattr(value, "to_pydatetime"):
        return value.to_pydatetime()
    if isinstance(value, float):
        return float(value) + 0.0  # -0.0 and 0.0 are one value, and what NumPy makes of it is a float again
    if isinstance(value, str | int | list | tuple | datetime.date | None):
        return value
    if hasattr(value, "tolist"):
        exact = type(value).__name__ not in _SHORT_FLOATS
        return value.tolist() if exact else float(str(value)) + 0.0  # 0.1 is 0.1 and not 0.10000000149011612
    return value.to_pytimedelta() if hasattr(value, "to_pytimedelta") else value


def guard(text: str) -> str:
    """A value's text with every sign of the grammar, and every noncharacter, replaced."""
    return text.translate(_GUARD) if has_signs(text) else text


def guard_rule(text: str) -> str:
    """A rule's text with the noncharacters that an author may have written replaced, and nothing else."""
    return text if _MARKS.isdisjoint(text) else text.translate(_GUARD_OWN)


def is_guarded(text: str) -> bool:
    """Whether anything in a text was replaced by `guard`."""
    return not (text.isascii() or _MARKS.isdisjoint(text))


def has_signs(text: str) -> bool:
    """Whether a value holds anything that `guard` would replace."""
    return not (SPECIAL.isdisjoint(text) and _MARKS.isdisjoint(text))


def finish(text: str) -> str:
    """A text as the reader sees it: escapes taken away, then the signs of the data put back."""
    text = unescape(text)
    if not is_guarded(text):
        return text
    signs = iter(text)
    return "".join(_FROM_OWN[sign + next(signs)] if sign == _ESCAPE else _UNGUARD.get(sign, sign) for sign in signs)
