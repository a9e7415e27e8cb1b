"""Tables from files of every kind: what is read, and what is said of a file that cannot be."""

from __future__ import annotations

import contextlib
import csv
import datetime
import gzip
import io
import json
import math
import sqlite3
import sys
import tempfile
import tracemalloc
import zipfile
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError, Place
from coursewright.tables import Database, EmbeddedDatabase, Sql, Table
from coursewright.tables.showing.summary import summarise
from coursewright.tables.sources import Source, archives, encodings, files

PLACE = Place("course.toml", 4)


def database(folder: Path, name: str, content: bytes | str, **options: Any) -> Database:
    """A database whose table `t` comes from a file of this name and content."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return EmbeddedDatabase(folder, [Table("t", Source(file=name, **options), PLACE)])


def rows(folder: Path, name: str, content: bytes | str, **options: Any) -> list[dict[str, Any]]:
    return list(database(folder, name, content, **options).table("t").to_pylist())


def said(folder: Path, name: str, content: bytes | str, **options: Any) -> tuple[str, str]:
    """The message and the hint of the error that the file gives, which is at the table's place."""
    with pytest.raises(CoursewrightError) as error:
        database(folder, name, content, **options).table("t")
    assert error.value.problem.where == PLACE
    return error.value.problem.message, error.value.problem.hint


def zipped(members: dict[str, bytes | str]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


def book(sheets: dict[str, list[list[Any]]]) -> bytes:
    """A spreadsheet of these sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def base(folder: Path, *statements: str) -> bytes:
    """An SQLite file in which these statements were run."""
    path = folder / "made.sqlite"
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return path.read_bytes()


# CSV


TWO = [{"a": 1, "b": 2}]


@pytest.mark.parametrize(
    ("text", "options", "found"),
    [
        ("a,b\n1,2\n", {}, TWO),
        ("a,b\n1,2", {}, TWO),
        ("a;b\n1;2\n", {}, TWO),
        ("a\tb\n1\t2\n", {}, TWO),
        ("a|b\n1|2\n", {}, TWO),
        ("a,b\r\n1,2\r\n", {}, TWO),
        ("a,b\r1,2\r", {}, TWO),
        ("a,b\r\n1,2\n", {}, TWO),
        ("a,b\n\n1,2\n\n", {}, TWO),
        ("a,b\n1,2,\n", {}, TWO),
        ("a;b\n1,5;2\n-3,25;4\n", {}, [{"a": 1.5, "b": 2}, {"a": -3.25, "b": 4}]),
        ("a;b\n1,5;1.5\n", {}, [{"a": "1,5", "b": 1.5}]),
        ('a,b\n"x, y",2\n', {}, [{"a": "x, y", "b": 2}]),
        ('a,b\n"x ""y""",2\n', {}, [{"a": 'x "y"', "b": 2}]),
        ('a,b\n"x \\"y\\", z",2\n', {}, [{"a": 'x "y", z', "b": 2}]),
        ('a,b\n1" tape,2\n', {}, [{"a": '1" tape', "b": 2}]),
        ('a,b\n"x\ny",2\n', {}, [{"a": "x\ny", "b": 2}]),
        ("a,b\nx\x07 y\x1b,2\n", {}, [{"a": "x\x07 y\x1b", "b": 2}]),
        ("a,b\n# 1,2\n", {}, [{"a": "# 1", "b": 2}]),
        ("a\n\n1\n", {}, [{"a": None}, {"a": 1}]),
        ("name\nx\ny\n", {}, [{"name": "x"}, {"name": "y"}]),
        ("a,a,A,\n1,2,3,4\n", {}, [{"a": 1, "a_1": 2, "A_2": 3, "column3": 4}]),
        ("1,2\n3,4\n", {}, [{"column0": 1, "column1": 2}, {"column0": 3, "column1": 4}]),
        ("1,2\n3,4\n", {"header": 1}, [{"1": 3, "2": 4}]),
        ("a,b\nc,d\n", {"header": 0}, [{"column0": "a", "column1": "b"}, {"column0": "c", "column1": "d"}]),
        ("sold,,team\n2017,2018,\n1,2,x\n", {"header": 2}, [{"sold 2017": 1, "sold 2018": 2, "team": "x"}]),
        ('"a\nb",a\n\n2017,A\n1,2\n', {"header": 2}, [{"a\nb 2017": 1, "a A": 2}]),
        ("a,a\nb,b\n1,2\n", {"header": 2}, [{"a b": 1, "a b_1": 2}]),
        ("a,b\nc,d\n", {"header": 2}, []),
        ("a,b\n", {}, []),
        ("a,b", {}, []),
        ("a\n31/01/2024\n", {}, [{"a": "31/01/2024"}]),
    ],
)
def test_csv_is_read_as_it_was_meant(tmp_path: Path, text: str, options: Any, found: Any) -> None:
    assert rows(tmp_path, "t.csv", text, **options) == found


def test_a_header_alone_gives_the_columns(tmp_path: Path) -> None:
    assert database(tmp_path, "t.csv", "a,b\n").columns("t") == {"a": "VARCHAR", "b": "VARCHAR"}
    assert database(tmp_path, "u.csv", "a,b\nc,d\n", header=2).columns("t") == {"a c": "VARCHAR", "b d": "VARCHAR"}


