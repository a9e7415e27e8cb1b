"""The language of pages: what people write, and what of it is shown how."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.syntax.footnotes import numbers
    from coursewright.pages.syntax.labels import marked
    from coursewright.pages.syntax.parser import markdown
else:
    __getattr__ = on_first_use(__name__, __file__)
