"""Values from rows: when one is missing, how one is printed, and what it is in Python's own types."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from typing import Any

from coursewright.words.printing.clock import clocked, seconds_of

_COMMA = re.compile(r",(?!\d{3})")  # not that of 1,234
_SHORT_FLOATS = {"float16", "float32"}
_EXACT_INTEGER = 1e15  # above it a float is printed with an exponent


def is_missing(value: object) -> bool:
    """Whether there is no value: None, NaN, what pandas means by NA and NaT, and a list with nothing else in it."""
    if value is None or isinstance(value, str | int):
        return value is None
    if isinstance(value, float):
        return value != value  # noqa: PLR0124 - NaN alone differs from itself
    if isinstance(value, list | tuple | Mapping):
        return all(map(is_missing, value.values() if isinstance(value, Mapping) else value))
    return value.is_nan() if isinstance(value, Decimal) else type(value).__name__ in {"NAType", "NaTType"}


def text_of(value: object) -> str:
    """A value as it is printed when no modifier says otherwise: 3.0 is "3", a list is "HAM, BOT and VET"."""
    if isinstance(value, str):
        return value
    printed = next((printed for kind, printed in _PRINTED if isinstance(value, kind)), str)
    return printed(value)


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
    (Decimal, lambda value: f"{value or abs(value):f}"),  # 0.00 is -0.00: "z" of a format is not in every Python
    (datetime.datetime, lambda value: value.isoformat(sep=" ")),
    (datetime.timedelta, lambda value: clocked(seconds_of(value))),
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


def item_of(row: Mapping[str, Any], at: int, count: int) -> dict[str, Any]:
    """One row of a group of so many: each list of as many items as there are rows stands for its item."""
    lists = {name for name, value in row.items() if isinstance(value, list | tuple) and len(value) == count}
    return {name: value[at] if name in lists else value for name, value in row.items()}


def has_field(values: Mapping[str, Any] | Collection[str], name: str) -> bool:
    """Whether a name that is no column's is that of a field in a struct: `driver.name` of the column `driver`."""
    return "." in name and name not in values and column_of(values, name) is not None


def value_of(values: Mapping[str, Any], name: str) -> Any:
    """The value of a column, or of a field in a struct; of a list of structs the list of their fields."""
    if name in values:
        return plain(values[name])
    column = column_of(values, name) or name
    return _within(plain(values[column]), name[len(column) + 1 :].split("."))


def column_of(values: Collection[str], name: str) -> str | None:
    """The column that a name with full stops is a field of."""
    steps = name.split(".")
    columns = (".".join(steps[:count]) for count in range(len(steps) - 1, 0, -1))
    return next((column for column in columns if column in values), None)


def _within(value: Any, steps: list[str]) -> Any:
    if not steps or is_missing(value):
        return value
    if isinstance(value, list | tuple):
        return [_within(plain(item), steps) for item in value]
    return _within(plain(value.get(steps[0])), steps[1:]) if isinstance(value, Mapping) else None


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
