"""Figures in a real browser: the paper, the colours and the letters that a reader sees."""

import base64
import io
import itertools
import json
import shutil
import subprocess
from pathlib import Path

import pytest

from coursewright.figures.charts.theme import INK
from coursewright.figures.pictures.colour import COLOURS, DARK, DARK_COLOURS, LIGHT
from coursewright.figures.pictures.themed import inline, themed
from coursewright.sites.formats.site import style
from test_figures_theme import BOX

NODE = Path(__file__).parent / "node"


def shots(asked):
    """Each page that is asked for as a picture, with what is found in it."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs chromium, nodejs and npm ci --prefix tests/node")
    done = subprocess.run(
        [node, str(NODE / "shots.js"), chromium], input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


PAGE = """<!doctype html><style>{style}
[data-theme="dark"] {{ color-scheme: dark; --paper: #15181c; --ink: #e6e8eb; }}
[data-theme="light"] {{ color-scheme: light; --paper: #fdfdfc; --ink: #1d2329; }}
body {{ padding: 0; margin: 0; max-width: none; }} img, svg {{ display: block; }}</style>
{inline}<img src="box.svg" alt="">"""


def test_the_paper_of_a_figure_is_the_paper_of_its_page(tmp_path):
    image = pytest.importorskip("PIL.Image", reason="pip install pillow")
    svg = themed(BOX, alt="A box")
    (tmp_path / "box.svg").write_text(svg, encoding="utf-8")
    page = tmp_path / "page.html"
    page.write_text(PAGE.format(style=style(), inline=inline(svg, "one")), encoding="utf-8")
    ways = [*itertools.product(("light", "dark"), ("", "light", "dark"))]
    asked = [{"address": page.as_uri(), "scheme": scheme, "width": 400, "theme": theme} for scheme, theme in ways]
    for (scheme, theme), shot in zip(ways, shots(asked), strict=True):
        seen = image.open(io.BytesIO(base64.b64decode(shot["png"]))).convert("RGB")
        dark = (theme or scheme) == "dark"
        for top in (0, 100):  # in the page, and as a picture
            at = [f"#{bytes(seen.getpixel((x, top + 50))).hex()}" for x in (10, 75, 125, 300)]
            ink = ("#e6e8eb" if dark else "#1d2329") if top == 0 else ("#e6e8eb" if dark else INK)
            paper = DARK if dark else LIGHT
            assert at == [paper, DARK_COLOURS[0] if dark else COLOURS[0], ink, paper], (scheme, theme, top)
        assert "word" in shot["text"]


@pytest.mark.parametrize("font", ["", "Liberation Sans", "DejaVu Sans"])
def test_no_letter_of_a_chart_is_cut_off_at_any_width(tmp_path, font):
    pytest.importorskip("plotnine", reason="pip install plotnine")
    from test_figures_kinds import KINDS

    figures = [draw().figure(narrow=True) for draw in KINDS.values()]
    face = f'figure svg {{ font-family: "{font}"; }}' if font else ""
    asked = []
    for name, width, svgs in (
        ("wide", 1280, [figure.svg for figure in figures]),
        ("middle", 768, [figure.svg for figure in figures]),
        ("narrow", 360, [figure.narrow for figure in figures]),
    ):
        inlined = "".join(f"<figure>{inline(svg, f'chart-{n}')}</figure>" for n, svg in enumerate(svgs))
        page = tmp_path / f"{name}.html"
        sheet = style() + face
        page.write_text(f"<!doctype html><meta charset=utf-8><style>{sheet}</style>{inlined}", encoding="utf-8")
        asked.append({"address": page.as_uri(), "scheme": "light", "width": width})
    for shot in shots(asked):
        assert shot["cut"] == []
        assert shot["over"] <= 0
        assert shot["ids"] == sorted(set(shot["ids"]))
        assert "Red Bull" in shot["text"]


def test_a_telephone_shows_the_narrow_drawing(tmp_path):
    wide, narrow = themed(BOX, alt="A box"), themed(BOX.replace('"200"', '"100"'), alt="A box")
    page = tmp_path / "page.html"
    sheet = style()
    figure = f"<figure>{inline(wide, 'one', narrow=narrow)}</figure>"
    page.write_text(f"<!doctype html><style>{sheet}</style>{figure}", encoding="utf-8")
    widths = (1280, 768, 360)
    found = shots([{"address": page.as_uri(), "scheme": "light", "width": width} for width in widths])
    assert [shot["shown"] for shot in found] == [["one"], ["one"], ["one-narrow"]]
