"""The parameters of a page as HTML: data for scripts."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from coursewright.tables import Field


def as_data(fields: Sequence[Field]) -> str:
    """What readers can choose, as JSON in a script that does nothing; no text in it ends the script."""
    if not fields:
        return ""
    data = msgspec.json.encode(fields).decode().replace("<", "\\u003c")
    return f'<script type="application/json" class="parameters">{data}</script>\n'
