"""The files of `tables/`: each a SELECT, which may say in what dialect it is written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from coursewright import settings
from coursewright.errors import Place
from coursewright.tables import Sql
from coursewright.tables.dialects import known_dialect


class _Front(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The front matter that a file of `tables/` may have."""

    dialect: str


def read_select(file: Path) -> Sql:
    """The SELECT of a derived table. Raises CoursewrightError for front matter that does not fit."""
    text = settings.read_text(file)
    front = settings.split_front_matter(text, file, opening="/*---", closing="---*/")
    if front is None:
        return Sql(text, file)
    said = settings.read_toml(front.text, _Front, file, front.first_line)
    return Sql(front.body, file, front.body_line, known_dialect(said.dialect, Place(file, front.first_line, "dialect")))
