"""Tables: every format gives the same rows, types are inferred, nothing is copied row by row."""

from __future__ import annotations

import datetime
import decimal
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from coursewright.tables import Database, DerivedTable, EmbeddedDatabase, Sql, Table, quote
from coursewright.tables.showing import as_frame
from coursewright.tables.showing.shown import show
from coursewright.tables.sources import Source

ROWS = [
    {"day": datetime.date(2024, 5, 1), "name": "O'Brien", "tonnes": 1.5, "boxes": 3},
    {"day": datetime.date(2024, 5, 2), "name": "a|b", "tonnes": None, "boxes": 4},
]


def write(path: Path) -> None:
    """The two rows in the format that the ending of `path` says."""
    table = pa.Table.from_pylist(ROWS)
    text = [{**row, "day": str(row["day"])} for row in ROWS]
    match path.suffix:
        case ".parquet":
            pyarrow.parquet.write_table(table, path)
        case ".feather" | ".arrow":
            pyarrow.feather.write_feather(table, path)
        case ".csv" | ".tsv":
            comma = "," if path.suffix == ".csv" else "\t"
            lines = [comma.join(text[0]), *(comma.join("" if v is None else str(v) for v in r.values()) for r in text)]
            path.write_text("\n".join(lines))
        case ".json":
            path.write_text(json.dumps(text))
        case ".jsonl" | ".ndjson":
            path.write_text("\n".join(map(json.dumps, text)))


