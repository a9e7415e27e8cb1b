"""What the pages of a course have in common in how they are written."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Conventions:
    """The language that pages say their own words in, and whether what has a caption has a number too."""

    language: str = "en-GB"
    numbered: bool = False
