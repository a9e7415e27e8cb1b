"""A table of a notebook: fewer rows are shown than on a page, and all of them are in the answer."""

from __future__ import annotations

import msgspec

from coursewright.pages import Directive, Materials
from coursewright.pages.blocks import Grid
from coursewright.pages.directives import table as plugin

_ROWS = 20  # that are shown where nobody says how many


class TableMagicOptions(plugin.TableOptions, frozen=True):
    """Those of `{table}`, and `out`: the variable that gets the answer."""

    out: str = ""


class CellTable:
    """What carries out a `{table}` in a notebook."""

    Options = TableMagicOptions

    def run(self, directive: Directive, options: TableMagicOptions, materials: Materials) -> Grid:
        """The table."""
        few = options if "limit" in directive.options else msgspec.structs.replace(options, limit=_ROWS)
        return plugin.run(directive, few, materials)
