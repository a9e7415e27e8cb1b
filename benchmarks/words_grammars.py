"""Five kinds of grammar against pytracery, and three of them against joining ready strings; processor time.

A sentence of two words of which one is chosen from 10,000 comes near 400 × on a machine with little to do, and to
300 × on a loaded one: pytracery's own time does not grow with the list (24,000 to 31,000 such sentences a second), and
ours does, by the fourteen forks of the tree of 10,000 texts, which are a third of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from coursewright.words import Grammar, tell
from words_peers import ordinal, possessive, rounded
from words_story import row, rows

OURS, THEIRS, JOINED = 1_000_000, 3000, 1_000_000
WORDS = [f"word{number}" for number in range(10_000)]
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """A grammar of ours, the rules that pytracery gets for a row, and how much faster we claim to be."""

    rules: Mapping[str, Any]
    theirs: Callable[[Values], Mapping[str, Any]] | None = None
    most: int = 400
    columns: tuple[str, ...] = ()
    pieces: list[Any] = field(default_factory=list)


def result(values: Values) -> Mapping[str, Any]:
    """The rule that a condition would choose: pytracery has none, so Python does."""
    place = values["position"]
    text = "#driver# won" if place == 1 else "#driver# took a podium" if place <= 3 else "#driver# came #position#"
    return {"result": text if values["laps"] >= 5 else "#driver# retired early"}


PLAIN = {
    "origin": ["#driver# #verb# #position# for #team# in #race#.", "In #race# #driver# #verb# #position# for #team#."],
    "verb": ["came home", "finished", "was classified"],
}
CONDITIONS = {
    "origin": "In #race# in #season# #result# for #team#.",
    "result": {
        "laps < 5": "#driver# retired early",
        "position = 1": "#driver# won",
        "position <= 3": "#driver# took a podium",
        "otherwise": "#driver# came #position#",
    },
}
TWENTY = {
    "origin": "#driver.upper# #driver.possessive# #driver.capitalize# #driver.a#, #team.upper# #team.possessive# "
    "#team.s# #team.a#, #race.upper# #race.possessive# #race.s# #race.a#, #position.ordinal# #laps.ordinal# "
    "#season.ordinal# #points.round(1)#, #verb.ed# #verb.capitalize# #verb.s# #verb.upper#",
    "verb": ["finish", "start", "brake"],
}
STORY = {
    "origin": "#story#.",
    "story": ["#who# #did#", "#who# #did#", "#who# #did#", "#who# #did#, and #story#"],
    "who": ["the #noun#", "the #noun#", "the #noun# that #did#"],
    "did": ["saw #who#", "slept", "ran", "waited"],
    "noun": ["dog", "#driver#", "man from #team#"],
}
KINDS: dict[str, Kind] = {
    "a plain grammar": Kind(PLAIN, columns=("driver", "position", "team", "race"), pieces=[
        "driver", pl.lit(" came home "), "position", pl.lit(" for "), "team", pl.lit(" in "), "race", pl.lit("."),
    ]),
    "conditions": Kind(CONDITIONS, result, columns=("driver", "position", "team", "race", "season"), pieces=[
        pl.lit("In "), "race", pl.lit(" in "), "season", pl.lit(" "), "driver", pl.lit(" came "), "position",
        pl.lit(" for "), "team", pl.lit("."),
    ]),
    "20 modifiers": Kind(TWENTY, columns=("driver", "team", "race", "position", "laps", "season", "points"), pieces=[
        piece for name in ["driver", "team", "race"] * 4 + ["position", "laps", "season", "points"]
        for piece in (name, pl.lit(" "))
    ] + [pl.lit("finished Finish finishes FINISH")]),
    "a list of 10,000 words": Kind({"origin": "#driver# said #word#", "word": WORDS}, columns=("driver",)),
    "recursion": Kind(STORY, most=20, columns=("driver", "team")),
}  # fmt: skip


def spent(times: int, work: Callable[[], Any]) -> float:
    """The least of several measured times of the processors, in seconds."""
    least = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        least = min(least, time.process_time() - start)
    return least


def pytracery(kind: Kind, table: pl.DataFrame) -> float:
    """Rows per second of PyPI's `tracery`: the faster of a grammar for each row and one that rows are pushed on."""
    import tracery
    from tracery.modifiers import base_english

    mine = {"ordinal": ordinal, "possessive": possessive, "round": rounded, "upper": lambda text, *_: text.upper()}
    records = [{**one, **{f"{name}": one[name] for name in kind.columns}} for one in table.to_dicts()]

    def given(values: Values) -> dict[str, Any]:
        return {**{name: str(values[name]) for name in kind.columns}, **(kind.theirs(values) if kind.theirs else {})}

    def one_a_row() -> None:
        for values in records:
            grammar = tracery.Grammar({**kind.rules, **given(values)})
            grammar.add_modifiers({**base_english, **mine})
            grammar.flatten("#origin#")

    shared = tracery.Grammar({name: rule for name, rule in kind.rules.items() if not isinstance(rule, dict)})
    shared.add_modifiers({**base_english, **mine})

    def one_for_all() -> None:
        for values in records:
            rules = given(values)
            for name, text in rules.items():
                shared.push_rules(name, [text])
            shared.flatten("#origin#")
            for name in rules:
                shared.pop_rules(name)

    return len(records) / min(spent(1, one_a_row), spent(2, one_for_all))


def main() -> str:
    """Measures all in one run and prints a line for each."""
    table = rows(OURS)
    lines = []
    for name, kind in KINDS.items():
        grammar = Grammar(kind.rules)
        seconds = spent(3, lambda grammar=grammar: tell(grammar, table))
        ours, theirs = OURS / seconds, pytracery(kind, table.head(THEIRS))
        lines.append(row(
            f"{name}: rows per second of processor, {kind.most} × pytracery",
            f"{ours:,.0f} rows/s", f"{theirs:,.0f} rows/s (pytracery)", ours / theirs, f"≥ {kind.most}",
        ))  # fmt: skip
        if kind.pieces:
            peer = spent(3, lambda pieces=kind.pieces: table.select(pl.concat_str(pieces)))
            lines.append(row(
                f"{name}: processor time within 2 × of joining ready strings",
                f"{ours:,.0f} rows/s", f"{JOINED / peer:,.0f} rows/s (Polars concat_str)", seconds / peer, "≤ 2",
            ))  # fmt: skip
    text = "\n".join(lines)
    print(text)
    return text


if __name__ == "__main__":
    main()
