"""Moodle's two formats: what they carry, what they mend, and what they refuse."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import moodle_import
from coursewright import plugins
from coursewright.errors import CoursewrightError
from coursewright.questions.export import Item, Limit, Quiz
from coursewright.questions.exporters import gift, moodle
from coursewright.questions.kinds import KINDS
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match, Pair
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.part import Number, NumberAnswer, Part, Unit
from coursewright.questions.variant import Variant
from coursewright.questions.writing.features import all_features, features
from coursewright.questions.writing.prose import Gap, MediaReference, Prose, literal
from moodle_import import Question, words
from variants import (
    CHOICE,
    CHOICES,
    MARKED,
    MATCH,
    NASTY,
    NUMBER,
    PASSAGE,
    PICTURE,
    PLAIN_TEXT,
    VARIANTS,
    prose,
    variant,
)

GOLDEN = Path(__file__).parent / "cases" / "exports"
EXPORTERS = {"moodle": (moodle, "xml"), "gift": (gift, "gift")}
QUIZ = Quiz(name="sums", title="Sums / and more")
UNITS = Number(
    answers=(NumberAnswer(value=10.0, low=9.9, high=10.1, shown="10.0"),),
    unit="m/s",
    units=(Unit("m/s"), Unit("km/h", 1 / 3.6)),
    unit_required=True,
)
MORE = {
    "units": variant("units", "number", UNITS),
    "skewed": variant(
        "skewed", "number", Number(answers=(NumberAnswer(value=3.0, low=2.5, high=4.0, shown="3"),)), tries=1
    ),
    "options-shown": variant(
        "options-shown",
        "choice",
        Choice(
            options=(
                Option(text=prose("{0}", MediaReference("plot.svg")), right=True, fraction=1.0),
                Option(
                    text=Prose("None"),
                    right=False,
                    fraction=0.0,
                    feedback=(prose("See {0}", MediaReference("plot.svg")),),
                ),
            )
        ),
        media=(PICTURE,),
    ),
    "loose-text": variant(
        "loose-text",
        "text",
        Text(
            answers=(
                TextAnswer(text="Paris*", shown="Paris*"),
                TextAnswer(text=NASTY, shown=NASTY, fraction=1 / 3, feedback=(Prose("No."),)),
            )
        ),
        tries=1,
    ),
    "gaps": variant(
        "gaps",
        "cloze",
        msgspec.structs.replace(NUMBER, name="n", points=0.5),
        msgspec.structs.replace(CHOICE, name="c", points=1.0),
        msgspec.structs.replace(CHOICES, name="m", points=1.0),
        msgspec.structs.replace(PLAIN_TEXT, name="t", points=1.0),
        text=prose("{0} {1} {2} {3} {4} and $\\sqrt{x}$", Gap("n"), Gap("c"), Gap("m"), Gap("t"), "{1:SA:=x}"),
        points=3.5,
    ),
}
ALL = {**VARIANTS, **MORE, **{name: MARKED[name] for name in ("either", "wild", "whole-order")}, "passage": PASSAGE}


def taken(name: str, each: Variant) -> bool:
    exporter = EXPORTERS[name][0]
    return not any(feature in exporter.LIMITS and exporter.LIMITS[feature].refused for feature in features(each))


CASES = [(name, each) for name in EXPORTERS for each in ALL if taken(name, ALL[each])]


def exported(name: str, items: list[Item], folder: Path, quiz: Quiz = QUIZ) -> str:
    exporter, ending = EXPORTERS[name]
    exporter.write(iter(items), quiz, folder)
    return (folder / f"{quiz.name}.{ending}").read_bytes().decode("utf-8")


def through(each: Variant) -> Question:
    """The variant as Moodle would have it."""
    (question,) = moodle_import.read(f"<quiz>{moodle.item(each).body}</quiz>")
    return question


@pytest.mark.parametrize(("name", "which"), CASES)
def test_each_variant_is_written_as_expected(name: str, which: str, tmp_path: Path, accept: bool) -> None:
    text = exported(name, [EXPORTERS[name][0].item(ALL[which])], tmp_path)
    golden = GOLDEN / name / f"{which}.{EXPORTERS[name][1]}"
    if accept:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_bytes(text.encode())
    assert golden.exists(), "run `make accept` and read the diff"
    assert text == golden.read_bytes().decode(), "run `make accept` and read the diff"


@pytest.mark.parametrize("name", EXPORTERS)
def test_every_kind_is_written_or_refused_by_the_table(name: str) -> None:
    exporter = EXPORTERS[name][0]
    assert set(exporter.LIMITS) <= set(all_features())
    assert plugins.load("exporters", name) is exporter
    kinds = set(KINDS)
    written = {ALL[which].kind for each, which in CASES if each == name}
    refused = {feature for feature, limit in exporter.LIMITS.items() if limit.refused}
    assert written | refused >= kinds
    assert not written & refused


@pytest.mark.parametrize("which", [which for name, which in CASES if name == "moodle"])
def test_moodle_takes_each_variant(which: str) -> None:
    each = ALL[which]
    question = through(each)
    shown = words(question.text)
    if each.kind != "cloze" and which != "illustrated":
        assert NASTY in shown
    assert question.hints == () or len(question.hints) == each.tries - 1
    assert question.tags == each.tags


def test_a_star_is_a_star_and_a_pattern_of_anything_is_moodles_star() -> None:
    assert [each.text for each in through(ALL["loose-text"]).answers] == [r"Paris\*", NASTY.replace("*", r"\*")]
    assert [each.text for each in through(ALL["wild"]).answers] == ["grey", "*grey*", r"5 \**"]


@pytest.mark.parametrize(
    ("pattern", "wild"),
    [
        ("colou.*r", "colou*r"),
        ("a.*", "a*"),
        (r"1\.5 \* .* \(m\)", r"1.5 \* * (m)"),
        ("grey", "grey"),
        (r"a\\.*", None),
        ("colou?r", None),
        ("a.b", None),
        (r"\d.*", None),
        ("a*", None),
        ("gr[ae]y", None),
        ("a|b", None),
        (".*?x", None),
        ("(a)", None),
        ("a{2}", None),
    ],
)
def test_only_patterns_of_text_and_anything_have_stars(pattern: str, wild: str | None) -> None:
    assert TextAnswer(text=pattern, shown="x", regex=True).wild == wild


def test_numbers_are_a_value_and_a_tolerance() -> None:
    answers = through(ALL["number"]).answers
    assert [(each.text, each.tolerance, each.fraction) for each in answers] == [
        ("1157.63", 0.01, 1.0),
        ("1150", 0.01, 0.0),
        ("1100", 1.0, 0.5),
    ]


def test_the_middle_of_a_skewed_range_is_written_and_said() -> None:
    item = moodle.item(ALL["skewed"])
    (answer,) = through(ALL["skewed"]).answers
    assert (answer.text, answer.tolerance) == ("3.25", 0.75)
    assert item.notes == ("Moodle gives the middle of the range as the answer: 3.25 for 3",)


def test_units_have_the_multiplier_by_which_moodle_divides() -> None:
    question = through(ALL["units"])
    assert question.units == {"m/s": 1.0, "km/h": pytest.approx(3.6)}
    assert (question.fields["unitgradingtype"], question.fields["unitpenalty"]) == ("1", "1")


def test_gaps_keep_their_proportion_their_answers_and_their_signs() -> None:
    gaps = through(ALL["gaps"]).gaps
    assert [(gap.type, gap.points) for gap in gaps] == [
        ("NUMERICAL", 1),
        ("MULTICHOICE_V", 2),
        ("MULTIRESPONSE", 2),
        ("SHORTANSWER_C", 2),
    ]
    assert gaps[0].answers[0] == moodle_import.Answer("1157.63", 1.0, "", 0.01)
    assert words(gaps[1].answers[1].text) == NASTY
    assert gaps[1].answers[1].feedback == "No: that is <em>not</em> a town."
    assert gaps[3].answers[2].text == NASTY.replace("*", "\\*")
    assert "the question has 7 there" in moodle.item(ALL["gaps"]).notes[0]


REFUSED: list[tuple[Part, str]] = [
    (Choice(options=CHOICE.options[:1]), "there is one option only"),
    (Choice(options=(CHOICE.options[1], CHOICE.options[3])), "no answer brings all the points"),
    (Choice(options=(CHOICE.options[0], CHOICE.options[0])), 'two options are alike: "Paris"'),
    (Choice(options=(CHOICE.options[0], Option(text=Prose(""), right=False, fraction=0))), "one option is empty"),
    (
        Choices(options=tuple(Option(text=Prose(str(n)), right=True, fraction=1 / 13) for n in range(13))),
        "not 100 % together in Moodle",
    ),
    (Text(answers=(TextAnswer(text="a", shown="a", fraction=0.5),)), "no answer brings all the points"),
    (Text(answers=(TextAnswer(text=" ", shown=" "),)), "an answer is empty"),
    (
        Number(answers=(NumberAnswer(value=1.0, low=0, high=float("inf"), shown="1"),)),
        "inf is no number that Moodle can compare with",
    ),
    (
        Number(
            answers=(NumberAnswer(value=20.0, low=19, high=21, shown="20"),),
            unit="°C",
            units=(Unit("°C"), Unit("K", 1, -273.15)),
        ),
        "K has another zero",
    ),
    (Order(items=(Prose("one"),), right=(0,)), "there is one item to put in order only"),
    (Order(items=(Prose("one"), Prose("one")), right=(0, 1)), "two items are alike"),
    (Match(pairs=MATCH.pairs[:1], choices=MATCH.choices), "there is one pair to match only"),
    (
        Match(pairs=(Pair(Prose("a"), 0), Pair(Prose("b"), 1)), choices=(Prose("$x$"), Prose("y"))),
        "a choice to match has a formula",
    ),
    (
        Match(pairs=(Pair(Prose("a"), 0), Pair(Prose("b"), 1)), choices=(Prose("y"), Prose("y"))),
        "two choices are alike",
    ),
]


@pytest.mark.parametrize(("part", "message"), REFUSED, ids=[message for _, message in REFUSED])
def test_what_moodle_would_take_wrongly_is_refused(part: Part, message: str) -> None:
    with pytest.raises(CoursewrightError, match=re.escape(message)):
        moodle.item(variant("wrong", type(part).__name__.lower(), part))


@pytest.mark.parametrize(
    ("part", "message"),
    [(UNITS, "takes a unit"), (Essay(), "which no gap can be"), (ALL["options-shown"].part, "shows a picture")],
)
def test_gaps_that_moodle_has_not_are_refused(part: Part, message: str) -> None:
    part = msgspec.structs.replace(part, name="g")
    with pytest.raises(CoursewrightError, match=message):
        moodle.item(variant("wrong", "cloze", part, text=prose("{0}", Gap("g")), media=(PICTURE,)))


def test_thirds_are_written_as_moodle_lists_them_and_others_are_mended_aloud() -> None:
    options = [Option(text=Prose(str(n)), right=True, fraction=1 / 3) for n in range(3)]
    wrong = Option(text=Prose("9"), right=False, fraction=-0.45)
    item = moodle.item(variant("thirds", "choices", Choices(options=(*options, wrong))))
    assert item.body.count('fraction="33.33333"') == 3
    assert item.notes == ("Moodle has no answer of -45 %: it is -40 % there",)


def test_texts_that_nothing_can_reach_are_left_out_and_stars_are_stars() -> None:
    answers = tuple(TextAnswer(text=text, shown=text) for text in ("Rio*", "rio*", "a  b"))
    question = through(variant("stars", "text", Text(answers=answers)))
    assert [answer.text for answer in question.answers] == [r"Rio\*", "a b"]


def test_text_that_looks_like_a_formula_to_moodle_stays_text() -> None:
    each = variant("signs", "essay", Essay(), text=prose("{0} $x$", r"\(a\) \[b\] $$c$$ $$$"))
    html = through(each).text
    assert re.findall(r"\\[(\[].*?\\[)\]]|\$\$", html) == [r"\(x\)"]
    assert r"\(a\) \[b\] $$c$$ $$$" in words(html)


def test_a_long_title_is_cut_and_stays_unique() -> None:
    each = msgspec.structs.replace(ALL["bare"], title="t" * 10_000, seed="s" * 300)
    other = msgspec.structs.replace(each, who="2")
    body = moodle.item(each).body + moodle.item(other).body
    assert {len(question.name) for question in moodle_import.read(f"<quiz>{body}</quiz>")} == {251}


def test_variants_of_a_question_share_a_category(tmp_path: Path) -> None:
    first, other = ALL["bare"], msgspec.structs.replace(ALL["number"], title=ALL["bare"].title)
    items = [moodle.item(msgspec.structs.replace(each, who=who)) for each in (first, other) for who in "12"]
    questions = moodle_import.read(exported("moodle", items, tmp_path))
    assert [question.category for question in questions] == [
        "$course$/top/Sums // and more/Basics/The bare question",
        "$course$/top/Sums // and more/Basics/The bare question",
        "$course$/top/Sums // and more/Basics/The bare question [number]",
        "$course$/top/Sums // and more/Basics/The bare question [number]",
    ]


def test_tries_without_a_hint_get_the_last_one_again() -> None:
    each = msgspec.structs.replace(ALL["number"], tries=4)
    assert [words(hint).strip() for hint in through(each).hints] == ["Think again.", *["It begins with P & <b>."] * 2]


@pytest.mark.parametrize("which", ["number", "choice", "gaps"])
def test_tries_without_any_hint_are_still_given(which: str) -> None:
    each = msgspec.structs.replace(ALL[which], tries=3, hints=())
    assert [words(hint).strip() for hint in through(each).hints] == ["…", "…"]


GUIDE = Path(__file__).parent.parent / "docs" / "guides" / "moodle.md"
TABLE = re.compile(r"(?<=<!-- limits -->\n).*?(?=<!-- end -->)", re.DOTALL)


def cell(limit: Limit | None) -> str:
    return f"{'refused' if limit.refused else 'left out'}: {limit.reason}" if limit else "yes"


def test_the_guide_says_what_is_refused_and_what_is_left_out(accept: bool) -> None:
    rows = ["| in a question | Moodle XML | GIFT |", "| --- | --- | --- |"]
    for feature in all_features():
        limits = [exporter.LIMITS.get(feature) for exporter, _ in EXPORTERS.values()]
        if any(limits) and not feature.startswith("cloze "):
            cells = [
                f"{'refused' if limit.refused else 'left out'}: {limit.reason}" if limit else "yes" for limit in limits
            ]
            rows.append(f"| {all_features()[feature]} | {cells[0]} | {cells[1]} |")
    text = GUIDE.read_text(encoding="utf-8")
    expected = TABLE.sub(lambda _: "\n".join(rows) + "\n", text)
    if accept:
        GUIDE.write_text(expected, encoding="utf-8")
    assert text == expected, "run `make accept` and read the diff"


ANY = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ue000\ue001\ufffe\uffff"), min_size=1)
SHOWN = ANY.map(lambda text: " ".join(text.split())).filter(bool)


@given(SHOWN, SHOWN)
def test_any_text_comes_out_of_moodle_xml_as_it_went_in(one: str, other: str) -> None:
    right = Option(text=literal(f"1{one}"), right=True, fraction=1.0, feedback=(literal(other),))
    wrong = Option(text=literal(f"2{other}"), right=False, fraction=0.0)
    part = Choice(options=(right, wrong))
    for each in (
        variant("any", "choice", part, text=literal(one), title=other, seed=one, tags=(one,), category=other),
        variant("any", "cloze", msgspec.structs.replace(part, name="g"), text=prose("{0}|{1}", one, Gap("g"))),
    ):
        question = through(each)
        answers = question.answers or question.gaps[0].answers
        shown = question.text if question.answers else question.text.partition("|{1:")[0]
        assert same(words(shown), one)
        assert same(words(answers[0].text), f"1{one}")
        assert same(words(answers[0].feedback), other)
        assert same(words(answers[1].text), f"2{other}")


def same(shown: str, expected: str) -> bool:
    return " ".join(shown.split()) == " ".join(expected.split())


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(0, 1e9))
def test_any_range_comes_out_as_it_went_in(value: float, half: float) -> None:
    answer = NumberAnswer(value=value, low=value - half, high=value + half, shown=str(value))
    (read,) = through(variant("any", "number", Number(answers=(answer,)))).answers
    slack = 1e-9 * max(abs(value), half)
    assert float(read.text) - read.tolerance == pytest.approx(answer.low, abs=slack)
    assert float(read.text) + read.tolerance == pytest.approx(answer.high, abs=slack)


@pytest.mark.parametrize("name", EXPORTERS)
def test_ten_thousand_signs_come_out(name: str) -> None:
    text = NASTY * 200
    assert len(text) > 10_000
    item = EXPORTERS[name][0].item(variant("long", "essay", Essay(), text=literal(text)))
    assert len(item.body) > 10_000
    if name == "moodle":
        assert words(through(variant("long", "essay", Essay(), text=literal(text))).text).strip() == text
