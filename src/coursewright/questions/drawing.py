"""Drawing a variant: the question's code is run, its templates are filled, its parts are built.

This happens in a process of its own (see `worker`), because the code is the author's. Every draw begins afresh: the
code sees new names, and streams that are named after the question, the seed, the variant and the attempt.
"""

from __future__ import annotations

import ast
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib import import_module
from random import Random
from types import CodeType, MappingProxyType
from typing import Any

from coursewright import settings
from coursewright.chance import stream
from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.questions import values as shown
from coursewright.questions.draft import Draft, Given, Marked, partly, right, wrong
from coursewright.questions.part import KINDS, Feedback, Part
from coursewright.questions.prose import CLOSE, OPEN, Gap, Prose, Value, plain
from coursewright.questions.question import Answer, Question, kind_of
from coursewright.questions.template import Expression, Template, names
from coursewright.questions.values import Values
from coursewright.questions.variant import Variant
from coursewright.questions.wall import TooLong

REDRAWS = 1000  # draws that require() may reject, one after another

# What a question's code finds ready, beside what `_Draw` gives: loaded when the code names it.
_DRAWERS = {
    "Chart": "coursewright.figures",
    "Figure": "coursewright.figures",
    "lines": "coursewright.figures",
    "logic": "coursewright.figures.diagrams.logic",
    "truth_table": "coursewright.figures.diagrams.logic",
    "automaton": "coursewright.figures.diagrams.automaton",
    "graph": "coursewright.figures.diagrams.graph",
    "tree": "coursewright.figures.diagrams.graph",
    "numberline": "coursewright.figures.diagrams.numberline",
    "circuit": "coursewright.figures.diagrams.circuit",
    "venn": "coursewright.figures.diagrams.venn",
    "tones": "coursewright.figures.audio",
    "samples": "coursewright.figures.audio",
}


class Rejected(Exception):
    """`require()` was given something false: this draw is not one."""


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
    """A question made ready for drawing, with the tables that its code names and the parameters of its course."""

    question: Question
    seed: str
    tables: Mapping[str, Any] = field(default_factory=dict)
    parameters: Mapping[str, Any] = field(default_factory=dict)
    pictures: int | None = None

    def variant(self, who: str, attempt: int = 0) -> Variant:
        """The variant for `who`; another `attempt` gives another draw, for one that repeats an earlier variant.

        Raises CoursewrightError for what is wrong with the question, and Blame for what its code raises.
        """
        for redraw in range(REDRAWS):
            try:
                return _Draw(self, who, (attempt, redraw)).variant()
            except Rejected:
                continue
            except Blame as blame:
                if not isinstance(blame.error, Rejected):
                    raise
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
        used = set(self.code.co_names) | {
            name for const in self.code.co_consts if isinstance(const, CodeType) for name in const.co_names
        }
        used |= names(tuple(self.question.templates))
        return {name: getattr(import_module(module), name) for name, module in _DRAWERS.items() if name in used}

    @cached_property
    def gaps(self) -> tuple[tuple[str, str, float, Any], ...]:
        """Name, kind, points and settings of each part. A question that is no cloze has one part, without a name."""
        question = self.question
        if question.settings.kind != "cloze":
            return (("", question.settings.kind, question.settings.points, question.own),)
        return tuple(self._gap(name) for name in _checked_gaps(question))

    def _gap(self, name: str) -> tuple[str, str, float, Any]:
        own = dict(self.question.own.gaps.get(name, {}))
        place = self.question.key("gaps")
        kind, points = own.pop("kind", ""), own.pop("points", 1.0)
        if kind and (kind not in KINDS or kind == "cloze"):
            raise CoursewrightError(
                f'no kind of gap called "{kind}"', place, did_you_mean(kind, set(KINDS) - {"cloze"})
            )
        return name, kind, float(points), own

    def own(self, kind: str, said: Any) -> Any:
        """The settings of a part's kind."""
        if not isinstance(said, dict):
            return said
        shape, place = kind_of(kind).Settings, self.question.key("gaps")
        for name in said:
            if name not in shape.__struct_fields__:
                raise CoursewrightError(f'unknown key "{name}"', place, did_you_mean(name, shape.__struct_fields__))
        return settings.fit(said, shape, place)

    def line_of(self, line: int | None) -> str:
        """A line of the author's, for a hint."""
        lines = self.question.source.split("\n")
        text = lines[line - 1].strip() if line and line <= len(lines) else ""
        return f"the line is: {text}" if text else ""


def _checked_gaps(question: Question) -> tuple[str, ...]:
    gaps = question.text.gaps
    if not gaps:
        raise CoursewrightError(
            "this cloze question has no gap", question.place(question.text.line), "write one as [[name]]"
        )
    for name in gaps:
        if gaps.count(name) > 1:
            raise CoursewrightError(
                f"the gap [[{name}]] is there twice", question.place(question.text.line), "give each its own name"
            )
    for name in (*question.own.gaps, *(name for name in question.answers if name)):
        if name not in gaps:
            raise CoursewrightError(f"the text has no gap [[{name}]]", question.key("gaps"), did_you_mean(name, gaps))
    return gaps


