"""A Ray Dataset, told batch by batch: its rows with a column of their texts, as another Ray Dataset."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from coursewright.words.clusters.errand import Errand, checked, for_part, on_worker, refuse_text, refuse_unordered
from coursewright.words.clusters.shared_keys import SharedKeys
from coursewright.words.door.frames import TEXT, not_rows, take
from coursewright.words.teller import BATCH

if TYPE_CHECKING:
    import pyarrow as pa


def tell_there(errand: Errand, rows: Any) -> Any:
    """The rows of a Ray Dataset with a column `text`, as a Ray Dataset; see `words.tell`."""
    from ray import cloudpickle
    from ray.data import Dataset

    if not isinstance(rows, Dataset):
        raise not_rows(rows)
    errand, _ = checked(errand, rows.columns())
    refuse_unordered(errand, "Ray Dataset")
    refuse_text(errand.columns)
    packed, sent = errand.packed(cloudpickle.dumps), on_worker(__name__, "tell_batch")

    def told(batch: Any) -> Any:
        return sent(packed, batch)

    return rows.map_batches(told, batch_format="pyarrow", batch_size=BATCH)


def tell_batch(packed: bytes, batch: pa.Table) -> pa.Table:
    """A batch with its texts."""
    import pyarrow as pa

    errand, teller = for_part(packed, " of a batch")
    shared = SharedKeys(errand.key)
    try:
        frame = take(batch).frame(teller.needed)
        shared.look(frame)
        return batch.append_column(TEXT, teller.write(frame).to_arrow().cast(pa.string()))
    finally:
        for said, kind in [*teller.said(), *shared.said(teller.part)]:
            warnings.warn(said, kind, stacklevel=1)
