"""Rows for people and for programs: as text, in files, summed up."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.showing.export import write
    from coursewright.tables.showing.frame import as_frame
    from coursewright.tables.showing.held import holdable
    from coursewright.tables.showing.shown import in_full, plain, show
    from coursewright.tables.showing.summary import Summary, summarise
else:
    __getattr__ = on_first_use(__name__, __file__)
