"""Parameters in text: `{{ season }}` becomes the value, and a value is never markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.markup import escape_anywhere
from coursewright.pages.page import Page

# Escapes and code spans come first, so that what stands in one is passed over; a span ends with its paragraph.
_PARAMETER = re.compile(r"\\.|(`+)(?!`)(?:(?!\n\s*\n).)*?(?<!`)\1(?!`)|\{\{\s*([^{}]*?)\s*\}\}", re.DOTALL)


def fill(page: Page, parameters: Mapping[str, Any], write: Callable[[int], str]) -> str:
    """The page's Markdown with its parameters filled in and directive number `n` written as `write(n)`.

    Everything else stands as the author wrote it, but for the lines that are left out. Raises CoursewrightError for a
    parameter that does not exist.
    """
    lines = page.body.split("\n")
    written = {directive.lines[0]: (directive.lines[1], number) for number, directive in enumerate(page.directives)}
    out: list[str] = []
    at = 0
    while at < len(lines):
        if at in page.left_out:
            at += 1
            while at < len(lines) and _doubled(lines[at], out):
                at += 1
        elif at in written:
            prefix = re.split("[`~]", lines[at], maxsplit=1)[0]
            at, number = written[at]
            out.append(_indented(write(number), prefix))
        else:
            end = at + 1
            if at not in page.verbatim:  # a run of text is filled in one go: a code span may go over lines
                while end < len(lines) and end not in page.verbatim and end not in page.left_out:
                    end += 1
                out.append(_fill_lines("\n".join(lines[at:end]), parameters, page, at))
            else:
                out.append(lines[at])
            at = end
    return "\n".join(out)


def _doubled(line: str, told: Sequence[str]) -> bool:
    """Whether `line` is empty, as the one before it is; in a quotation, that is a line with its mark alone."""
    before = told[-1].rsplit("\n", 1)[-1] if told else ""
    return not line.strip(" \t>") and line.rstrip() == before.rstrip()


def fill_text(text: str, parameters: Mapping[str, Any], place: Place) -> str:
    """Plain text, such as a title, with its parameters filled in as they are."""
    return _PARAMETER.sub(lambda found: _value(found, parameters, place, str), text)


def _in_address(value: object) -> str:
    """`value` as one part of an address: a space or a slash in it is not the end of the part."""
    return quote(str(value), safe="")


def _indented(text: str, prefix: str) -> str:
    """`text` inside the list or quotation that its first line stands in."""
    below = re.sub(r"[-*+]|\d+[.)]", lambda marker: " " * len(marker[0]), prefix)
    return prefix + text.replace("\n", f"\n{below}")


def _fill_lines(text: str, parameters: Mapping[str, Any], page: Page, first: int) -> str:
    def value(found: re.Match[str]) -> str:
        line = page.body_line + first + text.count("\n", 0, found.start())
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        in_address = re.search(r"""(?:\]\(<?|(?:href|src)=["'])[^)\s]*$""", before)
        return _value(found, parameters, Place(page.file, line), _in_address if in_address else escape_anywhere)

    return _PARAMETER.sub(value, text)


def _value(found: re.Match[str], parameters: Mapping[str, Any], place: Place, write: Callable[[object], str]) -> str:
    name = found[2]
    if name is None:
        return found[0]
    if name not in parameters:
        raise CoursewrightError(f'no parameter called "{name}"', place, did_you_mean(name, parameters))
    value = parameters[name]
    return "" if value is None else write(value)
