"""Trino and Spark SQL as text: what is said is in their SQL, and what is not known to mean the same is refused."""

from __future__ import annotations

import sqlite3
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlglot
from sqlalchemy.dialects import registry

from coursewright.courses import open_course
from coursewright.errors import CoursewrightError, MissingPart
from coursewright.tables import Sql
from coursewright.tables.servers.said import UNTRIED, entries, template
from coursewright.tables.servers.server import Server
from test_tables_server import DERIVED, STATEMENTS

Said = Callable[[str], str]
TABLE = (
    "CREATE TABLE people (id BIGINT, name VARCHAR, Team VARCHAR, points DOUBLE, born DATE, year BIGINT, lap VARCHAR)"
)
TEXTS = tomllib.loads((Path(__file__).parent / "cases" / "dialects.toml").read_text())


@pytest.fixture(params=["trino", "spark"])
def to(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def database(to: str, tmp_path: Path) -> Server:
    """A server of that dialect: its tables are SQLite's, and what is said to it is looked at and not run."""
    for name in ("trino", "hive"):
        registry.register(name, "sqlalchemy.dialects.sqlite.pysqlite", "SQLiteDialect_pysqlite")
    sqlite3.connect(tmp_path / "own.sqlite").execute(TABLE).connection.close()
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/grown.sql").write_text(DERIVED)
    settings = f'[parameters]\nyear = 2018\n[database]\nurl = "{to}:///{tmp_path}/own.sqlite"\n'
    (tmp_path / "course.toml").write_text(f'[course]\ntitle = "T"\n{settings}')
    opened = open_course(tmp_path).database()
    assert isinstance(opened, Server)
    return opened


def said(database: Server, text: str) -> str:
    """What would be run."""
    sql, clauses = Sql(text, "q"), dict[str, sqlglot.exp.Expr]()
    database.open_all(sql, database.parameters)
    database.add_clauses(clauses, sql)
    return database._speaker.said(sql, database.parameters, clauses).written(lambda name: f":{name}")


@pytest.mark.parametrize("name", TEXTS)
def test_what_is_said(name: str, database: Server, to: str) -> None:
    assert said(database, TEXTS[name]["duckdb"]) == TEXTS[name][to]


def test_every_statement_can_be_read_by_its_own_dialect(database: Server, to: str) -> None:
    for name, text in STATEMENTS.items():
        if to == "spark" and "running sum" in name:  # which it has not: see test_tables_spark.py
            continue
        made = said(database, text)
        read = sqlglot.parse_one(made, read=to)
        shape = database._speaker.shape(Sql(text, name), database.parameters)
        assert shape is not None
        assert [each.lower() for each in read.named_selects] == [each.lower() for each in shape.names], name


def test_every_function_can_be_read_by_its_own_dialect(to: str) -> None:
    for name, entry in entries().items():
        text = template(name, entry, to)
        if text:
            columns = [f"c{number}" for number in range(3)]
            filled = text.format(*columns, distinct="", over="").replace("{*}", "c0") if "{*}" not in text else ""
            assert not filled or sqlglot.parse_one(f"SELECT {filled}", read=to), name


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT ceil(points) AS x FROM people", "the function ceil"),
        ("SELECT right(name, 2) AS x FROM people", "the function right"),
        ("SELECT CAST(lap AS BIGINT) AS x FROM people", "the function a cast"),
        ("SELECT list_sum([1]) AS x FROM people", "a list"),
        ("SELECT id FROM people QUALIFY row_number() OVER (ORDER BY id) = 1", "QUALIFY"),
    ],
)
def test_what_is_not_known_is_refused(text: str, what: str, database: Server, to: str) -> None:
    with pytest.raises(CoursewrightError) as raised:
        said(database, text)
    known = f"{what} is not known to give in {UNTRIED[to]} what it gives in DuckDB"
    assert raised.value.problem.message in (f"SQL: {known}", f"SQL: {what} cannot be said for {UNTRIED[to]}")
    assert raised.value.problem.where is not None


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("trino://me@127.0.0.1:1/hive", "tables from trino need trino[sqlalchemy]"),
        ("spark://me@127.0.0.1:1/x", "tables from hive need pyhive[hive_pure_sasl]"),
        ("databricks://me@127.0.0.1:1/x", "tables from databricks need databricks-sqlalchemy"),
    ],
)
def test_a_driver_that_is_not_there(url: str, says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("trino", "hive", "databricks"):
        monkeypatch.setitem(registry.impls, name, _no_such_dialect)
    (tmp_path / "course.toml").write_text(f'[course]\ntitle = "T"\n[database]\nurl = "{url}"\n')
    with pytest.raises(MissingPart) as raised:
        open_course(tmp_path).database().rows(Sql("SELECT 1 AS x", "q"))
    package = says.rpartition(" ")[2]
    assert (raised.value.problem.message, raised.value.problem.hint) == (says, f'pip install "{package}"')


def _no_such_dialect() -> None:
    raise ImportError("no such package")
