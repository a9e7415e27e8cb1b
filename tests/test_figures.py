"""Figures: the author's file and what can be wrong with it, the picture, and what a reader can tell apart in it."""

import itertools
import re
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursewright.errors import CoursewrightError, MissingPart, Place
from coursewright.figures import Chart, Figure, draw, lines
from coursewright.figures.theme import COLOURS, styles

plotnine = pytest.importorskip("plotnine", reason="pip install plotnine")
np = pytest.importorskip("numpy", reason="pip install numpy")
pd = pytest.importorskip("pandas", reason="pip install pandas")

from coursewright.figures import plot, render, series  # noqa: E402 - after the check that their libraries are there

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ["$_<script>&", "a team with a name that was sold and sold and renamed " * 2, "a|b", "x^2_i$", "  ", "Üé"]


class Lazy(Mapping):
    """Values that note which of them were looked up."""

    def __init__(self, **values):
        self.values_, self.seen = values, []

    def __getitem__(self, name):
        self.seen.append(name)
        return self.values_[name]

    def __iter__(self):
        return iter(self.values_)

    def __len__(self):
        return len(self.values_)


@pytest.fixture
def write(tmp_path):
    def write(text):
        path = tmp_path / "gap.py"
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        return path

    return write


def table(groups=3, years=range(2000, 2010)):
    rows = [(year, f"team {n}", n + (year % (n + 2)) / 4) for n in range(groups) for year in years]
    return pd.DataFrame(rows, columns=["year", "team", "time"])


def chart(frame=None, **options):
    frame = table() if frame is None else frame
    return lines(frame, **{"x": "year", "y": "time", "group": "team", "title": "The gap", **options})


# The author's file


def test_a_figure_gets_what_it_asks_for_by_name(write):
    values = Lazy(times=table(), season=2018, other=1)
    path = write("""
        from coursewright.figures import lines

        def draw(times, season, *, missing=3, **more):
            return lines(times, x="year", y="time", group="team", title=f"Season {season + missing}")
        """)
    figure = draw(path, values)
    assert figure.title == "Season 2021"
    assert figure.alt.startswith("Season 2021. 3 lines, one for each team; year from 2000 to 2009;")
    assert figure.svg.startswith("<svg ")
    assert values.seen == ["times", "season"]


def test_a_figure_leaves_nothing_behind(write):
    path = write("""
        from __future__ import annotations
        from dataclasses import dataclass
        from coursewright.figures import Figure

        @dataclass
        class Box:
            width: int

        def draw(size, /):
            return Figure(f"<svg width='{Box(size).width}'/>", "a box")
        """)
    before = set(sys.modules)
    assert draw(path, {"size": 3}).svg == "<svg width='3'/>"
    path.write_text(path.read_text().replace("a box", "another box"))
    assert draw(path, {"size": 3}).alt == "another box"
    assert [file.name for file in path.parent.iterdir()] == ["gap.py"]
    assert set(sys.modules) == before


