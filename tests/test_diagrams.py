"""Diagrams: what they compute is checked against brute force, and no label leaves its picture or meets another."""

from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.cli import main
from coursewright.errors import CoursewrightError, MissingPart
from coursewright.figures import Figure
from coursewright.figures.charts.spoken import spoken_in

pytest.importorskip("ziafont")
pytest.importorskip("igraph")

from coursewright.figures.charts.spoken import WORDLESS
from coursewright.figures.diagrams import letters
from coursewright.figures.diagrams.automata import automaton
from coursewright.figures.diagrams.circuits import circuit
from coursewright.figures.diagrams.gates import evaluate, logic, truth_table, variables
from coursewright.figures.diagrams.graphs import graph, tree
from coursewright.figures.diagrams.map import points_map
from coursewright.figures.diagrams.number_lines import number_line
from coursewright.figures.diagrams.venn_diagrams import venn
from coursewright.labels import known
from coursewright.pages.directives import graph as graph_directive
from coursewright.pages.executing.run import Materials
from coursewright.pages.text.body import standing_alone

SVG = "{http://www.w3.org/2000/svg}"
ODD = "<&> ñ"  # a label that would break markup that is not escaped
INFINITE = float("inf")

MACHINE = automaton({"A": {"0": "A", "1": "B"}, "B": {"0": "A", "1": "B"}}, start="A", accept=["B"])
GUESSING = automaton({"q0": {"a, b": "q0", "a": ["q0", "q1"]}, "q1": {"b": "q2"}, "q2": {}}, start="q0", accept=["q2"])

DRAWN: dict[str, tuple[Callable[[], Figure], list[str]]] = {
    "logic": (lambda: logic("A and not (B or C)"), ["A", "B", "C", "Q"]),
    "logic with rails": (lambda: logic("A & B | ~A & Höhe ^ x_1", output=ODD), ["A", "B", "Höhe", "x_1", ODD]),
    "logic of one wire": (lambda: logic("A"), ["A", "Q"]),
    "automaton": (lambda: MACHINE.figure(["A", "B"]), ["A", "B", "0", "1"]),
    "automaton that guesses": (GUESSING.figure, ["q0", "q1", "q2", "a, b", "a", "b"]),
    "automaton of odd names": (
        lambda: automaton({ODD: {"ε": "漢", '"': ODD}, "漢": {}}, start=ODD, accept=["漢"]).figure(),
        [ODD, "漢", "ε", '"'],
    ),
    "graph": (
        lambda: graph([("a", "b", 3), ("b", ODD, -1.5), ("c", "a"), ("d",)], highlight=["a", ("b", "a")]),
        ["a", "b", "c", "d", ODD, "3", "\N{MINUS SIGN}1.5"],
    ),
    "directed graph": (
        lambda: graph([("a", "b", 3), ("b", "a", 4), ("b", "b", 5)], directed=True),
        ["a", "b", "3", "4", "5"],
    ),
    "tree": (lambda: tree({"8": ["3", ODD], "3": [None, "6"]}), ["8", "3", ODD, "6"]),
    "number line": (
        lambda: number_line(-5, 5, points={"P": 2, ODD: 2.1}, intervals=["[-3, 1)", "]2; inf["]),
        ["P", ODD, "\N{MINUS SIGN}5", "5"],
    ),
    "circuit": (
        lambda: circuit(["battery 9 V", "resistor R1 = 100 Ω", [["lamp <&>"], ["switch S", "LED"], "voltmeter"]]),
        ["9 V", "R1 = 100 Ω", "<&>", "S"],
    ),
    "open circuit": (lambda: circuit(["resistor R1", ["resistor R2", "coil"]]), ["R1", "R2"]),
    "Venn": (lambda: venn({"A": {1, 2}, ODD: {2, 3}}, shade="not A"), ["A", ODD, "1"]),
    "Venn with elements": (
        lambda: venn({"A": ["x", "<&>"], "B": ["x", "y"], "C": ["y", "z"]}, show="elements", shade="A & (B | C)"),
        ["A", "B", "C", "x", "y", "z", "<&>"],
    ),
    "map": (
        lambda: points_map({"Rome": (41.9, 12.5), ODD: (41.8, 12.6)}, outline=[[(40, 10), (44, 14)]], highlight="Rome"),
        ["Rome", ODD],
    ),
}


