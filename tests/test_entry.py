"""What an image runs, run here by an ordinary user, as hubs run images: in front, and behind a command."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from coursewright.environments.runtime import health
from coursewright.environments.runtime.compose import Fragment
from coursewright.environments.runtime.entry import base_of, planned
from people import Person, somebody
from servers import _as_user
from test_pull import commit

RUN = """
import sys
from pathlib import Path
from coursewright.environments.runtime import entry
entry.elsewhere.FOLDER = sys.argv[1]
sys.exit(entry.main(sys.argv[2:]))
"""
JUPYTER = {
    "command": "sh -c 'echo front $JUPYTER_TOKEN; exec sleep 600'",
    "port": 1024,
    "environment": {"JUPYTER_TOKEN": "{password}", "MINE": "1"},
    "ready": {"command": "true"},
}


@pytest.fixture(scope="module")
def person() -> Iterator[Person]:
    with somebody() as one:
        yield one


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def tiers(person: Person, name: str, **services: dict[str, object]) -> tuple[Path, Path]:
    """The folder of fragments and the home of an image with these services."""
    folder, home = person.folder / name / "tiers", person.folder / name / "home"
    folder.mkdir(parents=True)
    home.mkdir()
    (folder / "10-all.json").write_text(json.dumps(asdict(Fragment("all", "", services))), encoding="utf-8")
    person.own(person.folder / name)
    return folder, home


@contextlib.contextmanager
def image(
    person: Person, folder: Path, home: Path, command: Sequence[str] = (), **more: str
) -> Iterator[subprocess.Popen[str]]:
    """The entry point of an image, started with `more` variables, and stopped when this ends."""
    process = subprocess.Popen(
        [person.folder / "venv/bin/python", "-c", RUN, str(folder), *command],
        cwd=home,
        env={"HOME": str(home), "PATH": f"{person.folder}/venv/bin:/usr/bin:/bin", "LANG": "C.UTF-8", **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        **_as_user(),
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=30)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def until_well(home: Path) -> None:
    """Wait for the health check to find all services ready."""
    state, end = home / ".local/share/coursewright/image", time.monotonic() + 60
    while health.unready(state):
        assert time.monotonic() < end, health.unready(state)
        time.sleep(0.1)


def until_said(process: subprocess.Popen[str], *parts: str) -> str:
    """Read the output until all parts have been in it."""
    assert process.stdout
    said = ""
    while not all(part in said for part in parts):
        line = process.stdout.readline()
        assert line, said
        said += line
    return said


def web(port: int) -> dict[str, object]:
    return {"command": f"python3 -u -m http.server --bind 127.0.0.1 {port}", "port": port}


def test_without_a_command_the_services_run_until_a_signal(person: Person) -> None:
    logins = {"command": "sh -c 'echo knows $JUPYTER_TOKEN$JUPYTERHUB_API_TOKEN.; exec sleep 600'", "port": 1025}
    logins |= {"ready": {"command": "true"}}
    folder, home = tiers(person, "front", web=web(free_port()), jupyter=JUPYTER, logins=logins)
    state = home / ".local/share/coursewright/image"
    assert health.unready(state) == ["Supervisor"]
    given = {"JUPYTER_TOKEN": "theirs", "JUPYTERHUB_API_TOKEN": "hub"}
    with image(person, folder, home, **given) as process:
        until_well(home)
        said = until_said(process, "web     | Serving HTTP on 127.0.0.1", "jupyter | front theirs", "logins  | knows .")
        process.send_signal(signal.SIGTERM)
        rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0, said + rest


def test_a_service_that_cannot_be_kept_running_shows_in_the_exit_status(person: Person) -> None:
    bad = {"command": "false", "ready": {"command": "false"}}
    folder, home = tiers(person, "failing", web=web(free_port()), bad=bad)
    with image(person, folder, home) as process:
        until_said(process, "coursewright: bad cannot be kept running")
        assert health.unready(home / ".local/share/coursewright/image") == ["bad"]
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        assert process.returncode == 1


def test_the_course_comes_from_a_repository_where_one_is_said(person: Person) -> None:
    folder, home = tiers(person, "content", jupyter=JUPYTER)
    commit(person.folder / "theirs", {"a.md": "of the repository"})
    person.own(person.folder / "theirs")
    more = {"COURSEWRIGHT_CONTENT": str(person.folder / "theirs"), "COURSEWRIGHT_COURSE": str(home / "trees")}
    with image(person, folder, home, ["cat", "a.md"], **more) as process:
        assert process.communicate(timeout=60)[0].endswith("of the repository")
    config = home / ".local/share/coursewright/image/services/jupyter/state/config/jupyter_server_config.py"
    assert "keep_page': True}" in config.read_text(encoding="utf-8")


def test_a_command_runs_in_front_of_the_services(person: Person) -> None:
    port = free_port()
    exporting = {**web(port), "exports": {"WEB": "http://127.0.0.1:{port}/"}}
    folder, home = tiers(person, "hub", web=exporting, jupyter=JUPYTER)
    ask = (
        "import os, time, urllib.request\n"
        "for _ in range(300):\n"
        "    try: urllib.request.urlopen(os.environ['WEB']); break\n"
        "    except OSError: time.sleep(0.1)\n"
        "print(os.environ['MINE'], 'JUPYTER_TOKEN' in os.environ)\n"
        "raise SystemExit(3)"
    )
    with image(person, folder, home, ["python3", "-c", ask]) as process:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 3, said
        assert "1 False\n" in said
        assert "front" not in said  # Jupyter is the command's own, with what services are behind it
        config = home / ".local/share/coursewright/image/services/jupyter/state/config/jupyter_server_config.py"
        assert "c.ServerProxy.servers" in config.read_text()
        with socket.socket() as gone:
            assert gone.connect_ex(("127.0.0.1", port)) != 0


def test_what_does_not_end_is_killed_and_told(person: Person) -> None:
    stubborn = {"command": "sh -c 'trap : TERM; while :; do sleep 1; done'", "ready": {"command": "true"}}
    folder, home = tiers(person, "stubborn", stubborn={**stubborn, "stop_wait": "1s"}, web=web(free_port()))
    front = ["sh", "-c", "trap : TERM; echo here; while :; do sleep 1; done"]
    with image(person, folder, home, front) as process:
        until_well(home)
        until_said(process, "here")
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 128 + signal.SIGKILL, said
        assert "coursewright: stubborn did not end within 1 s, and was killed\n" in said
        assert "coursewright: the command in front did not end, and was killed\n" in said


def test_tiers_that_do_not_fit_are_named(person: Person) -> None:
    folder, home = tiers(person, "wrong", web={**web(1025), "needs": ["nobody"]})
    with image(person, folder, home) as process:
        said, _ = process.communicate(timeout=60)
        assert process.returncode == 78
        assert said == (
            f'coursewright: the service "web" needs "nobody", which no tier defines\n  --> {folder}/10-all.json\n'
        )


@pytest.mark.parametrize(
    ("command", "base"),
    [
        ((), "/"),
        (("jupyter", "lab", "--base_url=/user/x/"), "/user/x/"),
        (("jupyter", "notebook", "--NotebookApp.base_url=/user/x"), "/user/x/"),
        (("jupyter", "lab", "--ServerApp.base_url", "user/x"), "/user/x/"),
        (("jupyter", "lab", "--base_url"), "/"),
    ],
)
def test_the_path_that_a_hub_says(command: Sequence[str], base: str) -> None:
    assert base_of(command) == base


def test_the_token_of_a_hub_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_TOKEN", "theirs")
    (tmp_path / "10-all.json").write_text(json.dumps(asdict(Fragment("all", "", {"jupyter": JUPYTER}))))
    container = planned(tmp_path, tmp_path / "home", "/course")
    assert "theirs" in container.programs["jupyter"].environment.values()


DATABASE = {"command": "sleep 600", "port": 1024, "exports": {"URL": "db://learner:{password}@x"}}


def test_a_password_from_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "10-all.json").write_text(json.dumps(asdict(Fragment("all", "", {"my-db": DATABASE}))))
    (tmp_path / "secret").write_text("theirs\n")
    monkeypatch.setenv("MY_DB_PASSWORD_FILE", str(tmp_path / "secret"))
    for _ in range(2):  # the same again is well
        container = planned(tmp_path, tmp_path / "home", "/course")
        assert container.programs["my-db"].environment["URL"] == "db://learner:theirs@x"
    (tmp_path / "secret").write_text("another")
    with pytest.raises(ValueError, match=r"^MY_DB_PASSWORD is not the one that my-db was made with, which is in "):
        planned(tmp_path, tmp_path / "home", "/course")
    for data, told in ((b" \n", "is empty"), (b"\xff", "is no text")):
        (tmp_path / "secret").write_bytes(data)
        with pytest.raises(ValueError, match=f"^{tmp_path}/secret, which MY_DB_PASSWORD_FILE names, {told}$"):
            planned(tmp_path, tmp_path / "home", "/course")
    monkeypatch.setenv("MY_DB_PASSWORD", "theirs")
    with pytest.raises(ValueError, match=r"^MY_DB_PASSWORD and MY_DB_PASSWORD_FILE are both set: say one of them$"):
        planned(tmp_path, tmp_path / "home", "/course")
    monkeypatch.delenv("MY_DB_PASSWORD")
    monkeypatch.delenv("MY_DB_PASSWORD_FILE")
    assert planned(tmp_path, tmp_path / "home", "/course").programs["my-db"].environment["URL"].endswith(":theirs@x")
    monkeypatch.setenv("MY_DB_PASSWORD", "a b@c")
    with pytest.raises(ValueError, match=r"^MY_DB_PASSWORD has signs that an address cannot have; "):
        planned(tmp_path, tmp_path / "other", "/course")
    assert "MY_DB_PASSWORD" not in os.environ
