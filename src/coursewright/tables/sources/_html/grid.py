"""Where each cell stands when cells reach over several rows and columns: "forming a table" in the HTML standard."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.sources._html.cells import CELL, END, HEAD, LINK, SPAN, UNSEEN, RowGroup, tidied

_COLUMNS = 1000  # the standard's limits to what one cell can reach over
_ROWS = 65_534
_NOTHING = f"{HEAD}{END} "
_SLOTS = 10_000_000  # a page of a few kilobytes can ask for any number


class Row(NamedTuple):
    """One row: the kind of its section, its texts, the links in them, and what its cells were."""

    kind: str
    texts: list[str]
    links: list[str] | None = None  # the number of the first link in each cell, "" for none; None if no cell has one
    heads: bool = False  # all its cells in which something stands are headings
    title: bool = False  # one cell reaches over all of it
    unseen: bool = False

    @property
    def told(self) -> object:
        """What it says, to be compared with other rows."""
        return tuple(self.texts)

    @property
    def width(self) -> int:
        """How many cells it has."""
        return len(self.texts)


class PlainRow(NamedTuple):
    """A row of a table in which no cell reaches over another, as one text; END is behind each cell.

    The text has the spaces of the page: to tidy those of all rows takes as long as to tell their cells.
    """

    kind: str
    text: str
    unseen: bool = False
    links: None = None
    title: bool = False

    @property
    def texts(self) -> list[str]:
        """The texts of its cells."""
        return self.told.split(END)[:-1]

    @property
    def heads(self) -> bool:
        """Whether all its cells in which something stands are headings."""
        cells = self.text.split(END)[:-1] if HEAD in self.text else []
        return bool(cells) and all(not cell.strip() or cell[-1] == HEAD for cell in cells)

    @property
    def told(self) -> str:
        """What it says, to be compared with other rows."""
        return tidied(_NUMBER.sub("", self.text))

    @property
    def width(self) -> int:
        """How many cells it has."""
        return self.text.count(END)


_NUMBER = re.compile(f"{LINK}[0-9]+{LINK}")

Rows = list[Row] | list[PlainRow]


def laid_out(sections: list[RowGroup], *, what: str, place: Place | None, hidden: frozenset[int] = frozenset()) -> Rows:
    """The rows of all sections, without those in which nothing stands and the columns `hidden`, all equally long.

    Raises CoursewrightError when cells reach over so much that the rows would fill the memory.
    """
    plain = None if hidden else _plain(sections)
    if plain is not None:
        _refuse_large(plain[0].width if plain else 0, len(plain), what, place)
        return plain
    grid: list[tuple[str, list[str], bool, bool]] = []
    anchored: set[int] = set()
    slots = 0
    for kind, texts, is_plain in sections:
        rows = [(text.startswith(UNSEEN), _cells(text, is_plain)) for text in texts]
        reaching = any(SPAN in text for text in texts)
        if not reaching:
            anchored.update(range(max((len(cells) for unseen, cells in rows if not unseen), default=0)))
        spread = _spread(rows, anchored) if reaching else ((cells, False, unseen) for unseen, cells in rows)
        for cells, title, unseen in spread:
            slots += len(cells)
            if slots > _SLOTS:
                message = f"the cells of {what} reach over more than {_SLOTS:,} places"
                raise CoursewrightError(message, place, "check the rowspan and colspan of the page")
            grid.append((kind, cells, title, unseen))
    width = max(anchored, default=-1) + 1
    _refuse_large(width, len(grid), what, place)
    # A column in which no cell begins is there only because others reach over it, such as colspan="99" for "all".
    kept = None if len(anchored) == width and not hidden else sorted(anchored - hidden or anchored)
    rows_ = (_row(kind, _fitted(cells, width, kept), title, unseen) for kind, cells, title, unseen in grid)
    return [row for row in rows_ if any(row.texts) or (row.links and any(row.links))]


def _plain(sections: list[RowGroup]) -> list[PlainRow] | None:
    """The rows when they are plain, all of them equally long."""
    rows: list[PlainRow] = []
    for kind, texts, is_plain in sections:
        if not is_plain:
            return None
        rows += [PlainRow(kind, text.lstrip(UNSEEN), text.startswith(UNSEEN)) for text in texts]
    rows = [row for row in rows if row.text.strip(_NOTHING)]
    return rows if len({row.width for row in rows}) < 2 else None


def _cells(row: str, plain: bool) -> list[str]:
    """The cells of a row, with HEAD in front of those of `<th>`."""
    if not plain:
        return row.split(CELL)[1:]
    cells = [" ".join(cell.split()) for cell in row.lstrip(UNSEEN).split(END)[:-1]]
    return [HEAD + cell[:-1].rstrip() if cell.endswith(HEAD) else cell for cell in cells]


def _refuse_large(width: int, height: int, what: str, place: Place | None) -> None:
    if width * height > _SLOTS:
        message = f"{what} is {width:,} columns wide and {height:,} rows long, more than {_SLOTS:,} cells"
        raise CoursewrightError(message, place, "a table of a page is read whole: give its rows as a file instead")


def _fitted(cells: list[str], width: int, kept: list[int] | None) -> list[str]:
    if len(cells) < width:
        cells = [*cells, *[""] * (width - len(cells))]
    return cells[:width] if kept is None else [cells[at] for at in kept]


def _spread(rows: list[tuple[bool, list[str]]], anchored: set[int]) -> Iterator[tuple[list[str], bool, bool]]:
    """The rows of one section with each cell in all the places it reaches over; `anchored` takes where they begin.

    A row that is not seen takes no part in the layout, and stands where it would if it were seen.
    """
    above: dict[int, tuple[int, str]] = {}  # by column: for how many rows more a cell reaches down, and its text
    for unseen, row in rows:
        cells: list[str] = []
        below: dict[int, tuple[int, str]] = {}
        reached = 0
        for cell in row:
            _take(above, cells, until=None)
            text, reach, *_ = [*cell.split(SPAN), ""]
            down, right = map(int, reach.split(",")) if reach else (1, 1)
            down, right = min(down, _ROWS) or _ROWS, min(right, _COLUMNS) or 1
            if not unseen:
                anchored.add(len(cells))
            reached = right
            for _ in range(right):
                if down > 1:
                    below[len(cells)] = (down - 1, text)
                cells.append(text)
        own = len(cells)
        _take(above, cells, until=max(above, default=-1))
        title = len(row) == 1 and reached > 1 and own == len(cells) == reached
        if row and not (unseen and title):  # without cells of its own, a row says nothing that the one above has not
            yield cells, title, unseen
        if not unseen:
            above = {at: (left - 1, text) for at, (left, text) in above.items() if left > 1} | below


def _take(above: dict[int, tuple[int, str]], cells: list[str], *, until: int | None) -> None:
    """Continue a row by the cells that reach into it from above: those that come next, or all up to a column."""
    while len(cells) in above or (until is not None and len(cells) <= until):
        cells.append(above[len(cells)][1] if len(cells) in above else "")


def _row(kind: str, cells: list[str], title: bool, unseen: bool) -> Row:
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
    return Row(kind, cells, links, heads and any(cells), title, unseen)
