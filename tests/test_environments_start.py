"""What a container does before its services: who the learner is, the course in the home, the hooks."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.environments.runtime import hooks
from coursewright.environments.runtime.content import NOTICE, Delivery, bring, notice
from coursewright.environments.runtime.prepare import module
from coursewright.environments.runtime.program import ServiceProgram

RUNTIME = Path(sys.modules["coursewright"].__path__[0]) / "environments"
NAMES = ["a.md", "b.ipynb", "data/c.csv", "data/deep/d", "a.new.md"]


def files(folder: Path) -> dict[str, str]:
    """The texts of all files, but for our own record."""
    found = {str(path.relative_to(folder)): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_text() for name, path in found.items() if ".coursewright" not in name}


def write(folder: Path, texts: Mapping[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that has the first edition of a course."""
    assert bring(write(tmp_path / "first", {"a.md": "one", "data/b": "two", "c": "x"}), tmp_path / "home/course").new
    return tmp_path / "home/course"


def test_an_empty_home_gets_the_course(home: Path) -> None:
    assert files(home) == {"a.md": "one", "data/b": "two", "c": "x"}
    assert all(os.access(path, os.W_OK) for path in (home, home / "data", home / "a.md"))


def test_a_new_edition_replaces_what_nobody_touched(home: Path, tmp_path: Path) -> None:
    (home / "mine").write_text("of the learner")
    brought = bring(write(tmp_path / "second", {"a.md": "1", "data/b": "two", "d": "new"}), home)
    assert brought == Delivery(new=("a.md", "d"), removed=("c",))
    assert files(home) == {"a.md": "1", "data/b": "two", "d": "new", "mine": "of the learner"}


def test_what_both_have_changed_stays_and_the_new_is_beside(home: Path, tmp_path: Path) -> None:
    (home / "a.md").write_text("mine")
    second = write(tmp_path / "second", {"a.md": "1", "data/b": "two", "c": "x"})
    assert bring(second, home).kept == (("a.md", "a.new.md"),)
    assert bring(second, home) == Delivery()  # once is enough
    (home / "a.new.md").write_text("mine too")
    assert bring(write(tmp_path / "third", {"a.md": "2", "data/b": "two", "c": "x"}), home).kept == (
        ("a.md", "a.new-2.md"),
    )
    assert {"a.md": "mine", "a.new.md": "mine too", "a.new-2.md": "2"}.items() <= files(home).items()
    assert notice(Delivery(kept=(("a.md", "a.new.md"),))) == (
        "# New in the course\n\nYou have changed these files, and so has the course:\n\n"
        "- `a.md`: yours is as you left it; the course's is `a.new.md`\n"
    )


def notebook(*sources: str) -> str:
    cells = [{"cell_type": "markdown", "id": text[0], "metadata": {}, "source": text} for text in sources]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def cells(file: Path) -> list[str]:
    sources = ["".join(cell["source"]) for cell in json.loads(file.read_text())["cells"]]
    return [source for source in sources if "New in the" not in source]


def test_notebooks_are_merged_by_their_cells(tmp_path: Path) -> None:
    home, first = tmp_path / "home", write(tmp_path / "1", {"a.ipynb": notebook("a", "b", "c"), "b.ipynb": "broken"})
    bring(first, home)
    record = (home / ".coursewright-course.json").read_text()
    write(home, {"a.ipynb": notebook("a mine", "b mine", "c"), "b.ipynb": "mine"})
    second = write(tmp_path / "2", {"a.ipynb": notebook("a", "b 2", "c 2", "d"), "b.ipynb": notebook("a")})
    brought = bring(second, home)
    assert brought == Delivery(kept=(("b.ipynb", "b.new.ipynb"),), merged=(("a.ipynb", ("b 2",)),))
    assert cells(home / "a.ipynb") == ["a mine", "b mine", "b 2", "c 2", "d"]
    assert notice(replace(brought, kept=())) == (
        "# New in the course\n\nYou have changed these files, and so has the course:\n\n- `a.ipynb`: what is "
        "new in the course is in it, and all of yours; the course's versions of these cells stand beside "
        "yours:\n  - `b 2`\n"
    )
    (home / ".coursewright-course.json").write_text(record)  # as if the start had been killed before it was written
    now = files(home)
    assert bring(second, home).merged == (("a.ipynb", ()),)
    assert files(home) == now
    assert bring(second, home) == Delivery()


