"""A finder asked: the facts of the present moment as a question, whose wrong answers come from the same column."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.facts import Fact, Finder, find
from coursewright.questions.checking.alike import likeness
from coursewright.questions.drawing.draw import DrawMaterials
from coursewright.questions.question import Question, read_question
from coursewright.questions.reading.language import decimal_sign
from coursewright.questions.reading.rows import as_bytes
from coursewright.tables import Database, Sql, Timeline, quote
from coursewright.tables.showing import show
from coursewright.tables.statements import without_limit
from coursewright.words import Grammar, tell

_NEAR = 8  # values of the column from which the wrong answers are drawn: the nearest, where they are numbers
_WRONG = 3

_TEMPLATE = """\
---
title: %s
kind: choice
note: "{{ fact['asked'] }}"
---
```python
fact = pick(table("facts"))
answer = fact["answer"]
answers = [wrong(each) for each in sample(fact["near"], min(len(fact["near"]), %d))]
```

# Question

{{ fact["asked"] }}

# Solution

{{ fact["told"] }}
"""


class NothingToAsk(CoursewrightError):
    """At this moment there is no fact to ask about, or nothing to mistake its answer for."""


@dataclass(frozen=True)
class _FactQuestion:
    """A fact as a question: the sentence that asks, the answer as a value and as readers see it, and the fact told.

    `same` and `is_` are what the sentence and the answer are to a reader, `row` what the fact is made of.
    """

    sentence: str
    value: Any
    answer: str
    told: str
    same: Hashable
    is_: Hashable
    row: Mapping[str, Any]


def ask_finder(
    finder: Finder,
    database: Database,
    *,
    timeline: Timeline | None,
    parameters: Mapping[str, Any],
    overrides: Mapping[str, Any],
    language: str,
) -> tuple[Question, DrawMaterials]:
    """A question that asks one of the facts that `finder` finds at the present moment, which `parameters` say.

    Wrong answers are other values of the column that answers, numbers those nearest to the right one: values of the
    present moment and, where those are too few, of earlier ones. None is a right answer of the same question. Raises
    CoursewrightError for a finder without `[question]` and for facts that ask the same and have different answers, and
    NothingToAsk when there is nothing to ask or to mistake the answer for.
    """
    question = finder.settings.question
    if question is None:
        hint = 'add [question] with ask = "…" and answer = "a column" to its front matter'
        raise CoursewrightError(f'the finder "{finder.name}" asks nothing', finder.place("title"), hint)

    def asked(moments: Sequence[Mapping[str, Any]], sql: Sql = finder.sql) -> list[_FactQuestion]:
        every = [replace(finder, sql=sql)]
        facts = find(database, every, timeline=timeline, moments=moments, overrides=overrides, language=language)
        return [*_asked(finder, facts, parameters, language)]

    present = list(_told_apart(finder, asked([parameters])))
    if present and (whole := without_limit(finder.sql, database.dialect)):
        _refuse_left_out(finder, present, asked([parameters], whole[0]), cut=whole[1])
    others = present
    if present and timeline and len(_different(present)) <= _WRONG:
        others = [*present, *asked(_earlier(database, timeline, parameters))]
    rows = [row for each in present if (row := _row(each, others))["near"]]
    if not rows:
        number = len(_different(others))
        message = f"the column {question.answer} has {number} value{'s' * (number != 1)} here, too few to choose from"
        raise NothingToAsk(message, finder.place("answer"), "ask about a moment with more facts")
    return _question(finder), DrawMaterials({"facts": _table(rows)}, dict(parameters), language, database.trust)


def _question(finder: Finder) -> Question:
    return read_question(finder.file, _TEMPLATE % (json.dumps(finder.settings.title), _WRONG))


def _table(rows: list[dict[str, Any]]) -> bytes:
    import pyarrow as pa

    return as_bytes(pa.Table.from_pylist(rows))


def _asked(
    finder: Finder, facts: Sequence[Fact], parameters: Mapping[str, Any], language: str
) -> Iterator[_FactQuestion]:
    """The facts that have an answer, as questions."""
    question = finder.settings.question
    assert question  # noqa: S101 - its caller has looked
    grammar = Grammar({"origin": question.ask}, place=finder.place("ask"), language=language, strict=True)
    known = [fact for fact in facts if show(fact.row[question.answer])]
    sentences = tell(grammar, [{**parameters, **fact.moment, **fact.row} for fact in known]) if known else []
    for fact, sentence in zip(known, sentences, strict=True):
        value = fact.row[question.answer]
        answer = show(value)
        is_ = likeness(answer, decimal_sign(language))
        yield _FactQuestion(sentence, value, answer, fact.sentence, likeness(sentence), is_, fact.row)


def _told_apart(finder: Finder, asked: Iterable[_FactQuestion]) -> Iterator[_FactQuestion]:
    """Each question once. Raises CoursewrightError for one that has two answers."""
    first: dict[Hashable, _FactQuestion] = {}
    for each in asked:
        same = first.setdefault(each.same, each)
        if same.is_ != each.is_:
            message = f'two facts ask "{each.sentence}": the answer is "{same.answer}", or "{each.answer}"'
            raise CoursewrightError(message, finder.place("ask"), "ask for what tells them apart as well")
        if same is each:
            yield each


def _refuse_left_out(
    finder: Finder, asked: Iterable[_FactQuestion], all_of_them: Iterable[_FactQuestion], cut: str
) -> None:
    """Raise CoursewrightError where a LIMIT keeps one of several answers that are as right: of rows that are alike in
    all else that the sentences say, or in all their numbers."""
    kept = {each.same: each for each in asked}
    for other in all_of_them:
        each = kept.get(other.same)
        if each and each.is_ != other.is_ and _as_right(finder, each, other):
            message = f'{cut} leaves out an answer to "{each.sentence}": it is "{each.answer}", and "{other.answer}"'
            hint = "take all rows that are alike: rank() OVER (ORDER BY …) = 1, or ask for what tells them apart"
            raise CoursewrightError(message, finder.place("ask"), hint)


def _as_right(finder: Finder, one: _FactQuestion, other: _FactQuestion) -> bool:
    answer = finder.settings.question.answer if finder.settings.question else ""
    if one.told.replace(one.answer, "") == other.told.replace(other.answer, ""):
        return True
    numbers = [name for name, value in one.row.items() if name != answer and isinstance(value, int | float)]
    return bool(numbers) and all(one.row[name] == other.row.get(name) for name in numbers)


def _row(asked: _FactQuestion, others: Iterable[_FactQuestion]) -> dict[str, Any]:
    """A question as a row to draw from, with what could be taken for its answer: of numbers, the nearest."""
    right = {each.is_ for each in others if each.same == asked.same}
    wrong = {each.is_: each for each in others if each.is_ not in right}
    nearest = sorted(wrong.values(), key=lambda each: (_distance(each.value, asked.value), each.answer))
    few = nearest[:_NEAR] if isinstance(asked.value, int | float) else nearest
    return {
        "asked": asked.sentence,
        "answer": asked.answer,
        "near": [each.answer for each in few],
        "told": asked.told,
    }


def _different(asked: Iterable[_FactQuestion]) -> set[Hashable]:
    return {each.is_ for each in asked}


def _distance(value: Any, answer: Any) -> float:
    both = isinstance(value, int | float) and isinstance(answer, int | float)
    return abs(value - answer) if both else 0.0


def _earlier(database: Database, timeline: Timeline, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parameters of every moment before the present one."""
    pairs = list(zip(timeline.order, timeline.now, strict=True))
    columns = ", ".join(f"{quote(column)} AS {quote(now)}" for column, now in pairs)
    order, present = ", ".join(map(quote, timeline.order)), ", ".join(f":{now}" for now in timeline.now)
    text = f"SELECT DISTINCT {columns} FROM {quote(timeline.table)} WHERE ({order}) < ({present}) ORDER BY ALL"
    rows = database.rows(Sql(text, "course.toml", dialect="duckdb"), parameters)
    return [{**parameters, **row} for row in rows]
