# ruff: noqa: E501 - tables
"""What a missing value means: the same on every path, for every kind of rows and every kind of missing."""

from __future__ import annotations

import datetime
import warnings
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.words import Grammar, MissingValueWarning, explain, tell, tell_file
from coursewright.words.language.unfilled import remarks

IGNORED = pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")

# Rules, and what they say where x is missing and y is "Y"
MEANINGS = {
    "a cell": ({"origin": "#x.or(none)#"}, "none"),
    "a modified cell": ({"origin": "#x.ordinal.or(none)#"}, "none"),
    "a rule": ({"origin": "#r.or(none)#", "r": "#x#"}, "none"),
    "a modified rule": ({"origin": "#r.capitalize.a.or(none)#", "r": "#x.ordinal#"}, "none"),
    "a rule of a rule": ({"origin": "#r.or(none)#", "r": "#q.s#", "q": ["#x#"]}, "none"),
    "a rule with words": ({"origin": "#r.or(none)#", "r": "came #x#"}, ""),
    "a rule with words, modified": ({"origin": "#y#: #r.upper.or(none)#", "r": "came #x#"}, ""),
    "two cells": ({"origin": "#r.or(none)#", "r": "#x##x#"}, "none"),
    "a cell beside another": ({"origin": "#r.or(none)#", "r": "#x##y#"}, ""),
    "an empty rule": ({"origin": "#r.or(none)#", "r": ""}, ""),
    "saved": ({"origin": "#[p:#x#]r#", "r": "#p.or(none)#"}, "none"),
    "saved and modified": ({"origin": "#[p:#x.ordinal#]r#", "r": "#p.a.s.ed.capitalize.or(none)#"}, "none"),
    "saved twice": ({"origin": "[p:#x#][q:#p#]#q.or(none)#"}, "none"),
    "saved among others": ({"origin": "[p:#x#,#x#]#p.or(none)#"}, "none"),
    "saved, then made": ({"origin": "[p:#x.or(none)#]#p.upper#"}, "NONE"),
    "the rule missing": ({"origin": "#x#", "missing": "?"}, "?"),
    "the rule missing is not modified": ({"origin": "#x.upper# #r.upper#", "r": "#x#", "missing": "unknown"}, "unknown unknown"),
    "or before the rule missing": ({"origin": "#r.or(none)#", "r": "#x#", "missing": "?"}, "none"),
    "a phrase before the rule missing": ({"origin": "#y#[? (#x#)]", "missing": "?"}, "Y"),
    "missing in a rule that is modified": ({"origin": "#r.upper#", "r": "is #x#", "missing": "lost"}, "IS LOST"),
    "missing said of saved": ({"origin": "[p:#x#]#p#", "missing": ["?"]}, "?"),
    "either": ({"origin": "#x.either(was,were).or(none)#"}, "none"),
    "plural": ({"origin": "#x.plural(lap).or(none)#"}, "none"),
    "a list": ({"origin": "#x.list.or(none)#"}, "none"),
    "each and join": ({"origin": "#x.join(; ).or(none)#"}, "none"),
    "an unknown modifier": ({"origin": "#x.nope#"}, "((.nope))"),
    "an unknown modifier of a rule": ({"origin": "#r.nope.or(none)#", "r": "#x#"}, "((.nope))"),
    "a condition": ({"origin": {"x is missing": "none", "otherwise": "#x#"}}, "none"),
    "a phrase": ({"origin": "#y#[?, #x#]."}, "Y."),
    "a phrase with a rule": ({"origin": "#y#[?, #r#].", "r": "in #x#"}, "Y."),
    "a phrase with a modified rule": ({"origin": "#y#[?, #r.capitalize#].", "r": "in #x#"}, "Y."),
    "a phrase with what is saved": ({"origin": "[p:#x#]#y#[?, #p#]."}, "Y."),
    "a phrase with what stands for it": ({"origin": "#y#[?, #x.or(none)#]."}, "Y, none."),
    "a phrase in a phrase": ({"origin": "#y#[?, #y#[? by #x#]]."}, "Y, Y."),
    "a phrase around a phrase": ({"origin": "#y#[?, #x#[? by #y#]]."}, "Y."),
    "a phrase that is saved": ({"origin": "[p:#y#[?, at: #x#]]#p#."}, "Y."),
    "a phrase that is kept and saved": ({"origin": "[p:#y#[?, at: #y#, #y#]]#p#."}, "Y, at: Y, Y."),
    "a phrase that is modified": ({"origin": "#r.upper#", "r": "a[? #x#]b"}, "AB"),
    "a phrase that saves": ({"origin": "[?[p:kept]#x#]#p#"}, "kept"),
    "a phrase under a choice": ({"origin": "#r#", "r": ["#y#[? #x#]", "#y#[?, #x#]"]}, "Y"),
    "signs in a phrase": ({"origin": "[?\\[#y#\\] \\#1, a: b]"}, "[Y] #1, a: b"),
    "a question mark after an action": ({"origin": "[p:#y#]? #p#"}, "? Y"),
    "a phrase without a value": ({"origin": "[?always]"}, "always"),
}  # fmt: skip


