"""The answers of a question in GIFT's signs: = before what is right, ~ before what is wrong, # before feedback."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html import escape

from coursewright.errors import CoursewrightError
from coursewright.questions.exporters._moodle import kinds
from coursewright.questions.exporters._moodle.text import MoodleWriter
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.description import Description
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.text import Text
from coursewright.questions.part import Feedback, Number
from coursewright.questions.writing.prose import plain


def escaped(text: str) -> str:
    """Text in which nothing means anything to GIFT, on one line: an empty one would end the question."""
    return re.sub(r"[\\~=#{}:]", r"\\\g<0>", text.strip()).replace("\r", "").replace("\n", "\\n")


def bracketed(text: str) -> str:
    """Text between brackets in a comment: a tag, or a number to know the question by."""
    return re.sub("[<>`\x00-\x1f]", " ", text).replace("]", "\\]")


def _answer(text: str) -> str:
    """The text of an answer: one in brackets is not to be taken for the name of a format."""
    return ("[html]" if text.startswith("[") else "") + escaped(text)


def _said(feedback: Feedback, writer: MoodleWriter) -> str:
    said = escaped(writer.html(kinds.first(feedback), inline=True)) if feedback else ""
    return f"#[html]{said}" if said else ""


def _lines(answers: Sequence[str]) -> str:
    return "\n" + "\n".join(answers)


def _number(part: Number, writer: MoodleWriter, notes: list[str]) -> str:
    given = zip(part.answers, kinds.fractions(part.answers, notes), kinds.ranges(part, notes), strict=True)
    answers = [f"=%{each}%{value}:{half}{_said(it.feedback, writer)}" for it, each, (value, half) in given]
    return "#" + _lines(answers)


def _choice(part: Choice | Choices, writer: MoodleWriter, notes: list[str]) -> str:
    if isinstance(part, Choice) and part.truth:
        return _truth(part, writer)
    shown = [writer.html(option.text, inline=True) for option in part.options]
    kinds.check_options(part, shown)
    given = zip(part.options, shown, kinds.fractions(part.options, notes), strict=True)
    single = isinstance(part, Choice)
    return _lines(
        [
            ("=" if single and each == "100" else f"~%{each}%") + _answer(html) + _said(option.feedback, writer)
            for option, html, each in given
        ]
    )


def _truth(part: Choice, writer: MoodleWriter) -> str:
    true, false = kinds.truths(part)
    right, wrong = (true, false) if true.right else (false, true)
    said, otherwise = _said(right.feedback, writer), _said(wrong.feedback, writer)
    return ("T" if true.right else "F") + (f"{otherwise or '#'}{said}" if said else otherwise)


def _short(part: Text, writer: MoodleWriter, notes: list[str]) -> str:
    kept = kinds.texts(part, notes)
    if arrow := next((text for _, text in kept if "->" in text), None):
        raise CoursewrightError(f'the answer "{arrow}" has an arrow, which GIFT takes for a pair to match')
    given = zip(kept, kinds.fractions([answer for answer, _ in kept], notes), strict=True)
    return _lines([f"=%{each}%{_answer(text)}{_said(it.feedback, writer)}" for (it, text), each in given])


def _match(part: Match, writer: MoodleWriter, notes: list[str]) -> str:
    lines = [escaped(escape(line, quote=False)) for line in kinds.choices_of(part)]
    if any(pair.feedback for pair in part.pairs):
        notes.append("GIFT has no feedback for single pairs: it is left out")
    used = {pair.choice for pair in part.pairs}
    pairs = [f"={_answer(writer.html(pair.prompt, inline=True))} -> {lines[pair.choice]}" for pair in part.pairs]
    return _lines([*pairs, *(f"= -> {line}" for at, line in enumerate(lines) if at not in used)])


def _essay(part: Essay, _writer: MoodleWriter, notes: list[str]) -> str:
    if part.guide or part.least is not None or part.most is not None:
        notes.append(f"GIFT has no guide to marking and no limits: {plain(part.guide)[:80]}".removesuffix(": "))
    return ""


def _description(_part: Description, _writer: MoodleWriter, _notes: list[str]) -> str:
    return ""


WRITERS: dict[str, Callable[..., str]] = {
    "number": _number,
    "choice": _choice,
    "choices": _choice,
    "truefalse": _choice,
    "text": _short,
    "match": _match,
    "essay": _essay,
    "description": _description,
}
"""What writes the answers of each kind, given the part, its writer and a list for notes."""
