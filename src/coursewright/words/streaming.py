"""Tells a file of rows into another file without ever holding the whole of either."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from coursewright.errors import CoursewrightError, Place
from coursewright.outputs import whole, whole_folder
from coursewright.tables.sources import web
from coursewright.words.far import RowsPiece, TellOrder, told_far
from coursewright.words.folders import files_of, refuse_others
from coursewright.words.readying import names_of, ready
from coursewright.words.teller import BATCH
from coursewright.words.telling import in_order

if TYPE_CHECKING:
    import pyarrow as pa

    from coursewright.words.grammar import Grammar
    from coursewright.words.teller import Teller
    from coursewright.workers import Workers

_KINDS = ".parquet, .csv"


class TextLines(Protocol):
    """What texts alone are written to: standard output, say."""

    def write(self, text: str, /) -> Any:
        """Take a line with its end."""


def tell_file(
    grammar: Grammar,
    rows: str | Path,
    output: str | Path | TextLines,
    rule: str = "origin",
    *,
    seed: int | str = 0,
    key: str | Sequence[str] | None = None,
    text: str = "text",
    workers: Workers | None = None,
    progress: Callable[[int], None] | None = None,
    report: Callable[[str], None] | None = None,
) -> int:
    """Writes the rows of a file, with a column of their texts, to a `.parquet` or `.csv` file; how many there were.

    Batches are read, told and written one after another, so memory does not grow with the file; the texts are those
    of `tell` over the whole. The output appears when it is whole, and is never the file that is read. A folder of
    Parquet files is read in the order of their names, and written as a folder of the same names. Something with a
    method `write` gets the texts alone, one a line.

    `workers` tell the texts, which are the same; what they told is kept beside the output while it is not whole, and
    the next run of the same goes on from there. `progress` hears how many rows are written, `report` what is said
    meanwhile.

    Raises CoursewrightError for a file that cannot be read or written, and what `tell` raises; warns as `tell` does,
    and with workers of rows that share their key.
    """
    sources = _sources(rows)
    lines = None if isinstance(output, str | Path) else output
    target = Path() if lines is not None else Path(cast("str | Path", output))
    for source in sources if lines is None else ():
        source.copy_to(target, text)
    names = sources[0].schema.names
    _refuse_names(names, rows)
    teller = ready(grammar, rule, names, seed=seed, key=names_of(key))
    order = TellOrder(grammar, rule, tuple(names), seed, tuple(names_of(key)))
    kept = target.parent / f".{target.name}.told" if workers is not None and lines is None else None
    told = _told(_numbered(sources), teller, order, workers, kept)
    with _kept(kept, report):
        count = 0
        for done in _printed(told, lines) if lines is not None else _written(told, sources, Path(rows), target):
            count += done
            if progress is not None:
                progress(count)
    teller.warn()
    return count


@dataclass
class RowsFile:
    """A file of rows: its columns, its rows, and as what they are copied, with a column for their texts."""

    file: str | Path
    schema: pa.Schema
    batches: Iterator[pa.RecordBatch]
    copies: Iterator[pa.RecordBatch] | None = None
    copied: pa.Schema = None

    def copy_to(self, output: Path, text: str) -> None:
        """Have the rows copied to an output, with a column for texts."""
        if output.suffix.lower() == ".csv":
            self.copied, self.copies = _copied(str(self.file), self.schema)
        self.copied = _with_texts(self.copied or self.schema, text, self.file)


def _sources(rows: str | Path) -> list[RowsFile]:
    """The files of rows. Raises CoursewrightError if they have not the same columns."""
    if web.is_address(str(rows)) or not Path(rows).is_dir():
        return [RowsFile(rows, *_reader(str(rows)))]
    files = files_of(Path(rows))
    sources = [RowsFile(file, _reader(str(file))[0], _when_asked(file)) for file in files]
    refuse_others(files[0], sources[0].schema, ((Path(one.file), one.schema) for one in sources[1:]))
    return sources


def _when_asked(file: Path) -> Iterator[pa.RecordBatch]:
    """The rows of a file that is opened when the first is asked for: a folder may have more than can be open."""
    yield from _reader(str(file))[1]


def _told(
    pieces: Iterator[RowsPiece], teller: Teller, order: TellOrder, workers: Workers | None, kept: Path | None
) -> Iterator[tuple[RowsPiece, pa.Array]]:
    """Pieces with their texts, in order."""
    import pyarrow as pa

    from coursewright.words.door.frames import take

    def tell_here(piece: RowsPiece) -> Any:
        texts = teller.write(take(piece.batch).frame(teller.needed), piece.start)
        return piece, texts.to_arrow().cast(pa.string())

    if workers is not None:
        return told_far(pieces, teller, order, workers, kept)
    return cast("Iterator[tuple[RowsPiece, pa.Array]]", in_order(tell_here, pieces))


def _written(
    told: Iterator[tuple[RowsPiece, pa.Array]], sources: list[RowsFile], rows: Path, output: Path
) -> Iterator[int]:
    """Write pieces to their files, and say after each how many rows it had."""
    import pyarrow as pa

    with ExitStack() as stack:
        folder = stack.enter_context(whole_folder(output, rows, ".parquet")) if rows.is_dir() else None
        following = next(told, None)
        for number, source in enumerate(sources):
            path = folder / Path(source.file).name if folder else output
            opened = _writer(path, source.copied)
            with whole(path, [source.file]) as file, opened(file, source.copied) as writer:
                while following is not None and following[0].file == number:
                    piece, texts = following
                    columns = [*piece.copy.columns, texts]
                    writer.write_batch(pa.RecordBatch.from_arrays(columns, schema=source.copied))
                    yield len(texts)
                    following = next(told, None)


def _printed(told: Iterator[tuple[RowsPiece, pa.Array]], lines: TextLines) -> Iterator[int]:
    for _, texts in told:
        for one in texts.to_pylist():
            lines.write(f"{one}\n")
        yield len(texts)


@contextmanager
def _kept(folder: Path | None, report: Callable[[str], None] | None) -> Iterator[None]:
    """The folder of what workers told, which is gone when all of it is written; says what it is good for before."""
    say = report or (lambda _: None)
    if folder is not None and folder.is_dir() and any(folder.iterdir()):
        say(f"an earlier run was ended: what it told is in {folder}, and the same is not told again")
    try:
        yield
    except BaseException:
        if folder is not None and folder.is_dir() and any(folder.iterdir()):
            say(f"what was told is kept in {folder}: the next run of the same goes on from there")
        raise
    if folder is not None:
        shutil.rmtree(folder, ignore_errors=True)


def _refuse_names(names: Sequence[str], rows: str | Path) -> None:
    from coursewright.words.door.frames import refuse_ours, refuse_twins

    refuse_twins(names, Place(rows))
    refuse_ours(names, Place(rows))


def _with_texts(schema: pa.Schema, text: str, rows: str | Path) -> pa.Schema:
    """The columns of the rows and that of their texts."""
    import pyarrow as pa

    _refuse_names(schema.names, rows)
    if text in schema.names:
        raise CoursewrightError(f'there is a column "{text}" already', Place(rows), "name another one for the texts")
    return schema.append(pa.field(text, pa.string()))


def _numbered(sources: list[RowsFile]) -> Iterator[RowsPiece]:
    """Batches with the number of their first row, and as what they are copied."""
    import pyarrow as pa

    start = 0
    for number, source in enumerate(sources):
        left = None
        for batch in source.batches:
            copy = batch
            if source.copies is not None:
                while left is None or len(left) < len(batch):
                    more = pa.Table.from_batches([next(source.copies)])
                    left = more if left is None else pa.concat_tables([left, more])
                copy = left.slice(0, len(batch)).combine_chunks().to_batches(max_chunksize=len(batch))[0]
                left = left.slice(len(batch))
            yield RowsPiece(start, batch, copy, number)
            start += len(batch)


def _copied(rows: str, schema: pa.Schema) -> tuple[pa.Schema, Iterator[pa.RecordBatch] | None]:
    """The rows as they were written, if text goes to text: 1.50 is told as a number and copied as 1.50."""
    if not rows.lower().endswith((".csv", ".tsv")):
        return schema, None
    return _table(rows, text=tuple(schema.names))


def _reader(rows: str) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow as pa

    if web.is_address(rows) or not rows.lower().endswith(".parquet"):
        return _table(rows)
    try:
        return _parquet(Path(rows))
    except (OSError, pa.ArrowException) as error:
        raise CoursewrightError(f"the rows cannot be read: {error}", Place(rows)) from error


def _parquet(path: Path) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path, pre_buffer=False)
    for column in file.schema:
        if column.converted_type == "INTERVAL":  # Arrow hands over its bytes, and cannot write them as they were
            message = f'the column "{column.path}" holds intervals, which cannot be copied'
            raise CoursewrightError(message, Place(path), "make them text or seconds, or leave the column out")
    return file.schema_arrow, file.iter_batches(batch_size=BATCH)


def _table(rows: str, text: tuple[str, ...] = ()) -> tuple[pa.Schema, Iterator[pa.RecordBatch]]:
    """The rows of any other file as a table of a course has them: a column's type is that of all its values."""
    from coursewright.tables import EmbeddedDatabase, Table
    from coursewright.tables.fetching import single
    from coursewright.tables.sources import Source

    if not web.is_address(rows) and not Path(rows).is_file():
        raise CoursewrightError("the rows cannot be read: there is no such file", Place(rows))
    database = EmbeddedDatabase(Path(), [Table("rows", Source(file=rows, text=text))], kept=single())
    try:
        reader = database.batches(database.select("rows"))
    except CoursewrightError as error:
        found = error.problem
        raise CoursewrightError(found.message, found.where or Place(rows), found.hint, found.rule) from None
    return reader.schema, iter(reader)


def _writer(path: Path, schema: pa.Schema) -> Any:
    if path.suffix.lower() == ".parquet":
        from pyarrow.parquet import ParquetWriter

        return ParquetWriter
    if path.suffix.lower() == ".csv":
        from pyarrow.csv import CSVWriter

        _refuse_nested(schema, path)
        return CSVWriter
    raise CoursewrightError(f'texts are not written to a "{path.suffix}" file', Place(path), f"Available: {_KINDS}")


def _refuse_nested(schema: pa.Schema, path: Path) -> None:
    """Raises CoursewrightError for a column that CSV has no form for: a list, a struct, a UUID."""
    import pyarrow as pa
    from pyarrow.csv import CSVWriter

    for field in schema:
        try:
            CSVWriter(pa.BufferOutputStream(), pa.schema([field])).close()
        except pa.ArrowException:
            message = f'the column "{field.name}" holds values of the type {field.type}, which CSV has no form for'
            raise CoursewrightError(message, Place(path), "write a .parquet file, or leave the column out") from None
