"""`%page FILE`: the notebook stands where its page does, so that its code finds the files that it reads."""

from __future__ import annotations

import os
import sys
from pathlib import Path

REMEDY = "put it into a folder of its course, such as build/notebooks: cells that read tables and files need that"
"""What to do where the course is not there."""


def stand_at(line: str) -> None:
    """Go to the folder of a page of the course around the notebook; say so where there is none."""
    from coursewright.courses import find_course

    root = find_course(Path.cwd())
    if root is None:
        sys.stderr.write(f"note: no course.toml in this folder or one above it\nhint: {REMEDY}\n")
        return
    file = root.resolve() / "pages" / line.strip()
    if not file.is_file():
        sys.stderr.write(f"note: the course around this notebook has no page {line.strip()}\nhint: {REMEDY}\n")
        return
    os.chdir(file.parent)
