"""Notebooks, R Markdown and Python in cells as pages: the same cells, and errors in the author's own lines."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.cli import main
from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError, Place
from coursewright.pages import open_page
from coursewright.pages.blocks.block import Cell, PrintedText
from coursewright.pages.directives import code_cell
from coursewright.pages.engines import asking
from coursewright.pages.engines.asked import CellOptions
from coursewright.pages.readers.nbformat_schema import is_in_order
from coursewright.pages.reading.page import read_options
from coursewright.pages.text.body import standing_alone
from test_cells import markdown, needs_r, said, wrong

pytest.importorskip("jupytext", reason='pip install "coursewright[notebooks]"')

MakeCourse = Callable[[Mapping[str, str]], Path]
PLACE = Place(Path("a.md"), 1)


def notebook(*cells: tuple[str, str, dict[str, Any]] | tuple[str, str], **metadata: Any) -> str:
    """A notebook with these cells: what each is, its source, its metadata."""
    made = []
    for kind, source, *rest in cells:
        cell = {"cell_type": kind, "metadata": rest[0] if rest else {}, "source": source.splitlines(keepends=True)}
        made.append(cell | ({"outputs": [], "execution_count": None} if kind == "code" else {}))
    kernel = {"name": "python3", "language": "python", "display_name": "Python 3"}
    named = {"metadata": {"kernelspec": kernel, **metadata}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps({"cells": made, **named}, indent=1)


NOTEBOOK = notebook(
    ("raw", "---\ntitle: A notebook\n---"),
    ("markdown", "In {{ year }}:\n\n```{table}\nSELECT count(*) AS n FROM sales\n```\n\n[b](b.md)"),
    ("code", "year = 1\nfruit = 'none'", {"tags": ["parameters"]}),
    ("code", "print(year, fruit)\n\n'''```'''", {"tags": ["hide-input"]}),
)
RMD = """---
title: R pages
author: Ann Author
output:
  html_document:
    toc: true
---

Some *words* of {{ year }}.

```{r first, fig.alt="An L", fig.cap="Growth"}
#| out: df
df <- data.frame(n = c(1L, NA))

plot(1:2)
```

```{r, echo=FALSE}
cat(6 * 7)
```

```{python}
#| in: df
print(df["n"].tolist())
```

```{r, eval=FALSE}
stop("never")
```
"""
PERCENT = """# ---
# title: In cells
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# Some *words*.
#
# - an item

# %% tags=["remove-input"]
import helper

print(helper.ANSWER, year)

