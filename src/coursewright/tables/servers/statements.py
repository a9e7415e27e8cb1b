"""One statement of DuckDB's SQL as a server means the same by it, clause by clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from sqlglot import errors, exp
from sqlglot.dialects.duckdb import DuckDB
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, traverse_scope
from sqlglot.parsers.duckdb import DuckDBParser

from coursewright.errors import CoursewrightError
from coursewright.tables.servers import aggregates
from coursewright.tables.servers.kinds import OTHER, SqlType, common
from coursewright.tables.servers.meaning import Meaning

Columns = Mapping[str, SqlType]
_PARSED = ("CAST", "TRY_CAST", "EXTRACT", "POSITION", "SUBSTRING", "TRIM")
_OF_A_UNION = {"this", "expression", "distinct", "order", "limit", "offset", "with_"}
_PARTS: dict[type[Any], set[str]] = {  # what may stand in a piece of a statement; anything else is refused
    exp.Select: {
        *("expressions", "from_", "joins", "where", "group", "having", "order", "limit", "offset", "distinct", "with_"),
    },
    exp.Table: {"this", "alias", "db"},
    exp.Join: {"this", "on", "using", "side", "kind"},
    exp.SetOperation: _OF_A_UNION,
    exp.Group: {"expressions"},
}


class _Parser(DuckDBParser):
    """One that leaves every function as it is written."""

    FUNCTIONS: ClassVar[Any] = {}
    FUNCTION_PARSERS: ClassVar[Any] = {name: DuckDBParser.FUNCTION_PARSERS[name] for name in _PARSED}
    NO_PAREN_FUNCTION_PARSERS: ClassVar[Any] = {
        name: parse for name, parse in DuckDBParser.NO_PAREN_FUNCTION_PARSERS.items() if name != "IF"
    }


class AsWritten(DuckDB):
    """DuckDB's SQL, of which every function has its own name and its arguments in order."""

    Parser = _Parser


def understood(tree: Any, meaning: Meaning, tables: Mapping[str, Columns], own: frozenset[str]) -> dict[str, SqlType]:
    """Make `tree` the server's, in place; the kinds of its columns.

    `tables` are the columns of each table that it names, in small letters, `own` those of the server itself. Raises
    CoursewrightError with the author's line for what is not known to mean the same there.
    """
    _write_windows_out(tree)
    _refuse_structures(tree, meaning)
    _write_rows_out(tree, meaning)
    qualified = _qualified(tree, meaning, tables)
    given: dict[int, dict[str, SqlType]] = {}
    scopes = list(traverse_scope(qualified))
    for scope in scopes:
        given[id(scope.expression)] = _scope(scope, replace(meaning), tables, own, given)
        meaning.subqueries.update({key: next(iter(kinds.values()), OTHER) for key, kinds in given.items()})
    return given[id(qualified)]


def _qualified(tree: Any, meaning: Meaning, tables: Mapping[str, Columns]) -> Any:
    """The tree with every column's table named, stars and names of the same SELECT written out."""
    schema: dict[str, object] = {name: dict.fromkeys(columns, "TEXT") for name, columns in tables.items()}
    try:
        made = qualify(tree, schema=schema, dialect="duckdb", validate_qualify_columns=False)
    except errors.SqlglotError as error:
        said = str(error).split("\n", maxsplit=1)[0].rstrip(".")
        raise CoursewrightError(f"SQL: {said}", meaning.sql.place()) from None
    if made is not tree:
        meaning.refuse(tree)
    return made


def _refuse_structures(tree: Any, meaning: Meaning) -> None:
    """Refuse what no server, or not this one, has as DuckDB has it."""
    for node in list(tree.walk()):
        if isinstance(node, exp.With) and node.args.get("recursive"):
            meaning.refuse(node, "WITH RECURSIVE")
        if isinstance(node, exp.Distinct) and node.args.get("on"):
            meaning.refuse(node, "DISTINCT ON")
        if isinstance(node, exp.Lateral | exp.Pivot | exp.Unnest | exp.TableSample):
            meaning.refuse(node)
        if isinstance(node, exp.Group):
            _group_by_all(node, meaning)
        if isinstance(node, exp.Join):
            _refuse_join(node, meaning)
        for kind, parts in _PARTS.items():
            if isinstance(node, kind):
                _only(node, parts, meaning)
        if isinstance(node, exp.Table) and not isinstance(node.this, exp.Identifier):
            meaning.refuse(node, f"the table function {node.this.name or type(node.this).__name__}")


