"""Figures on light and on dark pages: contrast as numbers, and pixels of a browser."""

import itertools
import re
import xml.etree.ElementTree as ET

import pytest

from coursewright.errors import CoursewrightError
from coursewright.figures.charts.theme import GREY, INK, SOFT
from coursewright.figures.pictures.colour import (
    COLOURS,
    DARK,
    DARK_COLOURS,
    LETTERS,
    LIGHT,
    MARKS,
    contrast,
    hexadecimal,
    on_dark,
    on_light,
    turned,
)
from coursewright.figures.pictures.papered import on_paper
from coursewright.figures.pictures.themed import ROLES, inline, themed
from coursewright.sites.formats.site import style

np = pytest.importorskip("numpy", reason="pip install numpy")

SVG = "{http://www.w3.org/2000/svg}"
BOX = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="100" viewBox="0 0 200 100">'
    '<defs><clipPath id="cut"><rect width="200" height="100"/></clipPath></defs>'
    '<g clip-path="url(#cut)"><rect x="50" width="50" height="100" style="fill: #0072b2"/>'
    '<rect x="100" width="50" height="100" fill="#222222"/><text x="150" y="20" fill="#0072b2">word</text></g></svg>'
)


# Numbers


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == contrast("#ffffff", "#000000") == 21
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)
    assert contrast("#123456", "#123456") == 1


def test_the_papers_are_those_of_the_pages():
    assert re.findall(r"--paper: light-dark\((#\w+), (#\w+)\)", style()) == [(LIGHT, DARK)]


def test_every_colour_of_the_palette_is_seen_on_both_papers():
    assert min(contrast(colour, LIGHT) for colour in COLOURS) == pytest.approx(3.078, abs=0.001)
    assert min(contrast(colour, DARK) for colour in DARK_COLOURS) == pytest.approx(3.092, abs=0.002)
    assert contrast(GREY, LIGHT) > MARKS < contrast(turned(GREY), DARK)
    for text in (INK, SOFT):
        _, light, dark = ROLES[text]
        assert contrast(light, LIGHT) > LETTERS < contrast(dark, DARK)


# Machado, Oliveira and Fernandes (2009), severity 1, on linear light.
SEES = {
    "everything": np.eye(3),
    "no red": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "no green": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "no blue": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}


