"""What readers change stays with them: through reloads, tabs and new editions, out to a notebook and back."""

from __future__ import annotations

import contextlib
import functools
import http.server
import json
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pytest

from coursewright.courses import build, open_course
from coursewright.labels import known
from running import browse, needs_parts

pytest.importorskip("ipykernel", reason='pip install "coursewright[notebooks]"')

CELL = "```{code-cell} python\n%s\n```\n\n"
FIRST = "# A & B\n\n" + CELL % "one = 1" + CELL % "two = 2" + CELL % "two = 2"
SECOND = "# A & B\n\n" + CELL % "zero = 0" + CELL % "one = 11" + CELL % "two = 2" + CELL % "two = 2"
COURSE = '[course]\ntitle = "C"\n\n[runtimes]\nhere = true\n'
KEPT = "[...document.querySelectorAll('.cell[data-cell] pre code')].map(code => code.textContent)"
CALM = "new Promise(done => setTimeout(done, 500))"  # until what was typed is kept


@dataclass
class Editions:
    """Two editions of one site: the address, the folder of each, and which one is answered with."""

    folders: tuple[Path, Path]
    address: str = ""
    now: int = 0

    def cells(self, edition: int = 0) -> list[dict[str, Any]]:
        text = (self.folders[edition] / "week/a.html").read_text(encoding="utf-8")
        (data,) = re.findall('<script type="application/json" id="site.cells">(.*?)</script>', text)
        return list(json.loads(data)["cells"])

    @property
    def page(self) -> str:
        return f"{self.address}week/a.html"


@pytest.fixture(scope="module")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editions]:
    needs_parts()
    root = tmp_path_factory.mktemp("kept")
    (root / "pages/week").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    folders = root / "one", root / "two"
    for folder, text in zip(folders, (FIRST, SECOND), strict=True):
        (root / "pages/week/a.md").write_text(text, encoding="utf-8")
        build(open_course(root))
        shutil.copytree(root / "build/site", folder)
    own = Editions(folders)

    class Handler(http.server.SimpleHTTPRequestHandler):
        extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".js": "text/javascript"}  # noqa: RUF012 - the library's own

        def do_GET(self) -> None:
            if self.path.startswith("/edition/"):
                own.now = int(self.path[-1])
            self.directory = str(own.folders[own.now])
            with contextlib.suppress(ConnectionError):  # the browser has gone to another page
                super().do_GET()

        def log_message(self, *_said: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        own.address = f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=functools.partial(server.serve_forever, 0.05), daemon=True).start()
        yield own
        server.shutdown()


def edit(cell: int, text: str, field: int = 0) -> list[list[Any]]:
    """Steps that change a cell, whose editor is the `field`-th that is open, and wait until that is kept."""
    return [["click", cell, "Edit"], ["write", field, text], ["evaluate", CALM]]


def test_a_change_survives_reloads_other_tabs_and_new_editions(editions: Editions) -> None:
    marks = ["text", ".run-mark:not([hidden])"]
    (found,) = browse(
        {
            "address": editions.page,
            "steps": [
                ["text", ".run-kept summary"], *edit(0, "one = 100"), *edit(2, "two = 'é</script>'", 1), marks,
                ["text", ".run-kept summary"], ["buttons", 0],
                ["reload"], ["evaluate", KEPT], marks, ["count", ".run-editor"], ["loaded"],
                ["tab", editions.page], ["evaluate", KEPT], ["click", 0, "Reset"], ["evaluate", CALM],
                ["turn", 0], ["evaluate", KEPT], ["status", 0],
                *edit(0, "one = 101"),
                ["goto", f"{editions.address}edition/1"], ["goto", editions.page],
                ["evaluate", KEPT], marks,
                ["reload"], marks, ["audit"], ["over"],
                ["accept", True], ["press", ".run-kept summary"], ["press", ".run-kept button:text('Reset all')"],
                ["evaluate", KEPT], marks, ["reload"], ["evaluate", KEPT], ["evaluate", "localStorage.length"],
                ["goto", f"{editions.address}edition/0"],
            ],
        }
    )  # fmt: skip
    gave = found["gave"]
    changed = "You changed this"
    assert (gave[0], gave[7:10]) == (["Your changes"], [[changed] * 2, ["Your changes (2)"], ["Run", "Reset"]])
    assert gave[12:14] == [[changed] * 2, 0]
    assert [text.strip() for text in gave[11]] == ["one = 100", "two = 2", "two = 'é</script>'"]
    assert not any("pyodide" in each for each in gave[14])
    assert [text.strip() for text in gave[16]] == ["one = 100", "two = 2", "two = 'é</script>'"]
    assert [text.strip() for text in gave[20]] == ["one = 1", "two = 2", "two = 'é</script>'"]
    assert gave[21] == "Changed in another tab"
    assert [text.strip() for text in gave[27]] == ["zero = 0", "one = 101", "two = 2", "two = 'é</script>'"]
    since = "You changed this, and the author has changed it since"
    assert gave[28] == gave[30] == [since, changed]
    assert gave[31:33] == [[], 0]
    for texts in (gave[36], gave[39]):
        assert [text.strip() for text in texts] == ["zero = 0", "one = 11", "two = 2", "two = 2"]
    assert (gave[37], gave[40]) == ([], 0)


