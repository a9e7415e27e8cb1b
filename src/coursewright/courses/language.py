"""The language of a course."""

from __future__ import annotations

from collections.abc import Callable

from coursewright.errors import CoursewrightError, Place


def check_language(language: str, place: Callable[..., Place]) -> None:
    """The language is one whose dates and numbers are known, written as HTML wants it: en-GB, not en_GB.

    Raises CoursewrightError with the `place` of its key.
    """
    from babel import Locale, UnknownLocaleError

    try:
        Locale.parse(language.replace("-", "_"))
        known = "_" not in language
    except (UnknownLocaleError, ValueError):
        known = False
    if not known:
        hint = "write a language and a country, such as en-GB, or a language alone, such as fr"
        raise CoursewrightError(f'no language called "{language}"', place("course", "language"), hint)
