"""What is said for a server gives there what it gives in DuckDB: every function is run on all four databases."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agreement import COLUMNS, Answer, answers, course, differences, same, told
from coursewright.errors import CoursewrightError
from coursewright.tables import Database, Sql
from coursewright.tables.servers.kinds import SqlType, decimal
from coursewright.tables.servers.said import FunctionEntry, entries, template
from coursewright.tables.statements.known_functions import functions
from servers import Database as Own
from servers import Server, fresh

SERVERS = {"sqlite": "sqlite", "postgresql": "postgres", "mariadb": "mysql"}
CASES = Path(__file__).parent / "cases" / "agreement"
LITERALS = {
    "integer": ("3", "-2", "0"),
    "decimal": ("1.5", "-0.5"),
    "double": ("2.5e0", "-1.5e0"),
    "text": ("'é'", "''", "'da'"),
    "boolean": ("true",),
    "date": ("DATE '2024-02-29'",),
    "timestamp": ("TIMESTAMP '2024-02-29 10:00:00'",),
}
GROUPS = {"number": ("integer", "decimal", "double"), "day": ("date", "timestamp"), "any": tuple(COLUMNS)}
# Names in `said.toml` that are no functions of DuckDB's: operators and casts.
OPERATORS = {"neg": "(- {0})", "days": "({0} - {1})", "later": "({0} + {1})"}

Pair = tuple[Database, Database]


@pytest.fixture(scope="module")
def pairs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, pytest.FixtureRequest], Pair]]:
    """The embedded database and one in a server, with the same rows, once for all tests of this file."""
    here = course(tmp_path_factory.mktemp("here"))
    made: dict[str, Pair] = {}
    open_ones: list[Iterator[Own]] = []
    monkeypatch = pytest.MonkeyPatch()

    def pair(kind: str, request: pytest.FixtureRequest) -> Pair:
        if kind not in made:
            root = tmp_path_factory.mktemp(kind)
            if kind == "sqlite":
                sqlite3.connect(root / "own.sqlite").execute("CREATE TABLE own (a)").connection.close()
                url = "sqlite:///own.sqlite"
            else:
                server: Server = request.getfixturevalue(f"{kind}_server")
                context = fresh(server)
                own = context.__enter__()
                open_ones.append(context)
                monkeypatch.setenv(f"{kind.upper()}_PASSWORD", server.password)
                url = f"{kind}://tester:${{{kind.upper()}_PASSWORD}}@127.0.0.1:{server.port}/{own.name}"
            made[kind] = here, course(root, url)
        return made[kind]

    yield pair
    made.clear()
    for context in open_ones:
        context.__exit__(None, None, None)
    monkeypatch.undo()


@pytest.fixture(params=SERVERS)
def pair(request: pytest.FixtureRequest, pairs: Callable[[str, pytest.FixtureRequest], Pair]) -> tuple[str, Pair]:
    return request.param, pairs(request.param, request)


def compare(pair: Pair, expressions: list[str], *, grouped: bool = False) -> dict[str, list[Answer]]:
    """What the server gives; there is no difference to DuckDB."""
    here, there = pair
    got: dict[str, list[Answer]] = {}
    unlike: list[tuple[str, object, object]] = []
    for at in range(0, len(expressions), 25):
        some = list(dict.fromkeys(expressions[at : at + 25]))
        expected, answered = answers(here, some, grouped=grouped), answers(there, some, grouped=grouped)
        unlike += differences(expected, answered)
        for text in some:  # where DuckDB itself has no answer, a server need not have one
            if any(answer.refused for answer in expected[text]):
                answered[text] = [answer if told(answer) else Answer() for answer in answered[text]]
        got |= answered
    assert not unlike
    return got


# Every function


def calls(name: str, entry: FunctionEntry) -> list[str]:
    """A function with columns, with a literal in it, and with literals alone."""
    made = []
    for way in entry.takes:
        kinds = [kind.removesuffix("+") for kind in way.split()]
        if "instant" in kinds:
            continue
        for combined in itertools.product(*(GROUPS.get(kind, (kind,)) for kind in kinds)):
            if name in ("coalesce", "ifnull", "nullif", "lag/3", "lead/3") and len({*combined} - {"integer"}) > 1:
                continue
            some = (*combined, combined[-1]) if way.endswith("+") else combined
            columns = [COLUMNS[kind][at % len(COLUMNS[kind])] for at, kind in enumerate(some)]
            literals = [[LITERALS[kind][at % len(LITERALS[kind])] for kind in some] for at in range(3)]
            made += [written(name, entry, columns)]
            made += [written(name, entry, [columns[0], *each[1:]]) for each in literals if some[1:]]
            made += [written(name, entry, each) for each in literals if some]
    return list(dict.fromkeys(made))


def written(key: str, entry: FunctionEntry, arguments: list[str]) -> str:
    """One call in DuckDB's SQL."""
    name, _, part = key.partition(":")
    name = name.partition("/")[0] or name
    inner = ", ".join(arguments)
    if name in OPERATORS:
        return OPERATORS[name].format(*arguments)
    if not name[0].isalpha():
        return f"({arguments[0]} {name} {arguments[1]})"
    if name in ("cast", "try"):
        kind = {"text": "VARCHAR", "integer": "BIGINT"}.get(part.split()[1], part.split()[1])
        return f"{'TRY_' if name == 'try' else ''}CAST({inner} AS {kind})"
    if name in ("lag", "lead") and len(arguments) > 1:
        inner = ", ".join([arguments[0], "2", *arguments[2:]])
    if name == "make_date":
        inner = f"2000 + {inner}"
    if name == "ntile":
        inner = "3"
    if name in ("date_trunc", "date_diff"):
        inner = f"'{part}', {inner}"
    if entry.window:
        return f"{name}({inner}) OVER (PARTITION BY g ORDER BY d, id)"
    return f"{name}({'*' if name == 'count' and not arguments else inner})"


