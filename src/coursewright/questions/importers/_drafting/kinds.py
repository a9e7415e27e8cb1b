"""Answers of a bank as parts of a question file. Each raises NotTaken for what no such part can be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from tokenize import TokenError
from typing import Any

from coursewright.questions.importers._drafting.asked import ImportedAnswer, ImportedPart, NotTaken
from coursewright.questions.importers._drafting.markdown import braces, clean

_CLOSE = 1e-5  # fractions in a bank are rounded
_NEARLY = 1e-3  # people round multipliers, too: 2.205 pounds are one kilogram
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")
_SUM = re.compile(r"\d\d|(\*\*|\^).*(\*\*|\^)")  # a unit that is a calculation, which Pint would carry out
_MOST_WORDS = 100_000  # where a bank says how few, and not how many


def choice(given: Sequence[ImportedAnswer], *, single: bool, shuffle: bool = True) -> ImportedPart:
    """One of several options, or any number of them."""
    settings: dict[str, object] = {} if shuffle else {"shuffle": False}
    if len(given) < 2:
        raise NotTaken("it has fewer than two options")
    texts = [each.text.strip() for each in given]
    if not all(texts):
        raise NotTaken("one of its options is empty")
    if len(set(texts)) < len(texts):
        raise NotTaken("two of its options are alike")
    if single:
        full = sum(_is(each.mark, 1) for each in given)
        if full in (0, len(given)):
            raise NotTaken("all of its options are right" if full else "no option brings all the points")
        return ImportedPart("choice", tuple(given), settings | ({"any_right": True} if full > 1 else {}))
    right = [each.mark or 0 for each in given if (each.mark or 0) > 0]
    wrong = [each.mark or 0 for each in given if (each.mark or 0) <= 0]
    total = sum(right)
    if abs(total - 1) > 0.01:
        raise NotTaken(f"its right options bring {total:.0%} of the points together, not all")
    cost = -1 / max(1, min(len(right), len(wrong)))
    if all(_is(mark, 1 / len(right)) for mark in right) and all(_is(mark, cost) for mark in wrong):
        alike = (replace(each, mark=1.0 if (each.mark or 0) > 0 else 0.0) for each in given)
        return ImportedPart("choices", tuple(alike), settings)
    shares = (replace(each, mark=(each.mark or 0) / (total if (each.mark or 0) > 0 else 1)) for each in given)
    return ImportedPart("choices", tuple(shares), settings, percent=True)


def _is(mark: float | None, wanted: float) -> bool:
    return mark is not None and abs(mark - wanted) < _CLOSE


def truth(answer: bool, said_true: str, said_false: str) -> ImportedPart:
    """True or false, with what is said to each."""
    given = [ImportedAnswer(text, None, said) for text, said in (("True", said_true), ("False", said_false)) if said]
    return ImportedPart("truefalse", tuple(given), {"answer": answer})


def short(given: Sequence[ImportedAnswer], *, case: bool, lost: list[str]) -> ImportedPart:
    """A short text. Moodle's wildcard becomes a pattern, and for a learner to see, its text without the star."""
    answers: list[ImportedAnswer] = []
    for each in given:
        text = " ".join(clean(each.text).split())
        pattern = re.search(r"(?<!\\)\*", text) is not None
        plain = re.sub(r"(?<!\\)\*", "", text).replace("\\*", "*").strip()
        if not text:
            continue
        looks_like_one = len(plain) > 2 and plain.startswith("/") and plain.endswith("/")
        if (pattern or looks_like_one) and _is(each.mark, 1) and not _shown(answers):
            if not plain or looks_like_one:
                raise NotTaken(f'the answer "{text}" has no form that could be shown')
            answers.append(replace(each, text=braces(plain)))
        made = f"/{_pattern(text)}/" if pattern or looks_like_one else braces(plain)
        answers.append(replace(each, text=made))
    if not any(_is(each.mark, 1) for each in answers):
        raise NotTaken("none of its answers brings all the points")
    if any(each.mark is not None and each.mark < 0 for each in answers):
        lost.append("an answer costs points")
    return ImportedPart("text", tuple(answers), {"case": True} if case else {})


def _shown(answers: Sequence[ImportedAnswer]) -> bool:
    return any(_is(each.mark, 1) and not each.text.startswith("/") for each in answers)


def _pattern(text: str) -> str:
    bits = [bit.replace("\\*", "*") for bit in re.split(r"(?<!\\)\*+", text)]
    return ".*".join(re.sub(r"[\\^$.|?*+()\[\]{}/]", r"\\\g<0>", bit) for bit in bits)


