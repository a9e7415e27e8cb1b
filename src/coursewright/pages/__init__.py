"""Pages: Markdown with directives, executed once and written in every format."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.blocks.block import Sentences
    from coursewright.pages.executing.run import Materials, execute
    from coursewright.pages.reading.document import Document, read_document
    from coursewright.pages.reading.page import Page, open_page
    from coursewright.pages.text.body import Directive
else:
    __getattr__ = on_first_use(__name__, __file__)
