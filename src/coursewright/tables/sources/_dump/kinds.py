"""What the values of each type of MySQL and MariaDB become in a course.

Whole numbers keep their size, decimal numbers up to 38 digits their digits (longer ones become text). FLOAT becomes a
number of double precision: the dump writes it with few digits, and they stay what they are. TINYINT(1) stays a whole
number, since only a convention makes it a truth value; so does BIT. TIMESTAMP is UTC, as dumps write it.
"""

from __future__ import annotations

import re
from typing import Any

from coursewright.tables.sources._dump.create import ColumnDefinition

_WHOLE = {
    "tinyint": 8,
    "smallint": 16,
    "mediumint": 32,
    "int": 32,
    "integer": 32,
    "bigint": 64,
    "boolean": 8,
    "bool": 8,
}
_BYTES = re.compile(
    "(tiny|medium|long)?blob|(var)?binary|geometry(collection)?|geomcollection|(multi)?(point|linestring|polygon)|vector"
)
ENCODINGS = {
    **dict.fromkeys(("", "utf8", "utf8mb3", "utf8mb4", "ascii", "binary"), "utf-8"),
    "latin1": "cp1252",
    "latin2": "iso8859-2",
    "latin5": "iso8859-9",
    "latin7": "iso8859-13",
    "greek": "iso8859-7",
    "hebrew": "iso8859-8",
    "koi8r": "koi8-r",
    "koi8u": "koi8-u",
    "macroman": "mac-roman",
    **{each: each for each in ("cp1250", "cp1251", "cp1256", "cp1257", "cp850", "cp852", "cp866")},
}


def known_charset(charset: str) -> bool:
    """Whether text in this character set can be read."""
    return charset in ENCODINGS


def arrow_type(column: ColumnDefinition, *, lengths: bool = False) -> Any:
    """The Arrow type of a column; `lengths` for a TIME that holds more than times of day."""
    import pyarrow as pa

    kind, numbers = column.type, column.numbers
    if kind in _WHOLE or kind in ("year", "serial", "bit"):
        bits = _WHOLE.get(kind, 16 if kind == "year" else 64)
        if kind == "bit":
            bits = next((size for size in (8, 16, 32) if (*numbers, 1)[0] <= size), 64)
        return getattr(pa, f"{'u' * (column.unsigned or kind in ('serial', 'bit'))}int{bits}")()
    if kind in ("decimal", "numeric", "dec", "fixed"):
        precision, scale = (*numbers, 0)[:2] if numbers else (10, 0)
        return pa.decimal128(precision, scale) if 1 <= precision <= 38 and scale <= precision else pa.string()
    if kind in ("float", "double", "real"):
        return pa.float64()
    if kind == "time":
        return pa.string() if lengths else pa.time64("us")
    fixed = {"date": pa.date32(), "datetime": pa.timestamp("us"), "timestamp": pa.timestamp("us")}
    return fixed.get(kind, pa.binary() if _BYTES.fullmatch(kind) else pa.string())
