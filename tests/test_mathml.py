"""Formulas as MathML that the schemas of QTI 2.1 and 3 take, from TeX that people write."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from coursewright.questions import draw, read_question
from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.exporters import qti3, qti21
from coursewright.questions.formulas.tex import mathml
from coursewright.questions.widget import section
from coursewright.questions.writing.prose import Prose, Tex
from variants import NUMBER, prose, variant

ROOT = Path(__file__).parent.parent
FORMULAS = (ROOT / "tests" / "cases" / "formulas.txt").read_text(encoding="utf-8").splitlines()
SCHEMAS = ROOT.parent / "shared" / "schemas"
SPACE = "{http://www.w3.org/1998/Math/MathML}"
TEXT_ALONE = {f"{SPACE}{name}" for name in ("mi", "mn", "mo", "mtext", "ms")}
QUESTIONS = [file for file in sorted((ROOT / "examples").glob("*/questions/*.md")) if "logic" in file.name]


def is_sound(root: ElementTree.Element) -> bool:
    """Names and signs hold text and no elements, and nothing leads anywhere."""
    inside = [each for each in root.iter() if each.tag in TEXT_ALONE and len(each)]
    return not inside and not any("href" in key for each in root.iter() for key in each.attrib)


@pytest.mark.parametrize("tex", FORMULAS)
def test_a_formula_is_sound(tex: str) -> None:
    assert is_sound(ElementTree.fromstring(mathml(tex, False)))
    assert is_sound(ElementTree.fromstring(mathml(rf"\frac{{1}}{{{tex}}}", True)))


@pytest.mark.parametrize(
    ("tex", "inside"),
    [
        (r"\mathbin{\text{nor}}", '<mo lspace="0.22em" rspace="0.22em">nor</mo>'),
        (r"\mathrel{\text{is <}}", "<mo>is &lt;</mo>"),
        (r"\mathord{x}", "<mi>x</mi>"),
        (
            r"\mathbin{\frac{a}{b}}",
            "<mrow><mrow><mfrac><mrow><mi>a</mi></mrow><mrow><mi>b</mi></mrow></mfrac></mrow></mrow>",
        ),
        (r"\href{javascript:alert(1)}{x}", "<mrow><mrow><mi>x</mi></mrow></mrow>"),
        (r"\!", '<mspace width="-0.167em" />'),
    ],
)
def test_what_is_no_text_is_no_sign(tex: str, inside: str) -> None:
    head = '<math xmlns="http://www.w3.org/1998/Math/MathML" display="inline">'
    assert mathml(tex, False) == f"{head}<mrow>{inside}</mrow></math>"


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_formulas_of_the_examples_are_sound(file: Path) -> None:
    for seed in ("0", "7"):
        for drawn in draw(read_question(file), ["1", "2", "3", "4"], seed=seed, distinct=False):
            assert drawn.variant is not None
            root = ElementTree.fromstring(qti3.item(drawn.variant).body)
            assert all(map(is_sound, root.iter(f"{SPACE}math")))


def questions_with_formulas() -> Iterator[tuple[Path, str]]:
    """Those of the examples and of the guides, as files and what is in them."""
    for file in sorted((ROOT / "examples").glob("*/questions/*.md")):
        yield file, file.read_text(encoding="utf-8")
    for guide in sorted((ROOT / "docs" / "guides").glob("*.md")):
        for found in re.finditer(r"^`{3,}markdown\n(---\n.*?)^`{3,}$", guide.read_text(encoding="utf-8"), re.M | re.S):
            if re.search("^kind:", found[1], re.M) and "# Question" in found[1]:
                yield Path("guide.md"), re.sub("^`+", "```", found[1], flags=re.M)


@cache
def formulas_of_guide_and_bank() -> set[str]:
    """The formulas of four variants for each of six seeds, those of the solutions and answers too."""
    found: set[str] = set()
    for file, text in questions_with_formulas():
        if not re.search(r"\$|tex\(|kind: formula|Fraction", text) or re.search(r"(query|table)\(", text):
            continue
        asked = read_question(file, text)
        for seed in ("0", "1", "2", "7", "2026", "term"):
            drawing = Drawing(asked, seed)
            for who in "1234":
                found.update(re.findall("<math.*?</math>", section(drawing.variant(who)).replace("\\u003c", "<"), re.S))
    return {each.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\") for each in found}


@pytest.mark.parametrize(("exporter", "schema"), [(qti21, "2.1"), (qti3, "3.0")])
def test_every_formula_of_guide_and_bank_is_valid(exporter: ModuleType, schema: str, tmp_path: Path) -> None:
    formulas = sorted(formulas_of_guide_and_bank())
    assert len(formulas) > 400
    assert all(is_sound(ElementTree.fromstring(each)) for each in formulas)
    if not SCHEMAS.is_dir():
        pytest.skip("needs the published schemas in ../shared/schemas")
    pytest.importorskip("lxml")
    plain = variant(
        "x", "number", NUMBER, text=prose("{0}", Tex("x")), solution=Prose(""), feedback=Prose(""), hints=()
    )
    before, _, after = re.split("(<math.*?</math>)", exporter.item(plain).body, maxsplit=1, flags=re.S)
    for start in range(0, len(formulas), 50):
        (tmp_path / f"{start}.xml").write_text(before + "".join(formulas[start : start + 50]) + after, encoding="utf-8")
    command = [sys.executable, str(SCHEMAS / "validate.py"), schema, *map(str, tmp_path.glob("*.xml"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("exporter", "schema"), [(qti21, "2.1"), (qti3, "3.0")])
def test_formulas_are_valid(exporter: object, schema: str, tmp_path: Path) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("needs the published schemas in ../shared/schemas")
    pytest.importorskip("lxml")
    for number, tex in enumerate(FORMULAS):
        text = prose("{0}", Tex(tex))
        each = variant("x", "number", NUMBER, text=text, solution=Prose(""), feedback=Prose(""), hints=())
        (tmp_path / f"{number}.xml").write_text(exporter.item(each).body, encoding="utf-8")
    command = [sys.executable, str(SCHEMAS / "validate.py"), schema, *map(str, tmp_path.glob("*.xml"))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
