"""The noun: a question, which is a file of `questions/`; and how such a file is read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import msgspec

from coursewright import settings
from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.questions.part import KINDS
from coursewright.questions.sections import Answer, Section, read_answers, read_sections
from coursewright.questions.template import Template, template

Kind = Literal[
    "number", "choice", "choices", "truefalse", "text", "formula", "match", "order", "cloze", "essay", "description",
    "code",
]  # fmt: skip


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What every question's front matter may say; each kind adds its own (see `kinds/`).

    `penalty` is the fraction of the points that a wrong try costs (a third, when there are several tries); `note` a
    template of which equal values mean the same variant; `seconds` and `memory` (megabytes) what drawing may take.
    """

    kind: Kind
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
    settings: Settings
    own: Any
    front_matter: str
    code: Section
    text: Template
    answers: Mapping[str, tuple[Answer, ...]]
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


_BARE = re.compile(r"^(\s*(?:- |\w+:\s+))(\{\{.*\}\}.*?)\s*$", re.MULTILINE)  # YAML takes these braces for its own


def kind_of(name: str) -> Any:
    """The module of `kinds/` for the kind called `name`."""
    return import_module(f"coursewright.questions.kinds.{name}")


def read_question(file: Path, text: str | None = None) -> Question:
    """The question in `file`, or in `text` as if it stood there.

    Raises CoursewrightError, with file and line, for front matter or a part of the question that is wrong.
    """
    text = settings.read_text(file) if text is None else text
    front = settings.split_front_matter(text, file)
    if front is None:
        hint = "begin the file with --- on a line of its own, then title: … and kind: …, then ---"
        raise CoursewrightError("this question has no front matter", Place(file, 1), hint)
    common, own = _read_settings(front, file)
    code, sections = read_sections(front.body, front.body_line, file)
    asked = sections.get("Question")
    if asked is None or not asked.text.strip():
        raise CoursewrightError("this question asks nothing", Place(file, front.body_line), "write it below # Question")
    read = {name: _template(sections.get(name, Section("", 0)), file) for name in ("Solution", "Feedback", "Guide")}

    def setting(key: str, words: str) -> Template:
        return template(words, file, 2 + (settings.line_of(front.text, (key,)) or 0))

    return Question(
        name=file.stem,
        file=file,
        settings=common,
        own=own,
        front_matter=front.text,
        code=code,
        text=_template(asked, file, gaps=common.kind == "cloze"),
        answers=MappingProxyType(dict(read_answers(sections.get("Answers", Section("", 0)), file))),
        solution=read["Solution"],
        feedback=read["Feedback"],
        guide=read["Guide"],
        hints=tuple(setting("hints", hint) for hint in common.hints),
        note=setting("note", common.note),
        blocks=MappingProxyType(sections),
        source=text,
    )


def _template(section: Section, file: Path, *, gaps: bool = False) -> Template:
    """What stands under a heading, without the empty lines around it."""
    above = len(section.text) - len(section.text.lstrip("\n"))
    return template(section.text.strip(), file, section.line + above, gaps=gaps)


def _read_settings(front: settings.FrontMatter, file: Path) -> tuple[Settings, Any]:
    """The settings that every question has, and those of its kind."""
    kind = re.search(r"^kind:\s*[\"']?(.*?)[\"']?\s*(?:#.*)?$", front.text, re.MULTILINE)
    if not kind:
        raise CoursewrightError(
            'the key "kind" is missing', Place(file, front.first_line), f"add a line: kind: … ({', '.join(KINDS)})"
        )
    if kind[1] not in KINDS:
        line = front.first_line + front.text.count("\n", 0, kind.start())
        raise CoursewrightError(
            f'no kind of question called "{kind[1]}"', Place(file, line, "kind"), did_you_mean(kind[1], KINDS)
        )
    text = _BARE.sub(lambda found: f"{found[1]}{json.dumps(found[2], ensure_ascii=False)}", front.text)
    both = settings.read_yaml(text, _shape(kind[1]), file, front.first_line)
    values = {name: getattr(both, name) for name in both.__struct_fields__}
    own = kind_of(kind[1]).Settings
    common = Settings(**{name: values[name] for name in Settings.__struct_fields__})
    _check_settings(common, front, file)
    return common, own(**{name: values[name] for name in own.__struct_fields__})


@cache
def _shape(kind: str) -> type[msgspec.Struct]:
    """The front matter of a kind: what every question has, and what it adds."""
    fields = {each.name: each for shape in (Settings, kind_of(kind).Settings) for each in msgspec.structs.fields(shape)}
    return msgspec.defstruct(
        f"{kind.capitalize()}Settings",
        [_field(each) for each in fields.values()],
        frozen=True,
        forbid_unknown_fields=True,
        kw_only=True,
    )


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


def _check_settings(common: Settings, front: settings.FrontMatter, file: Path) -> None:
    rules = {
        "points": (common.points > 0, "a number above 0"),
        "tries": (common.tries >= 1, "1 or more"),
        "penalty": (common.penalty is None or 0 <= common.penalty <= 1, "a fraction from 0 to 1"),
        "seconds": (0 < common.seconds <= 3600, "above 0, 3600 at the most"),
        "memory": (common.memory >= 64, "64 or more, in megabytes"),
    }
    for name, (fine, said) in rules.items():
        if not fine:
            line = front.first_line + (settings.line_of(front.text, (name,)) or 0)
            raise CoursewrightError(
                f'"{name}" should be {said}, not {getattr(common, name):g}', Place(file, line, name)
            )
