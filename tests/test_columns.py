"""Columns of tables: what their values look like, by type, language and the author's choice, and what they are."""

from __future__ import annotations

import datetime
import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from babel.numbers import format_decimal, get_group_symbol
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from coursewright.courses import build, check, open_course
from coursewright.errors import CoursewrightError, Place
from coursewright.numerals import signs
from coursewright.pages.blocks.block import Grid
from coursewright.pages.columns.grids import grid
from coursewright.pages.columns.looks import looks
from coursewright.pages.columns.named import pairs

NUMBER = 10**22 + 1


def shown(values: list[Any], kind: pa.DataType | None = None, *, name: str = "x", language: str = "en-GB",
          **options: str) -> Grid:  # fmt: skip
    """One column as it is shown."""
    rows = pa.table({name: pa.array(values, kind)})
    wanted = {option: text.replace("x", name, 1) for option, text in options.items()}
    where = lambda option: Place(Path("p.md"), 3, f"{{table}} :{option}:")  # noqa: E731 - of one use
    return grid(rows, looks(wanted, rows.column_names, where), language)


def texts(*arguments: Any, **options: Any) -> list[str]:
    """The texts of one column."""
    return [row[0] for row in shown(*arguments, **options).rows]


EXACT = pa.decimal128(38, 2)
MOMENT = datetime.datetime(2018, 4, 8, 15, 10)
SUMMER = datetime.datetime(2024, 6, 1, 12, 0, tzinfo=datetime.UTC)


@pytest.mark.parametrize(
    ("values", "kind", "told"),
    [
        ([81.06215400970112, 12.5, 3.3333333333], None, ["81.1", "12.5", "3.3"]),
        ([100.0, 100.1234, 100.1288, 101.7], None, ["100.00", "100.12", "100.13", "101.70"]),  # tell rows apart
        ([100.0, 100.12341, 100.12342], None, ["100", "100", "100"]),  # they cannot: six digits would say nothing
        ([3.5, 2.25], None, ["3.50", "2.25"]),
        ([3.0, 4.0], None, ["3", "4"]),
        ([0.1 + 0.2, 0.5], None, ["0.3", "0.5"]),
        ([1234567.891, 2345678.912], None, ["1,234,568", "2,345,679"]),
        ([1e300, 2.5e299, 0.0], None, ["1.0 × 10³⁰⁰", "2.5 × 10²⁹⁹", "0"]),
        ([-1.23456e-7, 9.999e-9], None, ["-1.23 × 10⁻⁷", "1.00 × 10⁻⁸"]),
        ([None, float("nan"), float("inf"), -float("inf"), 1.5], None, ["", "", "∞", "-∞", "1.5"]),
        ([-0.04, 0.04, 12.345], None, ["-0.040", "0.040", "12.345"]),
        ([-0.0, 5.0], None, ["0", "5"]),
        ([0.1, 0.25], pa.float32(), ["0.10", "0.25"]),
        ([Decimal("3.50"), Decimal("-1234.00")], EXACT, ["3.50", "-1,234.00"]),
        ([Decimal("1.5000000"), Decimal("0.1234500")], pa.decimal128(38, 7), ["1.50000", "0.12345"]),
        ([Decimal("1" + "0" * 35 + ".01")], EXACT, ["100" + ",000" * 11 + ".01"]),
        ([NUMBER, -5], pa.decimal128(38, 0), ["10,000,000,000,000,000,000,001", "-5"]),
        ([9007199254740993, 1], None, ["9,007,199,254,740,993", "1"]),
        ([True, False, None], None, ["yes", "no", ""]),
        ([datetime.date(2018, 4, 8), None], None, ["8 Apr 2018", ""]),
        ([MOMENT, MOMENT.replace(hour=0, minute=0)], None, ["8 Apr 2018, 15:10", "8 Apr 2018, 00:00"]),
        ([MOMENT.replace(second=7, microsecond=50_000)], None, ["8 Apr 2018, 15:10:07.05"]),
        ([MOMENT.replace(hour=0, minute=0)], None, ["8 Apr 2018"]),
        ([SUMMER], pa.timestamp("us", "Europe/Rome"), ["1 Jun 2024, 14:00 +02:00"]),
        ([SUMMER], pa.timestamp("us", "UTC"), ["1 Jun 2024, 12:00 +00:00"]),
        ([datetime.time(9, 5), datetime.time(15, 10)], None, ["09:05", "15:10"]),
        ([datetime.timedelta(days=1, hours=2), -datetime.timedelta(minutes=1)], None, ["1 day 02:00:00", "-00:01:00"]),
        ([datetime.timedelta(days=3)], None, ["3 days"]),
        (["a", "1234"], None, ["a", "1234"]),
        ([None], None, [""]),
    ],
)
def test_a_column_is_shown_as_its_type_and_its_values_want_it(values: Any, kind: Any, told: list[str]) -> None:
    assert texts(values, kind) == told


