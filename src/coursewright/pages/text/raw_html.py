"""Where values stand in HTML that an author wrote among Markdown: in most places they are text, in some they cannot be.

In an attribute without quotes a space ends the value, and what follows are attributes; in `<script>`, `<style>` and
attributes such as `onclick` no way of writing a value makes text of it, nor where an element tells the browser what to
do: `<meta http-equiv>`, `<base>`, and what changes an attribute of another. Nothing can be told there. In an attribute
that is an address a value is one part of that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_INSIDE = r"""(?:(?!\n[ \t]*\n)[^>"']|"[^"]*"|'[^']*')*"""  # a tag ends with its paragraph
_PIECE = re.compile(
    rf"<!--.*?-->|<(?P<program>script|style)\b{_INSIDE}>(?P<text>.*?)(?:</(?P=program)\s*>|\Z)|</?[a-z]{_INSIDE}>",
    re.DOTALL | re.IGNORECASE,
)
_QUOTED = re.compile(r"""([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_PROGRAM = re.compile("on.*|srcdoc")
_LINKS = frozenset({"href", "src"})  # of which it is looked where they lead
_ADDRESSES = _LINKS | {
    *(
        "action",
        "background",
        "cite",
        "codebase",
        "data",
        "formaction",
        "imagesrcset",
        "longdesc",
        "lowsrc",
        "manifest",
    ),
    *("ping", "poster", "srcset", "xlink:href"),
}
_ORDER = re.compile(r"<(base|animate\w*|set|meta(?=.*\bhttp-equiv\b))(?=[\s/])", re.IGNORECASE | re.DOTALL)


class HtmlPosition(NamedTuple):
    """How a value stands in HTML: what is `wrong` with that and what to write instead, or whether in an address.

    In a style it is `wrong` unless it is plain: words, numbers and colours. An address is `unseen` if it begins with
    the value, and nobody looks where it leads.
    """

    wrong: str = ""
    hint: str = ""
    is_address: bool = False
    is_style: bool = False
    is_unseen: bool = False


_TEXT = HtmlPosition()


def standings(text: str, holes: Sequence[tuple[int, int]]) -> list[HtmlPosition]:
    """How each value stands; its hole is where its first sign is, and where that behind its last.

    `text` has letters in the holes, and spaces for what is no HTML, such as code.
    """
    pieces = [piece for piece in _PIECE.finditer(text) if not piece[0].startswith("<!--")] if "<" in text else []
    return [next((_in(each, *hole) for each in pieces if _holds(each.span(), *hole)), _TEXT) for hole in holes]


def _holds(span: tuple[int, int], start: int, end: int) -> bool:
    return span[0] <= start and end <= span[1]


def _in(piece: re.Match[str], start: int, end: int) -> HtmlPosition:
    if piece["program"] and _holds(piece.span("text"), start, end):
        hint = 'give it to an element, for instance <div data-value="…">, and read that'
        return HtmlPosition(f"in <{piece['program'].lower()}> a value would be a program", hint)
    if order := _ORDER.match(piece[0]):
        hint = "write what it says yourself, or link to the address"
        return HtmlPosition(f"in <{order[1].lower()}> a value would tell the browser what to do", hint)
    for one in _QUOTED.finditer(piece[0]):
        span = one.span(2) if one[2] is not None else one.span(3)
        if _holds((piece.start() + span[0], piece.start() + span[1]), start, end):
            begins = not piece[0][span[0] : start - piece.start()].strip()
            return _in_attribute(one[1].lower(), begins=begins)
    return HtmlPosition("in a tag a value stands between quotes", 'for instance class="…"')


def _in_attribute(name: str, *, begins: bool) -> HtmlPosition:
    if _PROGRAM.fullmatch(name):
        return HtmlPosition(f"in {name} a value would be a program", "write it into an attribute of another name")
    if name == "style":
        return HtmlPosition("in style a value is words, numbers and colours", "choose between classes", is_style=True)
    return HtmlPosition(is_address=name in _ADDRESSES, is_unseen=begins and name in _ADDRESSES - _LINKS)
