"""Writing elements: a tag per function call, every value escaped."""

from __future__ import annotations

import re
from html import escape

from coursewright.errors import CoursewrightError

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def tag(name: str, *children: str, **attributes: str) -> str:
    """An element. Attributes are written with `_` for `-`; children are XML already."""
    start = begin(name, **attributes)
    return f"{start}{''.join(children)}</{name}>" if children else f"{start[:-1]}/>"


def begin(name: str, **attributes: str) -> str:
    """The beginning of an element, for one that is written piece by piece."""
    given = "".join(f' {key.replace("_", "-")}="{_quoted(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>"


def _quoted(text: str) -> str:
    return escape(text).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def legal(text: str) -> str:
    """`text`, or CoursewrightError when XML cannot hold it."""
    if _ILLEGAL.search(text):
        raise CoursewrightError(
            "the text has a control character, which XML cannot hold", hint="take it out of the text or of the data"
        )
    return text.replace("\r", "&#13;")


def title_of(title: str) -> str:
    """A title as the value of an attribute."""
    return escape(" ".join(legal(title).split()))


def number(size: float) -> str:
    """A number as briefly as it can be written without a loss."""
    return repr(float(size)).removesuffix(".0")
