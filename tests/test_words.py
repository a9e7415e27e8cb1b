"""Text from rows: what a user of `Grammar` and `tell` sees."""

from __future__ import annotations

import datetime
import subprocess
import sys
from itertools import pairwise

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from coursewright.errors import CoursewrightError, Place
from coursewright.markup import escape_anywhere
from coursewright.words import Grammar, explain, tell
from coursewright.words.readying import ready

ROWS = [{"name": "Jo", "place": "first"}, {"name": "Sam", "place": "Second"}]
PLACED = Grammar({"origin": "#name# was placed #place.upper#!"})
TOLD = ["Jo was placed FIRST!", "Sam was placed SECOND!"]


def test_the_smallest_example():
    assert tell(PLACED, ROWS) == TOLD


def test_a_sentence_of_a_finder():
    grammar = Grammar({"origin": "#code# is looking for their #next.ordinal# start for #team#"}, strict=True)
    row = {"code": "VET", "next": 200, "team": "Ferrari"}
    assert tell(grammar, [row]) == ["VET is looking for their 200th start for Ferrari"]


# Every kind of rows


def test_intervals_and_dates_of_long_ago_are_told_as_the_database_has_them():
    rows = duckdb.sql(
        "SELECT INTERVAL '1 minute 34.512 seconds' AS lap, INTERVAL '14 months' AS age, DATE '0044-03-15 (BC)' AS day, "
        "[DATE 'infinity'] AS days, 12345678901234567890::BIGNUM AS n"
    )
    grammar = Grammar({"origin": "#lap# (#lap.duration#) #age# #day# #days# #n.thousands#"})
    told = [
        '1:34.512 (1 minute and 35 seconds) 1 year 2 months 0044-03-15 (BC) ["infinity"] 12,345,678,901,234,567,890'
    ]
    assert tell(grammar, rows).fetchall() == [(told[0],)]
    table = rows.to_arrow_table()
    assert tell(grammar, table).to_pylist() == told
    assert tell(grammar, table.to_batches()[0]).to_pylist() == told


def test_pandas_gives_a_series_with_the_callers_index():
    told = tell(PLACED, pd.DataFrame(ROWS, index=[7, 3]))
    pd.testing.assert_series_equal(told, pd.Series(TOLD, index=[7, 3], name="text", dtype="str"))


def test_polars_gives_a_series():
    assert tell(PLACED, pl.DataFrame(ROWS)).to_list() == TOLD
    assert tell(PLACED, pl.DataFrame(ROWS).lazy()).collect()["text"].to_list() == TOLD


def test_pyarrow_gives_arrays():
    told = tell(PLACED, pa.Table.from_pylist(ROWS))
    assert isinstance(told, pa.ChunkedArray)
    assert told.to_pylist() == TOLD
    batch = tell(PLACED, pa.RecordBatch.from_pylist(ROWS))
    assert isinstance(batch, pa.Array)
    assert batch.to_pylist() == TOLD


def test_a_duckdb_relation_gives_a_relation():
    with duckdb.connect() as database:
        told = tell(PLACED, database.sql("select 'Jo' as name, 'first' as place"))
        assert isinstance(told, duckdb.DuckDBPyRelation)
        assert told.fetchall() == [("Jo was placed FIRST!",)]


@pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
def test_many_mappings_are_told_as_few_are():
    rows = [{"name": f"n{number}", "place": None if number % 3 else number} for number in range(500)]
    told = tell(PLACED, rows)
    assert told[:150] == tell(PLACED, rows[:150])
    assert told[499] == ""
    mixed = [*rows, {"name": 3, "place": datetime.date(2018, 4, 8)}]
    assert tell(PLACED, mixed) == [*told, "3 was placed 2018-04-08!"]


def test_no_rows_give_no_texts():
    assert tell(PLACED, []) == []
    assert tell(PLACED, pl.DataFrame(ROWS).clear()).to_list() == []
    assert tell(PLACED, pd.DataFrame(ROWS).iloc[:0]).to_list() == []


def test_any_name_of_a_column_works():
    names = ["name", "class", "a b", "é", "日本", "index", "text", "missing"]
    grammar = Grammar({"origin": " ".join(f"#{name}#" for name in names)})
    row = dict(zip(names, "abcdefgh", strict=True))
    for rows in ([row], pd.DataFrame([row]), pl.DataFrame([row])):
        assert list(tell(grammar, rows)) == ["a b c d e f g h"]


@pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
def test_a_pandas_column_of_several_types_is_told_row_by_row():
    frame = pd.DataFrame({"name": ["Jo", 3], "place": ["first", None]})
    assert tell(PLACED, frame).to_list() == ["Jo was placed FIRST!", ""]


def test_a_group_is_told_as_a_list():
    grammar = Grammar({"origin": "#team#: #code# (#code.count#), best #pos.least.ordinal#"})
    rows = [{"team": "M", "code": "HAM", "pos": 3}, {"team": "F", "code": "VET", "pos": 1},
            {"team": "M", "code": "BOT", "pos": 2}]  # fmt: skip
    told = ["M: HAM and BOT (2), best 2nd", "F: VET (1), best 1st"]
    assert tell(grammar, rows, by="team") == told
    assert tell(grammar, pl.DataFrame(rows), by=["team"]).to_list() == told
    series = tell(grammar, pd.DataFrame(rows), by="team")
    assert series.to_dict() == {"M": told[0], "F": told[1]}
    assert series.index.name == "team"


def test_each_row_of_a_group_is_told_in_one_text():
    grammar = Grammar({
        "origin": "#race#: #code.each(line).join(; )#. #code.count.words.capitalize# started.",
        "line": {"pos = 1": "#code# won", "pos is missing": "#code# retired", "otherwise": "#verb# #pos.ordinal#"},
        "verb": {"no repeat": ["#code# came", "#code# was"]},
    }, strict=True)  # fmt: skip
    rows = [{"race": "B", "code": "VET", "pos": 1}, {"race": "B", "code": "B#T", "pos": 2},
            {"race": "B", "code": "HAM", "pos": 3}, {"race": "B", "code": "RAI", "pos": None}]  # fmt: skip
    told = tell(grammar, rows, by="race")
    assert told[0].startswith("B: VET won; B#T ")
    assert told[0].endswith(" 3rd; RAI retired. Four started.")
    assert "came 2nd; HAM was 3rd" in told[0] or "was 2nd; HAM came 3rd" in told[0]
    assert tell(grammar, pl.DataFrame(rows), by="race").to_list() == told
    assert grammar.check(["race", "code", "pos"]) == []


# Values are data


def test_signs_in_a_value_are_printed():
    value = r"C# and F# [code] \ #name#"
    grammar = Grammar({"origin": "#[kept:#x#]copy.capitalize#", "copy": "#kept# #x#"})
    assert tell(grammar, [{"x": value}]) == [f"{value} {value}"]


def test_values_are_escaped_for_the_language_of_the_rules():
    rows = [
        {"team": "A", "name": "*Jo*", "url": "https://x.org/?a=1&b=[2]"},
        {"team": "A", "name": "_Al_", "url": None},
    ]
    rules = {
        "origin": "**#team#**: #name.each(one).join(; )#, *#name.count.words#*",
        "one": {"url is missing": "#name#", "otherwise": r"\[#name.upper#\](#url#) [kept:#name#]#kept#"},
    }
    grammar = Grammar(rules, escape=escape_anywhere)
    jo = "[&#42;JO&#42;](https&#58;//x.org/?a=1&#38;b=&#91;2&#93;) &#42;Jo&#42;"
    told = f"**A**: {jo}; &#95;Al&#95;, *two*"
    assert tell(grammar, rows, by="team") == [told]
    assert tell(grammar, pl.DataFrame(rows), by="team").to_list() == [told]


def test_what_a_rule_wrote_is_modified_with_its_escapes():
    rules = {"origin": "#told.a#|#name.own#", "told": "#name#"}
    grammar = Grammar(rules, escape=escape_anywhere, modifiers={"own": lambda text: f"{text}\\#"})
    frame = pl.DataFrame({"name": ["", "*x*"]})
    expected = ["a |&#92;&#35;", "a &#42;x&#42;|&#42;x&#42;&#92;&#35;"]
    assert tell(grammar, frame).to_list() == expected
    assert tell(grammar, frame.to_dicts()) == expected


@pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
def test_missing_values():
    frame = pd.DataFrame({"x": [1, None], "y": ["a", pd.NA], "z": [pd.NaT, pd.Timestamp("2018-04-08")]})
    assert tell(Grammar({"origin": "#x.ordinal#|#y#|#z.date#"}), frame).to_list() == ["", ""]
    there = Grammar({"origin": "[?#x.ordinal#]|[?#y#]|[?#z.date#]"})
    assert tell(there, frame).to_list() == ["1st|a|", "||8 April 2018"]
    default = Grammar({"origin": "#x.ordinal# #y.or(none)#", "missing": ["unknown"]})
    assert tell(default, frame).to_list() == ["1st a", "unknown none"]
    tested = Grammar({"origin": {"x is missing": "no x", "otherwise": "#x#"}})
    assert tell(tested, frame).to_list() == ["1", "no x"]
    assert tell(tested, [{"x": None}, {"x": float("nan")}, {"x": pd.NA}]) == ["no x"] * 3


def test_what_only_other_rows_have_is_missing():
    grammar = Grammar({"origin": "[?#x#]#y.or(none)#"}, strict=True)
    rows = [{"x": 1}, {"y": 2}]
    assert tell(grammar, rows) == ["1none", "2"]
    assert tell(grammar, rows * 200) == ["1none", "2"] * 200


def test_how_values_are_printed():
    row = {
        "a": 3.0,
        "b": 2.5,
        "c": True,
        "d": datetime.date(2018, 4, 8),
        "e": datetime.timedelta(seconds=94.5),
        "f": 1e22,
    }
    grammar = Grammar({"origin": "#a# #b# #c# #d# #e# #f#"})
    expected = ["3 2.5 true 2018-04-08 1:34.500 1e+22"]
    assert tell(grammar, [row]) == expected
    assert tell(grammar, pl.DataFrame([row])).to_list() == expected


@pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt8, pl.Int16, pl.UInt64, pl.Int64, pl.Float32, pl.Decimal(20, 2)])
def test_every_type_of_number_is_printed_alike(dtype):
    values = [*range(127), None, 0, 1] * 8
    frame = pl.DataFrame({"x": pl.Series(values, dtype=dtype)})
    text = "{}" if dtype != pl.Decimal(20, 2) else "{}.00"
    expected = ["" if value is None else f"{text.format(value)}|{value}" for value in values]
    assert tell(Grammar({"origin": "#x#|#x.round#"}), frame).to_list() == expected


@pytest.mark.parametrize(
    ("dtype", "ends"), [(pl.Int8, [-128, 127]), (pl.Int64, [-(2**63), 2**63 - 1]), (pl.UInt64, [2**64 - 2, 2**64 - 1])]
)
def test_the_ends_of_a_type_of_number(dtype, ends):
    frame = pl.DataFrame({"x": pl.Series(ends * 200, dtype=dtype)})
    assert tell(Grammar({"origin": "#x# #x.signed#"}), frame).to_list()[:2] == [
        f"{value} {'+' if value > 0 else ''}{value}" for value in ends
    ]


# Choices


def test_the_choice_depends_on_seed_and_key_alone():
    grammar = Grammar({"origin": "#v# #v# #v#", "v": list("abcdefgh")})
    rows = [{"id": number, "n": 0} for number in range(300)]
    told = tell(grammar, rows, key="id")
    assert tell(grammar, rows[::-1], key="id") == told[::-1]
    assert tell(grammar, pl.DataFrame(rows).with_columns(pl.col("id").cast(pl.String)), key="id").to_list() == told
    assert tell(grammar, pl.DataFrame(rows).with_columns(pl.col("id").cast(pl.Float64)), key="id").to_list() == told
    assert tell(grammar, rows, key="id", seed=1) != told
    assert (
        tell(grammar, rows, key=["id", "n"])
        == tell(grammar, rows[:150], key=["id", "n"])
        + tell(grammar, pl.DataFrame(rows[150:]), key=["id", "n"]).to_list()
    )


def test_texts_stay_the_same_for_ever():
    """Whoever changes a hash changes every text that users have published: these must not move."""
    grammar = Grammar(
        {"origin": "#v# #w# #d#", "v": list("abcdefgh"), "w": {"x": 1, "y": 3}, "d": {"no repeat": list("pqr")}}
    )
    assert tell(grammar, [{}] * 6, seed=2018) == GOLDEN
    assert grammar.flatten("#v##v##v##v#", seed="Bahrain") == GOLDEN_FLAT


