"""Canvas: a package of QTI 1.2 as its importers take it, with a group for each question that draws one variant."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from coursewright.questions.export import FormatLimits, Item, Limit, Quiz
from coursewright.questions.exporters._canvas.package import write_package
from coursewright.questions.exporters._canvas.parts import WRITERS, CanvasItem, material, when, write_gaps, write_part
from coursewright.questions.exporters._markup import legal, number, tag
from coursewright.questions.exporters._package import media_files, media_path, ncname
from coursewright.questions.formulas.tex import mathml
from coursewright.questions.marking.ways import WITH_UNIT
from coursewright.questions.variant import Variant
from coursewright.questions.writing.markup import MarkupDialect, html, html_parts

TITLE = "Canvas (QTI 1.2)"
SPLITS = True

_TRIES = "in Canvas tries belong to the whole quiz"
_BLANKS = "a gap in Canvas is a text or a menu"
_SAID = {
    "formula": Limit("Canvas compares no formulas with letters in them", refused=True),
    "code": Limit("Canvas runs no code", refused=True),
    **{name: Limit("Canvas's Classic Quizzes have no ordering", refused=True) for name in ("order", "whole order")},
    "cloze number": Limit(_BLANKS + ": a number would be compared as text", refused=True),
    "hints": Limit(_TRIES),
    "tries": Limit(_TRIES),
    "penalty": Limit(_TRIES),
    "feedback": Limit("Canvas keeps it for options and pairs; it would take a wrong number or text for a right one"),
    "feedback by try": Limit(_TRIES + ": the first feedback is given"),
    "unit": Limit("Canvas takes numbers without units: the unit is shown below the text"),
    "units": Limit("Canvas converts no units: the unit of the answer is shown, and the response is in it"),
    "significant": Limit("Canvas does not look at how a number is written", refused=True),
    "weights": Limit("Canvas knows right and wrong: what gives some points would give all", refused=True),
    "whole": Limit("Canvas gives points for each option that is right", refused=True),
    "any right": Limit("Canvas takes one right option", refused=True),
    "wildcard": Limit("Canvas's Classic Quizzes have no patterns", refused=True),
    "regex": Limit("Canvas's Classic Quizzes have no patterns", refused=True),
    "case": Limit("Canvas ignores capitals", refused=True),
    "accents": Limit("Canvas compares accents: the text is accepted with all its accents or with none"),
    "distance": Limit("Canvas has no distance of spelling: slips would be marked wrong", refused=True),
    "form": Limit("Canvas compares no formulas", refused=True),
    "sound": Limit("Canvas drops players: a link to the file stands in its place"),
    "tags": Limit("Canvas's import has no tags"),
}
LIMITS = FormatLimits(
    _SAID,
    kinds=(*WRITERS, "truefalse", "cloze"),
    no_kind=Limit("Canvas has no questions of this kind", refused=True),
    gaps=("choice", "text"),
    no_gap=Limit(_BLANKS, refused=True),
)

_DIGITS = "Canvas's box for numbers is sure to take digits, a point and a sign only"
_BARE = "a response is a bare number, and the unit is shown below the text"
NOT_READ = {
    **dict.fromkeys(("bare point", "minus", "commas", "spaces", "narrow", "comma"), _DIGITS),
    "e": "Canvas's Classic Quizzes work powers of ten out, to four decimals: 1e-5 is 0 there",
    **dict.fromkeys(("times", "raised", "alone"), _DIGITS),
    **dict.fromkeys(WITH_UNIT, _BARE),
}
"""Ways to type a number that Canvas may take for another one, or for none."""


def item(variant: Variant) -> Item:
    """The variant as an item of Canvas's QTI 1.2."""
    names = {part.name: f"gap{index}" for index, part in enumerate(variant.parts, start=1)}
    draft = CanvasItem(_dialect(variant, names))
    if variant.kind == "cloze":
        write_gaps(variant.parts, list(names.values()), draft)
    else:
        write_part(variant.part, draft)
    parts = html_parts(variant.text, draft.dialect)
    text = "".join(part if kind == "gap" else part.replace("[", "&#91;") for part, kind in parts)
    end = "".join(html(prose, draft.dialect) for prose in (variant.feedback, variant.solution) if prose)
    said = [("general_fb", end)] * bool(end) + [(name, html(prose, draft.dialect)) for name, prose in draft.said]
    show = tag("displayfeedback", feedbacktype="Response", linkrefid="general_fb")
    # New Quizzes takes a short answer with a condition "other" for an essay; the feedback is found without it
    general = when(tag("other"), show, go_on=True) if end and draft.kind != "short_answer_question" else ""
    score = tag("decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
    body = tag(
        "item",
        _metadata(question_type=draft.kind, points_possible=number(variant.points)),
        tag("presentation", material(f"<div>{text}{draft.under_text}</div>"), draft.shown),
        tag("resprocessing", tag("outcomes", score), general, draft.rules),
        *(_feedback(name, written) for name, written in said),
        ident=ncname(variant.ident),
        title=" ".join(variant.title.split()),
    )
    return Item.of(variant, legal(body), files=media_files(variant), notes=tuple(dict.fromkeys(draft.notes)))


def _dialect(variant: Variant, names: dict[str, str]) -> MarkupDialect:
    def medium(name: str) -> str:
        found = variant.medium(name)
        path, alt = f"$IMS-CC-FILEBASE$/{media_path(found)}", escape(found.alt)
        picture = found.media_type.startswith("image/")
        written = f'<img src="{path}" alt="{alt}" />' if picture else f'<a href="{path}">{alt}</a>'
        return f"{written}<br /><em>{escape(found.caption)}</em>" if found.caption else written

    return MarkupDialect(maths=mathml, medium=medium, gap=lambda name: f"[{names[name]}]")


def _metadata(**fields: str) -> str:
    written = (
        tag("qtimetadatafield", tag("fieldlabel", label), tag("fieldentry", entry)) for label, entry in fields.items()
    )
    return tag("itemmetadata", tag("qtimetadata", *written))


def _feedback(name: str, written: str) -> str:
    return tag("itemfeedback", tag("flow_mat", material(f"<div>{written}</div>")), ident=name)


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME-canvas.zip`, a package of all the items."""
    write_package(items, quiz, folder / f"{quiz.name}-canvas.zip")