def _group_by_all(group: Any, meaning: Meaning) -> None:
    """GROUP BY ALL: by everything that is selected and is no aggregate."""
    if not group.args.get("all"):
        return
    group.set("all", None)
    selected = [each.this if isinstance(each, exp.Alias) else each for each in group.parent.expressions]
    if any(each.is_star for each in selected):
        meaning.refuse(group, "GROUP BY ALL with *")
    plain = [each for each in selected if not any(map(aggregates.is_aggregate, each.find_all(exp.Anonymous)))]
    group.set("expressions", [each.copy() for each in plain])
    if not plain:
        group.pop()


_CLAUSES = {
    "qualify": "QUALIFY",
    "laterals": "LATERAL",
    "pivots": "PIVOT",
    "windows": "a window with a name",
    "sample": "a sample",
    "grouping_sets": "GROUPING SETS",
    "when": "AS OF",
    "joins": "joins in brackets",
    "match_condition": "ASOF",
    "ordinality": "WITH ORDINALITY",
    "by_name": "UNION BY NAME",
}


def _only(node: Any, parts: set[str], meaning: Meaning) -> None:
    for name, value in node.args.items():
        if value and name not in parts:
            hint = "select in a WITH clause, and say WHERE after it" if name == "qualify" else ""
            part = value[0] if isinstance(value, list) else value
            place = part if isinstance(part, exp.Expr) else node
            meaning.refuse(place, _CLAUSES.get(name, name.strip("_").upper()), *([hint] if hint else []))


def _refuse_join(node: Any, meaning: Meaning) -> None:
    method = node.text("method").upper()
    if method:
        meaning.refuse(node, f"{method} JOIN")
    kind, side = node.text("kind").upper(), node.text("side").upper()
    if kind in ("SEMI", "ANTI", "ASOF", "POSITIONAL"):
        meaning.refuse(node, f"{kind} JOIN")
    if side == "FULL" and meaning.to == "mysql":
        meaning.refuse(node, "FULL JOIN", "say LEFT JOIN, and UNION ALL what the other side has alone")


def _write_windows_out(tree: Any) -> None:
    """`OVER w` with what WINDOW says of w."""
    for select in tree.find_all(exp.Select):
        named: dict[str, Any] = {}
        for window in select.args.get("windows") or ():
            _add_to_window(window, named)
            named[window.this.name.lower()] = window
        if named:
            select.set("windows", None)
            for window in select.find_all(exp.Window):
                if window.find_ancestor(exp.Select) is select:
                    _add_to_window(window, named)


def _add_to_window(window: Any, named: Mapping[str, Any]) -> None:
    alias = window.args.get("alias")
    if alias and alias.name.lower() in named:
        window.set("alias", None)
        for part in ("partition_by", "order", "spec"):
            said = named[alias.name.lower()].args.get(part)
            if said and not window.args.get(part):
                window.set(part, [each.copy() for each in said] if isinstance(said, list) else said.copy())


def _write_rows_out(tree: Any, meaning: Meaning) -> None:
    """`(VALUES …) AS t(a)` as SELECTs, which name their columns."""
    from coursewright.tables.servers.rules import rows_of_selects

    for node in list(tree.find_all(exp.Values)):
        made = rows_of_selects(node)
        if made is node:
            meaning.refuse(node, "VALUES without names for its columns", "write (VALUES …) AS t(a, b)")
        node.replace(made)


def _scope(
    scope: Scope,
    meaning: Meaning,
    tables: Mapping[str, Columns],
    own: frozenset[str],
    given: Mapping[int, dict[str, SqlType]],
) -> dict[str, SqlType]:
    """Make one SELECT or UNION the server's; the kinds of its columns."""

    def known(column: exp.Column) -> tuple[SqlType, bool]:
        return _column(scope, column, tables, own, given)

    meaning.columns = known
    tree = scope.expression
    if isinstance(tree, exp.SetOperation):
        return _union(tree, meaning, given)
    if not isinstance(tree, exp.Select):
        meaning.refuse(tree)
    names = (name for one in scope.sources.values() for name in _columns(one, tables, given))
    return _select(tree, meaning, frozenset(names))


