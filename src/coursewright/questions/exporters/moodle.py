"""Moodle XML, as Moodle 4.5 imports it: a category for each question, with its variants in it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from coursewright.errors import CoursewrightError
from coursewright.questions.export import FormatLimits, Item, Limit, Quiz
from coursewright.questions.exporters._moodle.cloze import GAPS, question_text
from coursewright.questions.exporters._moodle.fractions import number
from coursewright.questions.exporters._moodle.kinds import KINDS, ONE_TRY, body
from coursewright.questions.exporters._moodle.names import NOT_XML, category, idnumber, name
from coursewright.questions.exporters._moodle.text import MoodleWriter, cdata
from coursewright.questions.variant import Variant
from coursewright.questions.writing.prose import Prose

TITLE = "Moodle XML"
SPLITS = True
_SAID = {
    "formula": Limit("Moodle itself compares no formulas (its plugin STACK does)", refused=True),
    "form": Limit("Moodle itself compares no formulas (its plugin STACK does)", refused=True),
    "code": Limit("Moodle itself runs no code (its plugin CodeRunner does)", refused=True),
    "whole": Limit("Moodle adds up the fractions of the options chosen: it has no all or nothing there", refused=True),
    "significant": Limit("Moodle does not count significant figures", refused=True),
    "regex": Limit("Moodle has the wildcard * in texts, but no other patterns", refused=True),
    "accents": Limit("Moodle always minds accents", refused=True),
    "distance": Limit("Moodle forgives no slips of spelling", refused=True),
    "feedback by try": Limit("Moodle says the same whenever an answer is given"),
}
LIMITS = FormatLimits(
    _SAID,
    kinds=(*KINDS, "cloze"),
    no_kind=Limit("Moodle has no questions of this kind", refused=True),
    gaps=GAPS,
    no_gap=Limit("Moodle has no gap of this kind", refused=True),
)
_DIGITS = "Moodle knows digits, points, commas, spaces and e or ×10^"
NOT_READ = {
    "minus": "Moodle takes a hyphen only",
    "narrow": _DIGITS,
    "comma": "Moodle's own language decides: in English 3,14 is 314 there",
    "raised": _DIGITS,
    "alone": _DIGITS,
    "debt": "Moodle looks for a sign between the currency and the number",
    **dict.fromkeys(
        ("currency behind", "currency's name"), "Moodle takes all units on one side, signs of money in front"
    ),
    **dict.fromkeys(("currency's other name", "capitals", "other writing"), "Moodle compares units exactly"),
}
"""Ways to type a number that Moodle takes for another one, or for none."""
_TAG = 50  # signs that Moodle keeps of a tag
_IN_PARTS = ("multichoice", "matching", "ordering", "multianswer")  # hints can clear what is wrong in these
_NO_HINT = Prose("…")  # an empty hint is dropped, and a try with it


def item(variant: Variant) -> Item:
    """The variant as one question element; CoursewrightError for what Moodle would take wrongly."""
    notes: list[str] = []
    if variant.kind == "cloze":
        kind, text, inside = "multianswer", question_text(variant, notes), ""
    else:
        if variant.kind in LIMITS:
            raise CoursewrightError(LIMITS[variant.kind].reason, hint="leave Moodle out for this question")
        writer = MoodleWriter(variant)
        text = writer.field("questiontext", variant.text)
        kind, inside = body(variant.part, writer, notes)
    after = MoodleWriter(variant).field("generalfeedback", variant.feedback, variant.solution)
    written = (
        f'<question type="{kind}">\n<name><text>{cdata(name(variant))}</text></name>\n{text}'
        f"{after}<defaultgrade>{number(variant.points)}</defaultgrade>\n"
        f"<penalty>{number(round(variant.penalty, 7))}</penalty>\n<hidden>0</hidden>\n"
        f"<idnumber>{cdata(idnumber(variant))}</idnumber>\n{inside}{_hints(variant, kind, notes)}"
        f"{_tags(variant, notes)}</question>\n"
    )
    if NOT_XML.search(written):
        written = NOT_XML.sub("\ufffd", written)
        notes.append("control characters are replaced: XML has none")
    return Item.of(variant, written, notes=tuple(notes))


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """One file, `NAME.xml`, written as the items come."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = quiz.categories()
    last = None
    with (folder / f"{quiz.name}.xml").open("w", encoding="utf-8", newline="\n") as file:
        file.write('<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n')
        for each in items:
            if each.question != last:
                path = cdata(category(each, quiz, taken))
                file.write(f'<question type="category">\n<category><text>{path}</text></category>\n</question>\n')
                last = each.question
            file.write(each.body)
        file.write("</quiz>\n")


def _hints(variant: Variant, kind: str, notes: list[str]) -> str:
    """A hint for each try but the last: Moodle gives as many tries as there are hints, and one."""
    if kind in ONE_TRY or variant.tries < 2:
        if kind == "truefalse" and variant.tries > 1:
            notes.append("Moodle gives one try to a question of true or false")
        return ""
    hints = [hint for hint in variant.hints if hint][: variant.tries - 1]
    if len(hints) < variant.tries - 1:
        notes.append("Moodle gives a try for each hint: those without one get the last hint again")
        hints += (hints[-1:] or [_NO_HINT]) * (variant.tries - 1 - len(hints))
    writer = MoodleWriter(variant)
    flags = "<shownumcorrect/><clearwrong/>" if kind in _IN_PARTS else ""
    return "".join(writer.field("hint", hint, inside=flags) for hint in hints)


def _tags(variant: Variant, notes: list[str]) -> str:
    if not variant.tags:
        return ""
    if any(len(tag) > _TAG for tag in variant.tags):
        notes.append(f"tags are cut at {_TAG} signs")
    return "<tags>" + "".join(f"<tag><text>{escape(tag[:_TAG])}</text></tag>" for tag in variant.tags) + "</tags>\n"
