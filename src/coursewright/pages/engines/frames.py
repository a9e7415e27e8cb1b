"""Rows of a table of the course as the file from which a kernel makes a frame."""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coursewright.errors import CoursewrightError, Place

if TYPE_CHECKING:
    import pyarrow as pa

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def write_frame(rows: pa.Table, file: Path) -> None:
    """Write `rows` to `file`. Raises TypeError for a column that neither Python nor R has a kind for."""
    columns = [
        _column(name, column) for name, column in zip(rows.column_names, rows.combine_chunks().columns, strict=True)
    ]
    file.write_text(json.dumps({"columns": columns}), encoding="utf-8")


def read_given(name: str, file: Path, place: Place) -> str:
    """What of the frame `name`, which a kernel wrote to `file`, stays there, since no other has a place for it; or "".

    Raises CoursewrightError where the kernel says why it cannot be handed over.
    """
    said: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    if "error" in said:
        hint = "a frame has columns of numbers, texts, truth values, dates and times"
        raise CoursewrightError(f"{said['error']}: it cannot be handed over", place, hint)
    left = said.get("left") or ()
    if not left:
        return ""
    hint = f"; to have them as a column: {name}$row <- row.names({name})" if "the names of its rows" in left else ""
    return f"{str(place).rstrip(':')}: of {name}, there stays in R: {', '.join(left)}{hint}"


def frame_in_r(name: str, rows: pa.Table) -> str:
    """The code that makes the same frame in R. Raises TypeError as `write_frame` does."""
    columns = [_column(*each) for each in zip(rows.column_names, rows.combine_chunks().columns, strict=True)]
    named = ", ".join(_quoted(column["name"]) for column in columns)
    values = ",\n".join(map(_in_r, columns))
    frame = f"list({values}), names = c({named}), class = 'data.frame', row.names = .set_row_names({rows.num_rows}L)"
    return f"assign({_quoted(name)}, structure({frame}), envir = globalenv())\n"


def _in_r(column: Mapping[str, Any]) -> str:
    texts = ", ".join("NA" if value is None else _quoted(value) for value in column["values"])
    vector, kind = f"as.character(c({texts}))", column["kind"]
    if kind == "integer":
        large = any(value is not None and abs(int(value)) >= 2**31 for value in column["values"])
        return f"as.{'numeric' if large else 'integer'}({vector})"
    zone = _quoted(column["zone"] or "UTC")
    moment = f"as.POSIXct(as.numeric({vector}) / 1e6, origin = '1970-01-01', tz = {zone})"
    made = {"number": f"as.numeric({vector})", "logical": f"{vector} == '1'", "date": f"as.Date({vector})"}
    return {**made, "moment": moment}.get(kind, vector)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\\u0000", "")


def _column(name: str, column: Any) -> dict[str, Any]:
    kind, written = _kind(name, column.type)
    values = [None if value is None else written(value) for value in column.to_pylist()]
    return {"name": name, "kind": kind, "values": values, "zone": getattr(column.type, "tz", None)}


def _kind(name: str, of: Any) -> tuple[str, Callable[[Any], str]]:  # noqa: PLR0911 - one for each kind
    import pyarrow.types as kinds

    if kinds.is_boolean(of):
        return "logical", lambda value: "1" if value else "0"
    if kinds.is_integer(of) or (kinds.is_decimal(of) and of.scale == 0):
        return "integer", lambda value: str(int(value))
    if kinds.is_floating(of) or kinds.is_decimal(of):
        return "number", _number
    if kinds.is_dictionary(of):
        return _kind(name, of.value_type)
    if kinds.is_string(of) or kinds.is_large_string(of) or kinds.is_string_view(of):
        return "text", str
    if kinds.is_date(of):
        return "date", lambda value: str(value.isoformat())
    if kinds.is_timestamp(of):
        return "moment", _moment
    if kinds.is_null(of):
        return "text", str
    raise TypeError(f'the column "{name}" has values of the kind {of}')


def _number(value: Any) -> str:
    number = float(value)
    if math.isnan(number):
        return "NaN"
    return number.hex() if math.isfinite(number) else "Inf" if number > 0 else "-Inf"


def _moment(value: Any) -> str:
    value = value.to_pydatetime() if hasattr(value, "to_pydatetime") else value
    passed = (value if value.tzinfo else value.replace(tzinfo=datetime.UTC)) - _EPOCH
    return str((passed.days * 86400 + passed.seconds) * 1_000_000 + passed.microseconds)
