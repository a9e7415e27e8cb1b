"""What elements are: cells, blocks with text of their own, what nobody sees, and what is no plain text."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

# What is struck out stands beside what is put in its place, and never makes one number with it; nor does a gauge.
_BLOCKS = (
    "address article aside blockquote button center dd del details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li listing main marquee menu meter nav object ol option p "
    "pre progress rt s search section strike summary ul xmp"
)
SAYING = "[hidden], [style], [rowspan], [colspan], a[href^='#']"
# What may be more than a cell of data, a row or plain text in it, and is seldom as frequent.
UNUSUAL = ":not(td, tr, tbody, a, font, b, i, em, strong, span, small, big, u, tt, code, abbr)"
FOREIGN = {"math", "svg"}
UNSHOWN = {"iframe", "noembed", "noframes"}  # what stands in them is for browsers that have no such thing
TABLE_PARTS = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "td", "th"}
_REMOVED = {"table", "caption", "script", "style", "template", "noscript", "audio", "video", "canvas", *FOREIGN}
# Elements in which the text </td> may end no cell: then their cells are looked at one by one.
_ODD = ("textarea", "select", "title", "xmp", "plaintext", "frameset", *UNSHOWN)


class ElementSurvey(NamedTuple):
    """The cells of `<th>`, the elements that are no plain text, and whether some are odd."""

    heads: list[Any]
    remarkable: list[Any]
    odd: bool


def looked_through(unusual: list[Any]) -> ElementSurvey:
    """The unusual elements by their kinds; spaces are put around blocks."""
    found = kinds_by_number().get
    kinds: dict[str | None, list[Any]] = {"head": [], "block": [], "remarkable": [], "odd": []}
    for node in unusual:
        kinds.setdefault(found(node.tag_id), []).append(node)
    for node in kinds["block"]:
        put_apart(node)
    unshown = [node for node in kinds["odd"] if node.tag in UNSHOWN]  # in which there are no elements
    return ElementSurvey(kinds["head"], [*kinds["remarkable"], *unshown], bool(kinds["odd"]))


def put_apart(node: Any) -> None:
    """Put spaces around an element."""
    node.insert_before(b" ")
    if node.tag != "br":
        node.insert_after(b" ")


@cache
def kinds_by_number() -> dict[int, str]:
    """What elements are here, by the parser's numbers for them: to ask for their names takes three times as long."""
    tags = {"td": "cell", "th": "head", "tr": "row", "br": "block"}
    tags |= dict.fromkeys(_BLOCKS.split(), "block") | dict.fromkeys(_ODD, "odd")
    tags |= dict.fromkeys((*_REMOVED, "sup", "sub"), "remarkable")
    from selectolax.lexbor import LexborHTMLParser

    return {LexborHTMLParser("").create_node(tag).tag_id: kind for tag, kind in tags.items()}
