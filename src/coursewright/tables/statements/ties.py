"""Rows that are equal where a statement cuts its answer: which of them it keeps hangs on the database.

They are found by asking twice, with the columns of the answer as last keys of ORDER BY, rising and falling: only where
rows are equal in all that the author wrote do these say which comes first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.tables.statements.sql import Sql

if TYPE_CHECKING:
    import pyarrow as pa

_DIRECTIONS = ("ASC NULLS LAST", "DESC NULLS FIRST")
_OPENING, _CLOSING = ("L_PAREN", "L_BRACKET", "L_BRACE"), ("R_PAREN", "R_BRACKET", "R_BRACE")
_DIGITS = 9
_DISTINCT = "DISTINCT ON"
_SETS = ("UNION", "INTERSECT", "EXCEPT")


@dataclass(frozen=True)
class _Cut:
    """Where a statement keeps some rows of its answer: `what` does, on the `line` counted from 0.

    More keys can be added to its ORDER BY before the character `at`.
    """

    what: str
    line: int
    at: int


def tie(sql: Sql, dialect: str, ask: Callable[[Sql], pa.Table]) -> str:
    """A remark for the author of `sql` if its LIMIT or DISTINCT ON chooses among rows that are equal; else nothing.

    `dialect` is that of SQL which does not say its own, and `ask` gives the rows of a statement. Looked at is the
    ORDER BY of the whole statement, not those of queries in it.
    """
    cut = _cut(sql, dialect)
    if cut is None:
        return ""
    try:
        columns = range(1, ask(sql).num_columns + 1)
        answers = [_rows(ask(_with_keys(sql, cut, columns, direction))) for direction in _DIRECTIONS]
    except CoursewrightError:  # its own mistakes are told where it is read; what cannot be put in order is not asked
        return ""
    if answers[0] == answers[1]:
        return ""
    message = f"{cut.what} chooses among rows that are equal in ORDER BY, so its answer hangs on the database"
    return f"{sql.place(cut.line)}: {message}; add a last column to ORDER BY that tells rows apart"


def without_limit(sql: Sql, dialect: str) -> tuple[Sql, str] | None:
    """The statement with all rows of its answer, and what cuts it, if it ends in LIMIT, OFFSET or FETCH; else None."""
    cut = _cut(sql, dialect)
    return None if cut is None or cut.what == _DISTINCT else (replace(sql, text=sql.text[: cut.at]), cut.what)


def _with_keys(sql: Sql, cut: _Cut, columns: range, direction: str) -> Sql:
    keys = "".join(f", {column} {direction}" for column in columns)
    return replace(sql, text=f"{sql.text[: cut.at]}{keys} {sql.text[cut.at :]}")


def _rows(table: pa.Table) -> list[str]:
    columns = ([*map(_shown, column.to_pylist())] for column in table.columns)
    return sorted(map(repr, zip(*columns, strict=True)))


def _shown(value: Any) -> str:
    """A value; of a fraction, the digits that are the same whenever it is summed up."""
    return f"{value:.{_DIGITS}g}" if isinstance(value, float) else repr(value)


def _cut(sql: Sql, dialect: str) -> _Cut | None:
    """Where the whole statement cuts what its ORDER BY has put in order."""
    from sqlglot import tokenize
    from sqlglot.errors import SqlglotError

    try:
        tokens = tokenize(sql.text, read=sql.dialect or dialect)
    except SqlglotError:
        return None
    depth, outer = 0, []
    for token in tokens:
        kind = token.token_type.name
        depth -= kind in _CLOSING
        if depth == 0:
            outer.append((kind, token))
        depth += kind in _OPENING
    kinds = [kind for kind, _ in outer]
    orders = [at for at, kind in enumerate(kinds) if kind == "ORDER_BY"]
    if not orders or kinds[orders[-1] + 1 : orders[-1] + 2] == ["ALL"]:
        return None
    after = kinds[orders[-1] :]
    where = min((after.index(kind) for kind in ("LIMIT", "OFFSET", "FETCH") if kind in after), default=None)
    if where is not None:
        token = outer[orders[-1] + where][1]
        return _Cut(token.text.upper(), sql.text.count("\n", 0, token.start), token.start)
    chosen = [at for at, kind in enumerate(kinds[:-1]) if kind == "DISTINCT" and kinds[at + 1] == "ON"]
    if not chosen or set(_SETS) & set(kinds):
        return None
    return _Cut(_DISTINCT, sql.text.count("\n", 0, outer[chosen[0]][1].start), tokens[-1].end + 1)
