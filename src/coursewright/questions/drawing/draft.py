"""What a kind builds its part from: one draw of a question, its answers filled in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random
from typing import Any

from coursewright.errors import CoursewrightError, Place
from coursewright.questions.part import Feedback
from coursewright.questions.reading.language import Point
from coursewright.questions.reading.template import Template
from coursewright.questions.writing.prose import Prose, plain

_NOTHING = Prose("")


@dataclass(frozen=True, slots=True)
class MarkedValue:
    """A value with its mark: what `right(…)`, `wrong(…)` and `partly(…)` in a question's code give."""

    value: Any
    mark: float | None
    feedback: str = ""


def right(value: object, feedback: str = "") -> MarkedValue:
    """A right answer."""
    return MarkedValue(value, 1.0, feedback)


def wrong(value: object, feedback: str = "") -> MarkedValue:
    """A wrong answer."""
    return MarkedValue(value, None, feedback)


def partly(mark: float, value: object, feedback: str = "") -> MarkedValue:
    """An answer that brings the fraction `mark` of the points."""
    return MarkedValue(value, float(mark), feedback)


@dataclass(frozen=True, slots=True)
class DraftAnswer:
    """One answer of a draw: its value as the code has it, how it is shown, its mark (None: wrong) and feedback.

    It is `fixed` when the author wrote it without an expression, and `open` when nobody said whether it is right: it is
    when it is the question's answer.
    """

    value: Any
    prose: Prose
    mark: float | None
    feedback: Feedback
    line: int | None = None
    fixed: bool = False
    open: bool = False

    @property
    def text(self) -> str:
        """How it is shown, on one line."""
        return plain(self.prose)


@dataclass(frozen=True)
class PartDraft:
    """A part in the making: `name` is its gap's, `own` its kind's settings, `given` its answers in the author's order.

    `values` are the names of the question's code; `stream` is the part's own stream; `fill` gives the prose and the
    value of a template; `point` is the decimal sign of the course's language.
    """

    name: str
    points: float
    own: Any
    given: Sequence[DraftAnswer]
    values: Mapping[str, Any]
    stream: Random
    place: Callable[[str], Place]
    fill: Callable[[Template], tuple[Prose, Any]]
    show: Callable[[object], Prose]
    setting: Callable[[str, str], Any]
    templates: Sequence[Template] = ()
    guide: Prose = _NOTHING
    blocks: Mapping[str, str] | None = None
    point: Point = "."

    @property
    def answer(self) -> Any:
        """The right answer: the setting `answer`, else what the code calls by the gap's name or `answer`; or None."""
        said = getattr(self.own, "answer", None)
        if said is not None:
            return self.setting("answer", said) if isinstance(said, str) else said
        return self.values.get(self.name or "answer")

    def error(self, message: str, hint: str = "", key: str = "", line: int | None = None) -> CoursewrightError:
        """A problem of the part: at a line, at a key of the front matter, or in the answers."""
        where = Place(self.place("").file, line) if line else self.place(key)
        return CoursewrightError(message, where, hint)


def marked(draft: PartDraft) -> list[DraftAnswer]:
    """The answers with the marks that they have; the right ones stand first, and `answer` is one of them."""
    answer = draft.answer
    if answer is None:
        return sorted(draft.given, key=lambda each: each.mark != 1)
    answers = answer if isinstance(answer, list | tuple | set) else [answer]
    shown = [draft.show(each) for each in answers]
    texts = {plain(prose) for prose in shown}
    said = [replace(g, mark=1.0) if g.open and g.text in texts else g for g in draft.given]
    have = {g.text for g in said if g.mark == 1}
    written = getattr(draft.own, "answer", None)
    fixed = isinstance(written, str) and "{{" not in written
    new = [DraftAnswer(v, p, 1.0, (), fixed=fixed) for v, p in zip(answers, shown, strict=True) if plain(p) not in have]
    return sorted([*new, *said], key=lambda each: each.mark != 1)


def decimal(value: object) -> Decimal:
    """A number as people write it: 0.1 is one tenth and nothing beside it."""
    return Decimal(repr(float(value)) if isinstance(value, float) else str(value))
