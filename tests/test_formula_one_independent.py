"""The facts of the Formula One example, worked out a second time by plain Python over the source rows."""

from __future__ import annotations

import re
import shutil
from collections import Counter, defaultdict
from datetime import date
from functools import cache
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from coursewright.courses import open_course
from coursewright.facts import find

EXAMPLE = Path(__file__).parent.parent / "examples" / "formula-one"
pytestmark = pytest.mark.xdist_group("test_formula_one_independent")  # which shares the facts of races
RACES = [(1950, 1), (1956, 1), (1974, 8), (1989, 7), (2000, 9), (2018, 2), (2020, 16), (2021, 22), (2026, 11)]


@cache
def facts_of(season: int, round_: int, folder: Path = EXAMPLE, **overrides: str) -> list[tuple[str, dict, str]]:
    """The engine's facts of a race: finder, row and sentence, best first."""
    course = open_course(folder, overrides)
    moments = [{"season": season, "round": round_}]
    found = find(
        course.database(), course.finders(), timeline=course.settings.timeline, moments=moments, overrides=overrides
    )
    return [(fact.finder, fact.row, fact.sentence) for fact in found]


@cache
def rows(table: str) -> list[dict]:
    return pq.read_table(EXAMPLE / "data" / f"{table}.parquet").to_pylist()


class Before:
    """Everything that was known before one race, in dictionaries of plain rows."""

    def __init__(self, season: int, round_: int) -> None:
        self.drivers = {row["driverId"]: row for row in rows("drivers")}
        self.teams = {row["constructorId"]: row["name"] for row in rows("constructors")}
        self.race = next(row for row in rows("races") if (row["year"], row["round"]) == (season, round_))
        earlier = [row for row in rows("races") if (row["year"], row["round"]) < (season, round_)]
        self.races = {row["raceId"]: row for row in earlier}
        self.order = {row["raceId"]: n for n, row in enumerate(sorted(earlier, key=lambda r: (r["year"], r["round"])))}
        self.results = [row for row in rows("results") if row["raceId"] in self.races]
        self.entries = [row for row in rows("entries") if row["raceId"] in self.races]
        here = [row for row in rows("entries") if row["raceId"] == self.race["raceId"]]
        self.field = {row["driverId"] for row in here}
        self.seats = {(row["driverId"], row["constructorId"]) for row in here}
        self.poles = self._poles()

    def _poles(self) -> dict[int, int]:
        poles = {row["raceId"]: row["driverId"] for row in self.results if row["grid"] == 1}
        sprints = {row["raceId"] for row in rows("sprintResults")}
        for row in rows("qualifying"):
            number = row["raceId"]
            if number in self.races and row["position"] == 1:
                of_2022 = number in sprints and self.races[number]["year"] == 2022
                poles[number] = row["driverId"] if of_2022 else poles.get(number, row["driverId"])
        return poles

    def doubtful(self) -> set[int]:
        """Who drove in a race whose fastest lap is not known: it may have been theirs."""
        told = {row["raceId"] for row in self.results if row["rank"] == 1}
        raced = {row["raceId"] for row in self.results if row["position"] == 1 and row["laps"] > 2}
        return {row["driverId"] for row in self.results if row["raceId"] in raced - told}

    def name(self, driver: int) -> str:
        return f"{self.drivers[driver]['forename']} {self.drivers[driver]['surname']}"

    def races_where(self, test) -> dict[int, set[int]]:
        """For each driver, the races that have a row of theirs which passes the test."""
        found = defaultdict(set)
        for row in self.results:
            if test(row):
                found[row["driverId"]].add(row["raceId"])
        return found

    def in_order(self, races: set[int]) -> list[int]:
        return sorted(races, key=self.order.__getitem__)


def any_row(_row: dict) -> bool:
    return True


def won(row: dict) -> bool:
    return row["position"] == 1


def on_podium(row: dict) -> bool:
    return row["position"] is not None and row["position"] <= 3


def in_points(row: dict) -> bool:
    return row["position"] is not None and row["points"] > 0


def milestones(now: Before) -> dict[str, set]:
    tests = {
        "milestone-wins": won,
        "milestone-podiums": on_podium,
        "milestone-fastest-laps": lambda row: row["rank"] == 1,
        "milestone-points-finishes": in_points,
        "milestone-starts": any_row,
    }
    counts = {name: {d: len(races) for d, races in now.races_where(test).items()} for name, test in tests.items()}
    counts["milestone-poles"] = Counter(now.poles.values())
    for driver in now.doubtful():
        counts["milestone-fastest-laps"].pop(driver, None)
    expected = {
        name: {(now.name(d), n + 1) for d, n in count.items() if d in now.field and (n + 1) % 5 == 0}
        for name, count in counts.items()
    }
    seats = defaultdict(set)
    for row in now.results:
        seats[row["driverId"], row["constructorId"]].add(row["raceId"])
    expected["milestone-starts-team"] = {
        (now.name(driver), now.teams[team], len(races) + 1)
        for (driver, team), races in seats.items()
        if (driver, team) in now.seats and (len(races) + 1) % 5 == 0
    }
    return expected


