"""What the pages of one course have in common."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Site:
    """The course as its readers meet it: a title, who wrote it, in which language, under which licence."""

    title: str
    authors: tuple[str, ...] = ()
    language: str = "en-GB"
    licence: str = ""
    url: str = ""
