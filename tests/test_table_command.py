"""`coursewright table`: what the terminal shows of a table, and the files that it writes."""

from __future__ import annotations

import csv
import io
import json
import math
import shlex
import subprocess
import sys
import tracemalloc
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest
from rich.cells import cell_len

from coursewright.cli import main
from coursewright.cli.table import _source
from coursewright.errors import UsageError
from coursewright.tables.sources import Source

ODD = """\
SELECT * FROM (VALUES
  (1, 2.50::DECIMAL(9,2), 'NaN'::DOUBLE, '=1+1', '', DATE '2024-05-01', TIMESTAMP '2024-05-01 10:20:30', true,
   INTERVAL '3 days', 'abc'::BLOB, [1, NULL], {'a': 1.5}, 5::BIGNUM, TIME '10:20:30.5'),
  (NULL, NULL, 0.1, 'a,"b"' || chr(10) || 'c|d', NULL, NULL, TIMESTAMP '2024-05-01 10:20:30.25', false,
   NULL, NULL, NULL, NULL, NULL, NULL)
) AS t(n, d, f, s, e, day, "at", b, i, bytes, list, struct, big, "time")
"""


def run(capsys: Any, *arguments: str) -> str:
    """What `coursewright table` prints."""
    assert main(["table", *arguments]) == 0
    return str(capsys.readouterr().out)


def fail(capsys: Any, *arguments: str, status: int = 2) -> str:
    """What it says of a wrong call; it prints nothing else."""
    assert main(["table", *arguments]) == status
    said = capsys.readouterr()
    assert said.out == ""
    return str(said.err)


@pytest.fixture
def odd(make_course: Any) -> tuple[str, ...]:
    """A table with every kind of value, as arguments of the command."""
    return ("odd", "--course", str(make_course({"tables/odd.sql": ODD})))


