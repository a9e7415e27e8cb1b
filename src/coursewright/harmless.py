"""Files that a browser shows and never runs: what a site may carry of a stranger.

What is allowed is listed. A picture in SVG is a document that can hold programs, and stands in a page itself or is
opened alone; so it is read as XML, and must also mean nothing else to a reader of HTML.
"""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

LARGEST = 20_000_000
"""Bytes of a picture in SVG."""

_SHOWN = frozenset(
    re.findall(
        r"\S+",
        """
    .7z .aac .arrow .avif .bib .bz2 .csv .docx .epub .feather .flac .geojson .gif .gz .ico .ipynb .jpeg .jpg .json .m4a
    .md .mp3 .mp4 .npy .ods .odt .oga .ogg .opus .otf .parquet .pdf .png .pptx .py .r .rmd .sav .sql .sqlite .tex .tsv
    .ttf .txt .vtt .wav .webm .webp .woff .woff2 .xls .xlsb .xlsx .yaml .yml .zip
    """,
    )
)
_ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        """
    a circle clippath cliprule defs desc ellipse fecolormatrix fecomposite feflood fegaussianblur femerge femergenode
    feoffset filter g image line lineargradient marker mask metadata path pattern polygon polyline radialgradient rect
    stop style svg switch symbol text textpath title tspan use view
    """,
    )
)
_SVG = "http://www.w3.org/2000/svg"
_ABOUT = ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "http://creativecommons.org/ns#", "http://purl.org/dc/")
_INSIDE = re.compile(r"#|data:image/(png|jpeg|gif|webp);base64,", re.IGNORECASE)
_LINK = re.compile(r"#|https?://|mailto:", re.IGNORECASE)
_FAR = re.compile(
    r"""url\(\s*(?!["']?(?:#|data:(?:font|image)/(?!svg)))|@import|image-set|\\|expression\(|-moz-binding""", re.I
)
_STYLED = re.compile(rb"<style\b[^<>]*>\s*<!\[CDATA\[[^\]<]*\]\]>\s*</style>")


def why_harmful(name: str, file: Path) -> str:
    """Why a browser could run something in the `file` called `name`, in words; nothing where it could not."""
    ending = PurePosixPath(name.lower()).suffix
    if ending == ".svg":
        return why_svg(file.read_bytes()) if file.is_file() else ""
    return "" if ending in _SHOWN else "a file that a browser could run"


def why_svg(data: bytes) -> str:
    """Why a picture in SVG is more than one, in words; nothing where it is not."""
    from lxml import etree

    if len(data) > LARGEST:
        return f"a picture of more than {LARGEST // 1_000_000} MB"
    if b"<![CDATA[" in _STYLED.sub(b"", data):
        return "a picture with text that HTML reads otherwise"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return "a picture that is no SVG"
    dtd = root.getroottree().docinfo.internalDTD
    if dtd is not None and (list(dtd.iterentities()) or list(dtd.iterelements())):
        return "a picture with entities"
    beside = [*root.itersiblings(), *root.itersiblings(preceding=True)]
    return next(filter(None, map(_why, [*beside, *root.iter()])), "")


def _why(node: Any) -> str:
    from lxml import etree

    if isinstance(node, etree._Comment):
        return "a picture with text that HTML reads otherwise" if (node.text or "").startswith((">", "->")) else ""
    if not isinstance(node.tag, str):
        return "a picture with instructions to programs"
    name = etree.QName(node)
    about = (name.namespace or "").startswith(_ABOUT) and node.prefix
    if not about and (name.namespace != _SVG or name.localname.lower() not in _ELEMENTS):
        return f"a picture with <{name.localname}>"
    if name.localname == "style" and _FAR.search("".join(node.itertext())):
        return "a picture whose style loads something"
    allowed = _LINK if name.localname == "a" else _INSIDE
    return next(filter(None, (_attribute(key, str(value), allowed) for key, value in node.attrib.items())), "")


def _attribute(key: str, value: str, allowed: re.Pattern[str]) -> str:
    name = key.rpartition("}")[2].lower()
    if name.startswith("on") or (name == "base" and key != name):
        return f"a picture with {name}"
    if name in ("href", "src") and not allowed.match(value.strip()):
        return f'a picture that leads to "{value.strip()[:80]}"'
    if name not in ("href", "about", "resource", "d") and not key.startswith("{http") and _FAR.search(value):
        return f"a picture whose {name} loads something"
    return ""
