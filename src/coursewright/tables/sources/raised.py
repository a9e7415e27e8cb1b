"""Digits above and below the line as signs of their own, since 10 with a raised 3 is not 103."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

_RAISED = str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789+-\u2212", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_POWER = re.compile("[+\\-\u2212]?[0-9]+(?:[.,/][0-9]+)*[+\\-\u2212]?")


def raised(text: str, *, below: bool = False) -> str | None:
    """A text of digits as it stands above the line, or `below` it; None for another, which nobody takes for digits."""
    plain = "".join(text.split())
    return plain.translate(_LOWERED if below else _RAISED) if _POWER.fullmatch(plain) else None


def raised_runs(text: str, runs: Sequence[tuple[int, int]], below: Mapping[int, bool]) -> str | None:
    """A text of runs with its raised and lowered digits as signs of their own; None for one without such digits.

    Each run begins after so many units of UTF-16 with another font; `below` has the fonts that stand above the line or,
    if it is true, below it.
    """
    units = text.encode("utf-16-le", "surrogatepass")
    parts, changed = [], False
    for (start, font), (end, _) in pairwise([(0, -1), *runs, (len(units), -1)]):
        part = units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
        found = raised(part, below=below[font]) if font in below else None
        changed = changed or found is not None
        parts.append(part if found is None else found)
    return "".join(parts) if changed else None