def test_what_the_columns_hold_and_the_first_rows(make_course: Any, capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    text = run(capsys, "sales", "--course", str(make_course({})), "--rows", "2")
    assert [line.rstrip() for line in text.split("\n")] == [
        "4 rows, 3 columns",
        "column  type     missing  different  values",
        "─────────────────────────────────────────────────────────────────",
        "year    BIGINT         0          2  2023 … 2024, mean 2023.5",
        'fruit   VARCHAR        0          2  "apple" 2×; 4 … 5 characters',
        "tonnes  BIGINT         1          3  4 … 12, mean 8.66667",
        "",
        "The first 2 rows",
        "year  fruit  tonnes",
        "───────────────────",
        "2023  apple      10",
        "2023  pear        4",
        "",
    ]


def test_every_kind_of_value_is_summed_up(odd: tuple[str, ...], capsys: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    text = run(capsys, *odd)
    about = {line.split()[0]: " ".join(line.split()[1:]) for line in text.split("\n")[3:17]}
    assert about == {
        "n": "INTEGER 1 1 1, mean 1",
        "d": "DECIMAL(9,2) 1 1 2.50, mean 2.5",
        "f": "DOUBLE 0 2 0.1 … nan, mean nan",
        "s": "VARCHAR 0 2 4 … 9 characters",
        "e": "VARCHAR 1 1 0 characters",
        "day": "DATE 1 1 2024-05-01",
        "at": "TIMESTAMP 0 2 2024-05-01 10:20",
        "b": "BOOLEAN 0 2 1 yes, 1 no",
        "i": "INTERVAL 1",
        "bytes": "BLOB 1",
        "list": "INTEGER[] 1",
        "struct": "STRUCT(a DECIMAL(… 1",
        "big": "BIGNUM 1 1 5, mean 5",
        "time": "TIME 1 1 10:20:30.500000",
    }
    assert 'a,"b" c|d' in text


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_preview_fits_the_terminal(tmp_path: Path, capsys: Any, monkeypatch: Any, width: int) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    wide = {f"column number {n}": ["日本語" * 30, "x\ny\x1b[31m", "\u202eabc", "[red]"] for n in range(300)}
    pyarrow.parquet.write_table(pa.table(wide), tmp_path / "wide.parquet")
    text = run(capsys, str(tmp_path / "wide.parquet"))
    assert text.startswith("4 rows, 300 columns")
    assert max(map(cell_len, text.split("\n"))) <= width
    assert "and 240 more columns not summed up\n" in text
    assert "more columns not shown here\n" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]" in text
    if width == 80:
        assert "x y�[31m" in text


@pytest.mark.parametrize("names", [["name", "count"], ["a b", 'say "hi"'], ["it's", "select"], ["a", "A"], ["n", "c0"]])
def test_columns_may_be_called_anything(tmp_path: Path, capsys: Any, names: list[str]) -> None:
    rows = pa.table([pa.array([1, 2]), pa.array(["x", "x"])], names)
    pyarrow.parquet.write_table(rows, tmp_path / "t.parquet")
    text = run(capsys, str(tmp_path / "t.parquet"))
    assert all(name in text for name in names)
    lines = list(csv.reader(io.StringIO(run(capsys, str(tmp_path / "t.parquet"), "--format", "csv"))))
    assert lines[1:] == [["1", "x"], ["2", "x"]]


def test_a_table_without_rows(make_course: Any, tmp_path: Path, capsys: Any) -> None:
    course = make_course({"data/sales.csv": "year,fruit\n"})
    table = ("sales", "--course", str(course))
    assert run(capsys, *table).startswith("0 rows, 2 columns")
    assert run(capsys, *table, "--format", "csv") == "year,fruit\n"
    assert run(capsys, *table, "--format", "json") == "[]\n"
    assert run(capsys, *table, "--format", "jsonl") == ""
    assert run(capsys, *table, "--format", "gfm") == "| year | fruit |\n| --- | --- |\n"
    run(capsys, *table, "--output", str(tmp_path / "t.parquet"))
    assert pyarrow.parquet.read_table(tmp_path / "t.parquet").column_names == ["year", "fruit"]


def test_no_value_is_changed_by_csv(odd: tuple[str, ...], capsys: Any) -> None:
    text = run(capsys, *odd, "--format", "csv")
    head, first, second = csv.reader(io.StringIO(text))
    assert dict(zip(head, first, strict=True)) == {
        "n": "1", "d": "2.50", "f": "NaN", "s": "=1+1", "e": "", "day": "2024-05-01", "at": "2024-05-01 10:20:30",
        "b": "true", "i": "3 days", "bytes": "616263", "list": "[1, null]", "struct": '{"a": 1.5}', "big": "5",
        "time": "10:20:30.500",
    }  # fmt: skip
    assert second[:8] == ["", "", "0.1", 'a,"b"\nc|d', "", "", "2024-05-01 10:20:30.250", "false"]
    assert ',=1+1,"",2024-05-01,' in text  # an empty text is no missing value


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_json_is_valid_whatever_the_values(odd: tuple[str, ...], capsys: Any, form: str) -> None:
    text = run(capsys, *odd, "--format", form)
    parts = [text] if form == "json" else text.split("\n")[:-1]
    found = [json.loads(part, parse_constant=pytest.fail) for part in parts]
    first, second = found[0] if form == "json" else found
    assert first == {
        "n": 1, "d": 2.5, "f": None, "s": "=1+1", "e": "", "day": "2024-05-01", "at": "2024-05-01 10:20:30",
        "b": True, "i": "3 days", "bytes": "616263", "list": [1, None], "struct": {"a": 1.5}, "big": 5,
        "time": "10:20:30.500000",
    }  # fmt: skip
    assert (second["s"], second["e"], second["day"]) == ('a,"b"\nc|d', None, None)


def test_json_is_harmless_and_keeps_every_sign(tmp_path: Path, capsys: Any) -> None:
    rows = {"s": ["\x1b[31m\x7f\x9b\u2028é日"], "f": [math.inf], "n": [2**63]}
    schema = pa.schema({"s": pa.string(), "f": pa.float64(), "n": pa.uint64()})
    pyarrow.parquet.write_table(pa.table(rows, schema), tmp_path / "t.parquet")
    text = run(capsys, str(tmp_path / "t.parquet"), "--format", "jsonl")
    assert text == '{"s":"\\u001b[31m\\u007f\\u009b\\u2028é日","f":null,"n":9223372036854775808}\n'
    assert json.loads(text) == {**{name: values[0] for name, values in rows.items()}, "f": None}


def test_parquet_keeps_the_types(odd: tuple[str, ...], tmp_path: Path, capsys: Any) -> None:
    assert run(capsys, *odd, "--output", str(tmp_path / "odd.parquet")) == ""
    rows = pyarrow.parquet.read_table(tmp_path / "odd.parquet")
    types = dict(zip(rows.column_names, map(str, rows.schema.types), strict=True))
    assert {name: types[name] for name in ("n", "d", "day", "at", "list", "i", "big")} == {
        "n": "int32", "d": "decimal128(9, 2)", "day": "date32[day]", "at": "timestamp[us]",
        "list": "list<element: int32>", "i": "string", "big": "string",
    }  # fmt: skip
    first = rows.to_pylist()[0]
    assert (first["i"], first["big"], first["bytes"]) == ("3 days", "5", b"abc")
    assert math.isnan(first["f"])


def test_a_single_column_loses_no_line(tmp_path: Path, capsys: Any) -> None:
    pyarrow.parquet.write_table(pa.table({"a": ["x", None, "y"]}), tmp_path / "t.parquet")
    text = run(capsys, str(tmp_path / "t.parquet"), "--format", "csv")
    assert [row[0] for row in csv.reader(io.StringIO(text))] == ["a", "x", "", "y"]


def test_the_ending_of_the_file_says_the_format(make_course: Any, tmp_path: Path, capsys: Any) -> None:
    table = ("sales", "--course", str(make_course({})), "--rows", "1", "--output")
    said = {
        "t.csv": "year,fruit,tonnes\n2023,apple,10\n",
        "t.json": '[\n{"year":2023,"fruit":"apple","tonnes":10}\n]\n',
        "t.JSONL": '{"year":2023,"fruit":"apple","tonnes":10}\n',
        "t.md": "| year | fruit | tonnes |\n| ---: | --- | ---: |\n| 2023 | apple | 10 |\n",
    }
    for name, text in said.items():
        assert main(["table", *table, str(tmp_path / name)]) == 0
        assert capsys.readouterr().err == f"1 row in {tmp_path / name}\n"
        assert (tmp_path / name).read_text() == text
    run(capsys, *table, str(tmp_path / "t.txt"), "--format", "csv")
    assert (tmp_path / "t.txt").read_text() == said["t.csv"]


def test_a_value_that_does_not_fit_late_makes_the_column_text(tmp_path: Path, capsys: Any) -> None:
    rows = "".join(f"{n}\n" for n in range(300_000))
    (tmp_path / "t.csv").write_text(f"a\n{rows}not a number\n")
    run(capsys, str(tmp_path / "t.csv"), "--output", str(tmp_path / "out.csv"))
    assert (tmp_path / "out.csv").read_text() == (tmp_path / "t.csv").read_text()
    assert "VARCHAR" in run(capsys, str(tmp_path / "t.csv"))


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a\n" + "".join(f"{n}\n" for n in range(300_000)))
    (tmp_path / "out.json").write_text("before")
    full = f"ulimit -f 100; exec {shlex.quote(sys.executable)} -m coursewright table t.csv --output out.json"
    done = subprocess.run(["/bin/sh", "-c", full], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "error: this file cannot be written: File too large\n  --> out.json\n")
    assert (tmp_path / "out.json").read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.json", "t.csv"]


def test_parquet_through_a_pipe(make_course: Any) -> None:
    command = [sys.executable, "-m", "coursewright", "table", "sales", "--course", str(make_course({}))]
    done = subprocess.run([*command, "--format", "parquet"], capture_output=True, check=True)
    assert len(pyarrow.parquet.read_table(io.BytesIO(done.stdout))) == 4


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_a_long_table_is_never_held_whole(tmp_path: Path, capsys: Any, form: str) -> None:
    pyarrow.parquet.write_table(
        pa.table({"n": pa.array(range(400_000))}), tmp_path / "n.parquet", row_group_size=50_000
    )
    tracemalloc.start()
    run(capsys, str(tmp_path / "n.parquet"), "--output", str(tmp_path / f"out.{form}"))
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert held < 60_000_000  # 400,000 rows of Python objects are more than 100 MB
    if form == "jsonl":
        assert (tmp_path / "out.jsonl").read_text().endswith('{"n":399999}\n')


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--output", "t.doc"], 'the ending of "t.doc" says no format\n'
         "hint: give the file one of the endings .csv, .json, .jsonl, .ndjson, .md, .parquet, or say the --format"),
        (["--output", "t.csv", "--format", "text"], "the text form is for the terminal\n"
         "hint: choose another --format, or leave out --output"),
        (["--output", "nowhere/t.csv"], 'no folder "nowhere"'),
        (["--output", "folder.csv"], '"folder.csv" is a folder\nhint: name a file after --output'),
        (["--match", "x"], '"sales" is a table of the course: it takes no --match\n'
         "hint: say it in course.toml, or name a file or an address"),
        (["--number", "2"], '"sales" is a table of the course: it takes no --number\n'
         "hint: say it in course.toml, or name a file or an address"),
    ],
)  # fmt: skip
def test_a_wrong_call_of_a_table(
    make_course: Any, capsys: Any, monkeypatch: Any, arguments: list[str], said: str
) -> None:
    monkeypatch.chdir(make_course({}))
    Path("folder.csv").mkdir()
    assert fail(capsys, "sales", *arguments) == f"error: {said}\n"


