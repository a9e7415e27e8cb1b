"""The parameters that a page's cells read, as the cell that gives them their values."""

from __future__ import annotations

import builtins
import datetime
import decimal
import json
import math
from collections.abc import Callable, Collection, Mapping
from typing import Any

from coursewright.pages.engines.named import names_in
from coursewright.pages.engines.sides import SIDES
from coursewright.pages.executing.run import ExecutedPage

PARAMETERS = "parameters"
"""The id of the cell that gives them."""

_PYTHONS = frozenset(dir(builtins)) | {"display", "exit", "get_ipython", "quit"}


def read_by_cells(executed: ExecutedPage) -> dict[str, Any]:
    """The parameters that were read when the directives of a page were carried out, and those set for its finders."""
    read = {name for outcome in executed.outcomes for name in outcome.parameters}
    asks = any(directive.name in ("facts", "question") for directive in executed.page.directives)
    finders = {name: value for name, value in executed.overrides.items() if name not in executed.parameters and asks}
    return {name: value for name, value in executed.parameters.items() if name in read} | finders


def assigned(values: Mapping[str, Any], language: str) -> list[str]:
    """The names of those that variables of a language can hold."""
    write = _LITERALS[language]
    return [name for name, value in values.items() if write(name, value)]


def hiding(names: Collection[str], code: str) -> list[str]:
    """Those among the `names` of parameters that hide what Python or IPython call so from the code of a page."""
    meant = set(names_in(code, names, "python"))
    return [name for name in names if name in _PYTHONS and name not in meant]


def assignments(values: Mapping[str, Any], language: str) -> str:
    """Code that gives variables these values; what no variable can hold is left out."""
    write = _LITERALS[language]
    lines = [write(name, values[name]) for name in assigned(values, language)]
    if language == "python" and any("datetime." in line for line in lines):
        lines.insert(0, "import datetime")
    if language == "python" and any("decimal." in line for line in lines):
        lines.insert(0, "import decimal")
    return "\n".join(lines)


def _in_python(name: str, value: Any) -> str:
    literal = _python(value)
    if not literal:
        return ""
    return f"{name} = {literal}" if SIDES["python"].is_name(name) else f"globals()[{name!r}] = {literal}"


def _python(value: Any) -> str:
    if isinstance(value, datetime.datetime) and value.tzinfo:
        return f'datetime.datetime.fromisoformat("{value.isoformat()}")'
    if isinstance(value, datetime.date):
        return repr(value)
    if isinstance(value, decimal.Decimal):
        return f'decimal.Decimal("{value}")'
    if isinstance(value, float) and not math.isfinite(value):
        return f'float("{value}")'
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return repr(value) if value is None or type(value) in (bool, int, float) else ""


def _in_r(name: str, value: Any) -> str:
    variable = name if name.isidentifier() and name.isascii() and not name.startswith("_") else f"`{name}`"
    literal = _r(value)
    return f"{variable} <- {literal}" if literal and "`" not in name else ""


def _r(value: Any) -> str:
    if isinstance(value, float) and math.isfinite(value):
        return repr(value)  # which R reads to the last bit
    try:
        return SIDES["r"].literal(value) if not isinstance(value, list | tuple | dict) else ""
    except TypeError:
        return ""


_LITERALS: Mapping[str, Callable[[str, Any], str]] = {"python": _in_python, "r": _in_r}
