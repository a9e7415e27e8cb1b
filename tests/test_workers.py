"""Workers on this machine and on a Dask cluster: the same answers in the same order, whatever happens to them."""

from __future__ import annotations

import http.server
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from clusters import TESTS, Cluster, cluster, end, noted, until
from coursewright import __version__
from coursewright.errors import CoursewrightError, MissingPart, Place, Problem, UsageError
from coursewright.workers import Parcel, TaskResult, Work, Workers, open_workers

pytestmark = pytest.mark.xdist_group("dask")


@pytest.fixture(params=["local", "dask"])
def workers(request: pytest.FixtureRequest) -> Iterator[Workers]:
    address = "local" if request.param == "local" else request.getfixturevalue("dask_cluster").address
    with open_workers(address, jobs=2) as opened:
        yield opened


def results(workers: Workers, notes: Path, tasks: list[tuple[str, int]], **options: Any) -> list[Any]:
    """What came of tasks: results as they are, and problems as they are printed."""
    work = options.pop("work", Work("clusters:begin", str(notes)))
    found = workers.each(work, tasks, named=lambda task: f"{task[0]} {task[1]}", **options)
    return [one.result if isinstance(one, TaskResult) else [str(each) for each in one.problems] for one in found]


def test_results_come_in_the_order_of_the_tasks(workers: Workers, tmp_path: Path) -> None:
    seen: list[tuple[int, int | None]] = []
    tasks = [("square", number) for number in range(40)]
    assert results(workers, tmp_path, tasks, progress=lambda *said: seen.append(said)) == [n * n for n in range(40)]
    assert seen[-1] == (40, 40)
    assert seen == sorted(seen)
    assert results(workers, tmp_path, [("large", 20_000_000), ("large", 0)]) == [bytes(20_000_000), b""]
    assert results(workers, tmp_path, []) == []
    assert len(set(results(workers, tmp_path, [("process", number) for number in range(20)]))) <= 2
    assert noted(tmp_path, "begin-*") <= 2


def test_what_fails_is_named_and_the_rest_is_done(workers: Workers, tmp_path: Path) -> None:
    tasks = [("square", 3), ("wrong", 5), ("divide", 0), ("unsent", 1), ("square", 4)]
    first, wrong, divided, unsent, last = results(workers, tmp_path, tasks)
    assert (first, last) == (9, 16)
    assert wrong == ["error: 5 is wrong\n  --> numbers.txt:5\nhint: take another"]
    assert divided == ["error: divide 0: ZeroDivisionError: integer division or modulo by zero"]
    assert len(unsent) == 1
    assert unsent[0].startswith("error: unsent 1: what came of it cannot be sent back: ")


