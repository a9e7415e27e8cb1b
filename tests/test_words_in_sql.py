"""Grammars as SQL: what Python tells, SQL tells the same or not at all, over grammars and rows that are generated."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal

import duckdb
import pyarrow as pa
import pytest

from coursewright.chance import stream
from coursewright.errors import CoursewrightError, MissingPart
from coursewright.markup import escape_anywhere
from coursewright.sites.retelling.engine import run
from coursewright.words import Grammar
from coursewright.words.columnar.parts import NotColumnar
from coursewright.words.door.keys import row_key
from coursewright.words.in_sql import PRELUDE, NotInSql, in_sql, prelude_for
from coursewright.words.printing import numbers
from coursewright.words.readying import ready

COLUMNS = {
    "n": "INTEGER", "big": "BIGINT", "f": "DOUBLE", "d": "DECIMAL(6,2)", "t": "VARCHAR", "code": "VARCHAR",
    "b": "BOOLEAN", "day": "DATE", "at": "TIMESTAMP", "names": "VARCHAR[]", "nums": "INTEGER[]",
    "who": "VARCHAR[]", "won": "INTEGER[]",
}  # fmt: skip
VALUES = {
    "n": [None, 0, 1, -1, 2, 3, 8, 11, 12, 18, 21, 42, 80, 100, 101, 111, 113, 811, 1000, 1812, 1900, 11000, 123456,
          -3],
    "big": [None, 0, 1, 999, 1000, 1001, 1_000_000, 18_000_011, 999_999_999, 10**9, 10**15, -12345678],
    "f": [None, 0.0, -0.0, 1.0, 0.5, 2.5, -2.5, 0.1 + 0.2, 1e-5, 1e15, 1e16, 1e300, 1234.5678, 0.125, 33.335, 99.995,
          float("nan"), float("inf"), 1 / 3, 100.0, 0.0001, 123456789.125, 5e-324],
    "d": [None, Decimal("0.00"), Decimal("1.00"), Decimal("-1.50"), Decimal("1234.05"), Decimal("0.99"),
          Decimal("2.00")],
    "t": [None, "", "Ferrari", "iPhone", "éclair", "ß", "«non»", "a & b", "<i>", "x # y", "[z]", "3", "03", "1.5",
          "-7",
          "12 km", "Δelta", "she", "it's", " padded ", "two\nlines", "\ufdd6", "http://x.org", "1. list", "\\", "*",
          "Müller, Anna", "salt and pepper", "naïve", "ŉ", "a@b.c", "日本", "2018-04-08", "- x", "🏎 fast"],
    "code": [None, "HAM", "VET", "BOT", "RAI", "DNF"],
    "b": [None, True, False],
    "day": [None, datetime.date(2018, 4, 8), datetime.date(1950, 5, 13), datetime.date(2000, 2, 29),
          datetime.date(99, 1, 2)],
    "at": [None, datetime.datetime(2018, 4, 8, 15, 10), datetime.datetime(1999, 12, 31, 23, 59, 59, 500000)],
    "names": [None, [], ["HAM"], ["HAM", "BOT"], ["HAM", None, "VET", "BOT"], ["a, b", "c"], ["1,234", "c", "d"],
              ["salt and pepper", "oil"], [None], ["HAM", "HAM", "BOT"], ["ŉ", "x"]],
    "nums": [None, [], [1], [1, 2], [3, None, 3], [10, 20, 30], [-1]],
    "who": [[], ["HAM"], ["VET", "RAI"], ["BOT", None, "ALO"]], "won": [[], [1], [0, 12], [None, 3, 1]],
}  # fmt: skip
MODIFIERS = {
    "n": ["ordinal", "ordinal.a", "words", "words(10)", "ordinal words", "ordinal words(20)", "thousands", "signed",
          "round",
          "plural(win)", "plural(party)", "either(is,are)", "agree(was)", "upper", "words.capitalize", "or(none)",
          "round(2)",
          "percent", "a", "trim", "ordinal words.capitalize", "replace(1,one)", "lap time",
          "plural(Grand Prix,Grands Prix)"],
    "big": ["thousands", "words", "ordinal", "ordinal words", "thousands.ordinal"],
    "f": ["round", "round(1)", "round(3)", "percent", "percent(1)", "thousands", "signed", "plural(point)", "ordinal",
          "words", "or(unknown)", "round(2).thousands", "agree(is)"],
    "d": ["round", "round(1)", "thousands", "plural(point)", "signed", "ordinal", "percent(1)", "upper"],
    "t": ["upper", "lower", "capitalize", "trim", "replace(a,b)", "replace( ,_)", "ordinal", "plural(lap)",
          "thousands",
          "a", "or(nobody)", "words", "s", "date(long)", "replace(a,).capitalize", "year"],
    "code": ["lower", "lower.capitalize", "possessive", "or(nobody).upper"],
    "b": ["upper", "or(?)"],
    "day": ["date(long)", "date(short)", "date(full)", "date(d MMM y)", "year", "weekday", "month", "date(MM/dd/yy)",
          "upper",
            "date", "date(Q)", "year.words", "time(short)"],
    "at": ["date(long)", "time(short)", "time(medium)", "year", "weekday", "date(H)", "time(HH:mm)"],
    "names": ["list", "list(or)", "oxford", "join", "join(; )", "count", "count.words", "first", "last", "distinct",
          "upper",
              "distinct.list", "either(it is,they are)", "agree(was)", "lower.list", "or(nobody)",
          "count.plural(name)", "most"],
    "nums": ["list", "total", "most", "least", "count", "ordinal.list", "words.join(-)", "distinct.list",
          "total.thousands",
             "first.ordinal", "or(none)", "plural(point).oxford", "either(one,many)"],
    "who": ["each(item).list", "each(item).join( · )", "each(item).count", "each(item)", "each(rule0).list", "list"],
    "won": ["total", "each(item).oxford"],
}  # fmt: skip
CONDITIONS = [
    "n = 1", "n > 10", "n <= 3 and f > 0.5", "f = 0.5", "f >= 0.1", "d = 1", "d < 2.5", "t = \"Ferrari\"", "t != \"\"",
    "t is missing", "n is not missing or b", "b", "not b", "b = true", "code in (\"HAM\", \"BOT\")", "n in (1, 2, 3)",
    "day < \"2018\"", "day >= \"2000-02-29\"", "at = \"2018-04-08 15:10\"", "t = 3", "t < 5", "n + 1 > big", "n = big",
    "big - n = 0", "names is missing", "code = t", "n", "f", "t", "3 < n", "n / 2 = 1",
          "not (n > 3 or code = \"VET\")",
    "n between 2 and 8", "f < n", "day = at", "b = 1", "n = true",
]  # fmt: skip
WORDS = ["won", "came home", " and ", "an 18th", "the n", "\\# one", "it", "é", "'quoted'", "a \\[link\\](x)", ", "]


def made_up(draw):  # noqa: C901 - a generator of all that rules may be
    """Rules drawn at random; what they cannot mean is thrown away by whoever reads them."""

    def tag():
        name = draw.choice([*COLUMNS, "rule0", "rule1", "rule2", "kept"])
        own = draw.choice(MODIFIERS.get(name, ["capitalize", "upper", "ordinal", "a", "trim", "or(x)", "replace(a,b)"]))
        return f"#{name}.{own}#" if draw.random() < 0.6 else f"#{name}#"

    def text(depth=0):
        pieces = []
        for _ in range(draw.randint(1, 4)):
            kind = draw.random()
            if kind < 0.45:
                pieces.append(tag())
            elif kind < 0.55 and depth < 1:
                pieces.append(f"[?{text(depth + 1)}]")
            else:
                pieces.append(draw.choice(WORDS))
        return "".join(pieces)

    def rules(depth=0):
        kind = draw.random()
        if kind < 0.35 and depth < 2:
            cases = {condition: rules(depth + 1) for condition in draw.sample(CONDITIONS, draw.randint(1, 3))}
            return {**cases, "otherwise": rules(depth + 1)} if draw.random() < 0.8 else cases
        if kind < 0.45:
            return {text(): draw.choice([1, 2, 3, 0.5, 2.5, 1 / 3]) for _ in range(draw.randint(2, 4))}
        if kind < 0.55:
            return {"no repeat": [text() for _ in range(draw.randint(1, 4))]}
        if kind < 0.6:
            return [f"{word}{number}" for number in range(70) for word in ("w", "é")]
        return [text() for _ in range(draw.randint(1, 4))]

    made = {f"rule{number}": rules() for number in range(3)}
    made["item"] = draw.choice(
        [["#who#", "the #who#"], {"won > 1": "#who# (#won#)", "otherwise": "[?#who#]"}, "#who#: #n#"]
    )
    if draw.random() < 0.3:
        made["missing"] = draw.choice(["unknown", ["unknown", "not known"], "#code.or(none)#"])
    before = f"[kept:{text(1)}]"
    return {"origin": f"{before}{text()}#kept#", **made}  # what is not shown may fail, or not be made at all


def table(draw, rows):
    connection = duckdb.connect()
    for statement in PRELUDE:
        connection.execute(statement)
    declared = ", ".join(f'"{name}" {kind}' for name, kind in COLUMNS.items())
    connection.execute(f"CREATE TABLE rows ({declared}, _position BIGINT, _key UBIGINT)")
    records = [{name: draw.choice(VALUES[name]) for name in COLUMNS} for _ in range(rows)]
    for position, record in enumerate(records):
        key = row_key(record, ("code", "n"), position)
        marks = ", ".join("?" * (len(COLUMNS) + 2))
        connection.execute(f"INSERT INTO rows VALUES ({marks})", [*record.values(), position, key])
    return connection, records


def by_python(grammar, records):
    teller = ready(grammar, "origin", list(COLUMNS), seed=7, key=("code", "n"), rows=len(records))
    for position, record in enumerate(records):
        try:
            yield teller.write_one(record, position)
        except CoursewrightError:
            yield None


def compared(draw, connection, records, **options):
    """How many texts are the same, are not told, and why a grammar is not in SQL; a text that differs fails."""
    rules = made_up(draw)
    try:
        grammar = Grammar(rules, strict=True, **options)
        told = in_sql(grammar, COLUMNS, seed=7)
        expected = list(by_python(grammar, records))
    except (CoursewrightError, NotColumnar) as why:
        return 0, 0, str(why)
    found = [text for (text,) in connection.execute(told.over("SELECT * FROM rows ORDER BY _position")).fetchall()]
    wrong = [
        (text, other, record)
        for text, other, record in zip(found, expected, records, strict=True)
        if text is not None and text != other
    ]
    assert not wrong, (wrong[0][:2], rules, wrong[0][2])
    same = sum(text is not None for text in found)
    return same, sum(text is None and other is not None for text, other in zip(found, expected, strict=True)), ""


@pytest.mark.parametrize("part", range(2))
def test_sql_tells_what_python_tells_or_nothing(part):
    draw = stream("in sql", part)
    connection, records = table(draw, 60)
    same = lost = 0
    for _ in range(40):
        alike, untold, _ = compared(draw, connection, records)
        same, lost = same + alike, lost + untold
    assert same > 500
    assert lost < same / 4


def test_the_browsers_engine_tells_the_same(tmp_path):
    draw = stream("in sql", "browser")
    connection, records = table(draw, 60)
    rows = connection.sql("SELECT * FROM rows ORDER BY _position").to_arrow_table()
    with pa.ipc.new_stream(tmp_path / "rows.arrow", rows.schema) as file:
        file.write_table(rows)
    asked, expected = [], []
    while len(asked) < 15:
        try:
            grammar = Grammar(made_up(draw), strict=True)
            told = in_sql(grammar, COLUMNS, seed=7).over("SELECT * FROM rows ORDER BY _position")
            expected += by_python(grammar, records)
            asked.append(told)
        except (CoursewrightError, NotColumnar):
            continue
    try:
        answers = run([*PRELUDE, *asked], {"rows": tmp_path / "rows.arrow"})
    except MissingPart as missing:
        pytest.skip(str(missing))
    assert [answer.error for answer in answers if answer.error] == []
    found = [text for answer in answers[len(PRELUDE) :] for (text,) in answer.rows]
    told = [(text, other) for text, other in zip(found, expected, strict=True) if text is not None]
    assert len(told) > 300
    assert [pair for pair in told if pair[0] != pair[1]] == []


@pytest.mark.parametrize(
    ("origin", "why"),
    [
        ("#t.s#", "the modifier .s"),
        ("#t.a#", '"a" or "an" before what is no ordinal'),
        ("[x:\\#]#x#", "escapes in text that is saved or modified"),
        ("#day.date(Q)#", 'the field "Q" of a date'),
        ("#n.round(99)#", 'rounding to "99" places'),
        ("#n.ordinal(1,2,3)#", "the arguments of .ordinal: (1,2,3)"),
        ("#b.ordinal#", "a number made of a truth"),
        ("#t.list#", "the modifier .list of what is no list"),
        ("#f.total#", "the modifier .total of what is no list"),
    ],
)
def test_what_sql_cannot_tell_is_named(origin, why):
    with pytest.raises(NotInSql) as told:
        in_sql(Grammar({"origin": origin}), COLUMNS)
    assert str(told.value) == why


@pytest.mark.parametrize(
    ("test", "why"),
    [
        ('t < "b"', "the comparison of a text with a text by <"),
        ("t", "a text that stands alone in a condition"),
        ("n / 2 = 1", "fractions that a condition calculates with"),
        ("f = n", "the comparison of a float with a whole"),
    ],
)
def test_conditions_that_sql_cannot_decide_are_named(test, why):
    with pytest.raises(NotInSql) as told:
        in_sql(Grammar({"origin": {test: "yes", "otherwise": "no"}}), COLUMNS)
    assert str(told.value) == why


def test_functions_of_python_are_not_in_sql():
    with pytest.raises(NotInSql, match=r"the modifier \.mine is a function of Python"):
        in_sql(Grammar({"origin": "#t.mine#"}, modifiers={"mine": str}), COLUMNS)
    with pytest.raises(NotInSql, match="values escaped by a function of Python"):
        in_sql(Grammar({"origin": "#t#"}, escape=str.upper), COLUMNS)
    with pytest.raises(NotInSql, match=r"values of the type STRUCT\(a INTEGER\)"):
        in_sql(Grammar({"origin": "#s#"}), {"s": "STRUCT(a INTEGER)"})


def test_values_in_markdown_are_escaped_as_pages_escape_them():
    draw = stream("in sql", "markdown")
    connection, records = table(draw, 60)
    told = [compared(draw, connection, records, escape=escape_anywhere) for _ in range(30)]
    assert sum(same for same, _, _ in told) > 300


def test_the_prelude_for_some_sql_is_what_it_names_and_what_that_names():
    assert prelude_for("SELECT 1") == ()
    whole = prelude_for(" ".join(PRELUDE))
    assert whole == PRELUDE
    mixed = prelude_for("SELECT cw_capitalized(name) FROM t")
    assert [re.findall(r"MACRO (\w+)", told)[0] for told in mixed] == [
        "cw_plain",
        "cw_capital",
        "cw_start",
        "cw_capitalized",
    ]
    with duckdb.connect() as connection:
        for told in mixed:
            connection.execute(told)
        assert connection.execute("SELECT cw_capitalized('ada')").fetchall() == [("Ada",)]


def test_numbers_of_every_size_are_in_words_as_python_has_them() -> None:
    groups = (0, 1, 12, 99, 100, 101, 345, 999)
    wanted = [a * 10**6 + b * 1000 + c for a in groups for b in groups for c in groups]
    connection = duckdb.connect()
    for told in PRELUDE:
        connection.execute(told)
    asked = "SELECT n, cw_in_words(n), cw_in_words(-CAST(n AS HUGEINT)) FROM (SELECT unnest($1::BIGINT[]) AS n)"
    rows = connection.execute(asked, [wanted]).fetchall()
    assert rows == [(n, numbers.words(n), numbers.words(-n)) for n in wanted]
    beyond = "SELECT cw_in_words(1000000000), cw_in_words(-1000000000), cw_in_words(NULL::BIGINT)"
    assert connection.execute(beyond).fetchall() == [(None, None, None)]
