"""A Python function to write, tested by cases."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Any

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.kind import Kind, Said
from coursewright.questions.marking import code as marking
from coursewright.questions.part import Case, Code

_BESIDE = re.compile(r"(?<=\S)[ \t]+#[ \t]*hidden[ \t]*:?[ \t]*$", re.MULTILINE | re.IGNORECASE)
_NEARLY = re.compile(
    r"^[ \t]*(?:>>>[ \t]*#[ \t]*hidden\b|#[ \t]*hidden\b(?![ \t]*:?[ \t]*$)).*", re.MULTILINE | re.IGNORECASE
)
_HIDDEN = re.compile(r"^[ \t]*#[ \t]*hidden[ \t]*:?[ \t]*$", re.MULTILINE | re.IGNORECASE)


class CodeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`function` is its name. `# Answers` has the cases as Python shows them: `>>> mean([1, 2])`, below it the value.

    Cases below a line `# hidden` are not shown to learners. `# Starter` has what they begin with; the first block of
    Python in `# Solution` is a function that passes.
    """

    function: str
    time: float = 5.0


def build(draft: PartDraft) -> Code:
    """The part. Raises CoursewrightError without a case, or when the solution has no such function."""
    cases = (*_written(draft), *_coded(draft))
    if not cases:
        hint = f"write them below # Answers as Python shows them: >>> {draft.own.function}(…)"
        raise draft.error("this question has no case to test a function with", hint, "function")
    blocks = draft.blocks or {}
    model = _python(blocks.get("Solution", ""))
    if not re.search(
        rf"^(def|class) {re.escape(draft.own.function)}\b|^{re.escape(draft.own.function)}\s*=", model, re.MULTILINE
    ):
        hint = f"write it in # Solution between ```python and ```: def {draft.own.function}(…)"
        raise draft.error(f'the solution has no function "{draft.own.function}"', hint, "function")
    return Code(
        name=draft.name,
        points=draft.points,
        function=draft.own.function,
        cases=cases,
        starter=_python(blocks.get("Starter", "")),
        model=model,
        seconds=draft.own.time,
    )


def _written(draft: PartDraft) -> Iterator[Case]:
    text = (draft.blocks or {}).get("Answers", "")
    text = _python(text) or text
    if nearly := _NEARLY.search(text):
        hint = 'write "# hidden" and nothing else on a line, above the cases that it hides'
        raise draft.error(f'"{nearly[0].strip()}" hides no case', hint, "answer")
    shown, *hidden = _HIDDEN.split(text)
    import doctest  # which brings much of Python's own testing along

    for piece, seen in ((shown, True), *((each, False) for each in hidden)):
        try:
            examples = doctest.DocTestParser().get_examples(piece)
        except ValueError as error:
            raise draft.error(
                f"these cases are not as Python shows them: {error}", "write >>> and a space", "function"
            ) from None
        for example in examples:
            if beside := _BESIDE.search(f"{example.source}\n{example.want}"):
                message = f'"{beside[0].strip()}" stands beside a case, and hides none'
                raise draft.error(message, "write it on a line of its own, above the cases that it hides", "answer")
            yield _case(draft, example.source, example.want, seen)


def _coded(draft: PartDraft) -> Iterator[Case]:
    for call, expects in draft.values.get("cases", ()):
        yield _case(draft, str(call), repr(expects), shown=True)


def _case(draft: PartDraft, call: str, expects: str, shown: bool) -> Case:
    """A case of two expressions; CoursewrightError where one of them is none, since nothing could pass it."""
    case = Case(call=_bare(call), expects=_bare(expects), shown=shown)
    if not _expression(case.call):
        hint = f"a case calls the function and shows what it gives: >>> {draft.own.function}(…)"
        raise draft.error(f'the case "{case.call}" is no expression', hint, "answer")
    if not case.expects:
        hint = "write the value below it; a function that prints has to return what it prints"
        raise draft.error(f'the case "{case.call}" shows no value', hint, "answer")
    if not _expression(case.expects):
        hint = "write the value as Python does; an error that is raised cannot be a case"
        raise draft.error(f'the case "{case.call}" shows no value of Python\'s: "{case.expects}"', hint, "answer")
    return case


def _bare(text: str) -> str:
    """Python without its comments, which belong to no case."""
    lines = text.split("\n")
    try:
        found = [each for each in tokenize.generate_tokens(io.StringIO(text).readline) if each.type == tokenize.COMMENT]
    except (SyntaxError, tokenize.TokenError):
        return text.strip()
    for comment in found:
        row, column = comment.start
        lines[row - 1] = lines[row - 1][:column].rstrip()
    commented = {comment.start[0] - 1 for comment in found}
    return "\n".join(line for row, line in enumerate(lines) if line or row not in commented).strip()


def _expression(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except (MemoryError, RecursionError, SyntaxError, ValueError):
        return False
    return True


def _python(text: str) -> str:
    found = re.search(r"^```(?:python)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _offered(part: Code, _said: Said) -> Iterator[str]:
    if part.starter:
        yield f"```python\n{part.starter.rstrip()}\n```"


def _answers(part: Code, _said: Said) -> Iterator[str]:
    yield from (f">>> {case.call}\n{case.expects}" for case in part.cases)


def _page(_part: Code, data: dict[str, Any]) -> dict[str, Any]:
    """Without the cases: the page runs none of them, and some are hidden."""
    return {name: each for name, each in data.items() if name != "cases"}


KIND: Kind[Code] = Kind(
    settings=CodeSettings,
    part=Code,
    build=build,
    mark=marking.mark,
    model=marking.model,
    nonsense=marking.nonsense,
    runs_code=True,
    begins=lambda part: part.starter,
    offered=_offered,
    answers=_answers,
    page=_page,
)
