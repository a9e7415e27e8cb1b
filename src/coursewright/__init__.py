"""Coursewright: executable courses and data stories from one folder of plain text and data."""

import sys
from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(ipython: Any) -> None:
    """What `%load_ext coursewright` does: give the notebook its magics."""
    room = "lite" if sys.platform == "emscripten" else "notebooks"  # which no other room stands on
    import_module(f"coursewright.{room}").load(ipython)
