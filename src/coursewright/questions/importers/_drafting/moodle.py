"""One question of Moodle XML, as it is asked there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from coursewright.questions.exporters._moodle.kinds import ONE_TRY
from coursewright.questions.importers._drafting import cloze
from coursewright.questions.importers._drafting.asked import ImportedPart, ImportedQuestion, NotTaken
from coursewright.questions.importers._drafting.markdown import from_html
from coursewright.questions.importers._drafting.moodle_fields import Fields, own_text
from coursewright.questions.importers._drafting.moodle_parts import PARTS

if TYPE_CHECKING:
    from lxml.etree import _Element

_THIRD = 1 / 3  # what a wrong try costs where a question of ours has several tries and says nothing
_EMBEDDED = ("cloze", "multianswer")
# What Moodle itself writes into new questions; anything else has been written by somebody.
_STANDARD = {"", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect."}
_NOT_SHOWN = re.compile(r"<(video|iframe|object|embed|canvas|form|input|select|textarea)[\s>/]", re.IGNORECASE)


def asked(element: _Element, title: str, category: str) -> ImportedQuestion:
    """The question in `element`. Raises NotTaken for one that no question file can hold."""
    kind = element.get("type") or ""
    fields = Fields(element)
    text, part, gaps = _read(kind, fields)
    if not text:
        raise NotTaken("it asks nothing" if kind != "description" else "it says nothing")
    made = ImportedQuestion(
        title=title,
        text=text,
        part=part,
        gaps=gaps,
        settings={**_settings(fields, kind, category), **(_points(gaps) if kind in _EMBEDDED else {})},
        feedback=fields.markdown("generalfeedback"),
        guide=fields.markdown("graderinfo"),
        line=element.sourceline,
        files=(),
    )
    _tell(fields)
    return made.with_files(fields.media.shown, fields.lost)


def _read(kind: str, fields: Fields) -> tuple[str, ImportedPart, dict[str, ImportedPart]]:
    """The text of the question, its part and its gaps."""
    show = fields.show(fields.element.find("questiontext"))
    if kind in _EMBEDDED:
        text, gaps = cloze.embedded(fields.text("questiontext"), lambda html: from_html(html, show), fields.lost)
        return text, ImportedPart("cloze"), gaps
    if kind in ("gapselect", "ddwtos"):
        if kind == "ddwtos":
            fields.lost.append("words are chosen from menus, and not dragged into the text")
        text, gaps = cloze.numbered(fields)
        return text, ImportedPart("cloze"), gaps
    if kind == "description":
        return fields.markdown("questiontext"), ImportedPart("description"), {}
    if kind in PARTS:
        return fields.markdown("questiontext"), PARTS[kind](fields), {}
    raise NotTaken(_WHY.get(kind, f'nothing here is like the type "{kind}"'))


def _points(gaps: dict[str, ImportedPart]) -> dict[str, object]:
    """The points of a question with gaps in which Moodle gives each its own."""
    points = [gap.settings.get("points", 1) for gap in gaps.values()]
    return {"points": sum(each for each in points if isinstance(each, int | float))}


def _settings(fields: Fields, kind: str, category: str) -> dict[str, object]:
    """What every question file may say, as far as this question does."""
    made: dict[str, object] = {}
    points = fields.number("defaultgrade", 1.0)
    if points > 0 and points != 1 and kind not in (*_EMBEDDED, "description"):
        made["points"] = points
    if tags := [tag for each in fields.each("tags/tag") if (tag := own_text(each, "."))]:
        made["tags"] = tags
    if category:
        made["category"] = category
    hints = [hint for each in fields.each("hint") if (hint := fields.markdown(".", each))]
    penalty = round(min(1.0, max(0.0, fields.number("penalty", _THIRD))), 7)
    if hints and kind not in ONE_TRY:
        said = {"penalty": penalty} if penalty != round(_THIRD, 7) else {}  # which a wrong try costs by default
        made |= {"tries": len(hints) + 1, **said, "hints": hints}
    elif penalty and kind not in ONE_TRY:
        made["penalty"] = penalty  # for Moodle's adaptive mode, which takes it without hints
    return made


def _tell(fields: Fields) -> None:
    """Say what of the question does not come along."""
    fields.tell_files()
    html = "".join(each.text or "" for each in fields.element.iter("text"))
    if re.search(r"<math[\s>]", html):
        fields.lost.append("formulas in MathML are only letters now: write them between dollars")
    for name in dict.fromkeys(found.lower() for found in _NOT_SHOWN.findall(html)):
        fields.lost.append(f"<{name}> in its text is left out")
    combined = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
    if any(re.sub(r"<[^<>]*>", "", fields.text(each)).strip() not in _STANDARD for each in combined):
        fields.lost.append("what is said to a right, a partly right or a wrong response as a whole is left out")


_FORMULAS = "its numbers are drawn by Moodle's own formulas: write it anew, with Python in place of these"
_WHY = {
    "random": "it draws other questions from a category",
    "randomsamatch": "it draws other questions from a category",
    "stack": "it is written for the plugin STACK",
    "coderunner": "it is written for the plugin CodeRunner",
    "ddimageortext": "words or pictures are dragged onto a picture (ddimageortext), which nothing here can be",
    "ddmarker": "markers are dragged onto places in a picture, hotspots (ddmarker), which nothing here can be",
    **dict.fromkeys(("calculated", "calculatedsimple", "calculatedmulti"), _FORMULAS),
}
