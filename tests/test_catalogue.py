"""The catalogue of tiers: each fits what it stands on, and what can be installed here is started."""

from __future__ import annotations

import asyncio
import glob
import gzip
import importlib.util
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from coursewright.environments import Stack, read_environment
from coursewright.environments.runtime.program import Proxy, Ready, ServiceProgram
from coursewright.environments.runtime.proxy import RESERVED, jupyter_config
from coursewright.environments.runtime.ready import lets_in, until_ready
from coursewright.environments.runtime.seeds import digest
from coursewright.environments.tier import CATALOGUE, read_tier
from jupyters import Jupyter, folder_of_its_own, free_port, jupyter, needs_jupyter, program, python_with
from people import search_path
from servers import _as_user, _user

# Each tier after those that it stands on, and what its service is.
STACK = {
    "minimal": None,
    "base": None,
    "tex": None,
    "coursewright": None,
    "jupyter": ("jupyter", "learner", 8888, ""),
    "jupyter-branding": None,
    "openrefine": ("openrefine", "learner", 3333, "/openrefine/"),
    "postgres": ("postgres", "postgres", 5432, ""),
    "mongodb": ("mongodb", "mongodb", 27017, ""),
    "r": None,
    "rstudio": ("rstudio", "learner", None, "/rstudio/"),
    "shiny": ("shiny", "learner", None, "/shiny/"),
    "topup": None,
}
PASSWORD = "x-Y_z" * 4
RUNTIME = CATALOGUE.parent  # where start.py lets Python look while a service is prepared
KNOWN = r"\{(?:state|port|socket|password|files|course|base|bin:[\w-]+)\}"


def test_the_catalogue_is_whole() -> None:
    assert {file.parent.name for file in CATALOGUE.glob("*/tier.toml")} == set(STACK)


@pytest.mark.parametrize("name", STACK)
def test_a_tier_fits_what_it_stands_on(name: str, tmp_path: Path) -> None:
    tier = read_tier(CATALOGUE / name)
    assert tier.name == name
    assert tier.written.tier.summary
    assert set(tier.written.tier.after) <= set(list(STACK)[: list(STACK).index(name)])
    below: list[str] = []
    for wanted in (*tier.written.tier.after, name):
        below += [one for one in _stack(wanted) if one not in below]
    environment = read_environment(tmp_path, Stack(tiers=tuple(below)))
    if expected := STACK[name]:
        service = environment.services[expected[0]]
        assert (expected[0], service.user, service.port, service.path) == expected
        assert service.summary
        assert service.stop_wait
        assert not set(service.path.strip("/").split()) & RESERVED
    for said in _texts(tier.written.services, tier.written.amend):
        assert "{" not in re.sub(KNOWN, "", said), said


def _stack(name: str) -> list[str]:
    """The tier and all below it, lowest first."""
    return [*(low for wanted in read_tier(CATALOGUE / name).written.tier.after for low in _stack(wanted)), name]


def _texts(*values: Any) -> Iterator[str]:
    import msgspec

    for value in values:
        yield from re.findall(r'"((?:[^"\\]|\\.)*)"', msgspec.json.encode(value).decode())


def test_all_of_them_make_one_environment(tmp_path: Path) -> None:
    environment = read_environment(tmp_path, Stack(tiers=tuple(STACK)))
    assert list(environment.services) == [one[0] for one in STACK.values() if one]
    listening = " ".join(_texts(environment.services))
    assert "0.0.0.0" not in listening  # noqa: S104 - what must not be there
    users = {user for tier in environment.tiers for user in tier.written.users}
    assert "root" not in {service.user for service in environment.services.values()}
    assert {service.user for service in environment.services.values()} <= users
    for tier in environment.tiers:
        for path in tier.folder.rglob("*"):
            assert path.is_dir() or path.suffix != ".pyc"
            assert path.parent.name == "__pycache__" or path.stat().st_size < 20_000


