"""Statements of SQL: what they name, what they mean in another dialect, and what is known of their answers."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.statements.behind import refuse_circle, tables_behind
    from coursewright.tables.statements.dialects import DUCKDB, known_dialect
    from coursewright.tables.statements.known_functions import Function, Kind, functions
    from coursewright.tables.statements.outside import NEVER
    from coursewright.tables.statements.scopes import Node, clauses, folded, nodes
    from coursewright.tables.statements.sql import StatementReads, sql_problem
    from coursewright.tables.statements.ties import tie, without_limit
else:
    __getattr__ = on_first_use(__name__, __file__)
