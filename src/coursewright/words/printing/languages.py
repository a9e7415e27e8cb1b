"""Numbers, lists and lengths of time in languages other than English, by Unicode's CLDR as Babel has it.

What needs the grammar of a language is there for English alone (`ENGLISH_ONLY`), numbers in words and ordinals for
those of `numerals`; anywhere else such a modifier is an error that says what to write.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.words.printing import numbers, times
from coursewright.words.printing.numerals import CARDINALS, ORDINALS
from coursewright.words.printing.values import float_text, is_missing, text_of

if TYPE_CHECKING:
    from babel import Locale

ENGLISH_ONLY = ("a", "s", "ed", "firstS", "possessive", "agree", "they", "them", "their", "theirs", "themself",
                "oxford", "ordinal words")  # fmt: skip
_ENGLISH = {"en", "en-GB", "en-US", "en-IE", "en-AU", "en-NZ", "en-CA", "en-ZA", "en-IN"}
_COMMA = re.compile(r",(?!\d)")  # not that of 1,5
_MANY_FORMS = {"zero", "two", "few"}


def base(language: str) -> str:
    """The language without its country: "de" of "de-AT"."""
    return language.replace("_", "-").split("-", maxsplit=1)[0].lower()


def check(language: str, place: Place | None = None) -> None:
    """Raise CoursewrightError for a language that is not known, with the one that was probably meant."""
    if language not in _ENGLISH:
        _locale(language, place)


@lru_cache(maxsize=64)
def _locale(language: str, place: Place | None = None) -> Locale:
    from babel import Locale, UnknownLocaleError
    from babel.localedata import locale_identifiers

    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        known = [name.replace("_", "-") for name in locale_identifiers() if name.count("_") < 2]
        near = did_you_mean(language, known).partition("?")
        hint = (
            f"{near[0]}?"
            if near[1]
            else "write a language and a country, such as en-GB, or a language alone, such as fr"
        )
        raise CoursewrightError(f'no language called "{language}"', place, hint) from None


def name(language: str) -> str:
    """What a language is called in English."""
    return _locale(language).get_display_name("en") or language


@lru_cache(maxsize=64)
def printer(language: str) -> Callable[[object], str]:
    """How values are printed when no modifier says otherwise: with the language's own decimal sign and lists."""
    if base(language) == "en":
        return text_of

    def printed(value: object) -> str:
        if isinstance(value, float | Decimal) and not isinstance(value, bool):
            text = float_text(value) if isinstance(value, float) else f"{value:f}"
            return text.replace(".", _sign(language, "decimal"))
        if isinstance(value, datetime.timedelta):
            return lap_time(value, language=language)
        if isinstance(value, list | tuple):
            return listed([printed(item) for item in value if not is_missing(item)], "and", language)
        return text_of(value)

    return printed


def _sign(language: str, sign: str) -> str:
    found = _locale(language).number_symbols["latn"][sign]
    return str(found)


def listed(items: list[str], word: str, language: str) -> str:
    """Items joined by "and" or "or" in the language; as in English, semicolons part those that hold commas."""
    from babel.lists import format_list

    if word not in ("and", "or"):
        raise ValueError(f'a list in {name(language)} is joined by and or or, not by "{word}"')
    style: Literal["standard", "or"] = "standard" if word == "and" else "or"
    locale = _locale(language)
    patterns = locale.list_patterns[style]
    if len(items) < 3 or "," not in patterns["start"] or not any(map(_COMMA.search, items)):
        return format_list(items, style=style, locale=locale)
    told = patterns["end"].replace("{0}", "{0};", 1).format(items[-2], items[-1])
    for item in reversed(items[1:-2]):
        told = _parted(patterns["middle"]).format(item, told)
    return _parted(patterns["start"]).format(items[0], told)


def _parted(pattern: str) -> str:
    return pattern.replace(",", ";")


def thousands(value: object, *, language: str) -> str:
    """1.234,5: with the language's signs; the decimals stay as they are."""
    exact = Decimal(numbers.number(value))
    return _formatted(exact, max(0, -int(exact.as_tuple().exponent)), language)


def _formatted(exact: Decimal, places: int, language: str) -> str:
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * places if places else "")
    grouped = _locale(language).decimal_formats[None].pattern.split(".")[0].split(";")[0]
    return str(format_decimal(exact, pattern.replace("#,##0", grouped), locale=_locale(language)))


def percent(value: object, places: str = "0", *, language: str) -> str:
    """A share as a percentage, with the space that the language puts before the sign."""
    share = Decimal(numbers.rounded(Decimal(numbers.number(value)) * 100, places))
    pattern = _locale(language).percent_formats[None].pattern.split(";")[0]
    before, _, after = pattern.partition("0")
    told = _formatted(share, max(0, int(places)), language)
    return f"{before.rstrip('#,.')}{told}{after.replace('%', _sign(language, 'percentSign'))}".lstrip("#,")


def signed(value: object, *, language: str) -> str:
    """With its sign, unless it is 0."""
    exact = numbers.number(value)
    return ("+" if exact > 0 else "") + printer(language)(exact)


def lap_time(value: object, unit: str = "s", places: str = "3", *, language: str) -> str:
    """A lap time or race time with the language's decimal sign."""
    return times.lap_time(value, unit, places).replace(".", _sign(language, "decimal"))


def gap(value: object, unit: str = "s", places: str = "3", *, language: str) -> str:
    """A gap to somebody else with the language's decimal sign."""
    return times.gap(value, unit, places).replace(".", _sign(language, "decimal"))


def duration(value: object, unit: str = "s", parts: str = "2", *, language: str) -> str:
    """A length of time in words, its `parts` largest units."""
    from babel.units import format_unit

    told = times.lengths(value, unit, parts)
    said = [
        format_unit(count, f"duration-{one}", length="long", locale=_locale(language))
        for one, count in told or [("second", 0)]
    ]
    if any("duration-" in one for one in said):
        raise ValueError(f"lengths of time are not known in {name(language)}: write the unit yourself")
    minus = _sign(language, "minusSign") if told and times.seconds(value, unit) < 0 else ""
    return minus + listed(said, "and", language)


def is_one(value: object, language: str) -> bool:
    """Whether a noun after a number is in the singular, by the language's rule: in French after 0 and 1.5 too."""
    locale = _locale(language)
    if _MANY_FORMS & set(locale.plural_form.tags):
        raise ValueError(f"{name(language)} has more than two forms: write a condition for each")
    number = numbers.number(value)
    return locale.plural_form(abs(Decimal(text_of(number)))) == "one"


def words(value: object, upto: str = "", *, language: str) -> str:
    """A number in words; above `upto` it stays in figures."""
    exact = Decimal(numbers.number(value))
    if upto and abs(exact) > Decimal(numbers.number(upto)):
        return printer(language)(value)
    return CARDINALS[base(language)](exact)


def ordinal(value: object, *, language: str) -> str:
    """An ordinal in figures: "3.", "1er", "2e"."""
    return ORDINALS[base(language)](numbers.whole(value))


def lacking(modifier: str, language: str) -> Callable[..., Any]:
    """What stands for a modifier that a language lacks: it says so, and what to write instead."""
    what = {"words": "numbers in words are", "ordinal": "ordinals are"}.get(modifier, "it is")
    reason = f"{what} not known in {name(language)}: write the words into the rule, or add a modifier of that name"

    def refuse(_value: object, *_arguments: str) -> NoReturn:
        raise ValueError(reason)

    refuse.lacking = reason  # type: ignore[attr-defined]  # a function with a mark on it, as modifiers are functions
    return refuse