class Started:
    """A service of a tier, with its placeholders filled in, as it is started on a machine without a container."""

    def __init__(self, tmp_path: Path, names: list[str], name: str, state: Path) -> None:
        environment = read_environment(tmp_path, Stack(tiers=tuple(names)))
        self.service, self.name = environment.services[name], name
        self.port, self.state, self.socket = free_port(), state, str(state / "socket")
        self.targets = {
            file if isinstance(file, str) else file.to: str(tier.folder / source)
            for tier in environment.tiers
            for source, file in tier.written.files.items()
        }
        self.environment = {key: self.fill(str(value)) for key, value in self.service.environment.items()}
        self.exports = {key: self.fill(str(value)) for key, value in self.service.exports.items()}

    def fill(self, text: str) -> str:
        """One word of a command, or one value."""
        for target, source in self.targets.items():
            text = text.replace(target, source)
        text = text.replace("{state}", str(self.state)).replace("{port}", str(self.port))
        text = text.replace("{socket}", self.socket)
        text = text.replace("{password}", PASSWORD).replace("{base}", "/").replace("{course}", str(self.state))
        return re.sub(r"\{bin:([\w-]+)\}", lambda found: where(found[1]), text)

    def words(self, command: str) -> list[str]:
        """A command as a list, its program found."""
        return [self.fill(word) for word in shlex.split(command)]

    @property
    def command(self) -> list[str]:
        """The whole command of the service."""
        return [*self.words(self.service.command), *map(self.fill, self.service.arguments)]

    @property
    def program(self) -> ServiceProgram:
        """The service as Jupyter is told of it."""
        said = self.service.proxy
        assert said is not None
        login = self.fill(said.login)
        proxy = Proxy(said.title, self.fill(said.icon), said.absolute, self.fill(said.host), login, said.rewrite)
        port = self.port if self.service.port else None
        user = _user() if os.geteuid() == 0 else ""
        made = ServiceProgram(self.name, (), {}, str(self.state), user, port, path=self.service.path, proxy=proxy)
        return made if port else replace(made, socket=self.socket)

    def first_run(self, *, seeds: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run its one preparation, with other seeds if given."""
        if seeds:
            self.targets["/opt/course/seed"] = str(seeds)
        (command,) = self.service.first_run
        return subprocess.run(
            self.words(command),
            cwd=self.state,
            env={"PATH": search_path(), "HOME": str(self.state), "PYTHONPATH": str(RUNTIME), **self.environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            **_as_user(),
        )


def where(name: str) -> str:
    """A program, on PATH or where Debian puts PostgreSQL's."""
    found = shutil.which(name, path=search_path()) or max(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), default=None)  # noqa: PTH207 - a pattern of whole paths
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


@pytest.fixture
def state() -> Iterator[Path]:
    with folder_of_its_own() as folder:
        yield folder


def seeds(folder: Path, **files: str) -> Path:
    """A folder of seeds that the server's user can read."""
    made = folder / "seed"
    made.mkdir()
    for name, text in files.items():
        stem, _, ending = name.rpartition("_")
        (made / f"{stem}.{ending}".replace("__", "-")).write_text(text, encoding="utf-8")
    if os.geteuid() == 0:
        shutil.chown(made, _user())
    return made


SCHEMA = "CREATE TABLE teas (name text PRIMARY KEY, grams int NOT NULL);\n"


@contextmanager
def killed_server(data: Path) -> Iterator[None]:
    """What a server has left that was killed, and whose number is another process's of the same user by now."""
    other = subprocess.Popen(["/usr/bin/sleep", "600"], **_as_user())
    try:
        (data / "postmaster.pid").write_text(f"{other.pid}\n{data}\n")
        yield
    finally:
        other.kill()
        other.wait()


