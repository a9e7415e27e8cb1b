"""The report of a race, as a sceptic reads it: every cell and sentence of built pages, worked out again from the rows.

Nothing here asks a database. A page is compared with what plain Python makes of the rows of the Parquet files, block by
block; a sentence, cell or heading that is not expected here fails, so nothing on a page escapes.
"""

from __future__ import annotations

import calendar
import csv
import html
import importlib.util
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

from coursewright.courses import Course, open_course
from coursewright.courses.plan import PlannedPage, materials, plan_page
from coursewright.facts import Fact, find
from coursewright.pages import Page, execute, read_document
from coursewright.pages.directives.table import grid
from coursewright.pages.executing import ExecutedPage
from coursewright.pages.formats.markdown import write_markdown
from coursewright.pages.reading import read_page
from coursewright.tables import Database, Sql
from coursewright.words import Grammar, tell
from test_formula_one_independent import (
    EXAMPLE,
    Before,
    ages,
    droughts,
    firsts,
    milestones,
    records,
    rows,
    streaks,
)

pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')

# From Silverstone in 1950 to races to come: the Indianapolis 500, shared cars (1950 to 1964), points halved and
# doubled, drivers who died, other layouts of one circuit, six cars at Indianapolis, qualifying of every kind, sprints.
RACES = [
    *((1950, 1), (1950, 3), (1951, 4), (1953, 2), (1954, 5), (1955, 1), (1955, 6), (1956, 1), (1957, 5), (1957, 6)),
    *((1960, 1), (1960, 5), (1961, 4), (1961, 7), (1964, 9), (1967, 9), (1970, 10), (1971, 9), (1976, 10), (1984, 6)),
    *((1989, 15), (1991, 16), (1994, 3), (1996, 9), (1997, 17), (1999, 8), (2003, 3), (2005, 2), (2005, 9), (2005, 19)),
    *(
        (2009, 12),
        (2014, 19),
        (2016, 1),
        (2018, 2),
        (2020, 15),
        (2020, 16),
        (2021, 5),
        (2021, 12),
        (2022, 21),
        (2023, 4),
    ),
    *((1966, 9), (2024, 14), (2025, 2), (2026, 11), (2026, 12), (2026, 14), (2026, 16)),
]
KNOCKOUT = {"KNOCKOUT", "ELIMINATION", "SPRINT_RACE"}

# The author's own words, each of which is true of every race where it may stand.
END = "The data of this book end before the race."
LOOK = (
    "Before a race there is always somebody about to do something for the hundredth time, or for the first. These"
    " sentences were found by SQL in what was known before this one; none of them knows its result. A start is counted"
    " as a line in the results, where cars that did not qualify or did not start have one too."
)
TWO_LAPS = "The sum of two laps decided, one on Saturday and one on Sunday."
FOUR_LAPS = "A driver's time was that of four laps."
SIGNS = (
    "▲ and ▼ count the places won and lost since the grid; who has no place on the grid started from the pit lane, took"
    " over a car or did not start. ★ is what counted as the fastest lap. DNF: did not finish, NC: not classified, DSQ:"
    " disqualified, EX: excluded, DNS: did not start, DNQ and DNPQ: did not qualify or prequalify, DNP: did not"
    " practise."
)
QUARTER = "Of a time over four laps, a quarter counts."
SUPERTIME = (
    "A *supertime* compares teams across years: it is a team's best lap of a weekend, in qualifying or the race, as a"
    " percentage of the best lap by anyone, as far as the times are known. 100 is as fast as it gets. A tenth of a per"
    " cent was {} seconds here."
)
OF_A_SEASON = (
    "The best lap of each team at each race of the season, in qualifying or the race, as a percentage of the best lap"
    " by anyone that weekend, as far as the times are known; in the order of the averages. 100 is as fast as it gets."
)


# The product's side: pages as they are built, of every race from one database


class Report:
    """The course, opened once, and its pages for any race, without the directives that a test leaves out."""

    def __init__(self) -> None:
        self.course: Course = open_course(EXAMPLE)
        self.database: Database = self.course.database()
        self.made: dict[tuple[str, int], ExecutedPage] = {}
        self._planned: dict[str, dict[Any, PlannedPage]] = {}

    def page(self, file: str, race: dict, *, without: tuple[str, ...]) -> ExecutedPage:
        """The page in `file` about `race`; `without` are the names of directives that are not carried out."""
        if (file, race["raceId"]) not in self.made:
            self.made[file, race["raceId"]] = self._execute(file, race, without)
        return self.made[file, race["raceId"]]

    def _execute(self, file: str, race: dict, without: tuple[str, ...]) -> ExecutedPage:
        one = self.planned(file)[race["year"], race["round"]]
        page = _less(one.page, without)
        return execute(page, one.address, materials(self.course, self.database, one))

    def planned(self, file: str) -> dict[tuple, PlannedPage]:
        """The pages that a file makes by season and round, by season or by circuit."""
        if file not in self._planned:
            page = read_page(EXAMPLE / "pages" / file)
            made = plan_page(page, self.course, self.database)
            keys = ("circuitRef",) if "circuit" in file else ("season", "round") if "race" in file else ("season",)
            self._planned[file] = {tuple(one.parameters[key] for key in keys): one for one in made}
        return self._planned[file]

    def markdown(self, file: str, race: dict, *, without: tuple[str, ...]) -> str:
        """The same as Markdown, with what escapes its signs taken away."""
        return as_text(write_markdown(read_document(self.page(file, race, without=without)), {}))


def as_text(content: str) -> str:
    """Markdown with what escapes its signs taken away."""
    return html.unescape(re.sub(r"\\([^\w\s])", r"\1", content))


def _less(page: Page, names: tuple[str, ...]) -> Page:
    gone = [directive for directive in page.directives if directive.name in names]
    lines = {line for directive in gone for line in range(*directive.lines)}
    body = "\n".join("" if number in lines else line for number, line in enumerate(page.body.split("\n")))
    return replace(page, body=body)


@pytest.fixture(scope="module")
def report() -> Report:
    return Report()


# The sceptic's side: rows of Parquet files in dictionaries


@cache
def by(table: str, *columns: str) -> dict[Any, list[dict]]:
    """The rows of `table` under the values of `columns`."""
    found = defaultdict(list)
    for row in rows(table):
        found[row[columns[0]] if len(columns) == 1 else tuple(row[column] for column in columns)].append(row)
    return found


@cache
def names() -> dict[int, str]:
    return {row["driverId"]: f"{row['forename']} {row['surname']}" for row in rows("drivers")}


