"""The verb: make the rows of a table readable in the embedded database, wherever they come from."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.fetching.copies import Copy
from coursewright.tables.fetching.kept import CopyStore
from coursewright.tables.fetching.secrets import shown
from coursewright.tables.source import Source
from coursewright.tables.sources import databases, encodings, files, html, native, web
from coursewright.tables.sources.options import ReadOptions
from coursewright.tables.sources.taken_in import taken_in
from coursewright.tables.table import Table, quote

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def load(
    connection: duckdb.DuckDBPyConnection, table: Table, *, root: Path, kept: CopyStore, parameters: Mapping[str, Any]
) -> files.Lazy | None:
    """Make `table` a view in `connection`: of a file, of a page, or of what a database gave.

    `root` is the folder that paths start from, `parameters` are those that a query may name. The value is for
    `files.mend`: some faults of a file show only when its rows are read. Raises CoursewrightError for a source that
    cannot be had or read.
    """
    name, source = quote(table.name), table.source
    path, copy = found(table, root=root, kept=kept, parameters=parameters)
    if source.kind == "html":
        return _attach_page(connection, table, path, copy, kept)
    if source.kind == "database" and not copy:
        with _read(table, parameters, root) as rows:
            _register(connection, table.name, rows.read_all())
        return None
    if source.kind == "database":
        source = Source(file=path.name, format="arrow")
    unpacked, limit = kept.folder / "unpacked", max(files.LIMIT, kept.fetch.bytes)
    lazy = files.attach(connection, name, path, source, table.place, kept=unpacked, limit=limit)
    return taken_in(connection, name, lazy) if lazy else None


def found(table: Table, *, root: Path, kept: CopyStore, parameters: Mapping[str, Any]) -> tuple[Path, Copy | None]:
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
        rows = Source(file="rows", format="arrow")
        copy = kept.rows(
            key, about, place, lambda: _read(table, parameters, root), partial(_refuse_unreadable, rows, place, kept)
        )
    elif web.is_address(source.address):
        if source.kind == "html":
            copy = kept.file(source.address, place, "html")
        else:
            copy = kept.file(source.address, place, source.format, partial(_refuse_unreadable, source, place, kept))
    if copy:
        return kept.path(copy), copy
    path = root / source.address
    if not path.is_file():
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*"))) if path.parent.is_dir() else ""
        raise CoursewrightError(f'no file "{source.address}" for the table "{table.name}"', place, near)
    kept.local(source.address, path, place)
    return path, None


def _refuse_unreadable(source: Source, place: Place | None, kept: CopyStore, path: Path, whole: bool) -> None:
    """Raise CoursewrightError for a file that no reader can make anything of; what else is wrong is for later.

    One that has to be `whole` is right to its last row.
    """
    import duckdb

    if not whole:  # an option may be missing, and be said when the copy has been looked at
        source = Source(file=source.file, format=source.format, member=source.member, encoding=source.encoding)
    limit = max(files.LIMIT, kept.fetch.bytes)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        try:
            lazy = files.attach(connection, "came", path, source, place, kept=Path(folder), limit=limit)
            if whole and lazy:
                _read_whole(connection, {"came": lazy})
        except files.UnreadableFile:
            raise
        except CoursewrightError:
            if whole:
                raise


def _read_whole(connection: duckdb.DuckDBPyConnection, lazy: dict[str, files.Lazy]) -> None:
    """Read all rows once. Raises CoursewrightError for a fault further down than the first of them."""
    import duckdb

    while True:
        try:
            connection.execute(f"SELECT count(COLUMNS(*)) FROM {next(iter(lazy))}").fetchall()
        except duckdb.Error as error:
            if not files.mend(lazy, error):
                return  # which is for later
        else:
            return


def _read(table: Table, parameters: Mapping[str, Any], root: Path) -> pa.RecordBatchReader:
    return databases.read(table.source.database, table.source.query, parameters, place=table.place, root=root)


def _attach_page(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, copy: Copy | None, kept: CopyStore
) -> files.Lazy | None:
    """Make `table` a view of a table on the page at `path`."""
    source = table.source
    rows, notes = _page(path, copy, table)
    inner = _registered(connection, table.name, rows)
    options = ReadOptions()
    if source.types or source.dates:  # all else is seen to while the page is read
        ours = {theirs: own for own, theirs in source.columns.items()}
        options = ReadOptions(
            types={ours.get(name, name): kind for name, kind in source.types.items()},
            text=tuple(ours.get(name, name) for name in source.text),
            dates={ours.get(name, name): form for name, form in source.dates.items()}
            if isinstance(source.dates, dict)
            else source.dates,
            decimal=source.decimal,
            thousands=source.thousands,
        )
    file = files.SourceFile(path, shown(source.address), table.place, kept.folder / "unpacked")
    return native.attach(connection, quote(table.name), file, inner, options, form="HTML", notes=notes)


def _read_as(source: Source) -> dict[str, Any]:
    """How a page's values are read; those of which more is said than a page's own rules know are texts at first."""
    own = tuple(source.types) + (tuple(source.dates) if isinstance(source.dates, dict) else ())
    return {
        "text": tuple(dict.fromkeys((*source.text, *own))),
        "decimal": source.decimal,
        "thousands": source.thousands,
        "missing": source.missing or (),
        "skip": source.skip,
    }


def _page(path: Path, copy: Copy | None, table: Table) -> html.HtmlRows:
    """The table of a page that the course wants."""
    source = table.source
    if isinstance(source.table, str) and source.table:
        raise CoursewrightError('"table" of a page is its number, from 1', table.place, "leave it out, or use `match`")
    wanted = html.HtmlSpec(
        **_read_as(source),
        match=source.match,
        table=source.table or None,
        header=source.header,
        fill_down=source.fill_down,
        columns=source.columns,
        links=source.links,
        foot=source.foot,
        alt=source.alt,
    )
    page, charset = path.read_bytes(), copy.charset or None if copy else None
    if source.encoding:
        page, charset = encodings.recoded(page, source.encoding, shown(source.address), table.place), "utf-8"
    return html.read_html(
        page,
        wanted,
        shown=shown(source.address),
        charset=charset,
        base=copy.final if copy else "",
        place=table.place,
    )


def _register(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> None:
    inner = _registered(connection, name, rows)
    connection.execute(f"CREATE OR REPLACE VIEW {quote(name)} AS SELECT * FROM {inner}")


def _registered(connection: duckdb.DuckDBPyConnection, name: str, rows: pa.Table) -> str:
    """The name by which the rows of a table can be read."""
    inner = "_rows_" + hashlib.sha256(name.encode()).hexdigest()[:16]  # register() takes only plain names
    connection.register(inner, rows)
    return inner
