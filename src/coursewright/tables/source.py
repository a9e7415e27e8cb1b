"""The noun: where the rows of a table come from, as `[tables]` of `course.toml` says it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from coursewright.errors import CoursewrightError, Place
from coursewright.tables.contracts.contract import Expect
from coursewright.tables.sources.options import ReadOptions

_OF_PAGES = tuple(name for name in ReadOptions.__struct_fields__ if name != "delimiter")
# What each kind of source takes besides itself; files of some formats take less.
_TAKES = {
    "file": ("format", "member", "sheet", "table", "header", *ReadOptions.__struct_fields__),
    "html": ("match", "table", "header", "fill_down", "links", "foot", "alt", *_OF_PAGES),
    "database": ("query",),
}


class Source(ReadOptions, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A file, a page of the web or a database; exactly one of the first three is given.

    `file` and `html` are paths below the course's folder or http(s) addresses. Of a file, `format` is what its name
    does not say ("csv"), `member` the file inside a zip, `sheet` the name or number of a sheet, `table` the name of a
    table in an SQLite file. Of a page, `match` is text of the table's caption, id or headings and `table` its number
    (from 1); `fill_down` names columns whose empty cells repeat the one above; with `links`, a cell's link becomes a
    column beside it; with `foot`, the last rows of a table, sums most often, are rows too; with `alt`, the text of a
    picture stands in its place. Of both, `header` is how many rows are headings, and how values are to be read is said
    as in `ReadOptions`. A `database` is a URL; `query` is run there, in its own SQL. `expect` is what must be true of
    the rows; it may stand alone, for a table whose rows are there without `[tables]`, such as one of `tables/`.
    """

    file: str = ""
    html: str = ""
    database: str = ""
    format: str = ""
    member: str = ""
    sheet: str | int = ""
    table: str | int = ""
    header: int | None = None
    match: str = ""
    fill_down: tuple[str, ...] = ()
    links: bool = False
    foot: bool = False
    alt: bool = False
    query: str = ""
    expect: Expect | None = None

    @property
    def only_expects(self) -> bool:
        """Whether it says nothing of where the rows come from, only what is expected of them."""
        return self.expect is not None and self == Source(expect=self.expect)

    @property
    def options(self) -> ReadOptions:
        """How the values are to be read, without whence."""
        return ReadOptions(**{name: getattr(self, name) for name in ReadOptions.__struct_fields__})

    @property
    def kind(self) -> str:
        """Which of `file`, `html` and `database` it is."""
        return next((kind for kind in _TAKES if getattr(self, kind)), "")

    @property
    def address(self) -> str:
        """The path, address or URL."""
        return str(getattr(self, self.kind))

    def check(self, place: Place | None) -> None:
        """Raise CoursewrightError for none or several kinds at once, or an option that the kind does not take."""
        if self.only_expects:
            return
        given = [kind for kind in _TAKES if getattr(self, kind)]
        if len(given) != 1:
            but = f", not {_listed(given, 'and')}" if given else ""
            message = f"a table comes from one of {_listed(_TAKES)}{but}"
            raise CoursewrightError(message, place, 'for instance: { file = "data/results.parquet" }')
        takes = _TAKES[given[0]]
        for option in dict.fromkeys(chain(*_TAKES.values())):
            if option not in takes and getattr(self, option) != getattr(_NOTHING, option):
                message = f'a table from {_NAMES[given[0]]} takes no "{option}"'
                raise CoursewrightError(message, place, f"it takes {_listed(takes, 'and')}")
        self.options.check(place)


_NOTHING = Source()
_NAMES = {"file": "a file", "html": "a page", "database": "a database"}


def _listed(names: Iterable[str], last: str = "or") -> str:
    *some, end = names
    return f"{', '.join(some)} {last} {end}" if some else end
