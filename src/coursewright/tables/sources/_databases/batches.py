"""Batches on their way: what every kind of database does with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any

from coursewright.tables.sources._databases.address import Address

if TYPE_CHECKING:
    import pyarrow as pa

ROWS = 65_536


def stream(schema: pa.Schema, batches: Iterator[pa.RecordBatch]) -> pa.RecordBatchReader:
    """A reader of `batches`, the first of which is fetched now: most of what can go wrong does so there.

    It also sees to it that the iterator has begun, so that it closes what it has opened when the reader is dropped.
    """
    import pyarrow as pa

    first = next(batches, None)
    return pa.RecordBatchReader.from_batches(schema, batches if first is None else chain([first], batches))


def unlike(names: Iterable[str], address: Address) -> None:
    """Raise CoursewrightError for two columns of one name; the embedded database does not tell A from a."""
    seen = set()
    for name in names:
        if name.lower() in seen:
            raise address.problem(f'the query: two columns are called "{name}"', "rename one of them with AS")
        seen.add(name.lower())


def decimals(texts: Any, kind: Any, name: str, address: Address) -> Any:
    """Numbers written out, as decimal numbers; CoursewrightError for one that is none, such as NaN."""
    import pyarrow as pa

    try:
        return texts.cast(kind)
    except pa.ArrowInvalid:
        message = f'the column "{name}" has a number that {kind} cannot hold'
        raise address.problem(message, "cast it in the query, to double precision or to text") from None


def of_one_size(reader: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """The rows of a reader in batches of one size: the same rows are the same bytes, however a driver cuts them."""
    import pyarrow as pa

    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in reader:
        waiting.append(batch)
        rows += batch.num_rows
        if rows >= ROWS:
            *whole, rest = pa.Table.from_batches(waiting).combine_chunks().to_batches(ROWS)
            yield from whole
            waiting, rows = [rest], rest.num_rows
    if rows:
        yield from pa.Table.from_batches(waiting).combine_chunks().to_batches(ROWS)