def streaks(now: Before) -> dict[str, set]:
    points, wins = set(), set()
    scored, raced, victories = (now.races_where(test) for test in (in_points, any_row, won))
    calendar = now.in_order({row["raceId"] for row in now.results})
    for driver in now.field:
        run = 0
        for race in reversed(now.in_order(raced[driver])):
            if race not in scored[driver]:
                break
            run += 1
        if run >= 5:
            points.add((now.name(driver), run))
        run = 0
        for race in reversed(calendar):
            if race not in victories[driver]:
                break
            run += 1
        if run >= 2:
            wins.add((now.name(driver), run))
    return {"points-streak": points, "win-streak": wins}


def firsts(now: Before) -> dict[str, set]:
    podiums, victories, points = (now.races_where(test) for test in (on_podium, won, in_points))
    teams, before = defaultdict(set), defaultdict(set)
    for row in now.entries:
        teams[row["driverId"]].add(row["constructorId"])
        before[row["driverId"]].add(row["raceId"])
    return {
        "first-win": {(now.name(d), len(podiums[d])) for d in now.field if podiums[d] and not victories[d]},
        "first-podium": {(now.name(d), len(points[d])) for d in now.field if len(points[d]) >= 5 and not podiums[d]},
        "debut": {(now.name(d),) for d in now.field if not before[d]},
        "debut-team": {
            (now.name(d), now.teams[t], len(before[d])) for d, t in now.seats if before[d] and t not in teams[d]
        },
    }


def droughts(now: Before) -> dict[str, set]:
    raced, victories = (now.races_where(test) for test in (any_row, won))
    poles = defaultdict(set)
    for race, driver in now.poles.items():
        poles[driver].add(race)

    def since(successes: set[int], all_races: set[int]) -> tuple | None:
        if not successes:
            return None
        last = now.in_order(successes)[-1]
        after = sum(now.order[race] > now.order[last] for race in all_races)
        return (now.races[last]["year"], now.races[last]["name"], after) if after >= 10 else None

    team_races, team_wins = defaultdict(set), defaultdict(set)
    for row in now.results:
        team_races[row["constructorId"]].add(row["raceId"])
        if won(row):
            team_wins[row["constructorId"]].add(row["raceId"])
    return {
        "win-drought": {(now.name(d), *s) for d in now.field if (s := since(victories[d], raced[d]))},
        "pole-drought": {(now.name(d), *s) for d in now.field if (s := since(poles[d], raced[d]))},
        "team-win-drought": {
            (now.teams[t], *s) for t in {t for _, t in now.seats} if (s := since(team_wins[t], team_races[t]))
        },
    }


def records(now: Before) -> dict[str, set]:
    circuit = now.race["circuitId"]
    wins, wins_here, poles_here, last_here = (defaultdict(set) for _ in range(4))
    for row in now.results:
        if won(row):
            wins[row["driverId"]].add(row["raceId"])
            if now.races[row["raceId"]]["circuitId"] == circuit:
                wins_here[row["driverId"]].add(row["raceId"])
                last_here[row["constructorId"]].add(row["raceId"])
    for race, driver in now.poles.items():
        if now.races[race]["circuitId"] == circuit:
            poles_here[driver].add(race)

    def most(counts: dict[int, set]) -> set:
        top = max(map(len, counts.values()), default=0)
        return {(now.name(d), top) for d, races in counts.items() if len(races) == top >= 2 and d in now.field}

    few = set()
    for driver in now.field:
        better = sum(len(races) > len(wins[driver]) for races in list(wins.values()))
        if len(wins[driver]) >= 5 and better <= 3:
            few.add((now.name(driver), len(wins[driver]), better))
    return {
        "most-wins-here": most(wins_here),
        "most-poles-here": most(poles_here),
        "team-last-won-here": last_wins_here(now, last_here),
        "few-have-won-more": few,
    }


def last_wins_here(now: Before, wins: dict[int, set[int]]) -> set:
    races = now.in_order(set().union(*wins.values()))
    found = set()
    for team in {team for _, team in now.seats} & set(wins):
        last = now.in_order(wins[team])[-1]
        others = len(races) - 1 - races.index(last)
        if others >= 3:
            found.add((now.teams[team], now.races[last]["year"], others))
    return found


