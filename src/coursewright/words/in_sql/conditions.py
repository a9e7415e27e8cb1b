"""Conditions in SQL: three-valued, as in Python, with a second expression that says where one cannot be decided."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from decimal import Decimal

from coursewright.words.in_sql.value import WHOLE, NotInSql, Value, ValueKind, quoted
from coursewright.words.language.conditions import (
    Among,
    Both,
    ColumnReference,
    Compare,
    Condition,
    Constant,
    Either,
    Missing,
    Not,
    Sum,
)
from coursewright.words.printing.comparing import BEGINNING, DATE

Read = Callable[[str], Value]
_SIGNS = {"==": "=", "!=": "<>"}
_EQUAL = {"=", "==", "!=", "<>"}
_MOST_DIGITS = 15  # of a number in a condition, so that a float says the same
_NUMERAL = r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*"
_TRUTHS = {"true": True, "yes": True, "y": True, "t": True, "on": True, "false": False, "no": False, "n": False,
           "f": False, "off": False, "1": True, "0": False}  # fmt: skip


class Conditions:
    """Turns conditions into SQL; `read` gives the value of a column. What is `undecided` is collected beside."""

    def __init__(self, read: Read) -> None:
        self.read = read
        self.undecided: list[str] = []

    def holds(self, condition: Condition) -> tuple[str, str]:
        """Whether it holds, and when that cannot be decided. Raises NotInSql."""
        self.undecided = []
        sql = self._held(condition.test)
        return sql, " OR ".join(self.undecided)

    def _column(self, name: str) -> Value:
        value = self.read(name)
        if value.may_fail:
            self.undecided.append(f"({value.sql} IS NULL AND NOT coalesce({value.missing}, false))")
        return value

    def _held(self, test: object) -> str:
        if isinstance(test, Both | Either):
            return f"({(' AND ' if isinstance(test, Both) else ' OR ').join(map(self._held, test.parts))})"
        if isinstance(test, Not):
            return f"(NOT {self._held(test.part)})"
        if isinstance(test, Missing):
            return self._missing(test.value)
        if isinstance(test, Among):
            return f"({' OR '.join(self._compared('=', test.value, option) for option in test.options)})"
        if isinstance(test, Compare):
            return self._compared(test.sign, test.left, test.right)
        if isinstance(test, ColumnReference):
            return self._truth(self._column(test.name))
        raise NotInSql("a condition of this form")

    def _missing(self, part: object) -> str:
        if isinstance(part, ColumnReference):
            value = self._column(part.name)
            return f"({value.missing} OR len({value.sql}) = 0)" if value.kind.inner else value.missing
        if isinstance(part, Sum):
            return f"({self._missing(part.left)} OR {self._missing(part.right)})"
        return "false"

    def _truth(self, value: Value) -> str:
        if value.kind.name == "truth":
            return _there(value, value.sql)
        if value.kind.is_number:
            return _there(value, f"({value.sql} <> 0)")
        raise NotInSql("a text that stands alone in a condition")

    def _compared(self, sign: str, left: object, right: object) -> str:
        sign = _SIGNS.get(sign, sign)
        if isinstance(left, Constant) and not isinstance(right, Constant):
            return self._compared(_TURNED.get(sign, sign), right, left)
        if isinstance(left, Constant):
            raise NotInSql("a condition without a column")
        value = self._value(left)
        if isinstance(right, Constant):
            return _there(value, self._with_constant(sign, value, right.value))
        other = self._value(right)
        return _there(value, _there(other, _of_one_kind(sign, value, other)))

    def _value(self, part: object) -> Value:
        if isinstance(part, ColumnReference):
            return self._column(part.name)
        if isinstance(part, Sum):
            return self._sum(part)
        if isinstance(part, Constant) and isinstance(part.value, int) and not isinstance(part.value, bool):
            return Value(f"({part.value})", WHOLE)
        raise NotInSql("a condition of this form")

    def _sum(self, part: Sum) -> Value:
        left, right = self._value(part.left), self._value(part.right)
        if (left.kind, right.kind) != (WHOLE, WHOLE) or part.sign == "/":
            raise NotInSql("fractions that a condition calculates with")
        sql = f"(CAST({left.sql} AS HUGEINT) {part.sign} CAST({right.sql} AS HUGEINT))"
        return Value(sql, WHOLE, f"({left.missing} OR {right.missing})")

    def _with_constant(self, sign: str, value: Value, constant: object) -> str:
        kind = value.kind
        if isinstance(constant, bool) or kind.name == "truth":
            return f"({self._bool(sign, value)} {sign} {str(_truth_of(constant)).lower()})"
        if isinstance(constant, str):
            return self._with_text(sign, value, constant)
        number = _exact(constant)
        if kind.is_number:
            return f"({value.sql} {sign} {number})"
        if kind.name != "text":
            raise NotInSql(f"the comparison of a {kind.name} with a number")
        numeral = f"regexp_full_match({value.sql}, {quoted(_NUMERAL)})"
        if sign not in _EQUAL:
            self.undecided.append(f"(NOT {value.missing} AND NOT {numeral})")
        otherwise = "true" if sign == "<>" else "false"
        compared = f"TRY_CAST(trim({value.sql}) AS DOUBLE) {sign} {number}"
        return f"CASE WHEN {numeral} THEN {compared} ELSE {otherwise} END"

    def _bool(self, sign: str, value: Value) -> str:
        if sign not in _EQUAL or value.kind.name not in {"truth", "whole"}:
            raise NotInSql("the comparison of what is true or false with something else")
        if value.kind.name == "truth":
            return value.sql
        self.undecided.append(f"(NOT {value.missing} AND {value.sql} NOT IN (0, 1))")
        return f"({value.sql} <> 0)"

    def _with_text(self, sign: str, value: Value, words: str) -> str:
        if value.kind.name in {"date", "moment"}:
            return _with_date(sign, value, words.strip())
        if value.kind.name != "text" or sign not in _EQUAL:
            raise NotInSql(f"the comparison of a {value.kind.name} with a text by {sign}")
        return f"({value.sql} {sign} {quoted(words)})"


_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def _there(value: Value, sql: str) -> str:
    """What is neither true nor false where the value is missing."""
    return f"CASE WHEN {value.missing} THEN NULL ELSE {sql} END"


def _truth_of(constant: object) -> bool:
    known = _TRUTHS.get(str(constant).strip().lower())
    if known is None:
        raise NotInSql(f'"{constant}" compared with what is true or false')
    return known


def _exact(constant: object) -> str:
    exact = Decimal(str(constant))
    if len(exact.as_tuple().digits) > _MOST_DIGITS or abs(exact.adjusted()) > _MOST_DIGITS:
        raise NotInSql(f"the number {constant} in a condition")
    return f"({exact:f})"


def _of_one_kind(sign: str, left: Value, right: Value) -> str:
    kinds = {left.kind.name, right.kind.name}
    if kinds <= {"whole"} or kinds <= {"float"} or kinds <= {"date", "moment"} or kinds <= {"decimal", "whole"}:
        return f"({left.sql} {sign} {right.sql})"
    raise NotInSql(f"the comparison of a {left.kind.name} with a {right.kind.name}")


def _with_date(sign: str, value: Value, words: str) -> str:
    if sign not in _EQUAL and BEGINNING.fullmatch(words):
        moment = f"strftime({value.sql}, '%Y-%m-%d %H:%M:%S')"
        return f"({moment} {sign} {quoted(words)})"
    if not DATE.fullmatch(words):
        raise NotInSql(f'the comparison of a date with "{words}"')
    try:
        when = datetime.datetime.fromisoformat(words)
    except ValueError:
        raise NotInSql(f'the comparison of a date with "{words}"') from None
    if when.tzinfo:
        raise NotInSql("a moment of a time zone in a condition")
    return f"(CAST({value.sql} AS TIMESTAMP) {sign} TIMESTAMP {quoted(str(when))})"


__all__ = ["Conditions", "ValueKind"]
