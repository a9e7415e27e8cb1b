"""The built pages in a real browser: nothing fails, nothing leaves the machine, and everybody can read them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

NODE = Path(__file__).parent / "node"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser and its driver, or the reason why there is none."""
    found = shutil.which("chromium")
    if not found or not shutil.which("node"):
        pytest.skip("needs a browser and Node.js: install chromium and nodejs")
    if not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs the npm packages playwright-core and axe-core: npm ci --prefix tests/node")
    return found


@pytest.mark.parametrize("name", ["formula-one", "starter", "first-words", "assessment"])
def test_every_page_passes_the_audit_in_light_and_dark(chromium: str, built: Any, name: str) -> None:
    pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')
    pages = [page.as_uri() for page in sorted((built(name) / "build" / "site").glob("*.html"))]
    done = subprocess.run(
        [str(shutil.which("node")), str(NODE / "audit.js"), chromium, *pages],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    audits = json.loads(done.stdout)
    assert len(audits) == 2 * len(pages)
    for audit in audits:
        problems = {part: audit[part] for part in ("errors", "outside", "broken", "violations")}
        assert problems == {"errors": [], "outside": [], "broken": [], "violations": []}, audit["address"]
        assert audit["first"] == "Skip to the content"
