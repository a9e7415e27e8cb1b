"""Every type of column that programs have: told as the same values in dictionaries are, or refused by name."""

from __future__ import annotations

import datetime
import enum
import uuid
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from coursewright.errors import CoursewrightError
from coursewright.words import Grammar, tell, tell_file
from coursewright.words.door.frames import take

SHOWN = Grammar({"origin": {"x is missing": "nothing", "otherwise": "#x#"}})
ONE = uuid.UUID("12345678-1234-5678-1234-567812345678")
APRIL = datetime.date(2018, 4, 8)
HALF = np.array([0.1, 2.5], dtype=np.float16)

PANDAS = {
    "period": (pd.period_range("2018-03", periods=2, freq="M"), ["2018-03", "2018-04"]),
    "interval": (pd.interval_range(0, 2), ["(0, 1]", "(1, 2]"]),
    "cut": (pd.cut([1, np.nan], [0, 2]), ["(0, 2]", "nothing"]),
    "uuid": ([ONE, None], [str(ONE), "nothing"]),
    "sparse": (pd.arrays.SparseArray([0, 5]), ["0", "5"]),
    "sparse float": (pd.arrays.SparseArray([np.nan, 2.5]), ["nothing", "2.5"]),
    "categories": (pd.Categorical(["a", None]), ["a", "nothing"]),
    "categories of numbers": (pd.Categorical([3, None]), ["3", "nothing"]),
    "categories of days": (pd.Categorical(pd.to_datetime(["2018-04-08"])), ["2018-04-08 00:00:00"]),
    "nullable": (pd.array([1, None], dtype="Int64"), ["1", "nothing"]),
    "nullable true": (pd.array([True, None], dtype="boolean"), ["true", "nothing"]),
    "nullable float": (pd.array([0.1, None], dtype="Float32"), ["0.1", "nothing"]),
    "arrow": (pd.array([1, None], dtype="int64[pyarrow]"), ["1", "nothing"]),
    "arrow text": (pd.array(["a", None], dtype="string[pyarrow]"), ["a", "nothing"]),
    "float16": (HALF, ["0.1", "2.5"]),
    "float32": (HALF.astype("float32") * 0 + np.float32(0.1), ["0.1", "0.1"]),
    "complex": ([1 + 2j], ["(1+2j)"]),
    "several types": ([1, "DNF", 2.5, None, True, APRIL], ["1", "DNF", "2.5", "nothing", "true", "2018-04-08"]),
    "long": ([2**70, 1], [str(2**70), "1"]),
    "decimals": ([Decimal("1.5"), Decimal("2.50")], ["1.5", "2.50"]),
    "durations": (pd.to_timedelta(["1min 34.512s", None]), ["1:34.512", "nothing"]),
    "times": ([datetime.time(15, 10)], ["15:10:00"]),
    "lists": ([["HAM", "BOT"], None], ["HAM and BOT", "nothing"]),
    "dictionaries": ([{"a": 1, "b": 0.5}], ["a: 1 and b: 0.5"]),
    "gaps": (pd.array([pd.NA, pd.NaT, None, np.nan, "x"], dtype=object), ["nothing"] * 4 + ["x"]),
    "zone": (pd.to_datetime(["2018-04-08T12:00"]).tz_localize("Europe/London"), ["2018-04-08 12:00:00+01:00"]),
}  # fmt: skip


@pytest.mark.parametrize("name", PANDAS)
def test_columns_of_pandas(name):
    values, expected = PANDAS[name]
    assert tell(SHOWN, pd.DataFrame({"x": values}, index=range(len(values))[::-1])).tolist() == expected
    if "float" not in name:
        assert tell(SHOWN, [{"x": value} for value in pd.Series(values).astype(object)]) == expected


