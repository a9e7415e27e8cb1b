"""Drawing a variant: the question's code is run, its templates are filled, its parts are built.

This happens in a process of its own (see `worker`), because the code is the author's. Every draw begins afresh: the
code sees new names, and streams that are named after the question, the seed, the variant and the attempt.
"""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import CodeType
from typing import Any

from coursewright import settings
from coursewright.chance import stream
from coursewright.errors import CoursewrightError, Place
from coursewright.questions.checking.alike import Alike, refuse_same_pictures
from coursewright.questions.drawing.draft import DraftAnswer, MarkedValue, PartDraft
from coursewright.questions.drawing.names import Rejection, drawers, ready
from coursewright.questions.drawing.values import VariantValues, read_medium
from coursewright.questions.kinds import kind_called
from coursewright.questions.part import Feedback, Part
from coursewright.questions.question import Question
from coursewright.questions.reading.gaps import PartRequest, kind_settings, wanted_parts
from coursewright.questions.reading.language import Point
from coursewright.questions.reading.sections import AnswerItem
from coursewright.questions.reading.template import Expression, Local, Template, names, template
from coursewright.questions.variant import Variant
from coursewright.questions.writing.prose import CLOSE, OPEN, Gap, Prose, Value, plain, raw
from coursewright.sandbox.within import TooLong

REDRAWS = 1000  # draws that require() may reject, one after another


class Blame(Exception):
    """The author's code raised `error` on `line`."""

    def __init__(self, error: BaseException, line: int) -> None:
        super().__init__(str(error))
        self.error, self.line = error, line


def line_in(error: BaseException, question: Question) -> int | None:
    """The last line of the question's file that `error` came through."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno for frame in reversed(frames) if frame.filename == str(question.file)), None)


@dataclass(frozen=True)
class Drawing:
    """A question made ready for drawing, with the tables that its code names and the parameters of its course.

    `language` is the course's and `point` its decimal sign. `menus` are the parts met so far with options of which
    nobody but the answer says whether they are right. `folder` is where its pictures are, if not beside its file as
    seen from here. With `pictures`, no more of the variants have theirs drawn, and `empty` has what stands for those
    pictures in the others.
    """

    question: Question
    seed: str
    tables: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    pictures: int | None = None
    point: Point = "."
    language: str = ""
    menus: set[str] = field(default_factory=set)
    empty: dict[bytes, bytes] = field(default_factory=dict)
    folder: Path | None = None

    def variant(self, who: str, attempt: int = 0) -> Variant:
        """The variant for `who`; another `attempt` gives another draw, for one that repeats an earlier variant.

        Raises CoursewrightError for what is wrong with the question, and Blame for what its code raises.
        """
        rejected = Rejection()
        for redraw in range(REDRAWS):
            try:
                return _Draw(self, who, (attempt, redraw)).variant()
            except Rejection as error:
                rejected = error
            except Blame as blame:
                if not isinstance(blame.error, Rejection):
                    raise
        if isinstance(rejected, Alike):
            often = f", and {REDRAWS:,} draws were tried" if self.question.code.text else ""
            place = self.question.place(rejected.line) if rejected.line else self.question.place_of_answers()
            raise CoursewrightError(rejected.message + often, place, rejected.hint)
        message = f"none of {REDRAWS:,} draws fulfils what the code requires"
        raise CoursewrightError(message, self.question.place(self.question.code.line), "require less")

    @cached_property
    def code(self) -> CodeType:
        """The question's code; CoursewrightError when it is no Python."""
        section, file = self.question.code, self.question.file
        try:
            tree = ast.parse(section.text, str(file))
            ast.increment_lineno(tree, section.line - 1)
            return compile(tree, str(file), "exec", dont_inherit=True)
        except SyntaxError as error:
            line = (
                section.line + (error.lineno or 1) - 1 if error.lineno and error.lineno < section.line else error.lineno
            )
            raise CoursewrightError(f"this is not Python: {error.msg}", Place(file, line), self.line_of(line)) from None
        except ValueError as error:
            raise CoursewrightError(f"this is not Python: {error}", Place(file, section.line)) from None

    @cached_property
    def drawers(self) -> dict[str, Any]:
        """The functions of other rooms that the question names."""
        assert self.code  # noqa: S101 - says first what is wrong with code that is no Python
        used = {node.id for node in ast.walk(ast.parse(self.question.code.text)) if isinstance(node, ast.Name)}
        return drawers(used | names(tuple(self.question.templates)), self.language)

    @cached_property
    def blocks(self) -> dict[str, Template]:
        """The sections that a kind reads for itself."""
        question = self.question
        return {heading: template(block.text, question.file, block.line) for heading, block in question.blocks.items()}

    @cached_property
    def wanted(self) -> tuple[PartRequest, ...]:
        """The parts to build."""
        return wanted_parts(self.question)

    def line_of(self, line: int | None) -> str:
        """A line of the author's, for a hint."""
        lines = self.question.source.split("\n")
        text = lines[line - 1].strip() if line and line <= len(lines) else ""
        return f"the line is: {text}" if text else ""


