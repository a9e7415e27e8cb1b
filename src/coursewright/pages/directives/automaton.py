"""```` ```{automaton} ````: a finite automaton from YAML: start, accept and transitions."""

from __future__ import annotations

from typing import Any

import msgspec

from coursewright import as_written
from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.figures import Figure
from coursewright.figures.diagrams import automaton
from coursewright.pages.blocks.block import Picture
from coursewright.pages.blocks.drawn import drawn
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive

_KEYS = ("start", "accept", "transitions")
_HINT = "write start: A, accept: [B] and transitions: {A: {0: A, 1: B}}"


class AutomatonOptions(msgspec.Struct, frozen=True):
    """`highlight` colours states, or the run of a word; states stand apart by spaces."""

    highlight: str = ""
    run: str = ""
    alt: str = ""
    caption: str = ""


Options = AutomatonOptions


def run(directive: Directive, options: AutomatonOptions, materials: Materials) -> Picture:
    """The automaton's picture."""
    content = _read(directive)

    def draw() -> Figure:
        machine = automaton(content["transitions"] or {}, start=content["start"], accept=content["accept"] or [])
        if options.run and not machine.deterministic:
            raise CoursewrightError("only a deterministic automaton has one run", hint="use :highlight:")
        figure = machine.figure(machine.run(options.run) if options.run else options.highlight.split())
        return Figure(figure.svg, options.alt or figure.alt)

    return drawn(directive, materials, draw, options.caption)


def _read(directive: Directive) -> dict[str, Any]:
    try:
        content = as_written.read(directive.content)
    except as_written.NotRead as error:
        place = Place(directive.file, directive.content_line + (error.line or 0))
        if isinstance(error, as_written.NotYaml):
            raise CoursewrightError("this automaton is no YAML", place, _HINT) from None
        raise CoursewrightError(str(error), place, error.hint) from None
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
    return {**content, "start": content["start"] or ""}
