"""Options that name columns: `Points, Average = 2, "Thickest, cm" = 1`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coursewright.errors import CoursewrightError, Place, did_you_mean


def pairs(option: str, place: Place) -> Iterator[tuple[str, str | None]]:
    """What stands between commas, each with what stands behind its `=`, if anything does.

    As in SQL, a name or value that has a comma or an equals sign stands between double quotes, doubled inside them.
    Raises CoursewrightError for what cannot be read so.
    """
    at = 0
    while at < len(option):
        name, at = _part(option, at, place)
        value = None
        if option[at : at + 1] == "=":
            value, at = _part(option, at + 1, place, upto=",")
        if name or value is not None:
            yield name, value
        at += 1


def _part(option: str, at: int, place: Place, upto: str = ",=") -> tuple[str, int]:
    """The text that begins `at` and goes on to one of the signs `upto`, and where it ends."""
    start = at + len(option[at:]) - len(option[at:].lstrip())
    if option[start : start + 1] == '"':
        found = re.compile(r'"((?:[^"]|"")*)"\s*').match(option, start)
        if not found or option[found.end() : found.end() + 1] not in ("", *upto):
            hint = 'a name with a comma stands between double quotes: "Thickest, cm" = 1'
            raise CoursewrightError(f"{option[start:]} cannot be read", place, hint)
        return found[1].replace('""', '"'), found.end()
    end = next((spot for spot in range(start, len(option)) if option[spot] in upto), len(option))
    return option[start:end].strip(), end


def named_columns(option: str, columns: Sequence[str], place: Place) -> dict[str, str | None]:
    """The columns that an option names, with what it says of each.

    Raises CoursewrightError for one that is not there, or there twice.
    """
    found: dict[str, str | None] = {}
    for name, value in pairs(option, place):
        if name not in columns:
            raise CoursewrightError(f'no column called "{name}"', place, did_you_mean(name, columns))
        if name in found:
            raise CoursewrightError(f'the column "{name}" is named twice', place, "remove one of them")
        found[name] = value
    return found