ARROW = {
    "decimal256": (pa.array([Decimal("1.50"), Decimal(10) ** 45], pa.decimal256(60, 2)), ["1.50", f"{10**45}.00"]),
    "decimal32": (pa.array([Decimal("1.5")], pa.decimal32(5, 2)), ["1.50"]),
    "float16": (pa.array(HALF), ["0.1", "2.5"]),
    "float32": (pa.array([0.1, None], pa.float32()), ["0.1", "nothing"]),
    "list of float32": (pa.array([[0.1, 2.5]], pa.list_(pa.float32())), ["0.1 and 2.5"]),
    "large list of float32": (pa.array([[0.1]], pa.large_list(pa.float32())), ["0.1"]),
    "fixed list of float32": (pa.array([[0.1]], pa.list_(pa.float32(), 1)), ["0.1"]),
    "struct of float32": (pa.array([{"a": 0.1}], pa.struct([("a", pa.float32())])), ["a: 0.1"]),
    "list": (pa.array([[1, 2], None]), ["1 and 2", "nothing"]),
    "list view": (pa.array([["a", "b"], None], pa.list_view(pa.string())), ["a and b", "nothing"]),
    "large list view": (pa.array([[1]], pa.large_list_view(pa.int8())), ["1"]),
    "text view": (pa.array(["a", None], pa.string_view()), ["a", "nothing"]),
    "bytes view": (pa.array([b"a", None], pa.binary_view()), ["a", "nothing"]),
    "fixed bytes": (pa.array([b"ab"], pa.binary(2)), ["ab"]),
    "large text": (pa.array(["a"], pa.large_string()), ["a"]),
    "run ends": (pa.RunEndEncodedArray.from_arrays([2, 3], ["a", None]), ["a", "a", "nothing"]),
    "run ends of float32": (pa.RunEndEncodedArray.from_arrays([1], pa.array([0.1], pa.float32())), ["0.1"]),
    "dictionary": (pa.array([APRIL, None]).dictionary_encode(), ["2018-04-08", "nothing"]),
    "uuid": (pa.array([ONE.bytes, None], pa.uuid()), [str(ONE), "nothing"]),
    "json": (pa.array(['{"a": 1}'], pa.json_()), ['{"a": 1}']),
    "bool8": (pa.array([1, 0, None], pa.int8()).cast(pa.bool8()), ["true", "false", "nothing"]),
    "union": (
        pa.UnionArray.from_sparse(pa.array([0, 1], pa.int8()), [pa.array([1, 2]), pa.array(["a", "b"])]), ["1", "b"]
    ),
    "map": (pa.array([[("a", 1)], None], pa.map_(pa.string(), pa.int64())), ["a: 1", "nothing"]),
    "null": (pa.nulls(2), ["nothing"] * 2),
    "unsigned": (pa.array([2**64 - 1], pa.uint64()), [str(2**64 - 1)]),
    "days in milliseconds": (pa.array([APRIL, None], pa.date64()), ["2018-04-08", "nothing"]),
    "nanoseconds": (pa.array([1], pa.timestamp("ns", "Europe/London")), ["1970-01-01 01:00:00+01:00"]),
    "months": (pa.array([(1, 2, 0)], pa.month_day_nano_interval()), ["1 month 2 days"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ARROW)
def test_columns_of_arrow(name):
    values, expected = ARROW[name]
    assert tell(SHOWN, pa.table({"x": values})).to_pylist() == expected
    assert tell(SHOWN, pa.record_batch({"x": values})).to_pylist() == expected


POLARS = {
    "Int128": (pl.Series([2**100, None], dtype=pl.Int128), [str(2**100), "nothing"]),
    "short Int128": (pl.Series([7], dtype=pl.Int128), ["7"]),
    "Float16": (pl.Series([0.1], dtype=pl.Float16), ["0.1"]),
    "list of Float32": (pl.Series([[0.1]], dtype=pl.List(pl.Float32)), ["0.1"]),
    "array of Float32": (pl.Series([[0.1]], dtype=pl.Array(pl.Float32, 1)), ["0.1"]),
    "categories": (pl.Series(["a", None], dtype=pl.Categorical), ["a", "nothing"]),
    "enum": (pl.Series(["a", None], dtype=pl.Enum(["a"])), ["a", "nothing"]),
    "objects": (pl.Series([ONE, None, 3.0], dtype=pl.Object), [str(ONE), "nothing", "3"]),
    "struct": (pl.Series([{"a": 1}, None]), ["a: 1", "nothing"]),
    "decimal": (pl.Series([Decimal("1.50")]), ["1.50"]),
    "time": (pl.Series([datetime.time(15, 10)]), ["15:10:00"]),
    "no number": (pl.Series([float("nan"), None, -0.0]), ["nothing", "nothing", "0"]),
}


@pytest.mark.parametrize("name", POLARS)
def test_columns_of_polars(name):
    values, expected = POLARS[name]
    frame = pl.DataFrame({"x": values})
    assert tell(SHOWN, frame).to_list() == expected
    assert tell(SHOWN, frame.lazy()).collect()["text"].to_list() == expected


DATABASE = {
    "1::HUGEINT": "1",
    "170141183460469231731687303715884105727::HUGEINT": "170141183460469231731687303715884105727",
    "340282366920938463463374607431768211455::UHUGEINT": "340282366920938463463374607431768211455",
    "sum(n)": "7",
    "[1::HUGEINT, 2]": "1 and 2",
    "{'HUGEINT': 1::UHUGEINT}": "HUGEINT: 1",
    "'HUGEINT'::ENUM('HUGEINT')": "HUGEINT",
    "'101'::BIT": "101",
    "['101'::BIT]": "101",
    "'15:10:00+01'::TIMETZ": "15:10:00+01",
    "union_value(a := 1)": "1",
    f"'{ONE}'::UUID": str(ONE),
    "MAP{'a': 1}": "a: 1",
    "[0.1::FLOAT]": "0.1",
    "{'a': 0.1::FLOAT}": "a: 0.1",
    "INTERVAL 1 DAY": "24:00:00.000",
    "NULL": "nothing",
    "1.50::DECIMAL(30, 2)": "1.50",
    "123456789012345678901234567890::BIGNUM": "123456789012345678901234567890",
    "'ab'::BLOB": "ab",
    "array_value(1, 2)": "1 and 2",
    "'{}'::JSON": "{}",
}


@pytest.mark.parametrize("expression", DATABASE)
def test_columns_of_the_database(expression):
    rows = duckdb.sql(f'SELECT {expression} AS x, 0 AS "a""b" FROM (SELECT 7 AS n)')
    assert tell(SHOWN, rows).fetchall() == [(DATABASE[expression],)]


def test_sums_are_compared_as_numbers():
    rows = duckdb.sql(
        "SELECT sum(n)::HUGEINT * 10**20::HUGEINT AS x FROM (VALUES (9), (10)) AS t(n) GROUP BY n ORDER BY n"
    )
    grammar = Grammar({"origin": {"x > 950000000000000000000": "more", "otherwise": "less"}})
    assert tell(grammar, rows).fetchall() == [("less",), ("more",)]


def test_what_is_not_known_is_refused_by_name():
    field = pa.field("where", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    table = pa.table([pa.array([b"\x01"])], schema=pa.schema([field]))
    with pytest.raises(CoursewrightError) as caught:
        tell(Grammar({"origin": "#where#"}), table)
    assert str(caught.value) == (
        'error: the column "where" holds values of the type geoarrow.wkb, which cannot be told\n'
        "  --> tell, rows\nhint: make them text or numbers first"
    )
    assert tell(Grammar({"origin": "here"}), table).to_pylist() == ["here"]


@pytest.mark.parametrize("inside", ["list", "dictionary"])
def test_runs_that_nobody_can_write_out_are_refused_by_name(inside):
    if inside == "list":
        column = pa.ListArray.from_arrays([0, 2], pa.RunEndEncodedArray.from_arrays([2], pa.array([5])))
    else:
        column = pa.RunEndEncodedArray.from_arrays([1], pa.array(["a"]).dictionary_encode())
    with pytest.raises(CoursewrightError, match=r'the column "x" holds values of the type .*, which cannot be told'):
        tell(SHOWN, pa.table({"x": column}))


def test_members_of_an_enumeration_are_told_alike_however_many_rows_there_are():
    """Polars would take the value of each, and fail where a row has none."""
    flag = enum.Enum("Flag", {"RED": "r"})
    few = tell(SHOWN, [{"x": flag.RED}, {"x": None}])
    assert few == tell(SHOWN, [{"x": flag.RED}, {"x": None}] * 150)[:2] == ["Flag.RED", "nothing"]
    assert [*tell(SHOWN, pd.DataFrame({"x": [flag.RED, None]}, dtype=object))] == few


def test_lists_too_long_for_the_database_are_refused_by_name():
    rows = duckdb.sql("SELECT 1 AS n, [170141183460469231731687303715884105727::HUGEINT] AS x")
    with pytest.raises(CoursewrightError, match='the column "x" holds values of the type HUGEINT\\[\\]'):
        tell(Grammar({"origin": "#n# #x#"}), rows)


BAD = pa.field("bad", pa.binary(), metadata={"ARROW:extension:name": "x.y"})
UNTOLD = pa.table([["Jo", "Al"], [b"1", b"2"]], schema=pa.schema([("name", pa.string()), BAD]))


@pytest.mark.parametrize(
    "rules",
    [
        {"origin": "#name#"},
        {"origin": ["#name#", "#name##origin#"]},  # told row by row
        {"origin": "#name.each(one)#", "one": "#name#"},
    ],
)
def test_columns_that_no_text_needs_are_not_converted(rules):
    assert all(text[:2] in ("Jo", "Al") for text in tell(Grammar(rules), UNTOLD).to_pylist())


def test_a_file_is_told_although_a_column_that_no_text_needs_has_no_meaning(tmp_path):
    pq.write_table(UNTOLD, tmp_path / "rows.parquet")
    assert tell_file(Grammar({"origin": "#name#"}), tmp_path / "rows.parquet", tmp_path / "told.parquet") == 2
    assert pq.read_table(tmp_path / "told.parquet")["text"].to_pylist() == ["Jo", "Al"]


def test_only_what_is_named_is_read():
    frame = pl.DataFrame({"a": [1, 2], "b": [0.1, 0.2], "a b": ["x", "y"]})
    for rows in (
        frame,
        frame.lazy(),
        frame.to_arrow(),
        frame.to_pandas(),
        frame.to_dicts(),
        duckdb.from_arrow(frame.to_arrow()),
    ):
        taken = take(rows)
        assert list(taken.columns) == ["a", "b", "a b"]
        assert taken.frame(["a b", "a"]).to_dict(as_series=False) == {"a": [1, 2], "a b": ["x", "y"]}
        assert len(taken.frame([])) == taken.count() == 2


def test_a_modifier_that_writes_grammar_may_name_any_column():
    grammar = Grammar({"origin": "[said:#a.judged#]#said#"}, modifiers={"judged": lambda _: "#b#"})
    assert tell(grammar, pl.DataFrame({"a": [1], "b": ["B"], "c": [0.5]})).to_list() == ["B"]


@pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
@pytest.mark.parametrize("by", ["team", ["team", "year"]])
def test_groups_of_values_of_several_types(by):
    rows = [{"team": "M", "year": 1, "x": 1}, {"team": 3, "year": 1, "x": "DNF"}, {"team": "M", "year": 1, "x": 2.5},
            {"team": None, "year": 2, "x": None}, {"team": float("nan"), "year": 2, "x": 4}]  # fmt: skip
    told = ["M: 1 and 2.5", "3: DNF", "4"]
    grammar = Grammar({"origin": "[?#team#: ]#x#"})
    assert tell(grammar, rows, by=by) == told
    frame = pd.DataFrame(rows, dtype=object)
    assert tell(grammar, frame, by=by).tolist() == told
    texts = [{**row, "x": str(row["x"])} for row in rows]
    assert tell(grammar, texts, by=by) == ["M: 1 and 2.5", "3: DNF", "None and 4"]


def test_lengths_of_time_within_lists_and_structs_of_duckdb():
    rows = duckdb.sql("SELECT [INTERVAL 90 SECOND, INTERVAL 9 SECOND] AS laps, {'best': INTERVAL 9 SECOND} AS o")
    grammar = Grammar({"origin": "#laps#, #laps.least# (#laps.total#), #o#"})
    assert tell(grammar, rows).fetchall() == [("1:30.000 and 9.000, 9.000 (1:39.000), best: 9.000",)]
    with pytest.raises(CoursewrightError, match=r'the column "x" holds values of the type list<.*month_day_nano'):
        tell(Grammar({"origin": "#x#"}), duckdb.sql("SELECT [INTERVAL 1 MONTH] AS x"))


def test_rows_that_duckdb_cannot_make_are_its_own_error():
    rows = duckdb.sql("SELECT CAST('x' || i AS INT) AS x FROM range(2) t(i)")
    with pytest.raises(CoursewrightError) as caught:
        tell(Grammar({"origin": "#x#"}), rows)
    message = "DuckDB cannot make the rows: Conversion Error: Could not convert string 'x0' to INT32"
    assert caught.value.problem.message == message
