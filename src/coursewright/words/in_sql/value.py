"""Values in SQL: an expression, what it holds, and when it is missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count

from coursewright.words.columnar.parts import NotColumnar
from coursewright.words.marks import MARKS

NEVER = "false"
_OWN = "".join(chr(code) for code in range(0xFDD0, 0xFDD9))
_WHOLE = frozenset(
    ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
)
_KINDS = {"VARCHAR": "text", "DOUBLE": "float", "BOOLEAN": "truth", "DATE": "date", "TIMESTAMP": "moment"}
_DECIMAL = re.compile(r"DECIMAL\((\d+),\s*(\d+)\)")
_NUMBERS = frozenset(("whole", "float", "decimal"))
_NAME = re.compile(r'"[^"]*"|_h?[0-9]+')
_names = [count()]


class NotInSql(NotColumnar):
    """A grammar, or a part of one, that cannot be told in SQL; the message says why."""


@dataclass(frozen=True)
class ValueKind:
    """What an expression holds: whole, float, decimal, text, ordinal (3rd), truth, date, moment or list."""

    name: str
    inner: ValueKind | None = None
    scale: int = 0

    @property
    def of(self) -> ValueKind:
        """What the items of a list are. Raises NotInSql for what is no list."""
        if self.inner is None:
            raise NotInSql(f"the items of a {self.name}")
        return self.inner

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.name in _NUMBERS


TEXT, WHOLE = ValueKind("text"), ValueKind("whole")


@dataclass(frozen=True)
class Value:
    """An expression that is NULL where the value cannot be told; `missing` is true where there is none.

    A value that `may_fail` may be NULL before anything is made of it.
    """

    sql: str
    kind: ValueKind
    missing: str = NEVER
    may_fail: bool = False

    def as_(self, sql: str, kind: ValueKind = TEXT) -> Value:
        """What is made of it, missing where it is."""
        return replace(self, sql=sql, kind=kind)


def kind_of(declared: str) -> ValueKind:
    """The kind of a column with a type as DuckDB writes it. Raises NotInSql."""
    if declared.endswith("[]"):
        inner = kind_of(declared[:-2])
        if inner.inner:
            raise NotInSql("lists of lists")
        return ValueKind("list", inner)
    if declared in _WHOLE:
        return WHOLE
    if found := _DECIMAL.fullmatch(declared):
        return ValueKind("decimal", scale=int(found[2])) if int(found[2]) else WHOLE
    if declared in _KINDS:
        return ValueKind(_KINDS[declared])
    raise NotInSql(f"values of the type {declared}")


def column(sql: str, declared: str) -> Value:
    """The value of a column, which `sql` names."""
    kind = kind_of(declared)
    if kind.inner is None:
        return Value(sql, kind, _missing(sql, kind))
    item = fresh()
    there = f"list_filter({sql}, lambda {item}: NOT {_missing(item, kind.inner)})"
    return Value(there, kind, f"({sql} IS NULL)")


def _missing(sql: str, kind: ValueKind) -> str:
    return f"({sql} IS NULL OR isnan({sql}))" if kind.name == "float" else f"({sql} IS NULL)"


def text(value: Value) -> str:
    """The text of a value that is there, as `values.text_of` has it. Raises NotInSql."""
    made = _TEXTS.get(value.kind.name)
    if made is None:
        raise NotInSql(f"the text of a {value.kind.name}")
    return once(value.sql, lambda sql: made(replace(value, sql=sql)))


def _of_list(value: Value) -> str:
    item = fresh()
    items = f"list_transform({value.sql}, lambda {item}: {text(Value(item, value.kind.of))})"
    return f"cw_list({items}, 'and', false)"


_TEXTS: dict[str, Callable[[Value], str]] = {
    "text": lambda value: f"cw_text({value.sql})",
    "ordinal": lambda value: str(value.sql),
    "whole": lambda value: f"CAST({value.sql} AS VARCHAR)",
    "decimal": lambda value: f"CAST({value.sql} AS VARCHAR)",
    "truth": lambda value: f"CAST({value.sql} AS VARCHAR)",
    "float": lambda value: f"cw_float({value.sql})",
    "date": lambda value: f"cw_day({value.sql})",
    "moment": lambda value: f"cw_moment({value.sql})",
    "list": _of_list,
}
MACROS = (
    # data that holds signs of ours, or none that text may have
    f"cw_text(t) AS CASE WHEN regexp_matches(t, '[{_OWN}]') THEN NULL ELSE t END",
    "cw_float(v) AS CASE WHEN v = floor(v) AND abs(v) < 1e15 THEN CAST(CAST(v AS HUGEINT) AS VARCHAR) "
    "WHEN abs(v) = 'infinity'::DOUBLE THEN CASE WHEN v > 0 THEN 'inf' ELSE '-inf' END "
    "WHEN v = floor(v) AND abs(v) < 1e16 THEN CAST(CAST(v AS HUGEINT) AS VARCHAR) || '.0' "
    "ELSE CAST(v AS VARCHAR) END",
    "cw_day(d) AS CASE WHEN d BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN CAST(d AS VARCHAR) END",
    "cw_moment(m) AS CASE WHEN m BETWEEN TIMESTAMP '0001-01-01' AND TIMESTAMP '9999-12-31 23:59:59.999999' THEN "
    "strftime(m, '%Y-%m-%d %H:%M:%S') || CASE WHEN microsecond(m) % 1000000 = 0 THEN '' "
    "ELSE strftime(m, '.%f') END END",
)


def fresh() -> str:
    """A name for what a lambda takes."""
    return f"_{next(_names[0])}"


def count_anew() -> None:
    """Begin again with the names of lambdas: what is compiled for one page alone has the same ones in every build."""
    _names[0] = count()


def bound(sql: str, use: Callable[[str], str]) -> str:
    """What `use` makes of an expression that it may name several times, and that is worked out once."""
    name = fresh()
    return f"list_transform([{sql}], lambda {name}: {use(name)})[1]"


def is_name(sql: str) -> bool:
    """Whether an expression is the name of a column, or of what a lambda takes."""
    return bool(_NAME.fullmatch(sql))


def once(sql: str, use: Callable[[str], str]) -> str:
    """As `bound`, but that a name stays itself."""
    return use(sql) if is_name(sql) else bound(sql, use)


def named(name: str) -> str:
    """The name of a column in SQL."""
    return '"' + name.replace('"', '""') + '"'


def quoted(words: str) -> str:
    """A text in SQL. Raises NotInSql for what no text in SQL can hold."""
    if "\0" in words or any("\ud800" <= sign <= "\udfff" for sign in words):
        raise NotInSql("a text that is not valid in SQL")
    return "'" + words.replace("'", "''") + "'"


def has_marks(words: str) -> bool:
    """Whether a text in the making holds a mark of ours."""
    return any(mark in words for mark in MARKS)
