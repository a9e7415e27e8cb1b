"""Templates: an author's Markdown with `{{ expression }}` in it, where Python is evaluated for each variant."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import CodeType

from coursewright.errors import CoursewrightError, Place
from coursewright.questions.writing.prose import CLOSE, OPEN, PRIVATE, Gap

# A backslash before the braces leaves them as they are; code spans are filled like everything else.
_EXPRESSION = re.compile(
    r"\\(\{\{)|\{\{(.*?)\}\}|\[\[([A-Za-z_]\w*)\]\]|!\[([^\]]*)\]\((?![a-z]+:)([^)\s]+)\)", re.DOTALL
)
_OPENED = re.compile(r"\{\{(?!(?:(?!\n\s*\n)[^}])*\})")


@dataclass(frozen=True, slots=True)
class Expression:
    """Python between braces, the way in which its value is written (`{{ price:.2f }}`), and its line in the file."""

    source: str
    spec: str
    line: int
    code: CodeType


@dataclass(frozen=True, slots=True)
class Local:
    """A picture or sound in a file beside the question: `![alternative text](path)`."""

    alt: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """Markdown with slots (see `prose`) for its expressions and, in cloze questions, for its gaps."""

    markdown: str
    slots: tuple[Expression | Gap | Local, ...]
    line: int

    def __bool__(self) -> bool:
        return bool(self.markdown.strip())

    @property
    def gaps(self) -> tuple[str, ...]:
        """The names of its gaps, in order."""
        return tuple(slot.name for slot in self.slots if isinstance(slot, Gap))

    @property
    def whole(self) -> Expression | None:
        """The expression that the template consists of, when it is nothing else."""
        one = len(self.slots) == 1 and self.markdown.strip() == f"{OPEN}0{CLOSE}"
        return self.slots[0] if one and isinstance(self.slots[0], Expression) else None

    def split(self, separator: str) -> tuple[Template, Template] | None:
        """The templates before and after the first `separator`."""
        left, found, right = self.markdown.partition(separator)
        if not found:
            return None
        return replace(self, markdown=left.strip()), replace(self, markdown=right.strip())


def template(text: str, file: str | Path, line: int, *, gaps: bool = False) -> Template:
    """`text`, which begins on `line` of `file`, as a template; `[[name]]` is a gap where there may be `gaps`.

    Raises CoursewrightError for braces that hold no Python expression, and for those that are not closed.
    """
    slots: list[Expression | Gap | Local] = []

    def slot(found: re.Match[str]) -> str:
        if found[1]:
            return found[1]
        if found[3] and not gaps:
            return found[0]
        where = line + text.count("\n", 0, found.start())
        if found[5]:
            slots.append(Local(found[4], found[5], where))
        else:
            slots.append(Gap(found[3]) if found[3] else _expression(found[2], file, where))
        return f"{OPEN}{len(slots) - 1}{CLOSE}"

    _check_closed(text, file, line)
    return Template(_EXPRESSION.sub(slot, PRIVATE.sub("\ufffd", text)), tuple(slots), line)


def _check_closed(text: str, file: str | Path, line: int) -> None:
    """Raise CoursewrightError for `{{` behind which no brace is closed in its paragraph: TeX closes all of its own."""
    blanked = _EXPRESSION.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)
    if found := _OPENED.search(blanked):
        hint = r"write }} behind the expression, or \{{ for the signs themselves"
        raise CoursewrightError("{{ is not closed", Place(file, line + text.count("\n", 0, found.start())), hint)


def _expression(text: str, file: str | Path, line: int) -> Expression:
    for source, spec in _readings(text.strip()):
        try:
            tree = ast.parse(source, str(file), mode="eval")
        except (SyntaxError, ValueError):
            continue
        ast.increment_lineno(tree, line - 1)
        return Expression(source, spec, line, compile(tree, str(file), "eval"))
    shown = " ".join(text.split())
    hint = "write a Python expression, such as {{ price }} or {{ price:.2f }}"
    raise CoursewrightError(f"{{{{ {shown} }}}} is no expression", Place(file, line), hint)


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """The ways to read an expression: as a whole, then with what follows a colon as its format."""
    yield text, ""
    for at, sign in enumerate(text):
        if sign == ":":
            yield text[:at].rstrip(), text[at + 1 :].strip()


def names(templates: Sequence[Template]) -> frozenset[str]:
    """All names that the expressions of `templates` use."""
    codes = (slot.code for each in templates for slot in each.slots if isinstance(slot, Expression))
    return frozenset(name for code in codes for name in code.co_names)
