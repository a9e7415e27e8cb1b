"""SQLite, by Python's own module; what its SQL lacks are functions of Python's."""

from __future__ import annotations

import datetime
import re
import sqlite3
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from coursewright.errors import did_you_mean
from coursewright.tables.servers import rules
from coursewright.tables.sources._databases.address import Address
from coursewright.tables.table import quote

if TYPE_CHECKING:
    import pyarrow as pa
    from sqlglot import exp

DIALECT = "sqlite"
PERCENT = False


def connect(address: Address, timezone: str) -> Any:  # noqa: ARG001 - it has no clock of its own
    """A connection to the file, for reading; temporary tables lie elsewhere."""
    from urllib.parse import quote as url_quote

    path = (address.root / address.database).absolute()
    if not path.is_file():
        near = did_you_mean(path.name, (p.name for p in path.parent.glob("*"))) if path.parent.is_dir() else ""
        raise address.problem(f'no file "{address.database}"', near)
    for name, convert in _CONVERTERS.items():
        sqlite3.register_converter(name, convert)
    connection = sqlite3.connect(
        f"file:{url_quote(str(path))}?mode=ro", uri=True, isolation_level=None, detect_types=sqlite3.PARSE_DECLTYPES
    )
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except sqlite3.DatabaseError:
        connection.close()
        raise address.problem(f"{path.name} is no SQLite file", "check that the file is whole") from None
    connection.execute("PRAGMA case_sensitive_like = ON")
    connection.execute("PRAGMA temp_store = MEMORY")
    for name, arguments, function in _FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)
    connection.create_aggregate("coursewright_join", 5, _Join)  # type: ignore[arg-type]
    return connection


def parameter(name: str) -> str:
    """How Python's module writes a parameter."""
    return f":{name}"


