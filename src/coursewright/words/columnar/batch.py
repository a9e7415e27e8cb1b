"""The rows that are told together by the columnar path."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright.words.columnar.coded import Codes


@dataclass(frozen=True, eq=False)
class Batch:
    """Rows that are told together: their values, the hashes of their keys, and their positions.

    `odd` are the rows that the row path has to tell: they break a limit or a strict rule, or hold signs of our own.
    """

    frame: pl.DataFrame
    keys: Callable[[], NDArray[Any]]  # asked for where there is a choice: most sentences have none
    seed: int
    positions: NDArray[Any]
    fields: frozenset[str] = frozenset()  # the columns that are fields of structs in others
    known: dict[Any, Any] = field(default_factory=dict)
    codes: Codes = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)  # the columns in which something is missing
    odd: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "odd", np.zeros(len(self.frame), dtype=np.bool_))

    def leave(self, rows: pl.Series) -> None:
        """Leaves some rows to the row path."""
        np.logical_or(self.odd, rows.fill_null(value=False).to_numpy(), out=self.odd)
