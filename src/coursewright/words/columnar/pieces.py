"""Pieces of text with numbers, and texts made of pieces that are side by side."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright.words.marks import FILLED, GAP


class Pieces:
    """The different texts that pieces are taken from, each with a number: `words` have those that they are given."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = dict(words)
        self.texts = pl.Series("", [*words], dtype=pl.String)
        self.more: list[pl.Series] = []
        self.size = len(self.texts)
        self._lengths: NDArray[Any] = np.zeros(0, dtype=np.int64)
        self._gaps: NDArray[Any] = np.zeros(0, dtype=np.bool_)
        self.known: dict[Any, NDArray[Any]] = {}

    def add(self, texts: pl.Series) -> NDArray[Any]:
        """The numbers of more texts."""
        self.more.append(texts.alias(""))
        self.size += len(texts)
        return np.arange(self.size - len(texts), self.size)

    def number(self, text: str) -> int:
        """The number of one text, which is the same whenever it is asked for."""
        if text not in self.words:
            self.words[text] = int(self.add(pl.Series([text]))[0])
        return self.words[text]

    def all(self) -> pl.Series:
        """The texts by their numbers."""
        if self.more:
            self.texts = pl.concat([self.texts, *self.more], rechunk=True)
            self.more = []
        return self.texts

    def gather(self, numbers: NDArray[Any]) -> pl.Series:
        """The texts with these numbers."""
        return self.all().gather(numbers)

    def lengths(self) -> NDArray[Any]:
        """How many bytes each text has."""
        fresh = self.all()[len(self._lengths) :].str.len_bytes()
        self._lengths = np.concatenate([self._lengths, fresh.to_numpy()])
        return self._lengths

    def gaps(self) -> NDArray[Any]:
        """In which texts something is missing."""
        fresh = self.all()[len(self._gaps) :].str.contains_any([GAP, FILLED])
        self._gaps = np.concatenate([self._gaps, fresh.to_numpy()])
        return self._gaps


def between(pieces: pl.Series, bounds: NDArray[Any]) -> pl.Series:
    """The pieces from each bound up to the next as one text: they are side by side already."""
    import pyarrow as pa

    array = pieces.to_arrow(compat_level=pl.CompatLevel.oldest()).cast(pa.large_string())
    _, offsets, data = array.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[array.offset :][bounds]
    whole = pa.LargeStringArray.from_buffers(len(bounds) - 1, pa.py_buffer(ends), data)
    return pl.Series("", whole, dtype=pl.String)
