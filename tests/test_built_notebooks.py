"""Notebooks that a build writes of pages: valid, with their outputs, and carried out again by real kernels."""

from __future__ import annotations

import copy
import json
import re
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from coursewright.cli import main
from coursewright.courses import build, open_course
from coursewright.courses.building import large
from coursewright.labels import known
from coursewright.magics import NAMES
from coursewright.notebooks.frames import Frames
from coursewright.notebooks.other_kernel import OtherKernel
from coursewright.notebooks.place import REMEDY, stand_at
from coursewright.notebooks.problem import CellProblem
from coursewright.pages.formats.notebook.idents import Idents, cell_id
from coursewright.pages.formats.notebook.parameters import assignments
from r_sessions import need_r, r_library  # noqa: F401 - a fixture
from test_cells import needs_r

nbclient = pytest.importorskip("nbclient", reason='pip install "coursewright[notebooks]"')
pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

PYTHON = """\
# A page with Python

See [the table](#sold), [the other](other.md#what-runs), and [defined][below]. ![A dot](dot.svg)

```{table}
:name: sold
:caption: Sold in {{ year }}
:decimals: tonnes = 1
SELECT fruit, tonnes FROM sales WHERE year = :year ORDER BY tonnes
```

> [!NOTE]
> An alert.

:::{activity} Do it
Now.
:::

## What was found

- A list holds one, too:

  ```{table} sales
  :limit: 1
  ```

```{facts} sold
```

```{tell} told
:rows: sales
:form: list
```

```{venn}
A: 1, 2
B: 2, 3
```

```{question} easy
```

```{math}
x^2
```

```{code-cell} python
:in: sales
:out: twice
:tags: [hide-input, mine]
twice = sales.assign(double=2 * sales["tonnes"])
twice.head(2)
```

```{code-cell} python
:alt: A line that rises
import matplotlib.pyplot as plt

print(open("beside.txt").read(), year)
plt.plot([1, 2])
```

```{code-cell} python
:tags: [remove-output, raises-exception]
1 / 0
```

[below]: other.md
"""
R = """\
# A page with R

```{table}
:caption: With "quotes" )-" in {{ year }}
SELECT fruit FROM sales WHERE year = :year
```

```{code-cell} r
:in: sales
#| alt: Points
plot(sales$tonnes)
cat(readLines("beside.txt"), year)
```

```{code-cell} r
:tags: [hide-output]
str(sales)
head(sales, 1)
```
"""
BOTH = """\
# Both

```{code-cell} python
:in: sales
:out: most
most = sales[sales["tonnes"] > 5]
```

```{code-cell} r
:in: most
:out: fit
fit <- data.frame(mean = mean(most$tonnes), year = year, day = as.Date("2024-02-29"), gone = NA_integer_)
print(fit)
```

```{code-cell} python
:in: fit
fit
```
"""
ALERT = "a-page-with-python-text-1"
FILES = {
    "course.toml": '[course]\ntitle = "Fruit & <b>"\n[parameters]\nyear = 2024\n[tables]\nsales = "data/sales.csv"\n',
    "data/sales.csv": "year,fruit,tonnes\n2023,apple,10\n2023,pear,4\n2024,apple,12\n2024,<b>kiwi</b>,8\n",
    "facts/sold.sql": '/*---\ntitle = "Sold"\ntell = "#tonnes# t of #fruit#"\nscore = "tonnes"\n---*/\n'
    "SELECT fruit, tonnes FROM sales WHERE year = :year",
    "grammars/told.json": '{"origin": "#fruit#: #tonnes# t"}',
    "questions/easy.md": "---\nkind: truefalse\ntitle: Easy\n---\n# Question\n\nTrue?\n\n# Answers\n\n- [x] true\n",
    "pages/python.md": PYTHON,
    "pages/other.md": "# Other\n\n## What runs\n\nNothing, see [the table](python.md#sold).\n",
    "pages/dot.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "pages/beside.txt": "beside the page",
    "pages/each.md": "---\nfor_each: SELECT DISTINCT fruit, year AS when_ FROM sales WHERE year = :year\n"
    'name: "{{ fruit }}"\ntitle: "{{ fruit }}"\n---\n```{table}\nSELECT * FROM sales WHERE fruit = :fruit\n```\n',
}


