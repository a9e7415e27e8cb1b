"""HTML of a kernel of R that does something, for notebooks: in a frame, from which no script reaches the notebook."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from coursewright.labels import words
from coursewright.media import frame
from coursewright.pages.engines.inside import framed_in, steady

_WIDGET = re.compile(r"class=[\"']([\w.-]+) html-widget\b")
_RUNS = re.compile(r"<(script|iframe|object|embed|link|base)\b|\bon\w+\s*=|javascript:", re.IGNORECASE)


def apart(piece: Mapping[str, Any], language: str) -> dict[str, Any]:
    """An output with its HTML in a frame, if that has scripts and is in none yet; it is called so in `language`."""
    data, html = piece["data"], piece["data"].get("text/html")
    if not isinstance(html, str) or not _RUNS.search(html) or framed_in(html):
        return dict(piece)
    said, widget = words("notebooks", language), _WIDGET.search(html)
    title = said["widget"].format(name=widget[1]) if widget else said["interactive"]
    metadata = {name: value for name, value in piece["metadata"].items() if name != "text/html"}  # a frame of Jupyter's
    return {**piece, "data": {**data, "text/html": frame(steady(html), title)}, "metadata": metadata}
