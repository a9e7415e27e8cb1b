"""Statements that are asked for one value after another: what is found at once is what each of them gives alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from coursewright.errors import CoursewrightError
from coursewright.tables import Database, DerivedTable, EmbeddedDatabase, Sql
from coursewright.tables.statements import again

ROWS = """SELECT * REPLACE (c COLLATE NOCASE AS c) FROM (VALUES
  (1, 1, 'x', 7.5, 'b', 1, DATE '2001-01-01'), (2, 3, 'y', 'NaN'::DOUBLE, 'a', 1, DATE '2001-01-02'),
  (2, 2, 'z', 'NaN'::DOUBLE, 'A', 1, DATE '2001-01-02' + INTERVAL 9000 YEAR), (2, 1, '7', 0.0, 'c', 2, NULL),
  (3, 2, 'w', -0.0, 'a', 1, NULL), (3, 1, 'v', 0.0, 'B', 1, NULL), (NULL, 4, 'u', 1.0, 'a', 1, NULL),
  (5, 9, NULL, 2.0, 'a', 1, NULL)
) t(k, a, b, x, c, n, d)"""
AT_ONCE = [
    "SELECT a, b FROM t WHERE k = :k ORDER BY a",
    "SELECT 1 FROM t WHERE :k = k AND a > 1",
    "SELECT 1 FROM t WHERE k = :k AND (a > 1 OR b IN ('x', 'v')) AND b IS NOT NULL",
    "SELECT * EXCLUDE (k) FROM t WHERE k = :k ORDER BY b DESC, a",
    "SELECT a AS \"A\", CASE WHEN x > 1 THEN 'high' || a END AS h, d FROM t WHERE k = :k ORDER BY a",
    "SELECT upper(b), nullif(a, 1), CAST(a AS VARCHAR), a + 1 FROM t AS s WHERE s.k = :k ORDER BY s.a DESC NULLS FIRST",
    "SELECT place.a AS a, a AS b2 FROM t AS place WHERE k = :k ORDER BY a;",
    "SELECT b FROM t WHERE k = :k ORDER BY n",
    "SELECT b FROM t WHERE k = :k",
    "SELECT a FROM t WHERE k = :k ORDER BY x",
    "SELECT a FROM t WHERE k = :k ORDER BY c",
    "SELECT a, a FROM t WHERE k = :k ORDER BY a",
]
ALONE = [
    "SELECT count(*) AS n FROM t WHERE k = :k",
    "SELECT sum(a) AS n, a FROM t WHERE k = :k GROUP BY a ORDER BY a",
    "SELECT DISTINCT n FROM t WHERE k = :k ORDER BY n",
    "SELECT a FROM t WHERE k = :k ORDER BY a LIMIT 1",
    "SELECT a, max(a) OVER () AS m FROM t WHERE k = :k ORDER BY a",
    "SELECT a FROM t WHERE k = :k QUALIFY row_number() OVER (ORDER BY a) = 1",
    "SELECT a, (SELECT max(a) FROM t) AS m FROM t WHERE k = :k ORDER BY a",
    "SELECT a FROM t WHERE k = :k AND a IN (SELECT n FROM t) ORDER BY a",
    "SELECT a, :k AS k FROM t WHERE k = :k ORDER BY a",
    "SELECT a FROM t WHERE k = :k AND a <= :k ORDER BY a",
    "SELECT a FROM t WHERE k = :k OR a = 9 ORDER BY a",
    "SELECT a FROM t WHERE k >= :k ORDER BY a, b",
    "SELECT a FROM t WHERE k + 0 = :k ORDER BY a",
    "SELECT a FROM t WHERE x = :k ORDER BY a",
    "SELECT a FROM t WHERE k = :k UNION ALL SELECT n FROM t ORDER BY a",
    "WITH u AS (SELECT k, n AS a FROM t) SELECT a FROM u WHERE k = :k ORDER BY a",
    "SELECT s.a FROM t s JOIN t r USING (k) WHERE s.k = :k ORDER BY s.a, r.a",
    "SELECT a FROM t WHERE k = :k ORDER BY 1",
    "SELECT a FROM t WHERE k = :k ORDER BY ALL",
    "SELECT a FROM t WHERE k = :k ORDER BY abs(a)",
    "SELECT n % 2 AS a, b FROM t WHERE k = :k ORDER BY a",
    "SELECT * REPLACE (n % 2 AS a) FROM t WHERE k = :k ORDER BY a, b",
    "SELECT a + 1 AS k FROM t WHERE k = :k ORDER BY a",
    "SELECT unnest([a, n]) AS u FROM t WHERE k = :k ORDER BY a",
    "SELECT COLUMNS('a|b') FROM t WHERE k = :k ORDER BY a",
    "SELECT b FROM t s(k, a, b) WHERE k = :k ORDER BY a",
    "SELECT a FROM memory.t WHERE k = :k ORDER BY a",
    "SELECT a, random() > 2 AS never FROM t WHERE k = :k ORDER BY a",
]
VALUES = [1, 2, 3, 4, 5, 2, -1, True, None, 2**33, 2.0]


@pytest.fixture
def open_database(tmp_path: Path) -> Callable[[], Database]:
    few = DerivedTable("few", Sql("SELECT * FROM t WHERE a <= :most", "few.sql"))
    return lambda: EmbeddedDatabase(tmp_path, [], [DerivedTable("t", Sql(ROWS, "t.sql")), few], {"most": 2})


def asked(database: Database, text: str, **values: object) -> pa.Table:
    return database.query(Sql(text, "x.sql"), values)


def shown(rows: pa.Table) -> str:
    return f"{rows.schema} {[column.to_pylist() for column in rows.columns]}"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The values of the statements that were run."""
    found: list[Any] = []
    run = EmbeddedDatabase.run
    monkeypatch.setattr(EmbeddedDatabase, "run", lambda *given: found.append(given[2]) or run(*given))
    return found