@cache
def codes() -> dict[int, str]:
    """What drivers are called in facts: their code or, of those who met a namesake, their name."""
    with (EXAMPLE / "data" / "names.csv").open(encoding="utf-8") as file:
        namesakes = {int(row["driverId"]): row["name"] for row in csv.DictReader(file)}
    return {row["driverId"]: namesakes.get(row["driverId"]) or row["code"] or row["surname"] for row in rows("drivers")}


def team(row: dict) -> str:
    return by("constructors", "constructorId")[row["constructorId"]][0]["name"]


def race_of(season: int, round_: int) -> dict:
    return by("races", "year", "round")[season, round_][0]


def ordinal(number: int) -> str:
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }".replace(" ", "")


def counted(number: float, word: str) -> str:
    return f"{number:g} {word}" if number == 1 else f"{number:g} {word}s"


def seconds(text: str | None) -> Fraction | None:
    """A time of the data in seconds, exactly."""
    if not text or not re.fullmatch(r"(\d+:)?(\d+:)?\d+(\.\d+)?", text):
        return None
    total = Fraction(0)
    for part in text.split(":"):
        total = 60 * total + Fraction(part)
    return total


@cache
def best_laps() -> dict[int, dict[tuple[int, int], Fraction]]:
    """For each race, the best lap of each team and driver over qualifying and the race."""
    best: dict[int, dict[tuple[int, int], Fraction]] = defaultdict(dict)
    for row in rows("qualifying") + rows("results"):
        number = row["raceId"]
        laps = 4 if by("raceLayouts", "raceId")[number][0]["qualifyingFormat"] == "FOUR_LAPS" else 1
        times = [time / laps for q in ("q1", "q2", "q3") if (time := seconds(row.get(q)))]
        times += [time] if (time := seconds(row.get("fastestLapTime"))) else []
        key = row["constructorId"], row["driverId"]
        for time in times:
            best[number][key] = min(time, best[number].get(key, time))
    return best


def laps_of(number: int, what: int) -> dict[int, Fraction]:
    """The best lap of each team (`what` is 0) or driver (1) in a race."""
    best: dict[int, Fraction] = {}
    for key, time in best_laps()[number].items():
        best[key[what]] = min(time, best.get(key[what], time))
    return best


# The story


def told(race: int) -> list[tuple[dict, list[str]]]:
    """Each driver that the story tells of, with the sentences that would be true."""
    results = sorted(by("results", "raceId")[race], key=lambda row: row["positionOrder"])
    once = {row["driverId"]: row for row in reversed(results)}  # the best place of each
    surnames = Counter(by("drivers", "driverId")[driver][0]["surname"] for driver in once)
    told = []
    for row in sorted(once.values(), key=lambda row: row["positionOrder"]):
        if (row["position"] and row["position"] <= 10) or row["classification"] in ("DNF", "DSQ"):
            surname = by("drivers", "driverId")[row["driverId"]][0]["surname"]
            called = surname if surnames[surname] == 1 else names()[row["driverId"]]
            told.append((row, list(_sentences(row, called, results))))
    return told


def _sentences(row: dict, called: str, results: list[dict]) -> Iterator[str]:
    driver, place = names()[row["driverId"]], row["position"]
    if row["sharedCar"]:
        more = ", and drove another one" if sum(r["driverId"] == row["driverId"] for r in results) > 1 else ""
        if place is None:
            yield f"{driver} took over a car that did not finish{more}."
        elif place == 1:
            yield f"{driver} took a turn in the winning car{more}."
        else:
            yield f"{driver} shared the car in {ordinal(place)} place{more}."
    elif place == 1:
        yield from _winner(row, driver, results)
    elif place == 2:
        yield from _second(row, driver, results)
    elif place == 3:
        yield from _third(row, driver)
    elif place:
        yield from _placed(row, called)
    elif row["classification"] == "DSQ":
        yield f"{called} ({team(row)}) was disqualified."
    else:
        yield from _out(row, called)


def _winner(row: dict, driver: str, results: list[dict]) -> Iterator[str]:
    shared = any(other["sharedCar"] and other["position"] == 1 for other in results)
    rest = f"in {row['time']}" + (", in a car that was shared." if shared else ".")
    if row["grid"] == 1 and pole(row["raceId"]) == row["driverId"]:
        yield f"{driver} won for {team(row)} from pole position, {rest}"
        yield f"From pole position {driver} won for {team(row)}, {rest}"
    elif row["grid"]:
        yield f"{driver} won for {team(row)} from {ordinal(row['grid'])} on the grid, {rest}"
        yield f"Starting {ordinal(row['grid'])}, {driver} won for {team(row)}, {rest}"
    else:
        yield f"{driver} won for {team(row)}, {rest}"


def pole(race: int) -> int:
    """Whose the pole position was: of the first on the grid, or in qualifying where a sprint of 2022 made the grid."""
    (first,) = (row["driverId"] for row in by("qualifying", "raceId")[race] if row["position"] == 1)
    on_grid = [row["driverId"] for row in by("results", "raceId")[race] if row["grid"] == 1]
    sprint_of_2022 = by("sprintResults", "raceId").get(race) and by("races", "raceId")[race][0]["year"] == 2022
    return first if sprint_of_2022 or not on_grid else on_grid[0]


def _second(row: dict, driver: str, results: list[dict]) -> Iterator[str]:
    winner = next(other for other in results if other["position"] == 1 and other["milliseconds"])
    if row["milliseconds"] is None:
        down = winner["laps"] - row["laps"]
        assert down > 0
        yield f"{driver} ({team(row)}) was second, {counted(down, 'lap')} down."
        return
    gap = (row["milliseconds"] - winner["milliseconds"]) / 1000
    assert gap > 0
    if gap < 1:
        yield f"Only {counted(gap, 'second')} behind came {driver}, for {team(row)}."
    elif gap < 60:
        yield f"{driver} was {counted(gap, 'second')} behind, for {team(row)}."
        yield f"{counted(gap, 'second')} later came {driver}, for {team(row)}."
    else:
        minutes, rest = divmod(row["milliseconds"] - winner["milliseconds"], 60_000)
        yield f"{driver} ({team(row)}) was second, {minutes}:{rest / 1000:06.3f} behind."


def _third(row: dict, driver: str) -> Iterator[str]:
    if row["grid"] and row["grid"] - 3 >= 4:
        yield f"{driver} ({team(row)}), {ordinal(row['grid'])} at the start, drove up to third."
        yield f"Third was {driver} ({team(row)}), who had started {ordinal(row['grid'])}."
    else:
        yield f"{driver} ({team(row)}) completed the podium."
        yield f"Third place went to {driver} ({team(row)})."


WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
)
TENS = [f"{ten}{one}" for ten in ("twenty", "thirty") for one in ["", *(f"-{word}" for word in WORDS.split()[1:10])]]
NUMBERS = [*WORDS.split(), "eighteen", "nineteen", *TENS]
PLACES = ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth")


