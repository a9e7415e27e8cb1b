"""Coursewright's own Python as pages ask it: the files that the site carries for that, and where these are."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

import msgspec

from coursewright.errors import MissingPart
from coursewright.sites.runtimes.carrying import FOLDER, files_of
from coursewright.sites.runtimes.ourselves import wheels
from coursewright.sites.runtimes.parts import entry, part, pinned

FETCH = "coursewright runtimes fetch pyodide msgspec"
"""The command without which no page asks it."""

MORE = f"{FOLDER}/more.mjs"
"""The script that has another variant of a question."""


class Ours(msgspec.Struct, frozen=True):
    """The folder of the browser's Python and the wheels of our own, as seen from the scripts."""

    base: str
    wheels: tuple[str, ...]


def can_ask() -> bool:
    """Whether the browser's Python, and what our own needs there, were fetched."""
    try:
        return bool(part("pyodide").files and part("msgspec").files)
    except MissingPart:
        return False


def ours(rooms: tuple[str, ...], language: str) -> tuple[Ours, dict[str, str | bytes | Callable[[], bytes]]]:
    """What pages are told, and the files of the site by their paths. Raises MissingPart when a part is not there."""
    made = {f"ours/{'-'.join(rooms)}/{name}": content for name, content in wheels(rooms, (language,)).items()}
    files: dict[str, str | bytes | Callable[[], bytes]] = {f"{FOLDER}/{name}": file for name, file in made.items()}
    files |= _scripts("ask.mjs", "ours.js")
    return Ours(f"{entry('pyodide', pinned()['pyodide'])}/", tuple(made)), {**files, **files_of(part("pyodide"))}


def more_file(address: str, number: int) -> str:
    """Where a site has what the question in a block of a page has further."""
    return f"{FOLDER}/questions/{address}.{number}.json"


def more_scripts() -> dict[str, bytes]:
    """The scripts that have another variant of a question, by their paths."""
    return _scripts("ask.mjs", "more.mjs")


def _scripts(*names: str) -> dict[str, bytes]:
    return {f"{FOLDER}/{name}": resources.files(__package__).joinpath("run", name).read_bytes() for name in names}