def outputs(cell: Any) -> list[Any]:
    """What a cell shows, without what differs between a build and a kernel: streams in pieces, links, plain frames."""
    found: list[Any] = []
    for output in cell.outputs:
        if output.output_type == "stream":
            if found and found[-1][0] == output.name:
                found[-1] = (output.name, found[-1][1] + output.text)
            else:
                found.append((output.name, output.text))
        elif output.output_type == "error":
            found.append((output.ename, output.evalue))
        else:
            ours = "cw-told" in output.data.get("text/html", "")  # a table, which a kernel holds as a frame
            data = {kind: value for kind, value in output.data.items() if not (ours and kind == "text/plain")}
            found.append({kind: re.sub("</?a[^>]*>|0x[0-9a-f…]+", "", str(value)) for kind, value in data.items()})
    return found


def executed(file: Path, **parameters: str) -> tuple[Any, Any]:
    """A notebook as it was built, and as a kernel carries it out, with lines in the place of its parameters."""
    built = nbformat.read(file, as_version=4)
    ran = copy.deepcopy(built)
    for cell in ran.cells:
        if cell.cell_type == "code":
            cell.outputs = []
        if cell.id == "parameters":
            cell.source += "".join(f"\n{name} = {value}" for name, value in parameters.items())
    client = nbclient.NotebookClient(ran, timeout=120, resources={"metadata": {"path": str(file.parent)}})
    client.execute()
    return built, ran


def cell(notebook: Any, ident: str) -> Any:
    (found,) = [each for each in notebook.cells if each.id == ident]
    return found


