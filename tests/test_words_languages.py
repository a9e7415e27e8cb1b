"""Grammars in other languages than English: told whole, or refused with what to write instead."""

from __future__ import annotations

import datetime
import re

import polars as pl
import pytest

from coursewright.errors import CoursewrightError
from coursewright.words import Grammar, tell
from coursewright.words.printing.languages import ENGLISH_ONLY
from coursewright.words.printing.modifiers import table

SPACE, NARROW = "\u00a0", "\u202f"
VALUES = {
    "n": 1234.5, "share": 0.125, "five": 5, "one": 1, "none": 0, "half": 1.5, "gap": 5.123, "lap": 94.512,
    "l": ["Anna", "Ben", "Cem"], "length": 7500, "day": datetime.date(2018, 3, 4), "parts": [1.5, 2],
    "places": ["Rom, Italien", "Spa, Belgien", "Bern", "Ulm"], "numbers": [1.5, 2.5, 3.5],
    "two": ["Rom, Italien", "Spa, Belgien"],
    "long": datetime.timedelta(seconds=94.512), "date": "2018-03-04", "almost": 7199.7, "before": -7500,
}  # fmt: skip
TOLD = {
    "de": {
        "#n#": "1234,5", "#n.round(1)#": "1234,5", "#n.round(2).thousands#": "1.234,50", "#n.thousands#": "1.234,5",
        "#share.percent(1)#": f"12,5{SPACE}%", "#share.percent#": f"13{SPACE}%", "#n.signed#": "+1234,5",
        "#l#": "Anna, Ben und Cem", "#l.list#": "Anna, Ben und Cem", "#l.list(or)#": "Anna, Ben oder Cem",
        "#l.join(; )#": "Anna; Ben; Cem", "#parts#": "1,5 und 2", "#gap.gap#": "+5,123", "#lap.lap time#": "1:34,512",
        "#long#": "1:34,512", "#length.duration#": "2 Stunden und 5 Minuten", "#none.duration#": "0 Sekunden",
        "#almost.duration#": "2 Stunden", "#before.duration(s,1)#": "-2 Stunden",
        "#five.ordinal#": "5.", "#five.words#": "fünf", "#n.words#": "eintausendzweihundertvierunddreißig Komma fünf",
        "#five.plural(Runde,Runden)#": "5 Runden", "#one.plural(Runde,Runden)#": "1 Runde",
        "#half.plural(Runde,Runden)#": "1,5 Runden", "#none.either(war,waren)#": "waren", "#five.words(3)#": "5",
        "#places#": "Rom, Italien; Spa, Belgien; Bern; und Ulm",
        "#places.list(or)#": "Rom, Italien; Spa, Belgien; Bern; oder Ulm",
        "#numbers#": "1,5, 2,5 und 3,5", "#two#": "Rom, Italien und Spa, Belgien",
        "#date.date#": "4. März 2018", "#day.weekday#": "Sonntag", "#five#": "5", "#l.count.words#": "drei",
    },
    "de-CH": {"#n.thousands#": "1’234.5", "#n#": "1234.5"},
    "fr-FR": {
        "#n#": "1234,5", "#n.thousands#": f"1{NARROW}234,5", "#share.percent(1)#": f"12,5{SPACE}%",
        "#l#": "Anna, Ben et Cem", "#l.list(or)#": "Anna, Ben ou Cem", "#one.ordinal#": "1er", "#five.ordinal#": "5e",
        "#length.duration#": f"2{SPACE}heures et 5 minutes", "#half.either(tour,tours)#": "tour",
        "#n.signed#": "+1234,5",
        "#none.either(tour,tours)#": "tour", "#five.either(tour,tours)#": "tours", "#date.date#": "4 mars 2018",
    },
    "en-US": {"#n#": "1234.5", "#l#": "Anna, Ben and Cem", "#share.percent#": "13%", "#five.ordinal#": "5th"},
    "ja": {"#l#": "Anna、Ben、Cem", "#n.thousands#": "1,234.5", "#date.date#": "2018年3月4日"},
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), [(language, text) for language, all_ in TOLD.items() for text in all_])
def test_what_a_language_has_is_told_in_it_on_both_paths(language, text):
    grammar = Grammar({"origin": text}, language=language, strict=True)
    assert tell(grammar, [VALUES]) == [TOLD[language][text]]
    assert tell(grammar, pl.DataFrame([VALUES])).to_list() == [TOLD[language][text]]


