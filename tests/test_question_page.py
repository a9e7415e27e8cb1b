"""The self-marking page in a real browser, by keyboard alone: right, wrong and blank answers, hints, the solution."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import msgspec
import pytest

from coursewright.questions.export import Quiz
from coursewright.questions.exporters import html, notebook
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text
from coursewright.questions.part import Code, Formula, Number, Part
from coursewright.questions.variant import Variant
from coursewright.questions.widget import assets_apart
from coursewright.questions.writing.prose import MediaReference, ProseGrid
from test_browser import NODE, chromium
from variants import NASTY, PASSAGE, PICTURE, VARIANTS, prose

__all__ = ["chromium"]  # the fixture, known to pytest by its name here

OTHER = msgspec.structs.replace(VARIANTS["number"], title="The other number question", who="2")
READING = msgspec.structs.replace(
    PASSAGE,
    text=prose(
        "## A tale\n\nOnce {0} and $x^2$.\n\n{1}\n\n{2}\n\n- one\n- two",
        NASTY,
        MediaReference(PICTURE.name),
        ProseGrid(("year", "rain"), (("2001", "12"),), (False, True)),
    ),
    media=(PICTURE,),
)
BY_PERSON = ("essay", "code")


def right(part: Part) -> Any:
    given: Any = ""
    match part:
        case Number(unit=unit):
            given = f"{part.answers[0].shown} {unit}".strip()
        case Text():
            given = part.answers[0].shown
        case Formula():
            given = part.answers[0].expression
        case Choice(options=options):
            given = next(number for number, option in enumerate(options) if option.right)
        case Choices(options=options):
            given = [number for number, option in enumerate(options) if option.right]
        case Match(pairs=pairs):
            given = [pair.choice for pair in pairs]
        case Order(right=order):
            given = list(order)
        case Essay():
            given = "A few words."
        case Code():
            given = part.model
    return given


def wrong(part: Part) -> Any:
    given: Any = ""
    match part:
        case Number(unit=unit):
            given = f"1150 {unit}".strip()
        case Text():
            given = "nonsense"
        case Formula():
            given = "3x"
        case Choice(options=options):
            given = next(number for number, option in enumerate(options) if option.fraction == 0)
        case Choices():
            given = [3]
        case Match(choices=choices):
            given = [len(choices) - 1] * len(part.pairs)
        case Order(right=order):
            given = [*order[2:], *order[:2]]
    return given


def plan(variant: Variant) -> dict[str, Any]:
    by_machine = variant.kind not in BY_PERSON
    return {
        "title": variant.title,
        "parts": [
            {"kind": type(part).__name__.lower(), "options": len(getattr(part, "options", ()))}
            for part in variant.parts
        ],
        "tries": variant.tries,
        "check": "Check" if by_machine else "Finish",
        "right": [right(part) for part in variant.parts],
        "wrong": [wrong(part) for part in variant.parts] if by_machine else None,
    }


@pytest.fixture(scope="module")
def played(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What was seen in one session of the browser."""
    folder = tmp_path_factory.mktemp("page")
    html.write(map(html.item, VARIANTS.values()), Quiz(name="quiz", title="A quiz of everything"), folder)
    cells = [json.loads(notebook.item(VARIANTS[name]).body)[0] for name in ("cloze", "match")]
    outputs = "".join(cell["outputs"][0]["data"]["text/html"] for cell in cells)
    (folder / "outputs.html").write_text(f'<!doctype html><meta charset="utf-8"><body>{outputs}', encoding="utf-8")
    html.write(map(html.item, (VARIANTS["number"], OTHER)), Quiz(name="two", title="Two variants"), folder)
    html.write(map(html.item, (READING, VARIANTS["number"])), Quiz(name="reading", title="A text to read"), folder)
    done = subprocess.run(
        [
            str(shutil.which("node")),
            str(NODE / "questions.js"),
            chromium,
            (folder / "quiz.html").as_uri(),
            (folder / "outputs.html").as_uri(),
            (folder / "two.html").as_uri(),
            (folder / "reading.html").as_uri(),
        ],
        input=json.dumps([plan(variant) for variant in VARIANTS.values()]),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_nothing_fails_and_nothing_is_asked_of_a_network(played: Any) -> None:
    assert played["problems"] == []


def test_the_audit_is_clean_before_and_after_in_light_and_dark(played: Any) -> None:
    assert played["audits"] == {name: [] for name in played["audits"]}
    assert len([name for name in played["audits"] if name.startswith("reading")]) == 4
    assert all(width <= int(name.split()[1]) for name, width in played["widths"].items())


def test_a_blank_answer_costs_nothing_and_a_right_one_brings_all(played: Any) -> None:
    for each in VARIANTS.values():
        blank, after = played["played"]["blankThenRight"][each.title]
        assert blank["status"] == "Give an answer first. This does not use up a try.", each.question
        assert blank["within"]
        if each.kind in BY_PERSON:
            assert after["status"].startswith("Thank you."), each.question
            assert after["state"] == "Worth 2 marks, given by a person."
        else:
            assert after["status"].startswith("Right."), (each.question, after)
            assert after["state"] == "You have 2 of 2 marks."
        assert after["focus"] == "status"
        assert after["buttons"] == []
        assert ("Solution" in after["status"]) == bool(each.solution)
    assert played["totals"]["blankThenRight"] == (
        "17 of 17 questions done: 30 of 30 marks; 2 questions for a person to mark."
    )


def test_after_each_wrong_try_comes_a_hint_and_at_last_the_answer(played: Any) -> None:
    for each in VARIANTS.values():
        if each.kind in BY_PERSON:
            continue
        steps = played["played"]["wrongToTheEnd"][each.title]
        assert len(steps) == each.tries
        for number, step in enumerate(steps[:-1]):
            assert step["status"].startswith(("Not right.", "Partly right.")), (each.question, step)
            assert ("Hint: Think again.", "Hint: It begins with P & <b>.")[number] in step["status"]
            assert step["state"].startswith(("2 tries left", "1 try left")[number])
            assert step["focus"] == "Try again"
            assert step["buttons"] == ["Try again", "Give up"]
        assert "right answer:" in steps[-1]["status"], (each.question, steps[-1])
        assert ("Solution" in steps[-1]["status"]) == bool(each.solution)
        assert steps[-1]["state"] == "You have 0 of 2 marks.", each.question
    simple = played["played"]["wrongToTheEnd"]["The number question"]
    assert "That is simple interest." in simple[0]["status"]
    assert "1157.63" in simple[-1]["status"]


def test_a_wrong_try_costs_its_penalty(played: Any) -> None:
    for each in VARIANTS.values():
        if each.kind not in BY_PERSON and each.tries > 1:
            (step,) = played["played"]["wrongThenRight"][each.title]
            assert step["state"] == "You have 1.5 of 2 marks.", each.question


def test_giving_up_shows_the_answer_and_the_solution(played: Any) -> None:
    for each in VARIANTS.values():
        (step,) = played["played"]["givenUp"][each.title]
        assert step["status"].startswith("Here is the answer."), each.question
        assert ("Solution It is" in step["status"]) == bool(each.solution)
        assert step["focus"] == "status"


def test_the_questions_can_be_read_without_javascript(played: Any) -> None:
    assert "What is it?" in played["bare"]
    assert "Paris" in played["bare"]
    assert "def mean(numbers):" in played["bare"]


def test_questions_in_a_notebook_stand_in_frames_of_their_own(played: Any) -> None:
    assert played["notebook"] == [{"forms": 1, "text": False, "fits": True}] * 2


def test_of_several_variants_one_is_shown_and_the_next_is_offered_after_it(played: Any) -> None:
    assert played["two"] == {
        "before": ["The number question"],
        "offered": ["Another variant"],
        "after": ["The other number question"],
        "focus": "input",
        "total": "0 of 1 question done: 0 of 2 marks",
    }


def test_what_marks_formulas_works_in_a_site_where_it_is_a_file_of_its_own() -> None:
    """It stands in front of the rest, which does without it where no formula is asked."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("needs Node")
    _, script, formulas = assets_apart("en-GB")
    part = VARIANTS["formula"].part
    assert isinstance(part, Formula)
    asked = f"""
        const page = require('vm').createContext({{}})
        page.asked = {json.dumps([part.answers[0].expression, part.variables])}
        require('vm').runInContext({json.dumps(formulas)}, page)
        require('vm').runInContext('CoursewrightFormula.read(...asked)', page)
        console.log('read')
    """
    done = subprocess.run([node, "-"], input=asked, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("read", "")
    assert "CoursewrightFormula = api" not in script
