"""Telling rows against joining the same columns and words with Polars' `concat_str`, no choice made: the limit."""

from __future__ import annotations

import polars as pl

from coursewright.words import Grammar, tell
from words_story import RULES, best_of, row, rows

ROWS, TIMES = 1_000_000, 5


def main() -> str:
    """Measures both over the same million rows and prints one line."""
    table, grammar = rows(ROWS), Grammar(RULES)
    pieces = [
        pl.lit("In the end "), "driver", pl.lit(" finished "), "position", pl.lit(" for "), "team", pl.lit(" in "),
        "race", pl.lit(" in "), "season", pl.lit(", with "), "points", pl.lit(" points from "), "laps",
        pl.lit(" laps."),
    ]  # fmt: skip
    peer = best_of(TIMES, lambda: table.select(pl.concat_str(pieces)))
    ours = best_of(TIMES, lambda: tell(grammar, table))
    line = row(
        "time within 2 × of joining ready strings, a million rows",
        f"{ROWS / ours:,.0f} rows/s", f"{ROWS / peer:,.0f} rows/s (Polars concat_str)", ours / peer, "≤ 2",
    )  # fmt: skip
    print(line)
    return line


if __name__ == "__main__":
    main()
