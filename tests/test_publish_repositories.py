"""Repositories that are made here and sent: whole or not at all, with real git and a bare repository as the remote."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coursewright import __version__
from coursewright.errors import CoursewrightError
from coursewright.sites.publish import Aim, CommitSummary, find_target, put_repository
from test_publish import _person, commit, git, remote  # noqa: F401 - fixtures

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="needs git: apt install git")
ONE: dict[str, Path | bytes] = {"a b/ü.txt": b"one", "README.md": b"# One\n", "run": b"#!/bin/sh\n"}


def made(folder: Path, files: dict[str, Path | bytes], branch: str = "main", **more: Any) -> CommitSummary:
    """What comes of files in a folder."""
    target = find_target(Aim(folder, branch, **more))
    return put_repository(target, files, f"Publish\n\nBuilt by Coursewright {__version__}.\n", {"run"})


def refused(folder: Path, files: dict[str, Path | bytes], **more: Any) -> str:
    """What is said where nothing changes."""
    before = folder.exists() and git(folder, "for-each-ref")
    with pytest.raises(CoursewrightError) as caught:
        made(folder, files, **more)
    assert (folder.exists() and git(folder, "for-each-ref")) == before
    return str(caught.value).replace(str(folder.parent), "HERE")


def test_files_become_an_ordinary_repository_with_one_commit_more_each_time(tmp_path: Path, remote: Path) -> None:  # noqa: F811 - the fixture
    folder = tmp_path / "x" / "made"
    first = made(folder, ONE, remote=str(remote))
    assert (first.new, first.changed, first.gone) == (4, 0, 0)
    assert (folder / "a b/ü.txt").read_text() == "one"
    assert git(folder, "ls-files", "--stage", "run").startswith("100755 ")
    assert git(folder, "status", "--porcelain") == ""
    assert git(remote, "rev-parse", "main") == git(folder, "rev-parse", "HEAD") == first.commit
    assert git(folder, "remote", "get-url", "origin") == str(remote)
    second = made(folder, {**ONE, "README.md": b"# Two\n"}, remote=str(remote))
    assert (second.new, second.changed, second.gone) == (0, 1, 0)
    assert git(remote, "rev-list", "--count", "main") == "2"
    assert made(folder, {**ONE, "README.md": b"# Two\n"}, remote=str(remote)) == replace(second, changed=0)
    third = made(folder, {"README.md": b"# Two\n"})
    assert (third.gone, third.changed) == (2, 1)  # the mark
    assert sorted(file.name for file in folder.iterdir()) == [".coursewright", ".git", "README.md"]


def test_a_remote_gets_all_or_nothing(tmp_path: Path, remote: Path) -> None:  # noqa: F811 - the fixture
    folder, hook = tmp_path / "made", remote / "hooks" / "update"
    hook.write_text('#!/bin/sh\ncase "$1" in refs/tags/*) echo no tags >&2; exit 1;; esac\n')
    hook.chmod(0o755)
    assert "no tags" in refused(folder, ONE, tag="v1", remote=str(remote))
    assert git(remote, "for-each-ref") == ""  # neither the branch nor the tag
    assert not folder.exists()
    hook.unlink()
    first = made(folder, ONE, tag="v1", remote=str(remote)).commit
    assert git(remote, "rev-parse", "main", "v1").split() == [first, first]
    said = (
        'error: the tag "v1" is there already, and would move\n'
        "hint: links that name it lead to what it was put on: give the next one another name"
    )
    assert refused(folder, {"a": b"b"}, tag="v1", remote=str(remote)) == said
    assert refused(tmp_path / "other", {"a": b"b"}, tag="v1", branch="other", remote=str(remote)) == said
    missing = refused(tmp_path / "new", ONE, remote=f"file://ada:geheim@localhost{tmp_path}/nowhere.git")
    assert missing.startswith("error: git ls-remote: ")
    assert "geheim" not in missing


def test_what_others_did_is_not_lost(tmp_path: Path, remote: Path) -> None:  # noqa: F811 - the fixture
    folder = tmp_path / "made"
    made(folder, ONE, remote=str(remote))
    (folder / "x.txt").write_text("x")
    assert refused(folder, ONE) == (
        'error: "HERE/made" has changes that are in no commit: x.txt\nhint: commit them there, or take them back'
    )
    (folder / "x.txt").unlink()
    git(tmp_path, "clone", "--quiet", str(remote), "other")
    other = tmp_path / "other"
    (other / "LICENSE").write_text("theirs")
    commit(other)
    git(other, "push", "--quiet", "origin", "main")
    ahead = refused(folder, ONE, remote=str(remote)).replace(str(tmp_path), "HERE")
    assert ahead == (
        f'error: "main" of HERE/{remote.name} has commits that are not in HERE/made\n'
        "hint: fetch them: git -C HERE/made pull"
    )
    shutil.rmtree(folder)  # as on another machine: it goes on from the remote repository
    made(folder, ONE, remote=str(remote))
    assert (folder / "LICENSE").read_text() == "theirs"
    assert 'an entry of somebody else\'s called "LICENSE"' in refused(folder, {**ONE, "LICENSE": b"ours"})
    git(other, "pull", "--quiet")
    (other / "README.md").write_text("# Theirs\n")
    commit(other)
    git(other, "push", "--quiet", "origin", "main")
    git(folder, "pull", "--quiet", "origin", "main")
    assert refused(folder, ONE, remote=str(remote)) == (
        'error: somebody has changed on the branch "main" what comes from the course: README.md\n'
        "hint: take it over into the course, and then publish with --replace"
    )
    made(folder, ONE, remote=str(remote), displace=True)
    assert git(remote, "show", "main:README.md") == "# One"


def test_places_that_are_something_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").write_text("mine")
    with pytest.raises(CoursewrightError) as caught:
        made(tmp_path / "full", ONE)
    assert str(caught.value) == (
        f'error: "{tmp_path}/full" is there, and is no git repository\n'
        "hint: give another folder with --into, or move away what is there"
    )
    git(tmp_path, "init", "--quiet", "outer")
    assert refused(tmp_path / "outer/inner", ONE) == (
        f'error: "HERE/inner" is in another repository, {tmp_path}/outer, which would take it for its own\n'
        "hint: give a folder outside with --into, or let git ignore this one"
    ).replace(f"{tmp_path}/outer", "HERE")
    (tmp_path / "outer/.gitignore").write_text("inner/\n")
    made(tmp_path / "outer/inner", ONE)
    assert refused(tmp_path / "new", ONE, branch="a b") == (
        'error: "a b" cannot be the name of a branch\nhint: for instance: --branch main'
    )
    assert refused(tmp_path / "new", ONE, tag="a..b") == (
        'error: "a..b" cannot be the name of a tag\nhint: for instance: --tag 2026-1'
    )
    git(tmp_path, "init", "--quiet", "theirs")
    (tmp_path / "theirs/a.txt").write_text("a")
    commit(tmp_path / "theirs")
    assert refused(tmp_path / "theirs", ONE) == (
        'error: the branch "main" was not made by Coursewright\n'
        "hint: give another --branch, or take its place with --replace"
    )


def test_each_branch_is_for_itself(tmp_path: Path, remote: Path) -> None:  # noqa: F811 - the fixture
    made(tmp_path / "made", ONE, "2026", remote=str(remote))
    made(tmp_path / "made", {"b.txt": b"two"}, "2027", remote=str(remote))
    assert set(git(remote, "branch", "--format=%(refname:short)").split()) == {"2026", "2027"}
    assert git(remote, "rev-list", "--count", "2027") == "1"
    assert sorted(file.name for file in (tmp_path / "made").iterdir()) == [".coursewright", ".git", "b.txt"]
