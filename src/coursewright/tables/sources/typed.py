"""A view of rows that are read as texts, each column of the type that all its values are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import forms, markers, typing
from coursewright.tables.sources.noticed import noticed
from coursewright.tables.sources.opened import Lazy, SourceFile, text
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import duckdb

_ROWS, _CELLS = 5_000, 1_000_000  # by which types are proposed, whichever is less
_NUMBERS = ("BIGINT", "HUGEINT", "DOUBLE", "DECIMAL")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Texts:
    """Rows of texts: the names of their columns, and `rows`, what SQL reads them from.

    `again` is given what DuckDB said when it failed to read them; it gives the same rows read with more care, or raises
    CoursewrightError. With `comma`, a comma may be the sign before the fraction of a number. `only` says of columns
    that they are "numbers", "times", "text" or "nested", when the file has types of its own. With `points`, a point
    may stand between thousands. `few` reads the same rows in the way that is the quickest for the first of them.
    """

    names: tuple[str, ...]
    rows: str
    again: Callable[[str], Texts]
    comma: bool = False
    points: bool = False
    only: Mapping[str, str] = field(default_factory=dict)
    few: str = ""


@dataclass(frozen=True, slots=True)
class TypedView:
    """The view called `view` of `texts`, the rows of `file`; `notes` say what was assumed of the file itself.

    `columns` are those wanted, with their types when the rows were looked at: the first, or all if `sure`.
    """

    connection: duckdb.DuckDBPyConnection
    view: str
    file: SourceFile
    texts: Texts
    options: ReadOptions
    notes: tuple[str, ...] = ()
    columns: tuple[typing.TextColumn, ...] = ()
    sure: bool = False

    def open(self) -> Lazy:
        """Make the view. Raises CoursewrightError for a fault of the file, and a value that is not of the said type."""
        import duckdb

        self.options.check_columns(self.texts.names, self.file.name, self.file.place)
        try:
            with sampled(self.connection, self.texts) as (rows, whole):
                typed = self._proposed(rows, whole=whole)
                checked = not whole and typed.has_checks(rows)
        except duckdb.Error as error:
            return self.mended(str(error))
        return typed.made(checked=str(self.file.path)) if checked else typed.settled()

    def mended(self, said: str) -> Lazy:
        """The view after DuckDB failed to read it and `said` why: by the types of all rows, or of rows read anew.

        Raises CoursewrightError when the file itself is at fault.
        """
        if not self.sure and self.columns and (typing.MISTYPED in said or said.startswith("Conversion Error")):
            return self.settled()
        return replace(self, texts=self.texts.again(said), columns=(), sure=False).open()

    def settled(self) -> Lazy:
        """The view by the types of all rows, which are looked at if they were not yet."""
        import duckdb

        if self.sure:
            return self.made()
        try:
            found = typing.count_forms(self.connection, self.texts.rows, self.columns, self.options)
            return self._decided(self.texts.rows, found, sure=True).made()
        except duckdb.Error as error:
            return self.mended(str(error))

    def made(self, *, checked: str = "") -> Lazy:
        """The view by the types as they are known; `checked` is what it says when a value is of another."""
        columns = typing.selected(self.columns, self.options, checked=checked)
        self.connection.execute(f"CREATE OR REPLACE VIEW {self.view} AS SELECT {columns} FROM {self.texts.rows}")
        return Lazy(self.file, self.mended, replace(self, sure=True).made if checked else None, self.noticed)

    def noticed(self) -> tuple[str, ...]:
        """What was assumed of the rows, and what their columns look like without being it."""
        texts = self.texts
        found = noticed(self.connection, texts.rows, self.columns, self.options, points=texts.points)
        return (*self.notes, *found)

    def has_checks(self, rows: str) -> bool:
        """Whether a view can check its values as it reads them: the types are plain, and the first `rows` pass."""
        said = self.options.thousands or self.options.decimal or self.options.dates or self.options.types
        known = all(column.type != "VARCHAR" or column.is_text for column in self.columns)
        return not said and known and typing.passes(self.connection, rows, self.columns, self.options)

    def _proposed(self, rows: str, *, whole: bool) -> TypedView:
        """With the types of the first `rows`, which may be the `whole` of them."""
        wanted = replace(self, columns=typing.columns(self.texts.names, self.options, self.texts.only))
        found = typing.count_forms(self.connection, rows, wanted.columns, self.options)
        typed = wanted._decided(rows, found, sure=whole)
        if not self.texts.comma or self.options.decimal:
            return typed
        options = msgspec.structs.replace(self.options, decimal=",")
        comma = replace(wanted, options=options, notes=(*self.notes, _COMMA))
        found = typing.count_forms(self.connection, rows, wanted.columns, options)
        comma = comma._decided(rows, found, sure=whole)
        more = [new for old, new in zip(typed.columns, comma.columns, strict=True) if _is_number(new, old)]
        fewer = [new for old, new in zip(typed.columns, comma.columns, strict=True) if _is_number(old, new)]
        return comma if len(more) > len(fewer) and self._has_fractions(rows, more) else typed

    def _has_fractions(self, rows: str, columns: list[typing.TextColumn]) -> bool:
        """Whether some comma is surely no sign of thousands: there are not three digits behind it."""
        found = " OR ".join(
            f"regexp_full_match({quote(one.theirs)}, '.*,([0-9]{{1,2}}|[0-9]{{4,}}) *')" for one in columns
        )
        ((some,),) = self.connection.execute(f"SELECT coalesce(bool_or({found}), false) FROM {rows}").fetchall()
        return bool(some)

    def _decided(self, rows: str, found: Mapping[str, typing.Forms], *, sure: bool) -> TypedView:
        columns = typing.decide(self.connection, rows, self.columns, found, self.options)
        if sure:
            for column in columns:
                self._refuse_others(rows, column, found[column.theirs])
            if isinstance(self.options.dates, str) and self.options.dates and any(found.values()):
                self._refuse_no_dates(columns)
        return replace(self, columns=columns, sure=sure)

    def _refuse_others(self, rows: str, column: typing.TextColumn, found: typing.Forms) -> None:
        """Raise CoursewrightError when not all values of a column are what the course says of it."""
        said = column.said or (isinstance(self.options.dates, dict) and column.dates)
        if not said or not column.is_text or column.said == "text":
            return
        value, form = quote(column.theirs), column.form(quote(column.theirs), self.options)
        fits = forms.DATED if column.dates else None
        others = [one for one in found if (one != fits if fits else one == forms.OTHER)] or [*found]
        listed = ", ".join(map(text, others))
        select = f"SELECT DISTINCT {value} FROM {rows} WHERE {form} IN ({listed}) ORDER BY 1 LIMIT {_SHOWN + 1}"
        texts = [one for (one,) in self.connection.execute(select).fetchall()]
        count, of = sum(found[one] for one in others), sum(found.values())
        what = f'by "{column.dates}"' if column.dates and not column.said else f"as {column.said}"
        message = f'"{column.ours}" of {self.file.name} cannot be read {what}: {count:,} of {of:,} values are others, '
        message += ", ".join(f'"{one}"' for one in texts[:_SHOWN]) + (", …" if len(texts) > _SHOWN else "")
        raise CoursewrightError(message, self.file.place, markers.remedy(texts[:_SHOWN], column.ours))

    def _refuse_no_dates(self, columns: tuple[typing.TextColumn, ...]) -> None:
        if not any(column.is_dated for column in columns):
            message = f'no column of {self.file.name} has only dates like "{self.options.dates}"'
            hint = f'to see which value is another, say the column: dates = {{ day = "{self.options.dates}" }}'
            raise CoursewrightError(message, self.file.place, hint)


def _is_number(column: typing.TextColumn, other: typing.TextColumn) -> bool:
    """Whether a column is numbers and another, the same read otherwise, is not."""
    return column.type.startswith(_NUMBERS) and not other.type.startswith(_NUMBERS)


_COMMA = 'the comma in numbers was taken for the decimal sign: decimal = ","'


@contextmanager
def sampled(connection: duckdb.DuckDBPyConnection, texts: Texts) -> Iterator[tuple[str, bool]]:
    """The first rows as a table of their own, by its name, and whether they are all."""
    upto = max(min(_ROWS, _CELLS // len(texts.names)), 1)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE _first_rows AS SELECT * FROM {texts.few or texts.rows} LIMIT {upto}"
    )
    try:
        ((count,),) = connection.execute("SELECT count(*) FROM _first_rows").fetchall()
        yield "_first_rows", count < upto
    finally:
        connection.execute("DROP TABLE IF EXISTS _first_rows")
