"""Questions of code: their cases as written, and the programs that exporters make of them, run on solutions."""

from __future__ import annotations

import json
import math
import re
from collections import namedtuple
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.questions import draw, read_question
from coursewright.questions.exporters import html, markdown, nbgrader, notebook, otter
from coursewright.questions.exporters._notebook import SAME
from coursewright.questions.marking.marks import mark
from coursewright.questions.marking.values import same
from coursewright.questions.part import Code
from coursewright.questions.variant import Variant
from coursewright.questions.writing.prose import plain
from coursewright.sandbox.within.values import pack, unpack

BANK = Path(__file__).parent.parent / "examples" / "assessment" / "questions"


def question(function: str, answers: str, solution: str, starter: str = "", code: str = "") -> str:
    parts = [
        f"---\nkind: code\nfunction: {function}\n---\n",
        f"```python\n{code}\n```\n" if code else "",
        f"# Question\n\nWrite `{function}`.\n\n",
        f"# Starter\n\n```python\n{starter}\n```\n\n" if starter else "",
        f"# Answers\n\n```python\n{answers}\n```\n\n" if answers else "",
        f"# Solution\n\n```python\n{solution}\n```\n",
    ]
    return "".join(parts)


# By name: the question, its cases (call, value, whether it is shown), and a solution that fails.
SIGNS = "'\"\\ {x} % é \U0001f600\n\t#"
TAG = "def tag(t):\n    return '# hidden'"
EVEN = "def even(n):\n    return n % 2 == 0"
QUESTIONS: dict[str, tuple[str, list[tuple[str, str, bool]], str]] = {
    "a marker after a shown case": (
        question("even", ">>> even(2)\nTrue\n# hidden\n>>> even(3)\nFalse", EVEN),
        [("even(2)", "True", True), ("even(3)", "False", False)],
        "def even(n): return True",
    ),
    "a marker before all": (
        question("even", "# hidden\n>>> even(2)\nTrue\n>>> even(3)\nFalse", EVEN),
        [("even(2)", "True", False), ("even(3)", "False", False)],
        "def even(n): return None",
    ),
    "a marker after all": (
        question("even", ">>> even(2)\nTrue\n# hidden", EVEN),
        [("even(2)", "True", True)],
        "def even(n): return False",
    ),
    "markers as people write them": (
        question("even", ">>> even(2)\nTrue\n\n  #Hidden:\n>>> even(4)\nTrue\n# hidden\n>>> even(5)\nFalse", EVEN),
        [("even(2)", "True", True), ("even(4)", "True", False), ("even(5)", "False", False)],
        "def even(n): return n < 4",
    ),
    "comments": (
        question(
            "even",
            ">>> even(2)  # the least\nTrue  # yes\n# Now, hidden in plain sight:\n>>> even(3)\nFalse\n# end",
            EVEN,
        ),
        [("even(2)", "True", True), ("even(3)", "False", True)],
        "def even(n): return True",
    ),
    "texts that look like comments": (
        question("tag", ">>> tag('a # b')\n'# hidden'\n# hidden\n>>> tag('')\n'# hidden'", TAG),
        [("tag('a # b')", "'# hidden'", True), ("tag('')", "'# hidden'", False)],
        "def tag(t): return t",
    ),
    "calls and values of several lines": (
        question(
            "pairs",
            ">>> pairs(\n...     [1, 2],  # first\n...     'ab',\n... )\n[(1, 'a'),\n (2, 'b')]",
            "def pairs(one, other):\n    return list(zip(one, other))",
        ),
        [("pairs(\n    [1, 2],\n    'ab',\n)", "[(1, 'a'),\n (2, 'b')]", True)],
        "def pairs(one, other): return [*zip(other, one)]",
    ),
    "a beginning without a body": (
        question("even", ">>> even(2)\nTrue", EVEN, starter="def even(n):\n    # your code"),
        [("even(2)", "True", True)],
        "def even(n): return 1",
    ),
    "a beginning with a blank to fill": (
        question("even", ">>> even(2)\nTrue", EVEN, starter="half = ___\ndef even(n):\n    return n == half"),
        [("even(2)", "True", True)],
        "def even(n): return 'True'",
    ),
    "a beginning with words": (
        question("even", ">>> even(2)\nTrue", EVEN, starter='def even(n):\n    """Is \\\\n even?"""'),
        [("even(2)", "True", True)],
        "def even(n): return 1.0",
    ),
    "signs": (
        question("quoted", f">>> quoted('x')\n{SIGNS!r}", f"def quoted(t):\n    return {SIGNS!r}.replace('y', t)"),
        [("quoted('x')", repr(SIGNS), True)],
        "def quoted(t): return t",
    ),
    "values of many types": (
        question(
            "echo",
            ">>> echo(0.1 + 0.2)\n0.3\n>>> echo({'a': (1, [2.0])})\n{'a': (1, [2])}\n>>> echo({1, 2})\n{2, 1}\n"
            ">>> echo(None)\nNone\n>>> echo(-5)\n-5\n>>> echo(2j)\n2j\n>>> echo(float('inf'))\nfloat('inf')\n"
            ">>> echo(float('nan'))\nfloat('nan')\n>>> echo(b'a')\nb'a'\n>>> echo(3)\n1 + 2",
            "def echo(value): return value",
        ),
        [
            *(("echo(0.1 + 0.2)", "0.3", True), ("echo({'a': (1, [2.0])})", "{'a': (1, [2])}", True)),
            *(("echo({1, 2})", "{2, 1}", True), ("echo(None)", "None", True), ("echo(-5)", "-5", True)),
            *(("echo(2j)", "2j", True), ("echo(float('inf'))", "float('inf')", True)),
            *(("echo(float('nan'))", "float('nan')", True), ("echo(b'a')", "b'a'", True), ("echo(3)", "1 + 2", True)),
        ],
        "def echo(value): return float('inf')",
    ),
    "values of NumPy's": (
        question("ones", ">>> ones(2)\n[1.0, 1.0]", "import numpy\ndef ones(n):\n    return numpy.ones(n)"),
        [("ones(2)", "[1.0, 1.0]", True)],
        "import numpy\ndef ones(n): return numpy.zeros(n)",
    ),
    "cases from the code": (
        question("even", "# hidden\n>>> even(8)\nTrue", EVEN, code="cases = [('even(2)#', True), ('even(3)', False)]"),
        [("even(8)", "True", False), ("even(2)", "True", True), ("even(3)", "False", True)],
        "def even(n): return n == 8",
    ),
    "a class": (
        question("Box", ">>> Box(2).volume\n8", "class Box:\n    def __init__(self, side): self.volume = side**3"),
        [("Box(2).volume", "8", True)],
        "class Box:\n    def __init__(self, side): self.volume = side",
    ),
}  # fmt: skip


