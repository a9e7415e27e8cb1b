"""The verb: look through what is to be public, before it leaves: licences, data, large files, secrets, people, paths.

What would do harm stops a publication; the rest is said. Of a secret and of a student nothing but the place is said.
"""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from coursewright.courses.building.build import build
from coursewright.courses.course import Course
from coursewright.courses.publishing.people import StudentNames, columns_of_people, read_names
from coursewright.courses.publishing.telltale import RULES, Telltale, addresses, tells
from coursewright.environments.targets import carried
from coursewright.errors import Place, Problem, SeveralProblems
from coursewright.git import POINTER
from coursewright.sites.runtimes import FOLDER as CARRIED

STOPPING = ("secrets", "students", "too-large", "absent")
_LARGE, _TOO_LARGE = 50_000_000, 100_000_000
_POINTER = 1024  # bytes that a pointer of Git LFS has at the most
_READ = 20_000_000  # bytes of a text that are looked through
_DATA = re.compile(r"\.(?:csv|tsv|parquet|feather|arrow|xlsx?|xlsb|ods|sqlite|db|geojson)", re.IGNORECASE)
_CODE = re.compile(r"\.(?:py|r|rmd|md|toml|ya?ml|ini|cfg|env|sh|sql|json|txt)", re.IGNORECASE)
_TOLD = ("notice", "licence", "license", "readme", "citation", "datapackage", "copying", "sources")


@dataclass(frozen=True)
class Audience:
    """What is to be public: how many files and bytes, and what is wrong with it."""

    files: int
    size: int
    problems: tuple[Problem, ...] = field(default=())

    @property
    def stopping(self) -> list[Problem]:
        """What would do harm."""
        return [one for one in self.problems if one.rule in STOPPING]

    @property
    def warnings(self) -> list[str]:
        """What its author should know, each on a line."""
        others = (one for one in self.problems if one.rule not in STOPPING)
        return [f"warning: {one.message} ({one.where}): {one.hint}" for one in others]


def look_through(course: Course, files: Mapping[str, Path | bytes]) -> Audience:
    """Look through `files`, by their paths, which somebody could read once they are published.

    What the course has accepted, in `[publish] accept`, is left out.
    """
    names = _names(course)
    found = [*_of_course(course, files)]
    for path, file in files.items():
        found += [(path, problem) for problem in _of_file(course, path, file, names)]
    accepted = course.settings.publish.accepted
    problems = (one for path, one in found if not any(_is_accepted(said, one.rule, path) for said in accepted))
    return Audience(len(files), sum(map(_size, files.values())), tuple(dict.fromkeys(problems)))


def would_be_public(course: Course) -> Audience:
    """Look through all that any publication takes: the course's own files, and what is built from them."""
    built = build(course).folder
    files: dict[str, Path | bytes] = {}
    for folder, below in (("site", ""), ("markdown", "markdown/"), ("notebooks", "notebooks/")):
        for file in sorted((built / folder).rglob("*")):
            if file.is_file():
                files[f"{below}{file.relative_to(built / folder).as_posix()}"] = file
    own = carried(course.root, course.settings.environment.leave_out)
    return look_through(course, files | {file.as_posix(): course.root / file for file in own})


def check_audience(course: Course, files: Mapping[str, Path | bytes]) -> list[str]:
    """What is to be said of files that are about to be published. Raises SeveralProblems for what would do harm."""
    audience = look_through(course, files)
    if audience.stopping:
        raise SeveralProblems(audience.stopping)
    return audience.warnings


def _names(course: Course) -> StudentNames:
    own = course.settings.publish
    return (
        read_names(course.root / own.students, course.place("publish", "students")) if own.students else StudentNames()
    )


def _is_accepted(said: str, rule: str, path: str) -> bool:
    wanted, _, pattern = said.partition(" ")
    return wanted == rule and fnmatch.fnmatchcase(path, pattern.strip() or "*")


def _of_course(course: Course, files: Mapping[str, Path | bytes]) -> Iterator[tuple[str, Problem]]:
    """Licences: the course's, and those of its data."""
    if not course.site.licence:
        message = "nothing says under which licence others may use the course"
        yield "course.toml", Problem(message, course.place("course"), RULES["licence"], "licence")
    own = course.settings.publish.students
    for path in files:
        if own and (course.root / own).resolve() == (course.root / path).resolve():
            place = Place(course.root / path)
            yield path, Problem("the list of students would be public", place, "leave it out", "students")
    folders: dict[PurePosixPath, list[str]] = {}
    for file in map(PurePosixPath, files):
        if _DATA.fullmatch(file.suffix) and not _is_told(file, files):
            folders.setdefault(file.parent, []).append(file.name)
    for folder, names in folders.items():
        what = f"{names[0]} is" if len(names) == 1 else f"its {len(names)} files of data are"
        message = f"nothing says whose {what}, and under which licence"
        yield str(folder / names[0]), Problem(message, Place(course.root / folder), RULES["data"], "data")


