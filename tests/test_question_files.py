"""What the page, the key, Markdown and notebooks are made of: golden files, schemas, and text that stays what it is."""

from __future__ import annotations

import html
import json
import re
import shutil
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.questions.export import Exporter, Quiz
from coursewright.questions.exporters import html as page
from coursewright.questions.exporters import json as key
from coursewright.questions.exporters import markdown, nbgrader, notebook, otter
from coursewright.questions.kinds.choice import Choice, Option
from coursewright.questions.marking.key import Key, encode, read_key, resolved, write_encoded
from coursewright.questions.part import Number, NumberAnswer
from coursewright.questions.variant import Variant
from coursewright.questions.widget import section, widget
from coursewright.questions.writing.features import all_features
from coursewright.questions.writing.prose import literal
from variants import MARKED, NASTY, PASSAGE, VARIANTS, prose, variant

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases" / "exports"
SCHEMA = ROOT / "docs" / "reference" / "questions.schema.json"
QUIZ = Quiz(name="week 1", title='Week 1 & "more" <b>', authors=("A. Nonymous",), licence="CC BY 4.0")
EXPORTERS: dict[str, tuple[Exporter, str]] = {
    "html": (page, "html"),
    "json": (key, "json"),
    "markdown": (markdown, "md"),
    "nbgrader": (nbgrader, "json"),
    "notebook": (notebook, "html"),
    "otter": (otter, "json"),
}
LONG = "x<&>]]>'\"שלום " * 700
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]) | st.sampled_from("\n\t<&$*_[]`|#-+.\\"), min_size=1
)


def golden(name: str, body: str) -> str:
    """The body of an item in lines, without the frame that holds the page's own HTML once more."""
    if name == "notebook":
        return re.sub(
            "<iframe.*</iframe>", "<iframe>", json.loads(body)[0]["outputs"][0]["data"]["text/html"], flags=re.S
        )
    return json.dumps(json.loads(body), indent=1, ensure_ascii=False) + "\n" if body[0] in "[{" else body


@pytest.mark.parametrize("each", [*VARIANTS.values(), PASSAGE], ids=[*VARIANTS, "passage"])
@pytest.mark.parametrize("name", EXPORTERS)
def test_every_kind_is_written_as_accepted(name: str, each: Variant, accept: bool) -> None:
    exporter, suffix = EXPORTERS[name]
    file = CASES / name / f"{each.question}.{suffix}"
    written = golden(name, exporter.item(each).body)
    if accept:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(written, encoding="utf-8")
    assert file.exists(), f"{file} is missing: make accept writes it"
    assert written == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXPORTERS)
def test_limits_are_features_with_a_reason(name: str) -> None:
    limits = EXPORTERS[name][0].LIMITS
    assert set(limits) <= set(all_features())
    assert all(limit.reason for limit in limits.values())


# The page.


