"""What a build says of why it did something again: `coursewright build --why`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.courses.building import state

PLACES = """---
for_each: SELECT DISTINCT fruit FROM sales ORDER BY fruit
name: "f-{{ fruit }}"
---

# {{ fruit }}

```{table}
SELECT year, tonnes FROM sales WHERE fruit = :fruit
```
"""
FILES = {
    "course.toml": (
        '[course]\ntitle = "T"\n[parameters]\nyear = 2024\n'
        '[tables]\nsales = "data/sales.csv"\nstock = "data/stock.csv"\n'
    ),
    "data/stock.csv": "n\n1\n",
    "pages/index.md": "# Home\n\nSee [](b.md).\n\n```{table} stock\n```\n\n```{tell} g\n:rows: sales\n```\n",
    "pages/b.md": "# Bee\n\n```{table}\nSELECT * FROM sales WHERE year = :year\n```\n",
    "pages/c.md": "# Sea\n",
    "pages/fruit.md": PLACES,
    "grammars/g.json": '{"origin": "#fruit#"}',
}


@pytest.fixture
def course(make_course: Any, capsys: Any) -> Path:
    """A course that was built."""
    root: Path = make_course(FILES)
    assert main(["build", str(root)]) == 0
    capsys.readouterr()
    return root


def why(root: Path, capsys: Any, *pages: str, options: tuple[str, ...] = ()) -> list[str]:
    """What a build says."""
    assert main(["build", str(root), *options, "--why", *pages]) == 0
    return str(capsys.readouterr().out).splitlines()


CASES = {
    "text": (
        ("pages/c.md", "# Sea\n\nMore.\n"),
        ["c: made again", "  because of its text", "4 other pages: nothing changed, nothing was done again"],
    ),
    "a table": (
        ("data/stock.csv", "n\n2\n"),
        [
            "index: made again",
            "  because of data/stock.csv (the table stock)",
            "  {table} on line 5: carried out again: data/stock.csv (the table stock)",
            "  {tell} on line 8: kept",
            "4 other pages: nothing changed, nothing was done again",
        ],
    ),
    "a grammar": (
        ("grammars/g.json", '{"origin": "#fruit#!"}'),
        [
            "index: made again",
            "  because of grammars/g.json",
            "  {table} on line 5: kept",
            "  {tell} on line 8: carried out again: grammars/g.json",
            "4 other pages: nothing changed, nothing was done again",
        ],
    ),
    "a title that others show": (
        ("pages/b.md", "# Wasp\n\n```{table}\nSELECT * FROM sales WHERE year = :year\n```\n"),
        [
            "b: made again",
            "  because of its text",
            "  {table} on line 3: kept",
            "index, c, f-apple and 1 more: written again",
            '  because of the title of b: "Bee" → "Wasp"',
        ],
    ),
    "a directive": (
        ("pages/b.md", "# Bee\n\n```{table} stock\n```\n"),
        [
            "b: made again",
            "  because of its text",
            "  {table} on line 3: carried out again: what is written in it",
            "4 other pages: nothing changed, nothing was done again",
        ],
    ),
    "a page that is new": (
        ("pages/d.md", "# Dee\n"),
        [
            "d: made again",
            "  because it is new",
            "index, b, c and 2 more: written again",
            "  because of d, which is new around it",
        ],
    ),
    "the title of the course": (
        ("course.toml", FILES["course.toml"].replace('"T"', '"U"')),
        [
            "index, b, c and 2 more: written again",
            "  because of the title of the course: 'T' → 'U'",
        ],
    ),
    "the settings of a table": (
        ("course.toml", FILES["course.toml"] + '[tables.more]\nfile = "data/stock.csv"\n'),
        [
            "index, b, c and 2 more: made again",
            "  because of [tables] of course.toml",
        ],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_the_reason_is_said(course: Path, capsys: Any, name: str) -> None:
    (file, text), expected = CASES[name]
    (course / file).write_text(text, encoding="utf-8")
    assert why(course, capsys) == expected
    assert why(course, capsys)[-1].endswith(" pages: nothing changed, nothing was done again")


def test_many_pages_with_one_reason_are_said_once(course: Path, capsys: Any) -> None:
    (course / "data/sales.csv").write_text("year,fruit,tonnes\n2024,apple,1\n2024,pear,2\n", encoding="utf-8")
    said = why(course, capsys)
    assert said[-4:] == [
        "f-apple, f-pear: made again",
        "  because of data/sales.csv (the table sales)",
        "  {table} on line 8: carried out again: data/sales.csv (the table sales)",
        "1 other page: nothing changed, nothing was done again",
    ]
    assert said[0] == "index: made again"


def test_a_parameter_is_said_with_its_values(course: Path, capsys: Any) -> None:
    assert why(course, capsys, options=("--set", "year=2023")) == [
        "b: made again",
        "  because of year: 2024 → 2023",
        "  {table} on line 3: carried out again: year: 2024 → 2023",
        "4 other pages: nothing changed, nothing was done again",
    ]


def test_one_page_alone(course: Path, capsys: Any) -> None:
    (course / "pages/c.md").write_text("# Sea\n\nMore.\n", encoding="utf-8")
    assert why(course, capsys, "b") == ["b: nothing changed, nothing was done again"]
    (course / "pages/c.md").write_text("# Sea\n\nStill more.\n", encoding="utf-8")
    assert why(course, capsys, "c") == ["c: made again", "  because of its text"]
    assert main(["build", str(course), "--why", "d"]) == 2
    assert capsys.readouterr().err.endswith(
        'error: no page called "d"\nhint: Available: b, c, f-apple, f-pear, index\n'
    )


def test_what_somebody_did_to_the_build_is_said(course: Path, capsys: Any) -> None:
    (course / "build/site/c.html").write_text("mine", encoding="utf-8")
    assert why(course, capsys) == [
        "c: written again",
        "  because it is not in build/ as it was written",
        "4 other pages: nothing changed, nothing was done again",
    ]
    assert why(course, capsys, options=("--force",))[:2] == [
        "index, b, c and 2 more: made again",
        "  because of --force",
    ]


def test_another_version_of_a_library_is_said(course: Path, capsys: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    known = state._version
    monkeypatch.setattr(state, "_version", lambda tool: "99" if tool == "duckdb" else known(tool))
    assert why(course, capsys) == [
        "index, b, c and 2 more: made again",
        f"  because of duckdb: {known('duckdb')} → 99",
    ]


def test_nothing_is_said_where_nobody_asks(course: Path, capsys: Any) -> None:
    (course / "pages/c.md").write_text("# Sea\n\nMore.\n", encoding="utf-8")
    assert main(["build", str(course)]) == 0
    assert capsys.readouterr().out == ""
