"""Telling rows against pytracery over `DataFrame.apply`, tracery-grammar in Node, and a compiled Jinja2 template."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import polars as pl

from coursewright.words import Grammar, tell
from words_story import COLUMNS, RULES, best_of, row, rows

OURS, PEERS = 1_000_000, 100_000
NODE_MODULES = Path(__file__).parent.parent / "tests" / "node" / "node_modules"


def ordinal(text: str, *_: str) -> str:
    """What the peers use for `.ordinal`."""
    count = int(text)
    return f"{text}{'th' if 11 <= count % 100 <= 13 else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


def possessive(text: str, *_: str) -> str:
    """What the peers use for `.possessive`."""
    return f"{text}'s"


def rounded(text: str, places: str) -> str:
    """What the peers use for `.round`."""
    return f"{float(text):.{places}f}"


def pytracery(table: pl.DataFrame) -> float:
    """Rows per second of PyPI's `tracery`, a grammar for each row of a pandas frame, with the row's values in it."""
    import tracery
    from tracery.modifiers import base_english

    mine = {"ordinal": ordinal, "possessive": possessive, "round": rounded, "upper": lambda text, *_: text.upper()}
    modifiers = {**base_english, **mine}

    def told(values: Any) -> str:
        grammar = tracery.Grammar({**RULES, **{name: str(values[name]) for name in COLUMNS}})
        grammar.add_modifiers(modifiers)
        text: str = grammar.flatten("#origin#")
        return text

    frame = table.to_pandas()
    return len(frame) / best_of(1, lambda: frame.apply(told, axis=1))


def node(table: pl.DataFrame) -> float:
    """Rows per second of npm's `tracery-grammar`, the faster of one grammar a row and one grammar for all."""
    asked = json.dumps({"rules": RULES, "columns": COLUMNS, "rows": table.rows()})
    program = shutil.which("node") or "node"
    script = Path(__file__).with_name("words_node.js")
    environment = {**os.environ, "NODE_PATH": str(NODE_MODULES)}
    ran = subprocess.run(
        [program, str(script)], input=asked, capture_output=True, text=True, check=True, env=environment
    )
    return float(ran.stdout)


TEMPLATE = """\
{%- macro close() %}{{ points|round1 }} points after {{ laps }} laps{% endmacro -%}
{%- macro detail() %}{% set n = pick(3) %}{% if n == 0 %}with {{ points|round1 }} points from {{ laps }} laps\
{% elif n == 1 %}{{ laps }} laps for {{ points|round1 }} points{% else %}{{ close() }}{% endif %}{% endmacro -%}
{%- macro where() %}{% set n = pick(3) %}{% if n == 0 %}at {{ race|possessive }} {{ season }} race\
{% elif n == 1 %}in {{ race }} in {{ season }}{% else %}that year ({{ season }}) in {{ race }}{% endif %}{% endmacro -%}
{%- set opening, verb = openings[pick(5)], verbs[pick(4)] -%}
{%- if pick(2) == 0 -%}
{{ opening|capital }} {{ driver }} {{ verb }} {{ position|ordinal }} for {{ team|upper }} {{ where() }}, {{ detail() }}.
{%- else -%}
{{ driver }} {{ verb }} {{ position|ordinal }} for {{ team|upper }} {{ where() }}: {{ opening }}, {{ detail() }}.
{%- endif -%}"""


def jinja2(table: pl.DataFrame) -> float:
    """Rows per second of a compiled Jinja2 template with the same choices."""
    from jinja2 import Environment

    environment = Environment(autoescape=False)  # noqa: S701 - plain text
    environment.filters |= {
        "ordinal": lambda value: ordinal(str(value)),
        "possessive": possessive,
        "round1": lambda value: f"{value:.1f}",
        "capital": lambda text: text[:1].upper() + text[1:],
    }
    draw = random.Random(1)  # noqa: S311 - the same choices in each run
    environment.globals |= {
        "pick": lambda options: int(draw.random() * options),
        "openings": RULES["opening"],
        "verbs": RULES["verb"],
    }
    template = environment.from_string(TEMPLATE)
    records = table.to_dicts()
    return len(records) / best_of(1, lambda: [template.render(record) for record in records])


def main() -> str:
    """Measures all in one run and prints a line for each peer."""
    table, grammar = rows(OURS), Grammar(RULES)
    ours = OURS / best_of(3, lambda: tell(grammar, table))
    some = table.head(PEERS)
    lines = []
    for name, peer, target in (("pytracery", pytracery, 400), ("tracery-grammar", node, 30), ("Jinja2", jinja2, 30)):
        theirs = peer(some)
        claim = f"rows per second, {target} × {name}"
        lines.append(row(claim, f"{ours:,.0f} rows/s", f"{theirs:,.0f} rows/s ({name})", ours / theirs, f"≥ {target}"))
    text = "\n".join(lines)
    print(text)
    return text


if __name__ == "__main__":
    main()
