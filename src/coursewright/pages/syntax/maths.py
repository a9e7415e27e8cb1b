"""Formulas between dollars and in blocks called math, as MathML, by the rules that questions have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING

from coursewright.errors import CoursewrightError
from coursewright.pages.syntax.finding import Finding, found
from coursewright.questions.formulas import mathml
from coursewright.questions.writing import dollar_maths, tex_escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

# Values stand in pages as character references; in a formula they are text too.
_VALUE = re.compile(r"(?:[\w.,+-]|&#\d+;)*&#\d+;(?:[\w.,+-]|&#\d+;)*")
_PARAMETER = re.compile(r"\{\{[^{}]*\}\}")
_INLINE, _DOUBLE, _BLOCK = "math_inline", "math_inline_double", "math_block"


def plugin(parser: MarkdownIt) -> None:
    """Let `parser` know formulas, and note those that are not understood with their lines."""
    dollar_maths(parser)
    parser.core.ruler.after("inline", "check_maths", _check)
    for name in (_INLINE, _DOUBLE, _BLOCK):
        parser.add_render_rule(name, _render)


def block(tex: str) -> str:
    """A formula on lines of its own as MathML, which the keyboard can scroll where it is wider than the page.

    Raises CoursewrightError for one that is not understood.
    """
    return f'<div class="math" tabindex="0">{_mathml(tex, True)}</div>\n'


def _mathml(tex: str, display: bool) -> str:
    source = tex.strip()
    if re.fullmatch(r"`[^`]+`", source):  # as GitHub has it, $`x`$
        source = source[1:-1].strip()
    return mathml(_VALUE.sub(lambda value: tex_escape(unescape(value[0])), source), display)


def is_block(token: Token) -> bool:
    """Whether a fence is a formula: ```` ```math ````, as on GitHub."""
    return token.type == "fence" and token.info.strip() == "math"


def _render(_self: object, tokens: Sequence[Token], at: int, _options: object, _env: object) -> str:
    token = tokens[at]
    if token.type == _BLOCK:
        return block(token.content)
    return _mathml(token.content, token.type == _DOUBLE)


def _check(state: StateCore) -> None:
    """Note each formula that is not understood; parameters in it count as numbers."""
    for token in state.tokens:
        line = (token.map or [0])[0]
        if token.type == _BLOCK or is_block(token):
            _check_one(token.content, True, line, state)
        at = 0
        for piece in token.children or ():
            if piece.type in (_INLINE, _DOUBLE):
                at = max(token.content.find(piece.content, at), at)
                _check_one(piece.content, piece.type == _DOUBLE, line + token.content.count("\n", 0, at), state)


def _check_one(tex: str, display: bool, line: int, state: StateCore) -> None:
    try:
        _mathml(_PARAMETER.sub("1", tex), display)
    except CoursewrightError as error:
        short = " ".join(tex.split())
        part = f"${short[:40]}…$" if len(short) > 40 else f"${short}$"
        hint = f"{error.problem.hint}; a dollar that is money is written \\$"
        found(state.env).append(Finding(line, part, error.problem.message, hint))
