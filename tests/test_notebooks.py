"""Magics in notebooks that a real kernel carries out, and what a real browser makes of them when they are exported."""

from __future__ import annotations

import html
import json
import re
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

from conftest import EXAMPLES
from coursewright.errors import CoursewrightError, Place
from coursewright.figures.diagrams.circuits import circuit
from coursewright.figures.diagrams.gates import logic
from coursewright.notebooks import NAMES
from coursewright.notebooks.line import read_line
from coursewright.notebooks.magic import Magic
from coursewright.notebooks.problem import CellProblem
from jupyters import JUPYTER, folder_of_its_own, free_port, needs_jupyter, program
from test_browser import NODE, chromium  # noqa: F401 - a fixture

nbclient = pytest.importorskip("nbclient", reason='pip install "coursewright[notebooks]"')
pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')
pytest.importorskip("ziafont", reason='pip install "coursewright[diagrams]"')

GRAMMAR = '{"origin": "#fruit#: #tonnes# t"}'
QUESTION = """\
%%question Twice --kind number --tolerance 0.01 --variants 2 --seed 5
```python
n = pick([21])
m = pick([1, 2])
answer = 2 * n
```
# Question

What is twice {{ n }} ({{ m }})?

# Solution

{{ answer }} it is.
"""
CELLS = {
    "load": "%load_ext coursewright",
    "table": "%%table --caption 'A <b>' --out found\n:decimals: tonnes = 1\n"
    "SELECT fruit, tonnes FROM sales WHERE year = :year",
    "frame": "answer = %table sales\nprint(type(found).__mro__[1].__name__, list(found.columns), len(answer))",
    "bars": "%%table\n:bar: tonnes\n:spark: form\nSELECT tonnes, [1, 3, 2] AS form FROM sales",
    "parameter": "year = 2023\nfrom IPython.display import display",
    "again": "%%table\nSELECT fruit, tonnes FROM sales WHERE year = :year",
    "of a frame": "%%table\nSELECT max(tonnes) AS most FROM found",
    "changed": "found['tonnes'] = 0\nfound",
    "tell": "%tell fruit --rows sales --form list",
    "tell of a frame": "%%tell fruit --form paragraphs\nSELECT fruit, tonnes FROM found",
    "tell by the cell": "%%tell --rows found --form list\n#fruit.capitalize# it is.",
    "question": QUESTION,
    "of the course": "%question easy",
    "logic": "%%logic --output lamp\nA and not (B or C)",
    "logic again": "%logic A and not (B or C) --output lamp",
    "circuit": "%%circuit --caption 'Lamps <i>'\nbattery 9 V\nlamp L1 | lamp L2",
    "venn": "%%venn\n:shade: A\nA: 1, 2\nB: 2, 3",
    "number_line": "%%number_line -5 to 5\n[-3, 1)",
    "graph": "%%graph\na -- b: 3",
    "automaton": "%%automaton\nstart: A\naccept: [A]\ntransitions:\n  A: {0: A}",
    "samples": "import math\ntone = [math.sin(n / 8) / 2 for n in range(8000)]",
    "sound": "%audio tone --rate 8000 --alt 'A tone'",
    "words": "%%audio tone\n:rate: 8000\n\nLa la.",
    "in python": "from coursewright.figures.diagrams.venn_diagrams import venn\nvenn({'A': [1], 'B': [1, 2]})",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course with a notebook in a folder of its own."""
    root = tmp_path_factory.mktemp("a [b] ü") / "course"
    files = {
        "course.toml": '[course]\ntitle = "Fruit"\n[parameters]\nyear = 2024\n[tables]\nsales = "data/sales.csv"\n',
        "data/sales.csv": "year,fruit,tonnes\n2023,apple,10\n2023,pear,4\n2024,apple,12\n2024,<b>kiwi</b>,8\n",
        "grammars/fruit.json": GRAMMAR,
        "questions/easy.md": "---\nkind: truefalse\ntitle: Easy\n---\n# Question\n\nTrue?\n\n# Answers\n\n- [x] true\n",
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    (root / "notebooks").mkdir()
    return root / "notebooks"


def executed(cells: dict[str, str], folder: Path, *, allow_errors: bool = False) -> Any:
    """A notebook of cells, carried out by a kernel in `folder`."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in cells.values()])
    resources = {"metadata": {"path": str(folder)}}
    client = nbclient.NotebookClient(
        notebook, kernel_name="python3", timeout=120, resources=resources, allow_errors=allow_errors
    )
    client.execute()
    return notebook


@pytest.fixture(scope="module")
def notebook(folder: Path) -> Any:
    return executed(CELLS, folder)


def outputs(notebook: Any, name: str) -> list[Any]:
    return list(notebook.cells[list(CELLS).index(name)].outputs)


def data(notebook: Any, name: str) -> dict[str, str]:
    """What one cell shows, by media type."""
    (output,) = [each for each in outputs(notebook, name) if each.output_type in ("execute_result", "display_data")]
    return dict(output.data)


def test_a_table_is_shown_as_pages_do_and_is_a_frame(notebook: Any) -> None:
    shown = data(notebook, "table")["text/html"]
    assert "A &lt;b&gt;" in shown
    assert "&lt;b&gt;kiwi&lt;/b&gt;" in shown
    assert "<b>kiwi" not in shown
    assert outputs(notebook, "frame")[0].text == "DataFrame ['fruit', 'tonnes'] 4\n"


def test_what_is_drawn_in_cells_is_drawn_without_a_style_sheet_of_the_page(notebook: Any) -> None:
    shown = data(notebook, "bars")["text/html"]
    for name in re.findall(r'class="(bar|number bar|spark)"', shown):
        assert f".cw-told .{name.split()[-1]}" in shown
    assert "bar" in shown
    assert 'class="spark" role="img"' in shown


def test_variables_are_parameters_and_frames_are_tables(notebook: Any) -> None:
    assert "pear" in data(notebook, "again")["text/html"]
    assert "12" in data(notebook, "of a frame")["text/plain"]


def test_a_frame_that_was_changed_shows_what_it_is_now(notebook: Any) -> None:
    assert "12" not in re.sub("<[^>]*>", " ", data(notebook, "changed")["text/html"])


def test_texts_are_told_of_the_course_and_of_frames(notebook: Any) -> None:
    assert data(notebook, "tell")["text/html"].count("<li>") == 4
    assert "<li>Apple it is.</li>" in data(notebook, "tell by the cell")["text/html"]
    told = data(notebook, "tell of a frame")
    assert "<p>&lt;b&gt;kiwi&lt;/b&gt;: 0 t</p>" in told["text/html"]
    assert r"kiwi&lt;/b&gt;: 0 t" in told["text/plain"]


def test_a_question_stands_in_a_frame_that_it_cannot_leave_and_its_text_has_no_answer(notebook: Any) -> None:
    shown = data(notebook, "question")
    assert (
        '<iframe class="cw-frame" sandbox="allow-scripts allow-forms" title="Question: Twice (2 variants)" srcdoc='
        in (shown["text/html"])
    )
    assert "default-src &#x27;none&#x27;" in shown["text/html"]
    assert "twice 21" in shown["text/plain"]
    assert "42" not in shown["text/plain"]
    assert 'title="Question: Easy"' in data(notebook, "of the course")["text/html"]


def test_diagrams_have_their_words_and_are_the_same_in_a_line_and_in_a_cell(notebook: Any) -> None:
    alt = logic("A and not (B or C)", output="lamp").alt
    assert data(notebook, "logic")["text/plain"] == alt
    assert data(notebook, "logic") == data(notebook, "logic again")
    assert f'alt="{html.escape(alt)}"' in data(notebook, "logic")["text/html"]
    shown = data(notebook, "circuit")["text/html"]
    assert html.escape(circuit(["battery 9 V", [["lamp L1"], ["lamp L2"]]]).alt) in shown
    assert "<figcaption>Lamps &lt;i&gt;</figcaption>" in shown
    for name in ("venn", "number_line", "graph", "automaton", "in python"):
        assert data(notebook, name)["image/svg+xml"].startswith("<svg")


def test_the_notebook_is_valid_and_none_of_it_is_outside(notebook: Any) -> None:
    nbformat.validate(notebook)


def test_exported_html_draws_sounds_and_marks_in_a_browser(chromium: str, notebook: Any, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    exporters = pytest.importorskip("nbconvert.exporters", reason="pip install nbconvert")
    empty = {"mathjax_url": "", "require_js_url": "", "jquery_url": "", "mermaid_js_url": "data:,"}
    page, _ = exporters.HTMLExporter(template_name="basic", **empty).from_notebook_node(notebook)
    file = tmp_path / "notebook.html"
    file.write_text(f'<!doctype html><meta charset="utf-8"><title>N</title>{page}', encoding="utf-8")
    done = subprocess.run(
        [str(shutil.which("node")), str(NODE / "media.js"), chromium, file.as_uri()],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    (found,) = json.loads(done.stdout)
    assert [each["name"] for each in found["sounds"]] == ["A tone", "La la."]
    assert [each["seconds"] for each in found["sounds"]] == [pytest.approx(1, abs=0.2)] * 2  # of whole frames
    assert len(found["pictures"]) == 8 + 4  # and small lines in cells
    assert all(each["drawn"] for each in found["pictures"])
    assert [each["words"] for each in found["pictures"]].count("") == 4  # the title of a small line is in it
    asked, easy = found["frames"]
    assert [asked["title"], easy["title"]] == ["Question: Twice (2 variants)", "Question: Easy"]
    assert not any(each["reaches"] for each in found["frames"])
    assert all(abs(each["height"] - each["content"]) <= 2 for each in found["frames"])
    assert "42 it is." in found["answered"][0]
    assert (found["said"], found["outside"]) == ([], [])


@pytest.mark.parametrize("name", [*NAMES])
def test_every_magic_says_how_it_is_used(name: str) -> None:
    from coursewright import plugins
    from coursewright.notebooks.magic import help_of

    said = help_of(name)
    assert said.startswith(f"%%{name}: {{{name}}}")
    for option in plugins.load("directives", name).Options.__struct_fields__:
        assert f"\n  --{option}" in said


WRONG = {
    "load": "%load_ext coursewright",
    "option": "%%table --limt 3\nSELECT 1",
    "option below": "%%table\n:limt: 3\nSELECT 1",
    "twice": "%%table --limit 3\n:limit: 4\nSELECT 1",
    "no value": "%%venn --shade --alt x\nA: 1\nB: 1",
    "table": "%%table\nSELECT 1,\n  FROM sales\nWHERE true AND nothing = 1",
    "no table": "%table salse",
    "circuit": "%%circuit\nwire\n\nlampp",
    "kind": "%%question --kind numbr\n1?",
    "no kind": "%%question\n1?",
    "setting": "%%question --kind number --tolerence 1\n1?",
    "code": "%%question --kind number\n```python\nx = 1\nanswer = x / 0\n```\n# Question\n\n1?",
    "own front": "%%question --title A\n---\nkind: number\nlines: 3\n---\n1?",
    "sound": "%audio gone.mp3 --alt x",
    "samples": "loud = [2.0]\n%audio loud --alt x",
    "nothing": "%table",
    "mixed": "import pandas as pd\nmixed = pd.DataFrame({'a': [1, 'x']})\n%table mixed",
    "near frame": "%%tell --rows mixde\n#a#",
    "near in SQL": "%%table\nSELECT * FROM mixde",
    "near for another": "%%code-cell python\n:in: mixde\n1",
    "near samples": "tone = [0.5, -0.5]\n%audio tnoe --rate 8000 --alt x",
    "rate of a file": "%audio bell.wav --rate 8000 --alt x",
}
SAID = {
    "option": 'error: no option called "limt"\n  --> cell 2:1, --limt\nhint: did you mean "limit"? ',
    "option below": 'error: no option called "limt"\n  --> cell 3:2, {table} :limt:\nhint: did you mean "limit"? ',
    "twice": 'error: the option "limit" is there twice\n  --> cell 4:2, {table} :limit:\n'
    "hint: keep it behind the magic, or in the cell",
    "no value": 'error: this option has no value\n  --> cell 5:1, --shade\nhint: write --alt "What it shows"',
    "table": "error: SQL: ",
    "no table": 'error: no table called "salse"\n  --> cell 7:1, {table}\nhint: did you mean "sales"? Available: ',
    "circuit": 'error: no part of a circuit called "lampp"\n  --> cell 8:4, {circuit}\nhint: did you mean "lamp"? ',
    "kind": 'error: no kind of question called "numbr"\n  --> cell 9:1, kind\nhint: did you mean "number"? ',
    "no kind": 'error: the key "kind" is missing\n  --> cell 10:1\nhint: add a line: kind: …',
    "setting": 'error: no option called "tolerence"\n  --> cell 11:1, --tolerence\nhint: did you mean "tolerance"? ',
    "code": 'error: question "question", seed 0, variant 1: ZeroDivisionError: division by zero\n  --> cell 12:4\n'
    "hint: the line is: answer = x / 0",
    "own front": "error: ",
    "sound": 'error: no sound called "gone.mp3"\n  --> cell 14:1, {audio}\nhint: put it beside the page, or name it ',
    "samples": "error: samples go from -1 to 1, and one of these is 2 from 0\n  --> cell 15:1, {audio}\n"
    "hint: divide them by the largest, or give whole numbers of 16 bits",
    "nothing": "error: which table?\n  --> cell 16:1, {table}\nhint: write the name of a table after {table}, or a ",
    "mixed": 'error: the variable "mixed" is no table: ',
    "near frame": 'error: no table called "mixde"\n  --> cell 18:1, {tell}\nhint: did you mean "mixed"? Available: ',
    "near in SQL": 'error: SQL: no table called "mixde"\n  --> cell 19:2\nhint: did you mean "mixed"? Available: ',
    "near for another": 'error: no frame and no table called "mixde"\n  --> cell 20:2, {code-cell} :in:\n'
    'hint: did you mean "mixed"? Available: ',
    "near samples": 'error: no samples called "tnoe"\n  --> cell 21:1, {audio}\nhint: did you mean "tone"? ',
    "rate of a file": "error: a file takes no --rate\n  --> cell 22:1, {audio}\n"
    "hint: leave it out: it is for samples, and a file has its own",
}


@pytest.fixture(scope="module")
def wrong(folder: Path) -> Any:
    return executed(WRONG, folder, allow_errors=True)


@pytest.mark.parametrize("name", [*SAID])
def test_what_is_wrong_in_a_cell_is_one_message_and_the_cell_fails(wrong: Any, name: str) -> None:
    (output,) = wrong.cells[list(WRONG).index(name)].outputs
    assert output.output_type == "error"
    said = "\n".join(output.traceback)
    assert said.startswith(SAID[name])
    assert "Traceback" not in said
    assert "site-packages" not in said


def test_a_notebook_with_a_problem_fails_where_nobody_looks(folder: Path) -> None:
    with pytest.raises(nbclient.exceptions.CellExecutionError, match='no table called "salse"'):
        executed({"load": "%load_ext coursewright", "wrong": "%table salse"}, folder)


def test_where_no_course_is_the_magics_work_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("n\n1\n41\n", encoding="utf-8")
    cells = {"load": "%load_ext coursewright", "sum": "%%table\nSELECT sum(n) AS all_of_them FROM 'a.csv'"}
    assert "42" in executed(cells, tmp_path).cells[1].outputs[0].data["text/plain"]


def test_to_load_it_loads_nothing_heavy() -> None:
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell as S\n"
        "shell = S.instance(); before = set(sys.modules); shell.run_line_magic('load_ext', 'coursewright')\n"
        "print(*(set(sys.modules) - before))\n"
        "from IPython.core.completer import provisionalcompleter as p\n"
        "with p(): print(*(c.text for c in shell.Completer.completions('%%venn --sh', 11)))\n"
        "print(shell.inspector.info(shell.find_magic('venn'))['docstring'])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded, completed, *said = done.stdout.splitlines()
    ours = {name for name in loaded.split() if name.startswith("coursewright.")}
    parts = ("frames", "magic", "other_kernel", "place", "problem")
    assert ours == {f"coursewright.{name}" for name in ("errors", "faces", "magics", "notebooks")} | {
        f"coursewright.notebooks.{name}" for name in parts
    }
    assert not {"duckdb", "polars", "numpy", "lxml", "msgspec", "jinja2", "pyarrow", "pandas"} & set(loaded.split())
    assert completed == "--shade --show"
    assert said[0].startswith("%%venn: {venn}: two or three sets")


TAKES = {"alt": str, "limit": int, "markdown": bool}


@pytest.mark.parametrize(
    ("line", "argument", "options"),
    [
        ("", "", {}),
        ("A and not (B or C)", "A and not (B or C)", {}),
        ("NAME --alt 'two words' --limit=3", "NAME", {"alt": "two words", "limit": "3"}),
        ('--markdown a --alt "with \\"quotes\\"" b', "a  b", {"markdown": "true", "alt": 'with "quotes"'}),
        ("--markdown false a", "a", {"markdown": "false"}),
        ("--alt -5 a--b", "a--b", {"alt": "-5"}),
        ("a -- b", "a -- b", {}),
    ],
)
def test_a_line_is_read(line: str, argument: str, options: dict[str, str]) -> None:
    assert read_line(line, TAKES, Place("cell 1", 1)) == (argument, options)


def test_an_option_that_is_there_twice_is_refused() -> None:
    with pytest.raises(CoursewrightError, match='the option "alt" is there twice'):
        read_line("--alt a --alt b", TAKES, Place("cell 1", 1))


def test_the_notebook_of_the_example_is_carried_out_from_its_own_folder(tmp_path: Path) -> None:
    pytest.importorskip("lameenc", reason='pip install "coursewright[sounds]"')
    root = tmp_path / "a [b] ü"
    shutil.copytree(EXAMPLES / "rich-media", root)
    made = nbformat.read(root / "notebooks" / "intervals.ipynb", as_version=4)
    nbformat.validate(made)
    assert not any(cell.get("outputs") for cell in made.cells)
    sources = {str(number): cell.source for number, cell in enumerate(made.cells) if cell.cell_type == "code"}
    shown = [output for cell in executed(sources, root / "notebooks").cells for output in cell.outputs]
    texts = [output.data["text/plain"] for output in shown]
    assert "From A to E is a fifth: 7 semitones." in texts[1]
    assert texts[2] == "A, then E, then both together"
    assert "data:audio/mpeg;base64," in shown[2].data["text/html"]
    assert texts[3].endswith("Shaded: in C and G.")
    assert texts[-2].startswith("A map of the world with 8 places: the violin from Cremona")
    assert "(4 variants)" in shown[-1].data["text/html"]


def test_the_magics_of_the_gallery_are_carried_out(tmp_path: Path) -> None:
    pytest.importorskip("ipywidgets", reason='pip install "coursewright[notebooks]"')
    root = tmp_path / "gallery"
    shutil.copytree(EXAMPLES / "show-and-tell", root, ignore=shutil.ignore_patterns("build"))
    made = nbformat.read(root / "notebooks" / "magics.ipynb", as_version=4)
    sources = {str(number): cell.source for number, cell in enumerate(made.cells) if cell.cell_type == "code"}
    form, table, question, picture = (cell.outputs[-1].data for cell in executed(sources, root / "notebooks").cells[1:])
    assert "application/vnd.jupyter.widget-view+json" in form
    assert "Mars" in table["text/html"]
    assert "(3 variants)" in question["text/html"]
    assert picture["text/plain"].endswith("Gate 3: AND of gate 1 and gate 2. Q is gate 3.")


IN_LAB = {
    "load": "%load_ext coursewright",
    "question": QUESTION,
    "picture": "%logic A and B",
    "help": "%%venn?",
}


@needs_jupyter
def test_jupyterlab_and_notebook_show_what_a_magic_gives_and_its_help(chromium: str) -> None:  # noqa: F811 - the fixture
    pytest.importorskip("jupyterlab", reason="pip install jupyterlab")
    pytest.importorskip("notebook", reason="pip install notebook")
    cells = [nbformat.v4.new_code_cell(source) for source in IN_LAB.values()]
    places = {"lab": "lab/tree", "seven": "notebooks"}
    with folder_of_its_own() as folder:
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        for name in places:
            file = folder / f"{name}.ipynb"
            nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), file)
            file.chmod(0o666)  # whoever runs the server may save it
        token, port = secrets.token_urlsafe(16), free_port()
        shown = ["--expose-app-in-browser", "--JupyterNotebookApp.expose_app_in_browser=True"]
        options = [f"--port={port}", "--no-browser", f"--notebook-dir={folder}", *shown]
        addresses = [f"http://127.0.0.1:{port}/{at}/{name}.ipynb?token={token}" for name, at in places.items()]
        command = [str(JUPYTER), "-m", "jupyterlab", *options]
        with program(command, folder, port=port, environment={"JUPYTER_TOKEN": token}):
            drives = [str(shutil.which("node")), str(NODE / "lab.js"), chromium, str(len(cells)), *addresses]
            done = subprocess.run(drives, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    lab, seven = json.loads(done.stdout)
    for found in (lab, seven):
        _, question, picture, help_ = found["shown"]
        assert "error" not in question["text"]
        assert picture["pictures"] == [[logic("A and B").alt, True]]
        assert "%%venn: {venn}: two or three sets" in help_["text"]
        assert "--shade TEXT" in help_["text"]
        assert abs(found["height"] - found["content"]) <= 2


def test_a_diagram_that_was_drawn_before_is_not_drawn_again(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.chdir(folder)
    space = {"In": ["", ""], "said": "one"}
    shell = SimpleNamespace(user_ns=space)
    venn = Magic("venn", shell)
    first = venn("", "A: 1\nB: 2")
    assert venn("", "A: 1\nB: 2") is first
    assert venn("--caption Two", "A: 1\nB: 2").caption == "Two"
    assert venn("--caption '{{ said }}'", "A: 1\nB: 2").caption == "one"
    space["said"] = "two"
    assert venn("--caption '{{ said }}'", "A: 1\nB: 2").caption == "two"  # which hangs on a variable
    assert Magic("logic", shell)("", "A and B").alt != Magic("logic", shell)("", "A or B").alt
    for cells in (2, 3):  # an error is of the cell that is run now
        space["In"] = [""] * cells
        with pytest.raises(CellProblem, match=f"cell {cells - 1}:4"):
            venn("", "A: 1\nB: 2\nA: 3")


def test_samples_without_a_rate_are_played_and_it_is_said_how_fast(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(folder)
    audio = Magic("audio", SimpleNamespace(user_ns={"In": ["", ""], "tone": [0.5, -0.5] * 100}))
    audio("tone --alt x")
    assert capsys.readouterr().err == (
        "note: cell 1:1, {audio}: 44,100 of these samples are played in a second: say how many are, --rate 44100\n"
    )
    audio("tone --rate 8000 --alt x")
    assert capsys.readouterr().err == ""


def test_a_question_that_stands_as_text_has_its_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    ask = Magic("question", SimpleNamespace(user_ns={"In": ["", ""]}))
    code = "sets = venn({'A': [1], 'B': [1, 2]})\nheard = tones([(440, 1)], alt='An A')"
    shown = ask("--kind number --answer 1", f"```python\n{code}\n```\n# Question\n\n{{{{ sets }}}} {{{{ heard }}}}, 1?")
    instead = shown.html.partition("<iframe")[0]
    assert 'src="data:image/svg+xml;base64,' in instead
    assert "> An A, 1?</p>" in instead
