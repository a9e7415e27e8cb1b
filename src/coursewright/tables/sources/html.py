"""Rows from a table on an HTML page, as a browser would lay it out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.sources._html.cells import PageSurvey, cells_of
from coursewright.tables.sources._html.choice import choose
from coursewright.tables.sources._html.columns import HtmlColumn, columns
from coursewright.tables.sources._html.controls import show_controls, show_pictures
from coursewright.tables.sources._html.doubtful import in_threes
from coursewright.tables.sources._html.elements import UNUSUAL
from coursewright.tables.sources._html.grid import PlainRow, Row, Rows, laid_out
from coursewright.tables.sources._html.headings import named, split, unlike
from coursewright.tables.sources._html.hidden import by_style
from coursewright.tables.sources._html.hidden import columns as columns_hidden
from coursewright.tables.sources._html.kinds import as_text, typed, without
from coursewright.tables.sources._html.numbers import NumberSigns, language_of, signs_of, write_alike
from coursewright.tables.sources._html.page import HtmlPage, absolute, read_page

if TYPE_CHECKING:
    import pyarrow as pa


class HtmlRows(NamedTuple):
    """The rows of a table, and `notes` on what was assumed of its page, for people."""

    rows: pa.Table
    notes: tuple[str, ...] = ()


class HtmlSpec(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which table of a page is wanted, and how it is to be read.

    `match` is text in the table's caption, id, class, summary or headings, in capitals or small letters; `table` is its
    number on the page, from 1. `header` is how many rows are headings: those of `<thead>`, or the first rows of
    `<th>`, when it does not say. Columns of `fill_down` take the value above where they are empty. `columns` gives
    each column wanted, by our name, its heading on the page; all columns are wanted when it is empty. With `links`,
    a column NAME_link holds the addresses of what column NAME links to. Columns of `text` stay text, whatever they
    look like ("1.10" is a version). With `foot`, the rows of `<tfoot>`, sums most often, are the last rows. `decimal`
    and `thousands` are the signs in numbers, by default those of the page's language. `missing` are texts that stand
    for a missing value, `skip` is how many rows are above the headings, and with `alt`, the text of a picture stands in
    its place.
    """

    match: str = ""
    table: int | None = None
    header: int | None = None
    fill_down: tuple[str, ...] = ()
    columns: dict[str, str] = {}
    links: bool = False
    text: tuple[str, ...] = ()
    foot: bool = False
    decimal: str = ""
    thousands: str = ""
    missing: tuple[str, ...] = ()
    skip: int = 0
    alt: bool = False


def read_html(
    page: bytes, wanted: HtmlSpec, *, shown: str, charset: str | None = None, base: str = "", place: Place | None = None
) -> HtmlRows:
    """The rows of the `wanted` table of a page: whole numbers, decimals, ISO dates and text; empty cells are null.

    `shown` is what messages call the page, `charset` what the server said of its encoding, `base` the address that its
    links start from. A cell over several rows or columns stands in each of them. The text of a cell is what a reader
    sees, with single spaces, without footnote marks and without tables inside, which are tables of their own. Several
    rows of headings are joined as "A / B"; a heading that comes twice is NAME_2, an empty one column_N, N being where
    it stands. Left out are rows without text, and rows that repeat the headings.

    Raises CoursewrightError when that table is not there, or not as `wanted` describes it, and for bytes in it that its
    encoding does not have. The steps are those of the HTML standard, "forming a table".
    """
    document = read_page(page, charset=charset, shown=shown, place=place)
    number, table = choose(document, match=wanted.match, number=wanted.table)
    what = f"table {number} on {shown}"
    language = language_of(table) or document.language
    signs = signs_of(language, decimal=wanted.decimal, thousands=wanted.thousands)
    are_known = bool(wanted.decimal or wanted.thousands or language)
    known = _as_text(document, table, wanted, signs)
    styles = by_style(document.sheets)
    hidden = columns_hidden(table, styles.hidden)
    sections, addresses = cells_of(table, known, styles=styles, links=wanted.links, unseen=bool(wanted.fill_down))
    rows = laid_out(sections, what=what, place=place, hidden=hidden)[wanted.skip :]
    heads, body = split(rows, header=wanted.header, foot=wanted.foot, what=what, place=place)
    found = dict(zip(named(heads, body[0].width), columns(body), strict=True))
    chosen = _chosen(list(found), wanted, what=what, place=place)
    document.refuse_replaced(_texts(found, chosen), what)
    seen = [not row.unseen for row in body] if any(row.unseen for row in body) else None
    start = document.base(base) if addresses else ""
    links = [absolute(start, address) for address in addresses]
    made = _table(found, chosen, wanted, seen=seen, signs=signs, addresses=links)
    texts = {name: found[heading].texts for name, heading in chosen.items() if not {name, heading} & set(wanted.text)}
    feet = () if wanted.foot or table.css_first("tfoot") is None else _left_out(rows, heads)
    return HtmlRows(made, (*document.notes, *(() if are_known else in_threes(texts, made)), *feet))


