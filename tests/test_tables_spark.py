"""Spark SQL: every function and statement that is said gives in a real Spark what it gives in DuckDB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sparks
from agreement import course as agreed
from agreement import told
from coursewright.courses import open_course
from coursewright.errors import CoursewrightError
from coursewright.tables import Database, Sql
from coursewright.tables.servers import session as sessions
from coursewright.tables.servers.said import entries, template
from test_tables_agreement import calls, compare
from test_tables_server import DERIVED, ROWS, STATEMENTS, course

OWN_FAULT = (
    "a union of brackets"  # PLAN_VALIDATION_FAILED_RULE_IN_BATCH: Spark 4.3's optimiser makes a plan that it refuses
)
URL = "spark://tester@127.0.0.1:1/default"


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    monkeypatch = pytest.MonkeyPatch()
    started = sparks.session()
    monkeypatch.setitem(sessions._KINDS, "hive", sparks.kind(started))
    yield started
    monkeypatch.undo()
    started.stop()


@pytest.fixture(scope="module")
def pair(spark: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Database, Database]:
    assert spark.version >= "4"
    return agreed(tmp_path_factory.mktemp("here")), agreed(tmp_path_factory.mktemp("there"), URL)


def test_the_same_answers(spark: Any, tmp_path: Path) -> None:
    assert spark.version >= "4"
    files = {"people": ROWS, "tables_grown": DERIVED}
    here = open_course(course(tmp_path / "here", **files)).database()
    there = open_course(course(tmp_path / "there", URL, **files)).database()
    with pytest.raises(CoursewrightError, match="SQL: a window in an order cannot be said for Spark SQL"):
        there.rows(Sql(STATEMENTS["a running sum, in an order"], "q"))
    for name, text in STATEMENTS.items():
        if name in ("a running sum, in an order", OWN_FAULT):
            continue
        expected, got = here.rows(Sql(text, name)), there.rows(Sql(text, name))
        assert [list(row) for row in got] == [list(row) for row in expected], name
        for one, other in zip(got, expected, strict=True):
            for mine, theirs in zip(one.values(), other.values(), strict=True):
                assert str(mine) == str(theirs) or mine == pytest.approx(theirs, rel=1e-12), (name, one, other)


@pytest.mark.parametrize("grouped", [False, True])
def test_every_function_gives_what_it_gives_in_duckdb(grouped: bool, pair: tuple[Database, Database]) -> None:
    known = {name: calls(name, entry)[:2] for name, entry in entries().items() if entry.aggregate == grouped}
    got = compare(pair, [call for made in known.values() for call in made], grouped=grouped)
    for name, made in known.items():
        sayable = bool(template(name, entries()[name], "spark"))
        assert any(not answer.refused for call in made for answer in got[call]) == sayable or not made, name
        for call in made:
            assert sayable or told(got[call][0]), call
