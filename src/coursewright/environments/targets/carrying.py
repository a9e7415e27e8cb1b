"""What of a course goes into an image: its own files, and nothing that was meant for nobody else."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.environments.shipped import shipped
from coursewright.environments.tier import Tier
from coursewright.environments.written import TierFile
from coursewright.errors import MissingPart, Place, Problem, SeveralProblems

if TYPE_CHECKING:
    import pathspec

MADE = ("build", "__pycache__")  # from the course, and made again
KEPT = Path("data/.cache")  # copies of tables, without which a course needs the network


def carried(course: Path, leave_out: Sequence[str] = ()) -> list[Path]:
    """The files of a course that go into its image, relative to its folder and in order.

    What git ignores stays out, what the patterns `leave_out` of the same kind name, what is made from the course, and
    what begins with a dot. Raises SeveralProblems for what would carry something else: a link that leads out of the
    course, to what is left out, to a folder or nowhere, a file that only its owner may read or get to, and what is no
    file at all.
    """
    rules = [*_rules_above(course), (course, _rules(leave_out))]
    files = sorted(chain(_files(course, course, rules), _everything(course / KEPT)))
    is_private = _is_private(course / "course.toml")  # whose files are all private has said nothing by it
    own = {file.resolve() for file in files if not file.is_symlink()}
    problems = [problem for file in files if (problem := _problem(course, file, own, private_too=is_private))]
    if problems:
        raise SeveralProblems(problems)
    return [file.relative_to(course) for file in files]


def expanded(copies: Mapping[str, tuple[Path, str]]) -> Iterator[tuple[str, Path, bool]]:
    """Every file of the files and folders that are copied: its path there, the file, whether it can be executed."""
    for path, (source, mode) in copies.items():
        for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
            inside = file.relative_to(source)
            if file.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in inside.parts):
                runs = os.access(file, os.X_OK) or bool(mode and int(mode, 8) & 0o100)
                yield (f"{path}/{inside.as_posix()}" if source.is_dir() else path), file, runs


def of_tiers(course: Path, tiers: Iterable[Tier]) -> Iterator[Problem]:
    """What tiers would bring that was meant for nobody else: what git ignores, and what only its owner may read.

    What a tier names by itself is meant, and with a `mode` whoever may read it.
    """
    course, known = course.resolve(), set()
    if any(tier.folder.resolve().is_relative_to(course) for tier in tiers):
        known = set(_files(course, course, [*_rules_above(course), (course, _rules(()))]))
    is_private = _is_private(course / "course.toml")
    for one in shipped(tiers):
        if not one.source.is_relative_to(course):
            continue
        where, name = one.tier.place("files", one.name), one.source.relative_to(course)
        named = {(one.tier.folder / file).resolve(): said for file, said in one.tier.written.files.items()}
        said = named.get(one.source)
        has_mode = isinstance(said, TierFile) and bool(said.mode)
        if not said and one.source not in known:
            message = f'git ignores {name}, and the tier "{one.tier.name}" brings it with "{one.name}"'
            yield Problem(message, where, "take it out of there, or name it in [files] by itself", "files")
        elif _is_private(one.source) and not is_private and not has_mode:
            message = f"only you can read {name}, and in an image everybody could"
            yield Problem(message, where, "take it out, or name it in [files] by itself, with a `mode`", "files")


def _rules(lines: Sequence[str]) -> pathspec.GitIgnoreSpec:
    try:
        import pathspec
    except ImportError:
        hint = 'pip install "coursewright[environments]"'
        raise MissingPart("what goes into an image is chosen with pathspec", None, hint) from None
    return pathspec.GitIgnoreSpec.from_lines(lines)


def _rules_above(course: Path) -> Iterator[tuple[Path, pathspec.GitIgnoreSpec]]:
    """The rules of the repository that the course is in, from its folder down to the one above the course."""
    course = course.resolve()
    repository = next((folder for folder in (course, *course.parents) if (folder / ".git").exists()), None)
    if repository is None:
        return
    yield from _rules_of(repository, repository / ".git/info/exclude")
    for folder in reversed(course.parents):
        if folder.is_relative_to(repository):
            yield from _rules_of(folder, folder / ".gitignore")


def _rules_of(folder: Path, file: Path) -> Iterator[tuple[Path, pathspec.GitIgnoreSpec]]:
    if file.is_file():
        yield folder, _rules(file.read_text(encoding="utf-8", errors="replace").splitlines())


def _files(course: Path, folder: Path, rules: Sequence[tuple[Path, pathspec.GitIgnoreSpec]]) -> Iterator[Path]:
    own = [*_rules_of(folder, folder / ".gitignore")]
    # What a course itself leaves out stands last, and is asked first.
    rules = [*rules[:-1], *own, rules[-1]]
    for path in folder.iterdir():
        is_folder = path.is_dir() and not path.is_symlink()
        if path.name.startswith(".") or path.name in MADE or _is_ignored(path, rules, is_folder=is_folder):
            continue
        if is_folder:
            yield from _files(course, path, rules)
        else:
            yield path


def _everything(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())


def _is_ignored(path: Path, rules: Sequence[tuple[Path, pathspec.GitIgnoreSpec]], *, is_folder: bool) -> bool:
    """Whether the last rule that says anything of it says so."""
    place = path.parent.resolve() / path.name
    for folder, rule in reversed(rules):
        name = str(place.relative_to(folder.resolve()))
        said = rule.check_file(f"{name}/" if is_folder else name).include
        if said is not None:
            return said
    return False


def _problem(course: Path, file: Path, own: Set[Path], *, private_too: bool) -> Problem | None:
    out = "take it away, or leave it out: [environment] leave_out = [" + f'"{file.relative_to(course)}"' + "]"
    if file.is_symlink() and (message := _wrong_link(course, file.resolve(), own)):
        return Problem(message, Place(file), out)
    if not stat.S_ISREG(file.stat().st_mode):
        return Problem("it is no file, and cannot go into an image", Place(file), out)
    if _is_private(file) and not private_too:
        mode = stat.S_IMODE(file.stat().st_mode)
        message = f"only you can read it (its mode is {mode:04o}), and in an image everybody could"
        return Problem(message, Place(file), f"{out}, or let others read it here, too: chmod go+r")
    closed = next((one for one in _folders(course, file) if not one.stat().st_mode & 0o011), None)
    if closed and not private_too:
        mode = stat.S_IMODE(closed.stat().st_mode)
        message = f"only you can get to it ({closed.name} has the mode {mode:04o}), and in an image everybody could"
        return Problem(message, Place(file), f"{out}, or let others into the folder here, too: chmod go+rx")
    return None


def _wrong_link(course: Path, target: Path, own: Set[Path]) -> str:
    """What is wrong with a link to `target`; nothing where it leads to one of the course's `own` files."""
    if not target.exists():
        return "a link that leads nowhere cannot go into an image"
    if not target.is_relative_to(course.resolve()):
        return f"a link out of the course, to {target}, does not go into an image"
    if target.is_dir():
        return "a link to a folder cannot go into an image"
    return "" if target in own else f"a link to what is left out, {target}, does not go into an image"


def _folders(course: Path, file: Path) -> Iterator[Path]:
    """The folders of a course in which a file is, from the nearest on, without the course's own."""
    return (one for one in file.parents if one.is_relative_to(course) and one != course)


def _is_private(file: Path) -> bool:
    return file.exists() and not stat.S_IMODE(file.stat().st_mode) & 0o044
