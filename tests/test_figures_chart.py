"""The picture of a chart: its labels, its bytes, and what a reader is told and can tell apart."""

import itertools
import re
import subprocess
import sys
import textwrap
import xml.etree.ElementTree as ET

import pytest

from coursewright.errors import CoursewrightError
from coursewright.figures import Chart, Figure, lines
from coursewright.figures.charts.theme import COLOURS, readable, styles

plotnine = pytest.importorskip("plotnine", reason="pip install plotnine")
pd = pytest.importorskip("pandas", reason="pip install pandas")
np = pytest.importorskip("numpy", reason="pip install numpy")

from coursewright.figures.charts import plot, render  # noqa: E402 - after the check that their libraries are there

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ["$_<script>&", "a team with a name that was sold and sold and renamed " * 2, "a|b", "x^2_i$", "  ", "Üé"]


def table(groups=3, years=range(2000, 2010)):
    rows = [(year, f"team {n}", n + (year % (n + 2)) / 4) for n in range(groups) for year in years]
    return pd.DataFrame(rows, columns=["year", "team", "time"])


def chart(frame=None, **options):
    frame = table() if frame is None else frame
    return lines(frame, **{"x": "year", "y": "time", "group": "team", "title": "The gap", **options})


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
    """
    run = [sys.executable, "-c", code + "    print(made.figure().svg, end='')"]
    elsewhere = subprocess.run(run, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    here = {}
    exec(textwrap.dedent(code), here)  # noqa: S102 - the same code in this process
    assert here["made"].figure().svg == here["made"].figure().svg == elsewhere


def test_a_picture_says_what_it_is():
    figure = chart(title="A & <b>", alt="Up & <i>down</i>").figure()
    root = ET.fromstring(figure.svg)
    title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert (title.text, desc.text) == ("A & <b>", "Up & <i>down</i>")
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert "team 0" in [text.text for text in root.iter(f"{SVG}text")]


def test_places_are_written_to_the_hundredth_and_round_dots_as_circles():
    root = ET.fromstring(chart(table(2, range(2000, 2005))).figure().svg)
    circles = [[float(each.get(name)) for name in ("cx", "cy", "r")] for each in root.iter(f"{SVG}circle")]
    assert len(circles) == 10
    assert len({radius for *_, radius in circles}) == 1
    places = [each.get(name, "") for each in root.iter() for name in ("d", "x", "y", "transform")]
    assert not [place for place in places if re.search(r"\.\d{3}", place)]


def test_only_what_is_round_is_a_circle():
    round_dot = "M 0 -1 C 0 0 0 0 0.7071068 -0.7071068 C 0 0 0 0 1 0 C 0 0 0 0 0.7071068 0.7071068 C 0 0 0 0 0 1 "
    round_dot += "C 0 0 0 0 -0.7071068 0.7071068 C 0 0 0 0 -1 0 C 0 0 0 0 -0.7071068 -0.7071068 C 0 0 0 0 0 -1 z"
    assert render._circle(round_dot) == pytest.approx((0, 0, 1))
    assert render._circle(round_dot.replace("1 0 C", "1.2 0 C")) is None
    assert render._circle("M 0 0 L 1 0 L 1 1 z") is None


def test_on_white_paper_text_is_paths_and_nothing_reaches_into_the_page():
    root = ET.fromstring(chart(title="A & <b>").on_white().svg)
    assert root.find(f"{SVG}title").text == "A & <b>"
    assert not [*root.iter(f"{SVG}style"), *root.iter(f"{SVG}text")]
    assert chart().figure().on_white().svg == chart().on_white().svg


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
    ET.fromstring(made.figure().svg)
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
    assert int.from_bytes(chart().png()[16:20], "big") == 2 * 768  # two for each pixel of 576 points


def test_a_figure_that_came_as_svg_is_no_png():
    with pytest.raises(CoursewrightError) as caught:
        Figure("<svg/>", "a box").png()
    assert caught.value.problem.message == "this figure exists as SVG only"


def test_a_plot_of_the_authors_own_is_drawn():
    made = plotnine.ggplot(table(), plotnine.aes("year", "time")) + plotnine.geom_point()
    figure = Chart(made, alt="Points", caption="Below").figure()
    assert (figure.alt, figure.caption) == ("Points", "Below")
    assert figure.svg == Chart(made, alt="Points").figure().svg
    assert ET.fromstring(figure.svg).find(f"{SVG}title").text == "Points"


# What a reader is told and can tell apart


def test_the_alternative_text_says_who_is_first_and_last():
    frame = pd.DataFrame({"year": [2017, 2018] * 2, "team": ["A", "A", "B", "B"], "time": [100, 101.25, 103, 100]})
    assert chart(frame, y_label="time in %").alt == (
        "The gap. 2 lines, one for each team; year from 2017 to 2018; time in % from 100 to 103."
        " At the end (2018) A is highest with 101.25 and B lowest with 100."
    )
    assert chart(frame, highlight="B").alt.endswith(" Highlighted: B.")
    assert chart(frame, alt="My words").alt == "My words"


@pytest.mark.parametrize(
    ("times", "ticks"), [([0, 2, 1], ["0", "1", "2"]), ([0, 1.5, 1], ["0.0", "0.5", "1.0", "1.5"])]
)
def test_what_was_counted_has_whole_numbers_along_its_axis(times, ticks):
    made = chart(pd.DataFrame({"year": [2017, 2018, 2019], "team": "A", "time": times}))
    with render.drawn(made) as figure:
        figure.draw_without_rendering()
        shown = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert shown == ticks


def test_the_alternative_text_claims_no_curve_that_is_not_drawn():
    frame = pd.concat([table(2, [2001, 2002]), table(3, [2003, 2004])])
    curve = "With a quadratic curve fitted to"
    assert chart(frame, fit="quadratic").alt.endswith(f" {curve} team 0 and team 1.")
    assert chart(frame, fit="quadratic", highlight=["team 1", "team 2"]).alt.endswith(f" {curve} team 1.")
    assert chart(frame, fit="quadratic", highlight="team 0").alt.endswith(f" {curve} each highlighted line.")
    assert curve not in chart(frame, fit="quadratic", highlight="team 2").alt


def test_the_alternative_text_ends_the_title_as_it_ends():
    for title, told in [("Who?", "Who? 3 lines"), ("So.", "So. 3 lines"), ("A", "A. 3 lines"), ("", "3 lines")]:
        assert chart(title=title).alt.startswith(told)


def test_the_alternative_text_names_all_who_are_level():
    frame = pd.DataFrame({"year": 2018, "team": list("ABCD"), "time": [3, 3, 1, 1]})
    assert chart(frame).alt.endswith(" At the end (2018) A and B are highest with 3 and C and D lowest with 1.")
    assert chart(frame.head(2)).alt.endswith(" At the end (2018) both stand at 3.")


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
        assert distance > 18 or (one.dash != two.dash and one.shape != two.shape), (one, two, distance)


def test_letters_in_the_colour_of_a_line_can_be_read():
    for colour in COLOURS:
        light = lab(readable(colour), "everything")[0]
        luminance = ((light + 16) / 116) ** 3
        assert 1.05 / (luminance + 0.05) >= 4.45
