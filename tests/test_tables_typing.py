"""The types of columns that are read as texts: no value is changed by a guess, whatever the file and its length."""

from __future__ import annotations

import csv
import datetime
import decimal
import gzip
import io
import json
import math
import re
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coursewright.courses import check, open_course
from coursewright.errors import CoursewrightError, Place
from coursewright.tables import Database, DerivedTable, EmbeddedDatabase, Sql, Table
from coursewright.tables.showing.summary import summarise
from coursewright.tables.sources import Source, json_numbers

PLACE = Place("course.toml", 4)
LONG = 21_000  # rows: more than those that propose the types


def database(folder: Path, name: str, content: bytes | str, **options: Any) -> Database:
    """A database whose table `t` comes from a file of this name and content."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    source = Source(file=name, **options)
    source.check(PLACE)
    return EmbeddedDatabase(folder, [Table("t", source, PLACE)])


def column(folder: Path, *values: str, **options: Any) -> tuple[list[Any], str]:
    """What becomes of these texts in a column of CSV, and its type."""
    found = database(
        folder, "t.csv", "\n".join(["v", *(f'"{one}"' for one in values)]) + "\n", **{"header": 1} | options
    )
    ((name, kind),) = found.columns("t").items()
    return found.table("t")[name].to_pylist(), kind


def said(folder: Path, name: str, content: bytes | str, **options: Any) -> tuple[str, str]:
    """The message and the hint of the error that the file gives, which is at the table's place."""
    with pytest.raises(CoursewrightError) as error:
        database(folder, name, content, **options).table("t")
    assert error.value.problem.where == PLACE
    return error.value.problem.message, error.value.problem.hint


KEPT = [
    ("01/02/2024", "31/12/2024"),
    ("01/02/24",),
    ("10.1.12", "10.2.1"),
    ("1 2 3", "4 5 6"),
    ("6-4-2", "7-5-1"),
    ("978-1-2",),
    ("00417", "12"),
    ("-007",),
    ("01.50",),
    ("F", "F"),
    ("NO", "YES"),
    ("t", "f"),
    ("yes", "no"),
    ("NA", "NA"),
    ("Inf", "1"),
    ("nan",),
    ("1e5", "2e3"),
    ("1_000",),
    ("1,234",),
    ("+5", "-3"),
    ("5.", "6."),
    ("0x1F",),
    ("٣",),
    ("12:30", "09:15"),
    ("1:30.5",),
    ("24:00:00",),
    ("23:59:60",),
    ("2024-02-30", "2024-02-01"),
    ("2024-1-2",),
    ("2024/01/02",),
    ("0000-01-01",),
    ("10000-01-01",),
    ("2024-01-02", "2024-01-02 10:00"),
    ("2024-01-02T24:00",),
    ("2024-01-02T10:00:00.1234567",),
    ("2024-01-02T10:00:00+02:00", "2024-01-02T10:00:00Z"),
    ("infinity", "epoch"),
    ("1", "x"),
    ("1", " "),
    ("123456789012345678901234567890123456789",),
    ("0.12345678901234567890123456789012345678901",),
    ("1.00000000000000000000001e+05",),
    ("1e+400",),
    ("1.5e-400",),
]


@pytest.mark.parametrize("values", KEPT)
def test_what_is_no_plain_number_date_or_truth_stays_as_written(tmp_path: Path, values: tuple[str, ...]) -> None:
    assert column(tmp_path, *values) == ([*values], "VARCHAR")


DAY = datetime.date(2024, 2, 29)
NOON = datetime.datetime(2024, 2, 29, 12, 0, 0, 500000)
TYPED: list[tuple[tuple[str, ...], list[Any], str]] = [
    (("1", "-20", "0"), [1, -20, 0], "BIGINT"),
    ((" 1", "2 "), [1, 2], "BIGINT"),
    (("9223372036854775807",), [2**63 - 1], "BIGINT"),
    (("9223372036854775808", "1"), [2**63, 1], "HUGEINT"),
    (("12345678901234567890",), [12345678901234567890], "HUGEINT"),
    (("12.75", "13", ".5", "-0.125"), [12.75, 13.0, 0.5, -0.125], "DOUBLE"),
    (("-0", "1"), [-0.0, 1.0], "DOUBLE"),
    (("1e+05", "1.5E-7", "1.0E10"), [1e5, 1.5e-7, 1e10], "DOUBLE"),
    (("0.30000000000000004",), [0.1 + 0.2], "DOUBLE"),
    (
        ("0.1234567890123456789", "12"),
        [decimal.Decimal("0.1234567890123456789"), decimal.Decimal(12)],
        "DECIMAL(21,19)",
    ),
    (("12345678901234567", "0.5"), [decimal.Decimal("12345678901234567"), decimal.Decimal("0.5")], "DECIMAL(18,1)"),
    (("2024-02-29",), [DAY], "DATE"),
    (("2024-02-29T12:00:00.5",), [NOON], "TIMESTAMP"),
    (("2024-02-29 12:00",), [NOON.replace(microsecond=0)], "TIMESTAMP"),
    (("2024-02-29T12:00:00.5Z",), [NOON.replace(tzinfo=datetime.UTC)], "TIMESTAMP WITH TIME ZONE"),
    (("12:00:00", "23:59:59.5"), [datetime.time(12), datetime.time(23, 59, 59, 500000)], "TIME"),
    (("true", "FALSE", "True"), [True, False, True], "BOOLEAN"),
    (("1", "NA", ""), [1, None, None], "BIGINT"),
    (("2024-02-29", "NA"), [DAY, None], "DATE"),
    (("TRUE", "NA"), [True, None], "BOOLEAN"),
    (("", ""), [None, None], "VARCHAR"),
    (("x", ""), ["x", None], "VARCHAR"),
]


@pytest.mark.parametrize(("values", "expected", "kind"), TYPED)
def test_what_all_values_are_plainly_is_the_type(
    tmp_path: Path, values: tuple[str, ...], expected: list[Any], kind: str
) -> None:
    found, declared = column(tmp_path, *values)
    assert (found, declared) == (expected, kind)
    assert [math.copysign(1, one) for one in found if one == 0] == [
        math.copysign(1, one) for one in expected if one == 0
    ]


