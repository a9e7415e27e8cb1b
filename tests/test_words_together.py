"""What once was told row by row: each row of a group, fields of structs, escapes that are saved, odd cells."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.markup import escape_anywhere
from coursewright.words import Grammar, MissingValueWarning, NotToldWarning, explain, tell
from coursewright.words.readying import ready
from test_words_properties import FLOATS, SIGNS, mine

pytestmark = pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
WORDS = st.none() | SIGNS | st.sampled_from(["Spa, Belgium", "salt and pepper", "1,234", "a, b", "x,"])
PERSON = st.none() | st.fixed_dictionaries({"name": WORDS, "age": st.none() | st.integers(0, 3)})
ROWS = st.lists(
    st.integers(0, 3).flatmap(
        lambda count: st.fixed_dictionaries(
            {
                "words": st.none() | st.lists(WORDS, min_size=count, max_size=count),
                "numbers": st.lists(st.none() | FLOATS, min_size=count, max_size=count),
                "people": st.lists(PERSON, min_size=count, max_size=count),
                "others": st.none() | st.lists(st.none() | st.integers(0, 2), max_size=2),
                "one": PERSON,
                "text": WORDS,
            }
        )
    ),
    min_size=1,
    max_size=12,
)
SCHEMA = {
    "words": pl.List(pl.String),
    "numbers": pl.List(pl.Float64),
    "people": pl.List(pl.Struct({"name": pl.String, "age": pl.Int64})),
    "others": pl.List(pl.Int64),
    "one": pl.Struct({"name": pl.String, "age": pl.Int64}),
    "text": pl.String,
}
NAMES = st.sampled_from([*SCHEMA, "`one.name`", "`one.age`", "`people.name`", "`people.age`", "`text.none`", "p"])
AFTER = st.sampled_from(["", "", ".list", ".list(or)", ".oxford", ".join", ".join(; )", ".count", ".or(none)", ".upper",
                         ".first", ".distinct", ".join(-).capitalize", ".last.upper", ".distinct.list",
                         ".join.mine"])  # fmt: skip
BEFORE = st.sampled_from(["", "", "", ".distinct", ".upper"])
EACH = st.builds("#{}{}.each({}){}#".format, NAMES, BEFORE, st.sampled_from(["row", "a", "inner"]), AFTER)
PIECES = st.lists(
    st.sampled_from(["word ", ", ", " and ", "\\#", "\\#tag ", "[p:POP]", "[p:\\#x]", "[p:a][p:\\#b, c]", "#p.upper#"])
    | st.builds("#{}{}#".format, NAMES, AFTER)
    | st.builds("[p:#{}{}#]".format, NAMES, AFTER)
    | st.builds("[p:\\##{}#,\\#f]#p#".format, NAMES)
    | st.builds("[?, #{}#]".format, NAMES)
    | EACH
    | st.builds("[p:{}]".format, EACH),
    max_size=3,
).map("".join)
LATER = PIECES | st.builds("{}#{}{}#".format, PIECES, st.sampled_from(["row", "c"]), AFTER)
TESTS = ["`one.age` = 1", "others is missing", "`one.name` is missing or text is missing", "`one.age` > 0"]


def rules_of(pieces):
    texts = st.lists(pieces, min_size=1, max_size=3)
    cases = st.dictionaries(st.sampled_from(TESTS), texts, min_size=1, max_size=2)
    dealt = texts.map(lambda some: {"no repeat": some})
    return texts | dealt | st.builds(lambda some, other: {**some, "otherwise": other}, cases, texts)


GRAMMARS = st.fixed_dictionaries(
    {
        "origin": rules_of(LATER | st.builds("{}#c#{}".format, PIECES, PIECES)),
        "row": rules_of(
            PIECES | st.builds("{}#[p:{}]loop#{}".format, PIECES, st.sampled_from(["x", "#text#"]), PIECES)
        ),
        "loop": st.just(["#row#", "#p#", "#p# and #text#", "[?, #text#]"]),
        "inner": st.just(["#text#: #words.each(row).join#"]),
        "c": rules_of(PIECES),
    },
    optional={"missing": st.sampled_from(["nothing", ["n/a", "\\#none"], "#text#"])},
)


def outcome(work):
    try:
        return work().to_list()
    except CoursewrightError as error:
        return str(error)


@given(GRAMMARS, ROWS, st.integers(0, 3), st.booleans(), st.sampled_from([None, None, escape_anywhere]))
@settings(max_examples=200, deadline=None)
def test_lists_structs_and_saved_escapes_have_the_same_text_on_both_paths(rules, rows, seed, strict, escape):
    grammar = Grammar(rules, modifiers={"mine": mine}, max_length=3000, escape=escape)
    frame = pl.DataFrame(rows, schema=SCHEMA)
    teller = ready(grammar, "origin", frame.columns, seed=seed)
    teller = replace(teller, grammar=replace(grammar, strict=strict))
    if strict:
        try:
            teller = ready(Grammar(rules, strict=True, modifiers={"mine": mine}), "origin", frame.columns, seed=seed)
        except CoursewrightError:
            return
    assert outcome(lambda: teller.write(frame)) == outcome(lambda: replace(teller, columns=None).write(frame))


@pytest.mark.parametrize("value", ["a\\b", "#b#", "[c:d]", "\ufdd4", "\ufdd6"])
def test_what_a_rule_tells_for_a_saved_list_is_data(value):
    rules = {"origin": "[p:x]#p.distinct.each(one)#", "one": "#text#!"}
    frame = pl.DataFrame({"text": [value]})
    teller = ready(Grammar(rules), "origin", frame.columns)
    assert teller.write(frame).to_list() == [f"{value}!"]
    assert replace(teller, columns=None).write(frame).to_list() == [f"{value}!"]


RACE = pl.DataFrame(
    {
        "race": [1, 1, 1, 2, 2, 3],
        "driver": ["HAM", "BOT", "VET", "HAM", "C#", "LEC"],
        "place": [1, 2, None, 1, 2, 1],
        "who": [{"name": name, "age": age} for age, name in enumerate(["Ann", "Bo", "Cy", "Di", "Ed", "Flo"], 1)],
    }
)  # fmt: skip


def told_together(rules, rows, **options):
    """The texts, and that no row was told by itself."""
    taken = explain(Grammar(rules), rows)
    assert (taken.path, taken.reason) == ("columns", "")
    return tell(Grammar(rules), rows, **options).to_list()


@pytest.mark.parametrize(
    ("origin", "one", "texts"),
    [
        ("#driver.each(one)#", "#driver# #place.or(out)#", ["HAM 1, BOT 2 and VET out", "HAM 1 and C# 2", "LEC 1"]),
        (
            "#race#: #place.each(one).join(; )#.",
            "#driver#[? (#place#)]",
            ["1: HAM (1); BOT (2); VET.", "2: HAM (1); C# (2).", "3: LEC (1)."],
        ),
        ("#place.each(one).or(no list)#", "#driver# #place#", ["no list", "HAM 1 and C# 2", "LEC 1"]),
        (
            "#driver.each(one).oxford#",
            "#driver#, #place.or(out)#",
            ["HAM, 1; BOT, 2; and VET, out", "HAM, 1; and C#, 2", "LEC, 1"],
        ),
        ("#`who.name`.list#", "", ["Ann, Bo and Cy", "Di and Ed", "Flo"]),
        ("#who.each(one).join#", "#`who.name`#/#`who.age`#", ["Ann/1 Bo/2 Cy/3", "Di/4 Ed/5", "Flo/6"]),
    ],
)
def test_each_row_of_a_group_is_told_together(origin, one, texts):
    assert told_together({"origin": origin, "one": one}, RACE, by="race") == texts


def test_a_rule_for_each_row_chooses_as_it_does_row_by_row():
    rules = {
        "origin": "#driver.each(one).join#",
        "one": ["#driver# a", "#driver# b", "#deal#"],
        "deal": {"no repeat": ["x", "y"]},
    }
    rows = pl.DataFrame({"group": [number // 7 for number in range(2100)], "driver": [f"d{n}" for n in range(2100)]})
    texts = tell(Grammar(rules), rows, by="group", seed=3)
    alone = [
        tell(Grammar(rules), rows[at : at + 7].to_dicts(), by="group", seed=3, key="group")[0] for at in (0, 7, 14)
    ]
    assert tell(Grammar(rules), rows, by="group", seed=3, key="group")[:3].to_list() == alone
    assert len(set(texts)) == len(texts)


def test_a_list_that_is_not_there_is_missing():
    rows = [{"x": [1, 2]}, {"x": None}, {"x": []}]
    grammar = Grammar({"origin": "#x.each(one).join.or(none)#", "one": "<#x#>"}, strict=True)
    assert tell(grammar, rows) == tell(grammar, pl.DataFrame(rows)).to_list() == ["<1> <2>", "none", "none"]


def test_fields_of_structs_are_told_together():
    rules = {"origin": {"`who.age` > 2": "#`who.name`.upper#", "otherwise": "#`who.name`# and #driver#"}}
    assert told_together(rules, RACE) == ["Ann and HAM", "Bo and BOT", "CY", "DI", "ED", "FLO"]


@pytest.mark.parametrize(
    ("rules", "texts"),
    [
        ({"origin": "#tag.upper# won", "tag": "\\##team#"}, ["#ONE won", "#TWO won"]),
        ({"origin": "[tag:\\##team#]We love #tag#, #tag.capitalize#!"}, ["We love #one, #one!", "We love #two, #two!"]),
        ({"origin": "[a:\\#x][b:#a# #a#]#b#"}, ["#x #x", "#x #x"]),
    ],
)
def test_signs_that_are_saved_or_modified_are_told_together(rules, texts):
    rows = pl.DataFrame({"team": ["one", "two"]})
    assert told_together(rules, rows) == texts
    odd = pl.DataFrame({"team": ["one", "\ufdd6C#"]})
    assert tell(Grammar(rules), odd).to_list() == tell(Grammar(rules), odd.to_dicts())


def test_an_optional_save_is_told_together_and_can_be_forgotten():
    rules = {"origin": "#maybe##who.upper# #who##back#", "maybe": {"place = 1": "[who:#driver#]", "otherwise": ""},
             "back": "[who:POP] (#who#)", "who": "nobody"}  # fmt: skip
    rows = RACE.drop("who")
    texts = told_together(rules, rows)
    assert texts == tell(Grammar(rules), rows.to_dicts())
    assert texts[:2] == ["HAM HAM (nobody)", "NOBODY nobody (((who)))"]


def test_an_odd_cell_costs_its_own_row_alone(monkeypatch):
    rows = pl.DataFrame({"x": ["a", None, "\ufdd6b", "c"] * 1000, "n": ["1", "2", "3", "x"] * 1000})
    grammar = Grammar({"origin": "#x.upper# #n.ordinal#", "missing": "nothing"})
    alone = []
    teller = ready(grammar, "origin", rows.columns)
    told = type(teller).write_one
    monkeypatch.setattr(
        type(teller), "write_one", lambda self, record, *rest: alone.append(record) or told(self, record, *rest)
    )
    assert teller.write(rows)[:4].to_list() == ["A 1st", "nothing 2nd", "\ufdd6B 3rd", "C x((.ordinal))"]
    assert len(alone) == 1000


def test_what_a_modifier_does_not_take_is_told_together_and_counted():
    """Wherever it stands, and only where it is shown: in a saved text that nothing shows, nobody misses it."""
    rules = {
        "origin": "[p:#n.ordinal#][q:#n.ordinal.upper#]#x# #q.s# #one.capitalize#[? (#x.round(1)#)]",
        "one": ["#n.ordinal.upper#", "#n.words#"],
        "missing": "none",
    }
    grammar, rows = Grammar(rules), pl.DataFrame({"x": ["a", "1", None] * 100, "n": ["1", "2", "z"] * 100})
    teller = ready(grammar, "origin", rows.columns)
    alone = replace(teller, columns=None, unfit=[], gaps=[])
    assert teller.write(rows).to_list() == alone.write(rows).to_list()
    first, *_ = teller.unfit
    assert (first.row, sum(one.count for one in teller.unfit)) == ('row 0 (x "a")', 200)
    assert (len(alone.unfit), str(first.why)) == (200, str(alone.unfit[0].why))
    hidden = ready(Grammar({"origin": "[p:#n.ordinal#]#x.or(-)#"}), "origin", rows.columns)
    assert (hidden.write(rows)[0], hidden.write_one({"x": "a", "n": "z"}, 0), hidden.unfit) == ("a", "a", [])


def test_what_a_modifier_does_not_take_after_each_is_never_told_by_a_sign_of_ours():
    rows, rules = pl.DataFrame({"x": [["a", "b"]] * 3}), {"origin": "#x.each(one).join.ordinal#", "one": "<#x#>"}
    with pytest.warns(NotToldWarning, match=r"row 0 .* and 2 more"):
        assert told_together(rules, rows) == ["<a> <b>((.ordinal))"] * 3
    with pytest.raises(CoursewrightError, match=r'ordinal cannot be applied to #x#: "<a> <b>" is not a number: row 0'):
        ready(Grammar(rules, strict=True), "origin", rows.columns).write(rows)


def test_a_row_that_is_told_by_itself_has_the_columns_of_what_is_not_shown():
    """The row path decides the condition in a saved text that nothing shows, too."""
    rules = {"origin": "[p:#r#]#x#", "r": {"n > 1": "#y#", "otherwise": "b"}}
    rows = pl.DataFrame({"x": [*["a"] * 300, None], "n": [1] * 301, "y": ["c"] * 301, "z": [None] * 301})
    teller = ready(Grammar(rules), "origin", rows.columns)
    assert (teller.path, teller.needed) == ("columns", {"x", "n", "y"})
    with pytest.warns(MissingValueWarning, match=r'"x" has no value, .* row 300'):
        assert tell(Grammar(rules), rows)[-2:].to_list() == ["a", ""]


def test_what_only_some_rows_may_not_say_is_refused_for_those():
    grammar = Grammar(
        {"origin": "#maybe#", "maybe": ["#save##who#"], "save": {"place = 1": "[who:x]", "otherwise": ""}}, strict=True
    )
    assert tell(grammar, pl.DataFrame({"place": [1, 1]})).to_list() == ["x", "x"]
    with pytest.raises(CoursewrightError, match='no column or rule called "who"'):
        tell(grammar, pl.DataFrame({"place": [1, 2]}))


def test_gaps_are_counted_beside_odd_rows():
    rows = pl.DataFrame({"x": ["a", None, "\ufdd6b", None]})
    with pytest.warns(MissingValueWarning, match="row 1 and 1 more"):
        assert tell(Grammar({"origin": "#x.upper#"}), rows).to_list() == ["A", "", "\ufdd6B", ""]


LISTS = {"words": ["b", None, "a, b", "b"], "numbers": [2, None, 2, 5], "reals": [1.0, float("nan"), 2.5, -0.0]}
SAID = ["", "list", "list(or)", "oxford", "join", "join(; )", "distinct", "distinct.list.upper", "count", "first",
        "last.words", "total", "total.round(2)", "total.or(none)", "distinct.count.plural(lap)"]  # fmt: skip


@pytest.mark.parametrize("said", SAID)
def test_lists_are_told_together_as_they_are_row_by_row(said):
    values = [LISTS, {name: [] for name in LISTS}, {name: [None] for name in LISTS}, dict.fromkeys(LISTS), LISTS]
    types = {"words": pl.List(pl.String), "numbers": pl.List(pl.Int64), "reals": pl.List(pl.Float64)}
    rows = pl.DataFrame(values, schema=types)
    for name in LISTS:
        teller = ready(Grammar({"origin": f"<#{'.'.join(filter(None, (name, said)))}#>"}), "origin", rows.columns)
        alone = replace(teller, columns=None)
        assert outcome(partial(teller.write, rows)) == outcome(partial(alone.write, rows))


def test_few_rows_are_told_without_a_plan():
    grammar = Grammar({"origin": "#x# #word#", "word": [f"word{number}" for number in range(3000)]})
    rows = pl.DataFrame({"x": range(300)})
    few = ready(grammar, "origin", rows.columns, rows=200)
    assert (few.path, few.reason) == ("rows", "so few rows need no plan")
    assert tell(grammar, rows[:200]).to_list() == tell(grammar, rows)[:200].to_list()
    assert tell(grammar, rows, by="x").to_list() == tell(grammar, rows).to_list()
