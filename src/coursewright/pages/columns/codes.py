"""Whether the numbers of a column are years or codes, which are neither grouped nor summed, or amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

import yaml

if TYPE_CHECKING:
    import pyarrow as pa

_FIRST_YEAR, _LAST_YEAR = 1000, 2199
_WORD = re.compile(r"[A-Z]+(?![a-z])|[^\W\d_]?[^\W\d_A-Z]+|[A-Z]", re.UNICODE)

Sort = Literal["amount", "year", "code"]


def sort_of_number(name: str, values: Sequence[Decimal], language: str) -> Sort:
    """What whole numbers in a column called `name` are: by the words of the name, then by their size.

    Where every one of them could be a year, they are taken for years: what is lost is a comma.
    """
    told = told_by_name(name, language)
    if told != "amount":
        return told
    return "year" if values and all(map(_could_be_year, values)) else "amount"


def _could_be_year(value: Decimal) -> bool:
    return value.is_finite() and _FIRST_YEAR <= value <= _LAST_YEAR and value == int(value)


def told_by_name(name: str, language: str) -> Sort:
    """What the name of a column says of its numbers."""
    words = [word.casefold() for word in _WORD.findall(name)]
    years, codes = _words("years", language), _words("codes", language)
    if words[2:] and words[-2] in _words("each", language):
        return "amount"
    if words and (words[-1] in years or words[0] in years):
        return "year"
    return "code" if words and words[-1] in codes else "amount"


def amounts(schema: pa.Schema, language: str) -> list[str]:
    """The columns of numbers that are neither years nor codes by their names."""
    from pyarrow import types

    kinds = {"is_integer", "is_floating", "is_decimal"}
    return [
        field.name
        for field in schema
        if any(getattr(types, kind)(field.type) for kind in kinds) and told_by_name(field.name, language) == "amount"
    ]


@cache
def _words(sort: str, language: str) -> frozenset[str]:
    known = _known()[sort]
    return frozenset(known["en"]) | frozenset(known.get(language.replace("_", "-").split("-")[0].lower(), ()))


@cache
def _known() -> dict[str, dict[str, list[str]]]:
    file = resources.files("coursewright.pages.columns").joinpath("codes.yaml")
    read: dict[str, dict[str, list[str]]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read
