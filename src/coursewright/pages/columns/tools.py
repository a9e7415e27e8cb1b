"""What readers can do with a table: sort it, filter it, download it."""

from __future__ import annotations

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.pages.blocks.block import Tool
from coursewright.pages.columns.named import pairs

_TOOLS: tuple[Tool, ...] = ("sort", "filter", "download")
_TO_SORT, _TO_FILTER = 4, 20  # rows from which it pays


def tools(option: str, rows: int, place: Place) -> tuple[Tool, ...]:
    """Those that the author names, `none` of them, or those that pay for so many rows.

    Raises CoursewrightError for one that there is not.
    """
    named = [name for name, _ in pairs(option, place)]
    if not named:
        return tuple(tool for tool in _TOOLS if rows >= {"sort": _TO_SORT, "filter": _TO_FILTER, "download": 1}[tool])
    for name in named:
        if name not in (*_TOOLS, "none"):
            raise CoursewrightError(f'no tool called "{name}"', place, did_you_mean(name, (*_TOOLS, "none")))
    return tuple(tool for tool in _TOOLS if tool in named)
