"""What commands print: data to standard output, talk to standard error, and never what a terminal would obey."""

from __future__ import annotations

import re
import sys

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def write(text: str) -> None:
    """Print data; a control character in it is shown as one that cannot be shown."""
    print(_CONTROL.sub("\ufffd", text))


def say(text: object) -> None:
    """Print talk, with the same care."""
    print(_CONTROL.sub("\ufffd", str(text)), file=sys.stderr, flush=True)
