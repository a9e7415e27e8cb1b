"""Questions: reading them, drawing variants that stay what they are, and asking about a course's tables and facts."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import given

from coursewright.courses.quizzes import choose
from coursewright.errors import CoursewrightError
from coursewright.questions import DrawMaterials, Quiz, Variant, ask, draw, read_question
from coursewright.questions.drawing.worker import _rows
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text
from coursewright.questions.marking.marks import mark_part
from coursewright.questions.part import Formula, Number
from coursewright.questions.reading.rows import as_bytes
from coursewright.questions.reading.template import template
from coursewright.questions.writing.lacks import Lack
from coursewright.questions.writing.markup import MarkupDialect, html, markdown
from coursewright.questions.writing.prose import CLOSE, OPEN, MediaReference, Prose, ProseGrid, Rich, Tex, plain
from coursewright.questions.writing.showing import asked_and_told

EXAMPLES = Path(__file__).parent.parent / "examples"

SUM = """\
---
kind: number
---
```python
a = pick(range(1, 1000))
b = pick(range(1, 1000))
answer = a + b
```

# Question

What is {{ a }} + {{ b }}?
"""


def drawn(text: str, who: int | list[str] = 1, *, name: str = "q", **options: Any) -> list[Variant]:
    names = who if isinstance(who, list) else [str(number + 1) for number in range(who)]
    question = read_question(Path(f"{name}.md"), text)
    return [each.variant for each in draw(question, names, **options) if each.variant]


def test_a_variant_stays_what_it_is() -> None:
    # Written down once: other numbers here would be other questions in courses that run already.
    assert [plain(variant.text) for variant in drawn(SUM, 3)] == STAYS


STAYS = ["What is 615 + 76?", "What is 910 + 664?", "What is 193 + 737?"]


def test_a_variant_hangs_on_its_number_and_the_seed_alone() -> None:
    ten = drawn(SUM, 10)

    assert drawn(SUM, ["7"]) == [ten[6]]
    assert drawn(SUM, 10, seed="1") != ten
    assert plain(drawn(SUM, name="r")[0].text) != plain(ten[0].text)


def test_what_one_variant_draws_does_not_move_another() -> None:
    more = SUM.replace("answer = a + b", "answer = a + b\nif a > 500:\n    sample(range(100), 50)")

    assert [variant.text for variant in drawn(more, 20)] == [variant.text for variant in drawn(SUM, 20)]


def test_options_and_gaps_have_streams_of_their_own() -> None:
    choice = "---\nkind: choice\n---\n```python\n{}\n```\n# Question\n\nWhich?\n\n# Answers\n\n- [x] a\n- b\n- c\n- d\n"

    def order(text: str) -> list[list[str]]:
        return [
            [plain(option.text) for option in variant.part.options]
            for variant in drawn(text, 5, distinct=False)
            if isinstance(variant.part, Choice)
        ]

    assert order(choice.format("")) == order(choice.format("pick([1, 2, 3])"))


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_the_number_of_processes_changes_nothing(jobs: int) -> None:
    few = SUM.replace("1000", "16")

    assert drawn(few, 200, jobs=jobs) == drawn(few, 200)
    assert len({variant.text for variant in drawn(few, 200, jobs=jobs)}) == 200


def test_every_variant_there_is_can_be_had_and_no_more() -> None:
    few = SUM.replace("1000", "5")

    assert len({variant.text for variant in drawn(few, 16)}) == 16
    with pytest.raises(CoursewrightError, match='question "q" has 16 variants, no more'):
        drawn(few, 17)


def test_a_note_says_which_variants_are_the_same() -> None:
    noted = SUM.replace("kind: number", 'kind: number\nnote: "{{ min(a, 3) }}"').replace("1000", "6")

    assert sorted(variant.note for variant in drawn(noted, 3)) == ["1", "2", "3"]
    with pytest.raises(CoursewrightError, match="has 3 variants"):
        drawn(noted, 4)


def test_the_order_of_options_makes_no_new_variant() -> None:
    text = "---\nkind: choice\n---\n# Question\n\nWhich?\n\n# Answers\n\n- [x] a\n- b\n- c\n"

    with pytest.raises(CoursewrightError, match='question "q" has 1 variant, no more'):
        drawn(text, 2)


def test_a_students_variant_is_theirs_whoever_else_there_is() -> None:
    class_ = drawn(SUM, ["ann", "bob", "cy"], distinct=False)

    assert drawn(SUM, ["bob"], distinct=False) == [class_[1]]
    assert [variant.who for variant in class_] == ["ann", "bob", "cy"]


OPTIONS = """---
kind: choice
---
```python
a = pick([1.5, 2, 4])
b = pick([2, 3, 5])
answer = a * b
{code}
```
# Question

