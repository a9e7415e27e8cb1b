"""A package of QTI: the items, a test that draws one variant of each question, and the manifest."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import msgspec

from coursewright.names import Names, file_name_for
from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters._markup import begin, tag, title_of
from coursewright.questions.exporters._package import ByQuestion, each_once, media_files, ncname, package
from coursewright.questions.exporters._qti.item import write_item
from coursewright.questions.variant import Variant

_XSI = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What differs between the versions of QTI."""

    namespace: str
    schema: str  # the address of the schema of items and tests
    manifest_namespace: str
    manifest_schema: str
    kind: tuple[str, str]  # what the manifest says the package is, and its version
    item_type: str
    test_type: str
    renamed: Callable[[str], str]  # names of QTI 3 to those of the version


class _Entry(msgspec.Struct, frozen=True, array_like=True):
    """What the manifest and the test must know of an item."""

    name: str
    path: str
    media: tuple[str, ...]


def item(variant: Variant, version: Version) -> Item:
    """The variant as an item of a package."""
    written, notes = write_item(variant)
    return Item.of(
        variant,
        _file(version, "qti-assessment-item", ncname(variant.ident), variant.title, written),
        files=media_files(variant),
        notes=notes,
    )


def _file(version: Version, root: str, name: str, title: str, inner: str) -> str:
    """A file of the package: an item, or the test."""
    return f"{_begin(version, root, name, title)}{version.renamed(f'{inner}</{root}>')}\n"


def _begin(version: Version, root: str, name: str, title: str) -> str:
    namespace = version.namespace
    more = ' adaptive="false" time-dependent="false"' if root == "qti-assessment-item" else ""
    start = version.renamed(f'<{root} identifier="{name}" title="{title_of(title)}"{more}>')
    spaces = f'xmlns="{namespace}" {_XSI} xsi:schemaLocation="{namespace} {version.schema}"'
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + start.replace(" ", f" {spaces} ", 1)


def write(items: Iterable[Item], quiz: Quiz, path: Path, version: Version) -> None:
    """The package of `items` at `path`; what the manifest tells of each waits on disk."""
    files = Names()  # of items, when the package is unpacked
    with package(path) as archive, tempfile.TemporaryFile(dir=path.parent) as waiting:
        entries = ByQuestion(waiting)
        for each in each_once(items):
            name = ncname(each.ident)
            item_path = f"items/{files.distinct(file_name_for(name, 'item'), name)}.xml"
            archive.add(item_path, each.body)
            archive.add_media(each.files)
            entry = _Entry(name, item_path, tuple(file.path for file in each.files))
            entries.put(each.question, msgspec.msgpack.encode(entry))
        archive.stream("test.xml", map(str.encode, _test(entries, quiz, version)))
        archive.stream("imsmanifest.xml", map(str.encode, _manifest(entries, quiz, version, sorted(archive.media))))


def _all(entries: ByQuestion, question: str) -> Iterator[_Entry]:
    return map(msgspec.msgpack.Decoder(_Entry).decode, entries.of(question))


def _test(entries: ByQuestion, quiz: Quiz, version: Version) -> Iterator[str]:
    """A section for each question, from which one variant is drawn."""
    root = "qti-assessment-test"
    yield _begin(version, root, f"test-{ncname(quiz.name)}", quiz.title_of_file)
    modes = {"navigation_mode": "nonlinear", "submission_mode": "individual"}
    yield version.renamed(begin("qti-test-part", identifier="part", **modes))
    for question, _ in entries.questions():
        names = {"identifier": f"section-{ncname(question)}", "title": question, "visible": "false"}
        yield version.renamed(begin("qti-assessment-section", **names) + tag("qti-selection", select="1"))
        for entry in _all(entries, question):
            reference = tag("qti-assessment-item-ref", identifier=f"ref-{entry.name}", href=entry.path)
            yield version.renamed(reference)
        yield version.renamed("</qti-assessment-section>")
    yield version.renamed(f"</qti-test-part></{root}>") + "\n"


def _manifest(entries: ByQuestion, quiz: Quiz, version: Version, media: list[str]) -> Iterator[str]:
    namespace = version.manifest_namespace
    kind, number = version.kind
    yield (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{namespace}" {_XSI} '
        f'xsi:schemaLocation="{namespace} {version.manifest_schema}" identifier="manifest-{ncname(quiz.name)}">'
        f"<metadata><schema>{kind}</schema><schemaversion>{number}</schemaversion></metadata><organizations/><resources>"
    )
    yield _resource("test", version.test_type, "test.xml")
    for question, _ in entries.questions():
        yield from (_dependency(entry.name) for entry in _all(entries, question))
    yield "</resource>"
    for question, _ in entries.questions():
        for entry in _all(entries, question):
            needs = "".join(_dependency(_name(path)) for path in entry.media)
            yield f"{_resource(entry.name, version.item_type, entry.path)}{needs}</resource>"
    for path in media:
        yield _resource(_name(path), "webcontent", path) + "</resource>"
    yield "</resources></manifest>\n"


def _resource(name: str, kind: str, path: str) -> str:
    """The beginning of a resource."""
    href = escape(path)
    return f'<resource identifier="{name}" type="{kind}" href="{href}"><file href="{href}"/>'


def _dependency(name: str) -> str:
    return f'<dependency identifierref="{name}"/>'


def _name(path: str) -> str:
    return "media-" + path.removeprefix("media/")
