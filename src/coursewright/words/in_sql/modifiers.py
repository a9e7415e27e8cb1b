"""The modifiers that have a meaning in SQL, in one table, and how they are applied to the value of a tag."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from coursewright.words import english
from coursewright.words.columnar.parts import AS_TEXT, CAPITAL
from coursewright.words.in_sql import lists, moments, numbers
from coursewright.words.in_sql.value import NEVER, TEXT, NotInSql, Value, fresh, once, quoted, text
from coursewright.words.language.scan import Modifier
from coursewright.words.printing import languages
from coursewright.words.printing import modifiers as all_modifiers

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

# Letters whose capital, or small letter, is one letter, and the same in every edition of Unicode.
_LETTERS = "\u00df\u0130\u0149\u01f0"
_PLAIN = r"[\x{1}-\x{24f}\x{2000}-\x{206f}]*"
_SPACE = r"[\t-\r\x{1c}-\x{20}\x{85}\x{a0}\x{1680}\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]*"
_OPENING = "[\"''(\\[{“‘«¿¡….]*"
MACROS = (
    f"cw_plain(t) AS CASE WHEN regexp_full_match(t, '{_PLAIN}') AND NOT regexp_matches(t, '[{_LETTERS}]') THEN t END",
    "cw_capital(t) AS CASE WHEN t = '' THEN '' ELSE upper(cw_plain(left(t, 1))) || substr(t, 2) END",
    f"cw_start(t) AS CASE WHEN length(regexp_extract(t, '^{_OPENING}')) = length(t) THEN 0 "
    f"ELSE length(regexp_extract(t, '^{_OPENING}')) END",
    "cw_capitalized(t) AS CASE WHEN regexp_matches(substr(t, cw_start(t) + 1), '^[a-z][A-Z][a-z]') THEN t "
    "ELSE left(t, cw_start(t)) || cw_capital(substr(t, cw_start(t) + 1)) END",
    f"cw_trim(t) AS regexp_replace(regexp_replace(t, '^{_SPACE}', ''), '{_SPACE}$', '')",
)
Modify = Callable[..., Value]


def _on_text(wrapped: str) -> Modify:
    return lambda value, *_: value.as_(wrapped.format(text(value)))


def _replace(value: Value, old: str, new: str = "") -> Value:
    if not old:
        raise NotInSql("the replacement of nothing")
    return value.as_(f"replace({text(value)}, {quoted(old)}, {quoted(new)})")


def _counted(value: Value) -> str:
    if value.kind.inner:
        return lists.is_one(value)
    if not value.kind.is_number:
        raise NotInSql("a word that hangs on a text")
    return numbers.is_one(value)


def _either(value: Value, one: str, many: str) -> Value:
    is_one = _counted(value)
    return value.as_(f"CASE WHEN {is_one} THEN {quoted(one)} WHEN NOT {is_one} THEN {quoted(many)} END")


def _agree(value: Value, verb: str) -> Value:
    return _either(value, english.agreeing(verb, one=True), english.agreeing(verb, one=False))


def _plural(value: Value, one: str, many: str = "") -> Value:
    is_one = numbers.is_one(value)
    many = many or english.plural(one)
    noun = f"CASE WHEN {is_one} THEN {quoted(one)} WHEN NOT {is_one} THEN {quoted(many)} END"
    return value.as_(f"{text(value)} || ' ' || {noun}")


_ANY_LANGUAGE: dict[str, Modify] = {
    "upper": _on_text("upper(cw_plain({0}))"), "uppercase": _on_text("upper(cw_plain({0}))"),
    "lower": _on_text("lower(cw_plain({0}))"), "lowercase": _on_text("lower(cw_plain({0}))"),
    "capitalize": _on_text("cw_capitalized({0})"), "trim": _on_text("cw_trim({0})"), "replace": _replace,
    "round": numbers.rounded, "year": moments.year, "count": lists.count, "distinct": lists.distinct,
    "first": partial(lists.at, index=0), "last": partial(lists.at, index=-1), "total": lists.total,
    "most": partial(lists.extreme, pick="max"), "least": partial(lists.extreme, pick="min"),
}  # fmt: skip
_ENGLISH: dict[str, Modify] = {
    "ordinal": numbers.ordinal, "words": numbers.in_words, "ordinal words": numbers.ordinal_words,
    "thousands": numbers.thousands, "percent": numbers.percent, "signed": numbers.signed, "a": numbers.article,
    "plural": _plural, "either": _either, "agree": _agree, "list": lists.listed, "join": lists.joined,
    "oxford": partial(lists.listed, oxford=True),
}  # fmt: skip
_DATED = {"date": moments.date, "time": moments.clock, "weekday": moments.weekday, "month": moments.month}


def _table(language: str) -> dict[str, Modify]:
    own = _ENGLISH if languages.base(language) == "en" else {}
    return {**_ANY_LANGUAGE, **own, **{name: partial(made, language=language) for name, made in _DATED.items()}}


def applied(grammar: Grammar, value: Value, modifiers: tuple[Modifier, ...]) -> Value:
    """A value after modifiers. Raises NotInSql for those that SQL does not have."""
    for modifier in modifiers:
        value = _apply(grammar, value, modifier) if value.kind.inner else _apply_once(grammar, value, modifier)
    return value


def _apply_once(grammar: Grammar, value: Value, modifier: Modifier) -> Value:
    """A value that is worked out once, however often the modifier names it."""
    made: list[Value] = []

    def use(sql: str) -> str:
        made.append(_apply(grammar, replace(value, sql=sql), modifier))
        return made[0].sql

    sql = once(value.sql, use)
    return replace(made[0], sql=sql)


def _apply(grammar: Grammar, value: Value, modifier: Modifier) -> Value:
    name, arguments = modifier
    if modifier == AS_TEXT:
        return value if value.kind.is_number else _as_text(value)
    if modifier == CAPITAL:
        return value.as_(f"cw_capital({_as_text(value).sql})")
    if name in grammar.modifiers:
        raise NotInSql(f"the modifier .{name} is a function of Python")
    if name == "or":
        there = _as_text(value)
        return Value(f"CASE WHEN {there.missing} THEN {quoted(','.join(arguments))} ELSE {there.sql} END", TEXT, NEVER)
    modify = _table(grammar.language).get(name)
    if modify is None:
        raise NotInSql(f"the modifier .{name}")
    try:
        return _used(modify, name, value, arguments)
    except TypeError:
        raise NotInSql(f"the arguments of .{name}: ({','.join(arguments)})") from None


def _as_text(value: Value) -> Value:
    return lists.listed(value) if value.kind.inner else value.as_(text(value))


def _used(modify: Modify, name: str, value: Value, arguments: tuple[str, ...]) -> Value:
    if name in all_modifiers.OF_LISTS:
        if value.kind.inner is None and name not in {"either", "agree"}:
            raise NotInSql(f"the modifier .{name} of what is no list")
        return modify(value, *arguments)
    if value.kind.inner is None:
        return modify(value, *arguments)
    item = fresh()
    made = modify(Value(item, value.kind.inner), *arguments)
    return value.as_(f"list_transform({value.sql}, lambda {item}: {made.sql})", type(value.kind)("list", made.kind))
