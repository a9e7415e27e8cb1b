"""A site whose cells run in its pages, on loopback, and a browser that has read what it is to do there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from coursewright.errors import CoursewrightError
from coursewright.sites.runtimes.fetching import fetch

NODE = Path(__file__).parent / "node"


def needs_parts() -> None:
    """Skip where what pages run on is not there, and cannot be fetched."""
    try:
        fetch(["pyodide", "webr", "editor"])
    except CoursewrightError as error:
        pytest.skip(str(error))


def browse(*visits: dict[str, Any]) -> list[dict[str, Any]]:
    """What a reader sees on each visit, if there is a browser; nothing fails, and nothing leaves this machine."""
    chromium, node = shutil.which("chromium"), shutil.which("node")
    if not chromium or not node or not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs a browser and Node.js: install chromium and nodejs; npm ci --prefix tests/node")
    done = subprocess.run(
        [node, str(NODE / "run.js"), chromium], input=json.dumps(visits), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    for each in found:
        assert (each["errors"], each["outside"]) == ([], [])
    return found
