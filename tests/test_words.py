"""Text from rows: what a user of `Grammar` and `tell` sees."""

from __future__ import annotations

import pytest

from coursewright.errors import CoursewrightError, Place
from coursewright.words import Grammar, tell


def test_the_smallest_example():
    grammar = Grammar({"origin": "#name# was placed #place.upper#!"})
    rows = [{"name": "Jo", "place": "first"}, {"name": "Sam", "place": "Second"}]
    assert tell(grammar, rows) == ["Jo was placed FIRST!", "Sam was placed SECOND!"]


def test_a_sentence_of_a_finder():
    grammar = Grammar({"origin": "#code# is looking for their #next.ordinal# start for #team#"}, strict=True)
    row = {"code": "VET", "next": 200, "team": "Ferrari"}
    assert tell(grammar, [row]) == ["VET is looking for their 200th start for Ferrari"]


def test_an_unknown_column_is_an_error_with_place_and_hint():
    grammar = Grammar({"origin": "#drvier# won"}, strict=True, place=Place("facts/wins.sql", 3, "tell"))
    with pytest.raises(CoursewrightError) as caught:
        tell(grammar, [{"driver": "Jo"}])
    assert str(caught.value) == (
        'error: no column or rule called "drvier"\n'
        "  --> facts/wins.sql:3, tell\n"
        'hint: did you mean "driver"? Available: driver, origin'
    )
