"""What stands on a page: its sections and theirs, for pages long enough for a reader to look for one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from coursewright.pages.reading import Heading

_FEW = 2  # sections that a reader sees without being told


@dataclass
class PageSection:
    """A section of a page: its heading and the sections in it."""

    text: str
    anchor: str
    below: list[PageSection] = field(default_factory=list)


def contents(headings: Sequence[Heading]) -> list[PageSection]:
    """The sections of a page with the sections in each, two levels of them; none where there are few."""
    titled = bool(headings) and headings[0].level == 1
    inside = [heading for heading in headings[titled:] if heading.anchor]
    top = min((heading.level for heading in inside), default=0)
    parts: list[PageSection] = []
    for heading in inside:
        part = PageSection(heading.text, heading.anchor)
        if heading.level == top:
            parts.append(part)
        elif heading.level == top + 1 and parts:
            parts[-1].below.append(part)
    return parts if len(parts) > _FEW else []
