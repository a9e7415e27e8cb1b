"""Drawing a figure: a Python file of the author's, called with the parameters and tables that it asks for by name."""

from __future__ import annotations

import ast
import inspect
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn

from coursewright.errors import CoursewrightError, MissingPart, Place, SeveralProblems, did_you_mean
from coursewright.figures.charts.chart import Chart
from coursewright.figures.figure import Figure
from coursewright.figures.limited import FigureTooSlow, limited
from coursewright.figures.widgets import Widget
from coursewright.sandbox.within import Forbidden
from coursewright.zone import machine_in_utc

SECONDS = 60.0
"""How long the code of a figure may take where nobody says otherwise."""


def draw(path: Path, values: Mapping[str, Any], *, narrow: bool = False, seconds: float = SECONDS) -> Figure:
    """The figure that `path`, a Python file with one function `draw`, makes of `values`.

    The parameters of `draw` are names of `values`; no other value is looked up, so a table that is not asked for is
    not read. A parameter with a default may be absent from `values`. `draw` gives a `Chart`, which is drawn a second
    time for telephones if it is to be `narrow`, or a `Figure`. Whatever is wrong with the file or goes wrong in it, or
    takes longer than `seconds`, is a CoursewrightError with the author's line.
    """

    def finish(made: Any) -> Figure:
        return _figure(made, narrow=narrow)

    figure: Figure = _drawn(path, values, finish, seconds)
    return figure


def draw_widget(path: Path, values: Mapping[str, Any], *, seconds: float = SECONDS) -> Widget:
    """The widget that `path`, the same kind of file, makes of `values`."""
    made: Widget = _drawn(path, values, _widget, seconds)
    return made


def check_file(path: Path, *, seconds: float = SECONDS) -> None:
    """Raise CoursewrightError for a file that is no Python, stops when it is loaded or has no function `draw`."""
    _load(path, seconds)


def _load(path: Path, seconds: float) -> tuple[ast.Module, ModuleType, Callable[..., Any]]:
    """The file's tree, the module that its imports and definitions make, and its function."""
    tree = _parse(path)
    with _module(path) as module, _blaming(path, tree), limited(seconds):
        exec(compile(tree, str(path), "exec"), module.__dict__)  # noqa: S102 - running the author's file is the purpose
    return tree, module, _function(module, path)


def _drawn(path: Path, values: Mapping[str, Any], finish: Callable[[Any], Any], seconds: float) -> Any:
    """What `finish` makes of what the file gives; what it stumbles over is blamed on the file as well."""
    tree, module, function = _load(path, seconds)
    # What its function asks for; a table that cannot be read is not the fault of the figure.
    arguments, options = _arguments(function, tree, values, path)
    # A chart that the function gives draws itself only now: what it stumbles over is blamed on the function as well.
    with _module(path, module), _blaming(path, tree), limited(seconds):
        return finish(function(*arguments, **options))


def _parse(path: Path) -> ast.Module:
    try:
        tree = ast.parse(path.read_bytes(), str(path))
        compile(tree, str(path), "exec")  # finds what the parser lets pass, such as a return outside a function
    except SyntaxError as error:
        raise CoursewrightError(f"this is not Python: {error.msg}", Place(path, error.lineno)) from None
    except ValueError as error:
        raise CoursewrightError(f"this is not Python: {error}", Place(path)) from None
    except OSError as error:
        raise CoursewrightError(f"this figure cannot be read: {error.strerror}", Place(path)) from None
    return tree


@contextmanager
def _module(path: Path, module: ModuleType | None = None) -> Iterator[ModuleType]:
    """A module for the author's file, known to Python only while its code runs: dataclasses look themselves up there.

    An import would leave `__pycache__` in the course and an old version in `sys.modules`.
    """
    module = module or ModuleType(f"coursewright figure {path.stem}")
    module.__file__ = str(path)
    sys.modules[module.__name__] = module
    try:
        with machine_in_utc():
            yield module
    finally:
        sys.modules.pop(module.__name__, None)