@pytest.mark.parametrize(
    ("name", "values", "language", "told"),
    [
        ("Season", [1998, 12345], "en-GB", ["1998", "12345"]),
        ("raceId", [12345], "en-GB", ["12345"]),
        ("race_id", [12345], "en-GB", ["12345"]),
        ("ID", [12345], "en-GB", ["12345"]),
        ("Year of birth", [-1200], "en-GB", ["-1200"]),
        ("Days in a year", [59800], "en-GB", ["59,800"]),
        ("Visitors per year", [12345], "en-GB", ["12,345"]),
        ("Jours par an", [12345], "fr-FR", ["12\u202f345"]),
        ("Besucher pro Jahr", [12345], "de-DE", ["12.345"]),
        ("Geboren im Jahr", [-1200], "de-DE", ["-1200"]),
        ("Title last year", [12345], "en-GB", ["12345"]),
        ("Since", [1998, 2001], "en-GB", ["1998", "2001"]),  # by their values
        ("Jahr", [12345], "de", ["12345"]),
        ("Postleitzahl", [12345], "de-AT", ["12345"]),
        ("Année", [12345], "fr", ["12345"]),
        ("Seats", [1998, 20001], "en-GB", ["1,998", "20,001"]),
        ("Years", [12345], "en-GB", ["12,345"]),  # a length, not a date
        ("Idle", [12345], "en-GB", ["12,345"]),
        ("Number of years", [12345], "en-GB", ["12,345"]),
        ("Seats", [1998.0, 20001.0], "de", ["1.998", "20.001"]),
        ("Seats", [1234567], "fr", ["1\u202f234\u202f567"]),
        ("Seats", [1234567], "en-IN", ["12,34,567"]),
        ("Seats", [-1234567], "sv", ["\u22121\u00a0234\u00a0567"]),
        ("Season", [1998.5], "en-GB", ["1998.5"[:1] + ",998.5"]),
    ],
)
def test_years_and_codes_are_no_amounts(name: str, values: list[Any], language: str, told: list[str]) -> None:
    assert texts(values, name=name, language=language) == told


@pytest.mark.parametrize(
    ("values", "options", "language", "told"),
    [
        ([1.0, 2.345], {"decimals": "x = 2"}, "en", ["1.00", "2.35"]),
        ([0.5, 1.5, 2.5, -0.5], {"decimals": "x = 0"}, "en", ["1", "2", "3", "-1"]),  # away from zero
        ([1.005, -0.004], {"decimals": "x = 2"}, "en", ["1.01", "0.00"]),  # as it is written, and no -0.00
        ([12, 12345], {"thousands": "x = no"}, "en", ["12", "12345"]),
        ([1998, 2001], {"thousands": "x"}, "en", ["1,998", "2,001"]),
        ([0.12, 1.5, -0.034], {"percent": "x"}, "en", ["12.0%", "150.0%", "-3.4%"]),
        ([0.12, 1.5], {"percent": "x"}, "de", ["12\u00a0%", "150\u00a0%"]),
        ([1 / 3], {"percent": "x", "decimals": "x = 1"}, "fr", ["33,3\u00a0%"]),
        ([12.5], {"unit": "x = %"}, "de", ["12,5\u00a0%"]),
        ([12.5, 3.0], {"unit": "x = km"}, "en", ["12.5\u00a0km", "3.0\u00a0km"]),
        ([12.5, -1234.0], {"unit": "x = £"}, "en", ["£12.50", "-£1,234.00"]),
        ([12.5], {"unit": "x = €"}, "de", ["12,50\u00a0€"]),
        ([12, 3], {"unit": "x = €"}, "en", ["€12", "€3"]),
        ([21], {"unit": "x = °"}, "en", ["21°"]),
        ([12, 3], {"unit": 'x = "a, b"'}, "en", ["12\u00a0a, b", "3\u00a0a, b"]),
        ([5, -3, 0, None], {"sign": "x"}, "en", ["+5", "-3", "0", ""]),
        ([0.04, -0.04], {"sign": "x", "decimals": "x = 1"}, "en", ["0.0", "0.0"]),
        ([float("inf")], {"sign": "x"}, "en", ["+∞"]),
        ([datetime.date(2018, 4, 8)], {"date": "x = d MMMM y"}, "de", ["8 April 2018"]),
        ([datetime.date(2018, 4, 8)], {"date": "x = short"}, "en-US", ["4/8/18"]),
        ([datetime.date(2018, 4, 8)], {"date": 'x = "EEEE, d MMMM"'}, "fr", ["dimanche, 8 avril"]),
        ([MOMENT], {"date": "x = H:mm"}, "en", ["15:10"]),
        ([MOMENT], {"date": "x = long"}, "en-GB", ["8 April 2018, 15:10"]),
        ([1, None], {"missing": "x = –"}, "en", ["1", "–"]),
        ([1, float("nan")], {"missing": "not known"}, "en", ["1", "not known"]),
        ([1.5, 123456.75], {}, "de-CH", ["1.50", f"123{get_group_symbol('de_CH')}456.75"]),  # another one since CLDR 48
        ([True, False], {}, "pl", ["tak", "nie"]),
        ([True], {}, "fi", ["yes"]),  # in a language without words of its own
    ],
)
def test_an_author_says_what_a_column_looks_like(
    values: list[Any], options: dict[str, str], language: str, told: list[str]
) -> None:
    assert texts(values, language=language, **options) == told


