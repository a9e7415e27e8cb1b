"""Grammars compiled to SQL: the text of every row as one expression, for an engine that has no Python beside it.

    told = in_sql(grammar, {"code": "VARCHAR", "next": "BIGINT"})
    told.over("SELECT code, next, 0::UBIGINT AS _key FROM …")      # a SELECT of the texts, in the order of the rows

The SQL is that of DuckDB from 1.4 on. A text that it cannot tell as Python does is NULL, never another text; a grammar
that it cannot tell at all raises `NotInSql` with the reason (docs/decisions/0045-change-the-race.md).
"""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.words.in_sql.compiled import in_sql
    from coursewright.words.in_sql.handed import Over, over
    from coursewright.words.in_sql.prelude import PRELUDE, prelude_for
    from coursewright.words.in_sql.value import NotInSql, count_anew
else:
    __getattr__ = on_first_use(__name__, __file__)
