"""Cells that readers run in the page: Python and R in a real browser, with nothing but what the site carries."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursewright.cli import main
from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.sites import runtimes
from coursewright.sites.runtimes import imports
from coursewright.sites.runtimes.parts import part
from coursewright.sites.runtimes.wheels import UnfitWheel, distributions_for, wheel, wheel_name
from coursewright.sites.serving import SiteServer
from running import browse, needs_parts
from test_cells import has_r

pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

COURSE = """\
[course]
title = "Fruit"
url = "https://example.org/c/"

[parameters]
year = 2024
named = "it's \\"</script>\\""

[tables]
sales = "data/sales.csv"

[runtimes]
here = true
colab = { repository = "ou/content" }
"""
PYTHON = """\
# Python

```{code-cell} python
import statistics
from time import sleep
numbers = [1, 2, 3, year]
print(named)
statistics.mean(numbers)
```

```{code-cell} python
:tags: [remove-cell]
doubled = [2 * n for n in numbers]
```

```{code-cell} python
:tags: [hide-input]
print(doubled)
```

```{code-cell} python
:tags: [raises-exception]
def inverse(x):
    return 1 / x
inverse(0)
```

```{code-cell} python
import numpy as np
np.arange(3)
```

```{code-cell} python
print(np.ones(2))
```

```{code-cell} python
:in: sales
len(sales)
```

```{code-cell} python
%time sleep(0)
```

```{code-cell} python
:tags: [skip-execution]
forever()
```

```{code-cell} python
from markdown_it import MarkdownIt
class Html(str):
    def _repr_html_(self):
        return str(self)
html = MarkdownIt().enable("table").render("| a | b |\\n|---|---|\\n| 1 | 2 |")
print(html[:7])
Html(html)
```
"""
R = """\
# R

```{code-cell} r
:in: sales
sales$double <- 2 * sales$tonnes
aggregate(double ~ fruit, sales, sum)
```

```{code-cell} r
#| alt: Two bars
barplot(c(year, 1))
message(named)
```

```{code-cell} r
:tags: [raises-exception]
library(jsonlite)
```
"""

SIGN = """\
class Sign:
    def _repr_html_(self):
        return "<b>bold</b><script>try { parent.document.title = 1 } catch {}</script>"
Sign()
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The course, built."""
    needs_parts()
    root = tmp_path_factory.mktemp("run") / "a [b] ü"
    files = {"course.toml": COURSE, "data/sales.csv": "fruit,tonnes\napple,10\npear,4\napple,12\npear,\n"}
    for name, text in {**files, "pages/index.md": PYTHON, **({"pages/r.md": R} if has_r() else {})}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    build(open_course(root))
    return root


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Where the site is served, as `coursewright serve` does."""
    server = SiteServer(site / "build/site")
    with server.running():
        yield server.address


def cells_of(site: Path, page: str = "index") -> list[dict[str, Any]]:
    text = (site / f"build/site/{page}.html").read_text(encoding="utf-8")
    (data,) = re.findall('<script type="application/json" id="site.cells">(.*?)</script>', text)
    return list(json.loads(data)["cells"])


