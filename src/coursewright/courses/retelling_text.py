"""The text of a page for whatever its reader chooses: HTML in which values and blocks are still to stand.

Passages are all in it, between comments that say which they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from coursewright.courses.plan import Planned
from coursewright.courses.writing import Writing
from coursewright.errors import CoursewrightError
from coursewright.labels import words
from coursewright.pages import Block, Document, Grid, Link, Page, Sentences, read_document
from coursewright.pages.body import Directive
from coursewright.pages.fill import named_in
from coursewright.pages.formats.html import write
from coursewright.pages.retold_table import pieces
from coursewright.sites import Found, SitePage, around, retelling
from coursewright.sites.index import Mention
from coursewright.sites.resolve import SCHEMES, Resolver
from coursewright.words.in_sql import NotInSql

_MARK = re.compile(r"zq(\d+)qz")
_NAMED = re.compile(r"([^:?#]+):")


def needs_text(page: Page, fields: frozenset[str]) -> bool:
    """Whether more of a page hangs on what a reader chooses than blocks that stand apart."""
    in_markdown = any(one.name == "tell" and one.options.get("markdown") == "true" for one in page.directives)
    return bool(page.passages) or in_markdown or not fields.isdisjoint(named_in(page))


def text_of(writing: Writing, one: Planned, document: Document, fields: frozenset[str]) -> retelling.Text:
    """The text of a page as scripts write it, whose `document` is the page as it is built.

    Raises NotInSql with what cannot be written so.
    """
    names = tuple(sorted(fields))
    marks = {name: f"zq{number}qz" for number, name in enumerate(names)}
    if _MARK.search(one.page.body + one.page.settings.title):
        raise NotInSql("a text with zq0qz in it")
    # 1. the page with all its passages, and marks in the place of values
    told = {directive.lines: number for number, directive in enumerate(document.executed.page.directives)}
    page = _with_all(one.page)
    blocks = tuple(_standing_for(each, told, document) for each in page.directives)
    executed = replace(
        document.executed, page=page, blocks=blocks, parameters={**document.executed.parameters, **marks}, outcomes=()
    )
    try:
        marked = read_document(executed, writing.course.conventions)
    except CoursewrightError as error:
        raise NotInSql(f"its text: {error.problem.message}") from None
    # 2. what does not hang on a choice is looked up
    site, linked = _in_site(marked, one, writing)
    html = write(marked, site.links(".html"), _placeholder)
    _check(html, marked, one.page)
    title = writing.course.site.title
    return retelling.Text(
        html,
        names,
        pieces(_MARK.sub(lambda mark: f"{{{{ {names[int(mark[1])]} }}}}", marked.title), {}, fields),
        title,
        words("sites", writing.course.site.language)["contents"],
        {str(number): told[each.lines] for number, each in enumerate(page.directives) if each.lines in told},
        linked,
    )


def _in_site(marked: Document, one: Planned, writing: Writing) -> tuple[SitePage, tuple[str, ...]]:
    """The page with what its links lead to, and the files to whose pages those lead that hang on a choice."""
    found, linked = dict[str, Found](), dict[str, None]()
    entry = writing.index.by_address[one.address]
    resolver = Resolver(writing.index, writing.course.root)
    for reference in marked.references:
        if _MARK.search(reference.target):
            linked |= _linked(reference.target, reference.kind, writing)
        elif leads := resolver.resolve(Mention(reference.target, reference.kind, 1), entry):
            found[reference.target] = leads
    return SitePage(marked, entry, found, around(entry, writing.index), writing.course.site), tuple(linked)


def _with_all(page: Page) -> Page:
    """The page with comments in the place of what begins and ends its passages."""
    lines = page.body.split("\n")
    for number, passage in enumerate(page.passages):
        first, last = passage.lines[0], passage.lines[1] - 1
        margin = lines[first].split(":")[0]
        for line in range(first, first + passage.head):
            lines[line] = margin.rstrip()
        lines[first] = f"{margin}<!--when {number}-->"
        lines[last] = f"{lines[last].split(':')[0]}<!--end {number}-->"
    return replace(page, body="\n".join(lines), left_out=frozenset())


def _standing_for(directive: Directive, told: Mapping[tuple[int, int], int], document: Document) -> Block:
    """The block of a directive, or one without content where that is found when a reader chooses."""
    if directive.lines not in told:
        return Grid((), (), ()) if directive.name == "table" else Sentences(())
    block = document.executed.blocks[told[directive.lines]]
    return Sentences(()) if isinstance(block, Sentences) else block


def _placeholder(_document: Document, number: int, _links: Mapping[str, Link]) -> str:
    return f'<div data-block="{number}"></div>\n'


def _linked(target: str, kind: str, writing: Writing) -> dict[str, None]:
    """The file whose pages a link leads to that hangs on a choice."""
    named = _NAMED.match(target)
    if named and named[1].lower() in SCHEMES:
        return {}
    if not named or kind != "link" or len(writing.index.by_name.get(named[1], ())) != 1:
        raise NotInSql(f"the link to {target}")
    return {named[1]: None}


def _check(html: str, marked: Document, page: Page) -> None:
    """Raise NotInSql for what would be another text than that of a build."""
    seen, wanted = len(_MARK.findall(html)), len(_MARK.findall(marked.text))
    if seen < wanted:
        raise NotInSql("a parameter in a formula or in code")
    if marked.cited.citations or "footnote" in html:
        raise NotInSql("citations and footnotes, whose numbers hang on what is told")
    inside = [passage.lines for passage in page.passages]
    for number in marked.numbers:
        line = marked.executed.page.directives[number].lines[0]
        if any(first <= line < last for first, last in inside):
            raise NotInSql("numbers of tables and figures in passages")
