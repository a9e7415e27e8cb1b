"""What must hold of the environment of the example data-management, wherever it runs: all of it through one port."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import EXAMPLES
from jupyters import Jupyter
from test_browser import NODE

COURSE = EXAMPLES / "data-management"

# One after another: what takes the usual ports of services would take them from another's, between look and start; and
# so for what asks who else uses the machine, as people in containers do.
takes_usual_ports = pytest.mark.xdist_group("usual ports")

WRITE = """
import os, psycopg, pymongo
database = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
database.execute("CREATE TABLE IF NOT EXISTS written (note text)")
database.execute("INSERT INTO written VALUES (%s)", ["ünïcode; DROP TABLE trees"])
print(database.execute("SELECT max(note) FROM written").fetchone()[0])
notes = pymongo.MongoClient(os.environ["MONGODB_URL"]).get_default_database().notes
notes.replace_one({"_id": 1}, {"text": "ours"}, upsert=True)
print(notes.find_one({"_id": 1})["text"])
"""


def until_ready(jupyter: Jupyter, *paths: str, patience: float = 90) -> None:
    """Wait for services behind the port, for so many seconds."""
    end = time.monotonic() + patience
    for path in paths:
        while True:
            try:
                if jupyter.get(path)[0] == 200:
                    break
            except OSError:
                pass
            assert time.monotonic() < end, path
            time.sleep(0.3)


def check_login(jupyter: Jupyter) -> None:
    """Nobody comes in without the token, neither to Jupyter nor to what is behind it."""
    for path in ("api/kernels", "openrefine/", "openrefine/command/core/get-version", "proxy/3333/", "lab"):
        status, headers, _ = jupyter.get(path, token=False)
        assert status == 403 or (status == 302 and "/login" in headers["Location"]), path
    status, _, body = jupyter.get("openrefine/command/core/get-version")
    assert (status, "OpenRefine" in body) == (200, True)


def check_notebooks(jupyter: Jupyter) -> None:
    """A notebook that is run through the port writes and reads both databases, and the course's own find their data."""
    assert jupyter.run(WRITE) == "ünïcode; DROP TABLE trees\nours\n"
    for book, told in (("1-postgresql", "never inspected | 5"), ("2-mongodb", "urgent: ")):
        cells = json.loads((COURSE / f"notebooks/{book}.ipynb").read_text(encoding="utf-8"))["cells"]
        assert told in jupyter.run(*("".join(one["source"]) for one in cells if one["cell_type"] == "code"))


TOLD = """
import os
print(*(os.environ.get(name) for name in ("EDITOR", "PYTHONUNBUFFERED", "LANG", "PGUSER")), oct(os.umask(0)))
print(os.environ["DATABASE_URL"].startswith("postgresql://learner:"), "JUPYTER_TOKEN" in os.environ)
others = ("LC_ALL", "PYTHONPATH", "JUPYTERHUB_API_TOKEN", "SUPERVISOR_SERVER_URL")
print(*(name for name in others if os.environ.get(name)))
"""


def check_told(jupyter: Jupyter, *, hub: bool = False) -> None:
    """What tiers tell notebooks, and what the launcher shows, is the same wherever the environment runs."""
    only = "JUPYTERHUB_API_TOKEN" if hub else ""
    assert jupyter.run(TOLD) == f"nano 1 C.UTF-8 learner 0o77\nTrue {not hub}\n{only}\n"
    (shown,) = json.loads(jupyter.get("server-proxy/servers-info")[2])["server_processes"]
    assert (shown["name"], shown["launcher_entry"]["title"]) == ("openrefine", "OpenRefine")
    assert "<svg" in jupyter.get("server-proxy/icon/openrefine")[2]


def check_openrefine(jupyter: Jupyter, picture: Path | None = None) -> None:
    """OpenRefine takes a table and shows it in a real browser, all through its path."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules/playwright-core").is_dir():
        pytest.skip("needs a browser and Node.js: install chromium and nodejs, and npm ci --prefix tests/node")
    client = _refine()(f"{jupyter.address}openrefine", jupyter.token)
    project = client.create(COURSE / "notebooks/plantings.csv", "Plantings")
    command = [node, NODE / "openrefine.js", chromium, jupyter.address, jupyter.token, project.number]
    seen = subprocess.run(
        [*command, *([picture] if picture else [])], capture_output=True, text=True, timeout=180, check=False
    )
    assert seen.returncode == 0, seen.stderr
    found = json.loads(seen.stdout)
    header, first = (COURSE / "notebooks/plantings.csv").read_text(encoding="utf-8").splitlines()[:2]
    assert found["columns"][-len(header.split(",")) :] == header.split(",")
    assert [cell.strip() for cell in first.split(",")][:1] == found["row"][:1]
    assert found["failed"] == [], found["failed"]
    assert found["errors"] == [], found["errors"]


def _refine() -> Any:
    """The client that the example's notebooks use."""
    sys.path.insert(0, str(COURSE / "notebooks"))
    try:
        from refine import Refine
    finally:
        sys.path.pop(0)
    return Refine
