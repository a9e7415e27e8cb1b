"""Facts: true, told in order, and with nothing that was not known at the time."""

from __future__ import annotations

import datetime
import sqlite3
import warnings
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis.strategies import lists, permutations, sampled_from

from coursewright.courses import check, open_course
from coursewright.errors import CoursewrightError
from coursewright.facts import Fact, find
from coursewright.facts.fact import FactCandidate
from coursewright.facts.order import by_values, in_order, rounded
from coursewright.facts.rows import FactRows
from coursewright.words import Grammar, tell

COURSE = """\
[course]
title = "Goals"

[parameters]
day = 3

[tables]
games = "data/games.csv"
goals = "data/goals.csv"
players = "data/players.csv"

[timeline]
table = "games"
key = "game"
order = ["day"]
now = ["day"]
stages = ["line-up", "end"]
known = { games = "line-up" }
timeless = ["players"]
"""

FILES = {
    "course.toml": COURSE,
    "data/games.csv": "game,day,home\n10,1,Reds\n30,3,Reds\n20,2,Blues\n40,4,Blues\n",
    "data/goals.csv": "game,player\n10,1\n10,1\n20,1\n20,2\n30,2\n30,2\n40,1\n",
    "data/players.csv": "player,name\n1,Jo <script>\n2,Sam\n",
}

SCORED = """\
/*---
title = "Goals so far"
tell = "#name# has scored #goals.words# so far"
score = "goals"
{front}
---*/
SELECT name, count(*) AS goals FROM goals JOIN players USING (player) {where} GROUP BY name
"""


def facts(root: Path, **options: Any) -> list[Fact]:
    course = open_course(root)
    moments = options.pop("moments", [{}])
    return find(course.database(), course.finders(), timeline=course.settings.timeline, moments=moments, **options)


def test_the_best_comes_first_and_the_present_is_not_known(make_course: Any) -> None:
    root = make_course({**FILES, "facts/scored.sql": SCORED.format(front="", where="")})
    assert [fact.sentence for fact in facts(root)] == [
        "Jo <script> has scored three so far",
        "Sam has scored one so far",
    ]


def test_a_later_stage_knows_more(make_course: Any) -> None:
    root = make_course({**FILES, "facts/scored.sql": SCORED.format(front='known = "end"', where="")})
    assert [fact.row["goals"] for fact in facts(root)] == [3, 3]


def test_what_happens_later_changes_no_fact(make_course: Any) -> None:
    root = make_course({**FILES, "facts/scored.sql": SCORED.format(front="", where="")})
    before = facts(root)
    (root / "data" / "goals.csv").write_text("game,player\n10,1\n10,1\n20,1\n20,2\n")
    assert facts(root) == before


def test_a_pass_over_all_moments_gives_what_single_runs_give(make_course: Any) -> None:
    root = make_course({**FILES, "facts/scored.sql": SCORED.format(front="", where="WHERE :day > 0")})
    moments = [{"day": day} for day in (4, 1, 3, 2)]
    together = facts(root, moments=moments)
    assert together == [fact for moment in moments for fact in facts(root, moments=[moment])]
    assert [fact.moment["day"] for fact in together] == [4, 4, 3, 3, 2]


