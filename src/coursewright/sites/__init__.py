"""Sites: what the pages of a course know of each other, and how they are written."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.index import Entry, Index, Mention, read_entry
    from coursewright.sites.page import SitePage
    from coursewright.sites.site import Site
else:
    __getattr__ = on_first_use(__name__, __file__)
