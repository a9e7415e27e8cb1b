"""The choices of the parameters of a page that is told again, at all values that they hang on."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from coursewright.pages import Materials
from coursewright.tables import Database, Declared, choices_of
from coursewright.tables.choices import depends

_MOST = 2000  # values that choices may hang on


def choices_at(given: Materials, fields: frozenset[str]) -> dict[str, dict[str, list[tuple[Any, str]]]]:
    """For each parameter whose choices hang on others, its choices at all of their values."""
    found: dict[str, dict[str, list[tuple[Any, str]]]] = {}
    for name in sorted(fields):
        declared = given.declared[name]
        if names := depends(declared, given.database):
            found[name] = dict(_at_all_values(declared, names, given.declared, given.parameters, given.database))
    return found


def _at_all_values(
    declared: Declared,
    names: Sequence[str],
    all_declared: Mapping[str, Declared],
    parameters: Mapping[str, Any],
    database: Database,
) -> Iterator[tuple[str, list[tuple[Any, str]]]]:
    """The choices at each combination of the values that they hang on, as far as these are choices themselves."""
    every = [
        [choice.value for choice in choices_of(all_declared[name], parameters, database)] or [parameters[name]]
        if name in all_declared
        else [parameters[name]]
        for name in names
    ]
    for values in itertools.islice(itertools.product(*every), _MOST):
        choices = choices_of(declared, {**parameters, **dict(zip(names, values, strict=True))}, database)
        at = msgspec.json.encode([in_script(value) for value in values]).decode()
        yield at, [(choice.value, choice.label) for choice in choices]


def in_script(value: Any) -> str:
    """A value as `String(value)` of a browser writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
