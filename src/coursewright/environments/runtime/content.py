"""The course in a learner's home, `python3 -m runtime.content SOURCE FOLDER`, run as the learner at each start.

The image keeps the course where a volume does not hide it. What was put into the home is written down by its hash, so
that three versions of a file can be told apart: what was put there, what the learner made of it, what the image has
now. Of a notebook that both have changed the cells are merged; any other such file stays the learner's, and the new one
is put beside it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .merge import merge
from .placing import beside, hash_of, is_blocked, mine, put, put_bytes, remove
from .record import FILE, NOTEBOOK, Record, outline_as_json, read, write

SOURCE = Path("/usr/share/coursewright/course")
NOTICE = "new-in-the-course.md"


@dataclass(frozen=True)
class Delivery:
    """What became of the course in a home, by the names of files.

    `new` were put there, `removed` taken away since the course does not have them any more. In `kept` stand those that
    the learner has changed, with where the course's version is now: nowhere, where a link or a file is in its way. In
    `merged` stand notebooks of both, with the first lines of cells of which the course's version stands beside.
    """

    new: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    kept: tuple[tuple[str, str], ...] = ()
    merged: tuple[tuple[str, tuple[str, ...]], ...] = ()


def bring(source: Path, to: Path) -> Delivery:
    """Bring the course in `source`, where there is one, into the folder `to`.

    Raises OSError for a folder that cannot be written to: what was brought by then stays, and the next time goes on.
    """
    to.mkdir(parents=True, exist_ok=True)
    if not source.is_dir() or _is_somebodys(to):
        return Delivery()
    last = read(to)
    there = {str(path.relative_to(source)): path for path in sorted(source.rglob("*")) if path.is_file()}
    hashes = {name: hash_of(file) for name, file in there.items()}
    # 1. what the course does not have any more, first: a folder may now be where a file was
    removed = [name for name in last.put.keys() - hashes.keys() if mine(to, name) == last.put[name]]
    for name in removed:
        remove(to, name)
    # 2. what it has
    new, kept, merged, now, known = [], [], [], dict(hashes), dict(last.beside)
    for name, wanted in hashes.items():
        own, before = mine(to, name), last.put.get(name)
        if wanted in (own, before):
            continue  # it is there; or the learner has changed, or deleted, what the course has not changed
        if own in (None, before):
            put(there[name], to / name)
            new.append(name)
        elif (lines := _merge(there[name], to, name, last)) is not None:
            merged.append((name, lines))
        else:
            place = "" if is_blocked(to, name) else beside(to, name, wanted, known)
            if place:
                put(there[name], to / place)
                known[place] = wanted
            else:
                now[name] = last.put.get(name, "")  # it is not there, and is tried again
            kept.append((name, place))
    write(to, Record(now, known, _outlines(there, hashes, now, last)))
    return Delivery(tuple(new), tuple(sorted(removed)), tuple(kept), tuple(merged))


def _merge(file: Path, to: Path, name: str, last: Record) -> tuple[str, ...] | None:
    """Merge the course's `file` into the learner's notebook; None where that cannot be done."""
    if not name.endswith(NOTEBOOK) or is_blocked(to, name) or not (to / name).is_file() or (to / name).is_symlink():
        return None
    own = (to / name).read_bytes()
    made = merge(last.outline(name), own, file.read_bytes())
    if made is None:
        return None
    if made.data != own:
        put_bytes(made.data, to / name)
    return made.beside


def _outlines(
    there: Mapping[str, Path], hashes: Mapping[str, str], now: Mapping[str, str], last: Record
) -> dict[str, Any]:
    """The outlines of all notebooks as they are put now."""
    outlines = {}
    for name, file in there.items():
        outline = last.outlines.get(name)
        if now[name] == hashes[name] and (outline is None or now[name] != last.put.get(name)):
            outline = outline_as_json(file)
        if outline is not None:
            outlines[name] = outline
    return outlines


def notice(brought: Delivery) -> str:
    """What a learner is told of files that both have changed, as Markdown; nothing where there are none."""
    lines = [
        f"- `{name}`: yours is as you left it; the course's is `{place}`"
        if place
        else f"- `{name}`: the course's version could not be put beside it: a link or a file of yours is in its way"
        for name, place in brought.kept
    ]
    for name, cells in brought.merged:
        listed = "".join(f"\n  - `{cell}`" for cell in cells)
        said = f"; the course's versions of these cells stand beside yours:{listed}" if cells else ""
        lines.append(f"- `{name}`: what is new in the course is in it, and all of yours{said}")
    if not lines:
        return ""
    return "# New in the course\n\nYou have changed these files, and so has the course:\n\n" + "\n".join(lines) + "\n"


def _is_somebodys(to: Path) -> bool:
    """Whether the folder is mounted by itself, with something in it that was not put there: the author's own course."""
    if (to / FILE).exists() or not any(to.iterdir()):
        return False
    mounted = Path("/proc/self/mountinfo")
    lines = mounted.read_text(encoding="utf-8").splitlines() if mounted.exists() else []
    return str(to.resolve()) in (_unescaped(line.split(" ")[4]) for line in lines)


def _unescaped(path: str) -> str:
    """A path as the system's list of mounts has it: spaces and line breaks stand there in octal."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), path)


def main(source: str, folder: str) -> int:
    """Bring the course, and say what became of it."""
    try:
        tell(bring(Path(source), Path(folder)), Path(folder))
    except OSError as error:
        say(f"the course cannot be put into {folder}: {error}")
        return 1
    return 0


def tell(brought: Delivery, folder: Path) -> None:
    """Say what became of the course, and put what is of the learner's concern into a file, too."""
    if text := notice(brought):
        (folder / NOTICE).write_text(text, encoding="utf-8")
    for name, place in brought.kept:
        say(f"{name} was changed, and stays; the course's: {place or 'not there'}")
    for name, cells in brought.merged:
        twice = f"; {len(cells)} of its cells stand there twice" if cells else ""
        say(f"{name} was changed, and has what is new in the course, too{twice}")


def say(text: str) -> None:
    """Say something in the container's output."""
    print(f"coursewright: {text}", file=sys.stderr)  # noqa: T201 - the container's output


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
