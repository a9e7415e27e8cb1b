"""What a story that leads back to itself costs with saves, phrases, `no repeat` and the rule `missing`, a million rows.

Two bars: 200,000 rows a second of processor time, or at most 5 × the same story without them. "No repeat" whose texts
lead to another such rule, and all of them together, keep to the second alone (3 to 5 ×, 110,000 to 170,000 rows a
second): what is dealt hangs on how often it was before, so such symbols become known one after another, some seven
times for a batch of rows, and the items are put in order each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from coursewright.words import Grammar, tell
from words_grammars import STORY, spent
from words_story import row, rows

ROWS, BAR = 1_000_000, 200_000
KINDS: dict[str, Mapping[str, Any]] = {
    "a hero who is saved": {
        "origin": "[hero:#driver#]#story#.",
        "noun": ["dog", "#hero#", "man from #team#"],
    },
    "saves where it leads back": {
        "story": ["#[pal:#noun#]two#", "#[pal:#noun#]two#", "#[pal:#noun#]two#, and #story#"],
        "two": "#who# #did# with #pal#",
    },
    "pronouns that an action chooses": {
        "origin": "#[#pronouns#]story#.",
        "pronouns": ["[them:him][their:his]", "[them:her][their:her]"],
        "did": ["saw #them#", "slept", "ran", "lost #their# way"],
    },
    "a saved text made of the one before": {
        "origin": "[list:so]#story#: #list#.",
        "noun": ["dog[list:#list#, dog]", "#driver#[list:#list#, #driver#]"],
    },
    "phrases that vanish": {"noun": ["dog", "#driver#[?, from #team#]", "man[? (#team#)]"]},
    "no repeat": {"noun": {"no repeat": STORY["noun"]}, "did": {"no repeat": STORY["did"]}},
    "no repeat where it leads back": {
        "story": {"no repeat": STORY["story"]},
        "noun": {"no repeat": STORY["noun"]},
    },
    "the rule missing": {"missing": ["nobody", "no team"]},
    "all of them": {
        "origin": "[hero:#driver#]#story#.",
        "noun": ["dog", "#hero#[?, from #team#]", "man from #team#"],
        "did": {"no repeat": STORY["did"]},
        "missing": "nobody",
    },
}


def main() -> str:
    """Measures all in one run, over rows of which a third have no team, and prints two lines for each."""
    table = rows(ROWS).with_columns(team=pl.when(pl.int_range(ROWS) % 3 > 0).then("team"))
    story = {**STORY, "noun": ["dog", "#driver#", "man from #team.or(nowhere)#"]}
    plain = spent(3, lambda: tell(Grammar(story), table))
    lines = []
    for name, rules in KINDS.items():
        grammar = Grammar({**story, **rules})
        ours = spent(3, lambda grammar=grammar: tell(grammar, table))
        told, peer = f"{ROWS / ours:,.0f} rows/s", f"{ROWS / plain:,.0f} rows/s (recursion alone)"
        lines.append(row(f"recursion with {name}: at most 5 × recursion alone", told, peer, ours / plain, "≤ 5"))
        lines.append(row(f"recursion with {name}: rows a second", told, f"{BAR:,} rows/s", ROWS / ours / BAR, "≥ 1"))
    text = "\n".join(lines)
    print(text)
    return text


if __name__ == "__main__":
    main()
