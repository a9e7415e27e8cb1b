"""SQL for what one text looks like: a whole number, a number, a date; the rules by which columns are typed.

What is not plainly one of these is text, as it was written. Nothing here depends on a locale.
"""

from __future__ import annotations

from coursewright.tables.sources.opened import text
from coursewright.tables.sources.options import ReadOptions

# The forms. The whole numbers: those that a number with a point holds exactly, those of 64 bits, those of 128, others.
INTEGER, LONG, HUGE = "integer", "long", "huge"
# Numbers with a point: those that are the same number in 64 bits, those that are not, those with an exponent.
NUMBER, DECIMAL, SCIENCE = "number", "decimal", "science"
DATE, TIME, TIMESTAMP, INSTANT, OFFSET = "date", "time", "timestamp", "instant", "offset"
BOOLEAN, DATED, NA, OTHER = "boolean", "dated", "NA", "text"

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]"
_SECONDS = ":[0-5][0-9](?:[.][0-9]{1,6})?"
_STAMP = f"{_DAY}[ T]{_CLOCK}(?:{_SECONDS})?"
_ZONE = " ?[+-][0-9]{2}(?::?[0-9]{2})?"
_NO_ZONE = "(?:Z|[+]00(?::?00)?)"
_FIRST = "0001-01-01"  # before it there are years that Python has not
TRUTHS = ("true", "false", "TRUE", "FALSE", "True", "False")


def matches(value: str, pattern: str) -> str:
    """SQL: whether the whole of `value` is what the regular expression says."""
    return f"regexp_full_match({value}, {text(pattern)})"


def plain(value: str, options: ReadOptions) -> str:
    """SQL: a number as SQL writes it, without spaces around it and with the signs that SQL has."""
    if options.thousands:
        value = f"replace({value}, {text(options.thousands)}, '')"
    if options.decimal_sign != ".":
        value = f"replace({value}, {text(options.decimal_sign)}, '.')"
    return f"trim({value}, ' ')"


def exact(number: str) -> str:
    """SQL: whether a number in plain signs is the same in 64 bits: its digits come back, all of them."""

    def digits(value: str) -> str:
        mantissa = f"regexp_replace({value}, '[eE].*|[-+. ]', '', 'g')"
        return f"regexp_replace({mantissa}, '^0+|0+$', '', 'g')"

    double = f"TRY_CAST({number} AS DOUBLE)"
    return f"(isfinite({double}) AND {digits(number)} = {digits(f'CAST({double} AS VARCHAR)')})"


def _whole(options: ReadOptions) -> str:
    """The digits before the point: no nought in front, and in threes where there are signs between them."""
    if not options.thousands:
        return "(?:0|[1-9][0-9]*)"
    return f"(?:0|[1-9][0-9]{{0,2}}(?:{_one(options.thousands)}[0-9]{{3}})+|[1-9][0-9]*)"


def _one(sign: str) -> str:
    return f"[{sign}]" if sign not in "\\]^" else f"\\{sign}"


def _numbers(value: str, options: ReadOptions) -> str:
    whole, point = _whole(options), _one(options.decimal_sign)
    number = plain(value, options)
    integer = f"-?{whole}"
    decimal = f"-?{whole}?{point}[0-9]+"
    science = f"-?(?:[0-9]{point}[0-9]+[eE][+-]?[0-9]{{1,3}}|[0-9][eE][+-][0-9]{{1,3}})"
    return f"""
    WHEN {matches(value, f" *{integer} *")} AND {number} <> '-0' THEN CASE
        WHEN strlen({number}) <= 15 THEN '{INTEGER}'
        WHEN TRY_CAST({number} AS BIGINT) IS NOT NULL THEN '{LONG}'
        WHEN strlen({number}) <= 38 AND TRY_CAST({number} AS HUGEINT) IS NOT NULL THEN '{HUGE}'
        ELSE '{OTHER}' END
    WHEN {matches(value, f" *(?:{decimal}|-0) *")} THEN CASE
        WHEN strlen({number}) <= 16 OR {exact(number)} THEN '{NUMBER}'
        ELSE '{DECIMAL}' END
    WHEN {matches(value, f" *{science} *")} AND {exact(number)} THEN '{SCIENCE}'"""


