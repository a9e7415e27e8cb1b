"""What was put into a learner's folder, written down there: by it the learner's changes are told from the course's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .merge import outline_of
from .notebook import Outline

FILE = ".coursewright-course.json"
NOTEBOOK = ".ipynb"


@dataclass(frozen=True)
class Record:
    """What was `put`, and what `beside` changed files, by its hash; of notebooks the outline, as JSON holds it."""

    put: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[str, str] = field(default_factory=dict)
    outlines: Mapping[str, Any] = field(default_factory=dict)

    def outline(self, name: str) -> Outline | None:
        """The outline of a notebook as it was put; None where it is not known."""
        return read_outline(self.outlines.get(name))


def read_outline(said: Any) -> Outline | None:
    """The outline that JSON holds; None for anything else."""
    try:
        return Outline.read(said)
    except (KeyError, TypeError):
        return None


def read(to: Path) -> Record:
    """What was put there; without a record every difference counts as the learner's."""
    try:
        said = json.loads((to / FILE).read_text(encoding="utf-8"))
        return Record(dict(said["put"]), dict(said["beside"]), dict(said.get("outlines", {})))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Record()


def write(to: Path, record: Record) -> None:
    """Write it down, whole or not at all."""
    new = to / f"{FILE}.new"
    said = {"put": record.put, "beside": record.beside, "outlines": record.outlines}
    new.write_text(json.dumps(said, indent=1, sort_keys=True), encoding="utf-8")
    new.replace(to / FILE)


def outline_as_json(file: Path) -> Any:
    """The outline of a file's notebook as JSON holds it; None for what is no notebook that can be merged."""
    outline = outline_of(file.read_bytes()) if file.suffix == NOTEBOOK else None
    return outline.written() if outline else None