def _placed(row: dict, called: str) -> Iterator[str]:
    name, place, grid = team(row), row["position"], row["grid"]
    gained = grid - place if grid else 0
    if gained >= 5:
        yield f"{called} ({name}) made up {NUMBERS[gained]} places to come {ordinal(place)}."
        yield f"{PLACES[place - 1]} was {called} ({name}), from {ordinal(grid)} on the grid."
        yield f"From {ordinal(grid)} on the grid {called} ({name}) climbed to {ordinal(place)}."
    elif gained <= -4:
        yield f"{called} ({name}) fell from {ordinal(grid)} to {ordinal(place)}."
        yield f"{PLACES[place - 1]} was all that was left for {called} ({name}) after starting {ordinal(grid)}."
    else:
        yield f"{called} ({name}) came {ordinal(place)}."
        yield f"{PLACES[place - 1]} was {called} for {name}."
        yield f"{called} took {ordinal(place)} place for {name}."
        yield f"Then came {called} ({name}), {ordinal(place)}."
        yield f"{called} brought {article(name)} {name} home {ordinal(place)}."


def article(name: str) -> str:
    return "an" if name[0] in "AEIO8" or name in {"HWM", "HRT", "RB", "RAM", "LDS", "MBM", "RE"} else "a"


SAID = {
    None: "",
    "Retirement": "",
    "Out of fuel": ", out of fuel",
    "Unwell": ", unwell",
    "Unfit": ", unfit",
    "Injury": ", injured",
    "Withdrew": ", withdrawn",
    "Physical": " for physical reasons",
    "Mechanical": " for mechanical reasons",
    "Mechenical": " for mechanical reasons",
    "Tyre shortage": " for want of tyres",
    "Car raced by Jarier": ", whose car was raced by Jarier",
    "Electrical": " because of the electrics",
    "Spun off": " because of a spin",
    "Power loss": " because of a loss of power",
    "Pit fire": " because of a fire in the pits",
    "KERS failure": " because of a KERS failure",
    "Pit stop issue": " because of a pit stop",
    "Accident on formation lap": " because of an accident on the formation lap",
}


def _out(row: dict, called: str) -> Iterator[str]:
    name, laps, reason = team(row), counted(row["laps"], "lap"), row["sourceReason"]
    if reason in ("Fatal accident", "Fatal collision"):
        when = f"after {laps}" if row["laps"] else "on the first lap"
        yield f"{called} ({name}) had a {reason.lower()} {when}."
        return
    known = SAID.get(reason)
    word = (reason or "").lower()
    plain = f"(?: because of (?:(?:the|an|a) )?{re.escape(word)})" if known is None else re.escape(known)
    if row["laps"] == 0:
        yield f"re:{re.escape(f'{called} ({name}) did not complete a lap')}{plain}\\."
    elif row["laps"] < 10:
        yield f"re:{re.escape(f'{called} ({name}) got no further than {laps}')}{plain}\\."
    else:
        yield f"re:{re.escape(f'{called} ({name}) retired after {laps}')}{plain}\\."
        yield f"re:{re.escape(f'After {laps} the race was over for {called} ({name})')}{plain}\\."


def check_story(text: str, race: int) -> None:
    """The story tells of each driver once, in order, with a sentence that is true; and says nothing else."""
    for row, sentences in told(race):
        patterns = [s[3:] if s.startswith("re:") else re.escape(s) for s in sentences]
        found = next(filter(None, (re.match(pattern, text) for pattern in patterns)), None)
        assert found, f"race {race}, {names()[row['driverId']]}: {text[:120]!r}\nexpected one of {sentences}"
        text = text[found.end() :].lstrip()
    assert text == "", f"race {race}: {text[:200]!r} is told of nobody"


# The tables


# Hall in Mexico in 1963, in the source: "+4 Laps", and five laps fewer than the winner. The page tells the first alone.
BESIDE_ITSELF = next(
    row["resultId"]
    for row in rows("results")
    if row["raceId"] == by("races", "year", "round")[1963, 9][0]["raceId"] and row["position"] == 8
)


def result_table(race: int) -> list[list[str]]:
    """The rows of "The result"."""
    table = []
    results = sorted(by("results", "raceId")[race], key=lambda row: row["positionOrder"])
    most = max(row["laps"] for row in results)
    for row in results:
        place, grid = row["position"], row["grid"] or None
        moved = (grid - place) if grid and place else 0
        status = by("status", "statusId")[row["statusId"]][0]["status"]
        if row["sharedCar"]:
            said = "Shared the car"
        elif place is None:
            said = row["sourceReason"] or status
        else:
            said = row["time"] or status
            if status.startswith("+") and row["resultId"] != BESIDE_ITSELF:
                assert status == f"+{counted(most - row['laps'], 'Lap')}"
        star = " ★" if row["rank"] == 1 else ""
        table.append(
            [
                str(place or row["classification"]),
                names()[row["driverId"]],
                team(row),
                said,
                points_of(row, results),
                str(grid or ""),
                f"▲ {moved}" if moved > 0 else f"▼ {-moved}" if moved < 0 else "",
                f"{row['fastestLapTime']}{star}" if row["fastestLapTime"] else "",
            ]
        )
    return table


def points_of(row: dict, rows_: list[dict]) -> str:
    """The points of a row, with as many decimals as any of its table needs: one or two."""
    places = max(len(f"{other['points']:g}".partition(".")[2]) for other in rows_)
    assert places <= 2
    return f"{row['points']:.{places}f}"


def qualifying_table(race: int) -> tuple[list[str], list[list[str]]]:
    """The heading and the rows of "The first ten in qualifying"."""
    format_ = by("raceLayouts", "raceId")[race][0]["qualifyingFormat"]
    headings = {"AGGREGATE": ["First lap", "Second lap"], "FOUR_LAPS": ["Four laps"]}
    times = ["Q1", "Q2", "Q3"] if format_ in KNOCKOUT else headings.get(format_, ["Time"])
    first = [row for row in by("qualifying", "raceId")[race] if row["position"] and row["position"] <= 10]
    cells = [
        [
            str(row["position"]),
            names()[row["driverId"]],
            team(row),
            *(row[f"q{n + 1}"] or "" for n in range(len(times))),
        ]
        for row in sorted(first, key=lambda row: row["position"])
    ]
    for row in first:  # nothing that was timed is left out
        assert not any(row[q] for q in ("q1", "q2", "q3")[len(times) :])
    if format_ == "AGGREGATE":
        sums = [seconds(row["q1"]) + seconds(row["q2"]) for row in first if row["q1"] and row["q2"]]
        assert sums == sorted(sums)
    return ["Place", "Driver", "Team", *times], cells