LATE = [
    ("10", "2.75", 2.75, "DOUBLE"),
    ("10", "00417", "00417", "VARCHAR"),
    ("10", "DNF", "DNF", "VARCHAR"),
    ("10", "1e3", "1e3", "VARCHAR"),
    ("10", "1_000", "1_000", "VARCHAR"),
    ("10", " 7", 7, "BIGINT"),
    ("10", "NA", None, "BIGINT"),
    ("10", "-0", -0.0, "DOUBLE"),
    ("10", "12345678901234567890", 12345678901234567890, "HUGEINT"),
    ("1.5", "0.12345678901234566", 0.12345678901234566, "DOUBLE"),
    ("1.5", "0.1234567890123456789", decimal.Decimal("0.1234567890123456789"), "DECIMAL(20,19)"),
    ("1.5", "inf", "inf", "VARCHAR"),
    ("1.5", "nan", "nan", "VARCHAR"),
    ("1.5", "1e+05", 100000.0, "DOUBLE"),
    ("2024-01-02", "2024-1-2", "2024-1-2", "VARCHAR"),
    ("2024-01-02", "infinity", "infinity", "VARCHAR"),
    ("2024-01-02", "2024-02-30", "2024-02-30", "VARCHAR"),
    ("2024-01-02 10:00:00", "2024-01-02 10:00:00+02", "2024-01-02 10:00:00+02", "VARCHAR"),
    ("2024-01-02 10:00:00", "2024-01-02 10:00:00.1234567", "2024-01-02 10:00:00.1234567", "VARCHAR"),
    ("10:00:00", "24:00:00", "24:00:00", "VARCHAR"),
    ("true", "yes", "yes", "VARCHAR"),
    ("", "7", 7, "BIGINT"),
    ("NA", "7", 7, "BIGINT"),
]


@pytest.mark.parametrize(("usual", "last", "expected", "kind"), LATE)
def test_the_whole_column_decides_however_long_it_is(
    tmp_path: Path, usual: str, last: str, expected: Any, kind: str
) -> None:
    rows = f"{usual},x\n" * LONG + f"{last},y\n"
    found = database(tmp_path, "t.csv", f"v,w\n{rows}")
    asked = found.rows(Sql("SELECT v FROM t WHERE w = 'y'", "x.sql"))  # the check is not left out for other rows
    assert (asked, found.columns("t")["v"]) == ([{"v": expected}], kind)
    anew = EmbeddedDatabase(tmp_path, [Table("t", Source(file="t.csv"))])
    assert (anew.columns("t")["v"], anew.table("t")["v"][-1].as_py()) == (kind, expected)
    packed = database(tmp_path, "t.csv.gz", gzip.compress(f"v,w\n{rows}".encode()))
    assert (packed.table("t")["v"][-1].as_py(), packed.columns("t")["v"]) == (expected, kind)


def test_a_contract_sees_the_values_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(
        '[course]\ntitle = "x"\n[tables]\nspend.file = "spend.csv"\n'
        '[tables.spend.expect]\ntypes = { amount = "integer" }\n'
    )
    (tmp_path / "spend.csv").write_text("item,amount\n" + "a,10\n" * LONG + "b,2.75\n")
    assert [one.message for one in check(tmp_path)] == ['"amount" of "spend" is number (DOUBLE), not integer']


def test_what_is_noticed_and_typed_is_the_same_where_sql_runs_in_a_server(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text(
        '[course]\ntitle = "x"\n[tables]\nt = "t.csv"\n[database]\nurl = "sqlite:///x.sqlite"\n'
    )
    sqlite3.connect(tmp_path / "x.sqlite").close()
    (tmp_path / "t.csv").write_text("a,b\n2024-01-02T10:00:00Z,1\n2024-01-03T10:00:00Z,NA\n")
    database = open_course(tmp_path).database()
    assert summarise(database, "t").rows == 2
    assert database.rows(Sql("SELECT sum(b) AS n FROM t", "x.sql")) == [{"n": 1}]
    assert database.notes("t") == ('b: "NA" was taken for a missing value, the others being numbers: missing = ["NA"]',)


JSON_LINES = [
    ("0", "2.5", 2.5, "DOUBLE"),
    ("0", '"x"', "x", "VARCHAR"),
    ("0", '"NA"', None, "BIGINT"),
    ("0", "12345678901234567890123", 12345678901234567890123, "HUGEINT"),
    ('"5"', '"00417"', "00417", "VARCHAR"),
    ('"2024-01-02"', '"2024-01-03"', datetime.date(2024, 1, 3), "DATE"),
    ('"2024-01-02"', '"01/02/2024"', "01/02/2024", "VARCHAR"),
    ('"2024-01-02T10:00:00+02:00"', '"2024-01-02T10:00:00Z"', "2024-01-02T10:00:00Z", "VARCHAR"),
    ("true", '"true"', "true", "VARCHAR"),
    ("1.5", "NaN", math.nan, "DOUBLE"),
    ("1e3", "1e300", 1e300, "DOUBLE"),
]


@pytest.mark.parametrize(("usual", "last", "expected", "kind"), JSON_LINES)
def test_json_lines_are_typed_by_all_of_them(tmp_path: Path, usual: str, last: str, expected: Any, kind: str) -> None:
    lines = f'{{"v":{usual}}}\n' * LONG + f'{{"v":{last},"late":1}}\n'
    for name, content in (("t.jsonl", lines.encode()), ("t.jsonl.gz", gzip.compress(lines.encode()))):
        found = database(tmp_path, name, content)
        assert found.columns("t") == {"v": kind, "late": "BIGINT"}
        value = found.table("t")["v"][-1].as_py()
        assert value == expected or (value != value and expected != expected)  # noqa: PLR0124 - NaN


def test_what_is_nested_keeps_its_texts_and_its_digits(tmp_path: Path) -> None:
    found = database(tmp_path, "t.jsonl", '{"n": {"day": "2024-1-2", "at": "2024-01-02"}, "l": [1, 2.5]}\n')
    assert found.table("t").to_pylist() == [{"n": {"day": "2024-1-2", "at": "2024-01-02"}, "l": [1.0, 2.5]}]
    long = database(tmp_path, "u.jsonl", '{"n": {"a": 1.5, "b": 12345678901234567890123}}\n')
    assert long.table("t").to_pylist() == [{"n": '{"a":1.5,"b":12345678901234567890123}'}]
    assert long.notes("t") == ("n: it has numbers of more than 15 digits, so it stays JSON",)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['{"n": {"DATE": 5, "UUID": 1, "the TIME": "b"}}'], [{"DATE": 5, "UUID": 1, "the TIME": "b"}]),
        (['{"n": {"q\\"DATE": 5, "JSON": [1, "x"]}}'], [{'q"DATE': 5, "JSON": ["1", "x"]}]),
        (['{"n": [1, 2]}', '{"n": ["x", null, "\\"y\\""]}'], [["1", "2"], ["x", None, '"y"']]),
        (['{"n": {"a": 1}}', '{"n": {"a": "2024-01-01"}}'], [{"a": "1"}, {"a": "2024-01-01"}]),
        (['{"n": [{"a": 1}, "x", true]}'], [['{"a":1}', "x", "true"]]),
        (['{"n": [[1], ["x"]], "N": 1}'], [[["1"], ["x"]]]),
    ],
)
def test_what_is_nested_keeps_its_keys_and_is_text_where_it_is_of_several_kinds(
    tmp_path: Path, lines: list[str], expected: list[Any]
) -> None:
    """A key may be called like a type, and a text is never in quotes."""
    assert database(tmp_path, "t.jsonl", "\n".join(lines)).table("t")["n"].to_pylist() == expected


