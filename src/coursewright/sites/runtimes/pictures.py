"""A link as a picture: a code that a telephone reads, and a button."""

from __future__ import annotations

import io
from html import escape

from coursewright.errors import CoursewrightError, MissingPart

_LOOKS = "display:inline-block;padding:.4em .9em;border-radius:.3em;background:#0b5cad;color:#fff;text-decoration:none"


def check_code() -> None:
    """Raise MissingPart, with the command to run, where nothing draws codes."""
    try:
        import segno  # noqa: F401 - asked for here, where its absence can be told
    except ImportError:
        hint = 'pip install "coursewright[links]"'
        raise MissingPart("QR codes are drawn by segno, which is not installed", None, hint) from None


def code(href: str, alt: str) -> str:
    """A QR code of an address as SVG, which says `alt`, and the address, to who does not see it.

    Raises CoursewrightError for an address that is too long for one.
    """
    check_code()
    import segno

    try:
        made = segno.make(href, error="m", micro=False)
    except segno.DataOverflowError:
        hint = "give the page, or the repository, a shorter name"
        raise CoursewrightError(f"an address of {len(href)} letters is too long for a QR code", None, hint) from None
    output = io.BytesIO()
    made.save(output, kind="svg", scale=4, xmldecl=False, light="#fff", title=alt, desc=href)
    return output.getvalue().decode().replace("<svg ", '<svg role="img" ', 1) + "\n"


def button(href: str, alt: str) -> str:
    """A link as HTML that looks like a button, wherever it stands."""
    return f'<a href="{escape(href)}" style="{_LOOKS}">{escape(alt)}</a>'