def test_every_function_gives_what_it_gives_in_duckdb(pair: tuple[str, Pair]) -> None:
    kind, databases = pair
    known = {name: calls(name, entry) for name, entry in entries().items()}
    for grouped in (False, True):
        some = {name: made for name, made in known.items() if entries()[name].aggregate == grouped}
        got = compare(databases, [call for made in some.values() for call in made], grouped=grouped)
        for name, made in some.items():
            answered = [any(not answer.refused for answer in got[call]) for call in made]
            sayable = bool(template(name, entries()[name], SERVERS[kind]))
            assert any(answered) == sayable or not made, name
            for call in made:
                assert sayable or told(got[call][0]), call


def test_what_is_said_is_a_function_of_the_list() -> None:
    """One list of names: what a server says, a finder may call."""
    for key in entries():
        name = key.partition(":")[0].partition("/")[0] or key
        assert name in functions() or name in (*OPERATORS, "cast", "try", "coalesce"), key


# What is more than one function


def cases(name: str) -> list[str]:
    lines = (CASES / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def test_expressions(pair: tuple[str, Pair]) -> None:
    kind, databases = pair
    for grouped in (False, True):
        some = {}
        for line in cases("same"):
            text, _, without = line.partition("  -- ")
            if text.startswith("aggregate ") == grouped:
                some[text.removeprefix("aggregate ")] = kind in without.split()
        got = compare(databases, list(some), grouped=grouped)
        for text, without in some.items():
            assert told(got[text][0]) == without, (text, got[text][0].refused)


def test_what_is_not_known_is_refused(pair: tuple[str, Pair]) -> None:
    _, (_, there) = pair
    for text in cases("refused"):
        with pytest.raises(CoursewrightError) as raised:
            there.query(Sql(f"SELECT id,\n  {text}\nFROM sample", "a.sql", 3))
        problem = raised.value.problem
        assert told(Answer(refused=problem.message)), text
        assert str(problem.where) in ("a.sql:4", "a.sql:3" if text == "current_date" else "a.sql:4"), text


STATEMENTS = [
    "SELECT a.id, b.id AS other FROM sample a JOIN sample b ON a.i < b.j ORDER BY a.id, b.id",
    "SELECT a.id, b.s FROM sample a LEFT JOIN sample b ON a.i = b.j AND b.f ORDER BY a.id, b.id",
    "SELECT id, x.n FROM sample RIGHT JOIN (VALUES (1), (9)) AS x(n) ON id = x.n ORDER BY x.n",
    "SELECT id, t FROM sample JOIN (SELECT id, t AS u FROM sample WHERE f) AS few USING (id) ORDER BY id",
    "SELECT * FROM sample ORDER BY id",
    "SELECT * EXCLUDE (m, n), upper(t) AS big FROM sample ORDER BY id",
    "SELECT * REPLACE (i + 1 AS i) FROM sample ORDER BY id",
    "SELECT s, d, f, day, moment FROM sample ORDER BY s, id",
    "SELECT id, s FROM sample ORDER BY s DESC NULLS FIRST, id",
    "SELECT id, f FROM sample ORDER BY f, id",
    "SELECT id FROM sample ORDER BY day DESC, moment, id LIMIT 5 OFFSET 1",
    "SELECT f, count(*) AS n, max(s) AS most FROM sample GROUP BY f HAVING count(*) > 1 ORDER BY n DESC, f",
    "SELECT f, g, sum(i) AS n FROM sample GROUP BY ALL ORDER BY f, g",
    "SELECT lower(s) AS letters, count(*) AS n FROM sample GROUP BY letters ORDER BY n, letters",
    "SELECT i * 2 AS twice, twice + 1 AS more FROM sample WHERE twice > 0 ORDER BY more",
    "SELECT DISTINCT f, i > 0 AS positive FROM sample ORDER BY f, positive",
    "SELECT s FROM sample UNION SELECT t FROM sample ORDER BY s",
    "SELECT i AS a FROM sample UNION ALL SELECT d FROM sample ORDER BY a",
    "SELECT f FROM sample INTERSECT SELECT g FROM sample ORDER BY f",
    "SELECT s FROM sample EXCEPT SELECT t FROM sample ORDER BY s",
    "WITH a AS (SELECT id, i FROM sample WHERE i > 0), b AS (SELECT sum(i) AS s FROM a)"
    " SELECT id, i / s AS part FROM a, b ORDER BY id",
    "SELECT id, (SELECT max(x.i) FROM sample x WHERE x.id < sample.id) AS before FROM sample ORDER BY id",
    "SELECT id FROM sample WHERE EXISTS (SELECT 1 FROM sample x WHERE x.j = sample.i) ORDER BY id",
    "SELECT max(day) - min(day) AS days, dayofweek(max(day)) AS weekday FROM sample",
    "SELECT f AS truth, NOT f AS other, CASE WHEN f THEN g END AS chosen FROM sample ORDER BY id",
    "SELECT d.n, s.id FROM (VALUES (1, 'a'), (2, 'b')) AS d(n, t) LEFT JOIN sample s ON s.id = d.n ORDER BY d.n",
    "SELECT CASE WHEN i > 0 THEN 'zu' ELSE 'Ab' END AS word, id FROM sample ORDER BY word, id",
    "SELECT id FROM sample WHERE (i, id) < (2, 100) ORDER BY id",
    "SELECT count(*) AS n FROM sample WHERE s = 'ada' OR t = 'É'",
    "SELECT id, sum(i) OVER w AS n, max(s) OVER (w ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS m FROM sample"
    " WINDOW w AS (PARTITION BY f ORDER BY id) ORDER BY id",
    "SELECT rank() OVER (ORDER BY sum(i) DESC) AS place, f FROM sample GROUP BY f ORDER BY place, f",
]
FULL = (
    "SELECT a.id, b.n FROM (SELECT id FROM sample) a FULL JOIN (VALUES (2), (99)) AS b(n) ON a.id = b.n"
    " ORDER BY a.id, b.n"
)


def test_statements(pair: tuple[str, Pair]) -> None:
    kind, (here, there) = pair
    for text in [*STATEMENTS, *([] if kind == "mariadb" else [FULL])]:
        expected, got = here.query(Sql(text, "q")), there.query(Sql(text, "q"))
        assert got.schema == expected.schema, text
        for name, column in zip(expected.column_names, expected.columns, strict=True):
            assert all(map(same, got.column(name).to_pylist(), column.to_pylist())), (text, name)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("SELECT id FROM sample\nQUALIFY row_number() OVER () = 1", "QUALIFY"),
        ("SELECT 1 AS a\nFROM sample a ASOF JOIN sample b ON a.id >= b.id", "ASOF JOIN"),
        ("SELECT a.id FROM sample a,\nLATERAL (SELECT a.id) AS b", "LATERAL"),
        ("SELECT * FROM sample\nTABLESAMPLE 10%", "a sample"),
        ("SELECT DISTINCT ON (f) id FROM sample", "DISTINCT ON"),
        (
            "WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r WHERE n < 3) SELECT n FROM r",
            "WITH RECURSIVE",
        ),
        ("SELECT f, count(*) AS n FROM sample GROUP BY ROLLUP (f)", "ROLLUP"),
        ("SELECT * FROM sample\nPIVOT (count(*) FOR f IN (true, false))", "PIVOT"),
        ("SELECT a.id FROM sample a NATURAL JOIN sample b", "NATURAL JOIN"),
        ("SELECT a.id FROM sample a SEMI JOIN sample b ON a.id = b.id", "SEMI JOIN"),
        ("SELECT n FROM range(3) AS r(n)", "the table function range"),
        ("SELECT unnest([1, 2]) AS n FROM sample", "a list"),
        ("SELECT COLUMNS('i|j') FROM sample", "COLUMNS(…)"),
        ("SELECT id FROM sample UNION ALL BY NAME SELECT id FROM sample", "UNION BY NAME"),
        (
            "SELECT sum(i) OVER (ORDER BY id RANGE BETWEEN 1 PRECEDING AND CURRENT ROW) AS n FROM sample",
            "a frame of RANGE by a distance",
        ),
        (
            "SELECT sum(i) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) AS n FROM sample",
            "EXCLUDE in a window",
        ),
    ],
)
def test_what_no_server_has_is_named(
    text: str, what: str, pairs: Callable[[str, pytest.FixtureRequest], Pair], request: pytest.FixtureRequest
) -> None:
    _, there = pairs("sqlite", request)
    with pytest.raises(CoursewrightError) as raised:
        there.query(Sql(text, "a.sql"))
    assert raised.value.problem.message == f"SQL: {what} cannot be said for SQLite"
    assert str(raised.value.problem.where) == f"a.sql:{2 if chr(10) in text else 1}"


