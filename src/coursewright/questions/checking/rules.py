"""What every variant of a question must keep to: each rule gives what is wrong, and how it is put right."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from coursewright.questions.checking.alike import as_read
from coursewright.questions.kind import Found
from coursewright.questions.kinds import kind_of
from coursewright.questions.marking.code import behind_what_there_is
from coursewright.questions.marking.marks import declared, mark_part, model, nonsense
from coursewright.questions.part import Part
from coursewright.questions.variant import Variant
from coursewright.questions.writing.prose import Prose, plain

_SLACK = 1e-6
_UNFILLED = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_OTHERS = re.compile(r"(?<!\\)\{%.*?%\}", re.DOTALL)


def _no_placeholder(variant: Variant) -> Found:
    for prose in (variant.text, variant.solution, variant.feedback, *variant.hints):
        said = (value for value in prose.values if isinstance(value, str))
        # Braces of the author's are filled in, or stand behind a backslash and are meant; %} of another tool is not.
        left = next(filter(None, map(_UNFILLED.search, said)), None) or _OTHERS.search(prose.markdown)
        if left:
            yield f'"{left[0]}" was not filled in', "write {{ and }} around a Python expression"
        bad = next(
            (value for value in prose.values if isinstance(value, str) and value in ("nan", "None", "inf", "-inf")),
            None,
        )
        if bad:
            yield f'it says "{bad}"', "require() another draw, or test for it in the code"


def _alternative_text(variant: Variant) -> Found:
    for medium in variant.media:
        if not medium.alt.strip():
            yield f'the picture "{medium.name}" has no alternative text', "say in words what it shows"


def _given_away(variant: Variant) -> Found:
    text = plain(variant.text).casefold()
    for part in variant.parts:
        answer, others = kind_of(part).spelt(part)
        if answer and _stands_in(answer, text) and not any(_stands_in(other, text) for other in others):
            yield f'the text of the question says the answer, "{answer}"', "ask for something that is not in the text"


def _stands_in(answer: str, text: str) -> bool:
    return re.search(rf"(?<![\w.,]){re.escape(answer.casefold())}(?![\w]|[.,]\d)", text) is not None


def _different(part: Part) -> Found:
    """No two options or answers that are the same to a reader."""
    shown, *_ = *kind_of(part).lists(part), ()
    known: dict[object, str] = {}
    for prose in shown:
        text, value = plain(prose), _as_read(prose)
        if value in known:
            message = f'two answers are the same: "{known[value]}" and "{text}"'
            yield message, "require() that they differ, or take the distinct ones"
        known.setdefault(value, text)


def _as_read(prose: Prose) -> object:
    read = as_read(prose)
    return read.casefold() if isinstance(read, str) else read


def _apart(part: Part) -> Found:
    """No wrong answer that is the right one after rounding, or with its slips of spelling forgiven."""
    return kind_of(part).apart(part)


def _marked_as_declared(part: Part) -> Found:
    kind = kind_of(part)
    if kind.by_person or not kind.asks:
        return
    full = mark_part(part, model(part), run=behind_what_there_is)
    if full.fraction is None or not math.isclose(full.fraction, 1, abs_tol=_SLACK):
        said = f" ({full.note})" if full.note else ""
        yield (
            f"the right answer is marked {full.fraction:.0%}{said}"
            if full.fraction is not None
            else f"it cannot be marked{said}",
            "write it in the form that is asked for, with the signs and functions that must be there"
            if full.note == "form"
            else "",
        )
    for response, fraction in declared(part):
        got = mark_part(part, response).fraction
        if got is None or not math.isclose(got, fraction, abs_tol=_SLACK):
            yield (
                f"the response {response!r} is marked {got:.0%}, not {fraction:.0%} as declared",
                "look which answer comes first",
            )
    for response in nonsense(part):
        got = mark_part(part, response, run=behind_what_there_is).fraction
        if got:
            yield f"the response {response!r} is marked {got:.0%}, and it is nonsense", kind.stricter(part)


OF_VARIANTS: dict[str, Callable[[Variant], Found]] = {
    "placeholder": _no_placeholder,
    "alternative-text": _alternative_text,
    "given-away": _given_away,
}
OF_PARTS: dict[str, Callable[[Part], Found]] = {
    "different": _different,
    "apart": _apart,
    "declared": _marked_as_declared,
}
"""The rules for parts of all kinds; after these a kind has its own."""
