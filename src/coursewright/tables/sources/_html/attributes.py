"""What attributes of elements say."""

from __future__ import annotations

import re

_GONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*collapse", re.IGNORECASE)


_BLANK = re.compile(
    r"visibility\s*:\s*hidden|(?:opacity|font-size)\s*:\s*0*\.?0+(?:px|em|rem|pt|%)?\s*(?:[;!]|$)", re.IGNORECASE
)
_RAISING = re.compile(r"vertical-align\s*:\s*(super|sub)\b", re.IGNORECASE)
_APART = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*(?:block|flex|grid|table|list-item|flow-root)|position\s*:\s*(?!static)[a-z]"
    r"|vertical-align\s*:\s*(?!baseline|middle|in)[\w.-]|text-decoration[a-z-]*\s*:[^;]*line-through|font-variant[a-z-]*\s*:[^;]*su[bp])",
    re.IGNORECASE,
)


def is_gone(attributes: dict[str, str | None]) -> bool:
    """Whether an element with these attributes takes no place on the page."""
    return "hidden" in attributes or bool(_GONE.search(attributes.get("style") or ""))


def number(attributes: dict[str, str | None], name: str) -> int:
    """A whole number as HTML reads it: what stands before the first sign that is no digit, 1 if there is nothing."""
    found = re.match(r"[ \t\n\f\r]*\+?([0-9]{1,9})", attributes.get(name) or "")
    return int(found[1]) if found else 1


def is_blank(style: str) -> bool:
    """Whether an element of this style takes its place, and shows nothing."""
    return bool(_BLANK.search(style))


def raising(style: str) -> str:
    """The element, "sup" or "sub", that stands as one of this style does; "" for neither."""
    found = _RAISING.search(style)
    return "" if not found else "sup" if found[1].lower() == "super" else "sub"


def is_apart(style: str) -> bool:
    """Whether the text of an element of this style stands apart from the text beside it: lower, higher, struck out."""
    return bool(_APART.search(style))


def in_boxes(style: str) -> bool:
    """Whether all that is in an element of this style stands apart from each other."""
    return bool(re.search(r"display\s*:\s*(?:flex|grid)", style, re.IGNORECASE))
