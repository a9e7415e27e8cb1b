"""```` ```{number_line} -5 to 5 ````: a number line, with a point or an interval on each line inside."""

from __future__ import annotations

import re

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.figures import Figure
from coursewright.figures.diagrams import Interval, check_ends, number_in, number_line, read_interval, read_point
from coursewright.pages.blocks.block import Picture
from coursewright.pages.blocks.drawn import at_line, drawn
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import Directive

_ENDS = re.compile(r"(\S+)\s+to\s+(\S+)")
_HINT = "write where it begins and ends after {number_line}: -5 to 5"


class NumberLineOptions(msgspec.Struct, frozen=True):
    """There is a tick every `step`; `alt` stands before the text made from what is on the line."""

    step: float | None = None
    alt: str = ""
    caption: str = ""


Options = NumberLineOptions


def run(directive: Directive, options: NumberLineOptions, materials: Materials) -> Picture:
    """The line with what is on it: `[-3, 1)` is an interval, `2.5` a point, `P: 2.5` a point with a name."""
    low, high = _ends(directive)
    points: list[tuple[float, str]] = []
    intervals: list[Interval] = []
    for number, line in enumerate(directive.content.splitlines()):
        with at_line(directive, number):
            if line.strip()[:1] in ("[", "(", "]") and line.strip():
                intervals.append(read_interval(line.strip(), low, high))
            elif line.strip():
                points.append(read_point(_point(line), low, high))

    def draw() -> Figure:
        return number_line(
            low,
            high,
            points=points,
            intervals=intervals,
            step=options.step,
            alt=options.alt,
            caption=options.caption,
        )

    return drawn(directive, materials, draw)


def _ends(directive: Directive) -> tuple[float, float]:
    found = _ENDS.fullmatch(directive.argument)
    try:
        low, high = map(number_in, found.groups() if found else ())
    except ValueError:
        raise CoursewrightError("from where to where goes this line?", directive.place(), _HINT) from None
    try:
        check_ends(low, high)
    except CoursewrightError as error:
        raise CoursewrightError(error.problem.message, directive.place(), error.problem.hint) from None
    return low, high


def _point(line: str) -> tuple[float, str]:
    label, _, value = line.rpartition(":")
    try:
        return number_in(value), label.strip()
    except ValueError:
        hint = "write a number, a name and a number, or an interval: 2.5, P: 2.5, [-3, 1)"
        raise CoursewrightError(f'"{line.strip()}" is neither a point nor an interval', None, hint) from None