class _Draw:
    """One draw: names and streams of its own."""

    def __init__(self, drawing: Drawing, who: str, attempt: tuple[int, int]) -> None:
        self.drawing, self.question, self.who = drawing, drawing.question, who
        self.named = ("question", drawing.question.name, drawing.seed, who, *attempt)
        self.shown = VariantValues()
        if drawing.pictures is not None:
            self.shown = VariantValues(not who.isdecimal() or int(who) <= drawing.pictures, drawing.empty)
        rng = stream(*self.named, "parameters")
        self.names = {**ready(rng, drawing.tables, drawing.parameters), **drawing.drawers}

    def variant(self) -> Variant:
        question, common = self.question, self.question.settings
        # The author's code: what it draws and computes.
        if question.code.text:
            self._run(self.drawing.code, question.code.line)
        # What is asked, and what answers it.
        parts = tuple(map(self._part, self.drawing.wanted))
        if self.shown.drawn:
            refuse_same_pictures(parts, self.shown.media)
        text = self.fill(question.text)[0]
        note = plain(self.fill(question.note)[0]) if question.note else str(self.names.get("note", ""))
        several = common.tries > 1
        return Variant(
            question=question.name,
            kind=common.kind,
            title=common.title or question.name,
            who=self.who,
            seed=self.drawing.seed,
            text=text,
            parts=parts,
            points=common.points if kind_called(common.kind).asks else 0.0,
            tries=common.tries,
            penalty=common.penalty if common.penalty is not None else (1 / 3 if several else 0.0),
            hints=tuple(self.fill(hint)[0] for hint in question.hints),
            feedback=self.fill(question.feedback)[0],
            solution=self.fill(question.solution)[0],
            media=tuple(self.shown.media),
            tags=common.tags,
            difficulty=common.difficulty,
            category=common.category,
            note=note,
            language=self.drawing.language,
        )

    def _run(self, code: CodeType, first: int) -> Any:
        try:
            return eval(code, self.names)  # noqa: S307 - running the author's code is the purpose, behind a wall
        except (Rejection, TooLong):
            raise
        except BaseException as error:
            raise Blame(error, line_in(error, self.question) or first) from error

    def fill(self, template: Template) -> tuple[Prose, Any]:
        """The prose of `template`, and the value of the expression that it consists of, if it is one."""
        found: list[Value] = []
        value: Any = None
        for slot in template.slots:
            if isinstance(slot, Gap):
                found.append(slot)
                continue
            if isinstance(slot, Local):
                found.append(self._local(slot))
                continue
            value = self._run(slot.code, slot.line)
            found.append(self._shown(value, slot))
        whole = template.whole
        return Prose(template.markdown, tuple(found)), value if whole and not whole.spec else None

    def _local(self, slot: Local) -> Value:
        folder = self.drawing.folder or self.question.file.parent
        try:
            return self.shown.value(read_medium(folder, slot.path, slot.alt))
        except CoursewrightError as error:
            raise CoursewrightError(error.problem.message, self.question.place(slot.line), error.problem.hint) from None

    def _shown(self, value: Any, slot: Expression) -> Value:
        try:
            return self.shown.value(value, slot.source, slot.spec)
        except CoursewrightError as error:
            raise CoursewrightError(error.problem.message, self.question.place(slot.line), error.problem.hint) from None
        except Exception as error:  # a chart draws itself only now, and stumbles in the author's own work
            raise Blame(error, slot.line) from error

    def show(self, value: object) -> Prose:
        """A value of the code as prose."""
        try:
            return Prose(f"{OPEN}0{CLOSE}", (self.shown.value(value),))
        except CoursewrightError as error:
            place = self.question.place(self.question.code.line)
            raise CoursewrightError(error.problem.message, place, error.problem.hint) from None

    def _part(self, wanted: PartRequest) -> Part:
        answers = self.question.answers.get(wanted.name, ())
        kind = wanted.kind or _guess(self.names.get(wanted.name))
        given = [*map(self._given, answers), *self._coded(wanted.name)]
        if any(each.open for each in given):
            self.drawing.menus.add(wanted.name)
        draft = PartDraft(
            name=wanted.name,
            points=wanted.points,
            own=kind_settings(wanted, kind, self.question),
            given=given,
            values=self.names,
            stream=stream(*self.named, "options", wanted.name),
            place=self._place,
            fill=self.fill,
            show=self.show,
            setting=self._setting,
            templates=[answer.text for answer in answers],
            guide=self.fill(self.question.guide)[0],
            point=self.drawing.point,
            blocks={name: raw(self.fill(block)[0]) for name, block in self.drawing.blocks.items() if kind == "code"},
        )
        part: Part = kind_called(kind).build(draft)
        return part

    def _place(self, key: str) -> Place:
        if key == "answer" and settings.line_of(self.question.front_matter, ("answer",)) is None:
            return self.question.place_of_answers()
        return self.question.key(key) if key else self.question.place()

    def _setting(self, key: str, words: str) -> Any:
        """The value of a setting that may hold an expression: the value itself when it is nothing else."""
        if "{{" not in words:
            return words
        line = 2 + (settings.line_of(self.question.front_matter, (key,)) or 0)
        prose, value = self.fill(template(words, self.question.file, line))
        return plain(prose) if value is None else value

    def _given(self, answer: AnswerItem) -> DraftAnswer:
        prose, value = self.fill(answer.text)
        feedback = tuple(self.fill(said)[0] for said in answer.feedback)
        fixed = not answer.text.slots
        return DraftAnswer(value, prose, answer.mark, feedback, answer.line, fixed, open=fixed and not answer.box)

    def _coded(self, name: str) -> Iterator[DraftAnswer]:
        """The answers that the code calls `answers`; in a cloze question, by the gap's name."""
        answers = self.names.get("answers", ())
        if isinstance(answers, Mapping):
            answers = (
                answers.get(name, ()) if name else [MarkedValue(value, float(mark)) for value, mark in answers.items()]
            )
        elif name:
            answers = ()
        for each in answers:
            said = each if isinstance(each, MarkedValue) else MarkedValue(each, None)
            feedback: Feedback = (self.show(said.feedback),) if said.feedback else ()
            yield DraftAnswer(said.value, self.show(said.value), said.mark, feedback, open=said is not each)


def _guess(value: object) -> str:
    """The kind of a gap that does not say it: what the code calls by its name is a number or a text to type."""
    if value is None:
        return "choice"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else "text"
