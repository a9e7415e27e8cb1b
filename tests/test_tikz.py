"""Pictures in TikZ: alone, in batches, on pages and in questions."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.errors import CoursewrightError, MissingPart
from coursewright.figures.diagrams.tikz_pictures import tex_escape, tikz, tikz_batch
from coursewright.questions.checking.checks import check
from coursewright.questions.drawing.draw import DrawMaterials, draw
from coursewright.questions.drawing.setting import set_pictures
from coursewright.questions.part import Number
from coursewright.questions.question import read_question

needs_tex = pytest.mark.skipif(
    not (shutil.which("latex") and shutil.which("dvisvgm")),
    reason="needs the packages texlive-latex-base, texlive-pictures, lmodern and dvisvgm",
)
LINE = r"\draw (0,0) -- (1,1) node[right] {one};"
QUESTION = r"""---
kind: number
---

```python
side = rng.randint(1, 1000)
picture = tikz(rf"\draw (0,0) rectangle (2,2); \node at (1,-0.3) {{{side}}};", alt=f"A square with the side {side}")
answer = side**2
```

How large is it?

{{ picture }}
"""


@needs_tex
def test_a_picture_is_svg_with_its_words() -> None:
    figure = tikz(LINE, alt="A <line> & its end")
    for svg in (figure.svg, figure.on_white().svg):
        root = ET.fromstring(svg)
        assert root.get("role") == "img"
        assert root[0].text == figure.alt == "A <line> & its end"
    assert root[1].get("fill") == "#ffffff"
    assert not root.findall(".//{*}text")


@needs_tex
def test_a_picture_is_the_same_alone_and_among_others() -> None:
    sources = [rf"\shade[left color=red] (0,0) rectangle ({n},1); \draw (rand,0) -- (9,9);" for n in range(1, 5)]
    sources.append("\\usetikzlibrary{automata}\n\\node[state] {é ≤ ß};")
    assert tikz_batch(sources) == [tikz_batch([source])[0] for source in sources]


@needs_tex
def test_no_id_is_in_two_pictures() -> None:
    pictures = tikz_batch([rf"\shade[left color=red] (0,0) rectangle ({n},1);" for n in (1, 2)])
    first, second = (set(re.findall(r"\bid='([^']+)'", svg)) for svg in pictures)
    assert first
    assert not first & second


@needs_tex
def test_an_error_names_the_picture_and_its_line() -> None:
    with pytest.raises(CoursewrightError) as caught:
        tikz_batch([LINE, "\\draw (0,0)\n  -- \\corner;", LINE])
    assert str(caught.value) == (
        "error: TeX cannot set this picture: undefined command \\corner\n"
        "  --> TikZ picture 2 of 3:2\nhint: the line is: -- \\corner;"
    )


@needs_tex
@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("\\draw (0,0)\n  -- (1,1;", 2),
        ("\\node at (0,0) {[1, 3)};\n\\node {x;", 2),
        ("\\node {a;\n\\draw (0,0) -- (1,1);", 1),
        ("\\node {a}};", 1),
    ],
)
def test_what_is_not_closed_is_said_where_it_is_open(source: str, line: int) -> None:
    with pytest.raises(CoursewrightError, match=rf"something is not closed, .*\n  --> TikZ picture:{line}\n"):
        tikz_batch([source])


@needs_tex
def test_environments_may_stand_inside_a_picture() -> None:
    scope = "\\begin{scope}[shift={(1,0)}]\n\\draw (0,0) -- (1,1);\n\\end{scope}"
    inside = [
        scope,
        f"% a comment\n{scope}",
        f"\\draw (0,0) -- (2,0);\n{scope}",
        r"\node {$\begin{array}{c}1\end{array}$};",
    ]
    whole = [rf"\begin{{tikzpicture}}{LINE}\end{{tikzpicture}}", r"\begin{tabular}{c}1\end{tabular}", rf"\tikz {LINE}"]
    assert len(tikz_batch(inside + whole)) == 7


@needs_tex
@pytest.mark.parametrize(
    "source",
    [r"\input{/etc/passwd}", r"\input{../x}", r"\special{dvisvgm:raw <script>x</script>}" + LINE, r"\node {x", ""],
)
def test_what_is_no_picture_is_refused(source: str) -> None:
    with pytest.raises(CoursewrightError):
        tikz_batch([LINE, source])


@needs_tex
def test_a_value_is_shown_as_it_is() -> None:
    tikz_batch(
        [rf"\node[label={{{tex_escape(text)}}}] {{{tex_escape(text)}}};" for text in ('%$#&_^~{}\\"<>|[],;=', "é")]
    )


def test_without_tex_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(MissingPart) as caught:
        tikz(LINE, alt="A line")
    assert str(caught.value) == (
        "error: pictures in TikZ need TeX\nhint: apt install texlive-latex-base texlive-pictures lmodern dvisvgm"
    )


@needs_tex
def test_a_picture_on_a_page(make_course: Any) -> None:
    page = "```{tikz} line\n:alt: A line\n\\draw (0,0) -- (1,1) node {\\$ 5};\n```\n"
    root = make_course({"pages/index.md": page})
    assert main(["build", str(root)]) == 0
    assert any('role="img"' in file.read_text() for file in root.rglob("*.svg"))


def test_a_picture_on_a_page_needs_words(make_course: Any, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_course({"pages/index.md": f"```{{tikz}}\n{LINE}\n```\n"})
    assert main(["build", str(root)]) == 1
    assert "this picture has no alternative text" in capsys.readouterr().err


@needs_tex
def test_each_variant_has_its_own_picture(tmp_path: Path) -> None:
    file = tmp_path / "square.md"
    file.write_text(QUESTION, encoding="utf-8")
    who = [str(number + 1) for number in range(45)]
    drawn = list(set_pictures(draw(read_question(file), who), {}))
    media = [each.variant.media[0] for each in drawn if each.variant]
    assert {medium.media_type for medium in media} == {"image/svg+xml"}
    assert len({medium.data for medium in media}) == 45
    for each in drawn:
        assert each.variant
        part = each.variant.parts[0]
        assert isinstance(part, Number)
        assert each.variant.media[0].alt == f"A square with the side {round(part.answers[0].value ** 0.5)}"


@needs_tex
def test_a_picture_that_tex_refuses_is_found_by_check(tmp_path: Path) -> None:
    file = tmp_path / "square.md"
    file.write_text(QUESTION.replace(r"\node", r"\knot"), encoding="utf-8")
    (problem,) = check(read_question(file), DrawMaterials(), seeds=20).problems
    assert problem.message == 'question "square", variant 1: TeX cannot set this picture: undefined command \\knot'
