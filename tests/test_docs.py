"""The documents: what they print is what the commands print, and every link leads somewhere."""

from __future__ import annotations

import contextlib
import io
import re
import shlex
import tomllib
from pathlib import Path

import pytest
import yaml
from rich.console import Console

from api import reference
from conftest import EXAMPLES
from coursewright import plugins
from coursewright.cli import _COMMANDS, app, main
from coursewright.courses import open_course
from coursewright.questions import read_materials, read_question
from coursewright.questions.checking.checks import check
from coursewright.questions.writing.features import all_features

ROOT = Path(__file__).parent.parent
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(EXAMPLES.glob("*/README.md"))]
PRINTED = re.compile(r"<!-- printed by: coursewright (?P<command>.*?) -->\n```\n(?P<text>.*?)```\n", re.DOTALL)


def printed(command: str) -> str:
    """What a command prints."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert main(shlex.split(command)) == 0
    return out.getvalue()


def compare(document: Path, expected: str, *, accept: bool) -> None:
    """`document` is `expected`; with --accept it is written."""
    if accept:
        document.write_text(expected, encoding="utf-8")
    assert document.exists(), "run `make accept` and read the diff"
    assert document.read_text(encoding="utf-8") == expected, "run `make accept` and read the diff"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_a_document_shows_is_what_the_command_prints(
    document: Path, monkeypatch: pytest.MonkeyPatch, accept: bool
) -> None:
    monkeypatch.chdir(EXAMPLES / "formula-one")
    monkeypatch.setenv("COLUMNS", "80")
    text = document.read_text(encoding="utf-8")

    def show(found: re.Match[str]) -> str:
        command = found["command"]
        return f"<!-- printed by: coursewright {command} -->\n```\n{printed(command)}```\n"

    compare(document, PRINTED.sub(show, text), accept=accept)


def help_of(*command: str) -> str:
    """The help of a command as a part of the reference; that of one below another stands a level deeper."""
    out = io.StringIO()
    app.help_print(list(command), console=Console(file=out, width=100))
    aid = "\n".join(line.rstrip() for line in out.getvalue().rstrip().split("\n"))
    signs = "#" * max(2, 1 + len(command))
    return f"{signs} coursewright {' '.join(command)}".rstrip() + f"\n\n```\n{aid}\n```\n"


def test_the_reference_of_the_commands_is_their_help(accept: bool) -> None:
    parts = ["# Commands\n\nWritten by `make accept` from the program's own help.\n"]
    for command in ("", *_COMMANDS):
        parts.append(help_of(*filter(None, [command])))
        below = app[command] if command else None
        own = [name for name in below or () if not name.startswith("-")]
        parts.extend(help_of(command, name) for name in own)
    compare(ROOT / "docs" / "reference" / "commands.md", "\n".join(parts), accept=accept)


def test_the_reference_of_the_code_is_its_docstrings(accept: bool) -> None:
    pytest.importorskip("griffe2md")
    compare(ROOT / "docs/reference/python.md", reference(), accept=accept)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    text = re.sub(r"````?.*?````?", "", document.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"`[^`\n]*\]\([^`\n]*`", "", text)  # a link that is shown as it is written
    for alt, target in re.findall(r"\[([^\]]*)\]\(([^)\s]+)\)", text):
        assert alt
        if not target.startswith("https://"):
            assert (document.parent / target.partition("#")[0]).exists(), target


def test_the_first_course_says_what_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The steps of the guide, in order, with the files that it tells to write."""
    guide = (ROOT / "docs" / "guides" / "first-course.md").read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my-course"]) == 0
    monkeypatch.chdir("my-course")
    files = {str(path) for path in Path().rglob("*") if path.is_file()}
    assert files == set(re.findall(r"^\| `(.*?)` \|", guide, flags=re.MULTILINE))
    with Path("pages/index.md").open("a", encoding="utf-8") as page:
        (table,) = re.findall(r"````markdown\n(.*?)````", guide, flags=re.DOTALL)
        page.write(f"\n{table}")
    (finder,) = re.findall(r"```sql\n(.*?)```", guide, flags=re.DOTALL)
    Path("facts/dry.sql").write_text(finder, encoding="utf-8")
    assert main(["build"]) == 0
    assert "| Northwick | 459 |" in Path("build/markdown/README.md").read_text(encoding="utf-8")
    assert "Month 1 was dry in Southwick: 55 mm\n" in printed("facts")
    Path("facts/dry.sql").write_text(finder.replace("SELECT month", "SELECT moth"), encoding="utf-8")
    assert main(["check"]) == 1