def is_time(value: str, form: str) -> str:
    """SQL: whether a text is a day, a time of day, a moment, or one with a time zone: `form` is one of their names."""
    day, moment = f"TRY_CAST({value} AS DATE)", f"TRY_CAST({value} AS TIMESTAMP)"
    instant = f"TRY_CAST({value} AS TIMESTAMPTZ)"
    first = f"TIMESTAMPTZ '{_FIRST} 00:00:00+00'"
    return {
        DATE: f"{matches(value, _DAY)} AND {day} >= DATE '{_FIRST}'",
        TIMESTAMP: f"{matches(value, _STAMP)} AND {moment} >= TIMESTAMP '{_FIRST}'",
        INSTANT: f"{matches(value, _STAMP + _NO_ZONE)} AND {instant} >= {first}",
        OFFSET: f"{matches(value, _STAMP + _ZONE)} AND {instant} IS NOT NULL",
        TIME: matches(value, _CLOCK + _SECONDS),
    }[form]


def moment(value: str, form: str) -> str:
    """SQL: the moment that a text is by a form of dates, or nothing; a year of four digits has four."""
    found = f"TRY_STRPTIME({value}, {text(form)})"
    return f"CASE WHEN regexp_matches({value}, '[0-9]{{4}}') THEN {found} END" if "%Y" in form else found


def form(value: str, options: ReadOptions, *, dates: str = "") -> str:
    """SQL: the form of a text, one of the names above; `dates` is the form that its dates may have."""
    said = f"WHEN {moment(value, dates)} IS NOT NULL THEN '{DATED}'" if dates else ""
    absent = f"WHEN {value} = 'NA' THEN '{NA}'" if options.missing is None else ""
    times = " ".join(f"WHEN {is_time(value, one)} THEN '{one}'" for one in (DATE, TIMESTAMP, INSTANT, OFFSET, TIME))
    return f"""CASE {said} {absent} {_numbers(value, options)}
    WHEN {value} IN {TRUTHS} THEN '{BOOLEAN}' {times}
    ELSE '{OTHER}' END"""


def said_form(value: str, kind: str, options: ReadOptions) -> str:
    """SQL: the same for a column of which the type is said: looser, for there is nothing to guess any more."""
    number = plain(value, options)
    whole = f"[0-9]+(?:{_one(options.thousands)}[0-9]{{3}})*" if options.thousands else "[0-9]+"
    point = _one(options.decimal_sign)
    mantissa = f"[+-]?(?:{whole}(?:{point}[0-9]*)?|{point}[0-9]+)"
    integer = matches(value, f" *[+-]?{whole} *")
    found = {
        "integer": f"""WHEN {integer} AND TRY_CAST({number} AS BIGINT) IS NOT NULL THEN '{LONG}'
            WHEN {integer} AND TRY_CAST({number} AS HUGEINT) IS NOT NULL THEN '{HUGE}'""",
        "number": f"""WHEN {matches(value, f" *{mantissa} *")} THEN CASE
                WHEN {exact(number)} THEN '{NUMBER}' ELSE '{DECIMAL}' END
            WHEN {matches(value, f" *{mantissa}[eE][+-]?[0-9]{{1,3}} *")} AND isfinite(TRY_CAST({number} AS DOUBLE))
                THEN '{SCIENCE}'""",
        "date": f"WHEN {matches(value, '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}')} "
        f"AND TRY_CAST({value} AS DATE) >= DATE '{_FIRST}' THEN '{DATE}'",
        "time": f"WHEN {matches(value, f'(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?:{_SECONDS})?')} THEN '{TIME}'",
        "timestamp": f"""WHEN {matches(value, f"{_DAY}(?:[ T]{_CLOCK}(?:{_SECONDS})?)?")}
                AND TRY_CAST({value} AS TIMESTAMP) >= TIMESTAMP '{_FIRST}' THEN '{TIMESTAMP}'
            WHEN {matches(value, f"{_STAMP}(?:Z|{_ZONE})")} AND TRY_CAST({value} AS TIMESTAMPTZ) IS NOT NULL
                THEN '{INSTANT}'""",
        "boolean": f"WHEN lower({value}) IN ('true', 'false', 'yes', 'no', '1', '0', 't', 'f', 'y', 'n') "
        f"THEN '{BOOLEAN}'",
    }
    absent = f"WHEN {value} = 'NA' THEN '{NA}'" if options.missing is None else ""
    return f"CASE {absent} {found[kind]} ELSE '{OTHER}' END"
