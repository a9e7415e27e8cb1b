"""What formats cannot carry of the questions that were asked, and what they mended: each thing told once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coursewright.questions.writing.features import all_features

_VARIES = re.compile(r'"[^"]*"|\d[\d.,]*')  # what differs between notes that say the same


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that a format lacks, for one reason: `without` says what, in words, and `questions` which have it.

    Where it is `refused`, these are not written in the format; else they are written without it.
    """

    format: str
    without: tuple[str, ...]
    reason: str
    refused: bool
    questions: tuple[str, ...]


@dataclass
class LackReport:
    """What is to be told, gathered question by question."""

    lacks: dict[tuple[str, str, bool], tuple[dict[str, None], dict[str, None]]] = field(default_factory=dict)
    notes: dict[str, tuple[str, dict[str, None], dict[str, None]]] = field(default_factory=dict)

    def lack(self, exporters: Mapping[str, Any], name: str, features: Iterable[str], question: str) -> None:
        """The format `name` lacks some features of a question."""
        for feature in features:
            limit = exporters[name].LIMITS[feature]
            without, questions = self.lacks.setdefault((name, limit.reason, limit.refused), ({}, {}))
            without[all_features()[feature]] = questions[question] = None

    def note(self, name: str, note: str, question: str) -> None:
        """The format `name` has mended something in a question."""
        _, formats, questions = self.notes.setdefault(_VARIES.sub("…", note), (note, {}, {}))
        formats[name] = questions[question] = None

    def all_lacks(self, order: Sequence[str]) -> tuple[Lack, ...]:
        """What formats lack, format by format in this order, what is refused first."""
        made = [
            Lack(name, tuple(without), reason, refused, tuple(questions))
            for (name, reason, refused), (without, questions) in self.lacks.items()
        ]
        return tuple(sorted(made, key=lambda lack: (order.index(lack.format), not lack.refused)))

    def all_notes(self) -> tuple[str, ...]:
        """What was mended, a line for each sort of it, with the first case."""
        return tuple(
            f"{', '.join(formats)}: {note} ({listed(list(questions))})"
            for note, formats, questions in self.notes.values()
        )


def listed(names: Sequence[str]) -> str:
    """Names in a line: the first three, and how many there are besides."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