def sprint_table(race: int) -> list[list[str]]:
    first = [row for row in by("sprintResults", "raceId")[race] if row["position"] and row["position"] <= 10]
    return [
        [str(row["position"]), names()[row["driverId"]], team(row), str(row["grid"] or ""), points_of(row, first)]
        for row in sorted(first, key=lambda row: row["position"])
    ]


# The page, block by block


def blocks(markdown: str) -> list[Any]:
    """A page's blocks: headings and paragraphs as text, lists as lists, tables as a caption with rows of cells."""
    found: list[Any] = []
    for part in re.split(r"\n\s*\n", markdown.strip()):
        lines = part.split("\n")
        if lines[0].startswith("| "):
            cells = [re.split(r" ?\| ?", line.strip())[1:-1] for line in lines]
            found[-1] = (found[-1], cells[0], cells[2:])
        elif lines[0].startswith("- "):
            found.append([line.removeprefix("- ") for line in lines])
        else:
            found.append(" ".join(line.strip() for line in lines))
    return found


def expected(race: dict) -> Iterator[Any]:
    """The blocks of the page about `race`, but for the facts and the figures; the story is None."""
    number = race["raceId"]
    layout = by("raceLayouts", "raceId")[number][0]
    run = by("results", "raceId").get(number)
    yield f"# {race['name']} {race['year']}"
    yield opening(race, layout["courseLength"])
    yield lead(race) if run else END
    entered = by("entries", "raceId").get(number)
    if entered and not run:
        yield "## Who is entered"
        yield list(entry_list(entered))
    if entered or _lap_before(race, layout["layout"]):
        yield "## What to look for"
        yield LOOK
        yield "Choose [another race](another.md), and read what there was to look for before that."
    if by("qualifying", "raceId").get(number):
        yield "## Qualifying"
        yield from {"AGGREGATE": [TWO_LAPS], "FOUR_LAPS": [FOUR_LAPS]}.get(layout["qualifyingFormat"], [])
        yield ("**The first ten in qualifying**", *qualifying_table(number))
    if by("sprintResults", "raceId").get(number):
        yield "## The sprint"
        yield ("**The sprint**", ["Place", "Driver", "Team", "Grid", "Points"], sprint_table(number))
    if run:
        yield "## The race"
        yield None
        columns = ["Place", "Driver", "Team", "Time or reason", "Points", "Grid", "Places", "Fastest lap"]
        yield ("**The result**", columns, result_table(number))
        yield SIGNS
    if by("driverStandings", "raceId").get(number):
        yield "## The championship after the race"
        yield from championship(race)
    if best_laps().get(number):
        yield "## Who was quick"
        best = min(laps_of(number, 0).values())
        yield SUPERTIME.format(f"{math.floor(best / 10 + Fraction(1, 2)) / 100:.2f}")
        if layout["qualifyingFormat"] == "FOUR_LAPS":
            yield QUARTER
        yield (
            "**The teams**",
            ["Place", "Team", "Supertime", "Best lap (s)", "Behind (s)"],
            barred(supertimes_table(number), 4),
        )


def supertimes_table(race: int) -> list[list[str]]:
    """The teams by their best laps."""
    laps = laps_of(race, 0)
    best = min(laps.values())
    places = {one: 1 + sum(time < laps[one] for time in laps.values()) for one in laps}
    name = {one: by("constructors", "constructorId")[one][0]["name"] for one in laps}
    return [
        [
            str(places[one]),
            name[one],
            half_up(100 * laps[one] / best, 2),
            half_up(laps[one], 3),
            half_up(laps[one] - best, 3),
        ]
        for one in sorted(laps, key=lambda one: (places[one], name[one]))
    ]


def half_up(value: Fraction, digits: int) -> str:
    return f"{math.floor(value * 10**digits + Fraction(1, 2)) / 10**digits:.{digits}f}"


POINTS = "Points are those that counted at the time: until 1990 only a driver's best results did."
APART = (
    "Cars of one maker that had engines of different makers were counted apart, so a name can stand here more than"
    " once."
)


def championship(race: dict) -> Iterator[Any]:
    """The tables of the championship after a race, and what is said of them."""
    stood = [
        row for row in by("driverStandings", "raceId")[race["raceId"]] if row["position"] and row["position"] <= 10
    ]
    earlier = by("races", "year", "round").get((race["year"], race["round"] - 1))
    of_before = by("driverStandings", "raceId")[earlier[0]["raceId"]] if earlier else []
    before = {row["driverId"]: row["position"] for row in of_before}
    lines = so_far(race, [row["driverId"] for row in stood])
    cells = [
        [
            str(row["position"]),
            names()[row["driverId"]],
            points_of(row, stood),
            lines[row["driverId"]],
            str(before.get(row["driverId"]) or ""),
        ]
        for row in sorted(stood, key=lambda row: (row["position"], names()[row["driverId"]]))
    ]
    cells = barred(cells, 2)
    yield ("**The first ten drivers**", ["Place", "Driver", "Points", "Race by race", "Place before"], cells)
    teams = by("constructorStandings", "raceId").get(race["raceId"], [])
    if teams:
        first = [row for row in teams if row["position"] and row["position"] <= 10]
        cells = [
            [str(row["position"]), team(row), points_of(row, first)]
            for row in sorted(first, key=lambda row: (row["position"], team(row)))
        ]
        yield ("**The first ten teams**", ["Place", "Team", "Points"], barred(cells, 2))
    yield POINTS
    if len({row["constructorId"] for row in teams}) < len(teams):
        yield APART


def barred(cells: list[list[str]], column: int) -> list[list[str]]:
    """The cells with a bar before the number of a column, the longest of ten blocks before the largest."""
    most = max(Fraction(row[column]) for row in cells)
    bars = ["█" * round(float(10 * Fraction(row[column]) / most)) if most else "" for row in cells]
    return [
        [*row[:column], f"{bar} {row[column]}".strip(), *row[column + 1 :]]
        for row, bar in zip(cells, bars, strict=True)
    ]


def so_far(race: dict, drivers: list[int]) -> dict[int, str]:
    """The points of drivers after each race of the season up to this one, in eighths of the most that any has."""
    raced_before = [
        other["raceId"]
        for other in sorted(rows("races"), key=lambda other: other["round"])
        if other["year"] == race["year"] and other["round"] <= race["round"]
    ]
    after = [{row["driverId"]: row["points"] for row in by("driverStandings", "raceId")[one]} for one in raced_before]
    if len(after) < 2:
        return dict.fromkeys(drivers, "")
    points = {driver: [Fraction(stood.get(driver, 0)) for stood in after] for driver in drivers}
    least, most = min(map(min, points.values())), max(map(max, points.values()))
    eighth = {n: "▁▂▃▄▅▆▇█"[n] for n in range(8)}
    return {
        driver: "".join(eighth[math.floor(7 * (value - least) / (most - least) + Fraction(1, 2))] for value in values)
        for driver, values in points.items()
    }


