"""A package of QTI: the items, a test that draws one variant of each question, and the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

from coursewright.names import Names, file_name_for
from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters._markup import tag, title_of
from coursewright.questions.exporters._package import each_once, media_files, ncname, package
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


@dataclass(frozen=True, slots=True)
class _Entry:
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
    namespace = version.namespace
    more = ' adaptive="false" time-dependent="false"' if root == "qti-assessment-item" else ""
    start = f'<{root} identifier="{name}" title="{title_of(title)}"{more}>'
    written = version.renamed(f"{start}{inner}</{root}>")
    spaces = f'xmlns="{namespace}" {_XSI} xsi:schemaLocation="{namespace} {version.schema}"'
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + written.replace(" ", f" {spaces} ", 1) + "\n"


def write(items: Iterable[Item], quiz: Quiz, path: Path, version: Version) -> None:
    """The package of `items` at `path`; of each item no more is kept than the manifest tells."""
    questions: dict[str, list[_Entry]] = {}
    files = Names()  # of items, when the package is unpacked
    with package(path) as archive:
        for each in each_once(items):
            name = ncname(each.ident)
            item_path = f"items/{files.distinct(file_name_for(name, 'item'), name)}.xml"
            archive.add(item_path, each.body)
            for file in each.files:
                archive.add(file.path, file.data)
            entry = _Entry(name, item_path, tuple(file.path for file in each.files))
            questions.setdefault(each.question, []).append(entry)
        archive.add("test.xml", _test(questions, quiz, version))
        archive.add("imsmanifest.xml", _manifest(questions, quiz, version))


def _test(questions: dict[str, list[_Entry]], quiz: Quiz, version: Version) -> str:
    """A section for each question, from which one variant is drawn."""
    sections = (
        tag(
            "qti-assessment-section",
            tag("qti-selection", select="1"),
            *(tag("qti-assessment-item-ref", identifier=f"ref-{entry.name}", href=entry.path) for entry in entries),
            identifier=f"section-{ncname(question)}",
            title=question,
            visible="false",
        )
        for question, entries in questions.items()
    )
    part = tag("qti-test-part", *sections, identifier="part", navigation_mode="nonlinear", submission_mode="individual")
    return _file(version, "qti-assessment-test", f"test-{ncname(quiz.name)}", quiz.title, part)


def _manifest(questions: dict[str, list[_Entry]], quiz: Quiz, version: Version) -> str:
    entries = [entry for variants in questions.values() for entry in variants]
    media = sorted({path for entry in entries for path in entry.media})
    namespace = version.manifest_namespace
    dependencies = "".join(_dependency(entry.name) for entry in entries)
    resources = [_resource("test", version.test_type, "test.xml", dependencies)]
    resources += [
        _resource(entry.name, version.item_type, entry.path, "".join(map(_dependency, _names(entry))))
        for entry in entries
    ]
    resources += [_resource(_name(path), "webcontent", path, "") for path in media]
    kind, number = version.kind
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest xmlns="{namespace}" {_XSI} '
        f'xsi:schemaLocation="{namespace} {version.manifest_schema}" identifier="manifest-{ncname(quiz.name)}">'
        f"<metadata><schema>{kind}</schema><schemaversion>{number}</schemaversion></metadata>"
        f"<organizations/><resources>{''.join(resources)}</resources></manifest>\n"
    )


def _resource(name: str, kind: str, path: str, inner: str) -> str:
    href = escape(path)
    return f'<resource identifier="{name}" type="{kind}" href="{href}"><file href="{href}"/>{inner}</resource>'


def _dependency(name: str) -> str:
    return f'<dependency identifierref="{name}"/>'


def _names(entry: _Entry) -> tuple[str, ...]:
    return tuple(map(_name, entry.media))


def _name(path: str) -> str:
    return "media-" + path.removeprefix("media/")