def course(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("matplotlib", reason='pip install "coursewright[charts]"')
    made = course(tmp_path_factory.mktemp("a [b] ü") / "course", FILES)
    assert main(["build", str(made)]) == 0
    return made


@pytest.fixture(scope="module")
def python(root: Path) -> tuple[Any, Any]:
    return executed(root / "build/notebooks/python.ipynb")


def notebooks(root: Path) -> Iterator[Any]:
    for file in sorted((root / "build/notebooks").rglob("*.ipynb")):
        yield nbformat.read(file, as_version=4)


def test_every_page_is_a_valid_notebook_as_jupyter_saves_it(root: Path) -> None:
    found = list(notebooks(root))
    assert len(found) == 4
    for notebook in found:
        nbformat.validate(notebook)
        assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
        assert len({each.id for each in notebook.cells}) == len(notebook.cells)
    file = root / "build/notebooks/python.ipynb"
    again = json.dumps(json.loads(file.read_text(encoding="utf-8")), ensure_ascii=False, indent=1, sort_keys=True)
    assert file.read_text(encoding="utf-8") == again + "\n"


def test_what_a_kernel_gives_is_what_the_build_gave(python: tuple[Any, Any]) -> None:
    built, ran = python
    shown = {each.id: outputs(each) for each in built.cells if each.cell_type == "code"}
    assert {each.id: outputs(each) for each in ran.cells if each.cell_type == "code"} == {
        **shown,
        "what-was-found-code-3": [("ZeroDivisionError", "division by zero")],  # which readers do not see
    }
    assert [name for name, found in shown.items() if not found] == [
        "parameters",
        "coursewright",
        "what-was-found-code-3",
    ]


def test_cells_see_parameters_that_were_changed(root: Path) -> None:
    _, ran = executed(root / "build/notebooks/python.ipynb", year="2023")
    assert "pear" in outputs(cell(ran, "sold"))[0]["text/html"]
    assert "Sold in 2023" in outputs(cell(ran, "sold"))[0]["text/html"]
    assert "10 t of apple" in outputs(cell(ran, "facts-sold"))[0]["text/html"]
    assert ("stdout", "beside the page 2023\n") in outputs(cell(ran, "what-was-found-code-2"))


def test_cells_are_what_the_author_wrote(python: tuple[Any, Any]) -> None:
    built, _ = python
    assert [each.id for each in built.cells] == [
        "about", "parameters", "coursewright", "a-page-with-python", "sold-anchor", "sold", ALERT,
        "what-was-found", "facts-sold", "tell-told", "what-was-found-venn-1", "question-easy", "what-was-found-text-1",
        "what-was-found-code-1",
        "what-was-found-code-2", "what-was-found-code-3",
    ]  # fmt: skip
    assert cell(built, "coursewright").source == "%load_ext coursewright\n%page python.md year"
    assert (cell(built, "parameters").source, cell(built, "parameters").metadata) == (
        "year = 2024",
        {"tags": ["parameters"]},
    )
    assert cell(built, "facts-sold").source == "%facts sold"
    assert cell(built, "sold").source.startswith("%%table\n:caption: Sold in {{ year }}\n")
    code = cell(built, "what-was-found-code-1")
    assert code.metadata == {"jupyter": {"source_hidden": True}, "tags": ["hide-input", "mine"]}
    assert code.source.startswith("#| in: sales\n#| out: twice\ntwice = sales.assign(")
    assert [each.get("metadata") for each in cell(built, "what-was-found-code-2").outputs][-1] == {
        "image/png": {"alt": "A line that rises"}
    }


def test_text_leads_to_notebooks_and_pictures_lie_beside_them(root: Path, python: tuple[Any, Any]) -> None:
    text = cell(python[0], "a-page-with-python").source
    assert "[the table](#sold), [the other](other.ipynb#What-runs), and [defined][below]" in text
    assert text.endswith("[below]: <other.ipynb>")
    assert "![A dot](dot.svg)" in text
    assert (root / "build/notebooks/dot.svg").is_file()
    assert "> **Note**\n>\n> An alert.\n\n> **Activity: Do it**\n>\n> Now." in cell(python[0], ALERT).source
    assert "| 2023 | apple | 10 |" in cell(python[0], "what-was-found").source  # a cell cannot stand in a list
    assert "$$\nx^2\n$$" in cell(python[0], "what-was-found-text-1").source
    other = nbformat.read(root / "build/notebooks/other.ipynb", as_version=4)
    assert "[the table](python.ipynb#cell-id=sold)" in cell(other, "what-runs").source


def test_the_first_cell_says_what_the_notebook_needs(root: Path, python: tuple[Any, Any]) -> None:
    first = python[0].cells[0]
    assert (first.cell_type, first.id) == ("markdown", "about")
    assert "of the course “Fruit &amp; &lt;b&gt;”" in first.source
    assert "the notebook has to lie in a folder of it, such as `build/notebooks`" in first.source
    other = nbformat.read(root / "build/notebooks/other.ipynb", as_version=4)
    assert "To run" not in other.cells[0].source


def test_a_page_of_a_row_has_its_row_in_its_parameters(root: Path) -> None:
    built = nbformat.read(root / "build/notebooks/apple.ipynb", as_version=4)
    assert cell(built, "parameters").source == 'fruit = "apple"'


@needs_r
def test_a_page_in_r_runs_in_r(root: Path, r_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811 - the fixture
    monkeypatch.setenv("R_LIBS", str(r_library))
    monkeypatch.setenv("RETICULATE_PYTHON", sys.executable)
    course(root, {"pages/r.md": R, "pages/both.md": BOTH})
    assert main(["build", str(root)]) == 0
    built, ran = executed(root / "build/notebooks/r.ipynb")
    assert (built.metadata.kernelspec.name, built.metadata.language_info.name) == ("ir", "R")
    assert [outputs(each) for each in ran.cells[1:] if each.cell_type == "code"] == [
        outputs(each) for each in built.cells[1:] if each.cell_type == "code"
    ]
    assert "".join(text for name, text in outputs(built.cells[-2]) if name == "stdout") == "beside the page 2024"
    assert built.cells[-1].metadata == {"jupyter": {"outputs_hidden": True}, "tags": ["hide-output"]}
    assert 'content = r"--(' in built.cells[4].source
    both, again = executed(root / "build/notebooks/both.ipynb")
    assert both.metadata.kernelspec.name == "python3"
    assert cell(both, "both-code-2").source.startswith("%%code-cell r\n:in: most\n:out: fit\n\nfit <- ")
    shown = {each.id: outputs(each) for each in both.cells if each.cell_type == "code"}
    assert {each.id: outputs(each) for each in again.cells if each.cell_type == "code"} == shown
    assert "2024-02-29" in str(shown["both-code-3"])


@needs_r
def test_what_r_shows_with_scripts_is_in_a_frame_in_notebooks(tmp_path: Path) -> None:
    need_r("DT")
    pages = "# A\n\n```{code-cell} python\n1\n```\n\n" + "".join(
        f"```{{code-cell}} r\n{code}\n```\n\n"
        for code in ("DT::datatable(cars)", "IRdisplay::display_html('<b onclick=\"x()\">b</b>')", "head(cars, 2)")
    )
    made = course(tmp_path, {"course.toml": '[course]\ntitle = "C"\nlanguage = "fr"\n', "pages/a.md": pages})
    assert main(["build", str(made), "--only", "notebooks"]) == 0
    built, ran = executed(made / "build/notebooks/a.ipynb")
    for notebook in (built, ran):
        shown = [cell(notebook, f"a-code-{number}").outputs[0].data["text/html"] for number in (2, 3, 4)]
        start = '<iframe class="cw-frame" sandbox="allow-scripts" title="{}" srcdoc="'
        assert shown[0].startswith(start.format("Élément interactif\N{NO-BREAK SPACE}: datatables"))
        assert shown[1].startswith(start.format("Contenu interactif"))
        assert "<iframe" not in shown[2]
    assert outputs(cell(ran, "a-code-2")) == outputs(cell(built, "a-code-2"))


def test_ids_stay_where_text_and_code_change_and_notebooks_go_with_their_pages(tmp_path: Path) -> None:
    pages = {
        "course.toml": '[course]\ntitle = "Ids"\n',
        "pages/a.md": "# A\n\nText.\n\n## B\n\n```{venn}\nA: 1\nB: 2\n```\n\nMore.\n",
        "pages/b.md": "# B\n",
    }
    made = course(tmp_path / "c", pages)
    assert main(["build", str(made), "--only", "notebooks"]) == 0
    file, other = made / "build/notebooks/a.ipynb", made / "build/notebooks/b.ipynb"
    before = [each.id for each in nbformat.read(file, as_version=4).cells]
    assert before == ["about", "coursewright", "a", "b", "b-venn-1", "b-text-1"]
    stamp = other.stat().st_mtime_ns
    changed = "# A\n\nOther text.\n\nA paragraph.\n\n## B\n\n```{venn}\nA: 1, 2\nB: 2\n```\n\nLess.\n"
    (made / "pages/a.md").write_text(changed, encoding="utf-8")
    assert main(["build", str(made), "--only", "notebooks"]) == 0
    assert [each.id for each in nbformat.read(file, as_version=4).cells] == before
    assert other.stat().st_mtime_ns == stamp
    (made / "pages/b.md").unlink()
    assert main(["build", str(made), "--only", "notebooks"]) == 0
    assert not other.exists()


def test_a_notebook_that_is_too_large_is_a_warning_each_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = course(tmp_path / "c", {"course.toml": '[course]\ntitle = "L"\n', "pages/a.md": f"# A\n\n{'long ' * 900}\n"})
    monkeypatch.setattr(large, "LARGEST_NOTEBOOK", 3000)
    for _ in range(2):
        assert main(["build", str(made)]) == 0
        said = capsys.readouterr().err
        assert "warning: this notebook has 0.0 MB, of at most 0.003 MB: it opens slowly\n  --> " in said
        assert "build/notebooks/a.ipynb\nhint: make pictures and outputs on its page smaller, or tag the cells" in said
    monkeypatch.undo()
    assert main(["build", str(made)]) == 0
    assert "warning" not in capsys.readouterr().err


def test_a_notebook_keeps_the_ids_and_metadata_of_its_author(tmp_path: Path) -> None:
    new, text = nbformat.v4, "One {{ x }}.\n\n## Two\n\n```{venn}\nA: 1\nB: 2\n```\n\nThree."
    cells = [
        new.new_raw_cell("---\ntitle: Mine\n---", id="front"),
        new.new_markdown_cell(text, id="m-1", metadata={"a": {"b": 1}}),
        new.new_code_cell("x = 5", id="try-it", metadata={"tags": ["parameters"]}),
        new.new_code_cell("print(x)", id="c_1", metadata={"scrolled": True, "tags": ["z", "a"]}),
    ]
    spec = {"name": "python3", "display_name": "Mine", "language": "python"}
    made = course(tmp_path / "c", {"course.toml": '[course]\ntitle = "Own"\n[parameters]\nx = 1\n'})
    (made / "pages").mkdir()
    notebook = new.new_notebook(cells=cells, metadata={"kernelspec": spec, "toc": {"a": 1}})
    nbformat.write(notebook, made / "pages/mine.ipynb")
    assert main(["build", str(made)]) == 0
    built, ran = executed(made / "build/notebooks/mine.ipynb")
    assert [(each.id, each.metadata) for each in built.cells[3:]] == [
        ("title", {}),
        ("m-1", {"a": {"b": 1}}),
        ("top-venn-1", {}),
        ("top-text-2", {}),
        ("try-it", {"tags": ["parameters"]}),
        ("injected-parameters", {"tags": ["injected-parameters"]}),
        ("coursewright-parameters", {}),
        ("c_1", {"scrolled": True, "tags": ["z", "a"]}),
    ]
    assert cell(built, "m-1").source == "One 1.\n\n## Two"
    assert outputs(cell(ran, "c_1")) == outputs(cell(built, "c_1")) == [("stdout", "1\n")]
    assert (built.metadata.kernelspec, built.metadata.toc) == (spec, {"a": 1})
    cells[3].metadata["scrolled"] = False
    nbformat.write(notebook, made / "pages/mine.ipynb")
    assert main(["build", str(made)]) == 0
    assert nbformat.read(made / "build/notebooks/mine.ipynb", as_version=4).cells[-1].metadata["scrolled"] is False


@pytest.mark.parametrize("form", ["md:myst", "Rmd", "py:percent"])
def test_jupytext_takes_notebooks_there_and_back(root: Path, form: str) -> None:
    jupytext = pytest.importorskip("jupytext", reason='pip install "coursewright[notebooks]"')
    for notebook in notebooks(root):
        back = jupytext.reads(jupytext.writes(notebook, fmt=form), fmt=form)
        assert [(each.cell_type, each.source, each.metadata) for each in back.cells] == [
            (each.cell_type, each.source, each.metadata) for each in notebook.cells
        ]


def test_a_notebook_away_from_its_course_says_so(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hint = f"hint: {REMEDY}"
    monkeypatch.chdir(tmp_path)
    stand_at("python.md")
    assert capsys.readouterr().err == f"note: no course.toml in this folder or one above it\n{hint}\n"
    monkeypatch.chdir(root / "build/notebooks")
    stand_at("no such.md")
    assert capsys.readouterr().err == f"note: the course around this notebook has no page no such.md\n{hint}\n"
    stand_at("python.md")
    assert Path.cwd() == root / "pages"
    assert not capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "cell_", "said"),
    [
        ("", "1", "error: which language?\n  --> cell 0:1, {code-cell}\nhint: write it after {code-cell}: python, r"),
        ("klingon", "1", 'error: no kernel for "klingon" is installed\n  --> cell 0:1, {code-cell} klingon'),
        ("python", ":inn: a\n\n1", 'error: no option called "inn"\n  --> cell 0'),
        (
            "python",
            ":in: nobody\n\n1",
            'error: no frame and no table called "nobody"\n  --> cell 0:2',
        ),
        ("python", "1 +", "error: SyntaxError: invalid syntax\n  --> cell 0:2"),
        ("python", ":in: number\n\n1", "error: number is no frame, but int: it cannot be handed over\n  --> cell 0:2"),
    ],
)
def test_what_is_wrong_with_a_cell_of_another_kernel(
    root: Path, monkeypatch: pytest.MonkeyPatch, line: str, cell_: str, said: str
) -> None:
    monkeypatch.chdir(root)
    space = {"In": [""], "number": 3}
    monkeypatch.setattr("builtins.get_ipython", lambda: SimpleNamespace(user_ns=space), raising=False)
    frames = Frames(space)
    other = OtherKernel(SimpleNamespace(user_ns=space), frames)
    try:
        with pytest.raises(CellProblem) as caught:
            other(line, cell_)
    finally:
        other.close()
        frames.close()
    assert str(caught.value).startswith(said)


def test_what_a_cell_of_another_kernel_made_of_a_parameter_stays(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    space = {"In": [""], "number": 3}
    monkeypatch.setattr("builtins.get_ipython", lambda: SimpleNamespace(user_ns=space), raising=False)
    frames = Frames(space)
    other = OtherKernel(SimpleNamespace(user_ns=space), frames)
    try:
        other("python", "number += 1")
        other("python", "print(number)")
        space["number"] = 7  # a form, or another cell of the notebook
        other("python", "print(number)")
    finally:
        other.close()
        frames.close()
    assert capsys.readouterr().out == "4\n7\n"


def test_a_cell_that_ends_its_kernel_says_so_and_the_next_begins_another(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(root)
    space: dict[str, Any] = {"In": [""]}
    frames = Frames(space)
    other = OtherKernel(SimpleNamespace(user_ns=space), frames)
    try:
        other("python", "x = 1\nexit()\nprint('after')")
        other("python", "print('x' in globals())")
    finally:
        other.close()
        frames.close()
    said = capsys.readouterr()
    assert said.out == "after\nFalse\n"
    assert said.err == "note: the kernel for python was ended, with its variables\n"


def test_a_value_that_was_set_for_a_finder_is_in_the_notebook(tmp_path: Path) -> None:
    finder = FILES["facts/sold.sql"].replace("---*/", "[parameters]\nleast = 0\n---*/") + " AND tonnes >= :least"
    files = {name: FILES[name] for name in ("course.toml", "data/sales.csv")}
    course(tmp_path, {**files, "facts/sold.sql": finder, "pages/a.md": "# A\n\n```{facts} sold\n```\n"})
    assert main(["build", str(tmp_path), "--set", "least=9"]) == 0
    built, ran = executed(tmp_path / "build/notebooks/a.ipynb")
    assert "least = " in cell(built, "parameters").source
    assert outputs(cell(ran, "facts-sold")) == outputs(cell(built, "facts-sold"))
    assert "kiwi" not in str(outputs(cell(ran, "facts-sold")))


def test_what_comments_say_of_frames_keeps_the_lines_of_the_cell() -> None:
    frames = Frames({})  # which makes no folder
    lines = ["#| in: a, b\n", "#| out: c d\n", "x = 1  #| in: z\n"]
    assert frames.transform(lines) == ["get_ipython().run_line_magic('frames', 'a b')\n", lines[1], lines[2]]
    assert frames.gave == {"c", "d"}
    assert frames.transform(["%%time\n", *lines]) == ["%%time\n", *lines]


def test_parameters_of_every_kind_are_code_in_both_languages() -> None:
    values = {
        "whole": 3, "text": 'a "b"\n\\ é', "truth": True, "gone": None, "part": 0.1, "endless": float("inf"),
        "day": date(2024, 2, 29), "moment": datetime(2024, 2, 29, 12, 30, tzinfo=UTC), "money": Decimal("1.50"),
        "class": 1, "a b": 2, "several": [1, 2],
    }  # fmt: skip
    space: dict[str, Any] = {}
    exec(assignments(values, "python"), space)  # noqa: S102 - it is code that is tested
    assert {name: space.get(name, "left out") for name in values} == {**values, "several": "left out"}
    assert assignments(values, "r").split("\n") == [
        "whole <- 3L", r'text <- "a \"b\"\n\\ é"', "truth <- TRUE", "gone <- NA", "part <- 0.1", "endless <- Inf",
        'day <- as.Date("2024-02-29")', 'moment <- as.POSIXct(1709209800.0, origin = "1970-01-01", tz = "UTC")',
        "money <- 0x1.8000000000000p+0", "class <- 1L", "`a b` <- 2L",
    ]  # fmt: skip


def test_ids_are_of_the_format_and_differ() -> None:
    assert cell_id("a-b_1") == "a-b_1"
    names = ["ü", "ö", "a b", "a-b", "x" * 80, "x" * 81]
    found = [cell_id(name) for name in names]
    assert len(set(found)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", each) for each in found)
    idents = Idents({"facts-a"})
    assert [idents.named("facts", "a"), idents.named("facts", "a b"), idents.named("facts", "")] == [
        "facts-a-2",
        "top-facts-1",
        "top-facts-2",
    ]


def test_magics_are_directives() -> None:
    from coursewright import plugins

    assert set(NAMES) < set(plugins.names("directives"))


def test_the_first_cell_speaks_the_language_of_the_course(tmp_path: Path) -> None:
    pages = {"pages/a.md": "# A\n\n```{table}\nSELECT 1 AS one\n```\n\n```{code-cell} python\n1\n```\n"}
    for language, said in [("de-AT", "Dieses Notebook ist eine Seite des Kurses „C“."), ("fi", "This notebook is a")]:
        made = course(
            tmp_path / language, {"course.toml": f'[course]\ntitle = "C"\nlanguage = "{language}"\n', **pages}
        )
        assert main(["build", str(made), "--only", "notebooks"]) == 0
        first = nbformat.read(made / "build/notebooks/a.ipynb", as_version=4).cells[0].source
        assert first.startswith(f"*{said}")
        assert '(`pip install "coursewright[all]"`)' in first


def test_every_language_says_the_same_of_notebooks() -> None:
    own = known("notebooks")
    assert {language: [re.findall(r"{\w+}", said[key]) for key in own["en"]] for language, said in own.items()} == {
        language: [re.findall(r"{\w+}", said) for said in own["en"].values()] for language in own
    }
    assert set(own) == set(known("pages"))


def test_footnotes_are_numbers_where_jupyter_knows_none(make_course: Any) -> None:
    page = (
        "# A\n\nOne[^b] and two[^a] `[^b]` \\[^b].\n\n## B\n\nAgain[^b].\n\n```text\n[^a]: x\n```\n\n"
        "[^a]: First,\n    and *more*.\n\n    Second[^b].\n[^b]: Other\n\nEnd\n"
    )
    root = make_course({"pages/a.md": page})
    build(open_course(root))
    notebook = json.loads((root / "build/notebooks/a.ipynb").read_text(encoding="utf-8"))
    texts = ["".join(cell["source"]).strip() for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert texts[-2:] == [
        "# A\n\nOne<sup>1</sup> and two<sup>2</sup> `[^b]` \\[^b].",
        "## B\n\nAgain<sup>1</sup>.\n\n```text\n[^a]: x\n```\n\n"
        "<sup>2</sup> First,\nand *more*.\n\nSecond<sup>1</sup>.\n\n<sup>1</sup> Other\n\nEnd",
    ]
