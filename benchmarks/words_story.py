"""The grammar and rows that all benchmarks about words share: 6 symbols, 5 choices a row, 5 modifiers, 7 columns."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl

RULES = {
    "origin": [
        "#opening.capitalize# #driver# #verb# #position.ordinal# for #team.upper# #where#, #detail#.",
        "#driver# #verb# #position.ordinal# for #team.upper# #where#: #opening#, #detail#.",
    ],
    "opening": ["in the end", "after a long afternoon", "to nobody's surprise", "once the flag fell", "at the line"],
    "verb": ["finished", "came home", "crossed the line", "was classified"],
    "where": ["at #race.possessive# #season# race", "in #race# in #season#", "that year (#season#) in #race#"],
    "detail": ["with #points.round(1)# points from #laps# laps", "#laps# laps for #points.round(1)# points", "#close#"],
    "close": "#points.round(1)# points after #laps# laps",
}
COLUMNS = ["driver", "team", "race", "season", "position", "laps", "points"]


def rows(count: int) -> pl.DataFrame:
    """Rows with as many different values as all results of a sport have: 850 drivers, 210 teams, 80 races."""
    draw = np.random.default_rng(2018)

    def some(kind: str, distinct: int) -> pl.Series:
        return pl.Series([f"{kind} {number}" for number in range(distinct)]).gather(draw.integers(0, distinct, count))

    return pl.DataFrame(
        {
            "driver": some("Driver", 850),
            "team": some("Scuderia", 210),
            "race": some("Grand Prix", 80),
            "season": draw.integers(1950, 2025, count),
            "position": draw.integers(1, 25, count),
            "laps": draw.integers(0, 88, count),
            "points": draw.integers(0, 52, count) / 2,
        }
    )


def best_of(times: int, work: Callable[[], Any]) -> float:
    """The least of several measured times, in seconds."""
    least = float("inf")
    for _ in range(times):
        start = time.perf_counter()
        work()
        least = min(least, time.perf_counter() - start)
    return least


def row(claim: str, ours: str, peer: str, ratio: float, target: str) -> str:
    """One line of the table that every benchmark prints: claim, ours, peer, ratio, target."""
    return f"| {claim} | {ours} | {peer} | {ratio:,.2f} | {target} |"