@pytest.mark.parametrize("said", [{"text": ("v",)}, {"types": {"v": "text"}}, {"text": ("w",), "columns": {"w": "v"}}])
def test_a_number_in_json_that_is_to_be_a_text_stays_as_it_is_written(tmp_path: Path, said: dict[str, Any]) -> None:
    found = database(
        tmp_path, "t.jsonl", '{"v": 1.50, "s": "\\"v\\": 3.10"}\n{"v": 2, "s": "1.0"}\n{"v" :-2e3}\n', **said
    )
    name = "w" if "columns" in said else "v"
    assert found.table("t")[name].to_pylist() == ["1.50", "2", "-2e3"]
    assert not any("1.50" in note for note in found.notes("t"))
    if "columns" not in said:
        assert found.table("t")["s"].to_pylist() == ['"v": 3.10', "1.0", None]
    quoted = database(tmp_path, "u.jsonl", '{"v": "1.50"}\n', **said)
    assert (quoted.table("t")[name].to_pylist(), quoted.notes("t")) == (["1.50"], ())


def test_beside_the_same_name_inside_another_column_it_is_told(tmp_path: Path) -> None:
    found = database(tmp_path, "t.jsonl", '{"v": 1.50, "n": {"v": 2.50}}\n', text=("v",))
    assert found.table("t").to_pylist() == [{"v": "1.5", "n": {"v": 2.5}}]
    assert found.notes("t") == ("v: its values are numbers in the file, so that 1.50 is the text 1.5",)


NESTED = "v: it has numbers of more than 15 digits, so it stays JSON"
DIGITS = "0.12345678901234567890123"
LONG_NUMBERS: list[tuple[str, str, list[Any], tuple[str, ...]]] = [
    (f'{{"v":{DIGITS}}}{{"v":1}}', "DECIMAL(24,23)", [DIGITS, "1"], ()),
    ('{"v":123456789.123456789}{"v":-2.5e3}', "DECIMAL(18,9)", ["123456789.123456789", "-2500"], ()),
    (
        f'{{"v":{DIGITS}}}{{"v":"x"}}',
        "VARCHAR",
        [DIGITS, "x"],
        ('v: 1 of 2 look like numbers; the rest is x: correct it, or keep all as written: text = ["v"]',),
    ),
    (f'{{"v":"{DIGITS}"}}{{"v":0.5,"w":"{DIGITS}"}}', "VARCHAR", [DIGITS, "0.5"], ()),
    (f'{{"v":{{"a":{DIGITS},"b":"{DIGITS}"}}}}', "VARCHAR", [f'{{"a":{DIGITS},"b":"{DIGITS}"}}'], (NESTED,)),
    (f'{{"v":[{DIGITS}]}}{{"v":"x"}}', "VARCHAR", [f"[{DIGITS}]", "x"], ()),
    (
        f'{{"v":{DIGITS}{DIGITS[2:]}}}{{"v":1}}',
        "VARCHAR",
        [DIGITS + DIGITS[2:], "1"],
        ('v: no type holds all digits of its numbers, so it stays text: types = { v = "number" } rounds them',),
    ),
    ('{"v":0.1234567890123456}{"v":0.10000000000000000000}', "DOUBLE", [0.1234567890123456, 0.1], ()),
]


@pytest.mark.parametrize(("objects", "kind", "expected", "notes"), LONG_NUMBERS)
def test_no_digit_of_a_number_in_json_is_lost(
    tmp_path: Path, objects: str, kind: str, expected: list[Any], notes: tuple[str, ...]
) -> None:
    for name, content in (("t.jsonl", objects.replace("}{", "}\n{")), ("t.json", f"[{objects.replace('}{', '},{')}]")):
        found = database(tmp_path, name, content)
        values = found.table("t")["v"].to_pylist()
        assert found.columns("t")["v"] == kind
        assert (list(map(decimal.Decimal, expected)) if kind.startswith("DECIMAL") else expected) == values
        assert tuple(note for note in found.notes("t") if note.startswith("v")) == notes


def test_long_numbers_in_json_can_be_rounded_and_be_missing(tmp_path: Path) -> None:
    lines = f'{{"v":{DIGITS}{DIGITS[2:]}}}\n{{"v":-9.99999999999999999999}}\n'
    rounded = database(tmp_path, "t.jsonl", lines, types={"v": "number"}, missing=("-9.99999999999999999999",))
    assert rounded.table("t")["v"].to_pylist() == [0.12345678901234568, None]


