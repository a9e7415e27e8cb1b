"""Bars, dots, ranges, slopes, small multiples and maps: what they say, refuse, and do at the width of a telephone."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from coursewright.errors import CoursewrightError
from coursewright.figures import PALETTE, Chart, bars, course_theme, dots, lines, multiples, places, ranges, slopes
from coursewright.figures.charts.spoken import WORDLESS, spoken_in
from coursewright.figures.pictures.colour import DARK, LIGHT, MARKS, contrast
from coursewright.labels import known

plotnine = pytest.importorskip("plotnine", reason="pip install plotnine")
pd = pytest.importorskip("pandas", reason="pip install pandas")

from coursewright.figures.charts import render  # noqa: E402 - after the check that its library is there

SVG = "{http://www.w3.org/2000/svg}"
TEAMS = ["Ferrari", "<Haas> & Co", "Red Bull"]
WINS = pd.DataFrame({"team": TEAMS, "wins": [6, 0, 11], "low": [1.5, 2.25, 2], "high": [3, 2.25, 1]})
YEARS = pd.DataFrame(
    [
        (year, team, value + step)
        for team, value in zip(TEAMS, (1, 2, 4), strict=True)
        for step, year in enumerate((2020, 2010))
    ],
    columns=["year", "team", "points"],
)
CIRCUITS = pd.DataFrame(
    {"circuit": ["Monza", "Spa", "Monaco"], "north": [45.6, 50.4, 43.7], "east": [9.3, 6.0, 7.4], "races": [70, 54, 66]}
)
MAP = {"name": "circuit", "latitude": "north", "longitude": "east", "title": "Where"}
SLOPE = {"x": "year", "y": "points", "group": "team", "title": "Slopes"}

KINDS = {
    "bars": lambda **more: bars(WINS, x="team", y="wins", title="Who won?", **more),
    "dots": lambda **more: dots(WINS, x="team", y="wins", title="Dots", **more),
    "ranges": lambda **more: ranges(WINS, x="team", low="low", high="high", title="", **more),
    "slopes": lambda **more: slopes(YEARS, **SLOPE, **more),
    "multiples": lambda **more: multiples(YEARS, **SLOPE, **more),
    "places": lambda **more: places(CIRCUITS, size="races", **MAP, **more),
    "lines": lambda **more: lines(YEARS, **SLOPE, **more),
}
TOLD = {
    "bars": "Who won? 3 bars, one for each team, of wins. Ferrari 6; <Haas> & Co 0; Red Bull 11.",
    "dots": "Dots. 3 dots, one for each team, of wins. Ferrari 6; <Haas> & Co 0; Red Bull 11.",
    "ranges": "3 ranges, one for each team, of low to high. Ferrari 1.5 to 3; <Haas> & Co 2.25; Red Bull 2 to 1.",
    "slopes": "Slopes. 3 lines, one for each team, from 2010 to 2020; points: "
    "<Haas> & Co 3 → 2; Ferrari 2 → 1; Red Bull 5 → 4.",
    "multiples": "Slopes. 3 small charts, one for each team; year from 2010 to 2020; points from 1 to 5. "
    "At their ends: <Haas> & Co 2 (2020); Ferrari 1 (2020); Red Bull 4 (2020).",
    "places": "Where. Map with 3 dots, one for each circuit, from 43.7°N to 50.4°N and from 6°E to 9.3°E. "
    "races: Monza 70; Monaco 66; Spa 54.",
}


def texts(svg):
    return [text.text for text in ET.fromstring(svg).iter(f"{SVG}text")]


def tips(svg):
    return [title.text for rect in ET.fromstring(svg).iter(f"{SVG}rect") for title in rect.findall(f"{SVG}title")]


@pytest.mark.parametrize("kind", TOLD)
def test_the_alternative_text_says_what_is_drawn(kind):
    assert KINDS[kind]().alt.replace("\N{NO-BREAK SPACE}", " ") == TOLD[kind]
    assert KINDS[kind](alt="My words").alt == "My words"


def test_a_chart_speaks_the_language_of_its_page():
    frame = pd.DataFrame({"Team": ["A", "B"], "Punkte": [1234.5, 1210]})
    asked = {"x": "Team", "y": "Punkte", "title": "T"}
    with spoken_in("de"):
        german = bars(frame, **asked)
    assert german.alt == "T. 2 Balken, je Team einer: Punkte. A 1.234,5; B 1.210."
    assert {"1.234,5", "A: 1.234,5"} <= {*texts(german.figure().svg), *tips(german.figure().svg)}  # drawn later
    assert bars(frame, **asked, language="fi").alt == "T. Team: 2; Punkte. A 1\xa0234,5; B 1\xa0210."
    assert bars(frame, **asked).alt.endswith("A 1,234.5; B 1,210.")
    with pytest.raises(CoursewrightError, match='no language called "Klingon"'):
        bars(frame, **asked, language="Klingon")


def test_days_are_those_of_the_language():
    frame = pd.DataFrame({"day": pd.to_datetime(["2018-03-08", "2018-05-15"]), "y": [1, 2], "g": ["a", "a"]})
    chart = lines(frame, x="day", y="y", group="g", title="T", language="fr")
    assert chart.alt == (
        "T. Une ligne, a ; day de 8 mars 2018 à 15 mai 2018 ; y de 1 à 2. À la fin (15 mai 2018), elle est à 2."
    )
    assert any("avr" in text for text in texts(chart.figure().svg))


def test_every_language_has_every_word_of_charts():
    words = known("figures")
    assert {*words} == {*known("tables"), WORDLESS}
    gaps = {word: {*re.findall(r"{\w+}", text)} for word, text in words["en"].items()}
    for language, own in words.items():
        assert {*own} == {*gaps}, language
        assert all(text and {*re.findall(r"{\w+}", text)} <= gaps[word] for word, text in own.items()), language
    values = {word: dict.fromkeys(re.findall(r"\w+", " ".join(names)), "") for word, names in gaps.items()}
    told = " ".join(text.format(**values[word]) for word, text in words[WORDLESS].items())
    assert {*re.findall(r"[A-Za-z]{2,}", told)} == {"max", "min", "Max", "Min"}


def test_of_many_rows_the_ends_are_told():
    frame = pd.DataFrame({"team": [f"t{n}" for n in range(20)], "wins": range(20)})
    assert bars(frame, x="team", y="wins", title="T", highlight="t7").alt == (
        "T. 20 bars, one for each team, of wins. Highest: t19 19; t18 18; t17 17. Lowest: t2 2; t1 1; t0 0."
        " Highlighted: t7."
    )


@pytest.mark.parametrize("kind", KINDS)
def test_every_mark_says_its_value(kind):
    svg = KINDS[kind]().figure().svg
    shown = tips(svg)
    assert len(shown) == (6 if kind in ("slopes", "multiples", "lines") else 3)
    assert all(re.search(r"(: |to )-?[\d.]+$", tip) for tip in shown), shown
    assert any("<Haas> & Co" in tip for tip in shown) or kind == "places"


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_leaves_the_picture_at_either_width(kind):
    for chart in (KINDS[kind](highlight=[]), KINDS[kind]().at_width(3.75)):
        with render.drawn(chart) as figure:
            figure.draw_without_rendering()
            page = figure.bbox
            for axes in figure.axes:
                shown = [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
                for text in (each for each in [*shown, *figure.texts] if each.get_visible() and each.get_text()):
                    box = text.get_window_extent()
                    assert page.x0 - 1 <= box.x0, text
                    assert box.x1 <= page.x1 + 1, text


@pytest.mark.parametrize("kind", ["bars", "dots", "ranges", "lines", "slopes"])
def test_what_the_values_are_stands_in_the_picture(kind):
    words = [text.text for text in ET.fromstring(KINDS[kind](y_label="Grands prix").figure().svg).iter(f"{SVG}text")]
    assert "Grands prix" in words


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_drawn_again_for_a_telephone_on_request(kind):
    wide = KINDS[kind]().figure()
    both = KINDS[kind]().figure(narrow=True)
    assert (wide.narrow, both.svg) == ("", wide.svg)
    assert [ET.fromstring(svg).get("width") for svg in (both.svg, both.narrow)] == ["576pt", "270pt"]
    assert both.on_white().narrow == ""


def test_an_authors_own_plot_is_drawn_again_too():
    plot = plotnine.ggplot(WINS, plotnine.aes("team", "wins", fill="team")) + plotnine.geom_col()
    plot = plot + plotnine.scale_fill_manual(values=PALETTE) + course_theme()
    figure = Chart(plot, alt="Bars").figure(narrow=True)
    assert ET.fromstring(figure.narrow).get("width") == "270pt"
    assert "Ferrari" in texts(figure.svg)


@pytest.mark.parametrize("kind", KINDS)
def test_an_authors_colours_are_seen_on_both_papers(kind):
    names = ["Monza", "Spa"] if kind == "places" else TEAMS[:2]
    chart = KINDS[kind](colours=dict(zip(names, ("#fff500", "#0a0a64"), strict=True)))
    assert chart.dark["#0a0a64"] != "#0a0a64"
    assert "#fff500" in chart.dark.values()  # seen on dark paper as it is
    for light, dark in chart.dark.items():
        assert contrast(light, LIGHT) >= MARKS <= contrast(dark, DARK)
    style = ET.fromstring(chart.figure().svg).find(f"{SVG}style").text
    assert all(dark in style for dark in chart.dark.values())


def test_two_of_one_colour_differ_in_line():
    svg = lines(YEARS, **SLOPE, colours={"Ferrari": "#dc0000", "Red Bull": "#dc0000"}).figure().svg
    drawn = [each.get("stroke-dasharray") for each in ET.fromstring(svg).iter() if each.get("stroke") == "#dc0000"]
    assert len(set(drawn)) > 1


REFUSED = {
    lambda: bars(WINS, x="team", y="win", title=""): 'no column called "win"',
    lambda: bars(WINS, x="wins", y="team", title=""): 'the column "team" has no numbers',
    lambda: bars(pd.concat([WINS, WINS]), x="team", y="wins", title=""): '"Ferrari" has more than one row',
    lambda: bars(WINS.assign(team=None), x="team", y="wins", title=""): 'the column "team" has empty cells',
    lambda: bars(
        WINS.assign(wins=float("nan")), x="team", y="wins", title=""
    ): 'the column "wins" has no number to draw',
    lambda: bars(pd.DataFrame({"a": range(41), "b": range(41)}), x="a", y="b", title=""): (
        "this chart has 41 rows, and a reader follows 40 at most"
    ),
    lambda: KINDS["dots"](highlight="Ferari"): 'no row called "Ferari"',
    lambda: KINDS["bars"](colours={"Ferrari": "rosso"}): '"rosso" is no colour',
    lambda: slopes(YEARS.assign(year=range(6)), **SLOPE): (
        'the column "year" has 6 different values, and slopes go from one to another'
    ),
    lambda: slopes(YEARS.head(5), **SLOPE): '"Red Bull" has no value at both ends',
    lambda: places(CIRCUITS.assign(north=91), **MAP): '"Monza" lies at 91, 9.3, which is nowhere',
    lambda: places(CIRCUITS.assign(races=-1), size="races", **MAP): '"Monza" has the size -1',
}


@pytest.mark.parametrize("draw", REFUSED, ids=REFUSED.values())
def test_what_cannot_be_drawn_is_said(draw):
    with pytest.raises(CoursewrightError) as caught:
        draw()
    assert caught.value.problem.message == REFUSED[draw]


@pytest.mark.parametrize("draw", [lines, multiples])
@pytest.mark.parametrize("width", [8, 3.75])
def test_texts_along_the_axis_do_not_meet(draw, width):
    races = [f"Grand Prix number {number}" for number in range(21)]
    frame = pd.DataFrame([(race, f"{team} and its sponsors", 1) for race in races for team in "abcdefg"])
    frame.columns = ["race", "team", "points"]
    chart = draw(frame, x="race", y="points", group="team", title="").at_width(width)
    with render.drawn(chart) as figure:
        figure.draw_without_rendering()
        for axes in figure.axes:
            at = [axes.transData.transform((float(tick), 1))[0] for tick in axes.get_xticks()]
            texts = [text for text in axes.get_xticklabels() if text.get_text()]
            if texts:
                level = [text.get_window_extent().width + 2 for text in texts if not text.get_rotation()]
                room = max(level, default=9 * figure.dpi / 72)
                assert min((after - before for before, after in itertools.pairwise(at)), default=room) >= room
        names = [text for axes in figure.axes for text in axes.texts if "sponsors" in text.get_text()]
        boxes = sorted((text.get_window_extent() for text in names), key=lambda box: (round(box.y0), box.x0))
        assert all(b.y0 - a.y0 > 2 or a.x1 <= b.x0 for a, b in itertools.pairwise(boxes))


def test_empty_values_are_left_out():
    frame = pd.DataFrame({"team": ["a", "b"], "wins": [1, None]})
    assert bars(frame, x="team", y="wins", title="").alt == "One bar, of wins. a 1."
    assert "NaN" not in bars(frame, x="team", y="wins", title="").figure().svg


def test_with_too_many_points_none_says_its_value():
    frame = pd.DataFrame([(f"g{g}", x, x % 7) for g in range(7) for x in range(100)], columns=["g", "x", "y"])
    assert tips(lines(frame, x="x", y="y", group="g", title="").figure().svg) == []