def test_a_delimiter_is_known_of_tsv(tmp_path: Path) -> None:
    assert rows(tmp_path, "t.tsv", "a\n1,234\n3,456\n") == [{"a": "1,234"}, {"a": "3,456"}]
    assert rows(tmp_path, "t.tsv", "a\n1,25\n3,5\n") == [{"a": 1.25}, {"a": 3.5}]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "windows-1252"]
)
@pytest.mark.parametrize("packed", [False, True])
def test_encodings_are_found(tmp_path: Path, encoding: str, packed: bool) -> None:
    text = "é,€\nMüller,2\n" * 3
    content = gzip.compress(text.encode(encoding)) if packed else text.encode(encoding)
    found = rows(tmp_path, "t.csv.gz" if packed else "t.csv", content, header=1)
    assert found == [{"é": "Müller", "€": "2"}, {"é": "é", "€": "€"}] * 2 + [{"é": "Müller", "€": "2"}]


def test_headings_may_be_longer_than_what_is_looked_at_first(tmp_path: Path) -> None:
    wide = [f"a rather long heading of column {number}" for number in range(9000)]
    found = database(tmp_path, "t.csv", ",".join(wide) + "\n" + ",".join("1" * 9000) + "\n").table("t")
    assert found.column_names == wide


def test_the_fault_is_found_in_the_right_one_of_several_files(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    (tmp_path / "t.csv.gz").write_bytes(gzip.compress(f"a,b\n{MANY}3\n".encode()))
    found = EmbeddedDatabase(tmp_path, [Table("t", Source(file="t.csv")), Table("u", Source(file="t.csv.gz"))])
    with pytest.raises(CoursewrightError, match=r"line 90,002 of t\.csv\.gz has 1 value"):
        found.query(Sql("SELECT t.a, u.b FROM t JOIN u USING (a)", "x.sql"))


def test_the_first_letter_that_tells_the_encoding_may_come_late(tmp_path: Path) -> None:
    found = rows(tmp_path, "t.csv", b"a,b\n" + b"x,2\n" * 600_000 + "Müller,3\n".encode("latin-1"))
    assert found[-1] == {"a": "Müller", "b": 3}


@given(st.text(), st.integers(1, 7))
def test_a_letter_may_be_cut_by_the_end_of_a_piece(text: str, size: int) -> None:
    stream = io.BytesIO(text.encode())
    pieces = type("Pieces", (), {"read": lambda *_: stream.read(size)})()
    assert encodings._counted_in(pieces) == (sum(letter > "\x7f" for letter in text), 0)


QUOTES = 'close it, or write "" for a quotation mark inside a value'
COMMAS = "put a value that holds a comma in quotation marks, or correct the line"
EMPTY = ("t.csv is empty", "fetch or export it again")
MANY = "1,2\n" * 90_000
BAD_CSV = {
    "a row that is too short": ("a,b\n1,2\n3\n", "line 3 of t.csv has 1 value, where the first row has 2", COMMAS),
    "a row that is too long": ("a,b\n1,2\n3,4,5\n", "line 3 of t.csv has 3 values, where the first row has 2", COMMAS),
    "a row that is too short, late": (
        f"a,b\n{MANY}3\n{MANY}",
        "line 90,002 of t.csv has 1 value, where the first row has 2",
        COMMAS,
    ),
    "a row that is too long, late": (
        f"a,b\n{MANY}3,4,5\n{MANY}",
        "line 90,002 of t.csv has 3 values, where the first row has 2",
        COMMAS,
    ),
    "a quotation mark that is not closed": (
        'a,b\n"1,2\n',
        "line 2 of t.csv has a quotation mark that is not closed",
        QUOTES,
    ),
    "the same in 100,000 rows": (
        f'a,b\n{MANY}"3,4\n{MANY}',
        "line 90,002 of t.csv has a quotation mark that is not closed",
        QUOTES,
    ),
    "the same, closed by a later one": (
        f'a,b\n1,2\n"3,4\n{MANY}5,"6"\n',
        "line 3 of t.csv has a quotation mark that is not closed",
        QUOTES,
    ),
    "a title above the headings": (
        "Report 2024\n\na;b\n1;2\n3;4\n",
        "line 3 of t.csv has 2 values, where the first row has 1",
        "if what stands above line 3 is no part of the table: skip = 2",
    ),
    "nothing": ("", *EMPTY),
    "blanks": (" \n \n", *EMPTY),
    "a pointer": (
        "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n",
        "t.csv is not here: Git LFS keeps it",
        "fetch it: git lfs pull",
    ),
    "a page": (
        "\n<!DOCTYPE html>\n<html><head><title>\nSign in</title>",
        't.csv is a web page called "Sign in", not CSV',
        "it may be a login or an error page that was saved instead of the data",
    ),
    "rubbish": (
        bytes(range(256)) * 20,
        "t.csv is no text",
        "check that it is the right file, and what its ending says",
    ),
    "a spreadsheet": (
        zipped({"a": "b"}),
        "t.csv is a zip archive or a spreadsheet, not CSV",
        'say what it is, for instance: format = "xlsx"',
    ),
    "JSON": (b'[{"a": 1}]', "t.csv is JSON, not CSV", 'say what it is: format = "json"'),
    "lines of JSON": (b'\n{ "a" : 1 }\n', "t.csv is JSON, not CSV", 'say what it is: format = "json"'),
    "a PDF": (b"%PDF-1.7\n", "t.csv is a PDF, not CSV", "export the rows as CSV"),
    "UTF-8 with a wrong byte": (
        "é,b\nü,2\nöä,".encode() + b"\xfc\n",
        "line 3 of t.csv is not UTF-8 (byte 0xfc)",
        "save the file as UTF-8",
    ),
    "half a letter of UTF-16": (b"\xff\xfea\x00,", "t.csv is no text: truncated data", "save the file as UTF-8"),
}


@pytest.mark.parametrize("case", BAD_CSV)
def test_what_is_said_of_bad_csv(tmp_path: Path, case: str) -> None:
    content, message, hint = BAD_CSV[case]
    assert said(tmp_path, "t.csv", content) == (message, hint)


@pytest.mark.parametrize("select", ["SELECT sum(a) FROM t", "SELECT * FROM t LIMIT 1"])
def test_a_late_fault_is_found_by_every_query_of_values(tmp_path: Path, select: str) -> None:
    found = database(tmp_path, "t.csv", f"a,b\n{MANY}3\n")
    with pytest.raises(CoursewrightError, match=r"^error: line 90,002 of t\.csv has 1 value"):
        found.query(Sql(select, "x.sql"))


def test_a_value_that_does_not_fit_late_makes_the_column_text(tmp_path: Path) -> None:
    found = database(tmp_path, "t.csv", f'a,b\n{MANY}"x, y",2\n')
    assert found.rows(Sql("SELECT a FROM t WHERE a NOT IN ('1')", "x.sql")) == [{"a": "x, y"}]
    assert found.columns("t") == {"a": "VARCHAR", "b": "BIGINT"}


def test_a_value_that_does_not_fit_late_is_known_before_the_first_batch(tmp_path: Path) -> None:
    found = database(tmp_path, "t.csv", f'a,b\n{MANY}"x, y",2\n')
    batches = found.batches(found.select("t"))
    assert batches.schema.names == ["a", "b"]
    assert batches.read_all()["a"].to_pylist()[-1] == "x, y"
    anew = EmbeddedDatabase(tmp_path, [Table("t", Source(file="t.csv"))])
    assert [column.type for column in summarise(anew, "t").columns] == ["VARCHAR", "BIGINT"]


def test_too_few_rows_for_the_headings(tmp_path: Path) -> None:
    assert said(tmp_path, "t.csv", "a,b\n", header=2) == ("t.csv has fewer rows than the 2 that are headings", "")
    message = 'the sheet "S" of t.xlsx has fewer rows than the 2 that are headings'
    assert said(tmp_path, "t.xlsx", book({"S": [["a"]]}), header=2) == (message, "")
    assert said(tmp_path, "t.csv", "a,b\n", header=-1) == (
        "header is how many rows are headings, not -1",
        "0 is for none",
    )


def test_a_long_csv_is_not_held(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n" + "123456789,abcdefgh\n" * 500_000)
    found = EmbeddedDatabase(tmp_path, [Table("t", Source(file="t.csv"))])
    tracemalloc.start()
    found.query(Sql("SELECT count(*), max(b) FROM t", "x.sql"))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000  # bytes: the first lines, in which the delimiter is found


# Packed files


def test_gzip_and_zip_are_opened(tmp_path: Path) -> None:
    assert rows(tmp_path, "t.csv.gz", gzip.compress(b"a,b\n1,2\n")) == TWO
    assert rows(tmp_path, "t.gz", gzip.compress(b"a,b\n1,2\n"), format="csv") == TWO
    assert rows(tmp_path, "t.json.gz", gzip.compress(b'[{"a": 1, "b": 2}]')) == TWO
    assert rows(tmp_path, "t.xlsx.gz", gzip.compress(book({"S": [["a", "b"], [1, 2]]}))) == TWO
    assert rows(tmp_path, "t.zip", zipped({"t.csv": "a,b\n1,2\n", "__MACOSX/t.csv": "?", "x/": ""})) == TWO
    assert rows(tmp_path, "t.zip", zipped({"t.csv.gz": gzip.compress(b"a,b\n1,2\n")})) == TWO
    assert rows(tmp_path, "t.zip", zipped({"t.txt": "a,b\n1,2\n"}), format="csv") == TWO
    assert rows(tmp_path, "t.zip", zipped({"a.csv": "x", "b.csv": "a,b\n1,2\n"}), member="b.csv") == TWO


def test_what_was_unpacked_is_kept_while_the_archive_stays_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "data" / ".cache" / "unpacked"
    assert rows(tmp_path, "t.zip", zipped({"../../t.csv": "a\n1\n"})) == [{"a": 1}]
    (first,) = folder.iterdir()
    written = first.stat().st_mtime_ns
    assert EmbeddedDatabase(tmp_path, [Table("t", Source(file="t.zip"))]).table("t").num_rows == 1
    assert first.stat().st_mtime_ns == written
    assert rows(tmp_path, "t.zip", zipped({"../../t.csv": "a\n1\n22\n"})) == [{"a": 1}, {"a": 22}]
    (second,) = folder.iterdir()
    assert second != first
    assert not list(tmp_path.parent.glob("*.csv"))


AGAIN = "fetch or pack it again"
BAD_PACKED: dict[str, tuple[str, bytes, dict[str, Any], str, str]] = {
    "several members": (
        "t.zip",
        zipped({"b.csv": "x", "a.csv": "x"}),
        {},
        "t.zip holds 2 files",
        'say which one: member = "a.csv". Available: a.csv, b.csv',
    ),
    "no such member": (
        "t.zip",
        zipped({"races.csv": "x"}),
        {"member": "race.csv"},
        'no "race.csv" in t.zip',
        'did you mean "races.csv"? Available: races.csv',
    ),
    "no members": ("t.zip", zipped({}), {}, "there is no file in t.zip", "check that it is whole"),
    "a zip in it": (
        "t.zip",
        zipped({"u.zip": "x"}),
        {},
        "u.zip in t.zip is a zip again, which is not opened",
        "unpack the outer one yourself",
    ),
    "no zip": ("t.zip", b"rubbish", {}, "t.zip cannot be unpacked: File is not a zip file", AGAIN),
    "a zip that broke off": (
        "t.zip",
        zipped({"a.csv": "a" * 999})[:-30],
        {},
        "t.zip cannot be unpacked: File is not a zip file",
        AGAIN,
    ),
    "a member of what is no zip": ("t.csv", b"a\n", {"member": "x"}, 't.csv is no zip, so it has no member "x"', ""),
    "a member that is no text": (
        "t.zip",
        zipped({"t.csv": b"\0\1\2" * 9}),
        {},
        "t.csv in t.zip is no text",
        "check that it is the right file, and what its ending says",
    ),
    "a ragged member": (
        "t.zip",
        zipped({"t.csv": "a,b\n1\n"}),
        {},
        "line 2 of t.csv in t.zip has 1 value, where the first row has 2",
        COMMAS,
    ),
    "no gzip": ("t.csv.gz", b"rubbish", {}, "t.csv.gz cannot be unpacked: Not a gzipped file (b'ru')", AGAIN),
    "a gzip that broke off": (
        "t.csv.gz",
        gzip.compress(b"a,b\n" + bytes(str(list(range(200_000))), "ascii"))[:-2000],
        {},
        "t.csv.gz cannot be unpacked: Compressed file ended before the end-of-stream marker was reached",
        AGAIN,
    ),
    "an empty gzip": ("t.csv.gz", b"", {}, "t.csv.gz is empty", "fetch or export it again"),
    "a bomb": (
        "t.zip",
        zipped({"t.csv": bytes(60_000_000)}),
        {},
        "t.csv in t.zip unpacks to more than 250 times its size",
        "data do not pack like this: it may be made to fill the disk",
    ),
    "a bomb of gzip": (
        "t.parquet.gz",
        gzip.compress(bytes(60_000_000)),
        {},
        "t.parquet.gz unpacks to more than 250 times its size",
        "data do not pack like this: it may be made to fill the disk",
    ),
    "a bomb that is a spreadsheet": (
        "t.xlsx",
        zipped({"xl/workbook.xml": bytes(60_000_000)}),
        {},
        "t.xlsx unpacks to more than 250 times its size",
        "data do not pack like this: it may be made to fill the disk",
    ),
}


@pytest.mark.parametrize("case", BAD_PACKED)
def test_what_is_said_of_bad_packed_files(tmp_path: Path, case: str) -> None:
    name, content, options, message, hint = BAD_PACKED[case]
    assert said(tmp_path, name, content, **options) == (message, hint)
    kept = tmp_path / "data" / ".cache" / "unpacked"
    assert not kept.exists() or all(len(one.read_bytes()) < 100 for one in kept.iterdir())


def test_a_zip_that_lies_about_its_sizes_is_stopped(tmp_path: Path) -> None:
    content = zipped({"t.csv": b"a\n" * 3_000_000})
    lied = content.replace((6_000_000).to_bytes(4, "little"), (20).to_bytes(4, "little"))
    message, hint = said(tmp_path, "t.zip", lied)
    assert message.startswith("t.zip cannot be unpacked: Bad CRC-32 for file 't.csv'")
    assert hint == AGAIN


def test_an_encrypted_zip(tmp_path: Path) -> None:
    content = bytearray(zipped({"t.csv": "a\n1\n"}))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + offset] |= 1
    expected = ("t.csv in t.zip is encrypted", "unpack it yourself and name the file instead")
    assert said(tmp_path, "t.zip", bytes(content)) == expected


def test_the_limit_holds_for_all_that_is_unpacked(tmp_path: Path) -> None:
    text = "a,b\n" + "".join(f"{n},{n * n}\n" for n in range(200))
    hint = "unpack it yourself and name the file instead, or raise the limit"
    for name, content in (
        ("t.zip", zipped({"t.csv": text})),
        ("t.xlsx", book({"S": [["a"]]})),
        ("t.feather.gz", gzip.compress(text.encode())),
    ):
        (tmp_path / name).write_bytes(content)
        connection = EmbeddedDatabase(tmp_path, []).connection
        with pytest.raises(CoursewrightError) as error:
            files.attach(connection, "t", tmp_path / name, Source(file=name), PLACE, kept=tmp_path / "kept", limit=1000)
        shown = "t.csv in t.zip" if name == "t.zip" else name
        assert error.value.problem.message == f"{shown} unpacks to more than 1e-06 GB"
        assert error.value.problem.hint == hint
        assert not (tmp_path / "kept").exists() or not list((tmp_path / "kept").iterdir())


# JSON


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('[{"a": 1, "b": 2}]', TWO),
        ('{"a": 1, "b": 2}', TWO),
        ('\ufeff[{"a": 1, "b": 2}]', TWO),
        ('{"a": 1}\n{"a": 2}\n', [{"a": 1}, {"a": 2}]),
        ('[{"a": 1}, {"b": "x"}]', [{"a": 1, "b": None}, {"a": None, "b": "x"}]),
        ('[{"a": 1}, {"a": "x"}, {"a": [1]}]', [{"a": "1"}, {"a": "x"}, {"a": "[1]"}]),
        ('[{"a": 1}, {"A": 2}]', [{"a": 1, "A_1": None}, {"a": None, "A_1": 2}]),
        ('[{"a": [{"b": 1}]}, {"a": []}]', [{"a": [{"b": 1}]}, {"a": []}]),
    ],
)
def test_json_is_read(tmp_path: Path, text: str, found: Any) -> None:
    assert rows(tmp_path, "t.json", text) == found