@pytest.mark.parametrize(
    ("values", "options", "message", "hint"),
    [
        ([1], {"decimals": "y = 2"}, 'no column called "y"', "Available: x"),
        ([1], {"decimals": "x"}, '"" is no number of decimals for "x"', "write a number from 0 to 20: x = 2"),
        ([1], {"decimals": "x = -1"}, '"-1" is no number of decimals for "x"', "write a number from 0 to 20: x = 2"),
        ([1], {"decimals": "x = 1, x = 2"}, 'the column "x" is named twice', "remove one of them"),
        (
            [1],
            {"decimals": '"x = 2'},
            '"x = 2 cannot be read',
            'a name with a comma stands between double quotes: "Thickest, cm" = 1',
        ),
        ([1], {"thousands": "x = perhaps"}, '"perhaps" says nothing of "x"', "write x alone, or x = no"),
        ([1], {"unit": "x"}, '"x" has no unit', "write x = …"),
        ([1], {"align": "x = up"}, '"up" is no side for "x"', "there are centre, center, left, right"),
        (["a"], {"percent": "x"}, '"x" does not hold numbers', "convert it in the SELECT: CAST(… AS DOUBLE)"),
        ([True], {"sign": "x"}, '"x" does not hold numbers', "convert it in the SELECT: CAST(… AS DOUBLE)"),
        (["a"], {"date": "x = long"}, '"x" does not hold dates or times', "convert it in the SELECT: CAST(… AS DATE)"),
        ([1], {"percent": "x", "unit": "x = km"}, '"x" is a percentage already', "choose :percent: or :unit:"),
    ],
)
def test_what_cannot_be_said_of_a_column(values: list[Any], options: dict[str, str], message: str, hint: str) -> None:
    with pytest.raises(CoursewrightError) as raised:
        shown(values, **options)
    problem = raised.value.problem
    assert (problem.message, str(problem.where)) == (message, f"p.md:3, {{table}} :{list(options)[-1]}:")
    assert problem.hint.startswith(hint) or hint.startswith("there are")


def test_values_are_kept_beside_the_texts() -> None:
    made = shown([1234.5, None, float("nan"), float("inf")])
    assert made.rows == (("1,234.5",), ("",), ("",), ("∞",))
    assert made.details[0].values == ("1234.5", None, "NaN", "inf")
    assert shown([True]).details[0].values == ("true",)
    assert shown([MOMENT]).details[0].values == ("2018-04-08 15:10:00",)
    assert shown([0.1], pa.float32()).details[0].values == ("0.1",)
    assert shown([NUMBER], pa.decimal128(38, 0)).details[0].values == (str(NUMBER),)
    zoned = shown([SUMMER], pa.timestamp("us", "Europe/Rome")).details[0]
    assert (zoned.values, zoned.orders) == (("2024-06-01 14:00:00+02:00",), ("1717243200000000",))
    assert zoned.kind == "number"  # its orders are compared as numbers


