"""What a site has around a page: navigation, contents, the lists of the whole site."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.sites.around.choosing import choice_file
    from coursewright.sites.around.licence import meant_by, text_of
    from coursewright.sites.around.navigation import Around, MenuItem, around
    from coursewright.sites.index import LOST
else:
    __getattr__ = on_first_use(__name__, __file__)
