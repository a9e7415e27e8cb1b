"""Whether the arguments of a call are what it takes: a session of R may send anything."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_type_hints

import msgspec

from coursewright.errors import CoursewrightError, Place

_LONGEST = 60
_NAMED = {"set_": "set"}
_CALLED = {"rows": "take", "given": "at_page"}
_WANTED = (  # the first that is there says what to give
    ("Mapping", "a named list"),
    ("Sequence", "texts"),
    ("bool", "TRUE or FALSE"),
    ("int | str", "one number or text"),
    ("str", "one text"),
    ("Natural", "one whole number, 0 or more"),
)


def check(call: Callable[..., Any], given: Mapping[str, Any]) -> None:
    """Nothing. Raises CoursewrightError for the first of the arguments `given` that `call` cannot take."""
    kinds = _kinds(call)
    for name, value in given.items():
        if value == [] and "Mapping" in str(kinds[name]):  # a list of R without elements has no names either
            continue
        try:
            msgspec.convert(value, kinds[name])
        except msgspec.ValidationError:
            said = f"{_NAMED.get(name, name)} cannot be {_shown(value)}"
            place = Place(_CALLED.get(call.__name__, call.__name__), part=_NAMED.get(name, name))
            raise CoursewrightError(said, place, f"give {_wanted(call, name)}") from None


@cache
def _kinds(call: Callable[..., Any]) -> dict[str, Any]:
    return get_type_hints(call, include_extras=True)


def _wanted(call: Callable[..., Any], name: str) -> str:
    kind = str(call.__annotations__[name])
    return next(said for sign, said in _WANTED if sign in kind)


def _shown(value: Any) -> str:
    """A value as R writes it, shortened."""
    if value is None or isinstance(value, bool):
        return {None: "NA", True: "TRUE", False: "FALSE"}[value]
    if isinstance(value, list):
        said = f"c({', '.join(map(_shown, value))})"
    elif isinstance(value, dict):
        said = f"list({', '.join(f'{name} = {_shown(own)}' for name, own in value.items())})"
    else:
        said = json.dumps(value, ensure_ascii=False)
    return said if len(said) <= _LONGEST else f"{said[:_LONGEST]}…"
