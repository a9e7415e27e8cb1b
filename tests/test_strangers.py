"""With --untrusted a course reads its own folder, reaches nothing else, and what it runs stays behind the wall."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import strangers
from conftest import COURSE
from coursewright.courses import build, check, open_course
from coursewright.courses.quizzes import choose
from coursewright.errors import CoursewrightError
from coursewright.harmless import why_harmful, why_svg
from coursewright.questions import ask, draw
from coursewright.questions.export import Quiz
from coursewright.sandbox import NoWall
from coursewright.sandbox.walls import lacking
from coursewright.trust import STRANGER, leads_out

pytestmark = pytest.mark.skipif(bool(lacking()), reason="this system has no wall: everything is refused")
ATTEMPTS = yaml.safe_load((Path(__file__).parent / "strangers.yaml").read_text(encoding="utf-8"))
PAGE = {"pages/a.md": "# A\n\nText.\n"}
FRUIT = "from coursewright.figures import bars\n\n\ndef draw(sales, year):\n    now = sales[sales['year'] == year]\n"
CHART = FRUIT + "    return bars(now, x='fruit', y='tonnes', title=f'Fruit in {year}')\n"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def course(tmp_path: Path, files: Mapping[str, str]) -> Path:
    return strangers.course(tmp_path, {"files": files})


def stays_inside(tmp_path: Path, before: Mapping[str, Any]) -> None:
    """Nothing beside the course has changed, and nothing of it has come into what was built."""
    assert {path.name: path.read_text() for path in tmp_path.glob("secret*")} == before
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["course", *before])
    for path in (tmp_path / "course" / "build").rglob("*"):
        if path.is_file():
            assert strangers.MINE.encode() not in path.read_bytes()


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=[attempt["case"] for attempt in ATTEMPTS])
def test_what_an_attempt_comes_to(attempt: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_SECRET_OF_MINE", strangers.MINE)
    root = strangers.course(tmp_path, attempt)
    before = {path.name: path.read_text() for path in tmp_path.glob("secret*")}
    assert strangers.outcome(root, tmp_path) == attempt["says"]
    stays_inside(tmp_path, before)
    if attempt["says"] == strangers.BUILT:
        page = "".join(file.read_text() for file in (root / "build" / "site").glob("*.html"))
        assert not re.search(r"""=\s*["']?\s*(javascript|vbscript|data:text)""", page, re.IGNORECASE)
        assert "<script>alert" not in page


def link_of_a_table(root: Path) -> str:
    (root / "data" / "sales.csv").unlink()
    (root / "data" / "sales.csv").symlink_to(root.parent / "secret.txt")
    return "error: this link leads out of the course\n  --> COURSE/data/sales.csv\n" + COPY


def link_of_a_folder(root: Path) -> str:
    (root / "figures").symlink_to("/etc")
    return "error: this link leads out of the course\n  --> COURSE/figures\n" + COPY


def link_of_the_build(root: Path) -> str:
    (root / "build").symlink_to(root.parent)
    return "error: this link leads out of the course\n  --> COURSE/build\n" + COPY


def link_of_a_hidden_folder(root: Path) -> str:
    (root / "data" / ".cache").symlink_to("../..")
    return "error: this link leads out of the course\n  --> COURSE/data/.cache\n" + COPY


def link_by_way_of_a_link(root: Path) -> str:
    (root / "one").symlink_to("data/two")
    (root / "data" / "two").symlink_to("/etc/passwd")
    both = ("data/two", "one")
    return "".join(f"error: this link leads out of the course\n  --> COURSE/{name}\n{COPY}" for name in both)


def settings_that_are_a_link(root: Path) -> str:
    (root / "course.toml").unlink()
    (root / "course.toml").symlink_to("../secret.txt")
    return "error: this link leads out of the course\n  --> COURSE/course.toml\n" + COPY


def second_name(root: Path) -> str:
    os.link(root.parent / "secret.txt", root / "data" / "more.csv")
    said = "error: this file has a second name, by a hard link, and may be one of yours\n  --> COURSE/data/more.csv\n"
    return said + "hint: copy the course, for instance with cp -r, so that each file is one of its own\n"