def test_a_record_of_before_notebooks_were_merged(tmp_path: Path) -> None:
    home, first = tmp_path / "home", write(tmp_path / "1", {"a.ipynb": notebook("a", "b")})
    bring(first, home)
    record = json.loads((home / ".coursewright-course.json").read_text())
    (home / ".coursewright-course.json").write_text(json.dumps({name: record[name] for name in ("put", "beside")}))
    write(home, {"a.ipynb": notebook("a mine", "b")})
    bring(first, home)  # a start with the same course is enough to know it
    bring(write(tmp_path / "2", {"a.ipynb": notebook("a", "b 2")}), home)
    assert cells(home / "a.ipynb") == ["a mine", "b 2"]


def test_what_the_learner_deleted_stays_deleted_until_the_course_changes_it(home: Path, tmp_path: Path) -> None:
    (home / "a.md").unlink()
    assert bring(tmp_path / "first", home) == Delivery()
    assert bring(write(tmp_path / "second", {"a.md": "1", "data/b": "two", "c": "x"}), home).new == ("a.md",)


def test_what_the_course_gave_up_and_the_learner_changed_stays(home: Path, tmp_path: Path) -> None:
    (home / "c").write_text("mine")
    assert bring(write(tmp_path / "second", {"a.md": "one", "data/b": "two"}), home) == Delivery()
    assert (home / "c").read_text() == "mine"


def test_a_volume_of_last_year_without_a_record(tmp_path: Path) -> None:
    home = write(tmp_path / "home", {"a.md": "mine, or last year's", "b": "same"})
    brought = bring(write(tmp_path / "course", {"a.md": "new", "b": "same", "c": "x"}), home)
    assert brought == Delivery(new=("c",), kept=(("a.md", "a.new.md"),))
    (home / ".coursewright-course.json").write_text("[1")
    assert bring(tmp_path / "course", home).kept == (("a.md", "a.new.md"),)


def test_a_file_becomes_a_folder_and_a_folder_a_file(home: Path, tmp_path: Path) -> None:
    second = write(tmp_path / "second", {"a.md/index": "1", "data": "2", "c": "x"})
    assert bring(second, home) == Delivery(new=("a.md/index", "data"), removed=("a.md", "data/b"))
    assert files(home) == {"a.md/index": "1", "data": "2", "c": "x"}
    (home / "data").write_text("mine")
    third = write(tmp_path / "third", {"data/b": "3", "c": "x"})
    assert bring(third, home).kept == (("data/b", ""),)
    assert bring(third, home).kept == (("data/b", ""),)  # told again, as long as it is not there
    (home / "data").unlink()
    assert bring(third, home).new == ("data/b",)
    assert not (home / "a.md").exists()


def test_links_of_the_learners_are_not_followed(home: Path, tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"b": "not ours"})
    (home / "data/b").unlink()
    (home / "data").rmdir()
    (home / "data").symlink_to(outside)
    (home / "a.md").unlink()
    (home / "a.md").symlink_to(outside / "b")
    (home / "c").unlink()
    (home / "c").mkdir()
    brought = bring(write(tmp_path / "second", {"a.md": "1", "data/b": "2", "c": "3"}), home)
    assert brought.kept == (("a.md", "a.new.md"), ("c", "c.new"), ("data/b", ""))
    assert files(outside) == {"b": "not ours"}
    assert "a link or a file of yours is in its way" in notice(brought)


def test_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    write(tmp_path / "course", {"a.md": "1"})
    write(tmp_path, {"home": "a file"})
    command = [sys.executable, "-m", "runtime.content", str(tmp_path / "course"), str(tmp_path / "home/course")]
    ran = subprocess.run(command, cwd=RUNTIME, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"coursewright: the course cannot be put into {tmp_path}/home/course: ")
    command[-1] = str(tmp_path / "other")
    write(tmp_path / "other", {"a.md": "mine"})
    ran = subprocess.run(command, cwd=RUNTIME, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "coursewright: a.md was changed, and stays; the course's: a.new.md\n")
    assert "yours is as you left it" in (tmp_path / "other" / NOTICE).read_text()


