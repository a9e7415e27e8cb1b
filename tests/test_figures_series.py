"""Rows of a table as lines: where they break, the curve beside them, and what cannot be drawn."""

import datetime

import pytest

from coursewright.errors import CoursewrightError
from coursewright.figures import lines

plotnine = pytest.importorskip("plotnine", reason="pip install plotnine")
pd = pytest.importorskip("pandas", reason="pip install pandas")
np = pytest.importorskip("numpy", reason="pip install numpy")

from coursewright.figures.charts import plot, series  # noqa: E402 - after the check that their libraries are there


def table(groups=3, years=range(2000, 2010)):
    rows = [(year, f"team {n}", n + (year % (n + 2)) / 4) for n in range(groups) for year in years]
    return pd.DataFrame(rows, columns=["year", "team", "time"])


def chart(frame=None, **options):
    frame = table() if frame is None else frame
    return lines(frame, **{"x": "year", "y": "time", "group": "team", "title": "The gap", **options})


BAD_TABLES = {
    "a list": (lambda: [1], {}, "a chart is drawn from a data frame, not from a list", ""),
    "no column": (table, {"x": "yaer"}, 'no column called "yaer"', 'did you mean "year"? Available: team, time, year'),
    "text": (
        lambda: table().assign(time="1:27.958"),
        {},
        'the column "time" has no numbers',
        "convert it in the query, for example with try_cast(… as double)",
    ),
    "no value": (lambda: table().assign(time=np.nan), {}, 'the column "time" has no number to draw', ""),
    "no x": (
        lambda: table().assign(year=np.nan),
        {},
        'the column "year" has empty cells',
        "leave those rows out: dropna()",
    ),
    "two values": (
        lambda: pd.concat([table(), table()]),
        {},
        '"team 0" has more than one value at 2000',
        "a line has one value at each x",
    ),
    "too many": (
        lambda: table(25),
        {},
        "this chart has 25 lines, and a reader can tell 24 apart at most",
        "choose the groups that the story is about, or draw several charts",
    ),
    "fit": (table, {"fit": "cubic"}, 'no fit called "cubic"', "Available: quadratic"),
    "highlight": (
        table,
        {"highlight": "team 9"},
        'no line called "team 9"',
        'did you mean "team 2"? Available: team 0, team 1, team 2',
    ),
}


@pytest.mark.parametrize("case", BAD_TABLES)
def test_what_cannot_be_drawn_is_said(case):
    frame, options, message, hint = BAD_TABLES[case]
    with pytest.raises(CoursewrightError) as caught:
        chart(frame(), **options)
    assert (caught.value.problem.message, caught.value.problem.hint) == (message, hint)


def test_lines_break_where_a_year_is_missing():
    frame = table(1, [2008, 2009, 2010, 2012, 2014, 2015])
    _, (line,) = series.read_series(frame, "year", "time", "team")
    assert line.stretch == (0, 0, 0, 1, 2, 2)
    assert line.lonely == [3]


def test_a_value_every_four_years_is_a_line():
    _, (line,) = series.read_series(table(1, range(1960, 2020, 4)), "year", "time", "team")
    assert set(line.stretch) == {0}


def test_lines_break_at_missing_values_and_missing_races():
    frame = pd.DataFrame({"race": list("ABCDE") * 2, "team": ["x"] * 5 + ["y"] * 5, "time": [1, 2, None, 4, 5] * 2})
    frame = frame.drop(index=[6])
    axis, (one, two) = series.read_series(frame, "race", "time", "team")
    assert [text for _, text in axis.ticks] == list("ABCDE")
    assert (one.stretch, two.stretch) == ((0, 0, 1, 1), (0, 1, 1))


def test_lines_break_where_the_stretch_changes():
    frame = table(1, range(2001, 2007)).assign(layout=list("aabbba"))
    _, (line,) = series.read_series(frame, "year", "time", "team", "layout")
    assert (line.stretch, line.lonely) == ((0, 0, 1, 1, 1, 2), [5])
    frame.loc[3, "time"] = np.nan  # a hole inside a stretch
    _, (line,) = series.read_series(frame, "year", "time", "team", "layout")
    assert line.stretch == (0, 0, 1, 2, 3)
    with pytest.raises(CoursewrightError, match="has empty cells"):
        chart(frame.assign(layout=None), stretch="layout")
    with pytest.raises(CoursewrightError, match='no column called "layuot"'):
        chart(frame, stretch="layuot")


def test_a_categorical_column_keeps_its_own_order():
    frame = pd.DataFrame({"race": pd.Categorical(["b", "a"], ["z", "b", "a"]), "team": "x", "time": [2, 1]})
    axis, (line,) = series.read_series(frame, "race", "time", "team")
    assert [text for _, text in axis.ticks] == ["b", "a"]
    assert line.y == (2, 1)


def test_dates_of_a_database_are_dates():
    days = [datetime.date(2018, 4, 8), datetime.date(2018, 4, 15)]
    frame = pd.DataFrame({"day": days, "team": "x", "time": [1, 2]})
    axis, (line,) = series.read_series(frame, "day", "time", "team")
    assert (axis.kind, axis.told(line.x[0]), line.x[1] - line.x[0]) == ("date", "8 April 2018", 7)
    assert "day from 8 April 2018 to 15 April 2018" in chart(frame, x="day").alt


def test_a_line_of_many_points_is_drawn_in_a_moment():
    frame = pd.DataFrame({"year": range(20_000), "team": "x", "time": range(20_000)})
    assert len(chart(frame).figure().svg) < 200_000


def test_tables_of_polars_and_decimals_are_drawn():
    pl = pytest.importorskip("polars", reason="pip install polars")
    _, (line,) = series.read_series(
        pl.DataFrame({"x": [1, 2], "y": ["1.5", "2"], "g": "a"}).with_columns(pl.col("y").cast(pl.Decimal(4, 2))),
        "x",
        "y",
        "g",
    )
    assert line.y == (1.5, 2)


def test_the_curve_is_the_parabola_of_numpy():
    frame = table(1, [2001, 2002, 2003, 2005, 2009])
    _, (line,) = series.read_series(frame, "year", "time", "team")
    x, y = np.array(plot.quadratic(line)).T
    expected = np.polynomial.Polynomial.fit(frame["year"], frame["time"], 2)(x)
    assert y == pytest.approx(expected, abs=1e-9)
    assert y == pytest.approx(np.polyval(np.polyfit(line.x, line.y, 2), x), abs=1e-4)
    assert (x[0], x[-1]) == (2001, 2009)


def test_two_points_have_no_curve():
    _, (line,) = series.read_series(table(1, [2001, 2002]), "year", "time", "team")
    assert plot.quadratic(line) == []
    chart(table(1, [2001, 2002]), fit="quadratic").figure()
