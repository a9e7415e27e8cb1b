"""A learner's work as one archive, thrown out of one session and brought back in the next."""

from __future__ import annotations

import io
import json
import secrets
import shutil
import stat
import subprocess
import urllib.request
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursewright.environments.runtime import keep
from coursewright.environments.runtime.content import Delivery, bring
from coursewright.environments.runtime.keep import ARCHIVE, KeptWork, UnfitArchive, pack, restore, work
from coursewright.environments.runtime.keep_page import page
from coursewright.environments.runtime.keeping import KeepProblem, magic
from coursewright.environments.runtime.proxy import jupyter_config
from jupyters import JUPYTER, folder_of_its_own, free_port, needs_jupyter, program
from servers import _user
from test_browser import NODE, chromium  # noqa: F401 - a fixture
from test_environments_start import cells, files, notebook, write

FIRST = {"a.ipynb": notebook("a", "b", "c"), "data/t.csv": "1", "text.md": "one", "gone.md": "x"}
SECOND = {"a.ipynb": notebook("a 2", "b", "c 2", "d"), "data/t.csv": "1", "text.md": "two", "gone.md": "x"}
MINE = {"a.ipynb": notebook("a mine", "b mine", "c"), "text.md": "mine", "sub/new.bin": "\x00\x01", ".secret": "key"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which a learner has worked on the first edition of a course."""
    folder = tmp_path / "home"
    bring(write(tmp_path / "1", FIRST), folder)
    write(folder, MINE)
    (folder / "gone.md").unlink()
    (folder / "link").symlink_to("/etc/passwd")
    return folder


def kept(folder: Path) -> bytes:
    return pack(folder, work(folder))


def next_home(tmp_path: Path, texts: Mapping[str, str] = SECOND) -> Path:
    bring(write(tmp_path / "2", texts), tmp_path / "next")
    return tmp_path / "next"


def test_what_is_kept_is_what_the_learner_changed_and_nothing_of_the_home(home: Path) -> None:
    found = work(home)
    assert (found.files, found.deleted) == (("a.ipynb", "sub/new.bin", "text.md"), ("gone.md",))
    names = zipfile.ZipFile(io.BytesIO(kept(home))).namelist()
    assert names == ["coursewright-keep.json", "work/a.ipynb", "work/sub/new.bin", "work/text.md"]


def test_it_comes_back_into_a_newer_course(home: Path, tmp_path: Path) -> None:
    new = next_home(tmp_path)
    brought = restore(kept(home), new)
    assert brought == Delivery(
        new=("sub/new.bin",),
        removed=("gone.md",),
        kept=(("text.md", "text.new.md"),),
        merged=(("a.ipynb", ("a 2",)),),
    )
    assert cells(new / "a.ipynb") == ["a mine", "a 2", "b mine", "c 2", "d"]
    assert {"text.md": "mine", "text.new.md": "two", "sub/new.bin": "\x00\x01"}.items() <= files(new).items()
    now = files(new)
    assert restore(kept(home), new) == Delivery(merged=(("a.ipynb", ()),))  # once is enough
    assert files(new) == now
    assert bring(tmp_path / "2", new) == Delivery()
    bring(write(tmp_path / "3", {**SECOND, "text.md": "three"}), new)  # an edition later it is the learner's, still
    assert {"text.md": "mine", "text.new.md": "three"}.items() <= files(new).items()


def test_what_was_done_in_the_new_session_is_not_lost_either(home: Path, tmp_path: Path) -> None:
    new = next_home(tmp_path)
    write(new, {"text.md": "written since", "a.ipynb": notebook("a 2", "b since", "c 2", "d")})
    restore(kept(home), new)
    assert {"text.md": "mine", "text.new.md": "written since"}.items() <= files(new).items()
    assert cells(new / "a.ipynb") == ["a mine", "a 2", "b mine", "b since", "c 2", "d"]


def test_the_same_course_gives_the_work_as_it_was(home: Path, tmp_path: Path) -> None:
    new = next_home(tmp_path, FIRST)
    restore(kept(home), new)
    was = {name: text for name, text in files(home).items() if name not in (".secret", "link")}
    assert files(new) == was


def test_a_clone_is_compared_with_its_last_commit(tmp_path: Path) -> None:
    clone = write(tmp_path / "clone", FIRST)
    run = ["git", "-C", str(clone), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "the course"]):
        subprocess.run([*run, *command], check=True)
    write(clone, {name: text for name, text in MINE.items() if name != ".secret"})
    assert work(clone).files == ("a.ipynb", "sub/new.bin", "text.md")
    new = next_home(tmp_path)
    restore(kept(clone), new)
    assert cells(new / "a.ipynb") == ["a mine", "a 2", "b mine", "c 2", "d"]


def test_what_is_too_large_is_left_out_and_told(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keep, "LARGEST", 50)
    assert work(home).left_out == ("a.ipynb",)


def archive(*entries: tuple[str, str], says: object = None, mode: int = 0) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("coursewright-keep.json", json.dumps(says or {"format": 1, "bases": {}, "deleted": {}}))
        for name, text in entries:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            file.writestr(entry, text)
    return made.getvalue()


BAD = "'{}' in it is no file of a course"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"no archive", "it cannot be read: File is not a zip file"),
        (archive()[:-30], "it cannot be read: File is not a zip file"),
        (archive(("work/../up", "x")), BAD.format("work/../up")),
        (archive(("work//etc/x", "x")), BAD.format("work//etc/x")),
        (archive(("/etc/x", "x")), BAD.format("/etc/x")),
        (archive(("work/.ssh/authorized_keys", "x")), BAD.format("work/.ssh/authorized_keys")),
        (archive(("work/C:x", "x")), BAD.format("work/C:x")),
        (archive(("work/a\\b", "x")), BAD.format("work/a\\\\b")),
        (archive(("work/link", "/etc/passwd"), mode=stat.S_IFLNK), BAD.format("work/link")),
        (archive(("other/a", "x")), BAD.format("other/a")),
        (archive(("work/a", "0" * 100_000_002)), BAD.format("work/a")),
        (archive(*((f"work/{n}", "") for n in range(5001))), "it is too large: more than 5000 files, or 500 MB"),
        (archive(says={"format": 2}), "it is of another version of %keep"),
        (archive(says={"format": 1, "bases": {}, "deleted": {"../x": "1"}}), "what it says of itself cannot be read"),
        (archive(says={"format": 1, "bases": {"a": 1}, "deleted": {}}), "what it says of itself cannot be read"),
    ],
)
def test_an_archive_is_from_anybody(data: bytes, said: str, tmp_path: Path) -> None:
    with pytest.raises(UnfitArchive) as caught:
        restore(data, write(tmp_path / "home", {"a": "mine"}))
    assert str(caught.value) == said
    assert files(tmp_path) == {"home/a": "mine"}


def test_an_archive_that_is_none_of_ours(tmp_path: Path) -> None:
    made = io.BytesIO()
    zipfile.ZipFile(made, "w").close()
    with pytest.raises(UnfitArchive, match=r"^it is an archive, but not one that %keep made$"):
        restore(made.getvalue(), tmp_path)


def test_a_damaged_outline_is_as_none(tmp_path: Path) -> None:
    part = {"key": "a", "named": True, "kind": "code", "source": "x", "outputs": "x", "metadata": 1}
    bases = {"a.ipynb": {"hash": "x", "outline": {"parts": [part], "metadata": {}}}}
    says = {"format": 1, "bases": bases, "deleted": {}}
    new = next_home(tmp_path)
    restore(archive(("work/a.ipynb", notebook("a mine")), says=says), new)
    assert cells(new / "a.ipynb")[:2] == ["a mine", "a 2"]


def test_the_magic(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture) -> None:
    (home / "sub dir").mkdir()
    monkeypatch.chdir(home / "sub dir")
    link = magic("")
    assert link is not None
    text = link._repr_html_()
    assert text.startswith('<a href="../kept-work.zip" download="kept-work.zip">Download your work: 4 files, ')
    new = next_home(tmp_path)
    monkeypatch.chdir(new)
    with pytest.raises(KeepProblem) as caught:
        magic("restore")
    assert str(caught.value) == (
        f"error: {new}/{ARCHIVE} cannot be read: No such file or directory\n"
        f"hint: upload {ARCHIVE} to {new}, and run this again"
    )
    with pytest.raises(KeepProblem, match=r'^error: %keep knows no "retsore"\nhint: write %keep, or %keep restore$'):
        magic("retsore")
    shutil.copy(home / ARCHIVE, new)
    magic("restore")
    assert capsys.readouterr().out.startswith(
        "Your work is back: 4 files. Close and open notebooks that are open.\n\n# New in the course\n\nKept work has "
    )
    (new / "bad.zip").write_text("x")
    with pytest.raises(
        KeepProblem, match=r"^error: bad\.zip is not brought back: it cannot be read: File is not a zip"
    ):
        magic("restore bad.zip")


def test_the_page_names_files_and_the_course_whatever_they_are_called(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(home, {"course.toml": '[course]\ntitle = "<b> [[token]] \\""\n'})
    assert keep.name_of(home) == '<b> [[token]] "'
    monkeypatch.setenv("BINDER_REPO_URL", "https://example.org/x")  # two courses may have one title
    assert keep.name_of(home) == '<b> [[token]] " https://example.org/x'
    monkeypatch.delenv("BINDER_REPO_URL")
    text = page(KeptWork(("<i>.md", "[[token]]"), ("big",), ("old",)), keep.name_of(home), "secret")
    assert '<body data-course="&lt;b&gt; [[token]] &quot;" data-session="' in text
    assert "<ul><li>&lt;i&gt;.md</li><li>[[token]]</li><li>old (deleted)</li></ul>" in text
    assert text.count("secret") == 1
    assert ' data-fresh="">' in text  # what another session kept is offered
    assert ' data-fresh="yes">' in page(KeptWork(), "a", "secret")  # it comes back by itself
    write(home, {"course.toml": "broken"})
    assert keep.name_of(home) == "home"


# -- in a browser

CODE = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}


def lesson(*sources: str) -> str:
    made = [{**CODE, "id": f"cell-{number}", "source": text} for number, text in enumerate(sources)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python"}}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": kernel, "cells": made})


def driven(chromium: str, folder: Path, *arguments: str) -> dict[str, object]:  # noqa: F811 - the fixture
    command = [str(shutil.which("node")), str(NODE / "keep.js"), chromium, str(folder / "browser"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr
    found: dict[str, object] = json.loads(done.stdout)
    return found


@needs_jupyter
def test_a_session_is_thrown_away_and_the_work_brought_back(tmp_path: Path, chromium: str) -> None:  # noqa: F811 - the fixture
    """Behind a hub's path, in JupyterLab: by the button and the browser's storage, and by the magic and a file."""
    last = "%load_ext coursewright\n%keep"
    editions = [lesson("a = 1", "b = 1", last), lesson("a = 2", "b = 2", last)]
    port, token, file = free_port(), secrets.token_urlsafe(16), str(tmp_path / "downloaded.zip")
    found = []
    for number, does in enumerate(["keep", "bring"]):
        with folder_of_its_own() as home:
            bring(write(tmp_path / does, {"a.ipynb": editions[number]}), home / "course")
            config = write(home / "config", {"jupyter_server_config.py": jupyter_config([], keeping=True)})
            for path in (home, *home.rglob("*")):
                shutil.chown(path, _user())
            options = [f"--port={port}", "--ServerApp.base_url=/user/x/", f"--ServerApp.root_dir={home}/course"]
            extensions = {"coursewright.environments.runtime.keep_page": True, "jupyterlab": True}
            options.append(f"--ServerApp.jpserver_extensions={extensions}")  # and none of others, for speed
            more = {"JUPYTER_TOKEN": token, "JUPYTER_CONFIG_PATH": str(config)}
            command = [str(JUPYTER), "-m", "jupyterlab", "--expose-app-in-browser", *options]
            with program(command, home, port=port, environment=more):
                at = f"http://127.0.0.1:{port}/user/x"
                addresses = [f"{at}/{where}?token={token}" for where in ("lab/tree/a.ipynb", "coursewright/keep")]
                with urllib.request.urlopen(f"{at}/coursewright/keep.zip") as answer:
                    assert answer.url.startswith(f"{at}/login?next=")  # nobody's who has not logged in
                found.append(driven(chromium, tmp_path, does, *addresses, file))
                now = cells(home / "course/a.ipynb")
    keeping, bringing = found
    assert str(keeping.pop("link")).startswith("Download your work: 1 file, ")
    assert keeping == {
        "listed": ["a.ipynb"], "said": "Your work is kept in this browser.", "after": "",
        "address": "/user/x/coursewright/keep",
    }  # fmt: skip
    back = "Your work is back: 1 file. Close and open notebooks that are open."
    assert str(bringing["told"]).startswith(back)  # by itself
    assert str(bringing["byItself"]).startswith(f"{back}\n\n# New in the course\n\nKept work has changed")
    assert bringing["offered"] == "This browser has work that you kept. Bring it back?"
    assert now == ["a = 2", "mine = 2", "b = 2", last]
    for once_more in ("said", "again"):
        assert "Your work is back: 1 file." in str(bringing[once_more])
