"""Dates, times and intervals, as DuckDB reckons with them; and rows of values, which moments are compared by."""

from __future__ import annotations

import re
from typing import Any

from sqlglot import exp

from coursewright.tables.servers.kinds import BOOLEAN, DATE, INTEGER, TEXT, TIMESTAMP
from coursewright.tables.servers.meaning import Meaning, Meant
from coursewright.tables.servers.said import said

_PARTS = {
    **{name: name for name in ("year", "month", "day", "quarter", "hour", "minute", "second", "week", "isodow")},
    "dow": "dayofweek",
    "weekday": "weekday",
    "dayofweek": "dayofweek",
    "doy": "dayofyear",
    "dayofyear": "dayofyear",
    "isoyear": "isoyear",
    "epoch": "epoch",
}
_UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
# What strftime writes, as the servers write it.
_WRITTEN = {
    "%Y": ("YYYY", "%Y"), "%m": ("MM", "%m"), "%d": ("DD", "%d"), "%H": ("HH24", "%H"), "%M": ("MI", "%i"),
    "%S": ("SS", "%s"), "%y": ("YY", "%y"), "%j": ("DDD", "%j"), "%B": ("FMMonth", "%M"), "%b": ("Mon", "%b"),
    "%A": ("FMDay", "%W"), "%a": ("Dy", "%a"), "%-d": ("FMDD", "%e"), "%-m": ("FMMM", "%c"), "%p": ("AM", "%p"),
    "%I": ("HH12", "%h"), "%%": ("%", "%%"),
}  # fmt: skip


def part(meaning: Meaning, node: Any, name: str, value: Any) -> Meant:
    """`extract(name FROM value)`."""
    function = _PARTS.get(name.lower())
    if function is None:
        meaning.disagree(node, f"the part {name.lower()} of a date")
    return meaning.call(node, function, meaning.mean(value))


def function(meaning: Meaning, node: Any, name: str, given: list[Any]) -> Meant:
    """A function whose first argument says of what part it is, or whose last says how a date is written."""
    name = {"datetrunc": "date_trunc", "datepart": "date_part", "datediff": "date_diff"}.get(name, name)
    if name == "strftime":
        return _strftime(meaning, node, *given)
    if not given[0].is_string:
        meaning.disagree(node, f"{name} with a part that is not written out")
    wanted = given[0].name.lower()
    if name == "date_part":
        return part(meaning, node, wanted, given[1])
    meant = [meaning.mean(each) for each in given[1:]]
    wanted = {"years": "year", "months": "month", "days": "day", "weeks": "week"}.get(wanted, wanted)
    return meaning.call(node, f"{name}:{wanted}", *meant)


def _strftime(meaning: Meaning, node: Any, value: Any, pattern: Any) -> Meant:
    meant, kind = meaning.mean(value)
    if kind not in (DATE, TIMESTAMP) or not pattern.is_string:
        meaning.disagree(node, "strftime of this")
    pieces = re.findall(r"%-?.|[^%]+", pattern.name)
    for piece in pieces:
        if piece.startswith("%") and piece not in _WRITTEN:
            meaning.disagree(node, f"strftime with {piece}")
    if meaning.to == "spark":
        meaning.disagree(node, "strftime")
    if meaning.to == "sqlite":
        return said("coursewright_written({0}, {1})", meant, pattern), TEXT
    at = 0 if meaning.to == "postgres" else 1
    said_ = [_WRITTEN[piece][at] if piece in _WRITTEN else piece for piece in pieces]
    if at == 0:  # texts side by side: a pattern with all of them would run its parts together
        texts = [
            said("TO_CHAR({0}, {1})", meant, exp.Literal.string(text)) if piece in _WRITTEN and piece != "%%"
            else exp.Literal.string(piece.replace("%%", "%"))
            for piece, text in zip(pieces, said_, strict=True)
        ]  # fmt: skip
        places = " || ".join(f"{{{number}}}" for number in range(len(texts)))
        return meaning.settled(said(f"({places})", *texts), TEXT)
    return said("DATE_FORMAT({0}, {1})", meant, exp.Literal.string("".join(said_))), TEXT


def moved(meaning: Meaning, node: Any) -> Meant | None:
    """A date that an interval is added to or taken from; None where there is no interval."""
    from coursewright.tables.servers.rules import moved as found

    made = found(node)
    if made is None:
        return None
    date, number, unit = made
    unit = unit.lower().removesuffix("s")
    if unit not in _UNITS:
        meaning.disagree(node, f"an interval in units of {unit}")
    meant, kind = meaning.mean(date)
    count, how = meaning.mean(number)
    if how != INTEGER or kind not in (DATE, TIMESTAMP):
        meaning.disagree(node, f"an interval of {how} beside {kind}")
    if meaning.to == "sqlite":
        return said(f"coursewright_move({{0}}, {{1}}, '{unit}')", meant, count), TIMESTAMP
    if meaning.to == "mysql":
        added = f"DATE_ADD(CAST({{0}} AS DATETIME(6)), INTERVAL {{1}} {unit.upper()})"
        beyond = f"COALESCE({added}, CAST(EXP(710 + ABS({{1}})) AS DATETIME(6)))"  # which would be nothing
        return said(f"CASE WHEN {{0}} IS NOT NULL AND {{1}} IS NOT NULL THEN {beyond} END", meant, count), TIMESTAMP
    if meaning.to == "trino":
        return said(f"DATE_ADD('{unit}', {{1}}, CAST({{0}} AS TIMESTAMP(6)))", meant, count), TIMESTAMP
    if meaning.to == "spark":
        times, unit = {"quarter": (3, "month"), "week": (7, "day")}.get(unit, (1, unit))
        step = f"INTERVAL '{times}' {unit.upper()}"
        return said(f"(CAST({{0}} AS TIMESTAMP_NTZ) + {{1}} * {step})", meant, count), TIMESTAMP
    step = "3 months" if unit == "quarter" else f"1 {unit}"
    return said(f"(CAST({{0}} AS TIMESTAMP) + {{1}} * INTERVAL '{step}')", meant, count), TIMESTAMP


def rows_compared(meaning: Meaning, node: Any, sign: str, left: Any, right: Any) -> Meant:
    """`(a, b) < (c, d)`: the first that differ decide, and a missing value is the greatest, as in DuckDB."""
    if not isinstance(left, exp.Tuple) or not isinstance(right, exp.Tuple):
        meaning.refuse(node, "a row of values beside something else")
    if len(left.expressions) != len(right.expressions):
        meaning.refuse(node, "rows of several lengths")
    if sign in (">", "<="):
        left, right = right, left
    pairs = [
        meaning.together(node, [one, other])[0] for one, other in zip(left.expressions, right.expressions, strict=True)
    ]
    same = {"sqlite": "{0} IS {1}", "mysql": "{0} <=> {1}"}.get(meaning.to, "{0} IS NOT DISTINCT FROM {1}")
    equal = [said(f"({same})", *pair) for pair in pairs]
    if sign in ("=", "<>"):
        both = _joined(" AND ", equal)
        return (both if sign == "=" else said("(NOT {0})", both)), BOOLEAN
    less = [said("COALESCE({0} < {1}, {0} IS NOT NULL AND {1} IS NULL)", *pair) for pair in pairs]
    made = _joined(" OR ", [_joined(" AND ", [*equal[:at], one]) for at, one in enumerate(less)])
    return (said("(NOT {0})", made) if sign in ("<=", ">=") else made), BOOLEAN


def _joined(word: str, parts: list[Any]) -> Any:
    return said("(" + word.join(f"{{{number}}}" for number in range(len(parts))) + ")", *parts)