def test_a_late_key_and_a_late_text_of_json_are_read(tmp_path: Path) -> None:
    lines = [{"a": n} for n in range(50_000)]
    found = rows(tmp_path, "t.json", json.dumps([*lines, {"a": "x", "b": 3}]))
    assert found[0] == {"a": "0", "b": None}
    assert found[-1] == {"a": "x", "b": 3}


OBJECTS = 'rows in JSON are objects: [{"name": "Ann", "points": 25}, …]'
WHOLE = "check that the file is whole"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[1, 2]", "t.json is not a list of rows", OBJECTS),
        ('"x"', "t.json is not a list of rows", OBJECTS),
        ('[{"a": 1}, 2]', "t.json is not a list of rows", OBJECTS),
        ("[]", "t.json holds no rows, so its columns are not known", OBJECTS),
        ("[{}]", "t.json holds no rows, so its columns are not known", OBJECTS),
        (
            '{"count": 1, "results": [{"a": 1}]}',
            "t.json is one object, not a list of rows",
            'its rows are perhaps in "results": save that list as a file of its own',
        ),
        ("rubbish", "line 1 of t.json is no JSON: expecting value", WHOLE),
        ('[{"a": 1},\n{"a": 2}', "line 2 of t.json is no JSON: expecting ',' delimiter", WHOLE),
        ('{"a": 1}\n{"a": 2}\nrubbish', "line 3 of t.json is no JSON: expecting value", WHOLE),
        (
            '[{"a": 1, "a": 2}]',
            't.json cannot be read as JSON: in record/value 1: Object {"a":1,"a":2} has duplicate key "a"',
            WHOLE,
        ),
        (
            json.dumps([{"a": n} for n in range(50_000)])[:-1] + ',\n {"a"',
            "line 2 of t.json is no JSON: expecting ':' delimiter",
            WHOLE,
        ),
    ],
)
def test_what_is_said_of_bad_json(tmp_path: Path, text: str, message: str, hint: str) -> None:
    assert said(tmp_path, "t.json", text) == (message, hint)


