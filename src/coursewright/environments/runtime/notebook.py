"""The noun of merging: a notebook as parts that can be compared, each cell with what tells it from others.

With the standard library alone, since it is in images: nbformat is not where a course is brought.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

ABOUT = "coursewright_merge"
"""The entry of a cell's metadata, or of a notebook's, in which merging says what it did."""

_LARGEST = 200_000_000  # bytes: a larger one is a file like any other
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MADE = re.compile(r"c[0-9a-f]{12}(-.*)?|.*-(new|back)-[0-9a-f]{8}(-.*)?|new-in-the-course")
_OPTIONAL = {"id", "attachments"}
_CELL = {"cell_type", "metadata", "source"}
_CODE = {"outputs", "execution_count"}
_OUTPUTS = {
    "stream": {"name", "text"},
    "display_data": {"data", "metadata"},
    "execute_result": {"data", "metadata", "execution_count"},
    "error": {"ename", "evalue", "traceback"},
}


@dataclass(frozen=True)
class CellDigest:
    """A cell: `source` and `outputs` are digests, the first of its type and attachments, too.

    `key` is its id, or where it has none (`named` is false) made of what is in it.
    """

    key: str
    named: bool
    kind: str
    source: str
    outputs: str
    metadata: Mapping[str, Any]


@dataclass(frozen=True)
class Outline:
    """What is to be known of the version that two others were made from: small, and without any text of it."""

    parts: tuple[CellDigest, ...] = ()
    metadata: Mapping[str, Any] | None = None

    def written(self) -> dict[str, Any]:
        """The outline as JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Outline:
        """The outline that `written` gave. Raises KeyError, TypeError for what is none."""
        parts = tuple(CellDigest(**part) for part in said["parts"])
        texts = [text for one in parts for text in (one.key, one.kind, one.source, one.outputs)]
        entries = [said["metadata"], *(one.metadata for one in parts)]
        if not all(isinstance(text, str) for text in texts) or not all(isinstance(one, dict) for one in entries):
            raise TypeError("no outline")
        return cls(parts, said["metadata"])


@dataclass(frozen=True)
class Notebook:
    """A notebook of format 4, sound as far as merging it needs."""

    said: Mapping[str, Any]

    @property
    def cells(self) -> Sequence[Mapping[str, Any]]:
        """Its cells, as they are written."""
        return self.said["cells"]  # type: ignore[no-any-return]  # format 4 has a list of cells

    @cached_property
    def outline(self) -> Outline:
        """What tells its cells apart, in their order."""
        used: set[str] = set()
        return Outline(tuple(_part(cell, used) for cell in self.cells), self.said["metadata"])


def read(data: bytes) -> Notebook | None:
    """The notebook that a file holds; None for what is none, or of another format than 4."""
    if len(data) > _LARGEST:
        return None
    try:
        said = json.loads(data.decode("utf-8"), parse_constant=_refused)
    except (ValueError, RecursionError):
        return None
    return Notebook(said) if _is_sound(said) else None


def written(said: Mapping[str, Any]) -> bytes:
    """A notebook as Jupyter writes it."""
    try:
        return (json.dumps(said, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode("utf-8")
    except UnicodeEncodeError:  # half of a character
        return (json.dumps(said, indent=1, sort_keys=True) + "\n").encode("ascii")


def text_of(cell: Mapping[str, Any]) -> str:
    """The source of a cell, which is written whole or as a list of lines."""
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)


def _refused(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def _part(cell: Mapping[str, Any], used: set[str]) -> CellDigest:
    source = _digest([cell["cell_type"], text_of(cell), cell.get("attachments", {})])
    said = str(cell.get("id", ""))
    named = bool(_ID.fullmatch(said)) and said not in used
    key = said if named else unused(f"c{source[:12]}", used)
    used.add(key)
    return CellDigest(key, named, cell["cell_type"], source, _digest(cell.get("outputs", [])), cell["metadata"])


def is_ours(part: CellDigest) -> bool:
    """Whether merging gave a cell its id, which then says which cell it is."""
    return part.named and bool(_MADE.fullmatch(part.key))


def unused(key: str, used: Collection[str]) -> str:
    """`key`, or with a number behind it where that is used already."""
    number, made = 1, key
    while made in used:
        number += 1
        made = f"{key[:58]}-{number}"
    return made


def _digest(said: Any) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:24]


def _is_sound(said: Any) -> bool:
    if not isinstance(said, dict) or said.get("nbformat") != 4 or not isinstance(said.get("nbformat_minor"), int):
        return False
    cells = said.get("cells")
    return isinstance(said.get("metadata"), dict) and isinstance(cells, list) and all(map(_is_cell, cells))


def _is_cell(cell: Any) -> bool:
    if not isinstance(cell, dict) or cell.get("cell_type") not in ("code", "markdown", "raw"):
        return False
    needed = _CELL | (_CODE if cell["cell_type"] == "code" else set())
    if not needed <= cell.keys() <= needed | _OPTIONAL or not isinstance(cell["metadata"], dict):
        return False
    outputs, lines = cell.get("outputs", []), cell["source"]
    is_text = isinstance(lines, str) or (isinstance(lines, list) and all(isinstance(line, str) for line in lines))
    return is_text and isinstance(outputs, list) and all(map(_is_output, outputs))


def _is_output(output: Any) -> bool:
    if not isinstance(output, dict) or not isinstance(output.get("output_type"), str):
        return False
    needed = _OUTPUTS.get(output["output_type"])
    return needed is not None and output.keys() == {*needed, "output_type"}
