"""The inside of drawing: what the walled-off process does with a question, and the messages it is spoken to in."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from coursewright import plugins
from coursewright.errors import CoursewrightError
from coursewright.questions.drawing.variants import Blame, Drawing, line_in
from coursewright.questions.export import Exporter
from coursewright.questions.kinds import kind_of
from coursewright.questions.part import Part
from coursewright.questions.question import read_question
from coursewright.questions.reading.language import Point
from coursewright.questions.variant import Variant
from coursewright.questions.writing.features import features
from coursewright.questions.writing.prose import Prose
from coursewright.sandbox.within import Forbidden, TooLong, Watch, limited

UNSET_PICTURE = "text/x-tikz"  # the media type of a picture that TeX has yet to set, which is not done in here
_ENCODE = msgspec.msgpack.Encoder().encode
ARROW = b"\xff\xff\xff\xff"  # what Arrow's stream begins with
_OFTEN = 0.25  # seconds between two messages: whoever waits can tell a slow question from one that hangs


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """A question to draw. `tables` are rows (see `rows.as_bytes`) by the name or the SQL that the code gives, `point`
    is the decimal sign of the course's `language`."""

    file: str
    text: str
    name: str
    seed: str
    exporters: tuple[str, ...] = ()
    pictures: int | None = None
    tables: dict[str, bytes] = {}
    parameters: dict[str, Any] = {}
    point: Point = "."
    language: str = ""
    folder: str = ""


class DrawRequest(msgspec.Struct, frozen=True, array_like=True):
    """Draws that are wanted, for whom and which attempt; with `keep` the variants come back, and not only what the
    exporters made of them."""

    pairs: list[tuple[str, int]]
    keep: bool


class Trouble(msgspec.Struct, frozen=True, kw_only=True):
    """A problem on its way between processes; `limits` are the features that a format refuses, where it is that."""

    message: str
    line: int | None = None
    part: str = ""
    hint: str = ""
    limits: tuple[str, ...] = ()


class DrawResult(msgspec.Struct, frozen=True, kw_only=True):
    """One draw. Variants with the same `key` are the same to a student; `lost` is what an exporter went without.

    `options` says how many each menu has in which the answer alone says what is right.

    `items` are encoded: whoever gathers them only puts them aside, and is not to be slower than several who draw.
    `notes` are theirs, by exporter.
    """

    who: str
    attempt: int
    key: bytes
    variant: Variant | None = None
    items: dict[str, msgspec.Raw] = {}
    notes: dict[str, tuple[str, ...]] = {}
    lost: dict[str, tuple[str, ...]] = {}
    refused: dict[str, Trouble] = {}
    options: tuple[int, ...] = ()
    trouble: Trouble | None = None


class DrawBatch(msgspec.Struct, frozen=True):
    """Some draws; with `done`, the last of those asked for."""

    draws: list[DrawResult]
    done: bool