def kinds_of(rows):
    """The same rows in every kind."""
    frame = pl.DataFrame(rows, schema={"x": pl.Int64, "y": pl.String}, infer_schema_length=None)
    return {
        "mappings": rows,
        "many mappings": rows * 201,
        "polars": frame,
        "pandas": frame.to_pandas(),
        "pandas of objects": pd.DataFrame(rows, dtype=object),
        "arrow": frame.to_arrow(),
        "arrow batch": frame.to_arrow().to_batches()[0],
        "duckdb": duckdb.from_arrow(frame.to_arrow()),
    }


def texts_of(told):
    return (
        [row[0] for row in told.fetchall()]
        if hasattr(told, "fetchall")
        else getattr(told, "to_pylist", lambda: [*told])()
    )


@IGNORED
@pytest.mark.parametrize("name", MEANINGS)
def test_a_missing_value_means_the_same_whichever_way_the_rows_come(name, tmp_path):
    rules, text = MEANINGS[name]
    grammar = Grammar(rules)
    rows = [{"x": None, "y": "Y"}]
    found = {kind: texts_of(tell(grammar, some))[0] for kind, some in kinds_of(rows).items()}
    found["flatten"] = grammar.flatten("#origin#", values=rows[0])
    found["explain"] = explain(grammar, rows).text
    found["explain a frame"] = explain(grammar, kinds_of(rows)["polars"]).text
    kinds_of(rows)["polars"].write_parquet(tmp_path / "rows.parquet")
    tell_file(grammar, tmp_path / "rows.parquet", tmp_path / "told.parquet")
    found["file"] = pl.read_parquet(tmp_path / "told.parquet")["text"][0]
    assert found == dict.fromkeys(found, text)


def test_almost_everything_that_is_missing_is_told_by_columns():
    by_rows = {name for name, (rules, _) in MEANINGS.items() if explain(Grammar({**rules, "origin": {"y = 'n'": "", "otherwise": rules["origin"]}}), pl.DataFrame({"x": [1], "y": ["n"]})).path == "rows"}  # fmt: skip
    assert by_rows == set()


NONE = [None, float("nan"), np.nan, pd.NA, pd.NaT, Decimal("NaN"), Decimal("sNaN"), np.datetime64("NaT"), np.timedelta64("NaT"),
        np.float32("nan"), [], [None], [float("nan"), pd.NA], {}, {"a": None}]  # fmt: skip


@pytest.mark.parametrize("value", NONE, ids=repr)
def test_every_kind_of_missing_is_missing(value):
    grammar = Grammar(
        {"origin": ["#x.or(none)#|#r.or(none)#|#y#[?, #x#]|#c#"], "r": "#x.upper#", "c": {"x is missing": "c"}},
        strict=True,
    )
    assert tell(grammar, [{"x": value, "y": 1}]) == ["none|none|1|c"]
    assert grammar.flatten("#origin#", values={"x": value, "y": 1}) == "none|none|1|c"


