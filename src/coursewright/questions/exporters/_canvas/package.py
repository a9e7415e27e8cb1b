"""A package for Canvas: one file of all the items, with a group for each question, the media, and the manifest."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from coursewright.names import file_name_for
from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters._markup import begin, tag, title_of
from coursewright.questions.exporters._package import ByQuestion, each_once, ncname, package

_SPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
_MANIFEST = "http://www.imsglobal.org/xsd/imsccv1p1/imscp_v1p1"
_POINTS = re.compile("<fieldlabel>points_possible</fieldlabel><fieldentry>([^<]*)<")


def write_package(items: Iterable[Item], quiz: Quiz, path: Path) -> None:
    """The package of `items` at `path`; they wait in a temporary file until all those of a question are there."""
    name = ncname(quiz.name)
    with package(path) as archive, tempfile.TemporaryFile(dir=path.parent) as waiting:
        bodies = ByQuestion(waiting)
        for each in each_once(items):
            archive.add_media(each.files)
            bodies.put(each.question, each.body.encode())
        folder = file_name_for(name, "quiz")
        archive.stream(f"{folder}/{folder}.xml", _assessment(bodies, quiz, name))
        archive.stream("imsmanifest.xml", _manifest(name, f"{folder}/{folder}.xml", sorted(archive.media)))


def _assessment(bodies: ByQuestion, quiz: Quiz, name: str) -> Iterator[bytes]:
    title = title_of(quiz.title_of_file)
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<questestinterop xmlns="{_SPACE}" {_XSI} '
        f'xsi:schemaLocation="{_SPACE} {_SPACE}p1.xsd"><assessment ident="{name}" title="{title}">'
        '<section ident="root_section">'
    ).encode()
    for question, number in bodies.questions():
        for index, body in enumerate(bodies.of(question)):
            if index == 0 and number > 1:
                yield _group(question, body.decode())
            yield body
        yield b"</section>" if number > 1 else b""
    yield b"</section></assessment></questestinterop>\n"


def _group(question: str, body: str) -> bytes:
    """The beginning of a group of which each learner gets one variant."""
    points = found[1] if (found := _POINTS.search(body)) else "1"
    chosen = tag("selection_number", "1") + tag("selection_extension", tag("points_per_item", points))
    start = begin("section", ident=f"group-{ncname(question)}", title=question)
    return (start + tag("selection_ordering", tag("selection", chosen))).encode()


def _manifest(name: str, items: str, media: list[str]) -> Iterator[bytes]:
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{_MANIFEST}" identifier="manifest-{name}"><metadata>'
        "<schema>IMS Content</schema><schemaversion>1.1.3</schemaversion></metadata><organizations/><resources>"
        f'<resource identifier="{name}" type="imsqti_xmlv1p2">{tag("file", href=items)}'
    ).encode()
    for index in range(len(media)):
        yield tag("dependency", identifierref=f"media-{index}").encode()
    yield b"</resource>"
    for index, path in enumerate(media):
        file = tag("file", href=path)
        yield tag("resource", file, identifier=f"media-{index}", type="webcontent", href=path).encode()
    yield b"</resources></manifest>\n"
