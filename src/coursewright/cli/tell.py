"""`coursewright tell`."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter
from cyclopts.validators import Number

from coursewright.cli.output import say, write
from coursewright.cli.progress import bar
from coursewright.errors import CoursewrightError, Place, UsageError
from coursewright.tables import EmbeddedDatabase, Table
from coursewright.tables.fetching import single
from coursewright.tables.sources import Source, web
from coursewright.words import Grammar, explain, ready, tell_file
from coursewright.words import tell as tell_rows
from coursewright.workers import open_workers


def tell(
    grammar: Path,
    rows: str,
    *,
    rule: str = "origin",
    seed: str = "0",
    key: tuple[str, ...] = (),
    by: tuple[str, ...] = (),
    output: Path | None = None,
    explain_row: int | None = None,
    workers: str | None = None,
    jobs: Annotated[int | None, Parameter(validator=Number(gte=1))] = None,
) -> None:
    """Write a text for each row of a file, by a grammar.

    The texts are printed, one a line, or written with their rows to a file.

    Parameters
    ----------
    grammar
        The grammar: a .json or .yaml file.
    rows
        The rows: a file, a web address, or a folder of Parquet files.
    rule
        The rule that each text begins with.
    seed
        Another seed makes other choices.
    key
        A column that the choices for a row hang on, instead of its position. Can be repeated.
    by
        One text for each group of rows that share this column. Can be repeated.
    output
        Write the rows and, in a column called text, their texts to this .csv or .parquet file; to this folder, if the
        rows are in one.
    explain_row
        Show which rules made the text of this row, counted from 0, and how it was told.
    workers
        Who tells the texts, which are the same: local, processes on this machine, or dask://HOST:PORT, a Dask cluster
        that is there already. A run that was ended is gone on with.
    jobs
        How many processes of --workers local; by default as many as there are processors.
    """
    if not web.is_address(rows) and not Path(rows).exists():
        raise UsageError(f'no file "{rows}"')
    address = "local" if workers is None and jobs is not None else workers
    many = address is not None or Path(rows).is_dir()
    if many and (by or explain_row is not None):
        raise UsageError("--by and --explain-row go with one file of rows, without --workers")
    if jobs is not None and address != "local":
        raise UsageError("--jobs goes with --workers local: a cluster has the workers that it has")
    rules = Grammar.read(grammar, strict=True)
    with _as_typed():
        if output is not None:
            if by or explain_row is not None:
                raise UsageError("--output goes with neither --by nor --explain-row")
            count = _tell_file(rules, rows, output, address, jobs, rule=rule, seed=seed, key=key or None)
            say(f"{count:,} rows in {output}")
            _say_if_slow(rules, rule, _columns(output), count)
            return
        if many:
            _tell_file(rules, rows, _PrintedTexts(), address, jobs, rule=rule, seed=seed, key=key or None)
            return
        database = EmbeddedDatabase(Path(), [Table("rows", Source(file=rows))], kept=single(report=say))
        table = database.table("rows")
        if explain_row is not None:
            write(str(explain(rules, table, explain_row, rule, seed=seed, key=key or None)))
            return
        texts = tell_rows(rules, table, rule, seed=seed, key=key or None, by=by or None).to_pylist()
        for text in texts:
            write(text)
        _say_if_slow(rules, rule, table.column_names, len(texts))


class _PrintedTexts:
    """Standard output, for texts alone."""

    def write(self, text: str) -> None:
        """Print a text that ends its line."""
        write(text.removesuffix("\n"))


def _tell_file(
    rules: Grammar, rows: str, output: Path | _PrintedTexts, address: str | None, jobs: int | None, **options: Any
) -> int:
    """Tell rows into a file or onto standard output, by workers if there is an address, and show how fast."""
    with contextlib.ExitStack() as stack:
        workers = stack.enter_context(open_workers(address, jobs=jobs)) if address else None
        shown = stack.enter_context(bar())
        began = time.monotonic()

        def progress(done: int) -> None:
            shown.show(f"{done / max(time.monotonic() - began, 0.001):,.0f} rows a second", done, None)

        shown.show("reading the rows", 0, None)
        return tell_file(rules, rows, output, workers=workers, progress=progress, report=shown.say, **options)


def _say_if_slow(grammar: Grammar, rule: str, columns: Sequence[str], count: int) -> None:
    """Says why many rows were told on the slow path."""
    if count >= _MANY and (teller := ready(grammar, rule, columns, rows=count)).path == "rows":
        say(f"told row by row, which is slow for {count:,} texts, because {teller.reason}")


def _columns(path: Path) -> list[str]:
    import polars as pl

    scanned = pl.scan_csv(path) if path.suffix.lower() == ".csv" else pl.scan_parquet(path)
    return scanned.collect_schema().names()


_MANY = 10_000
_OPTIONS = {"key": "--key", "by": "--by", "row": "--explain-row"}


@contextlib.contextmanager
def _as_typed() -> Iterator[None]:
    """Arguments of `tell` and `explain` are named in messages as the options that they were given by."""
    try:
        yield
    except CoursewrightError as error:
        message, where, hint = error.problem.message, error.problem.where, error.problem.hint
        if where and where.file in ("tell", "explain") and where.part in _OPTIONS:
            raise UsageError(message, Place("tell", part=_OPTIONS[where.part]), hint) from None
        raise
