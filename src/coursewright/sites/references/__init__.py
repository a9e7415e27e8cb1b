"""What the pages of a site refer to: other pages, files, addresses."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.references.paths import addresses, published
    from coursewright.sites.references.resolve import SCHEMES, LinkEnd, Resolver, resolve_all, resolve_page
else:
    __getattr__ = on_first_use(__name__, __file__)
