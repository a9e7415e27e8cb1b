"""What attributes of elements say."""

from __future__ import annotations

import re

_GONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*collapse", re.IGNORECASE)


def is_gone(attributes: dict[str, str | None]) -> bool:
    """Whether an element with these attributes takes no place on the page."""
    return "hidden" in attributes or bool(_GONE.search(attributes.get("style") or ""))


def number(attributes: dict[str, str | None], name: str) -> int:
    """A whole number as HTML reads it: what stands before the first sign that is no digit, 1 if there is nothing."""
    found = re.match(r"[ \t\n\f\r]*\+?([0-9]{1,9})", attributes.get(name) or "")
    return int(found[1]) if found else 1
