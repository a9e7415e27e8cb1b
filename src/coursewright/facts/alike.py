"""Whether two queries give the same rows, whatever their order, where fractions may differ in their last digits.

A sum over fewer rows is put together otherwise, and no number of digits is safe: of two numbers that differ in the
last of sixteen, one is rounded up and one down now and then. So they are compared with a tolerance, row beside row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from coursewright.tables import quote

# Of the largest number of the column.
_TOLERANCE = {"DOUBLE": 1e-9, "FLOAT": 1e-5}

Run = Callable[[str], list[Any]]


def alike(run: Run, one: str, other: str, columns: Mapping[str, str]) -> bool:
    """Whether the SELECTs `one` and `other` give the same rows in `columns`, of which the types are known.

    Fractions inside lists and structs are not looked at.
    """
    print_of = f"SELECT count(*), sum(hash({', '.join(map(quote, columns))})::HUGEINT) FROM"  # whatever the order
    if run(f"{print_of} ({one})") == run(f"{print_of} ({other})"):
        return True
    exact = [quote(name) for name, kind in columns.items() if not any(part in kind for part in _TOLERANCE)]
    fractions = {quote(name): _TOLERANCE[kind] for name, kind in columns.items() if kind in _TOLERANCE}
    if len(exact) == len(columns):
        return False
    listed = "".join(f", {name}" for name in fractions)
    same = f"hash({', '.join(exact) or '0'})"
    order = f"PARTITION BY {same}" + (f" ORDER BY {listed[2:]}" if fractions else "")
    rows = f"SELECT {same} AS _same, row_number() OVER ({order}) AS _nth{listed} FROM"
    apart = " OR ".join(["a._nth IS NULL", "b._nth IS NULL", *(_apart(*each) for each in fractions.items())])
    (differ,) = run(f"""
        WITH a AS ({rows} ({one})), b AS ({rows} ({other}))
        SELECT count(*) FROM a FULL JOIN b ON a._same = b._same AND a._nth = b._nth WHERE {apart}""")
    return bool(differ[0] == 0)


def _apart(name: str, tolerance: float) -> str:
    """That the two numbers of a row are further from each other than sums over other rows can be."""
    largest = f"(SELECT max(abs({name})) FILTER (isfinite({name})) FROM b)"
    near = f"abs(a.{name} - b.{name}) <= {tolerance} * {largest}"
    return f"NOT coalesce(a.{name} IS NOT DISTINCT FROM b.{name} OR {near}, false)"
