"""Values of Python's own types as plain data, to come out of a process that runs a student's code.

What comes back is not trusted: a pickle could run code here, and reading Python's literals can crash on deep ones.
"""

from __future__ import annotations

from typing import Any, cast

_TOLERANCE = 1e-9


def pack(value: Any) -> Any:
    """A value as JSON can hold it. Raises TypeError for an object of any other type than Python's own."""
    if hasattr(value, "tolist") and hasattr(value, "dtype"):  # NumPy's numbers and arrays
        value = value.tolist()
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return value.encode(errors="replace").decode()
    for kind in (int, float, complex):
        if isinstance(value, kind):
            return [kind.__name__, kind.__repr__(value)]
    if isinstance(value, dict):
        return ["dict", [[pack(key), pack(inner)] for key, inner in value.items()]]
    for sign, kinds in (("list", list), ("tuple", tuple), ("set", (set, frozenset)), ("bytes", bytes)):
        if isinstance(value, kinds):
            return [sign, [pack(inner) for inner in value]]
    raise TypeError(f"{type(value).__name__} is no type of Python's own")


def unpack(packed: Any) -> Any:
    """The value again. Raises ValueError, TypeError or RecursionError for what `pack` did not make."""
    if packed is None or isinstance(packed, bool | str):
        return packed
    sign, inner = packed
    if sign in _NUMBERS:
        return _NUMBERS[sign](inner)
    if sign == "dict":
        return {unpack(key): unpack(value) for key, value in inner}
    return _SEVERAL[sign](map(unpack, inner))


_NUMBERS: dict[str, Any] = {"int": int, "float": float, "complex": complex}
_SEVERAL: dict[str, Any] = {"list": list, "tuple": tuple, "set": set, "bytes": bytes}


def same(got: Any, expects: Any) -> bool:
    """Whether a value is the one expected: numbers to nine figures, true and false no numbers, and so inside lists."""
    if isinstance(expects, bool) or isinstance(got, bool):
        return got is expects
    if isinstance(expects, int | float) and isinstance(got, int | float):
        return _near(got, expects)
    if isinstance(expects, list | tuple) and type(got) is type(expects):
        return len(got) == len(expects) and all(map(same, got, expects))
    if isinstance(expects, dict) and isinstance(got, dict):
        return got.keys() == expects.keys() and all(same(got[name], expects[name]) for name in expects)
    return cast(bool, got == expects)


def _near(got: float, expects: float) -> bool:
    try:
        return got == expects or abs(got - expects) <= _TOLERANCE * max(abs(got), abs(expects))
    except OverflowError:  # a whole number that no float can hold
        return False
