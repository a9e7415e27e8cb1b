"""A picture with paper behind it, for places whose page may be dark where the picture is for a light one.

GitHub shows a picture in the colours that the reader's system asks for, on a page in those that were chosen on GitHub.
"""

from __future__ import annotations

from coursewright.figures.pictures.colour import DARK, LIGHT
from coursewright.figures.pictures.themed import SVG, parsed, written


def on_paper(svg: str) -> str:
    """A picture that follows the theme, with paper behind that does too; any other as it is."""
    from lxml import etree

    try:
        root = parsed(svg)
    except etree.XMLSyntaxError:
        return svg
    styles = root.findall(f"{SVG}style")
    if "coursewright" not in root.get("class", "").split() or not styles:
        return svg
    name = f"{root.get('id')}-paper"
    style = styles[-1]
    style.text = f"{style.text}@media screen and (prefers-color-scheme:dark){{#{name}{{fill:{DARK}}}}}"
    place = dict(zip(("x", "y", "width", "height"), root.get("viewBox", "0 0 100% 100%").split(), strict=False))
    paper = etree.Element(f"{SVG}rect", {"id": name, **place, "fill": LIGHT})
    style.addnext(paper)
    return written(root)
