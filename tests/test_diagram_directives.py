"""Diagrams on pages: the same options as the functions have, and errors at the author's own line."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("ziafont", reason='pip install "coursewright[diagrams]"')
pytest.importorskip("igraph", reason='pip install "coursewright[diagrams]"')

from coursewright import plugins
from coursewright.courses import build, check, open_course
from coursewright.figures import diagrams
from coursewright.figures.diagrams.automata import Automaton
from coursewright.figures.diagrams.circuits import circuit
from coursewright.figures.diagrams.number_lines import number_line
from coursewright.figures.diagrams.venn_diagrams import venn
from coursewright.pages.directives.circuit import _Line
from test_browser import audited, chromium  # noqa: F401 - a fixture

FUNCTIONS = ("tikz", "logic", "automaton", "graph", "circuit", "venn", "number_line")
PAGE = """\
# Diagrams

```{circuit}
:caption: Two lamps

battery 9 V
resistor R1 = 100 Ω (hot)
lamp L1 | switch S, resistor R2
```

```{venn}
:shade: Prime and not Even
:show: elements

Even: 2, 10, 4
Prime: 2, 3, 5
```

```{number_line} −5 to 5
:step: 1

[-3, 1)
P: 2.5
(2, inf)
4
```

```{number_line} 0 to 5
3
```
"""  # noqa: RUF001 - a minus sign


@pytest.mark.parametrize("name", FUNCTIONS)
def test_what_a_page_can_say_of_a_diagram_the_function_takes_too(name: str) -> None:
    function = getattr(diagrams, name)
    takes = set(inspect.signature(function).parameters)
    if name == "automaton":  # a machine, which draws itself: its run and its picture are methods, its text is its own
        takes |= set(inspect.signature(Automaton.figure).parameters) | {"run", "alt"}
    options = plugins.load("directives", name).Options.__struct_fields__
    assert set(options) <= takes


def test_circuits_sets_and_lines_stand_on_a_page_with_their_words(make_course: Any) -> None:
    root: Path = make_course({"pages/index.md": PAGE})
    build(open_course(root))
    html = (root / "build" / "site" / "index.html").read_text(encoding="utf-8")
    lamps = circuit(["battery 9 V", "resistor R1 = 100 Ω (hot)", [["lamp L1"], ["switch S", "resistor R2"]]])
    sets = venn({"Even": [2, 10, 4], "Prime": [2, 3, 5]}, shade="Prime and not Even", show="elements")
    line = number_line(-5, 5, points=[("P", 2.5), 4], intervals=["[-3, 1)", "(2, inf)"], step=1)
    for figure in (lamps, sets, line):
        assert f'aria-label="{figure.alt}"' in html
    assert sets.alt.index("10") > sets.alt.index("4")
    assert "<figcaption>Two lamps</figcaption>" in html


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("lamp L1", ["lamp L1"]),
        ("lamp, wire", ["lamp", "wire"]),
        ("a | b, c", [[["a"], ["b", "c"]]]),
        ("(a | b), c", [[["a"], ["b"]], "c"]),
        ("a | (b | c), d (e, f)", [[["a"], [[["b"], ["c"]], "d (e, f)"]]]),
    ],
)
def test_a_line_of_a_circuit_is_read(line: str, parts: list[Any]) -> None:
    assert _Line(line).parts() == parts


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("```{circuit}\n```", "error: this circuit has no parts\n  --> 1, {circuit}\nhint: write a part on each line"),
        (
            "```{circuit}\n\nwire\nlampp L\n```",
            'error: no part of a circuit called "lampp"\n  --> 4, {circuit}\nhint: did you mean "lamp"?',
        ),
        ("```{circuit}\nlamp | \n```", 'error: a part is missing in "lamp |"\n  --> 2, {circuit}'),
        ("```{circuit}\n(lamp | wire\n```", 'error: a bracket is not closed in "(lamp | wire"\n  --> 2, {circuit}'),
        ("```{circuit}\nlamp)\n```", 'error: ")" closes nothing in "lamp)"\n  --> 2, {circuit}'),
        ("```{venn}\nA: 1\nB\n```", 'error: "B" is no set\n  --> 3, {venn}\nhint: write Even: 2, 4, 6'),
        ("```{venn}\nA: 1\nA: 2\n```", 'error: the set "A" is there twice\n  --> 3, {venn}'),
        ("```{venn}\nA: 1\n```", "error: a Venn diagram of 1 sets cannot be drawn\n  --> 1, {venn}"),
        ("```{venn}\n:shade: C\nA: 1\nB: 2\n```", 'error: no set called "C" to shade\n  --> 1, {venn}'),
        ("```{venn}\n:show: all\nA: 1\nB: 2\n```", "error: show: invalid enum value 'all'"),
        (
            "```{number_line}\n```",
            "error: from where to where goes this line?\n  --> 1, {number_line}\n"
            "hint: write where it begins and ends after {number_line}: -5 to 5",
        ),
        ("```{number_line} a to b\n```", "error: from where to where goes this line?"),
        (
            "```{number_line} 5 to 0\n:step: 1\n3\n```",
            "error: a number line cannot go from 5 to 0\n  --> 1, {number_line}",
        ),
        ("```{number_line} 5 to 0\n```", "error: a number line cannot go from 5 to 0\n  --> 1, {number_line}"),
        (
            "```{number_line} 0 to 5\n1\n7\n```",
            "error: 7 is not on the line from 0 to 5\n  --> 3, {number_line}\nhint: make the line longer",
        ),
        ("```{number_line} 0 to 5\n[3, 1]\n```", "error: '[3, 1]' is no interval\n  --> 2, {number_line}"),
        (
            "```{number_line} 0 to 5\nP at 3\n```",
            'error: "P at 3" is neither a point nor an interval\n  --> 2, {number_line}\n'
            "hint: write a number, a name and a number, or an interval: 2.5, P: 2.5, [-3, 1)",
        ),
        ("```{number_line} 0 to 5\nP: nan\n```", "error: nan is not on the line from 0 to 5\n  --> 2, {number_line}"),
        ("```{number_line} 0 to 5\n:step: 0\n1\n```", "error: a step of 0 does not suit this line\n  --> 1"),
        (
            "```{number_line} 0 to 5\n:stepp: 1\n1\n```",
            'error: no option called "stepp"\n  --> 2, {number_line} :stepp:',
        ),
    ],
)
def test_what_is_wrong_is_said_at_the_line_of_the_author(block: str, said: str, make_course: Any) -> None:
    root = make_course({"pages/index.md": block + "\n"})
    (problem,) = check(root)
    assert str(problem).replace(f"{root}/pages/index.md:", "").startswith(said)


def test_the_pictures_pass_the_audit(chromium: str, make_course: Any) -> None:  # noqa: F811 - the fixture
    root = make_course({"pages/index.md": PAGE})
    build(open_course(root))
    for audit in audited(chromium, [(root / "build" / "site" / "index.html").as_uri()], "360"):
        assert (audit["violations"], audit["errors"], audit["outside"]) == ([], [], [])
