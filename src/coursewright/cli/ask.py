"""`coursewright ask`."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from io import StringIO
from pathlib import Path
from typing import Annotated, TypedDict

from cyclopts import Parameter
from cyclopts.validators import Number

from coursewright import plugins
from coursewright.cli.options import (
    LOCAL,
    Set,
    Untrusted,
    WorkersAt,
    changing,
    files_of,
    overrides,
    refuse_strangers,
    trusted,
)
from coursewright.cli.output import say, write
from coursewright.cli.progress import bar
from coursewright.courses import quizzes
from coursewright.errors import CoursewrightError, Problem, SeveralProblems, UsageError
from coursewright.questions import AskReport, as_many_as_there_are, draw
from coursewright.questions import ask as ask_questions
from coursewright.questions.drawing import DrawResult
from coursewright.questions.writing import Lack, listed, show
from coursewright.settings import read_text
from coursewright.workers import Workers, open_workers

_UNITS = {"kb": 1000, "mb": 1000**2, "gb": 1000**3}
Positive = Annotated[int, Parameter(validator=Number(gte=1))]


def ask(
    *questions: str,
    course: Path = Path(),
    variants: Positive = 1,
    students: Path | None = None,
    seed: str = "0",
    to: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    output: Path = Path(),
    name: str = "",
    file_size: str = "",
    jobs: Positive = 1,
    workers: WorkersAt = "local",
    set_: Set = (),
    untrusted: Untrusted = False,
) -> None:
    """Draw variants of questions, and write them in the formats of learning platforms; without a format, print them.

    Parameters
    ----------
    questions
        Files, or names of questions or finders of the course; all questions of the course, when none is named.
    course
        The course's folder; by default the nearest one here or above.
    variants
        How many variants of each question, all different.
    students
        A file with a student on each line: one variant for each, which hangs on the seed and the student alone.
    seed
        The same seed gives the same variants, on every machine.
    to
        A format: moodle, canvas, qti21, qti3, gift, html, markdown, notebook, json and others. Can be repeated.
    output
        The folder for the files.
    name
        What the files are called; by default after the question, or the course.
    file_size
        The most that a platform takes at once, such as 50MB: larger ones become several files, each whole in itself.
    jobs
        How many processes draw at once, where workers are local.
    """
    refuse_strangers(workers, untrusted=untrusted)
    most = _bytes(file_size, to) if file_size else None
    if to:
        _refuse_file(output)
    read = [*files_of(questions), *([students] if students else [])]
    trust = trusted(untrusted=untrusted, course=course, changed=[*changing(course), output.resolve()], read=read)
    chosen = quizzes.choose(questions, course, overrides(set_), say, trust)
    who = _students(students) if students else [str(number + 1) for number in range(variants)]
    distinct = students is None
    with nullcontext() if workers == LOCAL else open_workers(workers) as team:
        drawing: _Drawing = {"seed": seed, "distinct": distinct, "jobs": jobs, "workers": team}
        if not to:
            problems = _print(chosen, who, drawing)
        else:
            problems = _write(chosen, who, drawing, to=to, output=output, name=name, most=most)
    if problems:
        raise SeveralProblems(problems)


class _Drawing(TypedDict):
    """How variants are drawn."""

    seed: str
    distinct: bool
    jobs: int
    workers: Workers | None


def _print(chosen: quizzes.QuizSelection, who: list[str], drawing: _Drawing) -> list[Problem]:
    problems: list[Problem] = list(chosen.problems)
    fewer: dict[str, int] = {}
    for question, materials in chosen.questions:
        draws, all_ = draw(question, who, materials=materials, **drawing), list[DrawResult]()
        try:
            all_.extend(as_many_as_there_are(draws, fewer, question.name) if len(chosen.questions) > 1 else draws)
            for variant in (drawn.variant for drawn in all_ if drawn.variant):
                write(show(variant))
        except CoursewrightError as error:
            problems.extend(error.problems)
    _tell_fewer(fewer, len(who))
    return problems


def _write(
    chosen: quizzes.QuizSelection,
    who: list[str],
    drawing: _Drawing,
    *,
    to: tuple[str, ...],
    output: Path,
    name: str,
    most: int | None,
) -> list[Problem]:
    with bar() as progress:
        asked = ask_questions(
            chosen.questions,
            who,
            quiz=quizzes.quiz(chosen, name),
            to=list(dict.fromkeys(to)),
            folder=output,
            file_size=most,
            progress=progress.show,
            **drawing,
        )
        number = f"{asked.variants} variant{'s' * (asked.variants != 1)}"
        progress.done(f"{number} in {', '.join(_files(asked.files, output)) or 'no file'}")
    _tell(asked, len(who))
    problems = [*chosen.problems, *asked.problems]
    if not problems and (refused := {name for lack in asked.lacks if lack.refused for name in lack.questions}):
        some = f"{len(refused)} of {len(chosen.questions)} questions"
        hint = "the table says why; leave them out there, or ask them otherwise"
        problems.append(Problem(f"{some} cannot be written in every format", None, hint))
    return problems


def _bytes(text: str, to: Sequence[str]) -> int:
    """How many bytes `--file-size` says. Raises UsageError where it says none, and where nothing can be split."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(kB|MB|GB)", text.strip(), re.IGNORECASE)
    number = int(float(found[1]) * _UNITS[found[2].lower()]) if found else 0
    if not number:
        raise UsageError(f'--file-size "{text}" is no size of a file', None, "for instance: --file-size 50MB")
    if not any(map(_splits, to)):
        what = f"{' and '.join(to)} {'are' if len(to) > 1 else 'is'} not split" if to else "no file is written"
        can = ", ".join(filter(_splits, plugins.names("exporters")))
        raise UsageError(f"--file-size: {what}", None, f"add --to with one of {can}")
    return number


