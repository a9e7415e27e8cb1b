"""What a page was made from: a change of any of it is noticed, and a change of anything else redoes nothing."""

from __future__ import annotations

import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from coursewright import plugins
from coursewright.courses import build, open_course

FIGURE = """
import os, sys
sys.path.insert(0, os.path.dirname(__file__))
import colours
from coursewright.figures import Figure

def draw():
    with open(os.path.join(os.path.dirname(__file__), "..", "data", "words.txt")) as file:
        words = file.read()
    text = f"{words} {colours.INK} {os.environ.get('CITY')}"
    return Figure(f'<svg xmlns="http://www.w3.org/2000/svg"><title>{text}</title></svg>', words)
"""
QUESTION = "---\nkind: number\n---\n# Question\n\n![a map](map.png) How many?\n\n# Answers\n\n- [x] 3\n"
COURSE = '[course]\ntitle = "T"\n[parameters]\nyear = 2024\nunused = 1\n[tables]\nsales = "data/sales.csv"\n'
FILES = {
    "course.toml": COURSE,
    "pages/figure.md": "# Figure\n\n```{figure} words\n```\n",
    "pages/question.md": "# Question\n\n```{question} map\n```\n",
    "pages/sql.md": "# SQL\n\n```{table}\nSELECT * FROM read_csv('data/more.csv')\n```\n",
    "pages/all.md": "# SQL\n\n```{table}\nSELECT * FROM 'data/part-*.csv' ORDER BY ALL\n```\n",
    "pages/plugin.md": "# Plugin\n\n```{shout} hello\n```\n",
    "pages/table.md": "# Table\n\nText.\n\n```{table}\nSELECT fruit FROM sales WHERE year = :year\n```\n",
    "figures/words.py": FIGURE,
    "figures/colours.py": "INK = 'black'\n",
    "data/words.txt": "first",
    "data/more.csv": "a\n1\n",
    "data/part-1.csv": "b\n1\n",
    "questions/map.md": QUESTION,
    "questions/map.png": "png",
}
PLUGIN = """
import msgspec
from coursewright.pages import Sentences

class Options(msgspec.Struct, frozen=True):
    pass

def run(directive, options, materials):
    return Sentences((directive.argument.upper() + "!",), "paragraph")
"""
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100c9fe92ef"
    "0000000049454e44ae426082"
)


@pytest.fixture
def course(make_course: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course that reads in many ways, with a plugin of its own."""
    root: Path = make_course(FILES)
    (root / "questions/map.png").write_bytes(PNG)
    (tmp_path / "shouting.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("CITY", "Athens")
    monkeypatch.chdir(root)
    entry = EntryPoint("shout", "shouting", "coursewright.directives")
    known, load = plugins.names, plugins.load
    monkeypatch.setattr(plugins, "names", lambda group: (*known(group), *(["shout"] if group == "directives" else [])))
    monkeypatch.setattr(plugins, "load", lambda g, n, place=None: entry.load() if n == "shout" else load(g, n, place))
    return root


def made_again(root: Path) -> set[str]:
    """The pages that a build makes again, by the files that it writes anew in the site."""
    for name in ("colours", "shouting"):
        sys.modules.pop(name, None)  # every build of a user's is a new process
    site = root / "build/site"
    before = {path: path.stat().st_ino for path in site.rglob("*.*")}
    build(open_course(root))
    pages = (path for path in site.rglob("*.*") if path.parent.name != "search")
    new = {path for path in pages if before.get(path) != path.stat().st_ino}
    return {path.relative_to(site).parts[0].removesuffix(".html") for path in new}


@pytest.mark.parametrize(
    ("file", "content", "page"),
    [
        ("figures/colours.py", "INK = 'red'\n", "figure"),
        ("data/words.txt", "second", "figure"),
        ("questions/map.png", PNG + b"\n", "question"),
        ("data/more.csv", "a\n2\n", "sql"),
        ("data/part-2.csv", "b\n2\n", "all"),
        ("../shouting.py", PLUGIN.replace("!", "?"), "plugin"),
        ("data/sales.csv", "year,fruit\n2024,fig\n", "table"),
    ],
)
def test_a_change_of_what_was_read_is_noticed(course: Path, file: str, content: str | bytes, page: str) -> None:
    build(open_course(course))
    assert made_again(course) == set()
    (course / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert made_again(course) == {page}
    assert made_again(course) == set()


def test_another_environment_is_noticed_where_it_was_looked_at(course: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build(open_course(course))
    monkeypatch.setenv("TOWN", "Sparta")
    assert made_again(course) == set()
    monkeypatch.setenv("CITY", "Sparta")
    assert made_again(course) == {"figure"}
    assert "Sparta" in (course / "build/site/figure/words.svg").read_text()
    assert b"Sparta" not in (course / "build/.cache/state").read_bytes()  # it may be a secret


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("course.toml", COURSE + "# a comment\n"),
        ("course.toml", COURSE.replace("unused = 1", "unused = 2")),
        ("data/nobody-reads-this.csv", "a\n"),
        ("figures/other.py", "def draw():\n    return None\n"),
        ("questions/map.md", QUESTION),  # written again, and the same
    ],
)
def test_a_change_of_anything_else_redoes_nothing(course: Path, file: str, content: str) -> None:
    build(open_course(course))
    (course / file).write_text(content)
    assert made_again(course) == set()


@pytest.mark.parametrize("sql", ["now() AS t", "current_date AS t", "random() AS t"])
def test_what_is_never_twice_the_same_is_never_kept(make_course: Any, sql: str) -> None:
    page = f"# A\n\n```{{table}}\nSELECT {sql}\n```\n"
    root = make_course({"pages/index.md": page, "pages/b.md": "# B\n\n```{table} sales\n```\n"})
    assert build(open_course(root)).executed == 2
    assert build(open_course(root)).executed == 1
