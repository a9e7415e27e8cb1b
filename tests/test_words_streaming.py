"""From a file of rows to a file with their texts."""

from __future__ import annotations

import re

import duckdb
import polars as pl
import pytest

from coursewright.errors import CoursewrightError
from coursewright.words import Grammar, tell, tell_file, teller

GRAMMAR = Grammar({"origin": "#name# #verb#[? #pos.ordinal#]", "verb": ["took", "had", "held"]})
ROWS = pl.DataFrame({"name": [f"n{number}" for number in range(1000)], "pos": [None, *range(1, 1000)]})


@pytest.mark.parametrize("batch", [7, 100_000])
@pytest.mark.parametrize("suffix", ["parquet", "csv"])
def test_a_file_is_told_as_the_whole_is(tmp_path, monkeypatch, suffix, batch):
    monkeypatch.setattr("coursewright.words.streaming.BATCH", batch)
    source, output = tmp_path / f"rows.{suffix}", tmp_path / f"told.{suffix}"
    getattr(ROWS, f"write_{suffix}")(source)
    assert tell_file(GRAMMAR, source, output, seed=3, key="name", text="story") == 1000
    told = getattr(pl, f"read_{suffix}")(output)
    assert told.drop("story").equals(ROWS)
    assert told["story"].to_list() == tell(GRAMMAR, ROWS, seed=3, key="name").to_list()


def test_batches_do_not_matter_when_rows_are_told_by_position(tmp_path, monkeypatch):
    source = tmp_path / "rows.parquet"
    ROWS.write_parquet(source)
    grammar = Grammar({**GRAMMAR.rules, "verb": {"no repeat": ["took", "had", "held"]}})
    expected = tell(grammar, ROWS).to_list()
    monkeypatch.setattr("coursewright.words.streaming.BATCH", 13)
    tell_file(grammar, source, tmp_path / "told.parquet")
    assert pl.read_parquet(tmp_path / "told.parquet")["text"].to_list() == expected
    monkeypatch.setattr(teller, "BATCH", 17)
    assert tell(grammar, ROWS).to_list() == expected


@pytest.mark.parametrize(
    ("source", "output", "message"),
    [
        ("rows.doc", "told.csv", 'no reader for ".doc" files'),
        ("rows.csv", "told.xls", 'texts are not written to a ".xls" file'),
        ("none.csv", "told.csv", "the rows cannot be read: "),
        ("broken.parquet", "told.csv", "the rows cannot be read: "),
    ],
)
def test_files_that_cannot_be_told(tmp_path, source, output, message):
    ROWS.write_csv(tmp_path / "rows.csv")
    (tmp_path / "broken.parquet").write_text("no parquet")
    (tmp_path / "rows.doc").write_text("no rows")
    with pytest.raises(CoursewrightError) as caught:
        tell_file(GRAMMAR, tmp_path / source, tmp_path / output)
    assert caught.value.problem.message.startswith(message)
    assert str(tmp_path) in str(caught.value.problem.where)


@pytest.mark.parametrize("rows", ["rows.parquet", "rows.jsonl"])
def test_a_list_is_not_written_to_csv(tmp_path, rows):
    frame = pl.DataFrame({"name": ["Jo"], "laps": [[1, 2]]})
    frame.write_parquet(tmp_path / "rows.parquet")
    frame.write_ndjson(tmp_path / "rows.jsonl")
    with pytest.raises(CoursewrightError) as caught:
        tell_file(Grammar({"origin": "#name# led #laps#"}), tmp_path / rows, tmp_path / "told.csv")
    assert re.fullmatch(
        r'error: the column "laps" holds values of the type (large_)?list<.*>, which CSV has no form for\n'
        rf"  --> {re.escape(str(tmp_path / 'told.csv'))}\nhint: write a .parquet file, or leave the column out",
        str(caught.value),
    )
    assert not (tmp_path / "told.csv").exists()
    assert tell_file(Grammar({"origin": "#name# led #laps#"}), tmp_path / rows, tmp_path / "told.parquet") == 1
    assert pl.read_parquet(tmp_path / "told.parquet")["text"].to_list() == ["Jo led 1 and 2"]


def test_a_column_is_never_overwritten(tmp_path):
    ROWS.write_csv(tmp_path / "rows.csv")
    with pytest.raises(CoursewrightError) as caught:
        tell_file(GRAMMAR, tmp_path / "rows.csv", tmp_path / "told.csv", text="name")
    assert str(caught.value) == (
        f'error: there is a column "name" already\n  --> {tmp_path / "rows.csv"}\nhint: name another one for the texts'
    )


def test_dates_of_long_ago_are_told_and_kept(tmp_path):
    source, output = str(tmp_path / "rows.parquet"), str(tmp_path / "told.parquet")
    duckdb.sql("SELECT DATE '0044-03-15 (BC)' AS day").write_parquet(source)
    tell_file(Grammar({"origin": "on #day#"}), source, output)
    told = duckdb.sql(f"SELECT text, day::VARCHAR FROM '{output}'").fetchall()
    assert told == [("on 0044-03-15 (BC)", "0044-03-15 (BC)")]


def test_intervals_are_not_copied_as_their_bytes(tmp_path):
    source = tmp_path / "rows.parquet"
    duckdb.sql("SELECT INTERVAL '3 days' AS age").write_parquet(str(source))
    with pytest.raises(CoursewrightError) as caught:
        tell_file(Grammar({"origin": "#age#"}), source, tmp_path / "told.parquet")
    assert str(caught.value) == (
        f'error: the column "age" holds intervals, which cannot be copied\n  --> {source}\n'
        "hint: make them text or seconds, or leave the column out"
    )


def test_what_is_told_as_a_number_is_copied_as_it_was_written(tmp_path):
    source, output = tmp_path / "rows.csv", tmp_path / "told.csv"
    rows = [f"n{at},{at}.50,0{at},2024-01-01" for at in range(5000)]
    source.write_text("name,price,code,day\n" + "\n".join([*rows, "last,1e+2,x,", ""]))
    grammar = Grammar({"origin": "#name# #price.round(1)# #code# #day.year.or(never)#"})
    tell_file(grammar, source, output)
    told = pl.read_csv(output, infer_schema=False)
    assert told.drop("text").equals(pl.read_csv(source, infer_schema=False))
    assert told["text"][1] == "n1 1.5 01 2024"
    assert told["text"][-1] == "last 100.0 x never"
