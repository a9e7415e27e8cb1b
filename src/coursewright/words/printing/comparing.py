"""How two values of a row compare: numbers as numbers, dates as dates; what does not compare is refused.

Text that looks like a number is one beside a number, and beside other text that does. Numbers compare as they are
shown, in decimals. What is text beside a number is not equal to it; whether it is less cannot be said.
"""

from __future__ import annotations

import datetime
import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, localcontext
from typing import Any

from coursewright.words.printing.values import text_of

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "==": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_EQUAL, _UNEQUAL = {"=", "=="}, {"!=", "<>"}
_NUMERAL = re.compile(r"\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?\s*", re.ASCII)
_CODE = re.compile(r"\s*[+-]?0\d.*", re.ASCII)  # 007 is written by somebody who means no number
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?", re.ASCII)
BEGINNING = re.compile(r"\d{4}(?:-\d{2})?", re.ASCII)
_CLOCK = re.compile(r"[+-]?(?:\d+:)?\d+:\d+(?:\.\d+)?", re.ASCII)
_PIECES = re.compile(r"\d{1,3}(?:,\d{3})+(?!\d)|\d+|\D+", re.ASCII)
_DAY_OR_MINUS = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{2,4}(?!\d)|[-\u2212]\s?\d", re.ASCII)
_TRUE, _FALSE = frozenset(("true", "yes", "y", "t", "on")), frozenset(("false", "no", "n", "f", "off", ""))
_SHOWN = 40
_KINDS: tuple[tuple[Any, str], ...] = (
    (bool, "true or false"), (int | float | Decimal, "a number"), (str, "text"), (datetime.date, "a date"),
    (datetime.time, "a time of day"), (datetime.timedelta, "a duration"),
    (list | tuple, "a list"), (Mapping, "a struct"),
)  # fmt: skip
_REMEDIES = {
    "a date": 'write a date in quotes: "2018-04-08"',
    "a duration": 'write a duration in quotes: "1:30" or "1:30:00"',
    "a time of day": 'write a time of day in quotes: "15:10"',
    "true or false": "write = true or = false",
    "a list": "ask for one value of the list, or for how many there are, in the rows",
}


class Incomparable(ValueError):
    """Values that do not compare, with the remedy; in it … stands for the column of the `odd` one."""

    def __init__(self, message: str, hint: str, odd: Any = None) -> None:
        super().__init__(message)
        self.hint = hint
        self.odd = odd


class QuotedText(str):
    """Text that the author of a condition wrote in it."""

    __slots__ = ()


def compared(sign: str, left: Any, right: Any, *, quoted: bool = False) -> bool:
    """`left sign right` for two values that are there; `quoted` if one of them is text that the author wrote.

    Raises Incomparable for values that do not compare.
    """
    kinds = {kind(left), kind(right)}
    work = COMPARE[sign]
    if kinds == {"a number"}:
        return work(*_numbers(left, right))
    if kinds <= {"text", "a number"}:
        return _with_text(sign, left, right, quoted)
    if "true or false" in kinds and sign in _EQUAL | _UNEQUAL:
        return work(*(_as_truth(value, left, right) for value in (left, right)))
    for name, read in (("a date", _as_date), ("a duration", _as_duration), ("a time of day", _as_time)):
        if kinds <= {name, "text"}:
            return _by(sign, left, right, quoted, read)
    if sign in _EQUAL | _UNEQUAL and kinds <= {"a list", "a struct", "text"}:
        return work(text_of(left), text_of(right))
    raise _undecided(left, right)


def kind(value: Any) -> str:
    """What a value is, in words."""
    return next((name for kinds, name in _KINDS if isinstance(value, kinds)), "text")


def truth(value: Any, name: str = "") -> bool | None:
    """Whether a value that stands alone in a condition is true, None if it is missing. Raises Incomparable."""
    if value is None or isinstance(value, bool):
        return value
    if kind(value) == "a number":
        return bool(value)
    text = text_of(value).strip().lower() if isinstance(value, str) else ""
    if isinstance(value, str) and text in _TRUE | _FALSE:
        return text in _TRUE
    if isinstance(value, str) and _NUMERAL.fullmatch(text):
        return bool(Decimal(text))
    compare = f'{name or "…"} = "{_cut(value)}"'
    raise Incomparable(
        f"{_shown(value)} is neither true nor false", f"compare it: {compare}, or ask whether it is missing"
    )


def exact(value: Any) -> Decimal:
    """A number, or text that looks like one, as it is shown. Raises Incomparable for anything else."""
    if isinstance(value, str) and _NUMERAL.fullmatch(value):
        return Decimal(value.strip())
    if kind(value) != "a number":
        raise Incomparable(f"{_shown(value)} is {kind(value)}, and no number", "calculate with numbers")
    return Decimal(repr(value)) if isinstance(value, float) else Decimal(value)


def calculated(sign: str, left: Any, right: Any) -> Decimal | None:
    """`left + right` and the other three, in decimals; None, as if missing, for what has no result."""
    first, second = exact(left), exact(right)
    if sign == "/" and not second:
        return None
    work = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}[sign]
    with localcontext() as context:
        context.clear_traps()
        result: Decimal = work(first, second)
    return None if result.is_nan() else result


