"""A finder asked: the facts of the present moment as a question, whose wrong answers come from the same column."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.facts import Fact, Finder, find
from coursewright.questions.draw import Materials
from coursewright.questions.question import Question, read_question
from coursewright.questions.rows import as_bytes
from coursewright.tables import Database, Sql, Timeline, quote
from coursewright.tables.shown import show
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
class _Asked:
    """A fact as a question: the sentence that asks, the answer as a value and as readers see it, and the fact told."""

    sentence: str
    value: Any
    answer: str
    told: str


def ask_finder(
    finder: Finder,
    database: Database,
    *,
    timeline: Timeline | None,
    parameters: Mapping[str, Any],
    overrides: Mapping[str, Any],
    language: str,
) -> tuple[Question, Materials]:
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

    def asked(moments: Sequence[Mapping[str, Any]]) -> list[_Asked]:
        facts = find(database, [finder], timeline=timeline, moments=moments, overrides=overrides, language=language)
        return list(_asked(finder, facts, parameters, language))

    present = list(_told_apart(finder, asked([parameters])))
    others = present
    if present and timeline and len(_different(present)) <= _WRONG:
        others = [*present, *asked(_earlier(database, timeline, parameters))]
    rows = [row for each in present if (row := _row(each, others))["near"]]
    if not rows:
        number = len(_different(others))
        message = f"the column {question.answer} has {number} value{'s' * (number != 1)} here, too few to choose from"
        raise NothingToAsk(message, finder.place("answer"), "ask about a moment with more facts")
    import pyarrow as pa

    drawn = read_question(finder.file, _TEMPLATE % (json.dumps(finder.settings.title), _WRONG))
    return drawn, Materials({"facts": as_bytes(pa.Table.from_pylist(rows))}, dict(parameters), language)


def _asked(finder: Finder, facts: Sequence[Fact], parameters: Mapping[str, Any], language: str) -> Iterator[_Asked]:
    """The facts that have an answer, as questions."""
    question = finder.settings.question
    assert question  # noqa: S101 - its caller has looked
    grammar = Grammar({"origin": question.ask}, place=finder.place("ask"), language=language, strict=True)
    known = [fact for fact in facts if show(fact.row[question.answer])]
    sentences = tell(grammar, [{**parameters, **fact.moment, **fact.row} for fact in known]) if known else []
    for fact, sentence in zip(known, sentences, strict=True):
        value = fact.row[question.answer]
        yield _Asked(sentence, value, show(value), fact.sentence)


def _told_apart(finder: Finder, asked: Iterable[_Asked]) -> Iterator[_Asked]:
    """Each question once. Raises CoursewrightError for one that has two answers."""
    first: dict[str, _Asked] = {}
    for each in asked:
        same = first.setdefault(_folded(each.sentence), each)
        if _folded(same.answer) != _folded(each.answer):
            message = f'two facts ask "{each.sentence}": the answer is "{same.answer}", or "{each.answer}"'
            raise CoursewrightError(message, finder.place("ask"), "ask for what tells them apart as well")
        if same is each:
            yield each


def _row(asked: _Asked, others: Iterable[_Asked]) -> dict[str, Any]:
    """A question as a row to draw from, with what could be taken for its answer: of numbers, the nearest."""
    right = {_folded(each.answer) for each in others if _folded(each.sentence) == _folded(asked.sentence)}
    wrong = {_folded(each.answer): each for each in others if _folded(each.answer) not in right}
    nearest = sorted(wrong.values(), key=lambda each: (_distance(each.value, asked.value), each.answer))
    few = nearest[:_NEAR] if isinstance(asked.value, int | float) else nearest
    return {
        "asked": asked.sentence,
        "answer": asked.answer,
        "near": [each.answer for each in few],
        "told": asked.told,
    }


def _different(asked: Iterable[_Asked]) -> set[str]:
    return {_folded(each.answer) for each in asked}


def _folded(text: str) -> str:
    """A text as people compare it: no two options of a question differ in capitals or spaces alone."""
    return " ".join(text.split()).casefold()


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
