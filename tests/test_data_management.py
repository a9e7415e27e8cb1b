"""The example data-management: its notebooks run against its databases and OpenRefine, as learners run them."""

from __future__ import annotations

import csv
import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from conftest import EXAMPLES
from coursewright.environments import Stack, read_environment
from jupyters import folder_of_its_own, program
from test_catalogue import PYTHON, Started, needs_mongodb, where

COURSE = EXAMPLES / "data-management"
SEED = COURSE / "environment" / "10-seeds" / "seed"
TIERS = ("minimal", "base", "jupyter", "openrefine", "postgres", "mongodb", "environment/10-seeds")


def test_its_tiers_fit() -> None:
    assert list(read_environment(COURSE, Stack(tiers=TIERS)).services) == [
        "jupyter",
        "openrefine",
        "postgres",
        "mongodb",
    ]


def test_its_notebooks_hold_no_output() -> None:
    books = sorted((COURSE / "notebooks").glob("*.ipynb"))
    assert len(books) == 3
    for book in books:
        cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
        assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells if "outputs" in cell)


@pytest.fixture(scope="module")
def variables() -> Iterator[dict[str, str]]:
    """What the services export, while they run."""
    for name in ("postgres", "openrefine"):
        where(name)
    with ExitStack() as stack:
        exports: dict[str, str] = {}
        for name in ("postgres", "mongodb", "openrefine"):
            state = stack.enter_context(folder_of_its_own())
            started = Started(COURSE, TIERS, name, state)
            for done in [started.first_run()] if started.service.first_run else []:
                assert done.returncode == 0, done.stderr
            stack.enter_context(program(started.command, state, port=started.port, environment=started.environment))
            exports |= started.exports
        yield exports


def run(book: str, variables: dict[str, str]) -> list[str]:
    """The lines that the cells of a notebook print."""
    cells = json.loads((COURSE / "notebooks" / book).read_text(encoding="utf-8"))["cells"]
    code = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    done = subprocess.run(
        [str(PYTHON), "-c", code],
        cwd=COURSE / "notebooks",
        env={**variables, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def rows(name: str) -> list[dict[str, str]]:
    with (SEED / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@needs_mongodb
def test_the_notebooks_tell_what_the_seeds_hold(variables: dict[str, str]) -> None:
    told = run("1-postgresql.ipynb", variables)
    names = {row["code"]: row["name"] for row in rows("020-species.csv")}
    counts = Counter(names[row["species"]] for row in rows("030-trees.csv"))
    for name, count in counts.items():
        assert any(line.startswith(f"{name} | {count} | ") for line in told)
    seen = {row["tree"]: row["health"] for row in rows("040-inspections.csv")}
    never = len(rows("030-trees.csv")) - len(seen)
    assert never == 5
    assert f"never inspected | {never}" in told
    assert f"poor | {Counter(seen.values())['poor']}" in told
    assert told[-2] == 'insert or update on table "trees" violates foreign key constraint "trees_species_fkey"'
    assert told[-1] == 'new row for relation "trees" violates check constraint "trees_planted_check"'

    told = run("2-mongodb.ipynb", variables)
    reports = json.loads((SEED / "reports.json").read_text(encoding="utf-8"))
    for tag, count in Counter(tag for report in reports for tag in report["tags"]).items():
        assert f"{tag} {count}" in told
    danger = [report for report in reports if "danger" in report["tags"]]
    waiting = [report for report in danger if "replies" not in report]
    assert sum(line.startswith("2025-") for line in told) == len(waiting) > 0
    assert f"urgent: {len(waiting)} of {len(danger)} dangerous ones" in told
    trees = {str(report["tree"]) for report in danger}
    assert {line.split(" | ")[0] for line in told if " | " in line} == trees


@needs_mongodb
@pytest.mark.parametrize("time", ["first", "second"])
def test_openrefine_cleans_the_plantings(variables: dict[str, str], time: str) -> None:
    told = run("3-openrefine.ipynb", variables)
    assert time
    with (COURSE / "notebooks" / "plantings.csv").open(encoding="utf-8", newline="") as file:
        messy = list(csv.DictReader(file))
    cherries = [row for row in messy if "cherry" in row["Species"].lower()]
    cost = sum(float(row["Cost"].strip("£ GBP")) for row in cherries)
    assert f"Wild cherry: {len(cherries)} trees, £{cost:.2f}" in told
    assert sum(int(line.split(": ")[1].split()[0]) for line in told[-5:]) == len(messy)
