"""The text of a page for whatever its reader chooses: HTML in which values and blocks are still to stand.

Passages are all in it, between comments that say which they are. What comes of it is tried (retelling_trial.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from coursewright.courses.course import Course
from coursewright.courses.plan import PlannedPage, materials
from coursewright.courses.reading.parameters import of_page
from coursewright.courses.retelling.trial import MARK, TrialPage, difference
from coursewright.errors import CoursewrightError, Place
from coursewright.labels import words
from coursewright.pages import Directive, Document, Page, read_document
from coursewright.pages.blocks import Block, Grid, Picture, Sentences
from coursewright.pages.formats import write_html
from coursewright.pages.linking import Link
from coursewright.pages.retold import pieces
from coursewright.pages.syntax import numbers
from coursewright.pages.text import named_in
from coursewright.sites import Index, Mention, SitePage, retelling
from coursewright.sites.around import around
from coursewright.sites.references import SCHEMES, LinkEnd, Resolver
from coursewright.tables import Database

_NAMED = re.compile(r"([^:?#]+):")
STAYS = "this stays as it was built when a reader chooses something else"
_OURS = re.compile(rf"{MARK.pattern}|<!--(?:when|end) \d+-->|<div data-block=")
_ID = re.compile(r' id="[^"]*"')


class TextStays(Exception):
    """A text that scripts cannot write as a build would: where, and why."""

    def __init__(self, place: Place, why: str) -> None:
        super().__init__(f"{place}: {why}")
        self.place, self.why = place, why


def fields_of(page: Page, course: Course) -> frozenset[str]:
    """The parameters of a page that a reader changes."""
    return frozenset(name for name, own in of_page(page, course).items() if own.offered)


def text_or_why(
    course: Course, database: Database, index: Index, one: PlannedPage, document: Document
) -> retelling.RetoldBody | str:
    """The text of a page whose text changes with what is chosen; else where and why it does not, if it should."""
    fields = fields_of(one.page, course)
    if not needs_text(one.page, fields):
        return ""
    try:
        return text_of(course, one, document, fields, database=database, index=index)
    except TextStays as stays:
        return f"{stays.place}: {STAYS}: {stays.why}"


def needs_text(page: Page, fields: frozenset[str]) -> bool:
    """Whether more of a page hangs on what a reader chooses than blocks that stand apart."""
    in_markdown = any(one.name == "tell" and one.options.get("markdown") == "true" for one in page.directives)
    return bool(page.passages) or in_markdown or not fields.isdisjoint(named_in(page))


def text_of(
    course: Course, one: PlannedPage, document: Document, fields: frozenset[str], *, database: Database, index: Index
) -> retelling.RetoldBody:
    """The text of a page as scripts write it, whose `document` is the page as it is built; `index` has all pages.

    Raises TextStays with what cannot be written so, or would be another text than that of a build for some choice.
    """
    names = tuple(sorted(fields))
    marks = {name: f"zq{number}qz" for number, name in enumerate(names)}
    values = document.executed.parameters
    _check_marks(one.page, {name: value for name, value in values.items() if name not in marks})
    # 1. the page with all its passages, and marks in the place of values
    told = {directive.lines: number for number, directive in enumerate(document.executed.page.directives)}
    page = _with_all(one.page)
    blocks = tuple(_standing_for(each, told, document) for each in page.directives)
    executed = replace(document.executed, page=page, blocks=blocks, parameters={**values, **marks}, outcomes=())
    try:
        marked = read_document(executed, course.conventions)
    except CoursewrightError as error:
        raise TextStays(error.problem.where or page.at(0), f"its text: {error.problem.message}") from None
    # 2. what does not hang on a choice is looked up
    site, linked = _in_site(marked, one, course, index, names)
    html = write_html(marked, site.links(".html"), _placeholder)
    _check(html, marked, one.page)
    # 3. it is what a build gives
    template = TrialPage(one.page, marked, names, blocks, course.conventions)
    if found := difference(template, materials(course, database, one)):
        raise TextStays(*found)
    title = course.site.title
    return retelling.RetoldBody(
        html,
        names,
        pieces(MARK.sub(lambda mark: f"{{{{ {names[int(mark[1])]} }}}}", marked.title), {}, fields),
        title,
        words("sites", course.site.language)["contents"],
        {str(number): told[each.lines] for number, each in enumerate(page.directives) if each.lines in told},
        linked,
    )


def _in_site(
    marked: Document, one: PlannedPage, course: Course, index: Index, names: tuple[str, ...]
) -> tuple[SitePage, tuple[str, ...]]:
    """The page with what its links lead to, and the files to whose pages those lead that hang on a choice."""
    found, linked = dict[str, LinkEnd](), dict[str, None]()
    entry = index.by_address[one.address]
    resolver = Resolver(index, course.root)
    for reference in marked.references:
        if MARK.search(reference.target):
            if (file := _linked(reference.target, reference.kind, index)) is None:
                said = MARK.sub(lambda mark: f"{{{{ {names[int(mark[1])]} }}}}", reference.target)
                raise TextStays(one.page.at(marked.lines[reference.line]), f"the link to {said}")
            linked |= file
        elif leads := resolver.resolve(Mention(reference.target, reference.kind, 1), entry):
            found[reference.target] = leads
    return SitePage(marked, entry, found, around(entry, index), course.site), tuple(linked)


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
        caption = directive.options.get("caption", "")  # by which it may be numbered
        empty: dict[str, Block] = {"table": Grid((), (), (), caption), "figure": Picture("", "", "", caption)}
        return empty.get(directive.name, Sentences(()))
    block = document.executed.blocks[told[directive.lines]]
    return Sentences(()) if isinstance(block, Sentences) else block


def _placeholder(_document: Document, number: int, _links: Mapping[str, Link]) -> str:
    return f'<div data-block="{number}"></div>\n'


def _linked(target: str, kind: str, index: Index) -> dict[str, None] | None:
    """The file whose pages a link leads to that hangs on a choice, if any; None for what scripts cannot find."""
    named = _NAMED.match(target)
    if named and named[1].lower() in SCHEMES:
        return {}
    if not named or kind != "link" or len(index.by_name.get(named[1], ())) != 1:
        return None
    return {named[1]: None}


def _check_marks(page: Page, fixed: Mapping[str, object]) -> None:
    """Raise TextStays for what would be taken for marks of ours: in the page, and in the values that stay."""
    for line, text in enumerate(page.body.split("\n")):
        if found := _OURS.search(text):
            raise TextStays(page.at(line), f"a text with {found[0]} in it")
    if found := MARK.search(page.settings.title):
        raise TextStays(page.place("title"), f"a text with {found[0]} in it")
    for name, value in fixed.items():
        if found := MARK.search(str(value)):
            raise TextStays(page.at(0), f'a text with {found[0]} in it, of the parameter "{name}"')


def _check(html: str, marked: Document, page: Page) -> None:
    """Raise TextStays for what would be another text than that of a build, whatever is chosen."""
    if len(MARK.findall(_ID.sub("", html))) < len(MARK.findall(marked.text)):
        raise TextStays(_place_of(marked, page, "math", "code", "fence"), "a parameter in a formula or in code")
    if marked.cited.citations or numbers(marked.found):
        place = _place_of(marked, page, "footnote", "citation")
        raise TextStays(place, "citations and footnotes, whose numbers hang on what is told")
    inside = [passage.lines for passage in page.passages]
    for number in marked.numbers:
        directive = marked.executed.page.directives[number]
        if any(first <= directive.lines[0] < last for first, last in inside):
            raise TextStays(directive.place(), "numbers of tables and figures in passages")


def _place_of(marked: Document, page: Page, *kinds: str) -> Place:
    """Where a page has one of these for the first time, with a parameter in it if that is somewhere so."""
    found: dict[bool, Place] = {}
    for token in marked.tokens:
        for each in (token, *(token.children or ())):
            if token.map and any(kind in each.type for kind in kinds):
                found.setdefault(bool(MARK.search(each.content)), page.at(marked.lines[token.map[0]]))
    return found.get(True) or found.get(False) or page.at(0)
