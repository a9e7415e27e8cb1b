"""A variant as Markdown: what `coursewright ask` prints when no format is named, and what a page's Markdown shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from coursewright.markup import escape_markdown
from coursewright.questions.kind import Said
from coursewright.questions.kinds import kind_of
from coursewright.questions.variant import Variant
from coursewright.questions.writing.markup import markdown
from coursewright.questions.writing.prose import Prose


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

    return "\n".join([said(variant.text), "", *kind_of(variant.part).offered(variant.part, said)]).strip(), "\n".join(
        _told(variant, said)
    )


def _told(variant: Variant, said: Said) -> Iterator[str]:
    for part in variant.parts:
        yield from [f"## {part.name}", ""] if part.name else []
        yield from (*kind_of(part).answers(part, said), "")
    yield from (f"*Hint {number}:* {said(hint)}\n" for number, hint in enumerate(variant.hints, start=1))
    yield from [f"*Feedback:* {said(variant.feedback)}\n"] if variant.feedback else []
    yield from ["*Solution:*\n", said(variant.solution), ""] if variant.solution else []