def test_what_is_said_of_bad_json_lines(tmp_path: Path) -> None:
    for before in (3, 50_000):
        message = f"line {before + 1:,} of t.jsonl is no JSON: expecting value"
        assert said(tmp_path, "t.jsonl", '{"a":1}\n' * before + '{"a":\n{"a":2}\n') == (message, WHOLE)


# Spreadsheets


def test_a_sheet_is_read_with_its_types(tmp_path: Path) -> None:
    day, noon = datetime.date(2024, 5, 1), datetime.datetime(2024, 5, 1, 12, 30)
    lines = [
        [],
        [],
        ["day", "n", "x", "text", "mixed", "yes", "at", "n", None, "none"],
        [day, 1, 1.5, "O'Brien", 1, True, noon, 7, None, None],
        [],
        [day, None, 2, "  ", "a", False, day, 8, "no heading", None],
    ]
    found = database(tmp_path, "t.xlsx", book({"S": lines}))
    assert list(found.table("t").to_pylist()) == [
        {
            "day": day,
            "n": 1,
            "x": 1.5,
            "text": "O'Brien",
            "mixed": "1",
            "yes": True,
            "at": noon,
            "n_1": 7,
            "column8": None,
            "none": None,
        },
        {
            "day": day,
            "n": None,
            "x": 2.0,
            "text": None,
            "mixed": "a",
            "yes": False,
            "at": datetime.datetime(2024, 5, 1),
            "n_1": 8,
            "column8": "no heading",
            "none": None,
        },
    ]
    assert found.columns("t")["day"] == "DATE"
    assert found.columns("t")["n"] == "BIGINT"
    assert found.columns("t")["none"] == "VARCHAR"