def labels(root: ET.Element) -> dict[str, tuple[float, float, float, float]]:
    """For each label the room that its letters' outlines take, read from the SVG alone."""
    found = {}
    for group in root.iter(f"{SVG}g"):
        if group.get("class") != "label":
            continue
        x, y = (float(number) for number in re.findall(r"-?[\d.]+", group.get("transform", "")))
        corners = []
        for letter in group:
            if letter.tag == f"{SVG}text":
                size, at = float(letter.get("font-size", "")), x + float(letter.get("x", ""))
                corners += [(at, y - size), (at + size, y)]
                continue
            dx, sx, sy = (float(number) for number in re.findall(r"-?[\d.]+", letter.get("transform", "")))
            corners += [(x + dx + sx * px, y + sy * py) for px, py in outline(letter.get("d", ""))]
        xs, ys = [px for px, _ in corners], [py for _, py in corners]
        found[f"{group.get('aria-label')} at {x:.0f} {y:.0f}"] = (min(xs), min(ys), max(xs), max(ys))
    return found


def outline(d: str) -> Iterable[tuple[float, float]]:
    """The points of an SVG path with absolute M, L, H, V, Q and Z."""
    x = y = 0.0
    for command, rest in re.findall(r"([MLHVQZ])([^MLHVQZ]*)", d):
        numbers = [float(number) for number in re.findall(r"-?\d+", rest)]
        if command in "HV":
            x, y = (numbers[-1], y) if command == "H" else (x, numbers[-1])
            yield x, y
        for px, py in zip(numbers[::2], numbers[1::2], strict=False) if command in "MLQ" else ():
            x, y = px, py
            yield x, y


@pytest.mark.parametrize("name", DRAWN)
def test_no_label_is_cut_off_or_covers_another(name: str) -> None:
    draw, _ = DRAWN[name]
    root = ET.fromstring(draw().on_white().svg)
    left, top, wide, high = (float(number) for number in root.get("viewBox", "").split())
    boxes = labels(root)
    assert boxes
    for label, box in boxes.items():
        assert left + 5 < box[0], label
        assert top + 5 < box[1], label
        assert box[2] < left + wide - 5, label
        assert box[3] < top + high - 5, label
    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1], (one, other)


@pytest.mark.parametrize("name", DRAWN)
def test_the_alternative_text_names_every_label_and_is_the_title(name: str) -> None:
    draw, expected = DRAWN[name]
    figure = draw()
    root = ET.fromstring(figure.svg)
    assert root.get("role") == "img"
    assert root[0].tag == f"{SVG}title"
    assert root[0].text == figure.alt
    for label in expected:
        assert label in figure.alt


@pytest.mark.parametrize("name", DRAWN)
def test_the_same_diagram_has_the_same_bytes(name: str) -> None:
    draw, _ = DRAWN[name]
    assert draw() == draw()


@pytest.mark.parametrize("name", DRAWN)
def test_a_diagram_brings_its_ground_and_its_letters(name: str) -> None:
    figure = DRAWN[name][0]()
    svg = figure.on_white().svg
    assert 'rx="8" fill="#ffffff"' in svg
    assert "nan" not in (svg + figure.svg).lower()
    assert ("<text" in svg) is ("odd names" in name)  # only a letter that the font lacks is the reader's own


def test_own_words_stand_before_the_text_from_the_data() -> None:
    assert logic("A or B", alt="Which gate?").alt == "Which gate?"
    assert tree(["+", 1, 2], alt="A sum").alt == "A sum"


# Logic

NAMES = st.sampled_from(["A", "B", "C", "D"])
IN_WORDS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        inner.map(lambda term: f"not ({term})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(" ".join),
        inner.map(lambda term: f"({term})"),
    ),
    max_leaves=8,
)
IN_SIGNS = st.recursive(
    NAMES,
    lambda inner: st.one_of(
        inner.map(lambda term: f"~({term})"),
        st.tuples(inner, st.sampled_from(["&", "|", "^"]), inner).map(" ".join),
        inner.map(lambda term: f"({term})"),
    ),
    max_leaves=8,
)