{{{{ a }}}} times {{{{ b }}}}?

# Answers

{answers}
"""


@pytest.mark.parametrize(
    ("code", "answers"),
    [
        ("", "- [ ] {{ a + b }}\n- [ ] {{ a * b * 10 }}"),
        ("", "- {{ a + b }}\n- {{ a * b * 10 }}"),
        ("", "- [ ] {{ f'{a + b:.2f}' }}\n- [ ] 100"),
        ("answers = [wrong(a + b), wrong(100)]", ""),
        ("answers = {a * b: 1, 10: 0, 4: 0}", ""),
        ("answers = [right(a * b), wrong(a * 2), wrong(100)]", ""),
    ],
)
def test_no_option_is_the_answer_and_none_is_missing(code: str, answers: str) -> None:
    text = OPTIONS.format(code=code, answers=answers)
    for drawn in draw(read_question(Path("q.md"), text), [str(n) for n in range(60)], distinct=False):
        assert drawn.variant is not None
        part = drawn.variant.part
        assert isinstance(part, Choice)
        values = [float(plain(option.text)) for option in part.options]
        assert (len(set(values)), sum(option.right for option in part.options)) == (3, 1)


def test_what_an_author_wrote_out_may_be_the_same_number() -> None:
    text = "---\nkind: choice\nanswer: 1.10\n---\n# Question\n\nWhich release?\n\n# Answers\n\n- 1.1\n- 1.10\n- 2.0\n"
    (drawn,) = draw(read_question(Path("q.md"), text), ["1"])
    assert drawn.variant is not None
    right = {plain(option.text): option.right for option in drawn.variant.part.options}
    assert right == {"1.1": False, "1.10": True, "2.0": False}


@pytest.mark.parametrize(("written", "right"), [("yes", "True"), ("NO", "False"), ("true", "True"), ("off", "False")])
def test_true_or_false_is_read_as_people_write_it(written: str, right: str) -> None:
    text = f"---\nkind: truefalse\nanswer: {written}\n---\n# Question\n\nIs it?\n"
    (drawn,) = draw(read_question(Path("q.md"), text), ["1"])
    assert drawn.variant is not None
    assert [plain(o.text) for o in drawn.variant.part.options if o.right] == [right]


@pytest.mark.parametrize(
    "written", ["01234", "12:30", "1.10", "1_000", "NO", "null", "~", "2024-01-01", "0x1F", ".5", "1e3"]
)
@pytest.mark.parametrize("front", ["kind: text\nanswer: {}", "kind: cloze\ngaps:\n  a: {{kind: text, answer: {}}}"])
def test_a_text_is_what_is_written(front: str, written: str) -> None:
    text = f"---\n{front.format(written)}\n---\n# Question\n\nWhich [[a]]?\n"
    (drawn,) = draw(read_question(Path("q.md"), text), ["1"])
    assert drawn.variant is not None
    assert mark_part(drawn.variant.part, written).fraction == 1


def test_require_rejects_a_draw() -> None:
    even = SUM.replace("answer = a + b", "answer = a + b\nrequire(answer % 2 == 0)")

    parts = [variant.part for variant in drawn(even, 50)]
    assert all(isinstance(part, Number) and part.answers[0].value % 2 == 0 for part in parts)


def test_values_are_data_wherever_they_stand() -> None:
    text = SUM.replace("a = pick(range(1, 1000))", "a = '<b> *x* $y$ | {{ b }}'\nb = 3").replace(
        "b = pick(range(1, 1000))\nanswer = a + b", "answer = b"
    )
    (variant,) = drawn(text)

    written = html(variant.text, MarkupDialect(maths=lambda tex, _: f"\\({tex}\\)", medium=str))
    assert written == "<p>What is &lt;b&gt; *x* $y$ | {{ b }} + 3?</p>\n"


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("round(-0.04, 1)", "0"),
        ("Decimal('-0.00')", "0.00"),
        ("-0.001:.2f", "0.00"),
        ("Decimal('-0.001'):+.1f", "+0.0"),
        ("-0.006:.2f", "-0.01"),
        ("-0.0006:.1e", "-6.0e-04"),
    ],
)
def test_nought_has_no_sign(code: str, shown: str) -> None:
    text = SUM.replace("a = pick(", "from decimal import Decimal\na = pick(").replace(
        "What is {{ a }}", f"What is {{{{ {code} }}}}"
    )
    (variant,) = drawn(text)
    assert variant.text.values[0] == shown


def test_a_list_in_the_code_gives_the_answers() -> None:
    text = (
        '---\nkind: choice\n---\n```python\nanswers = [right("a"), wrong("b", "No."), partly(0.5, "c")]\n'
        "```\n# Question\n\nWhich?\n"
    )
    (variant,) = drawn(text)

    assert isinstance(variant.part, Choice)
    found = {plain(o.text): (o.fraction, [plain(f) for f in o.feedback]) for o in variant.part.options}
    assert found == {"a": (1.0, []), "b": (0.0, ["No."]), "c": (0.5, [])}


def test_wrong_choices_cost_what_right_ones_bring() -> None:
    text = "---\nkind: choices\n---\n# Question\n\nWhich?\n\n# Answers\n\n- [x] a\n- [x] b\n- c\n- d\n- e\n"
    (variant,) = drawn(text)

    assert isinstance(variant.part, Choices)
    assert sum(option.fraction for option in variant.part.options if option.right) == 1
    assert {option.fraction for option in variant.part.options if not option.right} == {-0.5}


def test_two_quotations_are_feedback_for_two_tries() -> None:
    text = (
        "---\nkind: text\n---\n# Question\n\nWho?\n\n# Answers\n"
        "\n- [x] Ann\n- Bob\n  > First.\n\n  > *Again*,\n  > it is not.\n"
    )
    (variant,) = drawn(text)

    assert isinstance(variant.part, Text)
    assert [prose.markdown for prose in variant.part.answers[1].feedback] == ["First.", "*Again*,\nit is not."]


@pytest.mark.parametrize(
    ("settings", "low", "high"),
    [
        ("answer: 1157.63", 1157.625, 1157.635),
        ("answer: 1157.63\ntolerance: 0.01", 1157.62, 1157.64),
        ("answer: 0.3\ntolerance: 0.1", 0.2, 0.4),
        ("answer: 200\ntolerance: 1%", 198, 202),
        ("answer: 12", 12, 12),
        ('answer: "{{ 1040.4:.2f }}"', 1040.395, 1040.405),
        ('answer: "{{ 1040:,.2f }}"', 1039.995, 1040.005),
        ('answer: "1.5e3"', 1500, 1500),
        ("answer: 9.81\nsignificant: 2", 9.76, 9.86),
        ("range: [3, 5]", 3, 5),
        ("answer: -5\ntolerance: 2", -7, -3),
    ],
)
def test_tolerances_end_where_people_expect(settings: str, low: float, high: float) -> None:
    (variant,) = drawn(f"---\nkind: number\n{settings}\n---\n# Question\n\nHow much?\n")

    assert isinstance(variant.part, Number)
    assert (variant.part.answers[0].low, variant.part.answers[0].high) == (low, high)


@pytest.mark.parametrize(("settings", "told"), [("answer: 3", "3"), ("answer: -5\ntolerance: 2", "-5 (-7 to -3)")])
def test_what_is_right_is_told_with_a_range_only_where_there_is_one(settings: str, told: str) -> None:
    (variant,) = drawn(f"---\nkind: number\n{settings}\n---\n# Question\n\nHow much?\n")

    assert asked_and_told(variant, str)[1].splitlines()[0] == f"- [x] {told}"


def test_units_are_converted_by_pint() -> None:
    pytest.importorskip("pint", reason='needs pint: pip install "coursewright[units]"')
    (variant,) = drawn(
        "---\nkind: number\nanswer: 20\nunit: degC\nunits: [degF, kelvin]\n---\n# Question\n\nHow warm?\n"
    )

    assert isinstance(variant.part, Number)
    celsius, fahrenheit, kelvin = variant.part.units
    assert (celsius.factor, celsius.offset) == (1, 0)
    assert 68 * fahrenheit.factor + fahrenheit.offset == pytest.approx(20)
    assert 293.15 * kelvin.factor + kelvin.offset == pytest.approx(20)


def test_gaps_have_kinds_answers_and_points() -> None:
    text = """\
