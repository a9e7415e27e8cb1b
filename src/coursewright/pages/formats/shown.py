"""What a magic gives, as Jupyter shows it."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from coursewright.chance import text_hash
from coursewright.media import FRAMES, Bundle, frame
from coursewright.pages.blocks.as_markdown import write_block
from coursewright.pages.blocks.block import Block, EmbeddedPage, Grid, Picture, QuestionBlock, Sentences, Sound
from coursewright.pages.formats.html import block_html
from coursewright.pages.linking.references import Link
from coursewright.pages.syntax import markdown
from coursewright.questions import Variant
from coursewright.questions.widget import assets, widget
from coursewright.questions.writing import asked_and_told

if TYPE_CHECKING:
    from markdown_it.token import Token

_OUTSIDE = re.compile(r"(https?|mailto):|data:image/", re.IGNORECASE)
_RULE = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; media-src data:; "
    "form-action 'none'"
)
_STYLE = """\
:root { color-scheme: light; --ink: #1d2329; --quiet: #59636e; --paper: #fff; --line: #d9dde2; }
* { box-sizing: border-box; }
body { margin: 0; padding: 2px; background: #fff; color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
"""
# Where no script may run (in a notebook that nobody has trusted yet), a question stands there as text.
_INSTEAD = (
    "for(const each of document.querySelectorAll('.cw-instead'))"
    "each.hidden=!!each.nextElementSibling?.matches('iframe.cw-frame')"
)
# What pages have in their style sheet: where columns stand, and what is drawn in cells.
_CELLS = """\
<style>
.cw-told.cw-told :is(th, td, caption) { text-align: start; }
.cw-told.cw-told .number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.cw-told.cw-told .centre { text-align: center; }
.cw-told .bar { min-width: 6rem; padding-bottom: 0.75rem; print-color-adjust: exact;
  background: linear-gradient(to right, transparent calc(var(--from) * 100%), #2f74b5 0 calc(var(--to) * 100%),
  transparent 0) 0 calc(100% + 0.5rem) / 100% 0.3rem no-repeat content-box padding-box; }
.cw-told :is(.more, .less) { print-color-adjust: exact;
  background-color: color-mix(in srgb, var(--deep) calc(var(--shade) * 100%), transparent); }
.cw-told .more { --deep: #6fa9e0; }
.cw-told .less { --deep: #e89c4d; }
.cw-told .spark { width: 96px; height: 20px; vertical-align: middle; overflow: visible; }
.cw-told .spark path { fill: none; stroke: #2f74b5; stroke-width: 1.5; }
.cw-told .spark circle { fill: #2f74b5; }
</style>
"""


@dataclass(frozen=True)
class HtmlWithText:
    """HTML for who sees it, and the same as text."""

    html: str
    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - Jupyter passes them
        return {"text/html": self.html, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


def show(block: Block, language: str, links: Mapping[str, Link] | None = None) -> Bundle | HtmlWithText:
    """A block as a notebook shows it; a question stands in a frame of its own, and marks itself there.

    `links` says where its references lead, where that is known; without, what leads to a page is its text alone.
    """
    known = links or {}
    match block:
        case Picture():
            data = {"image/svg+xml": block.svg.encode()} | ({"image/png": block.png} if block.png else {})
            return Bundle(data, block.alt, block.caption)
        case Sound():
            return Bundle({block.media_type: block.data}, block.alt, block.caption, transcript=block.transcript)
        case EmbeddedPage():
            return Bundle({"text/html": block.page.encode()}, block.alt, block.caption)
        case QuestionBlock():
            return _asked(block, language)
        case Sentences(markdown=True):
            text = write_block(block, "", known, language)
            return HtmlWithText(_rendered(text, language, known), text)
        case _:
            text = write_block(block, "", known, language)
            shown = block_html(block, f"cw-{text_hash(text):016x}", language, links=known)
            if isinstance(block, Grid):
                shown = f'{_CELLS}<div class="cw-told">\n{shown}</div>\n'
            return HtmlWithText(shown, text)


def _rendered(text: str, language: str, links: Mapping[str, Link]) -> str:
    """Markdown as HTML, with links to where they lead from here."""
    parser, env = markdown(), {"language": language}
    tokens = parser.parse(text, env)
    for token in tokens:
        _lead(token.children or (), links)
    return str(parser.renderer.render(tokens, parser.options, env))


def _lead(children: Sequence[Token], links: Mapping[str, Link]) -> None:
    """Let links lead where they do; one that leads nowhere from here is its text."""
    opened: list[bool] = []
    for token in children:
        if token.type == "link_open":
            target = str(token.attrs["href"])
            token.attrs["href"] = links[target].href if target in links else target
            opened.append(target in links or bool(_OUTSIDE.match(target)))
        leads = opened[-1] if opened and token.type in ("link_open", "link_close") else True
        if token.type == "link_close":
            opened.pop()
        if not leads:
            token.type, token.tag, token.nesting, token.content = "text", "", 0, ""


def _as_text(variant: Variant, language: str) -> str:
    """A variant as HTML without a script, with its pictures in it: there is no file beside a cell."""
    known = {f"medium-{number}": medium for number, medium in enumerate(variant.media)}
    names = {medium.name: key for key, medium in known.items()}
    parser, env = markdown(), {"language": language}
    tokens = parser.parse(asked_and_told(variant, names.__getitem__)[0], env)
    for token in tokens:
        _lead(token.children or (), {})
        for each in token.children or ():
            if each.type == "image" and (medium := known.get(str(each.attrs["src"]))):
                each.attrs["src"] = f"data:{medium.media_type};base64,{b64encode(medium.data).decode()}"
    return str(parser.renderer.render(tokens, parser.options, env))


def _asked(block: QuestionBlock, language: str) -> HtmlWithText:
    """Variants of a question in a frame, since they need a script."""
    css, script = assets(language)
    titles = list(dict.fromkeys(variant.title for variant in block.variants))
    page = (
        f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_RULE}">\n<title>{escape(titles[0])}</title>\n'
        f"<style>\n{_STYLE}{css}</style>\n</head>\n<body>\n<main>\n{widget(block.variants)}</main>\n"
        f"<script>\n{script}</script>\n</body>\n</html>\n"
    )
    number = len(block.variants)
    several = f" ({number} variants)" if number > 1 else ""
    shown = frame(page, f"Question: {titles[0]}{several}", height=420, forms=True)
    words = "\n\n".join(asked_and_told(variant, str)[0] for variant in block.variants)
    text = f'<div class="cw-instead">\n{_as_text(block.variants[0], language)}</div>\n'
    return HtmlWithText(f"{text}{shown}<script>{FRAMES};{_INSTEAD}</script>", words)
