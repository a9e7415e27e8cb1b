"""What cells gave, as the format of notebooks keeps it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from coursewright.media import Bundle
from coursewright.pages.blocks.as_markdown import write_block
from coursewright.pages.blocks.block import Block, Cell, Form, Picture, Raster
from coursewright.pages.formats.shown import HtmlWithText, show
from coursewright.pages.linking.references import Link

Output = dict[str, Any]
_PICTURES = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")


def of_directive(block: Block, language: str, links: Mapping[str, Link]) -> list[Output]:
    """What the magic of a directive shows."""
    if isinstance(block, Form):  # which a kernel alone can show
        return [result({"text/plain": write_block(block, "", links, language)}, {})]
    shown: Bundle | HtmlWithText = show(block, language, links)
    found = shown._repr_mimebundle_()
    data, metadata = found if isinstance(found, tuple) else (found, {})
    return [result(data, metadata)]


def of_cell(cell: Cell) -> list[Output]:
    """What the kernel gave, with the words that its author has for pictures; nothing, where readers see no output."""
    if cell.output == "removed":
        return []
    alts = [each.alt for each in cell.outputs if isinstance(each, Picture | Raster)]
    return list(_worded(json.loads(cell.given or b"[]"), alts))


def _worded(outputs: list[Output], alts: list[str]) -> Iterator[Output]:
    waiting = iter(alts)
    for output in outputs:
        picture = next((kind for kind in _PICTURES if kind in output.get("data", {})), "")
        if picture and (alt := next(waiting, "")):
            own = output["metadata"].get(picture)
            known = own if isinstance(own, dict) else {}
            yield {**output, "metadata": {**output["metadata"], picture: {**known, "alt": alt}}}
        else:
            yield output


def as_r_shows(output: Output) -> Output:
    """What our package for R shows of the same: HTML and text."""
    data = {kind: output["data"][kind] for kind in ("text/html", "text/plain") if kind in output["data"]}
    return {"output_type": "display_data", "data": data, "metadata": {}}


def result(data: Mapping[str, Any], metadata: Mapping[str, Any]) -> Output:
    """What stands on the last line of a cell."""
    return {"output_type": "execute_result", "execution_count": None, "data": dict(data), "metadata": dict(metadata)}