# Expressions that are made by chance, from what may be written


@cache
def _of(kind: str, depth: int) -> st.SearchStrategy[str]:
    """An expression of a kind, at the most so deep."""
    leaves = st.sampled_from([*COLUMNS[kind], *LITERALS[kind]])
    if not depth:
        return leaves
    ways = [leaves, _choice(kind, depth), *_calls(kind, depth)]
    return st.one_of(ways)


def _choice(kind: str, depth: int) -> st.SearchStrategy[str]:
    inner = _of(kind, depth - 1)
    whether = _of("boolean", depth - 1)
    return st.one_of(
        st.builds("CASE WHEN {} THEN {} ELSE {} END".format, whether, inner, inner),
        st.builds("CASE WHEN {} THEN {} END".format, whether, inner),
        st.builds("coalesce({}, {})".format, inner, inner),
        *([] if kind == "boolean" else [st.builds("greatest({}, {})".format, inner, inner)]),
    )


_UNMIXED = {"/", "//", "%", "mod", "exp", "power", "pow", "ln", "log", "log10", "sqrt", "repeat", "lpad", "rpad"}


def _calls(kind: str, depth: int) -> list[st.SearchStrategy[str]]:
    """Calls that give a kind; what fails or grows without end for many arguments is left to the test of functions."""
    made: list[st.SearchStrategy[str]] = []
    for name, entry in entries().items():
        bare = name.partition(":")[0].partition("/")[0] or name
        if entry.aggregate or entry.window or bare in (*_UNMIXED, "cast", "try", "make_date", "split_part", "coalesce"):
            continue
        for way in entry.takes:
            kinds = [each.removesuffix("+") for each in way.split()]
            for some in itertools.product(*(GROUPS.get(each, (each,)) for each in kinds)):
                made += [_call(name, entry, some, depth)] if some and _given(entry, some) == kind else []
    if kind == "text":
        made += [st.builds("CAST({} AS VARCHAR)".format, _of(each, depth - 1)) for each in COLUMNS if each != "double"]
    if kind == "boolean":
        for each in ("integer", "decimal", "text", "date", "timestamp"):
            sign = st.sampled_from(["=", "<>", "<", "<=", ">", ">=", "IS DISTINCT FROM"])
            made.append(st.builds("({} {} {})".format, _of(each, depth - 1), sign, _of(each, depth - 1)))
        inner = _of("boolean", depth - 1)
        made += [st.builds("({} {} {})".format, inner, st.sampled_from(["AND", "OR"]), inner)]
        made += [st.builds("(NOT {})".format, inner), st.builds("({} IS NULL)".format, _of("text", depth - 1))]
    return made


def _given(entry: FunctionEntry, some: tuple[str, ...]) -> str:
    kinds = tuple(decimal(2) if each == "decimal" else SqlType(each) for each in some)
    return entry.given(kinds).name


def _call(name: str, entry: FunctionEntry, some: tuple[str, ...], depth: int) -> st.SearchStrategy[str]:
    return st.builds(lambda *given: written(name, entry, list(given)), *(_of(each, depth - 1) for each in some))


@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_expressions_made_by_chance(pair: tuple[str, Pair], data: st.DataObject) -> None:
    _, databases = pair
    expression = st.one_of([_of(kind, 2) for kind in COLUMNS])
    compare(databases, data.draw(st.lists(expression, min_size=20, max_size=25, unique=True)))
