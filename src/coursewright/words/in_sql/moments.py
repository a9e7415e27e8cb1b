"""Modifiers of dates in SQL: Unicode's patterns, whose names of days and months go into the SQL as Babel has them."""

from __future__ import annotations

from typing import Any

from coursewright.words.in_sql.value import WHOLE, NotInSql, Value, quoted, text

_FIELDS: dict[str, str] = {
    "d": "CAST(day({0}) AS VARCHAR)", "dd": "lpad(CAST(day({0}) AS VARCHAR), 2, '0')",
    "M": "CAST(month({0}) AS VARCHAR)", "MM": "lpad(CAST(month({0}) AS VARCHAR), 2, '0')",
    "L": "CAST(month({0}) AS VARCHAR)", "LL": "lpad(CAST(month({0}) AS VARCHAR), 2, '0')",
    "y": "CAST(year({0}) AS VARCHAR)", "yyyy": "lpad(CAST(year({0}) AS VARCHAR), 4, '0')",
    "yy": "lpad(CAST(year({0}) % 100 AS VARCHAR), 2, '0')",
    "H": "CAST(hour({0}) AS VARCHAR)", "HH": "lpad(CAST(hour({0}) AS VARCHAR), 2, '0')",
    "m": "CAST(minute({0}) AS VARCHAR)", "mm": "lpad(CAST(minute({0}) AS VARCHAR), 2, '0')",
    "s": "CAST(second({0}) AS VARCHAR)", "ss": "lpad(CAST(second({0}) AS VARCHAR), 2, '0')",
}  # fmt: skip
_NAMES: dict[str, tuple[Any, Any]] = {
    "MMM": ("format", "abbreviated"), "MMMM": ("format", "wide"),
    "LLL": ("stand-alone", "abbreviated"), "LLLL": ("stand-alone", "wide"),
}  # fmt: skip
_DAYS: dict[str, Any] = {"E": "abbreviated", "EE": "abbreviated", "EEE": "abbreviated", "EEEE": "wide"}
_FORMS = frozenset(("full", "long", "medium", "short"))
_OF_CLOCK = frozenset("Hms")


def date(value: Value, form: str = "long", *, language: str) -> Value:
    """A date by the form of its language, or by a pattern."""
    from babel.dates import get_date_format

    if not form:
        raise NotInSql("a date of no form")
    named: Any = form
    pattern = get_date_format(named, _locale(language)).pattern if form in _FORMS else form
    return value.as_(_patterned(pattern, _when(value), language, clock=False))


def clock(value: Value, form: str = "short", *, language: str) -> Value:
    """The time of day of a date with a time."""
    from babel.dates import get_time_format

    if value.kind.name != "moment":
        raise NotInSql(f"the time of day of a {value.kind.name}")
    named: Any = form
    pattern = get_time_format(named, _locale(language)).pattern if form in _FORMS else form
    return value.as_(_patterned(pattern, value.sql, language, clock=True))


def weekday(value: Value, *, language: str) -> Value:
    """Sunday."""
    return date(value, "EEEE", language=language)


def month(value: Value, *, language: str) -> Value:
    """April."""
    return date(value, "LLLL", language=language)


def year(value: Value) -> Value:
    """2018."""
    return value.as_(f"CAST(year({_when(value)}) AS BIGINT)", WHOLE)


def _when(value: Value) -> str:
    if value.kind.name in {"date", "moment"}:
        return f"CASE WHEN {text(value)} IS NOT NULL THEN {value.sql} END"
    if value.kind.name == "text":
        plain = f"regexp_full_match({value.sql}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')"
        return f"CASE WHEN {plain} THEN TRY_CAST({value.sql} AS DATE) END"
    raise NotInSql(f"a date made of a {value.kind.name}")


def _patterned(pattern: str, when: str, language: str, *, clock: bool) -> str:
    from babel.dates import tokenize_pattern

    pieces = []
    for _, piece in tokenize_pattern(pattern):
        if isinstance(piece, str):
            pieces.append(quoted(piece))
            continue
        field = piece[0] * piece[1]
        if (piece[0] in _OF_CLOCK) != clock:
            raise NotInSql(f'the field "{field}" of a date')
        pieces.append(_field(field, when, language))
    return f"({' || '.join(pieces)})"


def _field(field: str, when: str, language: str) -> str:
    from babel.dates import get_day_names, get_month_names

    locale = _locale(language)
    if field in _NAMES:
        context, width = _NAMES[field]
        months = get_month_names(width, context, locale)
        return _named([months[number] for number in range(1, 13)], f"month({when})")
    if field in _DAYS:
        days = get_day_names(_DAYS[field], "format", locale)
        return _named([days[number] for number in range(7)], f"isodow({when})")
    if field not in _FIELDS:
        raise NotInSql(f'the field "{field}" of a date')
    return _FIELDS[field].format(when)


def _named(names: list[str], number: str) -> str:
    return f"[{', '.join(map(quoted, names))}][{number}]"


def _locale(language: str) -> str:
    return language.replace("-", "_")
