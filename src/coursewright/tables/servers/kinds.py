"""The kinds of values that SQL means the same by everywhere, and which of them go together.

A kind is less than a type: whole numbers of all lengths are one. What is of no kind here can be selected and counted,
and nothing else is done with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class SqlType:
    """What a value is; `scale` is the number of decimal places of a decimal number."""

    name: str
    scale: int = 0

    def __str__(self) -> str:
        return self.name


INTEGER, DOUBLE, TEXT, BOOLEAN = SqlType("integer"), SqlType("double"), SqlType("text"), SqlType("boolean")
DATE, TIMESTAMP, INSTANT = SqlType("date"), SqlType("timestamp"), SqlType("instant")
NULL, INTERVAL, OTHER = SqlType("null"), SqlType("interval"), SqlType("value")
_NUMBERS = ("integer", "decimal", "double")
_GROUPS = {"number": _NUMBERS, "day": ("date", "timestamp")}
_PLAIN = {
    "DOUBLE": DOUBLE,
    **dict.fromkeys(("VARCHAR", "TEXT"), TEXT),
    "BOOLEAN": BOOLEAN,
    "DATE": DATE,
    "TIMESTAMP": TIMESTAMP,
    **dict.fromkeys(("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"), INSTANT),
    '"NULL"': NULL,
}


def decimal(scale: int) -> SqlType:
    """Decimal numbers with so many places."""
    return SqlType("decimal", scale)


def kind_of(declared: str) -> SqlType:
    """The kind of a type of DuckDB, such as "DECIMAL(6,2)"."""
    name = declared.upper()
    if re.fullmatch(r"U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?", name):
        return INTEGER
    if name == "DECIMAL":
        return decimal(3)
    if found := re.fullmatch(r"DECIMAL\(\d+, ?(\d+)\)", name):
        return decimal(int(found[1]))
    return _PLAIN.get(name, OTHER)


def kind_of_value(value: Any) -> SqlType:
    """The kind of a parameter."""
    kinds = {bool: BOOLEAN, int: INTEGER, float: DOUBLE, str: TEXT, type(None): NULL}
    return kinds.get(type(value), OTHER)


def is_number(kind: SqlType) -> bool:
    """Whether it can be reckoned with."""
    return kind.name in _NUMBERS


def is_a(kind: SqlType, wanted: str) -> bool:
    """Whether a kind is what a function takes: a kind's own name, "number", "day" or "any"."""
    return wanted == "any" or kind == NULL or kind.name == wanted or kind.name in _GROUPS.get(wanted, ())


def common(*kinds: SqlType) -> SqlType | None:
    """The kind of what may be any of these; None where DuckDB or a server would have to guess."""
    found = NULL
    for kind in kinds:
        if found in (NULL, kind):
            found = kind
        elif is_number(found) and is_number(kind):
            wider = max(found, kind, key=lambda one: _NUMBERS.index(one.name))
            found = decimal(max(found.scale, kind.scale)) if wider.name == "decimal" else wider
        elif {found, kind} == {DATE, TIMESTAMP}:
            found = TIMESTAMP
        elif kind != NULL:
            return None
    return found
