"""Numbers: units, significant figures, currencies and languages, in the program, in the page and in Moodle."""

from __future__ import annotations

import json
import random
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

import moodle_import
from coursewright import plugins
from coursewright.errors import CoursewrightError
from coursewright.questions import read_question
from coursewright.questions.checking.rules import OF_PARTS
from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.exporters import gift, moodle
from coursewright.questions.importers import gift as gift_importer
from coursewright.questions.marking.marks import mark_part
from coursewright.questions.marking.typed import in_figures, read
from coursewright.questions.marking.ways import WAYS, Example
from coursewright.questions.part import Number, NumberAnswer, Unit
from coursewright.questions.reading.language import decimal_sign
from pages import data_of, marked_by_the_page
from test_docs import compare
from variants import variant

TESTS = Path(__file__).parent
CASES = yaml.safe_load((TESTS / "cases" / "numbers.yaml").read_text(encoding="utf-8"))
DRAWS = 10_000


def part_of(case: dict[str, Any]) -> Number:
    settings = "".join(f"{key}: {json.dumps(value)}\n" for key, value in case.get("settings", {}).items())
    code = f"```python\n{case['code']}\n```\n" if "code" in case else ""
    question = read_question(Path("q.md"), f"---\nkind: number\n{settings}---\n{code}# Question\n\nWhat?\n")
    part = Drawing(question, "0", point=decimal_sign(case.get("language", ""))).variant("1").part
    assert isinstance(part, Number)
    return part


def expected(case: dict[str, Any]) -> list[tuple[str, float]]:
    worth = {"right": 1.0, "half": 0.5, "wrong": 0.0}
    return [(response, fraction) for which, fraction in worth.items() for response in case.get(which, [])]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.get('language', '')} {case['settings']}")
def test_numbers_are_marked_for_what_they_are(case: dict[str, Any]) -> None:
    part = part_of(case)
    assert case.get("shown", part.answers[0].shown) == part.answers[0].shown
    for response, fraction in expected(case):
        assert mark_part(part, response).fraction == fraction, response
    assert list(OF_PARTS["declared"](part)) == []


@pytest.mark.parametrize(
    ("units", "typed", "note"),
    [
        ("MJ", "18 mj", "did you mean MJ?"),
        ("MPa", "18 mpa", "did you mean MPa?"),
        ("mV/m", "18 MV/m", "did you mean mV/m?"),
        ("MJ", "18 mk", "unit unknown"),
        ("MJ", "18 Mj", ""),
        ("Pa", "18 pa", ""),
    ],
)
def test_a_unit_that_other_capitals_make_another_one_is_asked_about(units: str, typed: str, note: str) -> None:
    part = part_of({"settings": {"unit": units, "answer": 18}})
    assert mark_part(part, typed).note == note
    alike([(part, typed)])


def test_the_page_marks_every_one_alike() -> None:
    alike([(part_of(case), response) for case in CASES for response, _ in expected(case)])


def alike(tried: list[tuple[Number, str]]) -> None:
    given = [{"parts": data_of((part,)), "cloze": False, "response": what, "attempt": 1} for part, what in tried]
    for (part, what), marked in zip(tried, marked_by_the_page(given), strict=True):
        verdict = mark_part(part, what)
        assert (marked["fraction"], marked["note"]) == (verdict.fraction, verdict.note), (part, what)


@pytest.mark.parametrize(
    ("code", "settings", "said"),
    [
        ("2**60", "", "the answer has 19 digits, of which only 15 are sure to be compared"),
        ("-(2**53 + 1)", "", "the answer has 16 digits, of which only 15 are sure to be compared"),
        ("2**60", "tolerance: 1\n", "the answer has 19 digits, of which only 15 are sure to be compared"),
        ("'12345678901234567890'", "", "the answer has 20 digits, of which only 15 are sure to be compared"),
        ("10**400", "", "the answer is beyond 1.8e308, where the numbers of the machine end"),
        ("-(10**5000)", "", "a value has thousands of digits"),
    ],
)
def test_a_whole_number_that_cannot_be_compared_is_refused(code: str, settings: str, said: str) -> None:
    text = f"---\nkind: number\n{settings}---\n```python\nanswer = {code}\n```\n# Question\n\nWhat?\n"
    with pytest.raises(CoursewrightError) as error:
        Drawing(read_question(Path("q.md"), text), "0").variant("1")
    assert error.value.problem.message == said