FRAMES = {
    "pandas float": pd.DataFrame({"x": [np.nan, 1.5]}),
    "pandas Int64": pd.DataFrame({"x": pd.array([None, 1], dtype="Int64")}),
    "pandas Float64": pd.DataFrame({"x": pd.array([None, 1.5], dtype="Float64")}),
    "pandas boolean": pd.DataFrame({"x": pd.array([None, True], dtype="boolean")}),
    "pandas string": pd.DataFrame({"x": pd.array([None, "a"], dtype="string")}),
    "pandas object": pd.DataFrame({"x": np.array([pd.NA, "a"], dtype=object)}),
    "pandas several types": pd.DataFrame({"x": np.array([pd.NaT, "a", 3], dtype=object)}),
    "pandas category": pd.DataFrame({"x": pd.Categorical([None, "a"])}),
    "pandas datetime": pd.DataFrame({"x": [pd.NaT, pd.Timestamp("2018-04-08")]}),
    "pandas timedelta": pd.DataFrame({"x": [pd.NaT, pd.Timedelta("1s")]}),
    "polars null": pl.DataFrame({"x": [None]}),
    "polars int": pl.DataFrame({"x": [None, 1]}),
    "polars many ints": pl.DataFrame({"x": [None, *range(500)]}),
    "polars float": pl.DataFrame({"x": [float("nan"), 1.5]}),
    "polars float32": pl.DataFrame({"x": pl.Series([float("nan"), 1.5], dtype=pl.Float32)}),
    "polars categorical": pl.DataFrame({"x": pl.Series([None, "a"], dtype=pl.Categorical)}),
    "polars decimal": pl.DataFrame({"x": pl.Series([None, Decimal("1.50")])}),
    "polars date": pl.DataFrame({"x": [None, datetime.date(2018, 4, 8)]}),
    "polars duration": pl.DataFrame({"x": [None, datetime.timedelta(seconds=1)]}),
    "polars list": pl.DataFrame({"x": [[None], [1, None]]}),
    "polars empty list": pl.DataFrame({"x": [[], [1]]}),
    "polars list of floats": pl.DataFrame({"x": [[float("nan")], [1.5]]}),
    "polars struct": pl.DataFrame({"x": [{"a": None}, {"a": 1}]}, schema={"x": pl.Struct({"a": pl.Int64})}),
    "arrow null": pa.table({"x": pa.nulls(1)}),
    "arrow dictionary": pa.table({"x": pa.array([None, "a"]).dictionary_encode()}),
    "arrow decimal": pa.table({"x": pa.array([None, Decimal("1.5")])}),
}


@pytest.mark.parametrize("kind", FRAMES)
def test_every_kind_of_frame_has_missing_values(kind):
    rules = {"origin": "#x.or(none)#|#r.or(none)#|[?#x#, ]the[? #r#]|#c#", "r": "#x#", "c": {"x is missing": "c"}}
    assert texts_of(tell(Grammar(rules, strict=True), FRAMES[kind]))[0] == "none|none|the|c"


@IGNORED
def test_missing_values_in_groups():
    rules = {
        "origin": "#k#: #x.or(none)#, #x.count#, #x.most.or(none)#, #x.total.or(none)#[?, #x.list#], #x.each(one).join(/)#",
        "one": "#x.or(-)#",
    }
    rows = [{"k": "a", "x": None}, {"k": "b", "x": None}, {"k": "a", "x": None}, {"k": "b", "x": 2}]
    told = ["a: none, 0, none, none, -/-", "b: 2, 1, 2, 2, 2, -/2"]
    for some in kinds_of([{"x": row["x"], "y": row["k"]} for row in rows]).values():
        if not (isinstance(some, list) and len(some) > len(rows)):
            grammar = Grammar({**rules, "origin": rules["origin"].replace("#k#", "#y#")})
            assert texts_of(tell(grammar, some, by="y")) == told