# %%
# a comment
x = 1
"""


def test_a_notebook_is_a_page(make_course: MakeCourse) -> None:
    root = make_course({"pages/a.ipynb": NOTEBOOK, "pages/b.md": "# B\n\n[](a.ipynb)\n"})
    assert wrong(root) == []
    told = markdown(root)
    assert told.startswith("# A notebook\n\nIn 2024:\n\n| n |\n| ---: |\n| 4 |\n\n[b](b.md)")
    assert "```text\n2024 none\n```" in told  # the course's own value stands before the one to try it with
    assert "<details>" in told
    assert "[A notebook](a.md)" in markdown(root, "b")


@needs_r
def test_r_markdown_is_a_page(make_course: MakeCourse) -> None:
    root = make_course({"pages/a.Rmd": RMD})
    assert wrong(root) == []
    told = markdown(root)
    assert "Some *words* of 2024." in told
    assert "![An L](a/code-" in told
    assert "*Growth*" in told
    assert "```text\n42\n```" in told
    assert "6 * 7" not in told
    assert "```text\n[1, <NA>]\n```" in told
    assert '```r\nstop("never")\n```' in told


def test_python_in_cells_is_a_page_and_a_module_is_none(make_course: MakeCourse, capsys: Any) -> None:
    root = make_course({"pages/a.py": PERCENT, "pages/helper.py": "ANSWER = 42\n"})
    assert main(["build", str(root)]) == 0
    told = markdown(root)
    assert told.startswith("# In cells\n\nSome *words*.\n\n- an item\n")
    assert "```text\n42 2024\n```" in told
    assert "import helper" not in told
    assert not (root / "build/markdown/helper.md").exists()
    assert not (root / "pages/__pycache__").exists()
    (root / "pages/helper.py").write_text("ANSWER = 43\n", encoding="utf-8")
    capsys.readouterr()
    assert main(["build", str(root), "--why"]) == 0
    assert "because of pages/helper.py" in capsys.readouterr().out
    assert "```text\n43 2024\n```" in markdown(root)


HINT = "hint: correct the cell; to show the error to readers, tag it: :tags: [raises-exception]"
WRONG = {
    "an error in a notebook": (
        "a.ipynb",
        notebook(("markdown", "# A"), ("code", "x = 1\n\n1 / 0")),
        "error: ZeroDivisionError: division by zero\n"
        f"  --> pages/a.ipynb, cell 2, line 3, {{code-cell}} python\n{HINT}",
    ),
    "an error in Python in cells": (
        "a.py",
        PERCENT.replace("import helper\n\nprint(helper.ANSWER, year)", "x = 1\n\n1 / 0"),
        f"error: ZeroDivisionError: division by zero\n  --> pages/a.py:18, {{code-cell}} python\n{HINT}",
    ),
    "a parameter that is none in a notebook": (
        "a.ipynb",
        notebook(("markdown", "# A\n\n{{ yaer }}")),
        'error: no parameter called "yaer"\n  --> pages/a.ipynb, cell 1, line 3\n'
        'hint: did you mean "year"? Available: year',
    ),
    "an unknown key of a notebook": (
        "a.ipynb",
        notebook(("raw", "---\ntitle: A\ntitel: B\n---")),
        'error: unknown key "titel"\n  --> pages/a.ipynb, cell 1, line 3, titel\nhint: did you mean "title"?',
    ),
    "a picture inside a notebook": (
        "a.ipynb",
        notebook(("markdown", "# A\n\n![x](attachment:x.png)")),
        "error: a picture is attached to this cell\n  --> pages/a.ipynb, cell 1, line 3\n"
        "hint: save the picture beside the notebook, and write its name: ![what it shows](picture.png)",
    ),
    "a notebook of format 3": (
        "a.ipynb",
        json.dumps({"metadata": {}, "nbformat": 3, "nbformat_minor": 0, "worksheets": []}),
        "error: this notebook is of format 3\n  --> pages/a.ipynb\n"
        "hint: open it in Jupyter and save it again, which makes it one of format 4",
    ),
    "a notebook that was cut off": (
        "a.ipynb",
        NOTEBOOK[:300],
        "error: this notebook is not JSON: ",
    ),
    "a notebook that is something else": ("a.ipynb", "[1, 2]", "error: this is no notebook\n  --> pages/a.ipynb\n"),
    "a notebook with a broken cell": (
        "a.ipynb",
        NOTEBOOK.replace('"cell_type": "raw"', '"cell_type": "row"'),
        "error: this notebook is broken: ",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_said_in_the_words_of_the_author(make_course: MakeCourse, case: str) -> None:
    name, text, message = WRONG[case]
    (told,) = said(make_course({f"pages/{name}": text}))
    assert told.startswith(message)
    assert "pages/a." in told


@needs_r
def test_an_error_in_r_markdown_has_its_line(make_course: MakeCourse) -> None:
    (told,) = said(make_course({"pages/a.Rmd": RMD.replace("cat(6 * 7)", "stop('no')")}))
    assert told == f"error: Error in eval(expr, envir, enclos): no\n  --> pages/a.Rmd:19, {{code-cell}} r\n{HINT}"


CHUNKS = {
    "echo=FALSE": "remove-input",
    "eval = F": "skip-execution",
    "results='hide'": "remove-output",
    "error=TRUE": "raises-exception",
    "message=FALSE": "remove-messages",
    "warning=FALSE": "remove-warnings",
    "include=FALSE": "remove-cell",
}


def test_options_of_chunks_mean_the_same_at_their_head_and_in_comments(tmp_path: Path) -> None:
    page = tmp_path / "a.Rmd"
    heads = [f"```{{r, {option}}}\n1\n```\n" for option in CHUNKS]
    comments = [
        f"```{{r}}\n#| {name.strip()}: {value.strip().lower()}\n1\n```\n"
        for name, _, value in (option.replace("'", "").partition("=") for option in CHUNKS)
    ]
    page.write_text("# A\n\n" + "\n".join([*heads, *comments]), encoding="utf-8")
    found = [asking(one, read_options(one, CellOptions)).tags for one in open_page(page, tmp_path).directives]
    assert found == [frozenset({tag}) for tag in CHUNKS.values()] * 2
    for chunk, at in (("```{r, results='asis'}\n", 3), ("```{r}\n#| output: asis\n", 3)):
        page.write_text(f"# A\n\n{chunk}1\n```\n", encoding="utf-8")
        with pytest.raises(CoursewrightError, match="what a cell prints is text") as caught:
            _ = [asking(one, read_options(one, CellOptions)) for one in open_page(page, tmp_path).directives]
        assert (caught.value.problem.where or PLACE).line in (at, at + 1)


@pytest.mark.parametrize(
    ("tags", "language", "left"),
    [
        ("remove-messages", "r", "Warning message in log(-1):\n“NaNs produced”"),
        ("remove-warnings", "r", "careful\n\ndone"),
        ("remove-messages, remove-warnings", "r", None),
        ("remove-warnings", "python", None),
        ("", "r", "careful\n\nWarning message in log(-1):\n“NaNs produced”\ndone"),
    ],
)
def test_messages_and_warnings_are_left_out_each_by_itself(tags: str, language: str, left: str | None) -> None:
    text = "careful\n\nWarning message in log(-1):\n“NaNs produced”\ndone"
    directive = standing_alone("code-cell", language, "1", Path("a.md"))
    outputs = (PrintedText(text, "notice"), PrintedText("shown"))
    seen = code_cell.shown(Cell(language, "1", outputs), directive, CellOptions(tags=tags)).outputs
    assert [each.text for each in seen if isinstance(each, PrintedText)] == [*([left] if left else []), "shown"]


def test_raw_cells_are_markdown_unless_they_are_for_something_else(tmp_path: Path) -> None:
    page = tmp_path / "a.ipynb"
    cells = [("raw", "Some *words*"), ("raw", "Latex", {"raw_mimetype": "text/latex"}), ("raw", "Also", {"format": ""})]
    page.write_text(notebook(("markdown", "# A"), *cells), encoding="utf-8")
    assert open_page(page, tmp_path).body.split("\n") == ["# A", "", "Some *words*", "", "Also", ""]


def test_why_speaks_of_cells(make_course: MakeCourse, capsys: Any) -> None:
    root = make_course({"pages/a.ipynb": notebook(("markdown", "# A"), ("code", "print(1)"), ("code", "print(2)"))})
    build(open_course(root))
    (root / "pages/a.ipynb").write_text(
        notebook(("markdown", "# A"), ("code", "print(1)"), ("code", "print(3)")), encoding="utf-8"
    )
    assert main(["build", str(root), "--why"]) == 0
    assert (
        "  {code-cell} in cell 2, line 1: carried out again: the code of another cell that it hangs together with\n"
        "  {code-cell} in cell 3, line 1: carried out again: what is written in it\n"
    ) in capsys.readouterr().out


SOURCES = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n`~:#"), max_size=60
)


@given(st.lists(SOURCES, min_size=1, max_size=4))
def test_code_of_a_notebook_is_what_is_carried_out(
    tmp_path_factory: pytest.TempPathFactory, sources: list[str]
) -> None:
    file = tmp_path_factory.mktemp("n") / "a.ipynb"
    file.write_text(notebook(*(("code", source) for source in sources)), encoding="utf-8")
    found = [directive.content for directive in open_page(file, file.parent).directives]
    kept = [source.rstrip().lstrip("\n") for source in sources if source.strip() and not source.startswith("%%")]
    assert [each.rstrip() for each in found] == [without_blank(each) for each in kept]


def without_blank(source: str) -> str:
    """Code without empty lines above it."""
    lines = source.split("\n")
    while lines and not lines[0].strip():
        lines.pop(0)
    return "\n".join(lines)


def changed(notebook: Any) -> Iterator[Any]:
    """The notebook with one thing in it taken out, or another in its place."""
    if not isinstance(notebook, dict | list):
        yield from (None, 5, "word", [], {})
        return
    for key in list(notebook) if isinstance(notebook, dict) else range(len(notebook)):
        without = copy.deepcopy(notebook)
        del without[key]
        yield without
        for inner in changed(notebook[key]):
            other = copy.deepcopy(notebook)
            other[key] = inner
            yield other
    if isinstance(notebook, dict):
        yield {**notebook, "more": 1}


def test_what_the_schema_lets_pass_is_in_order_for_nbformat() -> None:
    new = nbformat.v4
    output = new.new_output("stream", name="stdout", text="1")
    cells = [new.new_markdown_cell("# A", id="a"), new.new_code_cell("1", id="b", outputs=[output])]
    whole = json.loads(nbformat.writes(new.new_notebook(cells=cells)))
    assert is_in_order(whole)
    passed = [each for each in changed(whole) if is_in_order(each)]
    for each in passed:
        nbformat.validate(copy.deepcopy(each), relax_add_props=True)
    assert 10 < len(passed) < len(list(changed(whole))) - 50
    assert not is_in_order(whole | {"nbformat_minor": 99})


def test_a_notebook_in_order_is_read_without_the_libraries_that_say_what_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "a.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("# A", id="a")]), file)
    code = (
        "import sys; from pathlib import Path; from coursewright.pages.readers import page_text\n"
        f"assert '# A' in page_text(Path({str(file)!r}))\n"
        "print([name for name in ('nbformat', 'jsonschema', 'rfc3987_syntax') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout == "[]\n", done.stderr
