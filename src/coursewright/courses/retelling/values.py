"""Values and passages with which the text of a page is tried: few, and one of each kind that Markdown tells apart."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from coursewright.courses.retelling.choices import choices_at
from coursewright.pages import Materials
from coursewright.tables.parameters import choices_of

_MOST = 64  # combinations of values, beyond which they are tried in turn
_WIDEST = 10  # digits that Markdown tells apart: the number of a list has nine at the most
_ADDRESSES = ("http", "ftp", "mailto", "www")


def offered(names: Sequence[str], given: Materials) -> dict[str, list[Any]]:
    """All values that readers can choose for each of the parameters, whatever the others are."""
    found, every = choices_at(given, frozenset(names)), dict[str, list[Any]]()
    for name in names:
        choices = [value for each in found.get(name, {}).values() for value, _ in each]
        if name not in found:
            choices = [one.value for one in choices_of(given.declared[name], given.parameters, given.database)]
        every[name] = list(dict.fromkeys([given.parameters[name], *choices]))
    return every


def tried(offered: Mapping[str, Sequence[Any]]) -> Iterator[dict[str, Any]]:
    """Values of all parameters, of which the first are those of the page as it is built.

    Each kind with each while these are few; else each in turn beside those of the page, and those of the same rank.
    """
    kinds = {name: _kinds(values) for name, values in offered.items()}
    if math.prod(map(len, kinds.values())) <= _MOST:
        yield from (dict(zip(kinds, values, strict=True)) for values in itertools.product(*kinds.values()))
        return
    built = {name: values[0] for name, values in offered.items()}
    for name, each in kinds.items():
        yield from ({**built, name: value} for value in each)
    for rank in range(max(map(len, kinds.values()))):
        yield {name: each[rank % len(each)] for name, each in kinds.items()}


def told(count: int) -> list[frozenset[int]]:
    """Which of so many passages are told: all but one, one alone, none."""
    every = frozenset(range(count))
    alone = [frozenset({one}) for one in range(count)]
    return list(dict.fromkeys([*(every - one for one in alone), *alone, *([frozenset[int]()] if count else [])]))


def _kinds(values: Sequence[Any]) -> list[Any]:
    """The first value of each kind."""
    found: dict[str, Any] = {}
    for value in values:
        found.setdefault(shape_of(value), value)
    return list(found.values())


def shape_of(value: object) -> str:
    """The signs of a value and how they stand, which is what Markdown may take otherwise than a word."""
    text = "" if value is None else str(value)
    shape = re.sub(r"\d+", lambda digits: "0" * min(len(digits[0]), _WIDEST), text)
    if any(each in text.lower() for each in _ADDRESSES):
        return shape
    return re.sub(r"[^\W\d_]+", "a", shape)
