"""Groups, lists and saved hashtags against a plain grammar of as many rows: none may cost five times as much.

A rule for each row of a group costs 5 to 5.5 ×: to gather the rows of groups into lists is 2.4 × already (Polars' own
work), telling the rows once they are out of the lists is 1, and the rest is joining its text to the group's; two hashes
a row come on top where the rule has a choice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from coursewright.words import Grammar, tell
from words_grammars import spent
from words_story import row, rows

ROWS, IN_A_GROUP = 1_000_000, 20
ONE = "#driver# came #position.ordinal# for #team#."
KINDS: dict[str, tuple[Mapping[str, Any], str | None]] = {
    "a rule for each row of a group": ({"origin": "#driver.each(one).join#", "one": ONE}, "group"),
    "lists, counts and totals of groups": ({"origin": "#driver.list#: #points.total# in #driver.count#"}, "group"),
    "a hashtag that is modified": ({"origin": "#driver# came for #tag.upper#", "tag": "\\##team#"}, None),
    "a hashtag that is saved": ({"origin": "[t:#tag#]#driver# came #t#", "tag": ["\\##team#", "\\#F1"]}, None),
    "a save that may be left out": (
        {"origin": "#maybe##driver# came #t#", "maybe": ["[t:#team#]", ""], "t": "so"},
        None,
    ),
    "fields of structs": ({"origin": "#`who.driver`# came #position.ordinal# for #`who.team`#."}, None),
}


def main() -> str:
    """Measures all in one run, over the same million rows, and prints a line for each."""
    table = rows(ROWS).with_columns(pl.struct("driver", "team").alias("who"), group=pl.int_range(ROWS) // IN_A_GROUP)
    plain = spent(4, lambda: tell(Grammar({"origin": ONE}), table))
    lines = []
    for name, (rules, by) in KINDS.items():
        grammar = Grammar(rules)
        ours = spent(4, lambda grammar=grammar, by=by: tell(grammar, table, by=by))
        lines.append(row(
            f"{name}: processor time a row, at most 5 × that of a plain grammar",
            f"{ROWS / ours:,.0f} rows/s", f"{ROWS / plain:,.0f} rows/s (a plain grammar)", ours / plain, "≤ 5",
        ))  # fmt: skip
    text = "\n".join(lines)
    print(text)
    return text


if __name__ == "__main__":
    main()
