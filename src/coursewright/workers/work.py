"""What workers are to do, as a value: a function of ours, its order, and the files that it needs."""

from __future__ import annotations

import pickle
from dataclasses import dataclass, field
from typing import Any

from coursewright import __version__
from coursewright.errors import CoursewrightError
from coursewright.workers.digest import digest_of
from coursewright.workers.parcel import Parcel


@dataclass(frozen=True)
class Work:
    """One kind of task: `begin`, "package.module:function", is called once in each worker.

    It is called with `order`, and with the folder of `files` there (None if there are none), and gives the function
    that carries out one task. `order` and tasks are values that can be pickled.
    """

    begin: str
    order: Any
    files: Parcel | None = None


@dataclass(frozen=True)
class PackedWork:
    """A work as it travels: its digest, which this version of Coursewright is part of, and its order, pickled."""

    digest: str
    begin: str
    order: bytes
    files: Parcel | None = field(default=None, repr=False)


def pack_work(work: Work) -> PackedWork:
    """A work as it travels. Raises CoursewrightError for an order that cannot be pickled."""
    order = pickled(work.order, "what the work is to know")
    content = work.files.digest if work.files else ""
    return PackedWork(digest_of((__version__, work.begin, work.order, content)), work.begin, order, work.files)


def pickled(value: Any, name: str) -> bytes:
    """A value as it is sent. Raises CoursewrightError that names it if it cannot be."""
    try:
        return pickle.dumps(value, 5)
    except Exception as error:  # what objects raise that do not let themselves be pickled
        hint = "give plain values: numbers, texts, lists, mappings and records of them"
        raise CoursewrightError(f"{name} cannot be sent to workers: {last_line(error)}", None, hint) from error


def last_line(error: BaseException) -> str:
    """An error as the last line of Python's own report says it."""
    said = str(error).strip().splitlines()
    return f"{type(error).__name__}: {said[-1]}" if said else type(error).__name__
