"""What is answered in a question of Moodle's, for each type of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from coursewright.questions.importers._drafting import kinds
from coursewright.questions.importers._drafting.asked import ImportedAnswer, ImportedPart, NotTaken
from coursewright.questions.importers._drafting.markdown import from_html
from coursewright.questions.importers._drafting.moodle_fields import Fields, number, own_text

if TYPE_CHECKING:
    from lxml.etree import _Element


def _answers(fields: Fields, text: Callable[[_Element], str]) -> list[ImportedAnswer]:
    """The answers, with what they bring; empty ones are dropped, as Moodle does."""
    given = [
        ImportedAnswer(text(each), _fraction(each), fields.markdown("feedback", each))
        for each in fields.each("answer")
        if own_text(each, ".")
    ]
    return [each for each in given if each.text]


def _fraction(element: _Element) -> float:
    return round(number(element.get("fraction") or element.findtext("fraction")) / 100, 7)


def _own(element: _Element) -> str:
    return own_text(element, ".") or (element.text or "").strip()


def _choice(fields: Fields) -> ImportedPart:
    given = _answers(fields, lambda each: fields.markdown(".", each))
    return kinds.choice(given, single=fields.true("single"), shuffle=fields.true("shuffleanswers"))


def _truth(fields: Fields) -> ImportedPart:
    said = {_own(each).lower(): each for each in fields.each("answer")}
    if said.keys() != {"true", "false"}:
        raise NotTaken("its answers are not true and false")
    return kinds.truth(
        _fraction(said["true"]) > _fraction(said["false"]),
        fields.markdown("feedback", said["true"]),
        fields.markdown("feedback", said["false"]),
    )


def _short(fields: Fields) -> ImportedPart:
    return kinds.short(_answers(fields, _own), case=fields.value("usecase") == "1", lost=fields.lost)


def _number(fields: Fields) -> ImportedPart:
    each = [
        (
            ImportedAnswer(_own(answer), _fraction(answer), fields.markdown("feedback", answer)),
            number(answer.findtext("tolerance")),
        )
        for answer in fields.each("answer")
    ]
    units = {
        name: number(unit.findtext("multiplier"), 1)
        for unit in fields.each("units/unit")
        if (name := (unit.findtext("unit_name") or "").strip())
    }
    required = fields.value("unitgradingtype") in ("1", "2")
    if required and units and (cost := fields.number("unitpenalty", 1)) < 1:
        fields.lost.append(f"a wrong unit costs all the points, and not {cost:.0%}")
    return kinds.number(each, fields.lost, units=units, unit_required=required)


def _match(fields: Fields) -> ImportedPart:
    pairs = [(fields.markdown(".", each), from_html(own_text(each, "answer"))) for each in fields.each("subquestion")]
    return kinds.match(pairs, shuffle=fields.true("shuffleanswers"))


def _order(fields: Fields) -> ImportedPart:
    grading = fields.value("gradingtype")
    if grading not in ("ABSOLUTE_POSITION", "ALL_OR_NOTHING", "0", "-1"):
        fields.lost.append("marks are given for each item in its place, which Moodle did otherwise")
    if fields.value("selecttype") not in ("", "ALL", "0"):
        fields.lost.append("all its items are put in order, of which Moodle drew some")
    items = [text for each in fields.each("answer") if (text := fields.markdown(".", each))]
    return kinds.order(items, whole=grading in ("ALL_OR_NOTHING", "-1"))


def _essay(fields: Fields) -> ImportedPart:
    if fields.number("attachments"):
        fields.lost.append("no files can be handed in here")
    least, most = (int(fields.number(f"{each}wordlimit")) for each in ("min", "max"))
    return kinds.essay(least, most, int(fields.number("responsefieldlines", 15)))


PARTS: dict[str, Callable[[Fields], ImportedPart]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "shortanswer": _short,
    "numerical": _number,
    "matching": _match,
    "ordering": _order,
    "essay": _essay,
}
"""What reads the part of a question, by Moodle's name for its type."""
