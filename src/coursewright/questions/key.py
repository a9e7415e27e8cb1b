"""Keys: variants with their answers as JSON, which is what marking needs after the questions have been given out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.questions.variant import Variant


class _Key(msgspec.Struct, frozen=True):
    format: Literal["coursewright-key"]
    version: Literal[1]
    variants: tuple[Variant, ...]


def write_key(variants: Iterable[Variant], file: Path) -> None:
    """Write a key."""
    key = _Key("coursewright-key", 1, tuple(variants))
    file.write_bytes(msgspec.json.format(msgspec.json.encode(key), indent=1))


def read_key(file: Path) -> tuple[Variant, ...]:
    """The variants of a key. Raises CoursewrightError for a file that is none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Key).variants
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        hint = "a key is the file that the export as json writes"
        raise CoursewrightError(f"the file is no key: {error}", Place(file), hint) from None
