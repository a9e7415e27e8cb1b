"""What a page asks of a cell: its code, what it takes and gives, how it is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec

from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems, did_you_mean
from coursewright.pages.engines.found import language_of
from coursewright.pages.text.body import Directive
from coursewright.settings import Seconds

TAGS = frozenset(
    {
        "remove-input",
        "hide-input",
        "remove-output",
        "hide-output",
        "remove-cell",
        "hide-cell",
        "remove-stdout",
        "remove-stderr",
        "raises-exception",
        "skip-execution",
        "parameters",
        "remove-messages",
        "remove-warnings",
    }
)
_KNITR = {
    ("echo", False): "remove-input",
    ("eval", False): "skip-execution",
    ("include", False): "remove-cell",
    ("output", False): "remove-output",
    ("results", "hide"): "remove-output",
    ("results", False): "remove-output",
    ("error", True): "raises-exception",
    ("code-fold", True): "hide-input",
    ("message", False): "remove-messages",
    ("warning", False): "remove-warnings",
}
_TRUTH = {"true": True, "t": True, "yes": True, "false": False, "f": False, "no": False}
_AS_MARKDOWN = (("results", "asis"), ("output", "asis"))
_COMMENT = re.compile(r"[ \t]*#\|[ \t]*([\w.-]+)[ \t]*:[ \t]*(.*?)[ \t]*$")
_NAME = re.compile(r"[^\W\d][\w.]*")


class CellLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How many seconds a cell may take, and all cells of a page together.

    `fresh` says whether every kernel is begun with a command line of its own, and none forked.
    """

    seconds: Seconds | None = None
    page: Seconds | None = None
    fresh: bool | None = None

    @property
    def of_one(self) -> float:
        """How many seconds a cell or a figure may take."""
        return self.seconds or USUAL.seconds or 0.0

    def over(self, others: CellLimits) -> CellLimits:
        """These limits, with the others' where there are none."""
        fresh = others.fresh if self.fresh is None else self.fresh
        return CellLimits(self.seconds or others.seconds, self.page or others.page, fresh)


NO_LIMITS = CellLimits()
USUAL = CellLimits(60.0, 600.0)
"""Those that hold where nobody says otherwise."""


class CellOptions(msgspec.Struct, frozen=True):
    """`in` names frames that the cell takes, from cells above or tables of the course; `out` those that it gives.

    `tags` are those of the Jupyter world. `alt` says in words what the pictures show, `caption` stands below the first.
    `seconds` is how long it may take, `kernel` the name of what carries it out, where that is not the usual one.
    """

    tags: str = ""
    in_: str = msgspec.field(default="", name="in")
    out: str = ""
    alt: str = ""
    caption: str = ""
    seconds: Seconds | None = None
    kernel: str = ""


@dataclass(frozen=True)
class CellTask:
    """One cell: its code in `language`; the names of the frames that it takes and gives; its tags.

    `alts` and `captions` are those of its pictures, in order; `kernel` is named where it is not the usual one.
    """

    directive: Directive
    language: str
    code: str
    takes: tuple[str, ...]
    gives: tuple[str, ...]
    tags: frozenset[str]
    alts: tuple[str, ...]
    captions: tuple[str, ...]
    seconds: float | None
    kernel: str = ""

    @property
    def runs(self) -> bool:
        """Whether it is carried out."""
        return "skip-execution" not in self.tags and bool(self.code.strip())

    @property
    def essence(self) -> tuple[object, ...]:
        """What its outputs hang on: the code without the comments that say how they are shown."""
        named = (self.kernel,) if self.kernel else ()
        return self.language, without_comments(self.code), self.takes, self.gives, *named

    def place(self, line: int = 0) -> Place:
        """The place of the cell, or of a line of its code, counted from 1."""
        where = self.directive.content_line + line - 1 if line else self.directive.line
        return Place(self.directive.file, where, f"{{code-cell}} {self.directive.argument}")


def asking(directive: Directive, options: CellOptions) -> CellTask:
    """What a directive asks. Raises CoursewrightError for each tag or name that is none, and without a language."""
    asked, wrong = asked_in_part(directive, options)
    if wrong:
        raise SeveralProblems(wrong)
    return asked