def linked(driver: int) -> str:
    return f"[{names()[driver]}](driver:{by('drivers', 'driverId')[driver][0]['driverRef']})"


def lead(race: dict) -> str:
    """The race in two sentences."""
    results = sorted(by("results", "raceId")[race["raceId"]], key=lambda row: row["positionOrder"])
    at = {place: [row for row in results if row["position"] == place] for place in (1, 2, 3)}
    winner = at[1][0]
    made = f"[{team(winner)}](team:{by('constructors', 'constructorId')[winner['constructorId']][0]['constructorRef']})"
    if len(at[1]) > 1:
        said = f"{' and '.join(names()[row['driverId']] for row in at[1])} shared the car of {made} that won"
    else:
        said = f"{linked(winner['driverId'])} won for {made}"
    if len(at[2]) == 1:
        said += f", ahead of {linked(at[2][0]['driverId'])}"
        said += f" and {linked(at[3][0]['driverId'])}" if len(at[3]) == 1 else ""
    return f"{said}. {head_of_the_championship(race)}"


def head_of_the_championship(race: dict) -> str:
    stood = by("driverStandings", "raceId")[race["raceId"]]
    stood = sorted(stood, key=lambda row: (row["position"] or 999, row["driverId"]))
    first, second = linked(stood[0]["driverId"]), linked(stood[1]["driverId"])
    ahead = stood[0]["points"] - stood[1]["points"]
    level = [names()[row["driverId"]] for row in stood if row["position"] == 1]
    if race["round"] == max(other["round"] for other in rows("races") if other["year"] == race["year"]):
        rest = f"{counted(ahead, 'point')} ahead of" if ahead else "level on points with"
        return f"It was the last race of the season: {first} was World Champion, {rest} {second}."
    if len(level) > 2:
        count = NUMBERS[len(level)].capitalize()
        return f"{count} drivers were level at the head of the championship after it: {', '.join(level)}."
    if ahead:
        return f"{first} led the championship after it, {counted(ahead, 'point')} ahead of {second}."
    return f"{first} and {second} were level at the head of the championship after it."


def _lap_before(race: dict, layout: str) -> bool:
    """Whether there is a fastest lap of an earlier race on this layout."""
    earlier = {
        row["raceId"]
        for row in rows("raceLayouts")
        if row["layout"] == layout and (row["year"], row["round"]) < (race["year"], race["round"])
    }
    return any(row["rank"] == 1 for number in earlier for row in by("results", "raceId").get(number, ()))


def opening(race: dict, kilometres: float) -> str:
    day: date = race["date"]
    (circuit,) = by("circuits", "circuitId")[race["circuitId"]]
    now = race["year"], race["round"]
    edition = sum(
        (row["year"], row["round"]) <= now for row in rows("races") if row["circuitId"] == circuit["circuitId"]
    )
    told = f"{day.day} {calendar.month_name[day.month]} {day.year}"
    return (
        f"Round {race['round']} of the [{race['year']} season](season:{race['year']}), on {told}: the"
        f" {ordinal(edition)} World Championship race at [{circuit['name']}](circuit:{circuit['circuitRef']}) in"
        f" {circuit['location']}, {circuit['country']}, where a lap is {kilometres:g} km long."
    )


def entry_list(entered: list[dict]) -> Iterator[str]:
    """One item for each team, with its drivers, each with a link to their page if they have one."""
    teams: dict[tuple[str, str], set[tuple[str, str]]] = defaultdict(set)
    for row in entered:
        of = by("constructors", "constructorId")[row["constructorId"]][0]["constructorRef"]
        whose = f"[{team(row)}](team:{of})" if row["constructorId"] in placed("constructorId") else team(row)
        name = names()[row["driverId"]]
        teams[team(row), whose].add((name, linked(row["driverId"]) if row["driverId"] in placed("driverId") else name))
    for (_, whose), drivers in sorted(teams.items()):
        yield f"{whose}: {' · '.join(said for _, said in sorted(drivers))}"


@cache
def placed(column: str) -> set[int]:
    """Who has a line in the results of any race."""
    return {row[column] for row in rows("results")}


@pytest.mark.parametrize(("season", "round_"), RACES)
def test_every_block_of_a_page_is_what_the_rows_say(report: Report, season: int, round_: int) -> None:
    race = race_of(season, round_)
    found = blocks(report.markdown("races/race.md", race, without=("facts", "figure")))
    wanted = list(expected(race))
    for block, true in zip(found, wanted, strict=False):
        if true is None:
            check_story(block, race["raceId"])
        else:
            assert block == true
    assert len(found) == len(wanted)
    assert not re.search(r"(?<![\d.])(?:1 (?:laps|seconds)\b|0\.0 )|\?\.|\b(?:None|nan|NULL)\b|\(\(", str(found))


# The story of every race


@cache
def raced() -> list[dict]:
    """Every race that has been run, in order."""
    run = [row for row in rows("races") if by("results", "raceId").get(row["raceId"])]
    return sorted(run, key=lambda row: (row["year"], row["round"]))


def with_points(row: Sequence[str]) -> list[str]:
    """A row of a result with as many decimals to its points as they need: a page lines them up."""
    return [*row[:4], f"{float(row[4]):g}", *row[5:]]


def test_no_sentence_of_any_race_contradicts_its_result(report: Report) -> None:
    """All 1,160 stories, told from the page's own SQL and grammar, and all results, from the SQL of its table."""
    page = read_page(EXAMPLE / "pages" / "races" / "race.md")
    (story,) = (directive for directive in page.directives if directive.argument == "race-story")
    (table,) = (directive for directive in page.directives if directive.options.get("caption") == "The result")
    asked = Sql(story.content, story.file, story.content_line)
    found = [report.database.query(asked, {"raceId": race["raceId"]}) for race in raced()]
    grammar = Grammar.read(EXAMPLE / "grammars" / "race-story.yaml", strict=True)
    texts = iter(tell(grammar, pa.concat_tables(found), key="driver").to_pylist())
    for race, lines in zip(raced(), found, strict=True):
        check_story(" ".join(next(texts) for _ in range(lines.num_rows)), race["raceId"])
    of_all = table.content.replace("WHERE raceId = :raceId\nORDER BY", "ORDER BY year, number,")
    assert "WHERE" not in of_all
    shown = grid(report.database.query(Sql(of_all, table.file), {}).drop_columns(["driverRef", "teamRef"])).rows
    wanted = [row for race in raced() for row in result_table(race["raceId"])]
    assert [with_points(row) for row in shown] == [with_points(row) for row in wanted]


