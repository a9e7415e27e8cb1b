"""The page marks as the rules say: the cases that Python's marking is tried on too, in Node.js."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursewright.questions.mark import mark_part
from coursewright.questions.part import Choice, Choices, Formula, Match, Number, Order, Part, Text
from pages import data_of, marked_by_the_page
from variants import MARKED

TESTS = Path(__file__).parent


def test_the_page_marks_every_case_as_the_rules_say() -> None:
    cases = yaml.safe_load((TESTS / "cases" / "marking.yaml").read_text(encoding="utf-8"))
    assert len(cases) >= 150
    given = [
        {
            "parts": data_of(MARKED[case["variant"]].parts),
            "cloze": MARKED[case["variant"]].kind == "cloze",
            "response": case["response"],
            "attempt": case.get("attempt", 1),
        }
        for case in cases
    ]
    for case, marked in zip(cases, marked_by_the_page(given), strict=True):
        fraction = case["fraction"] if case["fraction"] is None else pytest.approx(case["fraction"])
        assert marked["fraction"] == fraction, (case, marked)
        assert marked["note"] == case.get("note", ""), (case, marked)
        assert marked["feedback"] == case.get("feedback", []), (case, marked)


TYPED = {
    Number: "0 1 2 3 4 5 6 7 8 9 . , - + e E % £ $ x ×10^ *10^ \u2212 m/s km/h p °C K 1157.63 1,157 234 000 10.0 36.0",
    Text: "São Paulo sao Rio* S. s é n e ß İ ς Paris Wellington Willington ab 12 café e\u0301 Straße ΟΔΟΣ ﬁ Ǆ",
    Formula: "x y 2 3 1 + - * / ^ ** ( ) e × · \u2212 sin(x) cos(x) sin exp( ln( sqrt( pi xy 0.5 .5 2. abs( x^2 3x",
}
SPACES = [" ", "  ", "\t", "\u2009", "\u00a0"]


def _anything(part: Part, chance: random.Random) -> Any:
    match part:
        case Number() | Text() | Formula():
            return "".join(chance.choice(TYPED[type(part)].split(" ") + SPACES) for _ in range(chance.randint(1, 7)))
        case Choice():
            return chance.randrange(len(part.options))
        case Choices():
            return [number for number in range(len(part.options)) if chance.random() < 0.5]
        case Match():
            return [chance.randint(-1, len(part.choices) - 1) for _ in part.pairs]
        case Order():
            return chance.sample(range(len(part.items)), len(part.items))
    return "word " * chance.randint(0, 250)


def test_the_page_and_the_program_mark_anything_alike() -> None:
    chance = random.Random("alike")  # noqa: S311 - it chooses what to try
    parts = [each.part for each in MARKED.values() if each.kind not in ("cloze", "code")]
    tried = [(part, _anything(part, chance)) for part in parts for _ in range(500)]
    given = [{"parts": data_of((part,)), "cloze": False, "response": what, "attempt": 1} for part, what in tried]
    for (part, what), marked in zip(tried, marked_by_the_page(given), strict=True):
        verdict = mark_part(part, what)
        fraction = verdict.fraction if verdict.fraction is None else pytest.approx(verdict.fraction)
        assert marked["fraction"] == fraction, (part, what)
        assert marked["note"] == verdict.note, (part, what)
        assert marked["feedback"] == [each.markdown for each in verdict.feedback], (part, what)