def test_what_cannot_run_in_the_page_is_named(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whys = [(cell["runs"], cell.get("why", ""), cell.get("named", "")) for cell in cells_of(site)]
    assert whys == [
        (True, "", ""), (True, "", ""), (True, "", ""), (True, "", ""),
        (False, "package", "numpy"), (False, "above", "np"), (False, "frame", "sales"),
            (False, "notation", "%time sleep(0)"),
        (False, "", ""), (True, "", ""),
    ]  # fmt: skip
    assert main(["check", str(site)]) == 0
    said = capsys.readouterr().err.replace(f"{site}/", "")
    assert "pages/index.md:28: This cell cannot run in the page: it needs the package numpy.\n" in said
    assert "pages/index.md:33: This cell cannot run in the page: np comes from a cell that cannot.\n" in said


def test_a_page_leads_to_its_first_cell_first(site: Path) -> None:
    text = (site / "build/site/index.html").read_text(encoding="utf-8")
    assert '<li><a href="#site.cell">here, in the page</a></li>\n<li><a href="https://colab' in text
    assert f'<div class="cell" id="site.cell" data-cell="{cells_of(site)[0]["key"]}">' in text


def first_link(site: Path, address: str, title: str) -> str:
    """Where the first link of a page's entry in the feed leads, on this machine."""
    items = json.loads((site / "build/site/feed.json").read_bytes())["items"]
    (item,) = (each for each in items if each["title"] == title)
    return str(item["_coursewright"]["run"][0]["url"]).replace("https://example.org/c/", address)


def test_python_answers_in_the_page_and_stops_when_it_is_told_to(site: Path, address: str) -> None:
    absent = "import sys, importlib\nbad = []\nfor name in NAMES:\n    try:\n        importlib.import_module(name)\n"
    absent += "    except BaseException as error:\n        bad.append(f'{name}: {error!r}')\nprint(bad)"
    names = sorted(imports._STANDARD - {"antigravity", "this", "idlelib"})
    (found,) = browse(
        {
            "address": first_link(site, address, "Python"),
            "steps": [
                ["loaded"], ["buttons", 0],
                ["click", 1, "Run"], ["until", 1, "^Done"], ["readers", 1], ["readers", 0],
                ["click", 0, "Run"], ["until", 0, "^Done"], ["readers", 0], ["authors", 0], ["buttons", 0],
                ["click", 0, "The author's output"], ["readers", 0], ["authors", 0], ["buttons", 0],
                ["click", 2, "Run"], ["until", 2, "^Ended"], ["readers", 2],
                ["notes"],
                ["click", 3, "Run"], ["until", 3, "^Done"], ["frame", 3], ["html", 3],
                ["click", 0, "Edit"], ["write", 0, absent.replace("NAMES", repr(names))], ["keys", "Shift+Enter"],
                ["until", 0, "^Done"], ["readers", 0], ["audit"], ["over"],
                ["write", 0, SIGN],
                ["keys", "Shift+Enter"], ["until", 0, "^Done"], ["frame", 0],
                ["click", 0, "Reset"], ["written", 0], ["status", 0], ["authors", 0], ["buttons", 0], ["text", "title"],
                ["write", 0, "numbers = []\nwhile True:\n    print('x' * 999)"], ["click", 0, "Run"],
                ["until", 0, "Running"], ["click", 1, "Run"], ["status", 1], ["click", 0, "Stop"],
                ["until", 0, "Stopped"],
                ["buttons", 0], ["status", 1],
                ["evaluate", "document.querySelector('.readers').textContent.length"],
                ["write", 0, "numbers = [1]\nimport nothing_of_this_name"], ["click", 1, "Run"],
                ["until", 1, "A cell above"],
                ["readers", 0], ["write", 0, "numbers = [4]"], ["click", 0, "Run"], ["until", 0, "Done"],
                ["click", 1, "Run"], ["until", 1, "Done"], ["readers", 1],
                ["write", 0, "input('name? ')"], ["click", 0, "Run"], ["until", 0, "^Ended"], ["readers", 0],
            ],
        }
    )  # fmt: skip
    gave = iter(found["gave"])

    def after(number: int) -> list[Any]:
        return [next(gave) for _ in range(number)]

    loaded, buttons = after(2)
    assert (loaded, buttons) == (["run.css", "kept.js", "sessions.js", "run.js"], ["Run", "Edit"])
    _, status, doubled, first = after(4)
    assert re.fullmatch(r"Done, in \d+(\.\d)? s", status)
    assert doubled == "[2, 4, 6, 4048]\n"
    assert first == 'it\'s "</script>"\n507.5\n'
    assert after(5)[2:] == ['it\'s "</script>"\n507.5\n', "", ["Run", "Edit", "Reset", "The author's output"]]
    assert after(4)[1:] == ["", 'it\'s "</script>"\n507.5', ["Run", "Edit", "Reset", "Your output"]]
    error = after(3)[2]
    assert re.sub(r" +[~^]+\n", "", error) == (
        'Traceback (most recent call last):\n  File "<cell 5>", line 3, in <module>\n    inverse(0)\n'
        '  File "<cell 5>", line 2, in inverse\n    return 1 / x\nZeroDivisionError: division by zero\n'
    )
    assert after(1)[0] == [
        "This cell cannot run in the page: it needs the package numpy.",
        "This cell cannot run in the page: np comes from a cell that cannot.",
        "This cell cannot run in the page: it takes the frame sales, which is not there.",
        "This cell cannot run in the page: “%time sleep(0)” is for notebooks alone.",
    ]
    _, _, frame, html = after(4)
    assert (frame.split(), "&lt;table&gt;" in html) == (["a", "b", "1", "2"], True)
    assert after(7)[4:] == ["[]\n", [], 0]
    assert after(4)[3] == "bold"
    _, written, status, shown, buttons, title = after(6)
    assert written.startswith("import statistics\n")
    assert (status, shown, buttons) == ("As the author wrote it", 'it\'s "</script>"\n507.5', ["Run"])
    assert title == ["Python · Fruit"]
    stopping = after(20)
    assert stopping[4] == "Waiting"
    assert stopping[6] == "Stopped. Python starts anew at the next run: its variables are gone"
    assert stopping[7][0] == "Run"
    assert (stopping[8], stopping[9] < 1_000_100) == ("", True)
    assert stopping[13].endswith(
        "ModuleNotFoundError: No module named 'nothing_of_this_name'\n"
        "a page carries what its author's cells import, and not nothing_of_this_name: do without it here, or\n"
        "download your changes as a notebook and run it where the package is installed\n"
    )
    assert stopping[19] == "[8]\n"
    assert after(4)[3].endswith(
        "\nEOFError: a page asks its reader nothing: write the answer into the code, not input()\n"
    )
    assert {each.partition("/")[0].partition("-")[0] for each in found["loaded"]} == {
        "run.css", "kept.js", "sessions.js", "run.js", "python.js", "python.py", "pyodide",
        "editor.js", "editor", "markdown_it_py", "mdurl"
    }  # fmt: skip


@pytest.mark.skipif(not has_r(), reason="r-cran-irkernel is not installed")
def test_r_answers_in_the_page_with_the_tables_of_the_course(site: Path, address: str) -> None:
    assert [cell.get("named", "") for cell in cells_of(site, "r")] == ["", "", "jsonlite"]
    (found,) = browse(
        {
            "address": first_link(site, address, "R"),
            "steps": [
                ["loaded"], ["click", 1, "Run"], ["until", 1, "^Done"], ["readers", 0], ["readers", 1], ["ink", 1],
                ["click", 0, "Edit"], ["write", 0, 'str(sales)\nwarning("mind")\nstop("enough")'],
                ["keys", "Control+Enter"],
                ["until", 0, "^Ended"], ["readers", 0], ["audit"],
                ["write", 0, 'cat("unfinished")\nstop("enough")'], ["keys", "Control+Enter"],
                ["until", 0, "^Running|^Ended"], ["until", 0, "^Ended"], ["readers", 0],
                ["write", 0, 'writeLines(strrep("x", 2e6))\nstop("enough")'], ["keys", "Control+Enter"],
                ["wait", "left out"], ["until", 0, "^Ended"], ["text", ".readers"],
            ],
        }
    )  # fmt: skip
    gave = found["gave"]
    assert gave[0] == ["run.css", "kept.js", "sessions.js", "run.js"]
    assert gave[16] == "unfinished\n\nError: enough\n"
    assert gave[-1][0].replace("x" * 1_000_000, "x's") == "x's\nThe rest of the output is left out.\nError: enough\n"
    assert gave[3] == "  fruit double\n1 apple     44\n2  pear      8\n"
    assert gave[4].strip() == 'it\'s "</script>"'
    assert gave[5] is True
    assert gave[10] == (
        '\'data.frame\':\t4 obs. of  3 variables:\n $ fruit : chr  "apple" "pear" "apple" "pear"\n'
        " $ tonnes: int  10 4 12 NA\n $ double: num  20 8 24 NA\n\nWarning: mind\n\nError: enough\n"
    )
    assert gave[11] == []


def test_from_a_folder_the_page_says_in_one_sentence_what_running_needs(site: Path) -> None:
    said = "To run this code, start “python open.py”, which is in the folder of this site, or open the site from a web"
    said += " server."
    visit = {
        "address": (site / "build/site/index.html").as_uri(),
        "steps": [["notes"], ["count", ".run-bar"], ["audit"]],
    }
    old = "To run this code, another browser is needed: this one has no WebAssembly."
    server = SiteServer(site / "build/site")
    with server.running():
        without = {"address": server.address, "before": "delete globalThis.WebAssembly", "steps": [["notes"]]}
        here, there = browse(visit, without)
    assert here["gave"] == [[said], 0, []]
    assert there["gave"] == [[old]]


def test_the_site_carries_a_server_for_one_machine(site: Path, tmp_path: Path) -> None:
    script = site / "build/site/open.py"
    environment = {**os.environ, "BROWSER": "true"}  # a program that opens nothing
    command = [sys.executable, str(script)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            assert process.stdout
            line = process.stdout.readline()
            found = re.fullmatch(r"This site is at (http://127\.0\.0\.1:\d+/) until you press Ctrl-C\n", line)
            assert found, line
            python = f"runtimes/{part('pyodide').folder.name}/pyodide"
            for path, kind in (
                ("", "text/html"), (f"{python}.mjs", "text/javascript"), (f"{python}.asm.wasm", "application/wasm")
            ):  # fmt: skip
                with urllib.request.urlopen(found[1] + path) as answer:
                    assert answer.headers["Content-Type"].partition(";")[0] == kind
                    assert answer.headers["Cache-Control"] == "no-cache"
            for host, path in (("evil.example", ""), ("127.0.0.1:1", "../../course.toml")):
                asked = urllib.request.Request(found[1] + path, headers={"Host": host})
                with pytest.raises(urllib.error.HTTPError):
                    urllib.request.urlopen(asked)
        finally:
            process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=30)
        assert (process.returncode, said) == (0, "")


def test_the_server_of_a_folder_has_the_same_port_each_time(tmp_path: Path) -> None:
    script = tmp_path / "a [b] ü" / "open.py"
    script.parent.mkdir()
    shutil.copy(Path(runtimes.__file__).parent / "run" / "open.py", script)

    @contextlib.contextmanager
    def opened() -> Iterator[str]:
        environment = {**os.environ, "BROWSER": "true"}
        command = [sys.executable, str(script)]
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            try:
                yield process.stdout.readline()
            finally:
                process.send_signal(signal.SIGINT)

    with opened() as first, opened() as second:
        said = "Another program has this site's usual port: what you changed in it before is not shown here\n"
        assert (first.startswith("This site is at "), second) == (True, said)
    with opened() as again:
        assert again == first


def test_a_part_that_cannot_be_loaded_is_said(address: str) -> None:
    gone = "const parse = JSON.parse; JSON.parse = text => ({ ...parse(text), wheels: ['none.whl'] })"
    steps = [["click", 0, "Run"], ["until", 0, "cannot"], ["authors", 0], ["buttons", 0]]
    (found,) = browse({"address": f"{address}index.html", "before": gone, "steps": steps})
    status, shown, buttons = found["gave"][1:]
    assert re.fullmatch(r"Python cannot run here: http://127.0.0.1:\d+/runtimes/none.whl: 404", status)
    assert (shown, buttons) == ('it\'s "</script>"\n507.5', ["Run", "Edit"])


def test_without_the_parts_pages_are_built_as_they_are_and_it_is_said_what_to_run(
    make_course: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    root = make_course({"course.toml": COURSE, "pages/index.md": "# A\n\n```{code-cell} python\nprint(1)\n```\n"})
    assert main(["build", str(root)]) == 0
    said = capsys.readouterr().err
    wanted = "Python for the browser and the editor of cells were not fetched"
    todo = f"no cell can run in its page yet, since {wanted}: run: coursewright runtimes fetch pyodide editor\n"
    assert todo in said
    assert main(["build", str(root)]) == 0
    assert todo in capsys.readouterr().err
    (root / "pages/index.md").write_text("# A\n")
    assert main(["build", str(root)]) == 0
    assert "fetch" not in capsys.readouterr().err
    assert "site.cells" not in (root / "build/site/index.html").read_text(encoding="utf-8")
    assert not (root / "build/site/runtimes").exists()


def test_a_course_of_python_alone_needs_no_r(
    make_course: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needs_parts()
    (tmp_path / "coursewright/runtimes").mkdir(parents=True)
    for name in ("pyodide", "editor"):
        own = part(name).folder
        (tmp_path / "coursewright/runtimes" / own.name).symlink_to(own)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    python = "# A\n\n```{code-cell} python3\nprint(1)\n```\n"
    root = make_course({"course.toml": COURSE, "pages/index.md": python})
    assert main(["build", str(root)]) == 0
    assert "fetch" not in capsys.readouterr().err
    assert [cell["runs"] for cell in cells_of(root)] == [True]
    (root / "pages/index.md").write_text(python.replace("python3", "R"))
    assert main(["build", str(root), "--force"]) == (0 if has_r() else 1)
    if has_r():
        todo = "since R for the browser was not fetched: run: coursewright runtimes fetch webr\n"
        assert todo in capsys.readouterr().err
        assert "site.cells" not in (root / "build/site/index.html").read_text(encoding="utf-8")


def test_a_site_carries_what_its_pages_need_and_no_more(make_course: Any) -> None:
    needs_parts()
    root = make_course({"course.toml": COURSE, "pages/index.md": "# A\n\n```{code-cell} python\nprint(1)\n```\n"})
    build(open_course(root))
    folder = root / "build/site/runtimes"
    assert sorted(each.name.partition("-")[0] for each in folder.iterdir()) == [
        "editor", "editor.js", "kept.html", "kept.js",
        "licences", "pyodide", "python.js", "python.py", "run.css", "run.js", "sessions.js"
    ]  # fmt: skip
    own = part("pyodide")
    carried = {file.relative_to(folder / own.folder.name).as_posix() for file in (folder / own.folder.name).rglob("*")}
    assert carried == set(own.files)
    (root / "pages/index.md").write_text("# A\n", encoding="utf-8")
    build(open_course(root))
    assert not folder.exists()


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("import os, json as j\nfrom collections.abc import Iterable", ()),
        ("def f():\n    import pandas.api as p", ("pandas",)),
        ("from . import x\nfrom .y import z", (".",)),
        ("import tkinter, distutils, subprocess", ("tkinter", "distutils", "subprocess")),
        ("'import numpy'  # import numpy", ()),
    ],
)
def test_what_python_needs_is_read_off_its_syntax(code: str, needed: tuple[str, ...]) -> None:
    assert imports.packages_of_python(code) == needed
    assert set(imports._STANDARD) <= {*sys.stdlib_module_names, "__future__"}


@pytest.mark.parametrize(
    ("code", "line"), [("x = 1\n%matplotlib inline", "%matplotlib inline"), ("!ls", "!ls"), ("1 +", "1 +")]
)
def test_what_is_no_plain_python_is_named(code: str, line: str) -> None:
    with pytest.raises(imports.NotPlain) as error:
        imports.packages_of_python(code)
    assert str(error.value) == line


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        (
            "library(ggplot2); require('dplyr')\n# library(no)\nx <- \"# library(no2)\"\nMASS::fit()",
            ("ggplot2", "dplyr", "no2", "MASS"),
        ),
        ("stats::sd(1); utils:::head; library(grid)", ()),
    ],
)
def test_what_r_needs_is_read_off_its_words(code: str, needed: tuple[str, ...]) -> None:
    assert imports.packages_of_r(code) == needed


def test_a_package_of_python_alone_goes_along_and_others_are_named() -> None:
    assert distributions_for("markdown_it") == ("markdown_it_py", "mdurl")
    assert wheel("mdurl") == wheel("mdurl")
    assert re.fullmatch(r"mdurl-[\d.]+-py3-none-any.whl", wheel_name("mdurl"))
    for module, named in (
        ("numpy", "numpy"),
        ("nothing_of_this_name", "nothing_of_this_name"),
        ("coursewright", "coursewright"),
    ):
        with pytest.raises(UnfitWheel) as error:
            distributions_for(module)
        assert str(error.value) == named


def test_nothing_else_is_said_of_runtimes(make_course: Any) -> None:
    root = make_course({"course.toml": '[course]\ntitle = "A"\n\n[runtimes]\nhere = "yes"\n'})
    with pytest.raises(CoursewrightError, match='"here" should be true or false, not text'):
        open_course(root)
