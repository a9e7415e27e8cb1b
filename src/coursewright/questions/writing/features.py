"""What a variant asks of a format: names for everything that some format may be unable to express."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from coursewright.questions.kinds import KINDS, gap_kinds, kind_called, kind_of, name_of
from coursewright.questions.part import Part
from coursewright.questions.variant import Variant
from coursewright.questions.writing.prose import Prose, ProseGrid, Tex

GAP = "cloze "  # before the name of a kind: the feature of having gaps of it
_OF_ALL = {
    "hints": "a hint after each wrong try",
    "tries": "several tries",
    "penalty": "a penalty for each wrong try",
    "feedback": "feedback for single answers",
    "feedback by try": "other feedback when the same answer is given again",
    "general feedback": "feedback whatever the answer is",
    "solution": "a worked solution",
    "maths": "formulas in the text",
    "table": "tables",
    "picture": "pictures",
    "sound": "sounds",
    "tags": "tags",
}
"""What questions of all kinds may have."""


@cache
def all_features() -> dict[str, str]:
    """Everything that a format may be unable to express, in words."""
    of_kinds = (each for name in KINDS for each in kind_called(name).features)
    return {
        **{name: f"questions of the kind {name}" for name in KINDS},
        **{
            GAP + name: f"gaps of the kind {name}"
            for name in gap_kinds()
            if kind_called(name).part.__struct_config__.tag == name
        },
        **_OF_ALL,
        **{each.name: each.words for each in of_kinds},
    }


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
                yield GAP + name_of(part)
            yield from self.of_part(part)
        for prose in _proses(variant):
            yield from self.of_prose(prose)

    @staticmethod
    def of_part(part: Part) -> Iterator[str]:
        yield from (feature.name for feature in kind_of(part).features if feature.asked(part))
        answers = (*getattr(part, "answers", ()), *getattr(part, "options", ()))
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
        for texts in kind_of(part).lists(part):
            yield from texts


def features(variant: Variant) -> frozenset[str]:
    """The features of `all_features` that a format must have to carry `variant` over completely."""
    return frozenset(_Features(variant).all())
