"""What is wrong with the language of a page."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass, replace
from typing import Any

from coursewright.errors import Place, Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that would not show as it was meant; `line` counts from 0 in the page's body."""

    line: int
    part: str
    message: str
    hint: str

    def problem(self, place: Place) -> Problem:
        """The finding as a problem, whose line is at `place`."""
        return Problem(self.message, replace(place, part=self.part), self.hint, "syntax")


def found(env: MutableMapping[str, Any]) -> list[Finding]:
    """The findings of one run of the parser, to which its rules add."""
    findings: list[Finding] = env.setdefault("findings", [])
    return findings