def test_a_derived_table_is_made_from_what_was_known(make_course: Any) -> None:
    files = {**FILES, "tables/tally.sql": "SELECT player, count(*) AS goals FROM goals GROUP BY player"}
    finder = '/*---\ntitle = "T"\ntell = "#player# #goals#"\n---*/\nSELECT player, goals FROM tally ORDER BY player'
    root = make_course({**files, "facts/tally.sql": finder})
    assert [fact.sentence for fact in facts(root)] == ["1 3", "2 1"]
    assert [fact.sentence for fact in facts(root, moments=[{"day": 2}, {"day": 3}])] == ["1 2", "1 3", "2 1"]


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("SELECT * FROM main.goals", 'a finder cannot read "main.goals"'),
        ("SELECT * FROM memory.main.goals", 'a finder cannot read "memory.main.goals"'),
        ("SELECT * FROM 'data/goals.csv'", 'a finder cannot read "data/goals.csv"'),
        ("SELECT * FROM read_csv('data/goals.csv')", "a finder cannot use the table function read_csv"),
        ("SELECT * FROM query('SELECT * FROM main.goals')", "a finder cannot use the table function query"),
        ("SELECT (SELECT count(*) FROM main.goals) AS n", 'a finder cannot read "main.goals"'),
        ("WITH g AS (SELECT * FROM main.goals) SELECT * FROM g", 'a finder cannot read "main.goals"'),
        ("SELECT * FROM (SHOW TABLES)", "a finder cannot use the table function SHOW"),
        ("SELECT * FROM duckdb_tables()", "a finder cannot use the table function duckdb_tables"),
        ('SELECT * FROM "_known goals"', 'SQL: no table called "_known goals"'),
        ('SELECT * FROM "_KNOWN Goals"', 'SQL: no table called "_KNOWN Goals"'),
        (
            'SELECT (WITH "_known goals" AS (SELECT 1 AS a) SELECT a FROM "_known goals"), * FROM "_known goals"',
            'SQL: no table called "_known goals"',
        ),
        ('SELECT * FROM temp."_known goals"', 'a finder cannot read "temp._known goals"'),
        ("SELECT 1 AS a WHERE 1 IN (SELECT player FROM main.goals)", 'a finder cannot read "main.goals"'),
        ("SELECT 1 AS a WHERE EXISTS (FROM main.goals)", 'a finder cannot read "main.goals"'),
        ("SELECT * FROM (SUMMARIZE goals)", "a finder cannot use the table function SHOW"),
        ("SELECT * FROM (DESCRIBE goals)", "a finder cannot use the table function SHOW"),
        ("SELECT * FROM pragma_table_info('goals')", "a finder cannot use the table function pragma_table_info"),
        ("SELECT * FROM query_table('main.goals')", "a finder cannot use the table function query_table"),
        ("SELECT * FROM (PIVOT main.goals ON player)", "only SELECT can stand here"),
        ("SELECT 1 AS a) AS _facts) AS _found, main.goals, (SELECT (SELECT 1", 'SQL: syntax error at or near ")"'),
        ("SELECT * FROM numbers", 'SQL: no table called "numbers"'),
        ("SELECT stats(game) AS x FROM goals", "a finder cannot use the function stats"),
        ("SELECT typeof(game) AS x FROM goals", "a finder cannot use the function typeof"),
        ("SELECT * FROM MAIN.Goals", 'a finder cannot read "MAIN.Goals"'),
        ("SELECT * FROM sqlite_master", 'SQL: no table called "sqlite_master"'),
    ],
)
def test_no_finder_reaches_past_what_it_is_handed(make_course: Any, sql: str, message: str) -> None:
    root = make_course({**FILES, "facts/leak.sql": f'/*---\ntitle = "T"\ntell = "x"\n---*/\n{sql}\n'})
    (root / "data" / "goals.csv").write_text("game,player\n10,1\n")
    database = open_course(root).database()
    database.open("goals")
    with pytest.raises(CoursewrightError) as error:
        facts(root)
    assert error.value.problem.message == message
    assert str(error.value.problem.where) == f"{root}/facts/leak.sql:5"


@pytest.mark.parametrize(
    ("sql", "used"),
    [
        ("SELECT now() AS x", "the function now"),
        ("SELECT current_date AS x", "the function current_date"),
        ("SELECT Current_Timestamp AS x", "the function current_timestamp"),
        ("SELECT 1 AS x FROM goals ORDER BY random()", "the function random"),
        ("SELECT * FROM (SELECT uuid() AS x)", "the function uuid"),
        ("SELECT txid_current() AS x", "the function txid_current"),
        ("SELECT age(DATE '2020-01-01') AS x", "the function age with 1 argument, which takes 2"),
        ("SELECT game AS x FROM goals USING SAMPLE 1", "USING SAMPLE"),
        ("SELECT game AS x FROM goals TABLESAMPLE 10%", "USING SAMPLE"),
    ],
)
def test_no_finder_tells_something_else_tomorrow(make_course: Any, sql: str, used: str) -> None:
    root = make_course({**FILES, "facts/x.sql": f'/*---\ntitle = "T"\ntell = "#x#"\n---*/\n{sql}\n'})
    with pytest.raises(CoursewrightError) as error:
        facts(root)
    assert str(error.value) == (
        f"error: a finder cannot use {used}\n"
        f"  --> {root}/facts/x.sql:5\n"
        "hint: a fact hangs on the rows alone: for a moment or a choice, use a parameter of the course"
        + "; a column that is called so is written with its table"
        * ("current_" in used and "_current" not in used)
    )


