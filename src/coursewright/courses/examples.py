"""The examples that come with Coursewright: real courses to look at and to start from."""

from __future__ import annotations

import shutil
from pathlib import Path

import coursewright
from coursewright.errors import UsageError, did_you_mean

STARTER = "starter"


def examples_folder() -> Path:
    """Where the examples are: inside the installed package, or beside `src/` in a clone."""
    package = Path(coursewright.__file__).parent
    installed = package / "_examples"
    return installed if installed.is_dir() else package.parent.parent / "examples"


def copy_example(name: str, folder: Path) -> Path:
    """Copy the example `name` to `folder`, which must not exist or be empty.

    Git is to leave out what is built there.
    """
    available = sorted(file.parent.name for file in examples_folder().glob("*/course.toml"))
    if name not in available:
        raise UsageError(f'no example called "{name}"', None, did_you_mean(name, available))
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f'"{folder}" is there already', None, "choose a new folder")
    try:
        shutil.copytree(
            examples_folder() / name, folder, ignore=shutil.ignore_patterns("build", ".build-*"), dirs_exist_ok=True
        )
        if not (folder / ".gitignore").exists():
            (folder / ".gitignore").write_text("build/\n", encoding="utf-8")
    except OSError as error:
        raise UsageError(f'"{folder}" cannot be written: {error.strerror}') from None
    return folder