def pipe(root: Path) -> str:
    os.mkfifo(root / "data" / "more.csv")
    return "error: this is a pipe, not a file\n  --> COURSE/data/more.csv\nhint: delete it\n"


COPY = "hint: put a copy of what is meant in its place\n"
LINKS = (link_of_a_table, link_of_a_folder, link_of_the_build, link_of_a_hidden_folder, link_by_way_of_a_link)


@pytest.mark.parametrize("make", [*LINKS, settings_that_are_a_link, second_name, pipe])
def test_links_and_pipes(make: Any, tmp_path: Path) -> None:
    root = course(tmp_path, PAGE)
    says = make(root)
    assert strangers.outcome(root, tmp_path) == says


def test_a_link_within_the_course(tmp_path: Path) -> None:
    root = course(tmp_path, PAGE)
    (root / "data" / "more.csv").symlink_to("sales.csv")
    assert strangers.outcome(root, tmp_path) == strangers.BUILT


def test_a_member_of_an_archive_that_leads_out(tmp_path: Path) -> None:
    root = course(tmp_path, {**PAGE, "pages/a.md": "# A\n\n```{table}\nSELECT * FROM x\n```\n"})
    (root / "course.toml").write_text('[course]\ntitle = "X"\n[tables]\nx = "data/x.zip"\n')
    with zipfile.ZipFile(root / "data" / "x.zip", "w") as archive:
        archive.writestr("../../../secret.csv", "a,b\n1,2\n")
    assert strangers.outcome(root, tmp_path) == strangers.BUILT
    assert [path.name for path in tmp_path.glob("*.csv")] == ["secret.txt.csv"]  # which was there before
    assert all("unpacked" in str(path) for path in root.rglob("*.csv") if path.name != "sales.csv")


def test_an_entity_in_a_spreadsheet(tmp_path: Path) -> None:
    import openpyxl

    root = course(tmp_path, {"pages/a.md": "# A\n\n```{table}\nSELECT * FROM x\n```\n"})
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.active.append(["b"])
    book.save(root / "plain.xlsx")
    entity = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path / "secret.txt"}">]>'.encode()
    with zipfile.ZipFile(root / "plain.xlsx") as plain, zipfile.ZipFile(root / "data" / "x.xlsx", "w") as other:
        for name in plain.namelist():
            content = plain.read(name)
            if name.endswith(("sharedStrings.xml", "sheet1.xml")):
                content = entity + re.sub(rb"^<\?xml.*?\?>", b"", content).replace(b">b<", b">&e;<")
            other.writestr(name, content)
    (root / "course.toml").write_text('[course]\ntitle = "X"\n[tables]\nx = "data/x.xlsx"\n')
    before = {path.name: path.read_text() for path in tmp_path.glob("secret*")}
    strangers.outcome(root, tmp_path)
    stays_inside(tmp_path, before)


def test_what_readers_would_run_or_load_is_left_out(tmp_path: Path) -> None:
    more = '\n[runtimes]\nhere = true\n\n[site]\ncss = "own.css"\n'
    root = course(tmp_path, {**PAGE, "course.toml": COURSE + more, "own.css": "body { display: none }\n"})
    said: list[str] = []
    build(open_course(root, trust=STRANGER, report=said.append))
    assert said == [
        "note: [runtimes] is left out: nobody runs a stranger's pages",
        "note: [site] css is left out: a stranger's style could hide text, and load what others see",
    ]
    site = [path.name for path in (root / "build" / "site").rglob("*")]
    assert "own.css" not in site
    assert "open.py" not in site


def test_a_build_that_came_with_the_course_is_not_believed(tmp_path: Path) -> None:
    root = course(tmp_path, PAGE)
    build(open_course(root))
    page = root / "build" / "site" / "a.html"
    about = page.stat()
    page.write_text(page.read_text().replace("Text.", "Evil."))
    os.utime(page, ns=(about.st_atime_ns, about.st_mtime_ns))
    assert build(open_course(root, trust=STRANGER)).executed == 1
    assert "Text." in page.read_text()


