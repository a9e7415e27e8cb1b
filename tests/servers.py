"""Real database servers for tests: each on loopback, in a folder of its own, stopped whatever happens to the tests.

`postgresql` and `mariadb` are fixtures that give a fresh database; the server behind them is started when the first
test asks, one for each worker of pytest-xdist. `running(KIND)` starts one more, for what breaks or measures a server.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote

import pytest

USER = "tester"
_SECONDS = 60
_PLACES = ("/usr/sbin", "/usr/local/sbin")  # not on the PATH of ordinary users, where Debian puts mariadbd
# Waits until whoever started it is gone, however it went, then stops the server and removes its folder.
_GUARD = """\
trap '' INT TERM HUP
folder=$1; shift
cd "$folder" || exit 1
"$@" >>log 2>&1 &
echo $! >server.pid
cat >/dev/null
kill "-$STOP" $! 2>/dev/null
( sleep 20; kill -KILL $! ) >/dev/null 2>&1 &
wait %1 2>/dev/null
cd / && rm -rf "$folder"
kill -KILL 0
"""


class Missing(Exception):
    """A program is not installed; the message says which package has it."""


@dataclass(frozen=True)
class Server:
    """A running server: where it is, who may log in, the folder that it lives in."""

    kind: str
    port: int
    password: str = field(repr=False)
    folder: Path

    def url(self, database: str) -> str:
        """The address of one of its databases, with user and password."""
        return f"{self.kind}://{USER}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    def run(self, sql: str, database: str = "") -> str:
        """What the server's own client prints for `sql`: columns with tabs between them, no headings."""
        command, environment = _CLIENTS[self.kind](self, database)
        done = subprocess.run(command, input=sql, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip())
        return done.stdout.strip("\n")

    def kill(self) -> None:
        """End it as a power cut would: no time to say anything."""
        os.kill(int((self.folder / "server.pid").read_text()), signal.SIGKILL)


@dataclass(frozen=True)
class Database:
    """One database of a server, for one test."""

    server: Server
    name: str

    @property
    def url(self) -> str:
        """Its address, with user and password."""
        return self.server.url(self.name)

    def run(self, sql: str) -> str:
        """What the server's own client prints for `sql`: columns with tabs between them, no headings."""
        return self.server.run(sql, self.name)


@contextlib.contextmanager
def running(kind: str) -> Iterator[Server]:
    """A server of one's own, "postgresql" or "mariadb". Raises Missing when it is not installed."""
    command = _COMMANDS[kind]
    # Signs that a URL has to write otherwise: a password that is masked in one form only would show.
    server = Server(kind, 0, f"{secrets.token_urlsafe(12)}:/@ %", Path(tempfile.mkdtemp(prefix="server-")))
    try:
        if os.geteuid() == 0:
            shutil.chown(server.folder, _user())
        start = command(server)
        guard, server = _started(start, server)
    except BaseException:
        shutil.rmtree(server.folder, ignore_errors=True)
        raise
    try:
        yield server
    finally:
        _stop(guard, server)


@contextlib.contextmanager
def fresh(server: Server) -> Iterator[Database]:
    """A new, empty database of the server, dropped at the end."""
    database = Database(server, f"test_{secrets.token_hex(6)}")
    server.run(f"CREATE DATABASE {database.name}")
    try:
        yield database
    finally:
        force = " WITH (FORCE)" if server.kind == "postgresql" else ""
        with contextlib.suppress(RuntimeError):  # a test may have ended its server
            server.run(f"DROP DATABASE {database.name}{force}")


def _started(start: Callable[[int], list[str]], server: Server) -> tuple[subprocess.Popen[bytes], Server]:
    """The guard of the server and the server, which answers by now."""
    for _ in range(3):  # somebody else may take the port between our looking and the server's
        with socket.create_server(("127.0.0.1", 0)) as free:
            server = replace(server, port=free.getsockname()[1])
        guard = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "sh", str(server.folder), *start(server.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "STOP": "INT" if server.kind == "postgresql" else "TERM"},
            start_new_session=True,  # so that Ctrl+C reaches the tests, and they it
            **_as_user(),
        )
        until = time.monotonic() + _SECONDS
        while time.monotonic() < until and _alive(server):
            try:
                server.run("SELECT 1")
            except RuntimeError:
                time.sleep(0.05)
            else:
                return guard, server
        log = (server.folder / "log").read_text(errors="replace")
        if "in use" not in log or time.monotonic() >= until:
            _stop(guard, server)
            raise RuntimeError(f"{server.kind} does not start:\n{log}")
        guard.kill()
        guard.wait()
    raise RuntimeError(f"{server.kind} finds no free port")


def _alive(server: Server) -> bool:
    number = server.folder / "server.pid"
    if not number.exists() or not number.read_text().strip():
        return True  # the guard has not come to it yet
    state = Path(f"/proc/{number.read_text().strip()}/stat")
    return not Path("/proc/self/stat").exists() or (
        state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"
    )


