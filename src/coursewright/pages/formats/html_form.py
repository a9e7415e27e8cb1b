"""The parameters of a page as HTML: data for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from coursewright.tables.parameters import Field

_EXACT = 2**53 - 1  # the largest whole number that is one number in scripts


def exact(value: Any) -> Any:
    """A value as JSON for scripts: a whole number that they would round is its text."""
    if isinstance(value, dict):
        return {key: exact(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [exact(one) for one in value]
    return str(value) if isinstance(value, int) and abs(value) > _EXACT else value


def as_data(fields: Sequence[Field]) -> str:
    """What readers can choose, as JSON in a script that does nothing; no text in it ends the script."""
    if not fields:
        return ""
    data = msgspec.json.encode(exact(msgspec.to_builtins(fields))).decode().replace("<", "\\u003c")
    return f'<script type="application/json" class="parameters">{data}</script>\n'
