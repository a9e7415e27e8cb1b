"""A Python function to write, tested by cases."""

from __future__ import annotations

import doctest
import re
from collections.abc import Iterator

import msgspec

from coursewright.questions.draft import Draft
from coursewright.questions.part import Case, Code


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`function` is its name. `# Answers` has the cases as Python shows them: `>>> mean([1, 2])`, below it the value.

    Cases below a line `# hidden` are not shown to learners. `# Starter` has what they begin with; the first block of
    Python in `# Solution` is a function that passes.
    """

    function: str
    time: float = 5.0


def build(draft: Draft) -> Code:
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


def _written(draft: Draft) -> Iterator[Case]:
    text = (draft.blocks or {}).get("Answers", "")
    hidden = text.find("# hidden")
    at = 0
    try:
        examples = doctest.DocTestParser().get_examples(_python(text) or text)
    except ValueError as error:
        raise draft.error(
            f"these cases are not as Python shows them: {error}", "write >>> and a space", "function"
        ) from None
    for example in examples:
        at = text.find(example.source.strip(), at)
        yield Case(call=example.source.strip(), expects=example.want.strip(), shown=hidden < 0 or at < hidden)


def _coded(draft: Draft) -> Iterator[Case]:
    for call, expects in draft.values.get("cases", ()):
        yield Case(call=str(call), expects=repr(expects))


def _python(text: str) -> str:
    found = re.search(r"^```(?:python)?\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""
