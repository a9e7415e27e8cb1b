"""The example data-management in Podman, built and run: `make test-podman`, as root where podman and runc are.

What Podman makes of networks, bridges and rules is made in a network namespace of the tests' own, and gone with it: the
machine's own rules are never touched. Only images are built outside, with the machine's network and no bridge.
"""

from __future__ import annotations

import contextlib
import ctypes
import http.server
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from environments import WRITE, check_login, check_notebooks, check_openrefine, check_told, until_ready
from images import UNTIL_FILLED, Images, data_management, made_images, needs_images
from jupyters import Jupyter, free_port

pytestmark = [
    *needs_images,
    pytest.mark.skipif("PODMAN" not in os.environ, reason="run by `make test-podman`"),
    *(
        pytest.mark.skipif(not shutil.which(name), reason=f"apt-get install {package}")
        for name, package in (
            ("podman", "podman netavark"),
            ("runc", "runc"),
            ("iptables", "iptables"),
            ("ip", "iproute2"),
        )
    ),
]

# What lets it run where there is no systemd, and where limits cannot be raised.
CONFIGURATION = """
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
[engine]
runtime = "runc"
cgroup_manager = "cgroupfs"
events_logger = "file"
"""
_NEW_NETWORK = 0x40000000
TOKEN = "t" * 32


@dataclass(frozen=True)
class Podman:
    """Podman over the store of `images`."""

    images: Images

    def say(self, *arguments: str, check: bool = True) -> str:
        """What podman says."""
        command = [str(shutil.which("podman")), *arguments]
        done = subprocess.run(command, env=environment(self.images), capture_output=True, text=True, check=False)
        assert done.returncode == 0 or not check, done.stderr
        return done.stdout.strip()

    @contextlib.contextmanager
    def container(self, *options: str, command: tuple[str, ...] = ()) -> Iterator[tuple[str, int]]:
        """A container of the whole, and the port of this machine at which it is reached."""
        port = free_port()
        where = ["--no-healthcheck", "--publish", f"127.0.0.1:{port}:8888", "--stop-timeout", "30"]
        name = self.say("run", "--detach", *where, *options, self.images.stub, *command)
        try:
            yield name, port
        finally:
            self.say("rm", "--force", "--time", "30", name)


def environment(images: Images) -> dict[str, str]:
    return {**images.environment, "CONTAINERS_CONF": str(images.folder / "containers.conf")}


@contextlib.contextmanager
def network_of_its_own() -> Iterator[None]:
    """A network in which nothing is but loopback, for this thread and what it starts."""
    libc, outside = ctypes.CDLL(None, use_errno=True), os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    assert libc.unshare(_NEW_NETWORK) == 0, os.strerror(ctypes.get_errno())
    try:
        subprocess.run([str(shutil.which("ip")), "link", "set", "lo", "up"], check=True)
        yield
    finally:
        assert libc.setns(outside, _NEW_NETWORK) == 0
        os.close(outside)


@pytest.fixture(scope="module")
def podman() -> Iterator[Podman]:
    """The example's images, built by podman, and a network of the tests' own."""
    with made_images(data_management) as images:
        (images.folder / "containers.conf").write_text(CONFIGURATION)
        command = [sys.executable, "-m", "coursewright", "image", "build", "--with", "podman", "--stub", images.stub]
        command += ["--engine-option=--network=host", "--base", "localhost/root"]
        built = subprocess.run(
            command, cwd=images.course, env=environment(images), capture_output=True, text=True, check=False
        )
        assert built.returncode == 0, built.stderr
        with network_of_its_own():
            yield Podman(images)


def test_run_and_stopped(podman: Podman, tmp_path: Path) -> None:
    port, log = free_port(), tmp_path / "log"
    command = [sys.executable, "-m", "coursewright", "image", "run", "--with", "podman", "--stub", podman.images.stub]
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*command, "--engine-option=--no-healthcheck", "--port", str(port)],
            cwd=podman.images.course, env=environment(podman.images), stdout=said, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        while not (found := re.search(r"http://127.0.0.1:\d+/lab\?token=(\S+)", log.read_text())):
            assert process.poll() is None, log.read_text()
            time.sleep(0.2)
        jupyter = Jupyter(f"http://127.0.0.1:{port}/", found[1])
        until_ready(jupyter, "api", "openrefine/command/core/get-version", patience=300)
        check_login(jupyter)
        check_told(jupyter)
        check_notebooks(jupyter)
        check_openrefine(jupyter)
        (name,) = podman.say("ps", "--quiet").split()
        assert doors(podman, name) == {"0.0.0.0:8888"}
    finally:
        process.send_signal(signal.SIGTERM)
        ended = process.wait(60)
    assert ended == 0, log.read_text()
    assert "database system is shut down" in log.read_text()
    assert podman.say("ps", "--all", "--quiet") == ""


