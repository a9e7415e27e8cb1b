"""The hash of a row's key: one key is one key, whichever program or file the rows came from.

The same number is the same key as int, float, Decimal or text (3, 3.0, "3.00"), and so is the same moment as date,
date with a time, or ISO text; true and false are the texts that say so, in small letters or capitals, and no numbers.
What is missing, and the empty text, is one key. Everything else goes by its printed text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Context, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from coursewright import chance
from coursewright.words.printing.values import is_missing, plain, text_of

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

_ALL = (1 << 64) - 1
_INT64 = 1 << 63
_EXACT_FLOAT = 1 << 53
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d{1,3})?")
_DAY, _CLOCK, _ZONE = r"\d{4}-\d\d-\d\d", r"(\d\d:\d\d)(:\d\d)?(?:\.(\d{1,9}))?", r"(?:Z|[+-]\d\d(?::?\d\d)?)?"
_MOMENT = re.compile(rf"({_DAY})(?:[ T]{_CLOCK}({_ZONE}))?|{_CLOCK}")
_EXACT = Context(prec=1000)
_LONGEST = 1000  # longer texts are no numbers
_STARTS = frozenset("-0123456789")
_TRUTHS = {"true": "true", "false": "false"}


def key_hash(value: Any) -> int:
    """The hash of one value of a key."""
    value = plain(value)
    if is_missing(value):
        return _of_text("")
    hashed = next((hashed for kind, hashed in _KINDS if isinstance(value, kind)), None)
    return _of_text(text_of(value)) if hashed is None else hashed(value)


@lru_cache(maxsize=1 << 14)  # the same names come in one table after another
def _known_text(text: str | None) -> int:
    return key_hash(text)


def _of_text(text: str) -> int:
    if text[:1] in _STARTS and len(text) <= _LONGEST:
        if _NUMBER.fullmatch(text):
            return _of_number(Decimal(text))
        if _MOMENT.fullmatch(text) and (read := _read(text)) is not None:
            return chance.text_hash(_moment(read))
    elif text[:1] in "tTfF":
        text = _TRUTHS.get(text.lower(), text)
    return chance.text_hash(text)


def _of_number(number: int | Decimal) -> int:
    if isinstance(number, Decimal):
        if abs(number) < _INT64 and number == int(number):
            number = int(number)
        else:
            return chance.text_hash(str(_EXACT.normalize(number)))
    if -_INT64 <= number < _INT64:
        return chance.mix(number & _ALL)
    return chance.text_hash(str(_EXACT.normalize(_EXACT.create_decimal(number))))


def _of_real(number: float | Decimal) -> int:
    exact = Decimal(repr(number)) if isinstance(number, float) else number
    return _of_number(exact) if exact.is_finite() else chance.text_hash(str(float(exact)))


def _of_moment(value: Any) -> int:
    return chance.text_hash(_moment(value))


def _of_items(items: Sequence[Any]) -> int:
    return keys_hash([chance.text_hash("list"), *map(key_hash, items)])


def _of_entries(entries: Mapping[Any, Any]) -> int:
    return keys_hash([chance.text_hash("map"), *(key_hash(part) for pair in entries.items() for part in pair)])


def _read(text: str) -> datetime.datetime | datetime.time | None:
    try:
        return datetime.datetime.fromisoformat(text) if text[4:5] == "-" else datetime.time.fromisoformat(text)
    except ValueError:
        return None


def _moment(value: datetime.date | datetime.time) -> str:
    """A date that is also a date with a time, at midnight; a time with a zone is that of Greenwich."""
    if isinstance(value, datetime.datetime):
        if (ahead := value.utcoffset()) is None:
            return value.isoformat()
        try:
            return f"{(value.replace(tzinfo=None) - ahead).isoformat()}Z"
        except OverflowError:
            return value.isoformat()
    return value.isoformat() if isinstance(value, datetime.time) else f"{value.isoformat()}T00:00:00"


_KINDS: tuple[tuple[Any, Callable[[Any], int]], ...] = (
    (str, _of_text),
    (bool, lambda value: chance.text_hash(text_of(value))),
    (int, _of_number),
    (float | Decimal, _of_real),
    (datetime.date | datetime.time, _of_moment),
    (list | tuple, _of_items),
    (Mapping, _of_entries),
)


def keys_hash(parts: Sequence[int]) -> int:
    """One hash of several: the key of a row that is named by more than one column."""
    whole = parts[0]
    for part in parts[1:]:
        whole = chance.mix(whole) ^ part
    return whole


def row_key(row: Mapping[str, Any], key: Sequence[str], position: int) -> int:
    """The hash of a row's key: of the columns named, or of its position."""
    if not key:
        return chance.mix(position)
    return keys_hash([key_hash(row.get(name)) for name in key])


def row_keys(frame: pl.DataFrame, key: Sequence[str], start: int) -> NDArray[Any]:
    """`row_key` of every row of a frame, whose first has the position `start`."""
    import numpy as np

    if not key:
        return chance.mix_all(np.arange(start, start + len(frame), dtype=np.uint64))
    whole = _column_keys(frame[key[0]])
    for name in key[1:]:
        whole = chance.mix_all(whole) ^ _column_keys(frame[name])
    return whole


def _column_keys(column: pl.Series) -> NDArray[Any]:
    import numpy as np
    import polars as pl

    from coursewright.words.columnar.coded import by_distinct

    whole = _whole(column)
    if whole is not None:
        hashes = chance.mix_all(whole.fill_null(0).to_numpy().view(np.uint64))
        if whole.null_count():
            hashes[whole.is_null().to_numpy()] = key_hash(None)
        return hashes
    coded = by_distinct(column, _known_text if column.dtype == pl.String else key_hash, {})
    return np.array(coded.results, dtype=np.uint64)[coded.index]


def _whole(column: pl.Series) -> pl.Series | None:
    """A column of numbers as 64-bit integers, if that is what all of them are."""
    import polars as pl

    if not column.dtype.is_numeric() or (column.dtype.is_float() and not (column.abs() < _EXACT_FLOAT).all()):
        return None
    whole = column.cast(pl.Int64, strict=False)
    same = whole.null_count() == column.null_count() and (column.dtype.is_integer() or (whole == column).all())
    return whole if same else None
