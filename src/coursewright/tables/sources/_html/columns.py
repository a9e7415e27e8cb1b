"""The columns of a table, out of its rows."""

from __future__ import annotations

from typing import Any, NamedTuple

from coursewright.tables.sources._html.cells import END, HEAD, LINK
from coursewright.tables.sources._html.grid import PlainRow, Row


class HtmlColumn(NamedTuple):
    """What stands in one column, and the numbers of the links in it, if there are any; null is nothing."""

    texts: Any
    links: Any


def columns(body: list[Row | PlainRow]) -> list[HtmlColumn]:
    """The columns of the rows, which are equally long, as Arrow arrays."""
    import pyarrow as pa

    if all(type(row) is PlainRow for row in body):
        return _plain(body)
    texts = zip(*(row.texts for row in body), strict=True)
    none: list[str] = [""] * body[0].width
    links = zip(*(row.links or none for row in body), strict=True)
    found = []
    for values, numbers in zip(texts, links, strict=True):
        linked = pa.array([int(each) if each else None for each in numbers], pa.int64()) if any(numbers) else None
        found.append(HtmlColumn(pa.array([text or None for text in values], pa.string()), linked))
    return found


def _plain(body: list[Any]) -> list[HtmlColumn]:
    """The columns of plain rows: all cells are cut apart at once, and never are objects of Python."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    width = body[0].width
    joined = "".join([row.text for row in body]).replace(HEAD, "").rstrip().removesuffix(END)
    cells = pc.utf8_trim(pc.split_pattern(pa.array([joined], pa.large_string()), END).flatten(), " ").cast(pa.string())
    if pc.any(pc.match_substring(cells, "  ")).as_py():
        cells = pc.replace_substring_regex(cells, " {2,}", " ")
    first = np.arange(0, width * len(body), width)
    found = []
    for at in range(width):
        texts, links = _linked(cells.take(pa.array(first + at)))
        found.append(HtmlColumn(pc.if_else(pc.equal(texts, ""), pa.scalar(None, pa.string()), texts), links))
    return found


def _linked(texts: Any) -> tuple[Any, Any]:
    """The texts without the numbers of links, and the first of these in each."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not pc.any(pc.match_substring(texts, LINK)).as_py():
        return texts, None
    numbers = pc.struct_field(pc.extract_regex(texts, f"^[^{LINK}]*{LINK}(?P<n>[0-9]+){LINK}"), 0).cast(pa.int64())
    texts = pc.replace_substring_regex(texts, f" *{LINK}[0-9]+{LINK} *", " ")
    return pc.utf8_trim(texts, " "), numbers
