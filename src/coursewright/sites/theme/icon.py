"""The icon of a site in the tabs of browsers: the first letter of its title on its accent."""

from __future__ import annotations

from html import escape

import regex

from coursewright.sites.theme.looks import SiteLooks


def icon(title: str, looks: SiteLooks) -> str:
    """The icon as SVG, for light and dark surroundings alike."""
    ground = looks.accents[0] or "#0b57a4"
    letter = next((sign.upper() for sign in regex.findall(r"\X", title) if sign[0].isalnum()), "·")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="14" fill="{ground}"/>'
        '<text x="32" y="33" fill="#fff" font-family="system-ui, sans-serif" font-size="40" font-weight="700" '
        f'text-anchor="middle" dominant-baseline="central">{escape(letter)}</text></svg>\n'
    )