@given(
    st.recursive(
        st.decimals(allow_nan=False, allow_infinity=False, places=18) | st.integers() | st.text() | st.none(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    ),
    st.integers(1, 9),
)
@example({"0": decimal.Decimal("0.000000000000000000")}, 1)  # a digit in a string that is cut
def test_numbers_are_marked_however_the_file_is_cut(value: Any, size: int) -> None:
    written = re.sub(
        '"\ufdd1([^"]*)"', r"\1", json.dumps(value, default=lambda one: f"\ufdd1{one:f}", ensure_ascii=False)
    )
    keys = [key for key in value if key.isprintable()][:2] if isinstance(value, dict) else []
    made = b"".join(json_numbers.rewritten(io.BytesIO(written.encode(errors="surrogatepass")), size, keys))
    whole = b"".join(json_numbers.rewritten(io.BytesIO(written.encode(errors="surrogatepass")), 1 << 20, keys))
    assert made == whole
    marked = made.decode(errors="surrogatepass")
    assert re.sub(f'"{json_numbers.MARK}([^"]*)"', r"\1", marked) == written

    assert made.count(json_numbers.MARK.encode()) >= sum(isinstance(value[key], int | decimal.Decimal) for key in keys)

    def exact(number: str) -> Any:
        assert decimal.Decimal(number) == decimal.Decimal(repr(float(number)))

    json.loads(marked, parse_float=exact)


WRITTEN = st.one_of(
    st.integers(-(10**25), 10**25).map(str),
    st.floats(allow_nan=False).map(repr),
    st.floats(allow_nan=False).map(lambda one: f"{one:.18e}"),
    st.decimals(allow_nan=False, allow_infinity=False, places=20, min_value=-(10**9), max_value=10**9).map(str),
    st.dates().map(str),
    st.datetimes().map(str),
    st.datetimes(timezones=st.just(datetime.UTC)).map(lambda one: one.isoformat()),
    st.times().map(str),
    st.booleans().map(lambda one: str(one).lower()),
    st.from_regex(r"[-+]?[0-9 ._,:/eE+-]{1,12}", fullmatch=True),
    st.sampled_from(
        ["NA", "true", "TRUE", "F", "NO", "Inf", "nan", "00417", "-0", "1_0", "2024-02-30", "", "5 ", " 5"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=6),
)


def same(value: Any, written: str) -> bool:
    """Whether a value is what was written: the text itself, the same number, the same day or moment, or missing."""
    if value is None:
        return written in ("", "NA")
    if isinstance(value, str):
        return value == written
    if isinstance(value, bool):
        return written in ("true", "TRUE", "True") if value else written in ("false", "FALSE", "False")
    if isinstance(value, int | decimal.Decimal):
        return (
            (decimal.Decimal(written.strip()) == value and not written.strip().startswith(("0", "-0")))
            or value == 0
            or abs(value) < 1
        )
    if isinstance(value, float):  # its shortest form has all the digits
        return decimal.Decimal(repr(value)) == decimal.Decimal(written.strip())
    return type(value).fromisoformat(written) == value


@given(
    st.lists(WRITTEN, min_size=1, max_size=6)
    | st.lists(st.sampled_from(WRITTEN.original_strategies), min_size=1, max_size=1).flatmap(
        lambda one: st.lists(one[0], min_size=1, max_size=6)
    )
)
@example(["9007199254740993", "0.5"])
@example(["1e22"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_value_differs_from_what_was_written(values: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        stream = io.StringIO()
        writer = csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n")
        writer.writerows([["v", "n"], *([value, "x"] for value in values)])
        found = database(Path(folder), "t.csv", stream.getvalue(), header=1).table("t")["v"].to_pylist()
        read = [row[0] for row in csv.reader(io.StringIO(stream.getvalue()))][1:]  # the second engine
    assert len(found) == len(read)
    assert all(same(value, text) for value, text in zip(found, read, strict=True)), (values, found)


PLAIN = st.one_of(
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False, width=32).filter(lambda one: "e" not in repr(one)),
    st.dates(),
    st.booleans(),
    st.text("abcxyz", min_size=1),
)


@given(
    st.sampled_from(PLAIN.original_strategies).flatmap(lambda one: st.lists(one | st.none(), min_size=1, max_size=5))
)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_csv_and_json_lines_are_typed_alike(values: list[Any]) -> None:
    shown = [str(one).lower() if isinstance(one, bool) else str(one) for one in values]
    lines = "".join(json.dumps({"n": "x", "v": one}, default=str) + "\n" for one in values)
    rows = "n,v\n" + "".join("x,\n" if one is None else f"x,{text}\n" for one, text in zip(values, shown, strict=True))
    with tempfile.TemporaryDirectory() as folder:
        plain, nested = database(Path(folder), "t.csv", rows, header=1), database(Path(folder), "t.jsonl", lines)
        assert plain.columns("t") == nested.columns("t")
        assert plain.table("t").equals(nested.table("t"))


# What a course can say


SAID: list[tuple[str, dict[str, Any], list[dict[str, Any]]]] = [
    ("a\n+5\n007\n", {"types": {"a": "integer"}}, [{"a": 5}, {"a": 7}]),
    ("a\n1e5\n5.\n", {"types": {"a": "number"}}, [{"a": 1e5}, {"a": 5.0}]),
    ("a\n12:30\n9:05\n", {"types": {"a": "time"}}, [{"a": datetime.time(12, 30)}, {"a": datetime.time(9, 5)}]),
    ("a\n2024-1-2\n", {"types": {"a": "date"}}, [{"a": datetime.date(2024, 1, 2)}]),
    (
        "a\n2024-01-02T10:00:00+02:00\n",
        {"types": {"a": "timestamp"}},
        [{"a": datetime.datetime(2024, 1, 2, 8, tzinfo=datetime.UTC)}],
    ),
    ("a\nyes\nN\n", {"types": {"a": "boolean"}}, [{"a": True}, {"a": False}]),
    ("a,b\n1,2\n", {"types": {"a": "text"}}, [{"a": "1", "b": 2}]),
    ("a,b\n1,2\n", {"text": ("a",)}, [{"a": "1", "b": 2}]),
    ("a\n01/02/24\n", {"dates": "%d/%m/%y"}, [{"a": datetime.date(2024, 2, 1)}]),
    (
        "a,b\n01/02/2024,01/02/2024\n",
        {"dates": {"b": "%m/%d/%Y"}},
        [{"a": "01/02/2024", "b": datetime.date(2024, 1, 2)}],
    ),
    ("a\n1 May 2024 13:30\n", {"dates": "%d %B %Y %H:%M"}, [{"a": datetime.datetime(2024, 5, 1, 13, 30)}]),
    (
        "a,b\n-,x\n.,n/a\n3,y\n",
        {"missing": ("-", ".", "n/a")},
        [{"a": None, "b": "x"}, {"a": None, "b": None}, {"a": 3, "b": "y"}],
    ),
    ("a,b\n1,NA\n2,3\n", {"missing": ()}, [{"a": 1, "b": "NA"}, {"a": 2, "b": "3"}]),
    ('a,b\n"1,234",5\n', {"thousands": ","}, [{"a": 1234, "b": 5}]),
    ("a;b\n1.234,5;0,25\n", {"decimal": ",", "thousands": "."}, [{"a": 1234.5, "b": 0.25}]),
    ("a;b\n12.34,5;7\n", {"decimal": ",", "thousands": "."}, [{"a": "12.34,5", "b": 7}]),
    ("a\n1 234\n", {"thousands": " "}, [{"a": 1234}]),
    ('Report "A\n\na,b\n1,2\n', {"skip": 2}, [{"a": 1, "b": 2}]),
    ("a:b\n1:2\n", {"delimiter": ":"}, [{"a": 1, "b": 2}]),
    ("a,b,c\n1,2,3\n", {"columns": {"x": "b", "y": "a"}}, [{"x": 2, "y": 1}]),
    ("a,b\n1,2\n", {"columns": {"x": "b"}, "types": {"x": "text"}}, [{"x": "2"}]),
]


@pytest.mark.parametrize(("content", "options", "expected"), SAID)
def test_what_a_course_says_of_values(tmp_path: Path, content: str, options: Any, expected: Any) -> None:
    assert database(tmp_path, "t.csv", content, **options).table("t").to_pylist() == expected


def test_a_course_can_say_the_same_of_json(tmp_path: Path) -> None:
    content = '{"a": "5", "b": "31/12/2024", "c": "-"}\n{"a": "6", "b": "01/01/2025", "c": 3}\n'
    options: dict[str, Any] = {"types": {"a": "integer"}, "dates": "%d/%m/%Y", "missing": ("-",)}
    assert database(tmp_path, "t.jsonl", content, **options).table("t").to_pylist() == [
        {"a": 5, "b": datetime.date(2024, 12, 31), "c": None},
        {"a": 6, "b": datetime.date(2025, 1, 1), "c": 3},
    ]
    assert said(tmp_path, "t.jsonl", content, skip=1) == (
        'a table from a JSONL file takes no "skip"',
        '"skip" belongs to CSV or a spreadsheet',
    )


SHEET = [["Report"], ["a", "b", "c", "d"], [1, "1.234,5", "31/12/2024", 2.5], ["-", "2,5", "01/01/2025", 3]]
OF_SHEETS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"a": "1", "b": "1.234,5", "c": "31/12/2024", "d": 2.5}),
    ({"missing": ("-",)}, {"a": 1, "b": "1.234,5", "c": "31/12/2024", "d": 2.5}),
    (
        {"decimal": ",", "thousands": ".", "dates": "%d/%m/%Y"},
        {"a": "1", "b": 1234.5, "c": datetime.date(2024, 12, 31), "d": 2.5},
    ),
    ({"types": {"d": "text"}, "columns": {"d": "d"}}, {"d": "2.5"}),
    ({"columns": {"x": "c"}, "dates": {"x": "%d/%m/%Y"}}, {"x": datetime.date(2024, 12, 31)}),
]


@pytest.mark.parametrize(("options", "expected"), OF_SHEETS)
def test_a_course_can_say_the_same_of_spreadsheets(tmp_path: Path, options: Any, expected: Any) -> None:
    book, stream = openpyxl.Workbook(), io.BytesIO()
    for row in SHEET:
        book.active.append(row)
    book.save(stream)
    found = database(tmp_path, "t.xlsx", stream.getvalue(), skip=1, **options).table("t")
    assert found.to_pylist()[0] == expected


def test_a_course_can_say_the_same_of_files_with_types(tmp_path: Path) -> None:
    stream = io.BytesIO()
    rows = pa.table({"a": ["1", "-"], "b": [1.0, 2.5], "c": [[1], [2]], "d": ["x", "-"]})
    pyarrow.parquet.write_table(rows, stream)
    found = database(tmp_path, "t.parquet", stream.getvalue(), types={"a": "integer", "b": "text"}, missing=("-",))
    assert found.table("t").to_pylist() == [
        {"a": 1, "b": "1", "c": [1], "d": "x"},
        {"a": None, "b": "2.5", "c": [2], "d": None},
    ]
    found = database(tmp_path, "t.parquet", stream.getvalue(), missing=("2.5", "2", "-"))  # numbers too, as in CSV
    assert [*found.columns("t").values()] == ["VARCHAR", "DOUBLE", "BIGINT[]", "VARCHAR"]
    assert found.table("t").to_pylist()[1] == {"a": None, "b": None, "c": [2], "d": None}
    message = '"b" of t.parquet cannot be read as integer: 1 of 2 values are others, "2.5"'
    assert said(tmp_path, "t.parquet", stream.getvalue(), types={"b": "integer"}) == (
        message,
        OTHER.replace('"a"', '"b"'),
    )
    refused = ('a table from a Parquet file takes no "encoding"', '"encoding" belongs to CSV or JSON')
    assert said(tmp_path, "t.parquet", stream.getvalue(), encoding="utf-8") == refused


PAGE = """<table><tr><th>a<th>b<th>c<th>d</tr>
<tr><td>1,234<td>31/12/2024<td>-<td><img alt="gold" src="g.png"></tr>
<tr><td>\u22125<td>01/02/2024<td>7<td>2</tr></table>"""
OF_PAGES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({}, {"a": -5, "b": "01/02/2024", "c": "7", "d": 2}),
    (
        {"missing": ("-",), "dates": "%d/%m/%Y", "alt": True},
        {"a": -5, "b": datetime.date(2024, 2, 1), "c": 7, "d": "2"},
    ),
    ({"types": {"a": "number"}, "thousands": ",", "columns": {"a": "a"}}, {"a": -5.0}),
    ({"columns": {"x": "b"}, "dates": {"b": "%d/%m/%Y"}}, {"x": datetime.date(2024, 2, 1)}),
    ({"columns": {"x": "b"}, "dates": "%d/%m/%Y"}, {"x": datetime.date(2024, 2, 1)}),
    ({"header": 0, "skip": 2}, {"column_1": -5, "column_2": "01/02/2024", "column_3": 7, "column_4": 2}),
]