def test_nothing_is_taken_from_a_stranger_s_build(tmp_path: Path) -> None:
    root = course(tmp_path, {**PAGE, "pages/b.md": "# B\n"})
    for trust in (STRANGER, STRANGER):
        assert build(open_course(root, trust=trust)).executed == 2
    assert build(open_course(root)).executed == 2  # as if there had been none
    assert build(open_course(root)).executed == 0
    assert build(open_course(root, trust=STRANGER)).executed == 2


def test_a_figure_of_a_stranger_is_the_same(tmp_path: Path) -> None:
    root = course(tmp_path, {"figures/a.py": CHART, "pages/a.md": "# A\n\n```{figure} a\n:png: true\n```\n"})
    build(open_course(root), force=True)
    files = {path: path.read_bytes() for path in (root / "build" / "site" / "a").iterdir()}
    assert strangers.outcome(root, tmp_path) == strangers.BUILT
    assert {path: path.read_bytes() for path in (root / "build" / "site" / "a").iterdir()} == files
    assert {path.suffix for path in files} == {".svg", ".png"}


def test_check_does_not_run_a_figure_outside(tmp_path: Path) -> None:
    code = (
        f"from pathlib import Path\n\nPath({str(tmp_path / 'came.txt')!r}).write_text('x')\n\n\ndef draw():\n    pass\n"
    )
    root = course(tmp_path, {**PAGE, "figures/a.py": code})
    (problem,) = check(root, trust=STRANGER)
    assert problem.message == (
        f"this figure may not change {tmp_path / 'came.txt'}: it may only write in its own temporary folder"
    )
    assert not (tmp_path / "came.txt").exists()


QUESTION = (
    "---\nkind: number\n---\n```python\n{}\nanswer = pick(range(9))\n```\n\n# Question\n\nWhat? {{{{ answer }}}}\n"
)
SPOILING = """\
import coursewright.questions.exporters.moodle as moodle
import coursewright.questions.drawing.worker as worker
worker.export = lambda drawn, *_: drawn
moodle.item = lambda *_: 1 / 0"""


def test_exporters_work_where_a_stranger_s_code_has_not_run(tmp_path: Path) -> None:
    root = course(tmp_path, {"questions/q.md": QUESTION.format(SPOILING)})
    chosen = choose(["q"], root, {}, trust=STRANGER)
    asked = ask(chosen.questions, ["1", "2"], quiz=Quiz(name="q", title="Q"), to=["moodle"], folder=tmp_path / "out")
    assert not asked.problems
    assert (tmp_path / "out" / "q.xml").read_text().count("<questiontext") == 2


@pytest.mark.parametrize(
    ("name", "kind", "data", "says"),
    [
        ("../../x.svg", "image/svg+xml", b"<svg/>", '"../../x.svg" cannot be the name of a file: there is a / in it'),
        ("x.html", "text/html", b"", "not in a stranger's course: a file of text/html"),
        (
            "x.svg",
            "image/svg+xml",
            SVG.format("<script/>").encode(),
            "not in a stranger's course: a picture with <script>",
        ),
    ],
)
def test_files_that_a_question_would_bring(name: str, kind: str, data: bytes, says: str, tmp_path: Path) -> None:
    spoil = (
        "import coursewright.questions.drawing.variants as drawing, msgspec\n"
        "from coursewright.questions.variant import Media\n"
        "old = drawing.Drawing.variant\n"
        f"new = (Media({name!r}, {kind!r}, {data!r}, 'A'),)\n"
        "drawing.Drawing.variant = lambda *a, **k: msgspec.structs.replace(old(*a, **k), media=new)"
    )
    root = course(tmp_path, {"questions/q.md": QUESTION.format(spoil)})
    ((question, materials),) = choose(["q"], root, {}, trust=STRANGER).questions
    with pytest.raises(CoursewrightError) as caught:
        list(draw(question, ["1", "2"], materials=materials, distinct=False))
    assert says in caught.value.problem.message


