"""Plugins of other packages: one of each kind as the guide shows it, and those that cannot be used."""

from __future__ import annotations

import json
import shutil
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursewright import plugins
from coursewright.cli import main
from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError, SeveralProblems

DOCS = Path(__file__).parent.parent / "docs"
SAMPLE = DOCS / "sample"
SHARE = """
```{share}
:of: tonnes
SELECT sum(tonnes) FILTER (fruit = 'apple')::INT AS apples, sum(tonnes)::INT AS all FROM sales
```
"""
QUESTION = """
---
title: Large
kind: choice
tries: 2
---
# Question

Which is larger?

# Answers

- [x] 2
- [ ] 1

# Solution

Two.
"""


def install(folder: Path, name: str, entries: str, *, version: str = "1.0") -> None:
    """Let a package be installed as far as Python asks: its name, its version and its entry points."""
    about = folder / f"{name}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    (about / "entry_points.txt").write_text(entries)


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of packages beside those that are installed."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    before = set(sys.modules)
    plugins._entries.cache_clear()
    plugins.forget()
    yield folder
    plugins._entries.cache_clear()
    plugins.forget()
    for name in sys.modules.keys() - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
            del sys.modules[name]


def sample(packages: Path, *, version: str = "1.0") -> None:
    """The package of the guide, with the entry points that its pyproject.toml says."""
    shutil.copytree(SAMPLE / "coursewright_sample", packages / "coursewright_sample", dirs_exist_ok=True)
    said = tomllib.loads((SAMPLE / "pyproject.toml").read_text())["project"]["entry-points"]
    lines = [f"[{group}]\n{name} = {module}\n" for group, own in said.items() for name, module in own.items()]
    install(packages, "coursewright_sample", "".join(lines), version=version)


def test_the_guide_shows_the_sample_as_it_is() -> None:
    guide = (DOCS / "guides/plugins.md").read_text()
    files = [SAMPLE / "pyproject.toml", *sorted((SAMPLE / "coursewright_sample").glob("*.py"))]
    assert [file.name for file in files if file.read_text() not in guide and file.name != "__init__.py"] == []


def test_one_of_each_kind(packages: Path, make_course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    sample(packages)
    files = {"pages/index.md": f"# Fruit\n{SHARE}", "questions/large.md": QUESTION.strip()}
    root = make_course({**files, "bank.txt": "Capital of Peru? => Lima\n\nCapital of {{ x }}? => y\n"})
    monkeypatch.chdir(root)
    assert main(["build"]) == 0
    assert "22 of 26 tonnes: 85%." in (root / "build/site/index.html").read_text()
    pages = [{"title": "Fruit", "address": "index", "headings": ["Fruit"]}]
    assert json.loads((root / "build/outline/outline.json").read_text()) == {"course": "Fruit", "pages": pages}
    about = json.loads((root / "build/outline/index.json").read_text())
    assert about == {"title": "Fruit", "description": ""}
    assert main(["ask", "large", "--to", "flashcards"]) == 0
    assert [file.read_text() for file in root.rglob("*.tsv")] == ["Which is larger?\tTwo.\n"]
    assert main(["import", "bank.txt"]) == 1  # one has braces
    assert main(["ask", "1-Capital-of-Peru"]) == 0


def test_another_version_of_a_plugin_makes_pages_again(packages: Path, make_course: Any) -> None:
    sample(packages)
    root = make_course({"pages/index.md": f"# Fruit\n{SHARE}"})
    assert [build(open_course(root)).executed for _ in range(2)] == [1, 0]
    shutil.rmtree(packages / "coursewright_sample-1.0.dist-info")
    sample(packages, version="1.1")
    plugins._entries.cache_clear()
    (why,) = build(open_course(root), why=True).whys
    assert (why.made, why.causes) == (True, ("the package coursewright_sample: version 1.0 → version 1.1",))


def test_an_option_that_is_missing_is_named(packages: Path, make_course: Any) -> None:
    sample(packages)
    root = make_course({"pages/index.md": "# Fruit\n\n```{share}\n:digits: many\nSELECT 1, 2\n```\n"})
    with pytest.raises(SeveralProblems) as caught:
        build(open_course(root))
    number, of = caught.value.problems
    assert number.message == '"digits" should be a whole number, not "many"'
    assert (of.message, str(of.where)) == ('the option "of" is missing', f"{root}/pages/index.md:3, {{share}}")
    assert of.hint == "write it below the first line of the directive, for instance :of: …"


BROKEN = {
    "missing": "import nothing_like_it",
    "failing": "raise RuntimeError('not today')",
    "empty": "",
}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing", "of loud 1.0 cannot be read: ModuleNotFoundError: No module named 'nothing_like_it'"),
        ("failing", "of loud 1.0 cannot be read: RuntimeError: not today"),
        ("absent", "of loud 1.0 cannot be read: ModuleNotFoundError: No module named 'loud_absent'"),
        ("empty", "of loud 1.0 has no Options and no run"),
        ("table", "is in several packages: coursewright 0.1.0 and loud 1.0"),
    ],
)
def test_a_directive_that_cannot_be_used(packages: Path, make_course: Any, name: str, message: str) -> None:
    for module, text in BROKEN.items():
        (packages / f"loud_{module}.py").write_text(text)
    install(packages, "loud", f"[coursewright.directives]\n{name} = loud_{name}\n")
    root = make_course({"pages/index.md": f"# Fruit\n\n```{{{name}}} sales\n```\n"})
    with pytest.raises(SeveralProblems) as caught:
        build(open_course(root))
    (problem,) = caught.value.problems
    assert problem.message == f'the directive "{name}" {message}'
    assert str(problem.where).endswith(f"index.md:3, {{{name}}}")
    assert "pip " in problem.hint


def test_what_cannot_be_used_harms_nobody_who_did_not_ask(packages: Path, make_course: Any, capsys: Any) -> None:
    (packages / "loud_failing.py").write_text(BROKEN["failing"])
    groups = ("directives", "formats", "importers", "exporters")
    install(packages, "loud", "".join(f"[coursewright.{group}]\nloud = loud_failing\n" for group in groups))
    root = make_course({"pages/index.md": "# Fruit\n", "bank.gift": "::a::Is it so? {T}\n"})
    for _ in range(2):
        (remark,) = build(open_course(root)).remarks
        said = 'the format "loud" of loud 1.0 cannot be read: RuntimeError: not today'
        assert remark == f"note: {said}: nothing is written in this format"
    with pytest.raises(CoursewrightError) as caught:
        build(open_course(root), only=["loud"])
    assert caught.value.problem.message == said
    assert main(["import", str(root / "bank.gift"), "--output", str(root / "questions")]) == 0
    (root / "bank.txt").write_text("nothing\n")
    assert main(["import", str(root / "bank.txt")]) == 1
    assert 'the importer "loud" of loud 1.0 cannot be read: RuntimeError: not today' in capsys.readouterr().err


def test_a_name_of_ours_in_a_stranger_s_format_is_told(packages: Path, make_course: Any) -> None:
    install(packages, "loud", "[coursewright.formats]\nsite = loud_site\n")
    with pytest.raises(CoursewrightError, match=r'the format "site" is in several packages: coursewright \S+ and loud'):
        build(open_course(make_course({})))
