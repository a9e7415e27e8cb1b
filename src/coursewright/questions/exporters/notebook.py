"""A Jupyter notebook in which every question marks itself, in the notebook and in the page that is made of it.

Each question is a code cell that has been run already. Its output is the question in a frame of its own, so that
nothing in the notebook and nothing in another question touches it; where scripts may not run (a notebook that nobody
has trusted yet, GitHub), the question stands there as text. Running the cell gives the question anew.
"""

from __future__ import annotations

import zlib
from base64 import b64encode
from collections.abc import Iterable
from html import escape
from pathlib import Path

import msgspec

from coursewright.labels import direction
from coursewright.markup import escape_markdown
from coursewright.questions.export import Item, Quiz
from coursewright.questions.exporters._markdown import question
from coursewright.questions.exporters._notebook import cell, encoded, say, write_notebook
from coursewright.questions.exporters.html import LIMITS as PAGE
from coursewright.questions.variant import Variant
from coursewright.questions.widget import assets, readable, section

TITLE = "Jupyter notebook with self-marking questions"
LIMITS = PAGE
NOT_READ: dict[str, str] = {}

_FIT = """\
(function () {
  const frame = window.frameElement
  if (!frame) return
  const text = frame.previousElementSibling
  if (text) text.hidden = true
  const fit = () => { frame.style.height = document.documentElement.offsetHeight + 'px' }
  new ResizeObserver(fit).observe(document.documentElement)
  fit()
})()
"""
_STYLE = """\
:root { color-scheme: light dark; }
html { height: auto; }
body { margin: 0; padding: 4px; font: 16px/1.6 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
* { box-sizing: border-box; }
.cw-question.cw-question { margin: 0; }
"""


def item(variant: Variant) -> Item:
    """The variant as a code cell with its output."""
    shown = _framed(variant)
    packed = b64encode(zlib.compress(shown.encode())).decode()
    source = (
        f"# {' '.join(variant.title.split())} (run this cell to begin anew)\n"
        "from base64 import b64decode\nfrom zlib import decompress\n\nfrom IPython.display import HTML\n\n"
        f'HTML(decompress(b64decode("{packed}")).decode())'
    )
    output = {
        "output_type": "execute_result",
        "execution_count": None,
        "metadata": {},
        "data": {"text/html": shown, "text/plain": f"{variant.title}\n\n{question(variant, say(variant))}"},
    }
    hidden = {"jupyter": {"source_hidden": True}, "tags": ["hide-input"]}
    return Item.of(variant, encoded([cell("code", variant.ident, source, metadata=hidden, outputs=[output])]))


def _spoken(language: str) -> str:
    """The attributes of a page in `language`; none where a question stands outside of a course."""
    return f' lang="{escape(language)}" dir="{direction(language)}"' if language else ' lang="en-GB"'


def _framed(variant: Variant) -> str:
    css, script = assets(variant.language)
    page = (
        f'<!doctype html><html{_spoken(variant.language)}><head><meta charset="utf-8">'
        f"<title>{escape(variant.title)}</title>"
        f"<style>{_STYLE}{css}</style></head><body><main>{section(variant)}</main>"
        f"<script>{script}\n;{_FIT}</script></body></html>"
    )
    return (
        f"<div>{readable(variant)}</div>\n"
        f'<iframe title="{escape(variant.title)}" srcdoc="{escape(page)}" '
        'style="width: 100%; height: 30rem; border: 0"></iframe>'
    )


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME.ipynb` in `folder`."""
    title = cell("markdown", "title", f"# {escape_markdown(quiz.title)}")
    bodies = (one.body.encode() for one in items)
    write_notebook(
        (body for part in ([msgspec.json.encode([title])], bodies) for body in part), folder / f"{quiz.name}.ipynb"
    )
