"""Formulas in MathML as text in one line: 10³ and 1/2, never 103 and 12."""

from __future__ import annotations

from typing import Any

from coursewright.tables.sources.raised import raised

_UNSHOWN = {"annotation", "annotation-xml", "mphantom"}
_ABOVE, _BELOW = {"msup", "mover"}, {"msub", "munder"}
_BOTH = {"msubsup", "munderover"}
_APART = {"mtable", "mtr", "mtd", "mspace"}


def in_a_line(formula: Any) -> str:
    """The text of a formula, or of a part of one."""
    tag = formula.tag
    if tag in _UNSHOWN:
        return ""
    parts = [in_a_line(part) if part.tag[0] != "-" else part.text() for part in formula.iter(include_text=True)]
    parts = [part for part in parts if part.strip()]
    if tag in _ABOVE | _BELOW and len(parts) > 1:
        return parts[0] + _moved("".join(parts[1:]), below=tag in _BELOW)
    if tag in _BOTH and len(parts) > 2:
        return parts[0] + _moved(parts[1], below=True) + _moved("".join(parts[2:]))
    if tag == "mfrac" and len(parts) > 1:
        return "/".join(part if part.isalnum() else f"({part})" for part in parts)
    if tag in ("msqrt", "mroot"):
        under, index = (parts[:1], parts[1:]) if tag == "mroot" else (parts, [])
        return "".join(map(_moved, index)) + "√" + "".join(under)
    return " ".join(parts).join("  ") if tag in _APART else "".join(parts)


def _moved(text: str, *, below: bool = False) -> str:
    return raised(text, below=below) or text