EDITION = st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["1", "2", "3"]))
EDITS = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([None, "1", "mine", "ours"]))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(EDITION, EDITS), min_size=1, max_size=5))
def test_nobody_loses_work(history: list[tuple[dict[str, str], dict[str, str | None]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for number, (edition, edits) in enumerate(history):
            before = files(home) if home.is_dir() else {}
            record = home / ".coursewright-course.json"
            put = json.loads(record.read_text()) if record.exists() else {"put": {}, "beside": {}}
            last = history[number - 1][0] if number else {}
            (Path(folder) / str(number)).mkdir()
            bring(write(Path(folder) / str(number), edition), home)
            now = files(home)
            for name, text in before.items():  # what the learner wrote is there, under its own name
                of_ours = text == last.get(name) or name in put["beside"]
                assert of_ours or now[name] == text
            for name, text in edition.items():  # and so is what is new in the course, somewhere
                assert text in now.values() or last.get(name) == text
            for name, text in edits.items():
                if text is None:
                    (home / name).unlink(missing_ok=True)
                else:
                    write(home, {name: text})


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the system does not tell")
def test_a_service_hears_every_signal_and_sees_what_is_meant_whoever_started_it(tmp_path: Path) -> None:
    """Python ignores SIGPIPE, nohup SIGHUP; what is in a terminal is not for services, and loopback not for a proxy."""
    command = ("sh", "-c", "grep -E '^Sig(Blk|Ign)' /proc/self/status; env")
    program = ServiceProgram("seen", command, {"LANG": "C.UTF-8"}, str(tmp_path))
    file = tmp_path / "programs/seen.json"
    for folder in ("programs", "begun"):
        (tmp_path / folder).mkdir()
    file.write_text(json.dumps({"program": program.written(), "needed": []}))
    told = {"LC_ALL": "C", "http_proxy": "http://proxy", "NO_PROXY": "x, y", "SUPERVISOR_ENABLED": "1"}
    ran = subprocess.run(
        [sys.executable, "-c", HARD_OF_HEARING, *module("start"), str(file)],
        env={**os.environ, **told}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    seen = set(ran.stdout.splitlines())
    deaf = dict(re.findall(r"Sig(Blk|Ign):\t(\w+)", ran.stdout))
    assert {
        number for number in signal.valid_signals() for one in deaf.values() if int(one, 16) >> number - 1 & 1
    } == set()
    assert set(deaf) == {"Blk", "Ign"}
    without = "x,y,127.0.0.1,localhost"
    assert {"LANG=C.UTF-8", f"no_proxy={without}", f"NO_PROXY={without}", "http_proxy=http://proxy"} <= seen
    assert not any(one.startswith(("LC_ALL=", "SUPERVISOR_")) for one in seen)
    assert (tmp_path / "begun/seen").read_text().isdecimal()


HARD_OF_HEARING = """
import os, signal, sys
for number in (signal.SIGHUP, signal.SIGCHLD, signal.SIGUSR1):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT})
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hooks").mkdir()
    return tmp_path / "hooks"


def start(command: list[str], more: Mapping[str, str], **how: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, env={**os.environ, **more}, **how)


def test_hooks_are_run_in_order_and_export_variables(folder: Path, tmp_path: Path) -> None:
    write(
        folder,
        {"10-a.sh": "export MODE='of the\nhook'\nONE=1\n", "20-b": f'#!/bin/sh\nprintf %s "$MODE" > {tmp_path}/said\n'},
    )
    (folder / "20-b").chmod(0o755)
    write(folder, {"30-c": "not executable", "40-d.sh": "export MODE=$MODE! PATH=/x:$PATH"})
    said: list[str] = []
    changed = hooks.run(folder, start, said.append)
    assert said == [f"{folder}/30-c is not run: its name does not end with .sh, and it cannot be executed"]
    assert changed == {"MODE": "of the\nhook!", "ONE": "1", "PATH": f"/x:{os.environ['PATH']}"}
    assert (tmp_path / "said").read_text() == "of the\nhook"
    assert hooks.run(tmp_path / "none", start) == {}


def test_whose_variables_a_hook_is_run_with_stay_theirs(folder: Path) -> None:
    """Root starts it as the learner: what it did not change must not become root's own."""

    def as_learner(command: list[str], more: Mapping[str, str], **how: int) -> subprocess.Popen[bytes]:
        return start(command, {"HOME": "/home/learner", "USER": "learner", **more}, **how)

    write(folder, {"10-a.sh": "ONE=1\n", "20-b.sh": "HOME=/elsewhere\nTWO=$ONE\n"})
    assert hooks.run(folder, as_learner) == {"ONE": "1", "TWO": "1", "HOME": "/elsewhere"}


@pytest.mark.parametrize("text", ["exit 3", "false; (exit 3)", "return 3"])
def test_a_hook_that_fails_ends_the_start(folder: Path, text: str) -> None:
    write(folder, {"a.sh": text, "b.sh": "touch never"})
    with pytest.raises(ValueError, match=r"/a\.sh ended with 3, and nothing is started$"):
        hooks.run(folder, start)