def doors(podman: Podman, name: str) -> set[str]:
    """Where something in a container listens beyond its loopback, as the system says it."""
    script = (
        "import socket, pathlib\n"
        "for line in pathlib.Path('/proc/net/tcp').read_text().splitlines()[1:]:\n"
        "    _, local, _, state, *_ = line.split()\n"
        "    at, port = local.split(':')\n"
        "    if state == '0A': print(socket.inet_ntoa(bytes.fromhex(at)[::-1]) + ':' + str(int(port, 16)))\n"
    )
    told = podman.say("exec", name, "python3", "-c", script).split()
    return {one for one in told if not one.startswith("127.")}


class Hub(http.server.BaseHTTPRequestHandler):
    """As much of JupyterHub as a server of a user's asks: what it is, whose token it is, and that it is told of use."""

    def _answer(self, said: object) -> None:
        body = json.dumps(said).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        if self.path.endswith("/user"):
            user = {"kind": "user", "name": "x", "admin": False, "groups": [], "scopes": ["access:servers!server=x/"]}
            self._answer(user)
        else:
            self._answer({"version": "5.0.0"})

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self._answer({})

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def hub(podman: Podman) -> Iterator[str]:
    """The address of a hub that containers reach at the end of their bridge."""
    gateway = podman.say("network", "inspect", "podman", "--format", "{{(index .Subnets 0).Gateway}}")
    server = http.server.ThreadingHTTPServer(("", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{gateway}:{server.server_port}/hub/api"
    server.shutdown()
    server.server_close()


def of_a_hub(hub: str) -> list[str]:
    said = {
        "JUPYTERHUB_API_TOKEN": TOKEN, "JUPYTERHUB_API_URL": hub,
        "JUPYTERHUB_BASE_URL": "/", "JUPYTERHUB_CLIENT_ID": "jupyterhub-user-x", "JUPYTERHUB_HOST": "",
        "JUPYTERHUB_OAUTH_CALLBACK_URL": "/user/x/oauth_callback", "JUPYTERHUB_SERVICE_PREFIX": "/user/x/",
        "JUPYTERHUB_SERVICE_URL": "http://0.0.0.0:8888/user/x/", "JUPYTERHUB_USER": "x", "JUPYTERHUB_SERVER_NAME": "",
        "JUPYTERHUB_OAUTH_ACCESS_SCOPES": '["access:servers!server=x/"]',
    }  # fmt: skip
    return [f"--env={name}={value}" for name, value in said.items()]


COUNT = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as database:
    print(database.execute("SELECT count(*) FROM written").fetchone()[0])
"""
SINGLEUSER = ("jupyterhub-singleuser",)


def test_as_a_hub_starts_it_with_a_volume_of_its_own(podman: Podman, hub: str) -> None:
    """An empty named volume; what is in it the second time; and after everything in it was killed at once."""
    options = [*of_a_hub(hub), "--volume", "learner-x:/home/learner"]
    for time_of_it, written in (("first", "1"), ("killed", "2"), ("again", "3")):
        with podman.container(*options, command=SINGLEUSER) as (name, port):
            jupyter = Jupyter(f"http://127.0.0.1:{port}/user/x/", TOKEN)
            until_ready(jupyter, "api", "openrefine/command/core/get-version", patience=300)
            assert {"course.toml"} <= {one["name"] for one in json.loads(jupyter.get("api/contents")[2])["content"]}
            said = jupyter.run(UNTIL_FILLED, WRITE, COUNT)
            assert said == f"ünïcode; DROP TABLE trees\nours\n{written}\n", podman.say("logs", name)
            assert doors(podman, name) == {"0.0.0.0:8888"}
            if time_of_it == "first":
                for path in ("api/kernels", "lab", "openrefine/", "openrefine/command/core/get-version"):
                    status, headers, _ = jupyter.get(path, token=False)
                    assert status == 403 or (status == 302 and "/hub/api/oauth2/" in headers["Location"]), path
                check_told(jupyter, hub=True)
            if time_of_it == "killed":
                podman.say("kill", "--signal", "KILL", name)


@pytest.mark.parametrize(
    ("number", "options"),
    [
        (4321, ["--user", "4321:4321"]),
        (4321, ["--user", "4321:0"]),
        (2001, ["--user", "0", "--env", "NB_UID=2001", "--env", "NB_GID=2002"]),
    ],
    ids=["nameless", "of root's group", "asked"],
)
def test_as_any_number(podman: Podman, hub: str, number: int, options: list[str]) -> None:
    with podman.container(*of_a_hub(hub), *options, command=SINGLEUSER) as (name, port):
        jupyter = Jupyter(f"http://127.0.0.1:{port}/user/x/", TOKEN)
        until_ready(jupyter, "api", "openrefine/command/core/get-version", patience=300)
        told = jupyter.run(UNTIL_FILLED, WRITE, "import os, getpass; print(os.getuid(), getpass.getuser())")
        # Podman gives a number that has no name itself as one, before the image can
        assert re.search(rf"^{number} (learner|{number})$", told, re.MULTILINE), podman.say("logs", name)


def test_a_command_that_fails_ends_the_container(podman: Podman) -> None:
    name = podman.say("run", "--detach", "--no-healthcheck", podman.images.stub, "no-such-program")
    assert podman.say("wait", name) == "127"
    podman.say("rm", name)
