"""Licences of Creative Commons, by the names that SPDX gives them (https://spdx.org/licenses/)."""

from __future__ import annotations

import re

_ZERO = "CC0-1.0"
_NAME = re.compile(r"CC-(BY(?:-NC)?(?:-ND|-SA)?)-(\d\.\d)")
_OF_A_COUNTRY = re.compile(rf"{_NAME.pattern}-[A-Z]{{2,3}}")
_LATEST = "4.0"
_WORDS = {"attribution": "by", "noncommercial": "nc", "noderivatives": "nd", "noderivs": "nd", "sharealike": "sa"}


def text_of(licence: str) -> str:
    """The address of the text of a licence of Creative Commons; "" for any other."""
    if licence == _ZERO:
        return "https://creativecommons.org/publicdomain/zero/1.0/"
    found = _NAME.fullmatch(licence)
    return f"https://creativecommons.org/licenses/{found[1].lower()}/{found[2]}/" if found else ""


def meant_by(licence: str) -> str:
    """The name of the licence of Creative Commons that is meant by `licence`, such as CC BY; "" for any other."""
    said = licence.lower().replace("creative commons", "cc").replace("non-", "non").replace("no-", "no")
    if not re.match(r"cc\b|cc0", said.strip()) or _OF_A_COUNTRY.fullmatch(licence):
        return ""
    words = [_WORDS.get(word, word) for word in re.findall(r"[a-z]+|\d\.\d|0", said.replace("share-", "share"))]
    if "by" not in words:
        return _ZERO if {"0", "zero"} & {*words} else ""
    version = next((word for word in words if "." in word), _LATEST)
    return "-".join(["CC", *(word.upper() for word in ("by", "nc", "nd", "sa") if word in words), version])