def lab(colour, eye):
    """The colour as `eye` sees it, in CIELAB."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    matrix = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = matrix @ np.clip(SEES[eye] @ linear, 0, 1)
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz / [0.9505, 1, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eye", SEES)
@pytest.mark.parametrize("palette", [COLOURS, DARK_COLOURS], ids=["light", "dark"])
def test_no_two_colours_of_the_palette_look_alike(palette, eye):
    nearest = min(
        float(np.linalg.norm(lab(one, eye) - lab(other, eye))) for one, other in itertools.combinations(palette, 2)
    )
    assert nearest > 15


TEAMS = ["#dc0000", "#00d2be", "#fff500", "#ffffff", "#0a0a0a", "#1e5bc6", "#ff8700", "#808080"]


@pytest.mark.parametrize("colour", TEAMS)
def test_an_authors_colour_is_changed_until_it_is_seen(colour):
    assert contrast(on_light(colour), LIGHT) >= MARKS
    assert contrast(on_dark(colour), DARK) >= MARKS
    assert contrast(on_light(colour, LETTERS), LIGHT) >= LETTERS
    if contrast(colour, LIGHT) >= MARKS:
        assert on_light(colour) == colour


def test_what_is_drawn_for_a_light_page_is_turned():
    assert turned("#ffffff") == DARK  # paper
    assert turned("#000000") == "#e6e8eb"  # ink
    assert contrast(turned("#a8d0ea"), "#e6e8eb") > LETTERS  # a pale ground stays a ground for letters
    assert contrast(turned("#fbe8d9"), "#e6e8eb") > LETTERS
    assert turned("#d55e00") == "#d55e00"  # seen on both
    assert contrast(turned("#000080"), DARK) >= MARKS


def test_what_is_no_colour_is_said():
    assert [hexadecimal(colour) for colour in ("#ABC", "#dc0000", "red")] == ["#aabbcc", "#dc0000", "#ff0000"]
    with pytest.raises(CoursewrightError) as caught:
        hexadecimal("rosso corsa")
    assert str(caught.value) == (
        'error: "rosso corsa" is no colour\nhint: write it as "#dc0000" or by its name, such as "red"'
    )


# The picture


def test_a_colour_stays_for_programs_that_know_no_style_sheets():
    root = ET.fromstring(themed(BOX, alt="A box"))
    blue, ink = root.findall(f"{SVG}g/{SVG}rect")
    word = root.find(f"{SVG}g/{SVG}text")
    assert (blue.get("fill"), ink.get("fill"), word.get("fill")) == ("#0072b2", "#222222", "#0072b2")
    assert blue.get("style") is None
    style = root.find(f"{SVG}style").text
    assert "--k0:var(--chart-ink,#222222)" in style
    assert "(prefers-color-scheme:dark)" in style
    assert len({root.get("class").split()[-1], ink.get("class")}) == 1  # both are ink
    assert blue.get("class") != word.get("class")  # letters need more contrast


def test_a_scale_of_many_colours_keeps_its_order():
    steps = [f"#{n * 8:02x}0040" for n in range(26)]
    drawn = "".join(f'<rect width="1" height="1" fill="{step}"/>' for step in steps)
    style = ET.fromstring(themed(f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>', alt="Heat"))[1].text
    assert all(style.count(f":{step}") == 4 for step in steps)


def test_what_is_in_a_picture_is_looked_up_nowhere():
    svg = '<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + BOX.replace("word", "&x;")
    assert "word" not in themed(svg, alt="A box")
    assert 'class="f1">' not in themed(svg, alt="A box")


def ids(html):
    return re.findall(r'\bid="([^"]+)"', html)


def test_one_picture_twice_in_a_page_shares_no_ids():
    svg = themed(BOX, alt="A box")
    page = inline(svg, "box-1") + inline(svg, "box-2")
    assert len(ids(page)) == len(set(ids(page))) == 4
    for name in ("box-1", "box-2"):
        assert f'clip-path="url(#{name}-cut)"' in page
        assert f"#{name} .f" in page
    assert ids(svg)[0] not in page


def test_a_picture_has_paper_that_follows_the_theme_where_the_page_does_not():
    box = re.sub('viewBox="[^"]*"', 'viewBox="-5 -6 20 30"', BOX)
    root = ET.fromstring(on_paper(themed(box, alt="A box")))
    paper = next(element for element in root if element.tag == f"{SVG}rect")
    assert {name: paper.get(name) for name in ("x", "y", "width", "height", "fill")} == {
        "x": "-5",
        "y": "-6",
        "width": "20",
        "height": "30",
        "fill": LIGHT,
    }
    assert list(root).index(paper) == 2  # behind all that is drawn, after the words and the style
    (sheet,) = root.findall(f"{SVG}style")
    dark = f"@media screen and (prefers-color-scheme:dark){{#{paper.get('id')}{{fill:{DARK}}}}}"
    assert (sheet.text or "").endswith(dark)
    for other in (BOX, "<svg"):
        assert on_paper(other) == other


def test_in_a_page_a_picture_is_named_once_and_its_name_does_not_pop_up():
    svg = themed(BOX, alt='A "box" & <b>', title="Box")
    root = ET.fromstring(inline(svg, "one"))
    assert (root.get("role"), root.get("aria-label")) == ("img", 'A "box" & <b>')
    assert root.get("aria-labelledby") is None
    assert root.find(f"{SVG}title") is root.find(f"{SVG}desc") is None
    assert ET.fromstring(inline(svg, "one", alt="Mine")).get("aria-label") == "Mine"


def test_both_widths_of_a_picture_stand_in_the_page_and_one_is_shown():
    wide, narrow = (themed(BOX.replace("word", word), alt="A box") for word in ("wide", "narrow"))
    page = inline(wide, "one", narrow=narrow)
    assert len(ids(page)) == len(set(ids(page))) == 4
    assert re.findall(r'<svg [^>]*class="([^"]+)"', page) == ["coursewright f0 wide", "coursewright f0 narrow"]
    assert page.count('aria-label="A box"') == 2
    assert inline(wide, "one", narrow=BOX) == inline(wide, "one")


@pytest.mark.parametrize("svg", ["", "<svg", "<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", BOX])
def test_a_picture_that_is_not_ours_is_not_put_into_a_page(svg):
    assert inline(svg, "one") == ""
