"""What a magic gives, as Jupyter shows it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from coursewright.chance import text_hash
from coursewright.media import FRAMES, Bundle, frame
from coursewright.pages import Asked, Block, Picture, Sentences, Sound
from coursewright.pages.as_markdown import write_block
from coursewright.pages.formats.html import block_html
from coursewright.pages.syntax import markdown
from coursewright.questions.showing import asked_and_told
from coursewright.questions.widget import assets, widget

_RULE = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; media-src data:; "
    "form-action 'none'"
)
_STYLE = """\
:root { color-scheme: light; --ink: #1d2329; --quiet: #59636e; --paper: #fff; --line: #d9dde2; }
* { box-sizing: border-box; }
body { margin: 0; padding: 2px; background: #fff; color: var(--ink); font: 1rem/1.6 system-ui, sans-serif; }
"""


@dataclass(frozen=True)
class Told:
    """HTML for who sees it, and the same as text."""

    html: str
    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:  # noqa: ARG002 - Jupyter passes them
        return {"text/html": self.html, "text/plain": self.text}

    def __repr__(self) -> str:
        return self.text


def show(block: Block, language: str) -> Bundle | Told:
    """A block as a notebook shows it; a question stands in a frame of its own, and marks itself there."""
    match block:
        case Picture():
            data = {"image/svg+xml": block.svg.encode()} | ({"image/png": block.png} if block.png else {})
            return Bundle(data, block.alt, block.caption)
        case Sound():
            return Bundle({block.media_type: block.data}, block.alt, block.caption, transcript=block.transcript)
        case Asked():
            return _asked(block, language)
        case Sentences(markdown=True):
            text = write_block(block, "", {}, language)
            return Told(str(markdown().render(text, {"language": language})), text)
        case _:
            text = write_block(block, "", {}, language)
            return Told(block_html(block, f"cw-{text_hash(text):016x}", language), text)


def _asked(block: Asked, language: str) -> Told:
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
    return Told(f"{shown}<script>{FRAMES}</script>", words)
