"""The verb: look at many variants of a question before a student sees one.

Every rule is a function that takes a variant and gives what is wrong with it. The idea, a question that is tried over
many seeds by a machine, is from OpenMark and PrairieLearn.
"""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from coursewright.errors import CoursewrightError, Place, Problem
from coursewright.questions.draw import Materials, draw
from coursewright.questions.mark import declared, mark_part, model, nonsense
from coursewright.questions.part import (
    Choice,
    Choices,
    Essay,
    Formula,
    FormulaAnswer,
    Match,
    Number,
    Order,
    Part,
    Text,
    TextAnswer,
)
from coursewright.questions.prose import plain
from coursewright.questions.question import Question
from coursewright.questions.variant import Variant

SEEDS = 200
PICTURES = 10  # variants whose pictures are drawn; of the others only the alternative text is looked at
_FURTHER = 2000  # draws that count the variants of a question which has few
_SLACK = 1e-6
_UNEVEN = 0.001  # how unlikely, if the positions were drawn fairly, a distribution is that we complain about

Found = Iterator[tuple[str, str]]  # what is wrong, and how it is put right


@dataclass(frozen=True)
class Checked:
    """The problems of a question, how many variants it has, and how often the right answer stands at each position."""

    problems: tuple[Problem, ...]
    variants: int
    exhausted: bool
    positions: tuple[int, ...]

    def __str__(self) -> str:
        number = f"{self.variants:,}" if self.exhausted else f"more than {self.variants - 1:,}"
        places = f"; the right answer stands at {_shares(self.positions)}" if self.positions else ""
        return f"{number} variant{'s' * (self.variants != 1)}{places}"


def _shares(positions: tuple[int, ...]) -> str:
    total = sum(positions)
    return ", ".join(f"{number} in {count / total:.0%}" for number, count in enumerate(positions, start=1))


def check(question: Question, materials: Materials, *, seeds: int = SEEDS, seed: str = "0") -> Checked:
    """What is wrong with `question` in any of its first `seeds` variants, each problem once with the first of them."""
    problems: dict[tuple[str, str], Problem] = {}
    counts: Counter[tuple[str, str]] = Counter()
    keys: set[bytes] = set()
    positions: Counter[int] = Counter()
    options = 0
    drawn_all = draw(
        question,
        [str(number + 1) for number in range(seeds)],
        seed=seed,
        distinct=False,
        jobs=os.cpu_count() or 1,
        materials=materials,
        pictures=PICTURES,
    )
    seen: set[str] = set()
    try:
        for drawn in drawn_all:
            variant = drawn.variant
            assert variant is not None  # noqa: S101 - they are kept
            keys.add(drawn.key)
            for rule, where, message, hint in _problems(variant, seen):
                sort = (rule, re.sub(r"\d[\d.,]*", "0", message) if rule != "given-away" else "")
                counts[sort] += 1
                which = f'question "{question.name}", seed {seed}, variant {variant.who}: {message}'
                problems.setdefault(sort, Problem(which, _place(question, where), hint, rule))
            for at in _position(variant):
                positions[at] += 1
                options = max(options, len(getattr(variant.part, "options", ())))
    except CoursewrightError as error:
        return Checked(tuple(replace(p, rule=p.rule or "draws") for p in error.problems), len(keys), False, ())
    shares = tuple(positions[at] for at in range(options))
    found = [
        _counted(problem, counts[sort], seeds) for sort, problem in problems.items() if _counts(sort, counts, seeds)
    ]
    if _uneven(shares) and getattr(question.own, "shuffle", True):
        message = f'question "{question.name}": the right answer stands at {_shares(shares)}'
        found.append(
            Problem(message, _place(question, "answers"), "let the code draw the answers without sorting them", "even")
        )
    exhausted = len(keys) < seeds * 0.9 and _all_known(question, materials, keys, seeds)
    return Checked(tuple(found), len(keys), exhausted, shares)


def _all_known(question: Question, materials: Materials, keys: set[bytes], seeds: int) -> bool:
    """Whether many further draws bring nothing new for long; what they bring is added to `keys`."""
    further = [str(seeds + number + 1) for number in range(_FURTHER)]
    last = 0
    for number, drawn in enumerate(
        draw(question, further, distinct=False, keep=False, materials=materials, pictures=0)
    ):
        if drawn.key not in keys:
            keys.add(drawn.key)
            last = number
    return last < _FURTHER / 2


def _counts(sort: tuple[str, str], counts: Counter[tuple[str, str]], seeds: int) -> bool:
    """Whether it is a problem: that a number of the text is the answer may happen now and then."""
    return sort[0] != "given-away" or counts[sort] > seeds / 2


def _counted(problem: Problem, number: int, seeds: int) -> Problem:
    return (
        replace(problem, message=f"{problem.message} (so in {number} of {seeds} variants)") if number > 1 else problem
    )


def _place(question: Question, where: str) -> Place:
    if where == "answers":
        block = question.blocks.get("Answers")
        return question.place(block.line - 1 if block else question.code.line)
    return question.place(question.text.line)