def ages(now: Before) -> dict[str, set]:
    today: date = now.race["date"]
    born = {driver: now.drivers[driver]["dob"] for driver in now.field}

    def birthday(dob: date, year: int) -> date:
        try:
            return dob.replace(year=year)
        except ValueError:  # 29 February in a year without it
            return date(year, 3, 1)

    def age(dob: date) -> tuple[int, int]:
        had = birthday(dob, today.year) <= today
        last = birthday(dob, today.year if had else today.year - 1)
        return last.year - dob.year, (today - last).days

    youngest, oldest = max(born.values()), min(born.values())
    return {
        "birthday": {
            (now.name(d), today.year - dob.year) for d, dob in born.items() if birthday(dob, today.year) == today
        },
        "youngest-and-oldest": {
            (now.name(d), "youngest" if dob == youngest else "oldest", *age(dob))
            for d, dob in born.items()
            if dob in (youngest, oldest)
        },
    }


COLUMNS = {
    "milestone-starts-team": ("driver", "team", "next"),
    "points-streak": ("driver", "streak"),
    "win-streak": ("driver", "streak"),
    "first-win": ("driver", "podiums"),
    "first-podium": ("driver", "finishes"),
    "debut": ("driver",),
    "debut-team": ("driver", "team", "races_before"),
    "win-drought": ("driver", "last_year", "last_race", "races_since"),
    "pole-drought": ("driver", "last_year", "last_race", "races_since"),
    "team-win-drought": ("team", "last_year", "last_race", "races_since"),
    "most-wins-here": ("driver", "times"),
    "most-poles-here": ("driver", "times"),
    "team-last-won-here": ("team", "last_year", "races_since"),
    "few-have-won-more": ("driver", "wins", "better"),
    "birthday": ("driver", "age"),
    "youngest-and-oldest": ("driver", "which", "years", "days"),
}


@pytest.mark.parametrize(("season", "round_"), RACES)
def test_facts_agree_with_a_count_by_hand(season, round_):
    now = Before(season, round_)
    expected = milestones(now) | streaks(now) | firsts(now) | droughts(now) | records(now) | ages(now)
    found = defaultdict(list)
    for finder, row, _ in facts_of(season, round_):
        if finder in expected:
            found[finder].append(tuple(row[column] for column in COLUMNS.get(finder, ("driver", "next"))))
    assert {name: sorted(found[name]) for name in expected} == {name: sorted(facts) for name, facts in expected.items()}


def test_the_published_facts_of_bahrain_2018_are_found():
    sentences = [sentence for _, _, sentence in facts_of(2018, 2)]
    assert "BOT is looking for their 100th race start" in sentences
    assert "HAM is looking for their 100th start for Mercedes" in sentences


def test_a_start_is_what_the_reader_says_it_is():
    # Vettel has 200 rows before Bahrain 2018; one of them is Bahrain 2016, where his engine failed before the start.
    starts = [sentence for finder, _, sentence in facts_of(2018, 2, counted="start") if finder == "milestone-starts"]
    assert "VET is looking for their 200th race start (cars that took the start)" in starts


def test_a_round_number_counts_for_more_than_another():
    scores = {row["next"]: row["score"] for finder, row, _ in facts_of(2018, 2) if finder == "milestone-starts"}
    assert scores[100] > scores[275] > scores[210]


def test_a_lap_record_belongs_to_the_layout_of_the_race():
    record = "The fastest lap in a race here on this layout is 1:30.252, by Michael Schumacher in 2004"
    for season, round_ in [(2018, 2), (2021, 1)]:  # before and after the 55.404 on another layout in 2020
        assert record in [sentence for _, _, sentence in facts_of(season, round_)]
    assert "lap-record-here" not in {finder for finder, _, _ in facts_of(2020, 16)}  # nobody had raced there before


def test_the_lead_in_the_championship_is_that_of_the_race_before():
    # After Australia 2018 Vettel had 25 points and Hamilton 18; after Bahrain it was 50 to 33.
    assert "VET leads the championship, 7 points ahead of HAM" in [fact[2] for fact in facts_of(2018, 2)]
    assert "VET leads the championship, 17 points ahead of HAM" in [fact[2] for fact in facts_of(2018, 3)]


def test_no_sentence_says_one_of_many_or_nothing_at_all():
    wrong = re.compile(r"\b1 (wins|podiums|points|races|times|days|finishes)\b|1(1st|2nd|3rd)\b|\b(None|nan)\b|#")
    for season, round_ in RACES:
        for _, _, sentence in facts_of(season, round_):
            assert not wrong.search(sentence)


