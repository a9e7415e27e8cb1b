"""Marking obeys the rules in a part, whatever is given to it."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.questions.formulas.expression import read as read_formula
from coursewright.questions.formulas.expression_tex import tex
from coursewright.questions.formulas.samples import distinct, formula_answers
from coursewright.questions.formulas.symbolic import equivalent, irreducible_factors
from coursewright.questions.kinds.essay import Essay
from coursewright.questions.kinds.text import Text, TextAnswer, near
from coursewright.questions.marking.marks import Mark, declared, mark, mark_part, model, nonsense
from coursewright.questions.marking.typed import read as read_number
from coursewright.questions.marking.values import same
from coursewright.questions.part import Case, Code
from coursewright.questions.writing.prose import plain
from coursewright.sandbox.within.values import pack, unpack
from variants import CODE, MARKED, ORDER, VARIANTS

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "marking.yaml").read_text(encoding="utf-8"))
PARTS = {name: variant.part for name, variant in MARKED.items() if variant.kind not in ("cloze", "code", "essay")}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)


def _is_sound(marked: Any) -> bool:
    return marked.fraction is None or 0 <= marked.fraction <= 1


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['variant']} {str(case['response'])[:30]!r}")
def test_every_shared_case_is_marked_as_the_page_marks_it(case: dict[str, Any]) -> None:
    variant, attempt = MARKED[case["variant"]], case.get("attempt", 1)
    verdicts = [
        mark_part(part, case["response"].get(part.name) if variant.kind == "cloze" else case["response"], attempt)
        for part in variant.parts
    ]
    fraction = case["fraction"]
    given = mark(variant, case["response"], 1).fraction
    assert given == (fraction if fraction is None else pytest.approx(fraction))
    notes = {verdict.note for verdict in verdicts}
    if variant.kind != "cloze" or len(notes) == 1:
        assert notes == {case.get("note", "")}
    assert [words.markdown for verdict in verdicts for words in verdict.feedback] == case.get("feedback", [])


@pytest.mark.parametrize("name", [name for name, variant in VARIANTS.items() if variant.kind != "cloze"])
def test_a_part_marks_its_own_responses_as_it_declares(name: str) -> None:
    part = VARIANTS[name].part
    right = mark_part(part, model(part))
    assert (right.fraction, right.right) == ((None, False) if isinstance(part, Essay) else (1.0, True))
    for response, fraction in declared(part):
        assert mark_part(part, response).fraction == pytest.approx(fraction), response
    for response in nonsense(part):
        assert mark_part(part, response).fraction == 0, response


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.integers(-5, 10))
def test_no_response_makes_marking_raise(response: Any, attempt: int) -> None:
    for part in PARTS.values():
        assert _is_sound(mark_part(part, response, attempt))
    for name in ("cloze", "number", "essay"):
        assert _is_sound(mark(MARKED[name], response, attempt))


def test_no_number_is_too_large_or_too_deep() -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    for response in (10**5000, -(10**5000), float("nan"), float("inf"), deep, "9" * 20_000, "(" * 20_000, "-" * 20_000):
        for part in PARTS.values():
            assert mark_part(part, response).fraction == 0


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789.,eE+-×*^ £$%m/\u2212\u00a0", max_size=20))
def test_no_text_that_is_nearly_a_number_makes_marking_raise(response: str) -> None:
    for name in ("number", "speed", "money", "percent", "figures"):
        assert _is_sound(mark_part(PARTS[name], response))


@settings(max_examples=300, deadline=None)
@given(st.text("0123456789.xy+-*/^() sincoexplgqrtabs", max_size=30))
def test_no_text_that_is_nearly_a_formula_makes_marking_raise(response: str) -> None:
    for name in ("two", "expanded", "factorised", "simplified", "sine"):
        assert _is_sound(mark_part(PARTS[name], response))


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_as_python_writes_it_is_that_number(number: float) -> None:
    typed = read_number(repr(number))
    assert typed is not None
    assert typed.value == number


def _slips(one: str, other: str) -> int:
    """The optimal string alignment distance, by its definition."""
    table = {(i, 0): i for i in range(len(one) + 1)} | {(0, j): j for j in range(len(other) + 1)}
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            wrong = table[i - 1, j - 1] + (one[i - 1] != other[j - 1])
            table[i, j] = min(table[i - 1, j] + 1, table[i, j - 1] + 1, wrong)
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i, j] = min(table[i, j], table[i - 2, j - 2] + 1)
    return table[len(one), len(other)]


@given(st.text("abc", max_size=8), st.text("abc", max_size=8), st.integers(0, 4))
def test_slips_are_counted_as_defined(one: str, other: str, most: int) -> None:
    assert near(one, other, most) == (_slips(one, other) <= most)


def test_a_later_attempt_costs_the_penalty_and_never_more_than_there_is() -> None:
    variant = VARIANTS["number"]  # 2 points, a quarter for each wrong try
    assert [mark(variant, "1157.63", attempt).points for attempt in (1, 2, 3, 9)] == [2.0, 1.5, 1.0, 0.0]
    assert mark(variant, "0", 2) == Mark(0.0, 0.0, {"": mark_part(variant.part, "0")})


def test_a_cloze_question_with_a_part_for_a_person_has_no_points_yet() -> None:
    import msgspec

    essay = msgspec.structs.replace(VARIANTS["essay"].part, name="why")
    variant = msgspec.structs.replace(VARIANTS["cloze"], parts=(*VARIANTS["cloze"].parts, essay))
    assert mark(variant, {"why": "Because."}).points is None
    assert mark(variant, {"total": "1157.63"}).fraction == pytest.approx(2 / 6)


def test_a_pattern_that_takes_for_ever_fits_nothing() -> None:
    part = Text(answers=(TextAnswer(text="(a+)+b|(a|aa)+c", shown="ab", regex=True),))
    begun = time.monotonic()
    assert mark_part(part, "a" * 5000).fraction == 0
    assert time.monotonic() - begun < 2
    assert mark_part(Text(answers=(TextAnswer(text="(", shown="(", regex=True),)), "(").fraction == 0


def test_an_order_that_names_an_item_twice_is_none() -> None:
    assert mark_part(ORDER, [1, 1, 1, 1]).note == "not an order"


@pytest.mark.parametrize(
    ("response", "fraction", "note", "feedback"),
    [
        ("def mean(n): return sum(n) / len(n)", 1.0, "", []),
        ("def mean(n): return 2", 1 / 3, "", ["A hidden case failed."]),
        ("def mean(n): return n[0]", 2 / 3, "", ["mean([1, 2, 3]) should give 2, and it gave 1."]),
        (
            "def mean(n): return str(2)",
            0,
            "",
            ["mean([1, 2, 3]) should give 2, and it gave '2'.", "A hidden case failed."],
        ),
        (
            "def mean(n): raise KeyError('x')",
            0,
            "",
            ["mean([1, 2, 3]) should give 2, and it raised KeyError in line 1.", "A hidden case failed."],
        ),
        ("def mean(n:", 0, "error", ["The code raised SyntaxError in line 1."]),
        ("raise SystemExit(3)", 0, "error", ["The code raised SystemExit in line 1."]),
        ("import os\nos._exit(0)", 0, "died", ["The code ended the program."]),
        ("\ud800", 0, "error", None),
    ],
)  # fmt: skip
def test_code_is_marked_by_its_cases(response: str, fraction: float, note: str, feedback: list[str] | None) -> None:
    verdict = mark_part(CODE, response)
    assert (verdict.fraction, verdict.note) == (pytest.approx(fraction), note)
    if feedback is not None:
        assert [plain(words) for words in verdict.feedback] == feedback


def test_code_that_never_ends_keeps_the_cases_before() -> None:
    cases = (Case(call="f(1)", expects="1"), Case(call="f(2)", expects="2"), Case(call="f(3)", expects="3"))
    part = Code(function="f", cases=cases, seconds=0.5)
    begun = time.monotonic()
    verdict = mark_part(part, "def f(n):\n    while n == 2: pass\n    return n")
    assert verdict.fraction == pytest.approx(2 / 3)
    assert [plain(words) for words in verdict.feedback] == ["f(2) should give 2, and it took too long."]
    assert time.monotonic() - begun < 10


@pytest.mark.parametrize(
    "response",
    [
        "import coursewright.questions.marking.values as v\nv.same = lambda *_: True\ndef mean(n): return 0",
        "import coursewright.questions.marking.code as c\nc.pack = lambda _: ['int', '2']\ndef mean(n): return 1",
        "class Any:\n    def __eq__(self, _): return True\ndef mean(n): return Any()",
        "import os\nfor n in range(3, 20):\n    try: os.write(n, b'\\0' * 7 + b'\\2{}' * 9)\n    except OSError: pass",
        "def mean(n):\n    n = []\n    for _ in range(10**5): n = [n]\n    return n",
        "def mean(n): return '\\ud800'",
        "class Bad:\n    def __repr__(self): raise ValueError\ndef mean(n): return Bad()",
        "def mean(n): return float('inf')",
        "def mean(n): return complex('inf')",
        "def mean(n): return float('nan')",
        "def mean(n): raise SystemExit(0)",
        "import atexit, os\natexit.register(os._exit, 0)\ndef mean(n): import sys; sys.exit(0)",
        "import sys\nfor m in [*sys.modules]:\n    if m.startswith('coursewright'): vars(sys.modules[m]).clear()\n"
        "def mean(n): return 1",
        "exec(compile('def mean(n): return 1', 'coursewright/questions/marking/code.py', 'exec'))",
        "import sys\ndef mean(n):\n    frame = sys._getframe()\n    while frame:\n"
        "        for name, value in frame.f_locals.items():\n            if value == 3: return value\n"
        "        frame = frame.f_back",
        "import gc\ndef mean(n):\n    found = [o for o in gc.get_objects() if type(o) is dict and o.get('expects')]\n"
        "    return found[0]['expects']",
        "import os\ndef mean(n):\n    for fd in range(3, 20):\n"
        "        try: os.write(fd, b'\\0' * 7 + b'\\x11' + b'{\"passed\": true}')\n        except OSError: pass\n"
        "    os._exit(0)",
    ],
)
def test_code_that_meddles_with_the_marking_gains_nothing_by_it(response: str) -> None:
    assert mark_part(Code(function="mean", cases=(Case(call="mean([3])", expects="3"),)), response).fraction == 0


def test_code_learns_nothing_of_hidden_cases_that_it_could_tell() -> None:
    cases = (
        Case(call="f(71)", expects="1", shown=False),
        Case(call="f(2)", expects="2"),
        Case(call="f(3)", expects="3"),
    )
    response = (
        "import sys, gc\nheard = []\ndef f(n):\n    heard.append(n)\n    frame = sys._getframe(1)\n"
        "    heard.append([repr(f.f_locals) for f in (frame, frame.f_back, frame.f_back.f_back)])\n"
        "    return heard\n"
    )
    verdict = mark_part(Code(function="f", cases=cases), response)
    said = [plain(words) for words in verdict.feedback]
    assert (verdict.fraction, said[0], len(said)) == (0, "A hidden case failed.", 3)
    assert "71" not in "".join(said)


def test_what_should_come_may_be_an_expression() -> None:
    cases = (
        Case(call="f(2)", expects="2 ** 0.5"),
        Case(call="f(4)", expects="[1, 2][1]"),
        Case(call="f(0)", expects="0"),
    )
    assert mark_part(Code(function="f", cases=cases), "def f(n): return n ** 0.5").fraction == 1
    for expects in ("1 / 0", "print", "nothing"):
        verdict = mark_part(Code(function="f", cases=(Case(call="f()", expects=expects),)), "def f(): return 1")
        assert (verdict.fraction, verdict.note) == (None, f"not run: a case expects {expects}, which is no value")
    part = Code(function="f", cases=(Case(call="f()", expects="sum(iter(int, 1))"),), seconds=0.2)
    assert mark_part(part, "def f(): return 1").note == "not run: what a case expects was not found: it took too long"


@pytest.mark.parametrize(("depth", "fraction"), [(10, 1), (60, 1), (100_000, None)])
def test_deep_values_are_compared_or_not_run(depth: int, fraction: float | None) -> None:
    part = Code(function="f", cases=(Case(call="f()", expects="[" * depth + "]" * depth),))
    verdict = mark_part(part, f"def f():\n    v = []\n    for _ in range({depth - 1}): v = [v]\n    return v")
    assert verdict.fraction == fraction
    assert len(verdict.note) < 150
    assert mark_part(part, "def f(): return []").fraction == (0 if fraction else None)


def test_code_cannot_bring_out_what_an_error_says(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("what nobody should read")
    for response in (
        f"def mean(n): raise ValueError(open({str(tmp_path / 'file')!r}).read())",
        f"def mean(n): return open({str(tmp_path / 'file')!r}).read()",
    ):
        said = "".join(plain(words) for words in mark_part(CODE, response).feedback)
        assert "mean([1, 2, 3]) should give 2, and it raised PermissionError in line 1." in said
        assert "nobody" not in said


PYTHON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(PYTHON)
def test_values_of_code_come_out_as_they_were(value: Any) -> None:
    assert same(unpack(pack(value)), value)


def test_values_of_code_are_compared_by_their_sense() -> None:
    assert same(0.1 + 0.2, 0.3)
    assert same([1.0, (2, {"a": 3})], [1, (2, {"a": 3.0})])
    assert not same(True, 1)
    assert not same(1, True)
    assert not same([1], (1,))
    assert not same([True], [1])
    assert not same(float("nan"), 1)
    assert same(float("nan"), float("nan"))
    assert same(float("inf"), float("inf"))
    assert not same(float("inf"), 1)
    assert not same(1, float("-inf"))
    assert not same(float("inf"), 10**400)
    assert same(complex(0.1 + 0.2, 1), complex(0.3, 1))
    assert not same(complex(0.4, 1), complex(0.3, 1))
    assert same("a", "a")


def test_an_answer_is_written_as_it_can_be_typed() -> None:
    (answer,), samples = formula_answers(["2(x+1)/y^2"], ("x", "y"), {"x": (-3, 3), "y": (1, 2)})
    assert (answer.expression, answer.tex) == ("2*(x + 1)/y**2", "\\frac{2 \\left(x + 1\\right)}{y^{2}}")
    assert len(samples) == len(answer.results) == 10
    assert all(-3 <= x <= 3 and 1 <= y <= 2 for x, y in samples)
    assert formula_answers(["2(x+1)/y^2"], ("x", "y"), {"x": (-3, 3), "y": (1, 2)}) == ((answer,), samples)
    assert formula_answers(["1/3"], (), {})[1] == ((),)


@pytest.mark.parametrize(
    ("formula", "written"),
    [
        ("6.6743e-11*m/r^2", r"\frac{6.6743 \times 10^{-11} m}{r^{2}}"),
        ("2E3^m", r"\left(2 \times 10^{3}\right)^{m}"),
        ("m!/(m - 1)!^2", r"\frac{m!}{\left(\left(m - 1\right)!\right)^{2}}"),
        ("m*1e5", r"m\cdot 1 \times 10^{5}"),
    ],
)
def test_formulas_are_shown_as_people_write_them(formula: str, written: str) -> None:
    assert tex(read_formula(formula, ("m", "r"))) == written


def test_samples_are_where_the_right_answer_has_a_value_and_others_may_have_none() -> None:
    (right, other), samples = formula_answers(["sqrt(x)", "log(2 - x)"], ("x",), {"x": (-5, 5)})
    assert all(0 <= x <= 5 for (x,) in samples)
    assert None not in right.results
    assert [result is None for result in other.results] == [x >= 2 for (x,) in samples]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("sqrt(-1 - x^2)", '"sqrt(-1 - x**2)": no values to compare, with x from 0 to 1'),
        ("1/0", '"1/0": no values to compare, with x from 0 to 1'),
        ("sec(x)", 'the formula "sec(x)" cannot be read: "sec" means nothing'),
        ("2 +", 'the formula "2 +" cannot be read: the end is not expected'),
        ("(x", 'the formula "(x" cannot be read: a bracket is not closed'),
        ("x = 1", 'the formula "x = 1" cannot be read: "=" means nothing'),
        ("sin x", 'the formula "sin x" cannot be read: "sin" is a function: sin(…)'),
    ],
)
def test_a_formula_that_cannot_be_an_answer_is_refused(expression: str, message: str) -> None:
    with pytest.raises(CoursewrightError) as error:
        formula_answers([expression], ("x",), {"x": (0, 1)})
    assert error.value.problem.message == message
    assert error.value.problem.hint


def test_a_variable_needs_bounds() -> None:
    with pytest.raises(CoursewrightError, match='the variable "y" has no bounds'):
        formula_answers(["x*y"], ("x", "y"), {"x": (0, 1)})


def test_sympys_formulas_can_be_answers() -> None:
    sympy = pytest.importorskip("sympy")
    x = sympy.Symbol("x")
    formula = sympy.diff(sympy.exp(2 * x) * sympy.Abs(3), x) + sympy.E * sympy.Float(1e-10) + sympy.sqrt(x) / 3
    (answer,), samples = formula_answers([formula], ("x",), {"x": (1, 2)})
    for (value,), result in zip(samples, answer.results, strict=True):
        assert result == pytest.approx(float(formula.subs(x, value)))


def test_comparing_formulas_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sympy", None)
    with pytest.raises(MissingPart) as error:
        equivalent("x", "x", ("x",))
    assert str(error.value) == 'error: comparing formulas needs SymPy\nhint: pip install "coursewright[formulas]"'


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("(x - 3)(x + 5)", (2, 0)),
        ("-2(2x + 1)^2 (x + y)*y", (4, 0)),
        ("3(x^2 + 1)(x - 1)", (2, 0)),
        ("(x^2 - 1)(x - 2)", (3, 0)),
        ("x^0 (x - x + 1)(x + 1)", (1, 0)),
        ("(x + pi)(x + 1)", (2, 0)),
        ("sin(x)(sin(x) + 1)", (2, 0)),
        ("(x + 1)/(x - 1)", (1, 1)),
        ("(x - 1)(x + 1)/(x - 1)", (1, 0)),
        ("5", (0, 0)),
    ],
)
def test_irreducible_factors_are_counted_with_algebra_and_without(text: str, wanted: tuple[int, int]) -> None:
    pytest.importorskip("sympy")
    assert irreducible_factors(text, ("x", "y")) == wanted


def test_products_of_linear_factors_need_no_algebra() -> None:
    pytest.importorskip("sympy")
    code = (
        "import sys; from coursewright.questions.formulas.symbolic import irreducible_factors as count; "
        "print(count('2(x - 3)^2 (3x + y)', ('x', 'y')), 'sympy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "(3, 0) False\n"


def test_counting_factors_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sympy", None)
    with pytest.raises(MissingPart, match='the form "factorised" needs SymPy'):
        irreducible_factors("(x - 1)(x - 2)(x - 4)", ("x",))


def test_formulas_are_told_apart_by_values_and_shown_equal_by_algebra() -> None:
    bounds = {"x": (1.0, 2.0)}
    assert distinct("2x", "3x", ("x",), bounds)
    assert not distinct("2(x + 1)", "2x + 2", ("x",), bounds)
    assert not distinct("x", "sqrt(x^2)", ("x",), bounds)  # only between these bounds
    pytest.importorskip("sympy")
    assert equivalent("2(x + 1)", "2x + 2", ("x",))
    assert not equivalent("x", "sqrt(x^2)", ("x",))
    assert equivalent("sin(x)^2 + cos(x)^2", "1", ("x",))
