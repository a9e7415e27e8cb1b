"""Grammars that lead back to themselves: the same text by levels as by rows."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursewright.errors import CoursewrightError
from coursewright.markup import escape_anywhere
from coursewright.words import Grammar, tell
from coursewright.words.columnar.growing import Growth
from coursewright.words.columnar.parts import NotColumnar
from coursewright.words.readying import ready
from test_words_properties import DTYPES, EDGES, ROWS, TESTS, frame_of, mine

MODIFIERS = ["", "", "", ".capitalize", ".upper", ".a", ".or(empty)", ".nope", ".replace(a,#)", ".ordinal", ".mine"]
KNOWN = ["", "", "", ".capitalize", ".upper.s", ".a", ".or(empty)", ".nope", ".replace(a,b)", ".ordinal", ".first"]
NAMES = st.sampled_from(["a", "b", "c", "c", "origin", *DTYPES])
SAVED = st.sampled_from(["p", "p", "q", "b", "text"])
PIECES = st.lists(
    st.sampled_from(["word ", "x, ", "an apple", "", "#unknown#", "\\#", ". ", "it]"])
    | st.builds("#{}{}#".format, NAMES, st.sampled_from(MODIFIERS)),
    max_size=4,
).map("".join)
INNER = st.lists(
    st.sampled_from(["word ", "an apple", ". ", "y"])
    | st.builds("#{}{}#".format, NAMES | SAVED, st.sampled_from(KNOWN)),
    max_size=2,
).map("".join)
STATEFUL = st.lists(
    st.sampled_from(["word ", "x, ", "b"])
    | st.builds("#{}{}#".format, NAMES, st.sampled_from(KNOWN))
    | st.builds("#{}{}#".format, SAVED, st.sampled_from(KNOWN))
    | st.builds("[{}:{}]".format, SAVED, INNER)
    | st.builds("[{}:{},{}]".format, SAVED, INNER, INNER)
    | st.builds("#[{}:{}]{}{}#".format, SAVED, INNER, NAMES | SAVED, st.sampled_from(KNOWN))
    | st.builds("[{}:POP]".format, SAVED)
    | st.builds("[{}[p:{}]]".format, INNER, INNER)
    | st.builds("{}[?{}{}{}]{}".format, EDGES, EDGES, INNER, EDGES, EDGES)
    | st.builds("{}[?{}#{}#{}]{}[?{}{}[?, {}]]".format, EDGES, EDGES, NAMES, EDGES, EDGES, EDGES, INNER, INNER)
    | st.builds("[?{}[p:{}]#p#][q:[?{}{}]]".format, EDGES, INNER, EDGES, INNER),
    max_size=4,
).map("".join)


def rules_of(pieces):
    texts = st.lists(pieces, min_size=1, max_size=4)
    choices = texts | texts.map(lambda some: {text: number + 0.5 for number, text in enumerate(some)})
    choices |= texts.map(lambda some: {"no repeat": some})
    cases = st.dictionaries(st.sampled_from(TESTS), choices, min_size=1, max_size=2)
    return choices | st.builds(lambda some, other: {**some, "otherwise": other}, cases, choices)


ENDS = st.lists(st.sampled_from(["end", "", "#text#", "#whole.ordinal#"]), min_size=1, max_size=3)
RULES = rules_of(PIECES) | rules_of(STATEFUL)
MISSING = st.sampled_from(
    ["nothing", ["n/a", "unknown"], "#flag# #real#", "[p:gone]none", "#c#", {"no repeat": ["k", "l"]}]
)
GRAMMARS = st.fixed_dictionaries({"origin": RULES, "a": RULES, "b": RULES, "c": ENDS}, optional={"missing": MISSING})


def outcome(work):
    try:
        return work().to_list()
    except CoursewrightError as error:
        return str(error)


@given(GRAMMARS, ROWS, st.integers(0, 3), st.sampled_from([None, escape_anywhere]), st.booleans())
@settings(max_examples=400, deadline=None)
def test_levels_and_rows_give_the_same_text(rules, rows, seed, escape, strict):
    grammar = Grammar(rules, escape=escape, strict=strict, modifiers={"mine": mine}, max_depth=25, max_length=3000)
    frame = frame_of(rows)
    try:
        teller = replace(ready(Grammar(rules), "origin", frame.columns, seed=seed), grammar=grammar, columns=None)
        grown = replace(teller, columns=Growth(grammar, teller.start, frame.columns))
    except (CoursewrightError, NotColumnar):
        return
    assert outcome(lambda: grown.write(frame)) == outcome(lambda: teller.write(frame))


STORY = {
    "origin": "#s.capitalize#.",
    "s": {"#np# #vp#": 3, "#np# #vp#, and #s#": 1},
    "np": ["the #n#", "the #n# that #vp#"],
    "vp": ["saw #np#", "slept", "ran"],
    "n": {"pos = 1": "winner", "otherwise": ["dog", "cat", "#name#"]},
}


def test_a_story_is_told_alike_in_any_batch_and_order():
    rows = pl.DataFrame(
        {"name": [f"n{number}" for number in range(3000)], "pos": [number % 4 for number in range(3000)]}
    )
    teller = ready(Grammar(STORY), "origin", rows.columns, seed=7, key=["name"])
    assert (teller.path, teller.reason) == ("levels", '"np" leads back to itself')
    told = tell(Grammar(STORY), rows, seed=7, key="name")
    assert told.to_list() == replace(teller, columns=None).write(rows).to_list()
    assert tell(Grammar(STORY), rows[::-1], seed=7, key="name").to_list() == told.to_list()[::-1]
    assert teller.write(rows[:10]).to_list() == told[:10].to_list()
    assert "n17" in "".join(told)


def test_a_grammar_without_end_stops_with_the_same_error():
    grammar = Grammar({"origin": ["#origin##origin#", "#origin#."]})
    with pytest.raises(CoursewrightError, match="goes more than 150 rules deep"):
        tell(grammar, pl.DataFrame({"x": range(300)}))


def test_long_texts_are_grown_too():
    grammar = Grammar({"origin": ["#x#, #origin#", "#x#"]}, max_depth=150)
    long = Grammar({"origin": {"#x#, #origin#": 9, "#x#": 1}})
    rows = pl.DataFrame({"x": ["é", None, "z"] * 200})
    for one in (grammar, long):
        teller = ready(one, "origin", ["x"])
        assert teller.path == "levels"
        assert teller.write(rows).to_list() == replace(teller, columns=None).write(rows).to_list()


COMBINED = {
    "saves": {"origin": "[hero:#name#]#s#.", "n": ["dog", "#hero#"]},
    "a save in a rule that leads back": {
        "s": ["#[pal:#n#]two#", "#[pal:#n#]two#, #s#"],
        "two": "#pal# #vp# (#pal.upper#)",
    },
    "one of several that are saved": {"origin": "[hero:#name#,the hero,#n#]#s# #hero#", "n": ["dog", "#hero#"]},
    "saves that are forgotten": {"n": ["dog[pal:#name#]", "#pal#[pal:POP]", "#pal.a#"], "pal": ["nobody", "no one"]},
    "a save made of the one before": {"origin": "[l:start]#s#. #l#", "n": ["dog[l:#l#, dog]", "#name#[l:#l# #name#]"]},
    "what saves itself when it is first told": {"n": ["dog", "#pal#"], "pal": ["[pal:#name#]#name#", "[pal:cat]a cat"]},
    "actions alone": {
        "origin": "[#set#]#s#",
        "set": ["[they:she][them:her]", "[they:he][them:him]"],
        "n": ["#they#", "#them#"],
    },
    "a column that is saved over": {"origin": "[name:#n#]#s#", "n": ["dog[name:POP]", "#name#", "x"]},
    "no repeat": {"n": {"no repeat": ["dog", "cat", "#name#"]}},
    "no repeat that leads back": {
        "s": {"no repeat": ["#np# #vp#", "#n# ran", "#s# and #s#"]},
        "n": {"no repeat": ["dog", "cat"]},
    },
    "no repeat under a condition": {"n": {"pos = 1": {"no repeat": ["dog", "cat"]}, "otherwise": ["cow", "#name#"]}},
    "phrases": {
        "n": ["dog[?, of #team#]", "[?The #team# ]cat[? (#pos#)][?, #team#]", "[?#name# of #team#: [?(#pos#)]]"]
    },
    "a phrase in what is saved": {"origin": "[who:#name#[? of #team#]]#s#", "n": ["#who#", "[?#team# ]dog"]},
    "a rule missing": {"n": ["dog of #team#", "#name#[? of #team#]"], "missing": ["nobody", "#pos#"]},
    "a rule missing that saves": {"n": ["dog of #team#", "#pal# of #team#"], "missing": "[pal:#name#]none"},
    "modifiers over all of them": {
        "s": ["#np.a# #vp#", "#np# #vp# and #s.capitalize#"],
        "n": ["[x:#team.upper#]#x.or(no)#", "dog"],
    },
}


@pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
@pytest.mark.parametrize("named", COMBINED)
def test_what_is_saved_dealt_or_vanishes_is_told_by_levels(named, monkeypatch):
    names = [f"n{number}" if number % 5 else None for number in range(2000)]
    teams = [f"#t{number}" if number % 3 else None for number in range(2000)]
    rows = pl.DataFrame({"name": names, "team": teams, "pos": [number % 4 for number in range(2000)]})
    teller = ready(Grammar({**STORY, **COMBINED[named]}), "origin", rows.columns, seed=3)
    assert teller.path == "levels"
    expected = replace(teller, columns=None).write(rows).to_list()
    alone, told = [], type(teller).write_one
    monkeypatch.setattr(type(teller), "write_one", lambda *given: alone.append(given) or told(*given))
    assert teller.write(rows).to_list() == expected
    assert len(alone) <= 1 + len(rows) // 512  # the first without a text, for the warning, and the last that wait


def test_a_rule_for_each_row_of_a_group_may_lead_back_to_itself():
    rules = {
        "origin": "#name.each(one).join(; )#",
        "one": ["#name#", "#[who:#name#]more#"],
        "more": ["#who# and #one#"],
    }
    rows = pl.DataFrame({"group": [number // 7 for number in range(2100)], "name": [f"n{n}" for n in range(2100)]})
    texts = tell(Grammar(rules), rows, by="group", seed=3, key="group")
    assert texts[:3].to_list() == tell(Grammar(rules), rows[:21].to_dicts(), by="group", seed=3, key="group")
    assert ready(Grammar(rules), "origin", rows.columns).path == "columns"


def test_a_story_that_saves_escapes_is_told_row_by_row_and_both_reasons_are_said():
    grammar = Grammar({"origin": "[tag:\\##x#]#s#", "s": ["#tag# and #s#", "end"]})
    teller = ready(grammar, "origin", ["x"])
    reason = '"s" leads back to itself, and it saves or modifies what may hold an escape'
    assert (teller.path, teller.reason) == ("rows", reason)


def test_more_that_is_forgotten_than_was_saved_stops_a_strict_grammar():
    grammar = Grammar({"origin": ["#origin#[x:POP]", "[x:a]#x#"]}, strict=True)
    with pytest.raises(CoursewrightError, match='nothing is saved as "x" that could be forgotten'):
        tell(grammar, pl.DataFrame({"y": range(300)}))


def test_saved_texts_that_double_stop_with_the_same_error():
    grammar = Grammar({"origin": "[x:ab]" + "[x:#x##x#]" * 22 + "#s#", "s": ["#x#", "#s#."]})
    with pytest.raises(CoursewrightError, match="grows past 1,000,000 characters"):
        tell(grammar, pl.DataFrame({"y": range(300)}))


def test_escapes_count_in_the_length_of_a_text_as_they_do_row_by_row():
    for length in range(6, 12):
        grammar = Grammar({"origin": ["\\#\\#\\#\\#\\#\\##s#", "#s#"], "s": {"x": 1000, "#s#": 1}}, max_length=length)
        rows = pl.DataFrame({"y": range(20)})
        teller = ready(Grammar(grammar.rules), "origin", ["y"])
        grown = replace(teller, grammar=grammar, columns=Growth(grammar, teller.start, ["y"]))
        assert outcome(lambda: grown.write(rows)) == outcome(lambda: replace(grown, columns=None).write(rows))  # noqa: B023 - called at once
