"""A variant as Markdown: what is asked, and what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import indent

from coursewright.markup import escape_markdown
from coursewright.questions.marking.typed import with_unit
from coursewright.questions.part import (
    Choice,
    Choices,
    Code,
    Essay,
    Formula,
    Match,
    Number,
    Order,
    Part,
    Text,
)
from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.markup import markdown
from coursewright.questions.writing.prose import Prose

_Said = Callable[[Prose], str]


def said(variant: Variant, address: Callable[[Media], str]) -> _Said:
    """A function that writes prose of the variant; `address` gives what a picture or sound is linked to."""
    gaps = {part.name: number for number, part in enumerate(variant.parts, start=1)}

    def medium(name: str) -> str:
        shown = variant.medium(name)
        words = escape_markdown(shown.alt)
        link = f"[{words}]({address(shown)})" if address(shown) else words
        picture = shown.media_type.startswith("image/") and address(shown)
        caption = f" *{escape_markdown(shown.caption)}*" if shown.caption else ""
        return f"!{link}{caption}" if picture else f"{link}{caption}"

    def write(prose: Prose) -> str:
        return markdown(prose, medium=medium, gap=lambda name: f"({gaps.get(name, name)}) \\_\\_\\_\\_").strip()

    return write


def question(variant: Variant, say: _Said) -> str:
    """What a learner sees."""
    offered = []
    for number, part in enumerate(variant.parts, start=1):
        text = "\n\n".join(filter(None, _offered(part, say)))
        offered.append(f"Gap {number}:\n\n{text}" if text and variant.kind == "cloze" else text)
    return "\n\n".join(filter(None, (say(variant.text), *offered)))


def _offered(part: Part, say: _Said) -> Iterator[str]:
    match part:
        case Choice(options=options):
            yield _listed([say(option.text) for option in options])
        case Choices(options=options):
            yield "Choose all that are right."
            yield _listed([say(option.text) for option in options])
        case Match(pairs=pairs, choices=choices):
            yield _listed([say(pair.prompt) for pair in pairs], "- ")
            yield "What belongs to each?"
            yield _listed([say(choice) for choice in choices])
        case Order(items=items):
            yield "Put these in order."
            yield _listed([say(one) for one in items])
        case Essay(least=least, most=most) if least or most:
            limits = [f"at least {least}"] * bool(least) + [f"at most {most}"] * bool(most)
            yield f"Write {' and '.join(limits)} words."
        case Number(unit=unit, unit_required=True) if unit:
            yield "Give the unit too."
        case Code():
            yield from _code(part)


def _code(part: Code) -> Iterator[str]:
    shown = [f">>> {case.call}\n{case.expects}" for case in part.cases if case.shown]
    yield f"Write the Python function `{part.function}`."
    if part.starter:
        yield fenced(part.starter, "python")
    if shown:
        yield fenced("\n".join(shown), "pycon")


def fenced(text: str, language: str) -> str:
    """A block of code, whatever signs are in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _listed(texts: Sequence[str], mark: str = "") -> str:
    rows = ((mark or f"{number}. ", text) for number, text in enumerate(texts, start=1))
    return "\n".join(head + indent(text, " " * len(head)).lstrip() for head, text in rows)


def answers(variant: Variant, say: _Said) -> str:
    """The right answer of each part, what is said at the end, and the solution."""
    many = variant.kind == "cloze"
    right = [
        (f"Gap {number}: " if many else "") + _right(part, say) for number, part in enumerate(variant.parts, start=1)
    ]
    return "\n\n".join(filter(None, (*right, say(variant.feedback), say(variant.solution))))


def _right(part: Part, say: _Said) -> str:
    right = ""
    match part:
        case Choice(options=options) | Choices(options=options):
            numbered = enumerate(options, start=1)
            right = _lines([f"({number}) {say(option.text)}" for number, option in numbered if option.right])
        case Number(answers=(first, *_), unit=unit):
            right = escape_markdown(with_unit(first.shown, unit))
        case Text(answers=(first, *_)):
            right = escape_markdown(first.shown)
        case Formula(answers=(first, *_)):
            right = f"${first.tex}$"
        case Match(pairs=pairs, choices=choices):
            right = _lines([f"{say(pair.prompt)} – ({pair.choice + 1}) {say(choices[pair.choice])}" for pair in pairs])
        case Order(items=items, right=order):
            right = _lines([f"({at + 1}) {say(items[at])}" for at in order])
        case Essay(guide=guide):
            right = say(guide)
        case Code(model=model) if model:
            right = fenced(model, "python")
    return right


def _lines(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else "\n\n" + _listed(texts, "- ")
