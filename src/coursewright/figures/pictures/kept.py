"""Pictures that take long to draw are kept in the user's cache, by what they are made from.

A page keeps what it shows; this is for the functions, in notebooks and elsewhere. A picture is found again when what it
is made from, the program that drew it and what that uses are the same to the letter. What cannot be read is drawn, and
what cannot be written is not kept.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import stat
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path

from coursewright import __version__
from coursewright.figures.figure import Figure
from coursewright.ours import user_cache

_MOST = 1000  # pictures; the older half goes when there are more
_LARGEST = 1_000_000  # bytes of a picture that is kept
_USED = ("igraph", "ziafont", "fonttools")


def kept(made_from: object, draw: Callable[[], Figure]) -> Figure:
    """What `draw` draws, or the same picture as it was kept; `made_from` says by its `repr` all that goes into it."""
    asked = f"{_drawer()}\n{made_from!r}".encode("utf-8", "surrogatepass")
    file = user_cache() / "pictures" / blake2b(asked, digest_size=20).hexdigest()
    with suppress(OSError, ValueError, KeyError):
        return _read(file)
    figure = draw()
    with suppress(OSError):
        _write(file, figure)
    return figure


@cache
def _drawer() -> str:
    """Which program draws: its version, its files, the packages that it draws with."""
    files = [(str(file), file.stat().st_mtime_ns) for file in sorted(Path(__file__).parent.rglob("*.py"))]
    return repr((__version__, files, [_version(name) for name in _USED]))


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _read(file: Path) -> Figure:
    """The picture in a file. Raises ValueError where it is not whole, or somebody else could have written it."""
    number = os.open(file, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    with os.fdopen(number, "rb") as opened:
        if hasattr(os, "getuid"):
            for status in (os.fstat(number), file.parent.stat()):
                if status.st_uid != os.getuid() or status.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                    raise ValueError("not the user's own")
        said, _, content = opened.read(2 * _LARGEST).partition(b"\n")
    if said != _check(content):
        raise ValueError("not whole")
    picture = json.loads(content)
    return Figure(picture["svg"], picture["alt"], picture["caption"], white=partial(str, picture["white"]))


def _write(file: Path, figure: Figure) -> None:
    if figure.white is None or figure.rasterize or figure.narrow:
        return
    picture = {"svg": figure.svg, "white": figure.white(), "alt": figure.alt, "caption": figure.caption}
    content = json.dumps(picture).encode()
    if len(content) > _LARGEST:
        return
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _make_room(file.parent)
    number, new = tempfile.mkstemp(dir=file.parent)
    with os.fdopen(number, "wb") as opened:
        opened.write(_check(content) + b"\n" + content)
    Path(new).replace(file)


def _check(content: bytes) -> bytes:
    return blake2b(content, digest_size=20).hexdigest().encode()


def _make_room(folder: Path) -> None:
    with os.scandir(folder) as entries:
        found = list(entries)
    if len(found) >= _MOST:
        found.sort(key=lambda entry: entry.stat().st_mtime_ns)
        for entry in found[: _MOST // 2]:
            with suppress(OSError):
                Path(entry).unlink()