GERMAN = {
    101_000: "einhunderteintausend", 1_000_001: "eine Million eins", 2_000_000: "zwei Millionen", 21: "einundzwanzig",
    -3: "minus drei", 1100: "eintausendeinhundert", 201: "zweihunderteins", 0.05: "null Komma null fünf",
}  # fmt: skip
FRENCH = {
    71: "soixante et onze", 80: "quatre-vingts", 81: "quatre-vingt-un", 91: "quatre-vingt-onze", 200: "deux cents",
    201: "deux cent un", 80_000: "quatre-vingt mille", 200_000: "deux cent mille", 1000: "mille", 21: "vingt et un",
    2_000_000: "deux millions", 80_000_000: "quatre-vingts millions", -1: "moins un", 2.5: "deux virgule cinq",
}  # fmt: skip


@pytest.mark.parametrize(("language", "numbers"), [("de", GERMAN), ("fr", FRENCH)])
def test_numbers_in_words(language, numbers):
    grammar = Grammar({}, language=language, strict=True)
    assert {number: grammar.flatten("#n.words#", values={"n": number}) for number in numbers} == numbers


@pytest.mark.parametrize("modifier", [*ENGLISH_ONLY, "ordinal", "words"])
def test_what_a_language_lacks_is_an_error_with_the_remedy(modifier):
    grammar = Grammar({"origin": f"#x.{modifier}#"}, language="sv", strict=True)
    with pytest.raises(CoursewrightError) as caught:
        tell(grammar, [{"x": 1}])
    what = {"ordinal": "ordinals are", "words": "numbers in words are"}.get(modifier, "it is")
    assert str(caught.value) == (
        f"error: the modifier .{modifier} cannot be used: {what} not known in Swedish\n"
        "  --> grammar, rule origin\nhint: write the words into the rule, or add a modifier of that name"
    )
    own = Grammar({"origin": f"#x.{modifier}#"}, language="sv", strict=True, modifiers={modifier: str.upper})
    assert tell(own, [{"x": "a"}]) == ["A"]


@pytest.mark.parametrize(
    ("language", "text", "message"),
    [
        ("pl", "#n.either(tura,tury)#", "Polish has more than two forms: write a condition for each"),
        ("de", "#n.plural(Runde)#", "it does not take 1 arguments: (Runde)"),
        ("de", "#l.list(plus)#", 'a list in German is joined by and or or, not by "plus"'),
        ("ar", "#length.duration(s,4)#", "lengths of time are not known in Arabic: write the unit yourself"),
    ],
)
def test_what_cannot_be_said(language, text, message):
    with pytest.raises(CoursewrightError) as caught:
        Grammar({}, language=language, strict=True).flatten(text, values={**VALUES, "length": 90_000})
    assert re.search(rf"cannot be applied to #\w+#: {re.escape(message)}$", caught.value.problem.message)


@pytest.mark.parametrize(
    ("language", "hint"),
    [
        ("xx", "write a language and a country, such as en-GB, or a language alone, such as fr"),
        ("", "write a language and a country, such as en-GB, or a language alone, such as fr"),
        ("deu-DEU", 'did you mean "de-DE"?'),
    ],
)
def test_an_unknown_language(language, hint):
    with pytest.raises(CoursewrightError) as caught:
        Grammar({}, language=language)
    assert str(caught.value) == f'error: no language called "{language}"\nhint: {hint}'


def test_every_modifier_is_there_in_every_language():
    assert set(table("de")) == set(table("sv")) == set(table())
