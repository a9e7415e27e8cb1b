"""GitHub-flavoured Markdown: the author's own lines, with blocks and destinations written in their places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from html import escape
from itertools import accumulate
from pathlib import PurePosixPath

from coursewright.markup import escape_markdown
from coursewright.pages.blocks.as_markdown import write_block, write_references
from coursewright.pages.blocks.between import apart
from coursewright.pages.blocks.block import References
from coursewright.pages.citing.spans import as_markdown
from coursewright.pages.linking.references import Link
from coursewright.pages.reading.document import Document
from coursewright.pages.syntax.github import with_alerts

Edit = tuple[int, int, str]


def write_markdown(document: Document, links: Mapping[str, Link]) -> str:
    """The page as Markdown; `links` says where its references lead.

    Everything but blocks, destinations and admonitions stands as the author wrote it.
    """
    body = with_alerts(_edited(document.text, _edits(document, links)).strip(), document.found["language"])
    heading = "" if body.startswith("# ") else f"# {escape_markdown(document.title)}\n\n"
    return f"{heading}{body}\n{references_below(document)}"


def write_stretches(
    document: Document, links: Mapping[str, Link], stretches: Sequence[range], left_out: Collection[int] = ()
) -> Iterator[str]:
    """Stretches of the page's lines, each as Markdown of its own; blocks on the lines `left_out` are not written."""
    edits = sorted(set(_edits(document, links, left_out)))
    offsets = [0, *accumulate(len(line) + 1 for line in document.text.split("\n"))]
    for stretch in stretches:
        start, end = offsets[stretch.start], offsets[stretch.stop] - 1
        inside = [(a - start, b - start, written) for a, b, written in edits if start <= a and b <= end]
        yield with_alerts(_edited(document.text[start:end], inside).strip("\n"), document.found["language"])


def _edits(document: Document, links: Mapping[str, Link], left_out: Collection[int] = ()) -> list[Edit]:
    """What is written in the place of what its author wrote."""
    return [
        *_destinations(document, links),
        *_citations(document),
        *_terms(document),
        *_figures(document),
        *_blocks(document, links, left_out),
    ]


def references_below(document: Document) -> str:
    """What the page cites, where its list stands at the end."""
    heading = document.references_below
    listed = write_references(References(items=document.cited.references))
    return f"\n## {escape_markdown(heading.text)}\n\n{listed}\n" if heading else ""


def _citations(document: Document) -> Iterator[Edit]:
    for reference in document.references:
        if reference.kind == "citation" and reference.start >= 0:
            yield reference.start, reference.end, as_markdown(document.cited.citations[reference.cited])


def _terms(document: Document) -> Iterator[Edit]:
    """The anchors of what a glossary explains."""
    lines = document.text.split("\n")
    offsets = [0, *accumulate(len(line) + 1 for line in lines)]
    for term in document.terms:
        margin = len(lines[term.line]) - len(lines[term.line].lstrip(" \t>"))
        at = offsets[term.line] + margin
        yield at, at, f'<a id="{escape(term.anchor)}"></a>'


def _figures(document: Document) -> Iterator[Edit]:
    """The anchors of pictures that have a caption, and their captions where these have a number."""
    lines = document.text.split("\n")
    offsets = [0, *accumulate(len(line) + 1 for line in lines)]
    for token in document.tokens:
        figure = document.figures.get(token.map[0]) if token.type == "paragraph_open" and token.map else None
        if figure and token.map:
            first, end = token.map
            column = lines[first].index("![")
            yield offsets[first] + column, offsets[first] + column, f'<a id="{escape(figure.anchor)}"></a>'
            if figure.number:
                margin = re.sub(r"[^>\s]", " ", lines[first][:column])
                below = f"\n{margin.rstrip()}\n{margin}*{escape_markdown(figure.said)}*"
                yield offsets[end] - 1, offsets[end] - 1, below


def _edited(text: str, edits: list[Edit]) -> str:
    out, at = [], 0
    for start, end, written in sorted(set(edits)):
        out += [text[at:start], written]
        at = end
    return "".join([*out, text[at:]])


def _destinations(document: Document, links: Mapping[str, Link]) -> Iterator[Edit]:
    for reference in document.references:
        link = links.get(reference.target) if reference.kind != "citation" else None
        if link and reference.start >= 0:
            alone = document.text.startswith(")", reference.end)  # without a title of the author's own
            title = f" {_title(link.description)}" if link.description and alone and reference.kind == "link" else ""
            yield reference.start, reference.end, f"{link.href}{title}"
        if link and link.title and reference.label >= 0:
            yield reference.label, reference.label, escape_markdown(link.title)


def _title(text: str) -> str:
    """The title of a link, as Markdown has it."""
    return f'"{escape_markdown(f"x{text}")[1:]}"'


def _block(document: Document, which: int, folder: str, links: Mapping[str, Link]) -> str:
    name = document.anchor(which)
    anchor = f'<a id="{name}"></a>\n\n' if name else ""
    return anchor + write_block(document.block(which), folder, links, document.found["language"])


def _blocks(document: Document, links: Mapping[str, Link], left_out: Collection[int]) -> Iterator[Edit]:
    lines = document.text.split("\n")
    offsets = [0, *accumulate(len(line) + 1 for line in lines)]
    folder = PurePosixPath(document.address).name
    for line, number in document.fences.items():
        if line in left_out:
            continue
        prefix = lines[line].split("`", 1)[0]
        below = lines[line + 1].split("`", 1)[0]
        written = prefix + _block(document, number, folder, links).replace("\n", f"\n{below}")
        above, after = lines[line - 1] if line else "", lines[line + 2] if line + 2 < len(lines) else ""
        written = apart(written, above, after, prefix, below)
        yield offsets[line], offsets[line + 1] + len(lines[line + 1]), re.sub(r"[ \t]+(?=\n)", "", written)
