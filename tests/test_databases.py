"""Tables from real database servers: every type, every way to fail, and no password anywhere."""

from __future__ import annotations

import contextlib
import datetime
import decimal
import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import hypothesis
import hypothesis.strategies as st
import pyarrow as pa
import pytest

from coursewright.courses import open_course
from coursewright.errors import CoursewrightError, MissingPart, Place
from coursewright.tables import EmbeddedDatabase as Tables
from coursewright.tables import Table
from coursewright.tables.sources import Source, databases
from coursewright.tables.sources._databases import address, others
from coursewright.tables.sources._databases.statement import statement
from servers import Database, Missing, Server, fresh, running

PLACE = Place("course.toml", 7, "[tables] stock")
D = decimal.Decimal
KINDS = ["postgresql", "mariadb"]
CHANGES = "the query would change the database | write one SELECT; tables are never changed"
UTC = datetime.UTC


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture(autouse=True)
def no_password_anywhere(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever a test does, nothing printed has the password in it."""
    yield
    secret = os.environ.get("SHOP_PASSWORD")
    if secret:
        said = "".join(capfd.readouterr())
        assert not [form for form in forms(secret) if form in said]


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch) -> Callable[[Database], str]:
    """The address of a database as a course writes it."""

    def written(database: Database) -> str:
        server = database.server
        monkeypatch.setenv("SHOP_PASSWORD", server.password)
        return f"{server.kind}://tester:${{SHOP_PASSWORD}}@127.0.0.1:{server.port}/{database.name}"

    return written


def forms(secret: str) -> set[str]:
    return {secret, quote(secret, safe=""), quote(secret), quote_plus(secret), repr(secret)[1:-1]}


def rows(url: str, query: str, root: Path | None = None, **parameters: Any) -> pa.Table:
    with databases.read(url, query, parameters, place=PLACE, root=root) as reader:
        return reader.read_all()


def problem(url: str, query: str = "SELECT 1 AS one", **parameters: Any) -> str:
    """What is said of it; nothing in the error, nor in what it came from, is secret."""
    with pytest.raises(CoursewrightError) as caught:
        rows(url, query, **parameters)
    seen: BaseException | None = caught.value
    while seen is not None:
        for secret in filter(None, [os.environ.get("SHOP_PASSWORD")]):
            assert not [form for form in forms(secret) if form in f"{seen} {seen!r}"]
        seen = seen.__cause__
    assert caught.value.problem.where == PLACE
    hint = f" | {caught.value.problem.hint}" if caught.value.problem.hint else ""
    return caught.value.problem.message + hint


# What becomes of the types --------------------------------------------------------------------------------------------

POSTGRESQL = {
    "1::smallint": (pa.int16(), 1),
    "1": (pa.int32(), 1),
    "9223372036854775807": (pa.int64(), 9223372036854775807),
    "0.5::real": (pa.float32(), 0.5),
    "0.1::double precision": (pa.float64(), 0.1),
    "1234567890123456789012345678.0123456789::numeric(38,10)": (
        pa.decimal128(38, 10),
        D("1234567890123456789012345678.0123456789"),
    ),
    "-1.10::numeric": (pa.decimal128(38, 2), D("-1.10")),
    "sum(9223372036854775807)": (pa.decimal128(38, 0), D(9223372036854775807)),
    "avg(1)": (pa.decimal128(38, 20), D(1)),
    "1e50::numeric": (pa.string(), "1" + 50 * "0"),
    "'NaN'::numeric": (pa.string(), "NaN"),
    "null::numeric": (pa.decimal128(38, 0), None),
    "1234.56::money": (pa.decimal128(38, 2), D("1234.56")),
    "true": (pa.bool_(), True),
    "'a'::char(4)": (pa.string(), "a"),
    "E'q''\"\\\\\\n☃😀'::text": (pa.string(), "q'\"\\\n☃😀"),
    "'n'::name": (pa.string(), "n"),
    "'\\x00ff'::bytea": (pa.binary(), b"\x00\xff"),
    "date '2020-02-29'": (pa.date32(), datetime.date(2020, 2, 29)),
    "timestamp '9999-12-31 23:59:59.999999'": (
        pa.timestamp("us"),
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
    ),
    "timestamptz '2020-01-01 12:00+02'": (pa.timestamp("us", "UTC"), datetime.datetime(2020, 1, 1, 10, tzinfo=UTC)),
    "time '12:34:56.789'": (pa.time64("us"), datetime.time(12, 34, 56, 789000)),
    "timetz '12:34:56+02'": (pa.string(), "12:34:56+02"),
    "interval '1 month 2 days 03:00'": (pa.string(), "1 mon 2 days 03:00:00"),
    "'{\"a\": [1]}'::json": (pa.string(), '{"a": [1]}'),
    "'{\"a\":1}'::jsonb": (pa.string(), '{"a": 1}'),
    "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid": (pa.string(), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    "array[1, null, 3]": (pa.list_(pa.int32()), [1, None, 3]),
    "array[[1, 2], [3, 4]]": (pa.string(), "[[1,2],[3,4]]"),
    "array['a', 'b']": (pa.list_(pa.string()), ["a", "b"]),
    "array[1.50]": (pa.list_(pa.string()), ["1.50"]),
    "array[date '2020-01-01']": (pa.list_(pa.date32()), [datetime.date(2020, 1, 1)]),
    "'ok'::mood": (pa.string(), "ok"),
    "5::positive": (pa.int32(), 5),
    "row(1, 'x')": (pa.string(), '{"f1":1,"f2":"x"}'),
    "'192.168.0.1/24'::inet": (pa.string(), "192.168.0.1/24"),
    "b'101'": (pa.string(), "101"),
    "4294967295::oid": (pa.int64(), 4294967295),
    "int4range(1, 5)": (pa.string(), "[1,5)"),
    "point(1, 2)": (pa.string(), "(1,2)"),
    "xmlparse(content '<a/>')": (pa.string(), "<a/>"),
    "null": (pa.string(), None),
}


def test_every_type_of_postgresql(postgresql: Database, url: Callable[[Database], str]) -> None:
    postgresql.run("CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN positive AS integer CHECK (value > 0)")
    query = ", ".join(f"{expression} AS c{at}" for at, expression in enumerate(POSTGRESQL))
    found = rows(url(postgresql), f"SELECT {query}")
    for field, expression, (kind, value) in zip(found.schema, POSTGRESQL, POSTGRESQL.values(), strict=True):
        assert (expression, field.type, found.column(field.name).to_pylist()) == (expression, kind, [value])
    unwrapped = [text for text in POSTGRESQL if text.startswith(("1::small", "date", "true", "timestamp"))]
    plain = rows(url(postgresql), f"SELECT {', '.join(f'{text} AS c{at}' for at, text in enumerate(unwrapped))}")
    assert plain.to_pylist()[0] == {f"c{at}": POSTGRESQL[text][1] for at, text in enumerate(unwrapped)}


def test_dates_without_end_stay_so(postgresql: Database, url: Callable[[Database], str], tmp_path: Path) -> None:
    query = (
        "SELECT date 'infinity' AS a, date '-infinity' AS b, timestamp 'infinity' AS c, timestamptz '-infinity' AS d"
    )
    source = Source(database=url(postgresql), query=f"{query} UNION ALL SELECT '2020-01-01', '2020-01-01', null, null")
    tables = Tables(tmp_path, [Table("stock", source, PLACE)])
    told = tables.connection
    tables.open("stock")
    assert told.execute("SELECT a::text, b::text, c::text, d::text FROM stock").fetchall() == [
        ("infinity", "-infinity", "infinity", "-infinity"),
        ("2020-01-01", "2020-01-01", None, None),
    ]


def test_what_no_type_holds_is_said(postgresql: Database, url: Callable[[Database], str]) -> None:
    at = url(postgresql)
    assert problem(at, "SELECT 'NaN'::numeric(10, 2) AS x") == (
        'the column "x" has a number that decimal128(10, 2) cannot hold | '
        "cast it in the query, to double precision or to text"
    )
    assert problem(at, "SELECT timestamp '294260-01-01' AS x") == (
        'the column "x" has a date after the year 294246 | cast it to text'
    )
    assert problem(at, "SELECT array[date 'infinity'] AS x") == (
        'the column "x" has dates without end in an array | cast it to text[]'
    )


MARIADB = {
    "tinyint": (-128, pa.int8(), -128),
    "boolean": (1, pa.int8(), 1),
    "tinyint unsigned": (255, pa.uint8(), 255),
    "smallint": (-32768, pa.int16(), -32768),
    "mediumint": (-8388608, pa.int32(), -8388608),
    "int unsigned": (4294967295, pa.uint32(), 4294967295),
    "bigint": (-9223372036854775808, pa.int64(), -9223372036854775808),
    "bigint unsigned": (18446744073709551615, pa.uint64(), 18446744073709551615),
    "float": (16777217, pa.float32(), 16777216.0),
    "double": (0.1, pa.float64(), 0.1),
    "decimal(38,10)": (
        "'1234567890123456789012345678.0123456789'",
        pa.decimal128(38, 10),
        D("1234567890123456789012345678.0123456789"),
    ),
    "decimal(10,2) unsigned": ("12.30", pa.decimal128(10, 2), D("12.30")),
    "decimal(28,10)": ("'-999999999999999999.9999999999'", pa.decimal128(28, 10), D("-999999999999999999.9999999999")),
    "decimal(29,10)": ("'9999999999999999999.9999999999'", pa.decimal128(29, 10), D("9999999999999999999.9999999999")),
    "decimal(30,11)": ("'0.00000000001'", pa.decimal128(30, 11), D("0.00000000001")),
    "decimal(65,30)": ("'1.5'", pa.decimal128(38, 30), D("1.5")),
    "decimal(65,0)": (50 * "1", pa.string(), 50 * "1"),
    "char(10)": ("'ab'", pa.string(), "ab"),
    "varchar(40)": ("'q''\"\\\\\\n☃😀'", pa.string(), "q'\"\\\n☃😀"),
    "longtext": ("'x'", pa.string(), "x"),
    "binary(3)": ("x'00ff'", pa.binary(), b"\x00\xff\x00"),
    "blob": ("x'ff00'", pa.binary(), b"\xff\x00"),
    "date": ("'2020-02-29'", pa.date32(), datetime.date(2020, 2, 29)),
    "datetime(6)": (
        "'9999-12-31 23:59:59.999999'",
        pa.timestamp("us"),
        datetime.datetime(9999, 12, 31, 23, 59, 59, 999999),
    ),
    "timestamp null": (
        "from_unixtime(1577880000)",
        pa.timestamp("us", "UTC"),
        datetime.datetime(2020, 1, 1, 12, tzinfo=UTC),
    ),
    "time(3)": ("'12:34:56.789'", pa.time64("us"), datetime.time(12, 34, 56, 789000)),
    "year": (2020, pa.int16(), 2020),
    "bit(1)": ("b'1'", pa.uint64(), 1),
    "bit(64)": ("b'" + 64 * "1" + "'", pa.uint64(), 18446744073709551615),
    "enum('a','é')": ("'é'", pa.string(), "é"),
    "set('x','y')": ("'x,y'", pa.string(), "x,y"),
    "json": ("'{\"a\": [1]}'", pa.string(), '{"a": [1]}'),
    "uuid": ("'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", pa.string(), "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"),
    "inet6": ("'::1'", pa.string(), "::1"),
    "point": ("point(1, 2)", pa.string(), "POINT(1 2)"),
}


def test_every_type_of_mariadb(mariadb: Database, url: Callable[[Database], str]) -> None:
    columns = ", ".join(f"c{at} {kind} DEFAULT NULL" for at, kind in enumerate(MARIADB))
    values = ", ".join(str(value) for value, _, _ in MARIADB.values())
    mariadb.run(f"CREATE TABLE stock (id int, {columns}); INSERT INTO stock VALUES (1, {values})")
    mariadb.run("INSERT INTO stock (id) VALUES (2)")
    found = rows(url(mariadb), "SELECT * FROM stock ORDER BY id").drop_columns("id")
    for field, name, (_, kind, value) in zip(found.schema, MARIADB, MARIADB.values(), strict=True):
        assert (name, field.type, found.column(field.name).to_pylist()) == (name, kind, [value, None])


def test_sums_and_nothing_in_mariadb(mariadb: Database, url: Callable[[Database], str]) -> None:
    mariadb.run("CREATE TABLE stock (n bigint); INSERT INTO stock VALUES (9223372036854775807), (1)")
    found = rows(url(mariadb), "SELECT sum(n) AS s, avg(n) AS a, count(*) AS c, null AS nothing FROM stock")
    assert found.to_pylist() == [{"s": D(2**63), "a": D(2**62), "c": 2, "nothing": None}]


def test_dates_that_are_all_noughts_are_missing(mariadb: Database, url: Callable[[Database], str]) -> None:
    mariadb.run(
        "SET sql_mode = ''; CREATE TABLE stock (d date, t datetime, s timestamp);"
        "INSERT INTO stock VALUES ('0000-00-00', '0000-00-00 00:00:00', '0000-00-00 00:00:00')"
    )
    assert rows(url(mariadb), "SELECT * FROM stock").to_pylist() == [{"d": None, "t": None, "s": None}]
    mariadb.run("SET sql_mode = ''; UPDATE stock SET d = '2020-00-00'")
    said = "the query gives 2020-00-00, which is no date | cast it in the query: CAST(… AS CHAR)"
    assert problem(url(mariadb), "SELECT d FROM stock") == said
    assert rows(url(mariadb), "SELECT CAST(d AS CHAR) AS d FROM stock").to_pylist() == [{"d": "2020-00-00"}]


def test_a_length_of_time_is_no_time_of_day(mariadb: Database, url: Callable[[Database], str]) -> None:
    for text in ("-01:00:00", "838:59:59"):
        said = f"the query gives {text}, which is no time of day | cast it in the query: CAST(… AS CHAR)"
        assert problem(url(mariadb), f"SELECT CAST('{text}' AS TIME) AS t") == said


def test_types_of_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop ?#%é.db") as file:
        file.execute("CREATE TABLE stock (i integer, r real, t text, b blob)")
        file.execute("INSERT INTO stock VALUES (9223372036854775807, 0.1, 'q''☃\n', x'00ff'), (null, null, null, null)")
    file.close()
    found = rows("sqlite:///shop %3F%23%25é.db", "SELECT * FROM stock", tmp_path)
    assert found.schema.types == [pa.int64(), pa.float64(), pa.string(), pa.binary()]
    assert found.to_pylist()[0] == {"i": 9223372036854775807, "r": 0.1, "t": "q'☃\n", "b": b"\x00\xff"}
    assert set(found.to_pylist()[1].values()) == {None}


# Parameters, order and the like ---------------------------------------------------------------------------------------


def test_parameters_are_never_part_of_the_query(database: Database, url: Callable[[Database], str]) -> None:
    database.run("CREATE TABLE stock (name varchar(40), n integer, d date, price numeric(6,2))")
    nasty = "'; DROP TABLE stock; -- \\' \" ☃ $1 :n %s"
    escaped = nasty.replace("'", "''").replace("\\", "\\\\" if database.server.kind == "mariadb" else "\\")
    database.run(f"INSERT INTO stock VALUES ('{escaped}', 7, '2020-01-01', 1.5), ('other', 8, null, null)")
    query = (
        "SELECT n FROM stock WHERE name = :name AND n = :n AND d >= :day AND price < :price AND :flag AND ':n' <> ''"
    )
    values = {"name": nasty, "n": 7, "day": datetime.date(2019, 1, 1), "price": 1.75, "flag": True}
    assert rows(url(database), query, **values).to_pylist() == [{"n": 7}]
    assert rows(url(database), query, **{**values, "name": None}).to_pylist() == []
    assert problem(url(database), "SELECT :nam AS a", name=1) == (
        'the query: no parameter called "nam" | did you mean "name"? Available: name'
    )


def test_parameters_in_sqlite(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as file:
        file.execute("CREATE TABLE stock AS SELECT 'a' AS name, 7 AS n")
    file.close()
    query = "SELECT n FROM stock WHERE name = :name AND n = :n AND name = :name"
    assert rows("sqlite:///shop.db", query, tmp_path, name="a", n=7).to_pylist() == [{"n": 7}]


def test_rows_keep_their_order(database: Database, url: Callable[[Database], str]) -> None:
    database.run("CREATE TABLE stock (n integer, price numeric(6,2)); INSERT INTO stock VALUES (1, 1), (3, 1), (2, 1)")
    query = "SELECT n, price FROM stock ORDER BY n DESC -- the last first\n;"
    assert rows(url(database), query).column("n").to_pylist() == [3, 2, 1]
    assert rows(url(database), f"{query.partition('--')[0]} LIMIT 2").column("n").to_pylist() == [3, 2]


def test_no_rows_have_their_columns_still(database: Database, url: Callable[[Database], str]) -> None:
    found = rows(url(database), "SELECT 1 AS a, 'x' AS b WHERE 1 = 0")
    assert (found.num_rows, found.column_names) == (0, ["a", "b"])


def test_times_are_those_of_utc(database: Database, url: Callable[[Database], str]) -> None:
    now = "EXTRACT(HOUR FROM now())" if database.server.kind == "mariadb" else "extract(timezone FROM now())"
    utc = "EXTRACT(HOUR FROM utc_timestamp())" if database.server.kind == "mariadb" else "0"
    assert rows(url(database), f"SELECT {now} = {utc} AS same").column("same").to_pylist() in ([True], [1])


def test_many_rows_come_in_batches(database: Database, url: Callable[[Database], str]) -> None:
    series = {"postgresql": "generate_series(1, 300000)", "mariadb": "seq_1_to_300000"}[database.server.kind]
    query = f"SELECT repeat('x', 200) AS n FROM {series} AS s"
    with databases.read(url(database), query, {}, place=PLACE) as reader:
        sizes = [batch.num_rows for batch in reader]
    assert (sum(sizes), len(sizes) > 1) == (300_000, True)


# In a course ----------------------------------------------------------------------------------------------------------


def test_a_course_reads_it(make_course: Any, database: Database, url: Callable[[Database], str]) -> None:
    database.run("CREATE TABLE stock (fruit varchar(10), n integer, price numeric(6, 2))")
    database.run("INSERT INTO stock VALUES ('apple', 3, 1.25), ('pear', 4, 0.5)")
    course = make_course({"course.toml": COURSE.replace("URL", url(database))})
    tables = open_tables(course)
    found = tables.rows(tables.select("stock"))
    assert found == [{"fruit": "apple", "n": 3, "price": D("1.25")}]


COURSE = """\
[course]
title = "Fruit"

[parameters]
least = 1

[tables]
stock = { database = "URL", query = '''
select * from stock
where price > :least
''' }
"""


def open_tables(course: Path, *, refresh: bool = False, **parameters: int) -> Tables:
    return open_course(course, parameters, refresh=refresh).database()


# What goes wrong ------------------------------------------------------------------------------------------------------


def test_a_wrong_password(database: Database, url: Callable[[Database], str], monkeypatch: pytest.MonkeyPatch) -> None:
    at, server = url(database), f"127.0.0.1:{database.server.port}"
    for wrong in ("another:/@ %\\'\"é", "x"):
        monkeypatch.setenv("SHOP_PASSWORD", wrong * 7)
        assert problem(at) == (
            f'{server} does not let "tester" in with this password | '
            "check the user, and the variable of the environment that holds the password"
        )


def test_no_password(database: Database, url: Callable[[Database], str]) -> None:
    at = url(database).replace(":${SHOP_PASSWORD}", "")
    assert problem(at).startswith(f'127.0.0.1:{database.server.port} does not let "tester" in with this password')


def test_a_password_with_signs_that_are_not_latin(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    secret, server = "pässwörd ☃:/@%", database.server
    name = f"visitor_{database.name}"
    if server.kind == "mariadb":
        database.run(f"CREATE USER {name}@'127.0.0.1' IDENTIFIED BY '{secret}'; GRANT ALL ON *.* TO {name}@'127.0.0.1'")
    else:
        database.run(f"CREATE USER {name} PASSWORD '{secret}'")
    monkeypatch.setenv("SHOP_PASSWORD", secret)
    at = f"{server.kind}://{name}:${{SHOP_PASSWORD}}@127.0.0.1:{server.port}/{database.name}"
    assert rows(at, "SELECT 1.5 AS one").to_pylist() == [{"one": D("1.5")}]
    database.run(f"DROP USER {name}" + ("@'127.0.0.1'" if server.kind == "mariadb" else ""))


def test_a_password_written_out(database: Database) -> None:
    at = f"{database.server.kind}://tester:geheim@127.0.0.1:{database.server.port}/{database.name}"
    said = problem(at)
    assert "has its password written out | write ${NAME} in its place" in said
    assert "geheim" not in said


def test_no_such_host(database: Database, url: Callable[[Database], str]) -> None:
    at = url(database).replace("127.0.0.1", "no-such-host.invalid")
    assert problem(at) == 'there is no host called "no-such-host.invalid" | check the address and the network'


def test_nobody_listens(database: Database, url: Callable[[Database], str]) -> None:
    at = url(database).replace(f":{database.server.port}/", ":1/")
    assert problem(at) == (
        "no database answers at 127.0.0.1:1 | check the port, and that the server runs and listens there"
    )


def test_no_such_database(database: Database, url: Callable[[Database], str]) -> None:
    at = url(replace(database, name="shopp"))
    assert problem(at) == f'127.0.0.1:{database.server.port} has no database called "shopp" | check its name'


def test_no_such_scheme() -> None:
    assert problem("postgress://tester@127.0.0.1/shop").startswith(
        'no database called "postgress://" is known | did you mean "postgres"? Available: databricks, duckdb, hive, '
    )
    assert problem("shop") == (
        'the address of the database is no URL | for instance "postgresql://user:${PASSWORD}@host/database"'
    )
    assert problem("postgresql://tester@127.0.0.1:port/shop") == (
        "the address of the database cannot be read | write signs such as : / @ # in a name as %3A %2F %40 %23"
    )


def test_addresses_that_are_none() -> None:
    assert problem("mysql:///shop") == (
        "the address of the database names no host | for instance mysql://user:${PASSWORD}@127.0.0.1/database"
    )
    said = problem("postgresql://127.0.0.1/shop?password=geheim")
    assert said == (
        'the address of the database has the option "password" | '
        "a password stands before the @: postgresql://user:${PASSWORD}@host/database"
    )
    assert problem("mysql://tester@127.0.0.1/shop?ssl=true") == (
        "an address of MySQL or MariaDB takes no options here | leave out what follows the ?"
    )


def test_a_missing_driver() -> None:
    with pytest.raises(MissingPart) as caught:
        rows("trino://tester@127.0.0.1/shop", "SELECT 1")
    assert (caught.value.problem.message, caught.value.problem.hint) == (
        "tables from trino need trino[sqlalchemy]",
        'pip install "trino[sqlalchemy]"',
    )


@pytest.mark.parametrize(
    ("kind", "module", "message"),
    [
        ("postgresql", "adbc_driver_postgresql.dbapi", "tables from PostgreSQL need adbc-driver-postgresql"),
        ("mariadb", "connectorx", "tables from MySQL and MariaDB need connectorx and pymysql"),
        ("mysql", "pymysql", "tables from MySQL and MariaDB need connectorx and pymysql"),
        ("postgresql", "sqlglot", "tables from databases need SQLGlot"),
        ("oracle", "sqlalchemy", "tables from databases need SQLAlchemy"),
    ],
)
def test_the_extra_is_not_installed(kind: str, module: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(MissingPart) as caught:
        rows(f"{kind}://tester@127.0.0.1:1/shop", "SELECT 1")
    assert caught.value.problem.message == message
    assert caught.value.problem.hint == 'pip install "coursewright[databases]"'


def test_a_mistake_in_the_query(database: Database, url: Callable[[Database], str]) -> None:
    at = url(database)
    mistakes = {
        "postgresql": {
            "SELECT *\nFROM stokc": 'line 2 of the query: relation "stokc" does not exist',
            "SELECT 1.5 AS a,\n\n FROM": 'line 3 of the query: syntax error at or near "FROM"',
            "SELECT 1.5 AS a\nWHERE :n +": "line 2 of the query: syntax error at end of input",
            "SELECT 1 / (n - 1) AS a FROM (VALUES (1)) AS v(n)": "the query: division by zero",
            "SELECT 1 AS a, 2 AS A": 'the query: two columns are called "a" | rename one of them with AS',
        },
        "mariadb": {
            "SELECT *\nFROM stokc": f"the query: Table '{database.name}.stokc' doesn't exist",
            "SELECT 1.5 AS a,\n\n FROM": 'line 3 of the query: syntax error at "FROM"',
            "SELECT 1.5 AS a\nWHERE :n +": 'line 2 of the query: syntax error at ""',
            "SELECT stock FROM (SELECT 1) AS v": "the query: Unknown column 'stock' in 'SELECT'",
            "SELECT 1 AS a, 2 AS A": 'the query: two columns are called "A" | rename one of them with AS',
        },
    }
    for query, said in mistakes[database.server.kind].items():
        assert problem(at, query, n=1).replace("'field list'", "'SELECT'") == said
    assert problem(at, "SELECT 'a") == (
        "the query cannot be read | look for a quotation mark or a comment that does not end"
    )


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM stock",
        "INSERT INTO stock VALUES (1)",
        "SELECT 1; DROP TABLE stock",
        "DROP TABLE stock",
        "-- no",
        ";",
    ],
)
def test_only_a_select_is_asked(query: str, database: Database, url: Callable[[Database], str]) -> None:
    said = "the query is not one SELECT | write one SELECT; tables are never changed"
    assert problem(url(database), query) == said


def test_nothing_is_changed_by_what_looks_like_a_select(database: Database, url: Callable[[Database], str]) -> None:
    database.run("CREATE TABLE stock (n integer)")
    if database.server.kind == "postgresql":
        database.run("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'INSERT INTO stock VALUES (1) RETURNING 1'")
        queries = ["SELECT f() AS a", "WITH w AS (INSERT INTO stock VALUES (1) RETURNING n) SELECT * FROM w"]
    else:
        database.run(
            "CREATE FUNCTION f() RETURNS int BEGIN INSERT INTO stock VALUES (1); RETURN 1; END".join(
                ["DELIMITER //\n", "//\nDELIMITER ;\n"]
            )
        )
        queries = ["SELECT f() AS a", "SELECT f() AS a, 1.5 AS b"]
    for query in queries:
        assert problem(url(database), query) == CHANGES
    assert database.run("SELECT count(*) FROM stock") == "0"
    written = Path(f"/tmp/{database.name}")  # noqa: S108 - it is not to be written
    into = f"SELECT 1 INTO OUTFILE '{written}'" if database.server.kind == "mariadb" else "SELECT 1 AS a INTO taken"
    assert problem(url(database), into).startswith(("the query", "line 1 of the query"))
    assert not written.exists()


def test_a_query_is_needed() -> None:
    assert problem("postgresql://tester@127.0.0.1/shop", " ") == (
        'a table from a database needs a "query" | '
        'for instance: { database = "postgresql://…/shop", query = "select * from stock" }'
    )


def test_what_sqlite_says(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "shop.db") as file:
        file.execute(
            "CREATE TABLE stock AS WITH RECURSIVE s(n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM s LIMIT 70000)"
            " SELECT CASE WHEN n < 69000 THEN n ELSE 'many' END AS n FROM s"
        )
    file.close()
    (tmp_path / "notes.txt").write_text("no database, though long enough for one" * 30)

    def said(url: str, query: str) -> str:
        with pytest.raises(CoursewrightError) as caught:
            rows(url, query, tmp_path)
        return f"{caught.value.problem.message} | {caught.value.problem.hint}"

    assert said("sqlite:///shop.db", "SELECT * FRM stock") == 'the query: near "FRM": syntax error | '
    assert said("sqlite:///shop.db", "SELECT * FROM stokc") == "the query: no such table: stokc | "
    assert said("sqlite:///shop.db", "SELECT 1 AS a, 2 AS a") == (
        'the query: two columns are called "a" | rename one of them with AS'
    )
    assert said("sqlite:///shopp.db", "SELECT 1").startswith('no file "shopp.db" | did you mean "shop.db"?')
    assert said("sqlite:///notes.txt", "SELECT * FROM stock") == (
        "notes.txt is no SQLite file | check that the file is whole"
    )
    assert said("sqlite:///shop.db", "SELECT n FROM stock") == (
        'the column "n" has whole numbers or nothing in its first 65,536 rows and text or bytes further on | '
        "say in the query what it is: CAST(… AS TEXT), or AS REAL"
    )
    assert rows("sqlite:///shop.db", "SELECT CAST(n AS TEXT) AS n FROM stock", tmp_path).num_rows == 70_000
    assert not (tmp_path / "shopp.db").exists()
    changing = "WITH w AS (SELECT 1) INSERT INTO stock SELECT * FROM w"
    assert said("sqlite:///shop.db", changing) == CHANGES
    assert rows("sqlite:///shop.db", "SELECT count(*) AS c FROM stock", tmp_path).to_pylist() == [{"c": 70_000}]


@pytest.mark.parametrize("how", ["the server", "the connection"])
def test_the_server_goes_away_while_postgresql_is_read(how: str, url: Callable[[Database], str]) -> None:
    with own("postgresql") as database:
        query = "SELECT a.n, repeat('x', 200) AS t FROM generate_series(1, 3000) AS a(n), generate_series(1, 3000) AS b"
        with databases.read(url(database), query, {}, place=PLACE) as reader:
            first = reader.read_next_batch().num_rows
            if how == "the server":
                database.server.kill()
            else:
                database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY%'")
            with pytest.raises(
                CoursewrightError, match=f"^error: postgresql://127.0.0.1:{database.server.port}/"
            ) as caught:
                reader.read_all()
    assert first
    assert " rows\n" in str(caught.value)
    assert caught.value.problem.hint == "no row is kept; try again when the server is back"


@pytest.mark.parametrize("how", ["the server", "the connection"])
def test_the_server_goes_away_while_mariadb_is_read(how: str, url: Callable[[Database], str]) -> None:
    with own("mariadb") as database:
        reading = "FROM information_schema.processlist WHERE info LIKE '%seq_1_to_99999999%' AND id <> connection_id()"

        def end() -> None:
            while not (number := database.run(f"SELECT id {reading} AND time_ms > 300")):
                time.sleep(0.02)
            if how == "the server":
                database.server.kill()
            else:
                database.run(f"KILL {number}")

        ending = threading.Thread(target=end)
        ending.start()
        said = problem(url(database), "SELECT seq, repeat('x', 200) AS t FROM seq_1_to_99999999")
        ending.join()
    assert said == (
        f"mariadb://127.0.0.1:{database.server.port}/{database.name} went away before all rows had come | "
        "no row is kept; try again when the server is back"
    )


@contextlib.contextmanager
def own(kind: str) -> Iterator[Database]:
    """A database of a server that may break."""
    try:
        with running(kind) as server, fresh(server) as found:
            yield found
    except Missing as missing:
        pytest.skip(str(missing))


# How a query is read --------------------------------------------------------------------------------------------------


STRINGS = {
    "postgresql": lambda text: "'" + text.replace("'", "''") + "'",
    "sqlite": lambda text: "'" + text.replace("'", "''") + "'",
    "mysql": lambda text: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'",
}


@pytest.mark.parametrize("kind", STRINGS)
@hypothesis.given(st.text(st.sampled_from("':;a\\\"`$-#/* \n☃")), st.text(st.sampled_from(":;a'\"` ☃")))
def test_what_is_in_strings_and_comments_is_no_parameter(kind: str, text: str, note: str) -> None:
    query = f"SELECT {STRINGS[kind](text)}, :a -- {note}\n, b::text, :a FROM t;; -- {note}"
    read = statement(query, {"a": 1}, kind=kind, place=PLACE)
    assert read.names == ("a",)
    assert len(read.spans) == 2
    assert read.with_parameters(lambda name: f":{name}") == query[: query.rindex("FROM t") + 6]
    replaced = read.with_parameters(lambda _: "?")
    assert replaced.count("\n") == read.text.count("\n")


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT a[1:n] FROM t WHERE b = :b", ("b",)),
        ("SELECT $$ :x $$, E'\\' :y', :z", ("z",)),
        ("SELECT :limit, a::int, x /* :no */", ("limit",)),
        ("(SELECT :a) UNION (SELECT :b) -- :c", ("a", "b")),
    ],
)
def test_parameters_of_a_query(query: str, names: tuple[str, ...]) -> None:
    assert statement(query, dict.fromkeys(names, 1), kind="postgresql", place=PLACE).names == names


# Through a dialect of SQLAlchemy --------------------------------------------------------------------------------------


def test_any_dialect_of_sqlalchemy_serves(tmp_path: Path) -> None:
    """With SQLite's, which needs no server."""
    with sqlite3.connect(tmp_path / "shop.db") as file:
        file.execute("CREATE TABLE stock AS SELECT 7 AS n, 'a:n' AS t, null AS none, 1.5 AS r")
    file.close()
    at = address.Address("sqlite", "sqlite", database=str(tmp_path / "shop.db"), place=PLACE)

    def read(query: str, **values: Any) -> pa.Table:
        return others.read(at, statement(query, values, kind="sqlite", place=PLACE)).read_all()

    assert read("SELECT * FROM stock WHERE n = :n AND t = 'a:n'", n=7).to_pylist() == [
        {"n": 7, "t": "a:n", "none": None, "r": 1.5}
    ]
    with pytest.raises(CoursewrightError, match=r"^error: the query: no such table: stokc\n"):
        read("SELECT * FROM stokc")
    with pytest.raises(CoursewrightError, match=r'^error: the column "n" has values of several types: '):
        read("SELECT n FROM stock UNION ALL SELECT t FROM stock")


def test_importing_tables_loads_no_driver() -> None:
    heavy = ("sqlalchemy", "sqlglot", "connectorx", "pyarrow")
    program = f"import sys, coursewright.tables; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_servers_are_named_as_they_are(postgresql_server: Server) -> None:
    assert postgresql_server.password not in repr(postgresql_server)


def test_rows_of_a_server_are_kept(make_course: Any, url: Callable[[Database], str]) -> None:
    """When the server is gone the course is as it was; so is what `data.lock` says of it."""
    with own("postgresql") as database:
        database.run("CREATE TABLE stock AS SELECT 'apple' AS fruit, 1.25::numeric(6, 2) AS price")
        course = make_course({"course.toml": COURSE.replace("URL", url(database))})
        found = open_tables(course)
        before = found.rows(found.select("stock"))
        database.server.kill()
        again = open_tables(course)
        assert again.rows(again.select("stock")) == before == [{"fruit": "apple", "price": D("1.25")}]
        kept = [path.read_bytes() for path in (course / "data" / ".cache").iterdir()]
        assert len(kept) == 2
        secret = os.environ["SHOP_PASSWORD"]
        assert not [form for form in forms(secret) if any(form.encode() in one for one in kept)]


def test_other_parameters_are_other_rows(make_course: Any, database: Database, url: Callable[[Database], str]) -> None:
    database.run("CREATE TABLE stock (fruit varchar(10), price integer)")
    database.run("INSERT INTO stock VALUES ('apple', 3), ('fig', 9)")
    course = make_course({"course.toml": COURSE.replace("URL", url(database))})
    for least, fruits in ((1, ["apple", "fig"]), (5, ["fig"]), (1, ["apple", "fig"])):
        tables = open_tables(course, least=least)
        assert [row["fruit"] for row in tables.rows(tables.select("stock"))] == fruits


def test_nothing_half_loaded_is_kept(make_course: Any, url: Callable[[Database], str]) -> None:
    """The copy that is there already stays as it is."""
    with own("postgresql") as database:
        database.run("CREATE TABLE stock AS SELECT 2 AS price")
        course = make_course({"course.toml": COURSE.replace("URL", url(database))})
        tables = open_tables(course)
        tables.open("stock")
        before = {path.name: path.read_bytes() for path in (course / "data" / ".cache").iterdir()}
        database.run("DROP TABLE stock; CREATE TABLE pips AS SELECT n FROM generate_series(1, 3000) AS s(n)")
        database.run("CREATE VIEW stock AS SELECT 2 AS price, repeat('x', 300) AS t FROM pips AS a, pips AS b")
        reading = "FROM pg_stat_activity WHERE query LIKE 'COPY%' AND now() - query_start > '0.5 s'"

        def end() -> None:
            while not database.run(f"SELECT pid {reading}"):
                time.sleep(0.02)
            database.server.kill()

        ending = threading.Thread(target=end)
        ending.start()
        again = open_tables(course, refresh=True)
        with pytest.raises(CoursewrightError, match=r" went away (after [\d,]+ rows|before all rows had come)\n"):
            again.open("stock")
        ending.join()
        assert before == {path.name: path.read_bytes() for path in (course / "data" / ".cache").iterdir()}


def test_a_file_of_sqlite_is_read_anew(make_course: Any) -> None:
    course = make_course({"course.toml": COURSE.replace("URL", "sqlite:///data/shop.db")})
    for price in (2, 3):
        with sqlite3.connect(course / "data" / "shop.db") as file:
            file.execute("DROP TABLE IF EXISTS stock")
            file.execute(f"CREATE TABLE stock AS SELECT {price} AS price")
        file.close()
        tables = open_tables(course)
        assert tables.rows(tables.select("stock")) == [{"price": price}]
        assert tables.files(tables.select("stock")) == {course / "data" / "shop.db"}
    assert not (course / "data" / ".cache").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="other systems count memory otherwise")
def test_memory_does_not_grow_with_the_rows(database: Database, url: Callable[[Database], str]) -> None:
    """A hundred times the rows, 250 MB of them, in a process of their own each."""
    series = {"postgresql": "generate_series(1, {}) AS a(n)", "mariadb": "seq_1_to_{} AS a"}[database.server.kind]
    program = (
        "import resource, sys\nfrom coursewright.tables.sources.databases import read\n"
        "with read(sys.argv[1], sys.argv[2], {}, place=None) as rows: print(sum(b.num_rows for b in rows))\n"
        "print(max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))"
    )
    peaks = []
    for times in (200, 20_000):
        query = f"SELECT repeat('x', 120) AS t FROM {series.format(times)}, (SELECT 1 FROM {series.format(100)}) AS b"
        command = [sys.executable, "-c", program, url(database), query]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        count, peak = map(int, done.stdout.split())
        assert count == times * 100
        peaks.append(peak)
    assert peaks[1] - peaks[0] < 120_000
