"""What a notebook says of its cells besides their content: ids and metadata, which notebooks that are written keep."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

_LEFT = frozenset({"widgets", "trusted", "signature"})
"""What means nothing without the outputs that it came with."""


class OwnCell(NamedTuple):
    """The id of a cell, if it has one, and its metadata in JSON."""

    id: str
    metadata: str


class OwnCells(NamedTuple):
    """The cells of an author's notebook, and the metadata of the whole in JSON."""

    cells: tuple[OwnCell, ...] = ()
    metadata: str = "{}"


NONE = OwnCells()
"""What a page has that is no notebook."""


def own_cells(file: Path) -> OwnCells:
    """Those of the page in `file`, which has been read as one: none, where it is no notebook."""
    if file.suffix != ".ipynb":
        return NONE
    read = json.loads(file.read_text(encoding="utf-8-sig"))
    cells = (OwnCell(str(cell.get("id", "")), _kept(cell.get("metadata", {}))) for cell in read["cells"])
    return OwnCells(tuple(cells), _kept(read.get("metadata", {})))


def _kept(metadata: dict[str, Any]) -> str:
    kept = {name: value for name, value in metadata.items() if name not in _LEFT}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True)
