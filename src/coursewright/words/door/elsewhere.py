"""Rows told in another process, such as the browser's Python: what is to be told and the rows, as JSON.

    telling = Telling.of(grammar, {"town": "VARCHAR", "rain": "DOUBLE"}, key=["town"], seeds=["0"])
    rows = f"SELECT {telling.texts} FROM (…)"        # each value as a text, which DuckDB writes without a loss
    answer(JSON of {"telling": telling, "rows": …})   # JSON of {"texts": [["It rained in Bergen"], …]}

A value is there what it is in a build: of the same type, so that the same is said of it.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.words.grammar import Grammar
from coursewright.words.telling import tell

Value = str | list[str | None] | None


class NotElsewhere(Exception):
    """What cannot be told in another process; the message says why."""


class Telling(msgspec.Struct, frozen=True):
    """What is to be told of rows with these `columns`, whose types are as DuckDB writes them.

    `rules` are those of the grammar, as JSON in a text, which nothing on the way changes; of each row there is a text
    for each of the `seeds`, and with `by` one for each group of rows.
    """

    rules: str
    language: str
    columns: dict[str, str]
    rule: str = "origin"
    seeds: tuple[str | int, ...] = ("0",)
    key: tuple[str, ...] = ()
    by: tuple[str, ...] = ()

    @classmethod
    def of(cls, grammar: Grammar, columns: Mapping[str, str], **options: Any) -> Telling:
        """What a grammar is to tell; `options` are the other fields.

        Raises NotElsewhere for types of values, and for rules, that are lost on the way.
        """
        for kind in columns.values():
            _reader(kind)
        if grammar.escape or grammar.modifiers:
            raise NotElsewhere("functions of Python")
        try:
            rules = msgspec.json.encode(grammar.rules)
        except (TypeError, ValueError) as error:
            raise NotElsewhere(f"rules that are not JSON: {error}") from None
        if msgspec.json.decode(rules) != grammar.rules:
            raise NotElsewhere("rules with other names than texts")
        return cls(rules.decode(), grammar.language, dict(columns), **options)

    @property
    def texts(self) -> str:
        """The columns as texts, for a SELECT."""
        return ", ".join(f"{_as_text(name, kind)} AS {_quoted(name)}" for name, kind in self.columns.items())


class _TellTask(msgspec.Struct, frozen=True):
    telling: Telling
    rows: list[list[Value]]


def answer(asked: str) -> str:
    """The texts of rows, as JSON: `texts` has for each row those of all seeds; or `error`, why there are none."""
    try:
        given = msgspec.json.decode(asked, type=_TellTask)
        return msgspec.json.encode({"texts": _told(given.telling, given.rows)}).decode()
    except CoursewrightError as error:
        return msgspec.json.encode({"error": error.problem.message}).decode()


def _told(telling: Telling, rows: Sequence[Sequence[Value]]) -> list[tuple[str, ...]]:
    readers = [_reader(kind) for kind in telling.columns.values()]
    values = [
        {name: _read(read, value) for name, read, value in zip(telling.columns, readers, row, strict=True)}
        for row in rows
    ]
    grammar = Grammar(msgspec.json.decode(telling.rules), language=telling.language, strict=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the author was told while building
        ways = [
            tell(grammar, values, telling.rule, seed=seed, key=telling.key or None, by=telling.by or None)
            for seed in telling.seeds
        ]
    return list(zip(*ways, strict=True))


def _read(read: Callable[[str], Any], value: Value) -> Any:
    if isinstance(value, list):
        return [None if item is None else read(item) for item in value]
    return None if value is None else read(value)


def _reader(kind: str) -> Callable[[str], Any]:
    """What makes a value of a type, or an item of a list of it, of its text. Raises NotElsewhere."""
    name = kind.removesuffix("[]").partition("(")[0]
    if name not in _READERS:
        raise NotElsewhere(f"values of the type {kind}")
    return _READERS[name]


def _as_text(name: str, kind: str) -> str:
    column = _quoted(name)
    if kind.endswith("[]"):
        return f"list_transform({column}, lambda _item: CAST(_item AS VARCHAR))"
    return f"CAST({column} AS VARCHAR)"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


_READERS: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"), int),
    **dict.fromkeys(("FLOAT", "DOUBLE"), float),
    **dict.fromkeys(("HUGEINT", "DECIMAL"), Decimal),
    "VARCHAR": str,
    "BOOLEAN": "true".__eq__,
    "DATE": datetime.date.fromisoformat,
    "TIMESTAMP": datetime.datetime.fromisoformat,
    "TIME": datetime.time.fromisoformat,
}
