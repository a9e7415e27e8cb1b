"""What the page's own style sheets hide, `.sortkey { display: none }`, and columns by their `<col>`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from coursewright.tables.sources._html.attributes import is_apart, is_blank, is_gone, number
from coursewright.tables.sources._html.cells import Styles

_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_NESTED = re.compile(
    r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})"
)  # @media and the like, which hold for some readers
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[A-Za-z]*[.#][A-Za-z_][\w-]*|[A-Za-z]+(?:[.#][A-Za-z_][\w-]*)?")
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)
# Not the size of letters: in a row of none, cells often have letters of their own.
_BLANKING = re.compile(r"(?:^|[;\s])((?:visibility|opacity)\s*:[^;]*)", re.IGNORECASE)
_COLUMNS = 1000  # the standard's limit to a span


def by_style(sheets: Iterable[str]) -> Styles:
    """What is not shown, and what stands apart, by the style sheets that stand in a page.

    Only plain selectors are read, a class or an identity, with the name of an element perhaps: what else hides an
    element, a sheet of another address or a script, is not known here.
    """
    shown: dict[str, bool] = {}
    apart: dict[str, bool] = {}
    blank: dict[str, bool] = {}
    for sheet in sheets:
        text = _NESTED.sub("", _REMARK.sub("", sheet))
        for selectors, declarations in _RULE.findall(text):
            names = list(filter(_SIMPLE.fullmatch, (selector.strip() for selector in selectors.split(","))))
            if display := _DISPLAY.findall(declarations):
                shown |= dict.fromkeys(names, display[-1].lower() != "none")
            if blanking := _BLANKING.findall(declarations):
                blank |= dict.fromkeys(names, any(map(is_blank, blanking)))
            if is_apart(declarations):
                apart |= dict.fromkeys(names, True)
    hidden = ", ".join(selector for selector, is_shown in shown.items() if not is_shown)
    return Styles(hidden, ", ".join(apart), ", ".join(selector for selector, is_so in blank.items() if is_so))


def columns(table: Any, hiding: str) -> frozenset[int]:
    """The columns, from 0, that a `<col>` or `<colgroup>` hides, of which `hiding` are selectors of what is hidden."""
    unshown = {node.mem_id for node in table.css(hiding)} if hiding else set()

    def hides(node: Any) -> bool:
        attributes = node.attributes
        return is_gone(attributes) or (node.mem_id in unshown and "display" not in (attributes.get("style") or ""))

    found: set[int] = set()
    at = 0
    for group in (node for node in table.iter() if node.tag == "colgroup"):
        for column in [node for node in group.iter() if node.tag == "col"] or [group]:
            span = min(number(column.attributes, "span"), _COLUMNS) or 1
            if hides(group) or hides(column):
                found.update(range(at, at + span))
            at += span
    return frozenset(found)
