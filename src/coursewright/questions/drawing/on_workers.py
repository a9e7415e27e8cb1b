"""Draws a question by workers: chunks of variants go out, and what was drawn comes back, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import msgspec

from coursewright.errors import CoursewrightError, several
from coursewright.questions.drawing.team import CHUNK, DrawHand, DrawTeam
from coursewright.questions.drawing.worker import DrawBatch, DrawRequest, DrawResult, Task
from coursewright.questions.question import Question, read_question
from coursewright.questions.reading.template import Local
from coursewright.trust import OWN
from coursewright.workers import Parcel, TaskFailure, Work, Workers

_AHEAD = 256  # chunks that are drawn before the oldest of them is there: a slow one holds nobody up, memory is bounded


def drawn_by(
    workers: Workers, question: Question, task: Task, pairs: Sequence[tuple[str, int]], keep: int | None
) -> Iterator[DrawResult]:
    """The draws of a question, in order; of those behind the first `keep`, the variants stay with the workers.

    Raises CoursewrightError for one that failed.
    """
    folder = question.file.parent.resolve()
    work = Work(f"{__name__}:begin", task, Parcel.of(folder, _media(question, folder)))
    decode = msgspec.msgpack.Decoder(DrawBatch).decode
    for came in workers.each(work, list(_requests(pairs, keep)), named=_named(question, task), ahead=_AHEAD):
        if isinstance(came, TaskFailure):
            raise several(came.problems)
        yield from decode(came.result).draws


def _requests(pairs: Sequence[tuple[str, int]], keep: int | None) -> Iterator[bytes]:
    """The draws in chunks, as messages."""
    kept = len(pairs) if keep is None else min(keep, len(pairs))
    for start, end, whole in ((0, kept, True), (kept, len(pairs), False)):
        for at in range(start, end, CHUNK):
            yield msgspec.msgpack.encode(DrawRequest(list(pairs[at : min(at + CHUNK, end)]), whole))


def _named(question: Question, task: Task) -> Callable[[bytes], str]:
    """What messages call a chunk."""
    decode = msgspec.msgpack.Decoder(DrawRequest).decode

    def name(request: bytes) -> str:
        pairs = decode(request).pairs
        return f'question "{question.name}", seed {task.seed}, variants {pairs[0][0]} to {pairs[-1][0]}'

    return name


def _media(question: Question, folder: Path) -> Iterator[Path]:
    """The pictures and sounds beside the question that its texts show."""
    for slot in (slot for template in question.templates for slot in template.slots if isinstance(slot, Local)):
        file = folder / unquote(slot.path)
        if file.is_file() and file.resolve().is_relative_to(folder):
            yield file


def begin(task: Task, folder: Path | None) -> Callable[[bytes], bytes]:
    """What a worker does with requests for draws of one question, whose pictures are in `folder`."""
    assert folder  # noqa: S101 - the work has files, perhaps none
    return _FarDesk(msgspec.structs.replace(task, folder=str(folder))).draw


@dataclass
class _FarDesk:
    """A question being drawn in a worker, by one process behind a wall, which is begun anew when it has failed."""

    task: Task
    stack: ExitStack = field(default_factory=ExitStack)
    hand: DrawHand | None = None

    def draw(self, request: bytes) -> bytes:
        """The draws asked for, as a message. Raises CoursewrightError for one that failed."""
        if self.hand is None:
            question = read_question(Path(self.task.file), self.task.text)
            self.hand = DrawTeam(question, self.task, self.stack, OWN).hand()
        try:
            self.hand.ask(msgspec.msgpack.decode(request, type=DrawRequest))
            return msgspec.msgpack.encode(DrawBatch(list(self.hand.answer()), done=True))
        except CoursewrightError:
            self.stack.close()
            self.hand = None
            raise
