"""Names of columns in backticks and arguments in quotes: what stands in a tag as it is."""

from __future__ import annotations

import re

import pandas as pd
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.words import Grammar, explain, tell
from coursewright.words.language.scan import Action, Modifier, Tag, read
from coursewright.words.language.unfilled import unfilled

ROW = {"driver.name": "ann", "a,b: c": "comma", "a#b": "C#", "a b": "x", "[x]": "y", "c] d": "open", "o": None, "n": 3}
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
    "[p:#o.or('a] b')#]#p#": "a] b",
    "[p:#o.or('a# b')#,#o.or('a# b')#]#p#": "a# b",
    "[p:#`a#b`.replace('#', '] [')#]#p#": "C] [",
    "#[p:#o.or(']')#[?,#`c] d`#]]p#": "],open",
    "[?#o##[p:#o.or('[')#]p#]#o.or(')')#": ")",
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


SIGNS = st.text(alphabet="#[](),.:?'\"`\\a ", min_size=1, max_size=6)
NAMES = SIGNS.filter(lambda name: "`" not in name)
ARGUMENTS = SIGNS.filter(lambda text: not {"'", '"'} <= set(text))


def in_quotes(argument):
    return f'"{argument}"' if "'" in argument else f"'{argument}'"


def in_action(text, nth=0):
    (action,) = (part for part in read(text).parts if isinstance(part, Action))
    return action.rules[nth] if action.rules else action.target


# Where a tag may stand, and how the text is found again that begins with it.
PLACES = {
    "{}": lambda text: text,
    "a, [?, {}]": lambda text: read(text).parts[1].phrases[0].rule.text[2:],
    "[p:{},b]#p#": in_action,
    "[{}]": in_action,
    "[p:b,[?{}: c]]#p#": lambda text: read(in_action(text, 1)).parts[0].phrases[0].rule.text,
    "#[p:b,{}]p.upper#": lambda text: read(text).parts[0].actions[0].rules[1],
    "[p:#[{}]q#]#p#": lambda text: read(in_action(text)).parts[0].actions[0].target,
}


@pytest.mark.parametrize("place", PLACES)
@given(NAMES, ARGUMENTS, ARGUMENTS)
def test_what_is_written_in_quotes_is_read_as_it_was_wherever_the_tag_stands(place, name, one, other):
    tag = f"#`{name}`.or({in_quotes(one)}).either({in_quotes(other)}, {in_quotes(one)})#"
    found = read(PLACES[place](place.format(tag))).parts[0]
    assert isinstance(found, Tag)
    assert (found.symbol, found.problem) == (name, "")
    assert found.modifiers == (Modifier("or", (one,)), Modifier("either", (other, one)))


@pytest.mark.parametrize("name", ["a.b", "a] b", "#", "[?x]", "upper"])
def test_a_rule_with_signs_in_its_name_is_told_for_each_row_of_a_group(name):
    rules = {"origin": f"#t.each('{name}').list#", name: "<#t#>"}
    rows = [{"t": "a", "k": 1}, {"t": "b", "k": 1}]
    for some in (rows, pl.DataFrame(rows)):
        assert list(tell(Grammar(rules, strict=True), some, by="k")) == ["<a> and <b>"]
        assert list(tell(Grammar(rules, strict=True), some, rule=name)) == ["<a>", "<b>"]


@given(NAMES | st.sampled_from(["pos", "or", "Not", "2nd", "a b", "é", " pos"]))
def test_remedies_name_columns_as_they_can_be_written(name):
    (problem,) = unfilled(Grammar({"origin": f"#`{name}`#"}), [name], ["origin"])
    tag = re.search(r"write #(.*)\.or\(…\)#, or a", problem.hint)[1]
    condition = re.search(r"or a condition: (.*), or a rule", problem.hint)[1]
    assert list(tell(Grammar({"origin": f"#{tag}#"}), [{name: "told"}])) == ["told"]
    assert list(tell(Grammar({"origin": {condition: "none"}}), [{name: None}])) == ["none"]


@given(NAMES, ARGUMENTS)
def test_what_stands_in_quotes_is_told_as_it_is_wherever_the_tag_stands(name, argument):
    rules = {
        "origin": f"[p:#`{name}`.or({in_quotes(argument)})#]#p#[?-#`{name}`#]-"
        f"[q:[?#`{name}`#]#o.or({in_quotes(argument)})#]#q#"
    }
    rows = [{name: None, "o": None}, {name: "[x] #y#", "o": None}]
    expected = [f"{argument}-{argument}", f"[x] #y#-[x] #y#-[x] #y#{argument}"]
    for some in (rows, pl.DataFrame(rows, schema={name: pl.String, "o": pl.String})):
        assert list(tell(Grammar(rules, strict=True), some)) == expected
