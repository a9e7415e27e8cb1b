"""The values of a column: from the bytes that stand in the dump to what its type says."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from coursewright.tables.sources._dump.create import ColumnDefinition
from coursewright.tables.sources._dump.digits import too_fine
from coursewright.tables.sources._dump.kinds import ENCODINGS
from coursewright.tables.sources._dump.rows import HEX, LETTERED, MISSING, NUMBER, QUOTED, BadRow, DumpRows

Array = Any  # Arrow's, which have no types of their own
_ZERO = r"^(\d{4}-00-|\d{4}-\d{2}-00)"
_NUMBER = r"^-?(0|[1-9]\d*)(\.\d+)?$"  # the database writes others anew: 007 is 7 in a column of texts
_YEAR = r"^(0000|19\d\d|2[01]\d\d)$"  # in others it puts a century before two digits
_LENGTH = re.compile(r"-?\d{1,3}:[0-5]\d:[0-5]\d(\.\d{1,6})?")


class BadValue(Exception):
    """The value of the row `row` is not of its column's type; a `fine` one has more digits than that holds."""

    def __init__(self, row: int, value: object, *, fine: bool = False) -> None:
        self.row, self.value, self.fine = row, value, fine
        super().__init__(row, value)


class BeyondDay(Exception):
    """A TIME that is no time of day."""