def _is_told(path: PurePosixPath, files: Mapping[str, Path | bytes]) -> bool:
    """Whether a file beside data, or in a folder above it, is one that says where data come from."""
    folders = [folder for folder in path.parents if folder != PurePosixPath(".")] or [PurePosixPath(".")]
    beside = (PurePosixPath(other) for other in files)
    return any(other.parent in folders and other.name.lower().startswith(_TOLD) for other in beside)


def _of_file(course: Course, path: str, file: Path | bytes, names: StudentNames) -> Iterator[Problem]:
    place = course.root / path if (course.root / path).is_file() else (file if isinstance(file, Path) else Path(path))
    size = _size(file)
    if size >= _LARGE:
        rule = "too-large" if size > _TOO_LARGE else "large"
        yield Problem(f"{path} has {size / 1e6:.0f} MB", Place(place), RULES[rule], rule)
    if size < _POINTER and (file.read_bytes() if isinstance(file, Path) else file).startswith(POINTER):
        yield Problem(f"{path} is not here: Git LFS keeps it", Place(place), RULES["absent"], "absent")
        return
    if PurePosixPath(path).parts[0] == CARRIED:  # what browsers run on, which is the same for everybody
        return
    for header in _header(path, file):
        columns = ", ".join(f'"{name}"' for name in columns_of_people(header))
        if columns:
            yield Problem(f"a column holds students: {columns}", Place(place, 1), RULES["students"], "students")
    text = _text(file) if size <= _READ else ""
    if path.endswith(".ipynb"):
        yield from _of_notebook(text, place, names)
    elif text:
        is_code = _CODE.fullmatch(PurePosixPath(path).suffix) is not None
        yield from _of_text(text, place, "", names, is_code=is_code)


def _size(file: Path | bytes) -> int:
    return file.stat().st_size if isinstance(file, Path) else len(file)


def _of_text(
    text: str, place: Path, part: str, names: StudentNames, *, is_code: bool, is_output: bool = False
) -> Iterator[Problem]:
    """What a text gives away, each with its line, or with the part of a notebook that it is in."""
    found = [*tells(text, is_code=is_code), *(addresses(text) if is_output else ())]
    found += [Telltale("students", "the name of a student", line) for line in names.lines(text)]
    for one in found:
        message = f"{one.what} is a path of one machine" if one.rule == "paths" else f"{one.what} would be public"
        where = Place(place, None, part) if part else Place(place, one.line)
        yield Problem(message, where, RULES[one.rule], one.rule)


def _of_notebook(text: str, place: Path, names: StudentNames) -> Iterator[Problem]:
    try:
        cells = json.loads(text)["cells"]
    except (ValueError, KeyError, TypeError):
        return
    for number, cell in enumerate(cells, 1):
        source = _joined(cell.get("source", ""))
        yield from _of_text(source, place, f"cell {number}", names, is_code=True)
        for output in cell.get("outputs", ()):
            said = "\n".join(_said(output))
            part = f"the output of cell {number}"
            yield from _of_text(said, place, part, names, is_code=False, is_output=True)


def _said(output: Mapping[str, object]) -> Iterator[str]:
    """What an output says in words; pictures say nothing here."""
    yield _joined(output.get("text", ""))
    yield _joined(output.get("traceback", ""))
    data = output.get("data")
    for kind, value in data.items() if isinstance(data, dict) else ():
        if kind.startswith("text/") or kind.endswith("json"):
            yield _joined(value) if isinstance(value, str | list) else json.dumps(value)


def _joined(said: object) -> str:
    return "".join(map(str, said)) if isinstance(said, list) else str(said)


def _text(file: Path | bytes) -> str:
    """The text of a file; nothing for one that is none."""
    content = file.read_bytes() if isinstance(file, Path) else file
    try:
        return "" if b"\0" in content[:8192] else content.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _header(path: str, file: Path | bytes) -> Iterator[list[str]]:
    """The names of the columns of a file of data."""
    suffix = PurePosixPath(path).suffix.lower()
    if suffix in (".csv", ".tsv"):
        text = _text(file).partition("\n")[0]
        yield [name.strip().strip('"') for name in text.split("\t" if suffix == ".tsv" else ",")]
    elif suffix == ".parquet" and isinstance(file, Path):
        from pyarrow import ArrowException
        from pyarrow.parquet import read_schema

        try:
            yield list(read_schema(file).names)
        except (ArrowException, OSError):
            return
