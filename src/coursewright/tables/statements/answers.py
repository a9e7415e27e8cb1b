"""What is known of the answers to statements that are asked again while the tables stay what they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from coursewright.tables.statements.again import StatementAgain, for_all
from coursewright.tables.statements.known import KnownStatements
from coursewright.tables.statements.sql import Sql

if TYPE_CHECKING:
    import pyarrow as pa

_MOST_SETTLED = 1_000  # answers that are kept


@dataclass
class Answers:
    """The answers of an embedded database, whose statements are `known`."""

    known: KnownStatements
    _settled: dict[tuple[Sql, str], pa.Table] = field(default_factory=dict)
    _again: dict[Sql, tuple[object, StatementAgain | None]] = field(default_factory=dict)

    def rows(self, sql: Sql, bound: Mapping[str, Any], tables: object, ask: Callable[[], pa.Table]) -> pa.Table:
        """The rows of `sql` for the values in `bound`, which `ask` gives; `tables` tells these from later ones."""
        if self.known.outside[sql]:
            return ask()
        if self.known.names[sql]:
            again = self._of(sql, tables)
            return again.answer(bound, ask) if again else ask()
        asked = sql, repr(bound)  # it reads nothing, so its answer hangs on these values alone
        if asked not in self._settled:
            if len(self._settled) >= _MOST_SETTLED:
                self._settled.clear()
            self._settled[asked] = ask()
        return self._settled[asked]

    def _of(self, sql: Sql, tables: object) -> StatementAgain | None:
        was, again = self._again.get(sql, (None, None))
        if was != tables:
            statement = again.statement if again else for_all(self.known.readings[sql]) if was is None else None
            again = StatementAgain(statement, self.known.connection) if statement else None
            self._again[sql] = tables, again
        return again
