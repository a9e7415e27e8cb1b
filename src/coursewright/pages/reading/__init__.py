"""A page is read: its front matter, its Markdown with headings and directives, and what its course agrees on."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.reading.conventions import Conventions
    from coursewright.pages.reading.document import Heading
    from coursewright.pages.reading.in_part import InPart
    from coursewright.pages.reading.page import read_options, read_page, read_settings
    from coursewright.pages.reading.published import Publication
else:
    __getattr__ = on_first_use(__name__, __file__)