# What stands around a phrase closes up

CLOSING = {
    "Ann[?, in #x#]": "Ann",
    "Ann [?in #x# ]won": "Ann won",
    "Ann [?in #x#] won": "Ann won",
    "Ann[? in #x# ]won": "Ann won",
    "Ann won [?in #x#].": "Ann won.",
    "Ann won, [?in #x#].": "Ann won.",
    "Ann won, [?in #x#], today": "Ann won, today",
    "Ann won – [?in #x#].": "Ann won.",
    "Ann ([?#x#]) won": "Ann won",
    "Ann ([?#x#]).": "Ann.",
    "Ann (she[?, #x#]) won": "Ann (she) won",
    "Ann ([?#x#, ]she) won": "Ann (she) won",
    "“[?#x#]” Ann": "Ann",
    "Ann won. [?In #x#, ]the gap grew.": "Ann won. The gap grew.",
    "[?In #x#, ]the gap grew.": "The gap grew.",
    "[?In #x#], the gap grew.": "The gap grew.",
    "[?In #x#,] the gap grew.": "The gap grew.",
    "[?in #x#, ]the gap grew.": "the gap grew.",
    "[?#x.capitalize#, ]the gap grew.": "The gap grew.",
    "[?#x#, ]the gap grew.": "the gap grew.",
    "[?In #x#, ][?at #x#, ]the gap grew.": "The gap grew.",
    "[?In #x#, ][?at #y#, ]the gap grew.": "At Y, the gap grew.",
    "[?In #x#, ]#y# grew.": "Y grew.",
    "[?In #x#, ]école": "École",
    "approx. [?#x# ]laps": "approx. laps",
    "Ann won. [?She led #x#.] Bo lost.": "Ann won. Bo lost.",
    "Ann won.[? She led #x#.] Bo lost.": "Ann won. Bo lost.",
    "Ann won. [?She led #x#].": "Ann won.",
    "Ann won! [?She led #x#]. Bo": "Ann won! Bo",
    "[?#x#].": "",
    "[?#x#]": "",
    "[?, in #x#] today": " today",
    "Ann won\n[?In #x#, ]the gap": "Ann won\nThe gap",
    "Ann[?, #x#][?, #x#][?; #x#].": "Ann.",
    "Ann[?, #x#][?, #y#][?; #x#].": "Ann, Y.",
    "Ann[?, #x#], [?#x#, ]Bo": "Ann, Bo",
    "a[?1#x#]b[?2#x#]c[?3#x#]d[?4#x#]e[?5#x#]f[?6#x#]g": "abcdefg",
    "#y#[? #x#] #y#": "Y Y",
    "#y# [?#x#] #y#": "Y Y",
    "#y#, [?#x#], #y#": "Y, Y",
    "#sign# [?#x#]. #sign#": ".,. .,",
    "[p:1]Ann[?, #x#][q:2].": "Ann.",
}  # fmt: skip


@pytest.mark.parametrize("rule", CLOSING)
def test_what_stands_around_a_phrase_closes_up(rule):
    grammar = Grammar({"origin": rule}, strict=True)
    row = {"x": None, "y": "Y", "sign": ".,"}
    schema = {"x": pl.Int64, "y": pl.String, "sign": pl.String}
    assert tell(grammar, [row]) == tell(grammar, pl.DataFrame([row], schema=schema)).to_list() == [CLOSING[rule]]
    assert explain(grammar, pl.DataFrame([row], schema=schema)).path == "columns"


@pytest.mark.parametrize("rule", CLOSING)
def test_phrases_that_stay_are_told_as_if_there_were_no_brackets(rule):
    plain = rule.replace("[?", "").replace("[p:1]", "").replace("[q:2]", "").replace("]", "")
    row = {"x": "X", "y": "Y", "sign": ".,"}
    assert tell(Grammar({"origin": rule}), [row]) == tell(Grammar({"origin": plain}), [row])