@given(st.one_of(IN_WORDS, IN_SIGNS))
def test_a_truth_table_is_what_python_evaluates(expression: str) -> None:
    rows = truth_table(expression)
    assert len(rows) == 2 ** len(variables(expression))
    for row in rows:
        expected = eval(expression, {}, {name: bool(row[name]) for name in "ABCD" if name in row})  # noqa: S307 - ours
        assert row["Q"] == expected & 1  # ~True is -2 in Python
        assert evaluate(expression, row) is bool(row["Q"])


@given(st.one_of(IN_WORDS, IN_SIGNS))
@settings(max_examples=25)
def test_a_circuit_of_any_expression_has_a_gate_for_each_operation(expression: str) -> None:
    figure = logic(expression)
    assert ET.fromstring(figure.svg) is not None
    for gate, pattern in (("NOT", "not|~"), ("XOR", r"\^")):
        assert len(re.findall(f": {gate} of", figure.alt)) == len(re.findall(pattern, expression))


def test_the_other_gates() -> None:
    assert [row["Q"] for row in truth_table("A nand B")] == [1, 1, 1, 0]
    assert [row["Q"] for row in truth_table("A NOR B")] == [1, 0, 0, 0]
    assert [row["Q"] for row in truth_table("A xor B xor C")] == [0, 1, 1, 0, 1, 0, 0, 1]
    assert truth_table("¬A ∧ B", output="out")[1] == {"A": 0, "B": 1, "out": 1}
    assert "Gate 1: AND of A, B and C." in logic("A and B and C").alt


# Automata

STATES = ["p", "q", "r"]
MOVES = st.dictionaries(
    st.sampled_from(STATES), st.dictionaries(st.sampled_from(["a", "b", ""]), st.sets(st.sampled_from(STATES)))
)


@given(MOVES, st.sets(st.sampled_from(STATES)))
@settings(max_examples=60)
def test_words_are_all_that_is_accepted(moves: dict[str, Any], accept: set[str]) -> None:
    machine = automaton({state: moves.get(state, {}) for state in STATES}, start="p", accept=sorted(accept))

    def reads(state: str, word: str, fuel: int = 12) -> bool:
        """Brute force: every way through the automaton, with a bound for those that read nothing."""
        if fuel == 0:
            return False
        ways = moves.get(state, {})
        further = any(reads(other, word, fuel - 1) for other in ways.get("", ()))
        if not word:
            return state in accept or further
        return further or any(reads(other, word[1:], fuel - 1) for other in ways.get(word[0], ()))

    every = ["".join(letters) for length in range(4) for letters in itertools.product("ab", repeat=length)]
    expected = [word for word in every if reads("p", word)]
    assert [word for word in every if machine.accepts(word)] == expected
    assert machine.words(3) == expected


def test_a_run_visits_states() -> None:
    assert MACHINE.run("011") == ["A", "A", "B", "B"]
    assert MACHINE.run("0x1") == ["A", "A"]
    assert not MACHINE.accepts("x")
    assert GUESSING.run("ab") == ["{q0}", "{q0, q1}", "{q0, q2}"]
    assert (MACHINE.deterministic, GUESSING.deterministic) == (True, False)
    assert (GUESSING.states, GUESSING.alphabet) == (("q0", "q1", "q2"), ("a", "b"))


def test_an_automaton_can_be_placed_as_it_is() -> None:
    assert MACHINE.svg == MACHINE.figure().svg
    assert MACHINE.alt == (
        "Finite automaton with states A and B; starts in A; accepts in B. "
        "From A: 0 to A; 1 to B. From B: 0 to A; 1 to B."
    )


@given(st.dictionaries(st.sampled_from("pqrst"), st.dictionaries(st.sampled_from("ab"), st.sampled_from("pqrst"))))
@settings(max_examples=15)
def test_no_label_of_a_deterministic_automaton_covers_another(moves: dict[str, dict[str, str]]) -> None:
    machine = automaton({state: moves.get(state, {}) for state in "pqrst"}, start="p", accept=["q"])
    boxes = labels(ET.fromstring(machine.svg))
    for (one, a), (other, b) in itertools.combinations(boxes.items(), 2):
        assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1], (one, other)


