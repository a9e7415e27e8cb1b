"""No value of data is taken for a sign of ours, whatever characters it holds: structure is data until it is written."""

from __future__ import annotations

import json
import re
import zipfile
from html import unescape
from pathlib import Path

import pytest

from coursewright.questions import Materials, ask, draw, read_question
from coursewright.questions.export import Quiz

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
    asked = ask([(question, Materials())], ["1"], quiz=Quiz(name="q", title="Q"), to=[form], folder=tmp_path / "out")
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