def _splits(exporter: str) -> bool:
    return getattr(plugins.load("exporters", exporter), "SPLITS", False)


def _refuse_file(output: Path) -> None:
    if output.exists() and not output.is_dir():
        raise UsageError(f'"{output}" is a file, not a folder', None, "name a folder after --output")


def _files(files: Sequence[Path], output: Path) -> Iterator[str]:
    """The files themselves, and of those in folders, pictures and sounds mostly, how many each folder has."""
    inside = Counter(file.relative_to(output).parts[0] for file in files if file.parent != output)
    yield from (str(file) for file in files if file.parent == output)
    yield from (f"{output / name} ({number} file{'s' * (number != 1)})" for name, number in inside.items())


def _tell(asked: AskReport, wanted: int) -> None:
    """Say what formats lack, in one table, what they mended, and which questions have fewer variants."""
    if asked.lacks:
        say(_table(asked.lacks))
    for note in asked.notes:
        say(f"note: {note}")
    _tell_fewer(asked.fewer, wanted)


def _tell_fewer(fewer: Mapping[str, int], wanted: int) -> None:
    if fewer:
        each = [f"{name} {number}" for name, number in fewer.items()]
        some = f"{len(each)} question{'s have' if len(each) > 1 else ' has'}"
        say(f"note: {some} fewer than {wanted} variants, and all of them are there: {', '.join(each)}")


def _table(lacks: Sequence[Lack]) -> str:
    """What formats cannot carry: a row for each reason."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, title_justify="left")
    for column in ("format", "", "of the questions", "since"):
        table.add_column(column)
    for lack in lacks:
        which = f"{len(lack.questions)}: {listed(lack.questions)}" if len(lack.questions) > 1 else lack.questions[0]
        what = f"{'not written' if lack.refused else 'without'}: {', '.join(lack.without)}"
        table.add_row(*(Text(cell) for cell in (lack.format, what, which, lack.reason)))
    file = StringIO()
    Console(file=file, width=max(100, Console(stderr=True).width)).print(table)
    return "\n".join(line.rstrip() for line in file.getvalue().strip("\n").split("\n"))


def _students(file: Path) -> list[str]:
    lines = [line.strip() for line in read_text(file).splitlines()]
    who = [line for line in lines if line]
    if not who:
        raise UsageError(f'no student in "{file}"', None, "write one on each line")
    twice = next((each for each in who if who.count(each) > 1), None)
    if twice:
        raise UsageError(f'the student "{twice}" is there twice in "{file}"', None, "remove one of them")
    return who
