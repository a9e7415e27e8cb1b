"""A build after which nothing has changed looks at no page: any change of what it may have read is noticed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coursewright import plugins
from coursewright.courses import build, open_course
from coursewright.courses.building import standing
from coursewright.courses.building.standing import Standing
from coursewright.courses.building.state import Fingerprints
from test_courses import content

FIGURE = """
import os
from coursewright.figures import Figure

def draw():
    words = os.environ.get("CITY", "nowhere")
    return Figure(f'<svg xmlns="http://www.w3.org/2000/svg"><title>{words}</title></svg>', words)
"""
FILES = {
    "course.toml": '[course]\ntitle = "T"\nurl = "https://example.org/"\n[parameters]\nyear = 2024\n'
    '[tables]\nsales = "data/sales.csv"\nabroad = "../abroad.csv"\n',
    "pages/index.md": "# Home\n\n```{pages} fruit\n```\n\n```{figure} words\n```\n\n![A map](map.png)\n",
    "pages/fruit.md": "---\nfor_each: SELECT DISTINCT fruit FROM sold ORDER BY 1\nname: '{{ fruit }}'\n---\n# Fruit\n",
    "pages/map.png": "png",
    "pages/abroad.md": "# Abroad\n\n```{table} abroad\n```\n\n```{facts}\n```\n",
    "tables/sold.sql": "SELECT fruit FROM sales",
    "facts/sold.sql": '/*---\ntitle = "T"\ntell = "#fruit# sold"\n---*/\nSELECT DISTINCT fruit FROM sales ORDER BY 1\n',
    "figures/words.py": FIGURE,
    "../abroad.csv": "a\n1\n",
    "notes/empty.txt": "",
}


def again(root: Path, *, preview: bool = False, figures: bool = True, **overrides: Any) -> bool:
    """Whether a build would find that the last one stands."""
    formats = {name: plugins.load("formats", name) for name in plugins.names("formats")}
    course = replace(open_course(root, overrides), figures=figures)
    return Standing(course, Fingerprints(course), formats, preview).last() is not None


def more(file: Path, text: str) -> None:
    """Add text to a file."""
    file.write_text(file.read_text() + text)


def old(*files: Path) -> None:
    """Let files be older than what was saved a moment ago."""
    for file in files:
        os.utime(file, (1, 1))


def same_size_and_time(file: Path) -> None:
    """Another content, of which the size and the time of writing say nothing."""
    about = file.stat()
    file.write_text(re.sub("Abroad|Home", lambda found: found[0].swapcase(), file.read_text()))
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))


def replaced_by_another(file: Path) -> None:
    """Another file of the same size and time in its place."""
    shutil.copy2(file, file.with_suffix(".new"))
    same_size_and_time(file.with_suffix(".new"))
    file.with_suffix(".new").rename(file)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a page": lambda root: more(root / "pages/fruit.md", "More.\n"),
    "a page of the same size and time": lambda root: same_size_and_time(root / "pages/abroad.md"),
    "another file in its place": lambda root: replaced_by_another(root / "pages/index.md"),
    "a new page": lambda root: (root / "pages/new.md").write_text("# New\n"),
    "a page less": lambda root: (root / "pages/new.md").unlink(),
    "a setting": lambda root: (root / "course.toml").write_text(FILES["course.toml"].replace('"T"', '"U"')),
    "rows": lambda root: more(root / "data/sales.csv", "2024,Kiwi,3\n"),
    "a derived table": lambda root: (root / "tables/sold.sql").write_text("SELECT fruit FROM sales WHERE year = 2024"),
    "a finder": lambda root: more(root / "facts/sold.sql", "-- by name\n"),
    "code": lambda root: (root / "figures/words.py").write_text(FIGURE.replace("nowhere", "here")),
    "a picture": lambda root: (root / "pages/map.png").write_text("other"),
    "a file elsewhere": lambda root: (root / "../abroad.csv").write_text("a\n2\n"),
    "times of feeds": lambda root: (root / "feeds.times").write_text("# of another clone\n"),
    "what was built": lambda root: (root / "build/site/index.html").write_text("mine"),
    "a built file less": lambda root: (root / "build/markdown/README.md").unlink(),
    "a built file more": lambda root: (root / "build/site/more.html").write_text("mine"),
    "a build that was broken off": lambda root: (root / "build/.coursewright-new").mkdir(),
    "what the build keeps": lambda root: shutil.rmtree(root / "build/.cache"),
    "the whole build": lambda root: shutil.rmtree(root / "build"),
}


def test_every_change_of_what_was_read_or_written_is_noticed(
    make_course: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "course").mkdir()
    root = make_course(FILES)
    old(tmp_path / "abroad.csv")  # and yet it was made just now
    build(open_course(root))
    assert not again(root)  # it could have been written again while it was read
    monkeypatch.setattr(standing, "_RECENT", 0)
    build(open_course(root))
    for name, change in CHANGES.items():
        assert again(root), f"before {name}"
        change(root)
        assert not again(root), name
        build(open_course(root))


def test_what_is_asked_and_what_asks_are_no_files_of_the_course(
    make_course: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(standing, "_RECENT", 0)
    (tmp_path / "course").mkdir()
    root = make_course(FILES)
    first = build(open_course(root))
    before = content(root / "build")
    last = build(open_course(root))
    assert (last.pages, last.executed, last.read, last.whys) == (first.pages, 0, first.read, ())
    assert content(root / "build") == before
    assert again(root)
    assert not again(root, year=2023)
    assert not again(root, preview=True)
    assert not again(root, figures=False)
    assert not Standing(*_made(root, {"site": plugins.load("formats", "site")})).last()
    for name, value in (("SOURCE_DATE_EPOCH", "1"), ("CITY", "Leeds")):
        with monkeypatch.context() as other:
            other.setenv(name, value)
            assert not again(root), name
    ours, packages = tmp_path / "ours", tmp_path / "site-packages"
    for folder in (ours, packages):
        folder.mkdir()
    with monkeypatch.context() as other:
        other.setattr(standing, "_OURS", ours)
        assert not again(root)
    with monkeypatch.context() as other:
        other.syspath_prepend(str(packages))
        assert not again(root)
    assert again(root)


def _made(root: Path, formats: dict[str, Any]) -> tuple[Any, ...]:
    course = open_course(root)
    return course, Fingerprints(course), formats, False


@pytest.mark.parametrize(
    "files",
    [
        {"pages/fruit.md": "---\nfor_each: SELECT current_date AS day\nname: '{{ day }}'\n---\n# {{ day }}\n"},
        {"pages/now.md": "# Now\n\n```{table}\nSELECT random() > 2 AS never\n```\n"},
    ],
    ids=["a clock in for_each", "chance in a table"],
)
def test_what_is_never_the_same_never_stands(
    make_course: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, files: dict[str, str]
) -> None:
    monkeypatch.setattr(standing, "_RECENT", 0)
    (tmp_path / "course").mkdir()
    root = make_course({**FILES, "pages/index.md": "# Home\n", **files})
    build(open_course(root))
    assert not again(root)


def test_a_folder_that_is_a_link_is_looked_at_each_time(
    make_course: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(standing, "_RECENT", 0)
    (tmp_path / "course").mkdir()
    root = make_course(FILES)
    (root / "linked").symlink_to(tmp_path)
    build(open_course(root))
    assert not again(root)


def test_what_is_saved_while_a_build_works_is_not_taken_for_what_it_read(
    make_course: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "course").mkdir()
    root = make_course(FILES)
    old(tmp_path / "abroad.csv")
    saved = iter(["# Saved\n"])

    def progress(_what: str, _done: int, _of: int) -> None:
        for text in saved:
            (root / "pages/abroad.md").write_text(text)

    monkeypatch.setattr(standing, "_RECENT", 0)
    build(open_course(root), progress=progress)
    assert not again(root)
    build(open_course(root))
    assert "Saved" in (root / "build/site/abroad.html").read_text()


def test_what_is_saved_after_a_page_was_made_from_it_makes_the_page_again(make_course: Any) -> None:
    root = make_course({"pages/index.md": "# Home\n\n```{table}\nSELECT fruit FROM sales\n```\n"})

    def progress(_what: str, done: int, _of: int) -> None:
        if done:
            (root / "data/sales.csv").write_text("year,fruit,tonnes\n2024,kiwi,1\n")

    build(open_course(root), progress=progress)
    assert "kiwi" not in (root / "build/site/index.html").read_text()
    build(open_course(root))
    assert "kiwi" in (root / "build/site/index.html").read_text()


def test_a_hard_link_made_while_a_build_works_makes_nothing_again(make_course: Any, tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    root = make_course(FILES)
    old(tmp_path / "abroad.csv")
    links = iter(range(100))

    def progress(_what: str, _done: int, _of: int) -> None:
        for file in (root / "data/sales.csv", tmp_path / "abroad.csv"):
            os.link(file, tmp_path / f"link-{next(links)}")

    build(open_course(root))
    for kind in ("one", "two"):
        (root / "pages/fruit.md").write_text(f"# Fruit of kind {kind}\n", encoding="utf-8")
        built = build(open_course(root), progress=progress)
        assert built.executed == 1, kind


def test_another_file_put_in_the_place_of_one_elsewhere_makes_its_page_again(make_course: Any, tmp_path: Path) -> None:
    (tmp_path / "course").mkdir()
    root = make_course(FILES)
    old(tmp_path / "abroad.csv")
    (tmp_path / "other.csv").write_text("a\n7\n")
    old(tmp_path / "other.csv")

    def progress(_what: str, done: int, of: int) -> None:
        if done == of and (tmp_path / "other.csv").exists():
            (tmp_path / "other.csv").rename(tmp_path / "abroad.csv")

    build(open_course(root))
    (root / "pages/fruit.md").write_text("# Fruit\n", encoding="utf-8")
    build(open_course(root), progress=progress)
    build(open_course(root))
    assert "7" in (root / "build/markdown/abroad.md").read_text()


@pytest.mark.parametrize("part", ["can_retell", "can_draw", "can_ask"])
def test_a_part_that_was_fetched_since_is_noticed(
    make_course: Callable[[dict[str, str]], Path], monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    course = make_course({"course.toml": '[course]\ntitle = "T"\n[runtimes]\nhere = true\n'})
    found = []
    for there in (False, True):
        monkeypatch.setattr(f"coursewright.courses.building.state.{part}", lambda there=there: there)
        found.append(Fingerprints(open_course(course)).everywhere)
    assert found[0] != found[1]
