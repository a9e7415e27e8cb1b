"""What `make fast` runs is quick, and needs nothing but Python."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import FAST

TESTS = Path(__file__).parent
SLOW = re.compile(
    r"chromium|playwright|buildah|podman|Rscript|ipykernel|supervisor"
    r"|from (?:images|jupyters|running|servers|walled) import"
    r"|def test_\w+\([^)]*\b(?:built|postgresql|mariadb)\b"
)


@pytest.mark.parametrize("name", FAST)
def test_a_fast_file_needs_no_server_browser_image_or_kernel(name: str) -> None:
    text = (TESTS / f"test_{name}.py").read_text(encoding="utf-8")
    assert name == "fast" or SLOW.search(text) is None
