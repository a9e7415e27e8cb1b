"""Modifiers of lists in SQL. The lists that come here hold nothing that is missing."""

from __future__ import annotations

from coursewright.words.in_sql.value import TEXT, WHOLE, NotInSql, Value, bound, fresh, quoted, text

_COMMA = "contains(regexp_replace({0}, ',[0-9][0-9][0-9]', '', 'g'), ',')"
MACROS = (
    "cw_known(l) AS len(list_filter(l, lambda x: x IS NULL)) = 0",  # else one of the texts cannot be told
    "cw_joined(l, sep) AS CASE WHEN cw_known(l) THEN array_to_string(l, sep) END",
    f"cw_list(l, word, oxford) AS CASE WHEN NOT cw_known(l) THEN NULL WHEN len(l) < 2 THEN array_to_string(l, '') "
    f"WHEN len(list_filter(l, lambda x: {_COMMA.format('x')})) > 0 "
    "THEN array_to_string(l[1:len(l) - 1], '; ') || '; ' || word || ' ' || l[len(l)] "
    "ELSE array_to_string(l[1:len(l) - 1], ', ') || CASE WHEN (oxford AND len(l) > 2) OR "
    "len(list_filter(l, lambda x: contains(x, ' ' || word || ' '))) > 0 THEN ',' ELSE '' END || "
    "' ' || word || ' ' || l[len(l)] END",
)


def texts(value: Value) -> str:
    """The texts of the items."""
    if value.kind.of.name == "text":
        return value.sql
    item = fresh()
    return f"list_transform({value.sql}, lambda {item}: {text(Value(item, value.kind.of))})"


def _there(value: Value) -> str:
    """When the list, or all that is in it, is missing."""
    return f"({value.missing} OR len({value.sql}) = 0)"


def listed(value: Value, word: str = "and", *, oxford: bool = False) -> Value:
    """HAM, BOT and VET."""
    return Value(f"cw_list({texts(value)}, {quoted(word)}, {str(oxford).lower()})", TEXT, _there(value))


def joined(value: Value, between: str = " ") -> Value:
    """HAM BOT VET."""
    return Value(f"cw_joined({texts(value)}, {quoted(between)})", TEXT, _there(value))


def count(value: Value) -> Value:
    """How many items there are; 0 where all are missing."""
    return value.as_(f"len({value.sql})", WHOLE)


def distinct(value: Value) -> Value:
    """Each item once, in the order in which they first come."""
    if value.kind.of.name not in {"text", "whole", "date"}:
        raise NotInSql("the different items of a list of fractions")
    item, at = fresh(), fresh()

    def once(items: str) -> str:
        return f"list_filter({items}, lambda {item}, {at}: list_position({items}, {item}) = {at})"

    return value.as_(bound(value.sql, once), value.kind)


def at(value: Value, index: int) -> Value:
    """The first item, or the last."""
    return Value(f"{value.sql}[{1 if index == 0 else -1}]", value.kind.of, _there(value))


def extreme(value: Value, pick: str) -> Value:
    """The largest item, or the least."""
    if value.kind.of.name not in {"whole", "decimal", "float", "date"}:
        raise NotInSql(f"the most or the least of a list of {value.kind.of.name}s")
    return Value(f"list_{pick}({value.sql})", value.kind.of, _there(value))


def total(value: Value) -> Value:
    """The sum."""
    if value.kind.of != WHOLE:
        raise NotInSql("the total of what are no whole numbers")
    return Value(f"CAST(list_sum({value.sql}) AS HUGEINT)", WHOLE, _there(value))


def is_one(value: Value) -> str:
    """Whether there is one item."""
    return f"(len({value.sql}) = 1)"
