"""Finders that a grammar writes tell what they would if all that came later had been deleted."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, event, given, settings

from coursewright.courses import open_course
from coursewright.errors import CoursewrightError
from coursewright.facts import Fact, Finder, find
from coursewright.facts.fact import FinderSettings
from coursewright.tables import Database, Sql, Timeline

COURSE = """\
[course]
title = "League"
[parameters]
season = 2001
number = 2
[tables]
rounds = "data/rounds.csv"
games = "data/games.csv"
entries = "data/entries.csv"
teams = "data/teams.csv"
[timeline]
table = "rounds"
key = "id"
order = ["season", "number"]
now = ["season", "number"]
stages = ["draw", "finish"]
known = { rounds = "draw", entries = "draw" }
timeless = ["teams"]
"""
ROUNDS = [(1, 2001, 1), (2, 2001, 2), (3, 2001, 10), (4, 2002, 1), (5, 2002, 2)]
TABLES: dict[str, list[tuple[Any, ...]]] = {
    "rounds": [("id", "season", "number"), *ROUNDS],
    "games": [
        ("id", "goals", "home"),
        *((1, 2, "Ash"), (1, 0, "Elm"), (2, 1, "Elm"), (2, 2, "Oak"), (3, 4, "Ash"), (3, 1, "Oak")),
        *((4, 0, "Elm"), (4, 7, "Fir"), (5, 9, "Ash")),
    ],
    "entries": [
        ("id", "seed", "name"),
        *((1, 1, "Ash"), (1, 2, "Elm"), (2, 1, "Oak"), (3, 2, "Ash"), (4, 1, "Fir"), (5, 3, "Yew")),
    ],
    "teams": [("size", "name"), (11, "Ash"), (12, "Elm"), (9, "Oak"), (10, "Fir"), (8, "Yew")],
}
DERIVED = {
    "tally": "SELECT sum(goals) AS total, home FROM games GROUP BY home",
    "places": "SELECT rank() OVER (ORDER BY total DESC) AS place, home FROM tally WHERE total >= 0 AND :number > 0",
}
# At the first moment there are no games, and a table without rows has columns of no type.
MOMENTS = [{"season": season, "number": number} for _, season, number in ROUNDS[1:]]


def league(root: Path, upto: int, kind: str) -> tuple[Database, Timeline]:
    """A course of the league with what was known when round `upto` had been drawn and not played."""
    for folder in ("data", "tables"):
        (root / folder).mkdir(parents=True)
    for name, (heading, *rows) in TABLES.items():
        last = upto if name in ("rounds", "entries") else upto - 1
        with (root / f"data/{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([heading, *(row for row in rows if name == "teams" or row[0] <= last)])
    for name, sql in DERIVED.items():
        (root / f"tables/{name}.sql").write_text(sql)
    server = f'[database]\nurl = "sqlite:///{root}/own.sqlite"\n' if kind == "sqlite" else ""
    if server:
        sqlite3.connect(root / "own.sqlite").execute("CREATE TABLE own (a)").connection.close()
    (root / "course.toml").write_text(COURSE + server)
    course = open_course(root)
    assert course.settings.timeline
    return course.database(), course.settings.timeline


Query = st.SearchStrategy[str]
NAMES = ("c", "d", "tables")
SOURCES = (
    "SELECT goals AS a, home AS b FROM games",
    "SELECT seed AS a, name AS b FROM entries",
    "SELECT season * 100 + number AS a, 'r' AS b FROM rounds",
    "SELECT id AS a, home AS b FROM games WHERE id < :number",
    "SELECT e.seed + t.size AS a, e.name AS b FROM entries AS e JOIN teams AS t ON t.name = e.name",
    "SELECT total AS a, home AS b FROM tally",
    "SELECT place AS a, home AS b FROM places",
    # ways in which a finder might come by more, which are refused or give nothing
    "SELECT estimated_size AS a, table_name AS b FROM duckdb_tables",
    "SELECT goals AS a, home AS b FROM main.games",
    "SELECT count(*) AS a, 'n' AS b FROM duckdb_columns",
    "SELECT length(stats(goals)) AS a, home AS b FROM games",
    "SELECT _now._moment AS a, home AS b FROM games",
    "SELECT goals AS a, home AS b FROM games LIMIT 2",
)
ONE = (
    "SELECT a, b FROM ({}) AS t WHERE a > 1 OR b = 'Elm'",
    "SELECT count(*) AS a, b FROM ({}) AS t GROUP BY b HAVING count(*) < 5",
    "SELECT sum(a) AS a, max(b) AS b FROM ({}) AS t",
    "SELECT max(a) - min(a) AS a, string_agg(b, ',' ORDER BY b) AS b FROM ({}) AS t",
    "SELECT row_number() OVER (PARTITION BY b ORDER BY a) AS a, b FROM ({}) AS t",
    "SELECT sum(a) OVER (ORDER BY a, b ROWS UNBOUNDED PRECEDING) AS a, b FROM ({}) AS t",
    "SELECT lag(a) OVER (ORDER BY a, b) AS a, b FROM ({}) AS t",
    "SELECT rank() OVER (ORDER BY a DESC) AS a, upper(b) AS b FROM ({}) AS t",
    "SELECT DISTINCT abs(a) AS a, b FROM ({}) AS t",
    "SELECT a, b FROM ({}) AS t ORDER BY a DESC, b LIMIT 2",
    "SELECT a, b FROM ({}) AS t ORDER BY b, a LIMIT 1 OFFSET 1",
    "SELECT coalesce(a, :season) AS a, CASE WHEN a > 2 THEN b ELSE 'x' END AS b FROM ({}) AS t",
    "SELECT a, b FROM ({}) AS t WHERE EXISTS (SELECT 1 FROM games AS g WHERE g.home = t.b AND g.goals >= t.a)",
    "SELECT count(*) FILTER (WHERE a > 1) AS a, min(b) AS b FROM ({}) AS t",
)
TWO = (
    "SELECT x.a, y.b FROM ({}) AS x JOIN ({}) AS y ON x.b = y.b",
    "SELECT x.a, y.b FROM ({}) AS x LEFT JOIN ({}) AS y ON x.b = y.b AND x.a < y.a",
    "SELECT max(x.a + y.a) AS a, min(x.b) AS b FROM ({}) AS x CROSS JOIN ({}) AS y",
    "SELECT a, b FROM ({}) AS x WHERE b IN (SELECT b FROM ({}) AS y)",
    "SELECT a, b FROM ({}) AS x WHERE a NOT IN (SELECT a FROM ({}) AS y WHERE a IS NOT NULL)",
    "SELECT (SELECT max(a) FROM ({}) AS y) AS a, b FROM ({}) AS x",
    "SELECT a, b FROM ({}) AS x UNION ALL SELECT a, b FROM ({}) AS y",
    "SELECT a, b FROM ({}) AS x UNION SELECT a, b FROM ({}) AS y",
    "SELECT a, b FROM ({}) AS x EXCEPT SELECT a, b FROM ({}) AS y",
    "SELECT a, b FROM ({}) AS x INTERSECT SELECT a, b FROM ({}) AS y",
)


def grown(below: Query) -> Query:
    """Queries around queries, and WITH clauses whose names stand where they are tables and where they are not."""
    name, clause = st.sampled_from(NAMES), st.sampled_from(NAMES).map("SELECT a, b FROM {}".format)
    one = st.builds(str.format, st.sampled_from(ONE), below)
    two = st.builds(str.format, st.sampled_from(TWO), below, below)
    named = st.builds("SELECT * FROM (WITH {} AS ({}) {}) AS w".format, name, below, below | clause)
    again = st.builds(
        "SELECT * FROM (WITH {0} AS ({1}) SELECT x.a, x.b FROM {0} AS x JOIN ({2}) AS y ON x.b = y.b) AS w".format,
        *(name, below, below | clause),
    )
    hiding = st.builds(
        "SELECT * FROM (WITH games AS (SELECT a AS id, a AS goals, b AS home FROM ({}) AS t) {}) AS w".format,
        below,
        below,
    )
    return one | one | two | two | named | again | hiding


FINDERS = st.recursive(st.sampled_from(SOURCES[:7] * 6 + SOURCES[7:]), grown, max_leaves=6)


def told(database: Database, timeline: Timeline, sql: str, moments: list[dict[str, int]]) -> list[Fact] | str:
    """The facts of a finder, or what is said of it."""
    finder = Finder("f", Path("f.sql"), FinderSettings(title="T", tell="x", known="draw"), Sql(sql, "f.sql"), "")
    try:
        return find(database, [finder], timeline=timeline, moments=moments)
    except CoursewrightError as error:
        return str(error)


@pytest.fixture(scope="module")
def leagues(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[tuple[Database, Timeline]]]:
    """The whole league, and the league as it was at each moment, in a database of a kind."""
    made: dict[str, list[tuple[Database, Timeline]]] = {}

    def leagues(kind: str) -> list[tuple[Database, Timeline]]:
        if kind not in made:
            uptos = [len(ROUNDS) + 1, *(number for number, *_ in ROUNDS[1:])]
            made[kind] = [league(tmp_path_factory.mktemp(kind) / "c", upto, kind) for upto in uptos]
        return made[kind]

    return leagues


def compare(sql: str, leagues: list[tuple[Database, Timeline]]) -> None:
    (whole, timeline), *cut = leagues
    each = [told(whole, timeline, sql, [moment]) for moment in MOMENTS]
    then = [told(*known, sql, [moment]) for known, moment in zip(cut, MOMENTS, strict=True)]
    refused = any(isinstance(facts, str) for facts in (*each, *then))
    event("refused" if refused else "told")
    if refused:  # with the same words, but for those of a database that cannot carry it out
        assert all("SQL: " in str(facts) or facts == each[0] for facts in (*each, *then))
    else:
        assert each == then
        assert told(whole, timeline, sql, MOMENTS) == [fact for facts in each for fact in facts]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sql=FINDERS)
def test_a_finder_tells_what_it_would_tell_if_nothing_had_come_later(sql: str, leagues: Any) -> None:
    compare(sql, leagues("duckdb"))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(sql=FINDERS)
def test_so_it_does_in_a_server(sql: str, leagues: Any) -> None:
    compare(sql, leagues("sqlite"))
