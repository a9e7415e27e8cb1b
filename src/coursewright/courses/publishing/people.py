"""Names of students: those that a list has, in texts, and columns of data that hold them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator
from pathlib import Path

from coursewright.errors import CoursewrightError, Place

_COLUMN = re.compile(
    r"(?i)(?:.*[ _-])?(?:student|learner|pupil|candidate)(?:[ _-]?(?:name|id|number|no|email))?|matriculation.*"
)
_OF_NAMES = re.compile(r"(?i).*(?:name|student|learner|pupil|candidate).*")
_SHORTEST = 3  # letters: a shorter word is anybody's
_WORD = re.compile(r"\w+")


class StudentNames:
    """The names of students that a list has."""

    def __init__(self, names: Collection[tuple[str, ...]] = ()) -> None:
        self._by_first: dict[str, list[tuple[str, ...]]] = {}
        for name in names:
            self._by_first.setdefault(name[0], []).append(name)

    def lines(self, text: str) -> Iterator[int]:
        """The lines of a text, counted from 1, in which a name stands, whole words in their order."""
        if not self._by_first:
            return
        words = [(found[0].casefold(), found.start()) for found in _WORD.finditer(text)]
        for place, (word, start) in enumerate(words):
            for name in self._by_first.get(word, ()):
                if tuple(one for one, _ in words[place : place + len(name)]) == name:
                    yield text.count("\n", 0, start) + 1


def read_names(file: Path, said: Place) -> StudentNames:
    """The names in a list: a line each, or the columns of a CSV that are called names. Raises CoursewrightError."""
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CoursewrightError(f"the list of students cannot be read: {error}", said, "name a file of UTF-8") from None
    rows = list(csv.reader(io.StringIO(text)))
    if file.suffix.lower() == ".csv" and rows:
        wanted = [place for place, column in enumerate(rows[0]) if _OF_NAMES.fullmatch(column)]
        rows = [[row[place] for place in wanted if place < len(row)] for row in rows[1:]]
    whole = {tuple(_WORD.findall(" ".join(row).casefold())) for row in rows}
    return StudentNames({name for name in whole if name and len("".join(name)) >= _SHORTEST and len(name) > 1})


def columns_of_people(header: list[str]) -> list[str]:
    """The columns that hold students, by what they are called."""
    return [name for name in header if _COLUMN.fullmatch(name.strip())]
