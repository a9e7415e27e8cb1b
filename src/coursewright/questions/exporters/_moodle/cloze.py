"""The gaps of a cloze question in Moodle's notation for embedded answers: {2:NUMERICAL:=3.5:0.1#Yes~%50%3#Nearly}.

Moodle finds the gaps by patterns, decodes character references in each answer once, and then turns `\\}` and `\\#` into
the signs. So signs that mean something to the patterns are written as references, of letters too where HTML is inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import lcm

from coursewright.errors import CoursewrightError
from coursewright.questions.exporters._moodle.kinds import check_options, first, fractions, ranges, texts
from coursewright.questions.exporters._moodle.text import MoodleWriter, cdata
from coursewright.questions.kinds import name_of
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.text import Text
from coursewright.questions.part import Feedback, Number, Part
from coursewright.questions.variant import Variant

_MEANS = re.compile(r"[&<>\"'~#{}=%\\/*\x00-\x1f]")
_BRACES = str.maketrans({"{": "&#123;", "}": "&#125;"})


def question_text(variant: Variant, notes: list[str]) -> str:
    """The text of a cloze question as an element, the gaps in it; braces around the gaps are text."""
    writer = MoodleWriter(variant)
    weights = points(variant.parts)
    if sum(weights) != variant.points:
        notes.append(f"Moodle adds up the gaps' points: the question has {sum(weights)} there, not {variant.points:g}")
    gaps = [gap(part, weight, writer, notes) for part, weight in zip(variant.parts, weights, strict=True)]
    around = MoodleWriter(variant, {part.name: written for part, written in zip(variant.parts, gaps, strict=True)})
    parts = around.parts(variant.text)
    text = "".join(part if kind == "gap" else part.translate(_BRACES) for part, kind in parts)
    return f'<questiontext format="html"><text>{cdata(text)}</text>{around.files()}</questiontext>\n'


def escaped(text: str) -> str:
    """A piece of an answer, so that it comes out as it is after Moodle has decoded it."""

    def reference(found: re.Match[str]) -> str:
        sign = found[0]
        return f"&#92;&#{ord(sign)};" if sign in "}#" else f"&#{ord(sign)};"

    return _MEANS.sub(reference, text)


def points(parts: Sequence[Part]) -> list[int]:
    """The parts' points as whole numbers in the same proportion, which is what gaps have in Moodle."""
    given = [Fraction(part.points).limit_denominator(1000) for part in parts]
    scale = lcm(*(each.denominator for each in given))
    return [int(each * scale) for each in given]


def gap(part: Part, weight: int, writer: MoodleWriter, notes: list[str]) -> str:
    """A part as a gap of so many points."""
    write = GAPS.get(name_of(part))
    if write is None:
        raise CoursewrightError(
            f'the gap "{part.name}" is a {name_of(part)}, which no gap can be in Moodle',
            hint="make it a question of its own",
        )
    kind, answers = write(part, writer, notes)
    if writer.files():
        raise CoursewrightError(
            f'the gap "{part.name}" shows a picture or a sound, which Moodle has only in the text around',
            hint="put it into the question's text",
        )
    return f"{{{weight}:{kind}:{answers}}}"


def _alternatives(answers: Sequence[tuple[str, str, str]]) -> str:
    """Fraction, text and feedback of each answer in Moodle's notation."""
    written = []
    for fraction, text, said in answers:
        mark = "=" if fraction == "100" else f"%{fraction}%"
        written.append(f"{mark}{text}" + (f"#{escaped(said)}" if said else ""))
    return "~".join(written)


def _number(part: Number, writer: MoodleWriter, notes: list[str]) -> tuple[str, str]:
    if part.unit:
        raise CoursewrightError(
            f'the gap "{part.name}" takes a unit, and gaps take bare numbers in Moodle',
            hint="write the unit behind the gap, or make it a question of its own",
        )
    listed = zip(part.answers, fractions(part.answers, notes), ranges(part, notes), strict=True)
    answers = [(each, f"{value}:{half}", _said(answer.feedback, writer)) for answer, each, (value, half) in listed]
    return "NUMERICAL", _alternatives(answers)


def _choice(part: Choice | Choices, writer: MoodleWriter, notes: list[str]) -> tuple[str, str]:
    shown = [writer.html(option.text, inline=True) for option in part.options]
    check_options(part, shown)
    listed = zip(part.options, shown, fractions(part.options, notes), strict=True)
    answers = [(each, escaped(html), _said(option.feedback, writer)) for option, html, each in listed]
    if isinstance(part, Choices):
        return "MULTIRESPONSE", _alternatives(answers)
    menu = not any("<" in html or "\\(" in html for html in shown)  # menus show letters only
    return "MULTICHOICE" if menu else "MULTICHOICE_V", _alternatives(answers)


def _text(part: Text, writer: MoodleWriter, notes: list[str]) -> tuple[str, str]:
    kept = texts(part, notes)
    listed = zip(kept, fractions([answer for answer, _ in kept], notes), strict=True)
    answers = [(each, escaped(text), _said(answer.feedback, writer)) for (answer, text), each in listed]
    return "SHORTANSWER_C" if part.case else "SHORTANSWER", _alternatives(answers)


def _said(feedback: Feedback, writer: MoodleWriter) -> str:
    return writer.html(first(feedback), inline=True) if feedback else ""


GAPS: dict[str, Callable[..., tuple[str, str]]] = {
    "number": _number,
    "choice": _choice,
    "choices": _choice,
    "text": _text,
}
"""What writes a gap of each kind: its type and its answers."""
