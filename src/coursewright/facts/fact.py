"""The nouns: a fact, and the finder that finds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from coursewright import settings
from coursewright.errors import CoursewrightError, Place, Problem, several
from coursewright.tables import Parameter, Sql
from coursewright.tables.parameters import Declaration, Scalar, declare
from coursewright.tables.statements import known_dialect
from coursewright.words import Grammar
from coursewright.words.language import grammar_file, read_rules


class FinderQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same fact as a question: the sentence that asks, and the column that answers."""

    ask: str
    answer: str


class FinderSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The front matter of a finder.

    `tell` is the sentence, or several to choose from; `score` a column or a number; `known` the stage of the present
    moment up to which the finder may know (the first, when it does not say); `grammar` names a file of `grammars/`;
    `dialect` is what the SQL is written in, when that is not the course's.
    """

    title: str
    tell: str | list[str]
    score: str | int | float = 0
    known: str = ""
    grammar: str = ""
    dialect: str = ""
    parameters: dict[str, Scalar | Parameter] = {}
    question: FinderQuestion | None = None


@dataclass(frozen=True)
class Finder:
    """One file of `facts/`: what it finds (`sql`) and how that is told (`settings`)."""

    name: str
    file: Path
    settings: FinderSettings
    sql: Sql
    front_matter: str

    def place(self, key: str) -> Place:
        """The place of the front matter's `key`."""
        return Place(self.file, 2 + (settings.line_of(self.front_matter, (key,)) or 0), key)

    @property
    def has_choice(self) -> bool:
        """Whether there may be more than one way to tell a fact."""
        return isinstance(self.settings.tell, list) or bool(self.settings.grammar)

    @property
    def grammar_file(self) -> Path | None:
        """The grammar that the finder names, in the course's `grammars/`."""
        if not self.settings.grammar:
            return None
        try:
            return grammar_file(self.file.parent.parent / "grammars", self.settings.grammar)
        except CoursewrightError as error:
            problem = error.problem
            raise CoursewrightError(problem.message, self.place("grammar"), problem.hint) from None

    def grammar(self, language: str) -> Grammar:
        """The rules of the grammar that the finder names, with its sentence as their origin."""
        file = self.grammar_file
        rules = read_rules(file)[0] if file else {}
        return Grammar(
            {**rules, "origin": self.settings.tell}, place=self.place("tell"), language=language, strict=True
        )

    @property
    def parameters(self) -> dict[str, Declaration]:
        """The finder's own parameters by name."""
        own = self.settings.parameters
        place = partial(settings.place_in, self.file, 2, self.front_matter, "parameters")
        return {name: declare(name, said, partial(place, name)) for name, said in own.items()}


class Fact(msgspec.Struct, frozen=True):
    """A true sentence: the finder it is from, its score (higher is better told first), the row that it tells.

    The score has the nine digits on which all databases agree; `moment` holds the parameters with which it was found.
    """

    finder: str
    sentence: str
    score: float
    row: Mapping[str, Any]
    moment: Mapping[str, Any]


class FactCandidate(NamedTuple):
    """A fact before it is told: the number of its moment, and the ways in which it can be told, the first preferred."""

    number: int
    score: float
    finder: str
    row: Mapping[str, Any]
    ways: tuple[str, ...]


def read_finder(file: Path) -> Finder:
    """The finder in `file`. Raises CoursewrightError for front matter that is missing or wrong."""
    finder, problems = read_finder_in_part(file)
    if problems or finder is None:
        raise several(problems)
    return finder


def read_finder_in_part(file: Path) -> tuple[Finder | None, tuple[Problem, ...]]:
    """The finder in `file` as far as its front matter fits, None if nothing does without the rest, and what does not.

    Raises CoursewrightError for front matter that is missing or cannot be read.
    """
    return _read(settings.read_text(file), file)


@lru_cache(maxsize=256)  # each page of facts asks for all finders
def _read(text: str, file: Path) -> tuple[Finder | None, tuple[Problem, ...]]:
    front = settings.split_front_matter(text, file, opening="/*---", closing="---*/")
    if front is None:
        hint = 'begin the file with /*--- on a line of its own, then title = "…" and tell = "…", then ---*/'
        raise CoursewrightError("this finder has no front matter", Place(file, 1), hint)
    own, problems = settings.read_toml_in_part(front.text, FinderSettings, file, front.first_line)
    if own is None:
        return None, tuple(problems)
    dialect = known_dialect(own.dialect, Place(file, front.first_line, "dialect")) if own.dialect else ""
    return Finder(file.stem, file, own, Sql(front.body, file, front.body_line, dialect).one, front.text), tuple(
        problems
    )
