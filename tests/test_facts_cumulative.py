"""Cumulative tables: made once for all moments, and known as far as each moment goes."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coursewright.chance import stream
from coursewright.courses import check, open_course
from coursewright.errors import CoursewrightError
from coursewright.facts import find
from coursewright.facts.alike import alike

COURSE = """\
[course]
title = "Goals"

[parameters]
day = 3

[tables]
games = { file = "data/games.csv" }
goals = { file = "data/goals.csv" }

[timeline]
table = "games"
key = "game"
order = ["day"]
now = ["day"]
stages = ["line-up", "end"]
known = { games = "line-up" }
"""
TALLY = """\
/*---
cumulative = true
latest = ["player"]
---*/
SELECT player, game, sum(scored) OVER (PARTITION BY player ORDER BY day) AS goals
FROM (SELECT player, game, count(*) AS scored FROM goals GROUP BY player, game) AS each_game JOIN games USING (game)
"""
FINDER = """\
/*---
title = "Goals so far"
tell = "#player# has #goals#"
---*/
SELECT player, goals FROM tally
"""
FILES = {
    "course.toml": COURSE,
    "data/games.csv": "game,day\n10,1\n30,3\n20,2\n40,4\n",
    "data/goals.csv": "game,player\n10,Jo\n10,Jo\n20,Jo\n20,Sam\n30,Sam\n30,Sam\n40,Jo\n",
    "facts/goals.sql": FINDER,
    "tables/tally.sql": TALLY,
}


def told(root: Path, days: list[int]) -> list[list[str]]:
    """The sentences of each day, all days being asked for at once."""
    course = open_course(root)
    moments = [{"day": day} for day in days]
    found = find(course.database(), course.finders(), timeline=course.settings.timeline, moments=moments)
    return [sorted(fact.sentence for fact in found if fact.moment["day"] == day) for day in days]


def test_each_moment_is_handed_the_latest_row_before_it(make_course: Any) -> None:
    root = make_course(FILES)
    assert told(root, [4, 1, 3, 2]) == [["Jo has 3", "Sam has 3"], [], ["Jo has 3", "Sam has 1"], ["Jo has 2"]]
    assert told(root, [3]) == [["Jo has 3", "Sam has 1"]]


def test_a_later_stage_knows_the_present_row(make_course: Any) -> None:
    at_the_end = FINDER.replace('tell = "', 'known = "end"\ntell = "')
    root = make_course({**FILES, "facts/goals.sql": at_the_end})
    assert told(root, [1, 3]) == [["Jo has 2"], ["Jo has 3", "Sam has 3"]]


def test_without_latest_every_row_so_far_is_handed_out(make_course: Any) -> None:
    root = make_course({**FILES, "tables/tally.sql": TALLY.replace('latest = ["player"]\n', "")})
    assert told(root, [1, 3]) == [[], ["Jo has 2", "Jo has 3", "Sam has 1"]]


def test_outside_finders_it_is_a_table_like_others(make_course: Any) -> None:
    assert open_course(make_course(FILES)).database().table("tally").num_rows == 5


def test_check_is_content_with_it(make_course: Any) -> None:
    assert check(make_course(FILES)) == []


LATER = 'the table "tally" is not cumulative: a row of it is made of later ones'
KNOWS_LATER = {
    "no order": "SELECT player, game, count(*) OVER (PARTITION BY player) AS goals FROM goals",
    "what comes next": (
        "SELECT player, game, coalesce(lead(game) OVER (PARTITION BY player ORDER BY game), 0) AS goals FROM goals"
    ),
    "backwards": "SELECT player, game, rank() OVER (ORDER BY game DESC) AS goals FROM goals",
    "a frame that ends later": (
        "SELECT player, game, count(*) OVER (ORDER BY game ROWS BETWEEN CURRENT ROW AND 1 FOLLOWING) AS goals "
        "FROM goals"
    ),
    "all of them": "SELECT player, game, (SELECT count(*) FROM goals) AS goals FROM goals",
    "another game": "SELECT a.player, a.game, b.game AS goals FROM goals a JOIN goals b ON b.game > a.game",
}


@pytest.mark.parametrize("sql", KNOWS_LATER.values(), ids=KNOWS_LATER)
def test_a_row_made_of_later_ones_is_refused(sql: str, make_course: Any) -> None:
    root = make_course({**FILES, "tables/tally.sql": f"/*---\ncumulative = true\n---*/\n{sql}\n"})
    problem = check(root)[0]
    assert problem.message == LATER
    assert problem.hint == "write OVER (… ORDER BY day) where it sums up, and join only what is of the same moment"
    assert str(problem.where).endswith("tables/tally.sql:4")
    with pytest.raises(CoursewrightError, match="is not cumulative"):
        told(root, [1, 2, 3, 4])
    # Asked for one moment alone, nothing later is there to be made of.
    (root / "data/goals.csv").write_text("game,player\n10,Jo\n10,Jo\n20,Jo\n20,Sam\n")
    until_then = told(root, [3])
    (root / "data/goals.csv").write_text(FILES["data/goals.csv"])
    assert told(root, [3]) == until_then


PRICES = (
    "SELECT player, game, sum(price) OVER (PARTITION BY player {order}) AS goals FROM goals JOIN games USING (game)"
)


@pytest.mark.parametrize("scale", [1e-9, 1.0, 1e12])
def test_sums_of_fractions_may_differ_in_their_last_digits(scale: float, make_course: Any) -> None:
    draw = stream("fractions")
    games = "".join(f"{draw.randrange(1000) * 50 + day},{day}\n" for day in range(1, 41))
    keys = [line.split(",")[0] for line in games.split()]
    goals = "".join(f"{key},{player},{draw.random() * scale!r}\n" for key in keys for player in "abcd" * 9)
    files = {**FILES, "data/games.csv": f"game,day\n{games}", "data/goals.csv": f"game,player,price\n{goals}"}
    table = "/*---\ncumulative = true\n---*/\n" + PRICES
    right = {**files, "tables/tally.sql": table.format(order="ORDER BY day")}
    assert check(make_course(right)) == []
    (problem,) = check(make_course({**files, "tables/tally.sql": table.format(order="")}))
    assert problem.message == LATER


ALIKE = {
    "another order": ("SELECT 1 AS a, 0.1::DOUBLE AS x UNION ALL SELECT 2, 1", True),
    "a last digit": ("SELECT 2 AS a, 1::DOUBLE AS x UNION ALL SELECT 1, 0.10000000000000002", True),
    "another number": ("SELECT 1 AS a, 0.1001::DOUBLE AS x UNION ALL SELECT 2, 1", False),
    "nothing": ("SELECT 1 AS a, NULL::DOUBLE AS x UNION ALL SELECT 2, 1", False),
    "what is no number": ("SELECT 1 AS a, 'nan'::DOUBLE AS x UNION ALL SELECT 2, 1", False),
    "without end": ("SELECT 1 AS a, 'inf'::DOUBLE AS x UNION ALL SELECT 2, 1", False),
    "once more": ("SELECT 1 AS a, 0.1::DOUBLE AS x UNION ALL SELECT 2, 1 UNION ALL SELECT 2, 1", False),
    "another key": ("SELECT 3 AS a, 0.1::DOUBLE AS x UNION ALL SELECT 2, 1", False),
}


@pytest.mark.parametrize(("other", "same"), ALIKE.values(), ids=ALIKE)
def test_rows_are_alike_but_for_last_digits(other: str, same: bool) -> None:
    one = ALIKE["another order"][0]
    run = duckdb.connect().execute
    columns = {"a": "INTEGER", "x": "DOUBLE"}
    assert alike(lambda text: run(text).fetchall(), one, other, columns) is same
    assert alike(lambda text: run(text).fetchall(), other, one, columns) is same
    assert alike(lambda text: run(text).fetchall(), other, other, columns)


def test_check_counts_rows_without_a_moment_here_too(make_course: Any) -> None:
    table = "/*---\ncumulative = true\n---*/\nSELECT player, nullif(game, 20) AS game, 1 AS goals FROM goals"
    said: list[str] = []
    assert check(make_course({**FILES, "tables/tally.sql": table}), report=said.append) == []
    assert said == ["tally: no finder is handed 2 without game, of 7 rows"]


WRONG = {
    "a parameter": (
        TALLY.replace("FROM goals", "FROM goals WHERE game <> :day"),
        'a cumulative table cannot use the parameter "day": it is made once for all moments',
    ),
    "no such column": (TALLY.replace('["player"]', '["plaier"]'), '`latest` names no column: "plaier"'),
    "two rows at once": (
        "/*---\ncumulative = true\nlatest = [\"player\"]\n---*/\nSELECT player, game, 1 AS goals FROM goals",
        '"tally" has several rows of one moment for player = Jo: which of them is the latest?',
    ),
    "latest alone": (TALLY.replace("cumulative = true\n", ""), "`latest` is of a cumulative table"),
    "no moment": (
        '/*---\ncumulative = true\n---*/\nSELECT player, count(*) AS goals FROM goals GROUP BY player',
        'the cumulative table "tally" has no column "game", which says the moment of each row',
    ),
}  # fmt: skip


@pytest.mark.parametrize(("sql", "message"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_cumulative(sql: str, message: str, make_course: Any) -> None:
    root = make_course({**FILES, "tables/tally.sql": sql})
    with pytest.raises(CoursewrightError) as raised:
        told(root, [1, 2, 3, 4])
    assert raised.value.problem.message == message
    assert "tables/tally.sql" in str(raised.value.problem.where)


def test_a_cumulative_table_needs_a_timeline(make_course: Any) -> None:
    root = make_course({**FILES, "course.toml": COURSE[: COURSE.index("[timeline]")]})
    problem = check(root)[0]
    assert problem.message == 'the table "tally" is cumulative, but the course has no [timeline]'


def test_one_cannot_be_made_of_the_latest_rows_of_another(make_course: Any) -> None:
    more = "/*---\ncumulative = true\n---*/\nSELECT game, goals FROM tally"
    finder = FINDER.replace("player, goals FROM tally", "1 AS player, goals FROM more")
    root = make_course({**FILES, "tables/more.sql": more, "facts/goals.sql": finder})
    with pytest.raises(CoursewrightError) as raised:
        told(root, [1, 2])
    assert raised.value.problem.message == (
        'the cumulative table "more" cannot be made of "tally", of which only the latest rows show'
    )
    assert raised.value.problem.hint == "make it of what tally is made of"


GOALS = st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["Jo", "Sam", "Kit"])), max_size=12)
DAYS = st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True)


@given(goals=GOALS, days=DAYS, end=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_moments_agree_with_a_count_by_hand(
    goals: list[tuple[int, str]], days: list[int], end: bool, make_course: Any
) -> None:
    known = 'known = "end"\ntell = "' if end else 'tell = "'
    root = make_course(
        {
            **FILES,
            "data/games.csv": "game,day\n" + "".join(f"{day * 10},{day}\n" for day in range(1, 7)),
            "data/goals.csv": "game,player\n" + "".join(f"{day * 10},{player}\n" for day, player in goals),
            "facts/goals.sql": FINDER.replace('tell = "', known),
        }
    )
    expected = []
    for day in days:
        so_far = sorted(player for then, player in goals if then < day or (end and then == day))
        expected.append([f"{player} has {len([*each])}" for player, each in itertools.groupby(so_far)])
    assert told(root, days) == expected


def test_a_session_keeps_nothing_for_other_moments(make_course: Any) -> None:
    course = open_course(make_course(FILES))
    database, timeline = course.database(), course.settings.timeline

    def said(*days: int) -> list[tuple[Any, str]]:
        moments = [{"day": day} for day in days]
        found = find(database, course.finders(), timeline=timeline, moments=moments)
        return [(fact.moment["day"], fact.sentence) for fact in found]

    asked = [(4,), (2,), (2,), (1, 2, 3, 4), (4,), (4, 4), (3, 2), (1, 2, 3, 4)]
    assert [said(*days) for days in asked] == [
        [(day, text) for day in days for text in told(course.root, [day])[0]] for days in asked
    ]


def test_a_table_that_passed_for_one_moment_is_looked_at_for_several(make_course: Any) -> None:
    course = open_course(make_course({**FILES, "tables/tally.sql": TALLY.replace(" ORDER BY day", "")}))
    database, timeline = course.database(), course.settings.timeline
    find(database, course.finders(), timeline=timeline, moments=[{"day": 4}])
    for _ in range(2):
        with pytest.raises(CoursewrightError, match="is not cumulative"):
            find(database, course.finders(), timeline=timeline, moments=[{"day": day} for day in (1, 2, 3, 4)])


def test_what_never_changes_is_made_once_and_from_what_never_changes(make_course: Any) -> None:
    files = {
        "course.toml": COURSE.replace("stages =", 'timeless = ["names"]\nstages =').replace(
            "goals =", 'names = { file = "data/names.csv" }\ngoals ='
        ),
        "data/names.csv": "player,name\nJo,Joan\nSam,Samir\n",
        "tables/people.sql": "SELECT player, upper(name) AS name FROM names",
        "tables/called.sql": "SELECT player, name || ' on day ' || :day AS called FROM people",
        "tables/first.sql": "SELECT min(name) AS first FROM people",
        "facts/goals.sql": FINDER.replace("#player# has", "#called# (#first#) has").replace(
            "SELECT player, goals FROM tally",
            "SELECT called, first, goals FROM tally JOIN called USING (player) CROSS JOIN first",
        ),
    }
    root = make_course({**FILES, **files})
    assert told(root, [2, 3]) == [
        ["JOAN on day 2 (JOAN) has 2"],
        ["JOAN on day 3 (JOAN) has 3", "SAMIR on day 3 (JOAN) has 1"],
    ]