# Units and how many of the first are one of the second, exactly.
UNITS = {
    ("cm", "m"): "100",
    ("cm", "mm"): "1/10",
    ("m/s", "km/h"): "5/18",
    ("km/h", "mph"): "1.609344",
    ("kg", "g"): "1/1000",
    ("J", "kWh"): "3600000",
    ("h", "min"): "1/60",
    ("L", "m^3"): "1000",
    ("inch", "cm"): "50/127",
    ("s", "day"): "86400",
}


def test_an_exact_answer_in_any_unit_is_right_and_one_beyond_the_tolerance_is_not() -> None:
    chance = random.Random("units")  # noqa: S311 - it chooses what to try
    parts = {pair: part_of({"settings": {"unit": pair[0], "units": [pair[1]], "answer": 1}}) for pair in UNITS}
    tried: list[tuple[Number, str]] = []
    for _ in range(DRAWS):
        pair = chance.choice(list(UNITS))
        factor = Fraction(UNITS[pair])
        places = chance.randint(0, 4)
        typed = Decimal(chance.randint(1, 10**6)).scaleb(-places)  # in the other unit
        value = Fraction(str(typed)) * factor
        half = Fraction(chance.choice(["0", "0", "1/2", "1/1000"])) * factor
        low, high = value - half * chance.randint(0, 2), value + half * chance.randint(0, 2)
        answer = NumberAnswer(value=float(value), low=float(low), high=float(high), shown="")
        units = parts[pair].units
        part = Number(answers=(answer,), unit=pair[0], units=units)
        text = f"{typed} {pair[1]}"
        assert mark_part(part, text).fraction == 1, (part, text)
        beyond = NumberAnswer(value=0, low=float(value) * (1 + 1e-12), high=float(value) * 2, shown="")
        assert mark_part(Number(answers=(beyond,), unit=pair[0], units=units), text).fraction == 0, (part, text)
        tried.append((part, text))
    alike(tried[:2000])


def test_figures_are_counted_after_rounding() -> None:
    chance = random.Random("figures")  # noqa: S311 - it chooses what to try
    tried: list[tuple[Number, str]] = []
    for _ in range(DRAWS):
        figures = chance.randint(1, 8)
        digits = chance.choice([str(chance.randint(1, 10**9)), "9" * chance.randint(1, 9) + str(chance.randint(0, 9))])
        value = Decimal(chance.choice(["", "-"]) + digits).scaleb(-chance.randint(-12, 20))
        shown = in_figures(value, figures)
        typed = read(shown)
        rounded = Context(prec=figures, rounding=ROUND_HALF_UP).plus(value)
        assert typed is not None
        assert typed.value == float(rounded), (value, shown)
        assert figures in typed.significant, (value, shown)
        assert figures == max(typed.significant), (value, shown)
        part = Number(answers=(NumberAnswer(value=0, low=float(rounded), high=float(rounded), shown=shown),))
        tried.append((part, shown))
    alike(tried[:2000])


TYPED = (
    "0 1 2 3 9 12 345 000 1,234 1.234 . , - + e3 E-2 ×10^4 *10**2 x10^3 ·10⁻³ ×10⁴ 10^4 10⁵ 10^(-2) £ $ US$ € cm m ' ’ "
    "CHF chf GBP kr kr. cm^3 cm³ m s s⁻² ^-1 / · . ( ) 1/ per µ μ"
)
SPACES = ["", "", "", " ", "\u202f", "\u00a0", "  "]


def test_the_page_and_the_program_read_any_number_alike() -> None:
    chance = random.Random("typed")  # noqa: S311 - it chooses what to try
    answers = (NumberAnswer(value=0, low=-1e300, high=1e300, shown="0"),)
    units = (Unit("cm"), Unit("m", 100.0), Unit("£"), Unit("US$", 2.0), Unit("cm^3"), Unit("m/s^2"), Unit("1/s"))
    money = (Unit("CHF"), Unit("kr", 2.0), Unit("µm"), Unit("m/(s·cm)"))
    parts = [
        Number(answers=answers, unit="cm", units=units[:2], significant=3),
        Number(answers=answers, unit="£", units=units[2:4], point=","),
        Number(answers=answers, unit="cm^3", units=units[4:]),
        Number(answers=answers, unit="CHF", units=money),
        Number(answers=answers, point=",", significant=2),
        Number(answers=answers),
    ]
    tried = []
    for _ in range(DRAWS):
        pieces = chance.choices(TYPED.split(" "), k=chance.randint(1, 6))
        tried.append((chance.choice(parts), "".join(piece + chance.choice(SPACES) for piece in pieces)))
    alike(tried)


