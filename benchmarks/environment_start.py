"""Claim: Jupyter, OpenRefine, PostgreSQL and MongoDB are all ready within 1.2 × of the slowest of them started alone.

And all of them have stopped ten seconds after `coursewright down`; and Supervisor, which is all of our own that runs
on, has no more than 60 MB.

They are started by `coursewright up` for an ordinary user, once in a new folder, where databases are made and filled
first, and once more as on every other day. MongoDB is the server that speaks its protocol in tests.

Measured limit, on two quiet cores: 1.09 to 1.27 × the first time; again it is 1.01 to 1.21 ×. Jupyter and OpenRefine
compute for 2.4 s each, PostgreSQL for 0.8 s and the stand-in for MongoDB, which is written in Python, for 0.9 s when
they are made and filled, our own programs for 0.8 s: together 3.7 s on two cores if they never rest. They do: after it
is filled the stand-in sleeps for two seconds before it stops, which falls into the time when nobody else needs a core,
and comes last. Nothing waits for anything that it does not need.
"""

import contextlib
import shutil
import statistics
import sys
import time
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

import psutil

from conftest import EXAMPLES
from people import Person, somebody

TARGET, DOWN, MEMORY, TIMES = 1.2, 10, 60, 3
TIERS = {
    "jupyter": (),
    "openrefine": ('"openrefine"',),
    "postgres": ('"postgres"', '"environment/10-seeds"'),
    "mongodb": ('"mongodb"', '"environment/10-seeds"'),
}


def main() -> None:
    """Each alone, and all together, in turn."""
    times: dict[str, list[tuple[float, float, float, float]]] = {}
    with somebody() as person:
        for _ in range(TIMES):
            for name in (*TIERS, ""):
                times.setdefault(name, []).append(_started(person, name))
    for number, what in enumerate(("for the first time", "again")):
        median = {name: statistics.median(one[number] for one in all_of) for name, all_of in times.items()}
        together = median.pop("")
        slowest = max(median, key=lambda name: median[name])
        peer = f"{slowest} alone: {median[slowest]:.1f} s"
        ratio = f"{together / median[slowest]:.2f} × the time"
        print(f"| four services ready, {what} | {together:.1f} s | {peer} | {ratio} | ≤ {TARGET} × |")

    stopped = statistics.median(one[2] for one in times[""])
    ratio = f"{stopped / DOWN:.2f} × the target"
    print(f"| four services stopped by `down` | {stopped:.1f} s | the target: {DOWN} s | {ratio} | ≤ {DOWN} s |")
    size = max(one[3] for one in times[""])
    print(f"| our process beside four services that are up | {size:.0f} MB | — | — | ≤ {MEMORY} MB |")


def _started(person: Person, only: str) -> tuple[float, float, float, float]:
    """The seconds until `up` says that everything is ready, in a new folder and once more; those of `down`; our MB."""
    with _course(person, only) as course:
        first = _up(person, course)
        person.run(course, "down")
        again = _up(person, course)
        size = _memory(person.services / course.name)
        begin = time.perf_counter()
        person.run(course, "down")
        return first, again, time.perf_counter() - begin, size


def _memory(home: Path) -> float:
    """What Supervisor has for itself or shares, in MB."""
    process = psutil.Process(int((home / "run/supervisord.pid").read_text()))
    return float(process.memory_full_info().pss) / 1e6


def _up(person: Person, course: Path) -> float:
    begin = time.perf_counter()
    up = person.run(course, "up")
    seconds = time.perf_counter() - begin
    assert up.returncode == 0, up.stderr
    return seconds


@contextlib.contextmanager
def _course(person: Person, only: str) -> Iterator[Path]:
    course = person.folder / (only or "all")
    shutil.copytree(EXAMPLES / "data-management", course)
    if only:
        _leave_only(course, only)
    person.own(course)
    try:
        yield course
    finally:
        person.run(course, "down")
        shutil.rmtree(course)
        shutil.rmtree(person.services / course.name)


def _leave_only(course: Path, name: str) -> None:
    """The course with one service; its seeds stand on a database alone then."""
    settings = (course / "course.toml").read_text()
    head = settings.partition("[tables]")[0]
    tiers = ", ".join(['"minimal"', '"base"', *(['"jupyter"'] if name == "jupyter" else TIERS[name])])
    (course / "course.toml").write_text(f"{head}[environment]\ntiers = [{tiers}]\n")
    seeds = course / "environment/10-seeds/tier.toml"
    seeds.write_text(seeds.read_text().replace('after = ["postgres", "mongodb"]', f'after = ["{name}"]'))
    for seed in (course / "environment/10-seeds/seed").iterdir():
        if (seed.suffix == ".json") != (name == "mongodb"):  # which nobody would take
            seed.unlink()


if __name__ == "__main__":
    main()
