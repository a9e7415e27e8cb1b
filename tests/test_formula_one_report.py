"""The report of a race, as a sceptic reads it: every cell and sentence of built pages, worked out again from the rows.

Nothing here asks a database. A page is compared with what plain Python makes of the rows of the Parquet files, block by
block; a sentence, cell or heading that is not expected here fails, so nothing on a page escapes.
"""

from __future__ import annotations

import calendar
import csv
import html
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from coursewright.courses import Course, open_course
from coursewright.pages import Executed, Materials, Page, execute, read_page
from coursewright.pages.formats.markdown import write
from coursewright.tables import Database
from test_formula_one_independent import EXAMPLE, rows

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
    *((2024, 14), (2025, 2), (2026, 11), (2026, 12), (2026, 14), (2026, 16)),
]
KNOCKOUT = {"KNOCKOUT", "ELIMINATION", "SPRINT_RACE"}

# The author's own words, each of which is true of every race where it may stand.
END = "The data of this report end before the race."
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


# The product's side: pages as they are built, of every race from one database


class Report:
    """The course, opened once, and its pages for any race, without the directives that a test leaves out."""

    def __init__(self) -> None:
        self.course: Course = open_course(EXAMPLE)
        self.database: Database = self.course.database()

    def page(self, file: str, race: dict, *, without: tuple[str, ...]) -> Executed:
        """The page in `file` about `race`; `without` are the names of directives that are not carried out."""
        page = read_page(EXAMPLE / "pages" / file)
        parameters = {**self.course.parameters, "season": race["year"], "round": race["round"]}
        if page.settings.for_each:
            (row,) = self.database.rows(page.for_each, parameters)
            parameters |= row
        timeline = self.course.settings.timeline
        return execute(_less(page, without), page.name, Materials(EXAMPLE, self.database, parameters, timeline))

    def markdown(self, file: str, race: dict, *, without: tuple[str, ...]) -> str:
        """The same as Markdown, with what escapes its signs taken away."""
        (content,) = write([self.page(file, race, without=without)], self.course.site).values()
        return html.unescape(re.sub(r"\\([^\w\s])", r"\1", str(content)))


def _less(page: Page, names: tuple[str, ...]) -> Page:
    gone = [directive for directive in page.directives if directive.name in names]
    lines = {line for directive in gone for line in range(*directive.lines)}
    body = "\n".join("" if number in lines else line for number, line in enumerate(page.body.split("\n")))
    kept = tuple(directive for directive in page.directives if directive not in gone)
    return Page(
        page.name,
        page.file,
        page.settings,
        body,
        page.body_line,
        kept,
        page.verbatim - lines,
        page.front_matter,
        page.passages,
    )


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
    return "an" if name[0] in "AEIO" or name in {"HRT", "RB", "RAM", "LDS", "MBM", "FRY"} else "a"


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
            if status.startswith("+"):
                assert status == f"+{counted(most - row['laps'], 'Lap')}"
        star = " ★" if row["rank"] == 1 else ""
        table.append(
            [
                str(place or row["classification"]),
                names()[row["driverId"]],
                team(row),
                str(grid or ""),
                f"▲ {moved}" if moved > 0 else f"▼ {-moved}" if moved < 0 else "",
                said,
                f"{row['fastestLapTime']}{star}" if row["fastestLapTime"] else "",
                f"{row['points']:g}",
            ]
        )
    return table


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
        [str(row["position"]), names()[row["driverId"]], team(row), str(row["grid"] or ""), f"{row['points']:g}"]
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
    if not run:
        yield END
    entered = by("entries", "raceId").get(number)
    if entered:
        yield "## Who is entered"
        yield list(entry_list(entered))
    if entered or _lap_before(race, layout["layout"]):
        yield "## What to look for"
        yield LOOK
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
        columns = ["Place", "Driver", "Team", "Grid", "Places", "Time or reason", "Fastest lap", "Points"]
        yield ("**The result**", columns, result_table(number))
        yield SIGNS
    if best_laps().get(number):
        yield "## Who was quick"
        best = min(laps_of(number, 0).values())
        yield SUPERTIME.format(f"{math.floor(best / 10 + Fraction(1, 2)) / 100:g}")
        if layout["qualifyingFormat"] == "FOUR_LAPS":
            yield QUARTER


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
        f"Round {race['round']} of the {race['year']} season, on {told}: the"
        f" {ordinal(edition)} World Championship race at {circuit['name']} in {circuit['location']},"
        f" {circuit['country']}, where a lap is {kilometres:g} km long."
    )


def entry_list(entered: list[dict]) -> Iterator[str]:
    """One item for each team, with its drivers by name and their codes."""
    teams: dict[str, set[str]] = defaultdict(set)
    for row in entered:
        name, code = names()[row["driverId"]], codes()[row["driverId"]]
        teams[team(row)].add(name if code == name else f"{name} ({code})")
    for name, drivers in sorted(teams.items()):
        *most, last = sorted(drivers, key=lambda said: re.sub(r" \([^)]*\)$", "", said))
        yield f"{name}: {' and '.join(filter(None, [', '.join(most), last]))}"


@pytest.mark.parametrize(("season", "round_"), RACES)
def test_every_block_of_a_page_is_what_the_rows_say(report: Report, season: int, round_: int) -> None:
    race = race_of(season, round_)
    found = blocks(report.markdown("index.md", race, without=("facts", "figure")))
    wanted = list(expected(race))
    for block, true in zip(found, wanted, strict=False):
        if true is None:
            check_story(block, race["raceId"])
        else:
            assert block == true
    assert len(found) == len(wanted)
