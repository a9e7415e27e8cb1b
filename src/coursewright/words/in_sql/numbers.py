"""Modifiers of numbers in SQL: what `words.numbers` does."""

from __future__ import annotations

from coursewright.words.in_sql.value import TEXT, WHOLE, NotInSql, Value, ValueKind, once, quoted, text
from coursewright.words.printing import numbers

_MOST_PLACES = 9
_LARGEST_IN_WORDS = 10**9
_FIGURES = 20  # decimals in which a number is rounded, and digits before them that there is room for
_FIRST = range(100)


def _listed(texts: list[str]) -> str:
    return f"[{', '.join(map(quoted, texts))}]"


VARIABLES = {
    "cw_words": _listed([numbers.words(number) for number in _FIRST]),
    "cw_ordinals": _listed([numbers.ordinal_words(number) for number in _FIRST]),
}
_SMALL = "getvariable('cw_words')[{0} + 1]"
MACROS = (
    "cw_ordinal(n) AS CAST(n AS VARCHAR) || CASE WHEN abs(n) % 100 IN (11, 12, 13) THEN 'th' "
    "WHEN abs(n) % 10 = 1 THEN 'st' WHEN abs(n) % 10 = 2 THEN 'nd' WHEN abs(n) % 10 = 3 THEN 'rd' ELSE 'th' END",
    "cw_grouped(t) AS CASE WHEN starts_with(t, '-') THEN '-' ELSE '' END || "
    "format('{:,}', CAST(split_part(ltrim(t, '-'), '.', 1) AS HUGEINT)) || "
    "CASE WHEN contains(t, '.') THEN '.' || split_part(t, '.', 2) ELSE '' END",
    f"cw_hundreds(n) AS CASE WHEN n < 100 THEN '' ELSE {_SMALL.format('n // 100')} || ' hundred' || "
    "CASE WHEN n % 100 = 0 THEN '' ELSE ' and ' END END || "
    f"CASE WHEN n > 0 AND n % 100 = 0 THEN '' ELSE {_SMALL.format('n % 100')} END",
    "cw_link(rest) AS CASE WHEN rest = 0 THEN '' WHEN rest < 100 THEN ' and ' ELSE ', ' END",
    # Millions, thousands and the rest by one lambda: macros are written out wherever they are named, and planned there.
    f"cw_in_words(n) AS CASE WHEN abs(n) < {_LARGEST_IN_WORDS} THEN CASE WHEN n < 0 THEN 'minus ' ELSE '' END || "
    "list_transform([CAST(abs(n) AS BIGINT)], lambda m: array_to_string("
    "list_transform([m // 1000000, m // 1000 % 1000, m % 1000], lambda p, i: "
    "CASE WHEN p = 0 AND (i < 3 OR m > 0) THEN '' ELSE cw_hundreds(p) || CASE i WHEN 1 THEN "
    "' million' || cw_link(m % 1000000) WHEN 2 THEN ' thousand' || cw_link(m % 1000) ELSE '' END END), ''))[1] END",
    "cw_nth(n, said) AS CASE WHEN abs(n) % 100 = 0 AND n <> 0 THEN said || 'th' ELSE "
    f"left(said, length(said) - length({_SMALL.format('CAST(abs(n) % 100 AS BIGINT)')})) || "
    "getvariable('cw_ordinals')[CAST(abs(n) % 100 AS BIGINT) + 1] END",
    "cw_shares(t) AS CASE WHEN abs(TRY_CAST(t AS DOUBLE)) < 1e8 AND NOT contains(t, 'e') AND "
    "length(split_part(t, '.', 2)) <= 18 THEN TRY_CAST(t AS DECIMAL(28, 18)) END",
    f"cw_exact(t) AS CASE WHEN abs(TRY_CAST(t AS DOUBLE)) < 1e17 AND NOT contains(t, 'e') AND "
    f"length(split_part(t, '.', 2)) <= {_FIGURES} THEN TRY_CAST(t AS DECIMAL(38, {_FIGURES})) END",
)


def whole(value: Value) -> str:
    """A value as a whole number; NULL where it is none. Raises NotInSql."""
    name, sql = value.kind.name, value.sql
    if name == "whole":
        return sql
    if name in {"float", "decimal"}:
        return f"CASE WHEN {sql} = trunc({sql}) AND abs({sql}) < 1e15 THEN CAST({sql} AS HUGEINT) END"
    if name == "text":  # as far as nobody doubts that it is one
        return f"CASE WHEN regexp_full_match({sql}, '-?(0|[1-9][0-9]{{0,17}})') THEN TRY_CAST({sql} AS BIGINT) END"
    raise NotInSql(f"a number made of a {name}")


