"""The noun: a preview of a site, which knows what has changed in it since a page was sent to somebody's browser."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Collection, Iterable, Mapping

import msgspec

from coursewright.errors import Problem

_LOOKED_AT = 4  # pages that are made before the others: one, or some beside each other
_PATIENCE = 25.0  # seconds that a page waits for news before it asks again: what lies between them lets go of no line


class ProblemView(msgspec.Struct, frozen=True):
    """A problem as a page shows it: what, where and the remedy."""

    message: str
    where: str
    hint: str


class News(msgspec.Struct, frozen=True):
    """What a page is told: the moment until which it now knows all, and the problems of the course.

    `load` is whether the page has to be loaded again, `building` whether the next version is being made.
    """

    now: str
    load: bool
    building: bool
    problems: tuple[ProblemView, ...]


class Preview:
    """What has happened to a site since its preview began: moments are counted, and belong to this preview alone.

    `early` are the files that are newer than those of the site, which is still being built.
    """

    def __init__(self) -> None:
        self._mine = secrets.token_hex(4)
        self._happens = threading.Condition()
        self._changes: list[frozenset[str]] = []  # of each moment, the files that became others
        self._problems: tuple[ProblemView, ...] = ()
        self._building, self._over = True, False
        self._asked: dict[str, None] = {}  # the files of pages that asked for news, those that asked last at the end
        self.early: dict[str, bytes] = {}

    @property
    def now(self) -> str:
        """This moment, as pages are told it."""
        return f"{self._mine}-{len(self._changes)}"

    def building(self) -> None:
        """Say that the site is being built."""
        self._happen(frozenset(), self._problems, building=True)

    def looked_at(self) -> list[str]:
        """The addresses of the pages that readers looked at last, those that were asked for last first."""
        return [file.removesuffix(".html") for file in reversed(self._asked)]

    def made(self, page: str, files: Mapping[str, bytes]) -> None:
        """Say that the page at the address `page` is made, while others are not; these `files` of it have changed."""
        self.early |= files
        self._happen(frozenset({f"{page}.html"}), self._problems, building=True)

    def built(self, changed: Iterable[str]) -> None:
        """Say that the site was built, whose files `changed` are others than before."""
        self.early = {}
        self._happen(frozenset(changed), ())

    def failed(self, problems: Iterable[Problem]) -> None:
        """Say why the site could not be built; it is as it was."""
        said = (ProblemView(each.message, str(each.where or ""), each.hint) for each in problems)
        before, self.early = self.early, {}
        self._happen(frozenset(before), tuple(said))

    def close(self) -> None:
        """Let all who wait go."""
        with self._happens:
            self._over = True
            self._happens.notify_all()

    def news(self, since: str, page: str, *, wait: bool) -> News | None:
        """What has become of the file `page` after the moment `since`; with `wait`, when something has.

        None if nothing has for a while, or if the preview is over.
        """
        with self._happens:
            self._asked.pop(page, None)
            self._asked = dict([*self._asked.items(), (page, None)][-_LOOKED_AT:])
            if wait and not self._happens.wait_for(lambda: self._over or since != self.now, _PATIENCE):
                return None
            if self._over:
                return None
            return News(self.now, self._concerns(page, since), self._building, self._problems)

    def _happen(self, changed: frozenset[str], problems: tuple[ProblemView, ...], *, building: bool = False) -> None:
        with self._happens:
            self._changes.append(changed)
            self._problems, self._building = problems, building
            self._happens.notify_all()

    def _concerns(self, page: str, since: str) -> bool:
        """Whether what a reader sees of `page` may be another: it itself, or anything that is no page."""
        mine, _, number = since.partition("-")
        if mine != self._mine or not number.isdecimal():
            return True
        return any(_shows(page, changed) for changed in self._changes[int(number) :])


def _shows(page: str, changed: Collection[str]) -> bool:
    return page in changed or not all(file.endswith(".html") or file.startswith("search/") for file in changed)
