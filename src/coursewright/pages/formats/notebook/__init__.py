"""A page as a notebook: its text in cells of Markdown, its directives and its code in cells that run."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.formats.notebook.cut import pieces
    from coursewright.pages.formats.notebook.idents import cell_id
    from coursewright.pages.formats.notebook.needs import AboutNotebook
    from coursewright.pages.formats.notebook.writing import write
else:
    __getattr__ = on_first_use(__name__, __file__)
