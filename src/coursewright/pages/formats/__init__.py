"""The formats, a file each: what pages are written as."""

from typing import TYPE_CHECKING

from coursewright.faces import on_first_use

if TYPE_CHECKING:
    from coursewright.pages.formats import feed
    from coursewright.pages.formats.html import write_block, write_html
    from coursewright.pages.formats.html_form import as_data, exact
    from coursewright.pages.formats.markdown import write_markdown
    from coursewright.pages.formats.shown import HtmlWithText, show
else:
    __getattr__ = on_first_use(__name__, __file__)
