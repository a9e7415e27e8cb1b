"""Columns of Arrow as the kinds of columns that R has: whatever a table or an answer holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursewright.errors import CoursewrightError, Place
from coursewright.replies.kinds import EXACT, NA, NA_FLOAT, UNITS, Raw, seconds_of

if TYPE_CHECKING:
    import pyarrow as pa

_LONG = 2**63
Answer = tuple[Raw, dict[str, Any], str]
_SAMPLE, _OFTEN = 10_000, 2  # of the first texts, and rows a text, for it to pay to number the texts


def of_type(name: str, column: pa.ChunkedArray, came: Mapping[str, Any]) -> Answer:
    """A column in the kind that its type has in R; `came` says how it came from there, if it did.

    Raises CoursewrightError for lists, structures and bytes, of which R has no columns.
    """
    import pyarrow as pa
    import pyarrow.types as is_

    kind = column.type
    array = pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], kind)
    if is_.is_dictionary(kind):
        if _is_text(kind.value_type):
            return _factor(array)
        array, kind = array.dictionary_decode(), kind.value_type
    if _is_text(kind):
        return _texts(array, came)
    if is_.is_temporal(kind) and not is_.is_interval(kind):
        return _times(array, came)
    return _numbers(name, array)


def _numbers(name: str, array: pa.Array) -> Answer:
    import pyarrow as pa
    import pyarrow.types as is_

    kind = array.type
    if is_.is_boolean(kind) or is_.is_null(kind):
        return _whole("logical", array.cast(pa.int32()))
    if is_.is_integer(kind):
        return _integers(name, array)
    if is_.is_floating(kind):
        return Raw(_floats(array)), {"kind": "double", "storage": "double"}, ""
    if is_.is_decimal(kind):
        return _decimals(name, array)
    message = f'the column "{name}" holds values of the type {kind}, of which R has no column'
    raise CoursewrightError(message, Place("table", part=name), "make it text or numbers in SQL, or leave it out")


def _is_text(kind: Any) -> bool:
    import pyarrow.types as is_

    return bool(is_.is_string(kind) or is_.is_large_string(kind) or is_.is_string_view(kind))


def _floats(array: pa.Array) -> NDArray[np.float64]:
    """Numbers as floats; null is NA, and NaN stays."""
    import pyarrow as pa
    import pyarrow.compute as pc

    values = pc.fill_null(array.cast(pa.float64(), safe=False), 0.0).to_numpy(zero_copy_only=False).copy()
    values[pc.is_null(array).to_numpy(zero_copy_only=False)] = NA_FLOAT
    return np.asarray(values)


def _whole(kind: str, array: pa.Array) -> Answer:
    import pyarrow.compute as pc

    values = pc.fill_null(array, NA).to_numpy(zero_copy_only=False).astype(np.int32)
    return Raw(values), {"kind": kind, "storage": "integer"}, ""


def _integers(name: str, array: pa.Array) -> Answer:
    """Whole numbers as R's own, else as floats that hold them, else as text: no digit is lost."""
    import pyarrow as pa
    import pyarrow.compute as pc

    low, high = (pc.min(array).as_py() or 0, pc.max(array).as_py() or 0)
    if low > NA and high <= -(NA + 1):
        return _whole("integer", array.cast(pa.int32()))
    if low >= -EXACT and high <= EXACT:
        return Raw(_floats(array)), {"kind": "double", "storage": "double"}, ""
    note = f'the column "{name}" holds whole numbers too long for R: they come as text'
    return Raw(np.empty(0), array.cast(pa.large_string())), {"kind": "text"}, note


def _decimals(name: str, array: pa.Array) -> Answer:
    """Decimal numbers as whole ones or floats, or as text if one has more digits than a float is sure to have."""
    import pyarrow as pa

    numbers = [value for value in array.to_pylist() if value is not None]
    if array.type.scale == 0 and max(map(abs, numbers), default=0) < _LONG:  # a sum of whole numbers, mostly
        return _integers(name, array.cast(pa.int64()))
    digits = max((len(value.normalize().as_tuple().digits) for value in numbers), default=0)
    if digits <= 15:
        return Raw(_floats(array)), {"kind": "double", "storage": "double"}, ""
    note = f'the column "{name}" holds decimal numbers too long for R: they come as text'
    return Raw(np.empty(0), array.cast(pa.large_string())), {"kind": "text"}, note


def _texts(array: pa.Array, came: Mapping[str, Any]) -> Answer:
    """Texts, numbered if there are few distinct ones: R makes each of them once then."""
    import pyarrow as pa

    first = array.slice(0, _SAMPLE)
    if not came and len(first) and len(first.unique()) * _OFTEN <= len(first):
        coded = array.dictionary_encode()
        if len(coded.dictionary) * _OFTEN <= len(array):
            codes = pa.array(coded.indices).fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int32) + 1
            codes[codes == 0] = NA
            return Raw(codes, coded.dictionary), {"kind": "coded", "storage": "integer"}, ""
    return Raw(np.empty(0), array), {"kind": "text"}, ""


def _factor(array: pa.DictionaryArray) -> Answer:
    import pyarrow as pa

    codes = array.indices.cast(pa.int32()).fill_null(-1).to_numpy(zero_copy_only=False) + 1
    codes = np.where(codes == 0, NA, codes).astype(np.int32)
    about = {"kind": "factor", "storage": "integer", "ordered": bool(array.type.ordered)}
    return Raw(codes, array.dictionary), about, ""


def _times(array: pa.Array, came: Mapping[str, Any]) -> Answer:
    """Dates, instants, times of day and lengths of time."""
    import pyarrow as pa
    import pyarrow.types as is_

    kind = array.type
    if is_.is_date(kind):
        days = array.cast(pa.date32()).cast(pa.int32())
        return _stored(days, came, 1, {"kind": "date"})
    if is_.is_timestamp(kind):
        about = {"kind": "instant", "zone": came["zone"], "given": came["given"]} if came else _zone(kind.tz)
        return _stored(array.cast(pa.int64()), came, _PER[kind.unit], about)
    unit = came.get("unit", "secs")
    whole = array.cast(pa.int32()).cast(pa.int64()) if is_.is_time32(kind) else array.cast(pa.int64())
    return _stored(whole, came, _PER[kind.unit], {"kind": "difftime", "unit": unit}, UNITS[unit])


_PER = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def _zone(zone: str | None) -> dict[str, Any]:
    return {"kind": "instant", "zone": zone or "UTC", "given": zone or "UTC"}


def _stored(array: pa.Array, came: Mapping[str, Any], per: int, about: dict[str, Any], unit: int = 1) -> Answer:
    """Counts of parts of a second, `per` of which are one, as R counts: in units of so many seconds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    gone = pc.is_null(array).to_numpy(zero_copy_only=False)
    parts = pc.fill_null(array.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    whole = np.floor_divide(parts, per)
    seconds = seconds_of(parts, unit) if per == 1_000_000 else (whole + (parts - whole * per) / per) / unit
    storage = came.get("storage", "double")
    values = np.where(gone, NA, seconds).astype(np.int32) if storage == "integer" else np.where(gone, NA_FLOAT, seconds)
    return Raw(values), {**about, "storage": storage}, ""
