"""What R shows in a notebook with its own kernel, in R Markdown and in a script, looked at in a real browser."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from conftest import EXAMPLES
from r_sessions import PACKAGE, need_r, r_library, run_r, surroundings  # noqa: F401 - a fixture
from test_browser import NODE, chromium  # noqa: F401 - a fixture

EXAMPLE = EXAMPLES / "words-from-r"
HELPER = PACKAGE / "tests" / "testthat" / "helper.R"
TELL = 'tell(list(origin = "#name# was placed #place.upper#!"), places)'
CHUNKS = [
    "library(coursewright)",
    f'source("{HELPER}"); ten <- ten_columns()',
    'cat("same:", identical(ten, coursewright:::ask_python("echo", rows = ten)))',
    'places <- data.frame(name = c("Jo", "Sam"), place = c("first", "second"))',
    TELL,
    'audio(sin(1:4000 / 5), rate = 8000, alt = "Half a second")',
    'widget(DT::datatable(places), title = "Places", height = 300)',
]
PRINTED = 'for (i in 1) print(audio(c(0, 0), rate = 8000, alt = "Printed"))'
TEXTS = '[1] "Jo was placed FIRST!"   "Sam was placed SECOND!"'
MARKED = "Jo was placed FIRST!\nSam was placed SECOND!\n"


@pytest.fixture(scope="module")
def no_pandoc(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Surroundings in which pandoc is a program that fails and leaves a mark."""
    folder = tmp_path_factory.mktemp("no pandoc")
    program = folder / "pandoc"
    program.write_text(f'#!/bin/sh\ntouch "{folder}/asked"\nexit 1\n')
    program.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}", "RSTUDIO_PANDOC": str(folder)}


