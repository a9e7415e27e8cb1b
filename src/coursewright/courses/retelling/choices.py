"""The choices of the parameters of a page that is told again, at all values that they hang on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError
from coursewright.pages import Materials
from coursewright.tables.parameters import Declaration, choices_of, depends, in_order

_MOST = 2000  # values that choices may hang on

At = dict[str, list[tuple[Any, str]]]


def choices_at(given: Materials, fields: frozenset[str]) -> dict[str, At]:
    """For each parameter whose choices hang on others, its choices at all values that readers can choose for these.

    Raises CoursewrightError where these are more than a page carries.
    """
    behind = {name: depends(given.declared[name], given.database) for name in sorted(fields)}
    return {name: _at_all_values(name, names, given, fields) for name, names in behind.items() if names}


def _at_all_values(name: str, names: Sequence[str], given: Materials, fields: frozenset[str]) -> At:
    """The choices at each combination of the values of those that they hang on."""
    declared, found = given.declared[name], At()
    for values in _together(_ordered(names, given, fields), given, given.parameters):
        at = msgspec.json.encode([in_script(values[one]) for one in names]).decode()
        if at in found:
            continue
        if len(found) == _MOST:
            message = f'the choices of "{name}" hang on more than {_MOST:,} values of {" and ".join(names)}'
            hint = "let them hang on fewer parameters, or take {form} off the page"
            raise CoursewrightError(message, declared.place(), hint)
        found[at] = [(choice.value, choice.label) for choice in choices_of(declared, values, given.database)]
    return found


def _ordered(names: Collection[str], given: Materials, fields: frozenset[str]) -> list[str]:
    """What a reader changes of these and of those that they hang on, each after the ones that it hangs on."""
    wanted, left = dict[str, Declaration](), list(names)
    while left:
        if (name := left.pop()) in fields and name not in wanted:
            wanted[name] = given.declared[name]
            left += depends(wanted[name], given.database)
    return [declared.name for declared in in_order(wanted, given.database)]


def _together(names: Sequence[str], given: Materials, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The values of all parameters, once for each combination of those of `names` that can be chosen together."""
    if not names:
        yield values
        return
    first, *rest = names
    choices = [choice.value for choice in choices_of(given.declared[first], values, given.database)]
    for value in choices or [values[first]]:
        yield from _together(rest, given, {**values, first: value})


def in_script(value: Any) -> str:
    """A value as `String(value)` of a browser writes it."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
