"""A page of which something could not be carried out, and all else is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from coursewright.errors import Problem, SeveralProblems
from coursewright.pages.blocks.block import Picture

if TYPE_CHECKING:
    from coursewright.pages.executing.run import ExecutedPage

FAILED = Picture("", "", "", "…")
"""What stands for a block that failed. It has a caption: whether the block would have had one is not known."""

TEXTS = frozenset({"tell"})
"""Directives that may bring what links lead to, headings and terms: of a page without them, not all is known."""


class InPart(SeveralProblems):
    """What is wrong in a page that is `executed` but for some of its blocks.

    `is_known` says whether all else of it is known that other pages may ask: its headings, its terms, what it names.
    """

    def __init__(self, problems: Iterable[Problem], executed: ExecutedPage, *, is_known: bool) -> None:
        super().__init__(problems)
        self.executed = executed
        self.is_known = is_known
