"""The folder of a build: ours is replaced, whole and never absent, and what is the user's is left alone."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from coursewright import ours
from coursewright.courses import build, open_course
from coursewright.errors import CoursewrightError, SeveralProblems

PAGES = {"pages/index.md": "# A\n\n```{table} sales\n```\n", "pages/b.md": "# B\n\n{{ year }}\n"}
POSIX = pytest.mark.skipif(os.name != "posix", reason="needs signals and links")


@pytest.fixture
def made(make_course: Any) -> Path:
    """A course that was built."""
    root: Path = make_course(PAGES)
    build(open_course(root))
    return root


def content(folder: Path) -> dict[str, bytes]:
    """Every file, but for what is noted of when they were written."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("state", "standing"))
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_what_is_the_users_stays_where_it_is(make_course: Any) -> None:
    mine = {".build-notes/a.txt": "mine", "build/image/tiers/x": "recipe", "build/notes.txt": "too"}
    root = make_course({**PAGES, **mine})
    (root / "pages/c.md").write_text("# C\n")
    for _ in range(2):
        build(open_course(root))
        assert {name: (root / name).read_text() for name in mine} == mine
        assert (root / "build/site/c.html").exists() == (root / "pages/c.md").exists()
        (root / "pages/c.md").unlink(missing_ok=True)


@pytest.mark.parametrize("name", ["site", "markdown", ".cache"])
def test_a_folder_of_the_users_in_the_way_is_named(make_course: Any, name: str) -> None:
    root = make_course({**PAGES, f"build/{name}/mine.json": "{}"})
    with pytest.raises(CoursewrightError) as error:
        build(open_course(root))
    assert str(error.value) == (
        f'error: "{root}/build/{name}" was not made by coursewright\n'
        "hint: move it away, or delete it if nothing in it is needed"
    )
    assert content(root / "build") == {f"{name}/mine.json": b"{}"}


def test_a_build_of_a_version_without_marks_is_ours(made: Path) -> None:
    good = content(made / "build")
    (made / "build/.coursewright").unlink()
    shutil.rmtree(made / "build/.cache")
    (made / "build/.cache").mkdir()
    (made / "build/.cache/index.json").write_text('{"made_from":"…"}')
    (made / "build/site/gone.html").write_text("")
    (made / "build/notes.txt").write_text("mine")
    build(open_course(made))
    assert content(made / "build") == {**good, "notes.txt": b"mine"}


@pytest.mark.parametrize("entry", ["../data", "../../mine", "MINE", "..", "", ".", "site/.."])
def test_a_mark_that_names_what_is_no_entry_removes_nothing(made: Path, entry: str) -> None:
    (made.parent / "mine").mkdir()
    entry = entry.replace("MINE", str(made.parent / "mine"))  # nothing else: without the check it would be gone
    mark = made / "build" / ours.MARK
    mark.write_text(mark.read_text().replace('"site"', f'"site","{entry}"'))
    build(open_course(made), force=True)
    assert (made / "data" / "sales.csv").is_file()
    assert (made.parent / "mine").is_dir()
    assert (made / "build" / "site" / "b.html").is_file()


def test_a_format_that_is_no_more_leaves_nothing_behind(made: Path) -> None:
    mark = made / "build/.coursewright"
    mark.write_text(mark.read_text().replace('"site"', '"site","slides"'))
    (made / "build/slides").mkdir()
    build(open_course(made), only=["markdown"])
    assert not (made / "build/slides").exists()
    assert (made / "build/site/index.html").exists()
    assert "slides" not in mark.read_text()


@POSIX
def test_a_build_that_is_a_link_is_followed(make_course: Any, tmp_path: Path) -> None:
    root = make_course(PAGES)
    (tmp_path / "elsewhere").mkdir()
    (root / "build").symlink_to("../elsewhere")
    for _ in range(2):
        build(open_course(root))
        assert (root / "build").is_symlink()
        assert (tmp_path / "elsewhere/site/index.html").exists()


@POSIX
def test_links_that_cannot_be_followed_are_named(made: Path, tmp_path: Path) -> None:
    shutil.move(made / "build/site", tmp_path / "site")
    (made / "build/site").symlink_to(tmp_path / "site")
    with pytest.raises(CoursewrightError) as error:
        build(open_course(made))
    assert str(error.value) == (
        f'error: "{made}/build/site" is a link, and cannot be replaced\n'
        "hint: remove the link; build as a whole may be one"
    )
    assert (tmp_path / "site/index.html").exists()
    shutil.rmtree(made / "build")
    (made / "build").symlink_to("nowhere")
    with pytest.raises(CoursewrightError) as error:
        build(open_course(made))
    assert str(error.value) == (
        f'error: "{made}/build" is a link to a folder that is not there\nhint: make that folder, or remove the link'
    )


