"""Questions of pages that are told again: drawn while building, for each choice that a reader of the page has.

None is drawn for a choice that no build has looked at, so that no variant is shown that `check` has not seen the like
of. Further variants of a choice are drawn in the browser where the question's code can run there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import Any

import msgspec

from coursewright.courses.building.state import digest
from coursewright.courses.building.writing import Writing
from coursewright.courses.plan import PlannedPage, materials
from coursewright.courses.retelling.asking_more import OWNER, More, more_files, more_of
from coursewright.courses.retelling.choices import in_script
from coursewright.errors import CoursewrightError
from coursewright.pages import Directive, Document, Materials, Page
from coursewright.pages.blocks import QuestionBlock
from coursewright.pages.directives import question as asking
from coursewright.pages.executing import filled_directive
from coursewright.pages.linking import BlockNumber, with_number
from coursewright.pages.reading import read_options
from coursewright.questions import DrawMaterials, Question
from coursewright.questions.checking import sound
from coursewright.questions.drawing import task_of
from coursewright.questions.reading import named
from coursewright.questions.widget import widget
from coursewright.sites.retelling import RetoldBlock
from coursewright.sites.runtimes import FOLDER, can_ask
from coursewright.tables import Sql
from coursewright.tables.parameters import assigned, choices_of, depends
from coursewright.words.in_sql import NotInSql

MOST = 100
"""Choices that a question is drawn for, at the most."""

_PIECES = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class RetoldQuestion(msgspec.Struct, frozen=True):
    """A question for each choice: the parameters that it hangs on, in the order of `files`, which has for the JSON of
    the list of their values the name of a file."""

    fields: tuple[str, ...]
    files: Mapping[str, str] = {}


class _VariantsHtml(msgspec.Struct, frozen=True):
    """The variants of a page for one choice as HTML, and what there is further; no HTML where none can be drawn."""

    html: str
    more: More | None = None


@dataclass(frozen=True)
class _QuestionWork:
    """One question: with `number` it is numbered, and of each choice there are `most` further variants. `remark` is
    told of choices for which there is none."""

    directive: Directive
    given: Materials
    number: BlockNumber | None
    most: int
    remark: Callable[[str], None]

    @property
    def options(self) -> asking.QuestionOptions:
        """How many variants the page shows, and of which seed."""
        options: asking.QuestionOptions = read_options(
            filled_directive(self.directive, self.given.parameters), asking.QuestionOptions
        )
        return options


def again(directive: Directive, given: Materials, live: frozenset[str]) -> RetoldQuestion:
    """What a `{question}` hangs on of the parameters that readers change, `live`; nothing is drawn.

    Raises NotInSql where it cannot be drawn for all of their values.
    """
    for name, text in directive.options.items():
        if live.intersection(_PIECES.findall(text)):
            raise NotInSql(f"the option {name}, which hangs on a parameter")
    fields = _with_those_behind(_read(directive, given) & live, given, live)
    if len(list(islice(_choices(fields, given, given.parameters), MOST + 1))) > MOST:
        raise NotInSql(f"a question that hangs on {' and '.join(fields)}, of which there are more than {MOST} choices")
    return RetoldQuestion(fields)


def with_question(
    part: RetoldBlock, page: Page, writing: Writing, planned: PlannedPage, remark: Callable[[str], None]
) -> RetoldBlock:
    """A part of a page with where its question is for each choice, if it is one; all of these are written.

    `remark` is told of choices for which there is none. A file that the last build made is not made again.
    """
    one, course = part.question, writing.course
    if not isinstance(one, RetoldQuestion) or not one.fields:
        return part
    directive = page.directives[part.block]
    given = materials(course, writing.making.database, planned)
    number = _number(directive, writing.making.document(planned))
    paths, files = dict[str, str](), dict[str, Callable[[], bytes]]()
    for values in _choices(one.fields, given, given.parameters):
        present = replace(given, parameters={**given.parameters, **values})
        work = _QuestionWork(directive, present, number, course.site.runtimes.variants, remark)
        try:
            question, drawn_from = asking.ready(directive.argument, work.given)
        except CoursewrightError as error:
            remark(_none(directive, values, error))
            continue
        name = f"{_made_from(work, question, drawn_from, writing.everywhere)}.json"
        files[f"{FOLDER}/questions/{name}"] = partial(_drawn, work, question, drawn_from, values)
        paths[msgspec.json.encode([in_script(value) for value in values.values()]).decode()] = name
    writing.add("site", {**files, **more_files(course.site.language)}, OWNER)
    return msgspec.structs.replace(part, question=msgspec.structs.replace(one, files=paths))


def _made_from(work: _QuestionWork, question: Question, drawn_from: DrawMaterials, everywhere: str) -> str:
    """The fingerprint of all that the variants of one choice are made from, pictures beside the question too."""
    task = msgspec.structs.replace(task_of(question, work.options.seed, drawn_from), file=question.file.name)
    beside = (file for file in sorted(question.file.parent.rglob("*")) if file.is_file() and file.suffix != ".md")
    own = (work.options, work.most, str(work.number), can_ask(), everywhere)
    return digest(msgspec.msgpack.encode(task), own, *(file.read_bytes() for file in beside))[:16]


def _number(directive: Directive, document: Document) -> BlockNumber | None:
    """The number that the block of a directive has on its page."""
    same = (nth for nth, each in enumerate(document.executed.page.directives) if each.lines == directive.lines)
    return document.numbers.get(next(same, -1))


def _drawn(work: _QuestionWork, question: Question, drawn_from: DrawMaterials, values: Mapping[str, Any]) -> bytes:
    """What a page has for one choice: its variants in which no rule finds anything, and what there is further."""
    try:
        asked = asking.ask(question, drawn_from, work.options)
        kept = _sound(asked, question)
        more, others = more_of(question, drawn_from, kept, work.given, work.most)
    except CoursewrightError as error:
        work.remark(_none(work.directive, values, error))
        return msgspec.json.encode(_VariantsHtml(""))
    shown = with_number(kept, work.number)
    assert isinstance(shown, QuestionBlock)  # noqa: S101 - with its number it is still one
    return msgspec.json.encode(_VariantsHtml(widget(shown.variants), msgspec.structs.replace(more, kept=others)))


def _sound(asked: QuestionBlock, question: Question) -> QuestionBlock:
    """Its variants in which no rule finds anything. Raises CoursewrightError where that is none of them."""
    kept = tuple(sound(asked.variants))
    if not kept:
        raise CoursewrightError("check finds something in each of its variants", question.place(1))
    return QuestionBlock(kept)


def _none(directive: Directive, values: Mapping[str, Any], error: CoursewrightError) -> str:
    said = assigned(values)
    return f"{directive.place()}: this stays as it was built when a reader chooses {said}: {error.problem.message}"


def _read(directive: Directive, given: Materials) -> frozenset[str]:
    """The parameters that a question may read: those that its SQL names, or all where its code asks for them."""
    if asking.asks(directive.argument, given):
        return frozenset(given.moment(given.finders((directive.argument,))))
    question, _ = asking.ready(directive.argument, given)
    if re.search(r"\bparameters\b", question.source):
        return frozenset(given.parameters)
    read: frozenset[str] = frozenset()
    for function, text, line in named(question):
        sql = given.database.select(text) if function == "table" else Sql(text, question.file, line)
        read |= frozenset(given.database.parameters_behind(sql))
    return read


def _with_those_behind(fields: frozenset[str], given: Materials, live: frozenset[str]) -> tuple[str, ...]:
    """The parameters with those that their choices hang on, each behind those."""
    found: list[str] = []

    def add(name: str) -> None:
        for other in depends(given.declared[name], given.database):
            if other in live and other not in found:
                add(other)
        if name not in found:
            found.append(name)

    for name in sorted(fields):
        add(name)
    return tuple(found)


def _choices(fields: Sequence[str], given: Materials, values: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All that a reader can choose of these parameters, one value of each."""
    if not fields:
        yield {}
        return
    first, *rest = fields
    offered = [choice.value for choice in choices_of(given.declared[first], values, given.database)]
    for value in offered or [values[first]]:
        for others in _choices(rest, given, {**values, first: value}):
            yield {first: value, **others}
