"""Notebooks of a course in JupyterLite: what was published answers there, nothing false does, and nobody is asked."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import http.server
import importlib.util
import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from coursewright import lite
from coursewright.cli import main
from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError
from coursewright.notebooks.kept import kept
from coursewright.sites.runtimes.fetching import fetch
from running import NODE

pytest.importorskip("jupyterlite_pyodide_kernel", reason='pip install "coursewright[lite]"')

FILES = {
    "course.toml": """\
[course]
title = "Rain [b] ü"

[parameters]
year = { default = 2019, choices = [2019, 2020] }

[tables]
rain = "data/rain.csv"
""",
    "data/rain.csv": "year,town,rain,day\n2019,Bergen,225.5,2019-03-01\n"
    "2019,Røst & <Co>,76.25,2019-04-01\n2020,Oslo,80,2020-01-01\n",
    "pages/index.md": """\
# Front

```{tell} rain
SELECT town, rain FROM rain WHERE year = :year
```

```{table}
SELECT town, rain, day FROM rain WHERE year = :year
```

```{table} rain
```

```{code-cell} python
from coursewright.words import Grammar, tell
made = 6 * 7
print(made, *tell(Grammar({"origin": "#n.ordinal#"}), [{"n": 3}]))
```

```{table}
SELECT town AS made FROM rain
```
""",
    "grammars/rain.yaml": 'origin: "#town# had #rain# mm"\n',
    "pages/a [b] ü.md": "# Strange\n\n```{table}\nSELECT town FROM rain\n```\n\n```{code-cell} r\nprint(1)\n```\n\n"
    "```{code-cell} python\nprint(2)\n```\n",
    "pages/r.md": "# R\n\n```{code-cell} r\nprint(1)\n```\n",
}  # fmt: skip


def course_of(root: Path, **changed: str) -> Path:
    for name, text in {**FILES, **changed}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    try:
        fetch(["pyodide", "msgspec", "micropip", "wcwidth"])
    except CoursewrightError as error:
        pytest.skip(str(error))
    root = course_of(tmp_path_factory.mktemp("lite") / "a course [b] ü")
    build(open_course(root), only=["markdown"])
    assert main(["publish", "lite", str(root)]) == 0
    return root / "build"


@pytest.fixture(scope="module")
def address(published: Path) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(published))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/lite/lab/index.html?path="
        server.shutdown()


def browse(*visits: dict[str, Any]) -> list[dict[str, Any]]:
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs a browser and Node.js: install chromium and nodejs; npm ci --prefix tests/node")
    done = subprocess.run(
        [node, str(NODE / "lite.js"), chromium], input=json.dumps(visits), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


WHERE = "hint: run the notebook with the course: its first cell says where and how"


def test_cells_answer_as_published_and_nothing_else_does(address: str) -> None:
    """A text, tables and Python of the words run; other texts, values and languages get their sentence."""
    again = [
        [4, 'answer = %table rain\nprint([(row["town"], str(row["day"]), row["rain"]) for row in answer][1])'],
        [4, "%table rain --limit 1"],
        [2, "#| in: rain\nrain"],
        [0, "year = 2020"],
        [1, "%load_ext coursewright\n%page index.md year"],
        [2, "%%tell rain\nSELECT town, rain FROM rain WHERE year = :year"],
    ]
    index, strange = browse(
        {"address": address + "index.ipynb", "again": again},
        {"address": address + quote("a--b--ü.ipynb"), "again": []},
    )
    assert index["outside"] == strange["outside"] == []
    assert index["first"] == [
        "",
        "",
        "Bergen had 225.5 mm Røst & <Co> had 76.25 mm",
        "town\train\tday\nBergen\t225.50\t1 Mar 2019\nRøst & <Co>\t76.25\t1 Apr 2019",
        "year\ttown\train\tday\n2019\tBergen\t225.50\t1 Mar 2019\n2019\tRøst & <Co>\t76.25\t1 Apr 2019\n"
        "2020\tOslo\t80.00\t1 Jan 2020",
        "42 3rd",
        "error: this cell does not run in the browser: code of the notebook gives made, and may give it another value\n"
        + WHERE,
    ]
    assert [*index["then"][:4], index["then"][5]] == [
        "('Røst & <Co>', '2019-04-01', 76.25)",
        "error: %table: the course is not here to answer what is asked in this cell\nhint: the browser has answers to "
        f"cells as they were published; to change one, {WHERE.removeprefix('hint: ')}",
        f"error: this cell takes rain of the course, and the browser has no data frames\n{WHERE}",
        "",
        "error: no answers are here for index.md with year = 2020\nhint: the browser has answers for the values that "
        f"were published; for others, {WHERE.removeprefix('hint: ')}",
    ]
    assert strange["first"][1:3] == [
        "town\nBergen\nRøst & <Co>\nOslo",
        f"error: this cell is in R, which does not run beside Python in JupyterLite\n{WHERE}",
    ]


DATED = """\
---
parameters:
  day: 2019-04-01
  round: 2