QUESTIONS = ROOT / "docs" / "guides" / "questions.md"
QUESTION = re.compile(r"`questions/([\w-]+)\.md`:\n\n````markdown\n(.*?)^````$", re.MULTILINE | re.DOTALL)
ASKED = re.compile(r"<!-- asked by: coursewright (.*?) -->\n```\n.*?```\n", re.DOTALL)
FORMATS = re.compile(r"(?<=<!-- formats -->\n).*?(?=<!-- end -->)", re.DOTALL)


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new course with the questions and the finder of the guide."""
    guide = QUESTIONS.read_text(encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert main(["new", "my-course"]) == 0
    monkeypatch.chdir("my-course")
    Path("questions").mkdir()
    assert guide.count("````markdown\n") == len(QUESTION.findall(guide))
    for name, text in QUESTION.findall(guide):
        Path(f"questions/{name}.md").write_text(text, encoding="utf-8")
    (finder,) = re.findall(r"```sql\n(.*?)```", guide, flags=re.DOTALL)
    Path("facts/month.sql").write_text(finder, encoding="utf-8")
    return Path.cwd()


@pytest.mark.parametrize("name", [name for name, _ in QUESTION.findall(QUESTIONS.read_text(encoding="utf-8"))])
def test_a_question_of_the_guide_has_no_problem(asking: Path, name: str) -> None:
    question = read_question(asking / "questions" / f"{name}.md")
    materials = read_materials(question, open_course(asking).database())
    assert check(question, materials, seeds=40).problems == ()


def test_the_guide_to_questions_shows_what_is_printed(asking: Path, accept: bool) -> None:
    def show(found: re.Match[str]) -> str:
        return f"<!-- asked by: coursewright {found[1]} -->\n```\n{printed(found[1])}```\n"

    text = ASKED.sub(show, QUESTIONS.read_text(encoding="utf-8"))
    compare(QUESTIONS, FORMATS.sub(lambda _: what_goes_where(), text), accept=accept)
    assert main(["ask", "facts/month.sql", "--variants", "5"]) == 0
    assert main(["ask", "interest", "--variants", "160", "--to", "moodle", "--to", "html", "--output", "out"]) == 0
    assert {file.name for file in (asking / "out").iterdir()} == {"interest.xml", "interest.html"}


def what_goes_where() -> str:
    """The table of what each format can carry, from what the exporters say of themselves."""
    limits = {name: plugins.load("exporters", name).LIMITS for name in plugins.names("exporters")}
    rows = [f"| | {' | '.join(f'`{name}`' for name in limits)} |", "|---" + "|:-:" * len(limits) + "|"]
    for feature, words in all_features().items():
        cells = [("✗" if of[feature].refused else "–") if feature in of else "✓" for of in limits.values()]
        if not feature.startswith("cloze ") and set(cells) != {"✓"}:
            rows.append(f"| {words.removeprefix('questions of the kind ')} | {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def test_every_case_of_bad_input_is_named_once() -> None:
    cases = yaml.safe_load((Path(__file__).parent / "bad_input.yaml").read_text(encoding="utf-8"))
    names = [case["case"] for case in cases]
    assert len(names) == len(set(names))


PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RUNS = re.compile(
    r"from coursewright\.(media|words|questions\.mark|figures\.audio|figures\.widget|figures\.diagrams\.\w+) import"
)
# What needs more than Python and is run by a test of its own.
RUN_ELSEWHERE = re.compile(r"^<!-- run by: tests/\w+\.py -->\n```python\n.*?^```$", re.MULTILINE | re.DOTALL)
RUN = [document for document in DOCUMENTS if RUNS.search(RUN_ELSEWHERE.sub("", document.read_text(encoding="utf-8")))]


@pytest.mark.parametrize("document", RUN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_python_in_a_document_runs(document: Path) -> None:
    code = PYTHON.findall(RUN_ELSEWHERE.sub("", document.read_text(encoding="utf-8")))
    assert any("assert " in part for part in code)
    for part in code:
        exec(compile(part, str(document), "exec"), {})  # noqa: S102 - our own documents


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_toml_and_yaml_in_a_document_can_be_read(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for part in re.findall(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        tomllib.loads(part)
    for part in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL):
        assert list(yaml.safe_load_all(part.replace("---\n", "", 1).replace("---\n", "")))
