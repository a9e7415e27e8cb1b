"""The same expressions in the embedded database and in a server, many in one statement, and what differs there."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from coursewright.courses import open_course
from coursewright.errors import CoursewrightError
from coursewright.tables import Database, Sql

# The columns of each kind; every row is a set of arguments: missing, negative, halves, empty, with accents.
COLUMNS = {
    "integer": ("i", "j", "small"),
    "decimal": ("m", "n"),
    "double": ("d", "e"),
    "text": ("s", "t", "number"),
    "boolean": ("f", "g"),
    "date": ("day", "other"),
    "timestamp": ("moment", "later"),
}


def _read(read: Callable[[str], object], text: str) -> list[object]:
    """The values of a column, with two blanks between them; - is missing."""
    return [None if value == "-" else read(value) for value in text.split("  ")]


_DATE, _MOMENT = datetime.date.fromisoformat, datetime.datetime.fromisoformat
ROWS: dict[str, tuple[pa.DataType, list[Any]]] = {
    "id": (pa.int64(), [1, 2, 3, 4, 5, 6, 7, 8]),
    "i": (pa.int64(), [7, -7, 0, None, 2, 1, 100, -3]),
    "j": (pa.int64(), [2, 3, 5, 1, None, -2, 7, 3]),
    "small": (pa.int64(), [1, 2, 0, 3, -1, None, -2, 2]),
    "m": (pa.decimal128(6, 2), _read(Decimal, "2.50  -2.50  0.00  -  0.30  12.35  99.99  -0.05")),
    "n": (pa.decimal128(5, 1), _read(Decimal, "0.5  -0.5  1.5  2.0  -  0.1  3.3  10.0")),
    "d": (pa.float64(), [2.5, -0.5, 0.0, None, 3.0, 1e-3, 12.345, -7.25]),
    "e": (pa.float64(), [0.5, 1.5, 2.0, 0.1, None, -3.5, 100.0, 1.0]),
    "s": (pa.string(), ["Ada", "ada", "", None, "Élan ß", "a_b%c\\d", "zebra 10", "  blank "]),
    "t": (pa.string(), ["a", "A", "x", "da", "é", None, "%", "Zebra"]),
    "number": (pa.string(), ["12", "2.5", " 7 ", None, "-3.5", "1e2", "-1", "00417"]),
    "f": (pa.bool_(), [True, False, None, True, False, True, None, False]),
    "g": (pa.bool_(), [True, True, True, False, False, None, None, False]),
    "day": (
        pa.date32(),
        _read(_DATE, "2024-02-29  2023-12-31  2001-03-01  -  2018-04-08  2020-01-05  1999-12-27  2024-03-31"),
    ),
    "other": (
        pa.date32(),
        _read(_DATE, "2024-03-01  2024-01-01  2001-09-01  2000-01-01  -  2020-01-06  2000-01-03  2024-02-29"),
    ),
    "moment": (
        pa.timestamp("us"),
        _read(_MOMENT, "2024-02-29T23:59:59.500000  2023-12-31  2001-03-01T12:30:15  -  2018-04-08T15:10:00")
        + _read(_MOMENT, "2020-01-05T06:07:08.000001  1999-12-27T23:00:00  2024-03-31T02:30:00"),
    ),
    "later": (
        pa.timestamp("us"),
        _read(_MOMENT, "2024-03-01  2024-01-01T01:00:00  2001-03-01T12:30:16  2000-01-01  -")
        + _read(_MOMENT, "2020-01-06  2000-01-01  2024-03-30"),
    ),
}


def course(root: Path, url: str = "") -> Database:
    """The database of a course with the rows above, in the table `sample`."""
    (root / "data").mkdir(parents=True, exist_ok=True)
    arrays = {name: pa.array(values, kind) for name, (kind, values) in ROWS.items()}
    pq.write_table(pa.table(arrays), root / "data/sample.parquet")
    server = f'[database]\nurl = "{url}"\n' if url else ""
    parameters = '[parameters]\nyear = 2018\nword = "Ada"\nhalf = 0.5\n'
    tables = '[tables]\nsample = "data/sample.parquet"\n'
    (root / "course.toml").write_text(f'[course]\ntitle = "T"\n{parameters}{tables}{server}')
    return open_course(root).database()


@dataclass(frozen=True)
class Answer:
    """What a database gives for an expression in one row, or what it says instead."""

    value: Any = None
    refused: str = ""


def answers(database: Database, expressions: Sequence[str], *, grouped: bool = False) -> dict[str, list[Answer]]:
    """What each expression gives, row by row or, for aggregates, group by group.

    What fails together is asked alone; and what fails in one row is asked of every other.
    """
    rest = "GROUP BY f ORDER BY f" if grouped else "ORDER BY id"
    try:
        return _at_once(database, expressions, rest)
    except CoursewrightError as error:
        if len(expressions) > 1:
            half = len(expressions) // 2
            halves = expressions[:half], expressions[half:]
            return answers(database, halves[0], grouped=grouped) | answers(database, halves[1], grouped=grouped)
        refused = Answer(refused=str(error))
    if grouped or told(refused) or "OVER" in expressions[0]:
        return {expressions[0]: [refused]}
    return {expressions[0]: [_alone(database, expressions, number) for number in ROWS["id"][1]]}


def _alone(database: Database, expressions: Sequence[str], number: int) -> Answer:
    try:
        return _at_once(database, expressions, f"WHERE id = {number}")[expressions[0]][0]
    except CoursewrightError as error:
        return Answer(refused=str(error))


def told(answer: Answer) -> bool:
    """Whether our own code refused a statement, before it ran."""
    return "cannot be said for" in answer.refused or "is not known to give" in answer.refused


def _at_once(database: Database, expressions: Sequence[str], rest: str) -> dict[str, list[Answer]]:
    named = ", ".join(f"{text} AS e{at}" for at, text in enumerate(expressions))
    rows = database.query(Sql(f"SELECT {named} FROM sample {rest}", "q"))
    return {text: [Answer(value) for value in rows.column(at).to_pylist()] for at, text in enumerate(expressions)}


def differences(here: dict[str, list[Answer]], there: dict[str, list[Answer]]) -> Iterator[tuple[str, object, object]]:
    """Where a server gives something else than DuckDB; what is refused is no answer, and an error asks for none."""
    for text, expected in here.items():
        got = there[text]
        if len(got) != len(expected) and (got[0].refused or expected[0].refused):
            continue
        for one, other in zip(expected, got, strict=True):
            if not one.refused and not other.refused and not same(one.value, other.value):
                yield text, one.value, other.value


def same(one: object, other: object) -> bool:
    """Whether two values are one: of one type, and floating numbers to twelve digits."""
    if isinstance(one, float) and isinstance(other, float):
        both = math.isnan(one) and math.isnan(other)
        return both or one == other or math.isclose(one, other, rel_tol=1e-12, abs_tol=1e-12)
    return type(one) is type(other) and one == other
