"""`{tell}` by a grammar that SQL cannot tell: the rows as SQL that stands alone, and what Python is to tell of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from coursewright.pages.blocks.block import Flow
from coursewright.pages.directives import tell
from coursewright.pages.executing.run import Materials
from coursewright.pages.retold.rows import retold_rows
from coursewright.pages.retold.tell import rows_of
from coursewright.pages.text.body import Directive
from coursewright.words.door import NotElsewhere, Telling
from coursewright.words.in_sql import NotInSql


@dataclass(frozen=True)
class RetoldElsewhere:
    """The SELECT of the rows, each value as a text, and what is told of them; `why` SQL cannot.

    `tables` are those that are read, with the columns that the SQL may name, or None for all.
    """

    rows: str
    telling: Telling
    flow: Flow
    tables: Mapping[str, frozenset[str] | None]
    why: str


def retold_elsewhere(
    directive: Directive, options: tell.TellOptions, materials: Materials, live: frozenset[str], why: str
) -> RetoldElsewhere:
    """The texts of a `{tell}` as Python tells them; `live` are the parameters that a reader changes.

    Raises NotInSql with what cannot be told so, which is `why` where Python is no help.
    """
    if options.markdown:
        raise NotInSql(why)
    rows = retold_rows(rows_of(directive, options, materials), materials, live)
    grammar = tell.grammar_of(directive, options, materials)
    key, by = tuple(options.key.split()), tuple(options.by.split())
    try:
        told = Telling.of(grammar, rows.columns, rule=options.rule, seeds=(options.seed,), key=key, by=by)
    except NotElsewhere as also:
        raise NotInSql(f"{why}, and Python cannot be asked about {also}") from None
    return RetoldElsewhere(f"SELECT {told.texts} FROM ({rows.rows})", told, options.form, rows.tables, why)