def test_postgres_takes_its_seeds_and_asks_for_the_password(tmp_path: Path, state: Path) -> None:
    started = Started(tmp_path, ["minimal", "base", "postgres"], "postgres", state)
    given = seeds(state, **{"010__schema_sql": SCHEMA, "020__teas_csv": 'name,grams\n"Assam, broken",3\nÖölong,2\n'})
    done = started.first_run(seeds=given)
    assert done.returncode == 0, done.stderr
    with (
        killed_server(state / "data"),
        program(started.command, state, port=started.port, environment=started.environment),
    ):
        ready = started.words(started.service.ready.command)
        assert subprocess.run(ready, check=False).returncode == 0
        ask = [where("psql"), "-Atc", "SELECT name, grams, current_user FROM teas ORDER BY grams"]
        told = subprocess.run(ask, env=started.exports, capture_output=True, text=True, check=True).stdout
        assert told == "Öölong|2|learner\nAssam, broken|3|learner\n"
        assert _refused(ask, {**started.exports, "PGPASSWORD": "wrong"})
        assert _refused(ask, {**started.exports, "PGUSER": "postgres", "PGPASSWORD": ""})
        superuser = "SELECT rolsuper FROM pg_roles WHERE rolname = 'learner'"
        asked = [where("psql"), started.exports["DATABASE_URL"], "-Atc", superuser]
        assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout == "f\n"
    files = [path for path in state.rglob("*") if path.is_file() and PASSWORD.encode() in path.read_bytes()]
    assert files == []


def test_every_seed_is_taken_in_order_whatever_its_capitals_and_packing(tmp_path: Path, state: Path) -> None:
    started = Started(tmp_path, ["minimal", "base", "postgres"], "postgres", state)
    given = seeds(state, **{
        "010__a_sql": "create table a (n int, who text default current_user, at serial);",
        "030__a_SQL": "insert into a values (2);", "040__a_tsv": 'n\n"3"\n', "050__a_CSV": "\ufeffn\n4\n",
        "reports_json": "[]", "_hidden": "",
    })  # fmt: skip
    (given / "000-extension.superuser.sql").write_text("CREATE EXTENSION IF NOT EXISTS plpgsql; CREATE ROLE reader;")
    (given / "020-a.sql.gz").write_bytes(gzip.compress(b"insert into a values (1);"))
    (given / "sub").mkdir()
    (given / "sub/060.sql").write_text("insert into a values (5);")
    (given / "sub/070-a.csv.GZ").write_bytes(gzip.compress(b"n\n6\n"))
    if os.geteuid() == 0:
        subprocess.run(["/usr/bin/chown", "-R", _user(), given], check=True)
    done = started.first_run(seeds=given)
    assert done.returncode == 0, done.stderr
    with program(started.command, state, port=started.port, environment=started.environment):
        ask = [where("psql"), "-Atc", "SELECT string_agg(n::text, ' ' ORDER BY at), min(who) FROM a"]
        told = subprocess.run(ask, env=started.exports, capture_output=True, text=True, check=True).stdout
        assert told == "1 2 3 4 5 6|learner\n"


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (
            "010.txt",
            b"x",
            "error: no database takes it\n  --> SEEDS/010.txt\nhint: a seed ends with .sql, .csv, .tsv, ",
        ),
        ("README", b"x", "error: no database takes it\n  --> SEEDS/README\n"),
        ("010.sql.gz", b"no gzip", "error: it cannot be read: Not a gzipped file (b'no')\n  --> SEEDS/010.sql.gz"),
        (
            "010.sql.gz",
            b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff",
            "error: it cannot be read: Error -3 while decompressing data: invalid block type\n  --> SEEDS/010.sql.gz",
        ),
        ("010-a.csv", b"a\n\xff\n", "error: it cannot be read: 'utf-8' codec can't decode byte 0xff in position 2"),
    ],
)
def test_what_is_no_seed_is_an_error(name: str, content: bytes, message: str, tmp_path: Path, state: Path) -> None:
    started = Started(tmp_path, ["minimal", "base", "postgres"], "postgres", state)
    given = seeds(state)
    (given / name).write_bytes(content)
    done = started.first_run(seeds=given)
    assert done.returncode == 1
    assert done.stderr.replace(str(given), "SEEDS").startswith(message)


