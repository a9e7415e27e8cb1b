"""No value of data is taken for a sign of ours, whatever characters it holds: structure is data until it is written."""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from coursewright.errors import CoursewrightError
from coursewright.questions import DrawMaterials, ask, draw, read_question
from coursewright.questions.export import Quiz
from coursewright.tables import EmbeddedDatabase, Sql, Table
from coursewright.tables.sources import Source
from coursewright.tables.statements.dialects import parse
from coursewright.words import Grammar, tell

PRIVATE = "".join(map(chr, [*range(0xE000, 0xE008), *range(0xFDD0, 0xFDDA)]))
VALUES = (
    *("\ue0000\ue001", "\ue0020\ue003", "\ue006gap1\ue007", "\ue0100\ue011"),
    *("\ufdd0x\ufdd1", "\ufdd2x\ufdd3", "\ufdd40\ufdd5", "\ufdd6\ufdd7\ufdd8\ufdd9"),
    *("@@FILES@@/a", "files/a", "files-/a", "@@PLUGINFILE@@/a", PRIVATE),
)
NUMBER = """\
---
kind: number
---
```python
answer = 3
value = {value!r}
```

# Question

What is this: {{{{ value }}}}? And $1 + 1$? ![A square](square.svg)

# Solution

It is {{{{ value }}}}.
"""
CLOZE = """\
---
kind: cloze
gaps:
  a: {{ kind: text }}
---
```python
a = "three"
value = {value!r}
```

# Question

One [[a]] is {{{{ value }}}}, and $x$.
"""
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
FORMATS = ("moodle", "canvas", "qti21", "qti3", "html", "markdown", "notebook", "json")


def written(folder: Path) -> str:
    """All texts that are in the files of `folder`, as their readers take them."""
    texts = []
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                texts += [archive.read(name).decode("utf-8", "replace") for name in archive.namelist()]
        elif path.is_file():
            texts.append(path.read_text(encoding="utf-8", errors="replace"))
    text = "\n".join(texts)
    text = re.sub(r"\\u[0-9a-f]{4}", lambda found: json.loads(f'"{found[0]}"'), text)
    return re.sub(r"\\(?=[^\w\s])", "", unescape(unescape(text)))


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("source", [NUMBER, CLOZE], ids=["number", "cloze"])
def test_a_value_of_marks_is_text_in_every_format(source: str, form: str, tmp_path: Path) -> None:
    (tmp_path / "square.svg").write_text(SQUARE)
    value = " ".join(VALUES)
    file = tmp_path / "q.md"
    file.write_text(source.format(value=value))
    question = read_question(file)
    asked = ask(
        [(question, DrawMaterials())], ["1"], quiz=Quiz(name="q", title="Q"), to=[form], folder=tmp_path / "out"
    )
    assert not asked.problems
    text = written(tmp_path / "out")
    for each in VALUES:
        assert each in text, each


def test_a_text_of_the_author_s_code_holds_no_place_of_a_value(tmp_path: Path) -> None:
    file = tmp_path / "q.md"
    file.write_text(NUMBER.format(value="x").replace("value = 'x'", "value = markdown('\\ue0005\\ue001')"))
    (tmp_path / "square.svg").write_text(SQUARE)
    (drawn,) = draw(read_question(file), ["1"])
    assert drawn.variant


@pytest.mark.parametrize("value", VALUES)
def test_a_value_of_marks_is_text_in_sentences(value: str) -> None:
    rows = [{"x": value, "n": 1}, {"x": "plain", "n": 2}, {"x": None, "n": 3}]
    grammar = Grammar({"origin": "#x# is #x.capitalize#", "missing": "none"})
    told = list(tell(grammar, rows))
    assert told == [f"{value} is {value[:1].upper() + value[1:]}", "plain is Plain", told[2]]
    assert list(tell(grammar, pl.DataFrame(rows))) == told  # by columns as one by one


@pytest.mark.parametrize("name", ["\ufdd6 rows", "\ufdd6 held", "\ufdd6"])
def test_a_column_of_a_name_of_ours_is_refused(name: str) -> None:
    with pytest.raises(CoursewrightError) as caught:
        tell(Grammar({"origin": "#n#"}), pl.DataFrame([{name: 1, "n": 2}]))
    assert str(caught.value) == (
        f'error: the column "{name}" begins with a character that Unicode keeps for programs\n'
        "  --> tell, rows\nhint: rename it"
    )


@pytest.mark.parametrize("text", ["\ufdd05", "a \ufdd0 b"])
@pytest.mark.parametrize("escaped", [False, True])
def test_json_with_the_mark_of_long_numbers_is_refused(text: str, escaped: bool, tmp_path: Path) -> None:
    written = json.dumps([{"n": "N", "t": text}], ensure_ascii=escaped).replace('"N"', "1.23456789012345678901")
    (tmp_path / "t.json").write_text(written, encoding="utf-8")
    database = EmbeddedDatabase(tmp_path, [Table("t", Source(file="t.json"))])
    with pytest.raises(CoursewrightError) as caught:
        database.table("t")
    assert caught.value.problem.message == "t.json holds the character U+FDD0, which Unicode keeps for programs"


def test_sql_with_the_marks_of_parameters_is_refused() -> None:
    with pytest.raises(CoursewrightError) as caught:
        parse(Sql("SELECT 1,\n '\ufdd0season\ufdd1'", "a.sql"))
    assert str(caught.value) == "error: SQL: U+FDD0 is kept for programs\n  --> a.sql:2\nhint: write chr(…) for it"