def test_headings_in_several_rows_are_joined(tmp_path: Path) -> None:
    lines = [[], ["sold", None, "team"], [2017, 2018, None], [1, 2, "x"]]
    found = [{"sold 2017": 1, "sold 2018": 2, "team": "x"}]
    assert rows(tmp_path, "t.xlsx", book({"S": lines}), header=2) == found
    assert rows(tmp_path, "t.xlsx", book({"S": lines[:3]}), header=2) == []
    assert rows(tmp_path, "t.xlsx", book({"S": [[1, 2]]}), header=0) == [{"column0": 1, "column1": 2}]
    assert rows(tmp_path, "t.xlsx", book({"S": [["a", "b"]]})) == []


def test_a_formula_is_its_value_and_an_error_is_missing(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1" t="str"><v>a</v></c><c r="B1" t="str"><v>b</v></c></row>'
    cells += '<row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="e"><v>#N/A</v></c></row>'
    cells += '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><v>4.5</v></c></row>'
    content = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book({"S": [["a"]]}))) as old, zipfile.ZipFile(content, "w") as new:
        for one in old.namelist():
            text = old.read(one)
            if one == "xl/worksheets/sheet1.xml":
                start, _, rest = text.decode().partition("<sheetData>")
                text = f"{start}<sheetData>{cells}</sheetData>{rest.partition('</sheetData>')[2]}".encode()
            new.writestr(one, text)
    assert rows(tmp_path, "t.xlsx", content.getvalue()) == [{"a": 2, "b": None}, {"a": 3, "b": 4.5}]


def test_a_sheet_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    content = book({"S": [["a"], [1]], "2018": [["a"], [2]], "Empty": []})
    for sheet, value in (("", 1), (1, 1), (2, 2), ("2018", 2)):
        assert rows(tmp_path, "t.xlsx", content, sheet=sheet) == [{"a": value}]
    sheets = "its sheets are called S, 2018, Empty"
    assert said(tmp_path, "t.xlsx", content, sheet=4) == ("no sheet 4 in t.xlsx, which has 3", sheets)
    assert said(tmp_path, "t.xlsx", content, sheet=3) == ('the sheet "Empty" of t.xlsx is empty', sheets)
    hint = 'did you mean "Empty"? Available: 2018, Empty, S'
    assert said(tmp_path, "t.xlsx", content, sheet="Emty") == ('no sheet "Emty" in t.xlsx', hint)


