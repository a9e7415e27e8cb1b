"""What stands in the folder of a course where its author can hardly know that nothing reads it."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from coursewright.errors import Place, Problem
from coursewright.pages.readers import SUFFIXES

_ENDINGS: dict[str, tuple[str, ...]] = {
    "tables": (".sql",),
    "facts": (".sql",),
    "grammars": (".json", ".yaml", ".yml"),
    "figures": (".py",),
    "questions": (".md",),
    "pages": SUFFIXES,
}
_FOLDERS = (*_ENDINGS, "data", "environment")
_FLAT = ("tables", "facts", "grammars", "figures", "questions")  # without sub-folders
_OF_OTHERS = (".markdown", ".mdx", ".qmd", ".rst")  # what elsewhere is a page, or a question
_LIKENESS = 0.75


def unread(root: Path) -> Iterator[Problem]:
    """The folders and files that nothing reads though they are called nearly like, or stand near, what is read."""
    for folder in sorted(each for each in root.iterdir() if each.is_dir() and not each.name.startswith(".")):
        if folder.name not in _FOLDERS and (meant := get_close_matches(folder.name.lower(), _FOLDERS, 1, _LIKENESS)):
            yield Problem(f'nothing reads the folder "{folder.name}"', Place(folder), f'did you mean "{meant[0]}"?')
    for name, endings in _ENDINGS.items():
        for file in sorted((root / name).rglob("*")):
            inside = file.relative_to(root / name)
            if file.is_file() and not any(part.startswith((".", "__")) for part in inside.parts):
                yield from _problem(file, inside, name, endings)


def _problem(file: Path, inside: Path, folder: str, endings: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong with a file of one of the folders of a course, if nothing reads it."""
    ending = file.suffix
    said = f'nothing reads "{folder}/{inside.as_posix()}"'
    if ending not in endings:
        if ending.lower() in (*endings, *(_OF_OTHERS if ".md" in endings else ())):
            yield Problem(said, Place(file), f"let its name end in {_either(endings)}")
    elif folder in _FLAT and len(inside.parts) > 1:
        yield Problem(said, Place(file), f"put it into {folder}/ itself: only pages can stand in sub-folders")


def _either(endings: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(endings[:-1]), endings[-1])))
