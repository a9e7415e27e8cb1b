"""What the language of a course says about how its numbers are written."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

Point = Literal[".", ","]


@lru_cache(maxsize=32)
def decimal_sign(language: str) -> Point:
    """The decimal sign of a language, such as de or en-GB, by Unicode's CLDR; a point where no language is named."""
    if not language:
        return "."
    from babel import Locale, UnknownLocaleError

    try:
        symbols = Locale.parse(language.replace("-", "_")).number_symbols
    except (UnknownLocaleError, ValueError):
        return "."
    return "," if symbols.get("latn", symbols)["decimal"] == "," else "."
