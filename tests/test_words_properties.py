"""What must hold for any grammar and any rows."""

from __future__ import annotations

import datetime
import json
from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coursewright import chance
from coursewright.errors import CoursewrightError
from coursewright.markup import escape_anywhere
from coursewright.words import Grammar, tell, teller, telling
from coursewright.words.language.scan import read
from coursewright.words.readying import ready

# A gap in a text, where something is missing, is as good as any other text here: both paths must have the same one.
pytestmark = pytest.mark.filterwarnings("ignore::coursewright.words.MissingValueWarning")
NONCHARACTERS = ["\ufdd0", "\ufdd3", "\ufdd4", "\ufdd6", "\ufdd7", "\ufdd8"]
SIGNS = st.text(alphabet=[*"ab #[]\\.,:()é-0", *NONCHARACTERS], max_size=8)
FLOATS = st.floats(allow_infinity=False, width=64) | st.sampled_from([0.0, -0.0, 1e-7, 1e15, 1e16, 2.5, 3.0, 1e22])
KINDS = {
    "text": st.none() | SIGNS | st.sampled_from(["", "DNF", "3", "-4.5", "female"]),
    "whole": st.none() | st.integers(-(2**62), 2**62) | st.integers(-3, 25),
    "real": st.none() | FLOATS,
    "day": st.none() | st.dates(datetime.date(1950, 1, 1), datetime.date(2030, 1, 1)),
    "flag": st.none() | st.booleans(),
}
DTYPES = {"text": pl.String, "whole": pl.Int64, "real": pl.Float64, "day": pl.Date, "flag": pl.Boolean}
ROWS = st.lists(st.fixed_dictionaries(KINDS), min_size=1, max_size=30)

TESTS = ["whole <= 3", "whole > 2.5", "real >= 0", "text = '3'", "text is missing", "flag", "not flag", "text > whole",
         "day >= '2000-01-01'", "whole in (1, 2, 3) or real is missing", "whole + 1 > real", "flag = true",
         "not (real < 2 and whole > 1)", "text < 4", "whole between 1 and 5", "real / whole > 1",
         "text != 'x'", "text = '3' and text >= whole", "text is missing or text = '3' or flag", "day > '1990'",
         "text < 'b'", "real >= whole", "text = whole", "real = 2.5 or whole + 0.5 = real"]  # fmt: skip
MODIFIERS = ["", ".capitalize", ".ordinal", ".upper", ".a", ".s", ".round(1)", ".thousands", ".or(empty)", ".nope",
             ".date", ".words", ".possessive.capitalizeAll", ".replace(a,b)", ".their", ".first", ".mine"]  # fmt: skip
EDGES = st.sampled_from(["", "", " ", ", ", ".", ". ", " (", ") ", "In ", "the ", ",", "! ", "\n", "X"])
COLUMNS = st.sampled_from(list(KINDS))
SYMBOLS = ["a", "b", "c"]


def pieces(later):
    column = st.builds("#{}{}#".format, COLUMNS, st.sampled_from(MODIFIERS))
    options = [
        st.sampled_from(["word ", "x, ", "an apple", ". ", "", "p]", "\\#", "#p#", "#missing thing#"]),
        column,
        column,
    ]
    options.append(st.builds("[p:{}]".format, column))
    options += [
        st.builds("{}[?{}{}{}]{}".format, EDGES, EDGES, column, EDGES, EDGES),
        st.builds("{}[?{}{}[?{}{}]][?, {}]{}".format, EDGES, EDGES, column, EDGES, column, column, EDGES),
        st.builds("[p:[?{}{}, b: c]]#p{}#".format, EDGES, column, st.sampled_from(MODIFIERS)),
        st.sampled_from(["#p.or(none)#", "#p.ordinal#", "[?, #p#]", "#p.list#"]),
    ]
    if later:
        symbol = st.sampled_from(later)
        options += [
            st.builds("#{}{}#".format, symbol, st.sampled_from(["", "", "", ".capitalize", ".a", ".upper.s", ".mine"])),
            st.builds("#[p:#{}#]{}#".format, symbol, symbol),
            st.builds("[p:#{}#,lit]#p# #p#".format, symbol),
            st.builds("[#{}#]#p#[p:POP]".format, symbol),
            st.builds("#{}.or(no {{}})#".format, symbol),
            st.builds("[?{}#{}{}#{}]".format, EDGES, symbol, st.sampled_from(["", ".capitalize", ".or(x)"]), EDGES),
        ]
    return st.lists(st.one_of(options), max_size=4).map("".join)


