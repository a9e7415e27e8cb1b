"""Which rows are headings, and what the columns are called by them."""

from __future__ import annotations

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._html.cells import THIN
from coursewright.tables.sources._html.grid import PlainRow, Row, Rows


def split(
    rows: Rows, *, header: int | None, foot: bool, what: str, place: Place | None
) -> tuple[list[Row | PlainRow], list[Row | PlainRow]]:
    """The rows of headings and the others, `<tfoot>` last; raises CoursewrightError when there are no others.

    Rows that are not seen stand among the others, and are never counted.
    """
    feet = [row for row in rows if row.kind == "f"] if foot else []
    others = [row for row in rows if row.kind != "f"]
    seen = [row for row in others if not row.unseen]
    if not seen and not feet:
        raise CoursewrightError(f"{what} has no rows", place, "check which table of the page is meant")
    if header is not None and header > len(seen):
        hint = f"header is at most {len(seen)} here, the rows of the table; rows without text are not counted"
        raise CoursewrightError(f"header = {header}, but {what} has only {_rows(len(seen))}", place, hint)
    count = _leading(seen) if header is None else header
    heads = seen[:count]
    repeated = {row.told for row in heads}
    first = next((at for at, row in enumerate(others) if count and row is heads[-1]), -1) + 1
    starts = {next(filter(None, row.texts), "").partition(" ")[0] for row in heads}
    body = [row for row in others[first:] if not (_may_repeat(row, starts) and _repeats(row, repeated))] + feet
    if all(row.unseen for row in body):
        hint = "check which table of the page is meant, and how many of its rows are headings"
        raise CoursewrightError(f"{what} has no rows below its headings", place, hint)
    return heads, body


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def _leading(rows: list[Row | PlainRow]) -> int:
    """How many rows at the top are headings: a `<thead>`, or rows of nothing but `<th>`.

    One `<th>` over the whole table, or in front of nothing, is a title above the headings; below them it is the name of
    a group, and a row.
    """
    count = next((at for at, row in enumerate(rows) if row.kind != "h"), len(rows))
    if count == len(rows):
        count = 0  # a <thead> around the whole table says nothing
    if count:
        return count
    headed = False  # whether the first column has a heading: what follows below it alone is none
    for row in rows:
        alone = len(set(row.texts) - {""}) == 1 and row.texts[0] != ""
        if not row.heads or (headed and (row.title or alone)):
            break
        headed = headed or (row.texts[0] != "" and not row.title and not alone)
        count += 1
    return 1 if count == len(rows) > 1 else count


def _may_repeat(row: Row | PlainRow, starts: set[str]) -> bool:
    """Whether the first word of some headings is in a row; few rows are looked at longer."""
    return any(start in row.text for start in starts) if isinstance(row, PlainRow) else bool(starts)


def _repeats(row: Row | PlainRow, headings: set[object]) -> bool:
    """Whether a row below says the headings again, as long tables do every fifty rows."""
    return row.told in headings and (row.kind == "h" or row.heads or sum(map(bool, row.texts)) > 1)


def named(heads: list[Row | PlainRow], width: int) -> list[str]:
    """A name for each column: its headings from above to below, "A / B"; no two differ by capitals alone.

    A heading over the whole table is a title when others stand below it.
    """
    telling = [row.texts for row in heads if not row.title] or [row.texts for row in heads]
    names: list[str] = []
    taken: set[str] = set()
    for at in range(width):
        parts: list[str] = []
        for texts in telling:
            text = texts[at].replace(THIN, " ")
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
