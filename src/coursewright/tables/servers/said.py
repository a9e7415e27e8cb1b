"""Functions as servers say them, by `said.toml`: only those that are known to give there what DuckDB gives."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from sqlglot import Dialect, exp
from sqlglot.dialects.mysql import MySQL
from sqlglot.dialects.postgres import Postgres
from sqlglot.dialects.spark import Spark
from sqlglot.dialects.sqlite import SQLite
from sqlglot.dialects.trino import Trino

from coursewright.tables.servers.kinds import DATE, DOUBLE, INTEGER, SqlType, common, decimal, is_a, kind_of

UNTRIED = {"trino": "Trino", "spark": "Spark SQL"}  # said after their documentation: see said_untried.toml
SERVERS = {"postgres": "PostgreSQL", "mysql": "MariaDB", "sqlite": "SQLite", **UNTRIED}
_KEYS = {"postgres": "postgresql", "mysql": "mariadb", "sqlite": "sqlite"}


class FunctionEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One function: what it takes and gives, and how each server says it; None under its own name, "" not at all."""

    takes: tuple[str, ...]
    gives: str
    aggregate: bool = False
    window: bool = False
    postgresql: str | None = None
    mariadb: str | None = None
    sqlite: str | None = None

    def takes_these(self, kinds: tuple[SqlType, ...]) -> bool:
        """Whether it takes arguments of these kinds."""
        return any(_fits(kinds, way.split()) for way in self.takes)

    def given(self, kinds: tuple[SqlType, ...]) -> SqlType:
        """The kind of what it gives for arguments of these kinds."""
        if self.gives in _GIVEN:
            given: SqlType = _GIVEN[self.gives](kinds)
            return given
        return {"text": kind_of("VARCHAR"), "boolean": kind_of("BOOLEAN"), "timestamp": kind_of("TIMESTAMP")}.get(
            self.gives, {"integer": INTEGER, "double": DOUBLE, "date": DATE}.get(self.gives, SqlType(self.gives))
        )


def _fits(kinds: tuple[SqlType, ...], wanted: list[str]) -> bool:
    if wanted and wanted[-1].endswith("+"):
        last = wanted[-1].removesuffix("+")
        wanted = [*wanted[:-1], *[last] * max(len(kinds) - len(wanted) + 1, 1)]
    return len(kinds) == len(wanted) and all(map(is_a, kinds, wanted))


def _sum(kinds: tuple[SqlType, ...]) -> SqlType:
    return common(*kinds) or DOUBLE


def _product(kinds: tuple[SqlType, ...]) -> SqlType:
    kind = _sum(kinds)
    return decimal(sum(each.scale for each in kinds)) if kind.name == "decimal" else kind


def _whole(kinds: tuple[SqlType, ...]) -> SqlType:
    return decimal(0) if kinds[0].name == "decimal" else kinds[0]


_GIVEN: dict[str, Any] = {
    "first": lambda kinds: kinds[0],
    "common": _sum,
    "sum": _sum,
    "product": _product,
    "total": lambda kinds: kinds[0],
    "whole": _whole,
}


@cache
def entries() -> dict[str, FunctionEntry]:
    """Every function, by its name in small letters; `name:kind` is one that is said otherwise for a kind."""
    return msgspec.toml.decode((Path(__file__).parent / "said.toml").read_bytes(), type=dict[str, FunctionEntry])


@cache
def _untried() -> dict[str, dict[str, str]]:
    file = Path(__file__).parent / "said_untried.toml"
    return msgspec.toml.decode(file.read_bytes(), type=dict[str, dict[str, str]])


def template(name: str, entry: FunctionEntry, to: str) -> str:
    """How a server says a function; "" where it cannot."""
    if to in UNTRIED:
        return _untried().get(name, {}).get(to, "")
    said: str | None = getattr(entry, _KEYS[to])
    if said is not None:
        return said
    bare = name.partition(":")[0].partition("/")[0].upper()
    distinct = "{distinct}" if bare in ("COUNT", "MIN", "MAX") else ""
    return f"{bare}({distinct}{{*}})"


class SqlTemplate(exp.Expression, exp.Condition):
    """A piece of a server's own SQL: `template` with {0}, {1} … for the expressions, {*} for all of them."""

    arg_types: ClassVar[dict[str, bool]] = {"template": True, "expressions": False, "distinct": False, "over": False}


def said(text: str, *parts: Any, **more: Any) -> SqlTemplate:
    """A piece of a server's own SQL."""
    return SqlTemplate(template=text, expressions=list(parts), **more)


def _written(generator: Any, node: SqlTemplate) -> str:
    parts = [generator.sql(part) for part in node.expressions]
    text: str = node.args["template"]
    over = generator.sql(node, "over")
    if "{over}" not in text:
        text += "{over}"
    text = text.replace("{*}", "{all}")
    distinct = "DISTINCT " if node.args.get("distinct") else ""
    return text.format(*parts, all=", ".join(parts), distinct=distinct, over=f" {over}" if over else "")


def _speaking(base: type[Dialect]) -> type[Dialect]:
    """A dialect that can write `SqlTemplate`."""
    generator = base.generator_class
    speaking = type("Generator", (generator,), {"TRANSFORMS": {**generator.TRANSFORMS, SqlTemplate: _written}})
    return type(f"Said{base.__name__}", (base,), {"Generator": speaking})


@cache
def speaking(to: str) -> type[Dialect]:
    """The dialect of a server that can write `SqlTemplate`."""
    bases: dict[str, type[Dialect]] = {
        "postgres": Postgres,
        "mysql": MySQL,
        "sqlite": SQLite,
        "trino": Trino,
        "spark": Spark,
    }
    return _speaking(bases[to])
