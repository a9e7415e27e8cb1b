"""One key is one key, whatever it is written in and whatever kind of rows it came in."""

from __future__ import annotations

import datetime
import enum
import itertools
import json
import uuid
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.words import Grammar, tell, tell_file
from coursewright.words.door.keys import _column_keys, key_hash

WHO = Grammar({"origin": "#w#", "w": [f"text {number}" for number in range(1000)]})
APRIL = datetime.date(2018, 4, 8)


def told(key):
    return tell(WHO, [{"k": key}], key="k")[0]


class Colour(enum.StrEnum):
    RED = "red"


APRIL_8 = datetime.datetime(2018, 4, 8, 9, 0, 0, 500)
GREENWICH = datetime.datetime(2018, 4, 8, 15, 10, tzinfo=datetime.UTC)
ALIKE = [
    [3, 3.0, "3", "3.0", "3.00", Decimal(3), Decimal("3.00"), np.int8(3), np.uint64(3), np.float32(3), np.float64(3)],
    [2.5, "2.5", "2.50", Decimal("2.5"), Decimal("2.500"), np.float32(2.5), np.float16(2.5)],
    [0.1, "0.1", Decimal("0.1"), np.float32(0.1)],
    [0, -0.0, "0", "-0", "0.0", "-0.0", Decimal("-0")],
    [-12, -12.0, "-12", Decimal("-12.0")],
    [2**70, str(2**70), Decimal(2**70)],
    [1e22, "1e22", "1E+22", 10**22, Decimal("1e22")],
    [True, "true", "True", "TRUE", np.bool_(True)],
    [False, "false", "False", "FALSE", np.bool_(False)],
    [None, float("nan"), np.nan, pd.NA, pd.NaT, "", Decimal("nan")],
    [APRIL, datetime.datetime(2018, 4, 8), pd.Timestamp(2018, 4, 8), "2018-04-08", "2018-04-08 00:00:00",
     "2018-04-08T00:00", np.datetime64("2018-04-08")],
    [datetime.datetime(2018, 4, 8, 15, 10), "2018-04-08 15:10:00", "2018-04-08T15:10", "2018-04-08 15:10:00.000"],
    [GREENWICH, "2018-04-08 15:10:00+00:00", "2018-04-08T15:10:00Z", "2018-04-08 16:10:00+01:00",
     GREENWICH.astimezone(datetime.timezone(datetime.timedelta(hours=3)))],
    [datetime.time(15, 10), "15:10", "15:10:00"],
    [uuid.UUID(int=1), str(uuid.UUID(int=1))],
    ["red", Colour.RED, b"red", np.str_("red")],
    ["007"], ["1,000"], ["3rd"], ["1e9999"], ["2018-13-01"], ["2018-04"], ["inf", float("inf"), Decimal("inf")],
    [1], ["t"], ["no"], ["none"], ["nan "], [" 3"],
    [[1, 2], (1, 2), [1.0, 2.0], np.array([1, 2])],
    [{"a": 1}, {"a": 1.0}],
]  # fmt: skip


@pytest.mark.parametrize("alike", ALIKE, ids=lambda alike: repr(alike[0]))
def test_what_is_one_key(alike):
    assert {told(key) for key in alike} == {told(alike[0])}


def test_what_is_not_one_key():
    hashes = [key_hash(alike[0]) for alike in ALIKE]
    assert len(set(hashes)) == len(ALIKE)


COLUMNS = {
    "whole": [3, 0, -12, None],
    "real": [2.5, 0.0, 1e22, None],
    "flag": [True, False, True, None],
    "text": ["abc", "true", "3", None],
    "figures": ["1", "2.50", "0.1", None],
    "day": [APRIL, datetime.date(1950, 5, 13), APRIL, None],
    "moment": [datetime.datetime(2018, 4, 8, 15, 10), datetime.datetime(2018, 4, 8), APRIL_8, None],
}  # fmt: skip


def told_file(frame, folder, suffix):
    source, output = folder / f"rows.{suffix}", folder / f"told.{suffix}"
    getattr(frame.with_columns(other=1), f"write_{suffix}")(source)
    tell_file(WHO, source, output, key="k")
    return getattr(pl, f"read_{suffix}")(output)["text"].to_list()


