"""Tells a file of rows into another file without ever holding the whole of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place
from coursewright.words.telling import BATCH, in_order, ready

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
    """Writes the rows of a `.parquet` or `.csv` file, with a column of their texts, to another; how many there were.

    Batches are read, told and written one after another, so memory does not grow with the file; the texts are those
    of `tell` over the whole. Raises CoursewrightError for a file that cannot be read, and what
    `tell` raises; warns as `tell` does.
    """
    import pyarrow as pa

    from coursewright.words.frames import refuse_twins, take

    schema, batches = _reader(Path(rows))
    refuse_twins(schema.names, Place(rows))
    if text in schema.names:
        raise CoursewrightError(f'there is a column "{text}" already', Place(rows), "name another one for the texts")
    keys = () if key is None else (key,) if isinstance(key, str) else tuple(key)
    teller = ready(grammar, rule, schema.names, seed=seed, key=keys)
    whole = schema.append(pa.field(text, pa.string()))

    def told(numbered: tuple[int, Any]) -> Any:
        start, batch = numbered
        texts = teller.write(take(batch).frame(teller.needed), start).to_arrow().cast(pa.string())
        return pa.RecordBatch.from_arrays([*batch.columns, texts], schema=whole)

    count = 0
    with _writer(Path(output), whole) as writer:
        for batch in in_order(told, _numbered(batches)):
            writer.write_batch(batch)
            count += len(batch)
    teller.warn()
    return count


def _numbered(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, pa.RecordBatch]]:
    start = 0
    for batch in batches:
        yield start, batch
        start += len(batch)


def _reader(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow as pa

    opened = _READERS.get(path.suffix.lower())
    if opened is None:
        raise CoursewrightError(f'rows are not read from a "{path.suffix}" file', Place(path), f"Available: {_KINDS}")
    try:
        return opened(path)
    except (OSError, pa.ArrowException) as error:
        raise CoursewrightError(f"the rows cannot be read: {error}", Place(path)) from error


def _parquet(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, pre_buffer=False)
    for column in file.schema:
        if column.converted_type == "INTERVAL":  # Arrow hands over its bytes, and cannot write them as they were
            message = f'the column "{column.path}" holds intervals, which cannot be copied'
            raise CoursewrightError(message, Place(path), "make them text or seconds, or leave the column out")
    return file.schema_arrow, file.iter_batches(batch_size=BATCH)


def _csv(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    from pyarrow import csv

    file = csv.open_csv(path, csv.ReadOptions(block_size=8 << 20))
    return file.schema, iter(file)


def _writer(path: Path, schema: pa.Schema) -> Any:
    if path.suffix.lower() == ".parquet":
        import pyarrow.parquet as pq

        return pq.ParquetWriter(path, schema)
    if path.suffix.lower() == ".csv":
        from pyarrow import csv

        return csv.CSVWriter(path, schema)
    raise CoursewrightError(f'texts are not written to a "{path.suffix}" file', Place(path), f"Available: {_KINDS}")


_READERS: dict[str, Callable[[Path], tuple[Any, Iterator[Any]]]] = {".parquet": _parquet, ".csv": _csv}