def tables(connection: Any, address: Address) -> dict[str, str]:  # noqa: ARG001 - the same for every server
    """The tables and views of the file."""
    found = connection.execute("SELECT name FROM main.sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
    return {name: "main" for (name,) in found.fetchall() if not name.startswith("sqlite_")}


def columns(connection: Any, table: str, schema: str) -> dict[str, str]:
    """The columns of a table, in order, and their types as they are declared."""
    found = connection.execute(f"PRAGMA {schema}.table_info({quote(table)})")
    return {name: kind for _, name, kind, *_ in found.fetchall()}


def load(connection: Any, name: str, rows: pa.Table) -> str:
    """Rows as a temporary table; dates are text as ISO writes them, and declared as dates."""
    made = ", ".join(f"{quote(field.name)} {_type(field.type)}" for field in rows.schema)
    places = ", ".join("?" * rows.num_columns)
    connection.execute("BEGIN")
    connection.execute(f"CREATE TEMPORARY TABLE {quote(name)} ({made})")
    for batch in rows.to_batches(65_536):
        columns = [[_held(value) for value in column.to_pylist()] for column in batch.columns]
        connection.executemany(f"INSERT INTO temp.{quote(name)} VALUES ({places})", zip(*columns, strict=True))
    connection.execute("COMMIT")
    connection.execute(f"ANALYZE temp.{quote(name)}")
    return "temp"


def said(error: Exception) -> str | None:
    """What SQLite says of a statement."""
    return str(error)


def _held(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else value


def _type(kind: Any) -> str:
    import pyarrow.types as kinds

    if kinds.is_integer(kind) or kinds.is_boolean(kind):
        return "INTEGER"
    if kinds.is_floating(kind) or kinds.is_decimal(kind):
        return "REAL"
    if kinds.is_date(kind):
        return "DATE"
    if kinds.is_timestamp(kind):
        return "TIMESTAMP"
    return "BLOB" if kinds.is_binary(kind) else "TEXT"


def _date(written: bytes) -> Any:
    return _read(datetime.date.fromisoformat, written)


def _moment(written: bytes) -> Any:
    return _read(datetime.datetime.fromisoformat, written)


def _read(read: Any, written: bytes) -> Any:
    try:
        return read(written.decode())
    except ValueError:
        return written.decode(errors="replace")


_CONVERTERS = {"DATE": _date, "TIMESTAMP": _moment, "DATETIME": _moment}


# Functions that DuckDB has and SQLite lacks; none of them sees more than its arguments


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _extract(text: Any, pattern: str, group: int = 0) -> str | None:
    if text is None:
        return None
    found = _compiled(pattern).search(str(text))
    return (found[group] or "") if found else ""


def _matches(pattern: str, text: Any) -> bool | None:
    return None if text is None else bool(_compiled(pattern).search(str(text)))


def _number(text: Any) -> float | None:
    try:
        return float(text)
    except (TypeError, ValueError):
        return None


def _whole(text: Any) -> int | None:
    number = _number(text)
    return None if number is None or number - number else round(number)


def _part(part: str, value: Any) -> int | None:
    moment = _as_moment(value)
    if moment is None:
        return None
    week = moment.isocalendar()
    known = {
        "year": moment.year, "month": moment.month, "day": moment.day, "hour": moment.hour, "minute": moment.minute,
        "second": moment.second, "quarter": (moment.month + 2) // 3, "week": week[1], "isodow": week[2],
        "dow": week[2] % 7, "dayofweek": week[2] % 7, "doy": moment.timetuple().tm_yday,
    }  # fmt: skip
    return known[part.lower()]


def _as_moment(value: Any) -> datetime.datetime | None:
    try:
        return None if value is None else datetime.datetime.fromisoformat(str(value))
    except ValueError:
        return None


def _move(value: Any, number: Any, unit: str) -> str | None:
    """A date some units later; the last day of a month where the day is not there, as in DuckDB."""
    moment = _as_moment(value)
    if moment is None or number is None:
        return None
    unit, number = unit.lower().removesuffix("s"), int(number)
    months = {"month": number, "quarter": 3 * number, "year": 12 * number, "decade": 120 * number}.get(unit)
    if months is None:
        moved = moment + datetime.timedelta(**{f"{unit}s": number})
    else:
        year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
        first = datetime.date(year + (month == 11), (month + 1) % 12 + 1, 1)
        moved = moment.replace(
            year=year, month=month + 1, day=min(moment.day, (first - datetime.timedelta(days=1)).day)
        )
    dated = len(str(value)) == len("2018-04-08") and unit in ("day", "week", "month", "quarter", "year", "decade")
    return moved.date().isoformat() if dated else moved.isoformat(sep=" ")


def _written(value: Any, pattern: str) -> str | None:
    moment = _as_moment(value)
    return None if moment is None else moment.strftime(pattern)


_FUNCTIONS = (
    ("regexp_extract", 2, _extract),
    ("regexp_extract", 3, _extract),
    ("regexp", 2, _matches),
    ("coursewright_number", 1, _number),
    ("coursewright_whole", 1, _whole),
    ("coursewright_part", 2, _part),
    ("coursewright_move", 3, _move),
    ("coursewright_written", 2, _written),
    ("starts_with", 2, lambda text, start: None if text is None else str(text).startswith(start)),
    ("ends_with", 2, lambda text, end: None if text is None else str(text).endswith(end)),
    ("left", 2, lambda text, number: None if text is None else str(text)[:number]),
    ("right", 2, lambda text, number: None if text is None else str(text)[-number:] if number else ""),
)


class _Join:
    """`string_agg`: texts in an order, each once if that is wanted; SQLite's own has no order."""

    def __init__(self) -> None:
        self.rows: list[tuple[Any, Any]] = []
        self.how: tuple[str, bool, bool] = (",", False, False)

    def step(self, text: Any, separator: str, key: Any, falling: int, distinct: int) -> None:
        """One row."""
        self.how = (separator, bool(falling), bool(distinct))
        if text is not None:
            self.rows.append((key, str(text)))

    def finalize(self) -> str | None:
        """All of them."""
        separator, falling, distinct = self.how
        there = [row for row in self.rows if row[0] is not None]
        there.sort(key=lambda row: _order(row[0]), reverse=falling)
        rows = [*there, *(row for row in self.rows if row[0] is None)]
        texts = [text for _, text in rows]
        return separator.join(dict.fromkeys(texts) if distinct else texts) if texts else None


def _order(value: Any) -> tuple[int, Any]:
    return (0, value) if isinstance(value, int | float) else (1, str(value))


def _joined(node: exp.Expr) -> exp.Expr:
    """`string_agg` by the class above, when it says an order or that each text comes once."""
    from sqlglot import exp

    if not isinstance(node, exp.GroupConcat) or not isinstance(node.this, exp.Order | exp.Distinct):
        return node
    ordered = node.this if isinstance(node.this, exp.Order) else None
    inner = ordered.this if ordered else node.this
    distinct = isinstance(inner, exp.Distinct)
    value = inner.expressions[0] if distinct else inner
    by = ordered.expressions[0] if ordered else None
    falling = bool(by and by.args.get("desc"))
    key = by.this.copy() if by else exp.Literal.number(0)
    separator = node.args.get("separator") or exp.Literal.string(",")
    flags = [exp.Literal.number(int(flag)) for flag in (falling, distinct)]
    return exp.Anonymous(this="coursewright_join", expressions=[value.copy(), separator.copy(), key, *flags])


def _cast(node: exp.Expr) -> exp.Expr:
    """Numbers as DuckDB makes them: whole ones are rounded, decimal ones to their places."""
    from sqlglot import exp

    if not isinstance(node, exp.Cast):
        return node
    to, value = node.args["to"], node.this.copy()
    if isinstance(node, exp.TryCast):
        whole, number = to.this in exp.DataType.INTEGER_TYPES, to.this in exp.DataType.REAL_TYPES
        name = "coursewright_whole" if whole else "coursewright_number"
        return exp.Anonymous(this=name, expressions=[value]) if whole or number else node
    if node.is_type("decimal") and len(to.expressions) > 1:
        return exp.Round(this=value, decimals=exp.Literal.number(to.expressions[1].name))
    if to.this in exp.DataType.INTEGER_TYPES and not isinstance(node.this, exp.Round):
        return exp.Cast(this=exp.Round(this=value), to=to.copy())
    return node


def _own_functions(node: exp.Expr) -> exp.Expr:
    """What the functions above do."""
    from sqlglot import exp

    if isinstance(node, exp.Extract):
        part = exp.Literal.string(node.name)
        return exp.Anonymous(this="coursewright_part", expressions=[part, node.expression.copy()])
    if isinstance(node, exp.Year | exp.Month | exp.Day | exp.Quarter):
        part = exp.Literal.string(type(node).__name__)
        return exp.Anonymous(this="coursewright_part", expressions=[part, node.this.copy()])
    if isinstance(node, exp.TimeToStr):
        return exp.Anonymous(this="coursewright_written", expressions=[node.this.copy(), node.args["format"].copy()])
    if (found := rules.moved(node)) is not None:
        date, number, unit = found
        return exp.Anonymous(this="coursewright_move", expressions=[date, number, exp.Literal.string(unit)])
    return node


RULES = (_cast, _own_functions, _joined, rules.days_between_dates, rules.rows_of_selects)