def split(rows: DumpRows) -> list[Array]:
    """The columns of the rows, each as an array of bytes in which NULL is missing."""
    import pyarrow as pa
    import pyarrow.csv as reader

    names = [f"f{number}" for number in range(rows.kinds.shape[1])]
    try:
        table = reader.read_csv(
            pa.BufferReader(pa.py_buffer(rows.csv)),
            reader.ReadOptions(column_names=names, block_size=len(rows.csv) + 1),
            reader.ParseOptions(quote_char="'", double_quote=True, newlines_in_values=True),
            reader.ConvertOptions(
                column_types=dict.fromkeys(names, pa.binary()),
                null_values=["NULL", "null"],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        raise BadRow(rows.starts[0], "the values of the rows from here on cannot be told apart") from None
    return [column.combine_chunks() if column.num_chunks != 1 else column.chunk(0) for column in table.columns]


def convert(column: ColumnDefinition, kind: Any, raw: Array, kinds: Any, charset: str) -> tuple[Array, int]:
    """The values of a column as `kind`, and how many dates in it are zero and therefore missing.

    `raw` are the values as bytes, `kinds` how each was written, `charset` the character set of the dump ("binary": that
    of the column). Raises BadValue, BeyondDay.
    """
    from pyarrow import types

    if column.type == "bit":
        return _bits(raw, kinds, kind), 0
    special = (kinds == HEX) | (kinds == LETTERED)
    if special.any():
        raw = _resolved(raw, special, allowed=types.is_binary(kind) or types.is_string(kind))
    if types.is_binary(kind) or types.is_string(kind):
        _refuse_expressions(raw, kinds)
    if types.is_binary(kind):
        return _filled(raw, (*column.numbers, 1)[0] if column.type == "binary" else 0), 0
    text = _text(raw, ENCODINGS[column.charset if charset == "binary" else charset])
    if types.is_string(kind):
        return _checked_text(text, column), 0
    _refuse_unheld(text, column)
    if types.is_time(kind):
        return _times(text, kind), 0
    if types.is_date(kind) or types.is_timestamp(kind) or column.type == "year":
        return _dates(text, kind, year=column.type == "year")
    values = _checked(text, lambda part: part.cast(kind))
    if types.is_floating(kind):
        _refuse_infinite(values, text)
    return values, 0


def constant(default: bytes, count: int) -> tuple[Array, Any]:
    """The values of a column that has its `default`, a constant as SQL writes it, in each of `count` rows."""
    import numpy as np
    import pyarrow as pa

    quoted = default.startswith(b"'")
    value = default[1:-1].replace(b"''", b"'") if quoted else default
    kind = QUOTED if quoted else LETTERED if default.endswith(b"'") else NUMBER
    missing = default.upper() == b"NULL"
    return pa.array([None if missing else value] * count, pa.binary()), np.full(count, MISSING if missing else kind)


def _refuse_expressions(raw: Array, kinds: Any) -> None:
    """Raise BadValue for what begins like a number among texts, and is none, such as 1+1."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = np.flatnonzero(kinds == NUMBER)
    if rows.size:
        good = pc.match_substring_regex(raw.take(pa.array(rows)), _NUMBER)
        bad = rows[~good.to_numpy(zero_copy_only=False)]
        if bad.size:
            raise BadValue(int(bad[0]), _shown(raw[int(bad[0])].as_py()))


def _checked_text(text: Array, column: ColumnDefinition) -> Array:
    """Texts as the database holds them. Raises BadValue for one that an ENUM or SET has not in its list."""
    import pyarrow.compute as pc

    if column.type in ("char", "character", "nchar"):
        return pc.utf8_rtrim(text, " ")
    try:
        members = {"", *(member.decode() for member in column.members)}
    except UnicodeDecodeError:  # a dump in another encoding, of which the list is not read
        return text
    if column.members and not any("\\" in member for member in members):
        for value in pc.unique(text).to_pylist():
            parts = [] if value is None else value.split(",") if column.type == "set" else [value]
            if not members.issuperset(parts):
                raise BadValue(pc.index(text, value).as_py(), value)
    return text


def _filled(raw: Array, width: int) -> Array:
    """Bytes with noughts behind them, as a BINARY of this width has them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not width or (pc.min(pc.binary_length(raw)).as_py() or width) >= width:
        return raw
    return pa.array([value if value is None else value.ljust(width, b"\0") for value in raw.to_pylist()], pa.binary())


def _refuse_unheld(text: Array, column: ColumnDefinition) -> None:
    """Raise BadValue for the first text that the database would change to hold it."""
    if column.type == "year":
        _refuse_unlike(text, _YEAR)
    if (fine := too_fine(text, column)) is not None:
        raise BadValue(fine, text[fine].as_py(), fine=True)


def _refuse_unlike(text: Array, pattern: str) -> None:
    """Raise BadValue for the first text that is not like the pattern."""
    import pyarrow as pa
    import pyarrow.compute as pc

    at = pc.index(pc.match_substring_regex(text, pattern), pa.scalar(False)).as_py()
    if at >= 0:
        raise BadValue(at, text[at].as_py())


def _refuse_infinite(values: Array, text: Array) -> None:
    """Raise BadValue for a number that is too great for 64 bits."""
    import pyarrow as pa
    import pyarrow.compute as pc

    at = pc.index(pc.is_finite(values), pa.scalar(False)).as_py()
    if at >= 0:
        raise BadValue(at, text[at].as_py())


def _resolved(raw: Array, special: Any, *, allowed: bool) -> Array:
    """The values with those that are written as digits of bytes in their place."""
    import pyarrow as pa

    values = raw.to_pylist()
    for row in special.nonzero()[0].tolist():
        try:
            values[row] = _plain(values[row], allowed)
        except ValueError:
            raise BadValue(row, _shown(values[row])) from None
    return pa.array(values, pa.binary())


def _plain(value: bytes, allowed: bool = True) -> bytes:
    """The bytes that 0x41, x'41' or b'1000001' stand for. Raises ValueError for other digits, or if not `allowed`."""
    digits = value[2:].strip(b"'").decode("ascii")
    if not allowed:
        raise ValueError(digits)
    if value[:1] in b"bB":
        return int(digits or "0", 2).to_bytes(-(-len(digits) // 8))
    return bytes.fromhex("0" * (len(digits) % 2) + digits)


def _shown(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")


def _bits(raw: Array, kinds: Any, kind: Any) -> Array:
    import pyarrow as pa

    def number(value: bytes | None, how: int) -> int | None:
        if value is None:
            return None
        if how == QUOTED:
            return int.from_bytes(value)
        return int.from_bytes(_plain(value)) if how in (HEX, LETTERED) else int(value)

    known: dict[tuple[bytes | None, int], int | None] = {}
    found = []
    for row, key in enumerate(zip(raw.to_pylist(), kinds.tolist(), strict=True)):
        if key not in known:
            try:
                known[key] = pa.scalar(number(*key), kind).as_py()
            except (ValueError, OverflowError, pa.ArrowInvalid):
                raise BadValue(row, _shown(key[0])) from None
        found.append(known[key])
    return pa.array(found, kind)


def _text(raw: Array, encoding: str) -> Array:
    import pyarrow as pa

    if encoding == "utf-8":
        return _checked(raw, lambda part: part.cast(pa.string()))
    return pa.array([value if value is None else _decoded(value, encoding) for value in raw.to_pylist()], pa.string())


def _decoded(value: bytes, encoding: str) -> str:
    try:
        return value.decode(encoding)
    except (
        UnicodeDecodeError
    ):  # five bytes that Windows leaves free, MySQL takes for the control characters of ISO 8859-1
        return "".join(bytes([sign]).decode(encoding, "ignore") or chr(sign) for sign in value)


def _times(text: Array, kind: Any) -> Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    try:
        day = pa.scalar("1970-01-01 ")
        return _checked(
            text, lambda part: pc.binary_join_element_wise(day, part, "").cast(pa.timestamp("us")).cast(kind)
        )
    except BadValue as bad:
        if _LENGTH.fullmatch(text[bad.row].as_py()):
            raise BeyondDay from None
        raise BadValue(bad.row, text[bad.row].as_py()) from None


def _dates(text: Array, kind: Any, *, year: bool) -> tuple[Array, int]:
    import pyarrow as pa
    import pyarrow.compute as pc

    zero = pc.equal(text, "0000") if year else None
    if not year:
        try:
            return text.cast(kind), 0
        except pa.ArrowInvalid:
            zero = pc.match_substring_regex(text, _ZERO)
    text = pc.if_else(zero, pa.scalar(None, pa.string()), text)
    return _checked(text, lambda part: part.cast(kind)), pc.sum(zero).as_py() or 0


def _checked(values: Array, cast: Callable[[Array], Array]) -> Array:
    """What `cast` makes of all values. Raises BadValue with the first that it does not take."""
    import pyarrow as pa

    try:
        return cast(values)
    except pa.ArrowInvalid:
        low, high = 0, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        try:
            cast(values[low:middle])
            low = middle
        except pa.ArrowInvalid:
            high = middle
    raise BadValue(low, values[low].as_py())
