"""Statements that are asked again: what is known of them is found out once, what they give is never old."""

from __future__ import annotations

import posixpath
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.sites.references.paths import relative
from coursewright.tables import Database, DerivedTable, EmbeddedDatabase, Sql, Table
from coursewright.tables.sources import Source


@pytest.fixture
def database(tmp_path: Path) -> Database:
    (tmp_path / "fruit.csv").write_text("name,boxes\napple,3\nfig,9\n")
    few = DerivedTable("few", Sql("SELECT * FROM fruit WHERE boxes <= :most", "few.sql"))
    count = DerivedTable("count", Sql("SELECT count(*) AS n FROM few", "count.sql"))
    return EmbeddedDatabase(tmp_path, [Table("fruit", Source(file="fruit.csv"))], [few, count], {"most": 5})


def asked(database: Database, text: str, **values: object) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in database.rows(Sql(text, "x.sql"), values)]


def test_what_stands_behind_a_statement_is_made_with_the_values_of_each_question(database: Database) -> None:
    counted = "SELECT n FROM count"
    assert [asked(database, counted, most=most) for most in (5, 10, 10, 1, 5)] == [
        [(1,)],
        [(2,)],
        [(2,)],
        [(0,)],
        [(1,)],
    ]
    assert asked(database, "SELECT name FROM few", most=10) == [
        ("apple",),
        ("fig",),
    ]  # another statement makes it again
    assert asked(database, counted, most=5) == [(1,)]


def test_a_statement_that_reads_nothing_is_run_once_for_each_of_its_values(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[object] = []
    run = EmbeddedDatabase.run
    monkeypatch.setattr(EmbeddedDatabase, "run", lambda *given: ran.append(given[2]) or run(*given))
    text = "SELECT typeof(:a) AS kind WHERE :a = 1"
    values = (1, True, 1.0, 2, 1, True, 1.0, 2)
    kinds = [asked(database, text, a=value) for value in values]
    assert kinds == [[("INTEGER",)], [("BOOLEAN",)], [("DOUBLE",)], []] * 2
    assert ran == [{"a": 1}, {"a": True}, {"a": 1.0}, {"a": 2}]


@pytest.mark.parametrize("text", ["SELECT random()", "SELECT nextval('numbers')", "SELECT count(*) FROM 'more.csv'"])
def test_what_may_be_otherwise_is_asked_again(database: Database, tmp_path: Path, text: str) -> None:
    database.connection.execute("CREATE SEQUENCE numbers")
    (tmp_path / "more.csv").write_text("a\n1\n")
    text = text.replace("more.csv", str(tmp_path / "more.csv"))
    before = asked(database, text)
    (tmp_path / "more.csv").write_text("a\n1\n2\n")
    assert asked(database, text) != before


def test_an_answer_that_failed_fails_again(database: Database) -> None:
    for _ in range(2):
        with pytest.raises(Exception, match="Could not convert string 'x' to INT32"):
            asked(database, "SELECT CAST(:a AS INTEGER)", a="x")


names = st.text(st.sampled_from("ab. é"), min_size=1, max_size=3).filter(lambda name: name.strip(". ") == name)
paths = st.lists(names, min_size=1, max_size=4).map("/".join)


@given(path=paths, here=paths)
def test_an_address_is_relative_as_in_a_file_system(path: str, here: str) -> None:
    assert relative(path, here) == quote(posixpath.relpath(path, posixpath.dirname(here) or "."))
