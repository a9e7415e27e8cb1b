"""What a release is made of: the changes since the last one, the version, and what the package says of itself."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from coursewright import __version__

ROOT = Path(__file__).parent.parent


def test_every_change_stands_in_the_next_release() -> None:
    pytest.importorskip("towncrier")
    command = [sys.executable, "-m", "towncrier", "build", "--draft", "--version", __version__, "--date", "2026-12-01"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert said.startswith(f"## {__version__} (2026-12-01)\n")
    words = " ".join(said.split())
    changes = sorted((ROOT / "changes").glob("*.md"))
    lost = [each.name for each in changes if " ".join(each.read_text("utf-8").split()[1:9]) not in words]
    assert lost == []
    assert not [each.name for each in changes if "." in each.stem], "a change has no kind: NAME.md"


def test_both_packages_have_one_version() -> None:
    assert f"\nVersion: {__version__}\n" in (ROOT / "r/coursewright/DESCRIPTION").read_text("utf-8")


def test_the_package_says_which_pythons_it_is_tested_with() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    said = [each.rpartition(":: ")[2] for each in project["classifiers"] if re.search(r":: 3\.\d+$", each)]
    tested = re.search(r"PYTHONS = \((.*)\)", (ROOT / "tests/versions.py").read_text("utf-8"))
    assert tested is not None
    assert said == re.findall(r"[\d.]+", tested[1])
    assert project["requires-python"] == f">={said[0]}"
