"""Text that was saved or modified with signs escaped in it, all rows at a time: read again, and shown."""

from __future__ import annotations

import re

import polars as pl

from coursewright.words.columnar.parts import AGAIN, FINISHED
from coursewright.words.columnar.slots import FullColumn, Pool, Slot
from coursewright.words.language.scan import SPECIAL, Modifier, unescape

_ONE_ESCAPE = r"(?s)^[^#\[\]\\]*(?:\\.[^#\[\]\\]*)?$"
_ESCAPE_READ = re.compile(_ONE_ESCAPE)
_ESCAPED = r"\\(\\?)"


def ended(slots: list[Slot], modifiers: tuple[Modifier, ...]) -> list[Slot] | None:
    """Slots of saved texts read again and without escapes; None if there is more in them than one sign escaped."""
    escapes = 0
    out: list[Slot] = []
    for slot in slots:
        if isinstance(slot, FullColumn):
            if slot.texts.str.contains_any(sorted(SPECIAL)).any():
                return None
            out.append(slot)
            continue
        if not all(map(_ESCAPE_READ.fullmatch, slot.texts)):
            return None
        escapes += any("\\" in text for text in slot.texts)
        out.append(Pool(tuple(map(unescape, slot.texts)), slot.index) if FINISHED in modifiers else slot)
    return out if escapes <= 1 else None


def finished(texts: pl.Series, modifiers: tuple[Modifier, ...]) -> pl.Series | None:
    """Saved texts read again and without escapes; None if there is more in one of them than a sign escaped."""
    if AGAIN in modifiers and not texts.str.contains(_ONE_ESCAPE).all():
        return None
    return texts.str.replace_all(_ESCAPED, "$1") if FINISHED in modifiers else texts
