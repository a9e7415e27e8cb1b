"""Supertimes of the Formula One example: some by hand, and all of them again by plain Python over the rows."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coursewright.courses import open_course

EXAMPLE = Path(__file__).parent.parent / "examples" / "formula-one"


def supertimes(table: str, folder: Path = EXAMPLE) -> list[dict]:
    """The rows of a derived table of the example."""
    return open_course(folder).database().table(table).to_pylist()


def rows(table: str) -> list[dict]:
    return pq.read_table(EXAMPLE / "data" / f"{table}.parquet").to_pylist()


def seconds(text: str | None) -> float | None:
    if not text or not re.fullmatch(r"(\d+:)?(\d+:)?\d+(\.\d+)?", text):
        return None
    total = 0.0
    for part in text.split(":"):
        total = 60 * total + float(part)
    return total


@pytest.fixture(scope="module")
def teams() -> list[dict]:
    return supertimes("team_supertimes")


def test_bahrain_2018_is_as_worked_out_by_hand(teams):
    # The best lap of each team, all of them in qualifying (the race's best was 1:33.740, by Bottas):
    #   Ferrari   1:27.958 (Vettel, q3)       87.958 s   100
    #   Mercedes  1:28.124 (Bottas, q3)       88.124 s   100 * 88.124 / 87.958 = 100.1887
    #   Red Bull  1:28.398 (Ricciardo, q3)    88.398 s   100 * 88.398 / 87.958 = 100.5002
    #   Renault   1:29.187 (q2, not the q3 of 1:29.570)   89.187 s   101.3973
    #   Williams  1:31.414 (q1)               91.414 s   103.9291
    found = {row["team"]: row for row in teams if (row["year"], row["round"]) == (2018, 2)}
    by_hand = {"Ferrari": 100.0, "Mercedes": 100.1887, "Red Bull": 100.5002, "Renault": 101.3973, "Williams": 103.9291}
    assert {team: round(found[team]["supertime"], 4) for team in by_hand} == by_hand
    assert found["Renault"]["seconds"] == 89.187
    assert {row["layout"] for row in found.values()} == {"bahrain-1"}


def test_the_two_layouts_of_bahrain_in_2020_are_told_apart(teams):
    layouts = {(row["year"], row["round"]): row["layout"] for row in teams if row["circuitRef"] == "bahrain"}
    assert layouts.pop((2010, 1)) == "bahrain-2"  # the Endurance Circuit
    assert layouts.pop((2020, 16)) == "bahrain-3"  # the Outer Circuit
    assert set(layouts.values()) == {"bahrain-1"}
    assert (2020, 15) in layouts


def test_the_places_of_every_race_begin_with_one(teams):
    """A place is exact, where 100 * x / x is not always 100 to a machine: 21 races have 21 that were fastest."""
    best = defaultdict(list)
    for row in teams:
        best[row["year"], row["round"]].append(row)
    for rows_ in best.values():
        first = min(row["seconds"] for row in rows_)
        for row in rows_:
            assert row["place"] == 1 + sum(other["seconds"] < row["seconds"] for other in rows_)
            assert (row["place"] == 1) == (row["seconds"] == first)
    assert sum(row["place"] == 1 for row in teams if row["year"] == 2018) == 21


@pytest.mark.parametrize("kind", ["team", "driver"])
def test_supertimes_agree_with_the_source_rows(kind):
    races = {row["raceId"]: row for row in rows("races")}
    teams = {row["constructorId"]: row["name"] for row in rows("constructors")}
    drivers = {row["driverId"]: row["driverRef"] for row in rows("drivers")}
    best = defaultdict(dict)
    for row in rows("qualifying") + rows("results"):
        race = races[row["raceId"]]
        quarter = 4 if race["name"] == "Indianapolis 500" else 1  # four laps were timed there as one
        laps = [(seconds(row.get(q)), quarter) for q in ("q1", "q2", "q3")] + [(seconds(row.get("fastestLapTime")), 1)]
        team, driver = row["constructorId"], row["driverId"]
        key = team if kind == "team" else (team, driver)
        for lap in (round(lap / of, 4) for lap, of in laps if lap):
            times = best[race["year"], race["round"]]
            times[key] = min(lap, times.get(key, lap))
    expected = []
    for (year, number), times in best.items():
        for key, lap in times.items():
            name = (teams[key],) if kind == "team" else (teams[key[0]], drivers[key[1]])
            expected.append((year, number, *name, lap, round(100 * lap / min(times.values()), 6)))
    columns = (
        ("year", "round", "team", "seconds") if kind == "team" else ("year", "round", "team", "driverRef", "seconds")
    )
    found = [
        (*(row[column] for column in columns), round(row["supertime"], 6)) for row in supertimes(f"{kind}_supertimes")
    ]
    assert sorted(found) == sorted(expected)


def test_text_that_is_no_time_counts_for_nothing(tmp_path):
    shutil.copytree(EXAMPLE, tmp_path / "course", ignore=shutil.ignore_patterns("build"))
    file = tmp_path / "course" / "data" / "qualifying.parquet"
    table = pq.read_table(file)
    odd = ["58.3", " 1:02:03.4 ", "1:27.958", "", "DNF", "\\N", "1:2x", "-1:20.0", "0:00.000", "0", "1:75.0", None]
    texts = table["q1"].to_pylist()
    nothing = pa.nulls(table.num_rows, pa.string())
    table = table.set_column(table.column_names.index("q1"), "q1", pa.array(odd + texts[len(odd) :]))
    for column in ("q2", "q3"):
        table = table.set_column(table.column_names.index(column), column, nothing)
    pq.write_table(table, file)
    first = {row["driverId"] for row in table.slice(0, len(odd)).to_pylist()}
    race = table["raceId"][0].as_py()
    laps = supertimes("laps", tmp_path / "course")
    found = sorted(
        row["seconds"] for row in laps if row["raceId"] == race and row["driverId"] in first and row["session"] == "q1"
    )
    assert found == [58.3, 87.958, 3723.4]
