"""A Spark DataFrame, told batch by batch: its rows with a column of their texts, as another Spark DataFrame."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.words.clusters.errand import (
    ROWS,
    Errand,
    checked,
    for_part,
    on_worker,
    refuse_text,
    refuse_unordered,
)
from coursewright.words.clusters.shared_keys import SharedKeys
from coursewright.words.door.frames import TEXT, not_rows, take
from coursewright.words.teller import BATCH

if TYPE_CHECKING:
    import pyarrow as pa

_KIND = "Spark DataFrame"
_UNKNOWN = {"CalendarIntervalType", "GeographyType", "GeometryType", "VariantType", "YearMonthIntervalType"}


def tell_there(errand: Errand, frame: Any) -> Any:
    """The rows of a Spark DataFrame with a column `text`, as a Spark DataFrame; see `words.tell`."""
    from pyspark import cloudpickle
    from pyspark.sql import DataFrame
    from pyspark.sql.types import StringType, StructField, StructType

    if not isinstance(frame, DataFrame):
        raise not_rows(frame)
    errand, _ = checked(errand, frame.columns)
    refuse_unordered(errand, _KIND)
    _refuse_text(frame)
    for field in frame.schema:
        _refuse_unknown(field)
    packed, sent = errand.packed(cloudpickle.dumps), on_worker(__name__, "tell_batches")

    def told(batches: Iterator[Any]) -> Iterator[Any]:
        from pyspark import TaskContext

        context = TaskContext.get()
        yield from sent(packed, batches, number=context.partitionId() if context else 0)

    numbered = frame.toDF(*(str(at) for at in range(len(frame.columns))))  # Spark reads names with signs as it likes
    return numbered.mapInArrow(told, StructType([*frame.schema, StructField(TEXT, StringType())]))


def _refuse_text(frame: Any) -> None:
    exact = frame.sparkSession.conf.get("spark.sql.caseSensitive") == "true"
    refuse_text(frame.columns if exact else [name.lower() for name in frame.columns])


def _refuse_unknown(field: Any) -> None:
    """Raises CoursewrightError for a column with a type of Spark's that does not travel to Python."""
    waiting = [field.dataType]
    while waiting:
        kind = waiting.pop()
        if type(kind).__name__ in _UNKNOWN:
            said = f'the column "{field.name}" holds values of the type {kind.simpleString()}, which cannot be told'
            raise CoursewrightError(said, ROWS, "leave the column out, or cast it to a string")
        inner = (getattr(kind, name, None) for name in ("elementType", "keyType", "valueType"))
        waiting += [one for one in inner if one is not None]
        waiting += [one.dataType for one in getattr(kind, "fields", ())]


def tell_batches(packed: bytes, batches: Iterable[pa.RecordBatch], *, number: int) -> Iterator[pa.RecordBatch]:
    """Batches of a partition with their texts."""
    import pyarrow as pa

    errand, teller = for_part(packed, f" of partition {number}")
    shared, start = SharedKeys(errand.key), 0
    try:
        for some in _gathered(batches):
            table = pa.Table.from_batches(some).rename_columns(errand.columns)
            piece = take(in_utc(table.select([name for name in errand.columns if name in teller.needed])))
            frame = piece.frame(teller.needed)
            shared.look(frame)
            texts = teller.write(frame, start).to_arrow().cast(pa.string())
            for batch in some:
                schema = batch.schema.append(pa.field(TEXT, pa.string()))
                yield pa.RecordBatch.from_arrays([*batch.columns, texts[: len(batch)]], schema=schema)
                texts = texts[len(batch) :]
            start += len(table)
    finally:
        for said, kind in [*teller.said(), *shared.said(teller.part)]:
            warnings.warn(said, kind, stacklevel=1)


def _gathered(batches: Iterable[pa.RecordBatch]) -> Iterator[list[pa.RecordBatch]]:
    """Batches, some at a time: Spark's own are so small that planning each costs more than telling it."""
    some: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        some.append(batch)
        rows += len(batch)
        if rows >= BATCH:
            yield some
            some, rows = [], 0
    if some:
        yield some


def in_utc(table: pa.Table) -> pa.Table:
    """A table with its moments in UTC, as Parquet has them: the zone of a Spark session is no part of its rows."""
    import pyarrow as pa

    return table.cast(pa.schema([field.with_type(_utc(field.type)) for field in table.schema]))


def _utc(kind: Any) -> Any:
    import pyarrow as pa
    import pyarrow.types as kinds

    if kinds.is_timestamp(kind) and kind.tz:
        return pa.timestamp(kind.unit, "UTC")
    if kinds.is_list(kind):
        return pa.list_(kind.value_field.with_type(_utc(kind.value_type)))
    if kinds.is_map(kind):
        return pa.map_(_utc(kind.key_type), kind.item_field.with_type(_utc(kind.item_type)))
    if kinds.is_struct(kind):
        return pa.struct([field.with_type(_utc(field.type)) for field in kind])
    return kind