def _columns(source: Any, tables: Mapping[str, Columns], given: Mapping[int, dict[str, SqlType]]) -> Columns:
    return given[id(source.expression)] if isinstance(source, Scope) else tables.get(source.name.lower(), {})


def _column(
    scope: Scope | None,
    column: exp.Column,
    tables: Mapping[str, Columns],
    own: frozenset[str],
    given: Mapping[int, dict[str, SqlType]],
) -> tuple[SqlType, bool]:
    """The kind of a column, and whether it stands in a table of the server's own."""
    name = column.name.lower()
    while scope is not None:
        source = scope.sources.get(column.table)
        if source is not None:
            of_own = isinstance(source, exp.Table) and source.name.lower() in own
            return _columns(source, tables, given).get(name, OTHER), of_own
        scope = scope.parent
    return OTHER, False


def _union(tree: Any, meaning: Meaning, given: Mapping[int, dict[str, SqlType]]) -> dict[str, SqlType]:
    left, right = (given[id(_bare(side))] for side in (tree.left, tree.right))
    if len(left) != len(right):
        meaning.refuse(tree, "a UNION of other numbers of columns")
    kinds = {}
    for (name, one), other in zip(left.items(), right.values(), strict=True):
        kind = common(one, other)
        if kind is None or (kind == OTHER and one != other):
            meaning.refuse(tree, f"{one} and {other} in one column", "say which of them it is to be: CAST(… AS …)")
        kinds[name] = kind
    _ordered(tree, meaning, kinds)
    return kinds


def _bare(side: Any) -> Any:
    return side.unnest() if isinstance(side, exp.Subquery) else side


def _select(tree: Any, meaning: Meaning, columns: frozenset[str]) -> dict[str, SqlType]:
    kinds: dict[str, SqlType] = {}
    projections = []
    aggregates.name_in_order(tree, columns)
    for each in tree.expressions:
        value = each.this if isinstance(each, exp.Alias) else each
        if isinstance(value, exp.Star) or (value.find(exp.Star) and isinstance(value, exp.Column)):
            meaning.refuse(each, "* of a table that is not known")
        made, kind = meaning.mean(value)
        name = each.alias_or_name.lower()
        if name in kinds:
            meaning.refuse(each, f'two columns called "{name}"', "rename one of them with AS")
        kinds[name] = kind
        projections.append((each, made))
    for join in tree.args.get("joins") or ():
        if condition := join.args.get("on"):
            condition.replace(meaning.truth(condition))
    if where := tree.args.get("where"):
        where.set("this", meaning.truth(where.this))
    if having := tree.args.get("having"):
        having.set("this", meaning.truth(having.this))
    aggregates.say_groups(tree, meaning)
    # MariaDB takes a name inside an expression, which an order there is, for that of a table's column.
    selected = {each.alias_or_name.lower(): made for each, made in projections} if meaning.to == "mysql" else {}
    _ordered(tree, meaning, kinds, selected)
    for each, made in projections:
        if isinstance(each, exp.Alias):
            each.set("this", made)
        else:
            each.replace(exp.alias_(made, each.alias_or_name, quoted=True))
    return kinds


def _ordered(
    tree: Any, meaning: Meaning, kinds: Mapping[str, SqlType], selected: Mapping[str, Any] | None = None
) -> None:
    """ORDER BY: names of the columns that are selected stand before those of tables."""
    for part in ("limit", "offset"):
        bound = tree.args.get(part)
        if bound is not None and not isinstance(bound.expression, exp.Literal | exp.Placeholder | exp.Parameter):
            meaning.refuse(tree, part.upper())
    order = tree.args.get("order")
    if not order:
        return
    keys = []
    for each in order.expressions:
        bare = each.this
        if isinstance(bare, exp.Column) and not bare.table and bare.name.lower() in kinds:
            name = bare.name.lower()
            value = selected[name].copy() if selected else bare
            keys.append(aggregates.order_key(meaning, each, (value, kinds[name])))
        else:
            keys.append(aggregates.order_key(meaning, each))
    order.set("expressions", keys)