def test_changes_go_out_to_a_notebook_and_come_back_by_the_ids_of_cells(editions: Editions, tmp_path: Path) -> None:
    keys = [cell["key"] for cell in editions.cells()]
    assert keys[2] == f"{keys[1]}-2"
    cells = [(keys[2], ["two = 5\n", "two"]), ("another", "x")]
    notebook = {
        "cells": [{"cell_type": "code", "id": key, "source": source} for key, source in cells],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    for name, text in (("own.ipynb", json.dumps(notebook)), ("none.ipynb", '{"cells": 3}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
    bring = "input[type=file]"
    (found,) = browse(
        {
            "address": editions.page,
            "steps": [
                ["press", ".run-kept summary"], *edit(0, "one = 'ü'"),
                ["choose", bring, str(tmp_path / "none.ipynb")], ["wait", "no notebook"],
                ["choose", bring, str(tmp_path / "own.ipynb")], ["wait", "brought back"],
                ["text", ".run-kept .run-status"], ["reload"], ["evaluate", KEPT], ["press", ".run-kept summary"],
                ["download", ".run-kept button"],
            ],
        }
    )  # fmt: skip
    gave = found["gave"]
    assert gave[8] == ["1 cells brought back; 1 belong to no cell here"]
    assert [text.strip() for text in gave[10]] == ["one = 'ü'", "two = 2", "two = 5\ntwo"]
    assert gave[12]["name"] == "a.ipynb"
    taken = nbformat.reads(gave[12]["text"], as_version=4)
    nbformat.validate(taken)
    assert [(cell.id, cell.source) for cell in taken.cells[1:]] == [
        (keys[0], "one = 'ü'"), (keys[1], "two = 2"), (keys[2], "two = 5\ntwo")
    ]  # fmt: skip


def test_one_page_lists_everything_that_is_kept_and_erases_it(editions: Editions) -> None:
    (found,) = browse(
        {
            "address": f"{editions.address}runtimes/kept.html",
            "steps": [
                ["text", "#site\\.kept"], ["goto", editions.page], *edit(0, "a < b"), *edit(1, "two = 22", 1),
                ["goto", f"{editions.address}runtimes/kept.html"], ["text", "#site\\.kept h2"],
                ["text", "#site\\.kept pre"], ["audit"], ["over"],
                ["press", "#site\\.kept button"], ["text", "#site\\.kept pre"],
                ["press", "#site\\.kept h2 a"], ["wait", "You changed this"], ["evaluate", KEPT],
                ["goto", f"{editions.address}runtimes/kept.html"],
                ["accept", True], ["press", "#site\\.kept button:text('Erase everything')"], ["text", "#site\\.kept"],
                ["evaluate", "localStorage.length"],
            ],
        }
    )  # fmt: skip
    gave = found["gave"]
    assert gave[0] == ["Nothing is kept in this browser."]
    assert (gave[9], gave[10], gave[11:13]) == (["A & B · C"], ["a < b", "two = 22"], [[], 0])
    assert gave[14] == ["two = 22"]
    assert [text.strip() for text in gave[17]] == ["one = 1", "two = 22", "two = 2"]
    assert gave[21:] == [["Nothing is kept in this browser."], 0]


@pytest.mark.parametrize(
    "storage",
    [
        "Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }",
        "Object.defineProperty(window, 'localStorage', { get () { throw new DOMException('no', 'SecurityError') } })",
        "localStorage['coursewright-kept / week/a'] = '{\"cells\": 7}'",
    ],
)
def test_storage_that_is_full_refused_or_not_ours_is_a_sentence(editions: Editions, storage: str) -> None:
    visit = {"address": editions.page, "before": storage, "steps": [*edit(0, "one = 3"), ["status", 0], ["written", 0]]}
    (found,) = browse(visit)
    full = "" if "cells" in storage else "This browser keeps no more. Download your changes as a notebook"
    assert found["gave"][3:] == [full, "one = 3"]


def test_cells_speak_every_language_that_pages_do() -> None:
    """Each with all words, and in each the same numbers and names."""
    spoken = known("runtimes")
    assert set(spoken) == set(known("retelling"))
    for words in spoken.values():
        assert {name: sorted(re.findall(r"{\w+}", text)) for name, text in words.items()} == {
            name: sorted(re.findall(r"{\w+}", text)) for name, text in spoken["en"].items()
        }