@pytest.mark.parametrize(("season", "round_"), [(1956, 1), (2018, 2), (2020, 16)])
def test_nothing_of_the_race_itself_or_later_is_told(tmp_path, season, round_):
    """The facts stay when everything that happened at the race and after it is deleted from the data."""
    shutil.copytree(EXAMPLE, tmp_path / "course", ignore=shutil.ignore_patterns("build"))
    races = [row for row in rows("races") if (row["year"], row["round"]) >= (season, round_)]
    present = next(row["raceId"] for row in races if (row["year"], row["round"]) == (season, round_))
    gone = {row["raceId"] for row in races}
    known = {"races": {present}, "raceLayouts": {present}, "entries": {present}, "qualifying": {present}}
    for file in (tmp_path / "course" / "data").glob("*.parquet"):
        table = pq.read_table(file)
        if "raceId" in table.column_names:
            lost = list(gone - known.get(file.stem, set()))
            pq.write_table(
                table.filter(pc.invert(pc.is_in(table["raceId"], pc.cast(lost, table["raceId"].type)))), file
            )
    assert facts_of(season, round_, tmp_path / "course") == facts_of(season, round_)


def test_names_lists_every_driver_who_met_a_namesake():
    codes = {row["driverId"]: row["code"] for row in rows("drivers")}
    fields = defaultdict(set)
    for row in rows("entries"):
        fields[row["raceId"]].add(row["driverId"])
    shared = set()
    for field in fields.values():
        often = Counter(codes[driver] for driver in field)
        shared |= {driver for driver in field if often[codes[driver]] > 1}
    lines = (EXAMPLE / "data" / "names.csv").read_text(encoding="utf-8").splitlines()[1:]
    assert {int(line.split(",")[0]) for line in lines} == shared


def test_every_sentence_of_all_history_is_good_english_and_single_runs_say_the_same():
    course = open_course(EXAMPLE)
    races_run = {row["raceId"] for row in rows("results")}
    moments = [{"season": r["year"], "round": r["round"]} for r in rows("races") if r["raceId"] in races_run]
    found = find(course.database(), course.finders(), timeline=course.settings.timeline, moments=moments)
    sentences = {fact.sentence for fact in found}
    wrong = re.compile(
        r"\b\d*(?:(?<!1)1(?!st)|(?<!1)2(?!nd)|(?<!1)3(?!rd)|1[123](?!th)|[04-9](?!th))(?:st|nd|rd|th)\b"  # 11st, 2th
        r"|\b1 (?:races|wins|points|times|podiums|finishes|years|days|laps)\b"
        r"|#|\(\(|\b(?:None|nan|NULL)\b|  | ,|\.\."
    )
    assert [sentence for sentence in sentences if wrong.search(sentence)] == []
    told = {number for sentence in sentences for number in re.findall(r"\b(\d+(?:st|nd|rd|th))\b", sentence)}
    assert {"5th", "10th", "100th", "105th"} <= told
    by_moment = defaultdict(list)
    for fact in found:
        by_moment[fact.moment["season"], fact.moment["round"]].append((fact.finder, fact.row, fact.sentence))
    for season, round_ in RACES[::3]:
        assert by_moment[season, round_] == facts_of(season, round_)
    starts = [fact for fact in found if fact.finder == "milestone-starts"]
    hundredth = min(fact.score for fact in starts if fact.row["next"] == 100)
    assert hundredth > max(fact.score for fact in starts if fact.row["next"] == 45)


@pytest.mark.parametrize(
    ("number", "said"), [(1, "1st"), (2, "2nd"), (11, "11th"), (21, "21st"), (101, "101st"), (111, "111th")]
)
def test_any_number_of_starts_is_worded_right(tmp_path, number, said):
    """The finder over a history in which the next start is this one, whatever number its milestones are."""
    folder = tmp_path / "course"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("build", ".build-*"))
    (folder / "tables" / "milestones.sql").write_text(f"SELECT {number} AS n, 1.0 AS roundness")
    races_run = sorted((r["year"], r["round"]) for r in rows("races"))[:1160]
    course = open_course(folder)
    moments = [{"season": season, "round": round_} for season, round_ in races_run]
    finders = course.finders(("milestone-starts", "debut"))
    found = find(course.database(), finders, timeline=course.settings.timeline, moments=moments)
    sentences = [fact.sentence for fact in found if fact.finder == "milestone-starts"]
    if number == 1:  # nobody has a row in the results before their first race, so that is told as a debut
        assert sentences == []
        assert any("entered for a World Championship race for the first time" in fact.sentence for fact in found)
    else:
        assert sentences
        assert all(f"looking for their {said} race start" in sentence for sentence in sentences)
