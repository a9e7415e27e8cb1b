"""The pages of the book, as a sceptic reads them: tables and stories worked out again from the rows, in plain Python.

The pages are carried out one by one, without charts; `test_formula_one_report.py` does that for races.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from functools import cache
from typing import Any

import pytest

from coursewright.courses import open_course
from coursewright.courses.plan import PlannedPage, materials, plan
from coursewright.pages import Sentences, execute
from coursewright.pages.blocks.block import Grid, QuestionBlock
from coursewright.pages.executing import ExecutedPage
from coursewright.questions.writing.prose import plain
from test_formula_one_independent import EXAMPLE, rows
from test_formula_one_report import _less, by, names, ordinal, pole, raced

pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')

# Drivers of every kind: champions, shared cars, Indianapolis, who never started, one race, sprints, half points.
DRIVERS = [
    *(
        "juan_manuel_fangio",
        "luigi_fagioli",
        "bill_vukovich",
        "giovanna_amati",
        "bob_gerard",
        "jim_clark",
        "niki_lauda",
    ),
    *("ayrton_senna", "michael_schumacher", "lewis_hamilton", "kimi_antonelli", "tony_brooks", "jack_aitken"),
]
TEAMS = [
    *("ferrari", "alfa_romeo", "lotus", "ats", "kurtis_kraft", "cooper", "brabham", "life", "red_bull", "racing_bulls"),
    *("brawn", "vanwall"),
]
SEASONS = [1950, 1955, 1957, 1958, 1964, 1975, 1984, 1988, 1997, 2007, 2008, 2021, 2022, 2026]
CIRCUITS = [
    *("silverstone", "monaco", "indianapolis", "avus", "monza", "spa_francorchamps", "interlagos", "aida", "bahrain"),
    "madring",
]


class Book:
    """The whole book, opened once, whose pages are carried out when they are asked for."""

    def __init__(self) -> None:
        self.course = open_course(EXAMPLE)
        self.database = self.course.database()
        planned, self.problems = plan(self.course, self.database)
        self.planned: dict[str, PlannedPage] = {one.address: one for one in planned}
        self.made: dict[str, ExecutedPage] = {}

    def page(self, address: str) -> ExecutedPage:
        """The page, without its charts."""
        if address not in self.made:
            one = self.planned[address]
            page = _less(one.page, ("figure", "facts"))
            self.made[address] = execute(page, one.address, materials(self.course, self.database, one))
        return self.made[address]

    def table(self, address: str, caption: str) -> list[dict[str, str]]:
        """The rows of a table of the page by the headings of its columns."""
        grids = [block for block in self.page(address).blocks if isinstance(block, Grid)]
        (grid,) = (grid for grid in grids if grid.caption == caption)
        return [dict(zip(grid.columns, row, strict=True)) for row in grid.rows]

    def links(self, address: str, caption: str, column: str) -> list[str]:
        """What the cells of a column lead to."""
        grids = [block for block in self.page(address).blocks if isinstance(block, Grid)]
        (grid,) = (grid for grid in grids if grid.caption == caption)
        at = grid.columns.index(column)
        return [row[at] for row in grid.links]

    def story(self, address: str) -> str:
        """The sentences of the page without the addresses of their links."""
        told = next(block for block in self.page(address).blocks if isinstance(block, Sentences))
        return re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", " ".join(told.items))


@pytest.fixture(scope="module")
def book() -> Book:
    return Book()


def without_accents(text: str) -> str:
    return unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode()


def number(text: str) -> float | None:
    return float(text.replace(",", "")) if text else None


def short(race: dict) -> str:
    """The name of a race in tables."""
    return str(race["name"]).replace(" Grand Prix", " GP")


@cache
def last_race() -> dict[int, dict]:
    """The last race of each season that was run, and whether it was the last of all."""
    last = {race["year"]: race for race in raced()}
    rounds = Counter(race["year"] for race in rows("races"))
    return {year: {**race, "over": race["round"] == rounds[year]} for year, race in last.items()}


@cache
def seasons_of(table: str, column: str) -> dict[int, dict[int, list[dict]]]:
    """For each driver or team, the rows of results of each season."""
    year = {race["raceId"]: race["year"] for race in rows("races")}
    found: dict[int, dict[int, list[dict]]] = defaultdict(lambda: defaultdict(list))
    for row in rows(table):
        found[row[column]][year[row["raceId"]]].append(row)
    return found


@cache
def poles() -> dict[int, int]:
    return {race["raceId"]: pole(race["raceId"]) for race in raced()}


@cache
def without_fastest() -> set[int]:
    """The races whose fastest lap nobody has, though more than two laps were run."""
    run = {row["raceId"] for row in rows("results") if row["position"] == 1 and row["laps"] > 2}
    return run - {row["raceId"] for row in rows("results") if row["rank"] == 1}


def races_with(lines: list[dict], test: Any) -> set[int]:
    return {row["raceId"] for row in lines if test(row)}


def started(row: dict) -> bool:
    return row["classification"] in ("FIN", "DNF", "NC", "DSQ")


def won(row: dict) -> bool:
    return row["position"] == 1


def on_podium(row: dict) -> bool:
    return row["position"] is not None and row["position"] <= 3


def standing(year: int, driver: int) -> dict:
    found = [row for row in by("driverStandings", "raceId")[last_race()[year]["raceId"]] if row["driverId"] == driver]
    assert len(found) <= 1
    return found[0] if found else {"points": None, "position": None}


def driver_called(ref: str) -> int:
    return by("drivers", "driverRef")[ref][0]["driverId"]


@pytest.mark.parametrize("ref", DRIVERS)
def test_the_seasons_of_a_driver_are_what_the_rows_say(book: Book, ref: str) -> None:
    driver = driver_called(ref)
    table = book.table(f"drivers/{ref}", f"{names()[driver]}, season by season")
    mine = seasons_of("results", "driverId")[driver]
    assert [int(row["Season"]) for row in table] == sorted(mine, reverse=True)
    for row in table:
        lines = mine[int(row["Season"])]
        places = [line["position"] for line in lines if line["position"]]
        assert number(row["Starts"]) == len(races_with(lines, started))
        assert number(row["Wins"]) == len(races_with(lines, won))
        assert number(row["Podiums"]) == len(races_with(lines, on_podium))
        assert number(row["Poles"]) == sum(poles()[n] == driver for n in {line["raceId"] for line in lines})
        assert number(row["Fastest laps"]) == len(races_with(lines, lambda line: line["rank"] == 1))
        assert number(row["Best place"]) == min(places, default=None)
        stood = standing(int(row["Season"]), driver)
        assert number(row["Place"]) == stood["position"]
        assert (number(row["Points"]) is None) == (stood["points"] is None)
        assert abs((number(row["Points"]) or 0) - (stood["points"] or 0)) <= 0.051
        assert row["Team"].split(", ") == sorted(
            {by("constructors", "constructorId")[x["constructorId"]][0]["name"] for x in lines}
        )


@pytest.mark.parametrize("ref", DRIVERS)
def test_the_story_of_a_driver_is_what_the_rows_say(book: Book, ref: str) -> None:
    driver = driver_called(ref)
    story = book.story(f"drivers/{ref}")
    lines = [line for season in seasons_of("results", "driverId")[driver].values() for line in season]
    run = {race["raceId"] for race in raced()}
    entered = {row["raceId"] for row in rows("entries") if row["driverId"] == driver} & run
    starts, wins, podiums = (len(races_with(lines, test)) for test in (started, won, on_podium))
    first, last = (
        f"{race['year']} {race['name']}"
        for race in (pick([r for r in raced() if r["raceId"] in entered]) for pick in (first_of, last_of))
    )
    assert f"({by('drivers', 'driverId')[driver][0]['nationality']}, born on" in story
    if len(entered) == 1:
        assert "one World Championship race" in story
        assert first in story
    elif starts == 0:
        assert f"was entered for {len(entered)} World Championship races, from the {first} to the {last}" in story
        assert "did not start any of them" in story
    elif starts == len(entered):
        assert f"started {starts} World Championship races, from the {first} to the {last}" in story
    else:
        assert f"was entered for {len(entered)} World Championship races, from the {first} to the {last}, and" in story
        assert f"started {starts} of them" in story
    titles = [year for year, race in last_race().items() if race["over"] and standing(year, driver)["position"] == 1]
    assert ("World Champion in" in story or "World Champion t" in story or " times, in" in story) == bool(titles)
    for year in titles:
        assert re.search(rf"World Champion[^.]*\b{year}\b", story)
    victories = [f"{r['year']} {r['name']}" for r in raced() if r["raceId"] in races_with(lines, won)]
    if wins == 1:
        assert f"The one win was the {victories[0]}." in story
    elif wins:
        assert f"Of {wins} wins the first was the {victories[0]}, the latest the {victories[-1]}." in story
    if wins and podiums > wins:
        assert f"In all, {podiums} races ended on the podium." in story
    if not wins:
        best = min((line["position"] for line in lines if line["position"]), default=None)
        assert (best is None) == ("No race ended with a place." in story)
        assert "win was" not in story
    first_places = sum(holder == driver for holder in poles().values())
    fastest = len(races_with(lines, lambda line: line["rank"] == 1))
    for count, word in ((first_places, "pole position"), (fastest, "fastest lap")):
        said = f"{count} {word}{'' if count == 1 else 's'}"
        assert (said in story) if count else (f" {word}s" not in story)
    in_doubt = any(line["raceId"] in without_fastest() and started(line) for line in lines)
    assert (f"at least {fastest} fastest lap" in story) == bool(in_doubt and fastest)
    assert not (in_doubt and "no fastest lap" in story)
    assert "  " not in story
    assert not re.search(r"\b(None|nan|NULL)\b|\(\(", story)


def first_of(races: list[dict]) -> dict:
    return races[0]


def last_of(races: list[dict]) -> dict:
    return races[-1]


@pytest.mark.parametrize("ref", DRIVERS)
def test_every_race_of_a_driver_is_listed_and_leads_to_its_page(book: Book, ref: str) -> None:
    driver = driver_called(ref)
    address, caption = f"drivers/{ref}", f"{names()[driver]}, race by race"
    race = {row["raceId"]: row for row in rows("races")}
    mine = [row for row in rows("results") if row["driverId"] == driver]
    mine.sort(key=lambda row: (-race[row["raceId"]]["year"], -race[row["raceId"]]["round"], row["positionOrder"]))
    table = book.table(address, caption)
    assert [row["Race"] for row in table] == [f"{race[r['raceId']]['year']} {short(race[r['raceId']])}" for r in mine]
    assert [row["Place"] for row in table] == [str(r["position"] or r["classification"]) for r in mine]
    assert [number(row["Grid"]) for row in table] == [r["grid"] or None for r in mine]
    wanted = [f"races/race:{race[r['raceId']]['year']}-{race[r['raceId']]['round']}" for r in mine]
    assert book.links(address, caption, "Race") == wanted
    keys = {f"{one.key}" for one in book.planned.values() if one.file == "races/race.md"}
    assert {link.partition(":")[2] for link in wanted} <= keys


def team_name(book: Book, address: str) -> str:
    return str(book.planned[address].parameters["called"])


@pytest.mark.parametrize("ref", TEAMS)
def test_the_seasons_of_a_team_are_what_the_rows_say(book: Book, ref: str) -> None:
    team = by("constructors", "constructorRef")[ref][0]["constructorId"]
    address = f"teams/{ref}"
    mine = seasons_of("results", "constructorId")[team]
    table = book.table(address, f"{team_name(book, address)}, season by season")
    assert [int(row["Season"]) for row in table] == sorted(mine, reverse=True)
    for row in table:
        year = int(row["Season"])
        lines = mine[year]
        assert number(row["Races"]) == len({line["raceId"] for line in lines})
        assert number(row["Wins"]) == len(races_with(lines, won))
        assert number(row["Podiums"]) == len({(x["raceId"], x["position"]) for x in lines if on_podium(x)})
        assert number(row["Best place"]) == min((x["position"] for x in lines if x["position"]), default=None)
        assert set(row["Drivers"].split(" · ")) == {names()[line["driverId"]] for line in lines}
        stood = [
            s
            for s in by("constructorStandings", "raceId").get(last_race()[year]["raceId"], [])
            if s["constructorId"] == team
        ]
        placed = min((s for s in stood if s["position"]), key=lambda s: s["position"], default=None)
        assert number(row["Place"]) == (placed and placed["position"])
        if placed:
            assert abs((number(row["Points"]) or 0) - placed["points"]) <= 0.051
        of_poles = {
            n for n, holder in poles().items() if any(x["raceId"] == n and x["driverId"] == holder for x in lines)
        }
        assert number(row["Poles"]) <= len(of_poles)
        shared = {
            n
            for n in of_poles
            if len({x["constructorId"] for x in by("results", "raceId")[n] if x["driverId"] == poles()[n]}) > 1
        }
        assert number(row["Poles"]) >= len(of_poles - shared)


@pytest.mark.parametrize("ref", TEAMS)
def test_the_story_of_a_team_is_what_the_rows_say(book: Book, ref: str) -> None:
    team = by("constructors", "constructorRef")[ref][0]["constructorId"]
    story = book.story(f"teams/{ref}")
    lines = [line for season in seasons_of("results", "constructorId")[team].values() for line in season]
    races = {line["raceId"] for line in lines}
    assert ("one World Championship race" if len(races) == 1 else f"{len(races):,} World Championship races") in story
    wins = [f"{r['year']} {r['name']}" for r in raced() if r["raceId"] in races_with(lines, won)]
    if len(wins) > 1:
        assert f"Of {len(wins)} wins the first was the {wins[0]}, the latest the {wins[-1]}." in story
    titles = sum(
        any(
            s["constructorId"] == team and s["position"] == 1
            for s in by("constructorStandings", "raceId").get(race["raceId"], [])
        )
        for race in last_race().values()
        if race["over"]
    )
    said = {
        0: "",
        1: "It won the championship of the constructors once",
        2: "It won the championship of the constructors twice",
    }
    assert said.get(titles, f"It won the championship of the constructors {titles} times") in story
    assert ("championship of the constructors" in story) == bool(titles)
    assert "  " not in story


@pytest.mark.parametrize("season", SEASONS)
def test_a_season_is_what_the_rows_say(book: Book, season: int) -> None:
    address = f"seasons/{season}"
    races = sorted((race for race in rows("races") if race["year"] == season), key=lambda race: race["round"])
    table = book.table(address, f"The races of {season}")
    assert [row["Race"] for row in table] == [short(race) for race in races]
    for row, race in zip(table, races, strict=True):
        first = sorted(
            (r for r in by("results", "raceId").get(race["raceId"], []) if won(r)), key=lambda r: r["positionOrder"]
        )
        assert row["Winner"] == " and ".join(names()[r["driverId"]] for r in first)
    last = last_race()[season]
    stood = {row["driverId"]: row for row in by("driverStandings", "raceId")[last["raceId"]]}
    drivers = {row["driverId"] for race in races for row in by("results", "raceId").get(race["raceId"], [])}
    cells = book.table(address, f"The drivers of {season}")
    assert sorted(row["Driver"] for row in cells) == sorted(names()[driver] for driver in drivers)
    ids = {names()[driver]: driver for driver in drivers}
    for row in cells:
        mine = [
            r
            for race in races
            for r in by("results", "raceId").get(race["raceId"], [])
            if r["driverId"] == ids[row["Driver"]]
        ]
        assert number(row["Starts"]) == len(races_with(mine, started))
        assert number(row["Wins"]) == len(races_with(mine, won))
        assert number(row["Place"]) == stood.get(ids[row["Driver"]], {"position": None})["position"]
    story = book.story(address)
    places = sorted(
        by("driverStandings", "raceId")[last["raceId"]], key=lambda row: (row["position"] or 999, row["driverId"])
    )
    leader, second = places[:2]
    ahead = leader["points"] - second["points"]
    verb = "was World Champion with" if last["over"] else "leads with"
    assert f"{names()[leader['driverId']]} {verb} {leader['points']:g} points" in story
    assert f"{ahead:g} point{'' if ahead == 1 else 's'} ahead of {names()[second['driverId']]}" in story
    wins = Counter(
        names()[r["driverId"]] for race in races for r in by("results", "raceId").get(race["raceId"], []) if won(r)
    )
    most = max(wins.values())
    best = sorted(name for name, count in wins.items() if count == most)
    each = " each" if len(best) > 1 else ""
    assert f"{' and '.join(best)} won the most, {most}{each}." in story
    assert f"The {ordinal(season - 1949)} season" in story
    if season < 1958:
        assert "constructors" not in story


@pytest.mark.parametrize("ref", CIRCUITS)
def test_a_circuit_is_what_the_rows_say(book: Book, ref: str) -> None:
    (circuit,) = by("circuits", "circuitRef")[ref]
    address = f"circuits/{ref}"
    races = [race for race in rows("races") if race["circuitId"] == circuit["circuitId"]]
    races.sort(key=lambda race: (-race["year"], -race["round"]))
    table = book.table(address, f"Races at {circuit['name']}")
    assert [row["Race"] for row in table] == [f"{race['year']} {short(race)}" for race in races]
    run = [race for race in races if by("results", "raceId").get(race["raceId"])]
    for row, race in zip(table, races, strict=True):
        first = sorted(
            (r for r in by("results", "raceId").get(race["raceId"], []) if won(r)), key=lambda r: r["positionOrder"]
        )
        assert row["Winner"] == " and ".join(names()[r["driverId"]] for r in first)
        assert row["Pole position"] == (names()[poles()[race["raceId"]]] if race in run else "")
    story = book.story(address)
    if not run:
        assert "still to come" in story
        return
    wins = Counter(names()[r["driverId"]] for race in run for r in by("results", "raceId")[race["raceId"]] if won(r))
    listed = {row["Driver"]: number(row["Wins"]) for row in book.table(address, f"Winners at {circuit['name']}")}
    assert listed == wins
    if len(run) > 1:
        assert f"{len(run)} World Championship races here" in story
        most = max(wins.values())
        if len(wins) == 1:
            assert "won them all." in story
        elif most > 1 and list(wins.values()).count(most) <= 4:
            assert (
                f"{' and '.join(sorted(n for n, c in wins.items() if c == most))} won most often, {most} times" in story
            )


def test_the_lists_of_drivers_and_teams_are_whole(book: Book) -> None:
    drivers = {row["driverId"] for row in rows("results")}
    letters = book.table("drivers/index", "The letters that surnames begin with")
    listed = []
    for row in letters:
        pages = f"drivers/{row['Letter'].lower()}", f"The drivers whose surname begins with {row['Letter']}"
        of_letter = book.table(*pages)
        assert int(row["Drivers"]) == len(of_letter)
        assert {without_accents(each["Driver"])[0].upper() for each in of_letter} == {row["Letter"]}
        most = max(of_letter, key=lambda each: int(each["Wins"]))
        assert row["Wins"] == ("" if most["Wins"] == "0" else most["Wins"])
        listed += book.links(*pages, "Driver")
    assert len(listed) == len(set(listed)) == len(drivers)
    assert set(listed) == {f"drivers/driver:{by('drivers', 'driverId')[each][0]['driverRef']}" for each in drivers}
    assert len(book.table("teams/index", "The teams, those with the most wins first")) == len(
        {r["constructorId"] for r in rows("results")}
    )
    champions: Counter[str] = Counter()
    for race in last_race().values():
        if race["over"]:
            champions.update(
                names()[s["driverId"]] for s in by("driverStandings", "raceId")[race["raceId"]] if s["position"] == 1
            )
    listed = {
        row["Driver"]: number(row["Titles"]) for row in book.table("drivers/index", "Drivers who were World Champion")
    }
    assert listed == champions
    decades = range(2020, 1940, -10)
    seasons = [row for year in decades for row in book.table("seasons/index", f"The World Champions of the {year}s")]
    assert [int(row["Season"]) for row in seasons] == sorted({race["year"] for race in rows("races")}, reverse=True)


def test_every_row_of_history_has_a_page_with_a_title_of_its_own(book: Book) -> None:
    assert book.problems == []
    count = Counter(one.file for one in book.planned.values())
    assert count["races/race.md"] == len(rows("races"))
    assert count["seasons/season.md"] == count["seasons/quiz.md"] == len(rows("seasons"))
    assert count["circuits/circuit.md"] == len(rows("circuits"))
    assert count["drivers/driver.md"] == len({row["driverId"] for row in rows("results")})
    assert count["teams/team.md"] == len({row["constructorId"] for row in rows("results")})
    for file, title in (
        ("drivers/driver.md", "driver"),
        ("teams/team.md", "called"),
        ("circuits/circuit.md", "circuit"),
    ):
        titles = [one.parameters[title] for one in book.planned.values() if one.file == file]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("season", [1950, 2008, 2026])
def test_a_quiz_asks_of_its_season_and_the_right_answers_are_right(book: Book, season: int) -> None:
    asked = [block for block in book.page(f"seasons/{season}-quiz").blocks if isinstance(block, QuestionBlock)]
    assert len(asked) == 4
    races = {race["name"]: race["raceId"] for race in raced() if race["year"] == season}
    winners, first = asked[:2]
    for variant in winners.variants:
        (race,) = (name for name in races if f"Who won the {name} of {season}?" in plain(variant.text))
        right = {names()[row["driverId"]] for row in by("results", "raceId")[races[race]] if won(row)}
        assert chosen_right(variant) <= right
    for variant in first.variants:
        (race,) = (name for name in races if f"pole position for the {name} of {season}?" in plain(variant.text))
        assert chosen_right(variant) == {names()[poles()[races[race]]]}


def chosen_right(variant: Any) -> set[str]:
    """The options of a variant that are right, as a reader sees them."""
    return {plain(option.text) for option in variant.part.options if option.right}