def rules_of(later):
    texts = st.lists(pieces(later), min_size=1, max_size=3)
    plain = texts | texts.map(lambda some: {"no repeat": some})
    plain |= texts.map(lambda some: {text: number + 1 for number, text in enumerate(some)})
    cases = st.dictionaries(st.sampled_from(TESTS), plain, min_size=1, max_size=3)
    return plain | st.builds(lambda some, other: {**some, "otherwise": other}, cases, plain)


GRAMMARS = st.fixed_dictionaries(
    {
        "origin": rules_of(SYMBOLS),
        "a": rules_of(["b", "c"]),
        "b": rules_of(["c"]),
        "c": rules_of([]),
    },
    optional={"missing": st.sampled_from(["nothing", ["n/a", "unknown"], "#flag#"])},
)


def frame_of(rows):
    return pl.DataFrame(rows, schema=DTYPES).with_columns(pl.col("real").fill_nan(None))


def row_by_row(teller, frame):
    return replace(teller, columns=None).write(frame).to_list()


def mine(value, *_):
    return f"<{value}\\#>"


@given(GRAMMARS, ROWS, st.integers(0, 5), st.sampled_from([None, escape_anywhere]))
@settings(max_examples=300)
def test_columns_and_rows_give_the_same_text(rules, rows, seed, escape):
    grammar = Grammar(rules, modifiers={"mine": mine}, max_length=5000, escape=escape)
    frame = frame_of(rows)
    teller = ready(grammar, "origin", frame.columns, seed=seed)
    try:
        expected = row_by_row(teller, frame)
    except CoursewrightError:
        with pytest.raises(CoursewrightError):
            teller.write(frame)
        return
    assert teller.write(frame).to_list() == expected


@given(GRAMMARS, ROWS)
def test_a_strict_grammar_fails_alike_on_both_paths(rules, rows):
    grammar = Grammar(rules, strict=True, max_length=5000, modifiers={"nope": mine, "mine": mine})
    frame = frame_of(rows)
    try:
        teller = ready(grammar, "origin", frame.columns)
    except CoursewrightError:
        return
    outcomes = []
    for work in (lambda: row_by_row(teller, frame), lambda: teller.write(frame).to_list()):
        try:
            outcomes.append(work())
        except CoursewrightError as error:
            outcomes.append(str(error))
    assert outcomes[0] == outcomes[1]


@given(GRAMMARS, ROWS, st.randoms(use_true_random=False))
def test_neither_order_nor_batches_change_a_rows_text(rules, rows, random):
    assume("no repeat" not in json.dumps(rules))
    grammar = Grammar(rules, modifiers={"mine": mine})
    keyed = [{**row, "id": f"row {number}"} for number, row in enumerate(rows)]
    schema = {**DTYPES, "id": pl.String}
    try:
        texts = tell(grammar, pl.DataFrame(keyed, schema=schema), key="id")
    except CoursewrightError:
        return  # values that do not compare
    expected = dict(zip([row["id"] for row in keyed], texts, strict=True))
    random.shuffle(keyed)
    before = teller.BATCH, telling._LEAST
    teller.BATCH = telling._LEAST = random.randint(1, 7)
    try:
        shuffled = tell(grammar, pl.DataFrame(keyed, schema=schema), key="id")
    finally:
        teller.BATCH, telling._LEAST = before
    assert dict(zip([row["id"] for row in keyed], shuffled, strict=True)) == expected


