"""What tests share: small courses made on the spot, and the real example."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from coursewright.courses import build, open_course
from servers import mariadb, mariadb_server, postgresql, postgresql_server  # noqa: F401 - fixtures, for every test

# No test depends on the clock; and what is not tried on somebody's machine first is not tried in CI for the first time.
hypothesis.settings.register_profile("tests", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("tests")

EXAMPLES = Path(__file__).parent.parent / "examples"
SLICES: dict[str, dict[str, Any]] = {"formula-one": {"since": 2026}}  # what tests build of a large example

MakeCourse = Callable[[Mapping[str, str]], Path]

COURSE = """\
[course]
title = "Fruit"

[parameters]
year = 2024

[tables]
sales = "data/sales.csv"
"""

SALES = """\
year,fruit,tonnes
2023,apple,10
2023,pear,4
2024,apple,12
2024,pear,
"""


@pytest.fixture
def make_course(tmp_path: Path) -> MakeCourse:
    """A course in a folder of its own: a small one about fruit, with `files` added or put in place of its own."""

    def make(files: Mapping[str, str]) -> Path:
        for name, text in {"course.toml": COURSE, "data/sales.csv": SALES, **files}.items():
            path = tmp_path / "course" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path / "course"

    return make


def needs_kernels(example: str) -> None:
    """Skip what builds an example for which a kernel is missing here."""
    rscript = shutil.which("Rscript")
    if example == "show-and-tell" and not (
        rscript
        and subprocess.run([rscript, "-e", "library(IRkernel)"], capture_output=True, check=False).returncode == 0
    ):
        pytest.skip("r-cran-irkernel is not installed")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A function that gives the folder of a built example, each built once."""
    made: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in made:
            made[name] = tmp_path_factory.mktemp("examples") / name
            shutil.copytree(EXAMPLES / name, made[name], ignore=shutil.ignore_patterns("build", ".build-*"))
            needs_kernels(name)
            build(replace(open_course(made[name], SLICES.get(name)), figures=name not in SLICES))
        return made[name]

    return folder


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests run in one process where they share what is made once for their file, or the built examples."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            if "built" in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group("examples"))
            elif _shares(item):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


def _shares(item: pytest.Item) -> bool:
    """Whether a test uses a fixture of its own file that is made for more than one test."""
    found = [known[-1] for known in item._fixtureinfo.name2fixturedefs.values()]
    return any(one.scope != "function" and one.baseid == item.nodeid.partition("::")[0] for one in found)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are no part of a test's name: packed ones hold the time, and each worker must collect the same names."""
    return "bytes" if isinstance(val, bytes) else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make accept` writes what tests expect anew; the diff is read before it is committed."""
    parser.addoption("--accept", action="store_true", help="write the expected files anew")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be written."""
    return bool(request.config.getoption("--accept"))