def _function(module: ModuleType, path: Path) -> Any:
    function: Any = getattr(module, "draw", None)
    # `from coursewright.figures import draw` is not the author's function.
    if not callable(function) or getattr(function, "__module__", None) != module.__name__:
        raise CoursewrightError(
            "this figure has no function draw", Place(path), "define draw(…) with the tables it needs as parameters"
        )
    return function


def _arguments(
    function: Callable[..., Any], tree: ast.Module, values: Mapping[str, Any], path: Path
) -> tuple[list[Any], dict[str, Any]]:
    """What to call `function` with, looked up by name."""
    available = list(values)
    arguments, options = [], {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if name in available:
            value = values[name]
        elif parameter.default is not parameter.empty:
            value = parameter.default
        else:
            message = f'draw asks for "{name}", and no table or parameter has that name'
            raise CoursewrightError(message, Place(path, _line(tree, name)), did_you_mean(name, available))
        if parameter.kind is parameter.POSITIONAL_ONLY:
            arguments.append(value)
        else:
            options[name] = value
    return arguments, options


def _line(tree: ast.Module, parameter: str = "") -> int | None:
    """The line of the function draw, or of its parameter."""
    for node in reversed(tree.body):
        if isinstance(node, ast.FunctionDef) and node.name == "draw":
            named = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
            return next((each.lineno for each in named if each.arg == parameter), node.lineno)
    return None


@contextmanager
def _blaming(path: Path, tree: ast.Module) -> Iterator[None]:
    """What goes wrong in the author's code as an error with the author's line."""
    try:
        yield
    except (Exception, SystemExit, FigureTooSlow) as error:  # noqa: BLE001 - the author's code may raise anything
        _blame(error, path, tree)


def _blame(error: BaseException, path: Path, tree: ast.Module) -> NoReturn:
    frames = traceback.extract_tb(error.__traceback__)
    line = next((frame.lineno for frame in reversed(frames) if frame.filename == str(path)), _line(tree))
    place = Place(path, line)
    if isinstance(error, FigureTooSlow):
        hint = "allow more: [cells] seconds = … in course.toml"
        raise CoursewrightError(f"this figure takes longer than {error.seconds:g} seconds", place, hint) from None
    if isinstance(error, SeveralProblems):
        raise error
    if isinstance(error, Forbidden):
        raise CoursewrightError(f"this figure {str(error).removeprefix('this code ')}", place) from None
    if isinstance(error, CoursewrightError):
        problem = error.problem
        raise type(error)(problem.message, problem.where or place, problem.hint, problem.rule) from None
    if isinstance(error, ModuleNotFoundError):
        hint = "install it, or draw without it"
        raise MissingPart(f"this figure needs {error.name}, which is not installed", place, hint) from None
    said = "".join(traceback.format_exception_only(error)).strip()
    raise CoursewrightError(f"the figure stopped with {said}", place) from None


def _figure(made: Any, *, narrow: bool) -> Figure:
    if isinstance(made, Figure):
        return made
    if isinstance(made, Chart):
        return made.figure(narrow=narrow)
    if type(made).__module__.partition(".")[0] in ("plotnine", "matplotlib"):
        hint = 'return coursewright.figures.Chart(plot, alt="…") with what the plot shows'
        raise CoursewrightError("this figure has no alternative text", hint=hint)
    message = f"draw gave {_in_words(made)} instead of a chart"
    raise CoursewrightError(message, hint="return what coursewright.figures.lines gives, a Chart or a Figure")


def _widget(made: Any) -> Widget:
    if isinstance(made, Widget):
        return made
    hint = 'return coursewright.figures.widget(thing, alt="…") with what it shows'
    raise CoursewrightError(f"draw gave {_in_words(made)} instead of a widget", hint=hint)


def _in_words(made: Any) -> str:
    name = type(made).__name__
    article = "an" if name[0] in "aeiouAEIOU" else "a"
    return "nothing" if made is None else f"{article} {name}"
