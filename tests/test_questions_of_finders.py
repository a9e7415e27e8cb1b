"""Finders asked: the present moment, one right answer, and no wrong one that is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from coursewright.courses import build, check, open_course
from coursewright.courses.questions import choose
from coursewright.questions import draw
from coursewright.questions.part import Choice
from coursewright.questions.prose import plain

LEAGUE = {
    "course.toml": """\
[course]
title = "League"
[parameters]
day = 3
[tables]
games.file = "data/games.csv"
goals.file = "data/goals.csv"
[timeline]
table = "games"
key = "game"
order = ["day"]
now = ["day"]
""",
    "data/games.csv": "game,day\n10,1\n20,2\n30,3\n40,4\n",
    "data/goals.csv": "game,name,team\n10,Jo,Reds\n10,Jo,Reds\n10,Al,Reds\n20,Jo,Reds\n20,Sam,Blues\n40,Eve,Blues\n",
}
SCORED = """\
/*---
title = "Goals"
tell = "#name# scored #goals#"
[question]
ask = "How many goals has #name# before day #day#?"
answer = "goals"
---*/
SELECT name, count(*) AS goals FROM goals GROUP BY name
"""


def asked(root: Path, name: str = "f", variants: int = 20) -> list[tuple[str, str, set[str]]]:
    """What a finder asks: each question with its right answer and the wrong ones."""
    ((question, materials),) = choose([name], root, {}).questions
    drawn = draw(question, [str(n) for n in range(variants)], distinct=False, materials=materials)
    said = []
    for each in drawn:
        assert each.variant
        assert isinstance(each.variant.part, Choice)
        (right,) = [plain(option.text) for option in each.variant.part.options if option.right]
        said.append(
            (
                plain(each.variant.text),
                right,
                {plain(option.text) for option in each.variant.part.options if not option.right},
            )
        )
    return said


def test_a_finder_asks_of_the_present_moment_with_wrong_answers_from_its_own_column(make_course: Any) -> None:
    """On day 3, Jo has 3 goals, Al and Sam one each; on day 2, Jo had 2."""
    said = asked(make_course({**LEAGUE, "facts/f.sql": SCORED}))
    assert {(text, right) for text, right, _ in said} == {
        ("How many goals has Jo before day 3?", "3"),
        ("How many goals has Al before day 3?", "1"),
        ("How many goals has Sam before day 3?", "1"),
    }
    for _, right, wrong in said:
        assert wrong == {"1", "2", "3"} - {right}


def test_no_wrong_answer_is_a_right_one_of_the_same_question(make_course: Any) -> None:
    """Asked without its day, the question of day 2 has the answer 2: it is no wrong answer on day 3."""
    said = asked(make_course({**LEAGUE, "facts/f.sql": SCORED.replace(" before day #day#", "")}))
    assert {(right, *sorted(wrong)) for text, right, wrong in said if "Jo" in text} == {("3", "1")}


def test_a_question_with_two_answers_is_refused(make_course: Any) -> None:
    finder = SCORED.replace("#name# before day #day#", "a player of the #team#").replace(
        "SELECT name, count(*) AS goals FROM goals GROUP BY name",
        "SELECT name, team, count(*) AS goals FROM goals GROUP BY name, team",
    )
    root = make_course({**LEAGUE, "facts/f.sql": finder})
    expected = (
        'error: two facts ask "How many goals has a player of the Reds?": the answer is "3", or "1"\n'
        f"  --> {root}/facts/f.sql:5, ask\n"
        "hint: ask for what tells them apart as well"
    )
    assert [str(problem) for problem in choose(["f"], root, {}).problems] == [
        expected.replace('"3", or "1"', '"1", or "3"')
    ]
    assert [str(problem) for problem in check(root)] == [expected.replace('"3", or "1"', '"1", or "3"')]


def test_answers_that_differ_in_capitals_alone_are_one(make_course: Any) -> None:
    finder = SCORED.replace(
        "SELECT name, count(*) AS goals FROM goals GROUP BY name",
        """\
SELECT v.name, v.goals FROM (VALUES ('Jo', 'two'), ('Jo', ' Two'), ('Al', 'TWO'), ('Sam', 'one')) AS v(name, goals)""",
    )
    said = asked(make_course({**LEAGUE, "facts/f.sql": finder}))
    assert {wrong.pop() for text, _, wrong in said if "Sam" not in text and len(wrong) == 1} == {"one"}


def test_check_draws_what_a_finder_asks(make_course: Any) -> None:
    told: list[str] = []
    root = make_course({**LEAGUE, "facts/f.sql": SCORED})
    assert check(root, report=told.append) == []
    assert told[0].startswith("facts/f.sql: 3 variants; the right answer stands at 1 in ")
    assert check(root, {"day": 1}, report=told.append) == []
    assert told[-1] == (
        "facts/f.sql: nothing to ask at this moment: the column goals has 0 values here, too few to choose from"
    )
    unclear = SCORED.replace("#name# before day #day#", "the best player")
    (problem,) = check(make_course({**LEAGUE, "facts/f.sql": unclear}))
    assert problem.message.startswith('two facts ask "How many goals has the best player?"')


def test_a_finder_asks_in_a_page(make_course: Any) -> None:
    page = "# Goals\n\n```{question} f\n:variants: 3\n```\n"
    root = make_course({**LEAGUE, "facts/f.sql": SCORED, "pages/index.md": page})
    site = build(open_course(root)) and (root / "build/site/index.html").read_text()
    assert all(f"How many goals has {name} before day 3?" in site for name in ("Jo", "Al", "Sam"))
    assert "Eve" not in site


def test_a_page_hangs_on_when_things_were_known(make_course: Any) -> None:
    """The finder does not name the table of the timeline, which says how many goals there are before day 3."""
    page = "# Goals\n\n```{facts} f\n```\n"
    root = make_course({**LEAGUE, "facts/f.sql": SCORED, "pages/index.md": page})
    assert [build(open_course(root)).executed for _ in range(2)] == [1, 0]
    assert "Jo scored 3" in (root / "build/markdown/README.md").read_text()
    (root / "data/games.csv").write_text("game,day\n10,1\n20,5\n30,3\n40,4\n")
    assert build(open_course(root)).executed == 1
    assert "Jo scored 2" in (root / "build/markdown/README.md").read_text()