# The others


def test_the_three_ways_to_write_a_tree() -> None:
    flat = tree({"8": ["3", "10"], "3": ["1", "6"]})
    assert flat.alt == "Tree with root 8. Below 8: 3 and 10. Below 3: 1 and 6."
    assert tree({"8": {"3": ["1", "6"], "10": None}}).alt == tree([8, [3, 1, 6], 10]).alt == flat.alt


def test_another_seed_may_give_another_layout() -> None:
    edges = [(a, b) for a, b in itertools.combinations("abcdef", 2) if (ord(a) * ord(b)) % 3]
    assert len({graph(edges, seed=seed).svg for seed in range(4)}) > 1


def test_intervals_of_both_ways_of_writing_are_the_same() -> None:
    assert number_line(0, 5, intervals=["]1; 2]", "(-inf, 3)"]).alt == (
        "Number line from 0 to 5. Intervals: (1, 2] and (\N{MINUS SIGN}∞, 3)."
    )
    assert number_line(0, 5, intervals=[(1, INFINITE)]).alt.endswith("[1, ∞).")


def test_the_counts_of_a_venn_diagram() -> None:
    figure = venn({"A": range(6), "B": [4, 5, 6], "C": [5]}, shade="A and not (B or C)")
    assert figure.alt == (
        "Venn diagram of A, B and C. In A, B and C: 1. In A and B only: 1. In A and C only: 0. Only in A: 4. "
        "In B and C only: 0. Only in B: 1. Only in C: 0. Shaded: only in A."
    )


BAD: list[tuple[Callable[[], object], str]] = [
    (
        lambda: logic("A and"),
        'error: "A and" is no Boolean expression: it ends too early\n'
        "hint: write it with names, and, or, not, nand, nor, xor and brackets, such as A and not (B or C)",
    ),
    (
        lambda: logic("A + B"),
        'error: "A + B" is no Boolean expression: "+" has no meaning in it\n'
        "hint: write it with names, and, or, not, nand, nor, xor and brackets, such as A and not (B or C)",
    ),
    (lambda: truth_table("Q or A"), 'error: "Q" is an input and the output\nhint: name the output: output="…"'),
    (lambda: evaluate("A or B", {"A": 1}), 'error: "B" has no value\nhint: Available: A'),
    (
        lambda: truth_table(" or ".join("ABCDEFGHIJKLM")),
        "error: a truth table of 13 variables has 8,192 rows\nhint: use at most 12",
    ),
    (
        lambda: automaton({"even": {"1": "od"}, "odd": {}}, start="even", accept=["odd"]),
        'error: no state called "od" that "1" leads to from "even"\nhint: did you mean "odd"? Available: even, odd',
    ),
    (
        lambda: automaton({"A": {}}, start="B", accept=[]),
        'error: no state called "B" to start in\nhint: Available: A',
    ),
    (
        lambda: automaton({"A": {}}, start="A", accept="B"),
        'error: no state called "B" to accept in\nhint: Available: A',
    ),
    (
        lambda: MACHINE.figure(["C"]),
        'error: no state called "C" to highlight\nhint: Available: A, B',
    ),
    (
        lambda: graph([("a",), "ab"]),
        'error: \'ab\' is no edge\nhint: give two names, and a weight if it has one: ("a", "b", 3)',
    ),
    (
        lambda: graph([("a", "b")], directed=True, highlight=[("b", "a")]),
        "error: no edge between b and a to highlight\nhint: highlight two joined nodes",
    ),
    (
        lambda: tree({"a": ["b"], "b": ["a"]}),
        'error: this is no tree: it has no root\nhint: write {"8": ["3", "10"], "3": ["1", "6"]}',
    ),
    (
        lambda: tree({"a": ["b"], "c": ["b"]}),
        'error: this is no tree: "b" hangs on more than one node\nhint: write {"8": ["3", "10"], "3": ["1", "6"]}',
    ),
    (
        lambda: number_line(5, 0),
        "error: a number line cannot go from 5 to 0\nhint: give low < high",
    ),
    (
        lambda: number_line(0, 5, points=[7]),
        "error: 7 is not on the line from 0 to 5\nhint: make the line longer",
    ),
    (
        lambda: number_line(0, 5, intervals=["1 to 3"]),
        'error: \'1 to 3\' is no interval\nhint: write "[1, 3)", "(-inf, 2]" or a pair of numbers',
    ),
    (
        lambda: circuit(["resitor R1"]),
        'error: no part of a circuit called "resitor"\nhint: did you mean "resistor"? Available: LED, ammeter, '
        "battery, capacitor, cell, closed switch, coil, diode, fuse, lamp, motor, resistor, source, switch, "
        "voltmeter, wire",
    ),
    (
        lambda: circuit([]),
        'error: a branch of this circuit is empty\nhint: write ["wire"] where there is only wire',
    ),
    (
        lambda: venn({"A": [1]}),
        "error: a Venn diagram of 1 sets cannot be drawn\nhint: give two or three sets",
    ),
    (
        lambda: venn({"A": [1], "B": []}, shade="A or C"),
        'error: no set called "C" to shade\nhint: Available: A, B',
    ),
    (
        lambda: points_map({"X": (100, 0)}),
        'error: "X" has no place on Earth: (100, 0)\nhint: give latitude and longitude in degrees',
    ),
]


