"""The noun: a kind of question, which says once what it is. Its module in `kinds/` hands one out, called `KIND`.

Everything else asks the kind: reading what its front matter may say, drawing how its part is built, marking what a
response is worth, checking what to try it on, writing how it is shown, the self-marking page what it needs. An exporter
has a function for each kind that its format knows, by the kind's name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Concatenate, Generic, Literal, TypeVar

import msgspec

from coursewright.questions.drawing.draft import PartDraft
from coursewright.questions.marking.verdict import Verdict
from coursewright.questions.part import Part, Response
from coursewright.questions.writing.prose import Prose

OfKind = TypeVar("OfKind", bound=Part)
_Asked_contra = TypeVar("_Asked_contra", bound=Part, contravariant=True)
Said = Callable[[Prose], str]  # writes prose down
Page = Callable[[OfKind, dict[str, Any]], dict[str, Any]]  # completes the data of a part
Found = Iterable[tuple[str, str]]  # what is wrong, and how it is put right


@dataclass(frozen=True, slots=True)
class Feature(Generic[_Asked_contra]):
    """Something that a format may be unable to express, in words, and whether a part asks for it."""

    name: str
    words: str
    asked: Callable[[_Asked_contra], object]


def _nothing(*_: object) -> Iterator[Any]:
    yield from ()


def as_it_is(_part: Part, data: dict[str, Any]) -> dict[str, Any]:
    """The `page` of a part whose fields are all that the self-marking page needs."""
    return data


@dataclass(frozen=True, kw_only=True)
class Kind(Generic[OfKind]):
    """A kind of question. All functions but `build` are given its part.

    How it is written, drawn and marked:

    - `settings` is what its front matter may say besides what every question's may, `part` the shape of its part, whose
      tag is the name of the kind; `build` makes the part of one draw.
    - `mark` gives the verdict for a response at an attempt (from 1) and never raises; where it `runs_code`, a third
      argument says how. `model` is the model answer, `declared` are responses that the part's own data say to be wrong
      or partly right, each with its fraction, and `nonsense` is marked 0.
    - `asks` is false for a text to read, `by_person` true where no machine marks, `gap` false for what no gap can be.

    What it shows:

    - `lists` are the lists below the text, the last of them what is chosen from; `right` has the numbers of what is
      right there, where not everything is. No two things of the first list, and no two pictures of the last, may be the
      same. `begins` is what a response begins with.
    - `offered` and `answers` are lines of Markdown: what there is to choose from, and the answers as a question file
      lists them; `numbered` says whether that is a numbered list.
    - `features` are what a format may be unable to express of it.

    What a person writes in a table of responses: the number of `one` choice from 1 or `several`, or one of `words`.

    What is checked of every variant besides: `spelt`, the right answer as a text could give it away, and the wrong
    ones; `apart`, answers that cannot be told apart; `rules`, further ones by their names; `stricter`, the remedy where
    nonsense brings points.

    What the self-marking page needs, where it has the kind: `page` completes the data of a part, and `script` is a file
    of `widget/` that stands before the others.
    """

    settings: type[msgspec.Struct]
    part: type[OfKind]
    build: Callable[[PartDraft], OfKind]
    mark: Callable[Concatenate[OfKind, Response, int, ...], Verdict]
    model: Callable[[OfKind], Response]
    declared: Callable[[OfKind], Iterable[tuple[Response, float]]] = _nothing
    nonsense: Callable[[OfKind], Iterable[Response]]
    asks: bool = True
    by_person: bool = False
    gap: bool = True
    runs_code: bool = False
    lists: Callable[[OfKind], Sequence[Sequence[Prose]]] = lambda _part: ()
    right: Callable[[OfKind], Collection[int] | None] = lambda _part: None
    begins: Callable[[OfKind], str] = lambda _part: ""
    offered: Callable[[OfKind, Said], Iterable[str]] = _nothing
    answers: Callable[[OfKind, Said], Iterable[str]] = _nothing
    numbered: bool = False
    features: tuple[Feature[OfKind], ...] = ()
    chosen: Literal["", "one", "several"] = ""
    words: Callable[[OfKind], Mapping[str, int]] = lambda _part: {}
    spelt: Callable[[OfKind], tuple[str, Sequence[str]]] = lambda _part: ("", ())
    apart: Callable[[OfKind], Found] = _nothing
    rules: Mapping[str, Callable[[OfKind], Found]] = field(default_factory=dict)
    stricter: Callable[[OfKind], str] = lambda _part: "be stricter"
    page: Page[OfKind] | None = None
    script: str = ""