OWN = 'dialect = "sqlite"'
READS_CLOCKS = {
    "SELECT date(name) AS goals FROM players": "a finder cannot cast to date in sqlite what may be a text",
    "SELECT strftime('%Y', 'n' || 'ow') AS goals": "a finder cannot cast to timestamp in sqlite what may be a text",
    "SELECT date() AS goals": "SQL: for duckdb",
    "SELECT 1 AS goals WHERE :word > ''": 'the parameter "word" cannot be "now" here',
}


@pytest.mark.parametrize(("sql", "message"), READS_CLOCKS.items())
def test_a_servers_own_sql_reads_no_clock(make_course: Any, sql: str, message: str) -> None:
    front = f'{OWN}\n[parameters]\nword = "now"'
    finder = f'/*---\ntitle = "T"\ntell = "#goals#"\n{front}\n---*/\n'
    course = f'{COURSE}\n[database]\nurl = "sqlite:///own.sqlite"\n'
    root = make_course({**FILES, "course.toml": course, "facts/f.sql": finder + sql})
    sqlite3.connect(root / "own.sqlite").execute("CREATE TABLE own (a)").connection.close()
    with pytest.raises(CoursewrightError) as error:
        facts(root)
    assert error.value.problem.message.startswith(message)
    (root / "facts/f.sql").write_text(finder.replace('"now"', '"x"') + "SELECT date('2020-01-01') AS goals")
    assert [fact.row["goals"] for fact in facts(root)] == ["2020-01-01"]


def test_a_column_with_the_name_of_a_clock_is_written_with_its_table(make_course: Any) -> None:
    sql = "SELECT g.current_date AS x, age(DATE '2020-01-02', DATE '2020-01-01') AS y FROM goals AS g"
    goals = "game,player,current_date\n10,1,5\n"
    finder = f'/*---\ntitle = "T"\ntell = "#x#"\n---*/\n{sql}\n'
    root = make_course({**FILES, "data/goals.csv": goals, "facts/x.sql": finder})
    assert [fact.sentence for fact in facts(root)] == ["5"]


@pytest.mark.parametrize(
    "sql",
    [
        "WITH goals AS MATERIALIZED (SELECT * FROM goals) SELECT count(*) AS n FROM goals",
        "SELECT CAST(sum(n) AS INTEGER) AS n FROM (SELECT unnest([1]) AS n FROM goals)",
        "SELECT count(*) AS n FROM (FROM goals) AS g WHERE EXISTS (FROM goals AS h WHERE h.game = g.game)",
        "SELECT (SELECT count(*) FROM (SELECT g FROM goals AS g)) AS n",
        "SELECT len(list(game ORDER BY game)) AS n FROM goals",
        "SELECT count(*) AS n FROM range(1, 9) AS r(game), goals WHERE r.game = 1",
    ],
)
def test_whatever_its_form_it_counts_only_what_was_known(make_course: Any, sql: str) -> None:
    root = make_course({**FILES, "facts/n.sql": f'/*---\ntitle = "T"\ntell = "#n#"\n---*/\n{sql}\n'})
    assert facts(root)[0].row["n"] == 4


def test_capital_letters_are_no_way_past_and_no_mistake(make_course: Any) -> None:
    sql = "WITH Mine AS (SELECT * FROM GOALS) SELECT count(*) AS n FROM mine, (SELECT 1) AS One"
    root = make_course({**FILES, "facts/n.sql": f'/*---\ntitle = "T"\ntell = "#n#"\n---*/\n{sql}\n'})
    assert [fact.sentence for fact in facts(root)] == ["4"]


def test_no_derived_table_reaches_past_it_either(make_course: Any) -> None:
    finder = '/*---\ntitle = "T"\ntell = "#player#"\n---*/\nSELECT player FROM later\n'
    root = make_course({**FILES, "tables/later.sql": "SELECT * FROM main.goals\n", "facts/leak.sql": finder})
    with pytest.raises(CoursewrightError) as error:
        facts(root)
    assert error.value.problem.message == 'a finder cannot read "main.goals"'
    assert str(error.value.problem.where) == f"{root}/tables/later.sql:1"


