"""A question of a bank as a question file, and all of them as a bank."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from coursewright.errors import Place, Problem
from coursewright.questions.bank import Bank, Draft
from coursewright.questions.export import File
from coursewright.questions.importers._drafting.asked import Asked, Given, Part

_LENGTH = 60  # letters of a file's name
_NO_YAML = re.compile("[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)$")  # names that Windows keeps for itself


def bank(questions: Iterable[Asked], problems: Iterable[Problem], file: Path) -> Bank:
    """The questions as drafts of files, each with a name of its own; what was lost joins the problems."""
    taken: set[str] = set()
    kept: dict[str, bytes] = {}
    drafts, all_problems = [], list(problems)
    for asked in questions:
        name = file_name(asked.title, taken)
        drafts.append(_draft(asked, name, kept))
        place = Place(file, asked.line)
        all_problems += [Problem(f'"{asked.title}": {lost}', place, rule="lost") for lost in asked.lost]
    return Bank(tuple(drafts), tuple(all_problems))


def _draft(asked: Asked, name: str, kept: dict[str, bytes]) -> Draft:
    """The question's file; a picture whose name another one has `kept` gets the question's name before its own."""
    written, files = text(asked), []
    for each in asked.files:
        path = each.path
        if kept.setdefault(path.lower(), each.data) != each.data:
            path = f"{name}-{path}"
            kept[path.lower()] = each.data
            written = written.replace(f"]({each.path})", f"]({path})")
        files.append(File(path, each.data))
    return Draft(name, written, tuple(files))


def not_taken(title: str, reason: str, file: Path, line: int | None) -> Problem:
    """The problem of a question that cannot become a file."""
    return Problem(f'"{title}" is left out: {reason}', Place(file, line), rule="left-out")


def file_name(title: str, taken: set[str]) -> str:
    """A safe name for a file, made of the letters of the title, that is not `taken`; it is from then on."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall("[a-z0-9]+", letters))[:_LENGTH].strip("-") or "question"
    stem = f"question-{stem}" if _RESERVED.match(stem) else stem
    name, number = stem, 2
    while name in taken:
        name, number = f"{stem}-{number}", number + 1
    taken.add(name)
    return name


def text(asked: Asked) -> str:
    """The text of the question's file."""
    front: dict[str, object] = {"title": asked.title, "kind": asked.part.kind, **asked.settings, **asked.part.settings}
    if asked.gaps:
        front["gaps"] = {name: {"kind": part.kind, **part.settings} for name, part in asked.gaps.items()}
    blocks = [f"---\n{_yaml(front)}---", f"# Question\n\n{asked.text}"]
    answers = [_answers(asked.part)] if asked.part.answers else []
    answers += [f"## {name}\n\n{_answers(part)}" for name, part in asked.gaps.items() if part.answers]
    if answers:
        blocks.append("# Answers\n\n" + "\n\n".join(answers))
    blocks += [f"# {name}\n\n{said}" for name, said in (("Guide", asked.guide), ("Feedback", asked.feedback)) if said]
    return "\n\n".join(blocks) + "\n"


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


def _answers(part: Part) -> str:
    bullets = (f"{at}." if part.kind == "order" else "-" for at in range(1, len(part.answers) + 1))
    return "\n".join(_item(given, bullet, part) for given, bullet in zip(part.answers, bullets, strict=True))


def _item(given: Given, bullet: str, part: Part) -> str:
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
