"""The verb: draw variants of a question, each for a number or a student, in processes of their own."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright import plugins
from coursewright.questions.drawing.team import DrawTeam
from coursewright.questions.drawing.worker import DrawResult, Task, export
from coursewright.questions.question import Question
from coursewright.questions.reading.language import decimal_sign
from coursewright.trust import OWN, Trust

if TYPE_CHECKING:
    from coursewright.workers import Workers

_WORTH = 32  # variants that starting one more process is worth
_MARK_THEM = (
    "mark the wrong ones with [ ], or wrong(…) in the code: then a draw in which one is the right answer is made again"
)


@dataclass(frozen=True)
class DrawMaterials:
    """What questions are drawn from: the tables and answers to SQL that their code names, and the course's parameters.

    `tables` holds rows by name, as Arrow's bytes or as `rows.as_bytes` writes them. `language` is the course's, ""
    without a course. Whose the questions are says `trust`.
    """

    tables: Mapping[str, bytes] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    language: str = ""
    trust: Trust = OWN


def draw(
    question: Question,
    who: Sequence[str],
    *,
    seed: str = "0",
    distinct: bool = True,
    exporters: Sequence[str] = (),
    keep: int | None = None,
    jobs: int = 1,
    materials: DrawMaterials = DrawMaterials(),
    pictures: int | None = None,
    workers: Workers | None = None,
) -> Generator[DrawResult]:
    """A draw for each of `who`, in their order, the same whatever the number of `jobs` is, and whoever draws.

    With `distinct` no two are the same to a student: one that repeats an earlier one is drawn again. With `exporters`
    each draw brings what they made of the variant. With `keep`, no more than the first so many bring the variant
    itself, and nothing behind them is drawn before it is asked for. With `pictures`, charts are drawn for so many
    variants only (by their numbers), and stand empty in the others. With `workers` they draw, for an author whom they
    trust, and not `jobs`. Raises CoursewrightError, with the question, the seed, the variant and the author's line, for
    what goes wrong, and NoMore when there are not so many.
    """
    stranger, pairs = materials.trust.stranger, [(each, 0) for each in who]
    keep = None if stranger else keep
    task = msgspec.structs.replace(
        task_of(question, seed, materials),
        exporters=() if stranger else tuple(exporters),
        pictures=pictures,
        folder=str(question.file.parent.resolve()),  # the process stands elsewhere
    )
    with ExitStack() as stack:
        team = DrawTeam(question, task, stack, materials.trust)
        jobs = max(1, min(jobs, len(who) // _WORTH))
        draws = _by_workers(workers, team, pairs, keep) if workers else team.all(pairs, jobs, keep)
        drawn = _as_many(_distinct(draws, team, keep) if distinct else draws, team)
        yield from _looked_at(drawn, team, exporters) if stranger else drawn


def _by_workers(
    workers: Workers, team: DrawTeam, pairs: Sequence[tuple[str, int]], keep: int | None
) -> Iterator[DrawResult]:
    from coursewright.questions.drawing.on_workers import drawn_by  # who has no workers needs none of it

    return drawn_by(workers, team.question, team.task, pairs, keep)


def task_of(question: Question, seed: str, materials: DrawMaterials) -> Task:
    """What a process is told of a question before it draws."""
    return Task(
        file=str(question.file),
        text=question.source,
        name=question.name,
        seed=seed,
        tables=dict(materials.tables),
        parameters=dict(materials.parameters),
        point=decimal_sign(materials.language),
        language=materials.language,
    )


def _looked_at(draws: Iterator[DrawResult], team: DrawTeam, exporters: Sequence[str]) -> Iterator[DrawResult]:
    """The draws of a stranger's question, its pictures looked at; exporters work here, where its code did not run."""
    loaded = {name: plugins.load("exporters", name) for name in exporters}
    for drawn in draws:
        assert drawn.variant  # noqa: S101 - all of them are kept
        team.check_media(drawn.who, drawn.variant.media)
        yield export(drawn, drawn.variant, loaded)


def _as_many(draws: Iterator[DrawResult], team: DrawTeam) -> Iterator[DrawResult]:
    """The draws, which all have as many options: one that has fewer had a wrong one that was the right answer."""
    first: DrawResult | None = None
    for drawn in draws:
        first = first or drawn
        if drawn.options != first.options:
            here, there = next(pair for pair in zip(drawn.options, first.options, strict=True) if pair[0] != pair[1])
            raise team.error(drawn.who, f"{here} options, where variant {first.who} has {there}", _MARK_THEM)
        yield drawn


def _distinct(draws: Iterator[DrawResult], team: DrawTeam, keep: int | None) -> Iterator[DrawResult]:
    """The draws, each that repeats an earlier one drawn again."""
    known: set[bytes] = set()
    for number, drawn in enumerate(draws):
        kept = keep is None or number < keep
        new = drawn if drawn.key not in known else team.again(drawn.who, known, keep=kept)
        known.add(new.key)
        yield new
