"""Rows in a cluster: Parquet files told into others by two processes of ours, two workers of Dask, and Spark.

All read the same files, tell the same grammar with a key and write rows and texts; each has done a small folder before,
so that nothing that happens once is measured. The first row is a file told by one process, measured from outside.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import polars as pl
import psutil

from coursewright.words import Grammar, tell, tell_file
from words_story import RULES, row, rows

LARGE, PIECE = 10_000_000, 500_000
FILES, OF_A_FILE = 16, 250_000
GIGABYTE = 1_000_000_000
Work = Callable[[Path, Path], None]


def peak_of(source: Path, output: Path) -> tuple[int, float]:
    """The peak of memory, in bytes, of a process that tells a file into another, and its seconds."""
    started = time.perf_counter()
    child = subprocess.Popen([sys.executable, __file__, str(source), str(output)])
    _, status, used = os.wait4(child.pid, 0)
    assert status == 0
    return used.ru_maxrss * 1024, time.perf_counter() - started


def tell_one(source: Path, output: Path) -> None:
    """What one of our processes does of one file."""
    tell_file(Grammar(RULES), source, output, key="id")


@contextmanager
def ours() -> Iterator[Work]:
    """Two processes, each of which tells file after file."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:

        def work(source: Path, output: Path) -> None:
            output.mkdir()
            files = sorted(source.glob("*.parquet"))
            list(pool.map(tell_one, files, [output / file.name for file in files]))

        yield work


@contextmanager
def dask() -> Iterator[Work]:
    """Two workers of Dask, each a process with one thread."""
    import dask.dataframe as dd
    from distributed import Client, LocalCluster

    options = {"host": "127.0.0.1", "dashboard_address": "127.0.0.1:0", "silence_logs": 50}
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **options) as cluster, Client(cluster):

        def work(source: Path, output: Path) -> None:
            frame = dd.read_parquet(source)
            frame.assign(text=tell(Grammar(RULES), frame, key="id")).to_parquet(output)

        yield work


@contextmanager
def spark() -> Iterator[Work]:
    """Spark in this machine, two tasks at a time."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {
        "spark.driver.bindAddress": "127.0.0.1", "spark.driver.host": "127.0.0.1", "spark.log.level": "ERROR",
        "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
    }  # fmt: skip
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()

    def work(source: Path, output: Path) -> None:
        tell(Grammar(RULES), session.read.parquet(str(source)), key="id").write.parquet(str(output))

    yield work
    session.stop()


def processor() -> float:
    """Seconds of processor time of this process and all below it."""
    me = psutil.Process()
    return sum(sum(one.cpu_times()) for one in (me, *me.children(recursive=True)))


def measured(way: Callable[[], Any], folder: Path) -> tuple[float, float]:
    """Seconds on the clock, and of processors, of a way to tell the large folder: the better of two runs."""
    best = (float("inf"), float("inf"))
    with way() as work:
        work(folder / "small", folder / "small-told")
        for _ in range(2):
            spent, started = processor(), time.perf_counter()
            work(folder / "large", folder / "told")
            best = min(best, (time.perf_counter() - started, processor() - spent))
            told = pl.scan_parquet(folder / "told" / "*.parquet")
            assert told.select(pl.len()).collect().item() == FILES * OF_A_FILE
            shutil.rmtree(folder / "told")
    shutil.rmtree(folder / "small-told")
    return best


def make(folder: Path) -> None:
    """A large folder of files and a small one."""
    for name, files in {"large": FILES, "small": 2}.items():
        (folder / name).mkdir()
        for number in range(files):
            ids = pl.int_range(number * OF_A_FILE, (number + 1) * OF_A_FILE, eager=True)
            table = rows(OF_A_FILE).with_columns(id=ids)
            table.write_parquet(folder / name / f"{number:02}.parquet", compression="snappy")


def memory(folder: Path) -> str:
    """The line about memory."""
    source = folder / "10m.parquet"
    pl.concat([rows(PIECE)] * (LARGE // PIECE)).write_parquet(source, row_group_size=100_000)
    peak, seconds = peak_of(source, folder / "10m-told.parquet")
    (folder / "10m-told.parquet").unlink()
    source.unlink()
    return row(
        f"peak of a process that tells a Parquet file of {LARGE:,} rows into another, its output's buffers among it",
        f"{peak / 1e6:,.0f} MB, {LARGE / seconds:,.0f} rows/s", "1 GB", peak / GIGABYTE, "< 1",
    )  # fmt: skip


def main() -> str:
    """Measures all in one run and prints a line for each."""
    warnings.filterwarnings("ignore", "PySpark does not yet|The inplace keyword|.*large graph")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [memory(folder)]
        make(folder)
        count = FILES * OF_A_FILE
        clock, spent = measured(ours, folder)
        for claim, way, target in (("two workers of Dask", dask, 1.25), ("Spark, `local[2]`", spark, 1.5)):
            theirs, used = measured(way, folder)
            lines.append(row(
                f"a folder of {FILES} Parquet files, {count:,} rows, told into another by {claim}",
                f"{count / theirs:,.0f} rows/s ({used:.1f} s of processors)",
                f"{count / clock:,.0f} rows/s ({spent:.1f} s; two processes of ours)", theirs / clock, f"≤ {target}",
            ))  # fmt: skip
    text = "\n".join(lines)
    print(text)
    return text


if __name__ == "__main__":
    if len(sys.argv) > 1:
        tell_file(Grammar(RULES), *sys.argv[1:])
    else:
        main()
