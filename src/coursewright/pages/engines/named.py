"""Which parameters code names."""

from __future__ import annotations

import re
from collections.abc import Iterable

# Where code can look a variable up by a name that it works out, every parameter counts as read.
_ANY_NAME = {
    "python": re.compile(
        r"\b(globals|locals|vars|eval|exec|__dict__|__main__|user_ns|runpy|get_ipython)\b|%(run|load|who)"
    ),
    "r": re.compile(
        r"\b(get0?|mget|exists|ls|environment|globalenv|\.GlobalEnv|eval|evalq|parse|source|sys\.source|as\.list)\b"
    ),
}


def names_in(code: str, names: Iterable[str], language: str) -> list[str]:
    """The `names` that code names, or all where it can work a name out."""
    everything = _ANY_NAME.get(language, re.compile("")).search(code)
    return [name for name in names if everything or is_named(name, code, language)]


def is_named(name: str, code: str, language: str) -> bool:
    """Whether code names a variable: a function that is called so, or a part of something else, is another thing."""
    before, after = (r"[\w.]", r"\w") if language == "python" else (r"[\w.$@]", r"[\w.]")
    return bool(re.search(rf"(?<!{before}){re.escape(name)}(?!{after})(?![ \t]*\()", code))
