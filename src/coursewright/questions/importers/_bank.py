"""The noun: a bank of questions that some other program wrote; and how it is read into question files."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from coursewright import plugins
from coursewright.errors import CoursewrightError, Place, Problem
from coursewright.names import FileName
from coursewright.questions.export import File
from coursewright.questions.importers._decoding import decode


@dataclass(frozen=True, slots=True)
class Draft:
    """One question as the text of a question file: `name` is what the file is to be called, without `.md`.

    `files` are pictures and sounds that belong beside it.
    """

    name: FileName
    text: str
    files: tuple[File, ...] = ()


@dataclass(frozen=True, slots=True)
class Bank:
    """The questions of a bank, and what of it could not be taken over, or came otherwise than it was."""

    questions: tuple[Draft, ...]
    problems: tuple[Problem, ...] = ()


class Importer(Protocol):
    """What a module of `coursewright.importers` offers."""

    TITLE: str

    def recognises(self, text: str) -> bool:
        """Whether a file's text looks like this format."""

    def read(self, text: str, file: Path) -> Bank:
        """The questions in the text of `file`. Raises CoursewrightError where the file as a whole cannot be read."""


def read_bank(file: Path, format: str | None = None) -> Bank:  # noqa: A002 - the word that the command has for it
    """The questions of `file`, in the `format` of that name or, without one, in the format that its text shows.

    Raises CoursewrightError for a file that cannot be read and for a format that nobody knows; a question that cannot
    be taken over is one of the bank's problems.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise CoursewrightError(f"this file cannot be read: {error.strerror}", Place(file)) from None
    text, problems = decode(data, file)
    bank = _importer(text, file, format).read(text, file)
    if not bank.questions and not bank.problems:
        raise CoursewrightError("there is no question in this file", Place(file))
    return replace(bank, problems=(*problems, *bank.problems))


def _importer(text: str, file: Path, name: str | None) -> Importer:
    if name is not None:
        found: Importer = plugins.load("importers", name)
        return found
    importers, unusable = plugins.load_all("importers")
    for importer in importers.values():
        if importer.recognises(text):
            recognised: Importer = importer
            return recognised
    hint = "; ".join((f"say which it is with --format. Available: {', '.join(sorted(importers))}", *unusable))
    raise CoursewrightError("this file is in no format of questions that we know", Place(file), hint)
