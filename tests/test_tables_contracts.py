"""What a course expects of its tables: all that is otherwise, with the rows and the line of the rule."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import given

from coursewright.cli import main
from coursewright.courses import check, open_course
from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.tables import Sql
from coursewright.tables.contracts.conditions import kind_of
from coursewright.tables.contracts.contract import read_span

HEAD = """\
[course]
title = "Fruit"

[tables.sales]
file = "data/sales.csv"

[tables.sales.expect]
"""
FIRST_RULE = 8
REMEDY = "correct the data, or the rule if the data is right"


def problems(make_course: Any, rules: str, files: dict[str, str] | None = None) -> list[tuple[str, str, str]]:
    """What the course says of a contract of `rules`: each message, the line and the part of its place, and the hint."""
    found = check(make_course({"course.toml": HEAD + rules, **(files or {})}))
    for problem in found:
        assert problem.where
        assert Path(problem.where.file).name == "course.toml"
    return [
        (problem.message, f"{problem.where.line}, {problem.where.part}", problem.hint)
        for problem in found
        if problem.where
    ]


KEPT = """\
rows = "4.."
columns = ["year", "fruit", "tonnes"]
exactly = true
types = { year = "integer", fruit = "text", tonnes = "number" }
not_null = ["year", "fruit"]
unique = [["year", "fruit"]]
ranges = { year = "2000..2024", tonnes = "0.." }
values = { fruit = ["apple", "pear"], year = [2023, 2024.0, "none"] }
match = { fruit = "[a-z]+", year = "20.." }
refers = { fruit = "sales.fruit" }
"""


def test_a_table_that_is_as_expected_is_opened(make_course: Any) -> None:
    assert problems(make_course, KEPT) == []
    assert len(open_course(make_course({"course.toml": HEAD + KEPT})).database().table("sales")) == 4


def test_all_that_is_otherwise_is_said_at_once_with_its_rows(make_course: Any) -> None:
    data = "year,fruit,tonnes\n2023,apple,10\n2023,apple,4\n1924,fig,12\n,Pear,-1\n"
    rules = """\
rows = 5
columns = ["year", "fruits", "tonnes"]
types = { tonnes = "text" }
not_null = ["year"]
unique = [["year", "fruit"]]
values = { fruit = ["apple", "pear"] }

[tables.sales.expect.ranges]
year = "2000.."

