"""Which cluster rows lie in, and who tells them there."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from coursewright.words.clusters.errand import Errand

_KINDS = {"dask": "of_dask", "pyspark": "of_spark", "ray": "of_ray"}


def tell_there(errand: Errand, rows: Any) -> Any:
    """The texts of rows of Dask, Spark or Ray as their own kind has them: not yet told, but to be told when asked for.

    Raises CoursewrightError for what these are not, or cannot be told for want of an order; and what `tell` raises.
    """
    maker = import_module(f"coursewright.words.clusters.{_KINDS[type(rows).__module__.partition('.')[0]]}")
    return maker.tell_there(errand, rows)
