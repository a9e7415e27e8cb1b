"""A stranger's figure: its file is carried out in a process behind the wall, and what it gives is looked at.

That process reads the tables and parameters that the function asks for, the course's folder and what Python consists
of. It writes nothing but into a folder of its own, and reaches no network and no program. Its answer is text and
pictures, never an object; a picture that a browser could run is refused.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems
from coursewright.figures.drawing import SECONDS
from coursewright.figures.figure import Figure
from coursewright.harmless import why_svg
from coursewright.sandbox import Limits, Process, ProcessEnd, Wall

_FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/etc/fonts")
_MOST = 60.0  # seconds that a stranger's figure may take, whatever its course says
_MEMORY = 4096  # megabytes
_PNG = b"\x89PNG\r\n\x1a\n"


class FigureRequest(msgspec.Struct, frozen=True):
    """What a figure is to be: drawn for telephones too if `narrow`, with its PNG if `png`, in so many `seconds`, with
    what it says by itself in a `language`.
    """

    narrow: bool = False
    png: bool = False
    seconds: float = SECONDS
    language: str = ""


class _Task(msgspec.Struct, frozen=True):
    """What is to be drawn: a figure of `values` and of `tables`, as Arrow's bytes, or nothing: it is `checked`."""

    file: str
    wanted: FigureRequest
    values: dict[str, Any] = {}
    tables: dict[str, bytes] = {}
    names: tuple[str, ...] = ()
    checked: bool = False

    @property
    def seconds(self) -> float:
        """How long it may take, whatever its course says."""
        return min(self.wanted.seconds, _MOST)


class _FigureProblem(msgspec.Struct, frozen=True):
    """A problem: its message, its line in the file, and what to do."""

    message: str
    line: int | None
    hint: str


class _Came(msgspec.Struct, frozen=True):
    """What came of it: a picture, or what is wrong."""

    svg: str = ""
    alt: str = ""
    caption: str = ""
    title: str = ""
    narrow: str = ""
    png: bytes = b""
    wrong: tuple[_FigureProblem, ...] = ()


def draw_walled(path: Path, values: Mapping[str, Any], root: Path, wanted: FigureRequest) -> Figure:
    """The same as `draw` for a file of a stranger's course at `root`.

    Raises CoursewrightError as `draw` does, and for a picture that is more than one; NoWall where there is no wall.
    """
    plain, tables = _asked(path, values)
    task = _Task(str(path), wanted, plain, tables, tuple(values))
    came = _work(task, path, root)
    for svg in filter(None, (came.svg, came.narrow)):
        if why := why_svg(svg.encode()):
            raise CoursewrightError(f"not in a stranger's course: {why}", Place(path))
    if came.png and not came.png.startswith(_PNG):
        raise CoursewrightError("this figure is no PNG", Place(path))
    rasterize: Callable[[int], bytes] | None = (lambda _dpi: came.png) if came.png else None
    return Figure(came.svg, came.alt, came.caption, came.title, rasterize, narrow=came.narrow)


def check_walled(path: Path, root: Path, *, seconds: float = SECONDS) -> None:
    """The same as `check_file` for a file of a stranger's course at `root`."""
    _work(_Task(str(path), FigureRequest(seconds=seconds), checked=True), path, root)


def _asked(path: Path, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The values that the function asks for: parameters, and tables as Arrow's bytes."""
    plain: dict[str, Any] = {}
    tables: dict[str, bytes] = {}
    known = set(values)
    for name in _parameters(path):
        if name in known:
            value = values[name]
            if hasattr(value, "to_feather"):
                tables[name] = _arrow(value)
            else:
                plain[name] = value
    return plain, tables


def _parameters(path: Path) -> list[str]:
    """The names of the parameters of draw; none where the file is wrong, which is said when it is carried out."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, OSError):
        return []
    drawn = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "draw"]
    return [each.arg for node in drawn for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]


def _arrow(frame: Any) -> bytes:
    import pyarrow as pa

    rows, sink = pa.Table.from_pandas(frame), io.BytesIO()
    with pa.ipc.new_stream(sink, rows.schema) as writer:
        writer.write_table(rows)
    return sink.getvalue()


def _work(task: _Task, path: Path, root: Path) -> _Came:
    limits = Limits(seconds=task.seconds, memory=_MEMORY, processor=int(4 * _MOST))
    wall = Wall((str(root), *_FONTS))
    try:
        with Process("coursewright.figures.walled:serve", limits, wall) as process:
            process.send(msgspec.msgpack.encode(task))
            came = msgspec.msgpack.decode(process.receive(), type=_Came)
    except ProcessEnd as stopped:
        said = {
            "time": f"takes longer than {task.seconds:g} seconds",
            "memory": f"needs more than {_MEMORY:,} MB",
            "died": f"ended its process: {str(stopped).splitlines()[0]}",
        }[stopped.reason]
        raise CoursewrightError(f"this figure {said}", Place(path)) from None
    except msgspec.DecodeError:
        raise CoursewrightError("this figure gave something else than a picture", Place(path)) from None
    if came.wrong:
        raise SeveralProblems(Problem(each.message, Place(path, each.line), each.hint) for each in came.wrong)
    return came


def serve(receive: Callable[[], bytes], send: Callable[[bytes], None]) -> None:
    """Draw what is asked for, behind the wall."""
    task = msgspec.msgpack.decode(receive(), type=_Task)
    try:
        came = _drawn(task)
    except CoursewrightError as error:
        came = _Came(
            wrong=tuple(_FigureProblem(p.message, p.where.line if p.where else None, p.hint) for p in error.problems)
        )
    send(msgspec.msgpack.encode(came))


def _drawn(task: _Task) -> _Came:
    from coursewright.figures.charts.spoken import spoken_in
    from coursewright.figures.drawing import check_file, draw

    if task.checked:
        check_file(Path(task.file), seconds=task.seconds)
        return _Came()
    with spoken_in(task.wanted.language):
        figure = draw(Path(task.file), _Values(task), narrow=task.wanted.narrow, seconds=task.seconds)
        png = figure.png() if task.wanted.png else b""
        return _Came(figure.svg, figure.alt, figure.caption, figure.title, figure.narrow, png)


class _Values(Mapping[str, Any]):
    """What came with the task; of the others the names alone are known."""

    def __init__(self, task: _Task) -> None:
        self.task = task

    def __getitem__(self, name: str) -> Any:
        if name in self.task.tables:
            return _frame(self.task.tables[name])
        if name not in self.task.values and name in self.task.names:
            hint = "say it in the first line of its definition: def draw(…)"
            raise CoursewrightError(f'it cannot be seen that draw asks for "{name}"', Place(self.task.file), hint)
        return self.task.values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.task.names)

    def __len__(self) -> int:
        return len(self.task.names)


def _frame(data: bytes) -> Any:
    import pyarrow as pa

    with pa.ipc.open_stream(io.BytesIO(data)) as reader:
        return reader.read_pandas()
