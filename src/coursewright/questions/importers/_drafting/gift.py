"""One question of GIFT, as it is asked there. The rules are those of Moodle's importer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from coursewright.questions.importers._drafting import kinds
from coursewright.questions.importers._drafting.asked import ImportedAnswer, ImportedPart, ImportedQuestion, NotTaken
from coursewright.questions.importers._drafting.markdown import from_html, from_markdown, from_plain
from coursewright.questions.importers._drafting.media import ImportedMedia, Show

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


def asked(text: str, title: str, settings: dict[str, object], line: int) -> ImportedQuestion:
    """The question in `text`, which is hidden. Raises NotTaken for one that no question file can hold."""
    start, end = text.find("{"), text.find("}")
    if start < 0 and end < 0:
        return _described(text, title, settings, line)
    if start < 0 or end < start:
        raise NotTaken("a brace is open, or one too many")
    answers, after = text[start + 1 : end].strip(), text[end + 1 :]
    stem = text[:start] + ("_____" + after if after.strip() else "")
    answers, _, feedback = _general(answers)
    media = ImportedMedia([])
    way = _Way(_named(stem) or "moodle", media.of({}))
    said = way.markdown(stem)
    if not said:
        raise NotTaken("it asks nothing")
    part = _part(answers, way, media.lost)
    made = ImportedQuestion(
        title=title, text=said, part=part, settings=settings, feedback=way.markdown(feedback), line=line
    )
    return made.with_files(media.shown, media.lost)


def _described(text: str, title: str, settings: dict[str, object], line: int) -> ImportedQuestion:
    """What asks nothing: a text to read."""
    media = ImportedMedia([])
    said = _Way(_named(text) or "moodle", media.of({})).markdown(text)
    if not said:
        raise NotTaken("it says nothing")
    made = ImportedQuestion(title=title, text=said, part=ImportedPart("description"), settings=settings, line=line)
    return made.with_files(media.shown, media.lost)


def _general(answers: str) -> tuple[str, str, str]:
    before, found, after = answers.rpartition("####")
    return (before.strip(), found, after) if found else (answers, "", "")


def _part(answers: str, way: _Way, lost: list[str]) -> ImportedPart:
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
    return kinds.short(
        [ImportedAnswer(_bare(each.text), each.mark, each.feedback) for each in given], case=False, lost=lost
    )


def _choice(answers: str, way: _Way) -> ImportedPart:
    single = "=" in answers
    given = []
    for each in (each.strip() for each in answers.replace("=", "~=").split("~")):
        if each:
            found = _given(each.removeprefix("="), 1.0 if each.startswith("=") else 0.0, way)
            given.append(ImportedAnswer(way.markdown(found.text), found.mark, found.feedback))
    return kinds.choice(given, single=single)


def _given(text: str, mark: float, way: _Way) -> ImportedAnswer:
    """An answer, its text still hidden; without a weight it brings `mark`."""
    text = text.strip()
    if weight := _WEIGHT.match(text):
        mark, text = round(float(weight[1]) / 100, 7), text[weight.end() :]
    answer, _, said = text.partition("#")
    return ImportedAnswer(answer.strip(), mark, way.markdown(said))


def _truth(answers: str, way: _Way) -> ImportedPart:
    truth, wrong, right = (*answers.split("#", 2), "", "")[:3]
    is_true = truth.strip().upper() in ("T", "TRUE")
    said, otherwise = way.markdown(right), way.markdown(wrong)
    return kinds.truth(is_true, *((said, otherwise) if is_true else (otherwise, said)))


def _match(answers: str, way: _Way) -> ImportedPart:
    pairs = []
    for each in answers.split("="):
        if each.strip():
            prompt, arrow, choice = each.partition("->")
            if not arrow:
                raise NotTaken(f'"{shown(each).strip()}" has no arrow')
            pairs.append((way.markdown(prompt), from_html(shown(choice).strip())))
    return kinds.match(pairs)


def _number(answers: str, way: _Way, lost: list[str]) -> ImportedPart:
    answers, _, wrong = answers.partition("~")
    if wrong.strip():
        lost.append("what is said to any other answer is left out")
    given = [_given(each, 1.0, way) for each in answers.split("=") if each.strip()]
    return kinds.number([_range(each) for each in given], lost)


def _range(given: ImportedAnswer) -> tuple[ImportedAnswer, float]:
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
    return ImportedAnswer(f"{float(value):.15g}", given.mark, given.feedback), float(spread)


def _named(text: str) -> str:
    """The format that a text names in front, "" for none."""
    found = _FORMAT.match(text.strip())
    return found[1] if found else ""


def _bare(text: str) -> str:
    return shown(_FORMAT.sub("", text, count=1) if _FORMAT.match(text) else text)


@dataclass(frozen=True)
class _Way:
    """How the texts of a question become Markdown: its format, which each of them may change, and its pictures."""

    format: str
    show: Show

    def markdown(self, text: str) -> str:
        """A text as Markdown."""
        text = text.strip()
        written = _bare(text).strip()
        match _named(text) or self.format:
            case "html":
                return from_html(written, self.show)
            case "markdown":
                return from_markdown(written, self.show)
            case "plain":
                return from_plain(written)
        return from_html(written.replace("\n", "<br/>"), self.show)
