"""English as an author of data stories needs it: every word and sentence of tests/cases/english, in both paths."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
import yaml

from coursewright.words import Grammar, tell

CASES = Path(__file__).parent / "cases" / "english"
TABLES = {"past": "ed", "plural": "s", "article": "a", "possessive": "possessive"}
SENTENCES = yaml.safe_load((CASES / "sentences.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("table", "modifier"), TABLES.items())
def test_words(table, modifier):
    pairs = [line.split("\t") for line in (CASES / f"{table}.tsv").read_text(encoding="utf-8").splitlines()]
    told = tell(
        Grammar({"origin": f"#word.{modifier}#"}, strict=True), pl.DataFrame({"word": [one for one, _ in pairs]})
    )
    wrong = {one: (made, other) for (one, other), made in zip(pairs, told, strict=True) if made != other}
    assert not wrong


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: f"{case['tell']} {case['told']}")
def test_sentences(case):
    grammar = Grammar({"origin": case["tell"]}, strict=True)
    assert tell(grammar, [case["row"]]) == [case["told"]]
    assert tell(grammar, pl.DataFrame([case["row"]])).to_list() == [case["told"]]


def test_american_spelling_does_not_double_an_unstressed_l():
    american = Grammar({}, language="en-US")
    told = [american.flatten("#v.ed#", values={"v": verb}) for verb in ("travel", "cancel", "control", "pit", "prefer")]
    assert told == ["traveled", "canceled", "controlled", "pitted", "preferred"]


def test_agreement_with_what_is_neither_a_count_nor_a_person():
    assert Grammar({}).flatten("#x.agree(was)#", values={"x": "DNF"}) == "DNF((.agree))"
