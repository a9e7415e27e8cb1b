"""Text as XML can hold it."""

from __future__ import annotations

import re

# What the grammar of XML 1.0 leaves out of Char, and the controls that it discourages.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def legal(text: str) -> str:
    """`text` without the characters that XML cannot hold, or should not."""
    return _NOT_IN_XML.sub("", text)


def line(text: str) -> str:
    """`text` on one line, as a title is."""
    return " ".join(legal(text).split())