SIGNS = st.text(alphabet=" ,.;:!?()–ab\nA", max_size=6)


@given(
    st.lists(st.tuples(SIGNS, SIGNS, SIGNS), min_size=1, max_size=4),
    SIGNS,
    st.text(alphabet=" ,.;:()–aÉ", max_size=5),
    st.data(),
)
@settings(max_examples=200)
def test_data_stands_as_it_is_and_nothing_else_is_lost(pieces, last, value, data):
    gone = [data.draw(st.booleans()) for _ in pieces]
    rule = "".join(f"{before}<#v#>[?{start}#x{at}#{end}]" for at, (before, start, end) in enumerate(pieces)) + last
    row = {"v": value, **{f"x{at}": None if missing else value for at, missing in enumerate(gone)}}
    text = tell(Grammar({"origin": rule}, strict=True), [row])[0]
    assert text.count(f"<{value}>") == len(pieces)
    letters = (
        "".join(
            before + (start + end if not missing else "")
            for (before, start, end), missing in zip(pieces, gone, strict=True)
        )
        + last
    )
    kept = text.replace(f"<{value}>", "")
    for missing in gone:
        kept = kept if missing else kept.replace(value, "", 1)
    assert len([c for c in kept if c.isalpha()]) >= len([c for c in letters if c.isalpha()]) - value.count(
        "a"
    ) - value.count("É")


# A gap is never silent

SHARED = {
    "origin": {
        "shared": "#driver# shared the car in #position.ordinal# place.",
        "otherwise": "#driver# came #position.ordinal#.",
    }
}
REMEDY = (
    "hint: write #position.or(…)#, or a phrase that goes with it: [?… #position# …], or a condition: position is missing, "
    'or a rule called "missing"'
)
ROWS = [{"driver": "Bo", "position": 4, "shared": False}, {"driver": "Ann", "position": None, "shared": True},
        {"driver": "Cy", "position": None, "shared": True}]  # fmt: skip


@pytest.mark.parametrize("many", [1, 100])
def test_a_strict_grammar_stops_at_a_gap_and_names_the_row(many):
    grammar = Grammar(SHARED, strict=True)
    for rows in (ROWS * many, pl.DataFrame(ROWS * many), pd.DataFrame(ROWS * many)):
        with pytest.raises(CoursewrightError) as caught:
            tell(grammar, rows, key="driver")
        assert str(caught.value) == (
            'error: "position" has no value, and nothing stands for it: row 1 (driver "Ann")\n  --> grammar, rule origin\n'
            + REMEDY
        )


@pytest.mark.parametrize(
    "rows",
    [ROWS, ROWS * 201, pl.DataFrame(ROWS), pd.DataFrame(ROWS).to_dict("records")],
    ids=["few", "many", "frame", "records"],
)
def test_any_other_grammar_warns_of_a_gap_and_names_the_row(rows):
    with pytest.warns(MissingValueWarning) as caught:
        told = tell(Grammar(SHARED), rows)
    assert list(told)[1] == ""
    more = len(rows) // 3 * 2 - 1
    assert [str(one.message) for one in caught] == [
        f'"position" has no value, and nothing stands for it, so there is no text: row 1 (driver "Ann") and {more} more\n  --> grammar, rule origin\n{REMEDY}'
    ]
    assert caught[0].filename == __file__


@pytest.mark.parametrize("rules", [
    {"origin": "[p:#x#]#p#"}, {"origin": "#r.upper#", "r": "is #x#"}, {"origin": "[p:is #x#]#p.upper#"}, {"origin": "#r#", "r": ["#x#"]},
    {"origin": "#x.list#"}, {"origin": "#x#", "missing": "#x#"},
])  # fmt: skip
def test_a_gap_is_found_behind_rules_saves_and_modifiers(rules):
    for rows in ([{"x": None}], pl.DataFrame({"x": [None]})):
        with pytest.raises(CoursewrightError, match='"x" has no value, and nothing stands for it: row 0'):
            tell(Grammar(rules, strict=True), rows)
        with pytest.warns(MissingValueWarning):
            assert list(tell(Grammar(rules), rows)) == [""]
    with pytest.warns(MissingValueWarning, match='"x" has no value, and nothing stands for it, so there is no text\n'):
        Grammar(rules).flatten("#origin#", values={"x": None})


