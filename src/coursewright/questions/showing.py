"""A variant as text for a terminal: what `coursewright ask` prints when no format is named."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coursewright.questions.marking.number import with_unit
from coursewright.questions.part import (
    Choice,
    Choices,
    Code,
    Essay,
    Feedback,
    Formula,
    Match,
    Number,
    Order,
    Part,
    Text,
)
from coursewright.questions.prose import Prose
from coursewright.questions.variant import Variant
from coursewright.questions.writing import markdown

_Said = Callable[[Prose], str]


def show(variant: Variant) -> str:
    """The variant as Markdown: what is asked, the answers and what they bring, the solution."""

    def said(prose: Prose) -> str:
        return markdown(prose, medium=lambda name: f"[{variant.medium(name).alt}]", gap="[[{}]]".format).strip()

    lines = [f"# {variant.title} ({variant.question}, variant {variant.who})", "", said(variant.text), ""]
    for part in variant.parts:
        lines += [f"## {part.name}", ""] if part.name else []
        lines += [*_answers(part, said), ""]
    lines += [f"*Hint {number}:* {said(hint)}\n" for number, hint in enumerate(variant.hints, start=1)]
    lines += [f"*Feedback:* {said(variant.feedback)}\n"] if variant.feedback else []
    lines += ["*Solution:*\n", said(variant.solution), ""] if variant.solution else []
    return "\n".join(lines)


def _answers(part: Part, said: _Said) -> Iterator[str]:
    """The answers as a question file lists them."""
    match part:
        case Match(pairs=pairs, choices=choices):
            yield from (f"- {said(pair.prompt)} -> {said(choices[pair.choice])}" for pair in pairs)
            used = {pair.choice for pair in pairs}
            yield from (f"- -> {said(choice)}" for at, choice in enumerate(choices) if at not in used)
        case Order(items=items, right=right):
            yield from (f"{number}. {said(items[at])}" for number, at in enumerate(right, start=1))
        case Essay(guide=guide):
            yield said(guide)
        case Code(cases=cases):
            yield from (f">>> {case.call}\n{case.expects}" for case in cases)
        case _:
            for text, fraction, feedback in _listed(part, said):
                yield f"- [{_mark(fraction)}] {text}"
                yield from (f"  > {said(each)}" for each in feedback)


def _listed(part: Choice | Choices | Number | Text | Formula, said: _Said) -> Iterator[tuple[str, float, Feedback]]:
    """The answers that have a fraction each."""
    match part:
        case Choice(options=options) | Choices(options=options):
            yield from ((said(option.text), option.fraction, option.feedback) for option in options)
        case Number(answers=answers, unit=unit):
            for number in answers:
                accepted = f"({number.low:.15g} to {number.high:.15g})"
                yield f"{with_unit(number.shown, unit)} {accepted}", number.fraction, number.feedback
        case Text(answers=answers):
            for text in answers:
                yield f"/{text.text}/" if text.regex else text.text, text.fraction, text.feedback
        case Formula(answers=answers):
            yield from ((formula.expression, formula.fraction, formula.feedback) for formula in answers)


def _mark(fraction: float) -> str:
    return {0.0: " ", 1.0: "x"}.get(fraction, f"{fraction * 100:.5g}%")
