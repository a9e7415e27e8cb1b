"""A statement as DuckDB's parser reads it, node by node, each with the names of the WITH clauses that it can see.

A name of a WITH clause is a table in its own statement and in those within it, and in the clauses after its own; only
a recursive one is also a table in itself. Anywhere else the database would look for the name among all that it has.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

_SMALL = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def folded(name: str) -> str:
    """A name as DuckDB compares it: letters A to Z are a to z, and no other letter is another."""
    return name.translate(_SMALL)


def nodes(tree: Any, visible: frozenset[str] = frozenset()) -> Iterator[tuple[Node, frozenset[str]]]:
    """Every node, those around it first, and the folded names of the WITH clauses that are tables there."""
    if isinstance(tree, list):
        for branch in tree:
            yield from nodes(branch, visible)
        return
    if not isinstance(tree, dict):
        return
    for clause in tree.get("cte_map", {}).get("map", ()):
        yield from nodes(clause["value"], visible)
        visible |= {folded(clause["key"])}
    yield tree, visible
    for key, branch in tree.items():
        if key == "cte_map":
            continue
        itself = tree.get("type") == "RECURSIVE_CTE_NODE" and key == "right"
        yield from nodes(branch, visible | {folded(tree["cte_name"])} if itself else visible)


def clauses(tree: Any) -> frozenset[str]:
    """The names of all WITH clauses, as written."""
    return frozenset(clause["key"] for node, _ in nodes(tree) for clause in node.get("cte_map", {}).get("map", ()))
