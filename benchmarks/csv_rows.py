"""Rows of CSV, typed by every value of them, against DuckDB, which types them by the first: processor time.

Measured limit for all rows as Arrow: 1.5 to 1.6 ×. A million rows as texts alone take DuckDB 0.24 s, as long as it
takes to read them as numbers and days. That each number and each day is written as such, and no 00417 or 2024-02-30,
takes 0.03 s for a column, 0.05 s for one of numbers with a point, four times here: 36 ns a value, all of it a cast
and its way back to text, or a pattern. To look at the first rows takes 0.07 s, however many there are.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pyarrow as pa

from coursewright.tables import EmbeddedDatabase, Sql, Table
from coursewright.tables.sources import Source
from words_story import row

ROWS = 3_000_000
SUM = "SELECT season, sum(points) AS points FROM {} GROUP BY season ORDER BY season"
ALL = "SELECT * FROM {}"
MEGABYTE = 1_000_000


def write(path: Path, rows: int) -> None:
    """Results of so many rows: numbers, texts and days."""
    made = (
        "SELECT i AS id, 'driver ' || (i % 1000) AS driver, 2000 + (i % 20) AS season, "
        "(i % 9973) / 8 AS points, DATE '2000-01-01' + (i % 8000)::INTEGER AS day "
        f"FROM range({rows}) t(i)"
    )
    duckdb.execute(f"COPY ({made}) TO '{path}' (HEADER)")


def ours(path: Path, select: str) -> pa.Table:
    """The rows by a new database, which opens the file for the first time."""
    database = EmbeddedDatabase(path.parent, [Table("results", Source(file=path.name))])
    return database.query(Sql(select.format("results"), "benchmark.sql"))


def theirs(path: Path, select: str) -> pa.Table:
    """The rows by DuckDB alone, in a new database too."""
    with duckdb.connect() as connection:
        return connection.sql(select.format(f"read_csv('{path}')")).to_arrow_table()


def peak(path: Path) -> float:
    """Megabytes that a process of its own takes at most, while it sums up the file."""
    ran = subprocess.run([sys.executable, __file__, str(path)], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def main() -> str:
    """Measures a sum and all rows, then memory, and prints a line for each."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        path, small = Path(folder) / "results.csv", Path(folder) / "small.csv"
        write(path, ROWS)
        write(small, ROWS // 100)
        peaks = peak(path), peak(small)  # first of all: a process starts with its parent's peak
        for what, select in ((f"a sum over a CSV file of {ROWS:,} rows", SUM), ("all its rows as Arrow", ALL)):
            assert ours(path, select).equals(theirs(path, select))
            our_time, their_time = pair(lambda s=select: ours(path, s), lambda s=select: theirs(path, s))
            rates = [f"{ROWS / seconds:,.0f} rows/s" for seconds in (our_time, their_time)]
            lines.append(row(f"{what}, against DuckDB alone", *rates, our_time / their_time, "≤ 1.5"))
        claim = f"memory for a sum over {ROWS:,} rows of CSV, against {ROWS // 100:,}"
        lines.append(row(claim, *(f"{one:,.0f} MB" for one in peaks), peaks[0] / peaks[1], "< 3"))
    print("\n".join(lines))
    return "\n".join(lines)


def pair(our: Callable[[], object], their: Callable[[], object]) -> tuple[float, float]:
    """The best of seven of both, in turns, so that what else the machine does falls on both."""
    times = [(processor(our), processor(their)) for _ in range(7)]
    return min(one for one, _ in times), min(other for _, other in times)


def processor(work: Callable[[], object]) -> float:
    """The seconds that all processors together spend on it."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ours(Path(sys.argv[1]), SUM)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE)
    else:
        main()