# The facts


@cache
def known(season: int, round_: int) -> Before:
    return Before(season, round_)


def fact_sentences(now: Before) -> Iterator[tuple[str, set[str]]]:
    """For each fact that is true before the race, its finder and the ways in which it may be told."""
    code = {names()[driver]: codes()[driver] for driver in now.field}
    yield from _milestones(milestones(now), code)
    runs = streaks(now)
    for driver, run in runs["points-streak"]:
        yield "points-streak", {f"{code[driver]} has finished in the points in {run} races in a row"}
    for driver, run in runs["win-streak"]:
        more = f"another win would be the {ordinal(run + 1)} in a row"
        yield "win-streak", {f"{code[driver]} has won the last {run} races: {more}"}
    yield from _firsts(firsts(now), code)
    yield from _droughts(droughts(now), code)
    yield from _records(records(now), code)
    lives = ages(now) if now.field else {"birthday": [], "youngest-and-oldest": []}
    for driver, age in lives["birthday"]:
        yield "birthday", {f"{code[driver]} turns {age} on race day"}
    for driver, which, years, days in lives["youngest-and-oldest"]:
        said = f"and {counted(days, 'day')}" if days else "to the day"
        yield "youngest-and-oldest", {f"{code[driver]} is the {which} driver entered, at {years} years {said}"}
    yield from _leader(now)
    yield from _first_in_qualifying(now)
    yield from _lap_record(now)


def _milestones(found: dict[str, set], code: dict[str, str]) -> Iterator[tuple[str, set[str]]]:
    said = {
        "milestone-starts": "race start",
        "milestone-wins": "win",
        "milestone-poles": "pole position",
        "milestone-podiums": "podium",
        "milestone-fastest-laps": "fastest lap",
        "milestone-points-finishes": "finish in the points",
    }
    for finder, what in said.items():
        for driver, number in found[finder]:
            which = "their" if finder == "milestone-starts" else article(str(number))  # as it was published
            yield finder, {f"{code[driver]} is looking for {which} {ordinal(number)} {what}"}
    for driver, team_, number in found["milestone-starts-team"]:
        told = f"{code[driver]} is looking for their {ordinal(number)} start for {team_}"
        yield "milestone-starts-team", {told}


def _firsts(found: dict[str, set], code: dict[str, str]) -> Iterator[tuple[str, set[str]]]:
    for driver, number in found["first-win"]:
        podiums = counted(number, "podium")
        yield (
            "first-win",
            {
                f"{code[driver]} could win for the first time, after {podiums}",
                f"With {podiums} so far, {code[driver]} could win for the first time",
            },
        )
    for driver, number in found["first-podium"]:
        told = f"{code[driver]} could reach the podium for the first time, after {number} finishes in the points"
        yield "first-podium", {told}
    for (driver,) in found["debut"]:
        yield "debut", {f"{code[driver]} is entered for a World Championship race for the first time"}
    for driver, team_, _ in found["debut-team"]:
        yield "debut-team", {f"{code[driver]} is entered for {team_} for the first time"}


def _droughts(found: dict[str, set], code: dict[str, str]) -> Iterator[tuple[str, set[str]]]:
    for finder, who in (("win-drought", code), ("team-win-drought", None)):
        for one, year, race, _ in found[finder]:
            name = who[one] if who else one
            yield (
                finder,
                {
                    f"A win would be the first for {name} since the {year} {race}",
                    f"{name} last won at the {year} {race}",
                    f"The last win for {name} was the {year} {race}",
                },
            )
    for driver, year, race, _ in found["pole-drought"]:
        yield (
            "pole-drought",
            {
                f"A pole position would be the first for {code[driver]} since the {year} {race}",
                f"{code[driver]} was last on pole position at the {year} {race}",
                f"Not since the {year} {race} has {code[driver]} been on pole position",
            },
        )


def _records(found: dict[str, set], code: dict[str, str]) -> Iterator[tuple[str, set[str]]]:
    for driver, number in found["most-wins-here"]:
        yield "most-wins-here", {f"{code[driver]} has won here {_times(number)}: nobody has won here more often"}
    for driver, number in found["most-poles-here"]:
        told = f"{code[driver]} has been on pole position here {_times(number)}: nobody has more often"
        yield "most-poles-here", {told}
    for team_, year, races in found["team-last-won-here"]:
        yield "team-last-won-here", {f"{team_} last won here in {year}: the last {races} races here went to others"}
    few = ("Nobody has", "Only one driver has", "Only two drivers have", "Only three drivers have")
    for driver, wins, better in found["few-have-won-more"]:
        yield "few-have-won-more", {f"{few[better]} won more races than {code[driver]}, who has won {wins}"}


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"


def _leader(now: Before) -> Iterator[tuple[str, set[str]]]:
    """Who led the championship after the race before, if they are entered and lead alone."""
    earlier = [race for race in now.races.values() if race["year"] == now.race["year"]]
    if not earlier:
        return
    last = max(earlier, key=lambda race: race["round"])
    standings = by("driverStandings", "raceId").get(last["raceId"])
    if not standings:  # the race before is one to come
        return
    standings = sorted(standings, key=lambda row: (row["position"], row["driverId"]))
    (first, second), points = [row["driverId"] for row in standings[:2]], [row["points"] for row in standings[:2]]
    ahead = round(points[0] - points[1], 2)
    if ahead > 0 and first in now.field:
        lead = counted(ahead, "point")
        rest = f", {lead} ahead of {codes()[second]}" if second in now.field else f" by {lead}"
        yield "championship-lead", {f"{codes()[first]} leads the championship{rest}"}


def _first_in_qualifying(now: Before) -> Iterator[tuple[str, set[str]]]:
    for row in by("qualifying", "raceId").get(now.race["raceId"], ()):
        if row["position"] == 1:
            mine = [r for r in now.results if r["driverId"] == row["driverId"] and r["grid"] == 1]
            mine = [r for r in mine if r["classification"] != "DNS"]
            firsts_, won = len({r["raceId"] for r in mine}), len({r["raceId"] for r in mine if r["position"] == 1})
            if firsts_ >= 5:
                told = f"has won {won} of the {firsts_} races started from first on the grid"
                yield "pole-to-win", {f"{codes()[row['driverId']]} was first in qualifying, and {told}"}


