"""Settings: whatever stands in a file, it is read or it is one error with a place."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from coursewright import as_written, settings
from coursewright.courses import open_course
from coursewright.courses.reading.course_toml import CourseSettings
from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems, did_you_mean
from coursewright.facts import Finder, read_finder
from coursewright.facts.fact import FinderSettings
from coursewright.pages.reading import read_page
from coursewright.pages.reading.page import PageSettings
from coursewright.tables import EmbeddedDatabase, Sql

KEYS = st.sampled_from(
    ["course", "title", "tables", "tabels", "parameters", "known", "tell", "score", "name", "a.b", ""]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS | st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.text(max_size=200) | st.dictionaries(KEYS, VALUES, max_size=4).map(yaml.safe_dump))
def test_any_text_is_settings_or_one_error_with_a_line(text: str) -> None:
    for read, shape in [
        (settings.read_toml, CourseSettings),
        (settings.read_toml, FinderSettings),
        (settings.read_yaml, PageSettings),
    ]:
        try:
            found = read(text, shape, "file")
        except CoursewrightError as error:
            place = error.problem.where
            assert place is not None
            assert 1 <= (place.line or 0) <= text.count("\n") + 1
        else:
            assert isinstance(found, shape)


@given(st.text(max_size=80) | st.text("ab:#-[]{}'\"&*!|> \n1.", max_size=60))
def test_any_text_is_read_as_it_is_written_or_refused_with_its_line(text: str) -> None:
    try:
        found = as_written.read(text)
    except as_written.NotRead as error:
        line = error.line or 0
        assert 0 <= line <= len(text.splitlines())
    else:
        expected = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes texts, lists and mappings only
        assert _emptied(found) == _emptied(expected)


def _emptied(value: object) -> object:
    if isinstance(value, dict):
        return {key: _emptied(inner) for key, inner in value.items()}
    return [_emptied(inner) for inner in value] if isinstance(value, list) else value or ""


@given(st.dictionaries(KEYS.filter(str.isidentifier), st.text("ab'\" #", max_size=5), min_size=1))
def test_the_line_of_a_key_is_where_it_stands(values: dict[str, str]) -> None:
    lines = [f"{key} = {settings.msgspec.json.encode(value).decode()}" for key, value in values.items()]
    for number, key in enumerate(values):
        assert settings.line_of("\n".join(lines), (key,)) == number
        assert settings.line_of("\n".join(["[table]", *lines]), ("table", key)) == number + 1


@given(st.text(max_size=300) | st.text("/*-\n=\"'[]{}:#ab ", max_size=100))
def test_any_file_is_a_finder_or_one_error(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.getbasetemp() / "any.sql"
    file.write_text(text, encoding="utf-8", errors="replace", newline="")
    try:
        found: object = read_finder(file)
    except CoursewrightError as error:
        found = error.problem.where
    assert isinstance(found, Finder | Place)


@given(st.text(max_size=200) | st.text("select from where :a$'\"-/*()\n", max_size=80))
def test_any_text_is_sql_or_one_error(text: str) -> None:
    database = EmbeddedDatabase(Path(), [], parameters={"a": 1})
    sql = Sql(text, "any.sql", 3)
    assert sql.with_parameters(lambda name: f":{name}") == text
    try:
        database.query(sql)
    except CoursewrightError as error:
        place = error.problem.where
        assert place is not None
        assert 3 <= (place.line or 0) <= 3 + text.count("\n")


class Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str = ""
    points: float = 1.0
    tries: int = 1
    shuffle: bool = True
    answer: str | int | float | None = None
    tags: tuple[str, ...] = ()


def test_yaml_is_read_as_written_and_typed_by_the_shape() -> None:
    text = "title: 1.50\npoints: 2\ntries: 3\nshuffle: no\nanswer: 01234\ntags: [2024-01-01, 12:30, NO, 1_000, 0x10]"
    told = settings.read_yaml(text, Written, "q.md")
    assert told == Written("1.50", 2.0, 3, False, "01234", ("2024-01-01", "12:30", "NO", "1_000", "0x10"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: b\ntries: 1_000", 'unknown key "a"\n  --> q.md:2, a'),
        ("tries: 1_000", '"tries" should be a whole number, not text\n  --> q.md:2, tries'),
        ("tries: 1:30", '"tries" should be a whole number, not text\n  --> q.md:2, tries'),
        ("points: 012", '"points" should be a number, not text\n  --> q.md:2, points'),
        ("shuffle: maybe", '"shuffle" should be true or false, not text\n  --> q.md:2, shuffle'),
        ("title: a\ntitle: b", '"title" is there twice\n  --> q.md:3'),
        ("title: &x a\nanswer: *x", "YAML's aliases (*name) and anchors (&name) are not read here\n  --> q.md:2"),
        ("title: The #1 driver", 'the text is cut short at "#1 driver"\n  --> q.md:2'),
        ("tags:\n  - !x a", "YAML's tags (!name) are not read here\n  --> q.md:3"),
    ],
)
def test_front_matter_that_would_not_mean_what_it_says(text: str, message: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        settings.read_yaml(text, Written, "q.md", 2)
    assert str(caught.value).startswith(f"error: {message}")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_from_windows_are_read_too(tmp_path: Path, newline: str, mark: str) -> None:
    finder, page = tmp_path / "f.sql", tmp_path / "p.md"
    finder.write_text(f'{mark}/*---\ntitle = "T"\ntell = "x"\n---*/\nSELECT 1', encoding="utf-8", newline=newline)
    page.write_text(f"{mark}---\ntitle: T\n---\n\n```{{table}}\nSELECT 1\n```\n", encoding="utf-8", newline=newline)
    assert read_finder(finder).settings.title == "T"
    assert read_page(page).settings.title == "T"
    assert read_page(page).directives[0].content == "SELECT 1"


def test_what_a_problem_says() -> None:
    place = Place("course.toml", 3, "[questions] to")
    problem = Problem('no exporter called "moodel"', place, did_you_mean("moodel", ["moodle", "gift"]))
    assert str(problem) == (
        'error: no exporter called "moodel"\n'
        "  --> course.toml:3, [questions] to\n"
        'hint: did you mean "moodle"? Available: gift, moodle'
    )
    assert str(SeveralProblems([problem, problem])) == str(problem)
    assert did_you_mean("x", []) == ""
    assert did_you_mean("zzz", [f"name{n:02}" for n in range(25)]).endswith("name19 and 5 more")


def test_everything_that_is_wrong_in_course_toml_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(
        """[course]