---
kind: cloze
gaps:
  total: {points: 2, tolerance: 0.5}
  town: {shuffle: false}
---
```python
total = 12
word = "seven"
```
# Question

[[total]] in [[town]], [[word]].

# Answers

## total
- [50%] 24
  > Twice as many.

## town
- [x] Paris
- Rome
"""
    (variant,) = drawn(text)

    total, town, word = variant.parts
    assert isinstance(total, Number)
    assert isinstance(town, Choice)
    assert isinstance(word, Text)
    assert (total.points, total.answers[0].high, total.answers[1].fraction) == (2, 12.5, 0.5)
    assert [plain(option.text) for option in town.options] == ["Paris", "Rome"]
    assert word.answers[0].text == "seven"


def test_an_order_is_never_shown_as_it_should_be() -> None:
    text = (
        "---\nkind: order\n---\n```python\nn = pick(range(1000))\n```\n# Question\n"
        "\n{{ n }}\n\n# Answers\n\n1. a\n2. b\n"
    )
    for variant in drawn(text, 50):
        assert isinstance(variant.part, Order)
        assert variant.part.right == (1, 0)


def test_choices_of_a_match_may_serve_twice() -> None:
    text = (
        "---\nkind: match\n---\n# Question\n\nWhere?\n\n# Answers\n\n- Nice -> France\n- Lyon -> France\n- -> Italy\n"
    )
    (variant,) = drawn(text)

    assert isinstance(variant.part, Match)
    assert sorted(plain(choice) for choice in variant.part.choices) == ["France", "Italy"]
    assert len({pair.choice for pair in variant.part.pairs}) == 1


def test_a_formula_may_come_from_sympy() -> None:
    pytest.importorskip("sympy", reason='needs sympy: pip install "coursewright[formulas]"')
    text = """\
