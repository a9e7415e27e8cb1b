"""Statements as a server says them: what an author wrote, made to mean there what it means in DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError
from coursewright.tables.servers.shapes import Shapes
from coursewright.tables.statements.dialects import Translation, as_duckdb, parse, translate
from coursewright.tables.statements.scopes import folded
from coursewright.tables.statements.sql import Sql
from coursewright.tables.table import DerivedTable

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

    from coursewright.tables.servers.server import Server

Clauses = dict[str, "exp.Expr"]
_FIRST = 10  # rows that tell what the columns are
_LONGEST = 38  # digits of a decimal number of DuckDB's
_KEPT = 500  # statements, with the trees of their clauses
_KNOWN = ("postgres", "mysql", "sqlite", "trino", "spark")  # the servers of which it is known what they mean


class Speaker:
    """Says the statements of one server's course; what was said once is kept."""

    def __init__(self, server: Server) -> None:
        self.server, self.session = server, server.session
        self.shapes = Shapes(server.timezone)
        self._understood: dict[Any, exp.Expr] = {}
        self._known: set[Any] = set()
        self._said: dict[Any, tuple[Translation, Clauses]] = {}

    def copied(self, name: str, rows: pa.Table) -> None:
        """Take note of a table whose rows were copied to the server."""
        self.shapes.add_rows(name, rows.schema)

    def said(self, sql: Sql, values: Mapping[str, Any], clauses: Clauses) -> Translation:
        """`sql` in the server's own SQL, after the clauses. Raises CoursewrightError for what cannot be said."""
        made = tuple((name, id(tree)) for name, tree in clauses.items())
        key = (sql, made, tuple(type(value) for value in values.values()))
        if key not in self._said:
            if len(self._said) >= _KEPT:
                self._said.clear()
            self._said[key] = self._say(sql, values, clauses), clauses  # which keep their ids as long
        return self._said[key][0]

    def _say(self, sql: Sql, values: Mapping[str, Any], clauses: Clauses) -> Translation:
        tree = self.understood(sql, values).copy()
        if clauses:
            _put_before(tree, {name: clause.copy() for name, clause in clauses.items()}, sql)
        rules = () if self._speaks(sql) or self._knows else self.session.rules
        return translate(tree, sql, to=self.session.dialect, rules=rules, names=self._spellings(tree))

    def plain(self, sql: Sql) -> exp.Expr:
        """The tree of a statement of ours, which SQLGlot says right."""
        return parse(sql, sql.dialect or self.server.dialect)

    def understood(self, sql: Sql, values: Mapping[str, Any]) -> exp.Expr:
        """The tree of `sql`, made to mean in the server what it means in DuckDB."""
        if self._speaks(sql) or not self._knows:
            return parse(sql, sql.dialect or self.server.dialect)
        values = {**{f"_{name}": value for name, value in values.items()}, **values}
        key = (sql, tuple(type(values.get(name)) for name in sql.parameters))
        if key not in self._understood:
            self._understood[key] = self._understand(as_duckdb(sql, sql.dialect or self.server.dialect), values)
        return self._understood[key]

    def shape(self, sql: Sql, values: Mapping[str, Any]) -> pa.Schema | None:
        """The names and types that `sql` gives in DuckDB; None for SQL that is the server's own."""
        if self._speaks(sql):
            return None
        self._know_tables(sql, values)
        return self.shapes.of(as_duckdb(sql, sql.dialect or self.server.dialect), values, self.server.tables)

    @property
    def _knows(self) -> bool:
        return self.session.dialect in _KNOWN

    def _speaks(self, sql: Sql) -> bool:
        """Whether the author wrote the server's own SQL, which is nobody's to change."""
        return (sql.dialect or self.server.dialect) == self.session.dialect

    def _understand(self, sql: Sql, values: Mapping[str, Any]) -> exp.Expr:
        from coursewright.tables.servers.expressions import WAYS
        from coursewright.tables.servers.kinds import kind_of
        from coursewright.tables.servers.meaning import Meaning
        from coursewright.tables.servers.orders import ordered_outside
        from coursewright.tables.servers.statements import AsWritten, understood

        names = self._know_tables(sql, values)
        tables = {
            name.lower(): {column.lower(): kind_of(kind) for column, kind in self.shapes.columns(name).items()}
            for name in names
        }
        own = frozenset(name.lower() for name in names if self.server.is_own(name) and not self.session.has(name))
        own_text, own_double = self.session.own_text, self.session.own_double
        meaning = Meaning(sql, self.session.dialect, values, WAYS, own_text=own_text, own_double=own_double)
        tree: exp.Expr = ordered_outside(parse(sql, AsWritten), meaning, tables)
        understood(tree, meaning, tables, own)
        return tree

    def _know_tables(self, sql: Sql, values: Mapping[str, Any]) -> list[str]:
        """Take note of the tables that `sql` names; their names."""
        names = sorted(self.server.names(sql))
        key = (sql, tuple(type(value) for value in values.values()))
        if key in self._known:
            return names
        self._known.add(key)
        for name in names:
            table = self.server.tables[name]
            if isinstance(table, DerivedTable):
                shape = self.shape(table.sql, values)
                self.shapes.add_rows(name, self._own_shape(table, values) if shape is None else shape)
            elif not self.shapes.has(name):
                self.server.open(name)
                if not self.shapes.has(name):
                    self.shapes.add(name, self.session.held(name))
        return names

    def _own_shape(self, table: DerivedTable, values: Mapping[str, Any]) -> pa.Schema:
        """The names and types of a derived table that is written in the server's own SQL: those of its first rows.

        What these do not say is asked for: the type of a column that has no value in them, and the length of numbers.
        """
        clauses: Clauses = {}
        self.server.add_clauses(clauses, table.sql)
        said = self.said(table.sql, values, clauses)
        some = f" LIMIT {_FIRST}" if self.session.is_far else ""

        def asked(columns: str, rest: str = "") -> pa.Table:
            return self.session.run(
                Translation(f"SELECT {columns} FROM ({said.text}) AS _own{rest}"), values, table.sql
            )

        schema = asked("*", some).schema
        return self._completed(schema, asked, some) if some else schema

    def _completed(self, schema: pa.Schema, asked: Callable[..., pa.Table], some: str) -> pa.Schema:
        import pyarrow as pa
        import pyarrow.types as kinds
        from sqlglot import exp

        lengths = getattr(self.session.kind, "lengths", None)
        for at, field in enumerate(schema):
            name, kind = exp.to_identifier(field.name, quoted=True).sql(dialect=self.session.dialect), field.type
            if kinds.is_null(kind):
                kind = asked(name, f" WHERE {name} IS NOT NULL{some}").schema.field(0).type
            if lengths and (kinds.is_integer(kind) or kinds.is_decimal(kind)):
                whole, scale = (column[0].as_py() or 0 for column in asked(", ".join(lengths(name))).columns)
                if scale:
                    kind = pa.decimal128(min(whole + scale, _LONGEST), scale)
            elif kinds.is_decimal(kind):
                kind = pa.decimal128(_LONGEST, kind.scale)
            schema = schema.set(at, field.with_type(kind))
        return schema

    def _spellings(self, tree: exp.Expr) -> dict[str, str]:
        """How the server spells the tables and columns that a statement may name."""
        from sqlglot import exp

        spelling: dict[str, str] = {}
        tables = [table.name for table in tree.find_all(exp.Table)]
        for name in filter(self.session.has, tables):  # copies, of which some are no tables of the course
            spelling.update({column.lower(): column for column in self.session.columns(name)})
        for name in self._named(iter(tables)):
            spelling[name.lower()] = name
            if not isinstance(self.server.tables[name], DerivedTable):
                for column in self.session.columns(name):
                    spelling.setdefault(column.lower(), column)
        return spelling

    def _named(self, names: Iterator[str]) -> list[str]:
        known = {folded(name): name for name in self.server.tables}
        return sorted({known[folded(name)] for name in names if folded(name) in known})


def _put_before(tree: exp.Expr, clauses: Mapping[str, exp.Expr], sql: Sql) -> None:
    """Put the clauses before those that the statement has."""
    from sqlglot import exp

    theirs = tree.args.get("with_")
    own = {clause.alias.lower() for clause in tree.find_all(exp.CTE)}  # a server may see each where DuckDB does not
    for name in clauses:
        if name.lower() in own:
            message = f'a WITH clause cannot be called "{name}" where SQL runs in a server: a table has that name'
            raise CoursewrightError(message, sql.place(), "rename the clause")
    made = [
        exp.CTE(this=body, alias=exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
        for name, body in clauses.items()
    ]
    recursive = bool(theirs and theirs.args.get("recursive"))
    tree.set("with_", exp.With(expressions=[*made, *(theirs.expressions if theirs else ())], recursive=recursive))
