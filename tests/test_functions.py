"""The functions that finders may call: each is there, and reads nothing but its arguments."""

from __future__ import annotations

import duckdb
import pytest

from coursewright.tables.statements.known_functions import Function, functions

# What DuckDB's parser gives another name than its catalogue, or makes of something else.
PARSED = {"ifnull": "coalesce", "lag": "window", "lead": "window", "unnest": "table"}
STATEMENT = """
SELECT lower(function_name) AS name, function_type AS kind, len(parameters) AS arguments, varargs, stability, alias_of
FROM duckdb_functions() WHERE function_type <> 'pragma'
"""


@pytest.fixture(scope="module")
def catalogue() -> list[dict[str, object]]:
    rows = duckdb.connect().execute(STATEMENT)
    names = [column[0] for column in rows.description or ()]
    return [dict(zip(names, row, strict=True)) for row in rows.fetchall()]


def test_each_is_a_function_of_the_database_that_never_changes_its_answer(catalogue: list[dict[str, object]]) -> None:
    for name, function in functions().items():
        there = [row for row in catalogue if row["name"] == name and row["kind"] in (*function.kinds, "macro")]
        assert there or name in PARSED, name
        assert {row["stability"] for row in there} <= {"CONSISTENT", None}, name


def test_each_takes_as_many_arguments_as_it_says(catalogue: list[dict[str, object]]) -> None:
    for row in catalogue:
        function = functions().get(str(row["name"]))
        if function is None or row["kind"] == "table_macro" or (row["name"], row["arguments"]) == ("age", 1):
            continue
        kind = function.kinds if row["kind"] == "macro" else (row["kind"],)
        if set(kind) & set(function.kinds) and row["arguments"] and row["name"] not in ("+", "add"):
            assert function.takes(int(str(row["arguments"])), kind), row


def test_other_names_of_a_function_are_as_it_is(catalogue: list[dict[str, object]]) -> None:
    for row in catalogue:
        one, other = functions().get(str(row["name"])), functions().get(str(row["alias_of"]))
        if one and other:
            assert one.ordered == other.ordered, row


@pytest.mark.parametrize(
    "name",
    [
        *("now", "random", "getvariable", "current_setting", "version", "current_localtimestamp", "reservoir_quantile"),
        *(
            "approx_count_distinct",
            "typeof",
            "stats",
            "nextval",
            "hash",
            "enum_range",
            "list_aggregate",
            "query",
            "ago",
        ),
    ],
)
def test_what_reads_more_or_changes_is_not_among_them(name: str) -> None:
    assert name not in functions()


def test_how_many_arguments() -> None:
    one = Function(scalar="1 3-4", aggregate="2+")
    assert [one.takes(number, ("scalar",)) for number in range(6)] == [False, True, False, True, True, False]
    assert [one.takes(number, ("aggregate",)) for number in range(4)] == [False, False, True, True]
    assert one.takes(9, ("scalar", "aggregate"))
    assert not one.takes(1, ("window",))