---
kind: formula
variables: [x]
---
```python
import sympy
x = sympy.Symbol("x")
f = x**pick([2, 3, 4]) + pick(range(2, 9)) * x
answer = sympy.diff(f, x)
```
# Question

Differentiate $f(x) = {{ f }}$.
"""
    (variant,) = drawn(text)

    assert isinstance(variant.part, Formula)
    value = next(value for value in variant.text.values if isinstance(value, Tex))
    assert "x^{" in value.tex


def test_rows_of_a_table_can_be_asked_about(make_course: Any) -> None:
    course = make_course(
        {
            "questions/most.md": "---\nkind: number\n---\n```python\n"
            "row = pick([r for r in table('sales') if r['tonnes']])\n"
            "best = query('SELECT max(tonnes) AS most FROM sales WHERE year <= :year')[0]\n"
            "answer = row['tonnes']\n```\n"
            "# Question\n\nHow many tonnes of {{ row['fruit'] }} in {{ row['year'] }}, at most {{ best['most'] }}?\n"
        }
    )
    ((question, materials),) = choose(["most"], course, {}).questions

    texts = [plain(each.variant.text) for each in draw(question, ["1", "2", "3"], materials=materials) if each.variant]
    assert sorted(texts) == [
        f"How many tonnes of {what}, at most 12?" for what in ("apple in 2023", "apple in 2024", "pear in 2023")
    ]


def test_a_row_cannot_be_changed_for_the_next_variant(make_course: Any) -> None:
    course = make_course(
        {
            "questions/q.md": "---\nkind: number\n---\n```python\nanswer = 1\ntable('sales')[0]['tonnes'] = 5\n"
            "```\n# Question\n\nWhat?\n"
        }
    )
    ((question, materials),) = choose(["q"], course, {}).questions

    with pytest.raises(CoursewrightError, match="'mappingproxy' object does not support item assignment"):
        list(draw(question, ["1"], materials=materials))


def test_a_question_that_fails_leaves_nothing_of_itself(tmp_path: Path) -> None:
    good = read_question(Path("good.md"), SUM)
    late = SUM.replace("answer = a + b", "answer = a + b\nif rng.random() < 0.1:\n    1 / 0")
    bad = read_question(Path("bad.md"), late)

    asked = ask(
        [(bad, DrawMaterials()), (good, DrawMaterials())],
        [str(number) for number in range(100)],
        quiz=Quiz(name="both", title="Both"),
        to=["moodle"],
        folder=tmp_path,
    )

    assert [problem.message.partition(":")[2] for problem in asked.problems] == [" ZeroDivisionError: division by zero"]
    written = (tmp_path / "both.xml").read_text(encoding="utf-8")
    assert written.count('<question type="numerical"') == 100
    assert [file.name for file in tmp_path.iterdir()] == ["both.xml"]


def test_a_format_that_refuses_holds_up_no_other(tmp_path: Path) -> None:
    code = (
        "---\nkind: code\nfunction: f\n---\n# Question\n\nWrite f.\n\n# Answers\n\n>>> f(1)\n1\n\n"
        "# Solution\n\n```python\ndef f(x):\n    return x\n```\n"
    )

    asked = ask(
        [
            (read_question(Path("code.md"), code), DrawMaterials()),
            (read_question(Path("sum.md"), SUM), DrawMaterials()),
        ],
        ["1"],
        quiz=Quiz(name="all", title="All"),
        to=["moodle", "json"],
        folder=tmp_path,
    )

    assert asked.problems == ()
    reason = "Moodle itself runs no code (its plugin CodeRunner does)"
    assert asked.lacks == (Lack("moodle", ("questions of the kind code",), reason, True, ("code",)),)
    assert len(msgspec.json.decode((tmp_path / "all.json").read_bytes())["variants"]) == 2
    assert (tmp_path / "all.xml").read_text(encoding="utf-8").count("<questiontext") == 1


@given(
    st.text(
        alphabet=st.characters(blacklist_categories=["Cs"], blacklist_characters=f"{OPEN}{CLOSE}\ue002\ue003\r\x00")
    )
)
def test_any_value_comes_out_of_html_as_it_went_in(text: str) -> None:
    import html as library

    prose = Prose(f"Say {OPEN}0{CLOSE}!", (text,))
    written = html(prose, MarkupDialect(maths=lambda tex, _: tex, medium=str))

    assert library.unescape(written) == f"<p>Say {text}!</p>\n"


@given(st.text(max_size=200))
def test_no_text_upsets_the_reader_of_templates(text: str) -> None:
    try:
        found = template(text, "q.md", 1, gaps=True)
    except CoursewrightError as error:
        placed = error.problem.where
        assert placed
        return
    html(Prose(found.markdown, tuple("x" for _ in found.slots)), MarkupDialect(maths=lambda tex, _: tex, medium=str))


@given(st.text(max_size=300))
def test_no_file_upsets_the_reader_of_questions(text: str) -> None:
    try:
        read_question(Path("q.md"), f"---\nkind: choice\n---\n{text}")
    except CoursewrightError as error:
        placed = error.problem.where
        assert placed


def test_every_value_has_its_place_in_markdown() -> None:
    prose = Prose(
        f"Cost {OPEN}0{CLOSE}, $x^{OPEN}1{CLOSE}$, `{OPEN}0{CLOSE}`.\n\n{OPEN}2{CLOSE}\n\n"
        f"{OPEN}3{CLOSE} {OPEN}4{CLOSE} {OPEN}5{CLOSE}",
        ("*1*", "2", ProseGrid(("a",), (("|",),), (False,)), Tex("y"), MediaReference("p.svg"), Rich("**b**")),
    )
    assert markdown(prose, medium="![{}]".format) == (
        "Cost \\*1\\*, $x^2$, `*1*`.\n\n| a |\n| --- |\n| \\| |\n\n$y$ ![p.svg] **b**"
    )


MONEY = [
    ("$44 … $44", r"\$44 … \$44"),
    ("US$44 and $5", r"US\$44 and \$5"),
    ("5$ or 6$ and $7", r"5\$ or 6\$ and \$7"),
    ("$x$ for $44 or $45", r"$x$ for \$44 or \$45"),
    ("$a \\$ b$ costs $5", r"$a \$ b$ costs \$5"),
    ("$a\n+ b$ costs $5", "$a\n+ b$ costs \\$5"),
    ("$a\n\nb$", "\\$a\n\nb\\$"),
    ("`$44` and $44", r"`$44` and \$44"),
    ("$$x$$ and $44", r"$$x$$ and \$44"),
    ("\\$44 … $44", r"\$44 … \$44"),
    ("$ 44 $", r"\$ 44 \$"),
    ("2$x$", r"2\$x\$"),
    ("cost $$44 and $$45", r"cost \$\$44 and \$\$45"),
    ("$$x$$", "$$x$$"),
]
FORMULAS = [  # pandoc's rule, and no digit before
    ("$x$ is 5", ["x"]),
    ("$-5$ is -5", ["-5"]),
    ("$$x$$ is 5", ["x"]),
    ("$x$, $y$", ["x", "y"]),
    ("$x$$y$", ["x", "y"]),
    ("It costs $44, or 40$ there.", ["44, or 40"]),
    (r"It costs \$44, or 40\$ there.", []),
    ("from $44 to $46", []),
    ("US$44-AU$46", []),
    ("pay 44$ or 40$", []),
    ("$5, $x$, $6", ["x"]),
    ("$a$ $5", ["a"]),
    (r"$\text{costs }\$5$", [r"\text{costs }\$5"]),
    ("$ x$ or $x $", []),
    ("`$x$`", []),
    ("$$ x $$", ["x"]),
    ("a\n$$\nx + 5\n$$\nb 5", ["x + 5"]),
    ("> $$\n> x\n> $$", ["x"]),
    ("$x$5", []),
    ("$1{,}000$", ["1{,}000"]),
    ("\\\\$x$", ["x"]),
]


@pytest.mark.parametrize(("text", "formulas"), FORMULAS)
def test_what_is_a_formula(text: str, formulas: list[str]) -> None:
    found: list[str] = []
    dialect = MarkupDialect(maths=lambda tex, _: found.append(tex) or "", medium=str)
    html(Prose(text), dialect)
    assert found == formulas
    found.clear()
    html(Prose(markdown(Prose(text), medium=str)), dialect)
    assert found == formulas


@pytest.mark.parametrize(("text", "written"), MONEY)
def test_money_is_no_formula_in_markdown(text: str, written: str) -> None:
    """Notebooks and GitHub take `$44 … $` for a formula, which we do not."""
    assert markdown(Prose(text), medium=str) == written
    dialect = MarkupDialect(maths=lambda tex, _: f"<{tex}>", medium=str)
    assert html(Prose(written), dialect) == html(Prose(text), dialect)


@given(st.lists(st.sampled_from(["$", "4", "x", " ", "\\$", "\n", ",", "^2"]), max_size=12).map("".join))
def test_dollars_in_markdown_mean_what_they_mean_in_a_question(text: str) -> None:
    dialect = MarkupDialect(maths=lambda tex, _: f"<{tex}>", medium=str)
    if "$$$$" not in text:
        assert html(Prose(markdown(Prose(text), medium=str)), dialect) == html(Prose(text), dialect)


def test_rows_reach_a_question_as_they_are_with_arrow_and_without() -> None:
    pa = pytest.importorskip("pyarrow")
    plain = {
        "whole": pa.array([1, -(2**63), None], pa.int64()),
        "large": pa.array([2**64 - 1, 0, None], pa.uint64()),
        "half": pa.array([0.1, -0.0, None], pa.float32()),
        "real": pa.array([0.1, float("nan"), None]),
        "text": pa.array(["Zoë\n", "", None]),
        "true": pa.array([True, False, None]),
        "nothing": pa.nulls(3),
    }
    others = {
        "day": pa.array([datetime.date(2026, 1, 31)] * 3),
        "exact": pa.array([Decimal("1.10")] * 3),
        "list": pa.array([[1, 2]] * 3),
        "word": pa.array(["a", "b", "a"]).dictionary_encode(),
    }
    without = [pa.table(plain), pa.table(plain).slice(1, 1), pa.table(plain).slice(0, 0)]
    large = pa.table({"long": ["x" * 999] * 9999})
    with_arrow = [pa.table({}), large, *(pa.table({name: column}) for name, column in others.items())]
    for table in (*without, *with_arrow):
        written = as_bytes(table)
        assert repr(list(_rows(written))) == repr(table.to_pylist())
        assert written.startswith(b"\xff" * 4) == (table in with_arrow)
