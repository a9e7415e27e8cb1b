"""Runs MongoDB, with logins, and fills its database `course` with seeds before the first start.

    python3 mongodb.py serve DATA PORT
    LEARNER_PASSWORD=… python3 mongodb.py prepare DATA SEEDS

`teas.json` of the folder SEEDS, or of a folder in it, becomes the collection `teas`: one array of documents, or a
document a line, in MongoDB's extended JSON. Where there is no mongod, the server of the package `secantusdb` is taken.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SECONDS = 60


def serve(data: str, port: str) -> None:
    """Become the server; whoever comes has to log in."""
    Path(data).mkdir(mode=0o700, parents=True, exist_ok=True)
    command = _server(data, port, "--auth")
    os.execv(command[0], command)  # noqa: S606 - a program with its arguments, no shell


def prepare(data: str, folder: str) -> None:
    """Take the seeds, and make the learner's login."""
    from runtime.seeds import UnreadableSeed, seeds  # type: ignore[import-not-found]  # on the path where this runs

    password = os.environ.get("LEARNER_PASSWORD", "")
    if not re.fullmatch("[A-Za-z0-9_-]+", password):
        sys.exit("error: LEARNER_PASSWORD is empty, or has signs that an address cannot have")
    try:
        documents = [(seed, list(_read(seed.file, seed.text))) for seed in seeds(Path(folder), {"json"})]
    except UnreadableSeed as error:
        sys.exit(str(error))
    Path(data).mkdir(mode=0o700, parents=True, exist_ok=True)
    with _running(data) as client:  # for a moment without logins, on a port that nobody knows
        for seed, many in documents:
            _insert(client.course[seed.table], seed.file, many)
        roles = [{"role": role, "db": "admin"} for role in ("readWriteAnyDatabase", "dbAdminAnyDatabase")]
        client.admin.command("createUser", "learner", pwd=password, roles=roles)


def _read(file: Path, text: str) -> Iterator[tuple[int, Any]]:
    """The documents of a file, each with the line where it begins."""
    from bson import json_util

    decoder = json.JSONDecoder()
    at, array = len(text) - len(text.lstrip()), text.lstrip().startswith("[")
    at += array
    while at < len(text) and (found := re.compile(r"[\s,]*" if array else r"\s*").match(text, at)):
        at = found.end()
        if at == len(text) or (array and text[at] == "]"):
            return
        line = text.count("\n", 0, at) + 1
        try:
            _, end = decoder.raw_decode(text, at)
            value = json_util.loads(text[at:end])
        except json.JSONDecodeError as error:
            sys.exit(f"error: {error.msg}\n  --> {file}:{error.lineno}")
        except (TypeError, ValueError) as error:
            sys.exit(f"error: {error}\n  --> {file}:{line}")
        if not isinstance(value, dict):
            sys.exit(f"error: {text[at : min(end, at + 60)]} is no document\n  --> {file}:{line}")
        yield line, value
        at = end


def _insert(collection: Any, file: Path, many: list[tuple[int, Any]]) -> None:
    from pymongo.errors import BulkWriteError

    if not many:
        return
    try:
        collection.insert_many([value for _, value in many])
    except BulkWriteError as error:
        wrong = (error.details or {})["writeErrors"][0]
        sys.exit(f"error: {wrong['errmsg']}\n  --> {file}:{many[wrong['index']][0]}")


@contextmanager
def _running(data: str) -> Iterator[Any]:
    """A client of a server that runs as long as this does, on loopback."""
    from pymongo import MongoClient

    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(_server(data, str(port)), stdout=sys.stderr)  # noqa: S603 - a list
    try:
        client: Any = MongoClient("127.0.0.1", port, serverSelectionTimeoutMS=SECONDS * 1000)
        with client:
            client.admin.command("ping")
            yield client
    finally:
        process.terminate()
        process.wait(SECONDS)


def _server(data: str, port: str, *options: str) -> list[str]:
    """The command of the server that there is."""
    if mongod := shutil.which("mongod"):
        return [mongod, "--bind_ip", "127.0.0.1", "--port", port, "--dbpath", data, "--quiet", *options]
    if stand_in := _stand_in():
        return [stand_in, "--host", "127.0.0.1", "--port", port, "--storage-path", data, "--standalone", *options]
    sys.exit(
        "error: MongoDB is not installed\nhint: install mongodb-org, or, to try things out: pip install secantusdb"
    )


def _stand_in() -> str | None:
    return shutil.which("secantusd-py") or shutil.which("secantusd-py", path=str(Path(sys.executable).parent))


def _with_pymongo() -> None:
    """Go on in a Python that has PyMongo: this one, or one beside Jupyter or the server of `secantusdb`."""
    if find_spec("pymongo"):
        return
    for program in ("jupyter", _stand_in()):
        found = shutil.which(program) if program else None
        python = Path(found).with_name("python3") if found else None
        if python and python.exists() and _has_pymongo(str(python)):
            os.execv(python, [str(python), *sys.argv])  # noqa: S606 - a program with its arguments, no shell
    sys.exit("error: PyMongo is not installed\nhint: pip install pymongo")


def _has_pymongo(python: str) -> bool:
    return subprocess.run([python, "-c", "import pymongo"], capture_output=True, check=False).returncode == 0  # noqa: S603 - a list


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        _with_pymongo()
    {"serve": serve, "prepare": prepare}[sys.argv[1]](*sys.argv[2:])
