"""```` ```{automaton} ````: a finite automaton from YAML: start, accept and transitions."""

from __future__ import annotations

from typing import Any

import msgspec
import yaml

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.figures import Figure
from coursewright.figures.diagrams.automaton import automaton
from coursewright.pages.block import Picture
from coursewright.pages.drawn import drawn
from coursewright.pages.execute import Materials
from coursewright.pages.page import Directive

_KEYS = ("start", "accept", "transitions")
_HINT = "write start: A, accept: [B] and transitions: {A: {0: A, 1: B}}"


class Options(msgspec.Struct, frozen=True):
    """`highlight` colours states, or the run of a word; states stand apart by spaces."""

    highlight: str = ""
    run: str = ""
    alt: str = ""
    caption: str = ""


def run(directive: Directive, options: Options, _: Materials) -> Picture:
    """The automaton's picture."""
    content = _read(directive)

    def draw() -> Figure:
        machine = automaton(content["transitions"] or {}, start=content["start"], accept=content["accept"] or [])
        if options.run and not machine.deterministic:
            raise CoursewrightError("only a deterministic automaton has one run", hint="use :highlight:")
        figure = machine.figure(machine.run(options.run) if options.run else options.highlight.split())
        return Figure(figure.svg, options.alt or figure.alt)

    return drawn(directive, draw, options.caption)


def _read(directive: Directive) -> dict[str, Any]:
    try:
        # Every scalar stays the text that it is: the symbol 0 is no number, the state "no" is not false.
        content = yaml.load(directive.content, yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and mappings only
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = directive.content_line + (mark.line if mark else 0)
        raise CoursewrightError("this automaton is no YAML", Place(directive.file, line), _HINT) from None
    if not isinstance(content, dict):
        raise CoursewrightError("this automaton has no transitions", directive.place(), _HINT)
    for key in content:
        if key not in _KEYS:
            raise CoursewrightError(f'an automaton has no "{key}"', directive.place(), did_you_mean(str(key), _KEYS))
    for key in _KEYS:
        if key not in content:
            raise CoursewrightError(f'this automaton has no "{key}"', directive.place(), _HINT)
    if isinstance(content["transitions"], dict):
        content["transitions"] = {state: moves or {} for state, moves in content["transitions"].items()}
    return content
