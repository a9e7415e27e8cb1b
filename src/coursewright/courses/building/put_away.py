"""The noun: the documents of a build between the making and the writing of their pages."""

from __future__ import annotations

import copyreg
import io
import os
import pickle
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, BinaryIO

from coursewright.cycles import no_search_for_cycles
from coursewright.pages import Document

AT_HAND = 64  # documents in memory; the others are in files


@dataclass(frozen=True)
class DocumentPlace:
    """Where a document lies: the name of a file, the byte where it begins, and how many it has."""

    file: str
    start: int
    length: int


@dataclass
class PutAway:
    """Documents by the addresses of their pages: the first of them at hand, the others in files of `folder`.

    The folder is this build's own; each process writes its documents one behind another into one file, since to make,
    find and remove a file for each would take longer than its bytes. To put a document away and to read it back takes
    a third of the time in which Markdown is read: the page is written from it, and then the entry of a feed.
    """

    folder: Path
    at_hand: int = AT_HAND
    _at_hand: dict[str, Document] = field(default_factory=dict)
    _places: dict[str, DocumentPlace] = field(default_factory=dict)
    _open: dict[str, BinaryIO] = field(default_factory=dict)

    def put(self, document: Document) -> DocumentPlace | None:
        """Keep a document until the build is done; where it lies, if that is in a file."""
        if len(self._at_hand) < self.at_hand:
            self._at_hand[document.address] = document
            return None
        try:
            content = _dumped(document)
        except (pickle.PicklingError, TypeError, AttributeError):
            return None  # a value of a plugin's that cannot be kept: the page is read again
        name = str(os.getpid())
        file = self._file(name)
        place = DocumentPlace(name, file.seek(0, os.SEEK_END), file.write(content))
        file.flush()  # for the process that reads it
        self._places[document.address] = place
        return place

    def note(self, address: str, place: DocumentPlace) -> None:
        """Know where another process has put a document."""
        self._places[address] = place

    def get(self, address: str) -> Document | None:
        """A document that was put away; None if it was not."""
        if address in self._at_hand:
            return self._at_hand[address]
        place = self._places.get(address)
        if place is None:
            return None
        file = self._file(place.file)
        file.seek(place.start)
        with no_search_for_cycles():  # in thousands of tokens
            document: Document = pickle.loads(file.read(place.length))  # noqa: S301 - this build wrote it a moment ago
        return document

    def close(self) -> None:
        """Close the files."""
        for file in self._open.values():
            file.close()

    def _file(self, name: str) -> BinaryIO:
        if name not in self._open:
            self.folder.mkdir(exist_ok=True)
            self._open[name] = (self.folder / name).open("a+b")
        return self._open[name]


def _dumped(document: Document) -> bytes:
    """A document as bytes, in which a token of Markdown is made from its fields at once, and not one by one."""
    content = io.BytesIO()
    pickler = pickle.Pickler(content, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = _dispatch()
    with no_search_for_cycles():
        pickler.dump(document)
    return content.getvalue()


@cache
def _dispatch() -> dict[Any, Any]:
    from markdown_it.token import Token

    parts = attrgetter(*(each.name for each in fields(Token)))
    return {**copyreg.dispatch_table, Token: lambda token: (Token, parts(token))}
