"""The noun: a question, which is a file of `questions/`; and how such a file is read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from coursewright import settings
from coursewright.errors import CoursewrightError, Place, Problem, did_you_mean, several
from coursewright.questions.kinds import KINDS, kind_called
from coursewright.questions.reading.sections import AnswerItem, Section, read_answers, read_sections
from coursewright.questions.reading.template import Template, template


class QuestionSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every question's front matter may say; each kind adds its own (see `kinds/`).

    `penalty` is the fraction of the points that a wrong try costs (a third, when there are several tries); `note` a
    template of which equal values mean the same variant; `seconds` and `memory` (megabytes) what drawing may take.
    """

    kind: str
    title: str = ""
    points: float = 1.0
    tags: tuple[str, ...] = ()
    difficulty: str = ""
    category: str = ""
    tries: int = 1
    penalty: float | None = None
    hints: tuple[str, ...] = ()
    note: str = ""
    seconds: float = 10.0
    memory: int = 1024


@dataclass(frozen=True)
class Question:
    """A question: settings, code, and the templates of what students see. `own` are the settings of its kind."""

    name: str
    file: Path
    settings: QuestionSettings
    own: Any
    front_matter: str
    code: Section
    text: Template
    answers: Mapping[str, tuple[AnswerItem, ...]]
    solution: Template
    feedback: Template
    guide: Template
    hints: tuple[Template, ...]
    note: Template
    blocks: Mapping[str, Section]
    source: str

    def place(self, line: int | None = None, part: str = "") -> Place:
        """A line of the file."""
        return Place(self.file, line, part)

    def key(self, name: str) -> Place:
        """The place of the front matter's key `name`."""
        return Place(self.file, 2 + (settings.line_of(self.front_matter, (name,)) or 0), name)

    def place_of_answers(self) -> Place:
        """The heading of the answers, or the code where these come from."""
        block = self.blocks.get("Answers")
        return self.place(block.line - 1 if block else self.code.line)

    @property
    def templates(self) -> Iterator[Template]:
        """All templates of the question."""
        yield from (self.text, self.solution, self.feedback, self.guide, self.note, *self.hints)
        for answers in self.answers.values():
            for answer in answers:
                yield from (answer.text, *answer.feedback)


_Read = TypeVar("_Read")
_NO_SETTINGS: tuple[QuestionSettings, Any] = (QuestionSettings(kind="description"), None)
_NOTHING = Section("", 0)
_NO_TEMPLATE = Template("", (), 0)
_BARE = re.compile(r"^(\s*(?:- |\w+:\s+))(\{\{.*\}\}.*?)\s*$", re.MULTILINE)  # YAML takes these braces for its own


def read_question(file: Path, text: str | None = None) -> Question:
    """The question in `file`, or in `text` as if it stood there.

    Raises CoursewrightError, with file and line, for everything that is wrong in its front matter and its parts.
    """
    text = settings.read_text(file) if text is None else text
    front = settings.split_front_matter(text, file)
    if front is None:
        hint = "begin the file with --- on a line of its own, then title: … and kind: …, then ---"
        raise CoursewrightError("this question has no front matter", Place(file, 1), hint)
    wrong = _QuestionProblems([])
    common, own = wrong.unless(partial(_read_settings, front, file, wrong), _NO_SETTINGS)
    code, sections = _read_parts(front, file, wrong)
    answers = partial(read_answers, sections.get("Answers", _NOTHING), file)

    def read(name: str, *, gaps: bool = False) -> Template:
        section = sections.get(name, _NOTHING)
        return wrong.unless(partial(_template, section, file, gaps=gaps), _NO_TEMPLATE)

    def setting(key: str, words: str) -> Template:
        return wrong.unless(lambda: template(words, file, _line(front, key)), _NO_TEMPLATE)

    question = Question(
        name=file.stem,
        file=file,
        settings=common,
        own=own,
        front_matter=front.text,
        code=code,
        text=read("Question", gaps=common.kind == "cloze"),
        answers=MappingProxyType(wrong.unless(lambda: dict(answers()), {})),
        **{name.lower(): read(name) for name in ("Solution", "Feedback", "Guide")},
        hints=tuple(setting("hints", hint) for hint in common.hints),
        note=setting("note", common.note),
        blocks=MappingProxyType(sections),
        source=text,
    )
    if wrong.problems:
        raise several(wrong.problems)
    return question


@dataclass(frozen=True)
class _QuestionProblems:
    """What is wrong in a question, as far as it was read."""

    problems: list[Problem]

    def unless(self, read: Callable[[], _Read], otherwise: _Read) -> _Read:
        """What `read` gives, or `otherwise` where it raises what is wrong."""
        try:
            return read()
        except CoursewrightError as error:
            self.problems.extend(error.problems)
            return otherwise


