"""Citing: sources from BibTeX and CSL-JSON, and what a style of citing makes of them."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.citing.bibliography import HARVARD, check_files, check_style
else:
    __getattr__ = on_first_use(__name__, __file__)
