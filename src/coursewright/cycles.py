"""Python's search for objects that hold each other, which costs much while many are made that do not."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Python looks for cycles whenever it has made so many objects: not until this ends."""
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            gc.enable()
