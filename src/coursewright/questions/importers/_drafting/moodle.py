"""One question of Moodle XML, as it is asked there."""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as NoBase64
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import unquote

from coursewright.questions.export import File
from coursewright.questions.importers._drafting import cloze, kinds
from coursewright.questions.importers._drafting.asked import Asked, Given, NotTaken, Part
from coursewright.questions.importers._drafting.markdown import from_html, from_markdown, from_plain

if TYPE_CHECKING:
    from lxml.etree import _Element


def asked(element: _Element, title: str, category: str) -> Asked:
    """The question in `element`. Raises NotTaken for one that no question file can hold."""
    kind = element.get("type") or ""
    lost: list[str] = []
    if kind == "cloze":
        kind = "multianswer"
    if kind == "multianswer":
        text, gaps = cloze.read(own_text(element, "questiontext"), lost)
        part = Part("cloze")
    elif kind in _PARTS:
        part, text, gaps = _PARTS[kind](element, lost), markdown(element, "questiontext"), {}
    else:
        raise NotTaken(_WHY.get(kind, f'nothing here is like the type "{kind}"'))
    if not text:
        raise NotTaken("it asks nothing")
    if "<math" in own_text(element, "questiontext"):
        lost.append("formulas in MathML are only letters now: write them between dollars")
    files = _files(element)
    if any(re.search(r"!\[\s*\]\(", each) for each in (text, *(given.text for given in part.answers))):
        lost.append("a picture has no alternative text: say what it shows between ![ and ]")
    return Asked(
        title=title,
        text=text,
        part=part,
        gaps=gaps,
        settings={**_settings(element, category), **({"points": sum(map(_points, gaps.values()))} if gaps else {})},
        feedback=markdown(element, "generalfeedback"),
        guide=markdown(element, "graderinfo"),
        files=files,
        line=element.sourceline,
        lost=tuple(dict.fromkeys(lost)),
    )


def own_text(element: _Element, path: str) -> str:
    """The text of a field as it stands, "" where there is none."""
    found = element.find(path)
    text = found.find("text") if found is not None else None
    return "".join(text.itertext()).strip() if text is not None else ""


def markdown(element: _Element, path: str) -> str:
    """The text of a field as Markdown."""
    found = element.find(path)
    text = own_text(element, path)
    match found.get("format") if found is not None else None:
        case "plain_text":
            return from_plain(text)
        case "markdown":
            return from_markdown(text)
        case "moodle_auto_format":
            return from_html(text.replace("\n", "<br/>"))
    return from_html(text)


def number(text: str | None, otherwise: float = 0.0) -> float:
    """A number that Moodle wrote."""
    try:
        value = float((text or "").strip())
    except ValueError:
        return otherwise
    return value if abs(value) < 1e300 else otherwise


def _points(gap: Part) -> float:
    points = gap.settings.get("points", 1)
    return points if isinstance(points, int | float) else 1


def _settings(element: _Element, category: str) -> dict[str, object]:
    """What every question file may say, as far as this question does."""
    made: dict[str, object] = {}
    points = number(element.findtext("defaultgrade"), 1.0)
    if points > 0 and points != 1 and element.get("type") not in ("cloze", "multianswer"):
        made["points"] = points
    if tags := [tag for each in element.iterfind("tags/tag") if (tag := own_text(each, "."))]:
        made["tags"] = tags
    if category:
        made["category"] = category
    if hints := [hint for each in element.iterfind("hint") if (hint := markdown(each, "."))]:
        penalty = number(element.findtext("penalty"), 1 / 3)
        made |= {"tries": len(hints) + 1, "penalty": min(1.0, max(0.0, penalty)), "hints": hints}
    return made


def _files(element: _Element) -> tuple[File, ...]:
    """The pictures and sounds, by names that are safe and those that the Markdown has."""
    files: dict[str, File] = {}
    for each in element.iter("file"):
        name = re.sub(r"[^\w.-]", "-", unquote(each.get("name") or "")).lstrip(".")
        try:
            data = b64decode("".join((each.text or "").split()), validate=True)
        except (NoBase64, ValueError):
            raise NotTaken(f'its file "{name}" is damaged') from None
        if name:
            files.setdefault(name, File(name, data))
    return tuple(files.values())