def _read_parts(
    front: settings.FrontMatter, file: Path, wrong: _QuestionProblems
) -> tuple[Section, dict[str, Section]]:
    """The code, and what stands under each heading."""
    before, none = len(wrong.problems), dict[str, Section]()
    read = partial(read_sections, front.body, front.body_line, file, wrong.problems)
    code, sections = wrong.unless(read, (_NOTHING, none))
    asks = "Question" in sections and sections["Question"].text.strip()
    if not asks and len(wrong.problems) == before:  # else what it asks may stand under a heading that is none
        where = Place(file, front.body_line)
        wrong.problems.append(Problem("this question asks nothing", where, "write it below # Question"))
    return code, sections


def _line(front: settings.FrontMatter, key: str) -> int:
    """The line of the file that sets `key`, or the first one of its front matter."""
    return front.first_line + (settings.line_of(front.text, (key,)) or 0)


def _template(section: Section, file: Path, *, gaps: bool = False) -> Template:
    """What stands under a heading, without the empty lines around it."""
    above = len(section.text) - len(section.text.lstrip("\n"))
    return template(section.text.strip(), file, section.line + above, gaps=gaps)


def _read_settings(front: settings.FrontMatter, file: Path, wrong: _QuestionProblems) -> tuple[QuestionSettings, Any]:
    """The settings that every question has, and those of its kind; of one of no kind, as far as all kinds have them."""
    kind = _kind(front, file, wrong)
    text = _BARE.sub(lambda found: f"{found[1]}{json.dumps(found[2], ensure_ascii=False)}", front.text)
    shape = _shape(kind) if kind else _any_shape()
    both, problems = settings.read_yaml_in_part(text, shape, file, front.first_line)
    wrong.problems.extend(problems)
    if both is None:
        return _NO_SETTINGS
    values = {name: getattr(both, name) for name in both.__struct_fields__}
    common = QuestionSettings(**{name: values[name] for name in QuestionSettings.__struct_fields__})
    wrong.problems.extend(_misset(common, front, file))
    own = kind_called(kind).settings if kind else None
    return common, own and own(**{name: values[name] for name in own.__struct_fields__})


def _kind(front: settings.FrontMatter, file: Path, wrong: _QuestionProblems) -> str:
    """The kind that a question says it is of; none, noted as wrong, where there is none of that name."""
    kind = re.search(r"^kind:\s*[\"']?(.*?)[\"']?\s*(?:#.*)?$", front.text, re.MULTILINE)
    if kind and kind[1] in KINDS:
        return kind[1]
    if not kind:
        hint, where = f"add a line: kind: … ({', '.join(KINDS)})", Place(file, front.first_line)
        wrong.problems.append(Problem('the key "kind" is missing', where, hint))
    else:
        where = Place(file, front.first_line + front.text.count("\n", 0, kind.start()), "kind")
        hint = did_you_mean(kind[1], KINDS)
        wrong.problems.append(Problem(f'no kind of question called "{kind[1]}"', where, hint))
    return ""


@cache
def _shape(kind: str) -> type[msgspec.Struct]:
    """The front matter of a kind: what every question has, and what it adds."""
    fields = {
        each.name: each
        for shape in (QuestionSettings, kind_called(kind).settings)
        for each in msgspec.structs.fields(shape)
    }
    return msgspec.defstruct(
        f"{kind.capitalize()}Settings",
        [_field(each) for each in fields.values()],
        frozen=True,
        forbid_unknown_fields=True,
        kw_only=True,
    )


@cache
def _any_shape() -> type[msgspec.Struct]:
    """The front matter of a question of no kind: what each has, and whatever a kind may add."""
    own = {name: Any for kind in KINDS for name in kind_called(kind).settings.__struct_fields__}
    common = [_field(each) for each in msgspec.structs.fields(QuestionSettings) if each.name != "kind"]
    fields = [("kind", str, ""), *common, *((name, kind, None) for name, kind in own.items())]
    return msgspec.defstruct("AnySettings", fields, frozen=True, forbid_unknown_fields=True, kw_only=True)


def settings_of(kind: str) -> dict[str, Any]:
    """The types of what the front matter of a kind may say, by name."""
    return {each.name: each.type for each in msgspec.structs.fields(_shape(kind))}


def _field(field: Any) -> Any:
    if field.required:
        return field.name, field.type
    made = (
        {"default_factory": field.default_factory} if field.default is msgspec.NODEFAULT else {"default": field.default}
    )
    return field.name, field.type, msgspec.field(**made)


def _misset(common: QuestionSettings, front: settings.FrontMatter, file: Path) -> Iterator[Problem]:
    """The settings whose values cannot be."""
    rules = {
        "points": (common.points > 0, "a number above 0"),
        "tries": (common.tries >= 1, "1 or more"),
        "penalty": (common.penalty is None or 0 <= common.penalty <= 1, "a fraction from 0 to 1"),
        "seconds": (0 < common.seconds <= 3600, "above 0, 3600 at the most"),
        "memory": (common.memory >= 64, "64 or more, in megabytes"),
    }
    for name, (fine, said) in rules.items():
        if not fine:
            place = Place(file, _line(front, name), name)
            yield Problem(f'"{name}" should be {said}, not {getattr(common, name):g}', place)
