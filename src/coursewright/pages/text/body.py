"""What is in the body of a page: directives and passages, found by its tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError, Place, Problem, did_you_mean
from coursewright.pages.syntax.foreign import between_colons
from coursewright.pages.syntax.parser import read
from coursewright.pages.text.including import Origin
from coursewright.tables import Sql
from coursewright.tables.statements import known_dialect

if TYPE_CHECKING:
    from markdown_it.token import Token

_OPTION = re.compile(r":([A-Za-z][\w-]*):(?:\s+(.*))?$")
_DIRECTIVE = re.compile(r"\{([\w-]+)\}\s*(.*)$")
_LABEL = re.compile(r"[^\W\d_][\w-]*")


@dataclass(frozen=True)
class Directive:
    """A fenced block to be carried out: ```` ```{name} argument ````, `:option: value` lines, then content.

    `lines` are the block's first line and the line after its last, counted from 0 in the page's body; `line` is its
    first line in the file, and `content_line` the first line of its content there, both counted from 1, as are the
    lines of its options. `label` is what links call it by, which every directive can have as `:name:`.
    """

    name: str
    argument: str
    options: Mapping[str, str]
    content: str
    lines: tuple[int, int]
    file: Path
    line: int
    content_line: int
    label: str = ""
    option_lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, part: str = "") -> Place:
        """The place of the directive, or of a part of it."""
        return Place(self.file, self.line, part or f"{{{self.name}}}")

    def place_of(self, option: str) -> Place:
        """The place of one of its options."""
        return Place(self.file, self.option_lines.get(option, self.line), f"{{{self.name}}} :{option}:")


@dataclass(frozen=True)
class Passage:
    """The lines from `:::{when} SELECT …` to `:::`, which are told only if the SELECT has rows.

    `lines` are the first line and the line after the last, counted from 0 in the page's body. The first `head` of them
    hold the condition, and the last is the closing fence.
    """

    sql: Sql
    lines: tuple[int, int]
    head: int

    @property
    def marks(self) -> set[int]:
        """The lines that are never told: the condition and the closing fence."""
        return {*range(self.lines[0], self.lines[0] + self.head), self.lines[1] - 1}


@dataclass(frozen=True)
class BodyParts:
    """The directives and passages of a body, in order, and what is wrong in it.

    `verbatim` are its lines of code, counted from 0, in which no parameter is filled in.
    """

    directives: tuple[Directive, ...]
    passages: tuple[Passage, ...]
    verbatim: frozenset[int]
    problems: tuple[Problem, ...]


@lru_cache(maxsize=2048)  # while a course is served, its pages are read after each save
def find_parts(body: str, file: Path, body_line: int, origins: tuple[Origin, ...]) -> BodyParts:
    """The parts of the `body` of `file`, whose lines come from there, from `body_line` on, or from their `origins`."""
    directives: list[Directive] = []
    passages: list[Passage] = []
    verbatim: set[int] = set()
    tokens, findings = read(body)
    at = partial(line_at, file=file, first=body_line, origins=origins)
    problems = [finding.problem(at(finding.line)) for finding in findings]
    for token in tokens:
        try:
            if token.type == "container_passage_open":
                passages.append(_passage(token, body, at))
            if token.type in ("fence", "code_block"):
                verbatim.update(range(*(token.map or (0, 0))))
            if token.type == "fence" and (found := _DIRECTIVE.match(token.info.strip())):
                directives.append(_fenced(found, token, body, at))
        except CoursewrightError as error:
            problems += error.problems
    return BodyParts(tuple(directives), tuple(passages), frozenset(verbatim), tuple(problems))


def line_at(line: int, file: Path, first: int, origins: Sequence[Origin]) -> Place:
    """Where a line of a body, counted from 0, comes from."""
    return Place(*origins[line]) if origins else Place(file, first + line)


At = Callable[[int], Place]


def _directive(found: re.Match[str], content: str, lines: tuple[int, int], at: At) -> Directive:
    begin = at(lines[0])
    file, line = Path(begin.file), begin.line or 0
    rows = content.rstrip().split("\n")
    options: dict[str, str] = {}
    option_lines: dict[str, int] = {}
    above = 0  # lines before the content: options, then perhaps blank ones
    while above < len(rows) and (option := _OPTION.match(rows[above].strip())):
        if option[1] in options:
            place = Place(file, line + 1 + above, f"{{{found[1]}}} :{option[1]}:")
            raise CoursewrightError(f'the option "{option[1]}" is there twice', place, "remove one of them")
        options[option[1]] = (option[2] or "").strip()
        option_lines[option[1]] = line + 1 + above
        above += 1
    while above < len(rows) and not rows[above].strip():
        above += 1
    content = "\n".join(rows[above:])
    label = options.pop("name", "") if found[1] != "when" else ""
    made = Directive(
        found[1], found[2].strip(), options, content, lines, file, line, line + 1 + above, label, option_lines
    )
    if label and not _LABEL.fullmatch(label):
        hint = "begin with a letter, then write letters, digits, - and _, such as teams-by-year"
        raise CoursewrightError(f'"{label}" is no name for links', made.place(f"{{{found[1]}}} :name:"), hint)
    return made


def standing_alone(name: str, argument: str, content: str, file: Path) -> Directive:
    """A directive that no page holds: `content`, options first, stands from the second line of `file` on.

    Raises CoursewrightError for an option that is there twice.
    """
    found = _DIRECTIVE.match(f"{{{name}}} {' '.join(argument.split())}")
    assert found is not None  # noqa: S101 - it is written as one
    return _directive(found, content, (0, 1), lambda _: Place(file, 1))


def _fenced(found: re.Match[str], token: Token, body: str, at: At) -> Directive:
    """The directive that a fence is, whose words are `found`."""
    first, last = token.map or (0, 0)
    _check_closed(token, body, replace(at(first), part=f"{{{found[1]}}}"))
    return _directive(found, token.content, (first, last), at)


def _passage(token: Token, body: str, at: At) -> Passage:
    """A passage, whose condition goes on to the first empty line."""
    first, last = token.map or (0, 0)
    lines = body.split("\n")
    found = _DIRECTIVE.match(token.info.strip())
    place = replace(at(first), part=token.info.split("}")[0].strip() + "}")
    if found is None or found[1] != "when":
        raise CoursewrightError(f'no passage called "{place.part}"', place, between_colons(token.info))
    if last >= len(lines) or not re.fullmatch(r"[>\s]*:{3,}\s*", lines[last]):
        raise CoursewrightError(
            "this passage is not closed", place, f"write {token.markup} on a line of its own below it"
        )
    margin = lines[first].split(":")[0]  # the list or quotation that the passage stands in
    inside = [line.removeprefix(margin).rstrip() for line in lines[first + 1 : last]]
    head = next((number for number, line in enumerate(inside) if not line.strip(" \t>")), len(inside))
    condition = _directive(found, "\n".join(inside[:head]), (first, last + 1), at)
    for name in condition.options:
        if name != "dialect":
            raise CoursewrightError(f'no option called "{name}"', condition.place(), did_you_mean(name, ("dialect",)))
    gap = "\n" * (condition.content_line - condition.line if condition.content else 0)
    text = f"{condition.argument}{gap}{condition.content}"
    if not text.strip():
        raise CoursewrightError("told when?", place, "write a SELECT after {when}: the passage is told if it has rows")
    if head == len(inside):
        hint = "leave an empty line between the SELECT and what is told"
        raise CoursewrightError("there is nothing to tell in this passage", place, hint)
    dialect = condition.options.get("dialect", "")
    return Passage(
        Sql(text, condition.file, condition.line, known_dialect(dialect, condition.place()) if dialect else ""),
        condition.lines,
        1 + head,
    )


def _check_closed(token: Token, body: str, place: Place) -> None:
    last = body.split("\n")[token.map[1] - 1] if token.map else ""
    alone = token.map is not None and token.map[0] == token.map[1] - 1
    if alone or not last.rstrip().endswith(token.markup):
        hint = f"write {token.markup} on a line of its own below it"
        raise CoursewrightError("this directive is not closed", place, hint)
