"""Citing: sources from BibTeX and CSL-JSON, and what a style of citing makes of them."""

from coursewright.pages.citing.bibliography import HARVARD, Bibliography, check_files, check_style, read_bibliography
from coursewright.pages.citing.cited import Cited, cite
from coursewright.pages.citing.spans import Spans, as_html, as_markdown

__all__ = [
    "HARVARD",
    "Bibliography",
    "Cited",
    "Spans",
    "as_html",
    "as_markdown",
    "check_files",
    "check_style",
    "cite",
    "read_bibliography",
]
