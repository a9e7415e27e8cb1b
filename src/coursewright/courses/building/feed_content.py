"""What a page says in feeds: made once, and kept until what it was made from has changed."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from coursewright.courses.building.state import CACHE, PageState, digest
from coursewright.courses.building.writing import Writing
from coursewright.courses.plan import PlannedPage
from coursewright.errors import CoursewrightError
from coursewright.figures.pictures import as_png, can_rasterise, parsed
from coursewright.media import TYPES
from coursewright.ours import link_or_copy
from coursewright.pages.formats import feed
from coursewright.sites import SitePage
from coursewright.sites.around import around
from coursewright.sites.feeds import Enclosure, cleaned, said
from coursewright.sites.references import published


class Content(msgspec.Struct, frozen=True):
    """The content of a page as HTML with whole addresses, and by their paths in the site the files that it names.

    `drawn` are pictures as SVG, which become PNG when a feed has the page; `said` is the fingerprint of what a reader
    reads, sees and can follow, whatever it looks like.
    """

    made_from: str
    html: str
    said: str
    drawn: dict[str, str]
    media: dict[str, bytes]


@dataclass(frozen=True)
class Contents:
    """The contents of pages, those of the last build from its cache."""

    writing: Writing

    def of(self, one: PlannedPage, state: PageState) -> Content:
        """The content of one page."""
        site, found = self.writing.course.site, self.writing.found[one.address]
        everywhere = (self.writing.making.prints.everywhere, site.url, site.language)
        made_from = digest(everywhere, state.content, sorted(found.items()))
        name = Path("entries", digest(one.address))
        content = self._kept(name, made_from)
        if content is None:
            content = self._made(one, state, made_from)
            file = self.writing.new / CACHE / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(msgspec.msgpack.encode(content))
        shown = [each.file for each in found.values() if Path(each.file).suffix.lower() in TYPES]
        files = sorted((file, self.writing.making.prints.file(file)) for file in shown)
        return msgspec.structs.replace(content, said=digest(content.said, files)[:16]) if files else content

    def files(self, content: Content) -> tuple[str, dict[str, str | bytes]]:
        """The HTML of an entry and the files that it names by their paths; the SVG where it can be no PNG."""
        html, files = content.html, dict[str, str | bytes](content.media)
        for path, svg in content.drawn.items():
            png = self._png(svg)
            if png:
                files[path] = png
            else:
                whole = self.writing.course.site.whole(path)
                html = html.replace(f'"{whole}"', f'"{whole.removesuffix(".png")}.svg"')
        return html, files

    def enclosures(self, one: PlannedPage, content: Content) -> tuple[Enclosure, ...]:
        """The sounds of a page: the files that it refers to, and those of its questions."""
        course = self.writing.course
        lengths = {
            published(found.file): (course.root / found.file).stat().st_size
            for found in self.writing.found[one.address].values()
            if found.file
        }
        lengths |= {path: len(data) for path, data in content.media.items()}
        return tuple(
            Enclosure(course.site.whole(path), media_type, length)
            for path, length in lengths.items()
            if (media_type := TYPES.get(PurePosixPath(path).suffix.lower(), "")).startswith("audio/")
        )

    def _kept(self, name: Path, made_from: str) -> Content | None:
        """What this build made already, or the last one, if it would be the same now."""
        last, new = self.writing.last / CACHE / name, self.writing.new / CACHE / name
        for file in (new, last):
            with contextlib.suppress(OSError, msgspec.DecodeError):
                content = msgspec.msgpack.decode(file.read_bytes(), type=Content)
                if content.made_from == made_from:
                    if file == last:
                        link_or_copy(last, new)
                    return content
        return None

    def _made(self, one: PlannedPage, state: PageState, made_from: str) -> Content:
        site, found = self.writing.course.site, self.writing.found[one.address]
        document = self.writing.making.document(one)
        page = SitePage(document, state.entry, found, around(state.entry, self.writing.index), site)
        whole = site.whole(f"{one.address}.html")
        told = feed.write(document, page.links(".html"), whole)
        html = cleaned(told.html, whole, document.title)
        folder = PurePosixPath(one.address).parent
        drawn = {str(folder / path): svg for path, svg in told.drawn.items()}
        media = {str(folder / path): data for path, data in told.media.items()}
        seen = (
            document.title,
            said(html, site.whole("")),
            [_seen(svg) for svg in drawn.values()],
            sorted(media.items()),
        )
        return Content(made_from, html, digest(seen)[:16], drawn, media)

    def _png(self, svg: str) -> bytes | None:
        """A picture as PNG, kept from build to build; None where it cannot be one."""
        if not can_rasterise():
            return None
        name = Path("pictures", f"{digest(svg)}.png")
        last, new = self.writing.last / CACHE / name, self.writing.new / CACHE / name
        try:
            if not new.exists():
                link_or_copy(last, new)
        except OSError:
            try:
                new.write_bytes(as_png(svg))
            except CoursewrightError:
                return None
        return new.read_bytes()


def _seen(svg: str) -> tuple[str, Mapping[str, int]]:
    """What is in a picture, wherever it stands: places differ with the version of what drew it, and with its fonts."""
    try:
        root = parsed(svg)
    except ValueError:
        return svg, {}
    texts, tags = [], Counter[str]()
    for element in root.iter("*"):
        tag = str(element.tag).rpartition("}")[2]
        tags[tag] += 1
        if tag != "style" and (text := " ".join((element.text or "").split())):
            texts.append(text)
    return " ".join(texts), dict(sorted(tags.items()))
