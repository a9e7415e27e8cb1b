"""One session with a server: its tables, the course's own beside them, and statements that only read."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.servers import mariadb, others, postgresql, sqlite
from coursewright.tables.servers.holding import held
from coursewright.tables.servers.results import Beyond, as_arrow
from coursewright.tables.sources._databases import unreachable
from coursewright.tables.sources._databases.address import Address, parse
from coursewright.tables.statements.dialects import Translation
from coursewright.tables.statements.sql import Sql
from coursewright.zone import UTC

if TYPE_CHECKING:
    import pyarrow as pa

_KINDS: dict[str, Any] = {"postgresql": postgresql, "mysql": mariadb, "sqlite": sqlite}


@dataclass(eq=False)
class ServerSession:
    """A connection that is made when it is first needed, and the temporary tables in it."""

    address: Address
    timezone: str = UTC
    _columns: dict[str, dict[str, str]] = field(default_factory=dict)
    _loaded: dict[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> Any:
        """The module for this kind of server."""
        return _KINDS.get(self.address.kind, others)

    @property
    def takes_rows(self) -> bool:
        """Whether rows can be put into temporary tables."""
        return self.kind is not others

    @property
    def dialect(self) -> str:
        """SQLGlot's name of the server's SQL."""
        return str(self.kind.DIALECT or others.DIALECTS.get(self.address.kind, self.address.kind))

    @property
    def rules(self) -> tuple[Any, ...]:
        """What SQLGlot leaves to be said otherwise for this server."""
        rules: tuple[Any, ...] = self.kind.RULES
        return rules

    @cached_property
    def connection(self) -> Any:
        """The driver's connection. Raises CoursewrightError if there can be none."""
        connection = self.kind.connect(self.address, self.timezone)
        weakref.finalize(self, connection.close)
        return connection

    @cached_property
    def tables(self) -> dict[str, str]:
        """The server's own tables, and the schema of each."""
        found: dict[str, str] = self.kind.tables(self.connection, self.address)
        return found

    @property
    def own_text(self) -> str:
        """How a text of the server's own tables is compared byte by byte, whatever its collation is."""
        return str(self.kind.own_text(self.connection))

    @property
    def own_double(self) -> str:
        """How a floating number of the server's own tables is read with all its digits."""
        return str(self.kind.OWN_DOUBLE)

    def held(self, name: str) -> dict[str, str]:
        """The columns of one of the server's own tables, and their types in DuckDB's words."""
        found: dict[str, str] = self.kind.held(self.connection, name, self.schema(name))
        return found

    def columns(self, name: str) -> dict[str, str]:
        """The columns of a table and their types."""
        if name not in self._columns:
            self._columns[name] = self.kind.columns(self.connection, name, self.schema(name))
        return self._columns[name]

    def schema(self, name: str) -> str:
        """The schema that a table is in."""
        return self._loaded.get(name) or self.tables[name]

    def has(self, name: str) -> bool:
        """Whether the rows of a table of the course are there already."""
        return name in self._loaded

    def load(self, name: str, rows: pa.Table, place: Place | None = None) -> pa.Table:
        """The rows as they are in a temporary table, which hides one of the server's own with that name.

        Raises CoursewrightError at `place` for what the server cannot hold as it is.
        """
        self._refuse_instants(name, rows)
        rows = held(rows, name=name, dialect=self.dialect, place=place)
        self._columns.pop(name, None)
        self._loaded[name] = self.kind.load(self.connection, name, rows)
        return rows

    @property
    def is_far(self) -> bool:
        """Whether rows go over a wire."""
        return self.kind is not sqlite

    @property
    def keeps_rows(self) -> bool:
        """Whether what a statement gives can be put into a temporary table without coming here."""
        return hasattr(self.kind, "keep")

    def keep(self, name: str, statement: Translation, values: Mapping[str, Any], sql: Sql, schema: pa.Schema) -> None:
        """Put what a statement gives into a temporary table, without fetching it; `schema` are its columns.

        Raises CoursewrightError with the place of `sql`, from which it was made.
        """
        import pyarrow as pa

        text = statement.written(self.kind.parameter, percent=True)
        bound = {name: values[name] for name in statement.parameters}
        columns = {field.name: pa.types.is_integer(field.type) for field in schema}
        try:
            self._loaded[name] = self.kind.keep(self.connection, name, columns, text, bound)
        except Exception as error:  # noqa: BLE001 - every driver has errors of its own
            raise self._problem(error, sql) from None

    def _refuse_instants(self, name: str, rows: pa.Table) -> None:
        """An instant is a day and a time only in a zone, and not every server knows another than UTC."""
        if self.timezone == UTC or self.kind is postgresql:
            return
        for column in rows.schema:
            if getattr(column.type, "tz", None):
                message = f'"{column.name}" of "{name}" holds instants, which {self.address.kind} has in UTC alone'
                hint = f'take out timezone = "{self.timezone}", or use PostgreSQL'
                raise CoursewrightError(message, Place("course.toml", part="[course] timezone"), hint)

    def run(
        self, statement: Translation, values: Mapping[str, Any], sql: Sql, schema: pa.Schema | None = None
    ) -> pa.Table:
        """The rows of a statement, with the names and types of `schema` where it is known.

        Raises CoursewrightError with the place of `sql`, from which it was made.
        """
        text = statement.written(self.kind.parameter, percent=self.kind.PERCENT)
        bound = {name: values[name] for name in statement.parameters}
        cursor = self.connection.cursor()
        try:
            cursor.execute(text, bound) if bound or self.kind.PERCENT else cursor.execute(text)
            names = [column[0] for column in cursor.description]
            rows = cursor.fetchall()
        except Exception as error:  # noqa: BLE001 - every driver has errors of its own
            raise self._problem(error, sql) from None
        finally:
            cursor.close()
        try:
            return as_arrow(names, rows, schema)
        except Beyond as error:
            kind = schema.field(str(error)).type if schema else "the type it has in DuckDB"
            message = f'SQL: "{error}" has a value that is beyond {kind}, or lost digits in the server'
            raise CoursewrightError(message, sql.place(), f"CAST it to a wider type; {self.address.shown}") from None

    def _problem(self, error: Exception, sql: Sql) -> CoursewrightError:
        told = self.kind.said(error)
        if told is None:
            problem = unreachable.gone(self.address).problem
            return CoursewrightError(problem.message, sql.place(), problem.hint)
        return CoursewrightError(f"SQL: {self.address.hidden(told)}", sql.place(), f"said by {self.address.shown}")


def open_session(url: str, *, place: Place | None, root: Path, timezone: str = UTC) -> ServerSession:
    """A session with the server at `url`. Raises CoursewrightError for a URL that is none; nothing is opened yet."""
    return ServerSession(parse(url, place=place, root=root), timezone)