@pytest.mark.parametrize(("options", "expected"), OF_PAGES)
def test_a_course_can_say_the_same_of_pages(tmp_path: Path, options: Any, expected: Any) -> None:
    (tmp_path / "p.html").write_text(PAGE)
    source = Source(html="p.html", **options)
    source.check(PLACE)
    assert EmbeddedDatabase(tmp_path, [Table("t", source, PLACE)]).table("t").to_pylist()[-1] == expected


def test_a_page_keeps_its_digits_and_is_in_the_encoding_that_is_said(tmp_path: Path) -> None:
    page = "<table><tr><th>a<th>b<tr><td>テレビ<td>0.1234567890123456789</table>".encode("shift_jis")
    (tmp_path / "p.html").write_bytes(page)
    source = Source(html="p.html", encoding="shift_jis")
    found = EmbeddedDatabase(tmp_path, [Table("t", source, PLACE)])
    assert found.table("t").to_pylist() == [{"a": "テレビ", "b": "0.1234567890123456789"}]
    (tmp_path / "p.html").write_bytes(page + b"\x81")
    with pytest.raises(CoursewrightError, match=r"^error: p\.html is not shift_jis \(byte 0x81\)"):
        EmbeddedDatabase(tmp_path, [Table("t", source, PLACE)]).table("t")


