"""What a variant asks of a format: names for everything that some format may be unable to express."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from coursewright.questions.part import Choice, Choices, Formula, Match, Number, Order, Part, Text
from coursewright.questions.variant import Variant
from coursewright.questions.writing.prose import Prose, ProseGrid, Tex

FEATURES = {
    **{
        kind: f"questions of the kind {kind}"
        for kind in ("number", "choice", "choices", "truefalse", "text", "formula")
    },
    **{kind: f"questions of the kind {kind}" for kind in ("match", "order", "cloze", "essay", "description", "code")},
    **{f"cloze {kind}": f"gaps of the kind {kind}" for kind in ("number", "choice", "choices", "text", "formula")},
    **{f"cloze {kind}": f"gaps of the kind {kind}" for kind in ("match", "order", "essay", "code")},
    "hints": "a hint after each wrong try",
    "tries": "several tries",
    "penalty": "a penalty for each wrong try",
    "feedback": "feedback for single answers",
    "feedback by try": "other feedback when the same answer is given again",
    "general feedback": "feedback whatever the answer is",
    "solution": "a worked solution",
    "unit": "a unit",
    "units": "other units, converted",
    "significant": "a number of significant figures",
    "weights": "answers that are partly right",
    "any right": "several right options, any one of which is enough",
    "whole": "all or nothing for several options",
    "whole order": "all or nothing for an order",
    "extra choices": "choices that belong to no prompt",
    "wildcard": "a pattern for a text of which parts may be anything",
    "regex": "any other pattern for a text",
    "case": "capitals that count",
    "accents": "accents that do not count",
    "distance": "slips of spelling forgiven",
    "form": "a form that a formula must have",
    "maths": "formulas in the text",
    "table": "tables",
    "picture": "pictures",
    "sound": "sounds",
    "tags": "tags",
}
"""Everything that a format may be unable to express, in words."""


@dataclass(frozen=True)
class _Features:
    """What a variant asks of a format."""

    variant: Variant

    def all(self) -> Iterator[str]:
        variant = self.variant
        yield variant.kind
        given = {
            "hints": variant.hints,
            "tries": variant.tries > 1,
            "penalty": variant.penalty and variant.tries > 1,
            "general feedback": variant.feedback,
            "solution": variant.solution,
            "tags": variant.tags,
            "picture": any(medium.media_type.startswith("image/") for medium in variant.media),
            "sound": any(medium.media_type.startswith("audio/") for medium in variant.media),
        }
        yield from (feature for feature, has in given.items() if has)
        for part in variant.parts:
            if variant.kind == "cloze":
                yield f"cloze {type(part).__name__.lower()}"
            yield from self.of_part(part)
        for prose in _proses(variant):
            yield from self.of_prose(prose)

    @staticmethod
    def of_part(part: Part) -> Iterator[str]:
        rules = {
            "any right": isinstance(part, Choice) and sum(option.right for option in part.options) > 1,
            "whole": isinstance(part, Choices) and part.whole,
            "whole order": isinstance(part, Order) and part.whole,
            "unit": isinstance(part, Number) and part.unit,
            "units": isinstance(part, Number) and len(part.units) > 1,
            "significant": isinstance(part, Number) and part.significant,
            "extra choices": isinstance(part, Match) and len(part.choices) > len({pair.choice for pair in part.pairs}),
            "wildcard": isinstance(part, Text) and any(each.regex and each.wild is not None for each in part.answers),
            "regex": isinstance(part, Text) and any(each.regex and each.wild is None for each in part.answers),
            "case": isinstance(part, Text) and part.case,
            "accents": isinstance(part, Text) and not part.accents,
            "distance": isinstance(part, Text) and part.distance,
            "form": isinstance(part, Formula) and (part.form or part.must or part.must_not),
        }
        yield from (feature for feature, has in rules.items() if has)
        answers = (*getattr(part, "answers", ()), *getattr(part, "options", ()))
        if not isinstance(part, Choices) and any(answer.fraction not in (0, 1) for answer in answers):
            yield "weights"
        said = [answer.feedback for answer in (*answers, *getattr(part, "pairs", ()))]
        yield from ["feedback"] * any(said) + ["feedback by try"] * any(len(feedback) > 1 for feedback in said)

    @staticmethod
    def of_prose(prose: Prose) -> Iterator[str]:
        if "$" in prose.markdown or any(isinstance(value, Tex) for value in prose.values):
            yield "maths"
        if (
            "|--" in prose.markdown
            or "| -" in prose.markdown
            or any(isinstance(value, ProseGrid) for value in prose.values)
        ):
            yield "table"


def _proses(variant: Variant) -> Iterator[Prose]:
    yield from (variant.text, variant.feedback, variant.solution, *variant.hints)
    for part in variant.parts:
        for option in getattr(part, "options", ()):
            yield option.text


def features(variant: Variant) -> frozenset[str]:
    """The features of `FEATURES` that a format must have to carry `variant` over completely."""
    return frozenset(_Features(variant).all())
