"""What a notebook needs to run: in words, in its first cell, and as the code of its second."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from coursewright.labels import words as known_words
from coursewright.markup import escape_markdown
from coursewright.pages.engines.found import language_of
from coursewright.pages.executing.cells import CODE_CELL
from coursewright.pages.executing.outcome import ABSENT, MODULES, VARIABLE
from coursewright.pages.formats.notebook.cells import Kind, asked
from coursewright.pages.formats.notebook.cut import Piece
from coursewright.pages.reading.document import Document

ABOUT, BEGIN, TAKEN = "about", "coursewright", "coursewright-parameters"
"""The ids of the cells that say so; the last takes parameters whose values stand in the middle of a page."""


@dataclass(frozen=True)
class AboutNotebook:
    """What a notebook says of itself: the `course` that it is a page of, by its `file` there, who wrote it.

    `url` is where the page can be read, if the site has an address; `places` are where it can be run, by their names.
    """

    course: str
    file: str
    language: str
    authors: tuple[str, ...] = ()
    url: str = ""
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Needs:
    """What the cells of a notebook need: `runs` is whether any runs at all, `ours` whether our magics do.

    `files` is whether code reads files of the course, `others` are the languages of other kernels that it calls.
    """

    runs: bool
    ours: bool
    files: bool
    others: tuple[str, ...] = ()


def needs(document: Document, pieces: Sequence[Piece], kernel: Kind) -> Needs:
    """What the cells of the page need, whose kernel is that of one language."""
    directives = document.executed.page.directives
    running = [piece for piece in pieces if piece.runs]
    code = [asked(document, piece) for piece in running if directives[piece.directive].name == CODE_CELL]
    others = tuple(dict.fromkeys(language_of(each.language) for each in code if each.language != kernel))
    ours = len(code) < len(running) or bool(others) or any(each.takes for each in code)
    return Needs(bool(running), ours, bool(code) and _reads(document), others)


def _reads(document: Document) -> bool:
    """Whether something of the page reads a file of the course."""
    names = (name for outcome in document.executed.outcomes for name in outcome.files)
    return any(not name.startswith((ABSENT, MODULES, VARIABLE)) and not PurePath(name).is_absolute() for name in names)


def beginning(about: AboutNotebook, needs: Needs, kernel: Kind, names: Sequence[str], hidden: Sequence[str]) -> str:
    """The code that gives a notebook what it needs, and has it stand where its page does; "" if it needs nothing.

    It takes the variables called `names` as the page's parameters, and those among them that are `hidden` away.
    """
    if not (needs.ours or needs.files):
        return ""
    loads = "library(coursewright)" if kernel == "r" else "%load_ext coursewright"
    return f"{loads}\n{standing(about, kernel, names, hidden)}"


def standing(about: AboutNotebook, kernel: Kind, names: Sequence[str], hidden: Sequence[str]) -> str:
    """The line of it that has the notebook stand where its page does, with its parameters."""
    if kernel == "r":
        return f"at_page({', '.join(json.dumps(each, ensure_ascii=False) for each in (about.file, *names))})"
    hide = f"--hide {shlex.quote(shlex.join(hidden))}" if hidden else ""
    return f"%page {shlex.join([about.file, *names])} {hide}".rstrip()


def words(about: AboutNotebook, needs: Needs) -> str:
    """What a notebook is, and what it needs to run, for who opens it, in the language of the course."""
    say = known_words("notebooks", about.language)
    first = f"*{say['page'].format(course=escape_markdown(about.course))}*"
    read = say["read"].format(url=about.url) if about.url else ""
    places = " · ".join(f"[{escape_markdown(name)}]({address})" for name, address in about.places)
    run = f"{known_words('sites', about.language)['run']}: {places}." if places else ""
    said = [" ".join(filter(None, [first, read, run]))]
    if not needs.runs:
        return said[0]
    said.append(say["outputs"])
    if needs.ours or needs.files:
        lies = say["needs"].format(install='`pip install "coursewright[all]"`', folder="`build/notebooks`")
        kernels = say["kernels"].format(languages=", ".join(needs.others)) if needs.others else ""
        said.append(f"{lies} {kernels}".rstrip())
    else:
        said.append(say["packages"])
    return "\n\n".join(said)
