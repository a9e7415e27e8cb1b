"""A widget as HTML: a frame whose page is put into it by the site's script, which finds its libraries."""

from __future__ import annotations

from html import escape

from coursewright.media import telling
from coursewright.pages.blocks.block import EmbeddedPage
from coursewright.pages.blocks.libraries import FOLDER, apart
from coursewright.pages.syntax.labels import label, marked, marks, naming


def write_framed(block: EmbeddedPage, up: str, language: str, ident: str = "") -> str:
    """The widget on a page in `language`; `up` leads from the page to the site, whose libraries are below it.

    `ident` stands before all ids in it.
    """
    page, libraries = apart(block.page)
    paths = " ".join(f"{up}{FOLDER}/{name}.js" for name in libraries)
    own = block.alt or block.caption
    title, spoken = own or label("output", {"language": language}), "" if own else marks(language)
    name, said = naming(title, language, "" if block.alt else ident)
    called = name if said else f' title="{escape(title)}"'
    told = f"<figcaption{said}>{marked(block.caption, language)}</figcaption>\n" if block.caption else ""
    return (
        f'<figure>\n<iframe class="cw-frame" sandbox="allow-scripts"{called}{spoken} '
        f'height="{block.height}" data-page="{escape(telling(page))}" data-libraries="{escape(paths)}"></iframe>\n'
        f"{told}</figure>\n"
    )
