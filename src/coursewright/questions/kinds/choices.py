"""Any number of several options: each right one chosen brings its share, each wrong one takes one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

from coursewright.questions.drawing.draft import DraftAnswer, PartDraft, marked
from coursewright.questions.kind import Feature, Kind, as_it_is
from coursewright.questions.kinds.choice import (
    Option,
    PartWithOptions,
    answers,
    arranged,
    lists,
    nonsense,
    offered,
    right,
)
from coursewright.questions.marking.verdict import Verdict, said, verdict, whole, within
from coursewright.questions.part import Response


class Choices(PartWithOptions, frozen=True, tag="choices", kw_only=True):
    """Any number of options. The fractions of those chosen add up, never below 0.

    With `whole` only the exact set of right options counts, and the fractions of the options are not used.
    """

    whole: bool = False


class ChoicesSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """As for `choice`; `scoring` is by each option, or all or nothing.

    A right option brings its share, 1 / (right options), a wrong one costs as much (or 1 / (wrong options), if these
    are fewer), unless a percentage says otherwise: choosing everything brings nothing. `[0%]` costs nothing.
    """

    answer: str | int | float | bool | None = None
    options: int | None = None
    shuffle: bool = True
    scoring: Literal["each", "all"] = "each"


def build(draft: PartDraft) -> Choices:
    """The part. Raises CoursewrightError when nothing or everything is right."""
    given = marked(draft)
    right = [each for each in given if (each.mark or 0) > 0]
    wrong = [each for each in given if (each.mark or 0) <= 0]
    if not right:
        hint = "mark the right answers with [x]"
        raise draft.error("no answer is right", hint, "answer")
    shown = arranged(draft, right, wrong)
    options = tuple(_option(each, len(right), len(wrong)) for each in shown)
    total = sum(option.fraction for option in options if option.right)
    if draft.own.scoring == "each" and abs(total - 1) > 1e-6:
        raise draft.error(f"the right answers add up to {total:.0%}, not 100%", "change the percentages", "answer")
    return Choices(name=draft.name, points=draft.points, options=options, whole=draft.own.scoring == "all")


def _option(given: DraftAnswer, right: int, wrong: int) -> Option:
    mark = given.mark
    if mark is None:
        mark = -1 / max(1, min(right, wrong))
    elif mark == 1:
        mark = 1 / right
    return Option(text=given.prose, right=mark > 0, fraction=mark, feedback=given.feedback)


def mark(part: Choices, response: Response, attempt: int) -> Verdict:
    """The sum of the options' fractions, or with `whole` all or nothing."""
    if not isinstance(response, list):
        return verdict(0, note="not an option")
    numbers = {whole(number) for number in response}
    if not numbers <= set(range(len(part.options))):
        return verdict(0, note="not an option")
    chosen = [option for number, option in enumerate(part.options) if number in numbers]
    exact = float(numbers == set(right(part)))
    fraction = exact if part.whole else sum(option.fraction for option in chosen)
    return verdict(fraction, [words for option in chosen for words in said(option.feedback, attempt)])


def model(part: Choices) -> Response:
    """All the right options."""
    return right(part)


def declared(part: Choices) -> Iterator[tuple[Response, float]]:
    """Every option on its own, the right ones but for one, and all."""
    full = right(part)
    for number in range(len(part.options)):
        for numbers in ([number], [each for each in full if each != number], list(range(len(part.options)))):
            if numbers and numbers != full:
                yield numbers, 0.0 if part.whole else within(sum(part.options[each].fraction for each in numbers))


KIND: Kind[Choices] = Kind(
    settings=ChoicesSettings,
    part=Choices,
    build=build,
    mark=mark,
    model=model,
    declared=declared,
    nonsense=nonsense,
    lists=lists,
    right=right,
    offered=offered,
    answers=answers,
    features=(Feature("whole", "all or nothing for several options", lambda part: part.whole),),
    chosen="several",
    page=as_it_is,
)