def test_a_worker_that_is_killed_has_its_work_done_again(workers: Workers, tmp_path: Path) -> None:
    def kill() -> None:
        running = until(lambda: [one for one in tmp_path.glob("running-*") if one.read_text() == "wait once-3"] or None)
        os.kill(int(running[0].name.partition("-")[2]), signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    tasks = [("wait once" if number == 3 else "square", number) for number in range(8)]
    assert results(workers, tmp_path, tasks) == [0, 1, 4, 3, 16, 25, 36, 49]
    killer.join()
    assert noted(tmp_path, "wait once-3") == 2


def test_a_task_at_which_workers_die_is_given_up(workers: Workers, tmp_path: Path) -> None:
    first, died, *others = results(workers, tmp_path, [("square", 1), ("die", 2), ("square", 3), ("square", 4)])
    assert [first, *others] == [1, 9, 16]
    here = noted(tmp_path, "die-2") == 3
    times = "3 times at this (exit status -9)" if here else "4 times at this"
    assert died == [
        f"error: die 2: the worker died {times}\n"
        "hint: perhaps it wants more memory than a worker has: give workers more, or begin fewer on one machine"
    ]
    assert results(workers, tmp_path, [("square", 5)]) == [25]


def test_where_one_disk_is_full_another_worker_does_it(workers: Workers, tmp_path: Path) -> None:
    assert results(workers, tmp_path, [("full in one", number) for number in range(6)]) == list(range(6))
    assert noted(tmp_path, "full in one-*") > 6


def test_where_all_disks_are_full_it_is_said(workers: Workers, tmp_path: Path) -> None:
    (said,), square = results(workers, tmp_path, [("full", 1), ("square", 2)])
    where = said.partition("no space is left on the disk of ")[2].partition("\n")[0]
    assert where == "this machine" or where.startswith("tcp://127.0.0.1:")
    hint = "make space there, or have workers keep their files elsewhere"
    assert said == f"error: full 1: no space is left on the disk of {where}\nhint: {hint}"
    assert square == 4


def test_a_work_that_cannot_begin_ends_the_run(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(CoursewrightError) as caught:
        results(workers, tmp_path, [("square", 1)], work=Work("clusters:begin_badly", "bread"))
    assert caught.value.problems == (Problem("there is no bread", Place("course.toml", 3), "make one"),)
    with pytest.raises(CoursewrightError, match=r"^error: AttributeError: module 'clusters' has no attribute 'no'$"):
        results(workers, tmp_path, [("square", 1)], work=Work("clusters:no", ""))
    assert results(workers, tmp_path, [("square", 5)]) == [25]


def test_what_cannot_be_pickled_is_named(workers: Workers, tmp_path: Path) -> None:
    lock: Any = threading.Lock()
    hint = "\nhint: give plain values: numbers, texts, lists, mappings and records of them"
    with pytest.raises(CoursewrightError) as caught:
        results(workers, tmp_path, [("square", lock)])
    assert str(caught.value).startswith('error: "square <unlocked _thread.lock object')
    assert str(caught.value).endswith(
        f"cannot be sent to workers: TypeError: cannot pickle '_thread.lock' object{hint}"
    )
    with pytest.raises(CoursewrightError) as caught:
        results(workers, tmp_path, [], work=Work("clusters:begin", lock))
    said = "error: what the work is to know cannot be sent to workers: TypeError: cannot pickle '_thread.lock' object"
    assert str(caught.value) == said + hint


def test_tasks_are_taken_when_there_is_somebody_to_do_them(workers: Workers, tmp_path: Path) -> None:
    taken: list[int] = []

    def tasks() -> Iterator[tuple[str, int]]:
        for number in range(60):
            taken.append(number)
            yield "square", number

    work = Work("clusters:begin", str(tmp_path))
    for count, one in enumerate(workers.each(work, tasks(), named=str, ahead=5)):
        assert isinstance(one, TaskResult)
        assert len(taken) <= count + 1 + 5
    assert len(taken) == 60


def test_a_run_goes_on_where_another_ended(workers: Workers, tmp_path: Path) -> None:
    notes, kept = tmp_path / "notes", tmp_path / "kept"
    notes.mkdir()
    work = Work("clusters:begin", str(notes))
    tasks = [("square", number) for number in range(12)]
    run = workers.each(work, tasks, named=str, kept=kept)
    assert [next(run) for _ in range(5)] == [TaskResult(number * number) for number in range(5)]
    run.close()
    before = len(list(kept.iterdir()))
    assert before >= 5
    broken = next(kept.iterdir())
    broken.write_bytes(broken.read_bytes()[:-1])

    assert results(workers, notes, tasks, kept=kept) == [number * number for number in range(12)]
    assert noted(notes, "square-*") <= 12 + 4 + 1  # what was running, and what was broken
    done = noted(notes, "square-*")
    assert results(workers, notes, tasks, kept=kept) == [number * number for number in range(12)]
    assert noted(notes, "square-*") == done
    assert results(workers, notes, tasks, kept=kept, work=Work("clusters:begin", f"{notes}/")) != []
    assert noted(notes, "square-*") == done + 12


def test_files_are_read_where_they_are_or_travel(workers: Workers, dask_cluster: Cluster, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("bread")
    parcel = Parcel.of(tmp_path, [tmp_path / "a" / "b.txt"])
    work = Work("clusters:begin", str(tmp_path), parcel)
    assert results(workers, tmp_path, [("read", 1)], work=work) == ["bread"]
    assert not list(dask_cluster.folder.glob("workers/**/b.txt"))


def test_files_travel_to_workers_that_do_not_see_them(
    dask_cluster: Cluster,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "b.txt").write_text("bread")
    monkeypatch.chdir(tmp_path)
    elsewhere = Path("/proc/self/cwd")
    if not elsewhere.exists():
        pytest.skip("needs /proc, where each process sees another folder under one name")
    work = Work("clusters:begin", str(tmp_path), Parcel(elsewhere, Parcel.of(tmp_path, [Path("a/b.txt")]).files))
    with open_workers(dask_cluster.address) as workers:
        assert results(workers, tmp_path, [("read", number) for number in range(4)], work=work) == ["bread"] * 4
        killing = [("read", 1), ("wait once", 9), ("read", 2), ("read", 3)]
        done = iter(workers.each(work, killing, named=str))
        assert next(done) == TaskResult("bread")
        running = until(lambda: [one for one in tmp_path.glob("running-*") if one.read_text() == "wait once-9"] or None)
        os.kill(int(running[0].name.partition("-")[2]), signal.SIGKILL)
        assert list(done) == [TaskResult(9), TaskResult("bread"), TaskResult("bread")]
    (tmp_path / "a" / "b.txt").write_text("rolls")
    with open_workers(dask_cluster.address) as workers, pytest.raises(CoursewrightError) as caught:
        results(workers, tmp_path, [("read", 1)], work=work)
    said = "error: this file was changed while workers were to get it\n  --> /proc/self/cwd/a/b.txt\nhint: run it again"
    assert str(caught.value) == said
    assert not list(dask_cluster.folder.glob("workers/**/b.txt"))


def test_a_cluster_is_left_as_it_was(dask_cluster: Cluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    from distributed import Client

    with open_workers(dask_cluster.address) as workers:
        run = workers.each(Work("clusters:begin", str(tmp_path)), [("gate", n) for n in range(9)], named=str)
        assert next(run) == TaskResult(0)
    (tmp_path / "open").touch()
    with pytest.raises(CoursewrightError), open_workers(dask_cluster.address) as workers:
        results(workers, tmp_path, [("square", 1)], work=Work("clusters:begin_badly", "bread"))
    with Client(dask_cluster.address.replace("dask", "tcp"), set_as_default=False) as client:
        plugins = client.run_on_scheduler(lambda dask_scheduler: [*dask_scheduler.worker_plugins])
        assert [name for name in plugins if "coursewright" in name] == []
        until(lambda: client.run_on_scheduler(lambda dask_scheduler: not dask_scheduler.tasks))
    assert capfd.readouterr().err == ""


def test_where_the_scheduler_is_gone_the_next_run_goes_on(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    notes, kept = tmp_path / "notes", tmp_path / "kept"
    notes.mkdir()
    tasks = [("gate", number) for number in range(10)]
    with cluster() as made, open_workers(made.address) as workers:
        work = Work("clusters:begin", str(notes))
        run = workers.each(work, tasks, named=str, kept=kept)
        assert [next(run) for _ in range(4)] == [TaskResult(number) for number in range(4)]
        made.scheduler.kill()
        with pytest.raises(CoursewrightError) as caught:
            next(run)
        start = "start them with: dask scheduler, and on each machine: dask worker "
        where = made.address.removeprefix("dask://")
        assert str(caught.value) == (
            f"error: the scheduler at {made.address} is gone; 4 of 10 tasks had been done\n"
            f"hint: {start}{where} --nthreads 1: the next run of the same goes on from there"
        )
    assert capfd.readouterr().err == ""
    (notes / "open").touch()
    with open_workers("local", jobs=2) as workers:
        assert results(workers, notes, tasks, kept=kept) == list(range(10))
    again = [number for number in range(10) if noted(notes, f"gate-{number}") > 1]
    assert again == [number for number in again if 4 <= number < 8], "what was running, and nothing else"


STUB = """
import sys
sys.path += {path!r}
{more}
from distributed.cli.dask_worker import main
main()
"""


def test_workers_that_are_not_as_we_are(tmp_path: Path) -> None:
    packages = [each for each in sys.path if each.endswith("site-packages")]
    with cluster(workers=0) as made:
        where = made.address.removeprefix("dask://")
        start = f"start them with: dask scheduler, and on each machine: dask worker {where} --nthreads 1"
        with pytest.raises(CoursewrightError) as caught:
            open_workers(made.address)
        assert str(caught.value) == f"error: there is no worker at {made.address}\nhint: {start}"

        made.add_workers(1, "--no-nanny", "--name", "bare", python=("-S", "-c", STUB.format(path=packages, more="")))
        with pytest.raises(MissingPart) as missing:
            open_workers(made.address)
        worker = str(missing.value).partition("on the worker ")[2].partition(" ")[0]
        assert str(missing.value) == (
            f"error: Coursewright is not installed on the worker {worker} of {made.address}\n"
            f"hint: there: pip install coursewright=={__version__}, with the extras that the course needs"
        )
        end(made.started[-1])

        (tmp_path / "coursewright").mkdir()
        (tmp_path / "coursewright" / "__init__.py").write_text('__version__ = "0.0.1"\n')
        made.add_workers(1, "--no-nanny", path=str(tmp_path))
        with pytest.raises(CoursewrightError) as caught:
            open_workers(made.address)
        worker = str(caught.value).partition("on the worker ")[2].partition(" ")[0]
        assert str(caught.value) == (
            f"error: Coursewright is {__version__} here, and 0.0.1 on the worker {worker} of {made.address}\n"
            f"hint: have the same on both, there for instance: pip install coursewright=={__version__}"
        )
        end(made.started[-1])

        older = "import platform; platform.python_version = lambda: '3.9.2'"
        made.add_workers(1, "--no-nanny", python=("-c", STUB.format(path=[], more=older)))
        with pytest.raises(
            CoursewrightError, match=r"^error: Python is 3\.\d+\.\d+ here, and 3\.9\.2 on the worker tcp"
        ):
            open_workers(made.address)


@pytest.mark.parametrize(
    "address", ["", "remote", "dask://", "dask://here", "dask://here:port", "tcp://here:8786", "dask://here:8786/x"]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(UsageError) as caught:
        open_workers(address)
    assert str(caught.value) == f'error: "{address}" is no address of workers\nhint: give local or dask://HOST:PORT'


def test_an_address_where_nothing_listens() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        began = time.monotonic()
        with pytest.raises(CoursewrightError) as caught:
            open_workers(f"dask://127.0.0.1:{port}")
        assert time.monotonic() - began < 60
    start = f"start them with: dask scheduler, and on each machine: dask worker 127.0.0.1:{port} --nthreads 1"
    assert str(caught.value) == f"error: nothing answers at dask://127.0.0.1:{port}: Connection refused\nhint: {start}"


def test_an_address_where_something_else_listens(capfd: pytest.CaptureFixture[str]) -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"dask://127.0.0.1:{server.server_port}"
    with pytest.raises(CoursewrightError) as caught:
        open_workers(address)
    server.shutdown()
    server.server_close()
    assert str(caught.value).startswith(f"error: what answers at {address} is no Dask scheduler, or one of another ver")
    capfd.readouterr()  # what the server says of what it was asked


def test_where_there_is_no_dask_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursewright.workers.opening.find_spec", lambda _: None)
    with pytest.raises(MissingPart) as caught:
        open_workers("dask://127.0.0.1:8786")
    said = "error: dask://127.0.0.1:8786 is a Dask cluster, and Dask is not installed"
    assert str(caught.value) == f'{said}\nhint: pip install "coursewright[cluster]"'


ALONE = """
import sys
from coursewright.workers import Work, open_workers

if __name__ == "__main__":
    with open_workers("local", jobs=2) as workers:
        for _ in workers.each(Work("clusters:begin", sys.argv[1]), [("wait once", n) for n in range(2)], named=str):
            pass
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_who_began_them(tmp_path: Path, how: signal.Signals) -> None:
    script = tmp_path / "alone.py"
    script.write_text(ALONE)
    notes = tmp_path / "notes"
    notes.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(TESTS)}
    began = subprocess.Popen([sys.executable, str(script), str(notes)], env=environment, stderr=subprocess.PIPE)
    until(lambda: len([one for one in notes.glob("running-*") if one.read_text()]) == 2)
    running = [int(one.name.partition("-")[2]) for one in notes.glob("running-*")]
    os.kill(began.pid, how)
    began.communicate(timeout=60)
    until(lambda: not any(psutil.pid_exists(one) and psutil.Process(one).status() != "zombie" for one in running))
