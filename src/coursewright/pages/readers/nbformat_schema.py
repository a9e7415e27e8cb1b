"""Whether a notebook is what its format says, by the schema that nbformat carries, without nbformat itself.

To load nbformat is to load jsonschema, and with it, where Jupyter's server is installed, a grammar of addresses in the
web, which takes more of the processor than a page with pandas and matplotlib. What is in order by the schema needs none
of that; what is not is left to nbformat, which says what is wrong.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any


def is_in_order(notebook: Mapping[str, Any]) -> bool:
    """Whether a notebook of format 4 is certainly in order: nbformat finds nothing wrong with it either."""
    minor = notebook.get("nbformat_minor")
    check = _check(minor) if type(minor) is int else None
    if check is None:
        return False
    from fastjsonschema import JsonSchemaException

    try:
        check(notebook)
    except JsonSchemaException:
        return False
    return True


@cache
def _check(minor: int) -> Callable[[Mapping[str, Any]], object] | None:
    """What checks notebooks of format 4 and a `minor`; None where nbformat knows none of that."""
    found = importlib.util.find_spec("nbformat")
    folder = Path(found.origin).parent if found and found.origin else Path()
    file = folder / "v4" / f"nbformat.v4.{minor}.schema.json"
    if not file.is_file() or not importlib.util.find_spec("fastjsonschema"):
        return None
    import fastjsonschema

    check: Callable[[Mapping[str, Any]], object] = fastjsonschema.compile(json.loads(file.read_text(encoding="utf-8")))
    return check
