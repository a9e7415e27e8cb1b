"""Reads the rules of a grammar from JSON or YAML, and finds the line of a rule again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursewright import as_written
from coursewright.as_written import Bare
from coursewright.errors import CoursewrightError, Place, did_you_mean

_BEGINS = re.compile(r"""\{|[\w-]+:(?=\s|$)|"[^"\n]*":|'[^'\n]*':""")
_WEIGHT = re.compile(r"-?(0|[1-9]\d*)?(\.\d+)?([eE][-+]?\d+)?(?<=\d)|-?(NaN|Infinity)")


def grammar_file(folder: Path, name: str) -> Path:
    """The file of `folder` that holds the grammar `name`. Raises CoursewrightError with the name that was meant."""
    files = {file.stem: file for file in sorted(folder.glob("*")) if file.suffix.lower() in _READERS}
    if name not in files:
        raise CoursewrightError(f'no grammar called "{name}"', None, did_you_mean(name, files))
    return files[name]


def read_rules(path: Path) -> tuple[dict[str, Any], str]:
    """The rules in a file, and its text. Raises CoursewrightError with the line of what cannot be read."""
    try:
        source = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise CoursewrightError("the grammar is not UTF-8 text", Place(path), "save the file as UTF-8") from error
    except OSError as error:
        siblings = [other.name for other in path.parent.glob("*.*")] if path.parent.is_dir() else []
        hint = did_you_mean(path.name, [name for name in siblings if name.endswith((".json", ".yaml", ".yml"))])
        raise CoursewrightError(f"the grammar cannot be read: {error.strerror}", Place(path), hint) from error
    read = _READERS.get(path.suffix.lower())
    if read is None:
        raise CoursewrightError(f'a grammar is not a "{path.suffix}" file', Place(path), "name it .json, .yaml or .yml")
    rules = read(source, path)
    if not isinstance(rules, dict):
        raise CoursewrightError(
            "a grammar maps names to rules", Place(path, 1), 'it looks like this: {"origin": ["#greeting#, world"]}'
        )
    return {name: _rule(rule) for name, rule in rules.items()}, source


def rules_in(source: str, path: Path) -> dict[str, Any]:
    """The rules that stand in the middle of the file `path`: YAML or JSON that begins with a name, or one text.

    A text is the rule "origin". Raises CoursewrightError with the line of what cannot be read.
    """
    text = source.strip()
    if not _BEGINS.match(text):
        return {"origin": text}
    return {name: _rule(rule) for name, rule in _yaml(source, path).items()}


def _rule(written: Any, *, weighs: bool = False) -> Any:
    """A rule as it was written: a number without quotes is its text, or the weight of a text in a map of them."""
    if isinstance(written, dict):
        return {name: _rule(value, weighs=True) for name, value in written.items()}
    if isinstance(written, list):
        return [_rule(item) for item in written]
    if isinstance(written, Bare):
        return float(written) if weighs and _WEIGHT.fullmatch(written) else str(written)
    return written


def _json(source: str, path: Path) -> Any:
    def no_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise CoursewrightError(
                f'"{twice}" is there twice', Place(path, line_of(source, twice, last=True)), "rename or remove one"
            )
        return found

    try:
        return json.loads(source, object_pairs_hook=no_twins, parse_int=Bare, parse_float=Bare, parse_constant=Bare)
    except json.JSONDecodeError as error:
        hint = "JSON wants double quotes, a comma between entries and none after the last"
        raise CoursewrightError(f"the JSON cannot be read: {error.msg}", Place(path, error.lineno), hint) from error
    except RecursionError:
        raise CoursewrightError("the JSON is nested too deeply", Place(path), "a grammar is one flat map") from None


@lru_cache(maxsize=64)  # hundreds of pages may tell by one grammar; `read_rules` copies what is found
def _yaml(source: str, path: Path) -> Any:
    try:
        return as_written.read(source, bare=True)
    except as_written.NotRead as error:
        said = f"the YAML cannot be read: {error}" if isinstance(error, as_written.NotYaml) else str(error)
        place = Place(path, None if error.line is None else error.line + 1)
        raise CoursewrightError(said, place, error.hint) from None


_READERS: dict[str, Callable[[str, Path], Any]] = {".json": _json, ".yaml": _yaml, ".yml": _yaml}


def line_of(source: str, rule: str, text: str = "", *, last: bool = False) -> int | None:
    """The line, counted from 1, on which a rule starts, or one of its texts if that can be found."""
    names = [json.dumps(rule), json.dumps(rule, ensure_ascii=False), f"'{rule}'", rule]
    keys = "|".join(re.escape(name) for name in dict.fromkeys(names))
    found = list(re.finditer(rf"(?:^|[{{,])\s*(?:{keys})\s*:", source, re.MULTILINE))
    if not found:
        return None
    at = found[-1 if last else 0].end()
    for form in (json.dumps(text), json.dumps(text, ensure_ascii=False), text) if text else ():
        if (within := source.find(form, at)) >= 0:
            at = within
            break
    return source.count("\n", 0, at) + 1
