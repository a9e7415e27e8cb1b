"""Digits above and below the line as signs of their own, since 10 with a raised 3 is not 103."""

from __future__ import annotations

import re

_RAISED = str.maketrans("0123456789+-\u2212", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LOWERED = str.maketrans("0123456789+-\u2212", "₀₁₂₃₄₅₆₇₈₉₊₋₋")
_POWER = re.compile("[+\\-\u2212]?[0-9]+(?:[.,/][0-9]+)*[+\\-\u2212]?")


def raised(text: str, *, below: bool = False) -> str | None:
    """A text of digits as it stands above the line, or `below` it; None for another, which nobody takes for digits."""
    plain = "".join(text.split())
    return plain.translate(_LOWERED if below else _RAISED) if _POWER.fullmatch(plain) else None