def asked_in_part(directive: Directive, options: CellOptions) -> tuple[CellTask, list[Problem]]:
    """What a directive asks as far as it is right, and all that is wrong."""
    wrong: list[Problem] = []
    language = language_of(directive.argument)
    if not language:
        hint = "write it after {code-cell}: python, r, or another that Jupyter has a kernel for"
        wrong.append(Problem("which language?", directive.place(), hint))
    said = [found for line in directive.content.split("\n") if (found := _COMMENT.match(line))]
    comments = [(found[1].lower().removeprefix("fig-"), found[2].strip("\"'")) for found in said]
    alts = [options.alt] if options.alt else [text for name, text in comments if name in ("alt", "fig.alt")]
    captions = [options.caption] if options.caption else [text for name, text in comments if name in _CAPTIONS]

    def listed(option: str, given: str) -> list[str]:
        texts = [given, *(text for name, text in comments if name == option)]
        wrong.extend(problem for text in texts for problem in _not_closed(text, directive, option))
        return texts

    if any(each in _AS_MARKDOWN for each in comments):
        wrong.append(as_it_is(directive.place()).problem)
    takes, gives = (_names(listed(option, given), directive, option, wrong) for option, given in _frames(options))
    said_tags = (_tag(tag, directive, wrong) for text in listed("tags", options.tags) for tag in _listed(text))
    tags = frozenset([*said_tags, *tags_of_knitr(comments)])
    asked = CellTask(
        directive,
        language,
        directive.content,
        takes,
        gives,
        tags,
        tuple(alts),
        tuple(captions),
        options.seconds,
        options.kernel,
    )
    return asked, wrong


def tags_of_knitr(said: Iterable[tuple[str, object]]) -> Iterator[str]:
    """The tags that mean what options of knitr and Quarto say."""
    for name, value in said:
        truth = _TRUTH.get(value.lower(), value) if isinstance(value, str) else value
        yield from (tag for (option, means), tag in _KNITR.items() if option == name and means == truth)


def as_it_is(place: Place) -> CoursewrightError:
    """What is said of a cell whose output is to be Markdown that it prints."""
    hint = "give it as Markdown: in R IRdisplay::display_markdown(text), in Python display(Markdown(text))"
    return CoursewrightError("what a cell prints is text, and not Markdown as it is (asis)", place, hint)


def _frames(options: CellOptions) -> tuple[tuple[str, str], ...]:
    return ("in", options.in_), ("out", options.out)


_CAPTIONS = ("caption", "cap", "fig.cap")


def _listed(text: str) -> list[str]:
    """`[a, "b"]`, `a, b` or `a b` as a list."""
    return re.findall(r"[\w:-]+", text)


def _not_closed(text: str, directive: Directive, option: str) -> Iterator[Problem]:
    """What is wrong with a list that has one of its brackets."""
    if text.startswith("[") != text.endswith("]"):
        whole = f"[{text.removeprefix('[').removesuffix(']').strip()}]"
        yield Problem(f'"{text}" has one bracket', directive.place_of(option), f"write {whole}, or no brackets")


def _names(texts: Iterable[str], directive: Directive, option: str, wrong: list[Problem]) -> tuple[str, ...]:
    """The names in a list that are some; the others are `wrong`."""
    names = [part for text in texts for part in re.split(r"[\s,\[\]]+", text) if part]
    said = (f'"{name}" is no name of a frame' for name in names if not _NAME.fullmatch(name))
    wrong += [Problem(each, directive.place_of(option), "such as df") for each in said]
    return tuple(filter(_NAME.fullmatch, names))


def _tag(tag: str, directive: Directive, wrong: list[Problem]) -> str:
    """A tag as it is spelt today; one that nearly is one of those that mean something is `wrong`."""
    known = tag.replace("_", "-")
    if known in TAGS:
        return known
    if re.match(r"(remove|hide|skip|raises?)-", known):
        wrong.append(Problem(f'no tag called "{tag}"', directive.place_of("tags"), did_you_mean(known, TAGS)))
    return tag


def not_given(name: str, directive: Directive, there: Sequence[str]) -> CoursewrightError:
    """What is said of a frame that a cell takes and that is not `there`."""
    hint = did_you_mean(name, there) or "give it in a cell above: :out: df"
    return CoursewrightError(f'no frame and no table called "{name}"', directive.place_of("in"), hint)


def without_comments(code: str) -> str:
    """Code without the comments that say how its outputs are shown."""
    return "\n".join(line for line in code.split("\n") if not _COMMENT.match(line))
