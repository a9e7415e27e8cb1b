"""What differs from server to server, a file for each: connecting, types, temporary tables, and rules for its SQL.

A module of this folder has

    DIALECT = "postgres"                                 # SQLGlot's name of its SQL
    PERCENT = True                                       # whether its driver wants signs of per cent doubled
    RULES: tuple[Rule, ...]                              # what SQLGlot leaves to be said otherwise
    def connect(address: Address, timezone: str) -> Any  # a connection of its driver, for reading
    def parameter(name: str) -> str                      # how its driver writes a parameter
    def tables(connection, address) -> dict[str, str]    # its tables, by name: how the schema is called
    def columns(connection, table, schema) -> dict[str, str]   # the columns of one and their types
    def load(connection, name, rows) -> str              # rows as a temporary table; its schema
    def said(error: Exception) -> str | None             # what its driver says of a statement; None: it is gone
"""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.servers.server import Server
    from coursewright.tables.servers.session import open_session
    from coursewright.tables.servers.speaker import Clauses
else:
    __getattr__ = on_first_use(__name__, __file__)