def test_opendocument_is_read(tmp_path: Path) -> None:
    names = ["office:1.0", "table:1.0", "text:1.0"]
    spaces = " ".join(
        f'xmlns:{name.partition(":")[0]}="urn:oasis:names:tc:opendocument:xmlns:{name}"' for name in names
    )
    number = '<table:table-cell office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell>'
    word = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    row = "<table:table-row>{}</table:table-row>"
    sheet = f'<table:table table:name="S">{row.format(word)}{row.format(number)}</table:table>'
    body = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": '<?xml version="1.0"?><manifest/>',
            "content.xml": f'<?xml version="1.0"?><office:document-content {spaces}>{body}</office:document-content>',
        }
    )
    assert rows(tmp_path, "t.ods", content) == [{"a": 2}]


@pytest.mark.parametrize(("form", "reader"), [("xlsx", "python_calamine"), ("xls", "xlrd")])
def test_a_spreadsheet_without_its_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, reader: str
) -> None:
    monkeypatch.setitem(sys.modules, reader, None)
    what = {"xlsx": "spreadsheets need python-calamine", "xls": "old spreadsheets need xlrd"}[form]
    content = book({"S": [["a"]]}) if form == "xlsx" else b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    assert said(tmp_path, f"t.{form}", content) == (what, 'pip install "coursewright[spreadsheets]"')


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        (
            "t.xlsx",
            b"rubbish",
            "t.xlsx cannot be read as a spreadsheet: invalid Zip archive: Could not find EOCD",
            WHOLE,
        ),
        (
            "t.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
            "t.xlsx is an .xls by another name",
            'say what it is: format = "xls"',
        ),
        (
            "t.ods",
            b"x",
            "t.ods cannot be read as a spreadsheet: invalid Zip archive: Could not find EOCD",
            WHOLE,
        ),
        ("t.xlsx", b"", "t.xlsx is empty", "fetch or export it again"),
        (
            "t.xls",
            b"<html>",
            "t.xls is a web page, not XLS",
            "it may be a login or an error page that was saved instead of the data",
        ),
    ],
)
def test_what_is_said_of_bad_spreadsheets(tmp_path: Path, name: str, content: bytes, message: str, hint: str) -> None:
    assert said(tmp_path, name, content) == (message, hint)


def test_a_broken_xls_is_told(tmp_path: Path) -> None:
    # A container of old Office whose header asks for more sectors than there can be.
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + b"\x3e\0\3\0\xfe\xff\x09\0" + b"\xff" * 2000
    message, hint = said(tmp_path, "t.xls", content)
    assert message.startswith("t.xls cannot be read as a spreadsheet: ")
    assert hint == WHOLE


# SQLite


def test_sqlite_gives_each_column_one_type(tmp_path: Path) -> None:
    content = base(
        tmp_path,
        "CREATE TABLE t (n INTEGER, x, mixed INTEGER, day DATE, raw, none, yes BOOLEAN)",
        "INSERT INTO t VALUES (1, 1, 1, '2024-05-01', x'00ff', NULL, 1), (2, 2.5, 'x', '2024-05-02', 'x', NULL, 0)",
    )
    found = database(tmp_path, "t.sqlite", content)
    assert found.rows(found.select("t")) == [
        {"n": 1, "x": 1.0, "mixed": "1", "day": "2024-05-01", "raw": b"\x00\xff", "none": None, "yes": 1},
        {"n": 2, "x": 2.5, "mixed": "x", "day": "2024-05-02", "raw": b"x", "none": None, "yes": 0},
    ]


def test_whole_numbers_of_sqlite_keep_their_digits_beside_numbers_with_a_point(tmp_path: Path) -> None:
    values = "(9007199254740993, 9007199254740992), (0.5, 0.5)"
    content = base(tmp_path, "CREATE TABLE t (a, b)", f"INSERT INTO t VALUES {values}")
    found = database(tmp_path, "t.sqlite", content).table("t")
    assert found["a"].to_pylist() == ["9007199254740993", "0.5"]
    assert found["b"].to_pylist() == [9007199254740992.0, 0.5]


@pytest.mark.parametrize("name", ["t.db", "a?b#c%20.sqlite3", "ü ' x.sqlite"])
def test_an_sqlite_file_may_be_called_anything(tmp_path: Path, name: str) -> None:
    statements = ('CREATE TABLE "a ""b"" c" ("x ""y""" INT)', 'INSERT INTO "a ""b"" c" VALUES (1)')
    assert rows(tmp_path, name, base(tmp_path, *statements)) == [{'x "y"': 1}]
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted([name, "made.sqlite"])


def test_a_text_of_sqlite_that_is_no_utf8_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    content = base(tmp_path, "CREATE TABLE t (a)", "INSERT INTO t VALUES ('é'), (CAST(x'4dfc6c' AS TEXT))")
    assert rows(tmp_path, "t.db", content) == [{"a": "é"}, {"a": "M\ufffdl"}]


def test_a_table_of_sqlite_is_chosen_by_its_name(tmp_path: Path) -> None:
    tables = ("CREATE TABLE drivers (a)", "INSERT INTO drivers VALUES (1)", "CREATE TABLE races (b)")
    content = base(tmp_path, *tables, "CREATE VIEW best AS SELECT a AS c FROM drivers")
    assert rows(tmp_path, "t.db", content, table="drivers") == [{"a": 1}]
    assert rows(tmp_path, "t.db", content, table="DRIVERS") == [{"a": 1}]
    assert rows(tmp_path, "t.db", content, table="best") == [{"c": 1}]
    assert rows(tmp_path, "t.db", content, table="races") == []
    names = "Available: best, drivers, races"
    assert said(tmp_path, "t.db", content) == ("t.db holds 2 tables", f'say which one: table = "drivers". {names}')
    hint = f'did you mean "drivers"? {names}'
    assert said(tmp_path, "t.db", content, table="driver") == ('no table "driver" in t.db', hint)


