"""What "no repeat" promises: not twice in a text, not the same for two neighbouring rows, alike on both paths."""

from __future__ import annotations

from itertools import pairwise

import polars as pl
import pytest

from coursewright.words import Grammar, explain, tell
from coursewright.words.readying import ready

ANIMALS = ["badgers", "newts", "owls", "voles"]


def told(grammar: Grammar, rows: int, seed: int = 0) -> list[str]:
    """The texts of as many rows, which the columnar path and the row path agree on."""
    frame = pl.DataFrame({"n": range(rows)})
    teller = ready(grammar, "origin", frame.columns, seed=seed)
    one_by_one = [teller.write_one(row, at) for at, row in enumerate(frame.iter_rows(named=True))]
    assert tell(grammar, frame, seed=seed).to_list() == one_by_one
    return one_by_one


@pytest.mark.parametrize("options", [2, 3, 4])
@pytest.mark.parametrize("uses", [2, 3, 4])
def test_no_text_comes_twice_before_all_have_come(options, uses):
    grammar = Grammar({"origin": " ".join(["#a#"] * uses), "a": {"no repeat": ANIMALS[:options]}})
    for seed in range(40):
        words = [text.split() for text in told(grammar, 30, seed)]
        assert all(len(set(row)) == min(uses, options) for row in words)
        assert all(one != other for row in words for one, other in pairwise(row))
        assert all(a != b for one, other in pairwise(words) for a, b in zip(one, other, strict=True))


def test_every_order_comes():
    grammar = Grammar({"origin": "#a# #a#", "a": {"no repeat": ANIMALS}})
    assert len({grammar.flatten("#origin#", seed=seed) for seed in range(400)}) == 4 * 3


def test_the_place_does_not_matter():
    rules = {"origin": {"n / 2 = 1": "#b# and #a#", "otherwise": "#c# or #a#"}, "b": "#a#", "c": "x #a#"}
    grammar = Grammar({**rules, "a": {"no repeat": ANIMALS}})
    for text in told(grammar, 20):
        first, second = (word for word in text.split() if word in ANIMALS)
        assert first != second


MAYBE = {
    "origin": "#maybe# #a# #maybe# #a#",
    "maybe": ["#a#", "-", "#a# #a#"],
    "a": {"no repeat": [*ANIMALS, "wolves", "foxes", "hares"]},
}


def test_how_often_it_came_before_may_depend_on_a_choice():
    grammar = Grammar(MAYBE)
    assert explain(grammar, [{"n": 1}]).path == "columns"
    for seed in range(20):
        for text in told(grammar, 50, seed):
            words = [word for word in text.split() if word != "-"]
            assert len(words) == len(set(words))


def test_what_is_saved_came_once():
    grammar = Grammar({"origin": "[hero:#a#]#hero# met #a#, said #hero#", "a": {"no repeat": ANIMALS}})
    for text in told(grammar, 30):
        hero, _, other, _, again = text.replace(",", "").split()
        assert hero == again != other


def test_each_condition_deals_its_own():
    grammar = Grammar(
        {"origin": "#a# #a#", "a": {"n < 5": {"no repeat": ["x", "y"]}, "otherwise": {"no repeat": ["p", "q", "r"]}}}
    )
    assert all(len(set(text.split())) == 2 for text in told(grammar, 12))


def test_leading_back_to_itself_it_deals_on():
    grammar = Grammar({"origin": "#a#", "a": {"no repeat": ["x #a#", "y #a#", "z", "w #a#"]}})
    for seed in range(20):
        words = grammar.flatten("#origin#", seed=seed).split()
        assert len(words) == len(set(words))
