"""What the magics of a notebook work with: the course around it, and the notebook's own variables."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from types import NoneType
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright.courses import Course, find_course, open_course
from coursewright.courses.reading import Present, empty_course, present
from coursewright.errors import CoursewrightError
from coursewright.pages import Materials, Page, open_page
from coursewright.tables import Database, Sql

if TYPE_CHECKING:
    import pyarrow as pa

_SCALAR = (str, int, float, bool, date, Decimal, NoneType)
_READ = ("data", "tables")  # the folders that a database is made from


@dataclass(frozen=True)
class AskingMaterials(Materials):
    """The materials of one magic, which keep the rows of what is asked of the tables; `present` are its parameters."""

    present: Present = field(default_factory=lambda: Present({}, {}, {}))
    rows: list[pa.Table] = field(default_factory=list)

    def query(self, sql: Sql) -> pa.Table:
        """The rows of `sql`."""
        found = super().query(sql)
        self.rows.append(found)
        return found


def asking(course: Course, database: Database, now: Present) -> AskingMaterials:
    """The materials of a magic in a course, with its parameters as they are now."""
    return AskingMaterials(
        course.root,
        database,
        now.values,
        course.settings.timeline,
        now.set_,
        course.site.language,
        declared=now.declared,
        present=now,
    )


class Session:
    """The course that a notebook stands in, opened again only when its files have changed.

    Of the notebook of a page, `given` are the values of its parameters, and the variables that are called as those in
    `hidden` are none of its code's. In any other notebook `given` is None.
    """

    def __init__(self) -> None:
        self.given: dict[str, Any] | None = None
        self.hidden: frozenset[str] = frozenset()
        self._file: Path | None = None
        self._page: Page | None = None
        self._seen: Any = None
        self._database: Database | None = None
        self._course: Course | None = None

    def stand_at(self, file: Path | None, given: Mapping[str, Any], hidden: frozenset[str]) -> None:
        """Be the notebook of the page in `file`, if that is known, with these values for its parameters."""
        self.given = {**(self.given or {}), **given}
        self._file, self.hidden = file, self.hidden | hidden

    def let(self, variables: MutableMapping[str, Any], name: str, value: Any) -> None:
        """Let a parameter have a value from now on, and the variable that is called so."""
        if self.given is not None:
            self.given[name] = value
        if name not in self.hidden:
            variables[name] = value

    def close(self) -> None:
        """Let go of the database, before the process ends."""
        self._database = self._course = None

    @cached_property
    def _folder(self) -> tempfile.TemporaryDirectory[str]:
        """Where frames of the notebook are, as files, until it ends."""
        return tempfile.TemporaryDirectory(prefix="coursewright-notebook-")

    def materials(self, variables: Mapping[str, Any], text: str) -> AskingMaterials:
        """What a magic works with, in whose cell `text` stands; the course is that of the present folder.

        Numbers, texts, dates and None among `variables` are parameters, in the notebook of a page only where that has
        none of their name. Data frames that `text` names are tables, unless the course has a table of that name.
        Raises CoursewrightError for a course that is wrong.
        """
        course, database = self._open()
        words = frozenset(re.findall(r"[^\W\d]\w*", text))
        frames = {name: value for name, value in frames_among(variables) if name not in database.tables}
        named = {name: value for name, value in frames.items() if name in words}
        if meant := named.keys() | _nearly(frames, words):
            database = self._with(course, named, meant)
        now = present(course, dict(scalars(variables)), self.given, self._page)
        return asking(course, database, now)

    def _open(self) -> tuple[Course, Database]:
        here = Path.cwd()
        root = find_course(here)
        seen = (root or here, *_states(root, self._file)) if root else (here,)
        if self._course is None or self._database is None or seen != self._seen:
            self._course = open_course(root) if root else empty_course(here)
            self._page = open_page(self._file, self._course.root) if root and self._file else None
            self._database, self._seen = self._course.database(), seen
        return self._course, self._database

    def _with(self, course: Course, frames: Mapping[str, Any], meant: Collection[str]) -> Database:
        """A database in which frames of the notebook are tables as well; it knows all names that may be `meant`."""
        from pyarrow import feather

        tables: dict[str, Any] = dict(course.settings.tables)
        tables |= {name: str(Path(self._folder.name) / f"{name}.feather") for name in meant}
        for name, frame in frames.items():
            feather.write_feather(_rows(name, frame), tables[name])
        return replace(course, settings=msgspec.structs.replace(course.settings, tables=tables)).database()


def _states(root: Path, page: Path | None) -> Iterator[tuple[str, int, int]]:
    """The files that a course, its tables and a page are made from, and when each was written."""
    own = [page] if page else []
    files = [*own, root / "course.toml", *(file for name in _READ for file in sorted((root / name).rglob("*")))]
    for file in files:
        if file.is_file():
            state = file.stat()
            yield str(file), state.st_mtime_ns, state.st_size


def scalars(variables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The variables that can be parameters, by their names."""
    for name, value in variables.items():
        if not name.startswith("_"):
            plain = value.item() if type(value).__module__ == "numpy" and getattr(value, "shape", None) == () else value
            if isinstance(plain, _SCALAR):
                yield name, plain


def frames_among(variables: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The variables that are frames, by their names: not what IPython keeps under names of its own."""
    for name, value in variables.items():
        if not name.startswith("_") and _is_frame(value):
            yield name, value


def _nearly(frames: Iterable[str], words: Iterable[str]) -> set[str]:
    """The frames that may be meant where a word is called nearly so."""
    known = list(frames)
    return {near for word in words if known for near in get_close_matches(word, known, n=1)}


def _is_frame(value: Any) -> bool:
    """Whether it has rows and named columns, of whatever library: all of them speak Arrow's protocol."""
    return hasattr(value, "__arrow_c_stream__") and hasattr(value, "columns")


def _rows(name: str, frame: Any) -> pa.Table:
    import pyarrow as pa

    try:
        if type(frame).__module__.startswith("pandas"):
            named = [level for level in frame.index.names if level is not None]
            return pa.Table.from_pandas(frame.reset_index() if named else frame, preserve_index=False)
        return pa.table(frame)
    except (pa.ArrowException, TypeError, ValueError) as error:
        said = str(error).split("\n")[0]
        message, hint = f'the variable "{name}" is no table: {said}', "give each column one kind of values"
        raise CoursewrightError(message, None, hint) from None
