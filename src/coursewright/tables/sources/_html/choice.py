"""Which of the tables of a page is meant."""

from __future__ import annotations

from typing import Any

from coursewright.errors import CoursewrightError
from coursewright.tables.sources._html.page import HtmlPage, plain

_FIRST_ROWS = 5  # among which the headings are
_TABLES = 5  # told in a hint
_COLUMNS = 8


def choose(page: HtmlPage, *, match: str, number: int | None) -> tuple[int, Any]:
    """The number of the table that is meant, from 1, and it; raises CoursewrightError unless it is one."""
    tables = page.tables
    if not tables:
        raise _none(page)
    if number is not None and not 1 <= number <= len(tables):
        count = "1 table" if len(tables) == 1 else f"{len(tables)} tables"
        message = f"table = {number}, but {page.shown} has {count}"
        raise CoursewrightError(message, page.place, _listed(list(enumerate(tables, 1))))
    numbered = list(enumerate(tables, 1)) if number is None else [(number, tables[number - 1])]
    found = [(at, table) for at, table in numbered if match.casefold() in _description(table).casefold()]
    if not found and number is None:
        message = f'no table on {page.shown} has "{match}" in its caption, id, class, summary or headings'
        raise CoursewrightError(message, page.place, _listed(numbered))
    if not found:
        message = (
            f'table {number} on {page.shown} does not have "{match}" in its caption, id, class, summary or headings'
        )
        raise CoursewrightError(message, page.place, _listed(list(enumerate(tables, 1))))
    if len(found) > 1:
        which = (
            f'{len(found)} tables on {page.shown} have "{match}"' if match else f"{page.shown} has {len(found)} tables"
        )
        numbers = f"say which one with table = N{'' if match else ' or match = TEXT'}; "
        raise CoursewrightError(f"{which}", page.place, numbers + _listed(found))
    return found[0]


def _none(page: HtmlPage) -> CoursewrightError:
    """The error for a page without a table."""
    called = f': it is called "{page.title}"' if page.title else ""
    if page.asks_password:
        looks = f"{called} and" if called else ": it"
        hint = "log in with a browser, save the page there, and give the saved file instead"
        return CoursewrightError(
            f"there is no table on {page.shown}{looks} looks like a login page: it asks for a password",
            page.place,
            hint,
        )
    hint = "check the address; if a script makes the table in the browser, give the address of the data that it loads"
    return CoursewrightError(f"there is no table on {page.shown}{called}", page.place, hint)


def _description(table: Any) -> str:
    """The text by which a table can be found; what its cells say besides is no part of it."""
    attributes = table.attributes
    said = [attributes.get(name) or "" for name in ("id", "class", "summary")]
    return "\n".join([_caption(table), *said, *_headings(table)])


def _caption(table: Any) -> str:
    return next((_text(node) for node in table.iter() if node.tag == "caption"), "")


def _headings(table: Any) -> list[str]:
    """The texts of the `<th>` among the first rows, or of the first row that has cells."""
    parts = [part for part in table.iter() if part.tag in {"thead", "tbody", "tfoot"}]
    rows = [row for part in parts for _, row in zip(range(_FIRST_ROWS), part.iter(), strict=False) if row.tag == "tr"]
    cells = [list(row.iter()) for row in rows[:_FIRST_ROWS]]
    heads = [_text(cell) for row in cells for cell in row if cell.tag == "th"]
    return heads or [_text(cell) for cell in next(filter(None, cells), ())]


def _text(node: Any) -> str:
    return plain(node.text(separator=" "))


def _listed(numbered: list[tuple[int, Any]]) -> str:
    """The first of the tables: number, caption or id, headings."""
    told = []
    for number, table in numbered[:_TABLES]:
        caption, name = _caption(table), table.attributes.get("id")
        called = f' "{caption}"' if caption else f' id="{name}"' if name else ""
        heads = [head[:40] for head in _headings(table) if head]
        listed = ", ".join(heads[:_COLUMNS]) + (" …" if len(heads) > _COLUMNS else "")
        told.append(f"{number}{called} ({listed or 'empty'})")
    more = f" and {len(numbered) - _TABLES} more" if len(numbered) > _TABLES else ""
    return f"the tables found: {'; '.join(told)}{more}"
