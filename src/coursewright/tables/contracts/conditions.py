"""SQL for rows that break a rule, and the types of columns in the words of a contract.

All of it is in the part of SQL that every database has, but for REGEXP_MATCHES.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator

from coursewright.tables.contracts.contract import Bounds, Scalar
from coursewright.tables.table import quote

# The types of databases, by how their names begin, in small letters; the first that fits.
_KINDS = {
    "integer": r"u?(tiny|small|medium|big|huge)?int(eger)?\d*\b|bignum|(big|small)?serial|(dec\w*|num\w*)\(\d+,\s*0\)",
    "number": r"(decimal|numeric|double|float\d*|real|money)\b",
    "boolean": r"bool",
    "timestamp": r"(timestamp|datetime)",
    "date": r"date\b",
    "time": r"time",
    "text": r"(var|n|nvar|bp)?char|(tiny|medium|long)?text|string|enum|uuid|character|clob|citext",
}

# What a text must look like to be a value of another type.
LOOKS = {
    "integer": r"[+-]?[0-9]+",
    "number": r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?",
    "date": r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
    "time": r"([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]+)?)?",
    "timestamp": r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])[ T]([01][0-9]|2[0-3]):[0-5][0-9].*",
    "boolean": r"true|false|TRUE|FALSE|True|False",
}


# Of which columns there can be a range of each kind; a text can hold dates, which their letters put in order.
SUITED = {
    "number": ("integer", "number"),
    "date": ("date", "timestamp", "text"),
    "timestamp": ("timestamp", "date", "text"),
    "time": ("time", "text"),
}


def kind_of(declared: str) -> str:
    """The type of a database as one of a contract's, such as "integer" for "BIGINT"; "" for any other."""
    name = declared.lower()
    if name.endswith("]"):  # a list of them
        return ""
    return next((kind for kind, pattern in _KINDS.items() if re.match(pattern, name)), "")


def unlike(column: str, pattern: str) -> str:
    """SQL for a row whose `column` is not, from its beginning to its end, what `pattern` describes."""
    text = f"CAST({quote(column)} AS VARCHAR)"  # an ENUM or a UUID is shown as a text and is none
    return f"NOT REGEXP_MATCHES({text}, {_text(f'^(?:{pattern})$')})"


def beyond(span: Bounds, kind: str) -> Iterator[str]:
    """SQL, to be put after a column, for what is before or after `span`."""
    if span.low:
        yield f"< {_end(span.low, span.kind)}"
    if span.high and span.kind == "date" and kind == "timestamp":  # the last day has 24 hours
        if span.high < "9999-12-31":
            day = datetime.date.fromisoformat(span.high) + datetime.timedelta(days=1)
            yield f">= {_end(str(day), span.kind)}"
    elif span.high:
        yield f"> {_end(span.high, span.kind)}"


def _end(end: str, kind: str) -> str:
    return end if kind == "number" else _text(end)


def literals(values: Iterable[Scalar], kind: str) -> Iterator[str]:
    """`values` as SQL for a column of a kind; those that such a column can never hold are left out."""
    for value in values:
        if kind == "text":
            yield _text(str(value).lower() if isinstance(value, bool) else str(value))
        elif isinstance(value, bool):
            if kind in ("boolean", ""):
                yield str(value).upper()
        elif isinstance(value, str):
            if kind in ("", "date", "time", "timestamp"):
                yield _text(value)
        elif kind in ("integer", "number", ""):
            yield str(value)


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
