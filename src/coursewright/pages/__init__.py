"""Pages: Markdown with directives, executed once and written in every format."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.blocks.block import Sentences
    from coursewright.pages.cells import CODE_CELL, filled_directive, without_words
    from coursewright.pages.conventions import Conventions
    from coursewright.pages.document import Document, Heading, read_document
    from coursewright.pages.executing import ExecutedPage, Materials, carry_out, execute
    from coursewright.pages.in_part import InPart
    from coursewright.pages.outcome import ABSENT, MODULES, VARIABLE, Outcome, ParameterLog, file_of
    from coursewright.pages.page import Page, open_page, read_options, read_page, read_settings
    from coursewright.pages.published import Publication
    from coursewright.pages.text.body import Directive
else:
    __getattr__ = on_first_use(__name__, __file__)
