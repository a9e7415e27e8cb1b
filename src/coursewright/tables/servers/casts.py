"""Casts and rounding, as DuckDB does them."""

from __future__ import annotations

from typing import Any

from sqlglot import exp

from coursewright.tables.servers.kinds import (
    DATE,
    DOUBLE,
    INTEGER,
    NULL,
    OTHER,
    TEXT,
    TIMESTAMP,
    SqlType,
    decimal,
    is_number,
)
from coursewright.tables.servers.meaning import Meaning, Meant
from coursewright.tables.servers.said import said

_NAMES = {
    "postgres": {INTEGER: "BIGINT", DOUBLE: "DOUBLE PRECISION", TEXT: "TEXT", DATE: "DATE", TIMESTAMP: "TIMESTAMP"},
    "mysql": {INTEGER: "SIGNED", DOUBLE: "DOUBLE", TEXT: "CHAR", DATE: "DATE", TIMESTAMP: "DATETIME(6)"},
    "trino": {INTEGER: "BIGINT", DOUBLE: "DOUBLE", TEXT: "VARCHAR", DATE: "DATE", TIMESTAMP: "TIMESTAMP(6)"},
    "spark": {INTEGER: "BIGINT", DOUBLE: "DOUBLE", TEXT: "STRING", DATE: "DATE", TIMESTAMP: "TIMESTAMP_NTZ"},
    "sqlite": {INTEGER: "INTEGER", DOUBLE: "REAL", TEXT: "TEXT", DATE: "TEXT", TIMESTAMP: "TEXT"},
}


def cast(meaning: Meaning, node: Any, wanted: SqlType, *, attempt: bool) -> Meant:
    """A CAST, or with `attempt` a TRY_CAST."""
    if wanted == OTHER:
        meaning.refuse(node, f"a cast to {node.to.sql(dialect='duckdb')}")
    if isinstance(node.this, exp.Literal) and node.this.is_string and wanted in (DATE, TIMESTAMP):
        return meaning.moment(node, node.this.name, wanted), wanted
    return _changed(meaning, node, meaning.mean(node.this), wanted, attempt=attempt)


def _changed(meaning: Meaning, node: Any, meant: Meant, wanted: SqlType, *, attempt: bool) -> Meant:
    value, kind = meant
    names = _NAMES[meaning.to]
    if kind == wanted:
        return meant
    if kind == NULL:
        return (said(f"CAST(NULL AS {names[wanted]})") if wanted in names else value), wanted
    if wanted == TEXT:
        return to_text(meaning, node, meant)
    if wanted.name == "decimal":
        return _to_decimal(meaning, node, meant, wanted)
    if isinstance(node.this, exp.Placeholder) and kind == TEXT and wanted in (DATE, TIMESTAMP):
        return meaning.fit(node.this, meant, wanted), wanted
    way = "try" if attempt and kind == TEXT else "cast"
    return meaning.call(node, f"{way}:{kind} {wanted}", meant)


def _to_decimal(meaning: Meaning, node: Any, meant: Any, wanted: SqlType) -> Meant:
    if not is_number(meant[1]):
        meaning.disagree(node, f"a cast of {meant[1]} to decimal")
    precision = node.to.expressions[0].name if node.to.expressions else "18"
    value = meant[0]
    if meant[1] == DOUBLE:
        value = _rounded(meaning, node, meant, wanted.scale)
    if meaning.to == "sqlite":
        return said(f"coursewright_decimal({{0}}, {precision}, {wanted.scale})", value), wanted
    made = f"CAST({{0}} AS DECIMAL({precision}, {wanted.scale}))"
    if meaning.to == "mysql":  # which takes the greatest number of so many digits for one of more
        fits = f"ABS(ROUND({{0}}, {wanted.scale})) < {10 ** (int(precision) - wanted.scale)}"
        beyond = f"CAST(EXP(710 + ABS({{0}})) AS DECIMAL({precision}, {wanted.scale}))"
        made = f"CASE WHEN {fits} THEN {made} WHEN {{0}} IS NOT NULL THEN {beyond} END"
    return said(made, value), wanted


def round_to(meaning: Meaning, node: Any, value: Any, places: Any) -> Meant:
    """`round(value, places)`; halves go away from 0."""
    if not (isinstance(places, exp.Literal) and not places.is_string and places.name.isdigit()):
        meaning.disagree(node, "round to a count of places that is not written out")
    meant, digits = meaning.mean(value), int(places.name)
    kind = meant[1]
    if kind == INTEGER:
        return meant
    if kind == DOUBLE:
        return _rounded(meaning, node, meant, digits), DOUBLE
    if kind.name != "decimal":
        meaning.disagree(node, f"round of {kind}")
    if digits >= kind.scale:
        return meant
    text = f"coursewright_places({{0}}, {digits})" if meaning.to == "sqlite" else f"ROUND({{0}}, {digits})"
    return said(text, meant[0]), decimal(digits)


def _rounded(meaning: Meaning, node: Any, meant: Any, digits: int) -> Any:
    """A double to so many places, as DuckDB's own arithmetic has it."""
    if not digits:
        return meaning.call(node, "round:double", meant)[0]
    scaled = said(f"({{0}} * 1e{digits}{'::DOUBLE PRECISION' if meaning.to == 'postgres' else ''})", meant[0])
    whole = meaning.call(node, "round:double", (scaled, DOUBLE))[0]
    return said(f"({{0}} / 1e{digits}{'::DOUBLE PRECISION' if meaning.to == 'postgres' else ''})", whole)


def to_text(meaning: Meaning, node: Any, meant: Any) -> Meant:
    """A value as DuckDB writes it."""
    value, kind = meant
    if kind in (TEXT, NULL):
        return value, TEXT
    if kind.name == "decimal":
        ways = {
            "postgres": f"CAST(CAST({{0}} AS NUMERIC(38, {kind.scale})) AS TEXT)",
            "mysql": f"CAST(CAST({{0}} AS DECIMAL(38, {kind.scale})) AS CHAR)",
            "trino": f"CAST(CAST({{0}} AS DECIMAL(38, {kind.scale})) AS VARCHAR)",
            "spark": f"CAST(CAST({{0}} AS DECIMAL(38, {kind.scale})) AS STRING)",
            "sqlite": f"CASE WHEN {{0}} IS NOT NULL THEN printf('%.{kind.scale}f', {{0}}) END",
        }
        return meaning.settled(said(ways[meaning.to], value), TEXT)
    return meaning.call(node, f"cast:{kind} text", meant)
