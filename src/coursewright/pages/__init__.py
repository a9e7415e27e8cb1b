"""Pages: Markdown with directives, executed once and written in every format."""

from coursewright.pages.block import Block, Grid, Picture, Sentences
from coursewright.pages.execute import Executed, Materials, execute
from coursewright.pages.page import Directive, Page, read_page

__all__ = [
    "Block",
    "Directive",
    "Executed",
    "Grid",
    "Materials",
    "Page",
    "Picture",
    "Sentences",
    "execute",
    "read_page",
]
