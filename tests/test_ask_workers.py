"""Variants drawn by workers: the bytes that one process writes, whoever draws and whoever dies."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from clusters import Cluster
from coursewright.cli import main
from coursewright.questions import draw, read_question
from coursewright.workers import Work, open_workers

PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
DRAWN = """\
---
title: A sum
kind: number
---
```python
a = pick(range(40))
b = pick(range(40))
answer = a + b
```
# Question

![a square](pictures/a%20square.svg) How much are {{ a }} and {{ b }}?
"""
FEW = DRAWN.replace("range(40)", "range(3)")
FAILS = DRAWN.replace("answer = a + b", "answer = a + 1 // (a - 7) * 0")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "a [b] ü"
    (folder / "questions" / "pictures").mkdir(parents=True)
    (folder / "course.toml").write_text('[course]\ntitle = "A course"\n')
    (folder / "questions" / "pictures" / "a square.svg").write_text(PICTURE)
    (folder / "questions" / "sum.md").write_text(DRAWN)
    (folder / "questions" / "few.md").write_text(FEW)
    monkeypatch.chdir(folder)
    return folder


def written(folder: Path, *options: str) -> bytes:
    assert main(["ask", "--variants", "300", "--to", "moodle", "--name", "all", "--output", "out", *options]) == 0
    return (folder / "out" / "all.xml").read_bytes()


def test_a_cluster_writes_the_bytes_that_one_process_writes(course: Path, dask_cluster: Cluster) -> None:
    alone = written(course)
    assert written(course, "--workers", dask_cluster.address) == alone
    assert alone.count(b'<question type="numerical"') == 309
    assert b"<file name=" in alone


def test_the_variants_of_students_hang_on_them_alone(course: Path, dask_cluster: Cluster) -> None:
    (course / "class.txt").write_text("".join(f"student{number}\n" for number in range(300)))
    question = read_question(course / "questions" / "sum.md")
    who = (course / "class.txt").read_text().split()
    alone = [drawn.variant for drawn in draw(question, who, distinct=False)]
    with open_workers(dask_cluster.address) as workers:
        shared = [drawn.variant for drawn in draw(question, who, distinct=False, workers=workers, keep=200)]
    assert shared[:200] == alone[:200]
    assert shared[200:] == [None] * 100


def test_a_worker_that_is_killed_changes_nothing(course: Path, tmp_path: Path, dask_cluster: Cluster) -> None:
    question, who = read_question(course / "questions" / "sum.md"), [str(number) for number in range(1, 1201)]
    alone = [drawn.variant for drawn in draw(question, who)]
    with open_workers(dask_cluster.address) as workers:
        (found,) = workers.each(Work("clusters:begin", str(tmp_path)), [("process", 0)], named=str)
        draws = draw(question, who, workers=workers)
        first = next(draws)
        os.kill(found.result, signal.SIGKILL)
        assert [drawn.variant for drawn in (first, *draws)] == alone


def test_a_draw_that_fails_is_told_as_one_process_tells_it(
    course: Path, capsys: pytest.CaptureFixture[str], dask_cluster: Cluster
) -> None:
    (course / "questions" / "sum.md").write_text(FAILS)
    told = []
    for workers in ("local", dask_cluster.address):
        options = ["--to", "moodle", "--name", "all", "--output", workers.partition(":")[0], "--workers", workers]
        assert main(["ask", "--variants", "200", *options]) == 1
        told.append(capsys.readouterr().err.replace("dask/", "local/"))
        assert Path(workers.partition(":")[0], "all.xml").read_bytes().count(b'<question type="numerical"') == 9
    assert told[0] == told[1]
    assert 'error: question "sum", seed 0, variant' in told[0]
    assert "questions/sum.md:8" in told[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--workers", "dask://127.0.0.1"], 'error: "dask://127.0.0.1" is no address of workers\n'),
        (["--workers", "dask://127.0.0.1:1", "--untrusted"], "error: --untrusted goes with local workers only\n"),
    ],
)
def test_what_cannot_be_asked_of_workers_is_said(
    options: list[str], said: str, course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert course.is_dir()
    assert main(["ask", *options]) == 2
    assert capsys.readouterr().err.startswith(said)
