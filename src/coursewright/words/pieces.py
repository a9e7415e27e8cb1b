"""Pieces of text with numbers, and texts made of pieces that are side by side."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray


class Pieces:
    """The different texts that pieces are taken from, each with a number."""

    def __init__(self, words: Iterable[str]) -> None:
        self.texts = [pl.Series("", [*words], dtype=pl.String)]
        self.size = len(self.texts[0])
        self.known: dict[Any, NDArray[Any]] = {}

    def add(self, texts: pl.Series) -> NDArray[Any]:
        """The numbers of more texts."""
        self.texts.append(texts.alias(""))
        self.size += len(texts)
        return np.arange(self.size - len(texts), self.size)

    def gather(self, numbers: NDArray[Any]) -> pl.Series:
        """The texts with these numbers."""
        return pl.concat(self.texts, rechunk=True).gather(numbers)


def between(pieces: pl.Series, bounds: NDArray[Any]) -> pl.Series:
    """The pieces from each bound up to the next as one text: they are side by side already."""
    import pyarrow as pa

    array = pieces.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.large_string())
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset :][bounds]
    whole = pa.LargeStringArray.from_buffers(len(bounds) - 1, pa.py_buffer(ends), data)
    return pl.Series("", whole, dtype=pl.String)
