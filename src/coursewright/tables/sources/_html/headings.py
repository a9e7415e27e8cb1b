"""Which rows are headings, and what the columns are called by them."""

from __future__ import annotations

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._html.cells import THIN
from coursewright.tables.sources._html.grid import Row


def split(
    rows: list[Row], *, header: int | None, foot: bool, what: str, place: Place | None
) -> tuple[list[Row], list[Row]]:
    """The rows of headings and the others, `<tfoot>` last; raises CoursewrightError when there are no others."""
    feet = [row for row in rows if row.kind == "f"] if foot else []
    rows = [row for row in rows if row.kind != "f"]
    if not rows and not feet:
        raise CoursewrightError(f"{what} has no rows", place, "check which table of the page is meant")
    if header is not None and header > len(rows):
        hint = f"header is at most {len(rows)} here, the rows of the table; rows without text are not counted"
        raise CoursewrightError(f"header = {header}, but {what} has only {_rows(len(rows))}", place, hint)
    count = _leading(rows) if header is None else header
    heads, body = rows[:count], rows[count:]
    repeated = {tuple(row.texts) for row in heads}
    body = [row for row in body if not _repeats(row, repeated)] + feet
    if not body:
        hint = "check which table of the page is meant, and how many of its rows are headings"
        raise CoursewrightError(f"{what} has no rows below its headings", place, hint)
    return heads, body


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _leading(rows: list[Row]) -> int:
    """How many rows at the top are headings: a `<thead>`, or rows of nothing but `<th>`."""
    count = next((at for at, row in enumerate(rows) if row.kind != "h"), len(rows))
    if count == len(rows):
        count = 0  # a <thead> around the whole table says nothing
    if not count:
        count = next((at for at, row in enumerate(rows) if not row.heads), len(rows))
    return 1 if count == len(rows) > 1 else count


def _repeats(row: Row, headings: set[tuple[str, ...]]) -> bool:
    """Whether a row below says the headings again, as long tables do every fifty rows."""
    return tuple(row.texts) in headings and (row.kind == "h" or row.heads or sum(map(bool, row.texts)) > 1)


def named(heads: list[Row], width: int) -> list[str]:
    """A name for each column: its headings from above to below, "A / B"; no two differ by capitals alone.

    A heading over the whole table is a title when others stand below it.
    """
    telling = [row for row in heads if not row.title] or heads
    names: list[str] = []
    taken: set[str] = set()
    for at in range(width):
        parts: list[str] = []
        for row in telling:
            text = row.texts[at].replace(THIN, " ")
            if text and parts[-1:] != [text]:
                parts.append(text)
        names.append(unlike(" / ".join(parts) or f"column_{at + 1}", taken))
    return names


def unlike(name: str, taken: set[str]) -> str:
    """`name`, or NAME_2 and so on when it is `taken`, to which it is added; SQL does not tell Name from name."""
    found, number = name, 1
    while found.lower() in taken:
        number += 1
        found = f"{name}_{number}"
    taken.add(found.lower())
    return found
