"""Logic circuits: the gates of a Boolean expression, and its truth table.

Gates have the shapes of IEEE Std 91-1984 (distinctive shapes).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.figures.charts.theme import BACKGROUND
from coursewright.figures.diagrams.boolean import BooleanTerm, read
from coursewright.figures.diagrams.letters import plain, width
from coursewright.figures.diagrams.paper import Paper, Point
from coursewright.figures.diagrams.said import said
from coursewright.figures.figure import Figure

MOST = 12  # variables of a truth table: 4096 rows
_ROW = 30.0  # between the lowest input of one gate and the highest of the next
_PIN = 20.0  # between two inputs of a gate
_GATE = 54.0  # length of a gate's body
_LEAD = 14.0  # straight wire before and behind a gate
_TRACK = 9.0  # between two wires that run up or down side by side


def variables(expression: str) -> tuple[str, ...]:
    """The names in a Boolean expression, by alphabet; CoursewrightError when it is none."""
    return tuple(sorted(read(expression).names()))


def evaluate(expression: str, values: Mapping[str, object]) -> bool:
    """What the expression is when its names have `values`, which are taken as true or false.

    Raises CoursewrightError for a name without a value.
    """
    for name in variables(expression):
        if name not in values:
            raise CoursewrightError(f'"{name}" has no value', hint=did_you_mean(name, values))
    return read(expression).value(values)


def truth_table(expression: str, *, output: str = "Q") -> list[dict[str, int]]:
    """A row of 0 and 1 for each combination of the names, counting up, with the value in the column `output`.

    Raises CoursewrightError for more than 12 names, or when a name is called like the output.
    """
    names = variables(expression)
    if len(names) > MOST:
        raise CoursewrightError(
            f"a truth table of {len(names)} variables has {2 ** len(names):,} rows", hint=f"use at most {MOST}"
        )
    _distinct(output, names)
    term = read(expression)
    rows = [dict(zip(names, each, strict=True)) for each in product((0, 1), repeat=len(names))]
    return [{**row, output: int(term.value(row))} for row in rows]


def logic(expression: str, *, output: str = "Q", alt: str = "", caption: str = "") -> Figure:
    """The circuit of a Boolean expression, such as "A and not (B or C)", with `output` at its end.

    Words (and, or, not, nand, nor, xor) and signs (& | ~ ^) mean the same. A variable that is used more than once is
    one wire with dots where it branches. Raises CoursewrightError for what is no expression.
    """
    term = read(expression)
    names = variables(expression)
    _distinct(output, names)
    plan = _Plan(term)
    paper = Paper()
    _inputs(paper, plan, names)
    for gate in plan.gates:
        _wires(paper, plan, gate)
    for gate in plan.gates:
        _body(paper, gate)
    end = plan.ends[id(plan.root)]
    finish = (end[0] + 2 * _LEAD, end[1])
    paper.line(end, finish)
    paper.label(output, (finish[0] + 6, finish[1]), side=0)
    text = alt or _describe(plan, names, output)
    return paper.figure(text, caption)


def _distinct(output: str, names: tuple[str, ...]) -> None:
    if output in names:
        raise CoursewrightError(f'"{output}" is an input and the output', hint='name the output: output="…"')


@dataclass(frozen=True, slots=True)
class _Gate:
    """A gate whose body begins at `x` and whose output is at height `y`."""

    term: BooleanTerm
    x: float
    y: float

    @property
    def pins(self) -> list[float]:
        number = len(self.term.terms)
        return [self.y + _PIN * (index - (number - 1) / 2) for index in range(number)]

    @property
    def half(self) -> float:
        return 15.0 if self.term.kind == "not" else _PIN * len(self.term.terms) / 2 + 1

    @property
    def bubble(self) -> bool:
        return self.term.kind in ("not", "nand", "nor")

    @property
    def front(self) -> float:
        return self.x + (32 if self.term.kind == "not" else _GATE)


class _Plan:
    """Where everything stands: each use of a name has a row, a gate the middle of its inputs' rows.

    The part of the circuit that leads to a gate has rows of its own, so that no two wires meet except on the way into
    the same gate.
    """

    def __init__(self, term: BooleanTerm) -> None:
        self.leaves: list[tuple[str, Point]] = []
        self.gates: list[_Gate] = []
        self.ends: dict[int, Point] = {}  # where each term comes out
        self.row = 0.0
        self.root = self._own(term)
        self._starts: dict[int, float] = {}
        self._place(self.root)

    def _own(self, term: BooleanTerm) -> BooleanTerm:
        """A copy in which no two terms are the same object."""
        return BooleanTerm(term.kind, tuple(self._own(each) for each in term.terms), term.name)

    def _place(self, term: BooleanTerm) -> None:
        if term.kind == "name":
            self.ends[id(term)] = (0.0, self.row)
            self.leaves.append((term.name, (0.0, self.row)))
            self.row += _ROW
            return
        top = self.row
        for each in term.terms:
            self._place(each)
        inputs = [self.ends[id(each)] for each in term.terms]
        x = max(point[0] for point in inputs) + 2 * _LEAD + _TRACK * (len(inputs) - 1) / 2
        y = (inputs[0][1] + inputs[-1][1]) / 2
        gate = _Gate(term, x, y)
        self.row = max(self.row, y + gate.half + _ROW / 2, top)
        self.gates.append(gate)
        self.ends[id(term)] = (gate.front + (10 if gate.bubble else 0), y)


def _inputs(paper: Paper, plan: _Plan, names: tuple[str, ...]) -> None:
    """Names at their wires; or, where one is used twice, a rail for each name with its uses branching off."""
    if len(names) == len(plan.leaves):
        for name, (x, y) in plan.leaves:
            paper.line((x - 2 * _LEAD, y), (x, y))
            paper.label(name, (x - 2 * _LEAD - 6, y), side=1)
        return
    top = min([y for _, (_, y) in plan.leaves] + [gate.y - gate.half for gate in plan.gates]) - 26
    at = -2 * _LEAD
    for name in reversed(names):
        at -= width(plain(name)) / 2
        uses = sorted(y for leaf, (_, y) in plan.leaves if leaf == name)
        paper.label(name, (at, top - 12))
        paper.line((at, top), (at, uses[-1]))
        for y in uses:
            paper.line((at, y), (0, y))
            if y != uses[-1]:
                paper.dot((at, y))
        at -= max(width(plain(name)) / 2 + 12, 12)


def _wires(paper: Paper, plan: _Plan, gate: _Gate) -> None:
    """From where each input comes out to its pin, in two bends; the outer ones bend nearer to the gate."""
    inputs = [plan.ends[id(term)] for term in gate.term.terms]
    middle = (len(inputs) - 1) / 2
    for index, ((x, y), pin) in enumerate(zip(inputs, gate.pins, strict=True)):
        depth = gate.x + (10 if gate.term.kind in ("or", "nor", "xor") else 0)
        if abs(y - pin) < 0.01:
            paper.line((x, y), (depth, pin))
            continue
        bend = gate.x - _LEAD - _TRACK * (middle - abs(index - middle))
        paper.line((x, y), (bend, y), (bend, pin), (depth, pin))


def _body(paper: Paper, gate: _Gate) -> None:
    x, y, half, front = gate.x, gate.y, gate.half, gate.front
    top, foot = y - half, y + half
    if gate.term.kind == "not":
        d = f"M{x:.2f} {top:.2f}L{front:.2f} {y:.2f}L{x:.2f} {foot:.2f}Z"
    elif gate.term.kind in ("and", "nand"):
        flat = x + _GATE / 2
        arc = f"A{_GATE / 2:.2f} {half:.2f} 0 0 1 {flat:.2f} {foot:.2f}"
        d = f"M{x:.2f} {top:.2f}H{flat:.2f}{arc}H{x:.2f}Z"
    else:
        d = (
            f"M{x:.2f} {top:.2f}C{x + 30:.2f} {top:.2f} {front - 12:.2f} {y - half / 2:.2f} {front:.2f} {y:.2f}"
            f"C{front - 12:.2f} {y + half / 2:.2f} {x + 30:.2f} {foot:.2f} {x:.2f} {foot:.2f}"
            f"Q{x + 20:.2f} {y:.2f} {x:.2f} {top:.2f}Z"
        )
    paper.reach((x, top), (front, foot))
    paper.path(d, fill=BACKGROUND)
    if gate.term.kind == "xor":
        paper.path(f"M{x - 6:.2f} {foot:.2f}Q{x + 14:.2f} {y:.2f} {x - 6:.2f} {top:.2f}")
    if gate.bubble:
        paper.circle((front + 5, y), 5, fill=BACKGROUND)


def _describe(plan: _Plan, names: tuple[str, ...], output: str) -> str:
    """The circuit in words, gate by gate: what a reader who sees it can read off, and no more."""
    own = said()
    called = {id(gate.term): own("gate", number=number) for number, gate in enumerate(plan.gates, 1)}
    parts = [own("logic", inputs=own.counted("input", "inputs", names), output=plain(output))]
    for number, gate in enumerate(plan.gates, 1):
        of = own.listed([called.get(id(term), term.name) for term in gate.term.terms])
        parts.append(own("gate_of", number=number, kind=gate.term.kind.upper(), names=of))
    parts.append(own("output", output=plain(output), of=called.get(id(plan.root), plan.root.name)))
    return " ".join(parts)
