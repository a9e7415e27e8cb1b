"""Workers of a Dask cluster that is there already: Dask has tasks done again when a worker dies.

A few tasks for each worker are out at a time. They travel with their tasks, and results come back, through the
scheduler: nothing is lost with a worker that a later task would need.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from typing import Any
from uuid import uuid4

from coursewright import __version__
from coursewright.errors import CoursewrightError
from coursewright.workers.pool import NobodyLeft
from coursewright.workers.there import Answer
from coursewright.workers.versions import refuse_others
from coursewright.workers.work import PackedWork, last_line

_ANSWER = 5  # seconds in which a scheduler answers
_LOOK = 2  # seconds between looks at which workers there are
_PATIENCE = 30  # seconds without any worker: a machine may be starting one again
_TASKS = 2  # that are out for each worker: one that is done, and one that waits for it
_AGAIN = 3  # times that a worker is told of a work that it should have learnt of
_START = "start them with: dask scheduler, and on each machine: dask worker {}:{} --nthreads 1"


@dataclass(eq=False)
class _DaskTask:
    """A task that is out: how often it was given to a worker that did not know its work, and where disks were full."""

    number: int
    task: bytes
    future: Any = None
    unknown: int = 0
    alone: bool = False


class DaskPool:
    """The workers of one scheduler."""

    def __init__(self, address: str, host: str, port: int) -> None:
        self._named, self._start = address, _START.format(host, port)
        self._stack = ExitStack()
        self._work: PackedWork | None = None
        self._out: dict[str, _DaskTask] = {}
        self._ended: SimpleQueue[Any] = SimpleQueue()
        self._suspects: deque[_DaskTask] = deque()  # at which workers died, perhaps because of what they did beside
        self._full: set[str] = set()
        self._taught: dict[str, bool] = {}  # works by their digests, and whether their files travelled
        self._workers: tuple[str, ...] = ()
        self._looked = self._seen = 0.0
        with ExitStack() as opening:
            opening.enter_context(_quiet())
            self._client = opening.enter_context(self._connected(host, port))
            self._wait_for_workers()
            refuse_others(self._client, self._named)
            self._stack = opening.pop_all()

    def begin(self, work: PackedWork) -> None:
        """Say what is to be done from now on."""
        self._work = work
        if work.digest not in self._taught:
            self._teach(packed=None)

    def size(self) -> int:
        """How many workers there are."""
        return len(self._workers)

    def free(self) -> bool:
        """Whether one more task would find somebody to do it soon."""
        self._look()
        return len(self._out) < _TASKS * max(1, len(self._workers)) and not any(one.alone for one in self._out.values())

    def give(self, number: int, task: bytes) -> None:
        """Have a task done."""
        self._submit(_DaskTask(number, task))

    def next(self) -> tuple[int, Answer]:
        """Wait for what comes of one of the tasks, whichever is first."""
        while True:
            if not self._out and self._suspects:
                suspect = self._suspects.popleft()
                suspect.alone = True
                self._submit(suspect)
            try:
                future = self._ended.get(timeout=_LOOK)
            except Empty:
                self._look()
                continue
            order = self._out.pop(future.key, None)
            if order is not None and (answer := self._answer(order, future)) is not None:
                return order.number, answer

    def drop(self) -> None:
        """Forget the work and what is out of it."""
        out, self._out = list(self._out.values()), {}
        self._suspects.clear()
        if out:
            with suppress(Exception):  # the scheduler may be gone, and with it what is out
                self._client.cancel([order.future for order in out], force=True)

    def close(self) -> None:
        """Leave the cluster as it was."""
        self.drop()
        with suppress(Exception):  # as above
            for work in self._taught:
                self._client.unregister_worker_plugin(_plugin(work))
        self._taught = {}
        self._stack.close()

    @contextmanager
    def _connected(self, host: str, port: int) -> Iterator[Any]:
        """A client of the scheduler, which is not the one that a user's own code finds."""
        import distributed

        try:
            socket.create_connection((host, port), timeout=_ANSWER).close()
        except OSError as error:
            said = error.strerror or str(error)
            raise CoursewrightError(f"nothing answers at {self._named}: {said}", None, self._start) from error
        address = f"tcp://[{host}]:{port}" if ":" in host else f"tcp://{host}:{port}"
        try:
            with ThreadPoolExecutor(1) as apart:  # a client waits for ever where somebody listens and says nothing
                apart.submit(asyncio.run, _greet(address)).result()
            client: Any = distributed.Client  # it has few types
            client = client(address, timeout=_ANSWER, set_as_default=False)
        except Exception as error:  # whatever somebody else says there
            message = (
                f"what answers at {self._named} is no Dask scheduler, or one of another version: {last_line(error)}"
            )
            raise CoursewrightError(message, None, self._start) from error
        try:
            yield client
        finally:
            with suppress(Exception):  # the scheduler may be gone
                client.close(timeout=_ANSWER)

    def _wait_for_workers(self) -> None:
        self._seen = time.monotonic()
        while not self._workers:
            self._look(patience=_ANSWER)
            time.sleep(0.05)

    def _look(self, patience: float = _PATIENCE) -> None:
        """See which workers there are, now and then. Raises CoursewrightError if there is none, or no scheduler."""
        now = time.monotonic()
        if now < self._looked + _LOOK and self._workers:
            return
        self._looked = now
        if self._client.status != "running":
            raise self._gone()
        try:
            self._workers = tuple(self._client.nthreads())
        except Exception as error:
            raise self._gone() from error
        if self._workers:
            self._seen = now
        elif now > self._seen + patience:
            raise NobodyLeft(f"there is no worker at {self._named}", None, self._start)

    def _gone(self) -> NobodyLeft:
        return NobodyLeft(f"the scheduler at {self._named} is gone", None, self._start)

    def _teach(self, packed: bytes | None) -> None:
        """Have all workers learn of the work, and those that join from now on."""
        from coursewright.workers.on_dask import WorkPlugin

        assert self._work is not None  # noqa: S101 - begin comes first
        try:
            self._client.register_plugin(WorkPlugin(self._work, packed), name=_plugin(self._work.digest))
        except Exception as error:  # what it raises where the scheduler is no more
            raise self._gone() from error
        self._taught[self._work.digest] = packed is not None

    def _submit(self, order: _DaskTask, apart: bool = False) -> None:
        """Have a task done, where disks are full only if they are all."""
        import dask

        from coursewright.workers.on_dask import carry_out

        assert self._work is not None  # noqa: S101 - begin comes first
        key = f"{self._work.begin.rpartition(':')[0]}-{uuid4().hex}"
        others = [one for one in self._workers if one not in self._full] if self._full else []
        where = {"workers": others, "allow_other_workers": not apart} if others else {}
        arguments = (__version__, self._work.digest, order.task)
        with dask.config.set({"distributed.admin.large-graph-warning-threshold": "1TB"}):
            order.future = self._client.submit(carry_out, *arguments, key=key, pure=False, **where)
        self._out[key] = order
        order.future.add_done_callback(self._ended.put)

    def _answer(self, order: _DaskTask, future: Any) -> Answer | None:
        """What came of a task; None if it is done again."""
        from distributed import KilledWorker

        try:
            kind, said = future.result()  # lost with its worker, it is made again
        except KilledWorker as error:
            return self._died(order, error)
        except (Exception, asyncio.CancelledError) as error:  # what Dask says of what it could not have done
            if future.status == "cancelled":
                raise self._gone() from error
            refuse_others(self._client, self._named)
            return "raised", last_line(error)
        if kind == "version":
            refuse_others(self._client, self._named)  # if that worker is still there
            self._submit(order)
            return None
        if kind == "full":
            return self._elsewhere(order, said)
        if kind == "unknown" and order.unknown < _AGAIN:
            order.unknown += 1
            if self._work and self._work.files and not self._taught[self._work.digest]:
                self._teach(self._work.files.pack())
            self._submit(order)
            return None
        return kind, said

    def _died(self, order: _DaskTask, error: Any) -> Answer | None:
        """A task at which workers died: once more by itself, since they may have died of another."""
        if order.alone:
            return "died", (error.allowed_failures + 1, "")
        self._suspects.append(order)
        return None

    def _elsewhere(self, order: _DaskTask, worker: str) -> Answer | None:
        """A task for which there was no space: once more where there is."""
        self._full.add(worker)
        if all(one in self._full for one in self._workers):
            return "full", worker
        self._submit(order, apart=True)
        return None


async def _greet(address: str) -> None:
    """Raises an error where no Dask scheduler answers."""
    from distributed import core

    connect: Any = core.connect  # it has few types
    comm = await asyncio.wait_for(connect(address, timeout=_ANSWER), _ANSWER)
    await comm.close()


def _plugin(work: str) -> str:
    """What the cluster calls the plugin that has workers learn of a work."""
    return f"coursewright-{work}"


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep to ourselves what Dask says on standard error of workers and schedulers that go: we say it."""
    import distributed  # noqa: F401 - which sets levels itself

    names = [name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado")]
    names += ["distributed", "distributed.client", "distributed.core", "distributed.comm", "tornado.application"]
    loggers = {name: logging.getLogger(name) for name in names}
    levels = {name: logger.level for name, logger in loggers.items()}
    for logger in loggers.values():
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, logger in loggers.items():
            logger.setLevel(levels[name])
