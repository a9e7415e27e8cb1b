"""Parquet files in a folder, read as one table in the order of their names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError, Place

if TYPE_CHECKING:
    import pyarrow as pa

_ALIKE = "files that are read as one have the same columns: write this one anew, or tell it by itself"


def files_of(folder: Path) -> list[Path]:
    """The Parquet files of a folder by their names; what begins with a dot or underscore is notes of other programs.

    Raises CoursewrightError if there is none, or if some are in folders below it.
    """
    seen = [one for one in sorted(folder.iterdir()) if not one.name.startswith((".", "_"))]
    if below := next((one for one in seen if one.is_dir()), None):
        raise CoursewrightError(
            "the rows are in folders of a folder", Place(below), "tell each of these folders by itself"
        )
    files = [one for one in seen if one.suffix.lower() == ".parquet"]
    if not files:
        raise CoursewrightError("there is no .parquet file in this folder", Place(folder))
    return files


def refuse_others(first: Path, expected: pa.Schema, schemas: Iterator[tuple[Path, pa.Schema]]) -> None:
    """Raises CoursewrightError for a file that has other columns than the first."""
    for file, schema in schemas:
        for name in expected.names:
            if name not in schema.names:
                said = f'the column "{name}" of {first.name} is not in this file'
                raise CoursewrightError(said, Place(file), _ALIKE)
        for field in schema:
            if field.name not in expected.names:
                said = f'the column "{field.name}" is not in {first.name}'
                raise CoursewrightError(said, Place(file), _ALIKE)
            if field.type != (there := expected.field(field.name).type):
                said = f'the column "{field.name}" holds {field.type} here, and {there} in {first.name}'
                raise CoursewrightError(said, Place(file), _ALIKE)