NO_ALT = 'return coursewright.figures.Chart(plot, alt="…") with what the plot shows'
GIVE = "return what coursewright.figures.lines gives, a Chart or a Figure"
IMPORT = "from coursewright.figures import Chart, Figure, lines\n"
BAD = {
    "def draw(:\n    pass": ("this is not Python: invalid syntax", 1, ""),
    "x = 1\nreturn x": ("this is not Python: 'return' outside function", 2, ""),
    "x = 1\0": ("this is not Python: source code string cannot contain null bytes", None, ""),
    "from coursewright.figures import draw": (
        "this figure has no function draw",
        None,
        "define draw(…) with the tables it needs as parameters",
    ),
    "import seaborne": (
        "this figure needs seaborne, which is not installed",
        1,
        "install it, or draw without it",
    ),
    "def draw(\n    timse,\n): ...": (
        'draw asks for "timse", and no table or parameter has that name',
        2,
        'did you mean "times"? Available: empty, season, times',
    ),
    "def draw(season):\n    part = 0\n    return season / part": (
        "the figure stopped with ZeroDivisionError: division by zero",
        3,
        "",
    ),
    "import sys\ndef draw():\n    sys.exit(3)": ("the figure stopped with SystemExit: 3", 3, ""),
    "def draw(times):\n    return times['tyme']": ("the figure stopped with KeyError: 'tyme'", 2, ""),
    "def draw():\n    x = 1": ("draw gave nothing instead of a chart", 1, GIVE),
    "def draw(season):\n    return season": ("draw gave an int instead of a chart", 1, GIVE),
    "import plotnine\ndef draw(times):\n    return plotnine.ggplot(times)": (
        "this figure has no alternative text",
        2,
        NO_ALT,
    ),
    IMPORT + "def draw():\n    return Figure('<svg/>', ' ')": (
        "this figure has no alternative text",
        3,
        'say what it shows: Figure(..., alt="…")',
    ),
    IMPORT + "import plotnine\ndef draw(times):\n    return Chart(plotnine.ggplot(times), alt='')": (
        "this figure has no alternative text",
        3,
        'say what it shows: Chart(plot, alt="…")',
    ),
    IMPORT + "def draw(empty):\n    return lines(empty, x='year', y='time', group='team', title='')": (
        "the table of this chart is empty",
        3,
        "a chart needs one row or more; look at the query or filter before it",
    ),
}


@pytest.mark.parametrize("text", BAD)
def test_what_is_wrong_with_a_figure_is_said_in_one_message(text, write):
    message, line, hint = BAD[text]
    path = write(text)
    with pytest.raises(CoursewrightError) as caught:
        draw(path, {"times": table(), "empty": table(0), "season": 2018})
    problem = caught.value.problem
    assert (problem.message, problem.where, problem.hint) == (message, Place(path, line), hint)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_plot_that_fails_while_it_is_drawn_is_the_figures_fault(write):
    path = write("""
        import plotnine as p9
        from coursewright.figures import Chart

        def draw(times):
            return Chart(p9.ggplot(times, p9.aes("year", "tyme")) + p9.geom_point(), alt="points")
        """)
    with pytest.raises(CoursewrightError, match=r"the figure stopped with .*tyme") as caught:
        draw(path, {"times": table()})
    assert caught.value.problem.where == Place(path, 5)


def test_a_table_that_cannot_be_read_is_not_the_figures_fault(write):
    class Broken(Lazy):
        def __getitem__(self, name):
            raise CoursewrightError("no such file", Place("course.toml", 3))

    with pytest.raises(CoursewrightError, match=r"course\.toml:3"):
        draw(write("def draw(times): ..."), Broken(times=1))


# The table


def test_a_missing_plotnine_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotnine", None)
    with pytest.raises(MissingPart) as caught:
        chart()
    assert str(caught.value) == 'error: charts need plotnine\nhint: pip install "coursewright[charts]"'


def test_importing_figures_imports_nothing_heavy():
    code = "import sys, coursewright.figures; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert not {"numpy", "pandas", "plotnine", "matplotlib", "polars"} & set(loaded.stdout.split())


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


def test_a_categorical_column_keeps_its_own_order():
    frame = pd.DataFrame({"race": pd.Categorical(["b", "a"], ["z", "b", "a"]), "team": "x", "time": [2, 1]})
    axis, (line,) = series.read_series(frame, "race", "time", "team")
    assert [text for _, text in axis.ticks] == ["b", "a"]
    assert line.y == (2, 1)


def test_tables_of_polars_and_decimals_are_drawn():
    pl = pytest.importorskip("polars", reason="pip install polars")
    _, (line,) = series.read_series(
        pl.DataFrame({"x": [1, 2], "y": ["1.5", "2"], "g": "a"}).with_columns(pl.col("y").cast(pl.Decimal(4, 2))),
        "x",
        "y",
        "g",
    )
    assert line.y == (1.5, 2)