title = "T"
authors = ["a", 4]
language = "zz-QQ-1"
url = "foo"
timezone = "Mars"
[parameters]
x = { default = 1, lable = "X" }
[tables]
a = { file = "a.csv", sheeet = 1 }
b = { file = "a.csv", html = "b" }
_c = "c.csv"
[site]
accent = "#777"
groupes = 3
[feeds]
entries = 0
"""
    )
    with pytest.raises(CoursewrightError) as raised:
        open_course(tmp_path)
    told = [(each.where.line, each.message) for each in raised.value.problems if each.where]
    assert sorted(told) == [
        (3, '"authors[1]" should be text, not a whole number'),
        (4, 'no language called "zz-QQ-1"'),
        (5, '"foo" is no address of a site'),
        (6, 'no time zone called "Mars"'),
        (8, 'unknown key "lable"'),
        (10, 'unknown key "sheeet"'),
        (11, "a table comes from one of file, html or database, not file and html"),
        (12, 'a table cannot be called "_c"'),
        (14, "#777 on a shaded part in light colours has a contrast of 4.06"),
        (15, 'unknown key "groupes"'),
        (17, "no feed has 0 entries"),
    ]


def test_a_key_that_does_not_fit_is_not_missing_as_well(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text("[course]\ntitle = 3\nlangage = 'cy'\n")
    with pytest.raises(CoursewrightError) as raised:
        open_course(tmp_path)
    assert [each.message for each in raised.value.problems] == [
        '"title" should be text, not a whole number',
        'unknown key "langage"',
    ]


def test_what_does_not_fit_in_a_list_of_lists_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(
        """[course]
title = "T"
[tables]
a = { file = "a.csv", expect = { unique = ["x", ["y", 2]], columns = [3] } }
"""
    )
    with pytest.raises(CoursewrightError) as raised:
        open_course(tmp_path)
    assert sorted((each.where.line, each.message) for each in raised.value.problems if each.where) == [
        (4, '"columns[0]" should be text, not a whole number'),
        (4, '"unique[1][1]" should be text, not a whole number'),
    ]


def test_a_key_that_is_misspelt_beside_numbers_of_yaml_is_told_once() -> None:
    text = "parameters:\n  a: { default: 1, range: [1, 5] }\n  b: { default: 1, lable: B }\n"
    with pytest.raises(CoursewrightError) as raised:
        settings.read_yaml(text, PageSettings, "page.md", 2)
    assert str(raised.value) == (
        'error: unknown key "lable"\n  --> page.md:4, [parameters.b] lable\n'
        'hint: did you mean "label"? Available: choices, default, label, range'
    )
