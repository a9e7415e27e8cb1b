"""Canvas: valid QTI 1.2 in the shape that its importers take, scored as declared by a reading of its conditions."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.questions.export import Quiz
from coursewright.questions.exporters import canvas, qti3
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.part import Number, NumberAnswer, Part, Unit
from coursewright.questions.variant import Variant
from coursewright.questions.writing.features import all_features, features
from coursewright.questions.writing.prose import Gap, MediaReference, Prose, literal
from responses import Given, responses, right_response, weight
from variants import CHOICES, MARKED, MATCH, NASTY, PASSAGE, PICTURE, SOUND, TRUTH, prose, said, variant

CASES = Path(__file__).parent / "cases" / "exports" / "canvas"
SCHEMAS = Path(__file__).parent.parent.parent / "shared" / "schemas"
SPACE = "{http://www.imsglobal.org/xsd/ims_qtiasiv1p2}"
QUIZ = Quiz(name="week 1", title='Week 1 & "more" <b>')

TOWN = Text(
    answers=(
        TextAnswer(text="São Paulo", shown="São Paulo"),
        TextAnswer(text="Sampa & co", shown="Sampa & co"),
        TextAnswer(text="Rio", shown="Rio", fraction=0.0, feedback=said("No.")),
    ),
    accents=False,
)
MENU = Choice(
    options=(
        Option(text=literal(NASTY), right=False, fraction=0.0),
        Option(text=Prose("Paris"), right=True, fraction=1.0, feedback=said("Yes.")),
        Option(text=Prose("$x^2$"), right=False, fraction=0.0, feedback=said("No.")),
    )
)
PLAIN_NUMBER = Number(
    answers=(
        NumberAnswer(value=9.81, low=9.8, high=9.85, shown="9.81"),
        NumberAnswer(value=10, low=10, high=10, shown="10", fraction=0.0, feedback=said("Rounded too far.")),
        NumberAnswer(value=-9.81, low=float("-inf"), high=-9.81, shown="-9.81"),
    ),
    unit="m/s²",
    units=(Unit("m/s²"), Unit("ft/s²", 0.3048)),
)


def gap(name: str, part: Any) -> Any:
    return msgspec.structs.replace(part, name=name)


MORE = [
    PASSAGE,
    variant("menu", "choice", MENU),
    variant("town", "text", TOWN),
    variant("speed-of-fall", "number", PLAIN_NUMBER),
    variant(
        "texts",
        "cloze",
        gap("a", TOWN),
        gap("b c", TOWN),
        text=prose("[a] {0} [[{1}]] {2}", Gap("a"), Gap("b c"), NASTY),
    ),
    variant(
        "menus", "cloze", gap("a", MENU), gap("b", TRUTH), gap("c", MENU), text=prose("{0} {1} {2}", *map(Gap, "abc"))
    ),
    variant(
        "shown",
        "choice",
        MENU,
        text=prose("{0} and {1}", MediaReference("plot.svg"), MediaReference("tone.wav")),
        media=(PICTURE, SOUND),
    ),
]
SAMPLES = {**MARKED, **{each.question: each for each in MORE}}
REFUSED = {
    name: [feature for feature in sorted(features(each)) if (limit := canvas.LIMITS.get(feature)) and limit.refused]
    for name, each in SAMPLES.items()
}
POSSIBLE = {name: each for name, each in SAMPLES.items() if not REFUSED[name]}


def body(each: Variant) -> Element:
    return fromstring(canvas.item(each).body)


@pytest.mark.parametrize("name", SAMPLES)
def test_items_are_as_accepted(name: str, accept: bool) -> None:
    if REFUSED[name]:
        pytest.skip(f"Canvas: {canvas.LIMITS[REFUSED[name][0]].reason}")
    expected, written = CASES / f"{name}.xml", canvas.item(SAMPLES[name]).body
    if accept:
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(written, encoding="utf-8")
    assert expected.is_file(), f"no {expected}: pytest --accept"
    assert written == expected.read_text(encoding="utf-8")


def test_limits_are_told_of_features_that_there_are() -> None:
    assert set(canvas.LIMITS) <= set(all_features())


def packed(folder: Path) -> zipfile.ZipFile:
    others = [msgspec.structs.replace(each, who="2") for each in POSSIBLE.values() if each.question != "town"]
    canvas.write([canvas.item(each) for each in [*POSSIBLE.values(), *others]], QUIZ, folder)
    return zipfile.ZipFile(folder / "week 1-canvas.zip")


def test_a_package_is_valid(tmp_path: Path) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("needs the published schemas in ../shared/schemas")
    pytest.importorskip("lxml")
    with packed(tmp_path) as archive:
        (quiz,) = (name for name in archive.namelist() if re.fullmatch(r"(.*)/\1\.xml", name))
        archive.extract(quiz, tmp_path)
    command = [sys.executable, str(SCHEMAS / "validate.py"), "1.2", str(tmp_path / quiz)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_package_draws_one_variant_of_each_question(tmp_path: Path) -> None:
    with packed(tmp_path) as archive:
        names = archive.namelist()
        manifest = archive.read("imsmanifest.xml").decode()
        root = fromstring(archive.read(names[-2]))
    assert names[-1] == "imsmanifest.xml"
    assert set(re.findall('<file href="([^"]*)"', manifest)) == set(names[:-1])
    assert 'type="imsqti_xmlv1p2"' in manifest
    groups = root.findall(f"{SPACE}assessment/{SPACE}section/{SPACE}section")
    for group in groups:
        assert group.findtext(f"{SPACE}selection_ordering/{SPACE}selection/{SPACE}selection_number") == "1"
        assert [each.get("ident") for each in group.findall(f"{SPACE}item")] == [
            f"{group.get('title')}-1",
            f"{group.get('title')}-2",
        ]
    alone = root.findall(f"{SPACE}assessment/{SPACE}section/{SPACE}item")
    assert [each.get("ident") for each in alone] == ["town-1"]
    assert {group.get("title") for group in groups} == set(POSSIBLE) - {"town"}


def test_the_same_items_give_the_same_bytes(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        packed(tmp_path / folder).close()
    assert (tmp_path / "a/week 1-canvas.zip").read_bytes() == (tmp_path / "b/week 1-canvas.zip").read_bytes()


def test_two_items_of_one_name_are_refused(tmp_path: Path) -> None:
    items = [canvas.item(SAMPLES["town"])] * 2
    with pytest.raises(CoursewrightError, match='two items are called "town-1"'):
        canvas.write(items, QUIZ, tmp_path)
    with pytest.raises(CoursewrightError, match='two items are called "town-1"'):
        qti3.write(items, QUIZ, tmp_path)


Answered = dict[str, list[str]]  # what was given for each response


def holds(condition: Element, answered: Answered) -> bool:
    """A condition of QTI 1.2. Texts compare as Canvas does: capitals and space at the ends do not count."""
    each = [lambda child=child: holds(child, answered) for child in condition]
    found = answered.get(condition.get("respident", ""), [])
    match condition.tag:
        case "conditionvar" if {child.tag for child in condition} == {"varequal"}:
            return any(one() for one in each)  # several texts are alternatives, as Canvas writes them itself
        case "conditionvar" | "and":
            return all(one() for one in each)
        case "not":
            return not each[0]()
        case "other":
            return True
        case "varequal":
            return any(text.strip().lower() == (condition.text or "").lower() for text in found)
        case "vargte" | "varlte":
            return any(within(condition, text) for text in found)
    raise NotImplementedError(condition.tag)


def within(condition: Element, text: str) -> bool:
    try:
        given, bound = float(text), float(condition.text or "")
    except ValueError:
        return False
    return given >= bound if condition.tag == "vargte" else given <= bound


def processed(item: Element, answered: Answered) -> tuple[float, list[str]]:
    """The share of the points that the conditions give, and the feedback that they show."""
    score, shown = 0.0, []
    for rule in item.iter("respcondition"):
        if not holds(rule[0], answered):
            continue
        for change in rule.iter("setvar"):
            size = float(change.text or "")
            score = size if change.get("action") == "Set" else score + size
        shown += [str(each.get("linkrefid")) for each in rule.iter("displayfeedback")]
        if rule.get("continue") != "Yes":
            break
    return score / 100, shown


def partial(item: Element, chosen: list[str]) -> float:
    """The share that Canvas gives for several answers: of those right, less as much for each that is wrong."""
    (every,) = item.iter("and")
    right = {each.text for each in every.findall("varequal")}
    return max(0.0, sum(1 if each in right else -1 for each in chosen) / len(right))


def answers(item: Element, part: Part, response: str, given: Given) -> Answered:
    """A response to a part as Canvas has it: the identifiers of what is chosen, or the text."""
    if given is None:
        return {}
    if isinstance(given, str):
        choices = [each for each in item.iter("response_lid") if each.get("ident") == response]
        labels = [
            (str(x.get("ident")), x.findtext(".//mattext") or "")
            for each in choices
            for x in each.iter("response_label")
        ]
        typed = [ident for ident, text in labels if text.lower() == given.strip().lower()]
        return {response: typed if choices else [given]}
    lids = {
        each.get("ident"): [str(x.get("ident")) for x in each.iter("response_label")]
        for each in item.iter("response_lid")
    }
    if type(part).__name__ == "Match":
        places = zip(lids.items(), given, strict=True)
        return {str(name): [labels[choice]] for (name, labels), choice in places if choice >= 0}
    return {response: [lids[response][n] for n in (given if isinstance(given, list) else [given])]}


def tried(part: Part) -> list[tuple[Given, float]]:
    """The responses to a part, without those with repeated space inside, which Canvas takes for another text."""
    return [(given, share) for given, share in responses(part) if not re.search(r"\S {2,}\S", str(given))]


def trials(each: Variant, item: Element) -> list[tuple[Answered, float]]:
    if each.kind != "cloze":
        return [(answers(item, each.part, "response1", given), share) for given, share in tried(each.part)]
    names = [f"response_gap{number}" for number, _ in enumerate(each.parts, start=1)]
    pairs = list(zip(names, each.parts, strict=True))
    right = {name: answers(item, part, name, right_response(part))[name] for name, part in pairs}
    found = [({}, 0.0), (right, 1.0)]
    for name, part in pairs:
        share = weight(each, part) / each.points
        found += [(answers(item, part, name, given), fraction * share) for given, fraction in tried(part)]
    return found


@pytest.mark.parametrize("name", POSSIBLE)
def test_conditions_give_what_was_declared(name: str) -> None:
    each = POSSIBLE[name]
    item = body(each)
    made = trials(each, item)
    assert made[0] == ({}, 0.0), "the first response is blank"
    assert each.kind in ("essay", "description") or any(share == 1 for _, share in made)
    for answered, share in made:
        given, _ = processed(item, answered)
        if each.kind == "choices" and share < 1:
            assert given == 0
            given = partial(item, answered.get("response1", []))
        assert given == pytest.approx(share, abs=1e-6), answered


def test_feedback_is_shown_where_it_was_declared() -> None:
    assert processed(body(SAMPLES["menu"]), {"response1": ["1001"]})[1] == ["general_fb", "1001_fb"]
    assert processed(body(SAMPLES["match"]), {"response_1000": ["5001"]})[1] == ["general_fb", "1000_fb"]
    assert processed(body(SAMPLES["match"]), {"response_1000": ["5002"]})[1] == ["general_fb"]
    texts = {each.get("ident"): "".join(each.itertext()) for each in body(SAMPLES["menu"]).iter("itemfeedback")}
    assert texts["1001_fb"] == "<div><p>Yes.</p>\n</div>"
    assert "See chapter 3." in texts["general_fb"]
    assert "]]&gt;" in texts["general_fb"]


@pytest.mark.parametrize("name", POSSIBLE)
def test_items_are_in_the_shape_that_the_importers_take(name: str) -> None:
    item, text = body(POSSIBLE[name]), canvas.item(POSSIBLE[name]).body
    assert re.fullmatch(r"[A-Za-z][\w.-]*", item.get("ident", ""))
    fields = [(each[0].text, each[1].text) for each in item.iter("qtimetadatafield")]
    assert fields[1] == ("points_possible", "0" if name == "passage" else "2")
    assert fields[0][0] == "question_type"
    assert item.find("presentation")[0].tag == "material"
    assert ("Decimal" in text.replace('vartype="Decimal"', "")) == (fields[0][1] == "numerical_question")
    shown = html.unescape(text)
    assert "data:" not in shown
    for dropped in ("<svg", "<details", "<object", "<audio"):
        assert dropped not in shown


def test_a_picture_is_a_file_and_a_sound_a_link() -> None:
    item = canvas.item(SAMPLES["shown"])
    stem = next(body(SAMPLES["shown"]).iter("mattext")).text or ""
    assert [file.path for file in item.files] == re.findall(r"\$IMS-CC-FILEBASE\$/([^\"]*)", stem)
    assert 'alt="A blue &quot;box&quot; &amp; no more"' in stem
    assert ">A tone of 440 Hz</a>" in stem


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), min_size=1))
@example(NASTY)
@example("x<&>]]>'\"שלום " * 700)
@example("[gap1] &#91;")
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    option = Option(text=literal(text), right=True, fraction=1.0)
    other = Option(text=Prose("other"), right=False, fraction=0.0)
    item = body(variant("c", "choice", Choice(options=(option, other)), text=prose("{0}", text)))
    stem, first, *_ = [each.text or "" for each in item.iter("mattext")]
    assert html.unescape(first) == text
    assert html.unescape(stem.removeprefix("<div><p>").removesuffix("</p>\n</div>")) == text
    cloze = variant("c", "cloze", gap("a", TOWN), text=prose("{0}|{1}", text, Gap("a")))
    stem = next(body(cloze).iter("mattext")).text or ""
    assert stem.count("[") == 1
    assert html.unescape(stem) == f"<div><p>{text}|[gap1]</p>\n</div>"


UNLIKE = (*CHOICES.options[:2], Option(text=Prose("9"), right=False, fraction=-0.1))
WORTH_TWO = msgspec.structs.replace(TOWN, name="b", points=2)


@pytest.mark.parametrize(
    ("each", "message"),
    [
        (
            variant("c", "choices", msgspec.structs.replace(CHOICES, options=UNLIKE)),
            'Canvas gives each right option 1/2 of the points and takes as much for each wrong one, and "9" has -0.1',
        ),
        (
            variant("m", "match", msgspec.structs.replace(MATCH, pairs=MATCH.pairs[:1])),
            "New Quizzes takes a matching question of one pair for a choice",
        ),
        (variant("c", "choice", Choice(options=(MENU.options[0],))), "Canvas takes one right option, and here are 0"),
        (
            variant("c", "cloze", gap("a", TOWN), gap("b", MENU)),
            "Canvas takes gaps that are all texts or all menus, not a mix",
        ),
        (variant("c", "cloze", gap("a", TOWN), WORTH_TWO), "Canvas gives all gaps the same points"),
    ],
)
def test_what_canvas_would_take_wrongly_is_refused(each: Variant, message: str) -> None:
    with pytest.raises(CoursewrightError, match=re.escape(message)):
        canvas.item(each)


def limits(module: Any) -> str:
    rows = (
        f"| {all_features()[feature]} | {'✗' if limit.refused else '–'} | {limit.reason} |"
        for feature, limit in module.LIMITS.items()
    )
    return "\n".join(rows) + "\n"


def test_the_guide_tells_every_limit(accept: bool) -> None:
    guide = Path(__file__).parent.parent / "docs" / "guides" / "qti-and-canvas.md"
    told = guide.read_text(encoding="utf-8")
    head, rows, now = "| feature | | reason |\n|---|---|---|\n", r"(?:\|.*\n)*", told
    for heading, module in (("QTI 2.1 and 3.0", qti3), ("Canvas", canvas)):
        start = f"## What {heading} cannot express\n\n{head}"
        table = re.search(re.escape(start) + rows, now)
        assert table, heading
        now = now.replace(table[0], start + limits(module))
    if accept:
        guide.write_text(now, encoding="utf-8")
    assert accept or told == now, "pytest --accept"
