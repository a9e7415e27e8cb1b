"""Where rows come from, a file for each kind of source."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.tables.source import Source
    from coursewright.tables.sources import dump, web
    from coursewright.tables.sources.strange import strange_sources
else:
    __getattr__ = on_first_use(__name__, __file__)
