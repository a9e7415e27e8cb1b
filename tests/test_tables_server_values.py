"""Values at the ends of what types hold: a server has them as DuckDB has them, or they are refused with their place."""

from __future__ import annotations

import datetime
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coursewright.courses import open_course
from coursewright.errors import CoursewrightError, Place
from coursewright.tables import Database, Sql
from coursewright.tables.servers.server import Server
from servers import Database as Own

SERVERS = ["sqlite", "postgresql", "mariadb"]
CALLED = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mariadb": "MariaDB"}
Beside = Callable[..., Database]


@pytest.fixture
def beside(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Beside:
    """The database of a course with a table `t` of these columns, in a server whose own tables `own` makes."""

    def made(kind: str, own: str = "CREATE TABLE own (a INT)", **columns: pa.Array) -> Database:
        if kind == "sqlite":
            sqlite3.connect(tmp_path / "own.sqlite").executescript(own).connection.close()
            url = "sqlite:///own.sqlite"
        else:
            database: Own = request.getfixturevalue(kind)
            database.run(own)
            monkeypatch.setenv("SERVER_PASSWORD", database.server.password)
            url = f"{kind}://tester:${{SERVER_PASSWORD}}@127.0.0.1:{database.server.port}/{database.name}"
        pq.write_table(pa.table(columns or {"id": [1]}), tmp_path / "t.parquet")
        (tmp_path / "course.toml").write_text(
            f'[course]\ntitle = "T"\n[tables]\nt = "t.parquet"\n[database]\nurl = "{url}"\n'
        )
        return open_course(tmp_path).database()

    return made


def values(database: Database, sql: str) -> list[Any]:
    """What a statement gives, as one list."""
    return [value for row in database.rows(Sql(sql, "q.sql")) for value in row.values()]


def refused(database: Database, sql: str) -> tuple[str, str, Place | None]:
    """The message of the error that a statement gives, its hint and its place."""
    with pytest.raises(CoursewrightError) as error:
        database.query(Sql(sql, "q.sql"))
    problem = error.value.problem
    return problem.message, problem.hint, problem.where


HELD = {
    "whole numbers without a sign": pa.array([2**63 - 1, 5], pa.uint64()),
    "long decimal numbers": pa.array([Decimal("1.10"), Decimal("-0.05"), None]),
    "times": pa.array([datetime.time(10), datetime.time(23, 59, 59, 999_999), None]),
    "days at the ends": pa.array([datetime.date(1, 1, 1), datetime.date(9999, 12, 31), None]),
    "billionths of a second that are none": pa.array([1_700_000_000_000_001_000, None], pa.timestamp("ns")),
    "bytes": pa.array([b"\x00\xff", b"", None]),
    "texts": pa.array(["😀 é", "a\\b'\"%s\t", "", " x ", None]),
    "truth values": pa.array([True, False, None]),
    "small floating numbers": pa.array([0.1, 16_777_217.0, None], pa.float32()),
}


@pytest.mark.parametrize("kind", SERVERS)
def test_rows_are_the_same_after_they_were_copied(kind: str, beside: Beside) -> None:
    columns = {name.replace(" ", "_"): column for name, column in HELD.items()}
    length = max(map(len, columns.values()))
    padded = {
        name: pa.concat_arrays([column, pa.nulls(length - len(column), column.type)])
        for name, column in columns.items()
    }
    found = beside(kind, **padded).query(Sql("SELECT * FROM t", "q.sql"))
    for name, column in padded.items():
        expected = column.cast(pa.timestamp("us")) if pa.types.is_timestamp(column.type) else column
        assert found.column(name).to_pylist() == expected.to_pylist(), name


NAN, FAR = pa.array([1.5, float("nan")]), pa.array([1.5, None, float("-inf")])
NOUGHT = pa.array(["a", "b\0c"])
FINE = pa.array([1_700_000_000_000_000_000, 1_700_000_000_000_000_001], pa.timestamp("ns"))
DIGITS = pa.array([Decimal("0.1234567890123456789012345")])
WITHOUT = "leave the column out: columns = { … } names those that are wanted"
LEFT_OUT = "leave the value out where the file is made, or use PostgreSQL"
TEXT_OR = 'text = ["v"], or another server'
IN_64 = "SQLite holds numbers in 64 bits, which changes its digits"


@pytest.mark.parametrize(
    ("kind", "column", "message", "hint"),
    [
        ("mariadb", NAN, '"v" in row 2 of "t": MariaDB has no NaN', LEFT_OUT),
        ("sqlite", NAN, '"v" in row 2 of "t": SQLite has no NaN', LEFT_OUT),
        ("mariadb", FAR, '"v" in row 3 of "t": MariaDB has no infinity', LEFT_OUT),
        ("postgresql", NOUGHT, '"v" in row 2 of "t": PostgreSQL has no texts with a zero byte in them', WITHOUT),
        ("sqlite", NOUGHT, '"v" in row 2 of "t": SQLite has no texts with a zero byte in them', WITHOUT),
        ("sqlite", DIGITS, f'"v" in row 1 of "t": {IN_64}', TEXT_OR),
        ("sqlite", pa.array([1, 2**63], pa.uint64()), f'"v" in row 2 of "t": {IN_64}', TEXT_OR),
        *(
            (kind, FINE, f'"v" in row 2 of "t": {CALLED[kind]} has no fractions of a microsecond', 'text = ["v"]')
            for kind in SERVERS
        ),
        *(
            (kind, pa.array([[1]]), f'"v" of "t": lists, structs and maps cannot be copied to {CALLED[kind]}', WITHOUT)
            for kind in SERVERS
        ),
    ],
)
def test_rows_that_a_server_cannot_hold_are_refused(
    kind: str, column: pa.Array, message: str, hint: str, beside: Beside
) -> None:
    database = beside(kind, v=column)
    said, remedy, where = refused(database, "SELECT * FROM t")
    assert (said, remedy) == (message, hint)
    assert where == Place(database.root / "course.toml", 4, "[tables] t")
    assert values(database, "SELECT 1 AS one") == [1]  # the session goes on


@pytest.mark.parametrize(("kind", "longest"), [("postgresql", 63), ("mariadb", 64)])
def test_names_that_a_server_would_cut(kind: str, longest: int, beside: Beside) -> None:
    name = "v" * 65
    message, hint, _ = refused(beside(kind, **{name: pa.array([1])}), "SELECT * FROM t")
    assert message == f'"{name}" of "t": {CALLED[kind]} has no names of more than {longest} letters'
    assert hint == 'give it another: columns = { short = "…" }'


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_whole_numbers_beyond_64_bits(kind: str, beside: Beside) -> None:
    database = beside(kind, v=pa.array([2**64 - 1, 6], pa.uint64()))
    assert values(database, "SELECT sum(v) AS s FROM t") == [Decimal(2**64 + 5)]
    assert values(database, "SELECT v + 1 AS a FROM t ORDER BY v DESC LIMIT 1") == [Decimal(2**64)]


BEYOND = [
    "SELECT CAST(d * 1e30 AS BIGINT) AS a FROM t",
    "SELECT CAST(s || '9999999999999999999' AS BIGINT) AS a FROM t",
    "SELECT CAST(d * 1000 AS DECIMAL(4, 2)) AS a FROM t",
    "SELECT CAST(i * 1000 AS DECIMAL(4, 2)) > 5 AS a FROM t",
    "SELECT i * 9223372036854775807 AS a FROM t",
    "SELECT i, (SELECT x.i FROM t x) AS a FROM t",
]


@pytest.mark.parametrize("kind", SERVERS)
@pytest.mark.parametrize("sql", BEYOND)
def test_a_value_beyond_its_type_is_an_error_as_in_duckdb(kind: str, sql: str, beside: Beside) -> None:
    database = beside(kind, i=pa.array([7, 8]), d=pa.array([7.5, 8.5]), s=pa.array(["12", "13"]))
    for one in (database, database.embedded):
        message, _, where = refused(one, sql)
        assert message.startswith("SQL: ")
        assert where is not None
        assert where.file == "q.sql"


@pytest.mark.parametrize("kind", SERVERS)
def test_a_day_that_servers_do_not_have_is_an_error_and_not_missing(kind: str, beside: Beside) -> None:
    database = beside(kind, day=pa.array([datetime.date(2024, 2, 29), None]), n=pa.array([10_000_000, 1]))
    refused(database, "SELECT day + n AS later FROM t")
    refused(database, "SELECT day + INTERVAL (n) DAY AS later FROM t")
    assert values(database, "SELECT day + 1 AS later FROM t ORDER BY n DESC") == [datetime.date(2024, 3, 1), None]


@pytest.mark.parametrize("kind", SERVERS)
def test_a_subquery_as_a_value(kind: str, beside: Beside) -> None:
    database = beside(kind, i=pa.array([7, 8]))
    assert values(database, "SELECT (SELECT x.i FROM t x WHERE x.i > t.i) AS a FROM t ORDER BY i") == [8, None]
    chosen = "SELECT CASE (SELECT max(x.i) FROM t x) WHEN 7 THEN 'a' WHEN 8 THEN 'b' END AS a FROM t"
    assert values(database, chosen) == ["b", "b"]


OWN = """\
CREATE TABLE own (id INT, less INT UNSIGNED, far BIGINT UNSIGNED, six FLOAT, flag BIT(1));
INSERT INTO own VALUES (1, 0, 18446744073709551615, 16777216, 1), (2, 7, 5, 0.5, 0);
"""


def test_numbers_of_mariadb_that_duckdb_has_not(beside: Beside) -> None:
    database = beside("mariadb", OWN)
    assert values(database, "SELECT less - id AS a FROM own ORDER BY id") == [-1, 5]
    assert values(database, "SELECT sum(far) AS a FROM own") == [Decimal(2**64 + 4)]
    assert values(database, "SELECT far AS a FROM own ORDER BY id") == [Decimal(2**64 - 1), Decimal(5)]
    assert values(database, "SELECT six AS a FROM own ORDER BY id") == [16_777_216.0, 0.5]
    assert values(database, "SELECT flag AS a FROM own ORDER BY id") == [1, 0]


def test_any_thread_may_clear_a_session_away(beside: Beside) -> None:
    database = beside("sqlite", id=pa.array([1, 2]))
    assert values(database, "SELECT count(*) FROM t") == [2]
    assert isinstance(database, Server)
    with ThreadPoolExecutor(1) as pool:  # as the search for cycles does, in whichever thread it happens to be
        pool.submit(database.session.connection.close).result()


LONG = "12345678901234567890.125"
NUMBERS = f"(1, {LONG}, 1234567890.1234567890, {LONG}), (2, 0.5, 2, {LONG}), (3, NULL, -3, NULL)"


@pytest.mark.parametrize(
    ("kind", "types"),
    [
        ("postgresql", ("numeric", "numeric", "numeric(50, 3)")),
        ("mariadb", ("decimal(50, 3)", "decimal(60, 10)", "decimal(65, 3)")),
    ],
)
def test_decimal_numbers_of_a_servers_own_keep_their_digits(kind: str, types: tuple[str, ...], beside: Beside) -> None:
    declared = ", ".join(f"{name} {one}" for name, one in zip("abc", types, strict=True))
    database = beside(kind, own=f"CREATE TABLE own (id INT, {declared}); INSERT INTO own VALUES {NUMBERS}")
    found = database.query(Sql("SELECT a, b, c FROM own ORDER BY id", "q.sql"))
    assert found.schema.types == [pa.decimal128(23, 3), pa.decimal128(20, 10), pa.decimal128(23, 3)]
    assert [str(value) for value in found["a"].to_pylist()] == [LONG, "0.500", "None"]
    assert str(found["b"][0].as_py()) == "1234567890.1234567890"
    assert values(database, "SELECT sum(c) AS s FROM own") == [2 * Decimal(LONG)]
    assert values(database, "SELECT a > 0.4999999999 AS x FROM own WHERE id < 3") == [True, True]


@pytest.mark.parametrize(
    ("kind", "declared"), [("postgresql", "numeric"), ("postgresql", "numeric(50, 20)"), ("mariadb", "decimal(65, 20)")]
)
def test_decimal_numbers_that_are_too_long_for_duckdb_are_only_selected(
    kind: str, declared: str, beside: Beside
) -> None:
    long = "1" * 25 + ".12345678901234567891"
    database = beside(kind, own=f"CREATE TABLE own (a {declared}); INSERT INTO own VALUES ({long})")
    assert [str(value) for value in values(database, "SELECT a FROM own")] == [long]
    said = refused(database, "SELECT a + 1 AS x FROM own")[0]
    assert said == f"SQL: + of value, integer is not known to give in {CALLED[kind]} what it gives in DuckDB"


def test_a_number_that_is_none_is_no_decimal_one(beside: Beside) -> None:
    database = beside("postgresql", own="CREATE TABLE own (a numeric); INSERT INTO own VALUES ('NaN'), (1.5)")
    assert [str(value) for value in values(database, "SELECT a FROM own")] == ["NaN", "1.5"]


def test_numbers_declared_in_a_way_that_only_postgresql_knows(beside: Beside) -> None:
    database = beside(
        "postgresql",
        own="CREATE TABLE own (a numeric(5, -2), b numeric(3, 5)); INSERT INTO own VALUES (12345, 0.00123)",
    )
    assert [str(value) for value in values(database, "SELECT a, b FROM own")] == ["12300", "0.00123"]