def test_a_gap_in_the_text_of_a_row_of_a_group_is_one_in_the_text_of_the_group():
    rows = [{"team": "M", "code": "HAM", "pos": 1}, {"team": "M", "code": "BOT", "pos": None}]
    grammar = {"line": "#code# came #pos.ordinal#"}
    for kind in (rows, rows * 101, pl.DataFrame(rows)):
        told = {**grammar, "origin": "#team#: #code.each(line).list#."}
        with pytest.warns(MissingValueWarning, match='"pos" has no value, and nothing stands for it, so there is no'):
            assert list(tell(Grammar(told), kind, by="team")) == [""]
        with pytest.raises(CoursewrightError, match='"pos" has no value, and nothing stands for it: row 0'):
            tell(Grammar(told, strict=True), kind, by="team")
        for origin in ("#team#[?: #code.each(line).list#].", "#team##code.each(line).list.replace(a,b).or(x)#."):
            assert list(tell(Grammar({**grammar, "origin": origin}, strict=True), kind, by="team")) in (["M."], ["Mx."])


def test_nobody_is_warned_of_a_gap_that_is_not_shown():
    rules = {"origin": "[p:#x#]#y#[?, #p#]", "missing": "?"}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert tell(Grammar(rules), [{"x": None, "y": 1}]) == ["1"]


def test_a_phrase_in_a_tag_is_an_error():
    grammar = Grammar({"origin": "#[?a]x#"}, strict=True)
    with pytest.raises(CoursewrightError) as caught:
        tell(grammar, [{"x": 1}])
    assert str(caught.value) == (
        'error: the tag "#[?a]x#" has a phrase in it\n  --> grammar, rule origin\nhint: put the phrase around the tag: [? … #symbol# …]'
    )


def test_symbols_in_phrases_are_checked():
    assert [
        problem.message for problem in Grammar({"origin": "[?in #tme#[? or #pos.nope#]]"}).check(["time", "pos"])
    ] == [
        'no column or rule called "tme"',
        'no modifier called "nope"',
    ]
    assert "cannot be read: unclosed tag" in Grammar({"origin": "[?in #time]"}).check()[0].message


UNFILLED = {
    "a cell": ({"origin": "came #x.ordinal#"}, ["origin"]),
    "a rule further down": ({"origin": "#a#", "a": ["#b# #y#"], "b": "#x#"}, ["b"]),
    "each": ({"origin": "#y.each(one)#", "one": "#x#"}, ["one"]),
    "each, told before": ({"origin": "#y.each(one)# #one#", "one": "#x.or(none)##a#", "a": "#x#"}, ["a"]),
    "saved": ({"origin": "[p:#x#]#p.or(none)#"}, []),
    "saved and told": ({"origin": "[p:#x#]#p#"}, ["p"]),
    "saved with a rule": ({"origin": "[p:#a#]#b#", "a": "#x#", "b": "#p#"}, ["a"]),
    "another case": ({"origin": {"y = 1": "#x#", "x = 1": "#x#", "otherwise": "#x#"}}, ["origin"]),
    "told twice": ({"origin": {"x = 1": "#a#", "otherwise": "#b#"}, "a": "#c#", "b": "#c#", "c": "#x#"}, []),
    "or": ({"origin": "#x.or(none)# #a.or(none)#", "a": "#x#"}, []),
    "a phrase": ({"origin": "#y#[?, #x#]"}, []),
    "a condition": ({"origin": {"x is missing": "none", "otherwise": "#a#"}, "a": "#x#"}, []),
    "the rule missing": ({"origin": "#x#", "missing": "none"}, []),
    "a column without any": ({"origin": "#y#"}, []),
    "a rule that is never told": ({"origin": "#y#", "a": "#x#"}, []),
}


