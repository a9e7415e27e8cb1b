"""What an engine is told once, before the first text: the variables and macros that the SQL of texts names."""

from __future__ import annotations

import re

from coursewright.words.in_sql import hashes, lists, markdown, modifiers, numbers, value

PRELUDE = (
    *(f"SET VARIABLE {name} = {listed}" for name, listed in numbers.VARIABLES.items()),
    *(
        f"CREATE OR REPLACE TEMP MACRO {macro}"
        for macros in (value.MACROS, hashes.MACROS, modifiers.MACROS, numbers.MACROS, lists.MACROS, markdown.MACROS)
        for macro in macros
    ),
)
"""What an engine is told once, before the first text."""
_DEFINED = re.compile(r"(?:VARIABLE|MACRO) (\w+)")


def prelude_for(sql: str) -> tuple[str, ...]:
    """What of the prelude an engine needs for some SQL: what it names, and what that names."""
    left, wanted = dict(enumerate(PRELUDE)), set[int]()
    named = set(re.findall(r"\w+", sql))
    while found := {at for at, told in left.items() if _DEFINED.findall(told)[0] in named}:
        wanted |= found
        named |= {word for at in found for word in re.findall(r"\w+", left.pop(at))}
    return tuple(PRELUDE[at] for at in sorted(wanted))
