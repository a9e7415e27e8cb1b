"""Moodle XML read as Moodle 4.5 reads it, but strictly: Refused for what it rejects and for what it takes wrongly."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from itertools import chain
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

FRACTIONS = (0, 5, 10, 11.11111, 12.5, 14.28571, 16.66667, 20, 25, 30, 33.33333, 40, 50, 60, 66.66667, 70, 75, 80)
FRACTIONS = (*FRACTIONS, 83.33333, 90, 100)
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")

# The patterns by which Moodle finds the gaps of a cloze question.
_ANSWER = r"(?:(=|%(-?[0-9]+(?:[.,][0-9]*)?)%)?(.+?(?<!\\|&)(?<!&amp;)(?=[~#}]|$))(?:#(.*?(?<!\\)(?=[~}]|$)))?)"
_KINDS = "NUMERICAL|MULTICHOICE_VS|MULTICHOICE_V|MULTICHOICE_S|MULTICHOICE|SHORTANSWER_C|SHORTANSWER|MULTIRESPONSE"
_PLAIN = re.sub(r"\((?!\?)", "(?:", _ANSWER)
_GAP = re.compile(rf"\{{([0-9]*):({_KINDS}):({_PLAIN}(?:~{_PLAIN})*)\}}", re.DOTALL)
_ALTERNATIVE = re.compile(f"~?{_ANSWER}", re.DOTALL)


class Refused(Exception):
    """Moodle rejects this, or would take it wrongly."""


@dataclass(frozen=True)
class Answer:
    text: str
    fraction: float = 0.0
    feedback: str = ""
    tolerance: float = 0.0


@dataclass(frozen=True)
class Question:
    type: str
    name: str
    text: str
    category: str
    idnumber: str = ""
    answers: tuple[Answer, ...] = ()
    gaps: tuple[Question, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    hints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    after: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    units: dict[str, float] = field(default_factory=dict)
    points: float = 1.0


def need(condition: object, why: str) -> None:
    if not condition:
        raise Refused(why)


def number(text: str) -> float:
    need(NUMBER.fullmatch(text), f"{text!r} is no number with a point")
    return float(text)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(html: str) -> str:
    """The text that HTML shows."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return "".join(parser.words)


def read(text: str | bytes) -> list[Question]:
    """The questions of a file; Refused where one is wrong or two are taken for the same."""
    questions, category = [], ""
    for element in ElementTree.fromstring(text):
        need(element.tag == "question", f"<{element.tag}> in <quiz>")
        if element.get("type") == "category":
            category = _text(element, "category")
            continue
        questions.append(_question(element, category))
    numbers = [(question.category, question.idnumber) for question in questions]
    need(len(set(numbers)) == len(numbers), "an idnumber comes twice")
    need(len({each.name for each in questions}) == len(questions), "a name comes twice")
    return questions


def _text(element: Element, path: str) -> str:
    found = element.find(f"{path}/text")
    if found is None:
        return ""
    need(len(found) == 0, "HTML outside CDATA")
    return (found.text or "").strip()


def _question(element: Element, category: str) -> Question:
    name = _text(element, "name")
    need(name, "no name")
    need(len(name) <= 251, "a name that Moodle cuts")
    kind = element.get("type", "")
    text = _text(element, "questiontext")
    simple = {child.tag: child.text or "" for child in element if len(child) == 0}
    number(simple["defaultgrade"])
    need(0 <= number(simple["penalty"]) <= 1, "penalty")
    need(len(simple["idnumber"]) <= 100, "an idnumber that Moodle cuts")
    for shown in element.iter():
        _files(shown)
    made = Question(
        type=kind,
        name=name,
        text=text,
        category=category,
        idnumber=simple["idnumber"],
        hints=tuple(_text(hint, ".") for hint in element.findall("hint")),
        tags=tuple(_text(tag, ".") for tag in element.findall("tags/tag")),
        after=_text(element, "generalfeedback"),
        fields=simple,
        points=float(simple["defaultgrade"]),
        **_BY_TYPE[kind](element, simple, text),
    )
    need(all(made.hints), "an empty hint, which is dropped")
    return made


def _files(element: Element) -> None:
    """Every file that a field shows is in the field, and every file is shown."""
    own = element.find("text")
    if own is None or element.tag in ("name", "category"):
        return
    names = [file.get("name") for file in element.findall("file")]
    shown = re.findall(r"@@PLUGINFILE@@/([^\"]+)", own.text or "")
    need(sorted(set(shown)) == sorted(name or "" for name in names), f"files {names} but {shown} shown")
    for file in element.findall("file"):
        need(file.get("path") == "/" and file.get("encoding") == "base64", "a file that Moodle does not read")
        b64decode(file.text or "", validate=True)


def _answers(element: Element) -> tuple[Answer, ...]:
    made = []
    for answer in element.findall("answer"):
        tolerance = number(answer.findtext("tolerance") or "0")
        fraction = number(answer.get("fraction", ""))
        need(any(abs(abs(fraction) - listed) < 0.001 for listed in FRACTIONS), f"fraction {fraction}")
        made.append(Answer(_text(answer, "."), fraction / 100, _text(answer, "feedback"), tolerance))
    return tuple(made)


def _full(answers: tuple[Answer, ...]) -> None:
    need(any(answer.fraction == 1 for answer in answers), "no answer of 100 %")


def _distinct(texts: list[str]) -> None:
    need(all(texts), "something is empty")
    need(len(set(texts)) == len(texts), "two are alike")


def _numerical(element: Element, _simple: dict[str, str], _text: str) -> dict[str, object]:
    answers = _answers(element)
    _full(answers)
    for answer in answers:
        number(answer.text)
    units = {
        unit.findtext("unit_name") or "": number(unit.findtext("multiplier") or "")
        for unit in element.findall("units/unit")
    }
    return {"answers": answers, "units": units}