@cache
def variant_of(text: str, who: str = "1") -> Variant:
    drawn = next(draw(read_question(Path("q.md"), text), [who]))
    assert drawn.variant
    return drawn.variant


def part_of(variant: Variant) -> Code:
    part = variant.part
    assert isinstance(part, Code)
    return part


@pytest.mark.parametrize("name", QUESTIONS)
def test_cases_are_read_as_they_are_meant(name: str) -> None:
    text, cases, _ = QUESTIONS[name]
    assert [(case.call, case.expects, case.shown) for case in part_of(variant_of(text)).cases] == cases


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_solution_passes_and_a_wrong_one_does_not(name: str) -> None:
    text, _, wrong = QUESTIONS[name]
    variant = variant_of(text)
    assert mark(variant, part_of(variant).model).fraction == 1
    fraction = mark(variant, wrong).fraction
    assert fraction is not None
    assert fraction < 1


def cells_of(exporter: Any, variant: Variant) -> list[str]:
    return [each["source"] for each in json.loads(exporter.item(variant).body) if each["cell_type"] == "code"]


def run(cells: list[str]) -> int:
    """Run cells as a notebook does, each compiled first; how many of the tests failed."""
    names: dict[str, Any] = {}
    failed = 0
    for source in [compile(each, "cell", "exec") for each in cells]:
        try:
            exec(source, names)  # noqa: S102 - what the notebook's kernel would do
        except AssertionError:
            failed += 1
    return failed


def with_solution(cells: list[str], solution: str) -> list[str]:
    """The cells with another solution between the marks of nbgrader and Otter-Grader."""
    place = re.compile(r"(?<=BEGIN SOLUTION\n).*?(?=\n#+ END SOLUTION)", re.DOTALL)
    changed = [place.sub(lambda _: solution, each) for each in cells]
    assert changed != cells
    return changed


BANKED = [(read_question(BANK / "chosen.md"), str(who), "def chosen(n): return float('inf')") for who in (1, 2, 3)]
PROGRAMS = [
    *((name, variant_of, (text, "1"), wrong) for name, (text, _, wrong) in QUESTIONS.items()),
    *((f"chosen {who}", lambda one, who: next(draw(one, [who])).variant, (one, who), bad) for one, who, bad in BANKED),
]


