"""What a course expects of a table, and what breaks it."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.contracts.conditions import LOOKS, kind_of
    from coursewright.tables.contracts.contract import Contract
    from coursewright.tables.contracts.own import LINE, OwnTable, own_table
else:
    __getattr__ = on_first_use(__name__, __file__)
