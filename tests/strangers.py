"""Courses of strangers that try to get out: what becomes of each attempt."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from conftest import COURSE, SALES
from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.trust import STRANGER

MINE = "SECRET-OF-MINE"
BUILT = "built\n"


def course(folder: Path, attempt: Mapping[str, Any]) -> Path:
    """The course of an attempt in `folder`, beside files that hold a secret; OUTSIDE in its files is one of them."""
    outside = folder / "secret.txt"
    for ending in (".txt", ".md", ".png", ".mp3", ".bib", ".csl", ".txt.csv"):
        (folder / f"secret{ending}").write_text(f"{MINE}\n")
    for name, text in {"course.toml": COURSE, "data/sales.csv": SALES, **attempt["files"]}.items():
        path = folder / "course" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("OUTSIDE", str(outside)), encoding="utf-8")
    with (folder / "course" / "course.toml").open("a") as settings:
        settings.write(attempt.get("toml", ""))
    return folder / "course"


def outcome(root: Path, folder: Path) -> str:
    """What is said when the course at `root` is built as a stranger's; "built" where nothing is."""
    try:
        build(open_course(root, trust=STRANGER))
    except CoursewrightError as error:
        said = "\n".join(map(str, error.problems)) + "\n"
        return said.replace(str(folder / "secret.txt"), "OUTSIDE").replace(str(root), "COURSE")
    return BUILT