def _problems(variant: Variant, seen: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """The rules' names, what they are about, what they say and the remedy."""
    for rule, check_text in _OF_VARIANTS.items():
        yield from ((rule, "text", message, hint) for message, hint in check_text(variant))
    for part in variant.parts:
        known = repr(part)
        if known in seen:  # the marking of equal parts need not be tried again
            continue
        seen.add(known)
        about = f"[[{part.name}]]: " if part.name else ""
        for rule, check_part in _OF_PARTS.items():
            yield from ((rule, "answers", about + message, hint) for message, hint in check_part(part))


def _no_placeholder(variant: Variant) -> Found:
    for prose in (variant.text, variant.solution, variant.feedback, *variant.hints):
        text = plain(prose)
        left = re.search(r"\{\{.*?\}\}|\{%.*?%\}", text)
        if left:
            yield f'"{left[0]}" was not filled in', "write {{ and }} around a Python expression"
        bad = next(
            (value for value in prose.values if isinstance(value, str) and value in ("nan", "None", "inf", "-inf")),
            None,
        )
        if bad:
            yield f'it says "{bad}"', "require() another draw, or test for it in the code"


def _alternative_text(variant: Variant) -> Found:
    for medium in variant.media:
        if not medium.alt.strip():
            yield f'the picture "{medium.name}" has no alternative text', "say in words what it shows"


def _given_away(variant: Variant) -> Found:
    text = plain(variant.text).casefold()
    for part in variant.parts:
        answer, others = _spelt(part)
        if answer and _stands_in(answer, text) and not any(_stands_in(other, text) for other in others):
            yield f'the text of the question says the answer, "{answer}"', "ask for something that is not in the text"


def _spelt(part: Part) -> tuple[str, list[str]]:
    """The right answer as a word or number that a text could give away, and the wrong ones."""
    if isinstance(part, Number):
        shown = part.answers[0].shown
        return (shown if len(re.sub(r"\D", "", shown)) >= 3 else ""), []
    if isinstance(part, Text):
        right = next((answer.shown for answer in part.answers if answer.fraction == 1), "")
        return (right if len(right) >= 3 else ""), []
    if isinstance(part, Choice) and not part.truth:
        right = next(plain(option.text) for option in part.options if option.right)
        return (right if len(right) >= 4 else ""), [plain(option.text) for option in part.options if not option.right]
    return "", []


def _stands_in(answer: str, text: str) -> bool:
    return re.search(rf"(?<![\w.,]){re.escape(answer.casefold())}(?![\w]|[.,]\d)", text) is not None


def _different(part: Part) -> Found:
    """No two options or answers that are the same to a reader."""
    texts = [plain(option.text) for option in getattr(part, "options", ())]
    if isinstance(part, Match):
        texts = [plain(pair.prompt) for pair in part.pairs]
    if isinstance(part, Order):
        texts = [plain(item) for item in part.items]
    known: dict[object, str] = {}
    for text in texts:
        same = known.setdefault(_as_number(text), text)
        if same is not text:
            yield (
                f'two answers are the same: "{same}" and "{text}"',
                "require() that they differ, or take the distinct ones",
            )


def _as_number(text: str) -> object:
    try:
        return round(float(text.replace(",", "")), 9)
    except ValueError:
        return text.casefold()


def _apart(part: Part) -> Found:
    """No wrong answer that is the right one after rounding, or with its slips of spelling forgiven."""
    if isinstance(part, Number):
        right = part.answers[0]
        for answer in part.answers[1:]:
            if right.low <= answer.value <= right.high:
                yield (
                    f"the answer {answer.shown} is within the tolerance of the right one, {right.shown}",
                    "require() that they differ, or make the tolerance smaller",
                )
    if isinstance(part, Text | Formula):
        yield from _told_apart(part, [(_typed(answer), answer.fraction) for answer in part.answers])


def _typed(answer: TextAnswer | FormulaAnswer) -> str:
    """The answer as somebody types it; empty for a pattern."""
    if isinstance(answer, FormulaAnswer):
        return answer.expression
    return "" if answer.regex else answer.text


def _told_apart(part: Text | Formula, answers: Sequence[tuple[str, float]]) -> Found:
    for typed, fraction in answers:
        fitted = mark_part(part, typed).answer if typed else None
        if fitted is not None and answers[fitted][1] != fraction:
            yield (
                f'the answers "{answers[fitted][0]}" and "{typed}" cannot be told apart',
                "take one out, or be stricter",
            )


def _marked_as_declared(part: Part) -> Found:
    if isinstance(part, Essay):
        return
    full = mark_part(part, model(part))
    if full.fraction is None or not math.isclose(full.fraction, 1, abs_tol=_SLACK):
        said = f" ({full.note})" if full.note else ""
        yield (
            f"the right answer is marked {full.fraction:.0%}{said}"
            if full.fraction is not None
            else "it cannot be marked",
            "",
        )
    for response, fraction in declared(part):
        got = mark_part(part, response).fraction
        if got is None or not math.isclose(got, fraction, abs_tol=_SLACK):
            yield (
                f"the response {response!r} is marked {got:.0%}, not {fraction:.0%} as declared",
                "look which answer comes first",
            )
    for response in nonsense(part):
        got = mark_part(part, response).fraction
        if got:
            yield f"the response {response!r} is marked {got:.0%}, and it is nonsense", "be stricter"


def _spelling(part: Part) -> Found:
    if not isinstance(part, Text) or not part.distance:
        return
    for answer in part.answers:
        if answer.fraction == 1 and not answer.regex and part.distance * 3 > len(answer.text):
            message = f'with {part.distance} slips forgiven, "{answer.text}" is any word of its length'
            yield message, "forgive one slip in three letters at the most"


_OF_VARIANTS: dict[str, Callable[[Variant], Found]] = {
    "placeholder": _no_placeholder,
    "alternative-text": _alternative_text,
    "given-away": _given_away,
}
_OF_PARTS: dict[str, Callable[[Part], Found]] = {
    "different": _different,
    "apart": _apart,
    "declared": _marked_as_declared,
    "spelling": _spelling,
}


def _position(variant: Variant) -> Iterator[int]:
    """Where the right answer of a choice stands."""
    part = variant.parts[0]
    if (isinstance(part, Choice) and not part.truth) or isinstance(part, Choices):
        yield from (at for at, option in enumerate(part.options) if option.right)


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