def _left_out(rows: Rows, heads: Sequence[Row | PlainRow]) -> Iterator[str]:
    """What is to be said of rows of `<tfoot>`, if they are more than the headings once again."""
    told = {row.told for row in heads}
    feet = [row for row in rows if row.kind == "f" and not row.unseen and row.told not in told]
    if feet:
        first = ", ".join(dict.fromkeys(filter(None, feet[0].texts)))[:60]
        several = f"{len(feet)} rows of <tfoot> are" if len(feet) > 1 else "a row of <tfoot> is"
        yield f"{several} left out, {first}: foot = true"


def _as_text(document: HtmlPage, table: Any, wanted: HtmlSpec, signs: NumberSigns) -> PageSurvey:
    """Make text of the fields and pictures of a table, and write its numbers alike; what is known of it then."""
    known = document.known(table)
    if document.has_languages:
        write_alike(table, signs)
    if document.has_controls:
        show_controls(table)
    if wanted.alt:
        show_pictures(table)
    if document.has_languages or document.has_controls or wanted.alt:
        return known._replace(unusual=table.css(UNUSUAL))  # some of the others may be gone
    return known


def _texts(columns: Mapping[str, HtmlColumn], chosen: Mapping[str, str]) -> Iterator[str]:
    """The headings of the chosen columns and all that stands in them."""
    for heading in chosen.values():
        yield heading
        yield from filter(None, columns[heading].texts.to_pylist())


def _chosen(found: list[str], wanted: HtmlSpec, *, what: str, place: Place | None) -> dict[str, str]:
    """The headings of the columns that are wanted, by our names for them."""
    chosen = wanted.columns or {name: name for name in found}
    for heading in chosen.values():
        if heading not in found:
            raise CoursewrightError(f'{what} has no column "{heading}"', place, did_you_mean(heading, found))
    for option, names in (("fill_down", wanted.fill_down), ("text", wanted.text)):
        for name in names:
            if name not in chosen and name not in chosen.values():
                message = f'{option}: {what} has no column "{name}"'
                raise CoursewrightError(message, place, did_you_mean(name, chosen))
    return dict(chosen)


def _table(
    columns: dict[str, HtmlColumn],
    chosen: dict[str, str],
    wanted: HtmlSpec,
    *,
    seen: list[bool] | None,
    signs: NumberSigns,
    addresses: list[str],
) -> pa.Table:
    """The chosen columns, filled down, each of its type and with its links beside it; of the rows those `seen`."""
    import pyarrow as pa

    made: dict[str, pa.Array] = {}
    taken = {name.lower() for name in chosen}
    whole = pa.array(addresses, pa.string())
    for name, heading in chosen.items():
        texts, links = columns[heading]
        if {name, heading} & set(wanted.fill_down):
            texts, links = _filled_down(texts, links)
        if seen is not None:
            texts, links = texts.filter(pa.array(seen)), links and links.filter(pa.array(seen))
        texts = without(texts, wanted.missing)
        made[name] = as_text(texts) if {name, heading} & set(wanted.text) else typed(texts, signs)
        if links is not None and links.null_count < len(links):
            made[unlike(f"{name}_link", taken)] = whole.take(links)
    return pa.table(made)


def _filled_down(texts: pa.Array, links: pa.Array | None) -> tuple[pa.Array, pa.Array | None]:
    """The texts with the one above in the place of a missing one, and the links that belong to them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    numbers = pa.array(range(len(texts)), pa.int64())
    above = pc.fill_null_forward(pc.if_else(pc.is_valid(texts), numbers, pa.scalar(None, pa.int64())))
    return texts.take(above), links and links.take(above)
