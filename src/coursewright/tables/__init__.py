"""Tables: named rows and columns, whatever they come from, and the database in which SQL runs over them."""

from coursewright.tables.contracts.contract import Contract, Expect
from coursewright.tables.database import Database
from coursewright.tables.fetching.copies import Fetch
from coursewright.tables.fetching.kept import Kept
from coursewright.tables.frame import as_frame
from coursewright.tables.parameters.choices import Field, check_values, choices_of, read_field, settled
from coursewright.tables.parameters.parameter import Choice, Declared, Parameter, Scalar, declare
from coursewright.tables.source import Source
from coursewright.tables.statements.sql import Sql
from coursewright.tables.table import Derived, Table, quote
from coursewright.tables.timeline import Timeline

__all__ = [
    "Choice",
    "Contract",
    "Database",
    "Declared",
    "Derived",
    "Expect",
    "Fetch",
    "Field",
    "Kept",
    "Parameter",
    "Scalar",
    "Source",
    "Sql",
    "Table",
    "Timeline",
    "as_frame",
    "check_values",
    "choices_of",
    "declare",
    "quote",
    "read_field",
    "settled",
]
