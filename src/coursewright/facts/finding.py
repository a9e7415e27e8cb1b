"""The verb: run finders over the tables and tell what they find."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from coursewright.cycles import no_search_for_cycles
from coursewright.errors import CoursewrightError, SeveralProblems, did_you_mean
from coursewright.facts.fact import Fact, FactCandidate, Finder
from coursewright.facts.order import in_order
from coursewright.facts.rows import FactRows
from coursewright.facts.ways import ask_for
from coursewright.tables import Database, Sql, Timeline
from coursewright.tables.parameters import Scalar, check_values
from coursewright.tables.statements import tie
from coursewright.words import Grammar, tell

if TYPE_CHECKING:
    import pyarrow as pa


# How many ways of telling a fact are tried, so that it does not open like one before it in the list.
WAYS = 4
TOGETHER = 2_000  # moments whose facts are found in one pass and held: a pass costs as much as some dozen moments do


@no_search_for_cycles()  # rows and facts are many, and have none
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
    run = ask_for(database, timeline, moments)
    found: list[FactCandidate] = []
    for finder in finders:
        # 1. the rows that the finder finds, for every moment at once
        table = run(finder, own_parameters(database, finder, overrides or {}))
        if table.column_names.count("_row") > 1:
            raise CoursewrightError('a finder cannot call a column "_row"', finder.sql.place(), "choose another name")
        rows = FactRows.of(table.drop_columns(["_row"]))
        # 2. the ways in which each can be told
        _check_question(finder, rows.names, {*database.parameters, *moments[0], *finder.parameters})
        told = _tell(finder, language, rows)
        # 3. what it is worth
        numbers, scores, name = table.column("_row").to_pylist(), rows.scores(finder), finder.name
        found += map(FactCandidate, numbers, scores, [name] * len(numbers), rows.records, told)
        progress(finder.name)
    # 4. the best first, and no two that open alike where there is a choice
    listed = in_order(found)
    return [
        Fact(fact.finder, sentence, fact.score, fact.row, moments[fact.number])
        for fact, sentence in zip(listed, _varied(listed), strict=True)
    ]


def find_each(
    database: Database,
    finders: Iterable[Finder],
    *,
    timeline: Timeline | None = None,
    moments: Sequence[Mapping[str, Any]] = ({},),
    overrides: Mapping[str, Scalar] | None = None,
    language: str = "en-GB",
    together: int = TOGETHER,
) -> Iterator[Fact]:
    """The facts that `find` gives, in its order, as they are found: of no more than so many moments at a time.

    A moment that the timeline does not have is told of before there is a fact.
    """
    finders = tuple(finders)
    if len(moments) > together:
        ask_for(database, timeline, moments)
    each = math.ceil(len(moments) / max(1, math.ceil(len(moments) / together))) or 1
    for at in range(0, len(moments), each):
        some = moments[at : at + each]
        yield from find(database, finders, timeline=timeline, moments=some, overrides=overrides, language=language)


def tie_of(
    database: Database,
    finder: Finder,
    *,
    timeline: Timeline | None,
    moments: Sequence[Mapping[str, Any]],
    overrides: Mapping[str, Scalar],
) -> str:
    """A remark if the facts of a finder hang on the database, as its LIMIT chooses among equal rows; else nothing."""
    own = own_parameters(database, finder, overrides)

    def ask_again(sql: Sql) -> pa.Table:
        return ask_for(database, timeline, moments)(replace(finder, sql=sql), own).drop_columns(["_row"])

    return tie(finder.sql, database.dialect, ask_again)


def _varied(found: Iterable[FactCandidate]) -> Iterator[str]:
    """One sentence for each fact: the first way that opens like none before it in the list of its moment."""
    number, openings = -1, set[str]()
    for fact in found:
        if fact.number != number:
            number, openings = fact.number, set()
        sentence = fact.ways[0]
        opening = _opening(sentence)
        if opening in openings:
            for way in fact.ways[1:]:
                if (other := _opening(way)) not in openings:
                    sentence, opening = way, other
                    break
        openings.add(opening)
        yield sentence


def _opening(sentence: str) -> str:
    """The first two words of a sentence, in small letters."""
    return " ".join(sentence.split(maxsplit=2)[:2]).casefold()


def own_parameters(database: Database, finder: Finder, overrides: Mapping[str, Scalar]) -> dict[str, Scalar]:
    """The values of a finder's own parameters. Raises CoursewrightError, or UsageError for one of `overrides`."""
    own = finder.parameters
    for declared in own.values():
        declared.check()
    values = {name: declared.read(overrides.get(name, declared.parameter.default)) for name, declared in own.items()}
    check_values(own, {**database.parameters, **values}, overrides, database)
    return values


def _tell(finder: Finder, language: str, rows: FactRows) -> Iterable[tuple[str, ...]]:
    # Checked before there is a row, so that a mistake shows in every build and not only in some.
    grammar = finder.grammar(language)
    problems = [problem for problem in grammar.check(rows.names) if problem.rule.startswith("unknown")]
    if problems:
        raise SeveralProblems(problems)
    ways = WAYS if finder.has_choice else 1
    # The choice of words hangs on the row alone, so that one pass over all of history says what a single run says; not
    # on its score, which is worked out with fractions, whose last digit is not the same in every database.
    key = [column for column in rows.names if column != finder.settings.score] or rows.names
    told = [list(tell(grammar, rows.to_tell, seed=way, key=key)) for way in range(ways)] if rows.records else []
    return zip(*told, strict=True)


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
