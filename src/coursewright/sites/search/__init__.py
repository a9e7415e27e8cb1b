"""Search: what pages give to it, and the pieces in which readers' browsers load it, from a folder as from a server."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.search.cut import pieces
    from coursewright.sites.search.records import SearchRecord, record
else:
    __getattr__ = on_first_use(__name__, __file__)
