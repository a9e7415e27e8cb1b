"""A variant as Markdown: what is asked, and what is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from textwrap import indent

from coursewright.markup import escape_markdown
from coursewright.questions.kind import Said
from coursewright.questions.kinds import kind_of, name_of
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.order import Order
from coursewright.questions.marking.typed import with_unit
from coursewright.questions.part import Code, Number, Part
from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.markup import markdown
from coursewright.questions.writing.prose import Prose


def said(variant: Variant, address: Callable[[Media], str]) -> Said:
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


def question(variant: Variant, say: Said) -> str:
    """What a learner sees."""
    offered = []
    for number, part in enumerate(variant.parts, start=1):
        text = "\n\n".join(filter(None, _offered(part, say)))
        offered.append(f"Gap {number}:\n\n{text}" if text and variant.kind == "cloze" else text)
    return "\n\n".join(filter(None, (say(variant.text), *offered)))


def _offered(part: Part, say: Said) -> Iterable[str]:
    """What there is to choose from, and how to answer; as it is shown elsewhere, where nothing is said of it here."""
    return _OFFERED.get(name_of(part), kind_of(part).offered)(part, say)


def _options(part: Choice | Choices, say: Said) -> Iterator[str]:
    if isinstance(part, Choices):
        yield "Choose all that are right."
    yield _listed([say(option.text) for option in part.options])


def _prompts(part: Match, say: Said) -> Iterator[str]:
    yield _listed([say(pair.prompt) for pair in part.pairs], "- ")
    yield "What belongs to each?"
    yield _listed([say(choice) for choice in part.choices])


def _items(part: Order, say: Said) -> Iterator[str]:
    yield "Put these in order."
    yield _listed([say(one) for one in part.items])


def _limits(part: Essay, _say: Said) -> Iterator[str]:
    limits = [f"at least {part.least}"] * bool(part.least) + [f"at most {part.most}"] * bool(part.most)
    if limits:
        yield f"Write {' and '.join(limits)} words."


def _unit(part: Number, _say: Said) -> Iterator[str]:
    if part.unit and part.unit_required:
        yield "Give the unit too."


def _code(part: Code, _say: Said) -> Iterator[str]:
    shown = [f">>> {case.call}\n{case.expects}" for case in part.cases if case.shown]
    yield f"Write the Python function `{part.function}`."
    if part.starter:
        yield fenced(part.starter, "python")
    if shown:
        yield fenced("\n".join(shown), "pycon")


_OFFERED: dict[str, Callable[..., Iterator[str]]] = {
    "choice": _options,
    "choices": _options,
    "match": _prompts,
    "order": _items,
    "essay": _limits,
    "number": _unit,
    "code": _code,
}


def fenced(text: str, language: str) -> str:
    """A block of code, whatever signs are in it."""
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def _listed(texts: Sequence[str], mark: str = "") -> str:
    rows = ((mark or f"{number}. ", text) for number, text in enumerate(texts, start=1))
    return "\n".join(head + indent(text, " " * len(head)).lstrip() for head, text in rows)


def answers(variant: Variant, say: Said) -> str:
    """The right answer of each part, what is said at the end, and the solution."""
    many = variant.kind == "cloze"
    right = [
        (f"Gap {number}: " if many else "") + _right(part, say) for number, part in enumerate(variant.parts, start=1)
    ]
    return "\n\n".join(filter(None, (*right, say(variant.feedback), say(variant.solution))))


def _right(part: Part, say: Said) -> str:
    if (write := _RIGHT.get(name_of(part))) is not None:
        return write(part, say)
    return "\n".join(kind_of(part).answers(part, say))


def _right_options(part: Choice | Choices, say: Said) -> str:
    numbered = enumerate(part.options, start=1)
    return _lines([f"({number}) {say(option.text)}" for number, option in numbered if option.right])


def _right_pairs(part: Match, say: Said) -> str:
    choices = part.choices
    return _lines([f"{say(pair.prompt)} – ({pair.choice + 1}) {say(choices[pair.choice])}" for pair in part.pairs])


_RIGHT: dict[str, Callable[..., str]] = {
    "choice": _right_options,
    "choices": _right_options,
    "number": lambda part, _say: escape_markdown(with_unit(part.answers[0].shown, part.unit)),
    "text": lambda part, _say: escape_markdown(part.answers[0].shown),
    "formula": lambda part, _say: f"${part.answers[0].tex}$",
    "match": _right_pairs,
    "order": lambda part, say: _lines([f"({at + 1}) {say(part.items[at])}" for at in part.right]),
    "essay": lambda part, say: say(part.guide),
    "code": lambda part, _say: fenced(part.model, "python") if part.model else "",
}


def _lines(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else "\n\n" + _listed(texts, "- ")