def test_a_name_of_ours_is_no_way_past(make_course: Any) -> None:
    files = {**FILES, "facts/scored.sql": SCORED.format(front="", where="")}
    own = SCORED.format(front="[parameters]\n_moment = 99", where="WHERE :_moment > 0")
    for changed, moment in [
        ({}, {"_moment": 99}),
        ({}, {"_MOMENT": 99}),
        ({"facts/scored.sql": own}, {}),
        ({"data/goals.csv": "game,player,_Moment\n10,1,0\n40,1,0\n"}, {}),
        ({"facts/scored.sql": SCORED.format(front="", where="WHERE stats(game)::VARCHAR > 'a'")}, {}),
        ({"data/games.csv": "game,day,home\n10,1,Reds\n30,3,Reds\n30,4,Reds\n"}, {}),
    ]:
        with pytest.raises(CoursewrightError):
            facts(make_course({**files, **changed}), moments=[moment])


def test_what_happens_at_once_is_one_moment(make_course: Any) -> None:
    games = "game,day,home\n10,1,Reds\n20,2,Blues\n30,3,Reds\n40,3,Blues\n"
    root = make_course({**FILES, "data/games.csv": games, "facts/scored.sql": SCORED.format(front="", where="")})
    assert [fact.row["goals"] for fact in facts(root)] == [3, 1]


def test_no_moments_have_no_facts(make_course: Any) -> None:
    assert facts(make_course({**FILES, "facts/s.sql": SCORED.format(front="", where="")}), moments=[]) == []


def test_a_name_of_its_own_with_clause_is_no_way_past_either(make_course: Any) -> None:
    sql = "WITH goals AS (SELECT * FROM goals) SELECT count(*) AS n FROM goals"
    root = make_course({**FILES, "facts/n.sql": f'/*---\ntitle = "T"\ntell = "#n#"\n---*/\n{sql}\n'})
    assert [fact.sentence for fact in facts(root)] == ["4"]


def test_a_table_that_does_not_say_when_is_withheld(make_course: Any) -> None:
    files = {**FILES, "course.toml": COURSE.replace('timeless = ["players"]', "")}
    root = make_course({**files, "facts/scored.sql": SCORED.format(front="", where="")})
    with pytest.raises(CoursewrightError) as error:
        facts(root)
    assert str(error.value) == (
        'error: the table "players" does not say when its rows were known: it has no column "game"\n'
        f"  --> {root}/facts/scored.sql:7\n"
        'hint: if no row of it ever changes, add "players" to `timeless` in [timeline] of course.toml'
    )


def test_a_key_that_is_text_in_one_table_and_a_number_in_another(make_course: Any) -> None:
    files = {**FILES, "data/goals.csv": "game,player\n10,1\nx,2\n"}
    root = make_course({**files, "facts/scored.sql": SCORED.format(front="", where="")})
    with pytest.raises(CoursewrightError) as raised:
        facts(root)
    assert str(raised.value) == (
        'error: the rows of "goals" do not say when they were known by "game": Could not convert string \'x\' to INT64'
        " when casting from source column game\n"
        f"  --> {root}/facts/scored.sql:7\n"
        'hint: let it be of one type in all tables, for instance: types = { game = "text" }'
    )


def test_a_moment_that_is_not_there(make_course: Any) -> None:
    root = make_course({**FILES, "facts/scored.sql": SCORED.format(front="", where="")})
    with pytest.raises(CoursewrightError) as error:
        facts(root, moments=[{"day": 99}])
    assert str(error.value) == (
        "error: there is nothing in games for day = 99\n"
        "  --> course.toml, [timeline]\n"
        "hint: see day in: coursewright table games"
    )


CHOICES = """\
/*---
title = "Goals"
tell = "#n# #counted#"

[parameters]
counted = { default = "all", choices = ["all", "own"] }
---*/
SELECT count(*) AS n, :counted AS counted FROM goals
"""


VARIED = """\
/*---
title = "Goals"
tell = {tell}
score = "goals"
{front}
---*/
SELECT name, count(*) AS goals FROM goals JOIN players USING (player) GROUP BY name
"""


