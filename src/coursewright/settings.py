"""Settings that people write: TOML files and the front matter of SQL and Markdown, checked against a shape.

A shape is a frozen `msgspec.Struct` with `forbid_unknown_fields=True`. What does not fit is an error with the file, the
line and, for a misspelt key, the key that was probably meant.
"""

from __future__ import annotations

import re
import tomllib
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, TypeVar

import msgspec

from coursewright import as_written
from coursewright.errors import CoursewrightError, Place, Problem, did_you_mean, several

Shape = TypeVar("Shape", bound=msgspec.Struct)

Count = Annotated[int, msgspec.Meta(ge=1)]
"""How many there are at the most: 1 or more."""

Seconds = Annotated[float, msgspec.Meta(gt=0)]
"""How long something may take."""

_UNIONS = (typing.Union, types.UnionType)


def read_text(file: Path) -> str:
    """The text of a file that somebody wrote, on Windows perhaps. Raises CoursewrightError when it is not UTF-8."""
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        hint = f"save it as UTF-8; the byte {error.object[error.start]:#04x} in this line is of another encoding"
        raise CoursewrightError("this file is not UTF-8 text", Place(file, line), hint) from None
    except OSError as error:
        raise CoursewrightError(f"this file cannot be read: {error.strerror}", Place(file)) from None


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The settings at the head of a file, and where they and the text after them begin (lines counted from 1)."""

    text: str
    first_line: int
    body: str
    body_line: int


def split_front_matter(text: str, file: str | Path, opening: str = "---", closing: str = "---") -> FrontMatter | None:
    """The front matter between a first line `opening` and the next line `closing`; None where there is none.

    Raises CoursewrightError where it is not closed. (A page may begin with a line across it, which is `---` too.)
    """
    lines = text.split("\n")
    if lines[0].rstrip() != opening:
        return None
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == closing:
            body = "\n".join(lines[number + 1 :])
            return FrontMatter("\n".join(lines[1:number]), 2, body, number + 2)
    if opening != closing or re.match(r"\w+:", "".join(lines[1:2])):
        message = "the front matter is not closed"
        raise CoursewrightError(message, Place(file, 1), f"write {closing} on a line of its own below it")
    return None


def read_toml(text: str, shape: type[Shape], file: str | Path, first_line: int = 1) -> Shape:
    """`text` as a `shape`; CoursewrightError with file and line for bad TOML, unknown keys and wrong types."""
    return _whole(*read_toml_in_part(text, shape, file, first_line))


def read_toml_in_part(
    text: str, shape: type[Shape], file: str | Path, first_line: int = 1
) -> tuple[Shape | None, list[Problem]]:
    """What of `text` is a `shape`, None if nothing is without the rest, and what is wrong with the rest.

    Raises CoursewrightError for bad TOML.
    """
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _bad_toml(str(error), file, first_line, text) from None
    return _fit_in_part(values, shape, text, Place(file, first_line))


def read_yaml(text: str, shape: type[Shape], file: str | Path, first_line: int = 1) -> Shape:
    """The same as `read_toml` for YAML, the language of front matter in Markdown.

    Values are read as they are written, and become numbers or truth values where the shape wants these.
    """
    return _whole(*read_yaml_in_part(text, shape, file, first_line))


def read_yaml_in_part(
    text: str, shape: type[Shape], file: str | Path, first_line: int = 1
) -> tuple[Shape | None, list[Problem]]:
    """The same as `read_toml_in_part` for YAML. Raises CoursewrightError for bad YAML."""
    try:
        values = as_written.read(text) or {}
    except as_written.NotRead as error:
        said = f"this is not YAML: {error}" if isinstance(error, as_written.NotYaml) else str(error)
        raise CoursewrightError(said, Place(file, first_line + (error.line or 0)), error.hint) from None
    if not isinstance(values, dict):
        raise CoursewrightError("front matter is a list of `key: value` lines", Place(file, first_line))
    hints = _hints(shape)
    values = {key: _truth(value, hints.get(key)) for key, value in values.items()}
    return _fit_in_part(values, shape, text, Place(file, first_line), strict=False)


def _whole(fitted: Shape | None, problems: list[Problem]) -> Shape:
    if problems or fitted is None:
        raise several(problems)
    return fitted


_hints = lru_cache(maxsize=None)(typing.get_type_hints)  # for every gap of every variant the same few shapes
_LACKS = re.compile("Object missing required field `([^`]*)`.*")
_TRUTHS = {"yes": True, "on": True, "no": False, "off": False}  # true and false are msgspec's own


def _truth(value: Any, wanted: Any) -> Any:
    """Yes and no, where nothing but a truth value is wanted."""
    return _TRUTHS.get(value.lower(), value) if isinstance(value, str) and wanted is bool else value


def fit(values: Mapping[str, Any], shape: type[Shape], place_of: Callable[[str], Place]) -> Shape:
    """Texts, such as the options of a directive, as a `shape`.

    Raises CoursewrightError for what does not fit, at its place; with the rule "missing" where all that is there fits.
    """
    hints = _hints(shape)
    typed = {key: _truth(value, hints.get(key)) for key, value in values.items()}
    try:
        return msgspec.convert(typed, shape, strict=False)
    except msgspec.ValidationError as error:
        if lacks := _LACKS.fullmatch(str(error)):
            raise CoursewrightError(f'"{lacks[1]}" is missing', place_of(lacks[1]), rule="missing") from None
        said, _, name = str(error).rstrip("`").partition(" - at `$.")
        expected = said.startswith("Expected `")
        message = f'"{name}" should be {_expected(said)[0]}' if expected else f"{name}: {said[:1].lower()}{said[1:]}"
        raise CoursewrightError(f'{message}, not "{values[name]}"', place_of(name)) from None


def line_of(text: str, path: tuple[str, ...]) -> int | None:
    """The line of `text` (counted from 0) that sets the key at `path`, such as ("tables", "results")."""
    start, keys = 0, list(map(_bare, path))
    lines, above = text.split("\n"), ""
    while len(keys) > 1:
        own = re.escape(keys[0])
        header = re.compile(rf"\s*(\[+\s*({above})?{own}\b(?!-).*\]|{own}\s*[:=.]|.*[{{,]\s*{own}\s*[:=])")
        found = next((n for n in range(start, len(lines)) if header.match(lines[n])), None)
        if found is None:
            return start or None  # on the line of what it is inside, or nowhere
        start, above = found, rf"{above}{own}\."
        keys.pop(0)
    key = re.compile(
        rf"""\s*(\[+\s*)?([\w.-]+\.)?["']?{re.escape(keys[0])}["']?\s*[\]:=.]|.*[{{,]\s*["']?{re.escape(keys[0])}["']?\s*[:=]"""
    )
    return next((n for n in range(start, len(lines)) if key.match(lines[n])), None)


def place_in(file: Path, first_line: int, text: str, *path: str) -> Place:
    """The place of the key at `path` in settings whose `text` begins on the line `first_line` of `file`."""
    part = f"[{'.'.join(path[:-1])}] {path[-1]}" if path[1:] else path[0]
    return Place(file, first_line + (line_of(text, path) or 0), part)


def _fit_in_part(
    values: dict[str, Any], shape: type[Shape], text: str, place: Place, *, strict: bool = True
) -> tuple[Shape | None, list[Problem]]:
    """msgspec tells one misfit at a time: each is told, and left out to find the next."""
    problems: list[Problem] = []
    out: set[tuple[str, ...]] = set()
    misspelt: set[tuple[str, ...]] = set()  # where keys are that are not known: one may be what is missing
    while True:
        try:
            return msgspec.convert(values, shape, strict=strict), problems
        except msgspec.ValidationError as error:
            message, _, at = str(error).partition(" - at `$.")
            path = _path(at.rstrip("`"), values, shape, strict=strict) if at else ()
            lacks = _LACKS.fullmatch(message)
            unknown = re.match(r"Object contains unknown field `([^`]*)`", message)
            if not lacks or ((*path, lacks[1]) not in out and path not in misspelt):  # else that is told already
                problems.append(_misfit(message, path, shape, text, place).problem)
            wrong = (*path, unknown[1]) if unknown else path
            misspelt |= {path} if unknown else set()
            if not wrong or (left := _without(values, wrong)) == values:
                return None, problems
            values = left
            out.add(tuple(map(_bare, wrong)))


def _without(values: Any, path: tuple[str, ...]) -> Any:
    """The same values without what `path` leads to, or the whole list that it is in."""
    key = _bare(path[0])
    if len(path) == 1 or key != path[0] or not isinstance(values[key], Mapping):
        return {name: value for name, value in values.items() if name != key}
    return {**values, key: _without(values[key], path[1:])}


def _bare(key: str) -> str:
    """A key without the places in its lists that msgspec writes behind it: `unique` of `unique[0][1]`."""
    return re.sub(r"(\[\d+\])+$", "", key)


def _path(at: str, values: Mapping[str, Any], shape: Any, *, strict: bool) -> tuple[str, ...]:
    """The keys that lead to what does not fit; msgspec writes `[...]` for a key that the author chose."""
    path: list[str] = []
    for part in at.replace("[...]", "[*]").split("."):
        key, chosen, _ = part.partition("[*]")
        path.append(key)
        shape = _value_type(shape, key)
        values = values[key] if isinstance(values, Mapping) and key in values else {}
        if chosen and isinstance(values, Mapping):
            shape = _value_type(shape, "")
            key = next(key for key, value in values.items() if not _fits(value, shape, strict=strict))
            path.append(key)
            values = values[key]
    return tuple(path)


def _fits(value: Any, shape: Any, *, strict: bool) -> bool:
    try:
        msgspec.convert(value, shape, strict=strict)
    except msgspec.ValidationError:
        return False
    return True


def _misfit(message: str, path: tuple[str, ...], shape: Any, text: str, place: Place) -> CoursewrightError:
    quoted = re.findall(r"`([^`]*)`", message)
    hint = ""
    if message.startswith("Object contains unknown field"):
        path = (*path, quoted[0])
        message, hint = f'unknown key "{quoted[0]}"', did_you_mean(quoted[0], _keys(shape, path[:-1]))
    elif message.startswith("Object missing required field"):
        message, hint = f'the key "{quoted[0]}" is missing', f"add a line: {quoted[0]} = …"
    elif message.startswith("Expected `") and path:
        message = f'"{path[-1]}" should be {", not ".join(_expected(message))}'
    line = line_of(text, path) if path else None
    part = f"[{'.'.join(path[:-1])}] {path[-1]}" if len(path) > 1 else "".join(path)
    return CoursewrightError(message, Place(place.file, (place.line or 1) + (line or 0), part), hint)


def _keys(shape: Any, path: tuple[str, ...]) -> list[str]:
    """The keys that `shape` takes at `path`, for the hint of a misspelt one."""
    for key in path:
        shape = _value_type(shape, key)
    structs = _structs(shape)
    return list(structs[0].__struct_encode_fields__) if structs else []


def _value_type(shape: Any, key: str) -> Any:
    """The type of what `shape` holds under `key`."""
    if structs := _structs(shape):
        return typing.get_type_hints(structs[0]).get(key)
    return typing.get_args(shape)[1] if typing.get_origin(shape) is dict else None


def _structs(shape: Any) -> list[type[msgspec.Struct]]:
    return [part for part in _inside(shape) if isinstance(part, type) and issubclass(part, msgspec.Struct)]


def _inside(annotation: Any) -> tuple[Any, ...]:
    """The members of a union, or the annotation itself."""
    return typing.get_args(annotation) if typing.get_origin(annotation) in _UNIONS else (annotation,)


def _expected(message: str) -> list[str]:
    """In words, what msgspec expected, and what there was where it says that."""
    bound = re.search(r" (>=?) ([0-9.]+)$", message)
    said = [_in_words(each) for each in re.findall(r"`([^`]*)`", message)]
    if bound:
        number = f"{float(bound[2]):g}"
        said[0] += f" above {number}" if bound[1] == ">" else f", {number} or more"
    return said


def _in_words(types: str) -> str:
    names = {
        "str": "text", "int": "a whole number", "float": "a number", "bool": "true or false", "array": "a list",
        "object": "a table of keys", "null": "nothing",
    }  # fmt: skip
    return " or ".join(names.get(name, name) for name in types.split(" | "))


def _bad_toml(message: str, file: str | Path, first_line: int, text: str) -> CoursewrightError:
    """tomllib says the place in words: "Expected '=' after a key (at line 3, column 5)"."""
    said = re.match(r"(.*) \(at (?:line (\d+), column \d+|end of document)\)", message)
    what, number = (said[1], said[2]) if said else (message, None)
    line = int(number or text.count("\n") + 1)
    return CoursewrightError(f"this is not TOML: {what[:1].lower()}{what[1:]}", Place(file, first_line + line - 1))