def number(
    given: Sequence[tuple[ImportedAnswer, float]],
    lost: list[str],
    *,
    units: Mapping[str, float] | None = None,
    unit_required: bool = False,
) -> ImportedPart:
    """A number: answers, each with its tolerance. A question file has one tolerance for all.

    `units` says how many of each are one of the unit in which the answers are.
    """
    numbers = [(each, abs(spread)) for each, spread in given if _NUMBER.fullmatch(each.text.strip())]
    if len(numbers) < len(given):
        lost.append("what is said to any other answer is left out")
    right = next(((each, spread) for each, spread in numbers if _is(each.mark, 1)), None)
    if right is None:
        raise NotTaken("none of its answers is a number that brings all the points")
    if any(spread != right[1] for _, spread in numbers):
        lost.append(f"all answers have the tolerance of the right one now, {right[1]:.15g}")
    value = float(right[0].text)
    settings: dict[str, object] = {"answer": int(value) if value.is_integer() and abs(value) < 1e15 else value}
    settings["tolerance"] = right[1]
    if units:
        settings |= _units(units, lost) | ({"unit_required": True} if unit_required else {})
    written = [replace(each, text=f"{float(each.text):.15g}") for each, _ in numbers]
    first = {each.text: each for each in reversed(written)}  # what the same number brings within a wider range is lost
    if len(first) < len(written):
        lost.append("what a number near an answer brings is left out")
    known = f"{value:.15g}"
    first[known] = next(each for each in written if each.text == known and _is(each.mark, 1))
    kept = [first[text] for text in dict.fromkeys(each.text for each in written)]
    return ImportedPart("number", tuple(each for each in kept if each.feedback or each.text != known), settings)


def _units(units: Mapping[str, float], lost: list[str]) -> dict[str, object]:
    """The unit of the answers, and those others that count here as they do in the bank."""
    own = next((name for name, many in units.items() if abs(many - 1) < _CLOSE), None)
    if own is None:
        raise NotTaken("none of its units is that of its answers: each has another multiplier than 1")
    others = [name for name in units if name != own]
    found = {name: _in_one(own, name) for name in others}
    if strange := [name for name, many in found.items() if many is None]:
        lost.append(f"nobody knows how to convert {', '.join(strange)} to {own} here, so answers in it are wrong")
    other = [name for name, many in found.items() if many and abs(many - units[name]) > _NEARLY * abs(many)]
    lost += [
        f"there, {units[name]:.15g} {name} are one {own}; here it is {found[name]:.6g}, so it is left out"
        for name in other
    ]
    kept = [name for name in others if name not in (*strange, *other)]
    return {"unit": own} | ({"units": kept} if kept else {})


def _in_one(unit: str, name: str) -> float | None:
    """How many of the unit `name` are one `unit` by Pint; None if it cannot say, and 0 without Pint."""
    try:
        import pint
    except ModuleNotFoundError:
        return 0
    if any(_SUM.search(each) or len(each) > 40 for each in (name, unit)):
        return None
    try:
        return float(_registry().Quantity(1, unit).to(name).magnitude)
    except (pint.errors.PintError, ArithmeticError, AttributeError, AssertionError, LookupError, SyntaxError):
        return None
    except (TokenError, TypeError, ValueError):
        return None


@lru_cache(maxsize=1)
def _registry() -> Any:
    import pint

    return pint.UnitRegistry()


def match(pairs: Sequence[tuple[str, str]], *, shuffle: bool = True) -> ImportedPart:
    """Prompts and their choices; a prompt that is empty makes its choice one that belongs to nothing."""
    kept = [(prompt.replace("->", "-\\>"), " ".join(choice.split())) for prompt, choice in pairs if choice]
    if sum(bool(prompt) for prompt, _ in kept) < 2:
        raise NotTaken("it has fewer than two pairs")
    return ImportedPart(
        "match",
        tuple(ImportedAnswer(f"{prompt} -> {choice}".lstrip()) for prompt, choice in kept),
        {} if shuffle else {"shuffle": False},
    )


def order(items: Sequence[str], *, whole: bool) -> ImportedPart:
    """Items in their right order."""
    if len(items) < 2:
        raise NotTaken("it has fewer than two items")
    if len(set(items)) < len(items):
        raise NotTaken("two of its items are alike")
    return ImportedPart("order", tuple(ImportedAnswer(item) for item in items), {"scoring": "all"} if whole else {})


def essay(least: int = 0, most: int = 0, lines: int = 15) -> ImportedPart:
    """A text for a person to mark."""
    settings: dict[str, object] = {}
    if least > 0:
        settings["words"] = [least, max(least, most) if most > 0 else _MOST_WORDS]
    elif most > 0:
        settings["words"] = most
    if lines != 15 and 0 < lines < 1000:
        settings["lines"] = lines
    return ImportedPart("essay", (), settings)
