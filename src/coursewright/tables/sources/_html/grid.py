"""Where each cell stands when cells reach over several rows and columns: "forming a table" in the HTML standard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._html.cells import HEAD, LINK, SPAN, Section

_COLUMNS = 1000  # the standard's limits to what one cell can reach over
_ROWS = 65_534
_SLOTS = 10_000_000  # a page of a few kilobytes can ask for any number


class Row(NamedTuple):
    """One row: the kind of its section, its texts, the links in them, and what its cells were."""

    kind: str
    texts: list[str]
    links: list[str] | None = None  # None is for no links at all, and "" for no link in a cell
    heads: bool = False  # all its cells in which something stands are headings
    title: bool = False  # one cell reaches over all of it


def laid_out(sections: list[Section], *, what: str, place: Place | None) -> list[Row]:
    """The rows of all sections, without those in which nothing stands, all of them equally long.

    Raises CoursewrightError when cells reach over so much that the rows would fill the memory.
    """
    grid: list[tuple[str, list[str], bool]] = []
    anchored: set[int] = set()
    slots = 0
    for kind, rows, reaching in sections:
        if not reaching:
            anchored.update(range(max(map(len, rows), default=0)))
        for cells, title in _spread(rows, anchored) if reaching else ((row, False) for row in rows):
            slots += len(cells)
            if slots > _SLOTS:
                message = f"the cells of {what} reach over more than {_SLOTS:,} places"
                raise CoursewrightError(message, place, "check the rowspan and colspan of the page")
            grid.append((kind, cells, title))
    width = max(anchored, default=-1) + 1
    if width * len(grid) > _SLOTS:
        message = f"{what} is {width:,} columns wide and {len(grid):,} rows long, more than {_SLOTS:,} cells"
        raise CoursewrightError(message, place, "a table of a page is read whole: give its rows as a file instead")
    # A column in which no cell begins is there only because others reach over it, such as colspan="99" for "all".
    kept = None if len(anchored) == width else sorted(anchored)
    rows_ = (_row(kind, _fitted(cells, width, kept), title) for kind, cells, title in grid)
    return [row for row in rows_ if any(row.texts) or (row.links and any(row.links))]


def _fitted(cells: list[str], width: int, kept: list[int] | None) -> list[str]:
    if len(cells) < width:
        cells = [*cells, *[""] * (width - len(cells))]
    return cells[:width] if kept is None else [cells[at] for at in kept]


def _spread(rows: list[list[str]], anchored: set[int]) -> Iterator[tuple[list[str], bool]]:
    """The rows of one section with each cell in all the places it reaches over; `anchored` takes where they begin."""
    above: dict[int, tuple[int, str]] = {}  # by column: for how many rows more a cell reaches down, and its text
    for row in rows:
        cells: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        reached = 0
        for cell in row:
            _take(above, cells, until=None)
            text, reach, *_ = [*cell.split(SPAN), ""]
            down, right = map(int, reach.split(",")) if reach else (1, 1)
            down, right = min(down, _ROWS) or _ROWS, min(right, _COLUMNS) or 1
            anchored.add(len(cells))
            reached = right
            for _ in range(right):
                if down > 1:
                    below[len(cells)] = (down - 1, text)
                cells.append(text)
        own = len(cells)
        _take(above, cells, until=max(above, default=-1))
        title = len(row) == 1 and reached > 1 and own == len(cells) == reached
        if row:  # without cells of its own, a row says nothing that the one above has not said
            yield cells, title
        above = {at: (left - 1, text) for at, (left, text) in above.items() if left > 1} | below


def _take(above: dict[int, tuple[int, str]], cells: list[str], *, until: int | None) -> None:
    """Continue a row by the cells that reach into it from above: those that come next, or all up to a column."""
    while len(cells) in above or (until is not None and len(cells) <= until):
        cells.append(above[len(cells)][1] if len(cells) in above else "")


def _row(kind: str, cells: list[str], title: bool) -> Row:
    """A row whose cells have lost their signs."""
    joined = "".join(cells)
    links = None
    heads = False
    if LINK in joined:
        parts = [cell.split(LINK) for cell in cells]
        cells = [" ".join("".join(part[::2]).split()) for part in parts]
        links = [next(filter(None, part[1::2]), "") for part in parts]
    if HEAD in joined:
        heads = all(not cell or cell[0] == HEAD for cell in cells)
        cells = [cell.removeprefix(HEAD).strip() for cell in cells]
    return Row(kind, cells, links, heads and any(cells), title)