@pytest.mark.parametrize(
    ("language", "sign"),
    [
        ("de", ","),
        ("de-CH", "."),
        ("en-GB", "."),
        ("fr", ","),
        ("es-MX", "."),
        ("", "."),
        ("ar", "."),
        ("xx-none", "."),
    ],
)
def test_the_language_says_what_the_decimal_sign_is(language: str, sign: str) -> None:
    assert decimal_sign(language) == sign


def of_way(example: Example) -> Number:
    more = {"cm": Unit("m", 100.0), "cm^3": Unit("mm^3", 0.001), "m/s^2": Unit("cm/s^2", 0.01)}
    others = (more[example.unit],) if example.unit in more else ()
    units = (Unit(example.unit), *others) if example.unit else ()
    answer = NumberAnswer(value=example.value, low=example.value, high=example.value, shown="")
    return Number(answers=(answer,), unit=example.unit, units=units)


EXAMPLES = [(name, example) for name, way in WAYS.items() for example in way.examples]


def test_the_program_and_the_page_take_every_way_to_type_a_number() -> None:
    for name, example in EXAMPLES:
        assert mark_part(of_way(example), example.text).fraction == 1, name
    alike([(of_way(example), example.text) for _, example in EXAMPLES])


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[repr(example.text) for _, example in EXAMPLES])
def test_moodle_takes_the_ways_that_it_is_said_to_take(name: str, example: Example) -> None:
    written = moodle.item(variant("way", "number", of_way(example))).body
    (question,) = moodle_import.read(f"<quiz>{written}</quiz>")
    assert moodle_import.grade(question, example.text) == float(name not in moodle.NOT_READ)


@pytest.mark.parametrize(("name", "example"), EXAMPLES, ids=[repr(example.text) for _, example in EXAMPLES])
def test_what_gift_says_is_read_as_it_is_said_to_be(name: str, example: Example, tmp_path: Path) -> None:
    """Through our own importer: what of the file reaches Moodle is marked as Moodle marks it."""
    if example.unit:
        assert gift.LIMITS["unit"].refused
        assert name in gift.NOT_READ
        return
    (draft,) = gift_importer.read(gift.item(variant("way", "number", of_way(example))).body, tmp_path).questions
    asked = read_question(Path("q.md"), draft.text)
    body = moodle.item(Drawing(asked, "0").variant("1")).body
    (question,) = moodle_import.read(f"<quiz>{body}</quiz>")
    assert moodle_import.grade(question, example.text) == float(name not in gift.NOT_READ)


WAYS_TABLE = re.compile(r"(?<=<!-- ways -->\n).*?(?=<!-- end -->)", re.DOTALL)


def test_the_page_on_marking_says_who_reads_what(accept: bool) -> None:
    document = TESTS.parent / "docs" / "concepts" / "marking.md"
    gaps = {
        name: exporter.NOT_READ
        for name in plugins.names("exporters")
        if hasattr(exporter := plugins.load("exporters", name), "NOT_READ")
    }
    assert set(gaps) == {"canvas", "gift", "html", "json", "moodle", "notebook", "qti21", "qti3"}
    assert {way for of in gaps.values() for way in of} <= set(WAYS)
    rows = [f"| | such as | {' | '.join(f'`{name}`' for name in gaps)} |", "|---|---|" + ":-:|" * len(gaps)]
    for name, way in WAYS.items():
        cells = ("–" if name in of else "✓" for of in gaps.values())
        rows.append(f"| {way.words} | `{way.examples[0].text}` | {' | '.join(cells)} |")
    reasons = [
        f"- {', '.join(f'`{name}`' for name, of in gaps.items() if reason in of.values())}: {reason}"
        for reason in dict.fromkeys(reason for of in gaps.values() for reason in of.values())
    ]
    table = "\n".join([*rows, "", *reasons]) + "\n"
    text = document.read_text(encoding="utf-8")
    assert len(WAYS_TABLE.findall(text)) == 1
    compare(document, WAYS_TABLE.sub(lambda _: table, text), accept=accept)


def test_units_on_two_sides_are_refused_for_moodle() -> None:
    part = Number(
        answers=(NumberAnswer(value=5, low=5, high=5, shown="5"),), unit="£", units=(Unit("£"), Unit("p", 0.01))
    )
    with pytest.raises(CoursewrightError) as error:
        moodle.item(variant("both", "number", part))
    assert str(error.value) == (
        "error: Moodle takes all units on one side of a number, and £ and p stand on two\nhint: accept one unit only: £"
    )
