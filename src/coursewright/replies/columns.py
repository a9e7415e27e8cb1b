"""A file of typed columns: eight bytes that name the form, the length of a header, the header in JSON, then columns.

Every program reads and writes it with what it has: R with `readBin` and `writeBin`, Python with NumPy. Each column is
as R holds it in memory, so that nothing is lost on the way.

| kind | what stands in the file |
|---|---|
| `logical`, `integer`, `factor` | 32-bit whole numbers, of which the least is NA; a factor's levels follow as texts |
| `double`, `date`, `instant`, `difftime` | 64-bit floats, in which NA is one of many NaN, or whole numbers as above |
| `text` | the positions of NA, then texts in UTF-8, each with a zero byte behind it |
| `coded` | which text each row has, counted from 1, then the texts: it is read as texts |

A date counts days, an instant seconds, from the beginning of 1970. Attributes that mean something to R alone stay in
its session: the header has the number under which they are remembered there, of each column and of the frame, or 0.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursewright.errors import CoursewrightError, Place
from coursewright.replies.answers import of_type
from coursewright.replies.kinds import Raw, arrow_of
from coursewright.replies.texts import from_zeros, to_zeros

if TYPE_CHECKING:
    import pyarrow as pa

MAGIC = b"CWCOLS1\n"
_KEY = b"coursewright.column"
_WHOLE, _FLOAT = np.dtype("<i4"), np.dtype("<f8")


@dataclass(frozen=True, eq=False)
class ExactFrame:
    """A table of Arrow, and, for those columns that Arrow cannot hold to the last bit, what stood in the file.

    Only parts of a day, of a microsecond and of a unit of time are that fine. `own` are the numbers under which R
    remembers attributes of columns, `around` is that of the frame.
    """

    table: pa.Table
    exact: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    own: Mapping[str, int] = field(default_factory=dict)
    around: int = 0


class _ByteReader:
    """The bytes of a file, taken from the front."""

    def __init__(self, data: memoryview) -> None:
        self.data, self.at = data, 0

    def take(self, size: int) -> memoryview:
        if not 0 <= size <= len(self.data) - self.at:
            raise CoursewrightError("a file of columns ends too early", hint="write it again; is the disk full?")
        self.at += size
        return self.data[self.at - size : self.at]

    def numbers(self, kind: np.dtype[Any], count: int) -> NDArray[Any]:
        return np.frombuffer(self.take(kind.itemsize * count), kind)

    def texts(self, about: Mapping[str, Any], count: int) -> pa.Array:
        missing = self.numbers(_WHOLE, about["missing"])
        return from_zeros(self.take(about["bytes"]), count, missing)


def read_columns(path: Path) -> ExactFrame:
    """The rows in a file of columns.

    Raises CoursewrightError for a file that is none or ends too early, for two columns of one name, and for values that
    nothing but R has a meaning for, such as a date that is infinite.
    """
    import pyarrow as pa

    reader = _ByteReader(memoryview(path.read_bytes()))
    if bytes(reader.take(len(MAGIC))) != MAGIC:
        raise CoursewrightError("this is no file of columns", Place(path))
    header = json.loads(bytes(reader.take(int(reader.numbers(_WHOLE, 1)[0]))))
    arrays, fields, exact, own = [], [], {}, {}
    names = [about["name"] for about in header["columns"]]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise CoursewrightError(f'the column "{twice}" is there twice', Place("rows"), "rename one of them")
    for about in header["columns"]:
        raw = _raw(reader, about, header["rows"])
        array, lost = arrow_of(raw, about)
        arrays.append(array)
        fields.append(pa.field(about["name"], array.type, metadata={_KEY: json.dumps(about)}))
        if lost:
            exact[about["name"]] = raw.values
        own[about["name"]] = about["own"]
    around = header["own"]
    if not arrays:  # so many rows without a column
        return ExactFrame(pa.table({"": pa.nulls(header["rows"])}).select([]), exact, own, around)
    return ExactFrame(pa.Table.from_arrays(arrays, schema=pa.schema(fields)), exact, own, around)


def _raw(reader: _ByteReader, about: Mapping[str, Any], rows: int) -> Raw:
    if about["kind"] == "text":
        return Raw(np.empty(0), reader.texts(about, rows))
    values = reader.numbers(_FLOAT if about["storage"] == "double" else _WHOLE, rows)
    return Raw(values, reader.texts(about["levels"], about["levels"]["count"]) if "levels" in about else None)


def write_columns(frame: ExactFrame, path: Path) -> list[str]:
    """Writes rows as a file of columns, and gives what is to be told of it: which values could not stay as they were.

    Raises CoursewrightError for a column of a type that a data frame of R does not hold.
    """
    blocks: list[bytes | memoryview] = []
    columns, notes = [], []
    for spec, column in zip(frame.table.schema, frame.table.columns, strict=True):
        came = json.loads(spec.metadata[_KEY]) if _KEY in (spec.metadata or {}) else {}
        raw, about, note = of_type(spec.name, column, came)
        if spec.name in frame.exact:
            raw = Raw(frame.exact[spec.name])
        own = {"own": frame.own.get(spec.name, 0)}
        columns.append({"name": spec.name, **about, **_put(raw, about["kind"], spec.name, blocks), **own})
        notes += [note] if note else []
    said = {"rows": frame.table.num_rows, "own": frame.around, "columns": columns}
    header = json.dumps(said).encode()
    with path.open("wb") as out:
        out.write(MAGIC + np.array([len(header)], _WHOLE).tobytes() + header)
        for block in blocks:
            out.write(block)
    return notes


def _put(raw: Raw, kind: str, name: str, blocks: list[bytes | memoryview]) -> dict[str, Any]:
    """Adds what stands in the file for a column to its blocks, and gives what the header says of them."""
    if kind != "text":
        blocks.append(raw.values.tobytes())
    if raw.texts is None:
        return {}
    data, missing = to_zeros(raw.texts, name)
    blocks += [missing.astype(_WHOLE).tobytes(), data]
    ascii_ = int(np.frombuffer(data, np.uint8).max(initial=0)) < 128
    said = {"count": len(raw.texts), "missing": len(missing), "bytes": len(data), "ascii": ascii_}
    return said if kind == "text" else {"levels": said}
