"""Tables of text in questions, as HTML and as Markdown."""

from __future__ import annotations

from html import escape

from coursewright.markup import escape_markdown
from coursewright.questions.writing.prose import ProseGrid


def grid_html(grid: ProseGrid) -> str:
    """A table as HTML; numbers are set to the right by the class `number`."""

    def row(cells: tuple[str, ...], tag: str) -> str:
        marked = (' class="number"' if numeric else "" for numeric in grid.numeric)
        tags = (tag if cell.strip() else "td" for cell in cells)
        written = (f"<{t}{c}>{escape(x)}</{t}>" for x, c, t in zip(cells, marked, tags, strict=True))
        return f"<tr>{''.join(written)}</tr>"

    body = "\n".join(row(cells, "td") for cells in grid.rows)
    return f"<table>\n<thead>\n{row(grid.columns, 'th')}\n</thead>\n<tbody>\n{body}\n</tbody>\n</table>\n"


def grid_markdown(grid: ProseGrid) -> str:
    """A table in GitHub's Markdown."""
    rows = ["| " + " | ".join(map(escape_markdown, cells)) + " |" for cells in (grid.columns, *grid.rows)]
    rule = "|" + "|".join(" ---: " if numeric else " --- " for numeric in grid.numeric) + "|"
    return "\n".join((rows[0], rule, *rows[1:]))
