"""The kinds of columns that R has, as columns of Arrow, and columns of Arrow as those kinds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursewright.errors import CoursewrightError, Place
from coursewright.zone import known_zone

if TYPE_CHECKING:
    import pyarrow as pa

NA = -(2**31)  # the whole number that is NA in R
_PAYLOAD = 1954  # and what makes a NaN NA, in its lower half
NA_FLOAT = np.array([0x7FF0_0000_0000_07A2], np.uint64).view(np.float64)[0]
_MICRO = 1_000_000
UNITS = {"secs": 1, "mins": 60, "hours": 3_600, "days": 86_400, "weeks": 604_800}
_YEARS = (-719_162, 2_932_896)  # the days of the years 1 to 9999, which are the dates of Python
EXACT = 2**53


@dataclass(frozen=True, eq=False)
class Raw:
    """A column as it stands in a file: numbers, and the texts themselves or the levels of a factor."""

    values: NDArray[Any]
    texts: pa.Array | None = None


def missing(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where numbers of R are NA; NaN is none of them."""
    if values.dtype.kind == "i":
        return np.asarray(values == NA)
    return np.asarray(np.isnan(values) & ((values.view(np.uint64) & np.uint64(0xFFFF_FFFF)) == _PAYLOAD))


def arrow_of(raw: Raw, about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    """A column of Arrow with the same values, and whether it holds them less finely than the file does."""
    return _ARROW[about["kind"]](raw, about)


def _text(raw: Raw, _about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    return raw.texts, False


def _coded(raw: Raw, _about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    import pyarrow as pa

    assert raw.texts is not None  # noqa: S101 - a column of this kind has texts
    return raw.texts.take(pa.array(raw.values - 1, mask=missing(raw.values), type=pa.int32())), False


def _logical(raw: Raw, _about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    import pyarrow as pa

    return pa.array(raw.values == 1, mask=missing(raw.values)), False


def _number(raw: Raw, _about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    import pyarrow as pa

    return pa.array(raw.values, mask=missing(raw.values)), False


def _factor(raw: Raw, about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    import pyarrow as pa

    codes = pa.array(raw.values - 1, mask=missing(raw.values), type=pa.int32())
    return pa.DictionaryArray.from_arrays(codes, raw.texts, ordered=about["ordered"]), False


def _date(raw: Raw, about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    import pyarrow as pa

    days, gone = _finite(raw.values, about)
    whole = np.floor(days)
    _within(whole, about)
    return pa.array(whole.astype(np.int32), mask=gone).cast(pa.date32()), bool((whole != days).any()) or _nan(raw)


def _instant(raw: Raw, about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    import pyarrow as pa

    zone = about["zone"]
    known_zone(zone, Place("rows", part=about["name"]))
    seconds, gone = _finite(raw.values, about)
    _within(np.floor(seconds / UNITS["days"]), about)
    parts = _micro(seconds, 1)
    array = pa.array(parts, mask=gone).cast(pa.timestamp("us", zone))
    return array, bool((seconds_of(parts, 1) != seconds).any()) or _nan(raw)


def _difftime(raw: Raw, about: Mapping[str, Any]) -> tuple[pa.Array, bool]:
    import pyarrow as pa

    lengths, gone = _finite(raw.values, about)
    unit = UNITS[about["unit"]]
    if len(lengths) and np.abs(lengths).max() * unit > _YEARS[1] * UNITS["days"]:
        raise _refused(about, "a length of time of more than 8,000 years", "make it a number: as.numeric(…)")
    parts = _micro(lengths, unit)
    array = pa.array(parts, mask=gone).cast(pa.duration("us"))
    return array, bool((seconds_of(parts, unit) != lengths).any()) or _nan(raw)


_ARROW: dict[str, Callable[[Raw, Mapping[str, Any]], tuple[pa.Array, bool]]] = {
    "logical": _logical,
    "integer": _number,
    "double": _number,
    "text": _text,
    "coded": _coded,
    "factor": _factor,
    "date": _date,
    "instant": _instant,
    "difftime": _difftime,
}


def _micro(values: NDArray[np.float64], unit: int) -> NDArray[np.int64]:
    """Lengths in a unit of so many seconds as microseconds; seconds and their parts apart, for they are long."""
    seconds = values * unit
    whole = np.floor(seconds)
    return np.asarray(whole.astype(np.int64) * _MICRO + np.rint((seconds - whole) * _MICRO).astype(np.int64))


def seconds_of(parts: NDArray[np.int64], unit: int) -> NDArray[np.float64]:
    """Microseconds in a unit of so many seconds, as near as a float can be."""
    if unit == 1 and len(parts) and np.abs(parts).max() >= EXACT:
        whole = np.floor_divide(parts, _MICRO)
        return np.asarray(whole + (parts - whole * _MICRO) / _MICRO)
    return np.asarray(parts / (unit * _MICRO))


def _finite(values: NDArray[Any], about: Mapping[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The values as floats, with 0 where there is none, and where that is."""
    gone = missing(values) | (np.isnan(values) if values.dtype.kind == "f" else False)
    floats = np.where(gone, 0, values).astype(np.float64)
    if not np.isfinite(floats).all():
        raise _refused(about, f"{about['kind']}s that are infinite", "make them NA")
    return floats, np.asarray(gone)


def _nan(raw: Raw) -> bool:
    """Whether a date or a time is NaN, which means the same as NA and is not the same in R."""
    return raw.values.dtype.kind == "f" and bool((np.isnan(raw.values) & ~missing(raw.values)).any())


def _within(days: NDArray[np.float64], about: Mapping[str, Any]) -> None:
    if len(days) and not (_YEARS[0] <= days.min() and days.max() <= _YEARS[1]):
        raise _refused(about, f"{about['kind']}s outside the years 1 to 9999", "make them text: format(…)")


def _refused(about: Mapping[str, Any], what: str, hint: str) -> CoursewrightError:
    return CoursewrightError(f'the column "{about["name"]}" holds {what}', Place("rows"), hint)
