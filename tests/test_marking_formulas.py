"""Formulas: what counts as equal and what has the form that is asked for, in the program and in the page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursewright.questions import read_question
from coursewright.questions.drawing import Drawing
from coursewright.questions.mark import mark_part
from coursewright.questions.part import Formula
from coursewright.questions.rules import OF_PARTS
from pages import data_of, marked_by_the_page

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "formulas.yaml").read_text(encoding="utf-8"))
SETTINGS = ("variables", "form", "must", "must_not")


@cache
def drawn(front: str, answer: str) -> Formula:
    """The part of a question with these settings, as JSON, and this answer."""
    settings = "".join(f"{key}: {json.dumps(value)}\n" for key, value in json.loads(front).items())
    text = f"---\nkind: formula\n{settings}---\n# Question\n\nWhat?\n\n# Answers\n\n- [x] {answer}\n"
    part = Drawing(read_question(Path("q.md"), text), "0").variant("1").part
    assert isinstance(part, Formula)
    return part


def part_of(case: dict[str, Any]) -> Formula:
    return drawn(json.dumps({key: case[key] for key in SETTINGS if key in case}), case["answer"])


def expected(case: dict[str, Any]) -> list[tuple[str, float, str]]:
    """Responses, with the fraction and the note that each gets ("*": any)."""
    return [
        (response, float(which == "right"), "form" if which == "other_form" else "" if which == "right" else "*")
        for which in ("right", "wrong", "other_form")
        for response in case.get(which, [])
    ]


def said(case: dict[str, Any]) -> str:
    return f"{case.get('form', '')} {case['answer']}"


@pytest.mark.parametrize("case", CASES, ids=map(said, CASES))
def test_formulas_are_marked_for_what_they_mean(case: dict[str, Any]) -> None:
    part = part_of(case)
    for response, fraction, note in expected(case):
        verdict = mark_part(part, response)
        assert (verdict.fraction, verdict.note if note != "*" else note) == (fraction, note), response


def test_the_page_marks_every_one_alike() -> None:
    tried = [(part_of(case), response) for case in CASES for response, _, _ in expected(case)]
    given = [{"parts": data_of((part,)), "cloze": False, "response": what, "attempt": 1} for part, what in tried]
    for (part, what), marked in zip(tried, marked_by_the_page(given), strict=True):
        verdict = mark_part(part, what)
        assert (marked["fraction"], marked["note"]) == (verdict.fraction, verdict.note), (part.answers[0], what)


@pytest.mark.parametrize("case", CASES, ids=map(said, CASES))
def test_checking_finds_what_is_unsound(case: dict[str, Any]) -> None:
    problems = [message for message, _ in OF_PARTS["declared"](part_of(case))]
    assert problems == ([] if case.get("sound", True) else ["the right answer is marked 0% (form)"])
