"""Sites: what the pages of a course know of each other, and how they are written."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites import retelling, runtimes
    from coursewright.sites.index import LOST, Entry, Index, Mention, can_be_retold, is_retold, read_entry
    from coursewright.sites.licence import meant_by, text_of
    from coursewright.sites.page import CHOICE, SitePage, addresses, here, published
    from coursewright.sites.resolve import SCHEMES, Found, Resolver, resolve_all, resolve_page
    from coursewright.sites.site import Feeds, Site
else:
    __getattr__ = on_first_use(__name__, __file__)
