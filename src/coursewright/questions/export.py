"""Exporters: what each gives, and what all of them have in common.

An exporter is a module of `coursewright.exporters` with

    TITLE = "Moodle XML"                              # what people call the format
    LIMITS = {"code": Limit("Moodle has no …", refused=True)}   # what it cannot express, by feature, and why
    NOT_READ = {"comma": "…"}                         # optional: ways to type a number that its platform reads wrongly
    def item(variant: Variant) -> Item                # one variant, on its own: called in several processes
    def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None   # its files, in bounded memory

An item raises CoursewrightError for what the platform would take wrongly.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

import msgspec

from coursewright.names import FileName
from coursewright.questions.variant import Variant


class Limit(msgspec.Struct, frozen=True):
    """Something that a format cannot express: the reason, and whether such a variant is refused or goes without it."""

    reason: str
    refused: bool = False


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


class Exporter(Protocol):
    """What a module of `coursewright.exporters` offers."""

    TITLE: str
    LIMITS: dict[str, Limit]

    def item(self, variant: Variant) -> Item:
        """The variant in the exporter's format."""

    def write(self, items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
        """The files of the format, in `folder`."""
