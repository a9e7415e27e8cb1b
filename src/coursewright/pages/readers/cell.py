"""One cell of a notebook as Markdown, each line with where it stands in the author's file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from coursewright.errors import CoursewrightError, Place
from coursewright.pages.engines.asked import tags_of_knitr

At = int | str
"""Where a line stands: the number of a line in a file, or in words, such as "cell 3, line 1"."""

Line = tuple[str, At]

_MAGIC = re.compile(r"%%(\w+)\s*(.*)$")
_ALT = ("alt", "fig.alt", "fig-alt")
_CAPTION = ("caption", "fig.cap", "fig-cap")


def markdown_cell(source: str, at: Callable[[int], At], place: Callable[[int], Place]) -> Iterator[Line]:
    """The lines of a cell of Markdown, counted from 1 by `at`. Raises CoursewrightError for a picture inside it."""
    for number, line in enumerate(source.split("\n"), start=1):
        if "](attachment:" in line:
            hint = "save the picture beside the notebook, and write its name: ![what it shows](picture.png)"
            raise CoursewrightError("a picture is attached to this cell", place(number), hint)
        yield line, at(number)
    yield "", at(source.count("\n") + 1)


def code_cell(
    source: str, metadata: Mapping[str, Any], language: str, at: Callable[[int], At], kernel: str = ""
) -> Iterator[Line]:
    """The lines of a cell of code, in `language`, for `kernel`, unless a magic on its first line names another."""
    lines, first = source.split("\n"), 1
    own = {"kernel": kernel}
    magic = _MAGIC.match(lines[0])
    if magic and (magic[1] == "R" or (language != "python" and magic[1] in ("python", "r"))):
        language, lines, first = magic[1].lower(), lines[1:], 2
        own = {"in": _given("i", magic[2]), "out": _given("o", magic[2])}
    marks = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", source)), 0)
    yield f"{marks}{{code-cell}} {language}", at(1)
    for name, value in {**_options(metadata), **own}.items():
        if value:
            yield f":{name}: {value}", at(1)
    if lines and re.match(r"\s*:[A-Za-z]", lines[0]):
        yield "", at(1)
    for number, line in enumerate(lines, start=first):
        yield line, at(number)
    last = max(1, len(lines) + first - 1)
    yield marks, at(last)
    yield "", at(last)


def _given(letter: str, words: str) -> str:
    return " ".join(re.findall(rf"-{letter}[ =]?([\w.,]+)", words)).replace(",", " ")


def _options(metadata: Mapping[str, Any]) -> dict[str, str]:
    """What the metadata of a cell says of it, in the words of Jupyter, of Jupytext and of knitr."""
    given = metadata.get("tags", [])
    tags = [str(tag) for tag in given] if isinstance(given, list) else [str(given)]
    inside = metadata.get("jupyter")
    hidden = inside if isinstance(inside, Mapping) else {}
    said = {"hide-input": hidden.get("source_hidden"), "hide-output": hidden.get("outputs_hidden")}
    tags += [*(tag for tag, so in said.items() if so), *tags_of_knitr(metadata.items())]
    found = {"tags": f"[{', '.join(dict.fromkeys(tags))}]" if tags else ""}
    for option, names in (("alt", _ALT), ("caption", _CAPTION), ("in", ("in",)), ("out", ("out",))):
        text = next((metadata[name] for name in names if metadata.get(name)), "")
        found[option] = " ".join(str(text).split())
    return found
