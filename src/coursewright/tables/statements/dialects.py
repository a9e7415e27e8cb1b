"""SQL of one dialect as that of another: SQLGlot's work, and the rules for what it leaves as it is.

Names are matched as DuckDB matches them: capitals do not count, and what is found keeps the spelling that the server
has for it. Parameters become marks, which only a session turns into what its driver binds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, MissingPart, Place, did_you_mean
from coursewright.tables.statements.sql import Sql

if TYPE_CHECKING:
    from sqlglot import exp

    Rule = Callable[[exp.Expr], exp.Expr]

DUCKDB = "duckdb"
# SQLGlot's dialects by the names that people know.
DIALECTS = {
    "duckdb": "duckdb",
    "postgres": "postgres",
    "postgresql": "postgres",
    "mysql": "mysql",
    "mariadb": "mysql",
    "sqlite": "sqlite",
    "trino": "trino",
    "spark": "spark",
}
_MARK = re.compile(
    "\ufdd0(\\w+)\ufdd1"
)  # around the name of a parameter; a statement that holds them itself is refused


@dataclass(frozen=True)
class Translation:
    """A statement in another dialect, with a mark for each parameter."""

    text: str

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters in order of first use."""
        return tuple(dict.fromkeys(_MARK.findall(self.text)))

    def written(self, write: Callable[[str], str], *, percent: bool = False) -> str:
        """The text with each parameter as `write(name)`; with `percent`, a sign of per cent is doubled elsewhere."""
        return _MARK.sub(lambda found: write(found[1]), self.text.replace("%", "%%") if percent else self.text)


def known_dialect(name: str, place: Place) -> str:
    """SQLGlot's name of a dialect. Raises CoursewrightError for one that is not known."""
    if name.lower() not in DIALECTS:
        raise CoursewrightError(f'no dialect of SQL called "{name}"', place, did_you_mean(name, DIALECTS))
    return DIALECTS[name.lower()]


def parse(sql: Sql, dialect: Any = DUCKDB) -> exp.Expr:
    """The tree of a statement; `dialect` is a name or a class of SQLGlot's.

    Raises CoursewrightError with the author's line for what cannot be read.
    """
    try:
        import sqlglot
        from sqlglot import errors
    except ImportError:
        hint = 'pip install "coursewright[databases]"'
        raise MissingPart("SQL for another database needs SQLGlot", sql.place(), hint) from None
    if at := re.search("[\ufdd0\ufdd1]", sql.text):
        line = sql.text.count("\n", 0, at.start())
        raise CoursewrightError(f"SQL: U+{ord(at[0]):04X} is kept for programs", sql.place(line), "write chr(…) for it")
    # SQLGlot takes `:name WHEN` for the beginning of a slice; `$name` is a parameter everywhere.
    own = isinstance(dialect, str) and dialect != DUCKDB
    text = sql.with_parameters(lambda name: f":{name} " if own else f"${name}")
    try:
        return sqlglot.parse_one(text, read=dialect)
    except errors.ParseError as error:
        first = error.errors[0] if error.errors else {}
        said = str(first.get("description") or error).split("\n", maxsplit=1)[0].rstrip(".")
        raise CoursewrightError(f"SQL: {said}", sql.place(int(first.get("line") or 1) - 1)) from None
    except errors.TokenError:
        hint = "look for a quotation mark or a comment that does not end"
        raise CoursewrightError("SQL: this cannot be read", sql.place(), hint) from None


def translate(
    tree: exp.Expr, sql: Sql, *, to: str, rules: Iterable[Rule] = (), names: Mapping[str, str] | None = None
) -> Translation:
    """The tree in the dialect `to`, after `rules`; `names` are the spellings of tables and columns, by small letters.

    Raises CoursewrightError with the place of `sql` for what cannot be said there.
    """
    from sqlglot import errors, exp

    if to != DUCKDB and tree.find(exp.Qualify):
        hint = "select in a WITH clause, and say WHERE after it"
        raise CoursewrightError(f"SQL: QUALIFY cannot be said for {to}", sql.place(), hint)
    tree = tree.copy()
    for rule in rules:
        tree = _changed(tree, rule)
    if names is not None:
        _spell(tree, names)

    def mark(node: exp.Expr) -> exp.Expr:
        named = isinstance(node, exp.Placeholder) and node.name
        return exp.Var(this=f"\ufdd0{node.name}\ufdd1") if named else node

    try:
        text = tree.transform(mark, copy=False).sql(
            dialect=_writer(to), comments=False, unsupported_level=errors.ErrorLevel.RAISE
        )
    except (errors.UnsupportedError, errors.ParseError) as error:  # of date() it writes what it cannot parse
        said = str(error).split("\n", maxsplit=1)[0].rstrip(".")
        hint = "say it in another way, or write this file in the server's own SQL: dialect = …"
        raise CoursewrightError(f"SQL: for {to}, {said[:1].lower()}{said[1:]}", sql.place(), hint) from None
    return Translation(text)


def _writer(to: str) -> Any:
    """What writes SQL for a server: one that knows the pieces of it that `said.toml` has."""
    from coursewright.tables.servers.said import SERVERS, speaking

    return speaking(to) if to in SERVERS else to


def _changed(tree: exp.Expr, rule: Rule) -> exp.Expr:
    """The tree with every node as the rule gives it, those below a node first."""
    for node in reversed(list(tree.dfs())):
        new = rule(node)
        if new is not node:
            tree = new if node is tree else tree
            node.replace(new)
    return tree


def _spell(tree: exp.Expr, names: Mapping[str, str]) -> None:
    """Every name in one spelling, quoted: the server's, or that of its first use."""
    from sqlglot import exp

    spelling = dict(names)
    named = [each for each in getattr(tree, "selects", ()) if isinstance(each, exp.Alias)]
    given = {each.alias.lower(): each.alias for each in named}
    for identifier in tree.find_all(exp.Identifier):
        name = spelling.setdefault(identifier.name.lower(), identifier.name)
        identifier.set("this", name)
        identifier.set("quoted", True)
    # What the rows are to be called is the author's choice, whatever else is called so in other letters.
    for each in named:
        each.args["alias"].set("this", given[each.alias.lower()])
    for column in tree.args["order"].find_all(exp.Column) if tree.args.get("order") else ():
        if not column.table and column.name.lower() in given:
            column.this.set("this", given[column.name.lower()])


def as_duckdb(sql: Sql, dialect: str) -> Sql:
    """A statement of another dialect as the embedded database reads it; its lines are not the author's any more."""
    if dialect == DUCKDB:
        return sql
    text = translate(parse(sql, dialect), sql, to=DUCKDB).written(lambda name: f":{name}")
    return Sql(text, sql.file, sql.line)