@given(st.lists(SIGNS | st.text(max_size=20), min_size=1, max_size=5))
def test_values_come_out_as_they_went_in(values):
    grammar = Grammar(
        {"origin": ["#[kept:#x#]copy#|#x#", "#[kept:#x#]copy#|#x#"], "copy": "#kept#|#again#", "again": "#x#"}
    )
    rows = [{"x": value} for value in values]
    expected = [f"{value}|{value}|{value}" for value in values]
    assert tell(grammar, rows) == expected
    assert tell(grammar, pl.DataFrame(rows)).to_list() == expected


@given(GRAMMARS, ROWS)
def test_no_known_symbol_is_left_and_nothing_missing_is_printed(rules, rows):
    grammar = Grammar(rules)
    assume(not any(problem.rule == "unreadable-rule" for problem in grammar.check()))  # such text stays as it is
    blank = [dict.fromkeys(row) for row in rows]
    for text in tell(grammar, blank):
        assert not any(f"#{name}#" in text for name in [*KINDS, *SYMBOLS])
        assert not {"None", "nan", "NaN", "NaT", "NA", "null"} & set(text.replace("(", " ").split())


@given(st.text(alphabet="#[]\\.:,()ab ", max_size=40), st.text(alphabet="#[]\\.:,()ab ", max_size=40))
@settings(max_examples=300)
def test_any_text_can_be_a_rule(rule, text):
    grammar = Grammar({"a": [rule, "x"], "b": [text, "#a#"]}, max_length=2000, max_depth=30)
    for strict in (False, True):
        checked = Grammar(grammar.rules, strict=strict, max_length=2000, max_depth=30)
        try:
            assert isinstance(checked.flatten(text), str)
        except CoursewrightError as error:
            assert error.problem.where is not None  # noqa: PT017 - an error or none
    assert all(problem.where and problem.rule and problem.hint for problem in grammar.check([]))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(alphabet="#[]ab<=3 ", max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="ab<=3 ", max_size=6), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["origin", "a", "b"]), JSON, max_size=3))
@settings(max_examples=200)
def test_any_json_is_a_grammar_or_an_error_with_a_place(raw):
    try:
        grammar = Grammar(raw, max_length=2000)
        grammar.check(["x"])
        tell(grammar, pl.DataFrame({"a": ["x", "y"], "b": [1, None]}))
    except CoursewrightError as error:
        assert all(problem.where for problem in error.problems)  # noqa: PT017 - an error or none


@given(st.binary(max_size=60), st.sampled_from([".json", ".yaml"]))
@settings(max_examples=150)
def test_any_file_is_a_grammar_or_an_error_with_its_name(tmp_path_factory, content, suffix):
    path = tmp_path_factory.mktemp("fuzz", numbered=True) / f"grammar{suffix}"
    path.write_bytes(content)
    try:
        Grammar.read(path).check()
    except CoursewrightError as error:
        assert error.problem.where is not None and str(path) in str(error.problem.where)  # noqa: PT017, PT018 - an error or none


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1), st.integers(1, 50))
def test_scalar_and_array_hashes_agree(hashes, options):
    import numpy as np

    array = np.array(hashes, dtype=np.uint64)
    assert chance.mix_all(array).tolist() == [chance.mix(one) for one in hashes]
    positions = np.arange(40)
    dealt = chance.deal_all(hashes[0], positions, options).tolist()
    assert dealt == [chance.deal(hashes[0], position, options) for position in range(40)]
    assert options == 1 or all(one != other for one, other in pairwise(dealt))


@given(st.text(max_size=30))
def test_the_scanner_loses_no_text_without_signs(text):
    assume(not set("#[]\\") & set(text))
    assert "".join(read(text).parts) == text
