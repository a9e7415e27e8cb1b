# ruff: noqa: E501 - tables
"""Every modifier on the words, numbers and times that data brings."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from coursewright.errors import CoursewrightError
from coursewright.words import Grammar
from coursewright.words.printing.modifiers import table

CASES = {
    "ordinal": {
        1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 11: "11th", 12: "12th", 13: "13th", 21: "21st", 101: "101st",
        111: "111th", 112: "112th", 1003: "1003rd", "22": "22nd", 24.0: "24th", 0: "0th", -1: "-1st",
    },
    "ordinal words": {1: "first", 3: "third", 12: "twelfth", 20: "twentieth", 21: "twenty-first", 100: "one hundredth",
                      101: "one hundred and first"},
    "ordinal words(10)": {9: "ninth", 11: "11th"},
    "thousands": {1234567: "1,234,567", 1234.5: "1,234.5", "1234": "1,234", -1000: "-1,000", 999: "999",
                  "-1234.50": "-1,234.50", "1.5e3": "1,500", "-0.00": "0.00", 1e22: "10,000,000,000,000,000,000,000", Decimal("1E+3"): "1,000"},
    "round(1)": {2.25: "2.3", 1.005: "1.0", 2.675: "2.7", 0.95: "1.0", 99.95: "100.0", 2.0: "2.0", "7": "7.0", -0.04: "0.0", 1e9: "1000000000.0"},
    "round": {2.5: "3", 3.49: "3", -2.5: "-3"},
    "round(2)": {1.005: "1.01", 2.675: "2.68", "1.995": "2.00"}, "round(-2)": {1250: "1300"},
    "round(1).thousands": {12345.678: "12,345.7"},
    "percent": {0.125: "13%", 1: "100%", 0: "0%", 0.285: "29%", 0.145: "15%", "0.995": "100%"},
    "percent(1)": {0.125: "12.5%", 0.0005: "0.1%", 0.2845: "28.5%"},
    "signed": {5: "+5", -3: "-3", 0: "0", 1.5: "+1.5", "-0.0": "0.0"},
    "words": {0: "zero", 8: "eight", 21: "twenty-one", 100: "one hundred", 101: "one hundred and one", -3: "minus three",
              1003: "one thousand and three", 1234567: "one million, two hundred and thirty-four thousand, five hundred "
              "and sixty-seven", 2.5: "two point five", 2.0: "two", 0.1: "zero point one", "3.25": "three point two five"},
    "words(10)": {10: "ten", 11: "11"},
    "capitalize": {"mcLaren": "McLaren", "McLaren": "McLaren", "3rd": "3rd", "räikkönen": "Räikkönen", "": "",
                   '"so": he': '"So": he', "éric": "Éric"},
    "capitalizeAll": {"3rd place": "3rd Place", "McLaren team": "McLaren Team", "kimi räikkönen": "Kimi Räikkönen",
                      "don't": "Don't", "jean-éric vergne": "Jean-Éric Vergne", "o'brien": "O'brien"},
    "a": {
        "hour": "an hour", "honest man": "an honest man", "university": "a university", "unimportant": "an unimportant",
        "uninteresting race": "an uninteresting race", "18th win": "an 18th win", "8-lap": "an 8-lap", "8": "an 8",
        "11": "an 11", "110": "a 110", "1,100": "a 1,100", "11,000": "an 11,000", "80,000": "an 80,000", "1st": "a 1st",
        "F1 car": "an F1 car", "UN": "a UN", "MP": "an MP", "NASA": "a NASA", "FIA": "an FIA", "European": "a European",
        "one-off": "a one-off", "once": "a once", "onerous": "an onerous", "umbrella": "an umbrella", "use": "a use",
        "usher": "an usher", "X-ray": "an X-ray", "S-bend": "an S-bend", "T-shirt": "a T-shirt", "École": "an École",
        "Alonso": "an Alonso", "McLaren": "a McLaren", "Honda": "a Honda", "£8 ticket": "an £8 ticket", "": "a ",
        "UK": "a UK", "USB": "a USB", "Ukrainian": "a Ukrainian", "heir": "an heir", "hero": "a hero", "MPs": "an MPs",
        "unit": "a unit", "uniform": "a uniform", "unanimous": "a unanimous", "urban": "an urban", "utter": "an utter",
        "utility": "a utility", "user": "a user", "unable": "an unable", "A": "an A", "U-turn": "a U-turn",
        "'hour'": "an 'hour'", "eulogy": "a eulogy", "ewe": "a ewe", "iPhone": "an iPhone", "NaN": "a NaN",
    },
    "s": {
        "goose": "geese", "Grand Prix": "Grands Prix", "British Grand Prix": "British Grands Prix", "lap": "laps",
        "runner-up": "runners-up", "woman": "women", "policeman": "policemen", "German": "Germans", "child": "children",
        "bus": "buses", "box": "boxes", "match": "matches", "stomach": "stomachs", "bath": "baths", "city": "cities",
        "day": "days", "knife": "knives", "crisis": "crises", "sheep": "sheep", "series": "series", "DNF": "DNFs",
        "quiz": "quizzes", "hero": "heroes", "photo": "photos", "lap of honour": "laps of honour", "Mercedes": "Mercedes",
        "person": "people", "Goose": "Geese", "pole position": "pole positions", "1990": "1990s", "": "",
        "mother-in-law": "mothers-in-law", "pit stop": "pit stops", "soliloquy": "soliloquies", "waltz": "waltzes",
    },
    "ed": {
        "win": "won", "finish": "finished", "pit": "pitted", "try": "tried", "stay": "stayed", "race": "raced",
        "overtake": "overtook", "lead": "led", "Win": "Won", "crash": "crashed", "stop": "stopped", "visit": "visited",
        "fix": "fixed", "travel": "travelled", "play": "played", "show": "showed",
    },
    "possessive": {"Hamilton": "Hamilton's", "Mercedes": "Mercedes'", "Williams": "Williams'", "it": "its", "He": "His",
                   "who": "whose", "": ""},
    "upper": {"räikkönen": "RÄIKKÖNEN"}, "uppercase": {"a": "A"}, "lower": {"ÄB": "äb"}, "lowercase": {"A": "a"},
    "replace(a,o)": {"cat": "cot"}, "replace(a)": {"cat": "ct"}, "firstS": {"lap of honour": "laps of honour"},
    "trim": {"  x ": "x"},
    "plural(lap)": {1: "1 lap", 0: "0 laps", 3: "3 laps"}, "plural(Grand Prix)": {2: "2 Grands Prix"},
    "either(was,were)": {1: "was", 2: "were", "female": "was", "they": "were", "one": "was", "one hundred": "were"},
    "agree(was)": {1: "was", 2: "were", "she": "was", "they": "were"},
    "lap time": {94.512: "1:34.512", 58.79: "58.790", 5521.94: "1:32:01.940", "1:34.5": "1:34.500", 60: "1:00.000",
                 datetime.timedelta(seconds=94.512): "1:34.512", -1.5: "-1.500",
                 59.9996: "1:00.000", 59.9995: "1:00.000", 59.9994: "59.999", 3599.9996: "1:00:00.000", 94.5125: "1:34.513",
                 1.0005: "1.001", "59.9996": "1:00.000", Decimal("119.9995"): "2:00.000", -59.9996: "-1:00.000"},
    "lap time(ms)": {94512: "1:34.512"}, "laptime(ms,1)": {94512: "1:34.5"}, "lap time(s,0)": {94.6: "1:35", 59.5: "1:00"},
    "gap": {5.123: "+5.123", -0.25: "-0.250", 59.9996: "+1:00.000", -0.0004: "+0.000", 0.0005: "+0.001"},
    "duration": {7500: "2 hours and 5 minutes", 34: "34 seconds", 61: "1 minute and 1 second", 0: "0 seconds",
                 90000: "1 day and 1 hour", 7199: "2 hours", 7169.5: "1 hour and 59 minutes", 59.5: "1 minute",
                 59.4996: "59 seconds", 3612.6: "1 hour and 13 seconds", 3689.6: "1 hour and 1 minute", 86399.6: "1 day",
                 -90: "minus 1 minute and 30 seconds", -0.4: "0 seconds", "1:30": "1 minute and 30 seconds"},
    "duration(min)": {125: "2 hours and 5 minutes"}, "duration(s,1)": {7500: "2 hours", 5400: "2 hours", 5399.5: "1 hour", 86399: "1 day"},
    "date": {datetime.date(2018, 4, 8): "8 April 2018", "2018-04-08": "8 April 2018",
             datetime.datetime(2018, 4, 8, 15, 10): "8 April 2018"},
    "date(d MMM y)": {"2018-04-08": "8 Apr 2018"}, "date(EEEE d MMMM)": {"2018-04-08": "Sunday 8 April"},
    "weekday": {"2018-04-08": "Sunday"}, "month": {"2018-04-08": "April"}, "year": {"2018-04-08": "2018"},
    "time": {datetime.datetime(2018, 4, 8, 15, 10): "15:10"},
    "they(was)": {"female": "she was", "x": "they were"},
    "they": {"female": "she", "M": "he", "": "they", "they/them": "they", "she/her": "she", "team": "it"},
    "them": {"f": "her", "male": "him"}, "their": {"f": "her", "m": "his", "x": "their"},
    "theirs": {"f": "hers"}, "themself": {"m": "himself"},
    "or(nobody)": {None: "nobody", float("nan"): "nobody", "x": "x"}, "or(a,b)": {None: "a,b"},
}  # fmt: skip


@pytest.mark.parametrize(
    ("modifier", "value", "text"), [(name, value, text) for name, some in CASES.items() for value, text in some.items()]
)
def test_modifier(modifier, value, text):
    assert Grammar({}, strict=True).flatten(f"#x.{modifier}#", values={"x": value}) == text


@pytest.mark.parametrize(
    ("modifier", "value", "text"),
    [
        ("list", ["HAM", "BOT", "VET"], "HAM, BOT and VET"),
        ("oxford", ["HAM", "BOT", "VET"], "HAM, BOT, and VET"),
        ("oxford", ["HAM", "BOT"], "HAM and BOT"),
        ("list(or)", ["HAM", "BOT"], "HAM or BOT"),
        ("list", ["HAM"], "HAM"),
        ("ordinal", [1, 2, 11], "1st, 2nd and 11th"),
        ("upper.list(or)", ["ham", "bot"], "HAM or BOT"),
        ("count", [1, None, 3], "2"),
        ("count.words", [1, 3], "two"),
        ("distinct", ["A", "B", "A"], "A and B"),
        ("join", ["A", None, "B"], "A B"),
        ("join(; )", ["A", "B"], "A; B"),
        ("first", ["A", "B"], "A"),
        ("last", ["A", "B"], "B"),
        ("total", [1, 2, 3], "6"),
        ("total", [0.1, 0.2], "0.3"),
        ("most", [1, 5, 3], "5"),
        ("most", ["9", "10", "2.5"], "10"),
        ("least", ["9", 10, 2.5], "2.5"),
        ("most", ["BOT", "VET", "HAM"], "VET"),
        ("least.ordinal", [4, 2], "2nd"),
        ("count", [], "0"),
        ("count", [None], "0"),
        ("list.or(nobody)", [], "nobody"),
        ("first.or(nobody)", [], "nobody"),
        ("total.or(unknown)", [None, float("nan")], "unknown"),
        ("total", [None, 2], "2"),
        ("total", [datetime.timedelta(seconds=9), datetime.timedelta(seconds=90)], "1:39.000"),
        ("join(; ).or(nobody)", [None], "nobody"),
    ],
)
def test_modifier_of_a_list(modifier, value, text):
    assert Grammar({}, strict=True).flatten(f"#x.{modifier}#", values={"x": value}) == text


def test_a_duration_is_no_number_however_short_it_is():
    for modifier in ("round", "ordinal", "words", "thousands", "plural(lap)", "percent", "signed"):
        for seconds, shown in ((9, "9.000"), (90, "1:30.000")):
            told = Grammar({}).flatten(f"#x.{modifier}#", values={"x": datetime.timedelta(seconds=seconds)})
            assert told == f"{shown}((.{modifier}))".replace("(lap)", "")
    mixed = Grammar({}).flatten("#x.total#", values={"x": [datetime.timedelta(seconds=9), 2]})
    assert mixed == "9.000 and 2((.total))"


def test_dates_numbers_and_lists_follow_the_language():
    french = Grammar({}, language="fr-FR")
    assert french.flatten("#x.date#", values={"x": "2018-04-08"}) == "8 avril 2018"
    assert french.flatten("#x.list#", values={"x": ["A", "B", "C"]}) == "A, B et C"
    assert french.flatten("#x.thousands#", values={"x": 1234.5}) == "1\u202f234,5"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("#x.ordinal#", 'the modifier .ordinal cannot be applied to #x#: "DNF" is not a number'),
        ("#x.date#", 'the modifier .date cannot be applied to #x#: "DNF" is not a date'),
        (
            "#x.lap time(week)#",
            'the modifier .lap time cannot be applied to #x#: "week" is not a unit of time: ms, s, min or h',
        ),
        ("#x.lap time(s,x)#", 'the modifier .lap time cannot be applied to #x#: "x" is not a number of decimal places'),
        (
            "#x.duration(s,0)#",
            'the modifier .duration cannot be applied to #x#: "0" is not a number of units: 1, 2, 3 or 4',
        ),
        ("#x.round(x)#", 'the modifier .round cannot be applied to #x#: "x" is not a number of decimal places'),
    ],
)
def test_a_modifier_that_cannot_be_applied(text, message):
    with pytest.raises(CoursewrightError) as caught:
        Grammar({}, strict=True).flatten(text, values={"x": "DNF"})
    assert caught.value.problem.message == message
    name = text[3:-1].partition("(")[0]
    assert Grammar({}).flatten(text, values={"x": "DNF"}) == f"DNF((.{name}))"


@pytest.mark.parametrize(("modifier", "value", "why"), [
    ("ordinal", 2.7, '"2.7" is not a whole number'),
    ("ordinal words", "2.5", '"2.5" is not a whole number'),
    ("most", ["9", "DNF", 3], "it holds text and a number, of which none is more or less"),
    ("least", [True, False], "it holds true or false, of which none is more or less"),
    ("most", [datetime.date(2018, 4, 8), 3], "it holds a date and a number, of which none is more or less"),
])  # fmt: skip
def test_what_no_modifier_can_say(modifier, value, why):
    with pytest.raises(CoursewrightError) as caught:
        Grammar({}, strict=True).flatten(f"#x.{modifier}#", values={"x": value})
    assert caught.value.problem.message == f"the modifier .{modifier} cannot be applied to #x#: {why}"


def test_a_modifier_of_ones_own():
    grammar = Grammar({}, modifiers={"shout": lambda value, mark="!": f"{value}{mark}"})
    assert grammar.flatten("#x.shout# #x.shout(?)#", values={"x": 3}) == "3! 3?"


def test_every_modifier_has_a_case():
    tested = {name.partition("(")[0] for some in CASES for name in some.split(".")}
    assert set(table()) - tested == {
        "list",
        "oxford",
        "join",
        "count",
        "distinct",
        "total",
        "first",
        "last",
        "most",
        "least",
    }


@pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
@pytest.mark.parametrize("name", sorted(table()))
@pytest.mark.parametrize(
    "value", ["", "x", -1, 0, 10**30, 1.5, 1e300, float("inf"), True, datetime.date(1, 1, 1), b"\xff", [[]]]
)
def test_no_modifier_raises_anything_but_its_own_error(name, value):
    for arguments in ("", "(1)", "(a,b)", "(9999999999)"):
        assert isinstance(Grammar({}).flatten(f"#x.{name}{arguments}#", values={"x": value}), str)