def test_seeds_that_have_changed_are_told_apart(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name / "sub").mkdir(parents=True)
        (tmp_path / name / "sub/a.sql").write_text("select 1")
    same = digest([str(tmp_path / "one")])
    assert same == digest([str(tmp_path / "two")]) != digest([])
    (tmp_path / "two/sub/a.sql").write_text("select 2")
    assert digest([str(tmp_path / "two")]) != same
    (tmp_path / "one/.DS_Store").touch()  # no seed
    assert digest([str(tmp_path / "one")]) == same
    (tmp_path / "one/sub/a.sql").rename(tmp_path / "one/a.sql")
    assert digest([str(tmp_path / "one")]) != same


def _refused(command: list[str], environment: dict[str, str]) -> bool:
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode != 0


WRONG_SQL = {
    "a statement": (
        {"010_sql": f"{SCHEMA}\n-- one\nINSERT INTO teas\nVALUES ('Assam', 3);\nINSERT INTO teas\nVALEUS ('x');\n"},
        "error: syntax error at or near \"VALEUS\"\n  --> SEEDS/010.sql:7\n  | INSERT INTO teas\n  | VALEUS ('x');\n",
    ),
    "a constraint": (
        {"010_sql": f"{SCHEMA}INSERT INTO teas VALUES\n  ('Assam', 3),\n  ('Assam', 4);\n"},
        'error: duplicate key value violates unique constraint "teas_pkey"\n'
        "DETAIL:  Key (name)=(Assam) already exists.\n"
        "  --> SEEDS/010.sql:2\n  | INSERT INTO teas VALUES\n  |   ('Assam', 3),\n  |   ('Assam', 4);\n",
    ),
    "a row": (
        {"010_sql": SCHEMA, "020__teas_csv": "name,grams\nAssam,3\nCeylon,many\n"},
        'error: invalid input syntax for type integer: "many"\n  --> SEEDS/020-teas.csv:3\n',
    ),
    "a table that is not there": (
        {"010_sql": SCHEMA, "020__tees_csv": "name,grams\nAssam,3\n"},
        'error: relation "tees" does not exist\n  --> SEEDS/020-tees.csv:1\n'
        "hint: make the table tees in a file of SQL whose name comes before\n",
    ),
}


@pytest.mark.parametrize("case", WRONG_SQL)
def test_an_error_in_a_seed_of_postgres_has_its_line(case: str, tmp_path: Path, state: Path) -> None:
    files, message = WRONG_SQL[case]
    started = Started(tmp_path, ["minimal", "base", "postgres"], "postgres", state)
    given = seeds(state, **files)
    done = started.first_run(seeds=given)
    assert (done.returncode, done.stderr.replace(str(given), "SEEDS")) == (1, message)
    assert not (state / "data" / "postmaster.pid").exists()


PYTHON = python_with("pymongo")
needs_mongodb = pytest.mark.skipif(
    not PYTHON or not (shutil.which("mongod") or importlib.util.find_spec("secantus")),
    reason="pip install secantusdb pymongo",
)
ASK = """
import os, pymongo
client = pymongo.MongoClient(os.environ["MONGODB_URL"], serverSelectionTimeoutMS=20000)
teas = client.get_default_database().teas
teas.insert_one({"name": "Sencha", "grams": 1})
print([(tea["name"], tea["grams"]) for tea in teas.find().sort("grams")])
try:
    print(pymongo.MongoClient(port=client.address[1]).course.teas.find_one())
except pymongo.errors.OperationFailure as error:
    print(error.code)
"""


