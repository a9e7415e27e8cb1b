"""The engine as sites carry it, packed: once for all courses of a user, since that takes seconds each time."""

from __future__ import annotations

import contextlib
import gzip
import os
import tempfile
import zlib
from pathlib import Path

from coursewright.sites.runtimes.parts import RuntimePart


def packed(engine: RuntimePart, file: str) -> bytes:
    """A file of the engine as gzip writes it, the same bytes each time.

    It is kept beside the parts, and taken from there if it is whole. Where it cannot be kept, that changes nothing.
    """
    content = (engine.folder / file).read_bytes()
    kept = engine.folder.parent / "packed" / f"{engine.folder.name}-{Path(file).name}.gz"
    with contextlib.suppress(OSError, EOFError, zlib.error):  # not there yet, or damaged
        if gzip.decompress(found := kept.read_bytes()) == content:
            return found
    made = gzip.compress(content, 9, mtime=0)
    with contextlib.suppress(OSError):
        _keep(made, kept)
    return made


def _keep(made: bytes, file: Path) -> None:
    """Write it whole, or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(made)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