def is_one(value: Value) -> str:
    """Whether a noun after a number is in the singular; NULL where it is no number. Raises NotInSql."""
    if value.kind.name == "whole":
        return f"(abs({value.sql}) = 1)"
    if value.kind.name == "float":
        return f"CASE WHEN isfinite({value.sql}) THEN abs({value.sql}) = 1 END"
    if value.kind.name == "decimal":
        return f"({value.sql} IS NULL)"  # 1.0 points
    return f"(abs({whole(value)}) = 1)"


def ordinal(value: Value) -> Value:
    """3rd."""
    return value.as_(once(whole(value), "cw_ordinal({})".format), ValueKind("ordinal"))


def in_words(value: Value, upto: str = "") -> Value:
    """Twenty-one."""
    return _upto(value, upto, once(whole(value), "cw_in_words({})".format), text(value))


def ordinal_words(value: Value, upto: str = "") -> Value:
    """Twenty-first."""
    said = once(whole(value), lambda n: once(f"cw_in_words({n})", f"cw_nth({n}, {{}})".format))
    return _upto(value, upto, said, once(whole(value), "cw_ordinal({})".format))


def _upto(value: Value, upto: str, said: str, figures: str) -> Value:
    if not upto:
        return value.as_(said)
    if not upto.isdecimal():
        raise NotInSql(f'numbers in words up to "{upto}"')
    return value.as_(f"CASE WHEN abs({whole(value)}) > {int(upto)} THEN {figures} ELSE {said} END")


def thousands(value: Value) -> Value:
    """1,234.5."""
    if not value.kind.is_number:
        return value.as_(f"cw_grouped(CAST({whole(value)} AS VARCHAR))")
    return value.as_(once(_plain(text(value)), "cw_grouped({})".format))


def _plain(shown: str) -> str:
    """The text of a number that is neither endless nor written with a power of ten."""
    return once(shown, "CASE WHEN regexp_full_match({0}, '-?[0-9]+([.][0-9]+)?') THEN {0} END".format)


def rounded(value: Value, places: str = "0") -> Value:
    """2.5 to three, half away from zero."""
    return _placed(value, f"round({once(_figures(value), 'cw_exact({})'.format)}, {_places(places)})", int(places))


def percent(value: Value, places: str = "0") -> Value:
    """A share as a percentage."""
    share = _placed(
        value, f"round({once(_figures(value), 'cw_shares({})'.format)} * 100, {_places(places)})", int(places)
    )
    return value.as_(f"CAST({share.sql} AS VARCHAR) || '%'")


def signed(value: Value) -> Value:
    """+5, -3, and 0 without a sign."""
    if not value.kind.is_number:
        raise NotInSql("the sign of what is no number")
    plain = _plain(text(value))
    return value.as_(f"CASE WHEN {value.sql} > 0 THEN '+' ELSE '' END || {plain}")


def _figures(value: Value) -> str:
    if not value.kind.is_number:
        raise NotInSql("rounding of what is no number")
    return text(value)


def _places(places: str) -> int:
    if not places.isdecimal() or int(places) > _MOST_PLACES:
        raise NotInSql(f'rounding to "{places}" places')
    return int(places)


def _placed(value: Value, made: str, places: int) -> Value:
    kind = ValueKind("decimal", scale=places) if places else WHOLE
    sql = f"CAST({made} AS DECIMAL(38, {places}))" if places else f"CAST({made} AS HUGEINT)"
    return value.as_(sql, kind)


def article(value: Value) -> Value:
    """An 8th, a 9th: only of ordinals in figures, since the sound of a word needs the whole of `english`."""
    if value.kind.name != "ordinal":
        raise NotInSql('"a" or "an" before what is no ordinal')
    sounds = r"^(8|1[18]([0-9]{3})*([^0-9]|$)|1[18][0-9][0-9]([^0-9]|$))"
    return value.as_(
        f"CASE WHEN regexp_matches({value.sql}, {quoted(sounds)}) THEN 'an ' ELSE 'a ' END || {value.sql}", TEXT
    )