def alone(database: Database, text: str, monkeypatch: pytest.MonkeyPatch, value: object) -> pa.Table:
    with monkeypatch.context() as other:
        other.setattr(again, "_ALONE", 1 << 40)
        return asked(database, text, k=value)


@pytest.mark.parametrize("first", [0, 2, 8])
def test_what_is_found_at_once_is_what_is_found_alone(
    open_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch, ran: list[Any], first: int
) -> None:
    monkeypatch.setattr(again, "_ALONE", first)
    one, other = open_database(), open_database()
    for text in [*AT_ONCE, *ALONE]:
        for value in VALUES:
            expected = alone(other, text, monkeypatch, value)
            assert shown(asked(one, text, k=value)) == shown(expected), (text, value)
        ran.clear()
        asked(one, text, k=1)
        assert bool(ran) == (text in ALONE or first == 8), text


def test_values_between_whose_rows_nothing_chooses_are_asked_for_alone(
    open_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch, ran: list[Any]
) -> None:
    monkeypatch.setattr(again, "_ALONE", 0)
    database = open_database()
    for order, level in {"n": [2, 3], "x": [2, 3], "c": [2], "a": []}.items():
        text = f"SELECT a, b FROM t WHERE k = :k ORDER BY {order}"
        asked(database, text, k=9)
        ran.clear()
        for value in (1, 2, 3, 4, 5):
            asked(database, text, k=value)
        assert [bound["k"] for bound in ran] == level, order


def test_a_fault_in_a_row_that_nobody_asks_for_is_none(
    open_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "_ALONE", 0)
    database = open_database()
    text = "SELECT a, CAST(b AS INTEGER) AS i FROM t WHERE k = :k AND a = 1"
    assert asked(database, text, k=2).to_pylist() == [{"a": 1, "i": 7}]
    with pytest.raises(CoursewrightError, match="Could not convert string 'x' to INT32"):
        asked(database, text, k=1)
    assert asked(database, text, k=5).num_rows == 0


def test_tables_that_are_made_again_are_asked_again(
    open_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(again, "_ALONE", 0)
    database = open_database()
    text = "SELECT a FROM few WHERE k = :k ORDER BY a"
    found = [asked(database, text, k=2, most=most)["a"].to_pylist() for most in (2, 3, 1, 3)]
    assert found == [[1, 2], [1, 2, 3], [1], [1, 2, 3]]


@pytest.mark.parametrize(("limit", "value"), [("_MOST", 7), ("_LARGEST", 50)])
def test_much_is_not_looked_at_at_once(
    open_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch, ran: list[Any], limit: str, value: int
) -> None:
    monkeypatch.setattr(again, "_ALONE", 0)
    monkeypatch.setattr(again, limit, value)
    database = open_database()
    for _ in range(2):
        assert asked(database, AT_ONCE[0], k=1).to_pylist() == [{"a": 1, "b": "x"}]
    assert len(ran) == 2


def test_what_was_found_alone_before_is_compared(
    open_database: Callable[[], Database], monkeypatch: pytest.MonkeyPatch, ran: list[Any]
) -> None:
    monkeypatch.setattr(again, "_ALONE", 1)
    text = again.StatementAgain._text
    monkeypatch.setattr(again.StatementAgain, "_text", lambda self: text(self).replace("(a > 1)", "(a < 0)"))
    database = open_database()
    for _ in range(3):
        assert asked(database, "SELECT a FROM t WHERE k = :k AND a > 1 ORDER BY a", k=2)["a"].to_pylist() == [2, 3]
    assert len(ran) == 3
