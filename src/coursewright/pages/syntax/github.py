"""Admonitions as GitHub shows them: the author's lines, set in an alert, a quotation, or a part that opens."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape
from typing import TYPE_CHECKING

from coursewright.pages.syntax.admonitions import ALERTS, OPEN, drops_down, kind_of
from coursewright.pages.syntax.parser import markdown

if TYPE_CHECKING:
    from markdown_it.token import Token

_SAID_BY_GITHUB = ("note", "tip", "hint", "important", "warning", "caution")


def with_alerts(text: str, language: str = "en") -> str:
    """The Markdown `text`, in which every admonition that GitHub would show as colons or code is what it can show.

    At the margin that is an alert; GitHub has none in lists, quotations and other alerts, where it is a quotation.
    Everything else stands as it is, line by line.
    """
    if not re.search(r"(?::::|```|~~~)\s*\{", text):
        return text
    lines: list[str | None] = list(text.split("\n"))
    found = [token for token in markdown().parse(text) if token.type == OPEN and token.meta["closed"]]
    ends = {token.map[1] for token in found if token.map}
    for token in reversed(found):  # those inside come first
        _write(token, lines, ends, language)
    return "\n".join(line for line in lines if line is not None)


def without_alerts(text: str, language: str = "en") -> str:
    """The Markdown `text`, in which each of GitHub's alerts is a quotation that says what it is: Jupyter knows none."""
    if "> [!" not in text:
        return text
    lines: list[str | None] = list(text.split("\n"))
    for token in markdown().parse(text):
        if token.type != OPEN or token.markup != ">" or not token.map:
            continue
        first = token.map[0]
        told = (lines[first + 1] or "").lstrip(" >").startswith("**") if first + 1 < len(lines) else False
        margin = (lines[first] or "").split("[!")[0]
        kind = f"{margin}**{kind_of(token, {'language': language})}**\n{margin.rstrip()}"
        lines[first] = None if told else kind
    return "\n".join(line for line in lines if line is not None)


def _write(token: Token, lines: list[str | None], ends: Collection[int], language: str) -> None:
    """Write one admonition in the place of its lines; one that is gone is None, so that others keep their numbers."""
    first, last = token.map or (0, 0)
    before = (lines[first] or "").split(token.markup)[0]
    margin = re.sub(r"[-*+]|\d+[.)]", lambda marker: " " * len(marker[0]), before)
    content = range(first + 1 + token.meta["option_lines"], last)
    told = [number for number in content if (lines[number] or "").strip(" \t>")]
    content = range(told[0], told[-1] + 1) if told else range(0)  # without the empty lines around it
    for number in {*range(first + 1, last)} - {*content}:
        lines[number] = None
    head = _head(token, language)
    if drops_down(token):
        opening, end = ["<details>", f"<summary>{head}</summary>", ""], ["", "</details>"]
    else:
        opening, end = _quoted(token, head), []
        _quote(lines, content, margin)
    if name := token.meta["options"].get("name"):
        opening = [f'<a id="{escape(name)}"></a>', "", *opening]
    lines[first] = "\n".join([before + opening[0], *((margin + line).rstrip() for line in opening[1:])])
    if last + 1 < len(lines) and last + 1 not in ends and (lines[last + 1] or "").strip(" \t>"):
        end = [*end, ""]  # or what follows would be told in the quotation
    lines[last] = "\n".join((margin + line).rstrip() for line in end) if end else None


def _head(token: Token, language: str) -> str:
    """What an admonition says above its text; nothing, if GitHub says it."""
    title = token.meta["title"]
    kind = kind_of(token, {"language": language})
    if drops_down(token):
        return f"{kind} {markdown().renderInline(title)}".strip()
    said_by_github = token.level == 0 and token.meta["name"] in _SAID_BY_GITHUB
    return title if said_by_github else f"{kind} {title}".strip()


def _quoted(token: Token, head: str) -> list[str]:
    alert = [f"> [!{ALERTS[token.meta['name']]}]"] if token.level == 0 else []
    return [*alert, *([f"> **{head}**", ">"] if head else [])]


def _quote(lines: list[str | None], content: range, margin: str) -> None:
    """Set lines in a quotation that begins at a margin."""
    for number in content:
        if (written := lines[number]) is not None:
            inside = (
                line[len(margin) :] if not line[: len(margin)].strip(" \t>") else line for line in written.split("\n")
            )
            lines[number] = "\n".join(f"{margin}> {line}".rstrip() for line in inside)
