"""How long until all is done with 1, 8 and 64 workers, when tasks are slow or die: simulated, with measured times."""

from __future__ import annotations

import heapq
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from pathlib import Path
from statistics import mean, median

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from coursewright.courses import build, open_course
from coursewright.questions import Quiz, ask, draw, read_question
from coursewright.questions.drawing.draw import DrawMaterials
from coursewright.words import Grammar, ready

HERE = Path(__file__).parent
WORKERS = (1, 8, 64)
RUNS = 5  # with other luck each; the median is told
NAMES = ("100 million rows told", "20 questions for 100,000 students", "100,000 pages built")
BATCH, CHUNK = 65_536, 128  # rows and variants of a task


@dataclass(frozen=True)
class Trouble:
    """What goes wrong: the share of tasks that take `slower` times as long, and the share whose worker dies.

    A worker that has died is there again after `again` seconds; its task is done once more from its beginning.
    """

    slow: float = 0.0
    slower: float = 10.0
    dying: float = 0.0
    again: float = 5.0


@dataclass(frozen=True)
class Load:
    """A load: its name, how many tasks it has, measured seconds of some tasks, and what each result costs the one
    process that puts all of them in order and writes them."""

    name: str
    tasks: int
    seconds: Sequence[float]
    sink: float


def simulate(durations: Sequence[float], workers: int, trouble: Trouble, sink: float = 0.0, seed: int = 0) -> float:
    """The seconds until the results of all tasks are written.

    Each worker takes the next task when it is free; one that dies does so anywhere in its task, and that comes first
    again. Results wait for the process that writes them, one after another. Times are in seconds.
    """
    luck = random.Random(seed)  # noqa: S311 - a simulation
    waiting = deque(each * (trouble.slower if luck.random() < trouble.slow else 1) for each in durations)
    free = [0.0] * workers
    finished: list[float] = []
    while waiting:
        start, lasts = heapq.heappop(free), waiting.popleft()
        if luck.random() < trouble.dying:
            waiting.appendleft(lasts)
            heapq.heappush(free, start + luck.random() * lasts + trouble.again)
        else:
            finished.append(start + lasts)
            heapq.heappush(free, start + lasts)
    written = 0.0
    for each in sorted(finished):
        written = max(written, each) + sink
    return written


def simulated(load: Load, workers: int, trouble: Trouble) -> float:
    """The middle of some runs, each task as long as one of those measured."""
    times = []
    for seed in range(RUNS):
        luck = random.Random(f"{load.name} {seed}")  # noqa: S311 - a simulation
        durations = luck.choices(load.seconds, k=load.tasks)
        times.append(simulate(durations, workers, trouble, load.sink, seed))
    return median(times)


def apart(moments: Iterable[float]) -> list[float]:
    """The times between moments."""
    return [later - earlier for earlier, later in pairwise(moments)]


def telling() -> Load:
    """A hundred million rows in batches, each text written to a Parquet file."""
    grammar = Grammar({"origin": "#name# #[came,finished]# #place.ordinal# of #of#."})
    frame = pl.DataFrame({
        "name": pl.Series([f"Driver {number % 997}" for number in range(BATCH)]),
        "place": pl.Series([1 + number % 20 for number in range(BATCH)]),
        "of": pl.Series([20 + number % 5 for number in range(BATCH)]),
    })  # fmt: skip
    teller = ready(grammar, "origin", frame.columns)
    moments, texts = [time.process_time()], []
    for start in range(0, 20 * BATCH, BATCH):
        texts.append(teller.write(frame, start))
        moments.append(time.process_time())
    batches = [pa.RecordBatch.from_pydict({"text": each.to_arrow().cast(pa.string())}) for each in texts]
    with tempfile.TemporaryFile() as file, pq.ParquetWriter(file, batches[0].schema) as writer:
        start = time.process_time()
        for batch in batches:
            writer.write_batch(batch)
        sink = (time.process_time() - start) / len(batches)
    return Load(NAMES[0], -(-100_000_000 // BATCH), apart(moments), sink)


QUESTION = """\
---
title: A sum
kind: number
---
```python
a = pick(range(1, 10_000))
b = pick(range(1, 10_000))
answer = a + b
```

# Question

How much are {{ a }} and {{ b }}?

# Solution

$ {{ a }} + {{ b }} = {{ answer }} $
"""


def asking() -> Load:
    """Twenty questions for each of a hundred thousand students, written as Moodle XML."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "sum.md"
        file.write_text(QUESTION, encoding="utf-8")
        question, who = read_question(file), [str(number) for number in range(20 * CHUNK)]
        draws = draw(question, who, exporters=("moodle",), keep=0, distinct=False)
        seconds = apart(_every(draws, CHUNK))
        start = resource.getrusage(resource.RUSAGE_SELF)
        ask([(question, DrawMaterials())], who, quiz=Quiz(name="sum", title="Sum"), to=["moodle"], folder=Path(name),
            distinct=False)  # fmt: skip
        sink = _used(start) * CHUNK / len(who)
    return Load(NAMES[1], -(-20 * 100_000 // CHUNK), seconds, sink)


def _every(items: Iterator[object], number: int) -> Iterator[float]:
    while sum(1 for _ in islice(items, number)) == number:
        yield time.perf_counter()


def _used(start: resource.struct_rusage) -> float:
    end = resource.getrusage(resource.RUSAGE_SELF)
    return end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime


def building() -> Load:
    """A hundred thousand pages like those of a season of the example, in all formats, without charts."""
    with tempfile.TemporaryDirectory() as name:
        course = Path(name) / "course"
        shutil.copytree(HERE.parent / "examples" / "formula-one", course, ignore=shutil.ignore_patterns("build"))
        moments: list[float] = []

        def note(_what: str, done: int, _of: int) -> None:
            if done > len(moments) - 1:
                moments.append(time.process_time())

        opened = replace(open_course(course, {"since": 2026}), figures=False)
        build(opened, only=("site",), progress=note)
        written = time.process_time() - moments[-1]
    return Load(NAMES[2], 100_000, apart(moments[1:]), written / (len(moments) - 1))


LOADS: tuple[Callable[[], Load], ...] = (telling, asking, building)
TROUBLES = {
    "nothing goes wrong": Trouble(),
    "1 % of tasks die": Trouble(dying=0.01),
    "1 % die, 1 % take ten times as long": Trouble(dying=0.01, slow=0.01),
}


def in_words(seconds: float) -> str:
    """A length of time as people say it."""
    for size, name in ((3600, "h"), (60, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.1f} {name}"
    return f"{seconds:.0f} s"


def rows(load: Load) -> Iterator[str]:
    """The rows of the table for one load."""
    for name, trouble in TROUBLES.items():
        times = [simulated(load, workers, trouble) for workers in WORKERS]
        yield f"| {load.name} | {name} | {' | '.join(map(in_words, times))} |"


def main() -> None:
    """Print the table, and to standard error the times that it was made with."""
    loads = [each() for each in LOADS]
    heads = [f"{workers} worker{'s' * (workers > 1)}" for workers in WORKERS]
    for load in loads:
        one = f"{1000 * mean(load.seconds):.0f} ms ({1000 * min(load.seconds):.0f} to {1000 * max(load.seconds):.0f})"
        print(f"{load.name}: {load.tasks:,} tasks of {one}; {1000 * load.sink:.1f} ms to write one", file=sys.stderr)
    print(f"| load | what goes wrong | {' | '.join(heads)} |\n|---|---|{'---|' * len(heads)}")
    for load in loads:
        print("\n".join(rows(load)))


if __name__ == "__main__":
    main()
