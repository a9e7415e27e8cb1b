"""Words from rows: Tracery grammars, run over tables.

    from coursewright.words import Grammar, tell

    grammar = Grammar({"origin": "#name# was placed #place.upper#!"})
    tell(grammar, [{"name": "Jo", "place": "first"}])      # ["Jo was placed FIRST!"]

The names below load what they need when they are first used, so that importing this room costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from coursewright.words.explaining import Explanation, explain
    from coursewright.words.grammar import Grammar
    from coursewright.words.rowwise.trouble import MissingValueWarning, NotToldWarning
    from coursewright.words.streaming import tell_file
    from coursewright.words.telling import tell

__all__ = [
    "Explanation",
    "Grammar",
    "MissingValueWarning",
    "NotToldWarning",
    "explain",
    "tell",
    "tell_file",
]

_HOMES = {
    "Explanation": "explaining",
    "Grammar": "grammar",
    "MissingValueWarning": "rowwise.trouble",
    "NotToldWarning": "rowwise.trouble",
    "explain": "explaining",
    "tell": "telling",
    "tell_file": "streaming",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOMES[name]}")
    globals().update({public: getattr(module, public) for public, home in _HOMES.items() if home == _HOMES[name]})
    return globals()[name]
