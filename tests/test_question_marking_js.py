"""The page marks as the rules say: the cases that Python's marking is tried on too, in Node.js."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.marking.marks import mark_part
from coursewright.questions.part import Formula, Number, Part
from coursewright.questions.writing.prose import Prose
from nearly import near, of_patterns
from pages import data_of, marked_by_the_page
from variants import CHOICE, FORMULA, MARKED

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


def _marked_alike(tried: Sequence[tuple[Part, Any]]) -> None:
    data = {id(part): data_of((part,)) for part, _ in tried}
    given = [{"parts": data[id(part)], "cloze": False, "response": what, "attempt": 1} for part, what in tried]
    differing = []
    for (part, what), marked in zip(tried, marked_by_the_page(given), strict=True):
        verdict = mark_part(part, what)
        said = [each.markdown for each in verdict.feedback]
        fraction = marked["fraction"] if verdict.fraction is None else round(marked["fraction"], 9)
        expected = verdict.fraction if verdict.fraction is None else round(verdict.fraction, 9)
        if (fraction, marked["note"], marked["feedback"]) != (expected, verdict.note, said):
            differing.append((part, what, verdict, marked))
    assert not differing, (len(differing), differing[:5])


SIMPLE = [each.part for each in MARKED.values() if each.kind not in ("cloze", "code", "description")]
COMMA = [msgspec.structs.replace(part, point=",") for part in SIMPLE if isinstance(part, Number)]
LESS = Choice(options=(*CHOICE.options, Option(text=Prose("Rome"), right=False, fraction=-0.5)))


def test_the_page_and_the_program_mark_100_000_responses_alike() -> None:
    chance = random.Random("alike")  # noqa: S311 - it chooses what to try
    cheap = {Formula: 1000, Essay: 200}
    tried = [(part, near(part, chance)) for part in (*SIMPLE, *COMMA, LESS) for _ in range(cheap.get(type(part), 1500))]
    patterns = of_patterns(chance, 1000)
    while len(tried) < 100_000:
        part = patterns[len(tried) % len(patterns)]
        tried.append((part, near(part, chance)))
    _marked_alike(tried)


def test_the_page_and_the_program_read_every_sign_alike() -> None:
    old = unicodedata.ucd_3_2_0  # what every version since agrees about
    signs = [chr(code) for code in range(0x3100) if old.category(chr(code)) not in ("Cn", "Cs")]
    word = Text(answers=(TextAnswer(text=r"a\wb", shown="axb", regex=True), TextAnswer(text="ab", shown="ab")))
    letters = [Text(answers=(TextAnswer(text=sign, shown=sign),), accents=False) for sign in signs if sign.strip()]
    others = [
        (part, changed)
        for part in letters
        for sign in (part.answers[0].text,)
        for changed in {sign.upper(), sign.lower()}
    ]
    _marked_alike([(word, f"a{sign}b") for sign in signs] + [(FORMULA, f"2*x{sign}+2") for sign in signs] + others)
