"""What a question's code finds ready: draws from the variant's own stream, and the functions of other rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from importlib import import_module
from random import Random
from types import MappingProxyType
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.questions.drawing.draft import partly, right, wrong
from coursewright.questions.drawing.values import markdown, tex, tikz

# Where the functions that draw are: loaded when the code names them.
_DRAWERS = {
    "Chart": "coursewright.figures",
    "Figure": "coursewright.figures",
    "lines": "coursewright.figures",
    "logic": "coursewright.figures.diagrams.gates",
    "truth_table": "coursewright.figures.diagrams.gates",
    "evaluate": "coursewright.figures.diagrams.gates",
    "automaton": "coursewright.figures.diagrams.automata",
    "graph": "coursewright.figures.diagrams.graphs",
    "tree": "coursewright.figures.diagrams.graphs",
    "number_line": "coursewright.figures.diagrams.number_lines",
    "circuit": "coursewright.figures.diagrams.circuits",
    "venn": "coursewright.figures.diagrams.venn_diagrams",
    "points_map": "coursewright.figures.diagrams.map",
    "tones": "coursewright.figures.sound",
    "samples": "coursewright.figures.sound",
}


class Rejection(Exception):
    """`require()` was given something false: this draw is not one."""


def drawers(used: Collection[str], language: str = "") -> dict[str, Any]:
    """Those functions of other rooms that are among the names `used`; they speak `language`, if it is known."""
    found = {name: getattr(import_module(module), name) for name, module in _DRAWERS.items() if name in used}
    if found:
        import_module("coursewright.figures.charts.spoken").speak(language or "en-GB")
    return found


def ready(rng: Random, tables: Mapping[str, Any], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The names for one draw, which draws from `rng`."""
    return {
        "__name__": "question",
        "rng": rng,
        "pick": partial(pick, rng),
        "sample": partial(sample, rng),
        "shuffle": partial(shuffle, rng),
        "uniform": partial(uniform, rng),
        "require": require,
        "table": _reading(tables, "table"),
        "query": _reading(tables, "query"),
        "parameters": MappingProxyType(dict(parameters)),
        "right": right,
        "wrong": wrong,
        "partly": partly,
        "markdown": markdown,
        "tex": tex,
        "tikz": tikz,
    }


def pick(rng: Random, options: Any, weights: Sequence[float] | None = None) -> Any:
    """One of `options`, all equally likely or by `weights`."""
    options = _sequence(options)
    return rng.choices(options, weights)[0] if weights else rng.choice(options)


def sample(rng: Random, options: Any, number: int) -> list[Any]:
    """So many different ones of `options`, in the order in which they were drawn."""
    return rng.sample(_sequence(options), number)


def shuffle(rng: Random, options: Any) -> list[Any]:
    """All of `options` in an order that is drawn; they themselves stay as they are."""
    options = _sequence(options)
    return rng.sample(options, len(options))


def uniform(rng: Random, low: float, high: float, decimals: int | None = None) -> float:
    """A number from `low` to `high`, rounded to `decimals`."""
    drawn = rng.uniform(low, high)
    return drawn if decimals is None else round(drawn, decimals)


def require(condition: object) -> None:
    """Reject this draw unless `condition` is true."""
    if not condition:
        raise Rejection


def _sequence(options: Any) -> Any:
    if isinstance(options, set | frozenset):
        return sorted(options)  # a set has no order that is the same everywhere
    return options if isinstance(options, Sequence) else list(options)


def _reading(tables: Mapping[str, Any], function: str) -> Callable[[str], Any]:
    def read(name: str) -> Any:
        if name not in tables:
            hint = f'name it as a text in the code: {function}("…")'
            raise CoursewrightError(f'{function}("{name}") was not read beforehand', None, hint)
        return tables[name]

    return read
