"""The verb: draw variants of a question, each for a number or a student, in processes of their own."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import msgspec

from coursewright import plugins
from coursewright.errors import CoursewrightError
from coursewright.harmless import why_svg
from coursewright.names import file_name
from coursewright.questions.drawing.worker import UNSET_PICTURE, DrawBatch, DrawRequest, DrawResult, Task, export
from coursewright.questions.question import Question
from coursewright.questions.reading.language import decimal_sign
from coursewright.questions.variant import Media
from coursewright.sandbox import Limits, Process, ProcessEnd, Wall
from coursewright.trust import OWN, Trust

_WORTH = 32  # variants that starting one more process is worth
_CHUNK = 128  # variants that a process is asked for at a time, at the most
_ROUNDS = 8  # and no more than that so often each of several processes gets some: some take longer than others
_AHEAD = 3  # chunks that a process is given before it has answered
_AGAIN = 32  # attempts for a repeated variant that are asked for together, at the most
_LEAST = 1000  # attempts before a variant is called the last one: so many,
_SHARE = 20  # or so many for each that is known
_SECONDS, _MEMORY, _PROCESSOR = 60.0, 4096, 600  # the most that a stranger's question may have
_MARK_THEM = (
    "mark the wrong ones with [ ], or wrong(…) in the code: then a draw in which one is the right answer is made again"
)


class NoMore(CoursewrightError):
    """A question has fewer variants than are wanted: those that were drawn are all there are."""


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
) -> Generator[DrawResult]:
    """A draw for each of `who`, in their order, the same whatever the number of `jobs` is.

    With `distinct` no two are the same to a student: one that repeats an earlier one is drawn again. With `exporters`
    each draw brings what they made of the variant. With `keep`, no more than the first so many bring the variant
    itself, and nothing behind them is drawn before it is asked for. With `pictures`, charts are drawn for so many
    variants only (by their numbers), and stand empty in the others. Raises CoursewrightError, with the question, the
    seed, the variant and the author's line, for what goes wrong, and NoMore when there are not so many.
    """
    stranger = materials.trust.stranger
    keep = None if stranger else keep
    task = msgspec.structs.replace(
        task_of(question, seed, materials),
        exporters=() if stranger else tuple(exporters),
        pictures=pictures,
        folder=str(question.file.parent.resolve()),  # the process stands elsewhere
    )
    with ExitStack() as stack:
        team = _Team(question, task, stack, materials.trust)
        draws = team.all([(each, 0) for each in who], max(1, min(jobs, len(who) // _WORTH)), keep)
        drawn = _as_many(_distinct(draws, team, keep) if distinct else draws, team)
        yield from _looked_at(drawn, team, exporters) if stranger else drawn


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


def _looked_at(draws: Iterator[DrawResult], team: _Team, exporters: Sequence[str]) -> Iterator[DrawResult]:
    """The draws of a stranger's question, its pictures looked at; exporters work here, where its code did not run."""
    loaded = {name: plugins.load("exporters", name) for name in exporters}
    for drawn in draws:
        assert drawn.variant  # noqa: S101 - all of them are kept
        team.check_media(drawn.who, drawn.variant.media)
        yield export(drawn, drawn.variant, loaded)


def _as_many(draws: Iterator[DrawResult], team: _Team) -> Iterator[DrawResult]:
    """The draws, which all have as many options: one that has fewer had a wrong one that was the right answer."""
    first: DrawResult | None = None
    for drawn in draws:
        first = first or drawn
        if drawn.options != first.options:
            here, there = next(pair for pair in zip(drawn.options, first.options, strict=True) if pair[0] != pair[1])
            raise team.error(drawn.who, f"{here} options, where variant {first.who} has {there}", _MARK_THEM)
        yield drawn


def _distinct(draws: Iterator[DrawResult], team: _Team, keep: int | None) -> Iterator[DrawResult]:
    """The draws, each that repeats an earlier one drawn again."""
    known: set[bytes] = set()
    for number, drawn in enumerate(draws):
        kept = keep is None or number < keep
        new = drawn if drawn.key not in known else team.again(drawn.who, known, keep=kept)
        known.add(new.key)
        yield new


