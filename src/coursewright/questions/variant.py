"""The noun: a variant, one randomised instance of a question, complete in itself."""

from __future__ import annotations

import msgspec

from coursewright.questions import kinds
from coursewright.questions.part import Part
from coursewright.questions.writing.prose import Prose


class Media(msgspec.Struct, frozen=True):
    """A picture or sound of a variant: `name` is its file's, unique in the variant; `alt` says in words what it is."""

    name: str
    media_type: str
    data: bytes
    alt: str
    caption: str = ""


class Variant(msgspec.Struct, frozen=True, kw_only=True):
    """What one student sees, and how it is marked.

    `question` is the name of the question's file, `who` the number of the variant or the student it is for. `text` has
    a `Gap` for each part of a cloze question. A wrong try costs `penalty` (a fraction of the points); hint 1 is given
    after the first wrong try, and so on. `feedback` is said at the end whatever the response was, then `solution`.
    `language` is the course's, a BCP 47 tag, or "".
    """

    question: str
    kind: str
    title: str
    who: str
    seed: str
    text: Prose
    parts: tuple[kinds.AnyPart, ...]
    points: float = 1.0
    tries: int = 1
    penalty: float = 0.0
    hints: tuple[Prose, ...] = ()
    feedback: Prose = Prose("")
    solution: Prose = Prose("")
    media: tuple[Media, ...] = ()
    tags: tuple[str, ...] = ()
    difficulty: str = ""
    category: str = ""
    note: str = ""
    language: str = ""

    @property
    def ident(self) -> str:
        """The name of the question and whose variant it is: "interest-7"."""
        return f"{self.question}-{self.who}"

    @property
    def asks(self) -> bool:
        """Whether there is something to answer, and not only to read."""
        return kinds.kind_called(self.kind).asks

    @property
    def part(self) -> Part:
        """The only part of a question that is no cloze."""
        return self.parts[0]

    def medium(self, name: str) -> Media:
        """The picture or sound whose file is called `name`."""
        return next(medium for medium in self.media if medium.name == name)
