"""The built pages in a real browser: nothing fails, nothing leaves the machine, and everybody can read them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from conftest import needs_kernels
from coursewright.courses import build, open_course

NODE = Path(__file__).parent / "node"
EVERYTHING = Path(__file__).parent / "cases" / "everything.md"


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser and its driver, or the reason why there is none."""
    found = shutil.which("chromium")
    if not found or not shutil.which("node"):
        pytest.skip("needs a browser and Node.js: install chromium and nodejs")
    if not (NODE / "node_modules" / "playwright-core").is_dir():
        pytest.skip("needs the npm packages playwright-core and axe-core: npm ci --prefix tests/node")
    return found


def audited(chromium: str, pages: list[str], widths: str = "1280") -> list[dict[str, Any]]:
    """What is wrong with pages, in light and dark and in windows of the widths."""
    done = subprocess.run(
        [str(shutil.which("node")), str(NODE / "audit.js"), chromium, *pages],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "WIDTHS": widths},
    )
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


EXAMPLES = [
    *("formula-one", "starter", "first-words", "assessment", "find-an-examiner", "data-management", "same-numbers"),
    "rich-media",
]


@pytest.mark.parametrize("name", [*EXAMPLES, "show-and-tell", "words-from-r"])
def test_every_page_passes_the_audit_in_light_and_dark_on_phones_too(chromium: str, built: Any, name: str) -> None:
    pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')
    needs_kernels(name)
    pages = [page.as_uri() for page in sorted((built(name) / "build" / "site").glob("*.html"))]
    audits = audited(chromium, pages, "360,1280")
    assert len(audits) == 4 * len(pages)
    for audit in audits:
        problems = {part: audit[part] for part in ("errors", "outside", "broken", "violations")}
        assert problems == {"errors": [], "outside": [], "broken": [], "violations": []}, audit["address"]
        assert audit["first"] == "Skip to the content"
        assert audit["over"] <= 0, audit["address"]


def test_everything_that_can_be_written_passes_the_audit_on_phones_too(chromium: str, make_course: Any) -> None:
    root = make_course({"pages/index.md": EVERYTHING.read_text(encoding="utf-8")})
    build(open_course(root))
    audits = audited(chromium, [(root / "build/site/index.html").as_uri()], "360,1280")
    assert [(audit["colorScheme"], audit["width"]) for audit in audits] == [
        ("light", 360), ("light", 1280), ("dark", 360), ("dark", 1280),
    ]  # fmt: skip
    for audit in audits:
        problems = {part: audit[part] for part in ("errors", "outside", "broken", "violations")}
        assert problems == {"errors": [], "outside": [], "broken": [], "violations": []}, audit["width"]
        assert audit["over"] <= 0, audit["width"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_front_page_is_light_without_its_pictures(built: Any, name: str) -> None:
    """With its style, and the scripts that it asks for, which are those of what it has."""
    pytest.importorskip("plotnine", reason='pip install "coursewright[charts]"')
    site = built(name) / "build/site"
    for page in filter(Path.is_file, (site / "index.html", site / "404.html")):
        html = page.read_text(encoding="utf-8")
        asked = re.findall(r'<(?:link rel="stylesheet" href|script src)="([^"]+)"', html)
        words = re.sub(r"<svg.*?</svg>", "", html, flags=re.DOTALL)
        assert asked or page.name == "404.html"
        assert len(words.encode()) + sum((site / name).stat().st_size for name in asked) <= 100_000
