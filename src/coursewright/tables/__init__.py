"""Tables: named rows and columns, whatever they come from, and the database in which SQL runs over them."""

from coursewright.tables.contract import Contract, Expect
from coursewright.tables.copies import Fetch
from coursewright.tables.database import Database
from coursewright.tables.kept import Kept
from coursewright.tables.source import Source
from coursewright.tables.sql import Sql
from coursewright.tables.table import Derived, Table, quote
from coursewright.tables.timeline import Timeline

__all__ = ["Contract", "Database", "Derived", "Expect", "Fetch", "Kept", "Source", "Sql", "Table", "Timeline", "quote"]
