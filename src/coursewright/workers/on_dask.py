"""What goes on in a worker of a Dask cluster, beside what goes on in any."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from distributed import WorkerPlugin, get_worker

from coursewright import __version__
from coursewright.workers import there
from coursewright.workers.parcel import unpack
from coursewright.workers.there import Answer
from coursewright.workers.work import PackedWork, last_line

if TYPE_CHECKING:
    from distributed import Worker

_without: dict[str, Answer] = {}  # what is said of works whose files could not be put here


class WorkPlugin(WorkerPlugin):
    """Has a worker learn of a work, also one that joins or is started again while the work goes on.

    Files are those of the same folder, if the worker sees it with the same content; else those that travel along, if
    they do. Without them the worker does not know the work, and says so when it is asked for it.
    """

    def __init__(self, work: PackedWork, packed: bytes | None) -> None:
        self.work = work
        self.packed = packed
        self.unpacked: Path | None = None

    async def setup(self, worker: Worker) -> None:
        """Learn."""
        work = self.work
        folder = Path(worker.local_directory) / "coursewright" / work.digest
        try:
            files = await asyncio.to_thread(self._find, folder) if work.files else None
        except OSError as error:
            said = f"the files cannot be put on the worker {worker.address}: {last_line(error)}"
            _without[work.digest] = ("full", "") if there.is_full(error) else ("unbegun", said)
            return
        _without.pop(work.digest, None)
        if files or not work.files:
            there.learn(work.digest, work.begin, work.order, files)

    def teardown(self, worker: Worker) -> None:  # noqa: ARG002 - as Dask calls it
        """Forget, and remove what was unpacked."""
        there.forget(self.work.digest)
        _without.pop(self.work.digest, None)
        if self.unpacked:
            shutil.rmtree(self.unpacked, ignore_errors=True)

    def _find(self, folder: Path) -> Path | None:
        """Where the files are, or have been put: None if they are not here."""
        files = self.work.files
        if files is not None and files.is_in(files.folder):
            return files.folder
        if self.packed is not None:
            unpack(self.packed, folder)
            self.unpacked = folder
        return self.unpacked


def carry_out(version: str, work: str, task: bytes) -> Answer:
    """What comes of a task in this worker, if it is of the same version as who asks."""
    if version != __version__:
        return "version", (get_worker().address, __version__)
    kind, said = _without.get(work) or there.carry_out(work, task)
    return kind, get_worker().address if kind == "full" else said
