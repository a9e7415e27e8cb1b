"""Empty lines around what takes the place of a directive, without which Markdown makes one thing of it and the text."""

from __future__ import annotations

import re

_MARKER = re.compile(r"[\s>]*(?:[-*+]|\d+[.)])(?=\s|$)")  # of an item in a list


def apart(written: str, above: str, after: str, prefix: str, below: str) -> str:
    """`written` with an empty line where it needs one to the lines `above` and `after`.

    Its first line begins with `prefix`, such as "> " or "- ", and the others with `below`.
    """
    empty = below.rstrip()
    if above.strip(" \t>") and not _MARKER.search(prefix) and not _MARKER.fullmatch(above.rstrip()):
        written = f"{empty}\n{written}"
    if after.strip(" \t>") and (after.startswith(below) or not _MARKER.match(after)):
        written = f"{written}\n{empty}"
    return written
