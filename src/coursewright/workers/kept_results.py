"""Results in a folder, so that a run that was ended is gone on with: each whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from coursewright.workers.digest import digest_of

_CHECK = 16  # bytes that tell whether the others are what was written


class KeptResults:
    """Results of tasks of one work, by what names the task."""

    def __init__(self, folder: Path, work: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.work = work

    def file(self, task: Any) -> Path:
        """Where the result of a task is, if it is there."""
        return self.folder / digest_of((self.work, task))

    def read(self, file: Path) -> bytes | None:
        """A result; None if it is not there, or not as it was written."""
        try:
            whole = file.read_bytes()
        except FileNotFoundError:
            return None
        return whole[_CHECK:] if _check(whole[_CHECK:]) == whole[:_CHECK] else None

    def write(self, file: Path, result: bytes) -> None:
        """Put a result there."""
        number, beside = tempfile.mkstemp(prefix=".", dir=self.folder)
        try:
            with os.fdopen(number, "wb") as stream:
                stream.write(_check(result))
                stream.write(result)
            Path(beside).replace(file)
        except BaseException:
            with suppress(OSError):
                Path(beside).unlink()
            raise


def _check(result: bytes) -> bytes:
    return hashlib.blake2b(result, digest_size=_CHECK).digest()