class Texts(HTMLParser):
    """The text of elements by their class, and the JSON in the page."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: dict[str, str] = {}
        self.feed(written)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("img", "br", "meta", "link", "hr"):
            self.open.append(dict(attrs).get("class") or tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag not in ("img", "br", "meta", "link", "hr"):
            self.open.pop()

    def handle_data(self, data: str) -> None:
        for name in set(self.open):
            self.found[name] = self.found.get(name, "") + data


def choice_of(text: str) -> Variant:
    options = (
        Option(text=literal(text), right=True, fraction=1.0, feedback=(literal(text),)),
        Option(text=literal("other"), right=False, fraction=0.0),
    )
    return variant("choice", "choice", Choice(options=options), text=prose("{0}", text), title="T")


def spaced(text: str) -> list[str]:
    return text.split()


@given(text=TEXTS)
@example(NASTY)
@example(LONG)
@example("</script><!-- <script>")
@example("\u2028 \u202eright to left")
def test_any_text_is_in_the_page_as_it_went_in(text: str) -> None:
    found = Texts(section(choice_of(text))).found
    assert found["cw-text"].strip("\n") == text.strip("\n") or spaced(found["cw-text"]) == spaced(text)
    told = json.loads(found["script"])["parts"][0]["options"][0]
    assert html.unescape(re.sub("</?p>", "", told["feedback"][0])).strip() == text.strip()
    assert html.unescape(told["text"]).strip() == text.strip()


def test_money_stands_behind_its_sign_in_markdown() -> None:
    part = Number(answers=(NumberAnswer(value=5, low=5, high=5, shown="5.00"),), unit="\u00a3")
    assert "\u00a35.00" in markdown.item(variant("price", "number", part)).body


@given(text=TEXTS)
@example(NASTY)
@example(LONG)
def test_any_text_is_in_markdown_as_it_went_in(text: str) -> None:
    from markdown_it import MarkdownIt

    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for body in (
        markdown.item(choice_of(text)).body.partition("<details>")[0],
        json.loads(nbgrader.item(choice_of(text)).body)[0]["source"],
        json.loads(otter.item(choice_of(text)).body)[1]["source"],
    ):
        read = Texts(reader.render(body)).found.get("p", "") + Texts(reader.render(body)).found.get("li", "")
        assert " ".join(spaced(text)) in " ".join(spaced(read))


def test_the_page_is_one_file_with_nothing_outside(tmp_path: Path) -> None:
    page.write(map(page.item, VARIANTS.values()), QUIZ, tmp_path)
    (file,) = tmp_path.iterdir()
    written = file.read_text(encoding="utf-8")
    assert file.name == "week 1.html"
    assert not re.findall(r'(?:src|href)="(?!data:)[^"]*"|url\(|@import|eval\(|new Function', written)
    assert written.count("</script>") == len(VARIANTS) + 1
    assert "Week 1 &amp; &quot;more&quot; &lt;b&gt;" in written


def test_a_formula_that_cannot_be_written_is_named() -> None:
    with pytest.raises(CoursewrightError, match=r'the formula "\\frac\{1" cannot be written as MathML'):
        section(variant("bad", "number", VARIANTS["number"].part, text=prose("$\\frac{1$")))


def test_several_variants_make_one_fragment() -> None:
    some = [msgspec.structs.replace(VARIANTS["number"], who=who) for who in "123"]
    written = widget(some, level=3)
    assert written.count("<section") == 3
    assert written.count('<h3 class="cw-title">') == 3
    assert written.count('data-question="number"') == 3


# The key.


def test_a_key_reads_back_as_it_was_written(tmp_path: Path) -> None:
    key.write(map(key.item, MARKED.values()), QUIZ, tmp_path)
    assert read_key(tmp_path / "week 1.json") == tuple(map(resolved, MARKED.values()))
    write_encoded(map(encode, VARIANTS.values()), tmp_path / "two.json", QUIZ)
    assert read_key(tmp_path / "two.json") == tuple(map(resolved, VARIANTS.values()))
    assert "[[total]]" in read_key(tmp_path / "two.json")[list(VARIANTS).index("cloze")].text.markdown


def test_a_key_has_its_published_shape(tmp_path: Path, accept: bool) -> None:
    shape = {"$schema": "https://json-schema.org/draft/2020-12/schema"} | msgspec.json.schema(Key)
    written = json.dumps(shape, indent=1) + "\n"
    if accept:
        SCHEMA.write_text(written, encoding="utf-8")
    assert SCHEMA.read_text(encoding="utf-8") == written, "the schema is stale: make accept writes it"
    key.write(map(key.item, MARKED.values()), QUIZ, tmp_path)
    document = json.loads((tmp_path / "week 1.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(shape).validate(document)
    document["variants"][0]["parts"][0]["answers"][0]["low"] = "small"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(shape).validate(document)


@pytest.mark.parametrize(
    ("text", "message", "part"),
    [
        ("", "Input data was truncated", ""),
        ("[1]", "Expected `object`, got `array`", ""),
        ('{"format": "gift", "quiz": {"name": "", "title": ""}}', "Invalid enum value 'gift'", ", $.format"),
        (
            '{"format": "coursewright questions 1", "quiz": {"name": "a", "title": "b"}, "variants": [{}]}',
            "Object missing required field `question`",
            ", $.variants[0]",
        ),
    ],
)
def test_what_is_no_key_is_told_with_its_place(tmp_path: Path, text: str, message: str, part: str) -> None:
    file = tmp_path / "key.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(CoursewrightError) as caught:
        read_key(file)
    hint = "hint: a key is the file that the exporter json writes"
    assert str(caught.value) == f"error: the file is no key: {message}\n  --> {file}{part}\n{hint}"


def test_bounds_without_end_are_the_largest_numbers(tmp_path: Path) -> None:
    part = Number(answers=(NumberAnswer(value=1, low=1, high=float("inf"), shown="1 or more"),))
    write_encoded([encode(variant("more", "number", part))], tmp_path / "key.json", QUIZ)
    (again,) = read_key(tmp_path / "key.json")
    assert isinstance(again.part, Number)
    assert again.part.answers[0].high == sys.float_info.max
    with pytest.raises(CoursewrightError, match="an answer is not a number"):
        section(
            variant("none", "number", Number(answers=(NumberAnswer(value=float("nan"), low=0, high=1, shown="?"),)))
        )


@given(text=TEXTS)
@example(NASTY)
@example(LONG)
def test_any_text_is_in_the_key_as_a_reader_of_markdown_sees_it(text: str) -> None:
    from markdown_it import MarkdownIt

    read = Texts(MarkdownIt("commonmark").render(json.loads(key.item(choice_of(text)).body)["text"]["markdown"])).found
    assert spaced(read.get("p", "")) == spaced(text)


# Notebooks.


def test_notebooks_are_valid_and_each_student_has_one(tmp_path: Path) -> None:
    every = [
        msgspec.structs.replace(each, who=who) for each in VARIANTS.values() for who in ("ann", "b@x.org", "b-x.org")
    ]
    for exporter in (notebook, nbgrader, otter):
        exporter.write(map(exporter.item, every), Quiz(name="quiz", title="A quiz"), tmp_path)
    files = sorted(tmp_path.rglob("*.ipynb"))
    assert len(files) == 7
    for file in files:
        nbformat.validate(nbformat.read(file, 4))
    source = json.loads((tmp_path / "source" / "quiz" / "ann.ipynb").read_text(encoding="utf-8"))
    assert len(source["cells"]) == 1 + 2 * len(VARIANTS) + 2  # and a cell for each test of a function


def test_running_a_cell_gives_its_question_again() -> None:
    (cell,) = json.loads(notebook.item(VARIANTS["cloze"]).body)
    shown: list[str] = []
    scope: dict[str, Any] = {"HTML": shown.append}
    exec(cell["source"].replace("from IPython.display import HTML", ""), scope)  # noqa: S102 - the cell's own code
    assert shown == [cell["outputs"][0]["data"]["text/html"]]


def solved(body: str, model: str) -> dict[str, Any]:
    """The names after running the cells of code with `model` in place of the solution."""
    scope: dict[str, Any] = {}
    for cell in json.loads(body):
        if cell["cell_type"] == "code":
            source = re.sub("(?<=BEGIN SOLUTION\n).*(?=\n#+ END SOLUTION)", lambda _: model, cell["source"], flags=re.S)
            exec(source, scope)  # noqa: S102 - what the notebook's kernel would do
    return scope


@pytest.mark.parametrize("exporter", [nbgrader, otter])
def test_the_model_passes_the_tests_and_a_wrong_function_fails(exporter: Exporter) -> None:
    body = exporter.item(VARIANTS["code"]).body
    solved(body, VARIANTS["code"].part.model)
    with pytest.raises(AssertionError, match=re.escape("mean([1, 2, 3]) should give 2")):
        solved(body, "def mean(numbers):\n    return 0")
    with pytest.raises(AssertionError, match="a hidden case failed"):
        solved(body, "def mean(numbers):\n    return 2")


def test_nbgrader_takes_its_notebooks(tmp_path: Path) -> None:
    made = pytest.importorskip("nbgrader.nbgraderformat", reason="pip install nbgrader")
    nbgrader.write(map(nbgrader.item, VARIANTS.values()), Quiz(name="quiz", title="A quiz"), tmp_path)
    source = nbformat.read(tmp_path / "source" / "quiz" / "1.ipynb", 4)
    made.MetadataValidator().validate_nb(source)
    from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

    given_out, _ = ClearSolutions().preprocess(source, {})
    given_out, _ = ClearHiddenTests().preprocess(given_out, {})
    text = "\n".join(cell.source for cell in given_out.cells)
    assert "sum(numbers)" not in text
    assert "mean([0.5])" not in text
    assert "One point for" not in text


def test_otter_takes_its_notebooks(tmp_path: Path) -> None:
    pytest.importorskip("otter.assign", reason="pip install otter-grader")
    import subprocess

    otter.write(map(otter.item, VARIANTS.values()), Quiz(name="quiz", title="A quiz"), tmp_path)
    program = shutil.which("otter", path=str(Path(sys.executable).parent))
    done = subprocess.run(
        [str(program), "assign", str(tmp_path / "quiz" / "1.ipynb"), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "out" / "student" / "1.ipynb").read_text(encoding="utf-8")
    assert "sum(numbers)" not in text
    assert "mean([0.5])" not in text