@needs_mongodb
def test_mongodb_takes_its_seeds_and_asks_for_the_password(tmp_path: Path, state: Path) -> None:
    started = Started(tmp_path, ["minimal", "base", "mongodb"], "mongodb", state)
    lines = '{"name": "Assam", "grams": 3}\n\n{"name": "Öölong",\n "grams": {"$numberLong": "2"}}\n'
    given = seeds(state, teas_json=lines, pots_json='[{"_id": {"$oid": "5f9f1b9b9b9b9b9b9b9b9b9b"}},\n {"a": 1}]')
    done = started.first_run(seeds=given)
    assert done.returncode == 0, done.stderr
    with program(started.command, state, port=started.port, environment=started.environment):
        told = subprocess.run(
            [str(PYTHON), "-c", ASK], env=started.exports, capture_output=True, text=True, check=True, timeout=60
        )
    assert told.stdout == "[('Sencha', 1), ('Öölong', 2), ('Assam', 3)]\n13\n"


WRONG_JSON = {
    "not JSON": ('[{"a": 1},\n {"a": }]', "error: Expecting value\n  --> SEEDS/teas.json:2\n"),
    "no document": ('{"a": 1}\n3\n', "error: 3 is no document\n  --> SEEDS/teas.json:2\n"),
    "twice": ('{"_id": 1}\n{"_id": 1}\n', "  --> SEEDS/teas.json:2\n"),
}


@needs_mongodb
@pytest.mark.parametrize("case", WRONG_JSON)
def test_an_error_in_a_seed_of_mongodb_has_its_line(case: str, tmp_path: Path, state: Path) -> None:
    text, message = WRONG_JSON[case]
    started = Started(tmp_path, ["minimal", "base", "mongodb"], "mongodb", state)
    given = seeds(state, teas_json=text)
    done = started.first_run(seeds=given)
    assert done.returncode == 1
    assert done.stderr.replace(str(given), "SEEDS").endswith(message)


@needs_jupyter
@pytest.mark.parametrize("base", ["/", "/user/x/"])
def test_openrefine_works_behind_jupyter(base: str, tmp_path: Path, state: Path) -> None:
    """Debian's packages openrefine and default-jre-headless: a project is made, and its redirect is followed."""
    where("openrefine")
    started = Started(tmp_path, ["minimal", "base", "openrefine"], "openrefine", state)
    config = jupyter_config([started.program])
    with (
        program(started.command, state, port=started.port, environment=started.environment),
        jupyter(config, state, base, {started.program.login_variable: started.program.proxy.login}) as server,
    ):
        assert not lets_in(started.port)  # whoever reaches its port needs the password
        until_ready(Ready(http=started.fill(started.service.ready.http)), {})
        assert "<title>OpenRefine</title>" in server.get("openrefine/")[2]
        token = json.loads(server.get("openrefine/command/core/get-csrf-token")[2])["token"]
        part = "--b\r\nContent-Disposition: form-data; name="
        body = (
            f'{part}"project-name"\r\n\r\nteas\r\n{part}"project-file"; filename="a.csv"\r\n\r\na,b\n1,2\n\r\n--b--\r\n'
        )
        path = f"openrefine/command/core/create-project-from-upload?csrf_token={token}"
        status, headers, _ = server.get(path, data=body.encode(), kind="multipart/form-data; boundary=b")
        assert status == 302
        assert re.fullmatch(r"(?:\.\./)+project\?project=\d+", headers["Location"])
        assert "teas" in server.get("openrefine/command/core/get-all-project-metadata")[2]
        assert server.get("openrefine/", token=False)[0] == 302


