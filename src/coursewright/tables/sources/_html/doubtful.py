"""Numbers of a page without a language whose point may stand between thousands, said to people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from coursewright.tables.sources.noticed import COMMA, COMMAS, THREES, point_taken

if TYPE_CHECKING:
    import pyarrow as pa


def in_threes(texts: Mapping[str, Any], rows: pa.Table) -> Iterator[str]:
    """A sentence for each column of numbers such as 1.320, where another column has a decimal comma.

    `texts` are what stood in the columns of `rows`.
    """
    import pyarrow.types as kinds

    if not any(_all(texts[name], COMMAS) and _some(texts[name], COMMA) for name in texts if _is_text(rows, name)):
        return
    for name, written in texts.items():
        if kinds.is_floating(rows.schema.field(name).type) and _all(written, THREES):
            yield point_taken(name, next(text for text in written.to_pylist() if text and "." in text))


def _is_text(rows: pa.Table, name: str) -> bool:
    import pyarrow.types as kinds

    return bool(kinds.is_string(rows.schema.field(name).type))


def _all(texts: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.all(pc.match_substring_regex(texts, f"^(?:{pattern})$")).as_py())


def _some(texts: Any, pattern: str) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring_regex(texts, f"^(?:{pattern})$")).as_py())
