"""Facts of many moments as they are found: the same facts and the same bytes, and a part of them in memory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.courses import Course, open_course
from coursewright.errors import CoursewrightError
from coursewright.facts import Fact, find, find_each
from coursewright.tables.showing import plain
from test_facts_together import FILES, FINDER

SECOND = FINDER.replace("Most so far", "All so far").replace("#fruit# had the most before: #most#", "#fruit#: #most#")
ALL = SECOND.replace("WHERE tonnes = (SELECT max(tonnes) FROM sales)", "")
YEARS = [2021, 2024, 2022, 2025, 2023, 2024, 2021]


@pytest.fixture
def course(make_course: Any) -> Course:
    sales = FILES["data/sales.csv"].replace("apple", "app\u2028le")  # the end of a line to some, and not to JSON
    files = {**FILES, "data/sales.csv": sales, "facts/all.sql": ALL}
    return open_course(make_course(files))


class Moments(list[Mapping[str, Any]]):
    """Moments that remember which of them were asked for together."""

    def __init__(self, moments: list[Mapping[str, Any]]) -> None:
        super().__init__(moments)
        self.asked: list[int] = []

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            self.asked.append(len(super().__getitem__(at)))
        return super().__getitem__(at)


def found(course: Course, moments: list[Mapping[str, Any]], **more: int) -> Any:
    verb = find_each if more else find
    return verb(course.database(), course.finders(), timeline=course.settings.timeline, moments=moments, **more)


@pytest.mark.parametrize("together", [1, 2, 3, 7, 100])
def test_they_are_the_facts_that_one_pass_finds(together: int, course: Course) -> None:
    moments = [{"year": year} for year in YEARS]
    whole: list[Fact] = found(course, moments)
    assert [*found(course, moments, together=together)] == whole
    assert len(whole) == 18


def test_a_part_of_them_is_found_at_a_time(course: Course) -> None:
    moments = Moments([{"year": year} for year in YEARS])
    facts = found(course, moments, together=3)
    assert next(facts).moment == {"year": 2024}  # before 2021 nothing was known
    assert moments.asked == [3]
    assert len([*facts]) == 17
    assert moments.asked == [3, 3, 1]


def test_a_moment_that_is_not_there_is_told_before_any_fact(course: Course) -> None:
    with pytest.raises(CoursewrightError, match="there is nothing in years for year = 1999"):
        next(found(course, [{"year": year} for year in (*YEARS, 1999)], together=2))


def test_no_moments_have_no_facts(course: Course) -> None:
    assert [*found(course, [], together=2)] == []


@pytest.mark.parametrize("select", ["SELECT year FROM years ORDER BY year", "SELECT 2021 AS year"])
def test_json_is_written_as_it_would_be_whole(select: str, course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["facts", "--course", str(course.root), "--for-each", select, "--format", "json"]) == 0
    moments = [{**course.parameters, **row} for row in ([{"year": 2021}] if "AS" in select else _years())]
    entries = [
        {"finder": f.finder, "sentence": f.sentence, "score": f.score, "row": dict(f.row), "moment": dict(f.moment)}
        for f in found(course, moments)
    ]
    assert capsys.readouterr().out == json.dumps(plain(entries), indent=2, ensure_ascii=False) + "\n"
    assert len(entries) == (0 if "AS" in select else 14)


def _years() -> list[dict[str, int]]:
    return [{"year": year} for year in range(2021, 2026)]