@pytest.mark.parametrize(
    ("before", "codec", "notes"),
    [
        ("", "cp1252", ("read as Windows-1252",)),
        ("<meta charset=utf-8>", "cp1252", ("read as Windows-1252",)),
        ("<meta charset=iso-8859-1>", "cp1252", ()),
        ("<meta charset=iso-8859-2>", "iso-8859-2", ()),
        ("", "utf-8", ()),
    ],
)
@pytest.mark.parametrize("options", [{}, {"types": {"b": "integer"}}])
def test_what_was_assumed_of_a_page_is_said(
    tmp_path: Path, before: str, codec: str, notes: tuple[str, ...], options: dict[str, Any]
) -> None:
    page = f"{before}<title>é</title><table><tr><th>a<th>b<tr><td>é<td>1</table>"
    (tmp_path / "p.html").write_bytes(page.encode(codec))
    found = EmbeddedDatabase(tmp_path, [Table("t", Source(html="p.html", **options), PLACE)])
    assert (found.table("t").to_pylist(), found.notes("t")) == ([{"a": "é", "b": 1}], notes)
    said = EmbeddedDatabase(tmp_path, [Table("t", Source(html="p.html", encoding=codec, **options), PLACE)])
    assert (said.table("t").to_pylist(), said.notes("t")) == ([{"a": "é", "b": 1}], ())


ENCODED = "name,n\nテレビ,1\n"


def test_an_encoding_can_be_said(tmp_path: Path) -> None:
    japanese = database(tmp_path, "t.csv", ENCODED.encode("shift_jis"), encoding="shift_jis")
    assert japanese.table("t").to_pylist() == [{"name": "テレビ", "n": 1}]
    assert japanese.notes("t") == ()
    polish = database(tmp_path, "t.csv", "name,n\nŁódź,1\n".encode("iso-8859-2"))
    assert polish.notes("t") == ("read as Windows-1252",)
    lines = '{"name": "Łódź"}\n'.encode("iso-8859-2")
    assert database(tmp_path, "t.jsonl", lines, encoding="iso-8859-2").table("t").to_pylist() == [{"name": "Łódź"}]


