"""The values of a question's code as values of prose: numbers as people write them, pictures as media."""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.media import TYPES, Bundle, ending
from coursewright.names import alike
from coursewright.questions.variant import Media
from coursewright.questions.writing.prose import MediaReference, ProseGrid, Rich, Tex, Value


def markdown(text: str) -> Rich:
    """Text that the code has written as Markdown, and that is to be read as such."""
    return Rich(str(text))


def tex(text: str) -> Tex:
    """A formula that the code has written as TeX, without dollars."""
    return Tex(str(text))


@dataclass(frozen=True, slots=True)
class Unset:
    """A picture in TikZ that TeX has yet to set, as it does for many at once."""

    data: bytes
    alt: str
    caption: str = ""
    media_type: str = "text/x-tikz"


def tikz(source: str, *, alt: str, caption: str = "") -> Unset:
    """A picture in TikZ; `alt` says in words what it shows. Raises CoursewrightError when that is empty."""
    if not alt.strip():
        raise CoursewrightError("this picture has no alternative text", None, 'say what it shows: tikz(…, alt="…")')
    return Unset(source.encode(), alt, caption)


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A picture or sound from a file."""

    name: str
    data: bytes
    alt: str
    media_type: str
    caption: str = ""


@lru_cache(maxsize=64)
def read_medium(folder: Path, path: str, alt: str) -> MediaFile:
    """The picture or sound in a file of `folder`; CoursewrightError for one that is not there or not described."""
    file = folder / unquote(path)
    if not alt.strip():
        raise CoursewrightError(
            f'the picture "{path}" has no alternative text', None, f"write ![what it shows]({path})"
        )
    if not file.resolve().is_relative_to(folder.resolve()):
        raise CoursewrightError(f'"{path}" is not beside the question', None, "put the file into the question's folder")
    if not file.is_file():
        near = did_you_mean(file.name, (each.name for each in file.parent.glob("*"))) if file.parent.is_dir() else ""
        raise CoursewrightError(f'no file "{path}" beside the question', None, near)
    media_type = TYPES.get(file.suffix.lower())
    if media_type is None:
        raise CoursewrightError(f'"{path}" is no picture or sound that we know', None, f"it can be {', '.join(TYPES)}")
    return MediaFile(file.name, file.read_bytes(), alt, media_type)


_LONGEST = 14_000  # binary digits of a whole number: Python refuses to write out a few more


@dataclass
class VariantValues:
    """The values of one variant; `media` collects the pictures and sounds among them.

    Unless they are to be `drawn`, charts and what else is made when it is looked at stand empty: their alternative text
    is there, and what tells them apart instead of the picture. Of those that are drawn, `empty` takes that in.
    """

    drawn: bool = True
    empty: dict[bytes, bytes] = field(default_factory=dict)
    media: list[Media] = field(default_factory=list)
    _names: dict[int, str] = field(default_factory=dict)
    _kept: list[object] = field(default_factory=list)

    def value(self, value: Any, source: str = "", spec: str = "") -> Value:
        """What `value`, the value of the expression `source`, is in prose.

        Raises CoursewrightError for what has no form that a reader could read.
        """
        if spec:
            try:
                return _formatted(value, spec)
            except (ValueError, TypeError) as error:
                raise CoursewrightError(f'the format "{spec}" does not fit {value!r}: {error}') from None
        plain = _plain(value)
        if plain is not None:
            return plain
        if _is_figure(value):
            return MediaReference(self._medium(value, source))
        grid = _grid(value)
        if grid is not None:
            return ProseGrid(*(grid[0], grid[1], grid[2]))
        if isinstance(value, Sequence | set | frozenset):
            items = sorted(value) if isinstance(value, set | frozenset) else value
            return ", ".join(_text(self.value(item)) for item in items)
        what = f"{{{{ {source} }}}}" if source else "this value"
        hint = "show a text, a number, a formula, a figure with alternative text, or rows"
        raise CoursewrightError(f"{what} is {_kind(value)}, which cannot be shown", None, hint)

    def _medium(self, value: Any, source: str) -> str:
        if id(value) in self._names:
            return self._names[id(value)]
        made_from = value.alt if hasattr(value, "figure") else getattr(value, "made_from", None)
        if self.drawn or made_from is None:
            bundle = _bundle(value)
            ((media_type, data),) = bundle.data.items()
            medium = Media("", media_type, data, bundle.alt, bundle.caption)
            if made_from is not None:
                self.empty.setdefault(data, made_from.encode())
        else:
            media_type = getattr(value, "media_type", "image/svg+xml")
            medium = Media("", media_type, made_from.encode(), value.alt, value.caption)
        if isinstance(value, MediaFile):
            stem, _, end = value.name.rpartition(".")
            return self._add(value, stem, medium, end)
        stem = source if source.isidentifier() else ("sound" if media_type.startswith("audio") else "figure")
        return self._add(value, stem, medium, ending(media_type).removeprefix(".") or "svg")  # TeX has yet to set it

    def _add(self, value: Any, stem: str, medium: Media, end: str) -> str:
        """Take a medium in, by a name that no other has; one that is there already keeps its name."""
        if self.drawn or not hasattr(value, "figure"):  # a chart that stands empty looks like any other of its text
            for each in self.media:
                if msgspec.structs.replace(each, name="") == medium:
                    return each.name
        taken = {alike(each.name) for each in self.media}
        name, number = f"{stem}.{end}", 2
        while alike(name) in taken:
            name, number = f"{stem}-{number}.{end}", number + 1
        self.media.append(msgspec.structs.replace(medium, name=name))
        self._names[id(value)] = name
        self._kept.append(value)  # as long as it lives, no other value has its id
        return name


def _formatted(value: Any, spec: str) -> str:
    """A value in a format of Python's; what is rounded to nought has no sign."""
    text = format(value, spec)
    is_number = isinstance(value, float | Decimal) and math.isfinite(value)
    return format(abs(value), spec) if is_number and not re.search("[1-9]", text) else text


