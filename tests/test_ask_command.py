"""`coursewright ask` for a course: as many variants as there are, and what formats lack in one table."""

from __future__ import annotations

from pathlib import Path

import pytest

from coursewright.cli import main
from coursewright.questions.writing.lacks import LackReport

FIXED = "---\ntitle: Sea\nkind: truefalse\nanswer: true\n---\n# Question\n\nIs the sea wet?\n"
PASSAGE = "---\ntitle: A tale\nkind: description\n---\n# Question\n\nOnce there was a sea.\n"
DRAWN = "---\nkind: number\n---\n```python\na = pick(range({}))\nanswer = a + 1\n```\n# Question\n\n{{{{ a }}}} + 1?\n"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "questions").mkdir()
    (tmp_path / "course.toml").write_text('[course]\ntitle = "A course"\n')
    for name, text in (("a", FIXED), ("b", DRAWN.format(4)), ("c", DRAWN.format(100)), ("d", PASSAGE)):
        (tmp_path / "questions" / f"{name}.md").write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_course_gives_as_many_variants_as_there_are(
    jobs: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["ask", "--variants", "6", "--to", "json", "--name", "all", "--output", "out", "--jobs", jobs]) == 0
    assert capsys.readouterr().err.splitlines()[-2:] == [
        "12 variants in out/all.json",
        "note: 3 questions have fewer than 6 variants, and all of them are there: a 1, b 4, d 1",
    ]
    written = (course / "out" / "all.json").read_text()
    assert [written.count(f'"question":"{name}"') for name in "abcd"] == [1, 4, 6, 1]


def test_a_course_is_printed_with_as_many_variants_as_there_are(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert course.is_dir()
    assert main(["ask", "--variants", "3"]) == 0
    printed = capsys.readouterr()
    assert [printed.out.count(f"# {title} (") for title in ("Sea", "b", "c", "A tale")] == [1, 3, 3, 1]
    assert printed.err == "note: 2 questions have fewer than 3 variants, and all of them are there: a 1, d 1\n"


def test_a_question_alone_says_how_many_there_are(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert course.is_dir()
    assert main(["ask", "b", "--variants", "6", "--to", "moodle", "--output", "out"]) == 1
    assert 'error: question "b" has 4 variants, no more' in capsys.readouterr().err


def test_what_formats_lack_is_a_table(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "questions" / "e.md").write_text(
        "---\nkind: formula\nvariables: {x: [1, 2]}\nanswer: x\ntags: [t]\n---\n# Question\n\n$x$?\n"
    )
    (course / "questions" / "f.md").write_text(
        "---\nkind: text\nanswer: a\ntags: [t]\ntries: 2\nhints: [h]\n---\n# Question\n\nA?\n"
    )
    assert main(["ask", "--to", "moodle", "--to", "gift", "--to", "markdown", "--output", "out"]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split()[0] for line in lines if "not written" in line or "without" in line] == [
        "moodle", "gift", "gift", "gift", "gift", "markdown",
    ]  # fmt: skip
    (moodle,) = (line.split("  ") for line in lines if "moodle" in line and "not written" in line)
    assert [cell.strip() for cell in moodle if cell] == [
        "moodle", "not written: questions of the", "e", "Moodle itself compares no",
    ]  # fmt: skip
    assert lines[-2:] == [
        "error: 1 of 6 questions cannot be written in every format",
        "hint: the table says why; leave them out there, or ask them otherwise",
    ]


def test_files_in_folders_are_counted(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (course / "questions" / "x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (course / "questions" / "d.md").write_text(PASSAGE + "\n![A sea](x.svg)\n")
    assert main(["ask", "b", "d", "--variants", "2", "--to", "markdown", "--output", "out", "--name", "q"]) == 0
    assert "3 variants in out/q.md, out/q-files (1 file)" in capsys.readouterr().err


def test_notes_that_say_the_same_are_one() -> None:
    told = LackReport()
    for name, note, question in [
        ("moodle", 'the answer "x" is left out', "one"),
        ("gift", 'the answer "y" is left out', "two"),
        ("moodle", "Moodle has 3 points, not 2.5", "one"),
        ("moodle", "Moodle has 7 points, not 6", "four"),
        *(("moodle", 'the answer "" is left out', name) for name in "abc"),
    ]:
        told.note(name, note, question)
    assert told.all_notes() == (
        'moodle, gift: the answer "x" is left out (one, two, a and 2 more)',
        "moodle: Moodle has 3 points, not 2.5 (one, four)",
    )
