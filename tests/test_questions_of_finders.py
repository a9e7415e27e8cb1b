"""Finders asked: the present moment, one right answer, and no wrong one that is right."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, check, open_course
from coursewright.courses.quizzes import choose
from coursewright.questions import draw
from coursewright.questions.checking.alike import likeness
from coursewright.questions.kinds.choice import Choice
from coursewright.questions.writing.prose import plain

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


SAME = [
    "3|3.0",
    "1,000|1000",
    "50%|0.5",
    "-3|\u22123",
    "O\u2019Hara|o'hara",
    "1\u20132|1-2",
    "Bern\u200b| bern",
    "e\u0301|\u00e9",
]
DIFFERENT = ["3|03", "Bern|Berne", "1-2|1-3", "Bern|Bern.", "3 km|3 m", "O'Hara|OHara"]


@pytest.mark.parametrize("both", [*SAME, *DIFFERENT])
def test_what_a_reader_takes_for_the_same(both: str) -> None:
    one, other = map(likeness, both.split("|"))
    assert (one == other) is (both in SAME)


def test_what_a_reader_takes_for_the_answer_is_no_wrong_one(make_course: Any) -> None:
    values = "(VALUES ('Jo', 'O\u2019Hara'), ('Al', 'O''Hara'), ('Sam', 'Rome')) AS v(name, goals)"
    finder = SCORED.replace("name, count(*) AS goals FROM goals GROUP BY name", f"v.name, v.goals FROM {values}")
    said = asked(make_course({**LEAGUE, "facts/f.sql": finder}))
    assert {(right, *wrong) for text, right, wrong in said if "Sam" not in text} == {
        ("O\u2019Hara", "Rome"),
        ("O'Hara", "Rome"),
    }
    turned = finder.replace("v.name, v.goals", "v.goals AS name, v.name AS goals")
    (problem,) = choose(["f"], make_course({**LEAGUE, "facts/f.sql": turned}), {}).problems
    assert problem.message.startswith("two facts ask")


MOST = """\
/*---
title = "Most goals"
tell = "#name# leads with #goals#"
[question]
ask = "Who has most goals before day #day#?"
answer = "name"
---*/
SELECT name, {more}count(*) AS goals FROM goals GROUP BY ALL ORDER BY goals DESC, name DESC LIMIT 1
"""


@pytest.mark.parametrize("more", ["", "left(name, 2) AS code, "])
def test_an_answer_that_is_as_right_and_left_out_is_refused(make_course: Any, more: str) -> None:
    """Jo led before day 2 and leads still, with Sam: a LIMIT that keeps one of them would make Jo a wrong answer."""
    goals = "game,name,team\n10,Jo,Reds\n20,Sam,Blues\n40,Eve,Blues\n"
    files = {**LEAGUE, "facts/f.sql": MOST.format(more=more)}
    root = make_course({**files, "data/goals.csv": goals})
    expected = (
        'error: LIMIT leaves out an answer to "Who has most goals before day 3?": it is "Sam", and "Jo"\n'
        f"  --> {root}/facts/f.sql:5, ask\n"
        "hint: take all rows that are alike: rank() OVER (ORDER BY …) = 1, or ask for what tells them apart"
    )
    assert [str(problem) for problem in choose(["f"], root, {}).problems] == [expected]
    assert [str(problem) for problem in check(root)] == [expected]
    led = "game,name,team\n10,Sam,Blues\n20,Jo,Reds\n20,Jo,Reds\n40,Eve,Blues\n"
    assert {(right, *wrong) for _, right, wrong in asked(make_course({**files, "data/goals.csv": led}))} == {
        ("Jo", "Sam")
    }


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