@pytest.mark.parametrize(("wrong", "message"), BAD, ids=[message.split("\n")[0][7:60] for _, message in BAD])
def test_bad_input_is_told_with_a_remedy(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        wrong()
    assert str(caught.value) == message


# On pages

PAGE = """\
# Diagrams

```{logic} A and not B
:output: lamp
```

```{automaton}
:run: 01
start: A
accept: [B]
transitions:
  A: {0: A, 1: B}
  B: {0: A, 1: B}
```

```{graph}
:highlight: a
a -> b: 3
b -> c
```
"""


def test_diagrams_stand_on_a_page(make_course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    root: Path = make_course({"pages/index.md": PAGE})
    monkeypatch.chdir(root)
    assert main(["build"]) == 0
    text = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    names = re.findall(r"\(index/((?:logic|automaton|graph)-[0-9a-f]{16}\.svg)\)", text)
    assert [name.split("-")[0] for name in names] == ["logic", "automaton", "graph"]
    assert "Highlighted: A and B." in text
    for name in names:
        ET.parse(root / "build/markdown/index" / name)


@pytest.mark.parametrize(
    ("lines", "alt"),
    {
        "a -- b -- c: 3;": "Graph with nodes a, b and c. Edges between a and b (3); b and c (3).",
        "a->b": "Directed graph with nodes a and b. Edges from a to b.",
        '"a - b" -- "c: -- d": 2': "Graph with nodes a - b and c: -- d. Edges between a - b and c: -- d (2).",
        "-1 -- 1–2: -2\nco-op": "Graph with nodes -1, 1–2 and co-op. Edges between -1 and 1–2 (\u22122).",
    }.items(),
)
def test_edges_are_written_as_in_dot(lines: str, alt: str, tmp_path: Path) -> None:
    assert edges_of(lines, tmp_path).alt == alt


@pytest.mark.parametrize(
    "line",
    [
        "a - b",
        "a – b -- c",
        "a <- b",
        "a <-> b",
        "a --> b",
        "a ---b",
        "a => b",
        "a→b",
        "graph {",
        "}",
        "a -- b [label=3]",
    ],
)
def test_what_is_no_edge_is_no_node_either(line: str, tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError, match=re.escape(f'"{line}" is no edge')):
        edges_of(line, tmp_path)


def test_in_another_language_a_diagram_without_words_is_remarked(tmp_path: Path) -> None:
    english = "Graph with nodes a and b. Edges between a and b."
    remark = "page.md:1, {graph}: what this diagram says for who does not see it is English; say it in fi: :alt: …"
    for language, alt, said, remarks in (
        ("fi", "", english, [remark]),
        ("fi", ":alt: Kaksi solmua\n", english, []),
        ("de-AT", "", "Graph mit den Knoten a und b. Kanten zwischen a und b.", []),
        ("en-US", "", english, []),
    ):
        materials = Materials(tmp_path, None, {}, language=language)
        directive = standing_alone("graph", "", f"{alt}a -- b\n", Path("page.md"))
        assert graph_directive.run(directive, graph_directive.GraphOptions(), materials).alt == said
        assert materials.remarks == remarks


SAID_IN_GERMAN = {
    "Venn-Diagramm von A und B. In A und B: 1. Nur in A: 1. Nur in B: 1. Schraffiert: nur in A.": lambda: venn(
        {"A": [1, 2], "B": [2, 3]}, shade="A and not B"
    ),
    "Zahlengerade von 0 bis 5. Punkte: P bei 2.5 und 4. Intervall: [1, 3).": lambda: number_line(
        0, 5, points={"P": 2.5, "": 4}, intervals=["[1, 3)"]
    ),
    "Logikschaltung mit den Eingängen A und B und Ausgang Q. Gatter 1: AND von A und B. Q ist Gatter 1.": lambda: logic(
        "A and B"
    ),
    "Stromkreis, in Reihe: Batterie 9 V, parallel (Lampe L1) und (Schalter S, Widerstand R2).": lambda: circuit(
        ["battery 9 V", [["lamp L1"], ["switch S", "resistor R2"]]]
    ),
    "Baum mit der Wurzel 8. Unter 8: 3 und ein leerer Platz.": lambda: tree(["8", "3", None]),
    "Endlicher Automat mit dem Zustand A; beginnt in A; akzeptiert in A. Von A: 0 nach A. Hervorgehoben: A.": lambda: (
        automaton({"A": {"0": "A"}}, start="A", accept=["A"]).figure(["A"])
    ),
    "Karte mit Bonn bei 50.74°N, 7.1°O.": lambda: points_map({"Bonn": (50.74, 7.1)}),
}


@pytest.mark.parametrize("said", SAID_IN_GERMAN)
def test_a_diagram_says_in_the_language_of_its_page_what_it_shows(said: str) -> None:
    with spoken_in("de"):
        assert SAID_IN_GERMAN[said]().alt == said


def test_every_language_of_charts_has_every_word_of_diagrams() -> None:
    words = known("diagrams")
    assert {*words} == {*known("figures")} - {WORDLESS}
    english = words["en"]
    for language, own in words.items():
        assert ({*own}, {*own["parts"]}) == ({*english}, {*english["parts"]}), language
        assert all(own["parts"].values()), language
        for word, text in own.items():
            if word != "parts":
                assert text, (language, word)
                assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english[word])), (
                    language,
                    word,
                )


