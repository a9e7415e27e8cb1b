"""Names of columns in backticks and arguments in quotes: what stands in a tag as it is."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from coursewright.words import Grammar, explain, tell

ROW = {"driver.name": "ann", "a,b: c": "comma", "a#b": "C#", "a b": "x", "[x]": "y", "o": None, "n": 3}
TAGS = {
    "#`driver.name`.upper#": "ANN",
    "#`driver.name`#": "ann",
    "#`a#b`#": "C#",
    "#`a b`.a#": "an x",
    "#`[x]`.upper#": "Y",
    "#[p:1]`driver.name`#": "ann",
    "[p:#`a#b`#]#p#": "C#",
    "[?, #`a#b`#][?, #o#]": ", C#",
    "#`driver.name`.replace('n', \"m\").capitalize#": "Amm",
    "#o.or('n.a., really')#": "n.a., really",
    "[p:#o.or('n.a., really: no')#]#p#": "n.a., really: no",
    "[p:#`a,b: c`.upper#,#`a,b: c`.upper#]#p#": "COMMA",
    "[p:[?#`a,b: c`# ]#o.or('x, y')#]#p#": "comma x, y",
    "[p:it's \\# `a`: b]#p#": "it's # `a`",
    '#o.or("n.a., really").upper#': "N.A., REALLY",
    "#o.or('C# & [x] \\')#": "C# & [x] \\",
    "#o.or('')#!": "!",
    "#r.or('n.a.')#": "n.a.",
    "[p:#o.or('a#b')#]#p.upper#": "A#B",
    "#r.or('a#b').upper#": "A#B",
    "#n.either('one, two', 'more. or')#": "more. or",
    "#`a#b`.replace('#', ' sharp')#": "C sharp",
    "#`a#b`.replace('C', '[').replace('[', '\\#')#": "\\##",
    "#o.or(it's)#": "it's",
    "#o.or(a 'b' c)#": "a 'b' c",
    "#n.replace(3,')#": "'",
    "#`open#": "((`open))",
    "#`a`b#": "((`a`b))",
}


@pytest.mark.parametrize("tag", TAGS)
def test_what_stands_in_quotes_is_taken_as_it_is(tag):
    grammar = Grammar({"origin": tag, "r": "#o#"})
    for rows in ([ROW], pl.DataFrame([ROW]), pd.DataFrame([ROW])):
        assert list(tell(grammar, rows)) == [TAGS[tag]]
    assert explain(grammar, pl.DataFrame([ROW])).path == "columns"
    assert grammar.flatten("#origin#", values=ROW) == TAGS[tag]


def test_names_in_backticks_are_checked():
    grammar = Grammar({"origin": "#`driver.nmae`# #`a#b`.or('x.y').nope#"})
    assert [problem.message for problem in grammar.check(list(ROW))] == [
        'no column or rule called "driver.nmae"',
        'no modifier called "nope"',
    ]


def test_a_condition_and_a_tag_name_a_column_alike():
    rules = {"origin": {"`driver.name` = 'ann' and `a#b` = 'C#'": "#`driver.name`#"}}
    assert tell(Grammar(rules, strict=True), [ROW]) == ["ann"]


NESTED = {"driver": {"name": "ann", "home": {"town": "Bath"}}, "driver.no": 7, "k": 1}


@pytest.mark.parametrize(("rule", "text"), [
    ("#`driver.name`.capitalize# of #`driver.home.town`#", "Ann of Bath"),
    ("#`driver.no`.ordinal#", "7th"),
    ("#`driver.name`##more#", "ann!"),
    ("#`driver.age`.or(unknown)#[?, #`driver.home.street`#]", "unknown"),
])  # fmt: skip
def test_fields_of_structs_are_written_in_backticks(rule, text):
    rules = {"origin": {"`driver.home.town` = 'Bath'": rule}, "more": ["!", "!"]}
    many = [NESTED] * 300
    for rows in ([NESTED], many, pl.DataFrame([NESTED]), pl.DataFrame(many), pl.DataFrame([NESTED]).to_arrow()):
        told = tell(Grammar(rules, strict=True), rows)
        assert (told.to_pylist() if hasattr(told, "to_pylist") else list(told))[0] == text


def test_fields_of_a_group_are_lists():
    rows = [NESTED, {**NESTED, "driver": {"name": "bo", "home": None}}]
    for some in (rows, pl.DataFrame(rows)):
        assert list(tell(Grammar({"origin": "#`driver.name`.capitalize.list#"}, strict=True), some, by="k")) == [
            "Ann and Bo"
        ]


def test_a_field_of_no_struct_is_unknown():
    assert Grammar({"origin": "#`drivr.name`#"}).check(["driver"])[0].message == 'no column or rule called "drivr.name"'
    assert Grammar({"origin": {"`driver.name` = 1": "#`driver.name`#"}}).check(["driver"]) == []
