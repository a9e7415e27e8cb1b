"""The course in a learner's home, `python3 -m runtime.content SOURCE FOLDER`, run as the learner at each start.

The image keeps the course where a volume does not hide it. What was put into the home is written down by its hash, so
that three versions of a file can be told apart: what was put there, what the learner made of it, what the image has
now. A file that both have changed stays the learner's, and the new one is put beside it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath

SOURCE = Path("/usr/share/coursewright/course")
NOTICE = "new-in-the-course.md"
_RECORD = ".coursewright-course.json"  # what was put into the folder, by its hash


@dataclass(frozen=True)
class Brought:
    """What became of the course in a home, by the names of files.

    `new` were put there, `removed` taken away since the course does not have them any more. In `kept` stand those that
    the learner has changed, with where the course's version is now: nowhere, where a link or a file is in its way.
    """

    new: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()


def bring(source: Path, to: Path) -> Brought:
    """Bring the course in `source`, where there is one, into the folder `to`.

    Raises OSError for a folder that cannot be written to: what was brought by then stays, and the next time goes on.
    """
    to.mkdir(parents=True, exist_ok=True)
    if not source.is_dir() or _is_somebodys(to):
        return Brought()
    put, beside = _read(to)
    there = {str(path.relative_to(source)): path for path in sorted(source.rglob("*")) if path.is_file()}
    hashes = {name: _hash(file) for name, file in there.items()}
    # 1. what the course does not have any more, first: a folder may now be where a file was
    removed = [name for name in put.keys() - hashes.keys() if _mine(to, name) == put[name]]
    for name in removed:
        _remove(to, name)
    # 2. what it has
    new, kept, now = [], [], dict(hashes)
    for name, wanted in hashes.items():
        mine = _mine(to, name)
        if wanted in (mine, put.get(name)):
            continue  # it is there; or the learner has changed, or deleted, what the course has not changed
        if mine is None or mine == put.get(name):
            _put(there[name], to / name)
            new.append(name)
            continue
        place = "" if _is_blocked(to, name) else _beside(to, name, wanted, beside)
        if place:
            _put(there[name], to / place)
            beside[place] = wanted
        else:
            now[name] = put.get(name, "")  # it is not there, and is tried again
        kept.append((name, place))
    _write(to, now, beside)
    return Brought(tuple(new), tuple(sorted(removed)), tuple(kept))


def notice(brought: Brought) -> str:
    """What a learner is told of files that both have changed, as Markdown; nothing where there are none."""
    if not brought.kept:
        return ""
    lines = [
        f"- `{name}`: yours is as you left it; the course's is `{place}`"
        if place
        else f"- `{name}`: the course's version could not be put beside it: a link or a file of yours is in its way"
        for name, place in brought.kept
    ]
    return "# New in the course\n\nYou have changed these files, and so has the course:\n\n" + "\n".join(lines) + "\n"


def _is_somebodys(to: Path) -> bool:
    """Whether the folder is mounted by itself, with something in it that was not put there: the author's own course."""
    if (to / _RECORD).exists() or not any(to.iterdir()):
        return False
    mounted = Path("/proc/self/mountinfo")
    lines = mounted.read_text(encoding="utf-8").splitlines() if mounted.exists() else []
    return str(to.resolve()) in (_unescaped(line.split(" ")[4]) for line in lines)


def _unescaped(path: str) -> str:
    """A path as the system's list of mounts has it: spaces and line breaks stand there in octal."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def _read(to: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What was put there, and beside; without a record every difference counts as the learner's."""
    try:
        said = json.loads((to / _RECORD).read_text(encoding="utf-8"))
        return dict(said["put"]), dict(said["beside"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}, {}


def _write(to: Path, put: Mapping[str, str], beside: Mapping[str, str]) -> None:
    new = to / f"{_RECORD}.new"
    new.write_text(json.dumps({"put": put, "beside": beside}, indent=1, sort_keys=True), encoding="utf-8")
    new.replace(to / _RECORD)


def _hash(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def _mine(to: Path, name: str) -> str | None:
    """The hash of a learner's file, None where nothing is, and what no file has for anything else."""
    if _is_blocked(to, name):
        return "in its way"
    file = to / name
    if file.is_file() and not file.is_symlink():
        return _hash(file)
    return "no file" if os.path.lexists(file) else None


def _is_blocked(to: Path, name: str) -> bool:
    """Whether one of the folders that a file belongs in is a link, or no folder: what it leads to is not ours."""
    folders = [to / one for one in _folders(name)]
    return any(one.is_symlink() or (one.exists() and not one.is_dir()) for one in folders)


def _folders(name: str) -> Iterator[PurePath]:
    yield from list(PurePath(name).parents)[:-1]


def _beside(to: Path, name: str, wanted: str, beside: Mapping[str, str]) -> str:
    """Where the course's version of a changed file goes: `a.new.ipynb`, or another where the learner has used that."""
    path = PurePath(name)
    for number in count(1):
        place = str(path.with_name(f"{path.stem}.new{'' if number == 1 else f'-{number}'}{path.suffix}"))
        if _mine(to, place) in (None, wanted, beside.get(place)):
            return place
    raise AssertionError("there are numbers enough")


def _remove(to: Path, name: str) -> None:
    """Take a file away, and the folders that are empty then."""
    (to / name).unlink()
    for folder in _folders(name):
        if any((to / folder).iterdir()):
            return
        (to / folder).rmdir()


def _put(file: Path, target: Path) -> None:
    """Copy a file whole, so that the learner can change it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f".{target.name}.coursewright")
    shutil.copyfile(file, new)
    new.chmod(0o755 if os.access(file, os.X_OK) else 0o644)
    new.replace(target)


def main(source: str, folder: str) -> int:
    """Bring the course; what became of it is said, and what is of the learner's concern put into a file, too."""
    try:
        brought = bring(Path(source), Path(folder))
        if text := notice(brought):
            (Path(folder) / NOTICE).write_text(text, encoding="utf-8")
    except OSError as error:
        _say(f"the course cannot be put into {folder}: {error}")
        return 1
    for name, place in brought.kept:
        _say(f"{name} was changed, and stays; the course's: {place or 'not there'}")
    return 0


def _say(text: str) -> None:
    print(f"coursewright: {text}", file=sys.stderr)  # noqa: T201 - the container's output


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
