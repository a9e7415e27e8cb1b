"""GIFT, Moodle's plain text for questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from coursewright.errors import Problem
from coursewright.questions.importers._bank import Bank
from coursewright.questions.importers._drafting.asked import ImportedQuestion, NotTaken
from coursewright.questions.importers._drafting.file import bank, not_taken
from coursewright.questions.importers._drafting.gift import asked, hidden, shown
from coursewright.questions.importers._drafting.markdown import clean, line

TITLE = "GIFT"
_START = re.compile(r"^\s*(\$CATEGORY:|::.+?::)|\{\s*([=~#TF}]|TRUE|FALSE)", re.MULTILINE)
_TAG = re.compile(r"(?<!\\)\[tag:((?:\\\]|[^\]])+)\]")


def recognises(text: str) -> bool:
    """Whether the text looks like GIFT."""
    return not text.lstrip().startswith("<") and _START.search(text) is not None


def read(text: str, file: Path) -> Bank:
    """The questions of a file of GIFT; those that GIFT's rules do not fit are among the problems."""
    problems: list[Problem] = []
    return bank(list(_questions(clean(text), file, problems)), problems, file)


def _questions(text: str, file: Path, problems: list[Problem]) -> Iterator[ImportedQuestion]:
    category = ""
    for first, lines in _paragraphs(text):
        tags = [tag.replace("\\]", "]") for each in lines if each.startswith("//") for tag in _TAG.findall(each)]
        written = [each for each in lines if not each.startswith("//")]
        while written and written[0].startswith("$CATEGORY:"):
            path = written.pop(0).removeprefix("$CATEGORY:").strip().replace("\\\\", "\\")
            category = re.sub(r"^\$\w+\$/(top/)?", "", path).replace("//", "/").strip("/")
        if not written:
            continue
        title, body = _title(hidden("\n".join(written)))
        settings: dict[str, object] = {"tags": tags} if tags else {}
        settings |= {"category": category} if category else {}
        try:
            yield asked(body, title, settings, first)
        except NotTaken as reason:
            problems.append(not_taken(title, str(reason), file, first))


def _paragraphs(text: str) -> Iterator[tuple[int, list[str]]]:
    """What stands between empty lines, but for those between braces, with the number of its first line."""
    lines, first = [], 0
    every = [*map(str.strip, text.split("\n")), ""]
    for number, each in enumerate(every, 1):
        if each:
            first = first or number
            lines.append(each)
        elif lines and not (_is_open(lines) and _is_closed_below(every[number:])):
            yield first, lines
            lines, first = [], 0


def _is_open(lines: list[str]) -> bool:
    """Whether a brace is open at the end of lines."""
    text = hidden("\n".join(each for each in lines if not each.startswith("//")))
    return text.rfind("{") > text.rfind("}")


def _is_closed_below(lines: list[str]) -> bool:
    """Whether a brace is closed before another question begins."""
    for each in lines:
        found = re.search(r"[{}]", hidden(each)) if not each.startswith("//") else None
        if found or each.startswith(("::", "$CATEGORY:")):
            return found is not None and found[0] == "}"
    return False


def _title(text: str) -> tuple[str, str]:
    """The name between double colons, or the first words where there is none, and the rest."""
    if text.startswith("::") and "::" in text[2:]:
        name, _, body = text[2:].partition("::")
        title = line(shown(name))
        if title:
            return title, body.strip()
    else:
        body = text
    words = line(shown(re.sub(r"^\[\w+\]", "", body.partition("{")[0])))
    return words[:80] or "Question", body.strip()
