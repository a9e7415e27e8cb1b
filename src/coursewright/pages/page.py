"""The nouns: a page, and a directive in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright import settings
from coursewright.errors import CoursewrightError, Place, SeveralProblems, did_you_mean
from coursewright.pages.including import Including, Origin
from coursewright.pages.syntax import between_colons, read
from coursewright.tables import Sql
from coursewright.tables.dialects import known_dialect

if TYPE_CHECKING:
    from markdown_it.token import Token

_OPTION = re.compile(r":([A-Za-z][\w-]*):(?:\s+(.*))?$")
_DIRECTIVE = re.compile(r"\{([\w-]+)\}\s*(.*)$")
_LABEL = re.compile(r"[^\W\d_][\w-]*")


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The front matter of a page.

    `name` is the page's name in addresses, by default that of its file. With `for_each`, a SELECT, there is one page
    for each row, the row's columns being parameters; `name` is then a pattern, such as "{{ season }}-{{ round }}".
    Pages with an `order` stand before those without, in its order. `authors` and `licence` are the page's own, where
    they are not those of the course. What has a caption has a number too if the page is
    `numbered`, as `[site]` says for all; `chapter` stands in front of its numbers: "2.1". `bibliography` names files of
    the course whose sources the page cites, besides those of all pages. Of a `glossary`, links find the terms. `date`
    and `updated` say when it was published and changed last; feeds have it with its `tags`, unless `feed` is no.
    """

    title: str = ""
    description: str = ""
    for_each: str = ""
    name: str = ""
    order: float | None = None
    authors: tuple[str, ...] = ()
    licence: str = ""
    numbered: bool | None = None
    chapter: str = ""
    bibliography: str | tuple[str, ...] = ()
    glossary: bool = False
    date: str = ""
    updated: str = ""
    tags: tuple[str, ...] = ()
    feed: bool = True

    @property
    def key_names(self) -> tuple[str, ...]:
        """The parameters in `name`, which tell the pages of a `for_each` apart."""
        return tuple(re.findall(r"\{\{\s*([^{}]*?)\s*\}\}", self.name))


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
class Page:
    """One Markdown file of `pages/`: its settings, its body, and the directives and passages in it.

    `verbatim` and `left_out` are lines of the body, counted from 0: code, in which no parameter is filled in, and what
    is not told. `origins` says where each line of the body comes from, if it includes any.
    """

    name: str
    file: Path
    settings: Settings
    body: str
    body_line: int
    directives: tuple[Directive, ...]
    verbatim: frozenset[int]
    front_matter: str = ""
    passages: tuple[Passage, ...] = ()
    left_out: frozenset[int] = frozenset()
    origins: tuple[Origin, ...] = ()

    def without(self, lines: Collection[int]) -> Page:
        """The page as it is told without `lines`, and without the directives that begin there."""
        told = tuple(directive for directive in self.directives if directive.lines[0] not in lines)
        return replace(self, directives=told, left_out=frozenset(lines))

    def at(self, line: int) -> Place:
        """Where a line of the body, counted from 0, comes from."""
        return _at(line, self.file, self.body_line, self.origins)

    def place(self, key: str) -> Place:
        """The place of the front matter's `key`."""
        return Place(self.file, 2 + (settings.line_of(self.front_matter, (key,)) or 0), key)

    @property
    def for_each(self) -> Sql:
        """The SELECT of `for_each`; after `for_each: |` it begins on the next line."""
        line = settings.line_of(self.front_matter, ("for_each",)) or 0
        below = self.front_matter.split("\n")[line].rstrip().endswith(("|", "|-", ">", ">-"))
        return Sql(self.settings.for_each, self.file, 2 + line + below)


def _at(line: int, file: Path, first: int, origins: Sequence[Origin]) -> Place:
    return Place(*origins[line]) if origins else Place(file, first + line)


def read_page(file: Path, root: Path | None = None) -> Page:
    """The page in `file`, in a course at `root`, by default its folder.

    Raises CoursewrightError for front matter that is wrong, and for all that is in its body.
    """
    text = settings.read_text(file)
    front = settings.split_front_matter(text, file)
    own = _settings(front, file)
    body, body_line = (front.body, front.body_line) if front else (text, 1)
    including = Including(root or file.parent)
    body, origins = including.body(body, file, body_line)
    directives: list[Directive] = []
    passages: list[Passage] = []
    verbatim: set[int] = set()
    tokens, findings = read(body)
    at = partial(_at, file=file, first=body_line, origins=origins)
    problems = [*including.problems, *(finding.problem(at(finding.line)) for finding in findings)]
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
    if problems:
        raise SeveralProblems(sorted(problems, key=lambda problem: (problem.where and problem.where.line) or 0))
    found_in = tuple(directives), frozenset(verbatim), front.text if front else "", tuple(passages)
    return Page(file.stem, file, own, body, body_line, *found_in, origins=origins)


def read_settings(file: Path) -> Settings:
    """The front matter of the page in `file`. Raises CoursewrightError for one that is wrong."""
    return _settings(settings.split_front_matter(settings.read_text(file), file), file)


@lru_cache(maxsize=256)  # each cell that leads to a page asks for the name of that
def _settings(front: settings.FrontMatter | None, file: Path) -> Settings:
    own: Settings = settings.read_yaml(front.text, Settings, file, front.first_line) if front else Settings()
    return own


def read_options(directive: Directive, shape: type[Any]) -> Any:
    """The directive's options as a `shape` (a frozen Struct); CoursewrightError for one that it does not take."""
    fields = shape.__struct_fields__
    for name in directive.options:
        if name not in fields:
            place = directive.place(f"{{{directive.name}}} :{name}:")
            raise CoursewrightError(f'no option called "{name}"', place, did_you_mean(name, fields))
    return settings.fit(directive.options, shape, directive.place())


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
