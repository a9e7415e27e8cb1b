"""Drawing logic circuits of three to five gates, all distinct, on one core: at least 60 a second."""

from __future__ import annotations

import itertools
import re
import time

from coursewright.figures.diagrams.gates import logic

TARGET = 60
INNER = ("and", "or", "xor", "nand", "nor")


def expressions() -> list[str]:
    """Circuits over four inputs: 3 gates, 4 with a NOT behind one of them, 5 with two."""
    shapes = ("({} {} {}) {} ({} {} {})", "({} {} {}) {} not ({} {} {})", "not ({} {} {}) {} not ({} {} {})")
    return [
        shape.format(a, one, b, joint, c, other, d)
        for shape in shapes
        for a, b, c, d in itertools.permutations(("A", "B", "C", "D"))
        for one, joint, other in itertools.product(INNER, repeat=3)
    ]


def main() -> str:
    """Draws each circuit once and prints a line."""
    circuits = expressions()
    logic(circuits.pop(0))  # the font is read
    before = time.process_time()
    drawn = [logic(expression) for expression in circuits]
    rate = len(drawn) / (time.process_time() - before)
    assert len({figure.svg for figure in drawn}) == len(circuits)
    assert {len(re.findall("Gate", figure.alt)) for figure in drawn} == {3, 4, 5}
    ratio = f"{rate / TARGET:.0f} × the target"
    text = f"| logic circuits of 3 to 5 gates, drawn one by one | {rate:,.0f}/s | — | {ratio} | ≥ {TARGET}/s |"
    print(text)
    return text


if __name__ == "__main__":
    main()
