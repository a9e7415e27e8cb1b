"""A course that a repository holds, brought into learners' folders: by itself, and in front of a hub's server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from coursewright.environments.runtime.content import Delivery
from coursewright.environments.runtime.pull import NotFetched, main, pull
from test_environments_start import cells, files, notebook, write

FIRST = {"a.ipynb": notebook("a", "b"), "text.md": "one", ".github/x": "theirs", "data/.hidden": "theirs"}


def commit(repository: Path, texts: Mapping[str, str]) -> None:
    write(repository, texts)
    run = ["git", "-C", str(repository), "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for command in (["init", "-qb", "main"], ["add", "."], ["commit", "-qm", "the course"]):
        subprocess.run([*run, *command], check=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    commit(tmp_path / "their repository", FIRST)
    (tmp_path / "their repository/link").symlink_to("/etc/passwd")
    commit(tmp_path / "their repository", {})
    return tmp_path / "their repository"


def test_what_the_repository_holds_is_merged_with_the_learners(repository: Path, tmp_path: Path) -> None:
    home, store = tmp_path / "home", tmp_path / "store"
    assert pull(str(repository), "main", home, store).new == ("a.ipynb", "link", "text.md")
    assert (home / "link").read_text() == "/etc/passwd"
    assert not (home / "link").is_symlink()
    write(home, {"a.ipynb": notebook("a mine", "b")})
    commit(repository, {"a.ipynb": notebook("a 2", "b 2", "c"), "text.md": "two"})
    brought = pull(str(repository), "main", home, store)
    assert brought == Delivery(new=("text.md",), merged=(("a.ipynb", ("a 2",)),))
    assert cells(home / "a.ipynb") == ["a mine", "a 2", "b 2", "c"]
    assert pull(str(repository), "main", home, store) == Delivery()
    assert [path.suffix for path in store.iterdir()] == [""]  # what was fetched, and nothing else


@pytest.mark.parametrize(
    ("address", "branch", "said"),
    [
        ("/nowhere", "main", "'/nowhere' does not appear to be a git repository"),
        ("{repository}", "other", "couldn't find remote ref other"),
        ("--upload-pack=touch x", "main", '"--upload-pack=touch x" with the branch "main" is no place of a repository'),
        ("ext::sh -c touch% x", "main", "transport 'ext' not allowed"),
        ("http://ada:secret@127.0.0.1:9/x", "main", "unable to access 'http://127.0.0.1:9/x/': Failed to connect"),
    ],
)
def test_a_repository_that_refuses(repository: Path, tmp_path: Path, address: str, branch: str, said: str) -> None:
    with pytest.raises(NotFetched) as caught:
        pull(address.format(repository=repository), branch, tmp_path / "home", tmp_path / "store")
    assert str(caught.value).startswith(said)
    assert not (tmp_path / "home").exists()


def test_a_server_starts_whether_or_not_there_is_content(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = Path(sys.modules["coursewright"].__path__[0]) / "environments"
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("PYTHONPATH", str(package))
    run = [sys.executable, "-m", "runtime.pull"]
    command = ["--", sys.executable, "-c", "import os; print(sorted(os.listdir())); raise SystemExit(3)"]
    for address, printed, said in (
        (repository, "['.coursewright-course.json', 'a.ipynb', 'link', 'text.md']\n", ""),
        ("/gone", "['.coursewright-course.json', 'a.ipynb', 'link', 'text.md']\n", "coursewright: the course is as it"),
    ):
        arguments = [*run, str(address), "main", str(tmp_path / "home"), *command]
        done = subprocess.run(arguments, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (3, printed)
        assert done.stderr.startswith(said)
    assert "/gone cannot be fetched" in done.stderr


def test_without_a_command_the_exit_status_says_whether_it_came(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert main([str(repository), "main", str(tmp_path / "home")]) == 0
    assert main(["/gone", "main", str(tmp_path / "home")]) == 1
    assert "the course is as it was: /gone cannot be fetched" in capsys.readouterr().err
    assert files(tmp_path / "home")["text.md"] == "one"
