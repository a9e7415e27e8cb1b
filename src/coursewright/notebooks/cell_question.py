"""A question that stands in a cell, as its file would have it: text, code, headings; front matter or options."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from typing import Any

import msgspec

from coursewright.errors import CoursewrightError, SeveralProblems
from coursewright.pages import Directive, Materials
from coursewright.pages.blocks import QuestionBlock
from coursewright.pages.directives import QuestionOptions, ask
from coursewright.questions import KINDS, read_materials, read_question, settings_of

_LISTS = re.compile("tuple|dict|list")


def settings() -> dict[str, Any]:
    """What a question's front matter may say and an option can: the settings of all kinds that are one value."""
    found: dict[str, Any] = {}
    for kind in KINDS:
        found |= {name: of for name, of in settings_of(kind).items() if not _LISTS.search(str(of))}
    return {"kind": str, **found}


class CellQuestion:
    """What carries out a `{question}` whose content is the question itself."""

    @property
    def Options(self) -> Any:  # noqa: N802 - as plugins have it
        """Those of `{question}`, and the settings of a question."""
        return _shape()

    def run(self, directive: Directive, options: Any, materials: Materials) -> QuestionBlock:
        """The variants of the question. Raises SeveralProblems with lines of the cell."""
        text, shift = _text(directive)
        try:
            question = replace(read_question(directive.file, text), name="question")
            drawn_from = read_materials(question, materials.database, materials.parameters, language=materials.language)
            return ask(question, drawn_from, QuestionOptions(options.variants, options.seed))
        except CoursewrightError as error:
            raise SeveralProblems([_at(problem, shift) for problem in error.problems]) from None


@cache
def _shape() -> type[msgspec.Struct]:
    """The options of the magic; what a setting may be is checked where it stands in the question."""
    own = [(each.name, each.type, each.default) for each in msgspec.structs.fields(QuestionOptions)]
    more = [(name, str, "") for name in settings() if name not in {each[0] for each in own}]
    return msgspec.defstruct("Options", [*own, *more], frozen=True)


def _text(directive: Directive) -> tuple[str, int]:
    """The question as a file, and how many lines further down than in the cell its lines are."""
    content = directive.content
    asking = {each.name for each in msgspec.structs.fields(QuestionOptions)}
    lines = [f"{name}: {_yaml(value)}" for name, value in directive.options.items() if name not in asking]
    if directive.argument:
        lines.append(f"title: {json.dumps(directive.argument, ensure_ascii=False)}")
    if content.startswith("---\n"):
        return "\n".join(["---", *lines, content.removeprefix("---\n")]), len(lines) + 1 - directive.content_line
    return "\n".join(["---", *lines, "---", content]), len(lines) + 3 - directive.content_line


def _yaml(value: str) -> str:
    """A value as front matter has it: what reads as a number stays one."""
    return json.dumps(value, ensure_ascii=False) if any(sign in value for sign in ":#{}[]\"'&*!|>%@`") else value


def _at(problem: Any, shift: int) -> Any:
    where = problem.where
    if where is None or where.line is None:
        return problem
    return replace(problem, where=replace(where, line=max(1, where.line - shift)))
