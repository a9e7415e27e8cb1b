"""pytracery's names: a program written for it runs with one import changed."""

from __future__ import annotations

import random

import pytest

from coursewright.words import tracery
from coursewright.words.tracery.modifiers import base_english

RULES = {
    "deep": ["\\#00FF00", "\\#FF00FF"],
    "deeper": ["#deep#"],
    "animal": ["bear", "cat", "unicorn", "fly"],
    "mood": ["quiet", "happy"],
    "tale": ["The #pet# went home."],
    "again": ["About #pet.a#. #tale#[pet:POP] The #pet# slept."],
    "pronouns": ["[they:she][their:her]", "[they:he][their:his]"],
    "job": ["[job:baker][did:baked bread,iced a cake]", "[job:knight][did:fought #animal.a#]"],
    "story": ["#hero.capitalize# the #job# and #their# day: #they# #did#, #they# #did#."],
    "origin": ["#[#pronouns#][#job#][hero:#mood#]story#"],
}
TEXTS = [
    "plain", "#origin#", "#animal.a.capitalize#", "#animal.s# #mood.ed#", "#deep# [c:#deeper#] #c#", "\\#a\\# \\\\",
    "[pet:#animal#]#tale#", "#[pet:#animal#]tale# post:#pet#", "[pet:#animal#][pet:#animal#]#again#", "#missing#",
    "#animal.foo#", "#tale.replace(went,ran)#", "#unclosed", "[unclosed", "closed]",
    "[][]][][", "[][#]][]][##][[##]]][#[]]]]", "[][]][][][[[]]][[]]]]", "##", "[a:b:c]#a#",
    "[pet:x]#pet##pet.uppercase#", "[#origin#]", "#animal.capitalizeAll.lowercase.firstS#",
]  # fmt: skip


def grammar_of(module, modifiers):
    grammar = module.Grammar(RULES)
    grammar.add_modifiers(modifiers)
    return grammar


@pytest.mark.parametrize("text", TEXTS)
def test_the_same_seed_gives_the_text_and_errors_of_pytracery(text):
    theirs = pytest.importorskip("tracery", reason="needs the PyPI package tracery")
    from tracery.modifiers import base_english as their_english

    ours, other = grammar_of(tracery, base_english), grammar_of(theirs, their_english)
    for seed in range(20):
        random.seed(seed)
        expected = other.flatten(text)
        random.seed(seed)
        assert ours.flatten(text) == expected
    said = [error for error in ours.errors if not error.startswith("No symbol for ")]  # 0.1 leaves these in the nodes
    assert said == other.errors


def test_what_is_saved_in_a_tag_stays_saved():
    assert grammar_of(tracery, base_english).flatten("#[a:in]b#/#a#") == "((b))/in"


def test_what_is_saved_stays_for_the_next_text():
    grammar = tracery.Grammar({"x": "#saved#"})
    assert grammar.flatten("[saved:kept]") == ""
    assert grammar.flatten("#x#") == "kept"
    grammar.clear_state()
    assert grammar.symbols["saved"].get_active_rules() == "kept"


def test_errors_are_collected():
    grammar = tracery.Grammar({})
    assert grammar.flatten("#open") == "open"
    assert grammar.flatten("[a") == "a"
    assert grammar.flatten("a]") == "a]"
    assert grammar.flatten("[a:POP]") == ""
    assert grammar.errors == ["unclosed tag", "too many [", "too many ]", "Can't pop: no symbol for key a"]


def test_an_empty_tag_is_none():
    assert tracery.Grammar({}).flatten("##") == "((None))"


def test_popping_too_far_raises():
    with pytest.raises(IndexError):
        tracery.Grammar({"a": "x"}).flatten("[a:POP]#a#")


def test_two_symbols_in_a_tag_raise():
    with pytest.raises(ValueError, match="multiple main sections in a\\[b:c\\]d"):
        tracery.Grammar({}).flatten("#a[b:c]d#")


def test_a_modifier_may_return_an_action():
    """Authors of text over data branch so: a modifier returns what the next symbol then expands."""
    grammar = tracery.Grammar({"origin": "[said:#place.told#]#said#", "won": "won!", "lost": "lost."})
    grammar.add_modifiers({"told": lambda text, *_: "#won#" if int(text) == 1 else "#lost#"})
    grammar.push_rules("place", ["1"])
    assert grammar.flatten("#origin#") == "won!"
    grammar.push_rules("place", ["2"])
    assert grammar.flatten("#origin#") == "lost."


def test_nodes_can_be_looked_at():
    root = tracery.Grammar({"a": "x"}).expand("say #a#")
    assert [(node.type, node.raw, node.finished_text) for node in root.children] == [(0, "say ", "say "), (1, "a", "x")]
    assert root.children[1].symbol == "a"
    assert root.children[1].depth == 1


def test_parse_and_parse_tag():
    assert tracery.parse("a#b#[c:d]") == (
        [{"type": 0, "raw": "a"}, {"type": 1, "raw": "b"}, {"type": 2, "raw": "c:d"}],
        [],
    )
    assert tracery.parse_tag("[a:b]c.d.e")["modifiers"] == ["d", "e"]


def test_a_grammar_used_often_does_not_grow():
    grammar = tracery.Grammar({"a": "x"})
    for _ in range(1000):
        grammar.flatten("#a#")
    assert len(grammar.symbols["a"].uses) <= 100


def test_english_by_letters():
    assert base_english["ed"]("play") == "played"
    assert base_english["s"]("fly") == "flies"
    assert base_english["capitalizeAll"]("3rd mclaren") == "3Rd Mclaren"


def test_a_seed_may_go_with_the_rule():
    grammar = tracery.Grammar({"origin": "#a##a##a#", "a": list("xyz")})
    assert len({grammar.flatten("#origin#", False, seed) for seed in range(40)}) > 10
    assert grammar.flatten("#origin#", seed=3) == grammar.flatten("#origin#", False, 3)


def test_missing_symbols_are_errors_of_the_grammar():
    grammar = tracery.Grammar({"a": "#nobody# #b#"})
    assert grammar.flatten("#a#") == "((nobody)) ((b))"
    assert grammar.errors == ["No symbol for nobody", "No symbol for b"]


def test_english_by_letters_knows_capitals():
    assert [base_english["s"](word) for word in ("BUS", "CITY", "DAY", "BoX")] == ["BUSes", "CITies", "DAYs", "BoXes"]
    assert [base_english["ed"](word) for word in ("RACE", "TRY", "PLAY")] == ["RACEd", "TRied", "PLAYed"]
