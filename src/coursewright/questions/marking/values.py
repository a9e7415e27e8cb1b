"""When two values of Python's are the same, as marking takes it."""

from __future__ import annotations

from cmath import isfinite, isnan
from typing import Any, cast

_TOLERANCE = 1e-9


def same(got: Any, expects: Any) -> bool:
    """Whether a value is the one expected: numbers to nine figures, true and false no numbers, and so inside lists."""
    if isinstance(expects, bool) or isinstance(got, bool):
        return got is expects
    if isinstance(expects, int | float | complex) and isinstance(got, int | float | complex):
        return _near(got, expects)
    if isinstance(expects, list | tuple) and type(got) is type(expects):
        return len(got) == len(expects) and all(map(same, got, expects))
    if isinstance(expects, dict) and isinstance(got, dict):
        return got.keys() == expects.keys() and all(same(got[name], expects[name]) for name in expects)
    return cast(bool, got == expects)


def _near(got: complex, expects: complex) -> bool:
    try:
        if got == expects or (isnan(got) and isnan(expects)):
            return True
        # Infinity is within any share of itself of every number.
        finite = isfinite(got) and isfinite(expects)
        return finite and abs(got - expects) <= _TOLERANCE * max(abs(got), abs(expects))
    except OverflowError:  # a whole number that no float can hold
        return False
