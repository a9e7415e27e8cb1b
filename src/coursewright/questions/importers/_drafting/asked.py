"""A question as a bank has it, its texts in Markdown already."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from coursewright.questions.export import File


class NotTaken(Exception):
    """This question, for this reason, cannot become a question file."""


@dataclass(frozen=True)
class ImportedAnswer:
    """An answer with its mark: 1 is right, 0 wrong, None has no brackets."""

    text: str
    mark: float | None = None
    feedback: str = ""


@dataclass(frozen=True)
class ImportedPart:
    """What is answered: a kind, its settings and its answers; with `percent` 1 and 0 are written as percentages too."""

    kind: str
    answers: tuple[ImportedAnswer, ...] = ()
    settings: Mapping[str, object] = field(default_factory=dict)
    percent: bool = False


@dataclass(frozen=True, kw_only=True)
class ImportedQuestion:
    """A question. A cloze question has `gaps` by name, and its `part` no answers.

    `files` are the pictures and sounds that its texts refer to by number, each with its ending for a path. `line` is
    where it begins in the bank, `lost` what of it is left out or changed.
    """

    title: str
    text: str
    part: ImportedPart
    gaps: Mapping[str, ImportedPart] = field(default_factory=dict)
    settings: Mapping[str, object] = field(default_factory=dict)
    feedback: str = ""
    guide: str = ""
    files: tuple[File, ...] = ()
    line: int | None = None
    lost: tuple[str, ...] = ()

    def with_files(self, files: Iterable[File], lost: Iterable[str]) -> ImportedQuestion:
        """The question with its pictures and sounds, and what is said of it."""
        return replace(self, files=tuple(files), lost=tuple(dict.fromkeys(lost)))
