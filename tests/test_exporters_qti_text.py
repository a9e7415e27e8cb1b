"""QTI: any text comes out as it went in, and the patterns for texts mean in XML Schema what the part's rules say."""

from __future__ import annotations

import re
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.questions.exporters import qti3, qti21
from coursewright.questions.exporters._qti import patterns
from coursewright.questions.formulas.tex import mathml
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.variant import Variant
from coursewright.questions.writing.prose import Tex, literal
from variants import NASTY, prose, variant

LEGAL = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff") | st.sampled_from("\t\n\r")
TEXTS = st.text(LEGAL, min_size=1, max_size=60)
LONG = "x<&>]]>'\"שלום " * 700


def choice_of(text: str) -> Variant:
    option = Option(text=literal(text), right=True, fraction=1.0, feedback=(literal(text),))
    other = Option(text=literal("other"), right=False, fraction=0.0)
    return variant("choice", "choice", Choice(options=(option, other)), text=prose("{0}", text), title="T")


def said(root: Element, name: str) -> list[str]:
    return ["".join(each.itertext()) for each in root.iter() if each.tag.rpartition("}")[2] == name]


@pytest.mark.parametrize("exporter", [qti3, qti21])
@settings(max_examples=60)
@given(text=TEXTS)
@example(NASTY)
@example(LONG)
@example("\r\n \t")
def test_any_text_comes_out_as_it_went_in(exporter: Any, text: str) -> None:
    root = fromstring(exporter.item(choice_of(text)).body)
    old = exporter is qti21
    assert said(root, "simpleChoice" if old else "qti-simple-choice")[0] == text
    assert text in said(root, "itemBody" if old else "qti-item-body")[0]
    assert text in said(root, "modalFeedback" if old else "qti-modal-feedback")[0]


def test_a_character_that_xml_cannot_hold_is_refused() -> None:
    with pytest.raises(CoursewrightError, match="control character"):
        qti3.item(choice_of("a\x00b"))


@given(text=TEXTS)
@example(NASTY)
def test_a_correct_response_is_the_text(text: str) -> None:
    part = Text(answers=(TextAnswer(text=text, shown=text),))
    root = fromstring(qti3.item(variant("text", "text", part)).body)
    assert said(root, "qti-correct-response") == [text]


def in_schema(pattern: str, text: str) -> bool:
    """Whether `text` fits `pattern` in XML Schema, told by libxml2."""
    etree = pytest.importorskip("lxml.etree")
    space = "http://www.w3.org/2001/XMLSchema"
    root = etree.Element(f"{{{space}}}schema", nsmap={"xs": space})
    element = etree.SubElement(root, f"{{{space}}}element", name="t")
    limits = etree.SubElement(etree.SubElement(element, f"{{{space}}}simpleType"), f"{{{space}}}restriction")
    limits.set("base", "xs:string")
    etree.SubElement(limits, f"{{{space}}}pattern", value=pattern)
    document = etree.Element("t")
    document.text = text
    return bool(etree.XMLSchema(root).validate(document))


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"], max_codepoint=0x2FFF), min_size=1, max_size=9
)


@settings(max_examples=100)
@given(text=WORDS.filter(str.strip), other=WORDS)
@example("a$b^c", "a")
@example("[x] (y) {z} | . * + ? \\ -", "x")
def test_a_pattern_of_a_text_fits_that_text_alone(text: str, other: str) -> None:
    pattern = patterns._literal(text, case=True, accents=True)
    assert re.fullmatch(pattern, text)
    assert re.fullmatch(pattern, f"  {'   '.join(text.split())} ")
    assert in_schema(pattern, " ".join(text.split()))
    assert bool(re.fullmatch(pattern, other)) == (text.split() == other.split())


@given(text=WORDS.filter(str.strip))
@example("Straße")
@example("ΟΔΟΣ")
def test_capitals_do_not_count_where_they_need_not(text: str) -> None:
    pattern = patterns._literal(text, case=False, accents=True)
    for form in (text, text.lower(), "".join(c.upper() if c.upper().lower() == c.lower() else c for c in text)):
        assert re.fullmatch(pattern, form), (pattern, form)


@pytest.mark.parametrize(
    ("pattern", "fitting", "others"),
    [
        ("colou?r", ["color", "Colour", " COLOUR "], ["colouur", "a color", "colors"]),
        (r"^S\. ?Paulo$", ["S. Paulo", "s.paulo", "S.   Paulo"], ["SxPaulo", "S. Paulo!"]),
        (r"(?:a|b)+?\d{2}", ["ab12", "B00"], ["12", "ab1", "ab123"]),
        (r"[^a-c$\]]x", ["dx", "-x"], ["ax", "Bx", "$x", "]x"]),
        (r"[\d.-]+\u0041\x42", ["1.-ab", "5AB"], ["x", "AB"]),
        (r"a\$\^\-\/", ["a$^-/", "A$^-/"], ["a"]),
        (r"\w+\s\S", ["a_1 x", "é x"], ["- x", "a_1x"]),
    ],
)
def test_a_pattern_of_the_author_means_the_same(pattern: str, fitting: list[str], others: list[str]) -> None:
    written = patterns._regex(pattern, case=False, accents=True)
    assert [text for text in [*fitting, *others] if re.fullmatch(written, text)] == fitting
    assert [text for text in [*fitting, *others] if in_schema(written, text)] == fitting


@pytest.mark.parametrize("pattern", [r"(?=x)y", r"(?i)x", r"a\b", r"(a)\1", "a^b", "a$|b"])
def test_a_pattern_that_qti_lacks_is_refused(pattern: str) -> None:
    with pytest.raises(CoursewrightError, match="which the patterns of QTI do not have"):
        patterns._regex(pattern, case=True, accents=True)


@pytest.mark.parametrize(
    ("response", "fits"),
    [("São Paulo", True), ("sao paulo", True), ("SÃO PAULO", True), ("Sa\u0303o Paulo", True), ("So Paulo", False)],
)
def test_accents_do_not_count_where_they_need_not(response: str, fits: bool) -> None:
    pattern = patterns._literal("São Paulo", case=False, accents=False)
    assert bool(re.fullmatch(pattern, response)) is fits
    assert in_schema(pattern, response) is fits


def test_formulas_are_mathml_with_text_as_it_is() -> None:
    root = fromstring(mathml(r"\frac{x^2}{\text{a \& <b> \{\} \textbackslash{} 5\% שלום}}", False))
    assert "".join(root.itertext()) == "x2a & <b> {} \\ 5% שלום"
    shown = variant(
        "maths", "text", Text(answers=(TextAnswer(text="x", shown="x"),)), text=prose("{0}", Tex("x^2 < 3"))
    )
    assert "<msup><mi>x</mi><mn>2</mn></msup>" in qti3.item(shown).body


@pytest.mark.parametrize("tex", [r"\nosuch{x}", r"\frac{1}", r"\left( x", r"x^", "x_{2"])
def test_a_formula_that_is_not_understood_is_refused(tex: str) -> None:
    with pytest.raises(CoursewrightError, match=re.escape(f'the formula "{tex}" cannot be written as MathML')):
        mathml(tex, False)