@pytest.mark.parametrize("suffix", [".parquet", ".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".feather", ".arrow"])
def test_every_format_gives_the_same_rows_and_types(tmp_path: Path, suffix: str) -> None:
    write(tmp_path / f"fruit{suffix}")
    database = EmbeddedDatabase(tmp_path, [Table("fruit", Source(file=f"fruit{suffix}"))])

    assert database.rows(database.select("fruit")) == ROWS
    kinds = database.columns("fruit")
    assert kinds["day"] == "DATE"
    assert kinds["name"] == "VARCHAR"
    assert kinds["tonnes"] == "DOUBLE"


def test_a_million_rows_are_never_python_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pyarrow.parquet.write_table(pa.table({"n": pa.array(range(1_000_000))}), tmp_path / "n.parquet")
    database = EmbeddedDatabase(tmp_path, [Table("n", Source(file="n.parquet"))])
    monkeypatch.setattr(Database, "rows", lambda *_: pytest.fail("rows() makes Python objects"))
    found = database.query(Sql("SELECT sum(n) AS total, count(*) AS rows FROM n", "test.sql"))
    assert found.to_pydict() == {"total": [499_999_500_000], "rows": [1_000_000]}
    assert database.connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]  # a view: no copy


@pytest.mark.parametrize("name", ["name", "a b", 'say "hi"', "класс", "select", "x'; DROP TABLE y; --"])
def test_a_table_may_be_called_anything(tmp_path: Path, name: str) -> None:
    write(tmp_path / "fruit.feather")
    write(tmp_path / "fruit.csv")
    for file in ("fruit.csv", "fruit.feather"):
        database = EmbeddedDatabase(tmp_path, [Table(name, Source(file=file))])
        assert len(database.rows(Sql(f"SELECT * FROM {quote(name)}", "test.sql"))) == 2


def test_a_file_name_with_a_quotation_mark_is_only_a_name(tmp_path: Path) -> None:
    write(tmp_path / "o'brien.csv")
    assert len(EmbeddedDatabase(tmp_path, [Table("t", Source(file="o'brien.csv"))]).table("t")) == 2


@pytest.mark.parametrize("name", ["sales[2018].csv", "a*.csv", "what?.csv"])
def test_a_file_name_is_no_pattern(tmp_path: Path, name: str) -> None:
    write(tmp_path / "fruit.csv")
    (tmp_path / "fruit.csv").rename(tmp_path / name)
    (tmp_path / "ab.csv").write_text("x\n1\n")
    (tmp_path / "whats.csv").write_text("x\n1\n")
    assert len(EmbeddedDatabase(tmp_path, [Table("t", Source(file=name))]).table("t")) == 2


HELD = {
    "DATE '2024-05-01'": datetime.date(2024, 5, 1),
    "DATE '0001-01-01'": datetime.date.min,
    "DATE '9999-12-31'": datetime.date.max,
    "DATE '10000-01-01'": "10000-01-01",
    "DATE '0044-03-15 (BC)'": "0044-03-15 (BC)",
    "DATE '-infinity'": "-infinity",
    "TIMESTAMP '9999-12-31 23:59:59.999999'": datetime.datetime.max,
    "TIMESTAMP 'infinity'": "infinity",
    "TIMESTAMP_S 'infinity'": "infinity",
    "TIMESTAMPTZ 'infinity'": "infinity",
    "TIME '23:59:59.999999'": datetime.time.max,
    "TIME '24:00:00'": "24:00:00",
    "INTERVAL '3 days 04:05:06'": datetime.timedelta(days=3, hours=4, minutes=5, seconds=6),
    "INTERVAL '14 months 3 days'": "1 year 2 months 3 days",
    "INTERVAL '2000000000 days'": "2000000000 days",
    "(-5)::BIGNUM": decimal.Decimal(-5),
    f"{'123456789' * 6}::BIGNUM": "123456789" * 6,
    "[1, 2]": [1, 2],
    "[DATE 'infinity', DATE '2024-05-01']": '["infinity","2024-05-01"]',
    "[[INTERVAL '3 days']]": '[["3 days"]]',
    "{'a': DATE '2024-05-01'}": {"a": datetime.date(2024, 5, 1)},
    "{'a': {'b': 5::BIGNUM}}": '{"a":{"b":5}}',
    "MAP {'a': 1}": [("a", 1)],
    "MAP {'a': DATE 'infinity'}": '{"a":"infinity"}',
    "union_value(a := DATE 'infinity')": '{"a":"infinity"}',
}


@pytest.mark.parametrize(("sql", "value"), HELD.items())
def test_what_python_cannot_hold_is_the_databases_text_of_it(tmp_path: Path, sql: str, value: object) -> None:
    database = EmbeddedDatabase(tmp_path, [])
    assert database.rows(Sql(f"SELECT {sql} AS x UNION ALL SELECT NULL", "test.sql")) == [{"x": value}, {"x": None}]
    assert database.rows(Sql(f"SELECT {sql} AS x WHERE false", "test.sql")) == []


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (float("nan"), ""),
        (True, "yes"),
        (3.0, "3"),
        (decimal.Decimal("2.50"), "2.50"),
        (-0.0, "0"),
        (decimal.Decimal("-0.00"), "0.00"),
        ([-0.0, decimal.Decimal("-0.0")], "[0.0, 0]"),
        (datetime.timedelta(days=3, hours=4, minutes=5, seconds=6), "3 days 04:05:06"),
        (datetime.timedelta(days=-1, microseconds=-500_000), "-1 day -00:00:00.5"),
        (datetime.timedelta(seconds=94, microseconds=512_000), "00:01:34.512"),
        (datetime.timedelta(days=14), "14 days"),
        (datetime.timedelta(), "00:00:00"),
        (b"\x00abc", "00616263"),
        (bytes(12_345), "12,345 bytes"),
        ({"a": 1, "b": [None, float("inf")], "c": b"\xff"}, '{"a": 1, "b": [null, null], "c": "ff"}'),
        ([("k", decimal.Decimal("2.50")), (3, datetime.date(2024, 5, 1))], '{"k": 2.5, "3": "2024-05-01"}'),
        ([decimal.Decimal(10**30), decimal.Decimal("0.12345678901234567890")], f'[{10**30}, "0.12345678901234567890"]'),
        ([], "[]"),
        (["é", True, datetime.timedelta(1)], '["é", true, "1 day"]'),
    ],
)
def test_a_cell_is_what_a_reader_expects(value: object, cell: str) -> None:
    assert show(value) == cell


