"""Choices: as likely as they should be, alike on both paths, and steady when a list of texts changes."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursewright.chance import mix, mix_all
from coursewright.words import Grammar, tell
from coursewright.words.readying import ready
from coursewright.words.rowwise.choosing import Bids, ChoiceTree, picker

HASHES = mix_all(np.arange(200_000, dtype=np.uint64))
WEIGHTS = st.floats(0, 1e6) | st.integers(0, 12) | st.sampled_from([0.1, 1 / 3, 1e-9, 1e300])


def texts(count):
    return [f"text {number}" for number in range(count)]


def chosen(options, weights=None):
    """The text for each hash."""
    return np.array(options)[picker(options, weights).pick_all(HASHES)]


def surprise(counts, expected):
    """How many standard deviations the chi-square of counts is from what it should be."""
    freedom = len(counts) - 1
    return (((counts - expected) ** 2 / expected).sum() - freedom) / np.sqrt(2 * freedom)


@pytest.mark.parametrize("count", [2, 3, 7, 20, 64, 65, 300, 5000])
def test_all_texts_are_equally_likely(count):
    made = picker(texts(count))
    assert isinstance(made, Bids if count <= 64 else ChoiceTree)
    counts = np.bincount(made.pick_all(HASHES), minlength=count)
    assert abs(surprise(counts, len(HASHES) / count)) < 4


@pytest.mark.parametrize(
    "weights", [[3, 1], [0.1, 0.2, 0.7], [33.3, 66.7], [1000, 1, 1], [2, 2.5, 0.001], [*range(1, 90)], [500, *[1] * 60]]
)
def test_texts_are_as_likely_as_their_weights(weights):
    counts = np.bincount(picker(texts(len(weights)), weights).pick_all(HASHES), minlength=len(weights))
    assert abs(surprise(counts, len(HASHES) * np.array(weights) / sum(weights))) < 4


def test_choices_at_two_places_have_nothing_to_do_with_each_other():
    made = picker(texts(5))
    pairs = made.pick_all(HASHES) * 5 + made.pick_all(mix_all(HASHES))
    assert abs(surprise(np.bincount(pairs, minlength=25), len(HASHES) / 25)) < 4


@given(st.lists(st.tuples(st.sampled_from("abcdefgh"), WEIGHTS), min_size=1, max_size=90), st.integers(0, 2**64 - 1))
def test_one_hash_and_many_choose_alike(pairs, start):
    options, weights = zip(*pairs, strict=True)
    for made in (picker(options), picker([f"{text}{number}" for number, text in enumerate(options)])):
        hashes = [mix(start ^ number) for number in range(9)]
        assert made.pick_all(np.array(hashes, dtype=np.uint64)).tolist() == list(map(made.pick, hashes))
    if any(weights):
        made = picker(options, weights)
        found = made.pick_all(np.array(hashes, dtype=np.uint64)).tolist()
        assert found == list(map(made.pick, hashes))
        assert all(sum(weight for text, weight in pairs if text == options[one]) > 0 for one in found)


@pytest.mark.parametrize("count", [3, 20, 50])
@pytest.mark.parametrize("place", ["first", "last"])
def test_a_text_that_is_added_takes_its_share_and_changes_nothing_else(count, place):
    more = [*texts(count), "new"] if place == "last" else ["new", *texts(count)]
    before, after = chosen(texts(count)), chosen(more)
    assert set(after[before != after]) == {"new"}
    assert abs((before != after).mean() - 1 / (count + 1)) < 0.01


@pytest.mark.parametrize(("count", "most"), [(100, 0.05), (1000, 0.008), (20_000, 0.0006)])
def test_a_text_that_is_added_to_a_long_list_changes_few_rows(count, most):
    before, after = chosen(texts(count)), chosen([*texts(count), "new"])
    assert 0 < (before != after).mean() < most


def test_a_weight_that_is_changed_moves_no_more_than_its_share():
    before, after = chosen(["a", "b", "c"], [3, 1, 4]), chosen(["a", "b", "c"], [3, 2, 4])
    assert set(after[before != after]) == {"b"}
    assert abs((before != after).mean() - (2 / 9 - 1 / 8)) < 0.01


@pytest.mark.parametrize("count", [5, 200])
def test_the_order_of_texts_does_not_matter(count):
    assert (chosen(texts(count)) == chosen(texts(count)[::-1])).all()
    weights = [number % 3 + 0.5 for number in range(count)]
    assert (chosen(texts(count), weights) == chosen(texts(count)[::-1], weights[::-1])).all()


def test_a_text_that_is_there_twice_is_twice_as_likely():
    assert (chosen(["a", "b", "a"]) == chosen(["a", "b"], [2, 1])).all()
    assert (chosen([*texts(80), "text 1"]) == "text 1").mean() == pytest.approx(2 / 81, rel=0.1)


SENTENCES = {
    "origin": ["#who# #verb# it.", "It was #who# who #verb# it.", "[did:#verb#]#who# #did# it."],
    "who": "#name#",
    "verb": texts(20),
}


def test_adding_a_text_to_a_grammar_changes_about_its_share_of_all_texts():
    rows = pl.DataFrame({"name": [f"n{number}" for number in range(20_000)]})
    before = tell(Grammar(SENTENCES), rows, key="name")
    after = tell(Grammar({**SENTENCES, "verb": ["new", *texts(20)]}), rows, key="name")
    assert 0.04 < (before != after).mean() < 0.055
    assert tell(Grammar(SENTENCES), rows[:50].to_dicts(), key="name") == before[:50].to_list()


def test_a_saved_list_is_chosen_from_by_what_was_written():
    one = Grammar({"origin": "[did:#a#,#b#]#did# #did# #did#", "a": "ran", "b": "hid"})
    other = Grammar({"origin": "[did:#b#,#a#]#did# #did# #did#", "a": "ran", "b": "hid"})
    rows = pl.DataFrame({"x": range(100)})
    told = tell(one, rows).to_list()
    assert tell(other, rows).to_list() == told
    assert tell(one, rows.to_dicts()) == told


def test_two_that_were_written_alike_in_a_saved_list_are_both_chosen():
    grammar = Grammar({"origin": "[did:#a#,#a#]#did##did##did##did##did##did#", "a": ["x", "y"]})
    told = tell(grammar, pl.DataFrame({"n": range(200)})).to_list()
    assert any("x" in text and "y" in text for text in told)
    assert tell(grammar, [{}] * 200) == told


def test_a_long_list_is_one_tree_however_it_was_made():
    many = texts(300)
    assert picker(many) == picker(many, [1] * 300)
    assert picker([*many, many[0]]) != picker(many)


@pytest.mark.parametrize("rule", ["#word#", "#who# said #word#", "a #word# b", "#word##word#, #who#", "[w:#word#]#w#!"])
def test_a_long_list_beside_words_is_told_alike_one_by_one_and_together(rule):
    grammar = Grammar({"origin": rule, "word": texts(1500)})
    records = [{"who": f"W{number}"} for number in range(200)]
    alone = tell(grammar, records)
    together = ready(grammar, "origin", ["who"])
    assert together.columns is not None
    for rows in (0, 1, 200):
        assert together.write(pl.DataFrame(records).head(rows)).to_list() == alone[:rows]
