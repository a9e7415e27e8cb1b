"""A question of a bank as a question file, and all of them as a bank."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from coursewright.errors import CoursewrightError, Place, Problem
from coursewright.names import FileName, slug
from coursewright.questions.export import File
from coursewright.questions.importers._bank import Bank, Draft
from coursewright.questions.importers._drafting.asked import ImportedAnswer, ImportedPart, ImportedQuestion, NotTaken
from coursewright.questions.importers._drafting.markdown import braces
from coursewright.questions.importers._drafting.media import REFERENCE
from coursewright.questions.kinds import kind_called
from coursewright.questions.question import Question, read_question
from coursewright.questions.reading.template import Expression

_LENGTH = 60  # letters of a file's name
_NO_YAML = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def bank(questions: Iterable[ImportedQuestion], problems: Iterable[Problem], file: Path) -> Bank:
    """The questions as drafts of files, each with a name of its own; what was lost joins the problems."""
    taken: set[str] = set()
    kept: dict[bytes, str] = {}
    drafts, all_problems = [], list(problems)
    for asked in questions:
        draft = _draft(asked, _file_name(asked.title, taken), kept)
        place = Place(file, asked.line)
        try:
            _only_data(read_question(Path(f"{draft.name}.md"), draft.text))
        except (CoursewrightError, NotTaken) as error:
            reason = error.problem.message if isinstance(error, CoursewrightError) else str(error)
            all_problems.append(not_taken(asked.title, reason, file, asked.line))
            continue
        drafts.append(draft)
        all_problems += [Problem(f'"{asked.title}": {lost}', place, rule="lost") for lost in asked.lost]
    return Bank(tuple(drafts), tuple(all_problems))


def _draft(asked: ImportedQuestion, name: FileName, kept: dict[bytes, str]) -> Draft:
    """The question's file, and its pictures by names of our own: after the first question that shows each."""
    names, files = [], []
    for number, each in enumerate(asked.files, 1):
        path = kept.setdefault(each.data, f"{name}-{number}.{each.path}")
        names.append(path)
        files.append(File(path, each.data))
    written = REFERENCE.sub(lambda found: names[int(found[1])], text(asked))
    return Draft(name, written, tuple({file.path: file for file in files}.values()))


def _only_data(question: Question) -> None:
    """Raise NotTaken for a question that would run anything: a bank's words are words, however they are written."""
    if question.code.text or any(isinstance(slot, Expression) for each in question.templates for slot in each.slots):
        raise NotTaken("its text would be run as code")


def not_taken(title: str, reason: str, file: Path, line: int | None) -> Problem:
    """The problem of a question that cannot become a file."""
    return Problem(f'"{title}" is left out: {reason}', Place(file, line), rule="left-out")


def _file_name(title: str, taken: set[str]) -> FileName:
    """A safe name for a file, made of the letters of the title, that is not `taken`; it is from then on."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = name = slug("-".join(re.findall("[a-z0-9]+", letters))[:_LENGTH], "question")
    number = 2
    while name in taken:
        name, number = slug(f"{stem}-{number}", "question"), number + 1
    taken.add(name)
    return name


def text(asked: ImportedQuestion) -> str:
    """The text of the question's file."""
    front: dict[str, object] = {"title": asked.title, "kind": asked.part.kind, **asked.settings, **_own(asked.part)}
    if asked.gaps:
        front["gaps"] = {name: {"kind": part.kind, **_own(part)} for name, part in asked.gaps.items()}
    blocks = [f"---\n{_yaml(front)}---", f"# Question\n\n{asked.text}"]
    answers = [_answers(asked.part)] if asked.part.answers else []
    answers += [f"## {name}\n\n{_answers(part)}" for name, part in asked.gaps.items() if part.answers]
    if answers:
        blocks.append("# Answers\n\n" + "\n\n".join(answers))
    blocks += [f"# {name}\n\n{said}" for name, said in (("Guide", asked.guide), ("Feedback", asked.feedback)) if said]
    return "\n\n".join(blocks) + "\n"


def _own(part: ImportedPart) -> dict[str, object]:
    """The settings of a part, which may hold expressions, with none in them."""
    return {key: _literal(value) for key, value in part.settings.items()}


def _literal(value: object) -> object:
    if isinstance(value, str):
        return braces(value)
    return [_literal(each) for each in value] if isinstance(value, list | tuple) else value


def _yaml(values: Mapping[str, object]) -> str:
    return "".join(f"{key}: {_value(value)}\n" for key, value in values.items())


def _value(value: object) -> str:
    """A value in YAML on one line."""
    match value:
        case str():
            return _text_value(value)
        case Mapping():
            inside = ", ".join(f"{key}: {_value(each)}" for key, each in value.items())
            return f"{{{inside}}}"
        case Sequence():
            return f"[{', '.join(map(_value, value))}]"
        case bool():
            return str(value).lower()
        case float():
            return re.sub(r"^(-?\d+)(?=e)", r"\1.0", f"{value:.15g}")  # YAML has no numbers like 1e-05
    return str(value)


def _text_value(text: str) -> str:
    """Text as it is where YAML takes it for text, else in JSON's quotes, which are YAML's too."""
    if re.fullmatch(r"[A-Za-z][A-Za-z ]*[A-Za-z]", text) and text.lower() not in _WORDS:
        return text
    return json.dumps(_NO_YAML.sub(" ", text), ensure_ascii=False)


_WORDS = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}  # no text in YAML


def _answers(part: ImportedPart) -> str:
    numbered = kind_called(part.kind).numbered
    bullets = (f"{at}." if numbered else "-" for at in range(1, len(part.answers) + 1))
    return "\n".join(_item(given, bullet, part) for given, bullet in zip(part.answers, bullets, strict=True))


def _item(given: ImportedAnswer, bullet: str, part: ImportedPart) -> str:
    """An answer as an item of a list; a line of it that begins like feedback is moved by a space."""
    first, *others = re.sub("^>", " >", given.text, flags=re.MULTILINE).strip().split("\n") or [""]
    lines = [f"{bullet} {_mark(given.mark, percent=part.percent)}{first}".rstrip()]
    lines += [f"    {line}" if line.strip() else "" for line in others]
    if given.feedback:
        lines += [f"  > {line}".rstrip() for line in given.feedback.split("\n")]
    return "\n".join(lines)


def _mark(mark: float | None, *, percent: bool) -> str:
    if mark is None:
        return ""
    if mark in (0.0, 1.0) and not percent:
        return "[x] " if mark else "[ ] "
    return f"[{100 * mark:.7g}%] "
