"""Code in colours: classes of Pygments, whose colours are in the style sheet, for light and dark."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from coursewright.pages.syntax import maths

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


def plugin(parser: MarkdownIt) -> None:
    """Let `parser` write fenced code in colours, and indented code without."""
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)


@lru_cache(maxsize=512)
def coloured(code: str, language: str) -> str:
    """The code as HTML, its text unchanged; in a language that nobody knows, without colours."""
    from pygments import format as write
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        tokens = list(get_lexer_by_name(language, stripnl=False, ensurenl=False).get_tokens(code))
    except ClassNotFound:
        return escape(code, quote=False)
    if "".join(text for _, text in tokens) != code:  # some lose a last line that does not end
        return escape(code, quote=False)
    written: str = write(tokens, HtmlFormatter(nowrap=True))
    return written if code.endswith("\n") else written.removesuffix("\n")  # which it adds


def _fence(_self: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    """Code, which the keyboard can scroll where it is wider than the page."""
    from markdown_it.common.utils import unescapeAll

    token = tokens[at]
    if maths.is_block(token):
        return maths.block(token.content)
    language = next(iter(unescapeAll(token.info).split()), "")
    mark = f' class="language-{escape(language)}"' if language else ""
    return f'<pre tabindex="0"><code{mark}>{coloured(token.content, language)}</code></pre>\n'
