"""A learner's work as one archive, which the next session brings back into whatever the course is by then.

In it are the files that differ from the course's and new ones beside them, and what they were made from; so notebooks
can be merged with a newer version. Of a home nothing is taken that is not in the folder of the course, and nothing that
begins with a dot. An archive may come from anybody: no name in it leads out of the folder, and no link is made.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import stat
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any

from . import record
from .content import NOTICE, Delivery
from .merge import merge, outline_of
from .placing import beside, hash_of, is_blocked, mine, put_bytes, remove
from .record import NOTEBOOK, Record, read_outline

ARCHIVE = "kept-work.zip"
MOST, LARGEST, WHOLE = 5_000, 100_000_000, 500_000_000  # files, bytes of one, bytes of all
_SAYS, _WORK, _FORMAT = "coursewright-keep.json", "work/", 1
_MADE = frozenset({"build", "__pycache__", "node_modules"})
_UNSEEN = re.compile(r"[\x00-\x1f\x7f\\:]")


class UnfitArchive(ValueError):
    """An archive that cannot be brought back: why."""


@dataclass(frozen=True)
class KeptWork:
    """What a learner has changed in a folder: files, those that are too large, and what is not there any more."""

    files: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    deleted: tuple[str, ...] = ()
    base: Record = field(default_factory=Record)


def folder_of(root: Path) -> Path:
    """The folder of the course at or below the one that a server shows."""
    return next((one for one in (root, root / "course") if (one / record.FILE).is_file()), root)


def name_of(folder: Path) -> str:
    """What the course in a folder is called, and where it is from: both stay from one edition to the next."""
    try:
        course = tomllib.loads((folder / "course.toml").read_text(encoding="utf-8"))["course"]
        said, address = str(course["title"]), str(course.get("url", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        said, address = folder.name, ""
    return f"{said} {address or os.environ.get('BINDER_REPO_URL', '')}".strip()


def work(folder: Path) -> KeptWork:
    """What the learner has changed, against what was put there, or against the last commit of a clone."""
    base = record.read(folder) if (folder / record.FILE).is_file() else _from_git(folder)
    files, left_out, size = list[str](), list[str](), 0
    for name in sorted(_names(folder)):
        found = hash_of(folder / name)
        if found in (base.put.get(name), base.beside.get(name)):
            continue
        long = (folder / name).stat().st_size
        if long > LARGEST or size + long > WHOLE or len(files) == MOST:
            left_out.append(name)
        else:
            files.append(name)
            size += long
    deleted = [name for name in base.put if mine(folder, name) is None]
    return KeptWork(tuple(files), tuple(left_out), tuple(sorted(deleted)), base)


def pack(folder: Path, found: KeptWork) -> bytes:
    """The work in a folder as an archive."""
    bases = {name: {"hash": found.base.put.get(name), "outline": found.base.outlines.get(name)} for name in found.files}
    gone = {name: found.base.put[name] for name in found.deleted}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_SAYS, json.dumps({"format": _FORMAT, "bases": bases, "deleted": gone}))
        for name in found.files:
            archive.writestr(zipfile.ZipInfo(_WORK + name, (1980, 1, 1, 0, 0, 0)), (folder / name).read_bytes())
    return made.getvalue()


def restore(data: bytes, folder: Path) -> Delivery:
    """Bring the work in an archive back into a folder; what is there has to give way to nothing, and is kept, too.

    Raises UnfitArchive before anything is written, OSError for a folder that cannot be written to.
    """
    files, bases, deleted = _read(data)
    known = record.read(folder)
    put_beside = dict(known.beside)
    new, kept, merged, removed = [], [], [], []
    for name, own in files.items():
        there, digest = mine(folder, name), hashlib.sha256(own).hexdigest()
        base = bases.get(name) or {}
        if there == digest:
            continue
        if is_blocked(folder, name) or there == "no file":
            kept.append((name, ""))
        elif there in (None, base.get("hash")):
            put_bytes(own, folder / name)
            new.append(name)
        elif (made := _merged(own, folder / name, base)) is not None:
            merged.append((name, made))
        else:
            place = beside(folder, name, there, put_beside)
            put_bytes((folder / name).read_bytes(), folder / place)
            put_bytes(own, folder / name)
            put_beside[place] = there
            kept.append((name, place))
    for name, digest in deleted.items():
        if mine(folder, name) == digest:
            remove(folder, name)
            removed.append(name)
    if (folder / record.FILE).is_file() and put_beside != known.beside:
        record.write(folder, replace(known, beside=put_beside))
    return Delivery(tuple(new), tuple(removed), tuple(kept), tuple(merged))


def _merged(own: bytes, file: Path, base: Mapping[str, Any]) -> tuple[str, ...] | None:
    """Merge kept work with the notebook that is there now; None where that cannot be done."""
    if file.suffix != NOTEBOOK:
        return None
    there = file.read_bytes()
    made = merge(read_outline(base.get("outline")), own, there)
    if made is None:
        return None
    if made.data != there:
        put_bytes(made.data, file)
    return made.beside


def _names(folder: Path) -> Iterator[str]:
    """The files of a folder that may be kept, by their paths in it."""
    for above, folders, files in os.walk(folder):
        folders[:] = sorted(one for one in folders if not one.startswith(".") and one not in _MADE)
        for name in files:
            path = Path(above, name)
            said = path.relative_to(folder).as_posix()
            is_own = not name.startswith(".") and said not in (ARCHIVE, NOTICE)
            if is_own and path.is_file() and not path.is_symlink() and _is_name(said):
                yield said


def _is_name(said: str) -> bool:
    """Whether a path can only lead to a file below a folder that can be seen."""
    parts = said.split("/")
    if PurePosixPath(said).as_posix() != said or _UNSEEN.search(said) or len(said) > 1000:
        return False
    return all(part and not part.startswith(".") for part in parts) and parts[0] not in _MADE


def _from_git(folder: Path) -> Record:
    """What a clone holds in its last commit; nothing where there is no git, or no clone."""
    try:
        command = ["git", "-C", str(folder), "archive", "--format=tar", "HEAD", "."]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - ours
    except OSError:
        return Record()
    if done.returncode:
        return Record()
    put, outlines = {}, {}
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        for member in archive:
            data = file.read() if (file := archive.extractfile(member)) else None
            if data is None or not member.isfile() or not _is_name(member.name):
                continue
            put[member.name] = hashlib.sha256(data).hexdigest()
            outline = outline_of(data) if member.name.endswith(NOTEBOOK) else None
            if outline:
                outlines[member.name] = outline.written()
    return Record(put, {}, outlines)


def _read(data: bytes) -> tuple[dict[str, bytes], dict[str, Any], dict[str, str]]:
    """The files of an archive, what they were made from, and what was deleted. Raises UnfitArchive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check(entries)
            said = json.loads(archive.read(_SAYS))
            names = [entry for entry in entries if entry.filename != _SAYS]
            files = {entry.filename.removeprefix(_WORK): archive.read(entry) for entry in names}
    except KeyError:
        raise UnfitArchive("it is an archive, but not one that %keep made") from None
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError, EOFError) as error:
        raise error if isinstance(error, UnfitArchive) else UnfitArchive(f"it cannot be read: {error}") from None
    if not isinstance(said, dict) or said.get("format") != _FORMAT:
        raise UnfitArchive("it is of another version of %keep")
    bases, deleted = said.get("bases"), said.get("deleted")
    if not isinstance(bases, dict) or not isinstance(deleted, dict) or not all(map(_is_name, deleted)):
        raise UnfitArchive("what it says of itself cannot be read")
    if not all(isinstance(base, dict) for base in bases.values()):
        raise UnfitArchive("what it says of itself cannot be read")
    return files, bases, deleted


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """Raise UnfitArchive for an archive that is too large, or has an entry that is no file of a course."""
    if len(entries) > MOST + 1 or sum(entry.file_size for entry in entries) > WHOLE + LARGEST:
        raise UnfitArchive(f"it is too large: more than {MOST} files, or {WHOLE // 10**6} MB")
    seen = set[str]()
    for entry in entries:
        name = entry.filename.removeprefix(_WORK)
        mode = stat.S_IFMT(entry.external_attr >> 16)
        is_known = entry.filename == _SAYS or (entry.filename.startswith(_WORK) and _is_name(name))
        if not is_known or mode not in (0, stat.S_IFREG) or entry.filename in seen or entry.file_size > LARGEST + 1:
            raise UnfitArchive(f"{entry.filename!r} in it is no file of a course")
        seen.add(entry.filename)
