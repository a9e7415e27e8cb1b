"""The servers that tests start: real logins, fresh databases, and nothing left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from servers import Database, Missing, running

KINDS = ["postgresql", "mariadb"]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


def test_each_test_has_an_empty_database(database: Database) -> None:
    tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema IN ('public', DATABASE)"
    mine = "database()" if database.server.kind == "mariadb" else "current_schema()"
    assert database.run(tables.replace("DATABASE", mine)) == "0"
    database.run("CREATE TABLE stock (name varchar(20)); INSERT INTO stock VALUES ('päron ☃')")
    assert database.run("SELECT * FROM stock") == "päron ☃"


def test_a_wrong_password_does_not_log_in(database: Database) -> None:
    other = replace(database.server, password="another")  # noqa: S106 - it is to be wrong
    with pytest.raises(RuntimeError, match=r"password authentication failed|Access denied"):
        other.run("SELECT 1")


def test_only_this_machine_reaches_it(database: Database) -> None:
    listening = {
        "postgresql": "SELECT setting FROM pg_settings WHERE name = 'listen_addresses'",
        "mariadb": "SELECT @@bind_address",
    }
    assert database.run(listening[database.server.kind]) == "127.0.0.1"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("end", ["leaves", "raises", "is killed", "kills the server"])
def test_nothing_is_left_over(kind: str, end: str) -> None:
    """However the tests end."""
    ends = {"leaves": "", "raises": "raise SystemExit(3)", "is killed": "time.sleep(60)"}
    ends["kills the server"] = "server.kill()"
    program = (
        "import sys, time\nfrom servers import Missing, running\n"
        f"try:\n  with running({kind!r}) as server:\n"
        "    print(server.folder, (server.folder / 'server.pid').read_text().strip(), flush=True)\n"
        f"    {ends[end]}\n"
        "except Missing as missing: print('missing', missing)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=Path(__file__).parent, stdout=subprocess.PIPE, text=True
    ) as ran:
        assert ran.stdout
        said = ran.stdout.readline().strip()
        if said.startswith("missing"):
            pytest.skip(said.removeprefix("missing "))
        if end == "is killed":
            ran.send_signal(signal.SIGKILL)
    folder, number = said.split()
    until = time.monotonic() + 30
    while time.monotonic() < until and (Path(folder).exists() or _runs(int(number))):
        time.sleep(0.05)
    assert not Path(folder).exists()
    assert not _runs(int(number))


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


@pytest.mark.parametrize(("kind", "package"), [("postgresql", "postgresql"), ("mariadb", "mariadb-server")])
def test_what_is_not_installed_is_named(kind: str, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(Missing, match=f"is not installed: apt install {package}$"), running(kind):
        pass
