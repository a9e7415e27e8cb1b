"""The key: variants with all that marks them, as one JSON document that any program can read.

    {"format": "coursewright questions 1", "quiz": {…}, "variants": [{…}, …]}

Its shape is published as a JSON schema, docs/reference/questions.schema.json. Prose is Markdown with its values written
into it; the gaps of a cloze question stand in its text as [[name]].
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from math import isnan
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from coursewright.errors import CoursewrightError, Place
from coursewright.questions.export import Quiz
from coursewright.questions.part import FormulaAnswer, NumberAnswer
from coursewright.questions.variant import Media, Variant
from coursewright.questions.writing.markup import markdown
from coursewright.questions.writing.prose import Prose

FORMAT = "coursewright questions 1"
_LARGEST = sys.float_info.max
_T = TypeVar("_T")


class Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A key as a whole."""

    format: Literal["coursewright questions 1"]
    quiz: Quiz
    variants: tuple[Variant, ...]


def read_key(file: Path) -> tuple[Variant, ...]:
    """The variants of a key; CoursewrightError, with the place in the document, for what is none."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Key).variants
    except OSError as error:
        raise CoursewrightError(f"the key cannot be read: {error.strerror}", Place(file)) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message, _, part = str(error).partition(" - at ")
        hint = "a key is the file that the exporter json writes"
        raise CoursewrightError(f"the file is no key: {message}", Place(file, part=part.strip("`")), hint) from error


def write_encoded(variants: Iterable[bytes], file: Path, quiz: Quiz) -> None:
    """Write a key of variants that are JSON already."""
    with file.open("wb") as key:
        key.write(b'{"format": "%b", "quiz": %b, "variants": [' % (FORMAT.encode(), msgspec.json.encode(quiz)))
        for number, variant in enumerate(variants):
            key.write(b",\n" if number else b"\n")
            key.write(variant)
        key.write(b"\n]}\n")


def encode(variant: Variant) -> bytes:
    """The variant as JSON, infinity as the largest number; CoursewrightError where a number in it is none."""
    return msgspec.json.encode(resolved(variant))


def resolved(variant: Variant) -> Variant:
    """The variant with the values of every prose written into its Markdown."""
    return _resolved(variant, variant)


def _resolved(value: _T, variant: Variant) -> _T:
    match value:
        case Prose():
            return _markdown(value, variant)  # type: ignore[return-value]  # _T is Prose here
        case NumberAnswer():
            bounds = {"value": finite(value.value), "low": finite(value.low), "high": finite(value.high)}
            value = msgspec.structs.replace(value, **bounds)
        case FormulaAnswer():
            value = msgspec.structs.replace(
                value, results=tuple(None if one is None else finite(one) for one in value.results)
            )
        case Media():
            return value
        case tuple():
            return tuple(_resolved(one, variant) for one in value)  # type: ignore[return-value]  # as above
    if isinstance(value, msgspec.Struct):
        changes: dict[str, Any] = {
            name: _resolved(field, variant)
            for name in value.__struct_fields__
            if isinstance(field := getattr(value, name), (Prose, tuple))
        }
        return msgspec.structs.replace(value, **changes)
    return value


def _markdown(prose: Prose, variant: Variant) -> Prose:
    def medium(name: str) -> str:
        alt = variant.medium(name).alt.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        return f"![{alt}]({name})"

    return Prose(markdown(prose, medium=medium, gap="[[{}]]".format))


def finite(number: float) -> float:
    """`number`, or the largest that JSON can write where it is infinite; CoursewrightError where it is no number."""
    if isnan(number):
        raise CoursewrightError("an answer is not a number", hint="look at what its formula gives")
    return max(-_LARGEST, min(_LARGEST, number))
