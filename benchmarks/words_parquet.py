"""Telling a Parquet file into a Parquet file: memory does not grow with the file."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import polars as pl

from coursewright.words import Grammar, tell_file
from words_story import RULES, best_of, row, rows

SIZES = (500_000, 4_000_000)
PIECE = 500_000
MEGABYTE = 1_000_000


def measure(source: str, output: str) -> dict[str, float]:
    """Seconds, and the peak of memory of the whole process in megabytes; in a process of its own."""
    seconds = best_of(1, lambda: tell_file(Grammar(RULES), source, output))
    return {"seconds": seconds, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE}


def main() -> str:
    """Measures both sizes, each in a process of its own, and prints a line."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            source, output = Path(folder) / f"{size}.parquet", Path(folder) / f"{size}-told.parquet"
            pl.concat([rows(PIECE)] * (size // PIECE)).write_parquet(source, row_group_size=100_000)
            command = [sys.executable, __file__, str(source), str(output)]
            ran = subprocess.run(command, capture_output=True, text=True, check=True)
            found.append(json.loads(ran.stdout))
            assert pl.scan_parquet(output).select(pl.len()).collect().item() == size
    peaks = [one["peak"] for one in found]
    claim = f"peak of a Parquet file of {SIZES[1]:,} rows told into another, against one of {SIZES[0]:,}"
    rate = f"{peaks[1]:,.0f} MB, {SIZES[1] / found[1]['seconds']:,.0f} rows/s"
    line = row(claim, rate, f"{peaks[0]:,.0f} MB", peaks[1] / peaks[0], "< 1.3")
    print(line)
    return line


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(measure(*sys.argv[1:])))
    else:
        main()
