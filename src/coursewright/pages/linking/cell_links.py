"""Links from the cells of a table to the pages of their rows: `:link: Circuit = circuit`."""

from __future__ import annotations

from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from coursewright.errors import CoursewrightError
from coursewright.pages.columns.named import named_columns
from coursewright.pages.executing.run import Materials
from coursewright.pages.reading.page import read_settings
from coursewright.pages.text.body import Directive

if TYPE_CHECKING:
    import pyarrow as pa


def cell_links(rows: pa.Table, option: str, directive: Directive, materials: Materials) -> dict[str, list[str]]:
    """For each column that `option` names, what each of its cells leads to: "" for a row that lacks a value.

    The values that name the page come from the row or, of columns that it does not have, from the page's parameters.
    """
    place = directive.place_of("link")
    links: dict[str, list[str]] = {}
    for column, page in named_columns(option, rows.column_names, place).items():
        if not page:
            raise CoursewrightError(f'"{column}" is no link', place, "write COLUMN = PAGE, such as Circuit = circuit")
        keys = read_settings(page_file(page, materials)).key_names
        if not keys:
            hint = "link to a page whose `name` is a pattern, such as {{ season }}-{{ round }}"
            raise CoursewrightError(f"{page}.md makes one page, whatever the row", place, hint)
        values = [_values(rows, key, materials, directive, page) for key in keys]
        links[column] = [_target(page, row) for row in zip(*values, strict=True)]
    return links


def page_file(page: str, materials: Materials) -> Path:
    """The file of a page, which may be called by its name alone in whichever section it is, as in links.

    Raises CoursewrightError for one that is not there.
    """
    section, _, name = page.rpartition("/")
    folder = materials.root / "pages"
    found = [] if section else [each.parent for each in folder.rglob(f"{escape(name)}.md")]
    within = found[0] if len(found) == 1 else folder / section
    return materials.file(within.relative_to(materials.root).as_posix(), name, ".md", "page")


def _values(rows: pa.Table, key: str, materials: Materials, directive: Directive, page: str) -> list[Any]:
    if key in rows.column_names:
        values: list[Any] = rows.column(key).to_pylist()
        return values
    if key in materials.parameters:
        return [materials.parameters[key]] * rows.num_rows
    hint = f"add it to the SELECT, and to :hide: if it should not be seen: {page}.md names its pages by it"
    raise CoursewrightError(f'no column called "{key}"', directive.place_of("link"), hint)


def _target(page: str, values: tuple[Any, ...]) -> str:
    if any(value is None for value in values):
        return ""
    return f"{quote(page)}:{quote('-'.join(map(str, values)), safe='')}"
