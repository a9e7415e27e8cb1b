"""Courses opened from where people stand: in them, below them and beside them, in a folder of any name."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from conftest import SLICES
from coursewright.cli import main
from coursewright.courses import build, check, open_course
from coursewright.courses.course import Course
from coursewright.errors import Place

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = sorted(file.parent.name for file in EXAMPLES.glob("*/course.toml"))
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9"/></svg>'
QUESTION = """\
---
kind: number
---
```python
a = pick([row["tonnes"] for row in table("sales") if row["tonnes"]])
answer = a
```
# Question

![A line](a%20line.svg)

What is {{ a }}?
"""
FILES = {
    "course.toml": '[course]\ntitle = "Fruit"\n[tables]\nsales = "data/sales [1].csv"\n',
    "data/sales [1].csv": "fruit,tonnes\nfig,3\nplum,4\n",
    "data/more.csv": "fruit\npear\n",
    "questions/q.md": QUESTION,
    "questions/a line.svg": PICTURE,
    "facts/f.sql": '/*---\ntitle = "F"\ntell = "#fruit# sold"\n---*/\nSELECT fruit FROM sales\n',
    "grammars/g.json": '{"origin": "#fruit#!"}',
    "pages/index.md": "# P\n\n```{question} q\n```\n\n```{table}\nSELECT fruit FROM 'data/more.csv'\n```\n",
}


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an odd name, and a HOME in it that has one too."""
    folder = tmp_path / "a [b] ü"
    (folder / "c [d] ö").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder / "c [d] ö"))
    for name in ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "MPLCONFIGDIR"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def fruit(odd: Path) -> Path:
    """A small course in it, with a picture beside a question and SQL that reads a file."""
    for name, text in FILES.items():
        (odd / name).parent.mkdir(exist_ok=True)
        (odd / name).write_text(text, encoding="utf-8")
    return odd


@pytest.mark.parametrize("below", [".", "questions", "data", "pages"])
def test_every_command_works_inside_a_course(
    fruit: Path, below: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(fruit / below)
    up = "" if below == "." else "../"
    assert main(["check"]) == 0
    assert main(["build"]) == 0
    site = (fruit / "build/site/index.html").resolve()
    assert capsys.readouterr().err.endswith(
        f"1 page in {up}build, 1 of them executed\nTo read it, open {site.as_uri()}\n"
    )
    assert "pear" in (fruit / "build/markdown/README.md").read_text(encoding="utf-8")
    assert main(["facts", "--explain"]) == 0
    assert f"    {up}facts/f.sql, score" in capsys.readouterr().out
    assert main(["table", "sales"]) == 0
    assert main(["tell", f"{up}grammars/g.json", f"{up}data/sales [1].csv"]) == 0
    assert "plum!" in capsys.readouterr().out
    for question in ("q", os.path.relpath(fruit / "questions/q.md")):
        assert main(["ask", question, "--to", "markdown", "--to", "json", "--output", "out [1]"]) == 0
    assert "picture" not in capsys.readouterr().err
    assert [file.read_text() for file in Path("out [1]/q-files").iterdir()] == [PICTURE]
    Path("responses.csv").write_text("question,who,response\nq,1,3\n")
    assert main(["mark", "out [1]/q.json", "responses.csv"]) == 0


@pytest.mark.parametrize(
    ("stand", "named", "shown"),
    [
        ("course", ".", "pages/index.md"),
        ("course/questions", ".", "../pages/index.md"),
        ("course/pages", ".", "index.md"),
        (".", "course", "course/pages/index.md"),
        ("other", "../course", "../course/pages/index.md"),
        ("other", "ABSOLUTE/course", "ABSOLUTE/course/pages/index.md"),
        ("course", "ABSOLUTE/course", "ABSOLUTE/course/pages/index.md"),
        ("course", "ABSOLUTE/course/pages", "ABSOLUTE/course/pages/index.md"),
        (".", "link", "course/pages/index.md"),
    ],
)
def test_places_are_shown_as_the_course_was_named(
    stand: str, named: str, shown: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    monkeypatch: pytest.MonkeyPatch = request.getfixturevalue("monkeypatch")
    capsys: pytest.CaptureFixture[str] = request.getfixturevalue("capsys")
    for folder in ("course/pages", "course/questions", "other"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "course/course.toml").write_text('[course]\ntitle = "C"\n')
    (tmp_path / "course/pages/index.md").write_text("{{ nothing }}\n")
    (tmp_path / "link").symlink_to("course")
    monkeypatch.chdir(tmp_path / stand)
    assert main(["build", named.replace("ABSOLUTE", str(tmp_path))]) == 1
    assert f"  --> {shown.replace('ABSOLUTE', str(tmp_path))}:1\n" in capsys.readouterr().err


def test_a_course_stays_where_it_is(fruit: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(fruit)
    course = open_course()
    assert course.root == fruit
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    build(course)
    assert (fruit / "build/site/index.html").exists()
    assert str(Place(course.file)) == os.path.relpath(fruit / "course.toml")


@pytest.mark.parametrize("name", NAMES)
def test_every_example_works_inside_its_own_folder(odd: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = odd / name
    shutil.copytree(EXAMPLES / name, folder, ignore=shutil.ignore_patterns("build"))
    monkeypatch.chdir(folder)
    part = SLICES.get(name, {})  # of a large example, and without its charts: the others draw theirs
    options = [word for key, value in part.items() for word in ("--set", f"{key}={value}")]
    assert main(["build", *options, *(["--no-figures"] if part else [])]) == 0
    assert (folder / "build/site/index.html").exists()
    course = open_course(".", part)
    assert _problems(course) == []
    if course.question_files:
        question = next((file for file in course.question_files if "](" in file.read_text(encoding="utf-8")), None)
        file = question or course.question_files[0]
        assert main(["ask", os.path.relpath(file), "--to", "html", "--output", "out"]) == 0
    if course.finder_files:
        assert main(["facts"]) == 0


def _problems(course: Course) -> list[Any]:
    """The problems of a course, slow questions aside: how long they take is the machine's.

    The slice of a large example is checked nowhere else, so with all seeds, and with drivers called by their codes, as
    no build calls them; `test_commands.py` draws its charts.
    """
    if course.overrides:
        return check(course.root, {**course.overrides, "called": "code"}, figures=False)
    found = check(course.root, seeds=3)
    return [problem for problem in found if "took more than" not in problem.message]
