"""The author's file that draws a figure: what it gets, what it leaves behind and what can be wrong with it."""

import re
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursewright.errors import CoursewrightError, MissingPart, Place
from coursewright.figures import Figure, draw, lines
from coursewright.figures.diagrams.graphs import graph

plotnine = pytest.importorskip("plotnine", reason="pip install plotnine")
pd = pytest.importorskip("pandas", reason="pip install pandas")


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
        4,
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


def test_a_missing_plotnine_is_named_with_what_installs_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "plotnine", None)
    with pytest.raises(MissingPart) as caught:
        chart()
    assert str(caught.value) == 'error: charts need plotnine\nhint: pip install "coursewright[charts]"'


def test_importing_figures_imports_nothing_heavy():
    code = "import sys, coursewright.figures; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numpy", "pandas", "plotnine", "matplotlib", "polars"} & set(loaded.stdout.split())


def test_the_guide_shows_what_works(write):
    guide = Path(__file__).parent.parent / "docs" / "guides" / "charts.md"
    (code,) = re.findall(r"```python\n# figures/supertimes.py\n(.*?)```", guide.read_text(encoding="utf-8"), re.DOTALL)
    frame = pd.DataFrame({"year": [2016, 2017, 2018] * 2, "team": ["Ferrari"] * 3 + ["Williams"] * 3})
    frame["supertime"] = [100.6, 100.5, 100, 101.6, 101.5, 103.9]
    figure = draw(write(code), {"team_supertimes": frame, "season": 2018})
    assert "Williams is highest with 103.9" in figure.alt


def test_a_file_that_is_not_there_is_one_message(tmp_path):
    with pytest.raises(CoursewrightError) as error:
        draw(tmp_path / "none.py", {})
    said = f"error: this figure cannot be read: No such file or directory\n  --> {tmp_path}/none.py"
    assert str(error.value) == said


def test_several_problems_inside_a_figure_stay_what_they_are(tmp_path):
    path = tmp_path / "several.py"
    path.write_text(
        "from coursewright.errors import Problem, SeveralProblems\n\n\n"
        'def draw():\n    raise SeveralProblems([Problem("one"), Problem("two")])\n'
    )
    with pytest.raises(CoursewrightError) as error:
        draw(path, {})
    assert [problem.message for problem in error.value.problems] == ["one", "two"]


def test_a_picture_that_comes_later_is_drawn_once_and_is_like_any_other():
    drawn = []

    def picture(text):
        drawn.append(text)
        return f"<svg>{text}</svg>"

    figure = Figure.later(picture, "a", alt="a letter", caption="Source: us")
    assert (figure.alt, figure.caption, drawn) == ("a letter", "Source: us", [])
    assert figure == Figure("<svg>a</svg>", "a letter", "Source: us")
    assert figure.svg == "<svg>a</svg>"
    assert drawn == ["a"]
    with pytest.raises(AttributeError, match="'Figure' object has no attribute 'height'"):
        figure.height  # noqa: B018 - there is none


def test_what_a_picture_is_made_from_tells_it_from_others():
    pairs = [("a", "b", 3), ("b", "c")]
    one = graph(pairs, alt="A graph.")
    assert one.made_from == graph([("a", "b", "3"), ["b", "c"]], alt="A graph.").made_from
    others = [
        graph([("a", "b", 4), ("b", "c")], alt="A graph."),
        graph(pairs, alt="A graph.", directed=True),
        graph(pairs, alt="A graph.", highlight=["b"]),
        graph(pairs, alt="A graph.", highlight=[("a", "b")]),
        graph(pairs, alt="A graph.", seed=1),
        graph(pairs, alt="Another."),
    ]
    assert len({each.made_from for each in (one, *others)}) == 7
    assert Figure("<svg/>", "nothing").made_from is None


def test_what_a_graph_lacks_is_said_where_it_is_asked_for(write, monkeypatch):
    monkeypatch.setitem(sys.modules, "igraph", None)
    path = write("""
        from coursewright.figures.diagrams.graphs import graph

        def draw():
            return graph([("a", "b")])
        """)
    with pytest.raises(MissingPart) as caught:
        draw(path, {})
    assert caught.value.problem.where == Place(path, 5)


TRYING = """\
def draw():
    while True:
        try:
            1 / 0
        except Exception:
            pass
"""
ENDLESS = {
    "while it is loaded": ("while True:\n    pass\n\ndef draw():\n    pass\n", (1, 2)),
    "while it is drawn": (TRYING, (2, 3, 4, 5, 6)),
}


@pytest.mark.parametrize("how", ENDLESS)
def test_a_figure_without_end_is_ended_at_its_line(tmp_path, how):
    text, lines_of_it = ENDLESS[how]
    (tmp_path / "endless.py").write_text(text)
    with pytest.raises(CoursewrightError) as caught:
        draw(tmp_path / "endless.py", {}, seconds=0.2)
    problem = caught.value.problem
    assert problem.message == "this figure takes longer than 0.2 seconds"
    assert problem.hint == "allow more: [cells] seconds = … in course.toml"
    assert problem.where.line in lines_of_it


def test_a_course_says_how_long_a_figure_may_take(make_course):
    from coursewright.courses import build, check, open_course

    settings = '[course]\ntitle = "T"\n[cells]\nseconds = 0.2\n'
    page = "# T\n\n```{figure} endless\n:alt: x\n```\n"
    root = make_course({"course.toml": settings, "pages/index.md": page, "figures/endless.py": TRYING})
    with pytest.raises(CoursewrightError, match=r"this figure takes longer than 0\.2 seconds"):
        build(open_course(root))
    (root / "figures/endless.py").write_text(ENDLESS["while it is loaded"][0])
    said = {str(problem.message) for problem in check(root)}
    assert "this figure takes longer than 0.2 seconds" in said
