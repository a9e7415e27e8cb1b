# ruff: noqa: E501 - tables
"""What compares in a condition, and how; what does not is refused: the same for every kind of rows."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.words import Grammar, tell

MINUTE = datetime.timedelta(minutes=1)
DAY, NOON = datetime.date(2018, 4, 8), datetime.datetime(2018, 4, 8, 12, 30)
# A condition on x (and y), the values, and whether it holds
HOLDS = [
    # numbers, and text that looks like them
    ("x < y", "9", "10", True), ("x < y", "10", "9", False), ("x < y", 9, "10", True), ("x < y", "9", Decimal("10.0"), True),
    ("x = y", "10", "10.0", True), ("x = y", "010", "10", False), ("x != y", "007", "7", True), ("x = y", "-1", "-1.0", True),
    ("x < 10", "9", None, True), ("x = 7", "007", None, True), ("x = 3", "DNF", None, False), ("x != 3", "DNF", None, True),
    ("x in (1, 2)", "R", None, False), ("x = '3'", "3.0", None, False), ("x < '10'", "9", None, True), ("x between 2 and 10", "9", None, True),
    ("x = 0.1", 0.1, None, True), ("x = 0.1", Decimal("0.10"), None, True), ("x = 0.1", "0.1", None, True), ("x = y", 0.1, Decimal("0.1"), True),
    ("x = y", 0.5, "0.50", True), ("x + 0.2 = 0.3", 0.1, None, True), ("x * 3 = 0.3", 0.1, None, True), ("x - y = 0.1", 0.3, 0.2, True),
    ("x / y > 1", 3, 2, True), ("x / 0 > 1", 3, None, False), ("x + 1 = 10", "9", None, True), ("x > 9007199254740992", 9007199254740993, None, True),
    ("x = 100", 99.99999999999999, None, False), ("x >= y", 3.0, 3, True), ("x < y", 1e15, 10**15 + 1, True),
    # words
    ("x < y", "Ann", "Bo", True), ("x = y", "Ann", "Ann", True), ("x < 'M'", "1st", None, True), ("x < 'M'", "12", None, True),
    ("x = 'DNF'", 3, None, False), ("x in ('A', 'B')", "B", None, True),
    ("x < y", "9:30", "12:00", True), ("x < y", "1:32.5", "0:59.2", False), ("x > '9:00'", "12:00", None, True), ("x <= y", "2017/18", "2018/19", True),
    ("x < y", "2018-04-08", "2018-04-10", True), ("x < y", "R1", "R2", True), ("x = y", "10 km", "9 km", False), ("x != y", "-5 °C", "-3 °C", True),
    # true and false
    ("x", "Y", None, True), ("x", "N", None, False), ("x", "No", None, False), ("x", " f ", None, False), ("x", "0", None, False), ("x", "0.0", None, False),
    ("x", "1", None, True), ("x", "TRUE", None, True), ("x", "off", None, False), ("x", "", None, False), ("x", 0, None, False), ("x", 2.5, None, True),
    ("x", Decimal("0.00"), None, False), ("not x", "n", None, True), ("x = true", "Y", None, True), ("x = false", "N", None, True), ("x = true", 1, None, True),
    ("x = 1", True, None, True), ("x = 'yes'", True, None, True), ("x = y", True, "no", False), ("x != true", 0, None, True),
    # days and times
    ("x = '2018-04-08'", DAY, None, True), ("x < '2018-04-09'", DAY, None, True), ("x >= '2018'", DAY, None, True), ("x < '2018-05'", DAY, None, True),
    ("x < y", DAY, datetime.date(2018, 10, 1), True), ("x > y", NOON, DAY, True), ("x > '2018-04-08T12:00'", NOON, None, True),
    ("x = y", DAY, "2018-04-08", True), ("x = y", DAY, "soon", False), ("x = '2018-04-08 00:00'", DAY, None, True),
    ("x < '15:30'", datetime.time(15, 10), None, True), ("x = '15:10'", datetime.time(15, 10), None, True), ("x < '9:30'", MINUTE, None, True),
    ("x = '1:00'", MINUTE, None, True), ("x < y", MINUTE, 2 * MINUTE, True), ("x < '1:00:00'", MINUTE, None, True), ("x > y", MINUTE, "0:59.9", True),
    # order guards what follows
    ("x = 'DNF' or x < 3", "DNF", None, True), ("x != 'DNF' and x < 3", "DNF", None, False), ("x is missing or x < 3", None, None, True),
    ("x < 3", None, None, False), ("not x < 3", None, None, False),
]  # fmt: skip

TEXT_NUMBER = 'put a case for such a value before it: {} = "{}", or make it missing in the rows'
REFUSED = [
    *(("x < y", one, other, f'"{one}" and "{other}" are texts, whose letters say nothing of the numbers in them', "make numbers, dates or durations of them in the rows")
      for one, other in [("10 km", "9 km"), ("5%", "10%"), ("£9", "£10"), ("1,500 m", "900 m"), ("31/01/2024", "01/02/2024"), ("R10", "R9"), ("-5 °C", "-3 °C"), ("1:30:00", "2:15"), ("1,5", "1,25")]),
    ("x < y", "9", "PL", '"9" is a number and "PL" is text', TEXT_NUMBER.format("y", "PL")),
    ("x < y", "R", "7", '"R" is text and "7" is a number', TEXT_NUMBER.format("x", "R")),
    ("x < 3", "DNF", None, '"DNF" is text and 3 is a number', TEXT_NUMBER.format("x", "DNF")),
    ("x between 1 and 3", "DNF", None, '"DNF" is text and 1 is a number', TEXT_NUMBER.format("x", "DNF")),
    ("x < '10'", "PL", None, '"PL" is text and "10" is a number', TEXT_NUMBER.format("x", "PL")),
    ("x < 3", "", None, '"" is text and 3 is a number', TEXT_NUMBER.format("x", "")),
    ("x < 60", MINUTE, None, "1:00.000 is a duration and 60 is a number", 'write a duration in quotes: "1:30" or "1:30:00"'),
    ("x = 60", MINUTE, None, "1:00.000 is a duration and 60 is a number", 'write a duration in quotes: "1:30" or "1:30:00"'),
    ("x < '60'", MINUTE, None, '1:00.000 is a duration and "60" is a number', 'write a duration in quotes: "1:30" or "1:30:00"'),
    ("x > 5", DAY, None, "2018-04-08 is a date and 5 is a number", 'write a date in quotes: "2018-04-08"'),
    ("x = 2018", DAY, None, "2018-04-08 is a date and 2018 is a number", 'write a date in quotes: "2018-04-08"'),
    ("x = '2018'", DAY, None, '2018-04-08 is a date and "2018" is a number', 'write a date in quotes: "2018-04-08"'),
    ("x < 'soon'", DAY, None, '2018-04-08 is a date and "soon" is text', 'write a date in quotes: "2018-04-08"'),
    ("x < y", DAY, MINUTE, "2018-04-08 is a date and 1:00.000 is a duration", 'write a date in quotes: "2018-04-08"'),
    ("x > 12", datetime.time(15, 10), None, "15:10:00 is a time of day and 12 is a number", 'write a time of day in quotes: "15:10"'),
    ("x > true", True, None, "true is true or false and true is true or false", "write = true or = false"),
    ("x = true", 2, None, "2 is a number and true is true or false", "write = true or = false"),
    ("x", "DNF", None, '"DNF" is neither true nor false', 'compare it: x = "DNF", or ask whether it is missing'),
    ("not x", "maybe", None, '"maybe" is neither true nor false', 'compare it: x = "maybe", or ask whether it is missing'),
    ("x", DAY, None, "2018-04-08 is neither true nor false", 'compare it: x = "2018-04-08", or ask whether it is missing'),
    ("x + 1 > 2", "DNF", None, '"DNF" is text, and no number', "calculate with numbers"),
    ("x - y > 2", DAY, DAY, "2018-04-08 is a date, and no number", "calculate with numbers"),
    ("x > 2", [1, 2], None, "1 and 2 is a list and 2 is a number", "ask for one value of the list, or for how many there are, in the rows"),
]  # fmt: skip


def kinds_of(x, y):
    row = {"id": "first", "x": x, "y": y}
    yield [row]
    yield pl.DataFrame([row])
    yield pd.DataFrame([row], dtype=object)
    yield pa.table({name: pa.array([value], from_pandas=True) for name, value in row.items()})
    if isinstance(x, str):
        yield pl.DataFrame([row]).with_columns(pl.col(pl.String).cast(pl.Categorical))


@pytest.mark.parametrize(("condition", "x", "y", "holds"), HOLDS)
def test_what_compares(condition, x, y, holds):
    grammar = Grammar({"origin": {condition: "yes", "otherwise": "no"}}, strict=True)
    for rows in kinds_of(x, y):
        told = tell(grammar, rows)
        assert (told.to_pylist() if isinstance(told, pa.ChunkedArray) else list(told))[0] == ("yes" if holds else "no")


@pytest.mark.parametrize(("condition", "x", "y", "why", "remedy"), REFUSED)
def test_what_does_not_compare_is_refused(condition, x, y, why, remedy):
    for number, rows in enumerate(kinds_of(x, y)):
        grammar = Grammar({"origin": {condition: "yes", "otherwise": "no"}}, strict=bool(number % 2))
        with pytest.raises(CoursewrightError) as caught:
            tell(grammar, rows, key="id")
        assert str(caught.value) == (
            f'error: the condition "{condition}" cannot be decided: {why}: row 0 (id "first")\n  --> grammar, rule origin\nhint: {remedy}'
        )


PLACES = {
    "origin": {
        "pos = 'DNF'": "#name# retired",
        "pos <= 3": "#name# took a podium",
        "otherwise": "#name# was #pos.ordinal#",
    }
}


def test_a_case_before_it_keeps_a_condition_from_what_does_not_compare():
    rows = [{"name": "Ann", "pos": "2"}, {"name": "Bo", "pos": "DNF"}, {"name": "Cy", "pos": "11"}]
    told = ["Ann took a podium", "Bo retired", "Cy was 11th"]
    for some in (rows, pl.DataFrame(rows), pd.DataFrame(rows)):
        assert list(tell(Grammar(PLACES, strict=True), some)) == told


@pytest.mark.parametrize("many", [1, 400])
def test_the_row_of_an_error_is_named(many):
    rows = [*[{"name": "Ann", "pos": "2"}, {"name": "Bo", "pos": "DNF"}] * many, {"name": "Cy", "pos": "R"}]
    for some in (rows, pl.DataFrame(rows), pd.DataFrame(rows)):
        with pytest.raises(CoursewrightError, match=rf'"R" is text and 3 is a number: row {2 * many} \(name "Cy"\)'):
            tell(Grammar(PLACES, strict=True), some)
        with pytest.raises(
            CoursewrightError,
            match=r'\.ordinal cannot be applied to #pos#: "DNF" is not a number: row 1 \(name "Bo"\)',
        ):
            tell(Grammar({"origin": "#name# was #pos.ordinal#"}, strict=True), some, key="name")


def test_a_grammar_that_leads_back_to_itself_refuses_too():
    rules = {"origin": ["#name##more#", "#name#."], "more": {"pos <= 3": ["!", " #origin#"], "otherwise": "#origin#"}}
    rows = [{"name": f"n{number}", "pos": "1" if number < 900 else "R"} for number in range(1000)]
    messages = set()
    for some in (rows, pl.DataFrame(rows), pl.DataFrame(rows).to_dicts()):
        with pytest.raises(CoursewrightError, match='"R" is text and 3 is a number: row 9') as caught:
            tell(Grammar(rules), some, key="name")
        messages.add(str(caught.value))
    assert len(messages) == 1


def test_what_is_never_told_is_never_decided():
    rules = {"origin": ["#name#[?, #x##far#]"], "far": {"pos > 3": "far", "otherwise": "near"}}
    rows = [{"name": "Ann", "pos": "R", "x": None}]
    for some in (rows, pl.DataFrame(rows)):
        assert list(tell(Grammar(rules, strict=True), some)) == ["Ann"]


NUMBERS = st.one_of(
    st.none(), st.integers(-50, 50), st.decimals(-9, 9, places=2), st.floats(-9, 9).map(lambda x: round(x, 3))
)
TEXTS = st.one_of(st.none(), st.sampled_from(["3", "3.0", "03", "-2", "DNF", "", "1e1", "10", " 4 ", "Y", "n", "abc"]))
TESTS = [
    "x < y",
    "x = y",
    "x != y",
    "x >= 3",
    "x = 3",
    "x = 2.5",
    "x + y > 1",
    "x",
    "not y",
    "x in (3, '10')",
    "x < 'b'",
    "x * 0.1 = y",
]


@given(st.lists(st.tuples(NUMBERS | TEXTS, NUMBERS | TEXTS), min_size=1, max_size=3), st.sampled_from(TESTS))
@settings(max_examples=60)
def test_every_pair_of_values_is_told_or_refused_alike(pairs, condition):
    grammar = Grammar({"origin": {condition: "yes", "otherwise": "no"}})
    for pair in pairs:
        outcomes = []
        for rows in kinds_of(*pair):
            try:
                told = tell(grammar, rows)
                outcomes.append(str((told.to_pylist() if isinstance(told, pa.ChunkedArray) else list(told))[0]))
            except CoursewrightError as error:
                outcomes.append(error.problem.message.rpartition(":")[0])
        assert len(set(outcomes)) == 1, outcomes
