"""A Dask DataFrame, told partition by partition: a Dask Series of the same divisions."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place
from coursewright.words.clusters.errand import ROWS, Errand, checked, for_part, on_worker, unpacked
from coursewright.words.clusters.shared_keys import SharedKeys
from coursewright.words.door.frames import TEXT, InputRows, grouped, not_rows, take
from coursewright.words.rowwise.trouble import need
from coursewright.words.teller import BATCH

if TYPE_CHECKING:
    import pandas as pd


def tell_there(errand: Errand, frame: Any) -> Any:
    """The texts of a Dask DataFrame, as a Dask Series with its index and divisions; see `words.tell`.

    Where positions count, each partition waits for the numbers of rows of those before it, which are read for that.
    """
    import cloudpickle
    import dask.dataframe as dd
    import pandas as pd
    from dask import delayed

    if not isinstance(frame, dd.DataFrame):
        raise not_rows(frame)
    errand, needed = checked(errand, [str(name) for name in frame.columns])
    if errand.by:
        need(errand.by, errand.columns, "by")
        _refuse_torn_groups(errand, frame)
    packed = delayed(errand.packed(cloudpickle.dumps), pure=True)
    chosen = _chosen(frame, needed.union(errand.by))
    starts = [] if errand.key and errand.dealt() is None else [_starts(chosen, packed)]
    empty = frame._meta.iloc[:0]
    index = empty.set_index(list(errand.by)).index if errand.by else empty.index
    meta = pd.Series([], index=index, dtype=pd.StringDtype("pyarrow"), name=TEXT)
    return chosen.map_partitions(_by_number("tell_partition"), packed, *starts, meta=meta)


def _refuse_torn_groups(errand: Errand, frame: Any) -> None:
    """Raises CoursewrightError where rows of one group may lie in several partitions."""
    divided = frame.known_divisions and errand.by == (frame.index.name,)
    if frame.npartitions > 1 and not divided:
        name = errand.by[0]
        more = "" if len(errand.by) == 1 else ", after making one column of those that name a group"
        raise CoursewrightError(
            "rows of one group may lie in several partitions of this Dask DataFrame",
            Place("tell", part="by"),
            f'divide it by its groups: frame.set_index("{name}", drop=False){more}',
        )


def _chosen(frame: Any, wanted: frozenset[str]) -> Any:
    """The frame with the columns that are needed, where Dask itself reads it and need not read the others.

    Partitions that a function of the caller's makes may lack a column, of which Dask would say less than we do.
    """
    leaves = [one for one in frame.expr.walk() if not one.dependencies()]
    if not all(getattr(leaf, "_absorb_projections", False) for leaf in leaves):
        return frame
    columns = [name for name in frame.columns if str(name) in wanted]
    return frame[columns or list(frame.columns[:1])]


def _starts(frame: Any, packed: Any) -> Any:
    """For each partition the position of its first row."""
    import pandas as pd

    meta = pd.Series([], dtype="int64", name="rows")
    counts = frame.map_partitions(_by_number("count_partition"), packed, meta=meta, clear_divisions=True)
    return counts.cumsum() - counts


def _by_number(work: str) -> Callable[..., Any]:
    """A function below as a worker is sent it."""
    sent = on_worker(__name__, work)

    def told(frame: Any, *given: Any, partition_info: Any = None) -> Any:
        return sent(frame, *given, number=(partition_info or {}).get("number", 0))

    return told


def count_partition(frame: pd.DataFrame, packed: bytes, *, number: int) -> pd.Series:
    """How many texts there are of a partition."""
    import pandas as pd

    errand, _ = unpacked(packed)
    count = _groups(errand, frame, number).count() if errand.by else len(frame)
    return pd.Series([count], name="rows", dtype="int64")


def tell_partition(frame: pd.DataFrame, packed: bytes, starts: pd.Series | None = None, *, number: int) -> pd.Series:
    """The texts of a partition, of which the first row has the first of the positions `starts`, if positions count."""
    import pandas as pd
    import pyarrow as pa

    errand, teller = for_part(packed, f" of partition {number}")
    start, shared = 0 if starts is None else int(starts.iloc[0]), SharedKeys(errand.key)
    try:
        if errand.by:
            groups = _groups(errand, frame, number)
            told: pd.Series = groups.give(teller.write(groups.frame(teller.needed), start))
            return told.astype(pd.StringDtype("pyarrow"))
        _refuse_missing(teller.needed, frame, number)
        pieces = []
        for at in range(0, len(frame), BATCH):  # however large the partition is, no more than a piece is there twice
            piece = take(frame.iloc[at : at + BATCH]).frame(teller.needed)
            shared.look(piece)
            pieces.append(teller.write(piece, start + at).to_arrow().cast(pa.large_string()))
        texts = pd.arrays.ArrowStringArray(pa.chunked_array(pieces, pa.large_string()))
        return pd.Series(texts, index=frame.index, name=TEXT)
    finally:
        for said, kind in [*teller.said(), *shared.said(teller.part)]:
            _warn(said, kind)


def _groups(errand: Errand, frame: pd.DataFrame, number: int) -> InputRows:
    """The groups of a partition. Raises CoursewrightError where it was divided by something else."""
    import pandas as pd

    _refuse_missing({*errand.by, *errand.key}, frame, number)
    name = errand.by[0]
    if frame.index.name == name and not pd.Index(frame[name]).equals(frame.index):
        said = f'the index "{name}" is not the column "{name}" in partition {number}, so that groups may be torn'
        raise CoursewrightError(
            said, Place("tell", part="by"), f'divide it by the column: frame.set_index("{name}", drop=False)'
        )
    return grouped(take(frame), errand.by)


def _refuse_missing(names: Iterable[str], frame: pd.DataFrame, number: int) -> None:
    """Raises CoursewrightError for a column that a partition lacks, though the Dask DataFrame says it has it."""
    there = [str(name) for name in frame.columns]
    if lacking := sorted(set(names).difference(there)):
        hint = "give every partition the columns of the whole; where one has no values, let them be missing values"
        raise CoursewrightError(f'no column called "{lacking[0]}" in partition {number}', ROWS, hint)


def _warn(said: str, kind: type[UserWarning]) -> None:
    """Warns where the rows are asked for, as far as Dask can: what is said on a worker goes to whoever it works for."""
    worker = sys.modules.get("distributed.worker")
    (warnings.warn if worker is None else worker.warn)(said, kind)
