"""The processes that draw one question, side by side."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.harmless import why_svg
from coursewright.names import file_name
from coursewright.questions.drawing.worker import UNSET_PICTURE, DrawBatch, DrawRequest, DrawResult, Task
from coursewright.questions.question import Question
from coursewright.questions.variant import Media
from coursewright.sandbox import Limits, Process, ProcessEnd, Wall
from coursewright.trust import Trust

CHUNK = 128  # variants that a process is asked for at a time, at the most
_ROUNDS = 8  # and no more than that so often each of several processes gets some: some take longer than others
_AHEAD = 3  # chunks that a process is given before it has answered
_AGAIN = 32  # attempts for a repeated variant that are asked for together, at the most
_LEAST = 1000  # attempts before a variant is called the last one: so many,
_SHARE = 20  # or so many for each that is known
_SECONDS, _MEMORY, _PROCESSOR = 60.0, 4096, 600  # the most that a stranger's question may have


class NoMore(CoursewrightError):
    """A question has fewer variants than are wanted: those that were drawn are all there are."""


class DrawTeam:
    """Processes that draw one question."""

    def __init__(self, question: Question, task: Task, stack: ExitStack, trust: Trust) -> None:
        self.question, self.task, self.stack = question, task, stack
        own = question.settings
        if trust.stranger:
            self.limits = Limits(min(own.seconds, _SECONDS), min(own.memory, _MEMORY), _PROCESSOR)
            self.wall = Wall((task.folder,))
        else:
            self.limits, self.wall = Limits(own.seconds, own.memory), Wall.of_an_author()
        self.spare: DrawHand | None = None

    def hand(self) -> DrawHand:
        """One more process."""
        process = Process("coursewright.questions.drawing.worker:work", self.limits, self.wall)
        return DrawHand(self, self.stack.enter_context(process))

    def all(self, pairs: list[tuple[str, int]], jobs: int, keep: int | None) -> Iterator[DrawResult]:
        """All the draws wanted, in order; of those behind the first `keep`, the variants stay where they are drawn."""
        hands = [self.hand() for _ in range(jobs)]
        self.spare = hands[0] if len(pairs) <= CHUNK else None
        yield from self._side_by_side(pairs[:keep], hands, keep=True)
        yield from self._side_by_side(pairs[keep:] if keep is not None else [], hands, keep=False)

    def _side_by_side(self, pairs: list[tuple[str, int]], hands: list[DrawHand], *, keep: bool) -> Iterator[DrawResult]:
        """The draws, in order: each process has every so manieth chunk of them."""
        jobs = len(hands)
        size = CHUNK if jobs == 1 else max(1, min(CHUNK, len(pairs) // (_ROUNDS * jobs)))
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


class DrawHand:
    """One process, and what it was asked for."""

    def __init__(self, team: DrawTeam, process: Process) -> None:
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
