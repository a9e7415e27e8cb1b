"""Parquet files that appear together when all of them are whole, or not at all."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

from coursewright.errors import CoursewrightError

_ROWS = 1 << 17  # of a group
_BYTES = 1 << 26
_PACKING = "zstd"


class Files:
    """Files of one folder, which are written in a folder of their own inside it until `publish` moves them up."""

    def __init__(self, folder: Path, *, replace: bool) -> None:
        self.folder = folder
        self._replace = replace
        self._made = [path for path in (folder, *folder.parents) if not path.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        self._temporary = Path(tempfile.mkdtemp(dir=folder, prefix=".dump-"))
        self._sinks: dict[str, _Sink] = {}

    def __enter__(self) -> Files:
        """The files; what is not published by the end is gone."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove what was not published, and the folders that were made for it."""
        for sink in self._sinks.values():
            sink.abandon()
        shutil.rmtree(self._temporary, ignore_errors=True)
        for path in self._made if kind else ():
            with contextlib.suppress(OSError):  # somebody else may have put something there
                path.rmdir()

    def open(self, name: str, schema: Any) -> None:
        """Begin NAME.parquet. Raises CoursewrightError when it is there already."""
        self._refuse(name)
        self._sinks[name] = _Sink(self._temporary / f"{name}.parquet", schema)

    def add(self, name: str, columns: list[Any]) -> None:
        """More rows of NAME.parquet."""
        self._sinks[name].add(columns)

    def rest(self, name: str) -> None:
        """Write what is in memory of NAME.parquet: its rows are likely to be over."""
        self._sinks[name].rest()

    def has_twice(self, name: str, columns: tuple[str, ...]) -> bool:
        """Whether two rows of NAME.parquet are alike in all of these columns, as MySQL compares texts, none missing."""
        import pyarrow as pa
        import pyarrow.compute as pc
        import pyarrow.parquet as pq

        self._sinks[name].close()
        rows = pq.read_table(self._sinks[name].path, columns=list(columns)).drop_null()
        for at, field in enumerate(rows.schema):
            if pa.types.is_string(field.type):  # by most collations neither capitals nor accents make a difference
                text = pc.utf8_normalize(pc.utf8_lower(rows.column(at)), "NFKD")
                text = pc.utf8_rtrim_whitespace(pc.replace_substring_regex(text, r"\p{Mn}", ""))
                rows = rows.set_column(at, field.name, text)
        return bool(rows.group_by(list(columns)).aggregate([]).num_rows < rows.num_rows)

    def publish(self) -> Iterator[tuple[str, Path, int]]:
        """Move all files to where they belong; gives their names, places and numbers of rows."""
        moved: list[tuple[Path, Path]] = []
        for name, sink in self._sinks.items():
            sink.close()
            self._refuse(name)
        try:
            for name, sink in self._sinks.items():
                target, kept = self.folder / sink.path.name, self._temporary / f"{name}.before"
                if target.exists():
                    target.rename(kept)
                moved.append((target, kept))
                sink.path.rename(target)
        except BaseException:
            for target, kept in moved:
                target.unlink(missing_ok=True)
                if kept.exists():
                    kept.rename(target)
            raise
        return ((name, self.folder / sink.path.name, sink.rows) for name, sink in self._sinks.items())

    def _refuse(self, name: str) -> None:
        target = self.folder / f"{name}.parquet"
        if target.is_dir() or (target.exists() and not self._replace):
            hint = "name another folder with --output, or add --replace"
            raise CoursewrightError(f'"{target}" is there already: nothing was written', None, hint)


class _Sink:
    """A file that is being written, in groups of rows that fit into memory.

    It is open only while rows come, since a dump may have more tables than a process may have open files: rows that
    come later go into another part, and the parts are put together at the end.
    """

    def __init__(self, path: Path, schema: Any) -> None:
        self.path, self.rows = path, 0
        self._schema = schema
        self._writer: Any = None
        self._parts: list[Path] = []
        self._waiting: list[Any] = []
        self._size = self._count = 0

    def add(self, columns: list[Any]) -> None:
        import pyarrow as pa

        batch = pa.RecordBatch.from_arrays(columns, schema=self._schema)
        self._waiting.append(batch)
        self._count += batch.num_rows
        self._size += batch.nbytes
        if self._count >= _ROWS or self._size >= _BYTES:
            self._flush()

    def rest(self) -> None:
        if self._waiting:
            self._flush()
        self.abandon()

    def close(self) -> None:
        import pyarrow.parquet as pq

        if self.path.exists():
            return
        if self._waiting or not self._parts:
            self._flush()
        self.abandon()
        if len(self._parts) == 1:
            self._parts[0].rename(self.path)
            return
        with pq.ParquetWriter(self.path, self._schema, compression=_PACKING) as whole:
            for part in self._parts:
                with pq.ParquetFile(part) as file:
                    for group in range(file.num_row_groups):
                        whole.write_table(file.read_row_group(group))

    def abandon(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._writer is None:
            self._parts.append(self.path.with_suffix(f".{len(self._parts)}"))
            self._writer = pq.ParquetWriter(self._parts[-1], self._schema, compression=_PACKING)
        self._writer.write_table(pa.Table.from_batches(self._waiting, self._schema), row_group_size=2 * _ROWS)
        self.rows += self._count
        self._waiting, self._count, self._size = [], 0, 0