---
# Dated

```{table}
SELECT town, :round AS n FROM rain WHERE day = :day
```
"""


def test_values_of_each_kind_find_their_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A date, and a parameter that is called as a function of Python, whose variable is taken away."""
    course = open_course(course_of(tmp_path, **{"pages/dated.md": DATED}))
    notebooks = build(course, only=["notebooks"]).folder / "notebooks"
    files = kept(course, [notebooks / "dated.ipynb"]).files
    monkeypatch.setattr(lite, "read", lambda name: files[name].decode() if name in files else None)
    cells = [cell for cell in json.loads((notebooks / "dated.ipynb").read_bytes())["cells"] if "outputs" in cell]
    given, page, table = ("".join(cell["source"]) for cell in cells)
    space: dict[str, Any] = {}
    exec(given, space)  # noqa: S102 - the cell of parameters
    here = lite.Lite(space)
    here.stand_at(page.partition("%page ")[2])
    assert "round" not in space
    asked = table.removeprefix("%%table\n")
    assert list(here.answer("table", "--out rows", asked)) == [{"town": "Røst & <Co>", "n": 2}] == space["rows"]
    space["day"] = dt.date(2019, 3, 1)
    here.stand_at("dated.md day")
    with pytest.raises(
        lite.LiteProblem, match=r"no answers are here for dated\.md with day = datetime\.date\(2019, 3, 1\)"
    ):
        here.answer("table", "", asked)


def test_every_wheel_has_the_hash_that_is_said_of_it(published: Path) -> None:
    folder = published / "lite" / "static" / "pyodide"
    packages = json.loads((folder / "pyodide-lock.json").read_bytes())["packages"].values()
    assert {each["file_name"] for each in packages} == {each.name for each in folder.glob("*.whl")}
    assert all(
        hashlib.sha256((folder / each["file_name"]).read_bytes()).hexdigest() == each["sha256"] for each in packages
    )
    kernel = json.loads((published / "lite" / "jupyter-lite.json").read_bytes())["jupyter-config-data"]
    assert kernel["litePluginSettings"]["@jupyterlite/pyodide-kernel-extension:kernel"]["disablePyPIFallback"] is True


def test_a_build_keeps_what_was_published(published: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(open_course(published.parent), only=["notebooks"], force=True)
    assert (published / "lite" / "index.html").is_file()
    made = published / "mine"
    (made / "lite").mkdir(parents=True)
    (made / "lite" / "kept.txt").write_text("mine", encoding="utf-8")
    assert main(["publish", "lite", str(published.parent), "--into", str(made)]) == 1
    assert "lite" in capsys.readouterr().err
    assert [each.name for each in (made / "lite").iterdir()] == ["kept.txt"]


def test_what_is_missing_is_said_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = course_of(tmp_path / "c")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert main(["publish", "lite", str(root)]) == 1
    assert capsys.readouterr().err == (
        "error: Python for the browser was not fetched yet\n"
        "hint: run: coursewright runtimes fetch pyodide msgspec micropip wcwidth\n"
    )
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "jupyterlite_core" else real(name))
    assert main(["publish", "lite", str(root)]) == 1
    assert capsys.readouterr().err == (
        'error: JupyterLite is not there: jupyterlite_core is not installed\nhint: pip install "coursewright[lite]"\n'
    )
    assert not (root / "build").exists()


@pytest.mark.usefixtures("published")
def test_a_course_without_pages_has_nothing_to_publish(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "course.toml").write_text('[course]\ntitle = "Empty"\n', encoding="utf-8")
    assert main(["publish", "lite", str(tmp_path)]) == 1
    said = capsys.readouterr().err
    assert "error: " in said
    assert "hint: " in said
    assert not (tmp_path / "build" / "lite").exists()


def cell(source: str, *tags: str) -> dict[str, Any]:
    shown = {"output_type": "display_data", "data": {"text/html": "<p>told</p>"}}
    return {"cell_type": "code", "metadata": {"tags": list(tags)}, "source": source, "outputs": [shown]}


@pytest.mark.parametrize(("more", "answered"), [("", 1), ("globals()[name] = 1\n", 1), ("for each in", 0)])
def test_parameters_of_authors_are_read_as_far_as_they_are_literals(tmp_path: Path, more: str, answered: int) -> None:
    cells = [
        cell(f"%precision 3\n!true\nyear = 2019\n{more}", "parameters"),
        cell("%page index.md year"),
        cell("%%tell rain\nSELECT town, rain FROM rain WHERE year = :year"),
    ]
    file = tmp_path / "own.ipynb"
    file.write_text(json.dumps({"metadata": {}, "cells": cells}), encoding="utf-8")
    assert kept(open_course(course_of(tmp_path)), [file]).answered == answered