def work(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    """Draw what is asked for: the first message is a Task, each other a DrawRequest."""
    task = msgspec.msgpack.decode(receive(), type=Task)
    encode = msgspec.msgpack.Encoder().encode
    decode = msgspec.msgpack.Decoder(DrawRequest).decode
    desk = _DrawDesk(task)
    while True:
        draws: list[DrawResult] = []
        sent = time.monotonic()
        wanted = decode(receive())
        with Watch() as watch:
            for who, attempt in wanted.pairs:
                if attempt == 0:  # further attempts come one by one, and whoever asks gives up after a while
                    watch.renew()
                draws.append(desk.draw(who, attempt, keep=wanted.keep))
                if time.monotonic() - sent > _OFTEN:
                    send(encode(DrawBatch(draws, done=False)))
                    draws, sent = [], time.monotonic()
        send(encode(DrawBatch(draws, done=True)))


def opened(task: Task) -> Drawing:
    """The question of a task, made ready for drawing. Raises CoursewrightError for what is wrong with its file."""
    question = read_question(Path(task.file), task.text)
    return Drawing(
        question,
        task.seed,
        _Tables(task.tables),
        task.parameters,
        task.pictures,
        task.point,
        task.language,
        folder=Path(task.folder) if task.folder else question.file.parent,
    )


class _DrawDesk:
    """A question being drawn, and its exporters."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.exporters: dict[str, Exporter] = {name: plugins.load("exporters", name) for name in task.exporters}
        self.drawing: Drawing | None = None

    def open(self) -> Drawing:
        if self.drawing is None:
            self.drawing = opened(self.task)
        return self.drawing

    def draw(self, who: str, attempt: int, *, keep: bool) -> DrawResult:
        """A draw, or the trouble with it."""
        try:
            with limited(watched=True):
                variant = self.open().variant(who, attempt)
                return self._export(variant, attempt, keep=keep)
        except Blame as blame:
            trouble = self._blamed(blame)
        except CoursewrightError as error:
            trouble = _trouble(error)
        except (TooLong, MemoryError) as error:
            line = line_in(error, self.open().question)
            more = "memory" if isinstance(error, MemoryError) else "seconds"
            hint = f"{self.open().line_of(line)} (to allow more, add {more}: … to the front matter)"
            trouble = Trouble(message=_said(error), line=line, hint=hint.strip())
        return DrawResult(who=who, attempt=attempt, key=b"", trouble=trouble)

    def _export(self, variant: Variant, attempt: int, *, keep: bool) -> DrawResult:
        unset = any(medium.media_type == UNSET_PICTURE for medium in variant.media)
        kept = variant if keep or unset else None
        menus = self.open().menus
        options = tuple(len(shown) for part in variant.parts if part.name in menus for shown in _options(part))
        drawn = DrawResult(
            who=variant.who, attempt=attempt, key=key(variant, self.open().empty), variant=kept, options=options
        )
        return drawn if unset else export(drawn, variant, self.exporters)

    def _blamed(self, blame: Blame) -> Trouble:
        drawing = self.open()
        error = blame.error
        if isinstance(error, CoursewrightError):
            return Trouble(
                message=error.problem.message, line=blame.line, hint=error.problem.hint or drawing.line_of(blame.line)
            )
        return Trouble(message=_said(error), line=blame.line, hint=drawing.line_of(blame.line))


def _trouble(error: CoursewrightError) -> Trouble:
    problem, where = error.problem, error.problem.where
    line, part = (where.line, where.part) if where else (None, "")
    return Trouble(message=problem.message, line=line, part=part, hint=problem.hint)


def export(drawn: DrawResult, variant: Variant, exporters: Mapping[str, Any]) -> DrawResult:
    """The draw with what each of the exporters made of the variant, or why it refused."""
    items: dict[str, msgspec.Raw] = {}
    notes: dict[str, tuple[str, ...]] = {}
    lost: dict[str, tuple[str, ...]] = {}
    refused: dict[str, Trouble] = {}
    for name, exporter in exporters.items():
        without = sorted(each for each in features(variant) if each in exporter.LIMITS)
        if limits := tuple(feature for feature in without if exporter.LIMITS[feature].refused):
            refused[name] = _refusal(exporter, limits)
            continue
        try:
            item = exporter.item(variant)
        except CoursewrightError as error:
            refused[name] = _trouble(error)
            continue
        items[name] = msgspec.Raw(_ENCODE(item))
        if item.notes:
            notes[name] = item.notes
        if without:
            lost[name] = tuple(without)
    return msgspec.structs.replace(drawn, items=items, notes=notes, lost=lost, refused=refused) if exporters else drawn


def _refusal(exporter: Any, limits: tuple[str, ...]) -> Trouble:
    """The trouble with a variant that would not be what the author wrote in this format."""
    message = f"{exporter.TITLE} cannot express it: {exporter.LIMITS[limits[0]].reason}"
    return Trouble(message=message, hint="leave this question out there, or ask it otherwise", limits=limits)


def _said(error: BaseException) -> str:
    if isinstance(error, MemoryError):
        return "the code needs more memory than it may have"
    if isinstance(error, TooLong):
        return str(error)
    if isinstance(error, Forbidden):
        return str(error)
    return f"{type(error).__name__}: {error}"


def key(variant: Variant, empty: Mapping[bytes, bytes]) -> bytes:
    """What tells a variant from others: the author's note, or all that a student sees, whatever its order.

    Pictures that stand `empty` in other variants count here as they do there.
    """
    if variant.note:
        return blake2b(variant.note.encode("utf-8", "surrogatepass"), digest_size=16).digest()
    media = [empty.get(medium.data, medium.data) for medium in variant.media]
    seen = (variant.text, media, [_seen(part) for part in variant.parts])
    return blake2b(msgspec.msgpack.encode(seen), digest_size=16).digest()


def _options(part: Part) -> Sequence[Sequence[Prose]]:
    """The list of which one is chosen, if the part has any."""
    kind = kind_of(part)
    return kind.lists(part)[-1:] if kind.chosen == "one" else ()


def _seen(part: Part) -> list[str]:
    kind = kind_of(part)
    return [*sorted(repr(text) for texts in kind.lists(part) for text in texts), kind.begins(part)]


class _Tables(Mapping[str, Any]):
    """Tables as tuples of rows, made when they are first asked for; nothing in them can be changed."""

    def __init__(self, tables: Mapping[str, bytes]) -> None:
        self._bytes = tables
        self._rows: dict[str, tuple[Mapping[str, Any], ...]] = {}

    def __getitem__(self, name: str) -> tuple[Mapping[str, Any], ...]:
        if name not in self._rows:
            self._rows[name] = tuple(map(MappingProxyType, _rows(self._bytes[name])))
        return self._rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._bytes)

    def __len__(self) -> int:
        return len(self._bytes)


def _rows(written: bytes) -> Iterator[dict[str, Any]]:
    """The rows that `rows.as_bytes` has written."""
    if written.startswith(ARROW):
        import pyarrow as pa

        with pa.ipc.open_stream(io.BytesIO(written)) as reader:
            yield from reader.read_all().to_pylist()
    else:
        names, columns = msgspec.msgpack.decode(written)
        for row in zip(*columns, strict=True):
            yield dict(zip(names, row, strict=True))