[tables.sales.expect.match]
fruit = "[a-z]+"
"""
    assert problems(make_course, rules, {"data/sales.csv": data}) == [
        ('"sales" has 4 rows, not 5', "8, [tables.sales.expect] rows", REMEDY),
        (
            '"sales" has no column called "fruits"',
            "9, [tables.sales.expect] columns",
            'did you mean "fruit"? Available: fruit, tonnes, year',
        ),
        ('"tonnes" of "sales" is integer (BIGINT), not text', "10, [tables.sales.expect.types] tonnes", REMEDY),
        (
            '"year" is missing in 1 of 4 rows of "sales"\n'
            "    year  fruit  tonnes\n"
            "    NULL  Pear   -1",
            "11, [tables.sales.expect] not_null",
            REMEDY,
        ),
        (
            '"year" is not within 2000.. in 1 of 4 rows of "sales"\n'
            "    year  fruit  tonnes\n"
            "    1924  fig    12",
            "16, [tables.sales.expect.ranges] year",
            REMEDY,
        ),
        (
            '"fruit" is not "apple" or "pear" in 2 of 4 rows of "sales"\n'
            "    fruit  year  tonnes\n"
            "    fig    1924  12\n"
            "    Pear   NULL  -1",
            "13, [tables.sales.expect.values] fruit",
            REMEDY,
        ),
        (
            '"fruit" does not match [a-z]+ in 1 of 4 rows of "sales"\n'
            "    fruit  year  tonnes\n"
            "    Pear   NULL  -1",
            "19, [tables.sales.expect.match] fruit",
            REMEDY,
        ),
        (
            '"year" and "fruit" are not unique in 2 of 4 rows of "sales"\n'
            "    year  fruit  tonnes\n"
            "    2023  apple  10\n"
            "    2023  apple  4",
            "12, [tables.sales.expect] unique",
            REMEDY,
        ),
    ]  # fmt: skip


def test_a_text_that_was_to_be_a_date_is_shown(make_course: Any) -> None:
    data = "day,n\n2024-05-01,1\nsoon,2\n2024-02-30,3\n2024-13-01,4\n"
    rules = 'types = { day = "date", n = "integer" }\nranges = { day = "2024-01-01.." }\n'
    assert problems(make_course, rules, {"data/sales.csv": data}) == [
        (
            '"day", which is text (VARCHAR), is no date in 2 of 4 rows of "sales"\n'
            "    day         n\n"
            "    soon        2\n"
            "    2024-13-01  4",
            "8, [tables.sales.expect.types] day",
            REMEDY,
        )
    ]


def test_no_more_than_five_rows_are_shown_and_no_sign_that_a_terminal_obeys(make_course: Any, capsys: Any) -> None:
    red, long = "é\x1b[31m" * 9, "long " * 20
    rows = "".join(f"{year},{red},{long}\n" for year in range(10, 2010))
    course = make_course({
        "course.toml": HEAD + 'ranges = { year = "2000.." }\n',
        "data/sales.csv": f"year,fruit,tonnes\n{rows}",
        "pages/index.md": "```{table} sales\n:limit: 1\n```\n",
    })  # fmt: skip
    assert main(["build", str(course)]) == 1
    said = capsys.readouterr().err
    assert said.startswith(
        'error: "year" is not within 2000.. in 1,990 of 2,000 rows of "sales"\n'
        "    year  fruit                     tonnes\n"
        "    10    é�[31mé�[31mé�[31mé�[31…  long long long long lon…\n"
    )
    assert said.count("lon…\n") == 5
    assert "\x1b" not in said
    assert said.endswith(f"  --> {course}/course.toml:8, [tables.sales.expect.ranges] year\nhint: {REMEDY}\n")
    assert not (course / "build").exists()


def test_a_value_that_is_in_no_row_of_another_table(make_course: Any) -> None:
    files = {"tables/kinds.sql": "SELECT 'apple' AS kind"}
    rules = 'refers = { fruit = "kinds.kind" }\n'
    assert problems(make_course, rules, files) == [
        (
            '"fruit" is not in "kinds" in 2 of 4 rows of "sales"\n'
            "    fruit  year  tonnes\n"
            "    pear   2023  4\n"
            "    pear   2024  NULL",
            "8, [tables.sales.expect.refers] fruit",
            REMEDY,
        )
    ]
    hint = "Available: kind"
    assert problems(make_course, rules.replace("kinds.kind", "kinds.fruit"), files) == [
        ('"kinds" has no column called "fruit"', "8, [tables.sales.expect.refers] fruit", hint)
    ]


def test_tables_may_refer_to_each_other(make_course: Any) -> None:
    course = make_course({
        "course.toml": HEAD + 'refers.fruit = "kinds.fruit"\n[tables.kinds.expect.refers]\nfruit = "sales.fruit"\n',
        "tables/kinds.sql": "SELECT DISTINCT fruit FROM sales",
    })  # fmt: skip
    assert check(course) == []
    database = open_course(course).database()
    assert len(database.table("kinds")) == 2
    assert len(database.table("sales")) == 4


def test_a_derived_table_is_held_to_its_contract_with_every_value_of_a_parameter(make_course: Any) -> None:
    text = '[course]\ntitle = "T"\n[parameters]\nyear = 2023\n[tables]\nsales = "data/sales.csv"\n'
    course = make_course({
        "course.toml": text + '[tables.year.expect]\nnot_null = ["tonnes"]\n',
        "tables/year.sql": "SELECT * FROM sales WHERE year = :year",
    })  # fmt: skip
    database = open_course(course).database()
    sql = Sql("SELECT count(*) AS n FROM year", "test.sql")
    assert database.rows(sql) == [{"n": 2}]
    for _ in range(2):  # it is said again to the next who asks
        with pytest.raises(SeveralProblems, match='"tonnes" is missing in 1 of 2 rows of "year"'):
            database.rows(sql, {"year": 2024})
    assert database.rows(sql, {"year": 2023}) == [{"n": 2}]


@pytest.mark.parametrize("name", ["name", "a b", 'say "hi"', "it's", "класс", "select", "n", "c0", "twice"])
def test_a_column_may_be_called_anything(tmp_path: Path, name: str) -> None:
    (tmp_path / "data").mkdir()
    pyarrow.parquet.write_table(pa.table({name: [1, 1, None]}), tmp_path / "data/t.parquet")
    quoted = name.replace('"', '\\"')
    rules = f'not_null = ["{quoted}"]\nunique = ["{quoted}"]\n[tables.t.expect.ranges]\n"{quoted}" = "..0"\n'
    rules += f'[tables.t.expect.refers]\n"{quoted}" = "t.{quoted}"\n'
    head = '[course]\ntitle = "T"\n[tables.t]\nfile = "data/t.parquet"\n[tables.t.expect]\n'
    (tmp_path / "course.toml").write_text(head + rules, encoding="utf-8")
    assert [problem.message.split("\n")[0] for problem in check(tmp_path)] == [
        f'"{name}" is missing in 1 of 3 rows of "t"',
        f'"{name}" is not within ..0 in 2 of 3 rows of "t"',
        f'"{name}" is not unique in 2 of 3 rows of "t"',
    ]


@pytest.mark.parametrize(
    ("column", "rules", "message"),
    [
        ("TIMESTAMP '2024-12-31 23:00'", 'ranges = { x = "..2024-12-31" }', None),
        ("TIMESTAMP '2025-01-01 00:00'", 'ranges = { x = "..2024-12-31" }', '"x" is not within ..2024-12-31'),
        ("DATE '9999-12-31'::TIMESTAMP", 'ranges = { x = "..9999-12-31" }', None),
        ("TIME '12:30'", 'ranges = { x = "08:00..12:00" }', '"x" is not within 08:00..12:00'),
        ("'2024-05-01'", 'ranges = { x = "2024-06-01.." }', '"x" is not within 2024-06-01..'),
        ("2.5::DECIMAL(5,2)", 'ranges = { x = "-3..2.5" }', None),
        ("5::DECIMAL(5,0)", 'types = { x = "integer" }', None),
        ("'nan'::DOUBLE", 'ranges = { x = "0..5" }', '"x" is not within 0..5'),
        ("'5'", 'values = { x = [5, true] }', None),
        ("true", 'values = { x = [true, "true"] }', None),
        ("false", 'values = { x = [true] }', '"x" is not true'),
        ("1", 'values = { x = [] }', '"x" is not there at all'),
        ("1", 'values = { x = ["one", "two", "three", "four", "five", "six", "seven"] }',
         '"x" is not "one", "two", "three", "four", "five" or 2 more'),
        ("DATE '2024-05-01'", 'values = { x = ["2024-05-01"] }', None),
        ("'AB' || chr(10)", 'match = { x = "AB" }', '"x" does not match AB'),
        ("'xAB'", 'match = { x = "AB|x" }', '"x" does not match AB|x'),
        ("'it''s'", '''match = { x = "it's" }''', None),
        ("NULL", 'match = { x = "a" }\nranges = { x = "1.." }\nunique = ["x"]', None),
        ("[1]", 'types = { x = "integer" }', '"x" of "t" is INTEGER[], not integer'),
        ("'1'", 'ranges = { x = "1.." }', '"x" of "t" is text (VARCHAR), which has no range of numbers'),
        ("1", "columns = []\nexactly = true", '"t" has a column more, "x"'),
        ("1", 'ranges = { X = "2.." }', '"x" is not within 2..'),
    ],
)  # fmt: skip
def test_one_value_and_one_rule(make_course: Any, column: str, rules: str, message: str | None) -> None:
    text = f'[course]\ntitle = "T"\n[tables.t.expect]\n{rules}\n'
    course = make_course({"course.toml": text, "tables/t.sql": f"SELECT {column} AS x"})
    said = [re.sub(" in 1 of 1 row of .*", "", problem.message, flags=re.DOTALL) for problem in check(course)]
    assert said == ([message] if message else [])


def test_an_empty_table_breaks_no_rule_but_that_of_rows(make_course: Any) -> None:
    empty = {"data/sales.csv": "year,fruit,tonnes\n"}
    rules = 'not_null = ["year"]\nunique = ["fruit"]\nrefers = { fruit = "sales.fruit" }\nrows = "1.."\n'
    assert [message for message, *_ in problems(make_course, rules, empty)] == ['"sales" has 0 rows, not 1..']


def test_what_is_expected_of_a_wide_table_is_asked_in_one_go(tmp_path: Path) -> None:
    pyarrow.parquet.write_table(pa.table({f"c{n}": [n] for n in range(300)}), tmp_path / "t.parquet")
    rules = "".join(f'c{n} = "..{n - 1}"\n' for n in range(1, 300))
    text = '[course]\ntitle = "T"\n[tables.t]\nfile = "t.parquet"\n[tables.t.expect.ranges]\n'
    (tmp_path / "course.toml").write_text(text + rules, encoding="utf-8")
    assert len(check(tmp_path)) == 299


NUMBERS = st.integers(-(10**9), 10**9) | st.decimals(-1000, 1000, places=2)


@given(low=NUMBERS | st.none(), high=NUMBERS | st.none())
def test_a_range_of_numbers_is_read_as_it_is_written(low: Any, high: Any) -> None:
    text = f"{'' if low is None else low}..{'' if high is None else high}"
    span = read_span(text)
    if (low is None and high is None) or (low is not None and high is not None and low > high):
        assert span is None
    else:
        assert span
        assert (span.low, span.high) == tuple(text.split("..", 1))


@given(st.text(alphabet="0123456789.-+: T'", max_size=24))
def test_no_text_becomes_sql_that_is_no_range(text: str) -> None:
    span = read_span(text)
    if span:
        assert not set("'; ") & set(span.low + span.high) - {" "}


@pytest.mark.parametrize(
    ("declared", "kind"),
    [
        ("BIGINT", "integer"), ("UHUGEINT", "integer"), ("int4", "integer"), ("int(11)", "integer"),
        ("DECIMAL(10,0)", "integer"), ("DECIMAL(10,2)", "number"), ("double precision", "number"), ("REAL", "number"),
        ("float8", "number"), ("numeric", "number"), ("VARCHAR", "text"), ("character varying", "text"),
        ("TEXT", "text"), ("ENUM('a', 'b')", "text"), ("UUID", "text"), ("DATE", "date"), ("TIME", "time"),
        ("TIME WITH TIME ZONE", "time"), ("TIMESTAMP_NS", "timestamp"), ("TIMESTAMP WITH TIME ZONE", "timestamp"),
        ("datetime", "timestamp"), ("timestamptz", "timestamp"), ("BOOLEAN", "boolean"), ("INTEGER[]", ""),
        ("STRUCT(a INTEGER)", ""), ("BLOB", ""), ("INTERVAL", ""), ("", ""),
    ],
)  # fmt: skip
def test_the_types_of_databases_in_the_words_of_a_contract(declared: str, kind: str) -> None:
    assert kind_of(declared) == kind


IMPOSSIBLE = {
    'rows = "x..y"': ('"x..y" is no range', "8, [tables.sales.expect] rows"),
    'rows = "-5.."': ('"-5.." is no number of rows', "8, [tables.sales.expect] rows"),
    "rows = 1.5": ('"rows" should be a whole number or text, not a number', "8, [tables.sales.expect] rows"),
    'ranges = { year = "5..1" }': ('"5..1" is no range', "8, [tables.sales.expect.ranges] year"),
    'ranges = { year = "2024-02-30.." }': ('"2024-02-30.." is no range', "8, [tables.sales.expect.ranges] year"),
    'ranges = { year = "1..2024-01-01" }': ('"1..2024-01-01" is no range', "8, [tables.sales.expect.ranges] year"),
    'types = { year = "int" }': ('no type called "int"', "8, [tables.sales.expect.types] year"),
    'match = { fruit = "[a-z" }': (
        '"[a-z" is no regular expression: unterminated character set at position 0',
        "8, [tables.sales.expect.match] fruit",
    ),
    'refers = { fruit = "kinds" }': ('"kinds" is no column of a table', "8, [tables.sales.expect.refers] fruit"),
    'refers = { fruit = "sale.fruit" }': ('no table called "sale"', "8, [tables.sales.expect.refers] fruit"),
    "unique = [[]]": ("a key has one column or more", "8, [tables.sales.expect] unique"),
    "uniqe = []": ('unknown key "uniqe"', "8, [tables.sales.expect] uniqe"),
    "\n[tables.sale.expect]\nrows = 1": (
        'no table called "sale", of which something is expected',
        "9, [tables.sale] expect",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rules", "said"), IMPOSSIBLE.items())
def test_a_contract_that_no_table_can_keep(make_course: Any, rules: str, said: tuple[str, str]) -> None:
    ((message, place, hint),) = problems(make_course, rules + "\n")
    assert (message, place) == said
    assert hint or "regular" in message or "should be" in message


@pytest.mark.parametrize(
    "written",
    [
        '[tables]\nsales = { file = "data/sales.csv", expect = { rows = 5 } }\n',
        '[tables]\nsales.file = "data/sales.csv"\n[tables.sales.expect]\ncolumns = []\nrows = 5\n',
        '[tables]\nsales-2.file = "data/sales.csv"\nsales.file = "data/sales.csv"\n[tables.sales-2.expect]\nrows = 4\n'
        "[tables.sales.expect]\nrows = 5\n",
    ],
)
def test_the_line_of_a_rule_however_it_is_written(make_course: Any, written: str) -> None:
    text = f'[course]\ntitle = "Fruit"\n{written}'
    (problem,) = check(make_course({"course.toml": text}))
    lines = text.split("\n")
    assert problem.where
    assert problem.where.line == next(n for n, line in enumerate(lines, start=1) if re.search("rows = 5", line))


def test_a_pattern_that_the_database_cannot_match_is_a_problem(make_course: Any) -> None:
    database = open_course(make_course({"course.toml": HEAD + 'match = { fruit = "(?=a)b" }\n'})).database()
    with pytest.raises(CoursewrightError, match=r"SQL: .*invalid perl operator") as caught:
        database.table("sales")
    assert str(caught.value.problem.where).endswith("course.toml:7")
