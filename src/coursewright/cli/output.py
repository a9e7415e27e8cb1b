"""What commands print: data to standard output, talk to standard error, and never what a terminal would obey."""

from __future__ import annotations

import json
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
    from coursewright.tables.showing import plain

    return json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)


def say(text: object) -> None:
    """Print talk."""
    print(harmless(str(text)), file=sys.stderr, flush=True)
