"""The verb: publish the notebooks of a course so that they run in the reader's browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from coursewright.courses import Course, build
from coursewright.courses.publishing import check_audience
from coursewright.errors import CoursewrightError, shown
from coursewright.lite import LITE
from coursewright.notebooks.kept import is_python, kept
from coursewright.ours import MARK, replacing
from coursewright.sites.runtimes import check_lite, make_lite


@dataclass(frozen=True)
class PublishedLite:
    """A JupyterLite: its folder, how many notebooks it has, how many cells answer there; `remarks` for its author."""

    folder: Path
    notebooks: int
    answered: int
    remarks: tuple[str, ...] = ()


def publish_lite(
    course: Course,
    into: Path | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> PublishedLite:
    """Build the notebooks of a course, and make a JupyterLite with them: the folder `lite` of `into`, or of build/.

    It is there whole or not at all, and takes the place of the one before. Raises MissingPart for what it is made of
    and is not there, CoursewrightError for a course without notebooks, and when a folder of the user's is called so.
    """
    check_lite()
    built = build(course, only=["notebooks"], progress=progress)
    folder = built.folder / "notebooks"
    files = sorted(folder.rglob("*.ipynb"))
    if not files:
        hint = f"write a page in {shown(course.root / 'pages')}, such as index.md"
        raise CoursewrightError("there are no notebooks to publish: the course has no pages", None, hint)
    said = check_audience(course, {f"notebooks/{file.relative_to(folder).as_posix()}": file for file in files})
    progress("the answers", 0, 1)
    answers = kept(course, files)
    target = into or built.folder
    progress("JupyterLite", 0, 1)
    there = [each.name for each in target.iterdir() if each.name != MARK] if target.is_dir() else []
    with replacing(target, [LITE], kept=there) as new:
        make_lite(folder, answers.files, new / LITE, course.site.title, course.site.language)
    return PublishedLite(target / LITE, len(files), answers.answered, (*said, *_remarks(folder, files)))


def _remarks(folder: Path, files: list[Path]) -> list[str]:
    others = [each.relative_to(folder).as_posix() for each in files if not is_python(json.loads(each.read_bytes()))]
    return [
        f"note: {name} is for R, which does not run in JupyterLite: it can be read there, with its outputs"
        for name in others
    ]
