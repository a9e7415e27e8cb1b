"""One more of everything that CONTRIBUTING.md tells how to add, written into a copy of the package.

A directive, an exporter, an importer and a format of sites that come in a package of their own are in test_plugins.py.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
NODE = shutil.which("node")
TOYS = Path(__file__).parent / "toys"
QUESTION = """
---
title: Boiling
kind: slider
low: 0
high: 200
step: 10
---
```python
answer = pick([100, 120])
```

# Question

Where is {{ answer }}?
"""
CLOZE = """
---
title: Two
kind: cloze
gaps:
  heat: { kind: slider, low: 0, high: 10 }
---
```python
heat = 5
```

# Question

It is [[heat]].
"""

MOODLE = """
def _slider(part: Part, writer: MoodleWriter, _notes: list[str]) -> str:
    return _answer("100", str(part.right), (), writer, "<tolerance>0</tolerance>\\n")


KINDS["slider"] = ("numerical", _slider)
"""
ON_PAGE = """    answers=_answers,
    page=as_it_is,
    script="slider.js",
"""
READER = """    **dict.fromkeys(_ARROW, _feather),
    "lines": lines.read,
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, in a folder from which Python takes it."""
    copy = tmp_path / "copy"
    without = shutil.ignore_patterns("__pycache__", "_examples")
    shutil.copytree(ROOT / "src/coursewright", copy / "coursewright", ignore=without)
    return copy


def add(package: Path, name: str) -> None:
    """Write the toy into the copy, as a file of its own."""
    file = package / "coursewright" / name
    assert not file.exists()
    file.write_text((TOYS / name.replace("/", "_")).read_text())


def change(package: Path, name: str, old: str, new: str) -> None:
    """Change a file of the copy."""
    file = package / "coursewright" / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))


def run(package: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, as it is with what was added."""
    command = [sys.executable, "-m", "coursewright", *arguments]
    environment = os.environ | {"PYTHONPATH": str(package), "NO_COLOR": "1", "COLUMNS": "200"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_kind_of_question(package: Path, tmp_path: Path) -> None:
    add(package, "questions/kinds/slider.py")
    moodle = package / "coursewright/questions/exporters/_moodle/kinds.py"
    moodle.write_text(f"{moodle.read_text()}\n{MOODLE}")
    (tmp_path / "boiling.md").write_text(QUESTION.lstrip())
    (tmp_path / "two.md").write_text(CLOZE.lstrip())

    # It is read, drawn, checked and shown.
    shown = run(package, tmp_path, "ask", "boiling.md", "--variants", "2")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert sorted(re.findall(r"- \[x\] (\d+)", shown.stdout)) == ["100", "120"]
    (tmp_path / "course/questions").mkdir(parents=True)
    (tmp_path / "course/course.toml").write_text('[course]\ntitle = "Heat"\n')
    shutil.copy(tmp_path / "boiling.md", tmp_path / "course/questions")
    checked = run(package, tmp_path / "course", "check")
    assert checked.returncode == 1
    assert 'the text of the question says the answer, "1' in checked.stdout + checked.stderr

    # The exporter that has a function for it writes it, one that writes all kinds does so, and the others say so.
    asked = run(package, tmp_path, "ask", "boiling.md", "two.md", "--to", "moodle", "--to", "json", "--to", "markdown")
    assert '<question type="numerical">' in (tmp_path / "questions.xml").read_text(), asked.stdout + asked.stderr
    assert "from 0 to 200, in steps of 10" in (tmp_path / "questions.md").read_text()
    assert "Moodle has no gap of this kind" in asked.stdout + asked.stderr
    for name, said in {
        "gift": "GIFT has no questions of this kind",
        "qti3": "QTI has no questions of this kind",
        "canvas": "Canvas has no questions of this kind",
        "html": "the self-marking page has no questions of this kind",
    }.items():
        refused = run(package, tmp_path, "ask", "boiling.md", "--to", name)
        assert refused.returncode == 1
        assert f"cannot express it: {said}" in refused.stdout + refused.stderr

    # A page has no place for it, and says where, and what else can be done.
    (tmp_path / "course/pages").mkdir()
    for question in ("boiling", "two"):
        shutil.copy(tmp_path / f"{question}.md", tmp_path / "course/questions")
        (tmp_path / "course/pages/heat.md").write_text(f"# Heat\n\n```{{question}} {question}\n```\n")
        built = run(package, tmp_path / "course", "build")
        assert built.returncode == 1
        assert built.stderr.endswith(
            'error: no question of the kind "slider" marks itself in a page\n'
            "  --> pages/heat.md:3, {question}\n"
            f"hint: take {{question}} out here, and export it: coursewright ask questions/{question}.md --to moodle\n"
        ), built.stderr

    # Its key is read again, and responses are marked by it.
    variants = json.loads((tmp_path / "questions.json").read_text())["variants"]
    right = next(one["parts"][0]["right"] for one in variants if one["kind"] == "slider")
    (tmp_path / "given.csv").write_text(f"question,who,response\nboiling,1,{right}\ntwo,1,\n")
    marked = run(package, tmp_path, "mark", "questions.json", "given.csv")
    assert marked.returncode == 0, marked.stdout + marked.stderr
    assert re.search(r"boiling\W+1\b.*\b1\b", marked.stdout), marked.stdout

    # A mistake in its front matter is told as for any other kind.
    (tmp_path / "boiling.md").write_text(QUESTION.lstrip().replace("step: 10", "stop: 10"))
    wrong = run(package, tmp_path, "ask", "boiling.md")
    assert 'unknown key "stop"' in wrong.stdout + wrong.stderr


def test_a_kind_that_marks_itself_in_a_page(package: Path, tmp_path: Path) -> None:
    add(package, "questions/kinds/slider.py")
    add(package, "questions/widget/slider.js")
    change(package, "questions/kinds/slider.py", "    answers=_answers,\n", ON_PAGE)
    (tmp_path / "boiling.md").write_text(QUESTION.lstrip())
    asked = run(package, tmp_path, "ask", "boiling.md", "--to", "html")
    assert asked.returncode == 0, asked.stdout + asked.stderr
    page = (tmp_path / "boiling.html").read_text()
    assert '"kind":"slider"' in page
    assert page.index("CoursewrightKinds = ") < page.index("root.CoursewrightMarking = api")


@pytest.mark.skipif(not NODE, reason="needs Node.js")
def test_such_a_kind_is_marked_in_the_page(package: Path) -> None:
    add(package, "questions/widget/slider.js")
    widget = package / "coursewright/questions/widget"
    said = "['5', '6', ''].map(one => mark({ kind: 'slider', right: 5 }, one).fraction)"
    code = f"require('./slider.js'); const {{ mark }} = require('./marking.js'); console.log({said})"
    done = subprocess.run([str(NODE), "-e", code], cwd=widget, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[ 1, 0, 0 ]\n", "")


def test_a_kind_of_file_for_tables(package: Path, tmp_path: Path) -> None:
    add(package, "tables/sources/lines.py")
    change(package, "tables/sources/files.py", "import archives, delimited,", "import archives, lines, delimited,")
    change(package, "tables/sources/files.py", "    **dict.fromkeys(_ARROW, _feather),\n", READER)
    (tmp_path / "course.toml").write_text('[course]\ntitle = "Lines"\n\n[tables]\npoem = "poem.lines"\n')
    (tmp_path / "poem.lines").write_text("Tyger tyger\nburning bright\n")
    told = run(package, tmp_path, "table", "poem", "--format", "csv")
    assert (told.stdout, told.stderr) == ("line,text\n1,Tyger tyger\n2,burning bright\n", "")
    (tmp_path / "course.toml").write_text('[course]\ntitle = "Lines"\n\n[tables]\npoem = "poem.txt"\n')
    assert "lines" in run(package, tmp_path, "table", "poem").stderr  # among those that there are


def test_a_directive_and_an_exporter(package: Path, tmp_path: Path) -> None:
    """Built-in ones: a file each, and a line of pyproject.toml, which says what is installed."""
    add(package, "pages/directives/shout.py")
    add(package, "questions/exporters/titles.py")
    about = package / "toys-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: toys\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(
        "[coursewright.directives]\nshout = coursewright.pages.directives.shout\n"
        "[coursewright.exporters]\ntitles = coursewright.questions.exporters.titles\n"
    )
    (tmp_path / "course.toml").write_text('[course]\ntitle = "Shouts"\n')
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/index.md").write_text("# Here\n\n```{shout}\nhello\n```\n")
    built = run(package, tmp_path, "build")
    assert built.returncode == 0, built.stdout + built.stderr
    assert "HELLO" in (tmp_path / "build/site/index.html").read_text()
    (tmp_path / "plain.md").write_text("---\ntitle: Plain\nkind: essay\n---\n# Question\n\nWhy?\n")
    asked = run(package, tmp_path, "ask", "plain.md", "--to", "titles")
    assert (tmp_path / "plain.txt").read_text() == "Plain\n", asked.stdout + asked.stderr