@pytest.mark.parametrize("name", UNFILLED)
def test_check_finds_columns_with_missing_values_of_which_nothing_is_said(name):
    rules, where = UNFILLED[name]
    problems = [
        problem for problem in Grammar(rules).check(["x", "y"], missing=["x"]) if problem.rule == "missing-value"
    ]
    assert [problem.where.part.removeprefix("rule ") for problem in problems] == where


def test_check_knows_what_is_missing_in_groups_from_what_is_missing_in_their_rows():
    rules = {"origin": "#team#: #code# #pos# #code.each(line)#", "line": "#pos#"}

    def found(missing, each):
        problems = Grammar(rules).check(["team", "code", "pos"], missing=missing, each=each)
        return [str(problem.where) for problem in problems if problem.rule == "missing-value"]

    assert found([], ["pos"]) == ["grammar, rule line"]
    assert found(["pos"], ["pos"]) == ["grammar, rule origin", "grammar, rule line"]
    assert found(["code"], []) == ["grammar, rule origin"]


EMPTIED = {
    "a tag": ({"origin": "#a#", "a": "in #x#"}, ["a"]),
    "a tag with or": ({"origin": "#x.or(none)#", "missing": "none"}, ["origin"]),
    "a phrase": ({"origin": "#y#[?, in #x#]"}, ["origin"]),
    "a condition": ({"origin": {'x = ""': "#y#", "otherwise": "#a#"}, "a": "#x#"}, []),
    "another column": ({"origin": "#y#"}, []),
}


@pytest.mark.parametrize("name", EMPTIED)
def test_columns_with_empty_texts_are_remarked_on(name):
    rules, where = EMPTIED[name]
    hint = 'read them as missing: missing = [""], or write a condition: x = ""'
    found = remarks(Grammar(rules), [], empty={"x"})
    texts = {rule: rules[rule] for rule in where}
    assert found == [
        f'grammar, rule {rule}: the column "x" has empty texts, which are not missing values, in "{text}"; {hint}'
        for rule, text in texts.items()
    ]


def test_what_check_says_of_such_a_column():
    problem = Grammar(SHARED).check(["driver", "position", "shared"], missing=["position"])[0]
    assert str(problem) == (
        'error: the column "position" has missing values, and nothing stands for them in "#driver# shared the car in '
        '#position.ordinal# place."\n  --> grammar, rule origin\n' + REMEDY
    )


@IGNORED
@pytest.mark.parametrize("value", [[], [None], [float("nan")], [[None]]], ids=repr)
def test_a_list_of_missing_values_is_a_list_however_the_rows_come(value):
    grammar = Grammar({"origin": "#x.count#, #x.agree(was)#, #x.either(one,many)#, #x.or(none)#"})
    rows = [{"x": value}]
    kinds = [rows, rows * 201, pd.DataFrame(rows), pl.DataFrame({"x": pl.Series([value], dtype=pl.Object)})]
    assert [next(iter(tell(grammar, kind))) for kind in kinds] == ["0, were, many, none"] * len(kinds)
    assert grammar.flatten("#origin#", values=rows[0]) == "0, were, many, none"


@pytest.mark.parametrize("value", [None, float("nan"), pd.NA, pd.NaT, Decimal("NaN"), {}], ids=repr)
def test_each_of_a_missing_value_is_missing_however_the_rows_come(value):
    grammar = Grammar({"origin": "#x.each(one).or(none)#", "one": "#y#"}, strict=True)
    rows = [{"x": value, "y": "Y"}]
    kinds = [rows, rows * 201, pd.DataFrame(rows, dtype=object)]
    kinds += [pl.DataFrame({"x": pl.Series([value], dtype=pl.Object), "y": ["Y"]})]
    assert [next(iter(tell(grammar, kind))) for kind in kinds] == ["none"] * len(kinds)
    assert grammar.flatten("#origin#", values=rows[0]) == "none"