def test_what_is_said_of_bad_sqlite(tmp_path: Path) -> None:
    message = "t.db cannot be read as SQLite: file is not a database"
    assert said(tmp_path, "t.db", b"rubbish") == (message, WHOLE)
    assert said(tmp_path, "t.db", base(tmp_path, "CREATE TABLE t (a)")[:3000])[0].startswith(
        "t.db cannot be read as SQLite: "
    )
    content = base(tmp_path, "CREATE TABLE t (a)", "DROP TABLE t")
    assert said(tmp_path, "t.db", content) == ("there is no table in t.db", "check that it is the right file")


def test_a_locked_sqlite_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("coursewright.tables.sources.sqlite._WAIT", 0.05)
    found = database(tmp_path, "t.db", base(tmp_path, "CREATE TABLE t (a)"))
    other = sqlite3.connect(tmp_path / "t.db")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(CoursewrightError) as error:
        found.table("t")
    other.close()
    assert error.value.problem.message == "t.db is locked by another program"
    assert error.value.problem.hint == "close the program that writes to it, and try again"
    assert found.table("t").num_rows == 0


# Parquet and Feather


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_lengths_of_time_are_lengths_of_time(tmp_path: Path, unit: str) -> None:
    lengths = [datetime.timedelta(hours=36), None, datetime.timedelta(seconds=-5)]
    table = pa.table({"lap time": pa.array(lengths, pa.duration(unit)), "n": [1, 2, 3]})
    pyarrow.parquet.write_table(table, tmp_path / "x")
    pyarrow.feather.write_feather(table, tmp_path / "y")
    expected = [{"lap time": length, "n": n} for n, length in enumerate(lengths, 1)]
    assert rows(tmp_path, "t.parquet", (tmp_path / "x").read_bytes()) == expected
    assert rows(tmp_path, "t.feather", (tmp_path / "y").read_bytes()) == expected


def test_lengths_of_time_in_lists_are_refused(tmp_path: Path) -> None:
    lists = pa.array([[1], None], pa.list_(pa.duration("s")))
    pyarrow.parquet.write_table(pa.table({"laps": lists}), tmp_path / "x")
    assert said(tmp_path, "t.parquet", (tmp_path / "x").read_bytes()) == (
        'the column "laps" of t.parquet has lengths of time in lists or structs',
        "write them as numbers, or into a column of their own",
    )


def test_a_parquet_or_feather_file_that_broke_off(tmp_path: Path) -> None:
    table = pa.table({"a": list(range(1000))})
    pyarrow.parquet.write_table(table, tmp_path / "x")
    cut = (tmp_path / "x").read_bytes()[:-20]
    assert said(tmp_path, "t.parquet", cut) == (
        "t.parquet cannot be read as Parquet: No magic bytes found at end of file 't.parquet'",
        WHOLE,
    )
    pyarrow.feather.write_feather(pa.table({}), tmp_path / "x")
    assert said(tmp_path, "t.feather", (tmp_path / "x").read_bytes()) == (
        "t.feather cannot be read as Feather: Provided table/dataframe must have at least one column",
        WHOLE,
    )
    pyarrow.feather.write_feather(table, tmp_path / "x")
    cut = (tmp_path / "x").read_bytes()[:-20]
    assert said(tmp_path, "t.feather", cut) == (
        "t.feather cannot be read as Feather: Not an Arrow file",
        WHOLE,
    )


def test_a_wrong_length_in_a_feather_file_is_found_before_it_is_followed(tmp_path: Path) -> None:
    pyarrow.feather.write_feather(pa.table({"a": ["xy", "z", "w"]}), tmp_path / "x", compression="uncompressed")
    lengths = b"".join(length.to_bytes(4, "little") for length in (0, 2, 3, 4))
    wrong = b"".join(length.to_bytes(4, "little") for length in (0, 2, 3_000_000, 4))
    message, hint = said(tmp_path, "t.feather", (tmp_path / "x").read_bytes().replace(lengths, wrong))
    assert message.startswith("t.feather cannot be read as Feather: In column 0: Invalid: ")
    assert hint == WHOLE


# Options


def test_an_option_of_another_format(tmp_path: Path) -> None:
    for option, hint in (("sheet", "a spreadsheet"), ("table", "an SQLite file")):
        expected = (f'a table from a CSV file takes no "{option}"', f'"{option}" belongs to {hint}')
        assert said(tmp_path, "t.csv", "a\n", **{option: "x"}) == expected
    expected = ('a table from a Parquet file takes no "header"', '"header" belongs to CSV or a spreadsheet')
    assert said(tmp_path, "t.parquet", "a\n", header=1) == expected


def test_a_format_that_the_name_does_not_say(tmp_path: Path) -> None:
    formats = f"Available: {', '.join(files.FORMATS)}"
    assert rows(tmp_path, "data", "a,b\n1,2\n", format="csv") == TWO
    hint = f'say it, for instance: format = "csv". {formats}'
    assert said(tmp_path, "data", "a\n") == ('the name "data" does not say what the file is', hint)
    dump = "make tables of a dump first: coursewright table load-dump FILE; of one of SQLite: sqlite3 new.db < FILE"
    assert said(tmp_path, "t.sql", "a\n") == ('no reader for ".sql" files', dump)
    assert said(tmp_path, "t.csw", "a\n") == ('no reader for ".csw" files', f'did you mean "csv"? {formats}')
    assert said(tmp_path, "t.csv", "a\n", format="cvs") == (
        'no reader for "cvs" files',
        f'did you mean "csv"? {formats}',
    )


