"""What people write where a value is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence

_WORDS = frozenset({
    *("na", "n/a", "n.a.", "n.a", "nan", "nd", "n/d", "n.d.", "nr", "n/r", "nk", "n/k", "ns", "nil", "null", "none"),
    *("missing", "unknown", "unk", "unspecified", "undefined", "blank", "empty", "tba", "tbc", "tbd", "k.a.", "s/d"),
    *("no data", "not available", "not known", "not applicable", "not recorded", "not stated", "no value"),
})  # fmt: skip


def remedy(texts: Sequence[str], column: str) -> str:
    """What to write for texts among other values: `missing` if all look like marks of missing values."""
    if all(map(is_marker, texts)):
        return f"missing = {_listed(texts)}"
    return f"correct {'them' if len(texts) > 1 else 'it'}, or keep all as written: text = {_listed([column])}"


def is_marker(text: str) -> bool:
    """Whether a text says that a value is missing: signs without a letter or digit, or a word for that."""
    bare = text.strip().casefold()
    return not any(map(str.isalnum, bare)) or bare in _WORDS or bare.strip("#!-_*()[]<>?") in _WORDS


def _listed(texts: Sequence[str]) -> str:
    return f"[{', '.join(json.dumps(one, ensure_ascii=False) for one in texts)}]"
