"""What charts say of themselves, in words and in numbers: in the language of the page that they stand on."""

from __future__ import annotations

import datetime
import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache, reduce
from pathlib import Path
from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.labels import VARIABLE, known
from coursewright.numerals import Signs, locale_of, signs

WORDLESS = "zxx"  # in BCP 47: no language
_COURSE = "course.toml"
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS = re.compile("|".join(_ENGLISH))
_USUAL = "en-GB"
_PRESENT: ContextVar[str] = ContextVar("language", default="")


@dataclass(frozen=True, slots=True)
class Speech:
    """A language, a BCP 47 tag: its `words` by what they are for, the signs of its numbers, and how it lists names."""

    language: str
    words: Mapping[str, str]
    signs: Signs
    lists: Mapping[str, str]

    def say(self, word: str, **values: object) -> str:
        """What is said of `word`, with `values` in the place of braces."""
        return self.words[word].format(**values)

    def span(self, low: str, high: str) -> str:
        """From one value to another."""
        return self.say("span", low=low, high=high)

    def number(self, value: float, width: float) -> str:
        """`value` with as many digits as tell it from others in a range of `width`."""
        digits = next((digits for digits in range(6) if width * 10**digits >= 100), 6)
        text = f"{value:z.{digits}f}"
        return self.fixed(text.rstrip("0").rstrip(".") if "." in text else text)

    def fixed(self, text: str, *, grouped: bool = True) -> str:
        """A number that is written with a point and all its digits."""
        exact = Decimal(text)
        size = self.signs.written(exact, max(0, -int(exact.as_tuple().exponent)), grouped=grouped)
        return f"{self.signs.minus}{size}" if exact < 0 else size

    def general(self, value: float) -> str:
        """`value` with six digits, as a power of ten where it is large or small."""
        text = f"{abs(value):g}".replace(".", self.signs.decimal)
        return f"{self.signs.minus}{text}" if value < 0 else text

    def day(self, day: datetime.date) -> str:
        """A day with its month in words."""
        from babel.dates import format_date

        return format_date(day, "long", locale_of(self.language))

    def with_months(self, text: str) -> str:
        """`text` with the short names of months, which are English in it."""
        from babel.dates import get_month_names

        names = get_month_names("abbreviated", "stand-alone", locale_of(self.language))
        return _MONTHS.sub(lambda found: names[_ENGLISH.index(found[0]) + 1], text)

    def listed(self, names: Sequence[str]) -> str:
        """A, B and C."""
        if len(names) < 3:
            return self.lists["2"].format(*names) if len(names) == 2 else "".join(names)
        end = self.lists["end"].format(*names[-2:])
        more = reduce(lambda told, name: self.lists["middle"].format(name, told), names[-3:0:-1], end)
        return self.lists["start"].format(names[0], more)

    def highlighted(self, names: Sequence[str]) -> str:
        """Which stand out; "" where none do."""
        return self.say("highlighted", names=self.listed(names)) if names else ""


@lru_cache(maxsize=64)
def _speech(language: str) -> Speech:
    from babel import UnknownLocaleError

    try:
        own, patterns = signs(language), locale_of(language).list_patterns["standard"]
    except (UnknownLocaleError, ValueError):
        hint = "write a language and a country, such as en-GB, or a language alone, such as fr"
        raise CoursewrightError(f'no language called "{language}"', hint=hint) from None
    base = language.replace("_", "-").partition("-")[0].lower()
    every: Mapping[str, Mapping[str, Any]] = known("figures")
    return Speech(language, every.get(base, every[WORDLESS]), own, dict(patterns))


def speech(language: str = "") -> Speech:
    """How charts speak in `language`, or in that of the page that is being built. Raises CoursewrightError for none.

    One for which this program has no words is spoken in numbers and names alone.
    """
    return _speech(language or language_here())


def language_here() -> str:
    """The language of the page that is being built or, in a notebook or a script, of the course around it."""
    return _PRESENT.get() or os.environ.get(VARIABLE) or _of_course(Path.cwd()) or _USUAL


def _of_course(folder: Path) -> str:
    """The language of the nearest course at or above a folder; "" without one, and where that cannot be read."""
    file = next((each / _COURSE for each in (folder, *folder.parents) if (each / _COURSE).is_file()), None)
    try:
        said = tomllib.loads(file.read_text(encoding="utf-8"))["course"]["language"] if file else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return said if isinstance(said, str) else ""


def speak(language: str) -> None:
    """Charts and diagrams that this process makes from now on speak `language`, unless they say which."""
    _PRESENT.set(language)


@contextmanager
def spoken_in(language: str) -> Iterator[None]:
    """Charts that are made here speak `language`, unless they say which."""
    before = _PRESENT.set(language)
    try:
        yield
    finally:
        _PRESENT.reset(before)