def test_no_two_facts_open_alike_when_there_is_a_choice(make_course: Any) -> None:
    ways = '["So far #name# has #goals#", "Up to now #name# has #goals#"]'
    root = make_course({**FILES, "facts/scored.sql": VARIED.format(tell=ways, front="")})
    told = [fact.sentence for fact in facts(root)]
    assert len({sentence.split()[0] for sentence in told}) == 2
    history = facts(root, moments=[{"day": day} for day in (1, 2, 3, 4)])
    assert [fact.sentence for fact in history if fact.moment["day"] == 3] == told


ORDERS = [
    # score, finder, row: in this order, however they are given
    (2.0, "b", {"a": 1}),
    (1.0 + 1e-13, "a", {"a": None, "b": True}),
    (1.0, "b", {"a": 0.1 + 0.2, "b": datetime.date(2018, 4, 8)}),
    (1.0 + 1e-13, "b", {"a": 0.3, "b": "2018-04-09"}),
    (1.0, "b", {"a": 2, "b": "a"}),
    (1.0, "b", {"a": 10, "b": "A"}),
    (1.0, "b", {"a": 10, "b": "a"}),
    (1.0, "b", {"a": 10_000_000_000_001, "b": 0.5}),
    (1.0, "b", {"a": 10_000_000_000_002, "b": 0.25}),
    (1.0, "b", {"a": 10_000_000_000_002, "b": 0.250000000001}),
    (1.0, "b", {"a": "10", "b": "é"}),
    (1.0, "b", {"a": [1, 2.5], "b": {"x": 1}}),
    (1.0, "b", {"a": None, "b": 1}),
    (-3, "a", {}),
]


@given(permutations([(moment, *fact) for moment in (0, 1) for fact in ORDERS]))
def test_facts_have_one_order(mixed: list[Any]) -> None:
    listed = in_order(FactCandidate(moment, rounded(score), *fact, ("",)) for moment, score, *fact in mixed)
    assert [(fact.number, fact.finder, fact.row) for fact in listed] == [
        (moment, *fact) for moment in (0, 1) for _, *fact in ORDERS
    ]


def test_what_databases_hold_otherwise_is_in_the_same_place() -> None:
    here = {"a": True, "b": datetime.datetime(2018, 4, 8, 15), "c": 1 / 3, "d": 3}
    there = {"a": 1, "b": "2018-04-08 15:00:00", "c": 0.333333333333334, "d": 3.0}
    assert rounded(0.1 + 0.2) == rounded(0.3)
    assert by_values(here)[0] == by_values(there)[0]


def test_a_row_has_the_digits_that_all_databases_agree_on(make_course: Any) -> None:
    finder = (
        '/*---\ntitle = "T"\ntell = "#a#"\n---*/\n'
        "SELECT 0.1::DOUBLE + 0.2::DOUBLE AS a, 123456789012345.0::DOUBLE AS b, 1.25::DECIMAL(5, 2) AS c"
    )
    (fact,) = facts(make_course({**FILES, "facts/s.sql": finder}))
    assert fact.sentence == "0.3"
    assert (fact.row["a"], fact.row["b"], fact.row["c"]) == (0.3, 123456789012345, 1.25)


def test_a_score_has_the_digits_that_all_databases_agree_on(make_course: Any) -> None:
    finder = '/*---\ntitle = "T"\ntell = "x"\nscore = "s"\n---*/\nSELECT 0.1::DOUBLE + 0.2::DOUBLE AS s'
    assert [fact.score for fact in facts(make_course({**FILES, "facts/s.sql": finder}))] == [0.3]


def test_dates_and_numbers_are_in_the_language_of_the_course(make_course: Any) -> None:
    finder = '/*---\ntitle = "T"\ntell = "#day.date#"\n---*/\nSELECT DATE \'2018-04-08\' AS day'
    root = make_course({**FILES, "facts/day.sql": finder})
    assert facts(root, language="fr-FR")[0].sentence == "8 avril 2018"
    assert facts(root)[0].sentence == "8 April 2018"


def test_a_finder_can_use_the_rules_of_a_grammar(make_course: Any) -> None:
    grammar = "verb: [scored, scored]\ntally:\n  goals = 1: a goal\n  otherwise: '#goals.words# goals'\n"
    finder = VARIED.format(tell='"#name# #verb# #tally#"', front='grammar = "goals"')
    root = make_course({**FILES, "grammars/goals.yaml": grammar, "facts/scored.sql": finder})
    assert [fact.sentence for fact in facts(root)] == ["Jo <script> scored three goals", "Sam scored a goal"]


