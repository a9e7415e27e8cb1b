"""The sections of a question file: its code, its headings, and the answers with what is said to each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from coursewright.errors import CoursewrightError, Place, Problem, did_you_mean
from coursewright.questions.reading.template import Template, template

_SECTIONS = ("Question", "Answers", "Solution", "Feedback", "Guide", "Starter")
_ITEM = re.compile(r"(?:[-*+]|(\d+)[.)])\s+(?:\[( |x|X|[-+]?\d+(?:\.\d+)?\s*%)\](?:\s+|$))?(.*)$")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})\s*(\w*)")


@dataclass(frozen=True, slots=True)
class AnswerItem:
    """One item of `# Answers`: its mark (`[x]` 1, `[50%]` 0.5, None for a wrong one) and its feedback.

    One without a box, not even `[ ]`, is right when it is what the question calls its answer, else wrong.
    """

    text: Template
    mark: float | None
    feedback: tuple[Template, ...]
    line: int
    box: bool = True


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under a heading; `line` is that of its first line in the file."""

    text: str
    line: int


def read_sections(body: str, first: int, file: Path, problems: list[Problem]) -> tuple[Section, dict[str, Section]]:
    """The code before the first heading, and what stands below each heading of the first level.

    A heading that can be none is noted in `problems`. Raises CoursewrightError for code that is none.
    """
    lines = body.split("\n")
    heads = list(_headings(lines))
    before = heads[0][0] if heads else len(lines)
    code, rest = _code(lines[:before], first, file)
    found: dict[str, Section] = {}
    for (at, title), (after, _) in zip(heads, [*heads, (len(lines), "")][1:], strict=True):
        place = Place(file, first + at)
        if title not in _SECTIONS:
            hint = did_you_mean(title, _SECTIONS) + ". Headings of a question's own begin with ##"
            problems.append(Problem(f'no part of a question is called "{title}"', place, hint))
        elif title in found:
            problems.append(Problem(f'"# {title}" is there twice', place, "put the two together"))
        found[title] = Section("\n".join(lines[at + 1 : after]), first + at + 1)
    if rest.text.strip() and "Question" not in found:
        found["Question"] = rest
    elif rest.text.strip():
        hint = "put it below # Question, or between ```python and ``` if it is code"
        problems.append(Problem("this text belongs to no part of the question", Place(file, rest.line), hint))
    return code, found


def _headings(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Where headings of the first level stand, outside code."""
    fence = ""
    for at, line in enumerate(lines):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence = mark[1]
        elif fence and line.strip().startswith(fence) and not line.strip().strip(fence[0]):
            fence = ""
        elif not fence and line.startswith("# "):
            yield at, line[2:].strip()


def _code(lines: list[str], first: int, file: Path) -> tuple[Section, Section]:
    """The block of Python before the first heading, and the text after it."""
    start = next((at for at, line in enumerate(lines) if line.strip()), None)
    mark = _FENCE.match(lines[start]) if start is not None else None
    if start is None or mark is None:
        return Section("", first), Section("\n".join(lines), first if start is None else first + start)
    end = next((at for at in range(start + 1, len(lines)) if lines[at].strip() == mark[1]), None)
    place = Place(file, first + start)
    if end is None:
        raise CoursewrightError("this code is not closed", place, f"write {mark[1]} on a line of its own below it")
    if mark[2] != "python":
        raise CoursewrightError(f'a question\'s code is Python, not "{mark[2]}"', place, "begin it with ```python")
    rest = lines[end + 1 :]
    blank = next((at for at, line in enumerate(rest) if line.strip()), 0)
    return Section("\n".join(lines[start + 1 : end]), first + start + 1), Section(
        "\n".join(rest), first + end + 1 + blank
    )


def read_answers(section: Section, file: Path) -> Iterator[tuple[str, tuple[AnswerItem, ...]]]:
    """The items under `# Answers`, by the `## gap` that they stand under ("" without one)."""
    gap, start = "", 0
    lines = section.text.split("\n")
    for at, line in enumerate([*lines, "## "]):
        if line.startswith("## "):
            yield gap, tuple(_items(lines[start:at], section.line + start, file))
            gap, start = line[3:].strip(), at + 1


def _items(lines: list[str], first: int, file: Path) -> Iterator[AnswerItem]:
    starts = [at for at, line in enumerate(lines) if _ITEM.match(line)]
    for at, after in zip(starts, [*starts, len(lines)][1:], strict=True):
        found = _ITEM.match(lines[at])
        assert found is not None  # noqa: S101 - it is one of those that matched
        inside = [re.sub(r"^ {1,4}", "", line) for line in lines[at + 1 : after]]
        said = [n for n, line in enumerate(inside) if line.startswith(">")]
        text = "\n".join([found[3], *inside[: said[0] if said else len(inside)]]).strip()
        yield AnswerItem(
            template(text, file, first + at),
            _mark(found[2]),
            tuple(_feedback(inside, first + at + 1, file)),
            first + at,
            found[2] is not None,
        )


def _feedback(lines: list[str], first: int, file: Path) -> Iterator[Template]:
    """The quotations under an answer: the first is said the first time, the next when the answer is given again."""
    start = None
    for at, line in enumerate([*lines, ""]):
        if line.startswith(">") and start is None:
            start = at
        elif not line.startswith(">") and start is not None:
            text = "\n".join(re.sub(r"^> ?", "", each) for each in lines[start:at])
            yield template(text, file, first + start)
            start = None


def _mark(text: str | None) -> float | None:
    if text is None or not text.strip():
        return None
    return float(text.rstrip("% ")) / 100 if text.endswith("%") else 1.0
