"""The verb: write rows in a format that other programs read, a batch at a time, so that a table may have any length.

Values stay what they are: a text that begins with = is a text, and no sign is put before it. A spreadsheet that takes
it for a formula has to be told otherwise when the file is opened; a file that was changed would be wrong everywhere.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

import msgspec

from coursewright.tables.showing.held import holdable, storable
from coursewright.tables.showing.shown import in_full, plain

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("csv", "json", "jsonl", "parquet")
_CONTROL = re.compile(rb"\x7f|\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]")  # allowed in JSON; terminals obey some of them


def write(rows: pa.RecordBatchReader, to: BinaryIO, form: str) -> int:
    """Write `rows` to `to` as one of FORMATS; the number of rows.

    CSV has a line of headings, a missing value as nothing and an empty text as "". JSON is one list with one object on
    each line; JSON lines are the objects alone. Both have NaN and infinity as null, dates as ISO 8601 writes them, and
    as text a decimal number that a program would round. Parquet keeps the types, but for intervals and BIGNUMs, which
    it does not have: they become the database's text of them.
    """
    writers = {"csv": _write_csv, "json": _write_json, "jsonl": _write_lines, "parquet": _write_parquet}
    return writers[form](rows, to)


def _tables(rows: pa.RecordBatchReader) -> Iterator[pa.Table]:
    """The rows as tables, at least one, so that there are headings over no rows."""
    import pyarrow as pa

    yield pa.Table.from_batches([], rows.schema)
    for batch in rows:
        yield pa.Table.from_batches([batch])


def _write_csv(rows: pa.RecordBatchReader, to: BinaryIO) -> int:
    import polars as pl

    # A line with nothing on it is passed over by readers: the only value of a line is at least a pair of marks.
    missing = '""' if len(rows.schema) == 1 else ""
    count = 0
    for number, table in enumerate(_tables(rows)):
        count += table.num_rows
        frame = pl.DataFrame(pl.from_arrow(_as_cells(holdable(table))))
        text = frame.write_csv(
            include_header=not number,
            datetime_format="%Y-%m-%d %H:%M:%S%.f",
            time_format="%H:%M:%S%.f",
            null_value=missing,
        )
        to.write(text.encode())
    return count


def _as_cells(table: pa.Table) -> pa.Table:
    """What CSV has no form for, as text."""
    import pyarrow as pa
    import pyarrow.types as kinds

    for at, field in enumerate(table.schema):
        kind = field.type
        binary = kinds.is_binary(kind) or kinds.is_large_binary(kind) or kinds.is_fixed_size_binary(kind)
        zoned = kinds.is_timestamp(kind) and kind.tz
        if (
            isinstance(kind, pa.BaseExtensionType)
            or kinds.is_nested(kind)
            or kinds.is_duration(kind)
            or binary
            or zoned
        ):
            texts = [value if value is None else in_full(value) for value in table.column(at).to_pylist()]
            table = table.set_column(at, field.name, pa.array(texts, pa.string()))
    return table


def _write_json(rows: pa.RecordBatchReader, to: BinaryIO) -> int:
    count = 0
    for line in _lines(rows):
        to.write(b",\n" if count else b"[\n")
        to.write(line)
        count += 1
    to.write(b"\n]\n" if count else b"[]\n")
    return count


def _write_lines(rows: pa.RecordBatchReader, to: BinaryIO) -> int:
    count = 0
    for line in _lines(rows):
        to.write(line + b"\n")
        count += 1
    return count


def _lines(rows: pa.RecordBatchReader) -> Iterator[bytes]:
    """Each row as a JSON object without blanks."""
    import pyarrow.types as kinds

    names = rows.schema.names
    for table in map(holdable, _tables(rows)):
        columns = []
        whole: list[Callable[[pa.DataType], bool]] = [
            kinds.is_floating,
            kinds.is_string,
            kinds.is_date,
            kinds.is_boolean,
        ]
        simple = [any(is_kind(kind) for is_kind in whole) or kinds.is_integer(kind) for kind in table.schema.types]
        # A column of a simple kind needs no look at each value; msgspec has NaN as null, but no number beyond 64 bits.
        encode = msgspec.json.encode if all(simple) else _encode
        for column, as_it_is in zip(table.columns, simple, strict=True):
            values = column.to_pylist()
            columns.append(values if as_it_is else [plain(value) for value in values])
        for row in zip(*columns, strict=True):
            yield _CONTROL.sub(_escape, encode(dict(zip(names, row, strict=True))))


def _encode(row: dict[str, Any]) -> bytes:
    return json.dumps(plain(row), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace")


def _escape(found: re.Match[bytes]) -> bytes:
    return b"\\u%04x" % ord(found[0].decode())


def _write_parquet(rows: pa.RecordBatchReader, to: BinaryIO) -> int:
    import pyarrow.parquet as pq

    if not to.seekable():  # a pipe: the file's end, which is written last, says where its parts are
        with tempfile.TemporaryFile() as whole:
            count = _write_parquet(rows, whole)
            whole.seek(0)
            shutil.copyfileobj(whole, to)
        return count
    count = 0
    tables = _tables(rows)
    none = storable(next(tables))
    with pq.ParquetWriter(to, none.schema, compression="zstd") as writer:
        for table in tables:
            count += table.num_rows
            writer.write_table(storable(table).cast(none.schema))
    return count