def _answers(element: _Element, text: Callable[[_Element], str]) -> list[Given]:
    """The answers, with what they bring; empty ones are dropped, as Moodle does."""
    given = [
        Given(text(each), _fraction(each), markdown(each, "feedback"))
        for each in element.iterfind("answer")
        if own_text(each, ".")
    ]
    return [each for each in given if each.text]


def _fraction(element: _Element) -> float:
    return round(number(element.get("fraction") or element.findtext("fraction")) / 100, 7)


def _own(element: _Element) -> str:
    return own_text(element, ".") or (element.text or "").strip()


def _markdown(element: _Element) -> str:
    return markdown(element, ".")


def _choice(element: _Element, lost: list[str]) -> Part:  # noqa: ARG001 - as the others
    given = _answers(element, _markdown)
    shuffle = (element.findtext("shuffleanswers") or "").strip() not in ("false", "0")
    single = (element.findtext("single") or "true").strip() not in ("false", "0")
    return kinds.choice(given, single=single, shuffle=shuffle)


def _truth(element: _Element, _lost: list[str]) -> Part:
    said = {_own(each).lower(): each for each in element.iterfind("answer")}
    if said.keys() != {"true", "false"}:
        raise NotTaken("its answers are not true and false")
    return kinds.truth(
        _fraction(said["true"]) > _fraction(said["false"]),
        markdown(said["true"], "feedback"),
        markdown(said["false"], "feedback"),
    )


def _short(element: _Element, lost: list[str]) -> Part:
    return kinds.short(_answers(element, _own), case=(element.findtext("usecase") or "").strip() == "1", lost=lost)


def _number(element: _Element, lost: list[str]) -> Part:
    each = [
        (Given(_own(answer), _fraction(answer), markdown(answer, "feedback")), number(answer.findtext("tolerance")))
        for answer in element.iterfind("answer")
    ]
    units = [
        (unit.findtext("unit_name") or "").strip()
        for unit in element.iterfind("units/unit")
        if (unit.findtext("unit_name") or "").strip()
    ]
    required = (element.findtext("unitgradingtype") or "0").strip() in ("1", "2")
    return kinds.number(each, lost, units=units, unit_required=required)


def _match(element: _Element, _lost: list[str]) -> Part:
    pairs = [(_markdown(each), from_html(own_text(each, "answer"))) for each in element.iterfind("subquestion")]
    shuffle = (element.findtext("shuffleanswers") or "").strip() not in ("false", "0")
    return kinds.match(pairs, shuffle=shuffle)


def _order(element: _Element, lost: list[str]) -> Part:
    grading = (element.findtext("gradingtype") or "").strip()
    if grading not in ("ABSOLUTE_POSITION", "ALL_OR_NOTHING", "0", "-1"):
        lost.append("marks are given for each item in its place, which Moodle did otherwise")
    items = [text for each in element.iterfind("answer") if (text := _markdown(each))]
    return kinds.order(items, whole=grading in ("ALL_OR_NOTHING", "-1"))


def _essay(element: _Element, lost: list[str]) -> Part:
    if number(element.findtext("attachments")):
        lost.append("no files can be handed in here")
    least, most = (int(number(element.findtext(f"{each}wordlimit"))) for each in ("min", "max"))
    return kinds.essay(least, most, int(number(element.findtext("responsefieldlines"), 15)))


_PARTS: dict[str, Callable[[_Element, list[str]], Part]] = {
    "multichoice": _choice,
    "truefalse": _truth,
    "shortanswer": _short,
    "numerical": _number,
    "matching": _match,
    "ordering": _order,
    "essay": _essay,
}
_FORMULAS = "its numbers are drawn by Moodle's own formulas: write it anew, with Python in place of these"
_DRAGGED = "nothing can be dragged onto a picture or into a text here"
_WHY = {
    "description": "it asks nothing, it only tells",
    "random": "it draws other questions from a category",
    "randomsamatch": "it draws other questions from a category",
    "stack": "it is written for the plugin STACK",
    **dict.fromkeys(("calculated", "calculatedsimple", "calculatedmulti"), _FORMULAS),
    **dict.fromkeys(("ddwtos", "ddimageortext", "ddmarker", "gapselect"), _DRAGGED),
}
