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
from coursewright.words.growing import Growth
from coursewright.words.parts import NotColumnar
from coursewright.words.telling import ready
from test_words_properties import DTYPES, ROWS, TESTS, frame_of, mine

MODIFIERS = ["", "", "", ".capitalize", ".upper", ".a", ".or(empty)", ".nope", ".replace(a,#)", ".ordinal", ".mine"]
NAMES = st.sampled_from(["a", "b", "c", "c", "origin", *DTYPES])
PIECES = st.lists(
    st.sampled_from(["word ", "x, ", "an apple", "", "#unknown#", "\\#", ". ", "it]"])
    | st.builds("#{}{}#".format, NAMES, st.sampled_from(MODIFIERS)),
    max_size=4,
).map("".join)
TEXTS = st.lists(PIECES, min_size=1, max_size=4)
CHOICES = TEXTS | TEXTS.map(lambda texts: {text: number + 0.5 for number, text in enumerate(texts)})
RULES = CHOICES | st.builds(
    lambda cases, other: {**cases, "otherwise": other},
    st.dictionaries(st.sampled_from(TESTS), CHOICES, min_size=1, max_size=2),
    CHOICES,
)
ENDS = st.lists(st.sampled_from(["end", "", "#text#", "#whole.ordinal#"]), min_size=1, max_size=3)
GRAMMARS = st.fixed_dictionaries({"origin": RULES, "a": RULES, "b": RULES, "c": ENDS})


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


def test_a_story_that_saves_is_told_row_by_row_and_both_reasons_are_said():
    grammar = Grammar({"origin": "[hero:#x#]#s#", "s": ["#hero# and #s#", "end"]})
    teller = ready(grammar, "origin", ["x"])
    reason = '"s" leads back to itself, and it saves something, or has phrases that may vanish'
    assert (teller.path, teller.reason) == ("rows", reason)
