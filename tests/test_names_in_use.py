"""Names from users, banks, student lists and data where files are written: each file in its folder, none lost."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from coursewright.cli import main
from coursewright.courses import build, open_course
from coursewright.courses.building.page_names import same_pictures
from coursewright.errors import CoursewrightError
from coursewright.names import FileName, alike
from coursewright.pages.blocks.block import Picture
from coursewright.pages.executing import ExecutedPage
from coursewright.pages.reading.page import read_page
from coursewright.questions.export import File
from coursewright.questions.importers._bank import Bank, Draft
from coursewright.questions.importers._keeping import keep_bank

WHO = ["x/b", "y/b", "Ann", "ann", "../../up", "con", "é" * 200]
DRAWN = """\
---
kind: number
---
```python
a = pick(range(10**9))
line = number_line(0, 9, points=[a % 10], alt=f"A line with {a}")
answer = a
```
# Question

{{ line }}

What is {{ a }}?
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a question that draws a picture, and students whose names are no names of files."""
    folder = tmp_path / "below" / "here"
    folder.mkdir(parents=True)
    (folder / "q.md").write_text(DRAWN, encoding="utf-8")
    (folder / "students").write_text("\n".join(WHO), encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder


def ask(*arguments: str) -> int:
    return main(["ask", "q.md", "--students", "students", "--output", "out", *arguments])


def outside(folder: Path) -> list[str]:
    """What stands above `folder/out` that should not."""
    above = {path for path in folder.parent.parent.rglob("*") if not path.is_relative_to(folder / "out")}
    return sorted(path.name for path in above if path not in (folder, folder.parent))


def test_every_student_has_a_picture_of_their_own(asked: Path) -> None:
    assert ask("--to", "markdown") == 0
    files = [file.name for file in (asked / "out/q-files").iterdir()]
    assert len({alike(name) for name in files}) == len(WHO)
    assert {"q-Ann-line.svg", "q-con-line.svg"} <= set(files)
    text = (asked / "out/q.md").read_text(encoding="utf-8")
    for words, address in re.findall(r"!\[(.*)\]\((.*)\)", text):
        told = words.removeprefix("A line with ")
        assert told in (asked / "out" / unquote(address)).read_text(encoding="utf-8")
    assert outside(asked) == ["q.md", "students"]


@pytest.mark.parametrize("to", ["nbgrader", "otter"])
def test_every_student_has_a_notebook_of_their_own(asked: Path, to: str) -> None:
    assert ask("--to", to) == 0
    notebooks = list((asked / "out").rglob("*.ipynb"))
    assert len({file.parent for file in notebooks}) == 1
    assert len({alike(file.name) for file in notebooks}) == len(WHO)
    assert "Ann.ipynb" in {file.name for file in notebooks}
    texts = {json.dumps(json.loads(file.read_text(encoding="utf-8"))["cells"]) for file in notebooks}
    assert len(texts) == len(WHO)
    assert outside(asked) == ["q.md", "students"]


@pytest.mark.parametrize("to", ["qti21", "qti3", "canvas"])
def test_packages_can_be_unpacked_anywhere(asked: Path, to: str, tmp_path: Path) -> None:
    (asked / ("ж" * 120 + ".md")).write_text(DRAWN, encoding="utf-8")
    (asked / "q.md").unlink()
    assert main(["ask", f"{'ж' * 120}.md", "--students", "students", "--to", to, "--output", "out"]) == 0
    (file,) = (asked / "out").iterdir()
    with zipfile.ZipFile(file) as package:
        names = package.namelist()
        package.extractall(tmp_path / "unpacked")
        manifest = package.read("imsmanifest.xml").decode()
    assert len({alike(name) for name in names}) == len(names)
    assert set(re.findall(r'href="([^"]*)"', manifest)) == set(names) - {"imsmanifest.xml"}
    assert all(len(part) <= 255 for name in names for part in name.split("/"))


@pytest.mark.parametrize("name", ["../x", "/etc/x", "..", "a/b", "con", "x" * 300])
def test_the_name_of_a_quiz_is_no_path(asked: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert ask("--to", "json", "--name", name) == 2
    assert f'error: "{name[:240]}" cannot be the name of a file: ' in capsys.readouterr().err
    assert outside(asked) == ["q.md", "students"]
    assert not (asked / "out").exists()


def test_a_question_whose_name_is_long_is_written(asked: Path) -> None:
    long = "é" * 124 + ".md"  # 252 bytes, the longest that there are
    (asked / "q.md").rename(asked / long)
    assert main(["ask", long, "--to", "canvas", "--to", "markdown", "--output", "out"]) == 0
    assert len(list((asked / "out").iterdir())) == 3


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/b"])
def test_the_name_of_a_picture_is_no_path(make_course: Any, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = make_course({"pages/index.md": f"# P\n\n```{{tikz}} {name}\n:alt: A line\n\\draw (0,0) -- (1,1);\n```\n"})
    assert main(["build", str(root)]) == 1
    assert capsys.readouterr().err.endswith(
        f'error: "{name}" cannot be the name of a file: there is a / in it\n'
        f"  --> {root}/pages/index.md:3, {{tikz}}\nhint: leave out / \\\n"
    )


def test_two_pictures_of_a_page_do_not_share_a_file(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text("```{tikz} a\n```\n\n```{tikz} A\n```\n\n```{tikz} a\n```\n")
    page = read_page(tmp_path / "p.md")
    blocks = (Picture("a", "<svg/>", "one"), Picture("A", "<svg />", "two"), Picture("a", "<svg/>", "as the first"))
    problems = list(same_pictures(ExecutedPage(page, "p", {}, blocks)))
    assert [str(problem) for problem in problems] == [
        f'error: two pictures of this page are called "A"\n  --> {tmp_path}/p.md:4, {{tikz}}\n'
        "hint: give one of them another name"
    ]


def test_a_page_may_be_called_anything(make_course: Any) -> None:
    names = ["é" * 200, "ж/" * 90, "con", ".hidden", "a\x07b", "हिन्दी", "x."]
    rows = "name\n" + "".join(f'"{name}"\n' for name in names)
    page = "---\nname: '{{ name }}'\nfor_each: SELECT name FROM sales\n---\n\n# {{ name }}\n"
    root = make_course({"data/sales.csv": rows, "pages/p.md": page})
    built = build(open_course(root))
    assert len(built.pages) == len(names)
    for folder, ending in (("site", "html"), ("markdown", "md")):
        for name in built.pages:
            assert (root / "build" / folder / f"{name}.{ending}").is_file()
    assert {"page-con", "hidden", "a-b", "हिन्दी", "x"} <= set(built.pages)


def test_rows_that_give_one_page_are_named(make_course: Any, capsys: pytest.CaptureFixture[str]) -> None:
    page = "---\nname: '{{ name }}'\nfor_each: SELECT name FROM sales\n---\n"
    root = make_course({"data/sales.csv": "name\nAnn\nBo\nann\n", "pages/p.md": page})
    assert main(["build", str(root)]) == 1
    assert f'error: two pages are called "ann"\n  --> {root}/pages/p.md:2, name, row 3\n' in capsys.readouterr().err


def test_an_importer_that_names_a_path_writes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "questions"
    for draft in (
        Draft(FileName("../x"), "text"),
        Draft(FileName("x"), "![a](b)", (File("../b.png", b""),)),
    ):
        with pytest.raises(CoursewrightError, match="cannot be the name of a file"):
            keep_bank(Bank((draft,)), folder)
    with pytest.raises(CoursewrightError, match='two questions are called "X"'):
        keep_bank(Bank((Draft(FileName("x"), "one"), Draft(FileName("X"), "two"))), folder)
    assert list(tmp_path.iterdir()) == []


def test_a_page_and_a_section_may_have_one_name(make_course: Any) -> None:
    page = "# P\n\n```{table} sales\n```\n"
    root = make_course({f"pages/{name}.md": page for name in ("index", "a", "a/b", "a/index")})
    assert build(open_course(root)).executed == 4
    assert build(open_course(root)).executed == 0
    assert {str(file.relative_to(root / "build/site")) for file in (root / "build/site").rglob("*.html")} >= {
        "index.html",
        "a.html",
        "a/b.html",
        "a/index.html",
    }


def test_two_draws_of_a_question_on_a_page_have_two_pictures(make_course: Any) -> None:
    page = "# P\n\n```{question} q\n```\n\n```{question} q\n:seed: ../2\n```\n"
    root = make_course({"pages/index.md": page, "questions/q.md": DRAWN})
    build(open_course(root))
    text = (root / "build/markdown/README.md").read_text(encoding="utf-8")
    shown = [(number, unquote(address)) for number, address in re.findall(r"!\[A line with (\d+)\]\((.*)\)", text)]
    assert len({address for _, address in shown}) == 2
    for number, address in shown:
        assert number in (root / "build/markdown" / address).read_text(encoding="utf-8")
        assert (root / "build/markdown" / address).resolve().parent == root / "build/markdown/index"
