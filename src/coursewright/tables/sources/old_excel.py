"""Rows from old Excel files, in a process of their own: a wrong length in a broken one ends its reader's process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.tables.sources import spreadsheets
from coursewright.tables.sources.opened import File


def read(file: File, *, sheet: str | int, header: int | None, limit: int) -> Any:
    """The rows of a sheet as an Arrow table, as `spreadsheets.read` gives them, or its CoursewrightError."""
    import pyarrow.feather

    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.feather"
        about = {"path": str(file.path), "name": file.name, "rows": str(rows)}
        asked = {**about, "sheet": sheet, "header": header, "limit": limit}
        command = [sys.executable, "-m", __name__]
        ran = subprocess.run(  # noqa: S603 - this module itself
            command, input=json.dumps(asked), capture_output=True, text=True, check=False
        )
        if ran.returncode:
            raise file.unreadable("a spreadsheet", "its reader broke off")
        problem = json.loads(ran.stdout)
        if problem:
            raise CoursewrightError(problem["message"], file.place, problem["hint"])
        return pyarrow.feather.read_table(rows, memory_map=False)


def _answer() -> None:
    """What the process does: it writes the rows to a file, and what is wrong to its standard output."""
    import pyarrow.feather

    asked = json.loads(sys.stdin.read())
    file = File(Path(asked["path"]), asked["name"], None, Path())
    problem = None
    try:
        rows = spreadsheets.read(file, form="xls", sheet=asked["sheet"], header=asked["header"], limit=asked["limit"])
        pyarrow.feather.write_feather(rows, asked["rows"])
    except CoursewrightError as error:
        problem = {"message": error.problem.message, "hint": error.problem.hint}
    sys.stdout.write(json.dumps(problem))


if __name__ == "__main__":
    _answer()