# Labels


def nasty(number):
    """Equal ends, ends without a value, lines that end early, and names that are long or look like markup."""
    rows = []
    for n in range(number):
        name = LABELS[n] if n < len(LABELS) else f"team {n}"
        for year in range(2000, 2012 if n % 5 else 2008):
            value = float("nan") if n == 3 and year > 2009 else 100 if year > 2009 else 100 + (n * year) % 7
            rows.append((year, name, value))
    return pd.DataFrame(rows, columns=["year", "team", "time"])


def boxes(made):
    """The boxes of the labels as they are rendered, lowest first, and that of the figure."""
    with render.drawn(made) as figure:
        figure.draw_without_rendering()
        labels = [text for text in figure.axes[0].texts if text.get_gid() == "label"]
        return sorted((text.get_window_extent() for text in labels), key=lambda box: box.y0), figure.bbox


@pytest.mark.parametrize("number", range(2, 25))
def test_no_label_overlaps_another(number):
    some, page = boxes(chart(nasty(number), subtitle="One\nTwo", caption="Three"))
    assert len(some) == number
    for lower, upper in itertools.pairwise(some):
        assert lower.y1 <= upper.y0
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1 for box in some)


def test_a_chart_with_more_text_than_room_is_taller():
    frame = table(24)
    frame["team"] = frame["team"] + " which has a name that goes on and on for three lines of text"
    some, page = boxes(chart(frame))
    assert page.height / 72 > plot.HEIGHT
    assert all(lower.y1 <= upper.y0 for lower, upper in itertools.pairwise(some))


def test_labels_stand_beside_the_ends_of_their_lines():
    with render.drawn(chart(table(3))) as figure:
        axes = figure.axes[0]
        found = {text.get_text(): text.get_window_extent() for text in axes.texts}
        ends = table(3).groupby("team")["time"].last()
        for name, box in found.items():
            end = axes.transData.transform((2009, ends[name]))[1]
            assert abs((box.y0 + box.y1) / 2 - end) < 15


# The picture


def test_the_same_data_give_the_same_bytes():
    code = """if True:
        import pandas as pd
        from coursewright.figures import lines
        frame = pd.DataFrame({"x": [1, 2, 4] * 2, "y": [1.0, 2, 3, 3, 2, 1], "g": ["a"] * 3 + ["b"] * 3})
        made = lines(frame, x="x", y="y", group="g", title="T", fit="quadratic")
        figure = made.figure()
        assert figure.svg == made.figure().svg == figure.svg
        print(figure.svg)
    """
    run = [sys.executable, "-c", code]
    first, second = (subprocess.run(run, capture_output=True, check=True).stdout for _ in range(2))  # noqa: S603
    assert first == second


def test_a_picture_says_what_it_is():
    figure = chart(title="A & <b>", alt="Up & <i>down</i>").figure()
    root = ET.fromstring(figure.svg)  # noqa: S314 - our own
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert (title.text, desc.text) == ("A & <b>", "Up & <i>down</i>")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert not list(root.iter(f"{SVG}style"))
    assert not list(root.iter(f"{SVG}text")), "text is paths"


def test_pictures_in_one_page_share_no_ids():
    ids = [set(re.findall(r'\bid="([^"]+)"', chart(title=title).figure().svg)) for title in ("One", "Two")]
    assert ids[0]
    assert not ids[0] & ids[1]
    svg = chart().figure().svg
    here = set(re.findall(r'\bid="([^"]+)"', svg))
    assert set(re.findall(r'href="#([^"]+)"', svg)) | set(re.findall(r"url\(#([^)]+)\)", svg)) <= here


