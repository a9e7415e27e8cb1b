"""The examples: built as a reader would build them, and what they say is true."""

from __future__ import annotations

import html
import html.parser
import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
import pytest

from conftest import EXAMPLES, SLICES, needs_kernels
from coursewright.courses import build, check, open_course
from coursewright.courses.quizzes import choose
from coursewright.questions import draw, read_question
from coursewright.questions.kinds import KINDS
from test_formula_one_independent import facts_of
from test_summary import dead

pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/course.toml"))


class Links(html.parser.HTMLParser):
    """The addresses that a page names, its pictures, and the order of its headings."""

    def __init__(self, page: Path) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.pictures: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.ids: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the tag names."""
        values = dict(attrs)
        self.targets += [str(values[name]) for name in ("href", "src") if name in values]
        self.ids.add(str(values.get("id")))
        if tag == "img":
            self.pictures.append(values)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.mark.parametrize("name", [name for name in NAMES if name not in SLICES])
def test_it_has_no_problems(name: str) -> None:
    """A large example is checked inside its own folder: test_relative_places.py."""
    needs_kernels(name)
    assert check(EXAMPLES / name) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_link_of_its_markdown_leads_to_a_file(built: Any, name: str) -> None:
    assert dead(built(name) / "build/markdown") == []


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_a_valid_notebook(built: Any, name: str) -> None:
    nbformat = pytest.importorskip("nbformat", reason='pip install "coursewright[notebooks]"')
    folder = built(name) / "build/notebooks"
    for file in folder.rglob("*.ipynb"):
        notebook = nbformat.read(file, as_version=4)
        nbformat.validate(notebook)
        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        text = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
        for target in re.findall(r"\]\(<?([^)#>\s]+)", text):
            assert re.match("https?:|mailto:|data:", target) or (file.parent / unquote(target)).exists(), target


@pytest.mark.parametrize("name", NAMES)
def test_every_page_is_whole(built: Any, name: str) -> None:
    site = built(name) / "build" / "site"
    for page in site.rglob("*.html"):
        links = Links(page)
        for target in links.targets:
            if not target.startswith(("https://", "data:")):
                file, _, anchor = target.partition("#")
                assert (page.parent / file).exists() if file else anchor in links.ids, f"{page.name}: {target}"
        assert all(len(picture["alt"] or "") > 40 for picture in links.pictures)
        assert links.headings[0] == 1
        assert all(after <= before + 1 for before, after in zip(links.headings, links.headings[1:], strict=False))
        assert "{{" not in page.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_of_the_markdown_is_beside_it(built: Any, name: str) -> None:
    folder = built(name) / "build" / "markdown"
    for page in folder.rglob("*.md"):
        for alt, target in re.findall(r"!\[(.*?)\]\((.*?)\)", page.read_text(encoding="utf-8")):
            assert len(alt) > 40
            begins = b"\x89PNG" if target.endswith(".png") else b"<svg"
            assert (page.parent / target).read_bytes().startswith(begins)


def test_the_facts_tell_what_was_published_before_the_race() -> None:
    told = {sentence for _, _, sentence in facts_of(2018, 2)}
    assert {"BOT is looking for their 100th race start", "HAM is looking for their 100th start for Mercedes"} <= told


def test_the_book_begins_with_its_latest_race_and_the_next(built: Any) -> None:
    front = (built("formula-one") / "build" / "markdown" / "README.md").read_text(encoding="utf-8")
    latest, following = "[Hungarian Grand Prix 2026](races/2026-11.md)", "[Dutch Grand Prix 2026](races/2026-12.md)"
    assert front.index(latest) < front.index(following)


def test_the_questions_show_every_kind_and_every_diagram() -> None:
    questions = [read_question(file) for file in open_course(EXAMPLES / "assessment").question_files]
    readme = (EXAMPLES / "assessment" / "README.md").read_text(encoding="utf-8")
    assert {question.settings.kind for question in questions} == set(KINDS)
    drawers = "logic|truth_table|automaton|graph|tree|number_line|circuit|tikz|venn|points_map|tones|lines"
    code = "\n".join(question.code.text for question in questions)
    assert set(re.findall(rf"\b({drawers})\(", code)) == set(drawers.split("|"))
    assert sum('query("' in question.code.text for question in questions) >= 5
    listed = re.findall(r"^\| \[`([\w-]+)`\]\(.*?\) \| (\w+) \|", readme, re.MULTILINE)
    assert sorted(listed) == sorted((question.name, question.settings.kind) for question in questions)


@pytest.mark.parametrize("name", ["champions", "wins-of-a-driver"])
def test_finders_ask_too(name: str) -> None:
    ((question, materials),) = choose([name], EXAMPLES / "assessment", {}).questions
    drawn = list(draw(question, ["1", "2", "3"], materials=materials))
    assert all(each.variant and len(each.variant.part.options) == 4 for each in drawn)


def test_no_package_of_an_examiner_is_lost(tmp_path: Path) -> None:
    """Counted in the pages themselves: every row is there, and each host is told by its end."""
    root = tmp_path / "examiner"
    shutil.copytree(EXAMPLES / "find-an-examiner", root, ignore=shutil.ignore_patterns("build"))
    (page,) = (root / "data/.cache").glob("*check-summary*.html")
    text = page.read_text(encoding="utf-8")
    named = re.findall(r'<a href="check_results_(\w+)\.html">', text)
    opened = open_course(root)
    assert opened.database().table("maintainers").column("package").to_pylist() == named
    owner, expected = "", set()
    for row in re.findall(r"<tr.*?</tr>", text, re.DOTALL):
        found = re.search(r"<tr[^>]*> <td> (.*?) </td>", row)
        owner = found[1] if found else owner
        package = re.search(r"check_results_(\w+)", row)
        if package and re.search(r"(?:@| at |\.)ac\.uk&gt;", owner, re.IGNORECASE):
            expected.add(package[1])
    expected |= {"ivytools", "loufit", "oonaplot"}  # whose addresses are written for people only
    examiners = opened.database().table("examiners").to_pylist()
    assert {row["package"] for row in examiners} == expected
    assert not {"notours", "alsonot", "trickhost"} & expected
    assert {row["institution"] for row in examiners if row["name"] == "Bronwen Pugh"} == {"llanfair.ac.uk"}
    hidden = {
        "Ivy Castellan": "northfield.ac.uk",
        "Lou Brandt": "southmere.ac.uk",
        "Oona Fairweather": "westbrook.ac.uk",
    }
    assert hidden.items() <= {row["name"]: row["institution"] for row in examiners}.items()
    unread = {row["maintainer"]: row["packages"] for row in opened.database().table("unread").to_pylist()}
    assert unread == {"Maintainer without address": 1, "Pia Rossi <pia_northfield_ac_uk>": 1}
    build(opened)
    told = (root / "build/site/index.html").read_text(encoding="utf-8")
    assert all(html.escape(line) in told for line in unread)
    for name in expected - {"archived1"}:  # which is no longer published
        assert f'<a href="https://cran.r-project.org/web/packages/{name}/index.html">{name}</a>' in told


@pytest.mark.parametrize(
    ("line", "name", "hosts"),
    [
        ("Ann Lee <ann at stats.x.ac.uk>", "Ann Lee", ["stats.x.ac.uk"]),
        ("Ann Lee <ann@x.ac.uk.>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann AT X.AC.UK>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann[at]x.ac.uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann (at) x (dot) ac (dot) uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann {at} x DOT ac DOT uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee ann at x.ac.uk", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee (ann@x.ac.uk)", "Ann Lee", ["x.ac.uk"]),
        ("ann@x.ac.uk", "ann@x.ac.uk", ["x.ac.uk"]),
        ("Ann Lee <ann at gmail.com>, <ann at x.ac.uk>", "Ann Lee", ["gmail.com", "x.ac.uk"]),
        ("Ann Lee <ann at zürich.example>", "Ann Lee", ["zürich.example"]),
        ("Ann Lee <ann_at_x_dot_ac_dot_uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann -at- x.ac.uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann <at> x <dot> ac.uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann.AT.x.ac.uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee ann |at| x.ac.uk", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann (a) x.ac.uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann\uff20x.ac.uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann@x . ac . uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <look-at-me@x.ac.uk>", "Ann Lee", ["x.ac.uk"]),
        ("Ann Lee <ann@x.ac,uk>", "Ann Lee", []),
        ("Ann Lee <ann@x.ac.uk>,<lee@y.ac.uk>", "Ann Lee", ["x.ac.uk", "y.ac.uk"]),
        ("Ann Lee ann@x.ac.uk, Bob", "Ann Lee", ["x.ac.uk"]),
        ("Work at Home Team", "Work at Home Team", []),
        ("Ann Lee <ann>", "Ann Lee", []),
    ],
)
def test_addresses_are_read_as_people_read_them(line: str, name: str, hosts: list[str]) -> None:
    sql = (EXAMPLES / "find-an-examiner/tables/addresses.sql").read_text(encoding="utf-8")
    row = duckdb.execute(
        f"WITH maintainers AS (SELECT ? AS maintainer, 'p' AS package) {sql.replace('WITH written', ', written')}",
        [line],
    )
    assert row.fetchall() == [(line, "p", hosts, name)]
