"""The digest of a value: the same for equal values in every process, whatever order their sets have there."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterable, Mapping
from collections.abc import Set as AnySet
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import Any


def digest_of(value: Any) -> str:
    """What names a value by its content: 32 letters and digits. Raises what pickle does for what cannot be pickled."""
    return _digest(value).hex()


def _digest(value: Any) -> bytes:
    whole = hashlib.blake2b(f"{type(value).__module__}.{type(value).__qualname__}".encode(), digest_size=16)
    for part in _parts(value):
        whole.update(len(part).to_bytes(8, "little"))
        whole.update(part)
    return whole.digest()


def _parts(value: Any) -> Iterable[bytes]:
    """What a value is made of."""
    if isinstance(value, list | tuple):
        return map(_digest, value)
    if isinstance(value, Mapping):
        return [_digest(key) + _digest(value[key]) for key in value]
    if isinstance(value, AnySet):
        return sorted(map(_digest, value))
    if is_dataclass(value) and not isinstance(value, type):
        return [_digest(getattr(value, field.name)) for field in fields(value) if field.init]  # what it is made of
    if value is None or isinstance(value, str | int | float | PurePath):
        return [str(value).encode("utf-8", "surrogatepass")]
    return [value if isinstance(value, bytes) else pickle.dumps(value, 5)]
