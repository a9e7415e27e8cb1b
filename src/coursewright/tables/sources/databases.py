"""Rows from a database: the query runs there, in the server's own SQL, and its rows come in Arrow batches.

PostgreSQL and SQLite are read by ADBC, MySQL and MariaDB by ConnectorX, whatever else SQLAlchemy knows by its dialect.
A driver that would make something else of a type is told to send it as text, or as a number: docs/guides/databases.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._databases import mysql, others, postgresql, sqlite
from coursewright.tables.sources._databases.address import parse
from coursewright.tables.sources._databases.statement import statement

if TYPE_CHECKING:
    import pyarrow as pa

_READERS = {"postgresql": postgresql.read, "mysql": mysql.read, "sqlite": sqlite.read}


def read(
    url: str, query: str, parameters: Mapping[str, Any] | None = None, *, place: Place | None, root: Path | None = None
) -> pa.RecordBatchReader:
    """The rows of one SELECT in the database at `url`, in batches of some 65,000; memory does not grow with the rows.

    `url` is written as SQLAlchemy writes it, `scheme://user:${PASSWORD}@host:port/database`; a `${NAME}` in it stands
    for a variable of the environment. `:name` in `query` stands for a value of `parameters`. `root` is the folder that
    the path of an SQLite file starts from. Columns have the types that docs/guides/databases.md lists.

    Raises CoursewrightError, also in the middle of the rows, when the server does; nothing in it is secret. MissingPart
    when the driver is not installed.
    """
    if not query.strip():
        hint = 'for instance: { database = "postgresql://…/shop", query = "select * from stock" }'
        raise CoursewrightError('a table from a database needs a "query"', place, hint)
    address = parse(url, place=place, root=root or Path())
    reader = _READERS.get(address.kind, others.read)
    return reader(address, statement(query, parameters or {}, kind=address.kind, place=place))


def file(url: str, root: Path) -> Path | None:
    """The file that an address names, if it is a file's: rows of one are read anew, and no copy of them is kept."""
    scheme, _, path = url.partition("://")
    if scheme.partition("+")[0] != "sqlite":
        return None
    return root / unquote(path.removeprefix("/").partition("?")[0])


def asked(url: str, query: str, parameters: Mapping[str, Any]) -> str:
    """What tells one table's rows from another's: address, query, and the parameters that it names."""
    values = {name: value for name, value in sorted(parameters.items()) if f":{name}" in query}
    return "\n".join([url, query, *(f":{name} = {value!r}" for name, value in values.items())])
