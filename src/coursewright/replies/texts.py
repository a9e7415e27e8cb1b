"""Texts with a zero byte behind each, as R reads and writes them fastest, and columns of texts in Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from coursewright.errors import CoursewrightError, Place

if TYPE_CHECKING:
    import pyarrow as pa


def from_zeros(data: memoryview, count: int, missing: NDArray[Any]) -> pa.Array:
    """So many texts, of which those at the positions `missing`, counted from 1, are null.

    Raises CoursewrightError if there are not so many, or if they are not UTF-8.
    """
    import pyarrow as pa

    bytes_ = np.frombuffer(data, np.uint8)
    ends = np.flatnonzero(bytes_ == 0)
    if len(ends) != count:
        raise CoursewrightError(f"a column has {len(ends)} texts for {count} rows", hint="write the file again")
    offsets = np.zeros(count + 1, np.int64)
    offsets[1:] = ends - np.arange(count)
    valid, nulls = None, len(missing)
    if nulls:
        kept = np.ones(count, bool)
        kept[missing - 1] = False
        valid = pa.py_buffer(np.packbits(kept, bitorder="little"))
    buffers = [valid, pa.py_buffer(offsets), pa.py_buffer(bytes_[bytes_ != 0])]
    array = pa.Array.from_buffers(pa.large_string(), count, buffers, nulls)
    try:
        array.validate(full=True)
    except pa.ArrowInvalid as error:
        raise CoursewrightError(f"a column holds bytes that are not UTF-8: {error}") from None
    return array


def to_zeros(texts: pa.Array, name: str) -> tuple[memoryview, NDArray[Any]]:
    """The texts of a column called `name`, with "NA" for those that are null, and the positions of these, from 1.

    Raises CoursewrightError for a text with a zero byte in it, which R does not have.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = texts.cast(pa.large_string())
    missing = np.flatnonzero(pc.is_null(texts).to_numpy(zero_copy_only=False)) + 1
    texts = pc.fill_null(texts, "NA") if len(missing) else texts
    ended = pc.binary_join_element_wise(texts, *(pa.scalar(end, texts.type) for end in ("\0", "")))
    _, at, held = ended.buffers()
    if not len(texts):
        return memoryview(b""), missing
    offsets = np.frombuffer(at, np.int64)[ended.offset : ended.offset + len(ended) + 1]
    data = np.frombuffer(held, np.uint8)[offsets[0] : offsets[-1]]
    if len(data) - np.count_nonzero(data) > len(texts):
        zeros = np.flatnonzero(data == 0)[: len(texts)]
        row = int(np.flatnonzero(zeros != offsets[1:] - offsets[0] - 1)[0]) + 1
        message = f'the column "{name}" has a text with a zero byte in it, in row {row}'
        raise CoursewrightError(message, Place("rows"), "R has no such text: take it out")
    return data.data, missing
