"""The modifiers that a tag may name, `#symbol.modifier(argument)#`, all in one table.

A modifier is called with the value and the arguments as text. The first one in a tag gets a row's value as it is, a
number or a date say; what one returns the next one gets. On a list a modifier is applied to each item, unless it is
one of `OF_LISTS`. A modifier that cannot do its work raises ValueError with what the value is not.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

from coursewright.words import english
from coursewright.words.english.letters import capitalize, capitalize_all
from coursewright.words.printing import comparing, languages, numbers, times
from coursewright.words.printing.numerals import CARDINALS, ORDINALS
from coursewright.words.printing.values import is_missing, join, text_of

Modify = Callable[..., Any]


def _on_text(change: Callable[[str], str]) -> Modify:
    return lambda value, *_: change(text_of(value))


def _replace(value: object, old: str, new: str = "") -> str:
    return text_of(value).replace(old, new)


def _first_s(value: object) -> str:
    first, space, rest = text_of(value).partition(" ")
    return english.plural(first) + space + rest


def _plural(value: object, one: str, many: str = "") -> str:
    """A count and its noun: "1 lap", "3 laps", "2 Grands Prix"."""
    noun = one if numbers.is_one(value) else many or english.plural(one)
    return f"{text_of(value)} {noun}"


def _either(value: object, one: str, many: str) -> str:
    """By a count, by how many items a list has, or by a person: "she", "female", "they"."""
    return one if _is_one(value) else many


def _agree(value: object, verb: str) -> str:
    """A verb as a count, a list or a person has it."""
    return english.agreeing(verb, one=_is_one(value))


def _is_one(value: object) -> bool:
    if isinstance(value, list | tuple):
        return len(_items(value)) == 1
    known = english.is_one(value) if isinstance(value, str) else None
    return numbers.is_one(value) if known is None else known


def _they(value: object, verb: str = "") -> str:
    """The pronoun for a person, with a verb if there is one: "she was", "they were"."""
    said = english.pronoun(text_of(value), 0)
    return f"{said} {english.agreeing(verb, one=said != 'they')}" if verb else said


def _items(value: object) -> list[Any]:
    items = value if isinstance(value, list | tuple) else [value]
    return [item for item in items if not is_missing(item)]


def _list(value: object, word: str = "and", *, oxford: bool = False, language: str = "en") -> str | None:
    items = [languages.printer(language)(item) for item in _items(value)]
    if not items:
        return None
    return (
        join(items, word, oxford=oxford)
        if languages.base(language) == "en"
        else languages.listed(items, word, language)
    )


def _joined(value: object, between: str = " ", *, language: str = "en") -> str | None:
    return between.join(map(languages.printer(language), _items(value))) if _items(value) else None


def _distinct(value: object) -> list[Any]:
    return list(dict.fromkeys(_items(value)))


def _at(value: object, index: int) -> Any:
    items = _items(value)
    return items[index] if items else None


def _extreme(value: object, pick: Callable[..., Any]) -> Any:
    """The largest or least: of numbers, also where text looks like them; of dates, durations or words."""
    items = _items(value)
    try:
        return pick(items, key=comparing.exact, default=None)
    except comparing.Incomparable:
        kinds = list(dict.fromkeys(map(comparing.kind, items)))
        if len(kinds) > 1 or any(isinstance(item, bool | list | tuple | Mapping) for item in items):
            raise ValueError(f"it holds {' and '.join(kinds)}, of which none is more or less") from None
        return pick(items)


def _total(value: object) -> Any:
    """The sum of numbers, or of durations."""
    items = _items(value)
    if items and all(isinstance(item, datetime.timedelta) for item in items):
        return sum(items, start=datetime.timedelta())
    return sum((numbers.number(item) for item in items), start=0) if items else None


OF_LISTS = {"agree", "either", "join", "list", "oxford", "count", "first", "last", "distinct", "total", "most", "least"}


@lru_cache(maxsize=32)
def table(language: str = "en-GB") -> dict[str, Modify]:
    """Every modifier of Coursewright by name, for a language; the same dictionary each time: copy it to add to it.

    One that the language lacks raises ValueError with what to write instead.
    """
    own = languages.base(language)
    if own == "en":
        return _english(language)
    known = {
        name: partial(getattr(languages, called), language=language)
        for name, called in _IN_LANGUAGES.items()
        if name not in _BY_LANGUAGE or own in _BY_LANGUAGE[name]
    }
    known |= {"plural": partial(_plural_in, language=language), "either": partial(_either_in, language=language)}
    lacking = [*languages.ENGLISH_ONLY, *(name for name in _BY_LANGUAGE if name not in known)]
    return {**_english(language), **known, **{name: languages.lacking(name, language) for name in lacking}}


_IN_LANGUAGES = {"thousands": "thousands", "percent": "percent", "signed": "signed", "lap time": "lap_time",
                 "laptime": "lap_time", "gap": "gap", "duration": "duration", "words": "words",
                 "ordinal": "ordinal"}  # fmt: skip
_BY_LANGUAGE: dict[str, Mapping[str, Any]] = {"words": CARDINALS, "ordinal": ORDINALS}


def _plural_in(value: object, one: str, many: str, *, language: str) -> str:
    return f"{languages.printer(language)(value)} {_either_in(value, one, many, language=language)}"


def _either_in(value: object, one: str, many: str, *, language: str) -> str:
    if isinstance(value, list | tuple):
        value = len(_items(value))
    return one if languages.is_one(value, language) else many


def _english(language: str) -> dict[str, Modify]:
    text: dict[str, Callable[[str], str]] = {
        "capitalize": capitalize, "capitalizeAll": capitalize_all, "a": english.article,
        "s": english.plural, "ed": partial(english.past, american=language == "en-US"),
        "possessive": english.possessive, "upper": str.upper,
        "uppercase": str.upper, "lower": str.lower, "lowercase": str.lower, "trim": str.strip,
    }  # fmt: skip
    cases = ("them", "their", "theirs", "themself")
    return {
        **{name: _on_text(change) for name, change in text.items()},
        **{name: _on_text(partial(english.pronoun, case=case)) for case, name in enumerate(cases, start=1)},
        "they": _they, "agree": _agree,
        "replace": _replace, "firstS": _first_s,
        "ordinal": numbers.ordinal, "ordinal words": numbers.ordinal_words, "words": numbers.words,
        "round": numbers.rounded, "percent": numbers.percent, "signed": numbers.signed,
        "thousands": numbers.thousands, "plural": _plural, "either": _either,
        "lap time": times.lap_time, "laptime": times.lap_time, "gap": times.gap, "duration": times.duration,
        "date": partial(times.date, language=language), "time": partial(times.clock, language=language),
        "weekday": partial(times.weekday, language=language), "month": partial(times.month, language=language),
        "year": times.year,
        "list": partial(_list, language=language), "oxford": partial(_list, oxford=True),
        "join": partial(_joined, language=language),
        "count": lambda value: len(_items(value)), "distinct": _distinct, "total": _total,
        "first": partial(_at, index=0), "last": partial(_at, index=-1),
        "most": partial(_extreme, pick=max),
        "least": partial(_extreme, pick=min),
    }  # fmt: skip


def apply(modify: Modify, name: str, value: object, arguments: Iterable[str]) -> Any:
    """The value a modifier makes. Raises ValueError, whatever the modifier raised, with a message about the value."""
    arguments = tuple(arguments)
    try:
        if isinstance(value, list | tuple) and name not in OF_LISTS:
            return [apply(modify, name, item, arguments) for item in value if not is_missing(item)]
        return modify(value, *arguments)
    except ValueError:
        raise
    except TypeError as error:
        if name not in table():
            raise ValueError(str(error)) from error
        raise ValueError(f"it does not take {len(arguments)} arguments: ({','.join(arguments)})") from error
    except Exception as error:
        raise ValueError(f"{type(error).__name__}: {error}") from error
