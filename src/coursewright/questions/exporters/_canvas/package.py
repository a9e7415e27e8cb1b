"""A package for Canvas: one file of all the items, with a group for each question, the media, and the manifest."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from coursewright.names import file_name_for
from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters._markup import tag, title_of
from coursewright.questions.exporters._package import each_once, ncname, package

_SPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_MANIFEST = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_POINTS = re.compile("<fieldlabel>points_possible</fieldlabel><fieldentry>([^<]*)<")


def write_package(items: Iterable[Item], quiz: Quiz, path: Path) -> None:
    """The package of `items` at `path`; they wait in a temporary file until all those of a question are there."""
    name = ncname(quiz.name)
    places: dict[str, list[tuple[int, int]]] = {}
    with package(path) as archive, tempfile.TemporaryFile() as bodies:
        for each in each_once(items):
            for file in each.files:
                archive.add(file.path, file.data)
            body = each.body.encode()
            places.setdefault(each.question, []).append((bodies.tell(), len(body)))
            bodies.write(body)
        media = sorted(archive.paths)
        folder = file_name_for(name, "quiz")
        archive.stream(f"{folder}/{folder}.xml", _assessment(places, bodies, quiz, name))
        archive.add("imsmanifest.xml", _manifest(name, f"{folder}/{folder}.xml", media))


def _assessment(places: dict[str, list[tuple[int, int]]], bodies: IO[bytes], quiz: Quiz, name: str) -> Iterator[bytes]:
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop xmlns="{_SPACE}" {_XSI} '
        f'xsi:schemaLocation="{_SPACE} {_SPACE}p1.xsd"><assessment ident="{name}" title="{title_of(quiz.title)}">'
        '<section ident="root_section">'
    ).encode()
    for question, each in places.items():
        for index, (start, length) in enumerate(each):
            bodies.seek(start)
            body = bodies.read(length)
            if index == 0 and len(each) > 1:
                yield _group(question, body.decode())
            yield body
        yield b"</section>" if len(each) > 1 else b""
    yield b"</section></assessment></questestinterop>\n"


def _group(question: str, body: str) -> bytes:
    """The beginning of a group of which each learner gets one variant."""
    points = found[1] if (found := _POINTS.search(body)) else "1"
    chosen = tag("selection_number", "1") + tag("selection_extension", tag("points_per_item", points))
    start = tag("section", "|", ident=f"group-{ncname(question)}", title=question).partition("|")[0]
    return (start + tag("selection_ordering", tag("selection", chosen))).encode()


def _manifest(name: str, items: str, media: list[str]) -> str:
    files = [(f"media-{index}", path) for index, path in enumerate(media)]
    needs = "".join(tag("dependency", identifierref=ident) for ident, _ in files)
    quiz = tag("resource", tag("file", href=items), needs, identifier=name, type="imsqti_xmlv1p2")
    rest = (
        tag("resource", tag("file", href=path), identifier=ident, type="webcontent", href=path) for ident, path in files
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{_MANIFEST}" identifier="manifest-{name}"><metadata>'
        "<schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata><organizations/>"
        f"{tag('resources', quiz, *rest)}</manifest>\n"
    )
