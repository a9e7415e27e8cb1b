"""Makes a PostgreSQL cluster and fills its database with seeds. Run once, before the server's first start.

    LEARNER_PASSWORD=… python3 prepare.py INITDB DATA SEEDS

Files of the folder SEEDS, and of folders in it, are taken in the order of their names: `020-teas.csv` is copied into
the table `teas`, which a file of SQL before it has made; `010-extensions.superuser.sql` is run by a superuser. The
server listens in a folder of its own while that goes on, and on no port.
"""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.seeds import Seed, UnreadableSeed, seeds  # type: ignore[import-not-found]  # on the path where this runs

LEARNER, COURSE = "learner", "course"


class SeedFailure(Exception):
    """What is said when a seed cannot be taken: the message, the place, and perhaps the statement."""


def main(initdb: str, data: str, folder_of_seeds: str) -> None:
    """Make the cluster, its role and its database, and take the seeds."""
    given = seeds(Path(folder_of_seeds), {"sql", "csv", "tsv"})  # before anything is made
    programs = Path(initdb).resolve().parent  # its own folder may be another's link to it
    # Nobody logs in as postgres: it has no password, and the server does not listen where none is needed.
    options = ["--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8"]
    _run([initdb, "--username=postgres", *options, "-D", data])
    with tempfile.TemporaryDirectory(prefix="pg-") as folder, _server(programs, data, folder):
        psql = [str(programs / "psql"), "-h", folder, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-b"]
        _make_role([*psql, "-U", "postgres", "-d", "postgres"], os.environ["LEARNER_PASSWORD"])
        _run([*psql, "-U", "postgres", "-d", "postgres", "-c", f"CREATE DATABASE {COURSE} OWNER {LEARNER}"])
        for seed in given:
            as_whom = [*psql, "-U", "postgres" if seed.as_superuser else LEARNER, "-d", COURSE]
            _sql(as_whom, seed, folder) if seed.kind == "sql" else _rows(as_whom, seed)


@contextmanager
def _server(programs: Path, data: str, folder: str) -> Iterator[None]:
    control = [str(programs / "pg_ctl"), "-D", data, "-w", "-s"]
    _run([*control, "-l", str(Path(folder) / "log"), "-o", f"-h '' -k {folder}", "start"])
    try:
        yield
    finally:
        subprocess.run([*control, "-m", "fast", "stop"], check=False)  # noqa: S603 - the server's own program


def _make_role(psql: list[str], password: str) -> None:
    """The password goes in by a pipe, where nobody reads along."""
    if not re.fullmatch("[A-Za-z0-9_-]+", password):
        raise SeedFailure("error: LEARNER_PASSWORD is empty, or has signs that an address cannot have")
    _run(psql, f"CREATE ROLE {LEARNER} LOGIN CREATEDB PASSWORD '{password}';\n")


def _run(command: list[str], given: str = "") -> None:
    done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)  # noqa: S603 - a list
    if done.returncode:
        raise SeedFailure(f"error: {Path(command[0]).name} failed\n{done.stderr.strip()}")


def _sql(psql: list[str], seed: Seed, folder: str) -> None:
    file = seed.file
    if file.suffix.lower() == ".gz":
        file = Path(folder) / file.name[:-3]
        file.write_text(seed.text, encoding="utf-8")
    command = [*psql, "--single-transaction", "-f", str(file)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)  # noqa: S603 - a list
    if done.returncode:
        raise SeedFailure(sql_error(done.stderr.replace(f"psql:{file}:", f"psql:{seed.file}:"), seed.file))


def sql_error(told: str, file: Path) -> str:
    """What psql tells of an error, as one message: what is wrong, the line of the file, the statement."""
    told = told.replace(f"psql:{file}:", "\npsql:")
    error = re.search(r"psql:(\d+): (?:ERROR|FATAL):\s+(.*)", told)
    if error is None:
        return f"error: {told.strip()}\n  --> {file}"
    statement = re.search(r"STATEMENT:\s+(.*)", told, re.DOTALL)
    inside = re.search(r"^LINE (\d+):", told, re.MULTILINE)
    line = int(error[1])
    if statement is None:
        return f"error: {error[2]}\n  --> {file}:{line}"
    text = statement[1].rstrip()
    line += int(inside[1]) - text.count("\n") - 1 if inside else -text.count("\n")
    detail = "".join(f"\n{more}" for more in re.findall(r"^(?:DETAIL|HINT):.*", told, re.MULTILINE))
    shown = "\n".join(f"  | {each}" for each in text.splitlines()[:8])
    return f"error: {error[2]}{detail}\n  --> {file}:{line}\n{shown}"


def _rows(psql: list[str], seed: Seed) -> None:
    """Copy a file of rows into its table; tabs or commas stand between values."""
    text, file, table = seed.text, seed.file, seed.table
    sign = "," if seed.kind == "csv" else "\t"
    heading = next(csv.reader(io.StringIO(text, newline=""), delimiter=sign), None)
    if not heading:
        raise SeedFailure(f"error: no headings\n  --> {file}:1")
    columns = ", ".join(_quoted(name) for name in heading)
    form = f"FORMAT csv, HEADER, ENCODING 'UTF8', DELIMITER '{sign}'"
    copy = f"COPY {_quoted(table)} ({columns}) FROM STDIN WITH ({form})"
    done = subprocess.run([*psql, "-c", copy], input=text, capture_output=True, text=True, check=False)  # noqa: S603 - a list
    if done.returncode:
        error = re.search(r"ERROR:\s+(.*)", done.stderr)
        line = re.search(r"^CONTEXT:.*?line (\d+)", done.stderr, re.MULTILINE)
        missing = f'relation "{table}" does not exist' in done.stderr
        hint = f"\nhint: make the table {table} in a file of SQL whose name comes before" if missing else ""
        place = f"  --> {file}:{line[1] if line else 1}"
        raise SeedFailure(f"error: {error[1] if error else done.stderr.strip()}\n{place}{hint}")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except (SeedFailure, UnreadableSeed) as failed:
        sys.exit(str(failed))
    except KeyboardInterrupt:  # by which PostgreSQL is stopped, and this before it
        sys.exit(130)
