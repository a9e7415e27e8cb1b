"""Rows that share their key, as far as that is seen while they are told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl


class SharedKeys:
    """What is seen of the keys of some rows, piece by piece: whether two rows of a piece share one, and any has one."""

    def __init__(self, key: Sequence[str]) -> None:
        self.key = tuple(key)
        self.shared = False
        self.empty = True

    def look(self, piece: pl.DataFrame) -> None:
        """Takes a piece of the rows in, but for keys that Polars does not compare."""
        keys = piece.select(self.key)
        if not self.key or not len(keys) or any(kind == pl.Object or kind.is_nested() for kind in keys.dtypes):
            self.empty = False
            return
        self.empty = self.empty and all(column.null_count() == len(keys) for column in keys)
        self.shared = self.shared or keys.n_unique() < len(keys)

    def said(self, part: str) -> Iterator[tuple[str, type[UserWarning]]]:
        """What there is to say of it, and as which warning."""
        if not self.shared:
            return
        names = ", ".join(f'"{name}"' for name in self.key)
        hint = "name columns that tell rows apart in key=, if that is not meant"
        said = f"rows that share their key, {names}, make the same choices"  # in the same words in every part:
        if self.empty:
            said = f"no row{part} has a value in its key, {names}, so that all make the same choices"
        yield f"{said}\nhint: {hint}", UserWarning  # which Python shows once