# What holds of any file


NAMES = st.text("abcdefgh XYZ\"'é_%", min_size=1, max_size=8).filter(lambda name: name.strip() == name)
COLUMNS = st.lists(NAMES, min_size=1, max_size=4, unique_by=str.lower)
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\u2028\u2029"), min_size=1).map(
    lambda text: f"w{text}w"
)
VALUES = [
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.5 if abs(x) < 1e6 else math.copysign(0.25, x)),
    WORDS,
    st.dates(datetime.date(1901, 1, 1), datetime.date(2099, 12, 31)),
]


@st.composite
def grids(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows of up to four columns, each of one type, with gaps but no empty row and no empty column."""
    kinds = {name: draw(st.sampled_from(VALUES)) for name in draw(COLUMNS)}
    whole, *gaps = kinds.values()
    line = st.tuples(whole, *(st.none() | kind for kind in gaps))
    lines = [draw(st.tuples(*kinds.values())), *draw(st.lists(line, max_size=5))]
    return [dict(zip(kinds, values, strict=True)) for values in lines]


def same(found: list[dict[str, Any]], meant: list[dict[str, Any]]) -> None:
    assert [list(row) for row in found] == [list(row) for row in meant]
    for row, other in zip(found, meant, strict=True):
        for name, value in row.items():
            assert value == (pytest.approx(other[name], rel=1e-12) if isinstance(other[name], float) else other[name])


ROUND = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@ROUND
@given(grids(), st.sampled_from(",;\t|"), st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_a_table_written_as_csv_comes_back(lines: list[dict[str, Any]], delimiter: str, end: str, all_: bool) -> None:
    text = io.StringIO()
    quoting = csv.QUOTE_ALL if all_ else csv.QUOTE_MINIMAL
    writer = csv.DictWriter(text, list(lines[0]), delimiter=delimiter, lineterminator=end, quoting=quoting)
    writer.writeheader()
    writer.writerows(lines)
    with tempfile.TemporaryDirectory() as folder:
        read = partial(rows, Path(folder), "t.csv", text.getvalue(), header=1)
        try:
            found = read()
        except CoursewrightError:  # of one column without a delimiter, nobody knows what a comma in it is
            assert len(lines[0]) == 1
            assert not all_
            found = read(delimiter=delimiter)
        same(found, lines)


@ROUND
@example("w,w")
@example("1,5")
@given(WORDS.filter(lambda word: '"' not in word))
def test_one_column_is_never_parted_without_a_word(value: str) -> None:
    """Either all of the value is in the only column, or the file is refused and says how it can be read."""
    with tempfile.TemporaryDirectory() as folder:
        read = partial(rows, Path(folder), "t.csv", f"X\n{value}\n", header=1)
        try:
            found = read()
        except CoursewrightError as error:
            _, said = error.problem.hint.split("; if all is one column: delimiter = ")
            found = read(delimiter=json.loads(said), decimal=".")
        assert found == [{"X": value}]


@ROUND
@given(grids())
def test_a_table_written_as_a_spreadsheet_comes_back(lines: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        content = book({"S": [list(lines[0]), *(list(row.values()) for row in lines)]})
        same(rows(Path(folder), "t.xlsx", content), lines)


@ROUND
@given(grids())
def test_a_table_written_into_sqlite_comes_back(lines: list[dict[str, Any]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "t.db")
        columns = ", ".join('"' + name.replace('"', '""') + '"' for name in lines[0])
        connection.execute(f"CREATE TABLE t ({columns})")
        texts = [[str(v) if isinstance(v, datetime.date) else v for v in row.values()] for row in lines]
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(lines[0]))})", texts)
        connection.commit()
        connection.close()
        found = EmbeddedDatabase(Path(folder), [Table("t", Source(file="t.db"))]).table("t").to_pylist()
        same(found, [dict(zip(lines[0], row, strict=True)) for row in texts])


STARTS = [
    b"",
    b"PK\3\4",
    b"PAR1",
    b"SQLite format 3\0",
    b"\xd0\xcf\x11\xe0",
    b"ARROW1\0\0",
    b"\x1f\x8b\x08",
    b"[{",
    b"a,b\n",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(STARTS),
    st.binary() | st.text().map(str.encode),
    st.sampled_from(files.FORMATS),
    st.sampled_from(["", ".gz"]),
)
@example(b"", b'"', "csv", "")
@example(b"a,b\n", b'"', "csv", "")
def test_any_bytes_give_a_table_or_our_error(start: bytes, rest: bytes, ending: str, packed: str) -> None:
    content = gzip.compress(start + rest) if packed else start + rest
    with tempfile.TemporaryDirectory() as folder, contextlib.suppress(CoursewrightError):
        rows(Path(folder), f"t.{ending}{packed}", content)


@settings(max_examples=50, deadline=None)
@given(st.binary())
def test_any_zip_gives_a_table_or_our_error(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        with pytest.raises(CoursewrightError):
            archives.unpack(_written(path / "t.zip", content), Source(file="t.zip"), PLACE, kept=path, limit=10)


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_what_cannot_be_cast_in_a_csv_file_is_nothing(tmp_path: Path) -> None:
    (tmp_path / "laps.csv").write_text("lap\n1:27.958\n58.3\nDNF\n")
    database = EmbeddedDatabase(tmp_path, [Table("laps", Source(file="laps.csv"))])
    assert database.rows(Sql("SELECT TRY_CAST(lap AS DOUBLE) AS s FROM laps", "q")) == [
        {"s": None},
        {"s": 58.3},
        {"s": None},
    ]
