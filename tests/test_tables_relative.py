"""Files that SQL names are those of the course, wherever one stands."""

from __future__ import annotations

import glob
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.tables import EmbeddedDatabase, Sql

ASKED = {
    "FROM": "SELECT {what} FROM 'data/x.csv' ORDER BY 1",
    "a quoted name": 'SELECT {what} FROM "data/x.csv" ORDER BY 1',
    "its own name": "SELECT x.{what} FROM 'data/x.csv' ORDER BY 1",
    "a function": "SELECT {what} FROM read_csv('data/x.csv', header = true) ORDER BY 1",
    "signs in front": "SELECT {what} /* é 'ü' */ FROM read_csv('data/x.csv') WHERE 'é' <> '€' ORDER BY 1",
    "a subquery": "SELECT (SELECT min({what}) FROM 'data/x.csv') UNION ALL SELECT max(n) FROM 'data/x.csv' ORDER BY 1",
    "a WITH clause": "WITH a AS (FROM 'data/x.csv') SELECT {what} FROM a ORDER BY 1",
    "a pattern": "SELECT {what} FROM read_csv('data/x*.csv') ORDER BY 1",
    "a pattern alone": "SELECT {what} FROM 'data/[x].csv' ORDER BY 1",
    "a list": "SELECT {what} FROM read_csv(['data/x.csv']) ORDER BY 1",
    "dollars": "SELECT {what} FROM read_csv($$data/x.csv$$) ORDER BY 1",
}


@pytest.fixture(params=["a [b] ü", "one, two", "it's *"])
def course(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course with a file; where one stands, another file has its name."""
    folder = tmp_path / request.param
    for place, numbers in ((folder, "n\n1\n2\n"), (tmp_path / "elsewhere", "n\n7\n8\n")):
        (place / "data").mkdir(parents=True)
        (place / "data/x.csv").write_text(numbers)
    monkeypatch.chdir(tmp_path / "elsewhere")
    return folder


@pytest.mark.parametrize("asked", ASKED)
def test_a_file_is_that_of_the_course_and_not_one_where_the_reader_stands(asked: str, course: Path) -> None:
    sql = Sql(ASKED[asked].format(what="n"), "page.md")
    database = EmbeddedDatabase(course, ())
    assert [*database.query(sql).column(0).to_pylist()] == [1, 2]
    assert course / "data/x.csv" in database.files(sql)
    assert not any("elsewhere" in str(file) for file in database.files(sql))


def test_a_file_that_only_stands_elsewhere_is_none_of_the_course(course: Path) -> None:
    (course / "data/x.csv").unlink()
    with pytest.raises(CoursewrightError, match="No files found that match the pattern"):
        EmbeddedDatabase(course, ()).query(Sql("SELECT * FROM 'data/x.csv'", "page.md"))


def test_a_text_that_is_called_like_a_file_stays_what_it_is(course: Path) -> None:
    sql = Sql(
        "SELECT 'data/x.csv' AS name, $$a.csv$$ AS other FROM 'data/x.csv' WHERE 'data/x.csv' = 'data/x.csv'", "page.md"
    )
    assert EmbeddedDatabase(course, ()).rows(sql)[0] == {"name": "data/x.csv", "other": "a.csv"}


def test_in_the_course_itself_names_are_told_as_they_were_written(
    course: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course)
    sql = Sql("SELECT DISTINCT filename FROM read_csv('data/*.csv', filename = true)", "page.md")
    assert EmbeddedDatabase(course, ()).rows(sql) == [{"filename": "data/x.csv"}]


def test_the_line_of_a_mistake_is_right_behind_letters_of_several_bytes(tmp_path: Path) -> None:
    sql = Sql("SELECT 'ééééééééééééé' AS a\n\nFROM nowhere\n\n\n\n", "page.md", 10)
    with pytest.raises(CoursewrightError, match='no table called "nowhere"') as problem:
        EmbeddedDatabase(tmp_path, ()).query(sql)
    assert problem.value.problem.where is not None
    assert problem.value.problem.where.line == 12


@given(
    st.text(
        st.characters(codec="utf-8", exclude_characters="/\0", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12
    )
)
def test_whatever_a_file_is_called_it_is_found(tmp_path_factory: pytest.TempPathFactory, name: str) -> None:
    folder = tmp_path_factory.mktemp("course")
    file = folder / f"{name}.csv"
    file.write_text("n\n5\n")
    written = glob.escape(file.name).replace("'", "''")
    standing = Path.cwd()
    os.chdir(folder.parent)
    try:
        assert EmbeddedDatabase(folder, ()).rows(Sql(f"SELECT n FROM read_csv('{written}')", "page.md")) == [{"n": 5}]
    finally:
        os.chdir(standing)