def test_an_option_that_a_file_does_not_take(make_course: Any, capsys: Any) -> None:
    file = str(make_course({}) / "data/sales.csv")
    assert fail(capsys, file, "--query", "SELECT 1").startswith('error: a table from a file takes no "query"\nhint: ')
    assert fail(capsys, file, "--number", "0").startswith("error: ")
    assert fail(capsys, "postgresql://h/b") == (
        'error: rows of a database need a query\nhint: --query "SELECT * FROM stock", for instance\n'
    )


SOURCES = {
    "https://example.org/data/t.csv": Source(file="https://example.org/data/t.csv"),
    "https://example.org/t.zip": Source(file="https://example.org/t.zip"),
    "https://example.org/checks/summary.html": Source(html="https://example.org/checks/summary.html"),
    "https://example.org/wiki/List": Source(html="https://example.org/wiki/List"),
    "https://example.org": Source(html="https://example.org"),
    "https://example.org/t.csv?token=a.html": Source(file="https://example.org/t.csv?token=a.html"),
    "pages/t.HTM": Source(html="pages/t.HTM"),
    "pages/t": Source(file="pages/t"),
    "postgresql://host/base": Source(database="postgresql://host/base"),
    "sqlite:///t.db": Source(database="sqlite:///t.db"),
}


@pytest.mark.parametrize(("name", "source"), SOURCES.items())
def test_what_an_address_is(name: str, source: Source) -> None:
    assert _source(name, {}) == source


def test_the_options_of_an_address() -> None:
    page = "https://example.org/t.html"
    assert _source(page, {"match": "Races", "table": 2}) == Source(html=page, match="Races", table=2)
    assert _source("t.xlsx", {"sheet": "2018"}) == Source(file="t.xlsx", sheet="2018")
    assert _source("mysql://h/b", {"query": "SELECT 1"}) == Source(database="mysql://h/b", query="SELECT 1")
    with pytest.raises(UsageError, match='a table from a page takes no "sheet"'):
        _source(page, {"sheet": "2018"})