def _plain(value: Any) -> Value | None:  # noqa: C901, PLR0911 - a table of types
    """A value that is text, a number or a formula."""
    match value:
        case str():
            return value
        case int() if value.bit_length() > _LONGEST:
            raise CoursewrightError("a value has thousands of digits", None, "show fewer of them, or a power")
        case bool() | int() | Decimal():
            return str(value) if value else str(value).removeprefix("-")
        case float():
            if not math.isfinite(value):
                raise CoursewrightError(f"a value is {value}, which is no number", None, "require() another draw")
            return f"{value:z.15g}"
        case Fraction():
            return Tex(rf"\frac{{{value.numerator}}}{{{value.denominator}}}") if value.denominator != 1 else str(value)
        case datetime.date() | datetime.time():
            return value.isoformat(sep=" ") if isinstance(value, datetime.datetime) else value.isoformat()
        case Rich() | Tex():
            return value
    module = type(value).__module__
    if module.startswith("numpy") and not getattr(value, "shape", ()):
        return _plain(value.item())
    if module.startswith("sympy"):
        import sympy

        return Tex(sympy.latex(value))
    return None


def _text(value: Value) -> str:
    if isinstance(value, str):
        return value
    return value.tex if isinstance(value, Tex) else str(value)


def _is_figure(value: Any) -> bool:
    ways = ("figure", "media_type", "made_from", "svg")  # the last would draw the picture, if that is yet to be done
    if isinstance(value, Bundle):
        return value.best(*TYPES.values()) is not None
    return hasattr(value, "alt") and any(hasattr(value, way) for way in ways)


def _bundle(value: Any) -> Bundle:
    """A chart or diagram as a platform shows it, whose theme we do not know; any other picture or sound as it is."""
    if isinstance(value, Bundle):
        return value
    value = value.figure() if hasattr(value, "figure") and not hasattr(value, "on_white") else value
    figure = value.on_white() if hasattr(value, "on_white") else value
    sound = hasattr(figure, "media_type")
    data = {figure.media_type: figure.data} if sound else {"image/svg+xml": figure.svg.encode()}
    return Bundle(data, figure.alt, figure.caption)


def _grid(value: Any) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], tuple[bool, ...]] | None:
    """Rows: a list of mappings, or a data frame of pandas, Polars or Arrow."""
    rows = value
    for way in ("to_dicts", "to_pylist"):
        if hasattr(value, way):
            rows = getattr(value, way)()
    if hasattr(value, "to_dict") and hasattr(value, "columns") and rows is value:
        rows = value.to_dict(orient="records")
    if not (isinstance(rows, Sequence) and rows and all(isinstance(row, Mapping) for row in rows)):
        return None
    columns = tuple(str(name) for name in rows[0])
    numeric = tuple(all(_is_number(row.get(name)) for row in rows) for name in rows[0])
    cells = tuple(
        tuple("" if row.get(name) is None else _text(_plain(row[name]) or str(row[name])) for name in rows[0])
        for row in rows
    )
    return columns, cells, numeric


def _is_number(value: object) -> bool:
    return value is None or (isinstance(value, int | float | Decimal) and not isinstance(value, bool))


def _kind(value: object) -> str:
    return "nothing (None)" if value is None else f"of the type {type(value).__name__}"
