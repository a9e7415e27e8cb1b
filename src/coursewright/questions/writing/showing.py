"""A variant as Markdown: what `coursewright ask` prints when no format is named, and what a page's Markdown shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coursewright.markup import escape_markdown
from coursewright.questions.marking.typed import with_point, with_unit
from coursewright.questions.part import (
    Choice,
    Choices,
    Code,
    Description,
    Essay,
    Feedback,
    Formula,
    Match,
    Number,
    Order,
    Part,
    Text,
)
from coursewright.questions.variant import Variant
from coursewright.questions.writing.markup import markdown
from coursewright.questions.writing.prose import Prose

_Said = Callable[[Prose], str]


def show(variant: Variant) -> str:
    """The variant as Markdown for a terminal: what is asked, the answers and what they bring, hints and solution."""

    def said(prose: Prose) -> str:
        return markdown(prose, medium=lambda name: f"[{variant.medium(name).alt}]", gap="[[{}]]".format).strip()

    lines = [f"# {variant.title} ({variant.question}, variant {variant.who})", "", said(variant.text), ""]
    lines += _told(variant, said)
    return "\n".join(lines)


def asked_and_told(variant: Variant, address: Callable[[str], str]) -> tuple[str, str]:
    """The variant as Markdown for a page: what is asked, and what the answer is; `address` says where a medium is."""

    def picture(name: str) -> str:
        alt = escape_markdown(variant.medium(name).alt)
        sound = variant.medium(name).media_type.startswith("audio/")
        return f"[{alt}]({address(name)})" if sound else f"![{alt}]({address(name)})"

    def said(prose: Prose) -> str:
        return markdown(prose, medium=picture, gap=lambda name: rf"\[{name}\]").strip()

    return "\n".join([said(variant.text), "", *_offered(variant.part, said)]).strip(), "\n".join(_told(variant, said))


def _offered(part: Part, said: _Said) -> Iterator[str]:
    """What there is to choose from."""
    match part:
        case Choice(options=options) | Choices(options=options):
            yield from (f"- {said(option.text)}" for option in options)
        case Match(pairs=pairs, choices=choices):
            yield from (f"- {said(pair.prompt)}" for pair in pairs)
            yield "\n" + ", ".join(map(said, choices))
        case Order(items=items):
            yield from (f"- {said(item)}" for item in items)
        case Code(starter=starter) if starter:
            yield f"```python\n{starter.rstrip()}\n```"


def _told(variant: Variant, said: _Said) -> Iterator[str]:
    for part in variant.parts:
        yield from [f"## {part.name}", ""] if part.name else []
        yield from (*_answers(part, said), "")
    yield from (f"*Hint {number}:* {said(hint)}\n" for number, hint in enumerate(variant.hints, start=1))
    yield from [f"*Feedback:* {said(variant.feedback)}\n"] if variant.feedback else []
    yield from ["*Solution:*\n", said(variant.solution), ""] if variant.solution else []


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
        case Description():
            return
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
        case Number(answers=answers, unit=unit, point=point):
            for number in answers:
                around = f" ({number.low:.15g} to {number.high:.15g})" if number.low < number.high else ""
                yield f"{with_unit(number.shown, unit)}{with_point(around, point)}", number.fraction, number.feedback
        case Text(answers=answers):
            for text in answers:
                yield f"/{text.text}/" if text.regex else text.text, text.fraction, text.feedback
        case Formula(answers=answers):
            yield from ((formula.expression, formula.fraction, formula.feedback) for formula in answers)


def _mark(fraction: float) -> str:
    return {0.0: " ", 1.0: "x"}.get(fraction, f"{fraction * 100:.5g}%")