@pytest.mark.parametrize("exporter", [nbgrader, otter], ids=["nbgrader", "otter"])
@pytest.mark.parametrize(("make", "of", "wrong"), [each[1:] for each in PROGRAMS], ids=[each[0] for each in PROGRAMS])
def test_what_exporters_write_takes_a_solution_and_no_wrong_one(make: Any, of: Any, wrong: str, exporter: Any) -> None:
    variant = make(*of)
    cells = cells_of(exporter, variant)
    assert len(cells) == 1 + len(part_of(variant).cases)
    assert run(cells) == 0
    assert run(with_solution(cells, part_of(variant).model)) == 0
    assert run(with_solution(cells, wrong)) > 0


def test_a_hidden_case_is_hidden_wherever_it_goes() -> None:
    variant = variant_of(QUESTIONS["a marker after a shown case"][0])
    assert "even(3)" not in plain(variant.text)
    assert not any("even(3)" in exporter.item(variant).body for exporter in (html, markdown, notebook))
    nb = json.loads(nbgrader.item(variant).body)
    assert "even(3)" not in nb[0]["source"]
    assert [("BEGIN HIDDEN TESTS" in each["source"]) for each in nb[2:]] == [False, True]
    tests = [each["source"] for each in json.loads(otter.item(variant).body) if "TEST CONFIG" in each["source"]]
    assert [("hidden: true" in each) for each in tests] == [False, True]


def test_the_cell_of_a_question_that_marks_itself_runs() -> None:
    pytest.importorskip("IPython", reason="pip install jupyterlab")
    (source,) = cells_of(notebook, variant_of(QUESTIONS["comments"][0]))
    *before, last = source.strip().split("\n")
    names: dict[str, Any] = {}
    exec(compile("\n".join(before), "cell", "exec"), names)  # noqa: S102 - what the notebook's kernel would do
    assert "return n % 2 == 0" in eval(last, names).data  # noqa: S307 - the same


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (">>> x = even(2)\n", 'the case "x = even(2)" is no expression'),
        (">>> even(2)  # hidden\nTrue", '"# hidden" stands beside a case, and hides none'),
        (">>> even(2)\nTrue # Hidden:\n>>> even(3)\nFalse", '"# Hidden:" stands beside a case, and hides none'),
        (">>> even(2)\nTrue\n# hidden cases\n>>> even(3)\nFalse", '"# hidden cases" hides no case'),
        (">>> even(2)\nTrue\n>>> # hidden\n>>> even(3)\nFalse", '">>> # hidden" hides no case'),
        (">>> even(2)\n>>> even(3)\nFalse", 'the case "even(2)" shows no value'),
        (">>> even(2)\n# hidden\n>>> even(3)\nFalse", 'the case "even(2)" shows no value'),
        (">>> even(2)\nyes it is", 'the case "even(2)" shows no value of Python\'s: "yes it is"'),
    ],
)
def test_a_case_that_nothing_can_pass_is_named(answers: str, message: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        variant_of(question("even", answers, EVEN))
    assert caught.value.problem.message == f'question "q", seed 0, variant 1: {message}'
    assert caught.value.problem.where
    assert caught.value.problem.where.line == 9


Point = namedtuple("Point", "x y")
SIMPLE = (
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.sampled_from([10**400, math.inf, -math.inf, math.nan, 1e-12, 2j])
) | st.sampled_from(["", "a", b"", b"a", 0.1 + 0.2, 0.3, Fraction(1, 2), 0.5, range(2)])
VALUES = st.recursive(
    SIMPLE,
    lambda inner: st.lists(inner, max_size=2)
    | st.tuples(inner, inner)
    | st.builds(Point, inner, inner)
    | st.dictionaries(st.sampled_from(["a", "b", 1]), inner, max_size=2)
    | st.sets(st.sampled_from(["a", 1, 2.0]), max_size=2),
    max_leaves=4,
)  # fmt: skip


@given(VALUES, VALUES)
def test_a_notebook_compares_as_mark_does(got: Any, expects: Any) -> None:
    names: dict[str, Any] = {}
    exec(SAME, names)  # noqa: S102 - the program under test

    def marked(one: Any, other: Any) -> bool:
        try:
            return same(unpack(pack(one)), unpack(pack(other)))
        except TypeError:  # neither is a value of Python's own
            return False

    for one, other in ((got, expects), (got, got), (expects, got)):
        if all(type(each) not in (Fraction, range) for each in flat(other)):  # no literal stands for these
            assert bool(names["_same"](one, other)) == marked(one, other), (one, other)


def flat(value: Any) -> list[Any]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return [value, *(each for one in inner for each in flat(one))]