def edges_of(lines: str, folder: Path) -> Any:
    directive = standing_alone("graph", "", f"{lines}\n", folder / "page.md")
    return graph_directive.run(directive, graph_directive.GraphOptions(), Materials(folder, None, {}))


@pytest.mark.parametrize(
    ("block", "message"),
    [
        ("```{logic}\n```", "error: which expression?\n  --> {page}:3, {logic}\n"),
        ("```{automaton}\nstart: A\n```", 'error: this automaton has no "accept"\n  --> {page}:3, {automaton}\n'),
        ("```{graph}\na -- b\nb -> c\n```", "error: this graph mixes -> and --\n  --> {page}:5\n"),
        ("```{graph}\na -- \n```", 'error: "a --" is no edge\n  --> {page}:4\n'),
    ],
)
def test_a_wrong_diagram_is_told_with_its_place(
    block: str, message: str, make_course: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(make_course({"pages/index.md": f"# X\n\n{block}\n"}))
    assert main(["build"]) == 1
    told = capsys.readouterr().err
    assert message.replace("{page}", "pages/index.md") in told


def test_a_part_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(letters, "find_spec", lambda _: None)
    letters._font.cache_clear()
    try:
        with pytest.raises(MissingPart) as caught:
            letters._font()
    finally:
        letters._font.cache_clear()
    assert str(caught.value) == (
        'error: diagrams need fonttools and ziafont\nhint: pip install "coursewright[diagrams]"'
    )