def _lap_record(now: Before) -> Iterator[tuple[str, set[str]]]:
    layouts = {row["raceId"]: row["layout"] for row in rows("raceLayouts")}
    layout = layouts[now.race["raceId"]]
    run = {row["raceId"] for row in now.results}
    here = {number for number in run if now.races[number]["circuitId"] == now.race["circuitId"]}
    same = {number for number in here if layouts[number] == layout}
    laps = [row for row in now.results if row["raceId"] in same and row["rank"] == 1]
    if not laps:
        return
    went = {row["raceId"] for row in now.results if row["raceId"] in same and row["laps"] > 2}
    word = "fastest" if went <= {row["raceId"] for row in laps} else "fastest known"
    where = "here" if here == same else "here on this layout"
    best = min(seconds(row["fastestLapTime"]) or Fraction(0) for row in laps)
    for row in laps:
        if seconds(row["fastestLapTime"]) == best:
            by_ = f"by {names()[row['driverId']]} in {now.races[row['raceId']]['year']}"
            yield "lap-record-here", {f"The {word} lap in a race {where} is {row['fastestLapTime']}, {by_}"}


@pytest.fixture(scope="module")
def facts(report: Report) -> dict[tuple[int, int], list[Fact]]:
    """The facts of every race in RACES, found in one pass."""
    moments = [{"season": season, "round": round_} for season, round_ in RACES]
    found = defaultdict(list)
    timeline = report.course.settings.timeline
    for fact in find(report.database, report.course.finders(), timeline=timeline, moments=moments):
        found[fact.moment["season"], fact.moment["round"]].append(fact)
    return found


@pytest.mark.parametrize(("season", "round_"), RACES)
def test_every_fact_is_what_the_rows_say(facts: Any, season: int, round_: int) -> None:
    found = sorted(facts[season, round_], key=lambda fact: (fact.finder, fact.sentence))
    true = list(fact_sentences(known(season, round_)))
    for fact in found:
        assert any(fact.finder == finder and fact.sentence in ways for finder, ways in true), fact.sentence
    assert Counter(fact.finder for fact in found) == Counter(finder for finder, _ in true)
    named = {name for name in names().values() if any(name in fact.sentence for fact in found)}
    coded = {code for code in codes().values() if code not in names().values()}
    for fact in found:  # a driver goes by a code or by a name, and one sentence does not do both
        words = set(re.findall(r"[\w'-]+", fact.sentence))
        assert not (words & coded and any(name in fact.sentence for name in named - set(codes().values())))


def test_a_section_of_facts_has_facts_and_no_page_hides_any(report: Report, facts: Any) -> None:
    for season, round_ in RACES:
        markdown = report.markdown("races/race.md", race_of(season, round_), without=("facts", "figure"))
        assert ("## What to look for" in markdown) == bool(facts[season, round_])


def test_the_page_lists_the_best_facts_by_name(report: Report) -> None:
    page = report.markdown("races/race.md", race_of(2008, 18), without=("figure", "table"))
    section = page.split("## What to look for")[1].split("## Qualifying")[0]
    listed = re.findall(r"^- (.*)$", section, re.MULTILINE)
    now = known(2008, 18)
    of_code = {codes()[driver]: names()[driver] for driver in now.field}
    true = {
        re.sub(r"[A-Z]{3}\b", lambda m: of_code.get(m[0], m[0]), way) for _, ways in fact_sentences(now) for way in ways
    }
    assert len(listed) == 10
    assert set(listed) <= true


def test_what_the_readme_gives_as_examples_is_told(report: Report) -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"^\| `([\w-]+)` \| .*? \| (?:\((\d+)(?:, round (\d+))?\) )?(.+?) \| .*? \|$", readme, re.M)
    assert len(examples) == len(report.course.finders())
    here = list(fact_sentences(known(2018, 2)))
    for finder, year, round_, sentence in examples:
        if year:
            number = [race["round"] for race in rows("races") if race["year"] == int(year)]
            moments = [{"season": int(year), "round": n} for n in number if not round_ or n == int(round_)]
            timeline = report.course.settings.timeline
            found = find(report.database, report.course.finders((finder,)), timeline=timeline, moments=moments)
            assert sentence in {fact.sentence for fact in found}
        else:
            assert any(finder == name and sentence in ways for name, ways in here), sentence


def test_the_notice_counts_the_rows() -> None:
    notice = (EXAMPLE / "data" / "NOTICE.md").read_text(encoding="utf-8")
    counts = re.findall(r"^\| (\w+) \| ([\d,]+) \|", notice, re.MULTILINE)
    assert len(counts) == 5
    for table, number in counts:
        assert len(rows(table)) == int(number.replace(",", ""))


# The season's page, and what the charts say in words


@pytest.mark.parametrize("season", [1950, 1957, 1982, 2005, 2018, 2021, 2026])
def test_every_cell_of_the_supertimes_of_a_season_is_what_the_rows_say(report: Report, season: int) -> None:
    one = report.planned("seasons/season.md")[season,]
    page = execute(_less(one.page, ("figure",)), one.address, materials(report.course, report.database, one))
    found = blocks(as_text(write_markdown(read_document(page), {})))
    said, teams, drivers = found[found.index("## Who was quick") + 1 :]
    assert said == OF_A_SEASON
    races = [race["raceId"] for race in raced() if race["year"] == season and best_laps().get(race["raceId"])]
    for (caption, columns, cells), what in ((teams, 0), (drivers, 1)):
        assert caption == f"**Supertimes of the {('teams', 'drivers')[what]} of {season}**"
        assert columns[-3 - (1 - what) :] == ["Races", "Average", "Best", "Times the fastest"][: 4 - what]
        check_season(cells, races, what)


def check_season(cells: list[list[str]], races: list[int], what: int) -> None:
    """The table of teams (`what` is 0) or drivers (1): as many rows as have a time, each with its numbers."""
    times: dict[Any, list[Fraction]] = defaultdict(list)
    fastest: Counter[Any] = Counter()
    teams = defaultdict(set)
    for race in races:
        best: dict[Any, Fraction] = best_laps()[race] if what else laps_of(race, 0)
        first = min(best.values())
        for key, time in best.items():
            one = by("constructors", "constructorId")[key][0]["name"] if what == 0 else names()[key[1]]
            times[one].append(100 * time / first)
            fastest[one] += time == first
            if what:
                teams[one].add(by("constructors", "constructorId")[key[0]][0]["name"])
    assert {row[0] for row in cells} == set(times)
    assert len(cells) == len(times)
    averages = []
    for row in cells:
        mine = times[row[0]]
        average, best = sum(mine) / len(mine), min(mine)
        averages.append(average)
        if what:
            assert row[1] == ", ".join(sorted(teams[row[0]]))
        numbers = row[2:] if what else row[1:]
        assert numbers[0] == str(len(mine))
        assert abs(Fraction(numbers[1]) - average) <= Fraction(501, 100_000)
        assert abs(Fraction(numbers[2]) - best) <= Fraction(501, 100_000)
        if not what:
            assert numbers[3] == str(fastest[row[0]])
    assert all(before <= after + Fraction(1, 10**9) for before, after in pairwise(averages))