@pytest.mark.parametrize(
    ("text", "one"),
    [
        ("SELECT 1", "SELECT 1"),
        ("SELECT 1;", "SELECT 1"),
        ("SELECT 1 ; -- done; really\n", "SELECT 1 "),
        ("SELECT 1; /* done */ ", "SELECT 1"),
        ("SELECT '; -- x'", "SELECT '; -- x'"),
        ("SELECT 1 -- done", "SELECT 1 -- done"),
    ],
)
def test_a_statement_may_end_in_a_semicolon(text: str, one: str) -> None:
    assert Sql(text, "test.sql").one.text == one


def test_parameters_are_values_not_text(tmp_path: Path) -> None:
    write(tmp_path / "fruit.csv")
    database = EmbeddedDatabase(
        tmp_path, [Table("fruit", Source(file="fruit.csv"))], parameters={"who": "x' OR '1'='1"}
    )
    assert database.rows(Sql("SELECT * FROM fruit WHERE name = :who", "test.sql")) == []
    assert len(database.rows(Sql("SELECT * FROM fruit WHERE name = :who", "test.sql"), {"who": "O'Brien"})) == 1


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("SELECT :a, :b, :a", ("a", "b")),
        ("SELECT ':a', \":b\", x::int -- :c\n/* :d */", ()),
        ("SELECT list[1:n], f(x):y", ()),
        ("SELECT $$ :a $$, 'it''s :a', :z", ("z",)),
    ],
)
def test_what_counts_as_a_parameter(text: str, parameters: tuple[str, ...]) -> None:
    assert Sql(text, "test.sql").parameters == parameters


def test_a_derived_table_is_made_again_only_when_its_parameters_change(tmp_path: Path) -> None:
    write(tmp_path / "fruit.csv")
    few = DerivedTable("few", Sql("SELECT * FROM fruit WHERE boxes <= :most", "few.sql"))
    count = DerivedTable("count", Sql("SELECT count(*) AS n FROM few", "count.sql"))
    database = EmbeddedDatabase(tmp_path, [Table("fruit", Source(file="fruit.csv"))], [few, count], {"most": 3})
    ask = Sql("SELECT n FROM count", "test.sql")
    assert database.rows(ask) == [{"n": 1}]
    assert database.rows(ask) == [{"n": 1}]
    assert database.rows(ask, {"most": 4}) == [{"n": 2}]
    assert database.rows(ask) == [{"n": 1}]


def test_the_files_behind_a_query_are_known(tmp_path: Path) -> None:
    write(tmp_path / "fruit.csv")
    few = DerivedTable("few", Sql("SELECT * FROM fruit", tmp_path / "tables" / "few.sql"))
    database = EmbeddedDatabase(
        tmp_path, [Table("fruit", Source(file="fruit.csv")), Table("other", Source(file="other.csv"))], [few]
    )
    files = database.files(Sql("WITH x AS (SELECT * FROM few) SELECT * FROM x", "test.sql"))
    assert files == {tmp_path / "fruit.csv", tmp_path / "tables" / "few.sql"}


def test_whole_numbers_stay_what_they_are_in_frames_also_where_one_is_missing() -> None:
    long, short, whole = pa.array([2**53 + 1, None]), pa.array([2018, None]), pa.array([2**53 + 1, 2])
    most, least = pa.array([None, 2**64 - 1], pa.uint64()), pa.array([-(2**63), None])
    rows = pa.table([long, short, most, least, whole], ["long", "short", "most", "least", "whole"])

    frame = as_frame(rows)

    assert [str(kind) for kind in frame.dtypes] == ["Int64", "float64", "UInt64", "Int64", "int64"]
    assert (frame["long"][0], frame["most"][1], frame["least"][0]) == (2**53 + 1, 2**64 - 1, -(2**63))
    again = pa.Table.from_pandas(frame[["long", "least"]], preserve_index=False)
    assert again.to_pydict() == {"long": [2**53 + 1, None], "least": [-(2**63), None]}