@given(
    st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20),
    st.integers(0, 20),
    st.sampled_from(["en-GB", "de", "fr", "en-IN", "sv"]),
)
def test_numbers_are_rounded_half_away_from_zero_and_written_as_the_language_has_them(
    values: list[float], places: int, language: str
) -> None:
    wide = Context(prec=400)
    step = Decimal(1).scaleb(-places)
    pattern = "#,##,##0" if language == "en-IN" else "#,##0"
    for value, text in zip(values, texts(values, language=language, decimals=f"x = {places}"), strict=True):
        exact = Decimal(repr(value)).quantize(step, ROUND_HALF_UP, wide)
        sign = signs(language)
        plain = text.replace(sign.group, "").replace(sign.decimal, ".").replace(sign.minus, "-")
        assert Fraction(plain) == Fraction(exact)
        if len(exact.as_tuple().digits) <= 28 and not all(v == int(v) for v in values):
            form = pattern + ("." + "0" * places if places else "")
            told = format_decimal(exact or abs(exact), form, locale=language.replace("-", "_"))
            assert text == told.replace("-", sign.minus)


@given(st.lists(st.floats(allow_nan=False, width=64) | st.none(), min_size=1, max_size=30))
def test_a_column_lines_up_and_keeps_its_order(values: list[float | None]) -> None:
    made = shown(values)
    both = zip(values, (text for (text,) in made.rows), strict=True)
    finite = {value: text for value, text in both if value is not None and math.isfinite(value)}
    assert len({len(text.split(" ")[0].partition(".")[2]) for text in finite.values() if text != "0"}) <= 1
    if not any("×" in text for text in finite.values()):
        read = [Fraction(finite[value].replace(",", "")) for value in sorted(finite)]
        assert read == sorted(read)
    for value, full in zip(values, made.details[0].values, strict=True):
        assert full is None if value is None else float(full or "") == value


NAME = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda text: text == text.strip())


@given(st.dictionaries(NAME, NAME | st.none(), max_size=4))
def test_any_name_can_be_said(named: dict[str, str | None]) -> None:
    quoted = {name: '"' + name.replace('"', '""') + '"' for name in [*named, *filter(None, named.values())]}
    option = ", ".join(quoted[name] + (f" = {quoted[value]}" if value else "") for name, value in named.items())
    assert dict(pairs(option, Place(Path("p.md")))) == named


@given(st.text().filter(lambda text: '"' not in text))
def test_any_option_without_quotes_can_be_read(option: str) -> None:
    found = list(pairs(option, Place(Path("p.md"))))
    said = [part for part in option.split(",") if part.strip(" ")]
    assert len(found) <= len(said)
    for name, value in found:
        assert name in option
        assert value is None or value in option


PAGE = """\
# T

```{table}
:caption: Many [a] <b>
:unit: "a [b] ü, cm" = cm
:align: name = centre
:missing: –
SELECT range + 0.5::DOUBLE AS "a [b] ü, cm", 'n' || range AS name, NULL::INT AS none FROM range(1200)
```
"""


def test_a_table_in_both_formats(make_course: Any) -> None:
    root = make_course({"pages/index.md": PAGE})
    build(open_course(root))
    gfm = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert "**Many \\[a\\] &lt;b&gt;**\n\n| a \\[b\\] ü, cm | name | none |\n| ---: | :---: | ---: |\n" in gfm
    assert "| 999.5 cm | n999 | – |\n\n*The first 1,000 of 1,200 rows.*" in gfm
    assert '<td class="number" data-value="999.5">999.5\u00a0cm</td><td class="centre">n999</td>' in site
    assert '<td class="number" data-missing>–</td></tr>\n</tbody>' in site
    assert '<p class="table-note">The first 1,000 of 1,200 rows.</p>' in site


