"""Moodle XML, as Moodle writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError, Place, Problem
from coursewright.questions.importers._bank import Bank
from coursewright.questions.importers._drafting.asked import ImportedQuestion, NotTaken
from coursewright.questions.importers._drafting.file import bank, not_taken
from coursewright.questions.importers._drafting.markdown import line
from coursewright.questions.importers._drafting.moodle import asked
from coursewright.questions.importers._drafting.moodle_fields import own_text

if TYPE_CHECKING:
    from lxml.etree import _Element

TITLE = "Moodle XML"
_START = re.compile(r"\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<quiz[\s>]", re.DOTALL)


def recognises(text: str) -> bool:
    """Whether the text looks like Moodle XML."""
    return _START.match(text[:4096]) is not None


def read(text: str, file: Path) -> Bank:
    """The questions of a file of Moodle XML. Raises CoursewrightError, with the line, for one that is no such file."""
    problems: list[Problem] = []
    return bank(list(_questions(_root(text, file), file, problems)), problems, file)


def _root(text: str, file: Path) -> _Element:
    """The document. Entities stay as they are, nothing is fetched, and libxml2's limits on size and depth hold."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8", remove_comments=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as error:
        hint = "export the questions from Moodle again, as Moodle XML"
        raise CoursewrightError(f"this is not XML: {error.msg}", Place(file, error.lineno), hint) from None
    if root.tag != "quiz":
        hint = "Moodle XML begins with <quiz>"
        raise CoursewrightError(f"this is not Moodle XML, but <{root.tag}>", Place(file, root.sourceline), hint)
    return root


def _questions(root: _Element, file: Path, problems: list[Problem]) -> Iterator[ImportedQuestion]:
    category = ""
    for element in root.iterchildren("question"):
        if element.get("type") == "category":
            path = re.sub(r"^\$\w+\$/(top/)?", "", line(own_text(element, "category")))
            category = path.replace("//", "/").strip("/")
            continue
        title = line(own_text(element, "name")) or f"Question on line {element.sourceline}"
        try:
            yield asked(element, title, category)
        except NotTaken as reason:
            problems.append(not_taken(title, str(reason), file, element.sourceline))
