"""The simulation of many workers, of which the guide tells: right where the answer is known without it."""

from __future__ import annotations

import importlib.util
import math
import random
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "benchmarks" / "scale_simulation.py"


def script() -> ModuleType:
    """The benchmark as a module."""
    spec = importlib.util.spec_from_file_location("scale_simulation", SCRIPT)
    assert spec
    assert spec.loader
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)  # where dataclasses look
    spec.loader.exec_module(module)
    return module


SCALE = script()
SECONDS = st.lists(st.floats(0.01, 10), min_size=1, max_size=60)
WORKERS = st.integers(1, 20)


@given(st.integers(1, 200), WORKERS, st.floats(0.1, 10))
def test_tasks_of_one_length_take_as_many_rounds_as_they_fill(number: int, workers: int, lasts: float) -> None:
    taken = SCALE.simulate([lasts] * number, workers, SCALE.Trouble())
    assert taken == pytest.approx(math.ceil(number / workers) * lasts)


@given(SECONDS, WORKERS)
def test_nothing_is_done_before_the_longest_nor_before_all_the_work_is_shared(times: list[float], workers: int) -> None:
    taken = SCALE.simulate(times, workers, SCALE.Trouble())
    least = max(*times, sum(times) / workers)
    assert least <= taken + 1e-9
    assert taken <= sum(times) / workers + max(times) + 1e-9  # Graham's bound for a list of tasks


@given(SECONDS, WORKERS, st.floats(0.001, 1))
def test_who_writes_the_results_is_one(times: list[float], workers: int, sink: float) -> None:
    taken = SCALE.simulate(times, workers, SCALE.Trouble(), sink)
    alone = SCALE.simulate(times, workers, SCALE.Trouble())
    assert max(alone, len(times) * sink) <= taken + 1e-9
    assert taken <= alone + len(times) * sink + 1e-9


@given(SECONDS, WORKERS)
def test_more_workers_are_never_slower(times: list[float], workers: int) -> None:
    fewer, more = (SCALE.simulate(times, number, SCALE.Trouble()) for number in (workers, workers + 1))
    assert more <= fewer + 1e-9


@settings(deadline=None)
@given(st.integers(0, 1_000))
def test_what_dies_is_done_again_and_takes_longer(seed: int) -> None:
    times, dying = [1.0] * 50, SCALE.Trouble(dying=0.3, again=2.0)
    assert SCALE.simulate(times, 1, dying, seed=seed) >= 50
    assert SCALE.simulate(times, 4, dying, seed=seed) == SCALE.simulate(times, 4, dying, seed=seed)
    luck = random.Random(seed)  # noqa: S311 - as the simulation draws, for one worker
    for _ in times:
        luck.random()
    left, lost = len(times), 0.0
    while left:
        if luck.random() < dying.dying:
            lost += luck.random() + dying.again
        else:
            left -= 1
    assert SCALE.simulate(times, 1, dying, seed=seed) == pytest.approx(len(times) + lost)


def test_stragglers_take_longer_by_what_was_said() -> None:
    all_slow = SCALE.Trouble(slow=1.0, slower=10.0)
    assert SCALE.simulate([1.0] * 8, 8, all_slow) == pytest.approx(10)


@pytest.mark.parametrize(("seconds", "said"), [(59.4, "59 s"), (119.9, "120 s"), (120, "2.0 min"), (7200, "2.0 h")])
def test_lengths_of_time_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert SCALE.in_words(seconds) == said


def test_the_table_of_the_guide_is_that_of_the_script() -> None:
    """Its numbers are of one machine; its rows and columns are those that the script prints."""
    guide = (ROOT / "docs" / "guides" / "scale.md").read_text(encoding="utf-8")
    table = [line for line in guide.splitlines() if line.startswith("| ")]
    heads = ["load", "what goes wrong", *(f"{each} worker{'s' * (each > 1)}" for each in SCALE.WORKERS)]
    assert f"| {' | '.join(heads)} |" in table
    for load in (SCALE.Load(name, 20, [1.0], 0.0) for name in SCALE.NAMES):
        for row in SCALE.rows(load):
            begin = row.rsplit(" | ", len(SCALE.WORKERS))[0]
            assert any(line.startswith(begin + " | ") for line in table), begin