@pytest.mark.parametrize("name", LABELS)
def test_what_is_in_the_data_harms_nothing(name):
    frame = table(2).replace({"team 0": name})
    made = chart(
        frame, title=name.strip() or "T", subtitle="$a_b$", caption="$x^2$ <script>", y_label="$y", x_label="a_b$"
    )
    ET.fromstring(made.figure().svg)  # noqa: S314 - our own
    assert "<script" not in made.figure().svg
    with render.drawn(made) as figure:
        said = " ".join(text.get_text() for text in [*figure.texts, *figure.axes[0].texts])
        assert "$x^2$ <script>" in said
        assert " ".join(name.split())[:20] in " ".join(said.split())


def test_a_chart_is_a_png_on_request():
    small, large = (chart().figure().png(dpi) for dpi in (72, 144))
    assert small.startswith(b"\x89PNG\r\n\x1a\n")
    size = [int.from_bytes(data[16:20], "big") for data in (small, large)]
    assert size == [576, 1152]


def test_a_figure_that_came_as_svg_is_no_png():
    with pytest.raises(CoursewrightError) as caught:
        Figure("<svg/>", "a box").png()
    assert caught.value.problem.message == "this figure exists as SVG only"


def test_a_plot_of_the_authors_own_is_drawn():
    made = plotnine.ggplot(table(), plotnine.aes("year", "time")) + plotnine.geom_point()
    figure = Chart(made, alt="Points", caption="Below").figure()
    assert (figure.alt, figure.caption) == ("Points", "Below")
    assert figure.svg == Chart(made, alt="Points").figure().svg
    assert ET.fromstring(figure.svg).find(f"{SVG}desc").text == "Points"  # noqa: S314 - our own


# What a reader is told and can tell apart


def test_the_alternative_text_says_who_is_first_and_last():
    frame = pd.DataFrame({"year": [2017, 2018] * 2, "team": ["A", "A", "B", "B"], "time": [100, 101.25, 103, 100]})
    assert chart(frame, y_label="time in %").alt == (
        "The gap. 2 lines, one for each team; year from 2017 to 2018; time in % from 100 to 103."
        " At 2018, A is highest with 101.25 and B lowest with 100."
    )
    assert chart(frame, alt="My words").alt == "My words"


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


# Viénot, Brettel and Mollon (1999), on linear light.
SEES = {
    "everything": np.eye(3),
    "no red": np.array([[0.11238, 0.88762, 0], [0.11238, 0.88762, 0], [0.00401, -0.00401, 1]]),
    "no green": np.array([[0.29275, 0.70725, 0], [0.29275, 0.70725, 0], [-0.02234, 0.02234, 1]]),
}


def lab(colour, eye):
    """The colour as `eye` sees it, in CIELAB."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ np.clip(
        SEES[eye] @ linear, 0, 1
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", SEES)
def test_groups_that_look_alike_differ_in_line_and_shape(eye):
    for one, two in itertools.combinations(styles(24), 2):
        distance = np.linalg.norm(lab(one.colour, eye) - lab(two.colour, eye))
        assert distance > 12 or (one.dash != two.dash and one.shape != two.shape), (one, two, distance)


def test_letters_in_the_colour_of_a_line_can_be_read():
    from coursewright.figures.theme import readable

    for colour in COLOURS:
        light = lab(readable(colour), "everything")[0]
        luminance = ((light + 16) / 116) ** 3
        assert 1.05 / (luminance + 0.05) >= 4.45


def test_the_guide_shows_what_works(tmp_path):
    guide = Path(__file__).parent.parent / "docs" / "guides" / "charts.md"
    (code,) = re.findall(r"```python\n# figures/supertimes.py\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "supertimes.py"
    path.write_text(code, encoding="utf-8")
    frame = pd.DataFrame({"year": [2016, 2017, 2018] * 2, "team": ["Ferrari"] * 3 + ["Williams"] * 3})
    frame["supertime"] = [100.6, 100.5, 100, 101.6, 101.5, 103.9]
    figure = draw(path, {"team_supertimes": frame, "season": 2018})
    assert "Williams is highest with 103.9" in figure.alt