GOLDEN = ["g y q", "d y p", "h x r", "f y p", "c y q", "c y r"]
GOLDEN_FLAT = "dfdh"


def test_weights():
    grammar = Grammar({"origin": {"often": 3, "seldom": 1, "never": 0}})
    told = tell(grammar, pl.DataFrame({"x": range(4000)})).to_list()
    assert set(told) == {"often", "seldom"}
    assert 2900 < told.count("often") < 3100


def test_no_repeat_never_reads_alike_in_neighbouring_rows():
    for options in (["a", "b"], ["a", "b", "c"], list("abcdefg")):
        grammar = Grammar({"origin": {"no repeat": options}})
        told = tell(grammar, [{}] * 190)
        assert all(one != other for one, other in pairwise(told))
        assert set(told) == set(options)
        assert tell(grammar, pl.DataFrame({"x": range(190)})).to_list() == told


POSITION = {
    "pos = 1": ["won"],
    "pos <= 3 and team = 'Ferrari'": "took a podium for Italy",
    "pos <= 3": "took a podium",
    "pos is missing": {"retired": "retired", "otherwise": "did not start"},
    "otherwise": "came #pos.ordinal#",
}


@pytest.mark.parametrize(
    ("pos", "team", "retired", "text"),
    [
        (1, "Ferrari", False, "won"),
        (2, "Ferrari", False, "took a podium for Italy"),
        (3, None, None, "took a podium"),
        (11, "x", False, "came 11th"),
        (None, "x", True, "retired"),
        (None, None, None, "did not start"),
    ],
)
def test_conditions(pos, team, retired, text):
    row = {"pos": pos, "team": team, "retired": retired}
    grammar = Grammar({"origin": POSITION}, strict=True)
    schema = {"pos": pl.Int64, "team": pl.String, "retired": pl.Boolean}
    assert tell(grammar, [row]) == [text]
    assert tell(grammar, pl.DataFrame([row], schema=schema)).to_list() == [text]


def test_conditions_never_run_code():
    for code in (
        "__import__('os')",
        "pos.real",
        "lambda: 1",
        "[1]",
        "pos ** 2",
        "open('x')",
        "f'{pos}'",
        "pos if 1 else 2",
    ):
        with pytest.raises(CoursewrightError, match="cannot be read"):
            Grammar({"origin": {code: "x"}})


# The language


def test_what_a_tag_saves_is_forgotten_after_it():
    assert Grammar({"b": "#a#", "a": "base"}).flatten("#[a:in]b#/#a#") == "in/base"


def test_nothing_is_left_for_the_next_text():
    grammar = Grammar({})
    grammar.flatten("[a:kept]")
    assert grammar.flatten("#a#") == "((a))"


def test_what_is_saved_over_a_column_hides_it():
    assert tell(Grammar({"origin": "#[x:saved]o# #x#", "o": "#x#"}), [{"x": "column"}]) == ["saved column"]


def test_a_modifier_may_return_grammar_that_is_saved():
    grammar = Grammar(
        {"origin": "[said:#pos.judged#]#said#", "good": "#name# won", "bad": "#name# lost"},
        modifiers={"judged": lambda value: "#good#" if value == 1 else "#bad#"},
    )
    rows = [{"name": "A#", "pos": 1}, {"name": "B", "pos": 2}]
    assert tell(grammar, rows) == tell(grammar, pl.DataFrame(rows)).to_list() == ["A# won", "B lost"]


def test_pronouns_saved_by_a_choice_are_told_by_columns():
    grammar = Grammar({"origin": "#[#who#]story#", "who": ["[they:she][their:her]", "[they:he][their:his]"],
                       "story": "#they.capitalize# kept #their# lead, #name#"})  # fmt: skip
    rows = pl.DataFrame({"name": [f"n{number}" for number in range(50)]})
    told = tell(grammar, rows).to_list()
    assert explain(grammar, rows).path == "columns"
    assert {text.split(",")[0] for text in told} == {"She kept her lead", "He kept his lead"}


# Explaining


def test_explain_gives_the_rules_that_fired():
    grammar = Grammar({"origin": "#who.capitalize# won", "who": ["#name#"]})
    explained = explain(grammar, [{"name": "jo"}])
    assert explained.text == "Jo won"
    assert str(explained) == (
        "Jo won\ntold by columns\norigin: #who.capitalize# won → Jo won\n  who: #name# → jo\n    name: a column → jo"
    )


