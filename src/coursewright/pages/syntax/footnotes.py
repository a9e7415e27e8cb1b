"""Footnotes for readers that know none, such as Jupyter: a raised number, and notes that begin with theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from coursewright.pages.syntax.parser import markdown

_REFERENCE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)|\\.|\[\^([^\]\s]+)\]")  # code first: it stays as it is
_DEFINITION = re.compile(r" {0,3}\[\^([^\]\s]+)\]:[ \t]*")
_AS_WRITTEN = ("fence", "code_block", "html_block")


def numbers(found: Mapping[str, Any]) -> dict[str, int]:
    """The number of each footnote of a page by its label; `found` is what its parser found."""
    notes = found.get("footnotes", {}).get("list", {})
    return {str(note["label"]): number + 1 for number, note in notes.items() if "label" in note}


def without_footnotes(text: str, numbered: Mapping[str, int]) -> str:
    """The Markdown `text` with the numbers of footnotes in the places of their labels; notes stay where they stand."""
    if not numbered or "[^" not in text:
        return text
    written = [range(*token.map) for token in markdown().parse(text) if token.type in _AS_WRITTEN and token.map]
    as_written = {line for lines in written for line in lines}
    return "\n".join(_lines(text.split("\n"), as_written, numbered))


def _lines(lines: list[str], as_written: set[int], numbered: Mapping[str, int]) -> Iterator[str]:
    in_note = False
    before = ""
    for number, line in enumerate(lines):
        begins = None if number in as_written and not in_note else _DEFINITION.match(line)
        in_note = bool(begins and begins[1] in numbered) or (in_note and (not line.strip() or line.startswith("    ")))
        if begins and begins[1] in numbered:
            if before.strip():
                yield ""  # or it would go on with the paragraph above
            yield f"{_raised(numbered[begins[1]])} {_referred(line[begins.end() :], numbered)}".rstrip()
        elif in_note:
            yield _referred(line.removeprefix("    "), numbered)
        else:
            yield line if number in as_written else _referred(line, numbered)
        before = line


def _referred(line: str, numbered: Mapping[str, int]) -> str:
    def raised(found: re.Match[str]) -> str:
        return _raised(numbered[found[2]]) if found[2] in numbered else found[0]

    return _REFERENCE.sub(raised, line)


def _raised(number: int) -> str:
    return f"<sup>{number}</sup>"
