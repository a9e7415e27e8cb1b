"""Dates that Typst tells in part or not at all: periods, years that are not certain, and words such as "in press".

It is given a year that stands in none of the sources instead, near enough to be sorted alike, and what it writes has
the words in the place of that year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

WORDS = "!"
"""What stands before a date in words, which BibLaTeX has not."""

FIELD = re.compile(r"\b(year|date)\s*=\s*(?:\{((?:[^{}]|\{[^{}]*\})*)\}|\"([^\"]*)\")", re.I)
DATE = re.compile(r"-?\d{4}(-(0?[1-9]|1[0-2])(-(0?[1-9]|[12]\d|3[01]))?)?[?~%]?")
_PERIOD = re.compile(rf"{DATE.pattern}/{DATE.pattern}")
_LATE = 2090  # near which dates in words are sorted
_LAST_MONTH, _YEARS = 12, (-9999, 9999)
_HIDDEN = {ord("0") + digit: 0xE0D0 + digit for digit in range(10)}  # signs that are nobody's
_SHOWN = {hidden: plain for plain, hidden in _HIDDEN.items()}


def is_date(value: str) -> bool:
    """Whether all of a date can be told: 2008, 2008-03-16, 2008? and 2008~, and 2008/2010, which is a period."""
    if _PERIOD.fullmatch(value):
        return not any(part.startswith("-") for part in value.split("/"))
    return bool(DATE.fullmatch(value)) and not (value.startswith("-") and value[-1] in "?~%")


def with_stand_ins(texts: Sequence[str]) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """Sources in BibLaTeX with years in the place of such dates, and what each of these years stands for."""
    taken = {found[1] for text in texts for found in re.finditer(r"(?=(\d{4}))", text)}
    years: dict[str, str] = {}

    def write(found: re.Match[str]) -> str:
        value = re.sub(r"[{}]", "", found[2] or found[3] or "").strip()
        words = _words(value)
        if words is None:
            return found[0]
        if re.fullmatch(r"-?\d{4}", words):
            return f"{found[1]} = {{{words}}}"
        if words not in years:
            near = re.match(r"(?:ca\. )?(\d{4})", words)
            years[words] = next(year for year in _years_near(int(near[1]) if near else _LATE) if year not in taken)
            taken.add(years[words])
        return f"{found[1]} = {{{years[words]}}}"

    written = tuple(FIELD.sub(write, text) for text in texts)
    return written, tuple((year, words) for words, year in years.items())


def hidden(text: str) -> str:
    """Text of an author's that is written with sources, with digits that are taken for no stand-in."""
    return text.translate(_HIDDEN)


def say_dates(written: str, stand_ins: Sequence[tuple[str, str]]) -> str:
    """What was `written` with stand-ins, in the words that these stand for, and with all that was hidden."""
    said = {year: words.removeprefix(WORDS) for year, words in stand_ins}

    def say(found: re.Match[str]) -> str:
        if found[1] not in said:
            return found[0]
        words, letter = said[found[1]], found[2]  # a letter tells two sources of one year apart: 2008a, in press-b
        return f"{words}-{letter}" if letter and not words[-1].isdigit() else f"{words}{letter}"

    return re.sub(r"(?<!\w)(\d{4})([a-z]?)(?!\w)", say, written).translate(_SHOWN)


def _words(value: str) -> str | None:
    """What is told of a date: its words after `!`; None for what Typst tells itself."""
    if value.startswith(WORDS):
        return value
    if _PERIOD.fullmatch(value):
        first, last = (_words(part) or part[:4] for part in value.split("/"))
        return first if first == last else f"{first}–{last}"
    if value[-1:] in ("?", "~", "%") and DATE.fullmatch(value):
        return {"?": f"{value[:4]}?", "~": f"ca. {value[:4]}", "%": f"ca. {value[:4]}?"}[value[-1]]
    return None


def _years_near(year: int) -> Iterator[str]:
    for distance in count():
        yield from (f"{each:04d}" for each in (year + distance, year - distance) if 1000 <= each <= _YEARS[1])


def of_csl(value: Any) -> str:
    """A date of CSL-JSON: `2008-03-16`, `2008/2010`, `2008~` or `!in press`; "" for none.

    Raises ValueError for what is no date.
    """
    if not value:
        return ""
    parts = value.get("date-parts") or []
    if not parts or not any(map(any, parts)):
        return _in_words(value)
    dates = [_of_parts(date) for date in parts[:2]]
    if len(parts) > len(dates) or (len(dates) > 1 and any(date.startswith("-") for date in dates)):
        raise ValueError(value)
    circa = "~" if value.get("circa") not in (None, False, 0, "", "false", "0") else ""
    if circa and any(date.startswith("-") for date in dates):
        raise ValueError(value)
    return "/".join(f"{date[:4]}{circa}" if circa else date for date in dates)


def _in_words(value: Mapping[str, Any]) -> str:
    """A date that is written out: one that can be read is a date, any other stands as it is."""
    raw = str(value.get("raw") or "").strip()
    if re.fullmatch(rf"{DATE.pattern}(/{DATE.pattern})?", raw) and is_date(raw):
        return raw
    said = re.sub(r"[{}\\\"]", "", " ".join(str(value.get("literal") or raw).split()))
    return f"{WORDS}{said}" if said else ""


def _of_parts(date: Sequence[Any]) -> str:
    """Year, month and day as BibLaTeX has them, which counts a year 0; a season, 13 or 21 and more, is left out."""
    year, *rest = (int(part or 0) for part in date)
    if not year or not _YEARS[0] < year <= _YEARS[1]:
        raise ValueError(date)
    within = [part for part in rest[:2] if part > 0]
    if not rest or rest[0] > _LAST_MONTH or len(within) < len(rest[:2]):
        within = within[:1] if rest and 0 < rest[0] <= _LAST_MONTH else []
    said = f"-{-(year + 1):04d}" if year < -1 else "0000" if year == -1 else f"{year:04d}"
    return "-".join([said, *(f"{part:02d}" for part in within)])
