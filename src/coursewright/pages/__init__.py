"""Pages: Markdown with directives, executed once and written in every format."""

from coursewright.pages.blocks.block import (
    Asked,
    Block,
    Cell,
    Choice,
    Form,
    Framed,
    Grid,
    Picture,
    Raster,
    Sentences,
    Sound,
    pictures,
    shown_in,
)
from coursewright.pages.citing import HARVARD, check_files, check_style
from coursewright.pages.conventions import Conventions
from coursewright.pages.document import Document, Heading, read_document
from coursewright.pages.engines import Limits
from coursewright.pages.executing import Executed, Materials, carry_out, execute
from coursewright.pages.in_part import InPart
from coursewright.pages.linking.references import Link, Reference
from coursewright.pages.linking.targets import Target
from coursewright.pages.linking.terms import Term, key_of
from coursewright.pages.outcome import ABSENT, MODULES, VARIABLE, Noted, Outcome, file_of
from coursewright.pages.page import Page, open_page, read_page, read_settings
from coursewright.pages.published import Published
from coursewright.pages.text.body import Directive, Passage, standing_alone

__all__ = [
    "ABSENT",
    "HARVARD",
    "MODULES",
    "VARIABLE",
    "Asked",
    "Block",
    "Cell",
    "Choice",
    "Conventions",
    "Directive",
    "Document",
    "Executed",
    "Form",
    "Framed",
    "Grid",
    "Heading",
    "InPart",
    "Limits",
    "Link",
    "Materials",
    "Noted",
    "Outcome",
    "Page",
    "Passage",
    "Picture",
    "Published",
    "Raster",
    "Reference",
    "Sentences",
    "Sound",
    "Target",
    "Term",
    "carry_out",
    "check_files",
    "check_style",
    "execute",
    "file_of",
    "key_of",
    "open_page",
    "pictures",
    "read_document",
    "read_page",
    "read_settings",
    "shown_in",
    "standing_alone",
]