def draw(name: str, **values: Any) -> str:
    """The alternative text of a figure of the example."""
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), EXAMPLE / "figures" / f"{name}.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return str(module.draw(**values).alt)


def points_here(race: dict, *, one_layout: bool) -> dict[str, dict[int, Fraction]]:
    """For each team of this race, its supertime here in each of fifteen years; the layout of the race comes first."""
    layouts = {row["raceId"]: row["layout"] for row in rows("raceLayouts")}
    now = race["year"], race["round"]
    here = [r for r in raced() if r["circuitId"] == race["circuitId"] and r["year"] > race["year"] - 15]
    here = [r for r in here if (r["year"], r["round"]) <= now and best_laps().get(r["raceId"])]
    points: dict[str, dict[int, tuple[bool, Fraction]]] = defaultdict(dict)
    for other in here:
        laps = laps_of(other["raceId"], 0)
        another = layouts[other["raceId"]] != layouts[race["raceId"]]
        for constructor, time in laps.items():
            if constructor in laps_of(race["raceId"], 0) and not (one_layout and another):
                name = by("constructors", "constructorId")[constructor][0]["name"]
                value = another, 100 * time / min(laps.values())
                points[name][other["year"]] = min(value, points[name].get(other["year"], value))
    return {name: {year: value for year, (_, value) in years.items()} for name, years in points.items()}


CIRCUITS = ["indianapolis", "monza", "monaco", "spa_francorchamps", "bahrain", "interlagos", "aida", "madring"]


@pytest.mark.parametrize("ref", CIRCUITS)
def test_charts_are_shown_where_they_have_something_to_say_and_say_it(
    report: Report, frames: dict[str, Any], ref: str
) -> None:
    one = report.planned("circuits/circuit.md")[ref,]
    page = execute(_less(one.page, ("figure", "table")), one.address, materials(report.course, report.database, one))
    figures = [d for d in one.page.directives if d.name == "figure"]
    shown = {directive.argument for directive in figures if directive.lines[0] not in page.page.left_out}
    run = [race for race in raced() if race["circuitId"] == one.parameters["circuitId"]]
    wanted = {"circuit-laps"} if len({race["year"] for race in run if best_laps().get(race["raceId"])}) > 2 else set()
    if run:
        race = run[-1]
        assert one.parameters["raceId"] == race["raceId"]
        laps = laps_of(race["raceId"], 0)
        quick = {team for team in laps if sum(time < laps[team] for time in laps.values()) < 3}
        names_ = {by("constructors", "constructorId")[team][0]["name"] for team in quick}
        circuit = by("circuits", "circuitId")[race["circuitId"]][0]["name"]
        values = {"team_supertimes": frames["team_supertimes"], "raceId": race["raceId"], "circuit": circuit}
        here, alike = points_here(race, one_layout=False), points_here(race, one_layout=True)
        if any(len(years) > 1 for years in here.values()):
            wanted.add("teams-here")
            check_chart(draw("teams-here", **values), here, "Who has got closer to the front?")
            if any(len(years) > 2 for name, years in alike.items() if name in names_):
                wanted.add("teams-trend")
                check_chart(draw("teams-trend", **values), alike, "The quickest, and how they came there.", names_)
    assert shown == wanted


@pytest.mark.parametrize("season", [1950, 1957, 2005, 2018, 2026])
def test_the_chart_of_a_season_says_what_the_rows_say(frames: dict[str, Any], season: int) -> None:
    races = [race for race in raced() if race["year"] == season]
    points: dict[str, dict[str, Fraction]] = defaultdict(dict)
    for race in races:
        laps = laps_of(race["raceId"], 0)
        for constructor, time in laps.items():
            name = by("constructors", "constructorId")[constructor][0]["name"]
            points[name][race["name"].removesuffix(" Grand Prix")] = 100 * time / min(laps.values())
    order = [race["name"].removesuffix(" Grand Prix") for race in races]
    alt = draw("teams-this-season", **frames, season=season)
    check_chart(alt, points, f"The season {season}, race by race.", x="race", order=order)


@pytest.fixture(scope="module")
def frames(report: Report) -> dict[str, Any]:
    """The tables that the figures draw."""
    return {name: report.database.table(name).to_pandas() for name in ("team_supertimes", "races")}


def check_chart(
    alt: str,
    points: dict[str, dict[Any, Fraction]],
    title: str,
    highlighted: set[str] | None = None,
    *,
    x: str = "year",
    order: list | None = None,
) -> None:
    """Every number, name and claim of an alternative text."""
    order = order or sorted({year for years in points.values() for year in years})
    values = [value for years in points.values() for value in years.values()]
    last = [each for each in order if any(each in years for years in points.values())][-1]
    there = {name: years[last] for name, years in points.items() if last in years}
    number = r"(\d+(?:\.\d+)?)"
    found = re.fullmatch(
        rf"{re.escape(title)} (?:(\d+) lines, one for each team|One line, (.+?)); {x} from (.+?) to (.+?);"
        rf" supertime from {number} to {number}\."
        rf" (?:At the end \((.+?)\) (.+?) (?:is|are) highest with {number} and (.+?) lowest with {number}"
        rf"|Only (.+?) reaches (.+?), at {number}|At the end \((.+?)\) (?:it|both|all \d+) stands? at {number})\."
        r"(?: Highlighted: (.+?)\.)?(?: With a quadratic curve fitted to (.+?)\.)?",
        alt,
    )
    assert found, alt
    assert int(found[1] or 1) == len(points)
    assert (found[3], found[4]) == (str(order[0]), str(last))
    for text, value in ((found[5], min(values)), (found[6], max(values))):
        assert near(text, value)
    if found[7]:
        assert found[7] == str(last)
        assert {name for name, value in there.items() if value == max(there.values())} == listed(found[8])
        assert {name for name, value in there.items() if value == min(there.values())} == listed(found[10])
        assert near(found[9], max(there.values()))
        assert near(found[11], min(there.values()))
    else:
        assert len(set(there.values())) == 1
        assert found[13] == str(last) or found[15] == str(last)
        assert near(found[14] or found[16], next(iter(there.values())))
    assert listed(found[17]) == (highlighted or set()) & set(points)
    every = set(highlighted or ())
    fitted = {name for name in every if len(points[name]) >= 3}
    assert (every if found[18] == "each highlighted line" else listed(found[18])) == fitted


def listed(text: str | None) -> set[str]:
    return set(re.split(r", | and ", text)) if text else set()


def near(text: str, value: Fraction) -> bool:
    """Whether `text` is `value`, rounded to the decimals that it has."""
    return abs(Fraction(text) - value) <= Fraction(1, 2 * 10 ** (len(text.partition(".")[2]) or 0)) + Fraction(1, 10**9)
