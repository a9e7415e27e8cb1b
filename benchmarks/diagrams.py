"""Claim: thirty diagrams of each kind a second, all different; one that was drawn before, less than a millisecond, as
functions and as magics; TikZ twenty in one run at least 4 × as fast as one by one.

Seconds are the processor's, with those of the programs that TikZ needs.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterable
from types import SimpleNamespace

from coursewright.figures import Figure
from coursewright.figures.diagrams.automata import automaton
from coursewright.figures.diagrams.circuits import circuit
from coursewright.figures.diagrams.gates import logic
from coursewright.figures.diagrams.graphs import graph, tree
from coursewright.figures.diagrams.number_lines import number_line
from coursewright.figures.diagrams.tikz_pictures import tikz, tikz_batch
from coursewright.figures.diagrams.venn_diagrams import venn
from coursewright.notebooks.magic import Magic

NUMBER, TARGET = 60, 30
SET, ALONE, TIMES = 20, 4, 4


def spent() -> float:
    """Seconds of the processor until now, of this process and those that it has waited for."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def machine(number: int) -> Figure:
    """An automaton of six states, each with two ways."""
    states = [f"{number}.{at}" for at in range(6)]
    moves = {
        state: {"0": states[(at + 1 + number) % 6], "1": states[(at * number + 2) % 6]}
        for at, state in enumerate(states)
    }
    return automaton(moves, start=states[0], accept=[states[number % 6]]).figure()


def network(number: int) -> Figure:
    """A graph of eight nodes with weights."""
    return graph([(f"n{at}", f"n{(at * 3 + number) % 8}", number + at) for at in range(8)], seed=number)


KINDS: dict[str, Callable[[int], Figure]] = {
    "automaton": machine,
    "graph": network,
    "tree": lambda number: tree({"a": ["b", "c"], "b": ["d", str(number)], "c": ["e", None]}),
    "circuit": lambda number: circuit(
        ["battery 9 V", f"resistor R1 = {number} Ω", [["lamp L"], ["switch S", "LED"], "voltmeter"]]
    ),
    "logic": lambda number: logic(f"(A and B) or not (C xor D{number})"),
    "number_line": lambda number: number_line(-5, 5 + number, points={"P": 2}, intervals=["[-3, 1)", "]2; inf["]),
    "venn": lambda number: venn({"A": range(number + 3), "B": [1, 2, number + 9], "C": [1, 99]}, shade="A and not B"),
}


def as_magic(name: str, written: Callable[[int], tuple[str, str]]) -> Callable[[int], Figure]:
    """What draws a cell with the magic of that name, whose line and text `written` gives."""
    magic = Magic(name, SimpleNamespace(user_ns={"In": [""]}))

    def draw(number: int) -> Figure:
        shown = magic(*written(number))
        return Figure(shown.data["image/svg+xml"].decode(), shown.alt)

    return draw


def _moves(number: int) -> str:
    """The automaton of `machine` as its author writes it."""
    names = [f"s{number}x{at}" for at in range(6)]
    moves = [
        f"  {name}: {{0: {names[(at + 1 + number) % 6]}, 1: {names[(at * number + 2) % 6]}}}"
        for at, name in enumerate(names)
    ]
    return "\n".join([f"start: {names[0]}\naccept: [{names[number % 6]}]\ntransitions:", *moves])


MAGICS: dict[str, Callable[[int], tuple[str, str]]] = {
    "automaton": lambda number: ("", _moves(number)),
    "graph": lambda number: ("", "\n".join(f"n{at} -- n{(at * 3 + number) % 8}: {number + at}" for at in range(8))),
    "circuit": lambda number: ("", f"battery 9 V\nresistor R1 = {number} Ω\nlamp L | switch S, LED\nvoltmeter"),
    "logic": lambda number: ("", f"(A and B) or not (C xor D{number})"),
    "number_line": lambda number: (f"-5 to {5 + number}", "[-3, 1)\n]2; inf["),
    "venn": lambda number: ("", f"A{number}: 1, 2, 7\nB: 2, 3\nC: 3, 1"),
}


def drawn(draw: Callable[[int], Figure], numbers: Iterable[int]) -> list[str]:
    """The pictures of these numbers."""
    return [draw(number).svg for number in numbers]


def triangle(number: int) -> Figure:
    """A picture in TikZ, for which TeX runs."""
    return tikz(rf"\draw (0,0) -- (4,0) -- (4,{number / 200 + 1}) -- cycle;", alt="A triangle")


def kind(name: str, draw: Callable[[int], Figure], number: int) -> str:
    """The rows for a kind: all different, and then each again."""
    drawn(draw, [1000])  # fonts and libraries are loaded
    before = spent()
    pictures = drawn(draw, range(number))
    rate, middle = number / (spent() - before), time.process_time()
    again = [drawn(draw, range(number)) for _ in range(TIMES)][-1]
    each = (time.process_time() - middle) / number / TIMES * 1000
    assert len(set(pictures)) == number
    assert again == pictures
    told = f"{rate:.0f}/s, drawn before: {each:.2f} ms each"
    ratio, target = f"{rate / TARGET:.1f} × the target", f"≥ {TARGET}/s, < 1 ms"
    if name == "tikz":
        ratio, target = f"{1000 / rate / each:,.0f} × as fast again", "< 1 ms"
    return f"| diagrams of the kind `{name}`, all different | {told} | — | {ratio} | {target} |"


def main() -> None:
    """Print a row for each kind."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder  # nothing was drawn before
        for name, draw in KINDS.items():
            print(kind(name, draw, NUMBER))
        print(kind("tikz", triangle, ALONE))
        os.chdir(folder)  # in no course
        for name, written in MAGICS.items():
            print(kind(f"%%{name}", as_magic(name, written), NUMBER))
    together, alone = [], []
    for turn in range(TIMES):
        sources = [rf"\draw[->] (0,0) -- (5,{turn}) node {{$x_{{{number}}}$}};" for number in range(SET)]
        before = spent()
        pictures = tikz_batch(sources)
        middle = spent()
        singles = [tikz_batch([source])[0] for source in sources[:ALONE]]
        together.append((middle - before) / SET)
        alone.append((spent() - middle) / ALONE)
        assert singles == pictures[:ALONE]
    own, peer = min(together), min(alone)
    told = f"{own * 1000:.0f} ms each | {peer * 1000:.0f} ms each (a run for each)"
    print(f"| pictures in TikZ, {SET} in one run of TeX: processor | {told} | {peer / own:.1f} × faster | ≥ 4 × |")


if __name__ == "__main__":
    main()