SAY = 'say what it is, for instance: encoding = "shift_jis", "iso-8859-2" or "windows-1253"; or save the file as UTF-8'
COMMAS = "put a value that holds a comma in quotation marks, or correct the line"
ONE = 'if all is one column: delimiter = ";"'
OTHER = 'correct it, or keep all as written: text = ["a"]'
REFUSED: list[tuple[bytes | str, dict[str, Any], str, str]] = [
    (
        '"a","b"\n"1",5,6\n"2",7,8\n',
        {},
        "line 2 of t.csv has 3 values, where the first row has 2",
        "if the first column has no heading, begin line 1 with a comma; "
        "if what stands above line 2 is no part of the table: skip = 1",
    ),
    (b"a,b\n\x8d\x95,1\n", {}, "t.csv is not UTF-8, nor Windows-1252 (byte 0x8d)", SAY),
    (b"a,b\n\x81,1\n", {"encoding": "shift_jis"}, "t.csv is not shift_jis (byte 0x81)", SAY),
    ("a,b\nZoë,1\n", {"encoding": "us-ascii"}, "t.csv is not ascii (byte 0xc3)", SAY),
    (
        "a,b\n1,2\nx,3\n",
        {"types": {"a": "integer"}},
        '"a" of t.csv cannot be read as integer: 1 of 2 values are others, "x"',
        OTHER,
    ),
    (
        "a\n01/02/2024\n2024-01-02\n",
        {"dates": {"a": "%d/%m/%Y"}},
        '"a" of t.csv cannot be read by "%d/%m/%Y": 1 of 2 values are others, "2024-01-02"',
        OTHER,
    ),
    (
        "a\n1/2/24\n",
        {"dates": "%d/%m/%Y"},
        'no column of t.csv has only dates like "%d/%m/%Y"',
        'to see which value is another, say the column: dates = { day = "%d/%m/%Y" }',
    ),
    (
        "a,b\n1,2\n..,3\nunknown,3\n",
        {"types": {"a": "integer"}},
        '"a" of t.csv cannot be read as integer: 2 of 3 values are others, "..", "unknown"',
        'missing = ["..", "unknown"]',
    ),
    ("X\nw,w\n", {}, "line 2 of t.csv has 2 values, where the first row has 1", f"{COMMAS}; {ONE}"),
    ("X\nw,w\nv;v\n", {"delimiter": ","}, "line 2 of t.csv has 2 values, where the first row has 1", COMMAS),
    (
        "price\n1,5\n2,5\n",
        {},
        "line 2 of t.csv has 2 values, where the first row has 1",
        f"if what stands above line 2 is no part of the table: skip = 1; {ONE}",
    ),
    ("a\n1\n", {"types": {"b": "integer"}}, 'types: t.csv has no column "b"', "Available: a"),
    ("a\n1\n", {"text": ("A",)}, 'text: t.csv has no column "A"', "Available: a"),
    ("a\n1\n", {"columns": {"x": "b"}}, 'columns: t.csv has no column "b", for "x"', "Available: a"),
    (
        "a\n1\n",
        {"types": {"a": "int"}},
        'no type called "int", for "a"',
        'did you mean "integer"? Available: boolean, date, integer, number, text, time, timestamp',
    ),
    ("a\n1\n", {"dates": "%d/%m"}, 'dates = "%d/%m" is no form of a whole date', 'for instance: dates = "%d/%m/%Y"'),
    (
        "a\n1\n",
        {"dates": "%d/%q/%Y"},
        'dates = "%d/%q/%Y": there is no %q in a form of dates',
        'for instance: dates = "%d/%m/%Y"',
    ),
    (
        "a\n1\n",
        {"dates": "%Y%m%d"},
        'dates = "%Y%m%d" has only digits, as a number has',
        'say of which column: dates = { day = "%Y%m%d" }',
    ),
    (
        "a\n1\n",
        {"decimal": "ab"},
        'decimal = "ab" is no sign that can stand there',
        "it is one character that is neither a letter nor a digit",
    ),
    (
        "a\n1\n",
        {"thousands": "."},
        '"." cannot be both decimal and thousands',
        'say decimal too, for instance: decimal = ","',
    ),
    (
        "a\n1\n",
        {"encoding": "rot13"},
        'no encoding called "rot13"',
        'for instance: encoding = "shift_jis", "iso-8859-2", "windows-1253" or "utf-8"',
    ),
    ("a\n1\n", {"skip": -1}, "skip is how many lines stand above the headings, not -1", ""),
    ("a\n1\n", {"skip": 5}, "t.csv has nothing below the 5 lines that are skipped", "say a smaller skip"),
    (
        "Report 2024\n\na;b\n1;2\n3;4\n",
        {},
        "line 3 of t.csv has 2 values, where the first row has 1",
        "if what stands above line 3 is no part of the table: skip = 2",
    ),
    (
        "Sales 2023,,\na,b,c\nx,1,2\n",
        {},
        'line 1 of t.csv has one value alone, "Sales 2023", where line 2 has 3',
        "if it is a title: skip = 1; if it is the headings: header = 1",
    ),
]


@pytest.mark.parametrize(("content", "options", "message", "hint"), REFUSED)
def test_what_is_refused(tmp_path: Path, content: bytes | str, options: Any, message: str, hint: str) -> None:
    with pytest.raises(CoursewrightError) as error:
        database(tmp_path, "t.csv", content, **options).table("t")
    assert (error.value.problem.message, error.value.problem.hint) == (message, hint)


# Headings


HEADED: list[tuple[str, list[str]]] = [
    ("country,2017,2018\nX,1,2\nY,3,4\n", ["country", "2017", "2018"]),
    ("2017,2018\n1.5,2\n", ["2017", "2018"]),
    ("France,2017,2018\nSpain,2019,2020\n", ["column0", "column1", "column2"]),
    ("1,2\n3,4\n", ["column0", "column1"]),
    ("x,1\ny,2\n", ["column0", "column1"]),
    ("name,city\nAnn,Paris\n", ["name", "city"]),
    ("name,when\nAnn,2024-01-02\n", ["name", "when"]),
    ("a,b\n,1\n,2\n", ["a", "b"]),
    (",a\n1,2\n", ["column0", "a"]),
    (",name,city\n0,Ann,Paris\n1,Bo,York\n", ["column0", "name", "city"]),
    ('"","name"\n"1","Ann"\n', ["column0", "name"]),
    ("a,a,A\n1,2,3\n", ["a", "a_1", "A_2"]),
    ("sep=;\na;b\n1;2\n", ["a", "b"]),
    ('"sep=|"\r\na|b\r\n1|2\r\n', ["a", "b"]),
    ("\ufeffa,b\n1,2\n", ["a", "b"]),
    ("country,2017\n", ["country", "2017"]),
]


@pytest.mark.parametrize(("content", "names"), HEADED)
def test_headings_are_found(tmp_path: Path, content: str, names: list[str]) -> None:
    assert list(database(tmp_path, "t.csv", content).columns("t")) == names


# What is said of it


