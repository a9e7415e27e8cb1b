"""Tells a file of rows into another file without ever holding the whole of either."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place
from coursewright.outputs import whole
from coursewright.tables.sources import web
from coursewright.words.readying import names_of, ready
from coursewright.words.teller import BATCH
from coursewright.words.telling import in_order

if TYPE_CHECKING:
    import pyarrow as pa

    from coursewright.words.grammar import Grammar

_KINDS = ".parquet, .csv"


def tell_file(
    grammar: Grammar,
    rows: str | Path,
    output: str | Path,
    rule: str = "origin",
    *,
    seed: int | str = 0,
    key: str | Sequence[str] | None = None,
    text: str = "text",
) -> int:
    """Writes the rows of a file, with a column of their texts, to a `.parquet` or `.csv` file; how many there were.

    Batches are read, told and written one after another, so memory does not grow with the file; the texts are those
    of `tell` over the whole. The output appears when it is whole, and is never the file that is read.

    Raises CoursewrightError for a file that cannot be read or written, and what `tell` raises; warns as `tell` does.
    """
    import pyarrow as pa

    from coursewright.words.door.frames import take

    schema, batches = _reader(str(rows))
    copied, copies = _copied(str(rows), Path(output), schema)
    told_schema = _with_texts(copied, text, rows)
    teller = ready(grammar, rule, schema.names, seed=seed, key=names_of(key))

    def told(numbered: tuple[int, Any, Any]) -> Any:
        start, batch, copy = numbered
        texts = teller.write(take(batch).frame(teller.needed), start).to_arrow().cast(pa.string())
        return pa.RecordBatch.from_arrays([*copy.columns, texts], schema=told_schema)

    count = 0
    opened = _writer(Path(output), told_schema)
    with whole(output, [rows]) as file, opened(file, told_schema) as writer:
        for batch in in_order(told, _numbered(batches, copies)):
            writer.write_batch(batch)
            count += len(batch)
    teller.warn()
    return count


def _with_texts(schema: pa.Schema, text: str, rows: str | Path) -> pa.Schema:
    """The columns of the rows and that of their texts."""
    import pyarrow as pa

    from coursewright.words.door.frames import refuse_ours, refuse_twins

    refuse_twins(schema.names, Place(rows))
    refuse_ours(schema.names, Place(rows))
    if text in schema.names:
        raise CoursewrightError(f'there is a column "{text}" already', Place(rows), "name another one for the texts")
    return schema.append(pa.field(text, pa.string()))


def _numbered(
    batches: Iterator[pa.RecordBatch], copies: Iterator[pa.RecordBatch] | None
) -> Iterator[tuple[int, pa.RecordBatch, pa.RecordBatch]]:
    """Batches with the number of their first row, and as what they are copied."""
    import pyarrow as pa

    start, left = 0, None
    for batch in batches:
        copy = batch
        if copies is not None:
            while left is None or len(left) < len(batch):
                more = pa.Table.from_batches([next(copies)])
                left = more if left is None else pa.concat_tables([left, more])
            copy = left.slice(0, len(batch)).combine_chunks().to_batches(max_chunksize=len(batch))[0]
            left = left.slice(len(batch))
        yield start, batch, copy
        start += len(batch)


def _copied(rows: str, output: Path, schema: pa.Schema) -> tuple[pa.Schema, Iterator[pa.RecordBatch] | None]:
    """The rows as they were written, if text goes to text: 1.50 is told as a number and copied as 1.50."""
    if not rows.lower().endswith((".csv", ".tsv")) or output.suffix.lower() != ".csv":
        return schema, None
    return _table(rows, text=tuple(schema.names))


def _reader(rows: str) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow as pa

    if web.is_address(rows) or not rows.lower().endswith(".parquet"):
        return _table(rows)
    try:
        return _parquet(Path(rows))
    except (OSError, pa.ArrowException) as error:
        raise CoursewrightError(f"the rows cannot be read: {error}", Place(rows)) from error


def _parquet(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, pre_buffer=False)
    for column in file.schema:
        if column.converted_type == "INTERVAL":  # Arrow hands over its bytes, and cannot write them as they were
            message = f'the column "{column.path}" holds intervals, which cannot be copied'
            raise CoursewrightError(message, Place(path), "make them text or seconds, or leave the column out")
    return file.schema_arrow, file.iter_batches(batch_size=BATCH)


def _table(rows: str, text: tuple[str, ...] = ()) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The rows of any other file as a table of a course has them: a column's type is that of all its values."""
    from coursewright.tables import EmbeddedDatabase, Table
    from coursewright.tables.fetching import single
    from coursewright.tables.sources import Source

    if not web.is_address(rows) and not Path(rows).is_file():
        raise CoursewrightError("the rows cannot be read: there is no such file", Place(rows))
    database = EmbeddedDatabase(Path(), [Table("rows", Source(file=rows, text=text))], kept=single())
    try:
        reader = database.batches(database.select("rows"))
    except CoursewrightError as error:
        found = error.problem
        raise CoursewrightError(found.message, found.where or Place(rows), found.hint, found.rule) from None
    return reader.schema, iter(reader)


def _writer(path: Path, schema: pa.Schema) -> Any:
    if path.suffix.lower() == ".parquet":
        from pyarrow.parquet import ParquetWriter

        return ParquetWriter
    if path.suffix.lower() == ".csv":
        from pyarrow.csv import CSVWriter

        _refuse_nested(schema, path)
        return CSVWriter
    raise CoursewrightError(f'texts are not written to a "{path.suffix}" file', Place(path), f"Available: {_KINDS}")


def _refuse_nested(schema: pa.Schema, path: Path) -> None:
    """Raises CoursewrightError for a column that CSV has no form for: a list, a struct, a UUID."""
    import pyarrow as pa
    from pyarrow.csv import CSVWriter

    for field in schema:
        try:
            CSVWriter(pa.BufferOutputStream(), pa.schema([field])).close()
        except pa.ArrowException:
            message = f'the column "{field.name}" holds values of the type {field.type}, which CSV has no form for'
            raise CoursewrightError(message, Place(path), "write a .parquet file, or leave the column out") from None
