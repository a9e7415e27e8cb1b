"""What a page needs to be told again where it is read, as files of the site."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping, Sequence
from importlib import resources
from typing import TYPE_CHECKING, Any

import msgspec

from coursewright.errors import CoursewrightError, MissingPart, Place
from coursewright.labels import foreign, words
from coursewright.sites.retelling.packed import packed
from coursewright.sites.runtimes import Ours
from coursewright.sites.runtimes.carrying import licences, opener
from coursewright.sites.runtimes.parts import part

if TYPE_CHECKING:
    import pyarrow as pa

FOLDER = "retelling"
LARGEST = 5_000_000  # bytes of all tables of a page, as they are sent
_SCRIPTS = (
    "begin.js",
    "unpack.js",
    "duckdb.worker.js",
    "engine.mjs",
    "retell.mjs",
    "amounts.mjs",
    "table.mjs",
    "python.mjs",
    "text.mjs",
    "shown.mjs",
    "chart.mjs",
    "question.mjs",
    "page.mjs",
    "csv.mjs",
    "json.mjs",
    "own.mjs",
)
PATIENCE = 20.0  # seconds for one statement: some functions of time zones never come back
_IMPORTED = b'from"apache-arrow"'

Content = str | bytes | Callable[[], bytes]


class RetoldBlock(msgspec.Struct, frozen=True):
    """One block of the page, by its number: `facts`, `texts`, a `table` or a `figure` told again, or why it
    stays. A `question` was drawn for each choice.

    `python` are texts that Python tells, since SQL cannot. `label` is what links call it by.
    """

    block: int
    flow: str
    facts: Any = None
    texts: Any = None
    table: Any = None
    figure: Any = None
    question: Any = None
    python: Any = None
    label: str = ""
    limit: int = 0
    least: float = 0
    stays: str = ""


class RetoldBody(msgspec.Struct, frozen=True):
    """The text of a page as HTML: its passages between comments, `zq0qz` for a value, by their `names`, and a place for
    each block, by its number here; `blocks` has the numbers that those have which are in the page as it is built.

    `title` is text and names of parameters, `site` what the site is called, `contents` what stands above the list of
    sections. `links` are the files to whose pages links lead.
    """

    html: str
    names: tuple[str, ...]
    title: tuple[dict[str, str], ...]
    site: str
    contents: str
    blocks: Mapping[str, int]
    links: tuple[str, ...] = ()


class When(msgspec.Struct, frozen=True):
    """A passage: the SELECT that has rows if it is told; else whether it was told when the page was built, and why."""

    rows: str = ""
    told: bool = False
    stays: str = ""


class DerivedSelect(msgspec.Struct, frozen=True):
    """A table that is made of others, and the SELECT that makes it where one of these is the reader's own."""

    name: str
    rows: str


class ChoicesSelect(msgspec.Struct, frozen=True):
    """The SELECT of the choices of a parameter, a value and what it is called; sorted here, unless it is `ordered`.

    Values of these `shapes` were tried in the text of the page.
    """

    rows: str
    ordered: bool
    shapes: tuple[str, ...] = ()


class OwnTables(msgspec.Struct, frozen=True):
    """The tables in whose place a file of the reader's can stand, as `tables.own` says it, what is `made` of them, and
    the `choices` that hang on them; the blocks that `stay` with the course's own, by their numbers.

    A file has at most so many `bytes`. `line` is the column with the lines of rows.
    """

    tables: tuple[Any, ...]
    made: tuple[DerivedSelect, ...]
    choices: Mapping[str, ChoicesSelect]
    stays: tuple[int, ...]
    bytes: int
    line: str


class RetoldPage(msgspec.Struct, frozen=True):
    """A page: its parts, the values of its parameters, the tables it reads by their files, and choices.

    `text` is that of the page, with its passages in `whens`, if more than its blocks hangs on what is chosen.
    `pages` has, for each file that cells and links lead to, the addresses of its pages by what names them.
    `choices` has, for a parameter by its name, the choices for each list of the values that they hang on, as JSON. The
    engine has so many `seconds` for one statement. `python` is where that is, if a part is told by it, `charts` what
    draws one. `own` is what readers can bring.
    """

    parts: tuple[RetoldBlock, ...]
    values: Mapping[str, Any]
    tables: Mapping[str, str]
    choices: Mapping[str, Mapping[str, Sequence[tuple[Any, str]]]]
    bytes: int
    engine: str
    seconds: float = PATIENCE
    pages: Mapping[str, Mapping[str, str]] = {}
    python: Ours | None = None
    text: RetoldBody | None = None
    whens: tuple[When, ...] = ()
    prelude: tuple[str, ...] = ()
    charts: str = ""
    own: OwnTables | None = None


