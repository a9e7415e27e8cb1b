"""Formulas: what counts as equal and what has the form that is asked for, in the program and in the page."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from coursewright.questions import read_question
from coursewright.questions.checking.rules import OF_PARTS
from coursewright.questions.drawing.variants import Drawing
from coursewright.questions.formulas import expression, samples
from coursewright.questions.formulas.expression import ExpressionTree, read, written
from coursewright.questions.marking.marks import mark_part
from coursewright.questions.part import Formula
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


def _up(function: Callable[..., float]) -> Callable[..., float]:
    """The function in another library: its last binary digit is another one."""
    return lambda *of: math.nextafter(function(*of), math.inf)


def test_another_machine_stores_the_same_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    here = [part_of(case) for case in CASES]
    for name in ("sin", "cos", "tan", "asin", "acos", "exp", "log", "ln", "sqrt", "^"):
        monkeypatch.setitem(expression._WORKED, name, _up(expression._WORKED[name]))
    for case, part in zip(CASES, here, strict=True):
        drawn.cache_clear()
        samples._made.cache_clear()
        assert part_of(case) == part
    drawn.cache_clear()
    samples._made.cache_clear()


def test_stored_numbers_have_twelve_significant_digits() -> None:
    for part in map(part_of, CASES):
        stored = [
            *(one for answer in part.answers for one in answer.results if one is not None),
            *sum(part.samples, ()),
        ]
        assert all(float(f"{number:.12g}") == number for number in stored), part


@pytest.mark.parametrize("case", CASES, ids=map(said, CASES))
def test_checking_finds_what_is_unsound(case: dict[str, Any]) -> None:
    problems = [message for message, _ in OF_PARTS["declared"](part_of(case))]
    assert problems == ([] if case.get("sound", True) else ["the right answer is marked 0% (form)"])


SHAPES = ["(x+2)*(x+3)", "12*x^2", "(x+1)/(x+2)", "x/2+1/2", "2*(x+1)^2", "x*y+y", "sin(x)*(x+1)", "sqrt(2)*x", "x^3-1"]
X = ExpressionTree("name", (), "x")


def _number(text: str) -> ExpressionTree:
    return ExpressionTree("number", (), text)


def _closed(tree: ExpressionTree) -> ExpressionTree:
    return ExpressionTree("(", (tree,)) if tree.of else tree


def _rewritten(tree: ExpressionTree, chance: random.Random) -> ExpressionTree:
    """The formula written in another way, mostly a strange one; now and then another formula."""
    if tree.of and chance.random() < 0.4:
        at = chance.randrange(len(tree.of))
        return replace(tree, of=(*tree.of[:at], _rewritten(tree.of[at], chance), *tree.of[at + 1 :]))
    closed = _closed(tree)
    over = ExpressionTree("/", (_number("1"), _closed(ExpressionTree("/", (_number("1"), closed)))))
    return chance.choice(
        [
            ExpressionTree("*", (_number("1"), closed)),
            ExpressionTree("^", (closed, _number("1"))),
            ExpressionTree("/", (ExpressionTree("*", (_number("2"), closed)), _number("2"))),
            ExpressionTree("+", (closed, _number("0"))),
            ExpressionTree("negative", (_closed(ExpressionTree("negative", (closed,))),)),
            over,
            ExpressionTree("/", (ExpressionTree("*", (closed, X)), X)),
            ExpressionTree("-", (ExpressionTree("+", (closed, X)), X)),
            ExpressionTree("*", (_number("0.5"), ExpressionTree("*", (_number("2"), closed)))),
            replace(tree, of=tree.of[::-1]),
        ]
    )


def test_the_page_and_the_program_see_the_same_form_in_any_formula() -> None:
    chance = random.Random("forms")  # noqa: S311 - it chooses what to try
    tried = []
    for answer in SHAPES:
        for form in ("", "expanded", "factorised", "simplified"):
            part = drawn(json.dumps({"variables": ["x", "y"], "form": form}), answer)
            for _ in range(150):
                tree = read(answer, part.variables)
                for _ in range(chance.randrange(4)):
                    tree = _rewritten(tree, chance)
                tried.append((part, written(tree)))
    given = [{"parts": data_of((part,)), "cloze": False, "response": what, "attempt": 1} for part, what in tried]
    notes = set()
    for (part, what), marked in zip(tried, marked_by_the_page(given), strict=True):
        verdict = mark_part(part, what)
        assert (marked["fraction"], marked["note"]) == (verdict.fraction, verdict.note), (part.form, what)
        notes.add((part.form, verdict.fraction, verdict.note))
    assert {(form, 1.0, "") for form in ("expanded", "factorised", "simplified")} < notes
    assert {(form, 0.0, "form") for form in ("expanded", "factorised", "simplified")} < notes
