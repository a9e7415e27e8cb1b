"""Values of Python's own types as plain data, to come out of a process that runs somebody else's code.

What comes back is not trusted: a pickle could run code here, and reading Python's literals can crash on deep ones.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


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
