"""Files inside zip and gzip: unpacked in a stream, within limits, under names of our own, whole or not at all."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.source import Source
from coursewright.tables.sources.opened import SourceFile

_PIECE = 1 << 20
_RATIO = 250  # text packs to a fifth or a tenth, and the most even of tables to a hundredth
_RATIO_COUNTS_FROM = 50_000_000  # bytes; what is small does no harm


def unpack(path: Path, source: Source, place: Place | None, *, kept: Path, limit: int) -> SourceFile:
    """The file that `path` is, or that is in it if it is a zip; gzip is left as it is, and noted.

    Raises CoursewrightError for a member that is not there or has to be chosen, and a zip that cannot be unpacked.
    """
    file = SourceFile(path.absolute(), _name(source, path), place, kept)
    ending = Path(file.name).suffix.lower()
    if ending != ".zip" and not (source.member and zipfile.is_zipfile(path)):
        if source.member:
            raise CoursewrightError(f'{file.name} is no zip, so it has no member "{source.member}"', place)
        return replace(file, packed=ending == ".gz")
    try:
        with zipfile.ZipFile(path) as archive:
            return _member(archive, file, source.member, limit)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError, RuntimeError) as error:
        raise file.broken(error) from None


def _name(source: Source, path: Path) -> str:
    """The name that the author knows: of what is fetched, the end of its address, without what may be secret."""
    if "://" not in source.file:
        return path.name
    name = re.split(r"[?#]", source.file.partition("://")[2])[0].rpartition("/")[2] or path.stem
    return (
        name if name.lower().endswith(path.suffix) else name + path.suffix
    )  # the answer said what the address did not


def gunzip(file: SourceFile, *, limit: int) -> SourceFile:
    """The same file, unpacked into its `kept` folder if it is packed by gzip.

    Raises CoursewrightError when it unpacks to more than `limit` bytes, or not at all.
    """
    if not file.packed:
        return file
    try:
        with file.open() as stream:
            pieces = _limited(stream, file.path.stat().st_size, limit, file)
            copy = keep(pieces, file.kept, (str(file.path),), version(file.path), f".{file.ending}")
    except (EOFError, zlib.error, OSError) as error:
        raise file.broken(error) from None
    return replace(file, path=copy, packed=False)


def keep(pieces: Iterator[bytes], folder: Path, what: tuple[str, ...], made: tuple[object, ...], suffix: str) -> Path:
    """The pieces as a file in `folder`, written only if it is not there yet; former ones of the same are removed.

    Its name is a hash of `what` it is and of what it is `made` from: no archive chooses where it is written.
    """
    prefix, rest = (hashlib.sha256(repr(part).encode()).hexdigest()[:16] for part in (what, made))
    copy = folder / f"{prefix}-{rest}{suffix if suffix[1:].isalnum() else ''}"
    if copy.exists():
        return copy
    folder.mkdir(parents=True, exist_ok=True)
    number, name = tempfile.mkstemp(dir=folder)
    try:
        with os.fdopen(number, "wb") as file:
            file.writelines(pieces)
        for former in folder.glob(f"{prefix}-*"):
            former.unlink(missing_ok=True)
        Path(name).replace(copy)
    finally:
        Path(name).unlink(missing_ok=True)
    return copy


def version(path: Path) -> tuple[object, ...]:
    """What changes when the file at `path` does."""
    about = path.stat()
    return about.st_size, about.st_mtime_ns


def _member(archive: zipfile.ZipFile, file: SourceFile, wanted: str, limit: int) -> SourceFile:
    found = _chosen(archive, file, wanted)
    member = replace(file, name=f"{found.filename} in {file.name}")
    if found.flag_bits & 0x1:
        hint = "unpack it yourself and name the file instead"
        raise CoursewrightError(f"{member.name} is encrypted", file.place, hint)
    suffix = Path(found.filename).suffix.lower()
    if suffix == ".zip":
        hint = "unpack the outer one yourself"
        raise CoursewrightError(f"{member.name} is a zip again, which is not opened", file.place, hint)
    _check(found.file_size, found.compress_size, limit, member)
    with archive.open(found) as stream:
        pieces = _limited(stream, found.compress_size, limit, member)
        made = (*version(file.path), found.CRC)
        copy = keep(pieces, file.kept, (str(file.path), found.filename), made, suffix)
    return replace(member, path=copy, packed=suffix == ".gz", within=found.filename)


def _chosen(archive: zipfile.ZipFile, file: SourceFile, wanted: str) -> zipfile.ZipInfo:
    members = {one.filename: one for one in archive.infolist() if not one.is_dir() and not _is_litter(one.filename)}
    if wanted:
        if wanted not in members:
            raise CoursewrightError(f'no "{wanted}" in {file.name}', file.place, did_you_mean(wanted, members))
        return members[wanted]
    if not members:
        raise CoursewrightError(f"there is no file in {file.name}", file.place, "check that it is whole")
    if len(members) > 1:
        hint = f'say which one: member = "{min(members)}". {did_you_mean("", members)}'
        raise CoursewrightError(f"{file.name} holds {len(members)} files", file.place, hint)
    return next(iter(members.values()))


def _is_litter(name: str) -> bool:
    """Whether it is what macOS and Windows leave in archives beside the files."""
    return name.startswith("__MACOSX/") or Path(name).name in (".DS_Store", "Thumbs.db")


def refuse_bomb(file: SourceFile, *, limit: int) -> None:
    """Raise CoursewrightError for a file that is a zip inside, such as .xlsx, and would unpack to too much."""
    try:
        with zipfile.ZipFile(file.path) as archive:
            size = sum(one.file_size for one in archive.infolist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return  # its reader says what is wrong
    _check(size, file.path.stat().st_size, limit, file)


def _limited(stream: IO[bytes], packed: int, limit: int, file: SourceFile) -> Iterator[bytes]:
    """The bytes of the stream, as long as they stay within the limits; what a header promises counts for nothing."""
    came = 0
    while piece := stream.read(_PIECE):
        came += len(piece)
        _check(came, packed, limit, file)
        yield piece


def _check(size: int, packed: int, limit: int, file: SourceFile) -> None:
    if size > limit:
        message = f"{file.name} unpacks to more than {limit / 1e9:,.3g} GB"
        raise CoursewrightError(message, file.place, "unpack it yourself and name the file instead, or raise the limit")
    if size > _RATIO_COUNTS_FROM and size > _RATIO * packed:
        hint = "data do not pack like this: it may be made to fill the disk"
        raise CoursewrightError(f"{file.name} unpacks to more than {_RATIO} times its size", file.place, hint)
