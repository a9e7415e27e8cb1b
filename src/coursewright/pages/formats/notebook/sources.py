"""The code of cells: a directive as its magic, and the code of a page with what is said of it in comments."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import msgspec

from coursewright import plugins
from coursewright.pages.blocks.block import Block, Grid
from coursewright.pages.text.body import Directive

_SHOWN = 20  # rows of a table that its magic shows, where nobody says how many
_LINE = re.compile(r"([\w./-]+( [\w./-]+)*)?")
_SAID = ("in", "out", "alt", "caption")


def magic(directive: Directive, block: Block, number: str) -> str:
    """The magic that does what a directive does, whose block has this `number`, if it has one."""
    options = _options(directive, block, number)
    if not options and not directive.content and _LINE.fullmatch(directive.argument):
        return f"%{directive.name} {directive.argument}".rstrip()
    return "\n".join(_written(f"%%{directive.name} {directive.argument}".rstrip(), options, directive.content))


def call_of_r(directive: Directive, block: Block, number: str) -> str:
    """The call of our package for R that does the same."""
    if directive.name == "form":
        names = ", ".join(_raw(name) for name in directive.argument.replace(",", " ").split())
        return f"coursewright::form({f'names = c({names})' if names else ''})"
    inside = "\n".join(_written("", _options(directive, block, number), directive.content))
    given = [f'"{directive.name}"', *([_raw(directive.argument)] if directive.argument else [])]
    content = [f"content = {_raw(inside + chr(10))}"] if inside else []
    return f"coursewright::directive({', '.join([*given, *content])})"


def _options(directive: Directive, block: Block, number: str) -> dict[str, str]:
    """The options of a directive, with what a page says besides."""
    options = dict(directive.options)
    if number and "caption" in _takes(directive.name):
        caption = options.get("caption") or getattr(block, "caption", "")
        options["caption"] = f"{number}: {caption}" if caption else number
    if isinstance(block, Grid) and "limit" not in options and not block.cut and len(block.rows) > _SHOWN:
        options["limit"] = str(len(block.rows))
    return options


def _raw(text: str) -> str:
    """A text of R in which nothing means anything else."""
    if re.fullmatch(r"[\w ./-]*", text):
        return f'"{text}"'
    dashes = "-"
    while f'){dashes}"' in text:
        dashes += "-"
    return f'r"{dashes}({text}){dashes}"'


def _takes(name: str) -> frozenset[str]:
    return frozenset(each.name for each in msgspec.structs.fields(plugins.load("directives", name).Options))


def _written(head: str, options: dict[str, str], content: str) -> Iterator[str]:
    yield head
    yield from (f":{name}: {value}".rstrip() for name, value in options.items())
    if content:
        if options or re.match(r"\s*:[A-Za-z]", content):
            yield ""
        yield content


def code(directive: Directive) -> str:
    """The author's code; what the options say of it stands in comments at the top."""
    said = [f"#| {name}: {value}" for name, value in directive.options.items() if name in _SAID and value]
    lines = directive.content.split("\n")
    head = 1 if lines[0].startswith("%%") else 0  # a magic has to stand on the first line
    return "\n".join([*lines[:head], *said, *lines[head:]])


def other_language(directive: Directive) -> str:
    """The cell that has the kernel of another language carry out the code of a page."""
    options = {name: value for name, value in directive.options.items() if name in _SAID and value}
    return "\n".join(_written(f"%%code-cell {directive.argument}", options, directive.content))


BY_KERNEL: Mapping[str, Callable[[Directive, Block, str], str]] = {"python": magic, "r": call_of_r}
"""What a directive becomes, by the language of the notebook's kernel."""
