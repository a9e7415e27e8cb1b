"""The noun: the documents of a build between the making and the writing of their pages."""

from __future__ import annotations

import copyreg
import io
import pickle
from dataclasses import dataclass, field, fields
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from coursewright.courses.state import digest
from coursewright.cycles import no_search_for_cycles
from coursewright.pages import Document

AT_HAND = 64  # documents in memory; the others are in files


@dataclass
class PutAway:
    """Documents by the addresses of their pages: the first of them at hand, any other in a file of `folder`.

    The folder is this build's own. To put one away and to read it back takes a third of the time in which Markdown is
    read: the page is written from it, and then the entry of a feed.
    """

    folder: Path
    at_hand: int = AT_HAND
    _at_hand: dict[str, Document] = field(default_factory=dict)

    def put(self, document: Document) -> None:
        """Keep a document until the build is done."""
        if len(self._at_hand) < self.at_hand:
            self._at_hand[document.address] = document
            return
        try:
            content = _dumped(document)
        except (pickle.PicklingError, TypeError, AttributeError):
            return  # a value of a plugin's that cannot be kept: the page is read again
        self.folder.mkdir(exist_ok=True)
        self._file(document.address).write_bytes(content)

    def get(self, address: str) -> Document | None:
        """A document that was put away; None if it was not."""
        if address in self._at_hand:
            return self._at_hand[address]
        try:
            content = self._file(address).read_bytes()
        except FileNotFoundError:
            return None
        with no_search_for_cycles():  # in thousands of tokens
            document: Document = pickle.loads(content)  # noqa: S301 - this build wrote it a moment ago
        return document

    def _file(self, address: str) -> Path:
        return self.folder / digest(address)


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
