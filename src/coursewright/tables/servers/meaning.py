"""What the expressions of a statement mean: the rules that hold for all of them.

What is not known to give in a server what it gives in DuckDB is refused with the author's line: the kinds of nodes that
have a way to be said are all that passes.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

from sqlglot import exp

from coursewright.errors import CoursewrightError
from coursewright.tables.servers.kinds import BOOLEAN, DATE, NULL, OTHER, TEXT, TIMESTAMP, SqlType, common, is_number
from coursewright.tables.servers.said import SERVERS, entries, said, template
from coursewright.tables.statements.sql import Sql

Meant = tuple[Any, SqlType]  # a node and its kind
_NUMBER = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)\s*")
HINT = "say it in another way, or write this file in the server's own SQL: dialect = …"
# What people call what has a name of its own in the tree.
_WORDS = {
    "Lateral": "LATERAL",
    "Order": "an order inside the brackets of this function",
    "Pivot": "PIVOT",
    "Lambda": "a lambda",
    "Comprehension": "a list comprehension",
    "Bracket": "an element of a list or struct",
    "Array": "a list",
    "List": "a list",
    "Struct": "a struct",
    "Dot": "a field of a struct",
    "Columns": "COLUMNS(…)",
    "Tuple": "a row of values",
    "Slice": "a part of a list",
    "AtTimeZone": "AT TIME ZONE",
    "SimilarTo": "SIMILAR TO",
    "RegexpLike": "a comparison with a regular expression",
    "Interval": "an interval by itself",
    "TableSample": "a sample",
    "IgnoreNulls": "IGNORE NULLS",
    "RespectNulls": "RESPECT NULLS",
    "WithinGroup": "WITHIN GROUP",
    "BitwiseAnd": "&",
    "BitwiseOr": "|",
    "BitwiseXor": "xor",
    "GroupingSets": "GROUPING SETS",
    "CurrentDate": "current_date",
    "CurrentTimestamp": "current_timestamp",
}
_USUAL_PARTS = {"this", "expression", "expressions"}
_KNOWN_PARTS = {
    "Like": {"this", "expression", "negate"},
    "ILike": {"this", "expression", "negate"},
    "Case": {"this", "ifs", "default"},
    "Cast": {"this", "to"},
    "TryCast": {"this", "to", "safe", "requires_string"},
    "In": {"this", "expressions", "query"},
    "Between": {"this", "low", "high"},
    "Column": {"this", "table"},
    "Literal": {"this", "is_string"},
    "Window": {"this", "partition_by", "order", "spec", "over"},
    "StrPosition": {"this", "substr"},
    "Substring": {"this", "start", "length"},
    "Trim": {"this", "position"},
    "Div": {"this", "expression", "typed", "safe"},
    "DPipe": {"this", "expression", "safe"},
    **dict.fromkeys(("Select", "Union", "Intersect", "Except"), None),  # which have rules of their own
}


@dataclass
class Meaning:
    """What one statement means: for the server `to`, with parameters of these `values`, from these columns."""

    sql: Sql
    to: str
    values: Mapping[str, Any]
    ways: Mapping[str, Callable[[Meaning, Any], Meant]]  # how each kind of node is said
    columns: Callable[[exp.Column], tuple[SqlType, bool]] = lambda _column: (OTHER, False)
    own_text: str = "{0}"  # how a text of the server's own tables is compared byte by byte
    own_double: str = "{0}"  # how a number of theirs is read with all its digits
    subqueries: dict[int, SqlType] = field(default_factory=dict)

    @property
    def server(self) -> str:
        """What people call the server."""
        return SERVERS[self.to]

    def refuse(self, node: Any, what: str = "", hint: str = HINT) -> NoReturn:
        """Raise CoursewrightError at the author's line of a node."""
        what = what or _WORDS.get(type(node).__name__, type(node).__name__.upper())
        raise CoursewrightError(f"SQL: {what} cannot be said for {self.server}", self.sql.place(line_of(node)), hint)

    def disagree(self, node: Any, what: str) -> NoReturn:
        """Raise CoursewrightError for what is not known to give the same answer."""
        message = f"SQL: {what} is not known to give in {self.server} what it gives in DuckDB"
        raise CoursewrightError(message, self.sql.place(line_of(node)), HINT)

    def mean(self, node: Any) -> Meant:
        """A node as the server says it, and its kind."""
        name = type(node).__name__
        way = self.ways.get(name)
        if way is None:
            self.refuse(node)
        known = _KNOWN_PARTS.get(name, _USUAL_PARTS)
        for part, value in node.args.items():
            if value and known is not None and part not in known:
                self.refuse(node, f"{part.strip('_').upper()} in {_WORDS.get(name, name.upper())}")
        return way(self, node)

    def call(self, node: Any, name: str, *given: Meant, **more: Any) -> Meant:
        """A function of `said.toml` with arguments that are said already."""
        kinds = tuple(kind for _, kind in given)
        for key in (f"{name}/{len(kinds)}", f"{name}:{kinds[0].name}" if kinds else "", name):
            entry = entries().get(key)
            if entry and entry.takes_these(kinds):
                break
        else:
            taken = ", ".join(map(str, kinds))
            known = any(name in (key, key.partition(":")[0], key.partition("/")[0]) for key in entries())
            return self.disagree(node, f"{_shown(name)} of {taken}" if known else f"the function {_shown(name)}")
        text = template(key, entry, self.to)
        if not text:
            self.disagree(node, f"the function {_shown(name)}")
        if more.get("distinct") and "{distinct}" not in text:
            self.disagree(node, f"{name}(DISTINCT …)")
        return self.settled(said(text, *(part for part, _ in given), **more), entry.given(kinds))

    def settled(self, node: Any, kind: SqlType) -> Meant:
        """What was made, as the server holds it: texts compare byte by byte, decimal numbers have their places."""
        if kind == TEXT and self.to == "postgres":
            node = said('({0} COLLATE "C")', node)
        if kind.name == "decimal" and self.to == "sqlite" and node.args.get("over") is None:
            node = said(f"round({{0}}, {kind.scale})", node)
        return node, kind

    def fit(self, node: Any, meant: Meant, wanted: SqlType) -> Any:
        """A value where DuckDB wants one of another kind: texts that are written out are read, dates get midnight."""
        said_, kind = meant
        if kind in (wanted, NULL) or (is_number(kind) and is_number(wanted)):
            return said_
        if kind == DATE and wanted == TIMESTAMP:
            return self.call(node, "cast:date timestamp", meant)[0]
        if kind == TEXT and isinstance(node, exp.Literal):
            if wanted in (DATE, TIMESTAMP):
                return self.moment(node, node.name, wanted)
            if is_number(wanted) and _NUMBER.fullmatch(node.name):
                return exp.Literal.number(node.name.strip())
        if kind == TEXT and isinstance(node, exp.Placeholder) and wanted in (DATE, TIMESTAMP):
            self.moment(node, str(self.values.get(node.name)), wanted)  # so that it is one
            return written_out(self.to, said_, wanted)
        return self.refuse(node, f"{kind} beside {wanted}", "say which of them it is to be: CAST(… AS …)")

    def moment(self, node: Any, text: str, wanted: SqlType) -> Any:
        """A date or timestamp that is written out. Raises CoursewrightError for a text that is none."""
        try:
            read = datetime.datetime.fromisoformat(text.strip())
        except ValueError:
            self.refuse(node, f'"{text}" as a {wanted}', "write it as 2018-04-08 or 2018-04-08 15:10:00")
        if read.tzinfo:
            self.refuse(node, f'"{text}" with an offset')
        plain = str(read.date()) if wanted == DATE else read.isoformat(sep=" ")
        return written_out(self.to, exp.Literal.string(plain), wanted)

    def together(self, node: Any, nodes: list[Any]) -> tuple[list[Any], SqlType]:
        """Several values that are to be of one kind."""
        meant = [self.mean(each) for each in nodes]
        written = [kind for each, (_, kind) in zip(nodes, meant, strict=True) if not _is_written(each)]
        kind = common(*written) if written else common(*(kind for _, kind in meant))
        firm = common(*(k for e, (_, k) in zip(nodes, meant, strict=True) if k != TEXT or not _is_written(e)))
        if firm not in (None, NULL, kind) and is_number(firm):
            kind = firm
        if kind is None or (kind == NULL and any(k != NULL for _, k in meant)):
            kind = common(*(k for _, k in meant))
        if kind is None:
            kinds = " and ".join(dict.fromkeys(str(kind) for _, kind in meant))
            self.refuse(node, f"{kinds} in one place", "say which of them it is to be: CAST(… AS …)")
        return [self.fit(each, one, kind) for each, one in zip(nodes, meant, strict=True)], kind

    def again(self, node: Any) -> Any:
        """A copy of a node, of whose subqueries the kinds are known as well."""
        made = node.copy()
        for one, other in zip(node.walk(), made.walk(), strict=True):
            if id(one) in self.subqueries:
                self.subqueries[id(other)] = self.subqueries[id(one)]
        return made

    def truth(self, node: Any) -> Any:
        """A condition."""
        meant, kind = self.mean(node)
        if kind not in (BOOLEAN, NULL):
            self.refuse(node, f"{kind} as a condition", "compare it with something")
        return meant


def line_of(node: Any) -> int:
    """The line of a node, from 0: that of the first thing in it whose place is known, or of what it is in."""
    while node is not None:
        lines = [each.meta["line"] for each in node.walk() if "line" in each.meta]
        if lines:
            return int(min(lines)) - 1
        node = node.parent
    return 0


def _is_written(node: Any) -> bool:
    return isinstance(node, exp.Literal | exp.Placeholder | exp.Parameter) or (
        isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal)
    )


def _shown(name: str) -> str:
    words = {"neg": "-", "days": "-", "later": "+"}
    return words.get(name, name) if not name.startswith(("cast:", "try:")) else "a cast"


def written_out(to: str, value: Any, wanted: SqlType) -> Any:
    """A date or timestamp that is written out as ISO has it."""
    if to == "sqlite":
        return value
    moment = {"mysql": "DATETIME(6)", "trino": "TIMESTAMP(6)", "spark": "TIMESTAMP_NTZ"}.get(to, "TIMESTAMP")
    return said(f"CAST({{0}} AS {'DATE' if wanted == DATE else moment})", value)
