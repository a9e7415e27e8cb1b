"""What is found in questions before a student sees them, and that good ones are left alone."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from coursewright.courses import check as check_course
from coursewright.questions import DrawMaterials, read_question
from coursewright.questions.checking.checks import _uneven, check
from coursewright.questions.checking.rules import OF_PARTS
from coursewright.questions.marking.marks import mark_part
from variants import MARKED, VARIANTS

CASES = yaml.safe_load((Path(__file__).parent / "unsound_questions.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["case"] for case in CASES])
def test_what_is_found(case: dict[str, Any]) -> None:
    (problem,) = check(read_question(Path("q.md"), case["question"]), DrawMaterials()).problems

    assert problem.where is not None
    assert (problem.rule, problem.message, problem.where.line) == (case["rule"], case["says"], case["line"])
    assert problem.hint == case.get("hint", problem.hint)


def test_a_sound_question_has_no_problem_and_is_counted() -> None:
    text = (
        "---\nkind: choice\n---\n```python\na = pick(range(3, 15))\n```\n# Question\n\nTwice {{ a }}?\n\n# Answers\n\n"
    )
    checked = check(
        read_question(Path("q.md"), text + "- [x] {{ 2 * a }}\n- {{ 2 * a + 1 }}\n- {{ a * a + 1 }}\n"), DrawMaterials()
    )

    assert (checked.problems, checked.variants, checked.exhausted) == ((), 12, True)
    assert str(checked).startswith("12 variants; the right answer stands at 1 in 3")


@pytest.mark.parametrize("text", ["\\{{ name }} and `\\{{ name }}`", "\\{% if %}", "```\n\\{{ name }}\n```"])
def test_braces_behind_a_backslash_are_meant(text: str) -> None:
    question = read_question(Path("q.md"), f"---\nkind: essay\n---\n# Question\n\nWhat does {text} do?\n")
    assert check(question, DrawMaterials()).problems == ()


PICTURED = """---
kind: number
answer: "1"
---
```python
n = pick(range(12))
{code}
```
# Question

What is this? {{{{ shown }}}}
"""


@pytest.mark.parametrize(
    "code",
    [
        "shown = graph([('a', 'b', n)], alt='A graph.')",
        "shown = tree(['a', n], alt='A tree.')",
        "shown = points_map({'a': (n, 0)}, alt='A map.')",
        "shown = tones([(440 + n, 0.01)], alt='A tone.')",
        "shown = venn({'A': [n], 'B': []}, show='elements', alt='Two sets.')",
        "shown = automaton({'A': {str(n): 'A'}}, start='A', accept='A')",
    ],
)
def test_variants_that_differ_in_a_picture_alone_are_counted_drawn_or_not(code: str) -> None:
    checked = check(read_question(Path("q.md"), PICTURED.format(code=code)), DrawMaterials())

    assert (checked.problems, checked.variants, checked.exhausted) == ((), 12, True)


# The sample "factorised" has an answer that is not, to try how that is marked.
@pytest.mark.parametrize("name", sorted({*VARIANTS, *MARKED} - {"factorised"}))
def test_every_sample_is_marked_as_it_declares(name: str) -> None:
    for part in {**VARIANTS, **MARKED}[name].parts:
        assert list(OF_PARTS["declared"](part)) == []


def test_a_pattern_that_is_partly_right_is_no_problem(tmp_path: Path) -> None:
    text = "---\nkind: text\n---\n# Question\n\nAsh?\n\n# Answers\n\n- [x] grey\n- [50%] /.*white.*/\n- [ ] /.*/\n"
    assert check(read_question(tmp_path / "ash.md", text), DrawMaterials(), seeds=2).problems == ()


def test_marking_that_is_wrong_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec

    from coursewright.questions.checking import rules

    def generous(part: Any, response: Any, **_: Any) -> Any:
        return msgspec.structs.replace(mark_part(part, response), fraction=1.0)

    monkeypatch.setattr(rules, "mark_part", generous)
    found = [message for message, _ in OF_PARTS["declared"](VARIANTS["choice"].part)]
    assert any("is marked 100%, not 0% as declared" in message for message in found)
    assert any("it is nonsense" in message for message in found)


@pytest.mark.parametrize(
    ("shares", "uneven"), [((70, 65, 65), False), ((120, 40, 40), True), ((3, 0), False), ((), False)]
)
def test_when_positions_are_uneven(shares: tuple[int, ...], uneven: bool) -> None:
    assert _uneven(shares) is uneven


def test_a_course_tells_all_problems_and_what_is_well(make_course: Any) -> None:
    good = "---\nkind: number\n---\n```python\na = pick(range(3))\nanswer = a + 1\n```\n# Question\n\nAfter {{ a }}?\n"
    course = make_course(
        {"questions/bad.md": CASES[0]["question"], "questions/good.md": good, "questions/ill.md": "x\n"}
    )
    said: list[str] = []

    problems = check_course(course, report=said.append)

    assert [problem.message.split(":")[0] for problem in problems] == [
        'question "bad", seed 0, variant 29',
        "this question has no front matter",
    ]
    assert said == ["questions/good.md: 3 variants"]