def _stop(guard: subprocess.Popen[bytes], server: Server) -> None:
    if guard.stdin:
        guard.stdin.close()
    guard.wait()
    shutil.rmtree(server.folder, ignore_errors=True)


def _postgresql(server: Server) -> Callable[[int], list[str]]:
    """Makes its folder ready; gives the command that starts it at a port."""
    data, secret = server.folder / "data", server.folder / "secret"
    _write(secret, server.password)
    login = [f"--username={USER}", f"--pwfile={secret}", "--auth=scram-sha-256"]
    _ready([_program("initdb"), f"--pgdata={data}", *login, "--encoding=UTF8", "--locale=C", "--no-sync"])
    program = _program("postgres")
    fast = [f"-c{setting}=off" for setting in ("fsync", "synchronous_commit", "full_page_writes")]
    return lambda port: [program, "-D", str(data), "-h127.0.0.1", f"-p{port}", f"-k{server.folder}", *fast]


def _mariadb(server: Server) -> Callable[[int], list[str]]:
    data, first, temporary = server.folder / "data", server.folder / "first.sql", server.folder / "tmp"
    program = _program("mariadbd")
    temporary.mkdir()
    if os.geteuid() == 0:
        shutil.chown(temporary, _user())
    options = ["--skip-test-db", "--auth-root-authentication-method=normal", "--innodb-flush-method=nosync"]
    _ready([_program("mariadb-install-db"), "--no-defaults", f"--datadir={data}", *options])
    _write(
        first,
        f"CREATE USER IF NOT EXISTS {USER}@'127.0.0.1' IDENTIFIED BY '{server.password}';\n"
        f"GRANT ALL ON *.* TO {USER}@'127.0.0.1' WITH GRANT OPTION;\n"
        "DELETE FROM mysql.global_priv WHERE User IN ('', 'root');\nFLUSH PRIVILEGES;\n",
    )
    fixed = [
        "--no-defaults",
        f"--datadir={data}",
        f"--tmpdir={temporary}",  # a server that starts deletes the temporary tables that it finds in /tmp, whoever's
        f"--socket={server.folder / 'socket'}",
        f"--pid-file={server.folder / 'own.pid'}",
        f"--init-file={first}",
        "--bind-address=127.0.0.1",
        "--skip-name-resolve",
        "--skip-log-bin",
        "--character-set-server=utf8mb4",  # as Debian sets it, and MariaDB since 11.6
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-flush-method=nosync",
    ]
    return lambda port: [program, *fixed, f"--port={port}"]


_COMMANDS = {"postgresql": _postgresql, "mariadb": _mariadb}


def _psql(server: Server, database: str) -> tuple[list[str], dict[str, str]]:
    command = [_program("psql"), "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t"]
    command += ["--set=ON_ERROR_STOP=1", "--host=127.0.0.1", f"--port={server.port}", f"--username={USER}"]
    environment = {**os.environ, "PGPASSWORD": server.password, "PGCLIENTENCODING": "UTF8"}
    return [*command, "--no-password", database or "postgres"], environment


def _mariadb_client(server: Server, database: str) -> tuple[list[str], dict[str, str]]:
    command = [_program("mariadb"), "--no-defaults", "--batch", "--skip-column-names", "--raw", "--protocol=tcp"]
    command += ["--host=127.0.0.1", f"--port={server.port}", f"--user={USER}", "--default-character-set=utf8mb4"]
    return [*command, database], {**os.environ, "MYSQL_PWD": server.password}


_CLIENTS = {"postgresql": _psql, "mariadb": _mariadb_client}


def _program(name: str) -> str:
    """The path of one of the servers' programs; the newest PostgreSQL where Debian has several beside each other."""
    newest = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join([*map(str, newest), *_PLACES]))
    if not found:
        package = "mariadb-server" if name.startswith("mariadb") else "postgresql"
        raise Missing(f"{name} is not installed: apt install {package}")
    return found


def _user() -> str:
    """Who runs servers when root runs the tests, which the servers refuse to be: somebody without a password."""
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "mysql", "nobody") if name in names)


def _as_user() -> dict[str, object]:
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(_user())
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def _ready(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", **_as_user())
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}\n{done.stderr}")


def _write(path: Path, text: str) -> None:
    """A file that nobody but the server's user can read."""
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(path, _user())


def _of_session(kind: str) -> Iterator[Server]:
    try:
        with running(kind) as server:
            yield server
    except Missing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    """A PostgreSQL server, for all tests of the session."""
    yield from _of_session("postgresql")


@pytest.fixture(scope="session")
def mariadb_server() -> Iterator[Server]:
    """A MariaDB server, for all tests of the session."""
    yield from _of_session("mariadb")


@pytest.fixture
def postgresql(postgresql_server: Server) -> Iterator[Database]:
    """An empty database of a PostgreSQL server."""
    with fresh(postgresql_server) as database:
        yield database


@pytest.fixture
def mariadb(mariadb_server: Server) -> Iterator[Database]:
    """An empty database of a MariaDB server."""
    with fresh(mariadb_server) as database:
        yield database
