"""The verb behind `coursewright ask`: draw questions and write their variants in the formats of platforms."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import msgspec

from coursewright import plugins
from coursewright.errors import CoursewrightError, Problem
from coursewright.questions.draw import Materials, draw
from coursewright.questions.export import Item, Quiz
from coursewright.questions.features import FEATURES
from coursewright.questions.question import Question
from coursewright.questions.setting import set_pictures
from coursewright.questions.worker import Drawn, Trouble

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Asked:
    """What came of it: how many variants, the files, the problems of questions, and what formats lost or mended."""

    variants: int
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]


@dataclass
class _Told:
    """What the author is told in the end: each note with the questions that it is about."""

    notes: dict[str, dict[str, None]] = field(default_factory=dict)

    def note(self, drawn: Drawn, question: str, exporters: Mapping[str, Any]) -> None:
        for name, features in drawn.lost.items():
            for feature in features:
                limit = exporters[name].LIMITS[feature]
                note = f"{name}: without {FEATURES[feature]}: {limit.reason}"
                self.notes.setdefault(note, {})[question] = None
        for name, notes in drawn.notes.items():
            for note in notes:
                self.notes.setdefault(f"{name}: {note}", {})[question] = None

    def lines(self) -> tuple[str, ...]:
        return tuple(f"{note} ({_listed(list(about))})" for note, about in self.notes.items())


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def ask(
    questions: Sequence[tuple[Question, Materials]],
    who: Sequence[str],
    *,
    quiz: Quiz,
    to: Sequence[str],
    folder: Path,
    seed: str = "0",
    distinct: bool = True,
    jobs: int = 1,
    progress: Progress = lambda _what, _done, _of: None,
) -> Asked:
    """Write a variant of every question for each of `who`, in every format of `to`, into `folder`.

    A question that fails is left out whole and its problem is in the answer; the others come out. Files appear whole
    or not at all. Raises CoursewrightError for a format that does not exist.
    """
    how: dict[str, Any] = {"seed": seed, "distinct": distinct, "jobs": jobs}
    exporters = {name: plugins.load("exporters", name) for name in to}
    problems: list[Problem] = []
    told = _Told()
    done = 0
    with ExitStack() as stack:
        spools = {name: _Spool(stack.enter_context(tempfile.TemporaryFile())) for name in to}
        for number, (question, materials) in enumerate(questions):
            draws = draw(question, who, exporters=to, keep=False, materials=materials, **how)
            try:
                with _all_or_nothing(spools) as refused:
                    for at, drawn in enumerate(set_pictures(draws, exporters), start=number * len(who) + 1):
                        _keep(drawn, spools, refused)
                        told.note(drawn, question.name, exporters)
                        progress(question.name, at, len(questions) * len(who))
                problems.extend(refused[name].problem(question, name, seed) for name in refused)
                done += len(who)
            except CoursewrightError as error:
                problems.extend(p if p.where else replace(p, where=question.place()) for p in error.problems)
        files = [
            file for name in to if spools[name].mark() for file in _write(exporters[name], spools[name], quiz, folder)
        ]
    return Asked(done, tuple(files), tuple(problems), told.lines())


@dataclass(frozen=True, slots=True)
class _Refused:
    """A variant that a format cannot take."""

    who: str
    trouble: Trouble

    def problem(self, question: Question, name: str, seed: str) -> Problem:
        message = f'question "{question.name}", seed {seed}, variant {self.who}, for {name}: {self.trouble.message}'
        return Problem(message, question.place(self.trouble.line), self.trouble.hint)


def _keep(drawn: Drawn, spools: Mapping[str, _Spool], refused: dict[str, _Refused]) -> None:
    for name, item in drawn.items.items():
        spools[name].put(item)
    for name, trouble in drawn.refused.items():
        refused.setdefault(name, _Refused(drawn.who, trouble))


@contextmanager
def _all_or_nothing(spools: Mapping[str, _Spool]) -> Iterator[dict[str, _Refused]]:
    """What was put into the spools is forgotten when an error comes in between, or by the format when that refuses."""
    marks = {name: spool.mark() for name, spool in spools.items()}
    refused: dict[str, _Refused] = {}
    forget = list(spools)
    try:
        yield refused
        forget = list(refused)
    finally:
        for name in forget:
            spools[name].forget(marks[name])


def _write(exporter: Any, spool: _Spool, quiz: Quiz, folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".coursewright-", dir=folder))
    try:
        exporter.write(spool.items(), quiz, beside)
        written = sorted(file.relative_to(beside) for file in beside.rglob("*") if file.is_file())
        for file in written:
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            os.replace(beside / file, folder / file)  # noqa: PTH105 - onto a file that is there, on Windows too
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / file for file in written]


class _Spool:
    """Items on disk, in order, from where they are read one by one: a hundred thousand take no memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def put(self, item: msgspec.Raw) -> None:
        self.file.write(memoryview(item).nbytes.to_bytes(8, "big"))
        self.file.write(item)

    def mark(self) -> int:
        return self.file.tell()

    def forget(self, mark: int) -> None:
        self.file.seek(mark)
        self.file.truncate()

    def items(self) -> Iterator[Item]:
        decoder = msgspec.msgpack.Decoder(Item)
        self.file.seek(0)
        while head := self.file.read(8):
            yield decoder.decode(self.file.read(int.from_bytes(head, "big")))
