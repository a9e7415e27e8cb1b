"""What goes on in a worker: it learns of a work, begins it once, and carries out its tasks one at a time.

Answers are pairs of plain values, which another version of Coursewright can read as well.
"""

from __future__ import annotations

import errno
import pickle
from collections import OrderedDict
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from threading import Lock
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.workers.work import last_line

Answer = tuple[str, Any]
"""What came of a task: its kind and what belongs to it.

| kind | what belongs to it |
|---|---|
| `result` | the result, pickled |
| `problems` | those of a CoursewrightError |
| `raised` | the last line of any other error |
| `unsent` | why the result cannot be pickled |
| `full` | where the disk is full |
| `died` | how often a worker died, and how |
| `unbegun` | the problems, or the last line of the error, for which the work could not begin |
| `unknown` | nothing: the worker has not learnt of this work |
| `version` | the worker, and which Coursewright it has |
"""

_FEW = 4  # works that a worker keeps begun: each may hold a database open
_known: dict[str, tuple[str, bytes, Path | None]] = {}
_begun: OrderedDict[str, Callable[[Any], Any]] = OrderedDict()
_alone = Lock()  # a worker of Dask has threads; what tasks do to warnings, folders and databases is for one at a time


def learn(work: str, begin: str, order: bytes, folder: Path | None) -> None:
    """Remember a work, until `forget`."""
    _known[work] = (begin, order, folder)


def forget(work: str) -> None:
    """Forget a work."""
    _known.pop(work, None)  # without waiting for a task of it, which nobody waits for any more
    _begun.pop(work, None)


def carry_out(work: str, task: bytes) -> Answer:
    """What comes of a task."""
    with _alone:
        if work not in _known:
            return "unknown", None
        try:
            do = _begin(work)
        except Exception as error:  # noqa: BLE001 - it is told where the user sees it
            kind, said = _wrong(error)
            return (kind, said) if kind == "full" else ("unbegun", said)
        try:
            result = do(pickle.loads(task))  # noqa: S301 - from whoever gave this worker its work
        except Exception as error:  # noqa: BLE001 - it is told where the user sees it
            return _wrong(error)
        try:
            return "result", pickle.dumps(result, 5)
        except Exception as error:  # noqa: BLE001 - what objects raise that do not let themselves be pickled
            return "unsent", last_line(error)


def _begin(work: str) -> Callable[[Any], Any]:
    do = _begun.get(work)
    if do is None:
        begin, order, folder = _known[work]
        module, _, name = begin.partition(":")
        do = getattr(import_module(module), name)(pickle.loads(order), folder)  # noqa: S301 - as above
        _begun[work] = do
        while len(_begun) > _FEW:
            _begun.popitem(last=False)
    _begun.move_to_end(work)
    return do


def _wrong(error: Exception) -> Answer:
    if is_full(error):
        return "full", ""
    if isinstance(error, CoursewrightError):
        return "problems", error.problems
    return "raised", last_line(error)


def is_full(error: BaseException | None) -> bool:
    """Whether an error is, or comes from, a disk that is full."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            return True
        error = error.__cause__
    return False
