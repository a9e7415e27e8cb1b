"""The fields of a question in Moodle XML: texts, with the pictures that they show, and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote

from coursewright.questions.importers._drafting.markdown import from_html, from_markdown, from_plain
from coursewright.questions.importers._drafting.media import ImportedMedia, Show, decoded, has_ending, left_out, said

if TYPE_CHECKING:
    from lxml.etree import _Element

_BIGGEST = 1e300


def own_text(element: _Element, path: str) -> str:
    """The text of a field as it stands, "" where there is none."""
    found = element.find(path)
    text = found.find("text") if found is not None else None
    return "".join(text.itertext()).strip() if text is not None else ""


def number(text: str | None, otherwise: float = 0.0) -> float:
    """A number that Moodle wrote."""
    try:
        value = float((text or "").strip())
    except ValueError:
        return otherwise
    return value if abs(value) < _BIGGEST else otherwise


@dataclass
class Fields:
    """The fields of the question in `element`; `lost` gets what of them is left out or changed."""

    element: _Element
    lost: list[str] = field(default_factory=list)
    media: ImportedMedia = field(init=False)

    def __post_init__(self) -> None:
        self.media = ImportedMedia(self.lost)

    def text(self, path: str) -> str:
        """The text of a field of the question as it stands."""
        return own_text(self.element, path)

    def value(self, path: str) -> str:
        """What stands in an element of the question."""
        return (self.element.findtext(path) or "").strip()

    def number(self, path: str, otherwise: float = 0.0) -> float:
        """The number in an element of the question."""
        return number(self.element.findtext(path), otherwise)

    def true(self, path: str) -> bool:
        """Whether an element does not say no; Moodle takes it for yes where it is missing."""
        return self.value(path) not in ("false", "0")

    def each(self, path: str) -> Iterator[_Element]:
        """The elements at `path`."""
        yield from self.element.iterfind(path)

    def markdown(self, path: str, within: _Element | None = None) -> str:
        """The text of a field of the question, or of something `within` it, as Markdown."""
        holder = self.element if within is None else within
        found = holder.find(path)
        text, show = own_text(holder, path), self.show(found)
        match found.get("format") if found is not None else None:
            case "plain_text":
                return from_plain(text)
            case "markdown":
                return from_markdown(text, show)
            case "moodle_auto_format":
                return from_html(text.replace("\n", "<br/>"), show)
        return from_html(text, show)

    def show(self, holder: _Element | None) -> Show:
        """How the text in `holder` shows its pictures, which Moodle keeps with each text."""
        files: dict[str, str] = {}
        for each in holder.iterfind("file") if holder is not None else ():
            files.setdefault(_path(each), each.text or "")
        return self.media.of(files)

    def tell_files(self) -> None:
        """Say which files do not come along; raise NotTaken for a damaged picture or sound."""
        shown = {file.data for file in self.media.shown}
        for each in self.element.iter("file"):
            name = _path(each)
            if not has_ending(name):
                self.lost.append(left_out(name))
            elif decoded(each.text or "", name) not in shown and not any(f'"{said(name)}"' in it for it in self.lost):
                self.lost.append(f'its file "{said(name)}" is left out: none of its texts shows it')
        if self.value("image"):
            self.lost.append(f'its picture "{said(self.value("image"))}" is left out: it is kept in an old form')


def _path(file: _Element) -> str:
    """The path and name of a file, without a slash in front."""
    return "/".join(unquote(file.get(each) or "").strip("/") for each in ("path", "name")).lstrip("/")
