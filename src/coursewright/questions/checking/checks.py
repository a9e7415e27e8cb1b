"""The verb: look at many variants of a question before a student sees one.

Every rule is a function that takes a variant and gives what is wrong with it. The idea, a question that is tried over
many seeds by a machine, is from OpenMark and PrairieLearn.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from coursewright.errors import CoursewrightError, Place, Problem
from coursewright.questions.checking.rules import OF_PARTS, OF_VARIANTS
from coursewright.questions.drawing.draw import DrawMaterials, draw
from coursewright.questions.drawing.setting import set_pictures
from coursewright.questions.drawing.worker import DrawResult
from coursewright.questions.kinds import kind_of
from coursewright.questions.part import Part
from coursewright.questions.question import Question
from coursewright.questions.variant import Variant

SEEDS = 200
PICTURES = 10  # variants whose pictures are drawn; of the others only the alternative text is looked at
_CODE = 8  # different questions of code whose model answers are tried: each try starts processes
_FURTHER = 2000  # draws that count the variants of a question which has few
_QUIET = 200  # draws without a new one after which all are known: so many, and
_SHARE = 4  # so many for each that is known, when chance overlooks one of 50 at the most
_Found = tuple[str, str, str, str]  # the rule, what it is about, what it says, the remedy
_UNEVEN = 0.001  # how unlikely, if the positions were drawn fairly, a distribution is that we complain about


@dataclass(frozen=True)
class QuestionCheck:
    """The problems of a question, how many variants it has, and how often the right answer stands at each position."""

    problems: tuple[Problem, ...]
    variants: int
    exhausted: bool
    positions: tuple[int, ...]

    def __str__(self) -> str:
        number = f"{self.variants:,}" if self.exhausted else f"{self.variants:,} or more"
        places = f"; the right answer stands at {_shares(self.positions)}" if self.positions else ""
        return f"{number} variant{'s' * (self.variants != 1)}{places}"


def _shares(positions: tuple[int, ...]) -> str:
    total = sum(positions)
    return ", ".join(f"{number} in {count / total:.0%}" for number, count in enumerate(positions, start=1))


def sound(variants: Iterable[Variant]) -> Iterator[Variant]:
    """The variants of a question in which no rule finds more than an answer that stands in the text by chance."""
    known: dict[str, list[_Found]] = {}
    return (one for one in variants if all(rule == "given-away" for rule, *_ in _problems(one, known)))


def check(question: Question, materials: DrawMaterials, *, seeds: int = SEEDS, seed: str = "0") -> QuestionCheck:
    """What is wrong with `question` in any of its first `seeds` variants, each problem once with the first of them."""
    tally = _Tally(question, seed)
    who = [str(number + 1) for number in range(seeds + _FURTHER)]
    draws = draw(question, who, seed=seed, distinct=False, keep=seeds, materials=materials, pictures=PICTURES)
    with closing(draws):
        try:
            first = set_pictures(islice(draws, min(PICTURES, seeds)), {})
            for drawn in chain(first, islice(draws, max(0, seeds - PICTURES))):
                tally.look(drawn)
            exhausted = len(tally.keys) < seeds * 0.9 and _all_known(draws, tally.keys)
        except CoursewrightError as error:
            problems = (replace(p, rule=p.rule or "draws") for p in error.problems)
            return QuestionCheck(tuple(problems), len(tally.keys), False, ())
    return QuestionCheck(tuple(tally.found(seeds)), len(tally.keys), exhausted, tally.shares)


@dataclass
class _Tally:
    """What was seen in the variants so far."""

    question: Question
    seed: str
    keys: set[bytes] = field(default_factory=set)
    problems: dict[tuple[str, str], Problem] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    positions: Counter[int] = field(default_factory=Counter)
    options: int = 0
    known: dict[str, list[_Found]] = field(default_factory=dict)

    def look(self, drawn: DrawResult) -> None:
        """Try every rule on a variant."""
        variant = drawn.variant
        assert variant is not None  # noqa: S101 - they are kept
        self.keys.add(drawn.key)
        for rule, where, message, hint in _problems(variant, self.known):
            sort = (rule, "" if rule == "given-away" else re.sub(r"\d[\d.,]*", "0", message))
            self.counts[sort] += 1
            which = f'question "{self.question.name}", seed {self.seed}, variant {variant.who}: {message}'
            self.problems.setdefault(sort, Problem(which, _place(self.question, where), hint, rule))
        self.positions.update(_position(variant))
        self.options = max(self.options, *map(len, kind_of(variant.part).lists(variant.part)), 0)

    @property
    def shares(self) -> tuple[int, ...]:
        """How often the right answer stood at each position."""
        return tuple(self.positions[at] for at in range(self.options)) if self.positions else ()

    def found(self, seeds: int) -> Iterator[Problem]:
        """The problems, each with how often it was met."""
        for sort, problem in self.problems.items():
            number = self.counts[sort]
            if sort[0] == "given-away" and number <= seeds / 2:
                continue  # that a number in the text is the answer may happen now and then
            often = f" (so in {number} of {seeds} variants)" if number > 1 else ""
            yield replace(problem, message=problem.message + often)
        if _uneven(self.shares) and getattr(self.question.own, "shuffle", True):
            message = f'question "{self.question.name}": the right answer stands at {_shares(self.shares)}'
            hint = "let the code draw the answers without sorting them"
            yield Problem(message, _place(self.question, "answers"), hint, "even")


def _all_known(draws: Iterator[DrawResult], keys: set[bytes]) -> bool:
    """Whether further draws bring nothing new for long; what they bring is added to `keys`."""
    last = 0
    for number, drawn in enumerate(draws, start=1):
        if drawn.key not in keys:
            keys.add(drawn.key)
            last = number
        end = last + max(_QUIET, _SHARE * len(keys))
        if number == end or end > _FURTHER:
            return end <= _FURTHER
    return False


def _place(question: Question, where: str) -> Place:
    if where == "answers":
        return question.place_of_answers()
    return question.place(question.text.line)


def _problems(variant: Variant, known: dict[str, list[_Found]]) -> Iterator[_Found]:
    """The rules' names, what they are about, what they say and the remedy."""
    for rule, check_text in OF_VARIANTS.items():
        yield from ((rule, "text", message, hint) for message, hint in check_text(variant))
    for part in variant.parts:
        same = repr(part)
        # The marking of equal parts need not be tried again, and that of code is slow.
        if same not in known and not (kind_of(part).runs_code and len(known) >= _CODE):
            known[same] = list(_of_part(part))
        yield from known.get(same, ())


def _of_part(part: Part) -> Iterator[_Found]:
    about = f"[[{part.name}]]: " if part.name else ""
    for rule, check_part in (OF_PARTS | dict(kind_of(part).rules)).items():
        found = list(check_part(part))
        yield from ((rule, "answers", about + message, hint) for message, hint in found)
        if found:
            return  # what is marked otherwise than declared, for instance, when answers are not apart


def _position(variant: Variant) -> Iterator[int]:
    """Where the right answer of a choice stands."""
    part = variant.parts[0]
    yield from kind_of(part).right(part) or ()


def _uneven(shares: tuple[int, ...]) -> bool:
    """Whether the positions are so uneven that chance would hardly do it (chi-squared, by Wilson and Hilferty)."""
    total, places = sum(shares), len(shares)
    if places < 2 or total < 20 * places:
        return False
    expected = total / places
    freedom = places - 1
    squared = sum((count - expected) ** 2 / expected for count in shares)
    normal = ((squared / freedom) ** (1 / 3) - (1 - 2 / (9 * freedom))) / math.sqrt(2 / (9 * freedom))
    return math.erfc(normal / math.sqrt(2)) / 2 < _UNEVEN
