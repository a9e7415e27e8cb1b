"""What the pages of a course have in common in how they are written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from coursewright.pages.citing import HARVARD
from coursewright.trust import OWN, Trust


@dataclass(frozen=True)
class Conventions:
    """The language that pages say their own words in, and whether what has a caption has a number too.

    `bibliography` names the files, in the course at `root`, whose sources every page can cite, in the `style` that is
    called so or is the content of a CSL file. Whose the course is says `trust`.
    """

    language: str = "en-GB"
    numbered: bool = False
    bibliography: tuple[str, ...] = ()
    style: str = HARVARD
    root: Path = field(default=Path(), repr=False)  # a course that has moved is the same
    trust: Trust = OWN


USUAL = Conventions()
"""Those of a course that says nothing of them."""
