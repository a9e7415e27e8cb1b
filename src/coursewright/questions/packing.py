"""Files for platforms that take no more than so many bytes at once: each a whole one, with all that belongs to it.

What a question makes in a format is known when it is written, so files are tried: how many bytes came of how many says
where the next one ends. Where they end hangs on the items alone.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.names import file_name_for
from coursewright.questions.export import Quiz, QuizFile
from coursewright.questions.spool import QuestionStretch, Spool

_FULL = 0.9  # of a file: so full, nothing more is tried
_AIM = 0.97
_HOPELESS = 100  # times as large as a file, before anything is compressed: such a question is not tried whole


def write_files(
    exporter: Any, spool: Spool, quiz: Quiz, folder: Path, most: int | None = None
) -> tuple[list[Path], list[str]]:
    """Write what is in the spool into `folder`, whole or not at all: the files, and remarks.

    With `most`, no file has more bytes: there are several, called after the quiz and numbered, with all variants of a
    question in one of them unless they alone are more. Raises CoursewrightError if one variant is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".coursewright-", dir=folder))
    try:
        packing = _Packing(exporter, spool, quiz, beside, most or 0)
        if most is None:
            packing.write(0, packing.end, beside / "whole")
        else:
            packing.write_all()
        written = [(part / file, file) for part in sorted(beside.iterdir()) for file in _files(part)]
        for file, name in written:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            os.replace(file, folder / name)  # noqa: PTH105 - onto a file that is there, on Windows too
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / name for _, name in written], packing.notes()


def shown_size(number: int) -> str:
    """A number of bytes as people say it."""
    return f"{number / 1e6:.1f} MB" if number >= 100_000 else f"{number / 1e3:.1f} kB"


@dataclass
class _Packing:
    """Files that are being written into folders of `beside`, one for each."""

    exporter: Any
    spool: Spool
    quiz: Quiz
    beside: Path
    most: int
    stretches: list[QuestionStretch] = field(default_factory=list)
    rate: float = 0.0  # bytes in a file for each in the spool; not known yet
    torn: dict[str, list[str]] = field(default_factory=dict)  # questions in several files, and their names

    def __post_init__(self) -> None:
        self.stretches = self.spool.stretches()
        self.end = self.stretches[-1].end if self.stretches else 0

    def write_all(self) -> None:
        """Write one file after another."""
        start, number = 0, 1
        while start < self.end:
            place = self.beside / f"{number:06}"
            start, number = self._write_one(start, place), number + 1

    def _write_one(self, start: int, place: Path) -> int:
        """Write the file that begins at `start`; where it ends."""
        fits, over, full = start, self.end + 1, False  # what has been found to fit, and not to
        while (end := self._next_try(start, fits, over, full=full)) != fits:
            trial = place.with_name(f"{place.name}-trial")
            size = self.write(start, end, trial, int(place.name))
            self.rate = size / (end - start)
            if size > self.most:
                shutil.rmtree(trial)
                self._refuse_one(start, end, size)
                over = end
            else:
                shutil.rmtree(place, ignore_errors=True)
                trial.rename(place)
                fits, full = end, size >= _FULL * self.most
        for each in self.stretches:
            if each.start < fits and start < each.end and not start <= each.start < each.end <= fits:
                self.torn.setdefault(each.question, []).extend(file.name for file in _files(place))
        return fits

    def _next_try(self, start: int, fits: int, over: int, *, full: bool) -> int:
        """Where the file could end; `fits` when there is nothing better to try."""
        wanted = start + int(_AIM * self.most / (self.rate or 1.0))
        first = next(each.end for each in self.stretches if start < each.end)
        low, high = max(start, fits), min(wanted, over - 1)
        near = max((each.end for each in self.stretches if low < each.end <= high), default=0)
        begins = any(start == each.start for each in self.stretches)  # else more of it stands in the file before
        if near and not (full and fits >= first):
            return near
        if fits < first < over and begins and first - start <= _HOPELESS * self.most:
            return first
        if full or fits >= first:
            return fits
        cut = self.spool.cut(start, min(wanted, over - 1, first - 1))
        return cut if fits < cut < over else fits

    def write(self, start: int, end: int, place: Path, number: int = 0) -> int:
        """Write the items between two places into the folder `place`; how many bytes that makes."""
        place.mkdir()
        quiz = self._quiz(number) if number and end - start < self.end else self.quiz
        self.exporter.write(self.spool.items(start, end), quiz, place)
        return sum((place / file).stat().st_size for file in _files(place))

    def _quiz(self, number: int) -> QuizFile:
        quiz = self.quiz
        return QuizFile(
            name=file_name_for(f"{quiz.name}-{number}", "quiz"),
            title=quiz.title.strip() or quiz.name,
            language=quiz.language,
            authors=quiz.authors,
            licence=quiz.licence,
            number=number,
            taken=self._taken,
        )

    @cached_property
    def _taken(self) -> dict[str, str]:
        """Which question has which category, of those of one title the first."""
        taken: dict[str, str] = {}
        for each in self.stretches:
            first = next(self.spool.items(each.start, each.end))
            taken.setdefault(first.path_in_bank, each.question)
        return taken

    def _refuse_one(self, start: int, end: int, size: int) -> None:
        if end != self.spool.cut(start, start):
            return
        (one,) = self.spool.items(start, end)
        message = f'one variant, "{one.ident}", makes {shown_size(size)} of {self.exporter.TITLE}'
        hint = "let files be larger, or the pictures and sounds of the question smaller"
        raise CoursewrightError(f"{message}, and a file may have {shown_size(self.most)}", None, hint)

    def notes(self) -> list[str]:
        """Which questions are in several files."""
        return [
            f'{self.exporter.TITLE}: "{question}" has more variants than a file takes: '
            f"they are in {files[0]} to {files[-1]}"
            for question, files in self.torn.items()
        ]


def _files(folder: Path) -> list[Path]:
    """The files in a folder, by their paths in it."""
    return sorted(file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
