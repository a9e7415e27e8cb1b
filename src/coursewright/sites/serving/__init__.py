"""Serving: a site on this machine alone, and a preview of it that tells its pages what has become of them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.serving.preview import Preview
    from coursewright.sites.serving.server import SiteServer
else:
    __getattr__ = on_first_use(__name__, __file__)
