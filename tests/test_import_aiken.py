"""Aiken as people write it: each question, or what is wrong with it and on which line, and never two in one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.questions import read_question
from coursewright.questions.importers import aiken, gift
from coursewright.questions.importers._bank import read_bank

FILE = Path("bank.txt")
GOOD = "Which is a colour?\nA. Red\nB. Two\nANSWER: A\n"


def said(text: str) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """The questions, each with its text and the options (a star before the right one), and the problems with lines."""
    bank = aiken.read(text, FILE)
    asked = []
    for draft in bank.questions:
        read = read_question(Path(f"{draft.name}.md"), draft.text)
        options = [("*" if each.mark == 1 else "") + each.text.markdown for each in read.answers[""]]
        asked.append((read.text.markdown, options))
    return asked, [f"{each.where}: {each.message}" for each in bank.problems]


RED = ("Which is a colour?", ["*Red", "Two"])
READ = {
    "as it should be": GOOD,
    "small letters": "Which is a colour?\na. Red\nb. Two\nanswer: a\n",
    "brackets": "Which is a colour?\na) Red\nb) Two\nAnswer: A",
    "colons": "Which is a colour?\nA: Red\nB: Two\nANSWER:A",
    "brackets on both sides": "Which is a colour?\n(A) Red\n(B) Two\nANSWER: (A)",
    "no space": "Which is a colour?\nA.Red\nB.Two\nANSWER: A",
    "empty lines": "\n\nWhich is a colour?\n\nA. Red\n\n\nB. Two\n\nANSWER: A\n\n",
    "Windows": GOOD.replace("\n", "\r\n"),
    "an old Mac": GOOD.replace("\n", "\r"),
    "a point behind": GOOD.replace("ANSWER: A", "ANSWER: A."),
    "the text behind": GOOD.replace("ANSWER: A", "ANSWER: A) red"),
    "space around": GOOD.replace("\n", "  \n\t"),
    "no colon": GOOD.replace("ANSWER: A", "answer A"),
}


@pytest.mark.parametrize("text", READ.values(), ids=list(READ))
def test_it_is_read_as_it_is_written(text: str) -> None:
    assert said(text) == ([RED], [])
    assert said(f"{text}\n{GOOD}") == ([RED, RED], [])
    assert said(f"{GOOD}{text}") == ([RED, RED], [])
    assert aiken.recognises(text)


TWO = "Which number?\nA. Red\nB. Two\nANSWER: B\n"
FEEDBACK = {
    "one line": (f"{GOOD}Feedback: Red is.\n\n{TWO}", "Red is."),
    "several lines": (f"{GOOD}Feedback: Red is,\nas blood is.\n\n{TWO}", "Red is,\\\nas blood is."),
    "apart": (f"{GOOD}\nExplanation: Red is.\n\n{TWO}", "Red is."),
    "no empty line below": (f"{GOOD}Feedback: Red is.\n{TWO}", "Red is."),
    "above the answer": (GOOD.replace("ANSWER", "Feedback: Red\nis.\nANSWER") + TWO, "Red\\\nis."),
}


@pytest.mark.parametrize(("text", "feedback"), FEEDBACK.values(), ids=list(FEEDBACK))
def test_feedback_is_that_of_its_question(text: str, feedback: str) -> None:
    assert said(text) == ([RED, ("Which number?", ["Red", "*Two"])], [])
    first, second = aiken.read(text, FILE).questions
    assert f"# Feedback\n\n{feedback}\n" in first.text
    assert "# Feedback" not in second.text


def test_a_question_may_begin_as_feedback_does() -> None:
    text = f"{GOOD}\nFeedback: which is it?\nA. Good\nB. Bad\nANSWER: B\n"
    assert said(text) == ([RED, ("Feedback: which is it?", ["Good", "*Bad"])], [])


def test_two_styles_are_two_questions() -> None:
    asked, problems = said("Which river?\na) Rhine\nb) Elbe\nanswer: a\n\nWhich town?\nA. Ulm\nB. Bonn\nANSWER: B\n")
    assert (asked, problems) == ([("Which river?", ["*Rhine", "Elbe"]), ("Which town?", ["Ulm", "*Bonn"])], [])


def test_lines_go_on_where_nothing_else_begins() -> None:
    text = "Look:\ne.g. this.\n\nI. one\nII. two\nA. first\nor so, e.g.\nB. both\nANSWER: B"
    assert said(text) == (
        [("Look:\\\ne.g. this.\\\nI. one\\\nII. two", ["first\\\nor so, e.g.", "*both"])],
        [],
    )


PROBLEMS = {
    "no answer before another question": (
        "One?\nA. x\nB. y\n\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: a line such as ANSWER: A is missing below it'],
    ),
    "no answer and no empty line": (
        "One?\nA. x\nB. y\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: a line such as ANSWER: A is missing below it'],
    ),
    "no answer at the end": (
        GOOD + "One?\nA. x\nB. y\n",
        [RED],
        ['bank.txt:5: "One?" is left out: a line such as ANSWER: A is missing below it'],
    ),
    "options of another question only": (
        "One?\nA. x\nB. y\n\nTwo?\nANSWER: B\n" + GOOD,
        [RED],
        [
            'bank.txt:1: "One?" is left out: a line such as ANSWER: A is missing below it',
            'bank.txt:5: "Two?" is left out: its answer B is none of its options',
        ],
    ),
    "two answers": (
        "One?\nA. x\nB. y\nANSWER: A, B\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: its answer "A, B" is not the letter of one option'],
    ),
    "an answer in words": (
        "One?\nA. x\nB. y\nANSWER: x\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: its answer X is none of its options'],
    ),
    "an empty answer": (
        "One?\nA. x\nB. y\nANSWER:\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: its answer "" is not the letter of one option'],
    ),
    "an answer that is no option": (
        GOOD + "One?\nA. x\nB. y\nANSWER: C",
        [RED],
        ['bank.txt:5: "One?" is left out: its answer C is none of its options'],
    ),
    "an answer whose text is another's": (
        "One?\nA. x\nB. y\nANSWER: A. y",
        [],
        ['bank.txt:1: "One?" is left out: its answer "A. y" is not the letter of one option'],
    ),
    "an answer alone": (
        "ANSWER: A\n" + GOOD,
        [RED],
        ['bank.txt:1: "Question on line 1" is left out: it asks nothing'],
    ),
    "one option": (
        "One?\nA. x\nANSWER: A",
        [],
        ['bank.txt:1: "One?" is left out: it has fewer than two options'],
    ),
    "an option left out": (
        "One?\nA. x\nC. z\nANSWER: A\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: its option C stands where B should'],
    ),
    "an option twice": (
        "One?\nA. x\nA. z\nANSWER: A\n" + GOOD,
        [RED],
        [
            'bank.txt:1: "One?" is left out: a line such as ANSWER: A is missing below it',
            'bank.txt:3: "Question on line 3" is left out: it asks nothing',
        ],
    ),
    "options that are alike": (
        "One?\nA. x\nB. x\nANSWER: A\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: two of its options are alike'],
    ),
    "an empty option": (
        "One?\nA. \nB. x\nANSWER: B\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: one of its options is empty'],
    ),
    "a text between options": (
        "One?\nA. x\n\nWhat is this?\nB. y\nANSWER: B\n" + GOOD,
        [RED],
        ['bank.txt:1: "One?" is left out: "What is this?" stands between its options'],
    ),
    "no options": (
        "Once upon a time.\n\nANSWER: A\n" + GOOD,
        [RED],
        ['bank.txt:1: "Once upon a time." is left out: its answer A is none of its options'],
    ),
    "a text at the end": (
        GOOD + "\nThank you.",
        [RED],
        ['bank.txt:6: "Thank you." is left out: a line such as ANSWER: A is missing below it'],
    ),
}


@pytest.mark.parametrize(("text", "asked", "problems"), PROBLEMS.values(), ids=list(PROBLEMS))
def test_what_is_wrong_is_told_with_its_line(text: str, asked: list[object], problems: list[str]) -> None:
    assert said(text) == (asked, problems)


def test_it_is_known_from_other_formats(tmp_path: Path) -> None:
    assert not aiken.recognises("::Q::Why? {=ANSWER: A}\nANSWER: B")
    assert not aiken.recognises("<quiz>ANSWER: A</quiz>")
    assert aiken.recognises("Why?\nA. x\nB. y\n")
    assert not gift.recognises(GOOD)
    (tmp_path / "b.txt").write_bytes(b"\xef\xbb\xbf" + GOOD.encode())
    assert len(read_bank(tmp_path / "b.txt").questions) == 1


LINES = st.sampled_from(
    ["", "", "Why?", "A. x", "B. y", "C) z", "a: w", "ANSWER: A", "answer b", "ANSWER:", "and so on", "A.q"]
)


@given(st.lists(LINES, max_size=14))
def test_no_line_is_lost_without_a_word(lines: list[str]) -> None:
    """Every line with an answer ends a question that comes or is told of, and no question holds two."""
    bank = aiken.read("\n".join(lines), FILE)
    answers = sum(line.lower().startswith("answer") for line in lines)
    assert len(bank.questions) + len(bank.problems) >= answers
    assert len(bank.questions) <= answers
    assert bool(bank.questions or bank.problems) == any(lines)
    for draft in bank.questions:
        read = read_question(Path(f"{draft.name}.md"), draft.text)
        texts = [each.text.markdown for each in read.answers[""]]
        assert [each.mark for each in read.answers[""]].count(1.0) == 1
        assert len(texts) == len(set(texts)) <= 4


def test_an_empty_line_between_the_braces_of_gift_parts_nothing() -> None:
    text = (
        "::Q1:: Which town? {\n=Ulm # yes \\}\n\n// {\n\n~Bonn\n}\n\nTrue? {T}\n\nOpen? {\n=a\n\nFalse? {F}\n\nLast {\n"
    )
    bank = gift.read(text, Path("g.gift"))
    assert [draft.name for draft in bank.questions] == ["q1", "true", "false"]
    assert "- [x] Ulm\n  > yes }\n- [ ] Bonn\n" in bank.questions[0].text
    assert [f"{each.where}: {each.message}" for each in bank.problems] == [
        'g.gift:11: "Open?" is left out: a brace is open, or one too many',
        'g.gift:16: "Last" is left out: a brace is open, or one too many',
    ]
