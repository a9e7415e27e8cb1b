"""What a site looks like: templates for its pages, and its style sheet."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.theme.looks import SiteLooks
    from coursewright.sites.theme.looks import check as check_looks
else:
    __getattr__ = on_first_use(__name__, __file__)
