"""Text, a row for each line."""

from __future__ import annotations

from typing import Any

from coursewright.tables.source import Source
from coursewright.tables.sources.opened import SourceFile


def read(file: SourceFile, _form: str, _source: Source, _limit: int) -> Any:
    """The lines with their numbers."""
    import pyarrow as pa

    lines = file.path.read_text(encoding="utf-8").splitlines()
    return pa.table({"line": range(1, len(lines) + 1), "text": lines})