@needs_jupyter
def test_shiny_works_behind_jupyter(tmp_path: Path, state: Path) -> None:
    """Debian's package r-cran-shiny: its page, its files and its websocket are reached below the path."""
    rscript = where("Rscript")
    if subprocess.run([rscript, "-e", "library(shiny)"], capture_output=True, check=False).returncode:
        pytest.skip("r-cran-shiny is not installed")
    started = Started(tmp_path, ["minimal", "base", "shiny"], "shiny", state)
    config = jupyter_config([started.program])
    with (
        program(started.command, state, port=0, environment=started.environment, socket=started.socket),
        jupyter(config, state, "/user/x/") as server,
    ):
        assert Path(started.socket).stat().st_mode & 0o077 == 0
        page = server.get("shiny/")[2]
        assert "<h2>Shiny works</h2>" in page
        script = re.findall(r'<script src="(shiny-javascript[^"]+|[^"]*shiny\.min\.js)"', page)[0]
        assert server.get(f"shiny/{script}")[0] == 200
        assert "sessionId" in asyncio.run(first_of_shiny(server))


async def first_of_shiny(server: Jupyter) -> str:
    """What Shiny says first to a page, by its websocket."""
    async with server.websocket("shiny/websocket/") as socket:
        await socket.write_message('{"method": "init", "data": {}}')
        return str(await socket.read_message())


@needs_jupyter
def test_r_runs_in_notebooks(tmp_path: Path, state: Path) -> None:
    """Debian's package r-cran-irkernel: Jupyter finds the kernel of the tier, and it answers."""
    rscript = where("Rscript")
    if subprocess.run([rscript, "-e", "library(IRkernel)"], capture_output=True, check=False).returncode:
        pytest.skip("r-cran-irkernel is not installed")
    started = Started(tmp_path, ["minimal", "base", "jupyter", "r"], "jupyter", state)
    code = (
        "from jupyter_client.manager import start_new_kernel\n"
        "manager, client = start_new_kernel(kernel_name='ir')\n"
        "client.execute_interactive('cat(6 * 7)')\n"
        "client.stop_channels(); manager.shutdown_kernel()\n"
    )
    python = python_with("jupyter_server_proxy")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "JUPYTER_PATH": started.environment["JUPYTER_PATH"],
    }
    told = subprocess.run(
        [str(python), "-W", "ignore", "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    assert told.stdout.strip() == "42"


@needs_jupyter
def test_jupyter_has_the_courses_name_and_logo(tmp_path: Path, state: Path) -> None:
    started = Started(tmp_path, ["minimal", "base", "jupyter", "jupyter-branding"], "jupyter", state)
    (state / "config").mkdir()
    (state / "config" / "jupyter_server_config.py").write_text(jupyter_config([]))
    python = python_with("jupyter_server_proxy")
    command = [str(python), "-m", "jupyter", *started.command[1:]]
    if os.geteuid() == 0:
        shutil.chown(state / "config", _user())
    with program(command, state, port=started.port, environment=started.environment):
        address = f"http://127.0.0.1:{started.port}"
        login = urllib.request.urlopen(f"{address}/login").read().decode()
        assert "<title>Coursewright</title>" in login
        (logo,) = re.findall(r'<img src="(.*?)" alt="Coursewright"', login)
        assert b"<svg" in urllib.request.urlopen(address + logo).read()
        lab = urllib.request.urlopen(f"{address}/lab?token={PASSWORD}").read().decode()
        assert '"appName": "Coursewright"' in lab
        assert urllib.request.urlopen(f"{address}/api").status == 200


def test_a_first_run_that_is_stopped_says_nothing(tmp_path: Path) -> None:
    initdb = tmp_path / "initdb"
    initdb.write_text(f"#!/bin/sh\n: > {tmp_path}/begun\nexec sleep 60\n", encoding="utf-8")
    initdb.chmod(0o755)
    command = [sys.executable, CATALOGUE / "postgres/prepare.py", initdb, tmp_path / "data", tmp_path / "seed"]
    with subprocess.Popen(
        command, env={"PYTHONPATH": str(RUNTIME), "PATH": os.defpath}, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        while not (tmp_path / "begun").exists() and process.poll() is None:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGINT)
        assert process.communicate(timeout=60) == (None, b"")
    assert process.returncode == 130
