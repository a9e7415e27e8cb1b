"""Items on disk, in order, from where they are read one by one: a hundred thousand take no memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, NamedTuple

import msgspec

from coursewright.questions.export import Item

_HEAD = 8  # bytes that say how long an item is


class QuestionStretch(NamedTuple):
    """Where the items of one question are."""

    question: str
    start: int
    end: int


class Spool:
    """Items as they come, question by question."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._begins: list[tuple[str, int]] = []  # where a question's items begin

    def put(self, item: msgspec.Raw, question: str) -> None:
        """Take in an item of a question."""
        if not self._begins or self._begins[-1][0] != question:
            self._begins.append((question, self.end))
        self._file.write(memoryview(item).nbytes.to_bytes(_HEAD, "big"))
        self._file.write(item)

    @property
    def end(self) -> int:
        """Where the next item will begin; what is there then can be forgotten."""
        return self._file.tell()

    def forget(self, end: int) -> None:
        """Forget what came after `end`."""
        self._file.seek(end)
        self._file.truncate()
        self._begins = [(question, start) for question, start in self._begins if start < end]

    def stretches(self) -> list[QuestionStretch]:
        """Where the items of each question are, in their order."""
        self._file.seek(0, 2)
        ends = [*(start for _, start in self._begins[1:]), self._file.tell()]
        return [
            QuestionStretch(question, start, end) for (question, start), end in zip(self._begins, ends, strict=True)
        ]

    def items(self, start: int, end: int) -> Iterator[Item]:
        """The items between two places."""
        decoder = msgspec.msgpack.Decoder(Item)
        self._file.seek(start)
        while start < end:
            length = int.from_bytes(self._file.read(_HEAD), "big")
            yield decoder.decode(self._file.read(length))
            start += _HEAD + length

    def cut(self, start: int, wanted: int) -> int:
        """The last place from which items can be had, no later than `wanted`; that behind the first item at least."""
        end = start
        while True:
            self._file.seek(end)
            after = end + _HEAD + int.from_bytes(self._file.read(_HEAD), "big")
            if end > start and after > wanted:
                return end
            end = after
