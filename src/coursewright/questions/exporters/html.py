"""One page that marks itself: a single HTML file that needs no server and no network.

The style, the script, pictures and sounds are all inside. Variants of one question share a place on the page: one is
shown, and after it the next is offered. The answers are in the page for whoever looks at its source.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path

from coursewright.labels import direction, labels_in
from coursewright.questions.export import FormatLimits, Item, Limit, Quiz
from coursewright.questions.variant import Variant
from coursewright.questions.widget import ON_PAGE, assets, section

TITLE = "Self-marking page"

_BY_PERSON = Limit("shown, but not marked: that takes a person, for whom the page shows the marking guide")
_NOT_RUN = Limit("shown, but not marked: the page does not run Python, and shows a function that passes")
_SAID = {
    "essay": _BY_PERSON,
    "cloze essay": _BY_PERSON,
    "code": _NOT_RUN,
    "cloze code": _NOT_RUN,
    "tags": Limit("the page has no search for them"),
}
_NOT_THERE = Limit("the self-marking page has no questions of this kind", refused=True)
LIMITS = FormatLimits(_SAID, kinds=ON_PAGE, no_kind=_NOT_THERE, gaps=ON_PAGE, no_gap=_NOT_THERE)
NOT_READ: dict[str, str] = {}

_STYLE = """\
:root { color-scheme: light dark; --ink: #1d2329; --quiet: #59636e; --paper: #fdfdfc; --line: #d9dde2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --quiet: #a4adb8; --paper: #15181c; --line: #363c44; } }
* { box-sizing: border-box; }
html { font-size: 106.25%; }
body {
  margin: 0 auto; padding: 0 1.25rem 2rem; max-width: 46rem; background: var(--paper); color: var(--ink);
  font-family: system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "DejaVu Sans", sans-serif;
  line-height: 1.6;
}
h1 { margin: 2rem 0 0.6rem; font-size: 2rem; line-height: 1.2; letter-spacing: -0.01em; text-wrap: balance; }
footer { padding: 0.8rem 0; border-top: 1px solid var(--line); color: var(--quiet); }
@media (max-width: 30rem) { body { padding: 0 0.75rem 2rem; } h1 { font-size: 1.6rem; } }
@media print { body { max-width: none; } }
"""


def item(variant: Variant) -> Item:
    """The variant as a section of HTML."""
    return Item.of(variant, section(variant))


def write(items: Iterable[Item], quiz: Quiz, folder: Path) -> None:
    """`NAME.html` in `folder`."""
    css, script = assets(quiz.language)
    with (folder / f"{quiz.name}.html").open("w", encoding="utf-8") as page:
        page.write(
            f'<!doctype html>\n<html lang="{escape(quiz.language)}" dir="{direction(quiz.language)}">\n'
            '<head>\n<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f'<title>{escape(quiz.title)}</title>\n<link rel="icon" href="data:,">\n'
            f"<style>\n{_STYLE}{css}</style>\n</head>\n<body>\n<main>\n<h1>{escape(quiz.title)}</h1>\n"
            f"<noscript><p>{labels_in('questions', quiz.language).script.__html__()}</p></noscript>\n"
        )
        for one in items:
            page.write(one.body)
        credit = " · ".join(filter(None, (", ".join(quiz.authors), quiz.licence)))
        credit = f"<p>{escape(credit)}</p>\n" if credit else ""
        page.write(
            '</main>\n<footer>\n<p data-coursewright-total=""></p>\n'
            f"{credit}</footer>\n<script>\n{script}</script>\n</body>\n</html>\n"
        )
