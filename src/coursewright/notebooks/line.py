"""The line of a magic: what stands behind its name, and its options."""

from __future__ import annotations

import re
from collections.abc import Mapping

from coursewright.errors import CoursewrightError, Place, did_you_mean

_OPTION = re.compile(r"(?:^|(?<=\s))--([A-Za-z][\w-]*)(?:=|\s+|$)")
_QUOTED = re.compile(r"\"((?:\\.|[^\"\\])*)\"(?=\s|$)|'((?:\\.|[^'\\])*)'(?=\s|$)")
_WORD = re.compile(r"\S+")


def read_line(line: str, takes: Mapping[str, type], place: Place) -> tuple[str, dict[str, str]]:
    """What is no option in `line`, and the values of its options: `--name value` or `--name=value`.

    A value of several words stands in quotes; an option that is a truth value needs none. Raises CoursewrightError for
    an option that `takes` has not, for one that is there twice, and for one without its value.
    """
    rest, options, at = "", dict[str, str](), 0
    while found := _OPTION.search(line, at):
        rest += line[at : found.start()]
        name = found[1].replace("-", "_")
        where = Place(place.file, place.line, f"--{found[1]}")
        if name not in takes:
            raise CoursewrightError(f'no option called "{found[1]}"', where, did_you_mean(name, takes))
        if name in options:
            raise CoursewrightError(f'the option "{name}" is there twice', where, "remove one of them")
        options[name], at = _value(line, found.end(), where, truth=takes[name] is bool)
    return (rest + line[at:]).strip(), options


def _value(line: str, at: int, where: Place, *, truth: bool) -> tuple[str, int]:
    """The value that stands at a place of the line, and where it ends."""
    found = _QUOTED.match(line, at)
    if found:
        text = found[1] if found[1] is not None else found[2]
        return re.sub(r"\\(.)", r"\1", text), found.end()
    word = _WORD.match(line, at)
    if truth and (not word or word[0] not in ("true", "false", "yes", "no")):
        return "true", at
    if not word or _OPTION.match(line, at):
        raise CoursewrightError("this option has no value", where, 'write --alt "What it shows"')
    return word[0], word.end()