IN_THREES = (
    "the point in 1.234 was taken for the decimal sign, not for one between thousands: "
    'decimal = "." or decimal = "," and thousands = "."'
)
NOTED: list[tuple[str, tuple[str, ...]]] = [
    ("a,b\n1,x\n2,y\n", ()),
    ("a,b\n01/02,00417\nx,12\n", ()),
    ("a,b\n1,x\nNA,y\n", ('a: "NA" was taken for a missing value, the others being numbers: missing = ["NA"]',)),
    ("a,b\n1,x\n-,y\n.,z\n", ('a: 1 of 3 look like numbers; the rest are -, .: missing = ["-", "."]',)),
    (
        "a,b\n1,x\n-,y\nRetired,z\n",
        ('a: 1 of 3 look like numbers; the rest are -, Retired: correct them, or keep all as written: text = ["a"]',),
    ),
    ("a,b\n1,x\n,y\n-,z\n", ('a: 1 of 2 look like numbers; the rest is -: missing = ["-"]',)),
    ("a,b\n,x\n12:00:00,y\n1:02,z\n", ("a: 1 of 2 look like times; the rest is 1:02",)),
    ("a,b\n2024-01-02,x\n2024-02-30,y\n", ("a: 1 of 2 look like dates; the rest is 2024-02-30",)),
    (
        "a,b\n01/02/2024,x\n02/03/2024,y\n",
        ('a: looks like day/month or month/day: dates = "%d/%m/%Y" or dates = "%m/%d/%Y"',),
    ),
    ("a,b\n31/12/2024,x\n02/03/2024,y\n", ('a: looks like day/month: dates = "%d/%m/%Y"',)),
    ("a;b\n1,5;x\n", ('the comma in numbers was taken for the decimal sign: decimal = ","',)),
    (
        'a,b\n"1,234",x\n',
        (
            "a: looks like numbers with commas between thousands or numbers with a decimal comma: "
            'thousands = "," or decimal = ","',
        ),
    ),
    (
        "a,b\n2024-01-02T10:00:00+02:00,x\n",
        ('a: times with offsets stay text, so that none is lost: types = { a = "timestamp" }',),
    ),
    ("a;b\n1.234;1\n2.250;2\n", (f"a: {IN_THREES}",)),
    ("a;b\n1.234;1\n0.250;2\n", ()),
    ("a;b\n1.234;1\n2.25;2\n", ()),
    ("a,b\n1.234,1\n2.250,2\n", ()),
    (
        'a,b\n1.234,"1,5"\n2.250,"2,25"\n',
        (
            f"a: {IN_THREES}",
            "b: looks like numbers with a decimal comma or numbers with points between thousands: "
            'decimal = "," or decimal = "," and thousands = "."',
        ),
    ),
    (
        "1,2\n3,4\n",
        ("the first row was taken for data, being like those below it: header = 0, or 1 if it is the headings",),
    ),
]


@pytest.mark.parametrize(("content", "notes"), NOTED)
def test_what_was_assumed_is_said_and_nothing_else(tmp_path: Path, content: str, notes: tuple[str, ...]) -> None:
    assert database(tmp_path, "t.csv", content).notes("t") == notes


@pytest.mark.parametrize("options", [{"decimal": "."}, {"decimal": ",", "thousands": "."}])
def test_what_a_point_is_can_be_said(tmp_path: Path, options: dict[str, str]) -> None:
    found = database(tmp_path, "t.csv", "a;b\n1.234;x\n2.250;y\n", **options)
    assert found.notes("t") == ()
    assert found.table("t")["a"].to_pylist() == ([1234, 2250] if options["decimal"] == "," else [1.234, 2.25])


def test_a_check_says_what_was_assumed(tmp_path: Path) -> None:
    (tmp_path / "course.toml").write_text('[course]\ntitle = "x"\n[tables]\nt = "t.csv"\n')
    (tmp_path / "t.csv").write_bytes("name,n\nRené,1\nAnn,NA\n".encode("windows-1252"))
    told: list[str] = []
    assert check(tmp_path, report=told.append) == []
    assert told == [
        "t: read as Windows-1252",
        't: n: "NA" was taken for a missing value, the others being numbers: missing = ["NA"]',
    ]


LATE = "a,b\n" + "".join(f"{number},x\n" for number in range(9_000)) + "12.75,y\n"


@pytest.mark.parametrize(
    ("select", "found"),
    [
        ("SELECT a FROM t LIMIT 1", 0.0),
        ("SELECT a FROM (SELECT a FROM t LIMIT 3) ORDER BY a LIMIT 1", 0.0),
        ("WITH first AS (SELECT a FROM t LIMIT 1) SELECT a || '' FROM first", "0.0"),
        ("SELECT typeof((SELECT a FROM t LIMIT 1))", "DOUBLE"),
        ("SELECT typeof(max(a)) FROM t", "DOUBLE"),
        ("SELECT EXISTS (SELECT 1 FROM t WHERE a || '' = '1')", False),
        ("SELECT DISTINCT typeof(a) FROM t TABLESAMPLE reservoir(3 ROWS)", "DOUBLE"),
        ("SELECT a || '' FROM t POSITIONAL JOIN (SELECT 1) WHERE a = 0", "0.0"),
    ],
)
def test_what_is_shown_first_has_the_type_of_all(tmp_path: Path, select: str, found: Any) -> None:
    ((value,),) = (list(row.values()) for row in database(tmp_path, "t.csv", LATE).rows(Sql(select, "x.sql")))
    assert (value, type(value)) == (found, type(found))


def test_a_derived_table_of_the_first_rows_has_the_type_of_all(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(LATE)
    derived = DerivedTable("few", Sql("SELECT a FROM t LIMIT 2", "tables/few.sql"))
    made = EmbeddedDatabase(tmp_path, [Table("t", Source(file="t.csv"))], [derived])
    assert made.table("few").to_pydict() == {"a": [0.0, 1.0]}
    assert made.columns("few") == {"a": "DOUBLE"}


IN_ASCII = b"name,n\n" + b"Ann,1\n" * 200_000  # longer than what is looked at first


def test_a_late_letter_of_another_encoding_is_read_or_refused(tmp_path: Path) -> None:
    ask = "SELECT name, n FROM t WHERE name <> 'Ann'"
    windows = database(tmp_path, "t.csv", IN_ASCII + "René,2\n".encode("windows-1252"))
    assert windows.query(Sql("SELECT sum(n) AS n FROM t", "q.sql")).to_pylist() == [{"n": 200_002}]
    assert windows.query(Sql(ask, "q.sql")).to_pylist() == [{"name": "René", "n": 2}]
    noted = database(tmp_path, "t.csv", IN_ASCII + "René,2\n".encode("windows-1252"))
    assert noted.notes("t") == ("read as Windows-1252",)
    assert noted.query(Sql(ask, "q.sql")).to_pylist() == [{"name": "René", "n": 2}]
    assert database(tmp_path, "t.csv", IN_ASCII + "René,2\n".encode()).notes("t") == ()
    for late in (b"\x8d,2\n", "René é,2\n".encode() + b"\xe9,2\n", b'"a\r\nb",2\r\n"\xe9",1\n' + "éé,2\n".encode()):
        with pytest.raises(CoursewrightError, match="is not UTF-8"):
            database(tmp_path, "t.csv", IN_ASCII + late).query(Sql(ask, "q.sql"))