class _Draw:
    """One draw: names and streams of its own."""

    def __init__(self, drawing: Drawing, who: str, attempt: tuple[int, int]) -> None:
        self.drawing, self.question, self.who = drawing, drawing.question, who
        self.named = ("question", drawing.question.name, drawing.seed, who, *attempt)
        self.rng = stream(*self.named, "parameters")
        self.shown = Values(drawn=drawing.pictures is None or not who.isdecimal() or int(who) <= drawing.pictures)
        self.names = self._names()

    def variant(self) -> Variant:
        question, common = self.question, self.question.settings
        # The author's code: what it draws and computes.
        if question.code.text:
            self._run(self.drawing.code, question.code.line)
        # What is asked, and what answers it.
        parts = tuple(self._part(*gap) for gap in self.drawing.gaps)
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
            points=common.points,
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
        )

    def _names(self) -> dict[str, Any]:
        """What the code finds ready."""
        return {
            "__name__": "question",
            "rng": self.rng,
            "pick": self._pick,
            "sample": self._sample,
            "shuffle": self._shuffle,
            "uniform": self._uniform,
            "require": _require,
            "table": partial(_table, self.drawing.tables, "table"),
            "query": partial(_table, self.drawing.tables, "query"),
            "parameters": MappingProxyType(dict(self.drawing.parameters)),
            "right": right,
            "wrong": wrong,
            "partly": partly,
            "markdown": shown.markdown,
            "tex": shown.tex,
            "tikz": shown.tikz,
            **self.drawing.drawers,
        }

    def _pick(self, options: Any, weights: Sequence[float] | None = None) -> Any:
        options = options if isinstance(options, Sequence) else list(options)
        return self.rng.choices(options, weights)[0] if weights else self.rng.choice(options)

    def _sample(self, options: Any, number: int) -> list[Any]:
        return self.rng.sample(options if isinstance(options, Sequence) else list(options), number)

    def _shuffle(self, options: Any) -> list[Any]:
        return self._sample(options if isinstance(options, Sequence) else (options := list(options)), len(options))

    def _uniform(self, low: float, high: float, decimals: int | None = None) -> float:
        drawn = self.rng.uniform(low, high)
        return drawn if decimals is None else round(drawn, decimals)

    def _run(self, code: CodeType, first: int) -> Any:
        try:
            return eval(code, self.names)  # noqa: S307 - running the author's code is the purpose, behind a wall
        except (Rejected, TooLong):
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
            value = self._run(slot.code, slot.line)
            found.append(self._shown(value, slot))
        whole = template.whole
        return Prose(template.markdown, tuple(found)), value if whole and not whole.spec else None

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

    def _part(self, name: str, kind: str, points: float, said: Any) -> Part:
        answers = self.question.answers.get(name, ())
        given = [*map(self._given, answers), *self._coded(name)]
        kind = kind or _guess(answers, self.names.get(name))
        own = self.drawing.own(kind, said)
        draft = Draft(
            name=name,
            points=points,
            own=own,
            given=given,
            values=self.names,
            stream=self._stream(name),
            place=self._place,
            fill=self.fill,
            show=self.show,
            setting=self._setting,
            templates=[answer.text for answer in answers],
            guide=self.fill(self.question.guide)[0],
            blocks={heading: section.text for heading, section in self.question.blocks.items()},
        )
        part: Part = kind_of(kind).build(draft)
        return part

    def _stream(self, name: str) -> Random:
        return stream(*self.named, "options", name)

    def _place(self, key: str) -> Place:
        if key == "answer" and settings.line_of(self.question.front_matter, ("answer",)) is None:
            block = self.question.blocks.get("Answers")
            return self.question.place(block.line - 1 if block else self.question.code.line)
        return self.question.key(key) if key else self.question.place()

    def _setting(self, key: str, words: str) -> Any:
        """The value of a setting that may hold an expression: the value itself when it is nothing else."""
        from coursewright.questions.template import template

        if "{{" not in words:
            return words
        line = 2 + (settings.line_of(self.question.front_matter, (key,)) or 0)
        prose, value = self.fill(template(words, self.question.file, line))
        return plain(prose) if value is None else value

    def _given(self, answer: Answer) -> Given:
        prose, value = self.fill(answer.text)
        return Given(value, prose, answer.mark, tuple(self.fill(said)[0] for said in answer.feedback), answer.line)

    def _coded(self, name: str) -> Iterator[Given]:
        """The answers that the code calls `answers`; in a cloze question, by the gap's name."""
        answers = self.names.get("answers", ())
        if isinstance(answers, Mapping):
            answers = answers.get(name, ()) if name else [Marked(value, float(mark)) for value, mark in answers.items()]
        elif name:
            answers = ()
        for each in answers:
            mark, value, said = (each.mark, each.value, each.feedback) if isinstance(each, Marked) else (None, each, "")
            feedback: Feedback = (self.show(said),) if said else ()
            yield Given(value, self.show(value), mark, feedback)


def _guess(answers: Sequence[Answer], value: object) -> str:
    """The kind of a gap that does not say it."""
    if answers:
        return "choice"
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else "text"


def _require(condition: object) -> None:
    if not condition:
        raise Rejected


def _table(tables: Mapping[str, Any], function: str, name: str) -> Any:
    if name not in tables:
        hint = f'name it as a text in the code: {function}("…")'
        raise CoursewrightError(f'{function}("{name}") was not read beforehand', None, hint)
    return tables[name]
