"""Tables: named rows and columns, whatever they come from, and the database in which SQL runs over them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.database import Database
    from coursewright.tables.embedded import EmbeddedDatabase
    from coursewright.tables.parameters.parameter import Parameter
    from coursewright.tables.statements.sql import Sql
    from coursewright.tables.table import DerivedTable, Table, quote
    from coursewright.tables.timeline import Timeline
else:
    __getattr__ = on_first_use(__name__, __file__)
