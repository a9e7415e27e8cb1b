"""The verb: run finders over the tables and tell what they find."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, SeveralProblems, did_you_mean
from coursewright.facts.fact import Fact, Finder, Scalar
from coursewright.facts.known import ask, statement
from coursewright.tables import Database, Timeline
from coursewright.words import Grammar, tell

if TYPE_CHECKING:
    import pyarrow as pa


def find(
    database: Database,
    finders: Iterable[Finder],
    *,
    timeline: Timeline | None = None,
    moments: Sequence[Mapping[str, Any]] = ({},),
    overrides: Mapping[str, Scalar] | None = None,
    grammars: Callable[[str], Mapping[str, Any]] | None = None,
    progress: Callable[[str], None] = lambda _finder: None,
) -> list[Fact]:
    """The facts of every moment, in the order of the moments and best first within each.

    `moments` are parameters, one mapping for each moment; all of them are found in one pass of each finder.
    `overrides` are values for the finders' own parameters; `grammars` gives the rules of a grammar that a finder names;
    `progress` is called with each finder's name when it is done. Raises CoursewrightError with the place in the finder.
    """
    if not moments:
        return []
    ask(database, timeline, moments)
    facts: list[tuple[int, Fact]] = []
    for finder in finders:
        # 1. the rows that the finder finds, for every moment at once
        found = _run(database, timeline, finder, overrides or {})
        numbers = found.column("_row").to_pylist()
        rows = [_plain_row(row) for row in found.drop_columns(["_row"]).to_pylist()]
        # 2. a sentence for each
        sentences = _tell(finder, rows, found.column_names[1:], grammars)
        # 3. what it is worth
        for number, row, sentence in zip(numbers, rows, sentences, strict=True):
            facts.append((number, Fact(finder.name, sentence, _score(finder, row), row, moments[number])))
        progress(finder.name)
    facts.sort(key=lambda found: (found[0], -found[1].score, found[1].finder, found[1].sentence))
    return [fact for _, fact in facts]


def _run(database: Database, timeline: Timeline | None, finder: Finder, overrides: Mapping[str, Scalar]) -> pa.Table:
    values = _own_parameters(finder, overrides)
    asked = {column for column, *_ in database.connection.execute("DESCRIBE _asked").fetchall()}
    finder.sql.check_parameters(dict.fromkeys((*asked - {"_row", "_moment"}, *values)))
    text, above = statement(database, timeline, finder)
    return database.run(text, values, finder.sql, above)


def _own_parameters(finder: Finder, overrides: Mapping[str, Scalar]) -> dict[str, Scalar]:
    values = {}
    for name, parameter in finder.parameters.items():
        value = overrides.get(name, parameter.default)
        if parameter.choices and value not in parameter.choices:
            hint = did_you_mean(str(value), map(str, parameter.choices))
            raise CoursewrightError(f'"{value}" is not a choice for {name}', finder.place("parameters"), hint)
        values[name] = value
    return values


def _tell(
    finder: Finder, rows: list[dict[str, Any]], columns: list[str], grammars: Callable[[str], Mapping[str, Any]] | None
) -> list[str]:
    rules = dict(grammars(finder.settings.grammar)) if finder.settings.grammar and grammars else {}
    grammar = Grammar({**rules, "origin": finder.settings.tell}, place=finder.place("tell"), strict=True)
    # Checked before there is a row, so that a mistake shows in every build and not only in some.
    problems = [problem for problem in grammar.check(columns) if problem.rule.startswith("unknown")]
    if problems:
        raise SeveralProblems(problems)
    # The choice of words hangs on the row alone, so that one pass over all of history says what a single run says.
    return list(tell(grammar, rows, key=columns)) if rows else []


def _score(finder: Finder, row: Mapping[str, Any]) -> float:
    score = finder.settings.score
    if isinstance(score, str):
        if score not in row:
            raise CoursewrightError(
                f'no column called "{score}" to score by', finder.place("score"), did_you_mean(score, row)
            )
        score = row[score]
    if isinstance(score, bool) or not isinstance(score, int | float) or not math.isfinite(score):
        raise CoursewrightError(f"the score of a fact is {score!r}, not a number", finder.place("score"))
    return float(score)


def _plain_row(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row with DuckDB's sums and decimals as the int or float that an author expects."""
    return {
        name: value if not isinstance(value, Decimal) else int(value) if value == int(value) else float(value)
        for name, value in row.items()
    }
