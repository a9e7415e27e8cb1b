"""The verb: make the rows of a table readable in the embedded database, wherever they come from."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.tables.copies import Copy
from coursewright.tables.kept import Kept
from coursewright.tables.secrets import shown
from coursewright.tables.source import Source
from coursewright.tables.sources import databases, files, html, web
from coursewright.tables.table import Table, quote

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def load(
    connection: duckdb.DuckDBPyConnection, table: Table, *, root: Path, kept: Kept, parameters: Mapping[str, Any]
) -> files.Lazy | None:
    """Make `table` a view in `connection`: of a file, of a page, or of what a database gave.

    `root` is the folder that paths start from, `parameters` are those that a query may name. The value is for
    `files.mend`: some faults of a file show only when its rows are read. Raises CoursewrightError for a source that
    cannot be had or read.
    """
    name, source = quote(table.name), table.source
    path, copy = found(table, root=root, kept=kept, parameters=parameters)
    if source.kind == "html":
        _register(connection, table.name, _page(path, copy, table))
        return None
    if source.kind == "database" and not copy:
        with _read(table, parameters, root) as rows:
            _register(connection, table.name, rows.read_all())
        return None
    if source.kind == "database":
        source = Source(file=path.name, format="arrow")
    unpacked, limit = kept.folder / "unpacked", max(files.LIMIT, kept.fetch.bytes)
    return files.attach(connection, name, path, source, table.place, kept=unpacked, limit=limit)


def found(table: Table, *, root: Path, kept: Kept, parameters: Mapping[str, Any]) -> tuple[Path, Copy | None]:
    """The file that `table` is read from, and what is known of it if it is a kept copy."""
    source, place = table.source, table.place
    copy: Copy | None = None
    if source.kind == "database":
        itself = databases.file(source.database, root)
        if itself:  # part of the course, and changes with it
            kept.local(
                itself.relative_to(root).as_posix() if itself.is_relative_to(root) else str(itself), itself, place
            )
            return itself, None
        key = databases.asked(source.database, source.query, parameters)
        about = f"the query of {table.name} at {shown(source.database)}"
        copy = kept.rows(key, about, place, lambda: _read(table, parameters, root))
    elif web.is_address(source.address):
        copy = kept.file(source.address, place, "html" if source.kind == "html" else source.format)
    if copy:
        return kept.path(copy), copy
    path = root / source.address
    if not path.is_file():
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*"))) if path.parent.is_dir() else ""
        raise CoursewrightError(f'no file "{source.address}" for the table "{table.name}"', place, near)
    kept.local(source.address, path, place)
    return path, None


def _read(table: Table, parameters: Mapping[str, Any], root: Path) -> pa.RecordBatchReader:
    return databases.read(table.source.database, table.source.query, parameters, place=table.place, root=root)


def _page(path: Path, copy: Copy | None, table: Table) -> pa.Table:
    """The table of a page that the course wants."""
    source = table.source
    if isinstance(source.table, str) and source.table:
        raise CoursewrightError('"table" of a page is its number, from 1', table.place, "leave it out, or use `match`")
    wanted = html.Wanted(
        match=source.match,
        table=source.table or None,
        header=source.header,
        fill_down=source.fill_down,
        columns=source.columns,
        links=source.links,
        text=source.text,
        foot=source.foot,
    )
    return html.read_html(
        path.read_bytes(),
        wanted,
        shown=shown(source.address),
        charset=copy.charset or None if copy else None,
        base=copy.final if copy else "",
        place=table.place,
    )


def _register(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    inner = "_rows_" + hashlib.sha256(name.encode()).hexdigest()[:16]  # register() takes only plain names
    connection.register(inner, rows)
    connection.execute(f"CREATE OR REPLACE VIEW {quote(name)} AS SELECT * FROM {inner}")
