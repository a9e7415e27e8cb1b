"""The verb behind `coursewright import`: a bank's questions into a folder, all of them or none."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from errno import EEXIST
from itertools import count
from pathlib import Path

from coursewright.errors import CoursewrightError, Place, UsageError
from coursewright.names import Names, alike, file_name
from coursewright.questions.export import File
from coursewright.questions.importers._bank import Bank, Draft

_SHOWN = re.compile(r"(?<!\\)\]\(([\w.-]+)\)")  # the name of a picture in a text


def keep_bank(bank: Bank, folder: Path, *, force: bool = False) -> tuple[Path, ...]:
    """Write the question files of `bank`, and the pictures and sounds beside them, into `folder`; they are returned.

    What is in the folder stays as it is: a picture gets another name where its own is taken. With `force` question
    files of the same names are replaced, and nothing else. Everything is written aside first and takes its place then,
    so an error leaves the folder as it was. Raises UsageError for a question file that is there already, and
    CoursewrightError for what cannot be written.
    """
    if folder.exists() and not folder.is_dir():
        raise UsageError(f'"{folder}" is a file, not a folder', None, "name a folder after --output")
    _check(bank)
    there = {alike(each.name): each for each in folder.iterdir()} if folder.is_dir() else {}
    for draft in bank.questions:
        _free(folder / f"{draft.name}.md", there, force=force)
    names = _names({file.path: file.data for draft in bank.questions for file in draft.files}, there)
    drafts = [_renamed(draft, names) for draft in bank.questions]
    files = {f"{draft.name}.md": draft.text.encode() for draft in drafts}
    files |= {file.path: file.data for draft in drafts for file in draft.files if alike(file.path) not in there}
    with _saying(folder):
        folder.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(prefix=".import-", dir=folder))
        try:
            for name, data in files.items():
                (aside / name).write_bytes(data)
            _exchange(aside, folder, list(files))
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    return tuple(folder / name for name in files)


def _check(bank: Bank) -> None:
    """Raise CoursewrightError for a name that no importer should give."""
    names = Names()
    for number, draft in enumerate(bank.questions):
        if names.holder(file_name(f"{draft.name}.md"), str(number)) != str(number):
            raise CoursewrightError(f'two questions are called "{draft.name}"')
        for file in draft.files:
            file_name(file.path)


def _free(file: Path, there: dict[str, Path], *, force: bool) -> None:
    """Raise UsageError where a question file has no place of its own."""
    other = there.get(alike(file.name))
    if other is None:
        return
    if not force:
        raise UsageError(f'"{file.parent / other.name}" is there already', None, "name another folder, or add --force")
    if other.name != file.name or other.is_symlink() or not other.is_file():
        what = "is a link" if other.is_symlink() else "is a folder" if other.is_dir() else "has the same name"
        raise UsageError(f'"{other}" {what}, and is not written over', None, "name another folder")


def _names(files: Mapping[str, bytes], there: Mapping[str, Path]) -> dict[str, str]:
    """For each picture and sound a name that is free, or that of a file in which the same is already."""
    taken = set(map(alike, files))
    names = {}
    for path, data in files.items():
        for name in _numbered(path):
            other = there.get(alike(name))
            if other is None and (name == path or alike(name) not in taken):
                names[path] = name
                break
            if other is not None and _holds(other, data):
                names[path] = other.name
                break
        taken.add(alike(names[path]))
    return names


def _numbered(path: str) -> Iterator[str]:
    stem, _, ending = path.rpartition(".")
    yield path
    yield from (f"{stem}-{number}.{ending}" for number in count(2))


def _holds(file: Path, data: bytes) -> bool:
    """Whether a file of the user's is no link and holds the same."""
    return file.is_file() and not file.is_symlink() and file.read_bytes() == data


def _renamed(draft: Draft, names: Mapping[str, str]) -> Draft:
    """The draft with other names for its pictures and sounds, in its text too."""
    text = _SHOWN.sub(lambda found: f"]({names.get(found[1], found[1])})", draft.text)
    return replace(draft, text=text, files=tuple(File(names[file.path], file.data) for file in draft.files))


@contextmanager
def _saying(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        said = f"the questions cannot be written: {error.strerror or error}"
        raise CoursewrightError(said, Place(folder), "nothing was changed there") from error


def _exchange(aside: Path, folder: Path, names: Sequence[str]) -> None:
    """Put the files that stand `aside` into `folder`; what an error comes in between of is taken back."""
    kept = aside / "kept"
    kept.mkdir()
    with ExitStack() as back:
        for name in names:
            target = folder / name
            if target.exists():
                target.rename(kept / name)
                back.callback(os.replace, kept / name, target)
            _place(aside / name, target)
            back.callback(target.unlink)
        back.pop_all()


def _place(file: Path, target: Path) -> None:
    """Give a file its name, never that of another one, even if it has just come."""
    try:
        os.link(file, target)
    except FileExistsError:
        raise
    except OSError:  # not every file system has two names for a file
        if os.path.lexists(target):
            raise FileExistsError(EEXIST, os.strerror(EEXIST), target) from None
        file.rename(target)
