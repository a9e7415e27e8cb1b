"""Exporters: what each gives, and what all of them have in common.

An exporter is a module of `coursewright.exporters` with

    TITLE = "Moodle XML"                              # what people call the format
    LIMITS = {"code": Limit("Moodle has no …", refused=True)}   # what it cannot express, by feature, and why
    NOT_READ = {"comma": "…"}                         # optional: ways to type a number that its platform reads wrongly
    def item(variant: Variant) -> Item                # one variant, on its own: called in several processes
    def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None   # its files, in bounded memory
    SPLITS = True                                     # optional: several files do as well as one, each of a `QuizFile`

An item raises CoursewrightError for what the platform would take wrongly. With `FormatLimits`, an exporter says which
kinds it has, and there is a limit for every other.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from coursewright.names import FileName
from coursewright.questions.kinds import KINDS
from coursewright.questions.variant import Variant
from coursewright.questions.writing.features import GAP, all_features


class Limit(msgspec.Struct, frozen=True):
    """Something that a format cannot express: the reason, and whether such a variant is refused or goes without it."""

    reason: str
    refused: bool = False


class FormatLimits(Mapping[str, Limit]):
    """What a format cannot express: the limits that are `said` of features, and those of kinds that it does not have.

    `kinds` and `gaps` are the names of the kinds that it has, as questions and as gaps in a text: a table of what
    writes each, for instance. Any other kind, whenever it came, has the limit `no_kind` or `no_gap`.
    """

    def __init__(
        self, said: Mapping[str, Limit], *, kinds: Container[str], no_kind: Limit, gaps: Container[str], no_gap: Limit
    ) -> None:
        self._found: dict[str, Limit | None] = dict(said)
        self._lacking = (("", kinds, no_kind), (GAP, gaps, no_gap))

    def _limit(self, feature: str) -> Limit | None:
        if feature not in self._found:  # every variant of a question has the same ones
            self._found[feature] = next(self._of_kinds(feature), None)
        return self._found[feature]

    def _of_kinds(self, feature: str) -> Iterator[Limit]:
        for prefix, known, limit in self._lacking:
            kind = feature.removeprefix(prefix)
            if feature == prefix + kind and kind in KINDS and kind not in known:
                yield limit

    def __getitem__(self, feature: str) -> Limit:
        if limit := self._limit(feature):
            return limit
        raise KeyError(feature)

    def __contains__(self, feature: object) -> bool:
        return self._limit(str(feature)) is not None

    def __iter__(self) -> Iterator[str]:
        return (feature for feature in all_features() if feature in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class File(msgspec.Struct, frozen=True):
    """A file that belongs to an item, by its path in the package."""

    path: str
    data: bytes


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What an exporter made of one variant. `notes` say what it mended."""

    ident: str
    question: str
    title: str
    category: str = ""
    body: str
    files: tuple[File, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def path_in_bank(self) -> str:
        """What tells the question from others in a bank that people look at: its category and its title."""
        return f"{self.category}\n{self.title.strip() or self.question}"

    @classmethod
    def of(cls, variant: Variant, body: str, *, files: tuple[File, ...] = (), notes: tuple[str, ...] = ()) -> Item:
        """The item of a variant, under the variant's names."""
        names = {name: getattr(variant, name) for name in ("ident", "question", "title", "category")}
        return cls(**names, body=body, files=files, notes=notes)


class Quiz(msgspec.Struct, frozen=True, kw_only=True):
    """What the exported variants are together: `name` for files and identifiers, `title` for people."""

    name: FileName
    title: str
    language: str = "en-GB"
    authors: tuple[str, ...] = ()
    licence: str = ""

    @property
    def title_of_file(self) -> str:
        """What people call the file."""
        return self.title

    def categories(self) -> dict[str, str]:
        """Which question has which `path_in_bank`, where that is known before they are written."""
        return {}


class QuizFile(Quiz, frozen=True, kw_only=True):
    """One of several files of a quiz, the `number`th from 1; `taken` are the `categories` of all of them."""

    number: int
    taken: dict[str, str]

    @property
    def title_of_file(self) -> str:
        """The title with the number, for platforms on which each file becomes a quiz of its own."""
        return f"{self.title} ({self.number})"

    def categories(self) -> dict[str, str]:
        """As above."""
        return dict(self.taken)


class Exporter(Protocol):
    """What a module of `coursewright.exporters` offers."""

    TITLE: str
    LIMITS: Mapping[str, Limit]

    def item(self, variant: Variant) -> Item:
        """The variant in the exporter's format."""

    def write(self, items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
        """The files of the format, in `folder`."""
