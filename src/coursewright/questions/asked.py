"""A finder asked: the facts that it finds, as a question whose wrong answers come from the same column."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.facts import Fact, Finder
from coursewright.questions.draw import Materials
from coursewright.questions.question import Question, read_question
from coursewright.questions.rows import as_bytes
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
answers = sample(fact["near"], min(len(fact["near"]), %d))
```

# Question

{{ fact["asked"] }}

# Solution

{{ fact["told"] }}
"""


def ask_finder(
    finder: Finder, facts: Sequence[Fact], *, language: str, parameters: Mapping[str, Any]
) -> tuple[Question, Materials]:
    """A question that asks one of `facts`, which `finder` found; `parameters` are those of its course.

    Wrong answers are other values of the column that answers, numbers those nearest to the right one. Raises
    CoursewrightError for a finder without `[question]`, and when there is nothing to ask or to mistake the answer for.
    """
    asked = finder.settings.question
    if asked is None:
        hint = 'add [question] with ask = "…" and answer = "a column" to its front matter'
        raise CoursewrightError(f'the finder "{finder.name}" asks nothing', finder.place("title"), hint)
    import pyarrow as pa

    known = {fact.row[asked.answer] for fact in facts} - {None}
    if len(known) < 2:
        message = f"the column {asked.answer} has {len(known)} values here, too few to choose from"
        raise CoursewrightError(message, finder.place("answer"), "ask about a moment with more facts, or about several")
    grammar = Grammar({"origin": asked.ask}, place=finder.place("ask"), language=language, strict=True)
    sentences = tell(grammar, [{**parameters, **fact.moment, **fact.row} for fact in facts])
    rows = [
        {"asked": sentence, "answer": str(answer), "near": near(answer, known), "told": fact.sentence}
        for fact, sentence in zip(facts, sentences, strict=True)
        if (answer := fact.row[asked.answer]) is not None
    ]
    question = read_question(finder.file, _TEMPLATE % (json.dumps(finder.settings.title), _WRONG))
    return question, Materials({"facts": as_bytes(pa.Table.from_pylist(rows))}, dict(parameters))


def near(answer: Any, known: set[Any]) -> list[str]:
    """Values that could be taken for the answer: of numbers, the nearest."""
    others = sorted(known - {answer}, key=lambda value: (_distance(value, answer), str(value)))
    return [str(value) for value in (others[:_NEAR] if isinstance(answer, int | float) else others)]


def _distance(value: Any, answer: Any) -> float:
    both = isinstance(value, int | float) and isinstance(answer, int | float)
    return abs(value - answer) if both else 0.0
