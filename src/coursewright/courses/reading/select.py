"""The files of `tables/`: each a SELECT, which may say in what dialect it is written and how it grows with time."""

from __future__ import annotations

from pathlib import Path

import msgspec

from coursewright import settings
from coursewright.errors import CoursewrightError, Place
from coursewright.tables import DerivedTable, Sql
from coursewright.tables.statements import known_dialect


class _Front(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The front matter that a file of `tables/` may have."""

    dialect: str = ""
    cumulative: bool = False
    latest: tuple[str, ...] = ()


def read_derived(file: Path) -> DerivedTable:
    """The table that a file of `tables/` makes. Raises CoursewrightError for front matter that does not fit."""
    text = settings.read_text(file)
    front = settings.split_front_matter(text, file, opening="/*---", closing="---*/")
    if front is None:
        return DerivedTable(file.stem, Sql(text, file).one)
    said = settings.read_toml(front.text, _Front, file, front.first_line)
    dialect = known_dialect(said.dialect, Place(file, front.first_line, "dialect")) if said.dialect else ""
    if said.latest and not said.cumulative:
        place = Place(file, front.first_line + (settings.line_of(front.text, ("latest",)) or 0), "latest")
        raise CoursewrightError("`latest` is of a cumulative table", place, "write cumulative = true beside it")
    sql = Sql(front.body, file, front.body_line, dialect).one
    return DerivedTable(file.stem, sql, said.cumulative, said.latest)