def test_without_a_wall_nothing_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = course(tmp_path, PAGE)
    monkeypatch.setattr("coursewright.courses.strange.lacking", lambda: ("Landlock",))
    with pytest.raises(NoWall) as caught:
        open_course(root, trust=STRANGER)
    assert str(caught.value) == (
        "error: no wall for code that others wrote: this system lacks Landlock\n"
        "hint: look at what the course does, and build it without --untrusted in a machine of its own"
    )


def run(*arguments: str, folder: Path) -> tuple[int, str]:
    command = [sys.executable, "-P", "-m", "coursewright", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def test_the_command_that_builds(tmp_path: Path) -> None:
    root = course(tmp_path, {**PAGE, "figures/a.py": CHART, "pages/a.md": "# A\n\n```{figure} a\n```\n"})
    status, said = run("build", "--untrusted", folder=root)
    assert (status, said.splitlines()[0]) == (0, "1 page in build, 1 of them executed")


def test_the_command_that_asks(tmp_path: Path) -> None:
    root = course(tmp_path, {"questions/q.md": QUESTION.format("")})
    status, said = run("ask", "q", "--untrusted", "--to", "gift", "--output", "new/out", folder=root)
    assert (status, said) == (0, "1 variant in new/out/q.gift\n")


def test_the_command_that_shows_a_table(tmp_path: Path) -> None:
    root = course(tmp_path, PAGE)
    says = "error: not in a stranger's course: a table from the web\n"
    says += "hint: look at it, and save a copy of the rows in data/\n"
    assert run("table", "--untrusted", "https://example.org/x.csv", folder=root) == (1, says)


ENCLOSED = """
import sys
from pathlib import Path
from coursewright.cli.options import changing, trusted
root = Path(sys.argv[1])
trusted(untrusted=True, course=root, changed=changing(root))
import os, socket, subprocess
def tried(what):
    try:
        return what()
    except (OSError, ValueError) as error:
        return type(error).__name__
print(tried(lambda: (root / "course.toml").read_text()[:8]))
print(tried(lambda: (root.parent / "secret.txt").read_text()))
print(tried(lambda: (root.parent / "other.txt").write_text("x")))
print(tried(lambda: os.listdir("/etc")))
print(tried(lambda: subprocess.run(["/bin/true"])))
print(tried(lambda: socket.create_connection(("127.0.0.1", 9), timeout=5)) in ("PermissionError", "OSError"))
"""


def test_the_program_itself_is_enclosed(tmp_path: Path) -> None:
    root = course(tmp_path, PAGE)
    command = [sys.executable, "-P", "-c", ENCLOSED, str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["[course]", *["PermissionError"] * 4, "True"]
    assert not (tmp_path / "other.txt").exists()


def test_modules_are_not_looked_for_in_the_course(tmp_path: Path) -> None:
    root = course(tmp_path, PAGE)
    command = [sys.executable, "-m", "coursewright", "build", "--untrusted"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (
        2,
        f'error: Python looks for modules in the course: "{root}"\n'
        "hint: start it by its name, coursewright, in a Python that is not the course's own\n",
    )


@pytest.mark.parametrize("path", ["/etc/passwd", "..", "a/../../b", "~/x", "C:/x", "\\\\x\\y", "..\\x", "a\0b"])
def test_paths_that_lead_out(path: str, tmp_path: Path) -> None:
    assert leads_out(path, tmp_path)


@pytest.mark.parametrize(
    "name", ["a.html", "a.HTM", "a.js", "a.xml", "a.svgz", "a", "a.csv.html", ".htaccess", "a.swf"]
)
def test_files_that_a_browser_could_run(name: str, tmp_path: Path) -> None:
    assert why_harmful(name, tmp_path / name) == "a file that a browser could run"


def test_pictures_that_are_only_that() -> None:
    plain = '<style>rect { fill: url(#a) }</style><g id="a"><use xlink:href="#a"/><text x="1">a &lt; b</text></g>'
    assert why_svg(SVG.format(plain).encode()) == ""
    assert why_svg(SVG.format('<image href="data:image/png;base64,AAAA"/>').encode()) == ""
    assert why_svg(SVG.format('<image href="data:image/svg+xml,x"/>').encode()) != ""
    assert why_svg(b"no picture") == "a picture that is no SVG"