KINDS = {
    "few mappings": lambda rows, _: tell(WHO, rows, key="k"),
    "mappings": lambda rows, _: tell(WHO, rows * 100, key="k")[: len(rows)],
    "mappings of text": lambda rows, _: tell(WHO, [{"k": text(row["k"])} for row in rows], key="k"),
    "json": lambda rows, _: tell(WHO, json.loads(json.dumps(rows, default=str)), key="k"),
    "pandas": lambda rows, _: tell(WHO, pd.DataFrame(rows), key="k").to_list(),
    "pandas objects": lambda rows, _: tell(WHO, pd.DataFrame(rows, dtype=object), key="k").to_list(),
    "pandas nullable": lambda rows, _: tell(WHO, pd.DataFrame(rows).convert_dtypes(), key="k").to_list(),
    "pandas arrow": lambda rows, _: tell(
        WHO, pd.DataFrame(rows).convert_dtypes(dtype_backend="pyarrow"), key="k"
    ).to_list(),
    "pandas categories": lambda rows, _: tell(WHO, pd.DataFrame(rows).astype("category"), key="k").to_list(),
    "polars": lambda rows, _: tell(WHO, pl.DataFrame(rows), key="k").to_list(),
    "polars lazy": lambda rows, _: tell(WHO, pl.DataFrame(rows).lazy(), key="k").collect()["text"].to_list(),
    "arrow": lambda rows, _: tell(WHO, pa.Table.from_pylist(rows), key="k").to_pylist(),
    "arrow dictionary": lambda rows, _: tell(
        WHO, pa.table({"k": pa.array([row["k"] for row in rows]).dictionary_encode()}), key="k"
    ).to_pylist(),
    "duckdb": lambda rows, _: column(tell(WHO, duckdb.from_arrow(pa.Table.from_pylist(rows)), key="k")),
    "csv": lambda rows, folder: told_file(pl.DataFrame(rows), folder, "csv"),
    "parquet": lambda rows, folder: told_file(pl.DataFrame(rows), folder, "parquet"),
}


def text(value):
    return None if value is None else str(value)


def column(relation):
    return [row[0] for row in relation.fetchall()]


@pytest.mark.parametrize("name", COLUMNS)
def test_every_pair_of_kinds_of_rows_chooses_alike(name, tmp_path):
    rows = [{"k": value} for value in COLUMNS[name]]
    found = {kind: tell_all(rows, tmp_path) for kind, tell_all in KINDS.items()}
    for one, other in itertools.combinations(found, 2):
        assert found[one] == found[other], (one, other)


def test_sums_of_the_database_are_keys_like_its_numbers(tmp_path):
    whole = "select k::bigint as k from range(3) as t(k)"
    expected = column(tell(WHO, duckdb.sql(whole), key="k"))
    for kind in ("hugeint", "uhugeint", "utinyint", "decimal(10,2)", "double", "float", "varchar", "bignum"):
        assert column(tell(WHO, duckdb.sql(f"select k::{kind} as k from ({whole})"), key="k")) == expected, kind
    sums = duckdb.sql(f"select sum(k) as k from ({whole}) group by k order by k")
    assert column(tell(WHO, sums, key="k")) == expected
    pq.write_table(sums.to_arrow_table(), tmp_path / "sums.parquet")
    assert told_file(pl.read_parquet(tmp_path / "sums.parquet"), tmp_path, "parquet") == expected


SCALARS = st.booleans() | st.integers(-(2**70), 2**70) | st.dates() | st.datetimes() | st.times() | st.uuids()


@given(SCALARS | st.text(max_size=8))
def test_a_key_and_its_text_are_one_key(value):
    assert key_hash(value) == key_hash(str(value)) < 2**64


@given(st.integers(-(2**40), 2**40), st.integers(0, 6), st.integers(0, 3))
def test_a_decimal_is_the_same_key_however_it_is_written(digits, places, more):
    number = Decimal(digits).scaleb(-places)
    written = f"{number:f}" + ("." if more and "." not in f"{number:f}" else "") + "0" * more
    assert key_hash(number) == key_hash(written) == key_hash(float(number)) == key_hash(Decimal(written))
    assert key_hash(number) == key_hash(repr(float(number)))


FLOATS = st.floats(allow_nan=False) | st.integers(-(2**54), 2**54).map(float) | st.sampled_from([2.0**63, -(2.0**63)])


@given(st.lists(FLOATS | st.none(), min_size=1, max_size=20), st.lists(st.integers(-(2**63), 2**63 - 1) | st.none()))
def test_columns_and_rows_have_the_same_keys(real, whole):
    for values, dtype in ((real, pl.Float64), (whole, pl.Int64)):
        assert _column_keys(pl.Series(values, dtype=dtype)).tolist() == list(map(key_hash, values))


def test_numbers_of_numpy_are_printed_like_any_others():
    grammar = Grammar({"origin": "#a# #b# #c# #d#"})
    row = {"a": np.float64(2.5), "b": np.float32(0.1), "c": np.float16(0.1), "d": np.int8(3)}
    assert tell(grammar, [row]) == tell(grammar, [row] * 300)[:1] == ["2.5 0.1 0.1 3"]