def table_file(rows: pa.Table) -> tuple[str, bytes]:
    """A table as the file that pages fetch, and its name, which says what is in it."""
    content = _packed(rows, 9)
    return f"{hashlib.sha256(content).hexdigest()[:16]}.arrow.gz", content


def _packed(rows: pa.Table, level: int) -> bytes:
    import pyarrow as pa

    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, rows.schema) as stream:
        stream.write_table(rows)
    return gzip.compress(sink.getvalue().to_pybytes(), level, mtime=0)


def check_tables(name: str, tables: Mapping[str, pa.Table], place: Place) -> None:
    """Raise CoursewrightError, as `check_size` does, for tables, which are packed well only if that matters."""
    if sum(len(_packed(rows, 1)) for rows in tables.values()) > LARGEST:
        check_size(name, {table: len(table_file(rows)[1]) for table, rows in tables.items()}, place)


def check_size(name: str, sizes: Mapping[str, int], place: Place) -> None:
    """Raise CoursewrightError for a page whose tables are more than readers should fetch; its form is at `place`."""
    if sum(sizes.values()) <= LARGEST:
        return
    largest = max(sizes, key=sizes.__getitem__)
    message = (
        f"{name} would fetch {sum(sizes.values()) / 1e6:.1f} MB of tables to be told again, and at most "
        f"{LARGEST / 1e6:.0f} MB may be"
    )
    hint = f'the largest is "{largest}", {sizes[largest] / 1e6:.1f} MB: read fewer columns of it, or leave {{form}} out'
    raise CoursewrightError(message, place, hint)


def engine_file() -> str:
    """The name of the file that the engine is in. Raises MissingPart where it was not fetched."""
    return f"duckdb-eh-{part('duckdb').version}.wasm.gz"


def can_draw() -> bool:
    """Whether what draws charts was fetched."""
    try:
        return bool(part("plot").files and part("d3").files)
    except MissingPart:
        return False


def charts_file() -> str:
    """The name of the file that what draws charts is in. Raises MissingPart where it was not fetched."""
    return f"plot-{part('plot').version}-d3-{part('d3').version}.js.gz"


def charts_files() -> dict[str, Content]:
    """What draws charts, packed, by its path in the site. Raises MissingPart where it was not fetched."""
    d3, plot = part("d3"), part("plot")
    scripts = [d3.folder / "dist" / "d3.min.js", plot.folder / "dist" / "plot.umd.min.js"]
    whole = b"\n".join(script.read_bytes() for script in scripts)
    return {f"{FOLDER}/{charts_file()}": gzip.compress(whole, 9, mtime=0), **licences(d3, plot)}


def can_retell() -> bool:
    """Whether the engine was fetched."""
    try:
        return bool(part("duckdb").files and part("arrow").files)
    except MissingPart:
        return False


def _scripts(language: str) -> dict[str, bytes]:
    """Our own scripts, with their words in `language`, or in English and what says so."""
    said = msgspec.json.encode({"words": words("retelling", language), "spoken": foreign("retelling", language)})
    own = msgspec.json.encode({"words": words("own", language), "spoken": foreign("own", language)})
    read = {name: resources.files(__package__).joinpath(name).read_bytes() for name in _SCRIPTS}
    return {name: script.replace(b"'SAID'", said).replace(b"'OWN'", own) for name, script in read.items()}


def engine_files(language: str) -> dict[str, Content]:
    """The engine, the scripts of pages in `language` and what serves them, by their paths in the site.

    The engine is packed here, whatever the host does: it is 34 MB, and some take no file of more than 25. Raises
    MissingPart where it was not fetched.
    """
    duckdb, arrow = part("duckdb"), part("arrow")
    dist = duckdb.folder / "dist"
    browser = (dist / "duckdb-browser.mjs").read_bytes().replace(_IMPORTED, b'from"./arrow.mjs"')
    files: dict[str, Content] = {
        **_scripts(language),
        "duckdb-browser.mjs": browser,
        "arrow.mjs": b"export const { RecordBatchReader, Table, Type, tableToIPC } = globalThis.Arrow;\n",
        "arrow.js": (arrow.folder / "Arrow.es2015.min.js").read_bytes(),
        "duckdb-browser-eh.worker.js": (dist / "duckdb-browser-eh.worker.js").read_bytes(),
        engine_file(): lambda: packed(duckdb, "dist/duckdb-eh.wasm"),
    }
    return {f"{FOLDER}/{name}": content for name, content in files.items()} | licences(duckdb, arrow) | opener()
