"""Search: what pages give to it, and the pieces in which readers' browsers load it, from a folder as from a server."""

from coursewright.sites.search.cut import pieces
from coursewright.sites.search.records import Record, record
from coursewright.sites.search.script import search_script

__all__ = ["Record", "pieces", "record", "search_script"]
