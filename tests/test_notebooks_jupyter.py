"""Notebooks of pages as readers see them, in JupyterLab and in Notebook 7."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from coursewright.cli import main
from jupyters import JUPYTER, folder_of_its_own, free_port, needs_jupyter, program
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_built_notebooks import course

LONG = "A paragraph.\n\n" * 60
PAGE = f"""\
# Links

[Plain words](#plain-words), [Café](#café), [Twice](#twice-1), [Sold fruit](#sold)

{LONG}
## Plain words

{LONG}
## Café

{LONG}
## Twice

{LONG}
## Twice

{LONG}
```{{table}}
:name: sold
:caption: Sold fruit
SELECT 1 AS one
```

{LONG}
"""


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Path, str, str]]:
    """A folder with a built course in it, the address of its Jupyter, and the token."""
    pytest.importorskip("jupyterlab", reason="pip install jupyterlab")
    pytest.importorskip("notebook", reason="pip install notebook")
    with folder_of_its_own() as folder:
        course(folder, {"course.toml": '[course]\ntitle = "L"\n', "pages/links.md": PAGE})
        assert main(["build", str(folder), "--only", "notebooks"]) == 0
        for path in folder.rglob("*"):
            path.chmod(0o777)  # whoever runs the server may read and save
        token, port = secrets.token_urlsafe(16), free_port()
        options = [f"--port={port}", "--no-browser", f"--notebook-dir={folder}", "--expose-app-in-browser"]
        command = [str(JUPYTER), "-m", "jupyterlab", *options]
        with program(command, folder, port=port, environment={"JUPYTER_TOKEN": token}):
            yield folder, f"http://127.0.0.1:{port}", token


@needs_jupyter
def test_links_inside_a_notebook_go_to_what_they_lead_to(served: tuple[Path, str, str], chromium: str) -> None:  # noqa: F811 - the fixture
    _, at, token = served
    file = "build/notebooks/links.ipynb"
    addresses = [f"{at}/{where}/{file}?token={token}" for where in ("lab/workspaces/l/tree", "notebooks")]
    command = [str(shutil.which("node")), str(NODE / "lab_links.js"), chromium, *addresses]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    every = {"Plain words": True, "Café": True, "Twice": True, "Sold fruit": True}
    assert json.loads(done.stdout) == [every, every]