class _Team:
    """Processes that draw one question."""

    def __init__(self, question: Question, task: Task, stack: ExitStack, trust: Trust) -> None:
        self.question, self.task, self.stack = question, task, stack
        own = question.settings
        if trust.stranger:
            self.limits = Limits(min(own.seconds, _SECONDS), min(own.memory, _MEMORY), _PROCESSOR)
            self.wall = Wall((task.folder,))
        else:
            self.limits, self.wall = Limits(own.seconds, own.memory), Wall.of_an_author()
        self.spare: _Hand | None = None

    def hand(self) -> _Hand:
        """One more process."""
        process = Process("coursewright.questions.drawing.worker:work", self.limits, self.wall)
        return _Hand(self, self.stack.enter_context(process))

    def all(self, pairs: list[tuple[str, int]], jobs: int, keep: int | None) -> Iterator[DrawResult]:
        """All the draws wanted, in order; of those behind the first `keep`, the variants stay where they are drawn."""
        hands = [self.hand() for _ in range(jobs)]
        self.spare = hands[0] if len(pairs) <= _CHUNK else None
        yield from self._side_by_side(pairs[:keep], hands, keep=True)
        yield from self._side_by_side(pairs[keep:] if keep is not None else [], hands, keep=False)

    def _side_by_side(self, pairs: list[tuple[str, int]], hands: list[_Hand], *, keep: bool) -> Iterator[DrawResult]:
        """The draws, in order: each process has every so manieth chunk of them."""
        jobs = len(hands)
        size = _CHUNK if jobs == 1 else max(1, min(_CHUNK, len(pairs) // (_ROUNDS * jobs)))
        chunks = [DrawRequest(pairs[at : at + size], keep) for at in range(0, len(pairs), size)]
        asked = 0
        for at in range(len(chunks)):
            while asked < min(len(chunks), at + _AHEAD * jobs):
                hands[asked % jobs].ask(chunks[asked])
                asked += 1
            yield from hands[at % jobs].answer()

    def check_media(self, who: str, media: Sequence[Media]) -> None:
        """Raise CoursewrightError for a picture of a stranger's question that is more than one."""
        for medium in media:
            place = self.question.place(self.question.code.line)
            file_name(medium.name, place)
            why = ""
            if medium.media_type == UNSET_PICTURE:
                why = "TikZ, since TeX reads files as you do"
            elif "svg" in medium.media_type or medium.name.lower().endswith(".svg"):
                why = why_svg(medium.data)
            elif not medium.media_type.startswith(("image/", "audio/")):
                why = f"a file of {medium.media_type}"
            if why:
                raise CoursewrightError(f"{self.which(who)}: not in a stranger's course: {why}", place)

    def error(self, who: str, message: str, hint: str) -> CoursewrightError:
        """What is wrong with the answers of the variant for `who`."""
        return CoursewrightError(f"{self.which(who)}: {message}", self.question.place_of_answers(), hint)

    def which(self, who: str) -> str:
        """The question, the seed and the variant, for messages."""
        return f'question "{self.question.name}", seed {self.task.seed}, variant {who}'

    def again(self, who: str, known: set[bytes], *, keep: bool) -> DrawResult:
        """The first further attempt for `who` that repeats none of those `known`."""
        most = max(_LEAST, _SHARE * len(known))
        if self.spare is None or self.spare.waiting:
            self.spare = self.hand()
        first, together = 1, 1  # mostly the first attempt is a new one; where few are left, many are asked for at once
        while first < most:
            self.spare.ask(DrawRequest([(who, first + more) for more in range(together)], keep))
            for drawn in list(self.spare.answer()):
                if drawn.key not in known:
                    return drawn
            first, together = first + together, min(2 * together, _AGAIN)
        number = len(known)
        message = f'question "{self.question.name}" has {number:,} variant{"s" * (number != 1)}, no more'
        hint = f"ask for {number:,} at the most, or let the code draw from more"
        raise NoMore(message, self.question.place(self.question.code.line), hint)


class _Hand:
    """One process, and what it was asked for."""

    def __init__(self, team: _Team, process: Process) -> None:
        self.team, self.process = team, process
        self.waiting: deque[DrawRequest] = deque()
        self.read = msgspec.msgpack.Decoder(DrawBatch)
        process.send(msgspec.msgpack.encode(team.task))

    def ask(self, chunk: DrawRequest) -> None:
        """Ask for draws; the answers come in the order of asking."""
        self.waiting.append(chunk)
        self.process.send(msgspec.msgpack.encode(chunk))

    def answer(self) -> Iterator[DrawResult]:
        """The draws of the first chunk that is not answered yet. Raises CoursewrightError for one that failed."""
        pairs, number, done = self.waiting[0].pairs, 0, False
        while not done:
            try:
                batch = self.read.decode(self.process.receive())
            except ProcessEnd as stopped:
                raise self._stopped(stopped, pairs[min(number, len(pairs) - 1)][0]) from None
            for drawn in batch.draws:
                number += 1
                if drawn.trouble:
                    raise self._failed(drawn)
                yield drawn
            done = batch.done
        self.waiting.popleft()

    def _failed(self, drawn: DrawResult) -> CoursewrightError:
        trouble, question = drawn.trouble, self.team.question
        assert trouble is not None  # noqa: S101 - that is why we are here
        return CoursewrightError(
            f"{self.team.which(drawn.who)}: {trouble.message}", question.place(trouble.line, trouble.part), trouble.hint
        )

    def _stopped(self, stopped: ProcessEnd, who: str) -> CoursewrightError:
        limits, question = self.team.limits, self.team.question
        said = {
            "time": f"the code took longer than {limits.seconds:g} seconds",
            "memory": f"the code used more than {limits.memory} MB",
            "died": f"the process {str(stopped).splitlines()[0]}",
        }[stopped.reason]
        hint = {"time": "allow more: add seconds: … to the front matter", "memory": "allow more: add memory: …"}
        lines = re.findall(rf'File "{re.escape(str(question.file))}", line (\d+)', stopped.detail)
        line = int(lines[0]) if lines else question.code.line
        return CoursewrightError(f"{self.team.which(who)}: {said}", question.place(line), hint.get(stopped.reason, ""))
