"""What a build made that is too large to be read with pleasure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from coursewright.errors import Place

LARGEST_NOTEBOOK = 25_000_000
"""Bytes of a notebook that Jupyter opens in a moment, and that GitHub shows."""

_HINT = "make pictures and outputs on its page smaller, or tag the cells that give them: :tags: [remove-output]"


def large_notebooks(folder: Path) -> Iterator[str]:
    """What is said of notebooks in `folder` that are larger than that, written by this build or before."""
    for file in sorted(folder.rglob("*.ipynb")):
        if (size := file.stat().st_size) > LARGEST_NOTEBOOK:
            said = f"{size / 1e6:.1f} MB, of at most {LARGEST_NOTEBOOK / 1e6:g} MB"
            yield f"warning: this notebook has {said}: it opens slowly\n  --> {Place(file)}\nhint: {_HINT}"
