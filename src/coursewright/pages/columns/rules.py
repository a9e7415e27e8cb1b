"""What is known of a column while building, as data: scripts that write its values need neither CLDR nor our labels.

The types are DuckDB's; `column.py` and its neighbours say the same of Arrow's.
"""

from __future__ import annotations

import datetime
import re
from typing import Any, Literal, cast

from coursewright.numerals import is_currency, locale_of, signs
from coursewright.pages.columns.codes import told_by_name
from coursewright.pages.columns.looks import ColumnLook
from coursewright.pages.columns.moments import NAMED
from coursewright.tables import quote

_WHOLE = re.compile(r"U?(?:TINY|SMALL|BIG)?INT|U?INTEGER|HUGEINT")
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")
_MINUTES = 24 * 60

_Named = Literal["short", "medium", "long", "full"]


class NotWritten(Exception):
    """What scripts cannot write: a type, or a form of dates."""


def is_whole(kind: str) -> bool:
    """Whether a type holds whole numbers."""
    return bool(_WHOLE.fullmatch(kind))


def is_number(kind: str) -> bool:
    """Whether a type holds numbers."""
    return bool(is_whole(kind) or _DECIMAL.fullmatch(kind) or kind in ("FLOAT", "DOUBLE"))


def exact_text(name: str, kind: str) -> str:
    """A column's values as exact texts; a list as its items, each behind a sign and before a space."""
    column = quote(name)
    if kind.endswith("[]"):
        inner = _as_text(f"CAST(x AS {kind.removesuffix('[]')})", kind.removesuffix("[]"))
        items = f"list_transform({column}, lambda x: '=' || coalesce({inner}, '') || ' ')"
        return f"CASE WHEN {column} IS NULL THEN NULL ELSE coalesce(array_to_string({items}, ''), '') END"
    return _as_text(column if kind == '"NULL"' else f"CAST({column} AS {kind})", kind)


def _as_text(sql: str, kind: str) -> str:
    return f"CAST(CAST({sql} AS DOUBLE) AS VARCHAR)" if kind == "FLOAT" else f"CAST({sql} AS VARCHAR)"


def rule_of(name: str, kind: str, look: ColumnLook, language: str) -> dict[str, Any]:
    """What is known of how a column's values are written."""
    rule: dict[str, Any] = {"name": name, "missing": look.missing, "bar": None, "heat": look.heat, "total": look.total}
    if look.spark:
        return rule | {
            "kind": "spark",
            "spark": look.spark,
            "align": look.align or "left",
            **_numbers(name, kind.removesuffix("[]"), look, language),
        }
    if kind == '"NULL"':
        return rule | {"kind": "null", "align": look.align or "left", "heat": ""}
    align = look.align or ("right" if is_number(kind) else "left")
    if is_number(kind):
        bar = {"bar": None if look.bar is None else f"{look.bar:f}" if look.bar else ""}
        return rule | bar | {"kind": "number", "align": align, **_numbers(name, kind, look, language)}
    if kind in ("DATE", "TIME", "TIMESTAMP"):
        return rule | {"kind": kind.lower(), "align": align, **_moments(kind, look.date, language)}
    if kind in ("BOOLEAN", "VARCHAR") or kind.startswith("ENUM("):
        return rule | {"kind": "boolean" if kind == "BOOLEAN" else "text", "align": align}
    raise NotWritten(f'the column "{name}", of the type {kind}')


def _numbers(name: str, kind: str, look: ColumnLook, language: str) -> dict[str, Any]:
    if not is_number(kind):
        raise NotWritten(f'the column "{name}", of the type {kind}')
    decimal = _DECIMAL.fullmatch(kind)
    sort = "float" if kind in ("FLOAT", "DOUBLE") else "decimal" if decimal or "HUGEINT" in kind else "whole"
    own = signs(language)
    return {
        "number": sort,
        "single": kind == "FLOAT",
        "scale": int(decimal[2]) if decimal else 0,
        "decimals": look.decimals,
        "thousands": look.thousands,
        "percent": look.percent,
        "sign": look.sign,
        "money": is_currency(look.unit),
        "around": own.percent if look.percent else own.unit(look.unit) if look.unit else ("", ""),
        "told": told_by_name(name, language),
        "of_amounts": look.of_amounts,
    }


def signs_of(language: str) -> dict[str, Any]:
    """The signs that a language writes numbers with."""
    own = signs(language)
    names = ("decimal", "group", "minus", "plus", "infinity", "groups")
    return {name: getattr(own, name) for name in names}


def _moments(kind: str, form: str, language: str) -> dict[str, Any]:
    """The patterns of what has to do with time: texts, numbers, and names by what they hang on (`moments.py`)."""
    from babel.dates import get_date_format, get_datetime_format, get_time_format, tokenize_pattern

    locale, named = locale_of(language), cast("_Named", form or "medium")

    def pattern(text: str) -> tuple[str | dict[str, Any], ...]:
        parts = tokenize_pattern(text)
        return tuple(part if isinstance(part, str) else _field(part[0], part[1], text, language) for _, part in parts)

    own = form not in ("", *NAMED)
    day = form if own else str(get_date_format(named, locale).pattern)
    if kind == "DATE":
        return {"date": pattern(day)}
    if form and kind == "TIME":
        return {"clock": pattern(form if own else str(get_time_format(named, locale).pattern))}
    if own:
        return {"whole": pattern(form)}
    clocks = {
        "short": pattern(str(get_time_format("short", locale).pattern)),
        "medium": pattern(str(get_time_format("medium", locale).pattern)),
    }
    together = str(get_datetime_format("medium", locale=locale)).replace("'", "")
    return clocks | ({"date": pattern(day), "together": together} if kind == "TIMESTAMP" else {})


def long_day(language: str) -> tuple[str | dict[str, Any], ...]:
    """The pattern of a day with its month in words."""
    found: tuple[str | dict[str, Any], ...] = _moments("DATE", "long", language)["date"]
    return found


def _field(sign: str, width: int, pattern: str, language: str) -> dict[str, Any]:
    from babel.dates import DateTimeFormat

    def said(moment: datetime.date | datetime.time) -> str:
        return str(DateTimeFormat(moment, locale_of(language))[sign * width])

    if sign in "ydmsHhKk":
        return {"field": sign, "width": width}
    if sign in "MLQq":
        return {"by": "month", "names": tuple(said(datetime.date(2018, month, 1)) for month in range(1, 13))}
    if sign in "Eec":
        return {"by": "weekday", "names": tuple(said(datetime.date(2018, 4, 8 + day)) for day in range(7))}
    if sign == "G":
        return {"by": "era", "names": (said(datetime.date(2018, 1, 1)),)}
    if sign in "abB":
        each = [said(datetime.time(minute // 60, minute % 60, 1)) for minute in range(_MINUTES)]
        hours = [set(each[60 * hour : 60 * hour + 60]) for hour in range(24)]
        if all(len(names) == 1 for names in hours) and said(datetime.time(12)) == each[12 * 60]:
            return {"by": "hour", "names": tuple(names.pop() for names in hours)}
    raise NotWritten(f"the form of dates {pattern}")
