"""What tests share: small courses made on the spot, and the real example."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from clusters import dask_cluster  # noqa: F401 - a fixture, for every test
from coursewright.courses import build, open_course
from servers import mariadb, mariadb_server, postgresql, postgresql_server  # noqa: F401 - fixtures, for every test

# A grammar of addresses, which takes more than a second to load, and which no schema that is looked at here asks for.
sys.modules["rfc3987_syntax"] = None

# No test depends on the clock; and what is not tried on somebody's machine first is not tried in CI for the first time.
hypothesis.settings.register_profile("tests", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("tests")

EXAMPLES = Path(__file__).parent.parent / "examples"
# Groups of tests, and files whose tests share nothing, that take longer than about half a minute: the longest first.
LONGEST = (
    "usual ports", "examples", "dask", "test_up", "test_retelling", "test_retelling_races", "test_offline", "test_lite",
    "test_in_pyodide", "test_retelling_text", "test_run_here", "test_notebook_parameters", "test_built_notebooks",
    "test_formula_one_report", "test_formula_one_book", "test_formula_one_independent", "test_databases",
    "test_notebook_forms", "test_environments_proxy", "test_catalogue", "test_data_management", "test_r_media",
    "test_r", "test_cells", "test_cell_keys", "test_asking_more", "test_retelling_elsewhere", "test_retelling_tables",
    "test_run_kept", "test_marking_numbers", "test_question_marking_js", "test_words_spark",
    "test_words_dask", "test_words_differential",
    "test_tables_server", "test_serve", "test_entry", "test_process", "test_examples",
)  # fmt: skip
# What `make fast` runs: files whose tests take less than a second each, and some seconds together, without servers,
# browsers, images, kernels or whole examples; tests/test_fast.py holds them to it.
FAST = (
    "allowed", "ask_command", "bad_input", "bad_questions", "check_everything", "columns", "dependencies", "diagrams",
    "exporters_qti_text", "facts_together", "fast", "figures_label", "figures_theme", "functions", "import_aiken",
    "import_files", "kept", "launch_links", "layout", "media", "names",
    "options_alike", "parameters", "pull", "questions",
    "references", "release", "run_links", "settings", "summary", "tables_dump_changes", "tables_html",
    "tables_sheets", "tables_sheets_binary", "ties", "words", "words_choosing", "words_conditions",
    "words_english", "words_frames", "words_keys", "words_missing", "words_tracery",
)  # fmt: skip
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


def lacks_node_20() -> bool:
    """Whether Node.js is missing or older than some packages of tests/node ask for."""
    node = shutil.which("node")
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout if node else ""
    return int(said.lstrip("v").partition(".")[0] or 0) < 20


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
    """Tests run in one process where they share what is made once for their file, or the built examples.

    The longest begin first, then all others that share something, so that no process is waited for at the end.
    """
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            if "built" in item.fixturenames:
                item.add_marker(pytest.mark.xdist_group("examples"))
            elif _shares(item):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))
    items.sort(key=_turn)


def _turn(item: pytest.Item) -> tuple[int, bool]:
    """When a test begins, by what it belongs to."""
    group = item.get_closest_marker("xdist_group")
    name = group.args[0] if group else item.path.stem
    return LONGEST.index(name) if name in LONGEST else len(LONGEST), group is None


def _shares(item: pytest.Item) -> bool:
    """Whether a test uses a fixture of its own file that is made for more than one test."""
    found = [known[-1] for known in item._fixtureinfo.name2fixturedefs.values()]
    return any(one.scope != "function" and one.baseid == item.nodeid.partition("::")[0] for one in found)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Bytes are no part of a test's name: packed ones hold the time, and each worker must collect the same names."""
    return "bytes" if isinstance(val, bytes) else None


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With --fast, no other file is so much as read."""
    name = collection_path.stem.removeprefix("test_")
    return True if config.getoption("--fast") and collection_path.is_file() and name not in FAST else None


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make accept` writes what tests expect anew; the diff is read before it is committed."""
    parser.addoption("--fast", action="store_true", help="only the files in FAST: those of `make fast`")
    parser.addoption("--accept", action="store_true", help="write the expected files anew")


@pytest.fixture
def accept(request: pytest.FixtureRequest) -> bool:
    """Whether expected files are to be written."""
    return bool(request.config.getoption("--accept"))
