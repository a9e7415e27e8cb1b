"""A build in several processes: the same bytes and problems, and no process left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from coursewright.courses import build, open_course
from coursewright.courses.building import jobs
from coursewright.courses.plan import PlannedPage
from coursewright.errors import CoursewrightError, SeveralProblems
from test_courses import content

POSIX = pytest.mark.skipif(os.name != "posix", reason="signals and /proc of POSIX")
FIGURE = """
from coursewright.figures import Figure

def draw(year, sales):
    return Figure(f'<svg xmlns="http://www.w3.org/2000/svg"><title>{year} {len(sales)}</title></svg>', "words")
"""
WAITS = """
import os, pathlib, time
from coursewright.figures import Figure

def draw():
    path = pathlib.Path(__file__).parent.parent / "build"
    (path / "running").mkdir(parents=True, exist_ok=True)
    (path / "running" / str(os.getpid())).touch()
    while True:
        time.sleep(0.01)
"""
ROW = """---
for_each: SELECT fruit, year FROM sales ORDER BY ALL
name: "{{ fruit }}-{{ year }}"
---

# {{ fruit }} in {{ year }}

```{table}
SELECT tonnes FROM sales WHERE fruit = :fruit AND year = :year
```

```{figure} bars
```

[the other](index.md)
"""
PAGES = {
    "pages/index.md": "# Home\n\n```{facts}\n```\n\n```{pages} row\n```\n",
    "pages/row.md": ROW,
    "pages/tell.md": "# Told\n\n```{tell} g\n:rows: sales\n```\n",
    "facts/sold.sql": '/*---\ntitle = "T"\ntell = "#fruit# sold"\n---*/\nSELECT DISTINCT fruit FROM sales ORDER BY 1\n',
    "grammars/g.json": '{"origin": ["#fruit#", "a #fruit#", "no #fruit#"]}',
    "figures/bars.py": FIGURE,
}


def cached(root: Path) -> dict[str, bytes]:
    """What the build keeps for the next, its state aside, which knows the times of files."""
    folder = root / "build/.cache/outcomes"
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_several_processes_give_the_same_bytes(make_course: Any) -> None:
    root = make_course(PAGES)
    assert build(open_course(root)).executed == 6
    first, kept = content(root), cached(root)
    built = build(open_course(root), force=True, jobs=3, why=True)
    assert (built.executed, content(root), cached(root)) == (6, first, kept)
    assert [why.address for why in built.whys] == list(built.pages)
    assert build(open_course(root)).executed == 0
    # of two pages that changed, each in a process; one that is kept is kept by its outcomes too
    (root / "data/sales.csv").write_text("year,fruit,tonnes\n2023,apple,1\n2024,fig,2\n", encoding="utf-8")
    assert build(open_course(root), jobs=2).executed == 4
    parallel, kept = content(root), cached(root)
    build(open_course(root), force=True)
    assert (content(root), cached(root)) == (parallel, kept)


def test_what_the_caller_set_holds_in_every_process(make_course: Any) -> None:
    root = make_course({"pages/a.md": "# {{ year }}\n", "pages/b.md": "# B {{ year }}\n"})
    build(open_course(root, {"year": 2031}), jobs=2)
    assert "B 2031" in (root / "build/site/b.html").read_text(encoding="utf-8")


def test_problems_are_the_same_in_the_same_order(make_course: Any) -> None:
    broken = {f"pages/{name}.md": f"# {name}\n\n```{{table}} no_{name}\n```\n\n{{{{ x }}}}\n" for name in "abcdef"}
    root = make_course({**broken, "pages/good.md": "# Good\n"})
    said = []
    for number in (1, 2):
        with pytest.raises(SeveralProblems) as error:
            build(open_course(root), jobs=number)
        said.append(error.value.problems)
    assert said[0] == said[1]
    assert [problem.message for problem in said[0]][:3] == [
        *('no table called "no_a"', 'no parameter called "x"', 'no table called "no_b"'),
    ]
    assert not (root / "build").exists()


@POSIX
def test_a_process_that_is_killed_is_an_error(make_course: Any) -> None:
    killed = "import os, signal\n\ndef draw():\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    root = make_course({"pages/a.md": "```{figure} k\n```\n", "pages/b.md": "# B\n", "figures/k.py": killed})
    with pytest.raises(CoursewrightError) as error:
        build(open_course(root), jobs=2)
    assert str(error.value) == (
        "error: a process that made pages has ended (exit status -9)\n"
        "hint: build with fewer --jobs: each needs memory of its own"
    )
    assert not (root / "build").exists()


@POSIX
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_process_outlives_the_build(make_course: Any, how: signal.Signals) -> None:
    pages = {f"pages/{name}.md": "```{figure} waits\n```\n" for name in "ab"}
    root = make_course({**pages, "figures/waits.py": WAITS})
    command = [sys.executable, "-m", "coursewright", "build", str(root), "--jobs", "2"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    running = root / "build/running"
    while len(list(running.glob("*"))) < 2:  # until both draw
        assert process.poll() is None
        os.sched_yield()
    if how == signal.SIGINT:
        os.killpg(process.pid, how)  # as a terminal does it
    else:
        process.kill()
    error = process.communicate(timeout=60)[1]  # it ends when the last process that has it open does
    assert "Traceback" not in error
    assert process.returncode == (130 if how == signal.SIGINT else -how)


@POSIX
def test_a_build_that_is_killed_is_made_good_by_the_next(make_course: Any) -> None:
    root = make_course(PAGES)
    build(open_course(root))
    good = content(root)
    script = "import sys; from coursewright.courses import build, open_course\nif __name__ == '__main__':\n"
    script += (
        "    build(open_course(sys.argv[1]), force=True, jobs=2, progress=lambda _, n, of: print(n, flush=True))\n"
    )
    (root.parent / "forced.py").write_text(script)
    for moment in range(1, 7, 2):
        process = subprocess.Popen(
            [sys.executable, str(root.parent / "forced.py"), str(root)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout
        while int(process.stdout.readline() or 9) < moment:
            pass
        process.kill()
        process.communicate()
        left = content(root)  # with what was begun, which the next build clears away
        assert {name: text for name, text in left.items() if not name.startswith(".coursewright-")} == good
        build(open_course(root))
        assert content(root) == good


def test_one_page_needs_no_other_process(make_course: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> Iterator[PlannedPage]:
        raise AssertionError

    monkeypatch.setattr(jobs, "_make", none)
    root = make_course({"pages/a.md": "# A\n"})
    assert build(open_course(root), jobs=8).executed == 1
    assert build(open_course(root), jobs=8).executed == 0
