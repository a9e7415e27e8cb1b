"""The noun: one part of what pages run on in the browser, as it was fetched."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from pathlib import Path

import msgspec

from coursewright.errors import MissingPart
from coursewright.ours import user_cache


class Pin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is known of a part before it is fetched: `parts.toml` says it, for each by its name.

    `gives` says what it is for. `archive` is the hash of what npm fetches, or of the `wheel` that pip does, as
    Subresource Integrity writes hashes; `keep` are patterns of the files that are kept of it, and `files` is their
    fingerprint.
    """

    gives: str
    package: str
    version: str
    licence: str
    archive: str
    files: str
    keep: tuple[str, ...]
    wheel: str = ""


@dataclass(frozen=True, slots=True)
class RuntimePart:
    """A part that is there: its folder, and in it its files by their paths, all of them as they are to be."""

    name: str
    pin: Pin
    folder: Path
    files: tuple[str, ...]

    @property
    def version(self) -> str:
        """The version of the package that it is from."""
        return self.pin.version

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum((self.folder / file).stat().st_size for file in self.files)


@cache
def pinned() -> Mapping[str, Pin]:
    """The parts that there can be, by their names."""
    text = resources.files(__package__).joinpath("parts.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, Pin])


def part(name: str) -> RuntimePart:
    """The part called `name`, one of `pinned()`, out of the user's cache.

    Raises MissingPart, with the command to run, when it was not fetched, and when a file is not what was fetched.
    """
    return look(name, pinned()[name], cache_folder())


def look(name: str, pin: Pin, folder: Path) -> RuntimePart:
    """The part called `name` as it is in `folder`, with the parts. Raises MissingPart when it is not, or not whole."""
    own = folder / entry(name, pin)
    hint = f"run: coursewright runtimes fetch {name}"
    try:
        if not own.is_dir():
            raise MissingPart(f"{pin.gives} was not fetched yet", None, hint)
        stamps = tuple((file, file.stat().st_size, file.stat().st_mtime_ns) for file in sorted(own.rglob("*")))
        files, found = _fingerprint(own, stamps)
    except OSError as error:
        raise MissingPart(f"{pin.gives} cannot be read: {error.strerror}: {error.filename}", None, hint) from None
    if found != pin.files:
        raise MissingPart(f"{pin.gives} is not what was fetched: {own} was changed", None, hint)
    return RuntimePart(name, pin, own, files)


def entry(name: str, pin: Pin) -> str:
    """What a part's folder is called; another version, or other files of it, have another."""
    return f"{name}-{pin.version}-{pin.files[:8]}"


def cache_folder() -> Path:
    """Where parts are kept."""
    return user_cache() / "runtimes"


def fingerprint(folder: Path) -> tuple[tuple[str, ...], str]:
    """The files of `folder` by their paths, in order, and the hash of what they are called and hold."""
    files = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())
    whole = hashlib.sha256()
    for file in files:
        with (folder / file).open("rb") as opened:
            whole.update(f"{hashlib.file_digest(opened, 'sha256').hexdigest()} {file}\n".encode())
    return tuple(files), whole.hexdigest()


@lru_cache(maxsize=16)
def _fingerprint(folder: Path, _stamps: tuple[tuple[Path, int, int], ...]) -> tuple[tuple[str, ...], str]:
    """The same, once in a process until a file was written."""
    return fingerprint(folder)
