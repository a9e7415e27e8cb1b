"""The verb: run finders over the tables and tell what they find."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, SeveralProblems, did_you_mean
from coursewright.facts import one_by_one
from coursewright.facts.fact import Fact, Finder, Scalar
from coursewright.facts.known import ask, statement
from coursewright.facts.order import order, rounded
from coursewright.tables import Database, Timeline
from coursewright.tables.server import Server
from coursewright.words import Grammar, tell

if TYPE_CHECKING:
    import pyarrow as pa


_DIGITS = 12  # of a fraction: sums of many numbers differ in the last ones, as rows come in another order
# How many ways of telling a fact are tried, so that it does not open like one before it in the list.
_WAYS = 4


@dataclass(frozen=True)
class _Found:
    """A fact before it is told: the number of its moment, and the ways in which it can be told, the first preferred."""

    number: int
    finder: str
    score: float
    row: Mapping[str, Any]
    ways: tuple[str, ...]


def find(
    database: Database,
    finders: Iterable[Finder],
    *,
    timeline: Timeline | None = None,
    moments: Sequence[Mapping[str, Any]] = ({},),
    overrides: Mapping[str, Scalar] | None = None,
    language: str = "en-GB",
    progress: Callable[[str], None] = lambda _finder: None,
) -> list[Fact]:
    """The facts of every moment, in the order of the moments and best first within each.

    `moments` are parameters, one mapping for each moment; all of them are found in one pass of each finder.
    `overrides` are values for the finders' own parameters; `language` is that of dates and numbers in the sentences;
    `progress` is called with each finder's name when it is done. Raises CoursewrightError with the place in the finder.
    """
    if not moments:
        return []
    _ask(database, timeline, moments)
    found: list[_Found] = []
    for finder in finders:
        # 1. the rows that the finder finds, for every moment at once
        rows = _run(database, timeline, finder, _own_parameters(finder, overrides or {}), moments)
        if rows.column_names.count("_row") > 1:
            raise CoursewrightError('a finder cannot call a column "_row"', finder.sql.place(), "choose another name")
        numbers, records = rows.column("_row").to_pylist(), _records(rows.drop_columns(["_row"]))
        # 2. the ways in which each can be told
        columns = rows.column_names[1:]
        _check_question(finder, columns, {*database.parameters, *moments[0], *finder.parameters})
        told = _tell(finder, language, records, columns)
        # 3. what it is worth
        for number, row, ways in zip(numbers, records, told, strict=True):
            found.append(_Found(number, finder.name, _score(finder, row), row, ways))
        progress(finder.name)
    # 4. the best first, and no two that open alike where there is a choice
    listed = _in_order(found)
    return [
        Fact(fact.finder, sentence, fact.score, fact.row, moments[fact.number])
        for fact, sentence in zip(listed, _varied(listed), strict=True)
    ]


def _in_order(found: Iterable[_Found]) -> list[_Found]:
    """The facts moment by moment, the best first; the values of rows are held up only where all else is alike."""

    def first(fact: _Found) -> tuple[int, float, str]:
        return (fact.number, -fact.score, fact.finder)

    listed: list[_Found] = []
    for _, same in itertools.groupby(sorted(found, key=first), key=first):
        alike = list(same)
        listed += sorted(alike, key=lambda fact: order(fact.score, fact.finder, fact.row)) if alike[1:] else alike
    return listed


def _varied(found: Iterable[_Found]) -> Iterator[str]:
    """One sentence for each fact: the first way that opens like none before it in the list of its moment."""
    number, openings = -1, set[tuple[str, ...]]()
    for fact in found:
        if fact.number != number:
            number, openings = fact.number, set()
        sentence = next((way for way in fact.ways if _opening(way) not in openings), fact.ways[0])
        openings.add(_opening(sentence))
        yield sentence


def _opening(sentence: str) -> tuple[str, ...]:
    return tuple(sentence.casefold().split(maxsplit=2)[:2])


def _ask(database: Database, timeline: Timeline | None, moments: Sequence[Mapping[str, Any]]) -> None:
    if isinstance(database, Server):
        one_by_one.check_moments(database, timeline, moments)
    else:
        ask(database, timeline, moments)


def _run(
    database: Database,
    timeline: Timeline | None,
    finder: Finder,
    values: Mapping[str, Scalar],
    moments: Sequence[Mapping[str, Any]],
) -> pa.Table:
    """The rows that `finder` finds for all moments, with the number of its moment in each."""
    if isinstance(database, Server):
        return one_by_one.run(database, timeline, finder, values, moments)
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


def _tell(finder: Finder, language: str, rows: list[dict[str, Any]], columns: list[str]) -> list[tuple[str, ...]]:
    # Checked before there is a row, so that a mistake shows in every build and not only in some.
    grammar = finder.grammar(language)
    problems = [problem for problem in grammar.check(columns) if problem.rule.startswith("unknown")]
    if problems:
        raise SeveralProblems(problems)
    ways = _WAYS if finder.has_choice else 1
    # The choice of words hangs on the row alone, so that one pass over all of history says what a single run says; not
    # on its score, which is worked out with fractions, whose last digit is not the same in every database.
    key = [column for column in columns if column != finder.settings.score] or columns
    told = [tell(grammar, rows, seed=way, key=key) for way in range(ways)] if rows else []
    return list(zip(*told, strict=True))


def _check_question(finder: Finder, columns: list[str], parameters: Iterable[str]) -> None:
    """The question that a finder offers names only what its facts will have."""
    question = finder.settings.question
    if question is None:
        return
    if question.answer not in columns:
        hint = did_you_mean(question.answer, columns)
        raise CoursewrightError(f'no column called "{question.answer}" to answer with', finder.place("answer"), hint)
    asked = Grammar({"origin": question.ask}, place=finder.place("ask"), strict=True)
    if problems := asked.check([*columns, *parameters]):
        raise SeveralProblems(problems)


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
    return rounded(score)


def _records(rows: pa.Table) -> list[dict[str, Any]]:
    """Python rows, with numbers as an author expects them."""
    return [{name: _number(value) for name, value in row.items()} for row in rows.to_pylist()]


def _number(value: Any) -> Any:
    """DuckDB's sums and decimals as int or float; of fractions, the digits on which all databases agree."""
    if isinstance(value, Decimal):
        value = int(value) if value == int(value) else float(value)
    if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
        return float(f"{value:.{_DIGITS}g}")
    return value
