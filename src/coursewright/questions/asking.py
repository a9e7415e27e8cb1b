"""The verb behind `coursewright ask`: draw questions and write their variants in the formats of platforms."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright import plugins
from coursewright.errors import CoursewrightError, Problem
from coursewright.names import file_name
from coursewright.questions.drawing.draw import DrawMaterials, draw
from coursewright.questions.drawing.setting import set_pictures
from coursewright.questions.drawing.team import NoMore
from coursewright.questions.drawing.worker import DrawResult, Trouble
from coursewright.questions.export import Exporter, Quiz
from coursewright.questions.packing import shown_size, write_files
from coursewright.questions.question import Question
from coursewright.questions.spool import Spool
from coursewright.questions.writing.lacks import Lack, LackReport

if TYPE_CHECKING:
    from coursewright.workers import Workers

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class AskReport:
    """What came of it: how many variants, the files, the problems of questions, and what formats lack and mended.

    `fewer` has the questions with fewer variants than were asked for, and how many they have.
    """

    variants: int
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    lacks: tuple[Lack, ...]
    notes: tuple[str, ...]
    fewer: Mapping[str, int]


def ask(
    questions: Sequence[tuple[Question, DrawMaterials]],
    who: Sequence[str],
    *,
    quiz: Quiz,
    to: Sequence[str],
    folder: Path,
    seed: str = "0",
    distinct: bool = True,
    jobs: int = 1,
    file_size: int | None = None,
    workers: Workers | None = None,
    progress: Progress = lambda _what, _done, _of: None,
) -> AskReport:
    """Write a variant of every question for each of `who`, in every format of `to`, into `folder`.

    A question that fails is left out whole and its problem is in the answer; the others come out. Where there are
    several, one that has fewer variants gives those it has. Files appear whole or not at all. With `file_size`, formats
    that can be in several files have none with more bytes. `jobs` processes draw, or the `workers`: what comes out is
    the same. Raises CoursewrightError for a format that does not exist, for a name of the quiz that is no name of a
    file, and for a variant that is larger than a file may be.
    """
    file_name(quiz.name)
    how: dict[str, Any] = {"seed": seed, "distinct": distinct, "jobs": jobs, "workers": workers}
    exporters: dict[str, Exporter] = {name: plugins.load("exporters", name) for name in to}
    with ExitStack() as stack:
        spools = _spools(to, folder.absolute(), stack)
        desk = _ExportDesk(exporters, spools, seed, alone=len(questions) == 1)
        for number, (question, materials) in enumerate(questions):
            draws = draw(question, who, exporters=to, keep=0, materials=materials, **how)
            for done in desk.take(question, draws):
                progress(question.name, number * len(who) + done, len(questions) * len(who))
        files, notes = list[Path](), list[str]()
        for name in to:
            if spools[name].end:
                written, told = _write(exporters[name], spools[name], quiz, folder, file_size)
                files, notes = [*files, *written], [*notes, *told]
    lacks, notes = desk.told.all_lacks(to), [*desk.told.all_notes(), *notes]
    return AskReport(desk.done, tuple(files), tuple(desk.problems), lacks, tuple(notes), desk.fewer)


def _spools(to: Sequence[str], folder: Path, stack: ExitStack) -> dict[str, Spool]:
    """A spool for each format, beside what comes of it: the folder for temporary files may be in memory."""
    near = next(each for each in (folder, *folder.parents) if each.is_dir())
    return {name: Spool(stack.enter_context(tempfile.TemporaryFile(dir=near))) for name in to}


def _write(exporter: Any, spool: Spool, quiz: Quiz, folder: Path, most: int | None) -> tuple[list[Path], list[str]]:
    """The files of one format, and remarks."""
    splits = getattr(exporter, "SPLITS", False)
    files, notes = write_files(exporter, spool, quiz, folder, most if splits else None)
    if most is not None and not splits:
        sizes = {file: file.stat().st_size for file in files}
        notes += [
            f"{exporter.TITLE} is not split: {file.name} has {shown_size(size)}"
            for file, size in sizes.items()
            if size > most
        ]
    return files, notes


@dataclass(frozen=True, slots=True)
class _Refusal:
    """A variant that a format cannot take."""

    who: str
    trouble: Trouble

    def problem(self, question: Question, name: str, seed: str) -> Problem:
        message = f'question "{question.name}", seed {seed}, variant {self.who}, for {name}: {self.trouble.message}'
        return Problem(message, question.place(self.trouble.line), self.trouble.hint)


@dataclass
class _ExportDesk:
    """Where draws come in: their items are put aside by format, and what is to be told of them is remembered."""

    exporters: Mapping[str, Any]
    spools: Mapping[str, Spool]
    seed: str
    alone: bool  # whether there is one question only
    told: LackReport = field(default_factory=LackReport)
    fewer: dict[str, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    done: int = 0

    def take(self, question: Question, draws: Iterator[DrawResult]) -> Iterator[int]:
        """Take in the draws of a question, or its problems; how many there are so far."""
        came = 0
        if not self.alone:
            draws = as_many_as_there_are(draws, self.fewer, question.name)
        try:
            with _all_or_nothing(self.spools) as refused:
                for came, drawn in enumerate(set_pictures(draws, self.exporters), start=1):
                    self._keep(drawn, refused, question.name)
                    yield came
            for name, each in refused.items():
                if self.alone or not each.trouble.limits:  # of several, what formats lack anyway is told together
                    self.problems.append(each.problem(question, name, self.seed))
            self.done += came
        except CoursewrightError as error:
            self.problems.extend(p if p.where else replace(p, where=question.place()) for p in error.problems)

    def _keep(self, drawn: DrawResult, refused: dict[str, _Refusal], question: str) -> None:
        """Take in a draw; `refused` gets the formats that cannot have it."""
        for name, item in drawn.items.items():
            self.spools[name].put(item, question)
        for name, trouble in drawn.refused.items():
            refused.setdefault(name, _Refusal(drawn.who, trouble))
            self.told.lack(self.exporters, name, trouble.limits, question)
        for name, features in drawn.lost.items():
            self.told.lack(self.exporters, name, features, question)
        for name, notes in drawn.notes.items():
            for note in notes:
                self.told.note(name, note, question)


def as_many_as_there_are(draws: Iterator[DrawResult], fewer: dict[str, int], question: str) -> Iterator[DrawResult]:
    """The draws, no error in the end; where a question has no more variants, how many it has is put down in `fewer`."""
    number = 0
    try:
        for number, drawn in enumerate(draws, start=1):  # noqa: B007 - it is used below
            yield drawn
    except NoMore:
        fewer[question] = number


@contextmanager
def _all_or_nothing(spools: Mapping[str, Spool]) -> Iterator[dict[str, _Refusal]]:
    """What was put into the spools is forgotten when an error comes in between, or by the format when that refuses."""
    ends = {name: spool.end for name, spool in spools.items()}
    refused: dict[str, _Refusal] = {}
    forget = list(spools)
    try:
        yield refused
        forget = list(refused)
    finally:
        for name in forget:
            spools[name].forget(ends[name])
