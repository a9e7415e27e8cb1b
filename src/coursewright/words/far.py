"""Tells batches of rows by workers: only the columns that are needed travel there, and only texts come back."""

from __future__ import annotations

import tempfile
import warnings
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import several
from coursewright.words.door.keys import row_keys
from coursewright.words.grammar import Grammar
from coursewright.words.readying import ready
from coursewright.words.teller import RowWithoutText, Teller
from coursewright.workers import TaskFailure, Work, Workers

if TYPE_CHECKING:
    import pyarrow as pa

_PARTS = 64  # files into which hashes of keys are sorted: one at a time is in memory


@dataclass(frozen=True)
class RowsPiece:
    """Rows told together: the number of the first, the rows, as what they are copied, and the file that they are of."""

    start: int
    batch: pa.RecordBatch
    copy: pa.RecordBatch
    file: int = 0


@dataclass(frozen=True)
class TellOrder:
    """What a worker has to know to tell rows."""

    grammar: Grammar
    rule: str
    columns: tuple[str, ...]
    seed: int | str
    key: tuple[str, ...]


@dataclass(frozen=True)
class FarRows:
    """Rows on their way to a worker, in Arrow's format of files."""

    start: int
    count: int
    rows: bytes

    def __str__(self) -> str:
        return f"rows {self.start:,} to {self.start + self.count - 1:,}"


@dataclass(frozen=True)
class FarTexts:
    """Texts on their way back, the hashes of their keys if there are keys, and what there is to say of rows."""

    texts: Any
    keys: Any
    gaps: list[RowWithoutText]
    unfit: list[RowWithoutText]


def begin(order: TellOrder, _: Path | None) -> Callable[[FarRows], FarTexts]:
    """Make a rule ready in a worker."""
    teller = ready(order.grammar, order.rule, order.columns, seed=order.seed, key=order.key)
    return lambda rows: _told(replace(teller, gaps=[], unfit=[]), rows)


def _told(teller: Teller, rows: FarRows) -> FarTexts:
    import pyarrow as pa

    from coursewright.words.door.frames import take

    with pa.ipc.open_stream(rows.rows) as stream:
        frame = take(stream.read_next_batch()).frame(teller.needed)
    texts = teller.write(frame, rows.start).to_arrow().cast(pa.string())
    keys = row_keys(frame, teller.key, rows.start) if teller.key else None
    return FarTexts(texts, keys, teller.gaps, teller.unfit)


def told_far(
    pieces: Iterator[RowsPiece], teller: Teller, order: TellOrder, workers: Workers, kept: Path | None
) -> Iterator[tuple[RowsPiece, pa.Array]]:
    """The texts of pieces, in order, told by workers; `teller` gets what there is to say of rows.

    Raises CoursewrightError for a piece that cannot be told.
    """
    waiting: deque[RowsPiece] = deque()
    # A row is named by its first column; and what has no column at all has no rows on its way.
    names = [name for name in order.columns if name in teller.needed] or [*order.columns[:1]]

    def tasks() -> Iterator[FarRows]:
        for piece in pieces:
            waiting.append(piece)
            yield FarRows(piece.start, len(piece.batch), _packed(piece.batch.select(names)))

    with ExitStack() as stack:
        shared = stack.enter_context(KeyCounts()) if order.key else None
        work = Work(f"{__name__}:begin", order)
        for done in workers.each(work, tasks(), named=str, ahead=workers.ahead, kept=kept):
            if isinstance(done, TaskFailure):
                raise several(done.problems)
            found: FarTexts = done.result
            teller.gaps.extend(found.gaps)
            teller.unfit.extend(found.unfit)
            if shared is not None:
                shared.add(found.keys)
            yield waiting.popleft(), found.texts
        if shared is not None and (count := shared.count()):
            _warn_shared(count, order.key)


def _packed(rows: pa.RecordBatch) -> bytes:
    import pyarrow as pa

    packed = pa.BufferOutputStream()
    with pa.ipc.new_stream(packed, rows.schema, options=pa.ipc.IpcWriteOptions(compression="lz4")) as stream:
        stream.write_batch(rows)
    return bytes(packed.getvalue().to_pybytes())


def _warn_shared(count: int, key: Sequence[str]) -> None:
    named = " and ".join(f'"{name}"' for name in key)
    said = f"{count:,} rows share their key {named} with another row, so the same choices are made for them"
    warnings.warn(f"{said}\nhint: name a column besides by which they differ: --key", UserWarning, stacklevel=3)


class KeyCounts:
    """Counts rows whose key another row has as well, as a context manager: their hashes lie in files, some in each."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="coursewright-")
        self._files = [(Path(self._folder.name) / str(number)).open("wb") for number in range(_PARTS)]

    def __enter__(self) -> KeyCounts:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files:
            file.close()
        self._folder.cleanup()

    def add(self, keys: Any) -> None:
        """Some more keys, hashed to 64 bits."""
        import numpy as np

        keys = np.sort(keys)
        edges = np.arange(1, _PARTS, dtype=np.uint64) << np.uint64(58)
        for file, part in zip(self._files, np.split(keys, np.searchsorted(keys, edges)), strict=True):
            file.write(part.tobytes())

    def count(self) -> int:
        """How many rows share their key."""
        import numpy as np

        shared = 0
        for file in self._files:
            file.flush()
            _, counts = np.unique(np.fromfile(file.name, dtype=np.uint64), return_counts=True)
            shared += int(counts[counts > 1].sum())
        return shared
