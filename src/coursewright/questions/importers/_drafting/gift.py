"""One question of GIFT, as it is asked there. The rules are those of Moodle's importer."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from coursewright.questions.importers._drafting import kinds
from coursewright.questions.importers._drafting.asked import Asked, Given, NotTaken, Part
from coursewright.questions.importers._drafting.markdown import from_html, from_markdown, from_plain

_SIGNS = "\\:#={}~\n"
_HIDDEN = {sign: chr(0xE020 + at) for at, sign in enumerate(_SIGNS)}
_SHOWN = str.maketrans({hidden: sign for sign, hidden in _HIDDEN.items()})
_WEIGHT = re.compile(r"%(-?\d{1,3}\.?\d*)%")
_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")


def hidden(text: str) -> str:
    """Text in which the signs behind a backslash are put out of the way of GIFT's own."""
    text = re.sub("[\ue020-\ue027]", "\ufffd", text)
    return re.sub(r"\\([\\:#={}~n])", lambda found: _HIDDEN["\n" if found[1] == "n" else found[1]], text)


def shown(text: str) -> str:
    """Text with those signs in it again."""
    return text.translate(_SHOWN)


def asked(text: str, title: str, settings: dict[str, object], line: int) -> Asked:
    """The question in `text`, which is hidden. Raises NotTaken for one that no question file can hold."""
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        raise NotTaken("it asks nothing, it only tells")
    if start < 0 or end < start:
        raise NotTaken("a brace is open, or one too many")
    answers, after = text[start + 1 : end].strip(), text[end + 1 :]
    stem = text[:start] + ("_____" + after if after.strip() else "")
    answers, _, feedback = _general(answers)
    way = _way(stem, "moodle")
    said = _markdown(stem, way)
    if not said:
        raise NotTaken("it asks nothing")
    lost: list[str] = []
    part = _part(answers, way, lost)
    return Asked(
        title=title,
        text=said,
        part=part,
        settings=settings,
        feedback=_markdown(feedback, way),
        line=line,
        lost=tuple(dict.fromkeys(lost)),
    )


def _general(answers: str) -> tuple[str, str, str]:
    before, found, after = answers.rpartition("####")
    return (before.strip(), found, after) if found else (answers, "", "")


def _part(answers: str, way: str, lost: list[str]) -> Part:
    if not answers:
        return kinds.essay()
    if answers.startswith("#"):
        return _number(answers[1:], way, lost)
    if "~" in answers:
        return _choice(answers, way)
    if "=" in answers and "->" in answers:
        return _match(answers, way)
    if answers.partition("#")[0].strip().upper() in ("T", "TRUE", "F", "FALSE"):
        return _truth(answers, way)
    given = [_given(each, 1.0, way) for each in answers.split("=") if each.strip()]
    return kinds.short([Given(_bare(each.text), each.mark, each.feedback) for each in given], case=False, lost=lost)


def _choice(answers: str, way: str) -> Part:
    single = "=" in answers
    given = []
    for each in (each.strip() for each in answers.replace("=", "~=").split("~")):
        if each:
            found = _given(each.removeprefix("="), 1.0 if each.startswith("=") else 0.0, way)
            given.append(Given(_markdown(found.text, way), found.mark, found.feedback))
    return kinds.choice(given, single=single)


def _given(text: str, mark: float, way: str) -> Given:
    """An answer, its text still hidden; without a weight it brings `mark`."""
    text = text.strip()
    if weight := _WEIGHT.match(text):
        mark, text = round(float(weight[1]) / 100, 7), text[weight.end() :]
    answer, _, said = text.partition("#")
    return Given(answer.strip(), mark, _markdown(said, way))


def _truth(answers: str, way: str) -> Part:
    truth, wrong, right = (*answers.split("#", 2), "", "")[:3]
    is_true = truth.strip().upper() in ("T", "TRUE")
    said, otherwise = _markdown(right, way), _markdown(wrong, way)
    return kinds.truth(is_true, *((said, otherwise) if is_true else (otherwise, said)))


def _match(answers: str, way: str) -> Part:
    pairs = []
    for each in answers.split("="):
        if each.strip():
            prompt, arrow, choice = each.partition("->")
            if not arrow:
                raise NotTaken(f'"{shown(each).strip()}" has no arrow')
            pairs.append((_markdown(prompt, way), from_html(shown(choice).strip())))
    return kinds.match(pairs)


def _number(answers: str, way: str, lost: list[str]) -> Part:
    answers, _, wrong = answers.partition("~")
    if wrong.strip():
        lost.append("what is said to any other answer is left out")
    given = [_given(each, 1.0, way) for each in answers.split("=") if each.strip()]
    return kinds.number([_range(each) for each in given], lost)


def _range(given: Given) -> tuple[Given, float]:
    """An answer as a number and its tolerance: 3:0.5, or 2.5..3.5."""
    text = shown(given.text)
    try:
        if ".." in text:
            low, high = (Decimal(each.strip()) for each in text.split("..", 1))
            value, spread = (low + high) / 2, (high - low) / 2
        else:
            number, _, tolerance = text.partition(":")
            value, spread = Decimal(number.strip()), Decimal(tolerance.strip() or 0)
    except (InvalidOperation, ValueError):
        raise NotTaken(f'"{text}" is no number') from None
    if not (value.is_finite() and spread.is_finite()):
        raise NotTaken(f'"{text}" is no number')
    return Given(f"{float(value):.15g}", given.mark, given.feedback), float(spread)


def _way(text: str, otherwise: str) -> str:
    found = _FORMAT.match(text.strip())
    return found[1] if found else otherwise


def _bare(text: str) -> str:
    return shown(_FORMAT.sub("", text, count=1) if _FORMAT.match(text) else text)


def _markdown(text: str, way: str) -> str:
    """A text, in its own format or else in that of the question, as Markdown."""
    text = text.strip()
    way = _way(text, way)
    written = _bare(text).strip()
    match way:
        case "html":
            return from_html(written)
        case "markdown":
            return from_markdown(written)
        case "plain":
            return from_plain(written)
    return from_html(written.replace("\n", "<br/>"))
