"""The HTML in the pages of a stranger: elements that only say how text looks, and nothing that can hold a program."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from coursewright.errors import Place, Problem, SeveralProblems
from coursewright.trust import Trust

if TYPE_CHECKING:
    from markdown_it.token import Token

_PLAIN = re.findall(
    r"\w+",
    """
    abbr b bdi bdo blockquote br cite code dd del details dfn div dl dt em figcaption figure hr i ins kbd li mark ol p
    pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th thead tr u ul var wbr
    """,
)
_HARMLESS = re.compile(
    rf"""(?:[^<]|<!--[^<>]*-->|</?(?:{"|".join(_PLAIN)})\s*/?>|<details\s+open>|<a\s+id="[\w.:-]+">|</a>)*""",
    re.IGNORECASE,
)
_HINT = "write it as Markdown; plain elements without attributes, such as <kbd> and <br>, can stay"


def refuse_html(tokens: Sequence[Token], place: Callable[[int], Place], trust: Trust) -> None:
    """Raise SeveralProblems for a stranger's HTML that could do more than say how text looks.

    `place` gives that of a line; of one's own, by `trust`, any HTML can stand.
    """
    if not trust.stranger:
        return
    lines = dict.fromkeys(line for line, html in _html(tokens, 0) if not _HARMLESS.fullmatch(html))
    if lines:
        message = "not in a stranger's course: HTML that could run something, or load it"
        raise SeveralProblems(Problem(message, place(line), _HINT) for line in lines)


def _html(tokens: Sequence[Token], line: int) -> Iterator[tuple[int, str]]:
    """Each piece of HTML, and the line of the text that it, or its paragraph, begins on."""
    for token in tokens:
        here = token.map[0] if token.map else line
        if token.type in ("html_block", "html_inline"):
            yield here, token.content
        yield from _html(token.children or (), here)
