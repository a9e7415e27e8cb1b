"""What commands print: data to standard output, talk to standard error, and never what a terminal would obey."""

from __future__ import annotations

import json
import math
import re
import sys
from typing import Any

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def harmless(text: str) -> str:
    """`text` with each control character as the sign for one that cannot be shown."""
    return _CONTROL.sub("\ufffd", text)


def write(text: str) -> None:
    """Print data."""
    print(harmless(text))


def as_json(value: Any) -> str:
    """`value` as JSON, what JSON has no form for (NaN, infinity) as null and anything else as text."""
    return json.dumps(_plain(value), indent=2, ensure_ascii=False, default=str, allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def say(text: object) -> None:
    """Print talk."""
    print(harmless(str(text)), file=sys.stderr, flush=True)