def test_a_file_called_build_is_left_alone(make_course: Any) -> None:
    root = make_course({**PAGES, "build": "mine"})
    with pytest.raises(CoursewrightError, match='build" is a file\nhint: move it away: the build goes there'):
        build(open_course(root))
    assert (root / "build").read_text() == "mine"


def test_a_build_that_fails_makes_no_folder(make_course: Any) -> None:
    root = make_course({"pages/a.md": "{{ nothing }}\n"})
    with pytest.raises(SeveralProblems):
        build(open_course(root))
    assert not (root / "build").exists()


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="needs an exchange of two paths")
def test_a_reader_always_finds_the_site(made: Path) -> None:
    page, done, absent = str(made / "build/site/index.html"), threading.Event(), []

    def read() -> None:
        while not done.is_set():
            if not os.path.exists(page):  # noqa: PTH110 - as quick as can be
                absent.append(page)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(20):
            build(open_course(made))
    finally:
        done.set()
        reader.join()
    assert absent == []


def test_without_an_exchange_two_renames_do(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "_exchanger", lambda: None)
    good = content(made / "build")
    (made / "build/site/gone.html").write_text("")
    build(open_course(made))
    assert content(made / "build") == good


def test_two_builds_at_once_wait_for_each_other(make_course: Any) -> None:
    root = make_course(PAGES)
    raised: list[BaseException] = []

    def run() -> None:
        try:
            build(open_course(root), force=True)
        except BaseException as error:  # noqa: BLE001 - of another thread
            raised.append(error)

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert raised == []
    made = [".cache", ".coursewright", "markdown", "notebooks", "site"]
    assert sorted(path.name for path in (root / "build").iterdir()) == made


def test_a_build_whose_folder_is_removed_while_it_waits_makes_another(tmp_path: Path) -> None:
    folder = tmp_path / "build"

    def make() -> None:
        with ours.replacing(folder, ["site"]) as new:
            (new / "site").mkdir()

    other = threading.Thread(target=make)
    with contextlib.suppress(RuntimeError), ours.replacing(folder, ["site"]):
        other.start()
        time.sleep(0.2)  # until it waits
        raise RuntimeError
    other.join()
    assert (folder / "site").is_dir()


_CHANGES = {"os.mkdir", "os.rename", "os.rmdir", "os.remove", "open"}


def _killed(root: Path, moment: int, exchange: bool) -> None:
    """Build everything, and be killed at the change of that number in the folder of the build."""
    if not exchange:
        ours._exchanger = lambda: None
    course, folder, changes = open_course(root), str(root / "build"), 0

    def count(event: str, arguments: tuple[Any, ...]) -> None:
        nonlocal changes
        if event in _CHANGES and str(arguments[0]).startswith((folder, ".coursewright")):
            changes += 1
            if changes == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    build(course, force=True)


@pytest.fixture(scope="module")
def start() -> Callable[..., int | None]:
    """A function that runs `_killed` in a process of its own, and gives its exit status."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["coursewright.courses", "coursewright.tables.database"])

    def run(*arguments: Any) -> int | None:
        process = context.Process(target=_killed, args=arguments)
        process.start()
        process.join()
        return process.exitcode

    return run


@POSIX
@pytest.mark.parametrize("exchange", [True, False])
def test_a_build_killed_at_any_moment_is_made_good_by_the_next(
    made: Path, start: Callable[..., int | None], exchange: bool
) -> None:
    good = content(made / "build")
    moment, changed = 1, "# Changed\n"
    while True:
        (made / "pages/b.md").write_text(changed)
        exitcode = start(made, moment, exchange)
        if exitcode == 0:
            break
        assert exitcode == -signal.SIGKILL
        if exchange:
            assert (made / "build/site/index.html").exists()
        (made / "pages/index.md").write_text("{{ nothing }}\n")
        with pytest.raises(SeveralProblems):  # also one that fails puts back the last good one
            build(open_course(made))
        assert (made / "build/site/index.html").exists()
        for name, text in PAGES.items():
            (made / name).write_text(text)
        build(open_course(made))
        assert content(made / "build") == good
        moment += 1 if moment < 4 else 3
    assert moment > 20