@pytest.mark.parametrize(
    ("option", "message", "line"),
    [
        (":limit: -1", '"limit" should be a whole number, 1 or more, not "-1"', 6),
        (":bars: a", 'no option called "bars"', 6),
        (":hide: name, b", "every column is hidden", 6),
        (":sign: nmae", 'no column called "nmae"', 6),
        (":percent: name", '"name" does not hold numbers', 6),
    ],
)
def test_a_wrong_option_has_its_line(make_course: Any, option: str, message: str, line: int) -> None:
    page = f"# T\n\n```{{table}}\n:caption: C\n:align:\n{option}\nSELECT 'a' AS name, 1 AS b\n```\n"
    (problem,) = check(make_course({"pages/index.md": page}))
    assert (problem.message, problem.where and problem.where.line) == (message, line)


def rows_shown(rows: dict[str, list[Any]], language: str = "en-GB", **options: str) -> Grid:
    """A table of several columns as it is shown."""
    table = pa.table(rows)
    hidden = options.pop("hide", "").split()
    names = [name for name in table.column_names if name not in hidden]
    wanted = looks(options, names, lambda option: Place(Path("p.md"), 3, f"{{table}} :{option}:"))
    return grid(table, wanted, language, hidden=hidden)


@pytest.mark.parametrize(
    ("values", "option", "drawn"),
    [
        ([10, 5, 0, None], "x", ((0, 1), (0, 0.5), (0, 0), None)),
        ([3, -1], "x", ((0.25, 1), (0, 0.25))),  # both from the same nought
        ([-2, -4], "x", ((0.5, 1), (0, 1))),
        ([10, 5], "x = 20", ((0, 0.5), (0, 0.25))),
        ([10, -5], "x = 20", ((0.5, 0.75), (0.375, 0.5))),
        ([0, 0], "x", (None, None)),
        ([float("inf"), 2.0, float("nan")], "x", (None, (0, 1), None)),
        ([NUMBER - 1, NUMBER // 2], "x", ((0, 1), (0, 0.5))),
    ],
)
def test_bars_are_as_long_as_their_numbers(values: list[Any], option: str, drawn: tuple[Any, ...]) -> None:
    kind = pa.decimal128(38, 0) if NUMBER - 1 in values else None
    assert shown(values, kind, bar=option).details[0].bars == drawn


@given(st.lists(st.floats(-1e6, 1e6) | st.none(), min_size=1))
def test_a_longer_bar_is_a_larger_number(values: list[float | None]) -> None:
    ends = [ends[1] - ends[0] if ends else 0.0 for ends in shown(values, pa.float64(), bar="x").details[0].bars]
    sizes = [abs(value or 0) for value in values]
    numbers = [0.0, *(value or 0.0 for value in values)]
    most = max(numbers) - min(numbers)
    for size, length in zip(sizes, ends, strict=True):
        assert length == pytest.approx(size / most if most else 0, abs=2e-4)


def test_shades_are_measured_together_or_alone() -> None:
    columns: dict[str, list[Any]] = {"a": [0, 5, None], "b": [10, 2, 10], "c": [-4, 2, 0], "d": [7, 7, 7]}
    together = rows_shown(columns, heat="a, b, c = alone, d = alone")
    assert [column.shades for column in together.details] == [
        (0.0, 0.5, None), (1.0, 0.2, 1.0), (-1.0, 0.5, 0.0), (None, None, None),
    ]  # fmt: skip
    assert [column.shades for column in rows_shown(columns, heat="a = alone").details][:2] == [(0.0, 1.0, None), ()]


def test_small_lines_are_drawn_and_told() -> None:
    eighths = [[n / 2 for n in range(15)]]  # halves go up, each alike
    assert shown(eighths, spark="x").rows[0][0] == "▁▂▂▃▃▄▄▅▅▆▆▇▇██"
    forms = [[1, 2, None, 5], [3], [None], None, [4, 4]]
    made = shown(forms, spark="x", missing="–").details[0]
    assert [row[0] for row in shown(forms, spark="x", missing="–").rows] == ["▁▃·█", "▅", "–", "–", "▆▆"]
    assert [spark and spark.alt for spark in made.sparks] == [
        "3 values, from 1 to 5; lowest 1, highest 5", "3", None, None, "2 values, from 4 to 4; lowest 4, highest 4",
    ]  # fmt: skip
    assert made.sparks[0] is not None
    assert made.sparks[0].points == (0, 0.25, None, 1)
    alone = shown([[1.5, 2.25], [100.0, 101.0]], spark="x = alone", unit="x = s", language="de").details[0]
    assert [spark and spark.points for spark in alone.sparks] == [(0, 1), (0, 1)]
    assert alone.sparks[0] is not None
    assert alone.sparks[0].alt == (
        "2 Werte, von 1,50\u00a0s bis 2,25\u00a0s; kleinster 1,50\u00a0s, größter 2,25\u00a0s"
    )
    assert made.values == ("[1, 2, null, 5]", "[3]", "[null]", None, "[4, 4]")


@pytest.mark.parametrize(
    ("values", "kind", "told"),
    [
        ([0.1] * 10, None, "1.0"),  # not 0.9999999999999999
        ([0.004, 0.004, 12.0], None, "12.008"),
        ([2**53, 1, 1], None, "9,007,199,254,740,994"),
        ([Decimal("0.01")] * 3, EXACT, "0.03"),
        ([NUMBER, NUMBER], pa.decimal128(38, 0), f"{2 * NUMBER:,}"),
        ([1, None], None, "1"),
        ([None], pa.int64(), ""),
        ([], pa.int64(), ""),
        ([1998, 2001], None, "3,999"),  # amounts, since they are summed
        ([datetime.timedelta(hours=23), datetime.timedelta(hours=2)], None, "1 day 01:00:00"),
        ([0.1, 0.2], pa.float32(), "0.3"),
        ([0.34, 0.34, 0.34], None, "1.02"),
    ],
)
def test_a_total_is_that_of_the_values(values: list[Any], kind: Any, told: str) -> None:
    assert shown(values, kind, total="x").details[0].total == told


def test_a_total_is_not_that_of_rounded_values() -> None:
    made = shown([0.4, 0.4, 0.4], total="x", decimals="x = 0")
    assert (made.rows, made.details[0].total) == ((("0",),) * 3, "1")
    shares = shown([0.333, 0.333, 0.334], total="x", percent="x", decimals="x = 0")
    assert (shares.rows, shares.details[0].total) == ((("33%",),) * 3, "100%")


@pytest.mark.parametrize(
    ("name", "values", "options", "message", "hint"),
    [
        ("x", ["a"], {"total": "x"}, '"x" does not hold numbers, so it has no total', ""),
        ("x", [True], {"total": "x"}, '"x" does not hold numbers, so it has no total', ""),
        ("Season", [1998], {"total": "x"}, '"Season" holds years, which have no total',
         "if these are amounts, say so: :thousands: Season"),
        ("raceId", [7], {"total": "x"}, '"raceId" holds codes, which have no total',
         "if these are amounts, say so: :thousands: raceId"),
        ("x", [float("inf")], {"total": "x"}, '"x" holds infinity, so it has no total',
         "leave these rows out of the SELECT"),
        ("x", [30], {"bar": "x = 20"}, '"x" has a bar of 30, which is longer than 20', ""),
        ("x", [30], {"bar": "x = -1"}, '"-1" is no length of a bar for "x"',
         "write x alone, or the number whose bar is the longest: x = 100"),
        ("x", [30], {"bar": "x = inf"}, '"inf" is no length of a bar for "x"',
         "write x alone, or the number whose bar is the longest: x = 100"),
        ("x", ["a"], {"bar": "x"}, '"x" does not hold numbers', "convert it in the SELECT: CAST(… AS DOUBLE)"),
        ("x", ["a"], {"heat": "x"}, '"x" does not hold numbers', "convert it in the SELECT: CAST(… AS DOUBLE)"),
        ("x", [1], {"heat": "x = hot"}, '"hot" says nothing of "x"', "write x alone, or x = alone"),
        ("x", [1], {"spark": "x"}, '"x" does not hold lists of numbers',
         "gather them in the SELECT: list(points ORDER BY round)"),
        ("x", [["a"]], {"spark": "x"}, '"x" does not hold lists of numbers',
         "gather them in the SELECT: list(points ORDER BY round)"),
        ("x", [1], {"sort": "x"}, '"x" has no column to be sorted by', "write x = …"),
        ("x", [1], {"sort": "x = y"}, 'no column called "y"', "Available: x"),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_summed_or_sorted(
    name: str, values: list[Any], options: dict[str, str], message: str, hint: str
) -> None:
    with pytest.raises(CoursewrightError) as raised:
        shown(values, name=name, **options)
    problem = raised.value.problem
    assert (problem.message, problem.hint) == (message, hint)
    assert str(problem.where) == f"p.md:3, {{table}} :{next(iter(options))}:"


def test_a_column_is_sorted_by_another_one() -> None:
    made = rows_shown({"place": ["1", "DNF"], "n": [1, 99]}, sort="place = n", hide="n")
    assert (made.columns, made.details[0].kind, made.details[0].orders) == (("place",), "number", ("1", "99"))
    assert made.details[0].values == ("1", "DNF")


def test_two_columns_may_have_one_name(make_course: Any) -> None:
    page = "# T\n\n```{table}\n:bar: a\n:hide: b\nSELECT 1 AS a, 20 AS a, 3 AS b\n```\n"
    root = make_course({"pages/index.md": page})
    build(open_course(root))
    gfm = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    assert "| a | a |\n| ---: | ---: |\n| ██████████ 1 | ██████████ 20 |\n" in gfm


@pytest.mark.parametrize(
    ("values", "orders"),
    [
        (["58.790", "1:02.1", None, "1:32:01.940"], ("58.790", "62.1", None, "5521.940")),
        (["1:27.958", "10:05.5"], ("87.958", "605.5")),
        (["1:62.5", "1:02.1"], ()),
        (["2:1", "0:3"], ()),  # the scores of a match
        (["+5.123", "1:32:01.940"], ()),
        (["58.790", "59.1"], ()),  # no clock among them
        (["1:02.1", "DNF"], ()),
        ([None, None], ()),
    ],
)
def test_lap_times_are_sorted_as_times(values: list[Any], orders: tuple[str | None, ...]) -> None:
    made = shown(values, pa.string()).details[0]
    assert (made.orders, made.kind, made.align) == (orders, "number" if orders else "text", "left")


DRAWN = """\
# T

```{table}
:caption: C
:limit: 3
:total: n, m
:bar: n
:link: a = town
:tools: %s
SELECT * FROM (VALUES ('x', 12, 1), ('y', 6, NULL), ('z', 3, 2), ('w', 4, 3)) t(a, n, m)
```
"""


def test_totals_and_bars_in_both_formats(make_course: Any) -> None:
    town = "---\nname: '{{ a }}'\nfor_each: SELECT unnest(['x', 'y', 'z', 'w']) AS a\n---\n# {{ a }}\n"
    root = make_course({"pages/index.md": DRAWN % "", "pages/town.md": town})
    build(open_course(root))
    gfm = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert (
        "| a | n | m |\n| --- | ---: | ---: |\n| [x](x.md) | ██████████ 12 | 1 |\n| [y](y.md) | █████ 6 |  |\n"
        "| [z](z.md) | ██ 3 | 2 |\n| **Total of these 3 rows** | **21** | **3** |\n\n"
        "*Total of m: values known in 2 of 3 rows.*"
    ) in gfm
    assert '<td class="number bar" style="--from:0;--to:0.5">6</td>' in site
    assert '<tfoot><tr><th scope="row">Total of these 3 rows</th><td class="number">21</td>' in site
    assert '<table data-tools="download" data-file="C.csv" data-cut>' in site  # sorting three rows does not pay
    assert '<script src="tables.js" defer></script>' in site
    assert (root / "build/site/tables.js").is_file()
    assert "tables.js" not in (root / "build/site/x.html").read_text(encoding="utf-8")


def test_words_of_another_language_say_so(make_course: Any) -> None:
    course = '[course]\ntitle = "T"\nlanguage = "%s"\n'
    page = DRAWN.replace(":link: a = town\n", "") % "none"
    root = make_course({"course.toml": course % "fa", "pages/index.md": page})
    build(open_course(root))
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert '<tfoot><tr><th scope="row" lang="en" dir="ltr">Total of these 3 rows</th>' in site
    assert '<p class="table-note" lang="en" dir="ltr">Total of m: values known in 2 of 3 rows.</p>' in site
    (root / "course.toml").write_text(course % "fi", encoding="utf-8")
    build(open_course(root))
    assert '<p class="table-note" lang="en">Total of m' in (root / "build/site/index.html").read_text(encoding="utf-8")
    (root / "course.toml").write_text(course % "de-AT", encoding="utf-8")
    build(open_course(root))
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert '<tfoot><tr><th scope="row">Summe dieser 3 Zeilen</th>' in site
    assert '<p class="table-note">Summe von m: Werte in 2 von 3 Zeilen bekannt.</p>' in site


@pytest.mark.parametrize(
    ("option", "message", "line"),
    [
        (":tools: sort, flter", 'no tool called "flter"', 8),
        (":tools:\n:spark: n", '"n" does not hold lists of numbers', 9),
        (":tools:\n:hide: a", "every column has a total, and none has room for the word", 6),
    ],
)
def test_a_wrong_drawing_has_its_line(make_course: Any, option: str, message: str, line: int) -> None:
    page = DRAWN.replace(":link: a = town\n:tools: %s", option)
    (problem,) = check(make_course({"pages/index.md": page}))
    assert (problem.message, problem.where and problem.where.line) == (message, line)


@pytest.mark.parametrize(("values", "told"), [("12.5), (50", 1), ("0.5), (50", 0), ("1), (1", 0), ("NULL), (2", 1)])
def test_a_percentage_that_is_one_already_is_told_of(make_course: Any, values: str, told: int) -> None:
    page = f"# T\n\n```{{table}}\n:percent: s\nSELECT * FROM (VALUES ({values}::DOUBLE)) t(s)\n```\n"
    root = make_course({"pages/index.md": page})
    said: list[str] = []
    assert check(root, report=said.append) == []
    assert [line.partition("index.md")[2] for line in said if "{table}" in line] == [
        ':4, {table} :percent:: every value of "s" is 100% or more as a share of one; '
        "if they are percentages already, write :unit: s = %"
    ] * told


def test_the_example_of_the_guide_is_as_the_guide_says(make_course: Any) -> None:
    guide = (Path(__file__).parents[1] / "docs/guides/tables-in-pages.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"````markdown\n(.*?)````", guide, flags=re.DOTALL)
    course = '[course]\ntitle = "T"\n[parameters]\nseason = 2018\n[tables]\nseasons = "data/seasons.csv"\n'
    rows = "driver,average,wins,races,change,driverRef\nAnn,81.06215400970112,3,25,2,a\nBea,82.5,0,25,-1,b\n"
    root = make_course({"course.toml": course, "data/seasons.csv": rows, "pages/index.md": f"# T\n\n{example}"})
    build(open_course(root))
    assert (
        (root / "build/markdown/README.md")
        .read_text(encoding="utf-8")
        .endswith(
            "**Drivers of 2018**\n\n| Driver | Average | Share | Change |\n| --- | ---: | ---: | ---: |\n"
            "| Ann | 81.06 s | 12% | +2 |\n| Bea | 82.50 s | 0% | -1 |\n"
        )
    )


def heated(make_course: Any, option: str, sql: str) -> list[bool]:
    """Which columns of a table have shades."""
    page = f"# T\n\n```{{table}}\n:heat: {option}\n{sql}\n```\n"
    root = make_course({"pages/index.md": page})
    build(open_course(root))
    table = html.fromstring((root / "build/site/index.html").read_text(encoding="utf-8")).find(".//tbody")
    columns = zip(*([cell.get("class", "") for cell in row] for row in table), strict=True)
    return [any("more" in shade for shade in column) for column in columns]


TOWNS = "SELECT * FROM (VALUES ('a', 1998, 12, 1.5, 3), ('b', 1999, 7, 2.5, 4)) t(town, year, jan, feb, \"*\")"


def test_a_star_is_every_column_of_numbers_but_years(make_course: Any) -> None:
    plain = TOWNS.replace('"*"', "townId")
    assert heated(make_course, "*", plain) == [False, False, True, True, False]
    assert heated(make_course, "* = alone", plain) == [False, False, True, True, False]
    assert heated(make_course, "*", TOWNS) == [False, False, False, False, True]  # a column that is called so
    (problem,) = check(make_course({"pages/index.md": "# T\n\n```{table}\n:heat: *\nSELECT 'a' AS b\n```\n"}))
    assert (problem.message, problem.where and problem.where.line) == ("no column holds amounts", 4)


@pytest.mark.parametrize(("limit", "cut"), [("", False), (":limit: 2\n", True), (":limit: 4\n", False)])
def test_the_download_says_if_rows_are_left_out(make_course: Any, limit: str, cut: bool) -> None:
    root = make_course({"pages/index.md": f"# T\n\n```{{table}}\n{limit}SELECT * FROM range(4)\n```\n"})
    build(open_course(root))
    site = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert ("data-cut" in site) == cut
    assert "words.download_shown" in (root / "build/site/tables.js").read_text(encoding="utf-8")
