"""Parameters in text: `{{ season }}` becomes the value, and a value is never markup."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import quote

from coursewright.errors import CoursewrightError, Place, Problem, did_you_mean, several
from coursewright.markup import escape_anywhere
from coursewright.pages.blocks.between import apart
from coursewright.pages.reading.page import Page
from coursewright.pages.text.raw_html import HtmlPosition, standings

FENCE = "```\n```"  # stands for a block, which each format writes in its place

# Escapes and code spans come first, so that what stands in one is passed over; a span ends with its paragraph. The
# fences of admonitions, "```{note}" and "```", begin no span.
_PARAMETER = re.compile(
    r"\\.|(?m:^[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?`{3,}(?=[^`\n]*$))"
    r"|(`+)(?!`)(?:(?!\n\s*\n).)*?(?<!`)\1(?!`)|\{\{\s*([^{}]*?)\s*\}\}",
    re.DOTALL,
)

# An address that has begun and goes on: of a link or a picture, in HTML, or as it stands in the text.
_ADDRESS = re.compile(
    r"""(?:\]\(<?|(?:href|src)=["']|https?://|(?<![\w.])www\.)(?:\{\{[^{}]*\}\}|[^)\s<{]|\{(?!\{))*$"""
)
_PLAIN = re.compile(r"[\w .,%#+-]*")  # no address, no function, no end of a declaration


@dataclass(frozen=True)
class FilledPage:
    """A page's Markdown with its parameters filled in: the author's own lines, but for what is not told.

    A directive stands in it as an empty fence, or as Markdown of its own. `fences` says which directive it is whose
    fence begins on a line, `lines` on which line of the page's body each line began; all are counted from 0.
    """

    text: str
    fences: Mapping[int, int]
    lines: tuple[int, ...]


def fill(
    page: Page, parameters: Mapping[str, Any], markdown: Callable[[int], str | None] = lambda _number: None
) -> FilledPage:
    """Fill in the parameters of `page`; directive number `n` becomes the Markdown that `markdown(n)` gives, if any.

    Raises CoursewrightError for each parameter that does not exist, or that stands where it cannot.
    """
    lines, problems = page.body.split("\n"), list[Problem]()
    written = {directive.lines[0]: (directive.lines[1], number) for number, directive in enumerate(page.directives)}
    out: list[str] = []
    fences: dict[int, int] = {}
    origins, at = list[int](), 0
    while at < len(lines):
        if at in page.left_out:
            at += 1
            while at < len(lines) and _doubled(lines[at], out):
                at += 1
            continue
        first, piece = at, lines[at]
        if at in written:
            prefix = re.split("[`~]", lines[at], maxsplit=1)[0]
            at, number = written[at]
            own = markdown(number)
            if own is None:
                fences[len(out)] = number
            piece = _indented(FENCE, prefix)
            if own is not None:
                above, after = out[-1] if out else "", lines[at] if at < len(lines) else ""
                piece = apart(_indented(own, prefix), above, after, prefix, _below(prefix))
        else:
            at += 1
            if first not in page.verbatim:  # a run of text is filled in one go: a code span may go over lines
                while at < len(lines) and at not in page.verbatim and at not in page.left_out:
                    at += 1
                piece = _fill_lines("\n".join(lines[first:at]), parameters, page, first, problems)
        origins += [min(first + number, at - 1) for number in range(piece.count("\n") + 1)]
        out += piece.split("\n")
    if problems:
        raise several(problems)
    return FilledPage("\n".join(out), fences, tuple(origins))


def _doubled(line: str, told: Sequence[str]) -> bool:
    """Whether `line` is empty, as the one before it is; in a quotation, that is a line with its mark alone."""
    before = told[-1].rsplit("\n", 1)[-1] if told else ""
    return not line.strip(" \t>") and line.rstrip() == before.rstrip()


def fill_text(text: str, parameters: Mapping[str, Any], place: Place) -> str:
    """Plain text, such as a title, with its parameters filled in as they are."""
    return _PARAMETER.sub(lambda found: _value(found, parameters, place, str), text)


def without_parameters(text: str) -> str:
    """`text` with spaces for its parameters, escapes and code spans."""
    return _PARAMETER.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def named_in(page: Page) -> Iterator[str]:
    """The parameters that the text, the title and the description of `page` name."""
    told = (line for number, line in enumerate(page.body.split("\n")) if number not in page.verbatim)
    for text in ("\n".join(told), page.settings.title, page.settings.description):
        yield from (found[2] for found in _PARAMETER.finditer(text) if found[2])


def _in_address(value: object) -> str:
    """`value` as one part of an address: a space or a slash in it is not the end of the part."""
    return quote(str(value), safe="")


def _indented(text: str, prefix: str) -> str:
    """`text` inside the list or quotation that its first line stands in."""
    return prefix + text.replace("\n", f"\n{_below(prefix)}")


def _below(prefix: str) -> str:
    """What the lines begin with below one that begins with `prefix`, such as "- "."""
    return re.sub(r"[-*+]|\d+[.)]", lambda marker: " " * len(marker[0]), prefix)


def _fill_lines(text: str, parameters: Mapping[str, Any], page: Page, first: int, problems: list[Problem]) -> str:
    """The lines with their parameters filled in; what is wrong with one is noted in `problems`."""
    holes = [found.span() for found in _PARAMETER.finditer(text) if found[2] is not None]
    standing = dict(zip(holes, standings(_PARAMETER.sub(_hole, text), holes), strict=True))

    def value(found: re.Match[str]) -> str:
        line = first + text.count("\n", 0, found.start())
        before = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        how = standing.get(found.span(), HtmlPosition())
        is_address = how.is_address or _ADDRESS.search(before)
        write = partial(_in_html, found[0], how, page.at(line)) if how.wrong else _in_address if is_address else None
        try:
            return _value(found, parameters, page.at(line), write or escape_anywhere)
        except CoursewrightError as error:
            problems.extend(error.problems)
            return found[0]

    return _PARAMETER.sub(value, text)


def _hole(found: re.Match[str]) -> str:
    """Letters for a parameter, and spaces for what is no HTML."""
    return re.sub(r"[^\n]", " " if found[2] is None else "x", found[0])


def _in_html(written: str, how: HtmlPosition, place: Place, value: object) -> str:
    """`value` where it is more than text: plain words of a style, or nothing."""
    if how.is_style and _PLAIN.fullmatch(str(value)):
        return str(value)
    raise CoursewrightError(f"{written} cannot stand there: {how.wrong}", place, how.hint)


def _value(found: re.Match[str], parameters: Mapping[str, Any], place: Place, write: Callable[[object], str]) -> str:
    name = found[2]
    if name is None:
        return found[0]
    if name not in parameters:
        raise CoursewrightError(f'no parameter called "{name}"', place, _instead(name, parameters))
    value = parameters[name]
    return "" if value is None else write(value)


def _instead(name: str, parameters: Mapping[str, Any]) -> str:
    """What to write instead of `name`: no filter, sum or format can stand in the braces of a page."""
    first = re.match(r"\w+", name)
    if first and first[0] in parameters:
        return f"write {{{{ {first[0]} }}}} alone: what is made of it can be a column of for_each"
    return did_you_mean(name, parameters)
