"""One variant as an item, with the names of QTI 3."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape

from coursewright.questions.export import FormatLimits, Limit
from coursewright.questions.exporters._markup import legal, number, tag
from coursewright.questions.exporters._package import media_path
from coursewright.questions.exporters._qti.frame import PartFrame, QtiPart
from coursewright.questions.exporters._qti.parts import WRITERS, write_part
from coursewright.questions.exporters._qti.rules import assign, value, variable
from coursewright.questions.formulas.tex import mathml
from coursewright.questions.kinds import kind_of
from coursewright.questions.marking.ways import WITH_UNIT
from coursewright.questions.variant import Variant
from coursewright.questions.writing.markup import MarkupDialect, html

_ONE_TRY = "an item is answered once: few players of QTI keep count of tries inside an item"
_INLINE = "a gap in a text can only be a number, a text or a menu in QTI"
_SAID = {
    "formula": Limit("QTI cannot compare formulas", refused=True),
    "code": Limit("QTI runs no code", refused=True),
    "hints": Limit(_ONE_TRY),
    "tries": Limit(_ONE_TRY),
    "penalty": Limit(_ONE_TRY),
    "feedback by try": Limit(_ONE_TRY + "; the first feedback is given"),
    "unit": Limit("a response with a unit cannot be computed with: the unit is shown, and the response is a number"),
    "units": Limit("QTI converts no units: the unit of the answer is shown, and the response is in it"),
    "significant": Limit("QTI knows a number's value, not how it was written", refused=True),
    "distance": Limit("QTI has no distance of spelling: slips would be marked wrong", refused=True),
    "form": Limit("QTI cannot compare formulas", refused=True),
    "tags": Limit("QTI keeps tags in metadata of LOM, which few platforms read"),
}
LIMITS = FormatLimits(
    _SAID,
    kinds=(*WRITERS, "truefalse", "cloze"),
    no_kind=Limit("QTI has no questions of this kind", refused=True),
    gaps=("number", "text", "choice"),
    no_gap=Limit(_INLINE, refused=True),
)
"""What neither version of QTI can express."""
_PLAYER = "a number is one of XML Schema's: digits with a point, and e"
_BARE = "a response is a bare number, and the unit is shown behind the box"
NOT_READ = {
    **dict.fromkeys(("minus", "commas", "spaces", "narrow", "comma", "times", "raised", "alone"), _PLAYER),
    **dict.fromkeys(WITH_UNIT, _BARE),
}
"""Ways to type a number that a player of QTI may take for another one, or for none."""

_FOREIGN = re.compile(r'<(/?)(?:s|del)>|<ol start="\d+">|(?<=") title="[^"]*"(?=[ />])')


def write_item(variant: Variant) -> tuple[str, tuple[str, ...]]:
    """The item without its root's attributes, and what was mended."""
    frames = _frames(variant, _dialect(variant))
    parts = {part.name: write_part(part, frame) for part, frame in zip(variant.parts, frames, strict=True)}
    dialect = _dialect(variant, {name: part.interaction for name, part in parts.items()})
    text = html(variant.text, dialect)
    if variant.kind != "cloze":
        text = tag("div", text) + "".join(part.interaction for part in parts.values())
    end = [prose for prose in (variant.feedback, variant.solution) if prose]
    said = [(name, html(prose, dialect)) for frame in frames for name, prose in frame.said]
    if end:
        said.append(("FEEDBACK_END", "".join(tag("div", html(prose, dialect)) for prose in end)))
    written = (
        "".join(part.declaration for part in parts.values())
        + _outcomes(variant, frames, [name for name, _ in said])
        + tag("qti-item-body", text if variant.kind != "cloze" else tag("div", text))
        + _processing(variant, frames, parts, ends=bool(end))
        + "".join(_modal(name, text) for name, text in said)
    )
    notes = [note for frame in frames for note in frame.notes]
    if _FOREIGN.search(written):
        notes.append("struck text, titles of links and lists from another number than 1 are written without these")
        written = _FOREIGN.sub(_plainer, written)
    return legal(written), tuple(dict.fromkeys(notes))


def _plainer(found: re.Match[str]) -> str:
    if found[0].startswith("<ol"):
        return "<ol>"
    return f"<{found[1]}span>" if found[0].startswith("<") else ""


def _frames(variant: Variant, dialect: MarkupDialect) -> list[PartFrame]:
    if variant.kind != "cloze":
        return [PartFrame("RESPONSE", "SCORE", variant.points, dialect, gap=False)]
    total = sum(part.points for part in variant.parts)
    return [
        PartFrame(f"RESPONSE_{n}", f"SCORE_{n}", variant.points * part.points / total, dialect, gap=True)
        for n, part in enumerate(variant.parts, start=1)
    ]


def _dialect(variant: Variant, gaps: dict[str, str] | None = None) -> MarkupDialect:
    def medium(name: str) -> str:
        found = variant.medium(name)
        path, alt = escape("../" + media_path(found)), escape(found.alt)
        if found.media_type.startswith("audio/"):
            written = f'<object data="{path}" type="{escape(found.media_type)}">{alt}</object>'
        else:
            written = f'<img src="{path}" alt="{alt}"/>'
        return f"{written}<br/><em>{escape(found.caption)}</em>" if found.caption else written

    known = gaps or {}
    return MarkupDialect(maths=mathml, medium=medium, gap=lambda name: known.get(name, f"[{escape(name)}]"))


def _outcomes(variant: Variant, frames: list[PartFrame], said: list[str]) -> str:
    people = {"external_scored": "human"} if kind_of(variant.parts[0]).by_person else {}
    written = [
        tag(
            "qti-outcome-declaration",
            _default(0.0),
            identifier="SCORE",
            cardinality="single",
            base_type="float",
            normal_maximum=number(variant.points),
            normal_minimum="0",
            **people,
        ),
        _outcome("MAXSCORE", "float", _default(variant.points)),
    ]
    on_the_way = [name for frame in frames for name in (frame.outcome, *frame.counted) if name != "SCORE"]
    written += [_outcome(name, "float", _default(0.0)) for name in on_the_way]
    return "".join(written + [_outcome(name, "identifier") for name in said])


@lru_cache(maxsize=1024)
def _default(points: float) -> str:
    return tag("qti-default-value", tag("qti-value", number(points)))


@lru_cache(maxsize=4096)
def _outcome(name: str, kind: str, default: str = "") -> str:
    return tag("qti-outcome-declaration", default, identifier=name, cardinality="single", base_type=kind)


def _processing(variant: Variant, frames: list[PartFrame], parts: dict[str, QtiPart], *, ends: bool) -> str:
    rules = "".join(part.rules for part in parts.values())
    if variant.kind == "cloze":
        rules += assign("SCORE", tag("qti-sum", *(variable(frame.outcome) for frame in frames)))
    if ends:
        rules += assign("FEEDBACK_END", value("identifier", "said"))
    return tag("qti-response-processing", rules) if rules else ""


def _modal(outcome: str, text: str) -> str:
    return tag(
        "qti-modal-feedback",
        tag("qti-content-body", text),
        outcome_identifier=outcome,
        identifier="said",
        show_hide="show",
    )
