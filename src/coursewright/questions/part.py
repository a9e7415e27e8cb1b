"""The noun inside a variant: a part, which is what a response is given to, with the rules that mark it.

The rules are data: `mark` obeys them, exporters write them down in a platform's own terms, and the self-marking page
reads them as JSON. A question has one part, a cloze question one for each gap. Fractions are of the part's points, from
-1 to 1.

The part of a kind stands in the kind's own file. Those of numbers, formulas and code stand here: their kinds are so
long that marking is a file of its own, between the part and the kind.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from coursewright.questions.reading.language import Point
from coursewright.questions.writing.prose import Prose

Feedback = tuple[Prose, ...]  # what is said the first time, the second …; the last one stands for all that follow


class Struct(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What every piece of a part is: frozen, and nothing in it that we do not know."""


class Part(Struct, frozen=True, tag_field="kind", kw_only=True):
    """What every part has. That of a kind is tagged with the kind's name."""

    name: str = ""  # the gap that the part fills; empty for a whole question
    points: float = 1.0


class Unit(Struct, frozen=True):
    """A unit that a response may be in: `value × factor + offset` is in the unit of the answer."""

    name: str
    factor: float = 1.0
    offset: float = 0.0


class NumberAnswer(Struct, frozen=True, kw_only=True):
    """A response from `low` to `high`, both included, in the unit of the answer; `shown` is what the author writes."""

    value: float
    low: float
    high: float
    shown: str
    fraction: float = 1.0
    feedback: Feedback = ()


class Number(Part, frozen=True, tag="number", kw_only=True):
    """A number. The first of `answers` that fits counts; the right one stands first.

    `unit` is the unit of the answers ("" for none) and `units` all those accepted, it included; where it is not
    `unit_required` a bare number is taken to be in it. With `significant` a response must have so many significant
    figures, or else it loses `significant_penalty` of its fraction. `point` is the decimal sign of the language.
    """

    answers: tuple[NumberAnswer, ...]
    unit: str = ""
    units: tuple[Unit, ...] = ()
    unit_required: bool = False
    significant: int | None = None
    significant_penalty: float = 0.5
    point: Point = "."


class FormulaAnswer(Struct, frozen=True, kw_only=True):
    """A formula in `expression` (SymPy's syntax) and as TeX; `results` are its values at the samples of the part.

    A result is None where the formula has no value; `near` is how far from each result a value may be. `factors` says
    how many irreducible factors with variables the formula has, above and below a line of division.
    """

    expression: str
    tex: str
    results: tuple[float | None, ...]
    near: tuple[float, ...] = ()
    factors: tuple[int, int] = (1, 0)
    fraction: float = 1.0
    feedback: Feedback = ()


class Formula(Part, frozen=True, tag="formula", kw_only=True):
    """A formula equal to the answer for all values of `variables`, each between its bounds.

    `samples` are values for the variables, a tuple a sample, where the formulas are compared. `form` is what it must
    look like; `must` and `must_not` are names of functions and signs ("sin", "^", "/") that it uses or does not.
    """

    answers: tuple[FormulaAnswer, ...]
    variables: tuple[str, ...]
    samples: tuple[tuple[float, ...], ...]
    form: Literal["", "expanded", "factorised", "simplified"] = ""
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()


class Case(Struct, frozen=True, kw_only=True):
    """A call and the value that it gives, both as Python; `shown` cases are told to learners beforehand."""

    call: str
    expects: str
    points: float = 1.0
    shown: bool = True


class Code(Part, frozen=True, tag="code", kw_only=True):
    """A Python function, tested by cases; `starter` is what learners begin with, `model` a function that passes."""

    function: str
    cases: tuple[Case, ...]
    starter: str = ""
    model: str = ""
    seconds: float = 5.0


Response = str | int | bool | list[int] | dict[str, int] | dict[str, object] | None
"""What a student gives: text for number, text, formula, essay and code; the option's number for choice; numbers for
choices; for match the number of the choice for each prompt, -1 for none; for order the items' numbers in the order
given. For a cloze question, a mapping of gap names to these. None and "" are blank. Numbers count from 0."""