def _numbers(left: Any, right: Any) -> tuple[Any, Any]:
    """Two numbers so that Python compares them as they are shown: 0.1 is Decimal("0.1")."""
    return (left, right) if type(left) is type(right) else (exact(left), exact(right))


def _with_text(sign: str, left: Any, right: Any, quoted: bool) -> bool:
    numerals = [not isinstance(value, str) or bool(_NUMERAL.fullmatch(value)) for value in (left, right)]
    both_text = isinstance(left, str) and isinstance(right, str)
    equality = sign in _EQUAL | _UNEQUAL
    as_text = both_text and (not any(numerals) or (equality and (quoted or _CODE.match(left) or _CODE.match(right))))
    if all(numerals) and not as_text:
        return COMPARE[sign](exact(left), exact(right))
    if as_text or (both_text and quoted and not _written_number(left, right, numerals)):
        return COMPARE[sign](left, right) if equality else COMPARE[sign](*_in_order(left, right))
    if equality:
        return sign in _UNEQUAL
    raise _undecided(left, right)


def _in_order(left: str, right: str) -> tuple[Any, Any]:
    """Two texts so that Python compares them: letter by letter, and times of one form (12:00, 9:30) by what they last.

    Raises Incomparable where letters say otherwise than the numbers in the texts ("10 km" before "9 km"), or may do so.
    """
    from coursewright.words.printing.times import seconds

    texts = left.strip(), right.strip()
    clocks = all(map(_CLOCK.fullmatch, texts))
    if clocks and left.count(":") == right.count(":"):
        return seconds(texts[0]), seconds(texts[1])
    other_way = _natural(texts[0], texts[1]) not in (None, left < right)
    if clocks or other_way or any(map(_DAY_OR_MINUS.match, texts)):
        message = f"{_shown(left)} and {_shown(right)} are texts, whose letters say nothing of the numbers in them"
        raise Incomparable(message, "make numbers, dates or durations of them in the rows")
    return left, right


def _natural(left: str, right: str) -> bool | None:
    """Whether the first number in which two texts differ is smaller in `left`; None if they differ in letters first."""
    for one, other in zip(_PIECES.findall(left), _PIECES.findall(right), strict=False):
        if one != other:
            numbers = one[0].isdigit() and other[0].isdigit()
            return int(one.replace(",", "")) < int(other.replace(",", "")) if numbers else None
    return None


def _written_number(left: str, right: str, numerals: list[bool]) -> bool:
    """Whether the number of the two is what the author wrote in quotes: the other one then should be a number too."""
    return (isinstance(left, QuotedText) and numerals[0]) or (isinstance(right, QuotedText) and numerals[1])


def _by(sign: str, left: Any, right: Any, quoted: bool, read: Callable[[Any, bool], Any]) -> bool:
    """Both sides read as values of one kind; text of a column that is none differs from every one."""
    equality = sign in _EQUAL | _UNEQUAL
    first, second = read(left, equality), read(right, equality)
    if first is None or second is None:
        if equality and not quoted:
            return sign in _UNEQUAL
        raise _undecided(left, right)
    if isinstance(first, str) or isinstance(second, str):  # a year, or a month of a year
        return COMPARE[sign](str(first), str(second))
    return COMPARE[sign](first, second)


def _as_date(value: Any, equality: bool) -> Any:
    if isinstance(value, str):
        if not equality and BEGINNING.fullmatch(value.strip()):
            return value.strip()
        if not DATE.fullmatch(value.strip()):
            return None
        try:
            value = datetime.datetime.fromisoformat(value.strip())
        except ValueError:
            return None
    if not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    return value if value.tzinfo else value.replace(tzinfo=datetime.UTC)


def _as_duration(value: Any, equality: bool) -> Any:  # noqa: ARG001 - as the others
    from coursewright.words.printing.times import seconds

    return None if isinstance(value, str) and not _CLOCK.fullmatch(value.strip()) else seconds(value)


def _as_time(value: Any, equality: bool) -> Any:  # noqa: ARG001 - as the others
    if not isinstance(value, str):
        return value.replace(tzinfo=None)
    try:
        return datetime.time.fromisoformat(value.strip()).replace(tzinfo=None)
    except ValueError:
        return None


def _as_truth(value: Any, left: Any, right: Any) -> bool | None:
    if (kind(value) == "a number" and value not in {0, 1}) or kind(value) not in {"a number", "text", "true or false"}:
        raise _undecided(left, right)
    return truth(value)


def _undecided(left: Any, right: Any) -> Incomparable:
    said = [f"{_shown(value)} is {_described(value)}" for value in (left, right)]
    kinds = (kind(left), kind(right))
    remedy = next((_REMEDIES[name] for name in kinds if name in _REMEDIES), "")
    if remedy:
        return Incomparable(f"{said[0]} and {said[1]}", remedy)
    odd = next((value for value in (left, right) if isinstance(value, str) and not _NUMERAL.fullmatch(value)), left)
    remedy = f"put a case for such a value before it: … = {_shown(odd)}, or make it missing in the rows"
    return Incomparable(f"{said[0]} and {said[1]}", remedy, odd)


def _described(value: Any) -> str:
    return "a number" if isinstance(value, str) and _NUMERAL.fullmatch(value) else kind(value)


def _cut(value: Any) -> str:
    text = text_of(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _shown(value: Any) -> str:
    return f'"{_cut(value)}"' if isinstance(value, str) else _cut(value)
