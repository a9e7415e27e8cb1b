"""In which language charts and diagrams speak, wherever they are drawn."""

from __future__ import annotations

import re
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.figures.charts.spoken import language_here, spoken_in
from coursewright.labels import VARIABLE
from coursewright.pages.engines import asking
from coursewright.pages.engines.asked import CellOptions
from coursewright.pages.engines.session import CellSession
from coursewright.pages.text.body import standing_alone

pd = pytest.importorskip("pandas", reason='pip install "coursewright[charts]"')
pytest.importorskip("ziafont", reason='pip install "coursewright[diagrams]"')

PAGE = """\
# A

```{code-cell} python
import pandas as pd
from coursewright.figures import bars
bars(pd.DataFrame({"team": ["a", "b"], "wins": [1234, 2]}), x="team", y="wins", title="T")
```

```{question} sets
```
"""
QUESTION = """\
---
kind: number
answer: 1
---
```python
picture = venn({"A": [1, 2], "B": [2, 3]})
```
# Question

{{ picture }} 1?
"""
SAID = ("T. 2 Balken, je team einer: wins. a 1.234; b 2.", "Venn-Diagramm von A und B. In A und B: 1. Nur in A: 1.")


def test_the_page_that_is_built_is_before_the_kernels_and_that_before_the_course_around(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = tmp_path / "pages"
    inner.mkdir()
    monkeypatch.chdir(inner)
    monkeypatch.delenv(VARIABLE, raising=False)

    def looked_at() -> None:
        assert language_here() == "en-GB"
        for text, said in (
            ('[course]\nlanguage = "fr"\n', "fr"),
            ("[course]\nlanguage = 3\n", "en-GB"),
            ("[course", "en-GB"),
            ("course = 3\n", "en-GB"),
            ("", "en-GB"),
        ):
            (tmp_path / "course.toml").write_text(text, encoding="utf-8")
            assert language_here() == said
        monkeypatch.setenv(VARIABLE, "it")
        assert language_here() == "it"
        with spoken_in("de"):
            assert language_here() == "de"

    Context().run(looked_at)  # of a process in which nobody has said how to speak


def test_cells_and_questions_speak_the_language_of_the_course(
    make_course: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')
    root = make_course({"pages/a.md": PAGE, "questions/sets.md": QUESTION})
    monkeypatch.chdir(root)
    settings = (root / "course.toml").read_text(encoding="utf-8")
    own = re.sub(r"^language = .*\n", "", settings, flags=re.MULTILINE)
    (root / "course.toml").write_text(own.replace("[course]\n", '[course]\nlanguage = "de"\n'), encoding="utf-8")
    assert main(["build"]) == 0
    page = (root / "build/site/a.html").read_text(encoding="utf-8")
    assert [said in page for said in SAID] == [True, True]


def test_a_cell_is_executed_again_in_another_language() -> None:
    cell = asking(standing_alone("code-cell", "python", "1\n", Path("a.md")), CellOptions())
    keys = [CellSession((cell,), Path(), Path(), language=language).key(cell) for language in ("de", "de", "en-GB")]
    assert keys[0] == keys[1] != keys[2]
