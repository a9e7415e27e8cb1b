"""LaTeX that a kernel gave: a formula, or text with formulas in it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coursewright.errors import CoursewrightError
from coursewright.markup import escape_markdown
from coursewright.pages.blocks.block import Equation, Markup, PrintedText
from coursewright.pages.syntax import markdown
from coursewright.pages.syntax.maths import block as formula

_ALONE = re.compile(
    r"\$\$?(?:\\displaystyle)?(?P<in>[^$]+)\$\$?|\\\[(?P<square>.+)\\\]|(?P<block>\\begin\{.+\})", re.DOTALL
)
_INSIDE = re.compile(r"(?<!\\)(\$\$?[^$]+\$\$?)")


def of_latex(latex: str, plain: str) -> Iterator[Equation | Markup | PrintedText]:
    """What a page shows of `latex`: of what it cannot show, the plain text of the output, or the LaTeX as it is."""
    if found := _ALONE.fullmatch(latex):
        tex = next(filter(None, found.groups())).strip()
        if _understood(tex):
            yield Equation(tex)
            return
    elif "\\" not in _INSIDE.sub("", latex) and all(_understood(each.strip("$")) for each in _INSIDE.findall(latex)):
        parts = (part if _INSIDE.fullmatch(part) else _as_text(part) for part in _INSIDE.split(latex))
        yield Markup(str(markdown().render("".join(parts), {})), latex)
        return
    if plain and not re.fullmatch(r"<[\w.]+ object(?: at 0x…)?>", plain):
        yield PrintedText(plain)
    else:
        yield PrintedText(latex)
        yield PrintedText("LaTeX that pages cannot show", "lost", "give one formula, or text with formulas between $")


def _as_text(part: str) -> str:
    return re.sub(r"\S+", lambda word: escape_markdown(word[0]), part)


def _understood(tex: str) -> bool:
    try:
        return bool(tex and formula(tex))
    except CoursewrightError:
        return False
