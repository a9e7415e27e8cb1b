"""Pages told again by the browser's engine: the same facts, in the same words and order, as a build gives."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import msgspec
import pyarrow as pa
import pytest

import coursewright.sites.retelling
from coursewright.chance import stream
from coursewright.courses.course import open_course
from coursewright.errors import MissingPart
from coursewright.facts import find
from coursewright.facts.retold import retold
from coursewright.sites.retelling import ENGINE, run
from coursewright.sites.runtimes import part
from coursewright.words.in_sql import PRELUDE
from coursewright.words.keys import key_hash

ROOT = Path(__file__).parent.parent
OURS = Path(coursewright.sites.retelling.__file__).parent
KEYS = [
    (text, "VARCHAR")
    for text in (
        "", "Max Verstappen", "3", "3.00", "03", "1e3", "0.5", "-0.00000012", "12345678901234567890", "TRUE",
        "2018-04-08", "2018-02-30", "0000-01-01", "Räikkönen", "x" * 300, "x" * 128, "1e300", "1.5e-7", "-12", "1.50", "0e5", "-0",
    )
]  # fmt: skip


@pytest.fixture
def parts():
    """Where the engine's files are; the test is skipped where they, or Node, are not there."""
    if not shutil.which("node"):
        pytest.skip("Node.js is not installed")
    try:
        return {
            "duckdb": str(part("duckdb").folder / "dist"),
            "arrow": str(part("arrow").folder / "Arrow.es2015.min.js"),
        }
    except MissingPart as missing:
        pytest.skip(str(missing))


def saved(rows, file):
    with pa.ipc.new_stream(file, rows.schema) as stream_:
        stream_.write_table(rows)
    return str(file)


def test_the_facts_of_fifty_races_are_those_of_the_build(parts, tmp_path):
    course = open_course(ROOT / "examples" / "formula-one")
    finders, timeline = course.finders(), course.settings.timeline
    database = course.database()
    told = retold(database, timeline, finders, {**course.parameters, "called": "name"})
    assert told.untold == {}
    tables = {
        name: saved(database.connection.sql(made).to_arrow_table(), tmp_path / f"{number}.arrow")
        for number, (name, made) in enumerate(told.tables.items())
    }
    races = database.connection.execute("SELECT year, round FROM main.races ORDER BY year, round").fetchall()
    wanted = sorted({races[0], races[-1], *stream("fifty races").sample(races, 48)})
    moments = [{**course.parameters, "season": season, "round": nth, "called": "name"} for season, nth in wanted]
    asked = {
        **parts, "engine": str(OURS / "engine.cjs"), "script": str(OURS / "retell.mjs"), "tables": tables, "keys": KEYS,
        "prelude": PRELUDE, "told": msgspec.to_builtins(told), "moments": moments,
    }  # fmt: skip
    script = ROOT / "tests" / "node" / "retell.js"
    done = subprocess.run(
        [shutil.which("node"), script], input=json.dumps(asked), capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    expected = [[] for _ in moments]
    for fact in find(course.database(), finders, timeline=timeline, moments=moments):
        expected[moments.index(fact.moment)].append({"sentence": fact.sentence, "score": fact.score})
    assert sum(map(len, expected)) > 1000
    assert answer["told"] == expected
    assert answer["hashed"] == [str(key_hash(text)) for text, _ in KEYS]


@pytest.mark.usefixtures("parts")
def test_what_the_engine_cannot_do_is_said(tmp_path):
    rows = saved(pa.table({"n": [1, 2, None]}), tmp_path / "rows.arrow")
    one, two, three = run(
        ["SELECT n FROM t ORDER BY n", "SELECT * FROM 'x.parquet'", "SELECT version()"], {"t": Path(rows)}
    )
    assert one.rows == ((1,), (2,), (None,))
    assert "function signature mismatch" in two.error or "parquet" in two.error
    assert three.rows == (("v1.4.3",),)
    assert ENGINE == "the browser's DuckDB 1.4"


def test_without_node_it_is_said(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingPart, match=r"Node\.js, in which the browser's DuckDB 1\.4 runs here, is not there"):
        run(["SELECT 1"])