def _multichoice(element: Element, simple: dict[str, str], _text: str) -> dict[str, object]:
    answers = _answers(element)
    _options(answers, single=simple["single"] == "true")
    need(simple["shuffleanswers"] == "false", "options are shuffled again")
    return {"answers": answers}


def _options(answers: tuple[Answer, ...], *, single: bool) -> None:
    need(len(answers) > 1, "one option")
    _distinct([answer.text for answer in answers])
    if single:
        _full(answers)
    else:
        positive = sum(answer.fraction for answer in answers if answer.fraction > 0)
        need(abs(positive - 1) < 0.0001, f"options of {positive}")


def _truefalse(element: Element, _simple: dict[str, str], _text: str) -> dict[str, object]:
    answers = _answers(element)
    need([answer.text for answer in answers] == ["true", "false"], "true and false")
    need(sorted(answer.fraction for answer in answers) == [0, 1], "one is right")
    return {"answers": answers}


def _shortanswer(element: Element, simple: dict[str, str], _text: str) -> dict[str, object]:
    answers = _answers(element)
    _short(answers, case=simple["usecase"] == "1")
    return {"answers": answers}


def _short(answers: tuple[Answer, ...], *, case: bool) -> None:
    _full(answers)
    _distinct([answer.text if case else answer.text.casefold() for answer in answers])


def _matching(element: Element, simple: dict[str, str], _asked: str) -> dict[str, object]:
    pairs = tuple((_text(each, "."), _text(each, "answer")) for each in element.findall("subquestion"))
    need(sum(bool(prompt) for prompt, _ in pairs) >= 2, "one pair")
    need(all(choice for _, choice in pairs), "an empty choice")
    need(simple["shuffleanswers"] == "false", "prompts are shuffled again")
    return {"pairs": pairs}


def _ordering(element: Element, simple: dict[str, str], _asked: str) -> dict[str, object]:
    items = tuple(Answer(_text(answer, ".")) for answer in element.findall("answer"))
    need(len(items) > 1, "one item to order")
    _distinct([item.text for item in items])
    need("shownumcorrect" in simple, "no shownumcorrect")
    return {"answers": items}


def _description(_element: Element, simple: dict[str, str], text: str) -> dict[str, object]:
    need(text, "a description that says nothing")
    need(float(simple["defaultgrade"]) == 0, "points for reading")
    return {}


def _essay(_element: Element, simple: dict[str, str], _text: str) -> dict[str, object]:
    need(int(simple["responsefieldlines"]) in (2, 3, *range(5, 45, 5)), "lines")
    return {}


def _multianswer(_element: Element, _simple: dict[str, str], text: str) -> dict[str, object]:
    gaps = tuple(_gap(found) for found in _GAP.finditer(text))
    need(gaps, "no gap")
    around = _GAP.sub("", text)
    need("{" not in around and "}" not in around, f"a brace outside gaps: {around}")
    return {"gaps": gaps}


def _gap(found: re.Match[str]) -> Question:
    kind = found[2]
    answers = tuple(_alternative(one, kind) for one in _ALTERNATIVE.finditer(found[3]))
    if kind.startswith("MULTI"):
        need(not kind.endswith("S"), "options are shuffled again")
        _options(answers, single=kind != "MULTIRESPONSE")
    elif kind.startswith("SHORT"):
        _short(answers, case=kind.endswith("_C"))
    else:
        _full(answers)
    return Question(type=kind, name="", text="", category="", answers=answers, points=float(found[1] or 1))


def _alternative(found: re.Match[str], kind: str) -> Answer:
    mark, percent, text, said = found.groups()
    fraction = 1.0 if mark == "=" else float(percent or 0) / 100
    feedback = unescape(said or "").replace("\\}", "}").replace("\\#", "#")
    if kind == "NUMERICAL":
        value, _, tolerance = text.partition(":")
        return Answer(str(number(value)), fraction, feedback, number(tolerance or "0"))
    return Answer(unescape(text).replace("\\}", "}").replace("\\#", "#").strip(), fraction, feedback)


_BY_TYPE = {
    "numerical": _numerical,
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "matching": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "description": _description,
    "multianswer": _multianswer,
}


def grade(question: Question, response: str) -> float:
    """The fraction for a response to a numerical question, as Moodle works it out on a site in English."""
    bare = re.sub(r"(?:e|E|(?:x|\*|×)10(?:\^|\*\*))([+-]?\d+)", r"e\1", response.replace(" ", ""))
    bare = bare.replace(",", "")  # also where it stands alone: it is the sign at the thousands of the site
    left = question.fields.get("unitsleft") == "1"
    number_ = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?"
    found = re.search(f"{number_}$" if left else f"^{number_}", bare, re.ASCII)
    if not found:
        return 0.0
    unit = bare[: found.start()] if left else bare[found.end() :]
    if question.fields["showunits"] == "3" and unit:
        return 0.0
    value = float(found[0]) * (1 / question.units[unit] if unit in question.units else 1)
    for answer in question.answers:
        half = answer.tolerance + 1e-14 * max(1, abs(float(answer.text)))
        if abs(value - float(answer.text)) <= half:
            penalty = float(question.fields["unitpenalty"]) if question.fields["unitgradingtype"] == "1" else 0
            return max(0.0, answer.fraction - (0 if unit in question.units else penalty * answer.fraction))
    return 0.0


def texts(question: Question) -> list[str]:
    """Everything that a question says, in HTML."""
    answers = chain(question.answers, *(gap.answers for gap in question.gaps))
    said = [text for answer in answers for text in (answer.text, answer.feedback)]
    return [question.text, question.after, *question.hints, *said, *chain(*question.pairs)]
