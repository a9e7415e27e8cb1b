"""Forms in notebooks, with the real kernel: what hangs on a parameter is told again when a reader changes it."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

pytest.importorskip("ipywidgets", reason='pip install "coursewright[notebooks]"')

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import KernelManager, start_new_kernel

from jupyters import JUPYTER, folder_of_its_own, free_port, needs_jupyter, program
from r_sessions import need_r, r_library, surroundings  # noqa: F401 - a fixture
from test_browser import NODE, chromium  # noqa: F401 - a fixture

COURSE = """\
[course]
title = "Races"

[parameters]
season = { default = 2018, label = "Season", choices = "SELECT DISTINCT year FROM races" }
round.default = 2
round.label = "Round"
round.choices = "SELECT round, name FROM races WHERE year = :season ORDER BY round"
top = { default = 3, range = [1, 9] }
called = "code"

[tables]
races = "data/races.csv"
"""
RACES = "year,round,name\n2018,1,Australia\n2018,2,Bahrain\n2019,1,Australia\n2019,3,China\n"
CELLS = {
    "load": "%load_ext coursewright",
    "form": "%form",
    "race": "%%table\nSELECT name FROM races WHERE year = :season AND round = :round",
    "top": "%%table\nSELECT :top AS most",
    "none": "%%table\nSELECT 1 AS one",
    "kept": "kept = %table races",
    "code": "%%form season\nprint('season', season)",
}


class _OfR(KernelSpecManager):
    """Where a manager of kernels finds that of R."""

    def get_kernel_spec(self, _name: str) -> KernelSpec:
        argv = [str(shutil.which("R")), "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"]
        return KernelSpec(argv=argv, display_name="R", language="R")


class Notebook:
    """A kernel, and what its cells showed."""

    def __init__(self, client: Any) -> None:
        self.client = client
        self.shown: dict[str, list[dict[str, Any]]] = {}

    def run(self, name: str, source: str) -> None:
        self.shown[name] = self.messages(self.client.execute(source))

    def messages(self, asked: str) -> list[dict[str, Any]]:
        """What the kernel publishes for one request."""
        found: list[dict[str, Any]] = []
        while True:
            said = self.client.get_iopub_msg(timeout=60)
            if said["parent_header"].get("msg_id") == asked:
                if said["msg_type"] == "status" and said["content"]["execution_state"] == "idle":
                    return found
                found.append(said)

    def change(self, name: str, label: str, **state: Any) -> list[dict[str, Any]]:
        """What the kernel publishes when a reader changes a control."""
        content = {"comm_id": self.models(name)[label][0], "data": {"method": "update", "state": state}}
        message = self.client.session.msg("comm_msg", content)
        self.client.shell_channel.send(message)
        return self.messages(message["header"]["msg_id"])

    def models(self, name: str) -> dict[str, Any]:
        """The controls that a cell made, by what stands beside them: the comm and its state."""
        opened = [said["content"] for said in self.shown[name] if said["msg_type"] == "comm_open"]
        states = [(each["comm_id"], each["data"]["state"]) for each in opened]
        return {state["description"]: (comm, state) for comm, state in states if state.get("description")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("a [b] ü")
    for name, text in {"course.toml": COURSE, "data/races.csv": RACES}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def notebook(folder: Path) -> Iterator[Notebook]:
    manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder))
    try:
        notebook = Notebook(client)
        for name, source in CELLS.items():
            notebook.run(name, source)
        yield notebook
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def updates(said: list[dict[str, Any]]) -> list[str]:
    """The last word of each that was shown anew, in the order in which that was done."""
    return [
        each["content"]["data"]["text/plain"].split()[-1] for each in said if each["msg_type"] == "update_display_data"
    ]


def test_a_form_has_a_control_for_each_parameter_that_offers_a_choice(notebook: Notebook) -> None:
    models = notebook.models("form")
    assert list(models) == ["Season", "Round", "top"]
    kinds = [state["_model_name"] for _, state in models.values()]
    assert kinds == ["DropdownModel", "DropdownModel", "IntSliderModel"]
    assert models["Round"][1]["_options_labels"] == ["Australia", "Bahrain"]
    assert (models["top"][1]["min"], models["top"][1]["max"]) == (1, 9)


def test_what_hangs_on_a_parameter_is_told_again_and_nothing_else(notebook: Notebook) -> None:
    assert "Bahrain" in str(notebook.shown["race"][-1]["content"]["data"]["text/html"])
    assert updates(notebook.change("form", "Round", index=0)) == ["Australia"]
    assert updates(notebook.change("form", "top", value=7)) == ["7"]
    notebook.run("now", "print(season, round, top)")
    assert notebook.shown["now"][-1]["content"]["text"] == "2018 1 7\n"


def test_the_choices_of_one_parameter_follow_another(notebook: Notebook) -> None:
    notebook.change("form", "Round", index=1)
    said = notebook.change("form", "Season", index=1)
    assert updates(said) == ["Australia"]  # there is no round 2 in 2019: the first there is
    states = [each["content"]["data"]["state"] for each in said if each["msg_type"] == "comm_msg"]
    assert ["Australia", "China"] in [state.get("_options_labels") for state in states]
    assert updates(notebook.change("form", "Round", index=1)) == ["China"]
    notebook.change("form", "Season", index=0)


def test_the_code_below_a_form_is_run_again(notebook: Notebook) -> None:
    assert "season 2018" in str(notebook.shown["code"])
    said = notebook.change("code", "Season", index=1)
    assert "season 2019" in str(said)
    assert updates(said) == ["Australia"]  # what hangs on the season elsewhere, too
    season = notebook.models("form")["Season"][0]
    assert [
        each["content"]["data"]["state"]["index"]
        for each in said
        if each["msg_type"] == "comm_msg" and each["content"]["comm_id"] == season
    ] == [1]  # and the other form shows it
    notebook.change("form", "Season", index=0)


def test_a_cell_that_is_run_again_is_told_once(notebook: Notebook) -> None:
    notebook.run("top", CELLS["top"].replace("most", "least"))
    assert len(updates(notebook.change("form", "top", value=8))) == 2  # the front end of this test names no cells


def test_a_variable_that_is_no_choice_is_refused(notebook: Notebook) -> None:
    notebook.run("wrong", "season = 1949\n%form season")
    (error,) = [said["content"] for said in notebook.shown["wrong"] if said["msg_type"] == "error"]
    assert error["evalue"].startswith("error: season cannot be 1949\n")
    notebook.run("unasked", CELLS["race"])  # without a form, too
    (error,) = [said["content"] for said in notebook.shown["unasked"] if said["msg_type"] == "error"]
    assert error["evalue"].startswith("error: season cannot be 1949\n")
    assert error["evalue"].endswith("hint: did you mean 2018? Available: 2018, 2019")
    notebook.run("kind", "season = 'all'\n%table races --caption {{season}}")
    (error,) = [said["content"] for said in notebook.shown["kind"] if said["msg_type"] == "error"]
    assert error["evalue"].startswith("error: season is a whole number, not 'all'\n")
    notebook.run("behind", "season = 1949\n%form round")  # whose choices hang on the season
    (error,) = [said["content"] for said in notebook.shown["behind"] if said["msg_type"] == "error"]
    assert error["evalue"].startswith("error: season cannot be 1949\n")
    notebook.run("right", "season = 2018")


def test_without_ipywidgets_it_says_how_to_get_it(folder: Path) -> None:
    code = (
        "import sys; sys.modules['ipywidgets'] = None\n"
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "s = S(); s.run_cell('%load_ext coursewright'); s.run_cell('%form')\n"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False)
    assert "a form needs ipywidgets" in said.stdout + said.stderr
    assert 'pip install "coursewright[notebooks]"' in said.stdout + said.stderr


@pytest.fixture(scope="module")
def in_r(folder: Path, r_library: Path) -> Iterator[Notebook]:  # noqa: F811 - the fixture
    """A notebook with the kernel of R."""
    need_r("IRkernel")
    environment = surroundings(r_library)
    sockets = tempfile.TemporaryDirectory(prefix="cw-")  # a short name: systems allow sockets no long ones
    manager = KernelManager(transport="ipc", ip=f"{sockets.name}/s", kernel_spec_manager=_OfR())
    manager.start_kernel(cwd=str(folder), env=environment)
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=120)
    try:
        notebook = Notebook(client)
        notebook.run("load", "library(coursewright)")
        sql = '"SELECT name FROM races WHERE year = :season AND round = :round"'
        notebook.run("form", f"form(coursewright::table(sql = {sql}, set = list(season = season, round = round))$name)")
        yield notebook
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
        sockets.cleanup()


def test_in_r_an_expression_is_evaluated_again_where_it_stands(in_r: Notebook) -> None:
    models = in_r.models("form")
    assert list(models) == ["Season", "Round"]  # those that the expression names
    assert [said["metadata"] for said in in_r.shown["form"] if said["msg_type"] == "comm_open"] == [
        {"version": "2.1.0"}
    ] * 3
    view, first = [said["content"]["data"] for said in in_r.shown["form"] if said["msg_type"] == "display_data"]
    assert "application/vnd.jupyter.widget-view+json" in view
    assert view["text/html"] == "<dl><dt>Season</dt><dd>2018</dd><dt>Round</dt><dd>Bahrain</dd></dl>"
    assert first["text/plain"] == '[1] "Bahrain"'
    assert updates(in_r.change("form", "Round", index=0)) == ['"Australia"']
    said = in_r.change("form", "Season", index=1)
    assert updates(said) == ['"Australia"']
    states = [each["content"]["data"]["state"] for each in said if each["msg_type"] == "comm_msg"]
    assert ["Australia", "China"] in [state.get("_options_labels") for state in states]
    in_r.run("now", "cat(season, round, is.integer(season))")
    assert in_r.shown["now"][-1]["content"]["text"] == "2019 1 TRUE"


def test_in_r_what_is_wrong_is_said(in_r: Notebook) -> None:
    in_r.run("wrong", "form(names = 'saeson')")
    assert 'did you mean "season"?' in str(in_r.shown["wrong"])
    in_r.run("nothing", "form(1 + 1)")
    assert "no parameter of the course is in this" in str(in_r.shown["nothing"])


IN_R = (
    'library(coursewright)\nwhere <- "SELECT name FROM races WHERE year = :season AND round = :round"\n'
    "form(coursewright::table(sql = where, set = list(season = season, round = round))$name)"
)


@needs_jupyter
def test_jupyterlab_tells_again_what_a_reader_changes_in_python_and_in_r(
    chromium: str,  # noqa: F811 - the fixture
    r_library: Path,  # noqa: F811 - the fixture
) -> None:
    pytest.importorskip("jupyterlab", reason="pip install jupyterlab")
    need_r("IRkernel")
    notebooks = {"python3": [CELLS[name] for name in ("load", "form", "race", "none")], "of-r": [IN_R]}
    with folder_of_its_own() as folder:
        for name, text in {"course.toml": COURSE, "data/races.csv": RACES}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        kernel = folder / "share" / "kernels" / "of-r"
        kernel.mkdir(parents=True)
        library = shutil.copytree(r_library, folder / "library")
        spec = {
            "argv": [str(shutil.which("R")), "--slave", "-e", "IRkernel::main()", "--args", "{connection_file}"],
            "display_name": "R",
            "language": "R",
            "env": {"R_LIBS": str(library), "RETICULATE_PYTHON": str(JUPYTER), "LC_ALL": "C.UTF-8"},
        }
        (kernel / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
        for name, sources in notebooks.items():
            cells = [nbformat.v4.new_code_cell(source) for source in sources]
            metadata = {"kernelspec": {"name": name, "display_name": name}}
            nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=metadata), folder / f"{name}.ipynb")
        for path in folder.rglob("*"):
            path.chmod(0o777)  # whoever runs the server may read and save
        token, port = secrets.token_urlsafe(16), free_port()
        options = [f"--port={port}", "--no-browser", f"--notebook-dir={folder}", "--expose-app-in-browser"]
        environment = {"JUPYTER_TOKEN": token, "JUPYTER_PATH": str(folder / "share")}
        with program([str(JUPYTER), "-m", "jupyterlab", *options], folder, port=port, environment=environment):
            lab = f"http://127.0.0.1:{port}/lab/workspaces"
            addresses = [f"{lab}/{name}/tree/{name}.ipynb?token={token}" for name in notebooks]
            command = [str(shutil.which("node")), str(NODE / "lab_form.js"), chromium, *addresses]
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    python, r = json.loads(done.stdout)
    (race, none), (race_after, none_after) = python["before"], python["after"]
    assert ("Bahrain" in race, "China" in race_after) == (True, True)
    assert none == none_after  # which hangs on nothing
    assert (r["before"], r["after"]) == (["'Bahrain'"], ["'China'"])
    assert {"Season", "Round"} <= set(python["labels"]) & set(r["labels"])
