"""What the page's own style sheets hide: `.sortkey { display: none }`."""

from __future__ import annotations

import re
from collections.abc import Iterable

_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)
_NESTED = re.compile(
    r"@[^{};]*(?:;|\{(?:[^{}]*\{[^{}]*\})*[^{}]*\})"
)  # @media and the like, which hold for some readers
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[A-Za-z]*[.#][A-Za-z_][\w-]*|[A-Za-z]+(?:[.#][A-Za-z_][\w-]*)?")
_DISPLAY = re.compile(r"(?:^|;)\s*display\s*:\s*([a-z-]+)", re.IGNORECASE)


def by_style(sheets: Iterable[str]) -> str:
    """The selectors of what is not shown, by the style sheets that stand in a page; "" for nothing.

    Only plain selectors are read, a class or an identity, with the name of an element perhaps: what else hides an
    element, a sheet of another address or a script, is not known here.
    """
    shown: dict[str, bool] = {}
    for sheet in sheets:
        text = _NESTED.sub("", _REMARK.sub("", sheet))
        for selectors, declarations in _RULE.findall(text):
            if display := _DISPLAY.findall(declarations):
                names = (selector.strip() for selector in selectors.split(","))
                shown |= dict.fromkeys(filter(_SIMPLE.fullmatch, names), display[-1].lower() != "none")
    return ", ".join(selector for selector, is_shown in shown.items() if not is_shown)