def seen(browser: str, page: Path) -> dict[str, Any]:
    """What a browser finds on a page."""
    command = [str(shutil.which("node")), str(NODE / "media.js"), browser, page.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    (found,) = json.loads(done.stdout)
    return dict(found)


def assert_it_shows(found: dict[str, Any]) -> None:
    """The player has its name and length; the widget has drawn the rows, in a frame that reaches nothing."""
    assert [(each["name"], each["seconds"]) for each in found["sounds"]] == [("Half a second", 0.5)]
    (frame,) = found["frames"]
    assert (frame["title"], frame["reaches"]) == ("Places", False)
    assert "Showing 1 to 2 of 2 entries" in frame["text"]
    assert "Sam" in frame["text"]
    assert frame["height"] == 300


def test_r_markdown_shows_all_and_keeps_its_state_between_chunks(
    r_library: Path,  # noqa: F811 - the fixture
    chromium: str,  # noqa: F811 - the fixture
    no_pandoc: dict[str, str],
    tmp_path: Path,
) -> None:
    need_r("knitr", "DT")
    chunks = "\n\n".join(f"```{{r}}\n{code}\n```" for code in CHUNKS)
    told = '```{coursewright told, rows = "places", into = "told"}\norigin: "#name# was placed #place.upper#!"\n```'
    wrong = '```{coursewright wrong, rows = "places", error = TRUE}\norigin: "#nmae#"\n```'
    loose = '```{coursewright loose, rows = "places", strict = FALSE}\norigin: "#nmae#"\n```'
    lost = '```{coursewright lost, rows = "plces", error = TRUE}\norigin: "x"\n```'
    kept = "```{r}\nidentical(told, " + TELL + ")\n```"
    (tmp_path / "page.Rmd").write_text(
        f"# Page\n\n{chunks}\n\n{told}\n\n{kept}\n\n{wrong}\n\n{loose}\n\n{lost}\n", encoding="utf-8"
    )
    done = run_r('knitr::knit("page.Rmd", quiet = TRUE)', r_library, tmp_path, **no_pandoc)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "## same: TRUE" in page
    assert f"## {TEXTS}" in page
    assert "## Jo was placed FIRST!\n## Sam was placed SECOND!" in page
    assert "## [1] TRUE" in page
    assert '## Error: no column or rule called "nmae"\n##   --> chunk wrong:1, rule origin\n## hint: did you' in page
    assert "## ((nmae))\n## ((nmae))" in page
    assert '## Error: no data frame called "plces"\n##   --> chunk lost\n## hint: Available: places' in page
    from markdown_it import MarkdownIt

    (tmp_path / "page.html").write_text(
        "<!doctype html><meta charset=utf-8>" + MarkdownIt("commonmark").render(page), encoding="utf-8"
    )
    found = seen(chromium, tmp_path / "page.html")
    assert_it_shows(found)
    assert (found["said"], found["outside"]) == ([], [])
    assert not (Path(no_pandoc["RSTUDIO_PANDOC"]) / "asked").exists()


def test_chunks_of_python_keep_what_those_before_have_made(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("knitr")
    first = '```{python, python.reticulate = FALSE}\nrows = [1, 2]\nprint("made")\n```'
    second = "```{python, python.reticulate = FALSE}\nrows.append(3)\nsum(rows)\n```"
    wrong = "```{python late, python.reticulate = FALSE, error = TRUE}\nprint('so far')\nrows[7]\n```"
    text = "\n\n".join(["```{r}\nlibrary(coursewright)\n```", first, second, wrong])
    (tmp_path / "page.Rmd").write_text(text, encoding="utf-8")
    done = run_r('knitr::knit("page.Rmd", quiet = TRUE)', r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "```\n## made\n```" in page
    assert "```\n## 6\n```" in page
    assert "## so far\n## Error: IndexError: list index out of range\n##   --> chunk late:2\n" in page


def test_the_example_gives_its_two_sentences_in_a_script_and_in_r_markdown(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("knitr")
    script = (EXAMPLE / "words.R").read_text(encoding="utf-8")
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    assert f"```r\n{script}```\n\n```\n{MARKED}```\n" in readme
    shutil.copy(EXAMPLE / "words.Rmd", tmp_path)
    done = run_r(f'{script}\nknitr::knit("words.Rmd", quiet = TRUE)', r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(MARKED)
    page = (tmp_path / "words.md").read_text(encoding="utf-8")
    assert "## Jo was placed FIRST!\n## Sam was placed SECOND!" in page
    assert "## [1] 20 22" in page


def test_a_chunk_of_a_grammar_without_rows_stops_with_its_name(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("knitr")
    (tmp_path / "page.Rmd").write_text('```{coursewright lost, error = FALSE}\norigin: "x"\n```\n', encoding="utf-8")
    code = 'library(coursewright)\nknitr::knit("page.Rmd", quiet = TRUE)'
    done = run_r(code, r_library, tmp_path)
    assert done.returncode != 0
    said = 'this grammar has no rows\n  --> chunk lost\nhint: name a data frame in the chunk: rows = "places"'
    assert said in done.stderr


def test_a_script_saves_what_it_shows_and_says_where(
    r_library: Path,  # noqa: F811 - the fixture
    chromium: str,  # noqa: F811 - the fixture
    no_pandoc: dict[str, str],
    tmp_path: Path,
) -> None:
    need_r("DT")
    for _ in range(2):  # the second run leaves no second file
        done = run_r("\n".join(CHUNKS), r_library, tmp_path, **no_pandoc)
        assert done.returncode == 0, done.stderr
    first, second, sound, widget = done.stdout.replace("TRUE[1]", "TRUE\n[1]").splitlines()
    assert (first, second) == ("same: TRUE", TEXTS)
    audio, page = (tmp_path / line.rpartition(" in ")[2] for line in (sound, widget))
    assert sound == f"<audio/wav: Half a second, 9 kB> in {audio.name}"
    assert {file.name for file in tmp_path.iterdir()} == {"script.R", audio.name, page.name}
    (tmp_path / "both.html").write_text(
        f'<!doctype html><audio controls aria-label="Half a second" src="{audio.name}"></audio>'
        f'<iframe title="Places" sandbox="allow-scripts" height=300 style="border:0" src="{page.name}"></iframe>'
    )
    found = seen(chromium, tmp_path / "both.html")
    assert_it_shows(found)
    assert (found["said"], found["outside"]) == ([], [])
    assert not (Path(no_pandoc["RSTUDIO_PANDOC"]) / "asked").exists()


def test_a_notebook_with_the_kernel_of_r_shows_all_in_the_browser(
    r_library: Path,  # noqa: F811 - the fixture
    chromium: str,  # noqa: F811 - the fixture
    no_pandoc: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need_r("IRkernel", "DT")
    pytest.importorskip("nbclient", reason='pip install "coursewright[notebooks]"')
    pytest.importorskip("nbconvert", reason="pip install nbconvert")
    import nbformat
    from nbconvert import HTMLExporter

    kernel_of_r(tmp_path, {**surroundings(r_library), **no_pandoc}, monkeypatch)
    example = nbformat.read(EXAMPLE / "words.ipynb", 4).cells
    theirs = [cell.source for cell in example if cell.cell_type == "code"]
    cells = [*CHUNKS, 'tell("x.json", places)', *theirs, PRINTED]
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, cells)))
    executed(notebook, tmp_path)
    outputs = [each for cell in notebook.cells for each in cell.outputs]
    assert outputs[0]["text"] == "same: TRUE"
    assert "Sam was placed SECOND!" in str(outputs[1]["data"])
    assert outputs[2]["data"]["text/plain"] == "<audio/wav: Half a second, 9 kB>"
    assert "Sam was placed SECOND!" in str(outputs[5]["data"])
    assert outputs[4]["output_type"] == "error"
    assert "the grammar cannot be read: No such file or directory\n  --> x.json" in outputs[4]["evalue"]
    assert outputs[6]["data"]["text/plain"] == "<audio/wav: Printed, 1 kB>"
    assert (
        notebook.cells[6].outputs[0]["data"]["text/html"].startswith('<figure style="margin:0"><iframe title="Places"')
    )
    notebook.cells.pop()
    html, _ = HTMLExporter(embed_images=True).from_notebook_node(notebook)
    (tmp_path / "notebook.html").write_text(html, encoding="utf-8")
    assert_it_shows(seen(chromium, tmp_path / "notebook.html"))
    assert not (Path(no_pandoc["RSTUDIO_PANDOC"]) / "asked").exists()


def test_help_of_the_package_comes_to_the_pager_of_a_notebook_as_text_and_as_html(
    r_library: Path,  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need_r("IRkernel")
    pytest.importorskip("jupyter_client", reason='pip install "coursewright[notebooks]"')
    kernel_of_r(tmp_path, surroundings(r_library), monkeypatch)
    asked = ["?tell", "?coursewright", 'help(package = "coursewright")', 'vignette(package = "coursewright")']
    done = subprocess.run(
        [sys.executable, "-c", PAGER, *asked], capture_output=True, text=True, cwd=tmp_path, timeout=120, check=True
    )
    told, about, package, vignettes = (json.loads(line) for line in done.stdout.splitlines())
    assert "A text for each row" in told["text/html"]
    assert "tell(grammar, rows," in told["text/plain"]
    assert "Executable courses and data stories from R" in about["text/html"]
    assert "A sound that plays where it stands" in package["text/plain"]
    assert "Words, facts and sounds from R" in vignettes["text/plain"]
    assert [each for page in (told, about, vignettes) for each in re.findall("href=", page["text/html"])] == []


PAGER = """
import json, sys
from jupyter_client.manager import start_new_kernel
manager, client = start_new_kernel(kernel_name="of-r")
for code in ["library(coursewright)", *sys.argv[1:]]:
    reply = client.execute_interactive(code, timeout=60, output_hook=lambda message: None)
    for page in reply["content"]["payload"]:
        print(json.dumps(page["data"]))
manager.shutdown_kernel(now=True)
"""


BARE = [
    "library(coursewright)",
    "DT::datatable(data.frame(name = c('Jo', 'Sam')))",
    "htmltools::tags$p(onclick = 'x()', 'Pressed', htmltools::tags$script('parent.bad = 1; window.bad = 1'))",
    "htmltools::tags$b('only bold')",
]


def test_what_is_shown_without_our_function_reaches_nothing_of_the_notebook_either(
    r_library: Path,  # noqa: F811 - the fixture
    chromium: str,  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need_r("IRkernel", "DT")
    pytest.importorskip("nbclient", reason='pip install "coursewright[notebooks]"')
    import nbformat

    (tmp_path / "course.toml").write_text('[course]\ntitle = "C"\nlanguage = "de"\n', encoding="utf-8")
    kernel_of_r(tmp_path, surroundings(r_library), monkeypatch)
    notebook = nbformat.v4.new_notebook(cells=list(map(nbformat.v4.new_code_cell, BARE)))
    executed(notebook, tmp_path)
    table, pressed, bold = (cell.outputs[0]["data"]["text/html"] for cell in notebook.cells[1:])
    assert "<iframe" not in bold
    shown = "".join(f"<div>{each}</div>" for each in (table, pressed))
    (tmp_path / "page.html").write_text(f'<!doctype html><html lang="en"><title>N</title>{shown}', encoding="utf-8")
    found = seen(chromium, tmp_path / "page.html")
    assert [(each["title"], each["reaches"]) for each in found["frames"]] == [
        ("Interaktives Element: datatables", False),
        ("Interaktiver Inhalt", False),
    ]
    assert "Showing 1 to 2 of 2 entries" in found["frames"][0]["text"]
    assert found["outside"] == []


def test_the_notebook_in_r_of_rich_media_has_its_map_and_its_sound(
    r_library: Path,  # noqa: F811 - the fixture
    chromium: str,  # noqa: F811 - the fixture
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    need_r("IRkernel", "htmltools")
    pytest.importorskip("nbclient", reason='pip install "coursewright[notebooks]"')
    import nbformat

    kernel_of_r(tmp_path, surroundings(r_library), monkeypatch)
    root = shutil.copytree(EXAMPLES / "rich-media", tmp_path / "a [b] ü")
    notebook = nbformat.read(root / "notebooks" / "in-r.ipynb", 4)
    executed(notebook, root / "notebooks")
    outputs = [each for cell in notebook.cells for each in cell.get("outputs", [])]
    assert [each["output_type"] for each in outputs] == ["display_data"] * 5
    assert "From A to E is a fifth: 7 semitones." in str(outputs[1]["data"])
    shown = "".join(f"<div>{each['data']['text/html']}</div>" for each in outputs[2:])
    (tmp_path / "page.html").write_text(f'<!doctype html><html lang="en"><title>N</title>{shown}', encoding="utf-8")
    found = seen(chromium, tmp_path / "page.html")
    assert [(each["name"], round(each["seconds"])) for each in found["sounds"]] == [
        ("A, then E, then both together", 3)
    ]
    (frame,) = found["frames"]
    assert frame["title"] == "A map of the world with 8 places where instruments come from"
    assert "outlines: Natural Earth" in frame["text"]
    assert (found["said"], found["outside"]) == ([], [])


def test_the_example_for_shiny_tells_what_is_typed(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("shiny")
    code = f"""
    shiny::testServer(shiny::shinyAppDir("{EXAMPLE}"), {{
      session$setInputs(origin = "#name# was placed #place.upper#!", seed = 0)
      cat(output$told, "\\n")
      session$setInputs(origin = "#nmae#")
      cat(tryCatch(output$told, error = conditionMessage), "\\n")
    }})
    """
    done = run_r(code, r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    assert MARKED.strip() in done.stdout
    assert 'no column or rule called "nmae"' in done.stdout


def kernel_of_r(folder: Path, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A kernel of R that notebooks can name, in these surroundings."""
    kernel = folder / "jupyter" / "kernels" / "of-r"
    kernel.mkdir(parents=True)
    argv = [str(shutil.which("R")), "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
    (kernel / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "R", "language": "R"}))
    monkeypatch.setenv("JUPYTER_PATH", str(folder / "jupyter"))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)


def executed(notebook: Any, folder: Path) -> None:
    """Runs the cells of a notebook in a kernel of R, in a process without the warnings of this one."""
    import nbformat

    file = folder / "notebook.ipynb"
    nbformat.write(notebook, file)
    code = (
        "import sys, nbformat, nbclient\n"
        "notebook = nbformat.read(sys.argv[1], 4)\n"
        "nbclient.NotebookClient(notebook, kernel_name='of-r', timeout=120, allow_errors=True).execute()\n"
        "nbformat.write(notebook, sys.argv[1])\n"
    )
    subprocess.run([sys.executable, "-c", code, str(file)], cwd=folder, check=True, capture_output=True, timeout=180)
    notebook.cells = nbformat.read(file, 4).cells


def test_an_option_of_a_chunk_that_is_nearly_one_of_ours_is_refused(r_library: Path, tmp_path: Path) -> None:  # noqa: F811 - the fixture
    need_r("knitr")
    rows = '```{r}\nlibrary(coursewright)\nplaces <- data.frame(name = "Jo")\n```\n'
    chunk = (
        '```{{coursewright {name}, rows = "places", {option}, error = TRUE}}\norigin: "A #name#"\nend: "B #name#"\n```'
    )
    wrong = {"ruel": '"end"', "int": '"texts"', "key": '"nme"', "strict": '"x"', "fig.width": "3", "my.own": "1"}
    chunks = [chunk.format(name=f"c{at}", option=f"{name} = {value}") for at, (name, value) in enumerate(wrong.items())]
    (tmp_path / "page.Rmd").write_text("\n\n".join([rows, *chunks]), encoding="utf-8")
    done = run_r('knitr::knit("page.Rmd", quiet = TRUE)', r_library, tmp_path)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    said = [
        'a chunk of coursewright takes no "ruel"\n##   --> chunk c0\n## hint: did you mean "rule"?\n',
        'a chunk of coursewright takes no "int"\n##   --> chunk c1\n## hint: did you mean "into"?\n',
        'no column called "nme"\n##   --> chunk c2, key\n## hint: did you mean "name"? Available: name\n',
        'strict cannot be "x"\n##   --> chunk c3, strict\n## hint: give TRUE or FALSE\n',
    ]
    assert [page.count(f"## Error: {each}") for each in said] == [1] * 4
    assert page.count("## A Jo\n") == 2