def test_a_finder_has_parameters_of_its_own(make_course: Any) -> None:
    root = make_course({**FILES, "facts/n.sql": CHOICES})
    assert [fact.sentence for fact in facts(root)] == ["4 all"]
    assert [fact.sentence for fact in facts(root, overrides={"counted": "own"})] == ["4 own"]
    with pytest.raises(CoursewrightError) as error:
        facts(root, overrides={"counted": "owm"})
    assert str(error.value) == (
        "error: counted cannot be owm\n"
        f"  --> {root}/facts/n.sql:6, [parameters] counted\n"
        'hint: did you mean "own"? Available: all, own'
    )


def test_a_course_without_a_timeline_hands_over_all_it_has(make_course: Any) -> None:
    course = COURSE.split("[timeline]", maxsplit=1)[0]
    root = make_course({**FILES, "course.toml": course, "facts/scored.sql": SCORED.format(front="", where="")})
    assert [fact.row["goals"] for fact in facts(root)] == [4, 3]


TIMELINES = {
    'now = ["day", "hour"]': "`order` and `now` name the same number of things, one or more",
    'now = ["dya"]': 'no parameter called "dya"',
    'table = "gams"': 'no table called "gams"',
    'known = { games = "lineup" }': 'no stage called "lineup"',
    'timeless = ["playrs"]': 'no table called "playrs"',
}


@pytest.mark.parametrize(("line", "message"), TIMELINES.items())
def test_a_timeline_that_cannot_be(make_course: Any, line: str, message: str) -> None:
    key = line.split(" ", maxsplit=1)[0]
    course = "\n".join(line if old.startswith(f"{key} ") else old for old in COURSE.split("\n"))
    with pytest.raises(CoursewrightError) as error:
        open_course(make_course({**FILES, "course.toml": course}))
    assert error.value.problem.message == message


def test_check_tells_of_rows_without_a_moment(make_course: Any) -> None:
    files = {
        **FILES,
        "facts/s.sql": SCORED.format(front="", where=""),
        "data/games.csv": "game,day,home\n10,1,Reds\n20,2,Blues\n30,3,Reds\n40,,Blues\n",
        "data/goals.csv": "game,player\n10,1\n,2\n40,1\n70,1\n20,2\n",
    }
    told: list[str] = []
    assert check(make_course(files), report=told.append) == []
    assert told == [
        "games: no finder is handed 1 without day, of 4 rows",
        "goals: no finder is handed 1 without game and 2 whose game is not in games with its day, of 5 rows",
    ]
    assert [fact.row["goals"] for fact in facts(make_course(files))] == [1, 1]
    told.clear()
    check(make_course(FILES), report=told.append)
    assert told == []


KINDS = {
    "whole": pa.array([1, None, -3], pa.int32()),
    "huge": pa.array([Decimal(2**70), None, Decimal(1)], pa.decimal128(38, 0)),
    "sum": pa.array([Decimal(12), None, Decimal(-4)], pa.decimal128(38, 0)),
    "mixed": pa.array([Decimal("1.5"), Decimal("2.0"), None], pa.decimal128(5, 1)),
    "fraction": pa.array([0.1 + 0.2, 123456789012345.0, None]),
    "odd": pa.array([float("inf"), -0.0, 3.0]),
    "text": pa.array(["a", "", None]),
    "day": pa.array([datetime.date(2018, 4, 8), None, datetime.date(1, 1, 1)]),
    "true": pa.array([True, None, False]),
    "nothing": pa.array([None, None, None], pa.int64()),
    "list": pa.array([[1], None, []]),
}


@given(lists(sampled_from(sorted(KINDS)), min_size=1, unique=True))
def test_many_rows_hold_and_say_what_few_do(names: list[str]) -> None:
    few = pa.table({name: KINDS[name] for name in names})
    many = pa.concat_tables([few] * 100)
    one_by_one, together = FactRows.of(few).records, FactRows.of(many)
    assert repr(together.records) == repr(one_by_one * 100)
    grammar = Grammar({"origin": ", ".join(f"#{name}#" for name in names)})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert list(tell(grammar, together.to_tell)) == tell(grammar, one_by_one) * 100