def test_explain_says_why_a_grammar_is_told_row_by_row():
    explained = explain(Grammar({"origin": ["#[a:\\#b]origin#.", "."]}), [{"name": "jo"}])
    reason = '"origin" leads back to itself, and it saves or modifies what may hold an escape'
    assert (explained.path, explained.reason) == ("rows", reason)
    explained = explain(Grammar({"origin": ["#[a:b]origin#.", "."]}), [{"name": "jo"}])
    assert (explained.path, explained.reason) == ("levels", '"origin" leads back to itself')


def test_explain_knows_how_many_rows_there_are():
    with pytest.raises(CoursewrightError) as caught:
        explain(PLACED, ROWS, 2)
    assert str(caught.value) == "error: there is no row 2\n  --> explain, row\nhint: rows count from 0 to 1"


# Importing


def test_importing_the_room_is_light():
    heavy = "numpy, polars, babel, pandas, pyarrow, duckdb, yaml"
    code = f"import sys, coursewright.words; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
    simple = "from coursewright.words import Grammar, tell; tell(Grammar({'origin': '#x.upper#'}), [{'x': 'a'}])"
    code = f"import sys; {simple}; print([m for m in '{heavy}'.split(', ') if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_pandas_is_not_needed():
    code = (
        "import sys; sys.modules['pandas'] = None; import polars as pl; from coursewright.words import Grammar, tell; "
    )
    code += "print(tell(Grammar({'origin': '#x.upper#'}), pl.DataFrame({'x': ['a']})).to_list())"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "['A']"


def test_an_unknown_column_is_an_error_with_place_and_hint():
    grammar = Grammar({"origin": "#drvier# won"}, strict=True, place=Place("facts/wins.sql", 3, "tell"))
    with pytest.raises(CoursewrightError) as caught:
        tell(grammar, [{"driver": "Jo"}])
    assert str(caught.value) == (
        'error: no column or rule called "drvier"\n'
        "  --> facts/wins.sql:3, tell\n"
        'hint: did you mean "driver"? Available: driver, origin'
    )


# Which path


WORDS = [f"word {number}" for number in range(6000)]


@pytest.mark.parametrize(
    "rules",
    [
        {"origin": "#name# #w# #w.capitalize# #w#", "w": WORDS},
        {"origin": "#name# #w#", "w": [*WORDS, "the #name#", "the \\#name"]},
        {"origin": "#name# #w#", "w": {"some": 3, "others": 1.5, "the #name#": 1, "most": 0}},
        {"origin": "[kept:#w#]#kept# and #kept#", "w": WORDS},
        {"origin": "#set##hero# saw #hero#", "hero": "nobody", "set": ["[hero:#name#]", "", "[hero:one][hero:two]"]},
        {"origin": "#set##hero# saw #[hero:all]saw#", "saw": "#hero#", "set": ["[hero:#name#]", ""]},
        {"origin": "#w#", "w": {"no repeat": [*WORDS[:50], "#name#"]}},
    ],
)
def test_what_stays_columnar(rules):
    rows = pl.DataFrame({"name": [f"n{number}" for number in range(300)]})
    grammar = Grammar(rules)
    explained = explain(grammar, rows, 7)
    assert (explained.path, explained.reason) == ("columns", "")
    told = tell(grammar, rows).to_list()
    assert [explain(grammar, rows, row).text for row in (0, 7, 299)] == [told[0], told[7], told[299]]
    assert tell(grammar, rows[:150].to_dicts()) == told[:150]


def test_a_plan_too_large_for_few_rows_is_not_made():
    grammar = Grammar({"origin": [f"#name# {number}" for number in range(500)]})
    rows = pl.DataFrame({"name": ["x"] * 5000})
    assert ready(grammar, "origin", ["name"], rows=20).reason == "so few rows need no plan"
    assert (
        ready(grammar, "origin", ["name"], rows=300).reason == "it has more than 300 places, too many for so few rows"
    )
    assert ready(grammar, "origin", ["name"], rows=5000).reason == ""
    assert tell(grammar, rows)[:20].to_list() == tell(grammar, rows[:20]).to_list()
