"""The browser's DuckDB, run by Node: what a page's SQL gives there is known before a reader asks."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, MissingPart
from coursewright.sites.runtimes.parts import RuntimePart, part

ENGINE = "the browser's DuckDB 1.4"


class EngineAnswer(msgspec.Struct, frozen=True):
    """What a statement gave: rows of values as JSON has them, whole numbers of 64 bits as text, or what went wrong."""

    rows: tuple[tuple[Any, ...], ...] = ()
    error: str = ""


def look_for_engine() -> tuple[str, RuntimePart, RuntimePart]:
    """Node, the engine and Arrow for it. Raises MissingPart, with what to do, for the first that is not there."""
    node = shutil.which("node")
    if node is None:
        raise MissingPart(f"Node.js, in which {ENGINE} runs here, is not there", None, "install Node.js")
    return node, part("duckdb"), part("arrow")


def run(
    statements: Sequence[str], tables: Mapping[str, Path] | None = None, seconds: float | None = None
) -> tuple[EngineAnswer, ...]:
    """What each of the statements gives, run one after another; `tables` are files of Arrow's stream format.

    After `seconds` the engine is stopped: the statement that it was at has that as its error, later ones no rows.
    Nothing is fetched: an extension that a statement needs is an error in its answer. Raises MissingPart without Node,
    or without the engine, CoursewrightError when it does not answer.
    """
    node, duckdb, arrow = look_for_engine()
    asked = {
        "duckdb": str(duckdb.folder / "dist"),
        "arrow": str(arrow.folder / "Arrow.es2015.min.js"),
        "tables": {name: str(file) for name, file in (tables or {}).items()},
        "statements": list(statements),
    }
    with resources.as_file(resources.files(__package__).joinpath("engine.cjs")) as script:
        try:
            done = subprocess.run(  # noqa: S603 - Node of this machine
                [node, str(script)],
                input=json.dumps(asked),
                capture_output=True,
                encoding="utf-8",
                check=False,
                timeout=seconds,
            )
        except subprocess.TimeoutExpired as late:
            return _in_part(late.stdout or b"", len(statements), seconds)
    if done.returncode or not done.stdout:
        said = (done.stderr.strip() or "it said nothing").splitlines()[-1]
        raise CoursewrightError(
            f"{ENGINE} did not answer: {said}", None, "run: coursewright runtimes fetch duckdb arrow"
        )
    return tuple(msgspec.json.decode(line, type=EngineAnswer) for line in done.stdout.splitlines())


def _in_part(said: bytes, count: int, seconds: float | None) -> tuple[EngineAnswer, ...]:
    """What an engine that was stopped had said of `count` statements."""
    answers = [msgspec.json.decode(line, type=EngineAnswer) for line in said.split(b"\n")[:-1]]
    late = EngineAnswer(error=f"no answer within {seconds:g} seconds, and what comes after it was not tried")
    return (*answers, late, *[EngineAnswer()] * count)[:count]
