"""Options that are the same to a reader: a draw that has two of them is rejected, and another is made.

One rule for options that are written, that come from code, and that stand in the menu of a gap; and for the prompts,
choices and items of other kinds. A wrong option that is the right answer would have to be dropped, which tells
that something was there, or would be marked wrong though it is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from coursewright.questions.drawing.draft import DraftAnswer
from coursewright.questions.drawing.names import Rejection
from coursewright.questions.formulas.quantities import quantity
from coursewright.questions.formulas.units import canonical
from coursewright.questions.kinds import kind_of
from coursewright.questions.marking.typed import read
from coursewright.questions.part import Part
from coursewright.questions.variant import Media
from coursewright.questions.writing.prose import CLOSE, OPEN, SLOT, MediaReference, Prose, Tex, plain

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
# Signs as type is set, and as people type them: apostrophes, quotation marks, hyphens and dashes.
_SET = str.maketrans("\u2018\u2019\u02bc\u201c\u201d\u2010\u2011\u2013\u2014", "'''\"\"----")
_WRAPPED = re.compile(r"(\*\*|__|\*|_|`|\$)(?P<inside>[^*_`$]+)\1")
_NAMED = re.compile(r"(?P<name>[^\W\d_]\s*[=≈])\s*(?P<number>.*)")  # x = 4
_WORDS = re.compile(rb"<(title|desc)\b[^>]*>.*?</\1>", re.DOTALL)  # of SVG, which nobody sees
_FRACTION = re.compile(
    r"(?P<minus>-?)(?:\\[dt]?frac(?:\{(-?\d+)\}|(\d))(?:\{(\d+)\}|(\d))|(\d+) ?/ ?(\d+)(?![\d/.,]))(?P<unit>.*)"
)
_DECIMALS = re.compile(r"\d+\.\d*0+(?!\d)|\d+\.(?![\d.])")


class Alike(Rejection):
    """Two options of the draw are the same; `line` is that of the one that should be another, if it is written."""

    def __init__(self, first: DraftAnswer, second: DraftAnswer) -> None:
        super().__init__(first, second)
        self.line = max(first.line or 0, second.line or 0) or None
        a, b = first.text, second.text
        self.hint = "give options that differ, in every draw"
        if (first.mark == 1) == (second.mark == 1):
            self.message = f'two options are the same, "{a}"' + (f' and "{b}"' if a != b else "")
            return
        right, wrong = (first, second) if first.mark == 1 else (second, first)
        self.message = f'the wrong option "{wrong.text}" is the right answer' + (f', "{right.text}"' if a != b else "")
        self.line = wrong.line
        if wrong.fixed and wrong.line:
            self.hint = f"write it without a box, as: - {wrong.text}, where the answer decides whether it is right"


def refuse_alike(options: Sequence[DraftAnswer], point: str) -> None:
    """Raise Alike when two of `options` are the same text, or the same number or quantity where the code wrote one
    of them; or when a wrong one has the value of the right one, as 50% and 1/2 have that of 0.5.

    `point` is the decimal sign of the language.
    """
    texts: dict[str, DraftAnswer] = {}
    numbers: dict[tuple[Fraction, str] | str, DraftAnswer] = {}
    valued: dict[tuple[Fraction, str], list[tuple[str, DraftAnswer]]] = {}
    for each in options:
        if (other := texts.setdefault(each.text, each)) is not each:
            raise Alike(other, each)
        read_as = as_read(each.prose, point)
        key = read_as if isinstance(read_as, str) else quantity(*read_as)
        if (other := numbers.setdefault(key, each)) is not each and not _are_meant(other, each):
            raise Alike(other, each)
        way, value = _worth(each.prose, point)
        for other_way, other in valued.setdefault(value, []) if value else ():
            # 2/4 is no simplified 1/2, and of what is equal to 1/2 both 0.5 and 50% are right.
            if way != other_way and (each.mark == 1) != (other.mark == 1) and not _are_meant(other, each):
                raise Alike(other, each)
        if value:
            valued[value].append((way, each))


def _are_meant(one: DraftAnswer, other: DraftAnswer) -> bool:
    """Whether both stand in the file: somebody who wrote both 1.1 and 1.10 means two things."""
    return one.fixed and other.fixed


def refuse_same_pictures(parts: Iterable[Part], media: Iterable[Media]) -> None:
    """Raise Alike when two options, choices or items are pictures that look the same, whatever their words say."""
    data = {medium.name: _WORDS.sub(b"", medium.data) for medium in media}
    for part in parts if len(data) > 1 else ():
        pictures: dict[bytes, DraftAnswer] = {}
        for each in _listed(part):
            shown = each.prose.values[0] if SLOT.fullmatch(each.prose.markdown.strip()) else None
            if (
                isinstance(shown, MediaReference)
                and (other := pictures.setdefault(data[shown.name], each)).prose != each.prose
            ):
                raise Alike(other, each)


def _listed(part: Part) -> list[DraftAnswer]:
    """What is chosen from: options, choices or items."""
    kind = kind_of(part)
    *_, last = (), *kind.lists(part)
    right = kind.right(part)
    return [DraftAnswer(None, each, float(right is None or at in right), ()) for at, each in enumerate(last)]


def as_read(prose: Prose, point: str = ".") -> tuple[Decimal, str] | str:
    """What an option is to a reader: a number and its unit, or a text, without what nobody sees or what only sets it.

    Spaces, bold type and the dollars around a formula are such. Digits with a nought in front, like 007, are a text.
    """
    text, point = _seen(prose, point)
    return _number(text, point) or _numbers(text, point) or text


def likeness(text: str, point: str = ".") -> Hashable:
    """What a text of data is to a reader, for comparison with others: the number and its unit, or the text.

    Of a text neither capitals count, nor spaces, nor which sign stands for an apostrophe, a quotation mark or a dash.
    """
    prose = Prose(f"{OPEN}0{CLOSE}", (text.translate(_SET),))
    _, value = _worth(prose, point)
    read_as = value or as_read(prose, point)
    return " ".join(read_as.split()).casefold() if isinstance(read_as, str) else read_as


def _seen(prose: Prose, point: str) -> tuple[str, str]:
    """The text of an option as a reader sees it, and its decimal sign, which is a point in a formula."""
    formula = SLOT.fullmatch(prose.markdown) is not None and isinstance(prose.values[0], Tex)
    while wrapped := _WRAPPED.fullmatch(prose.markdown.strip()):
        formula = formula or wrapped[1] == "$"
        prose = Prose(wrapped["inside"], prose.values)
    text = unicodedata.normalize("NFC", plain(prose).translate(_UNSEEN)).replace("\N{MINUS SIGN}", "-")
    return (_formula(text), ".") if formula else (text, point)


def _worth(prose: Prose, point: str) -> tuple[str, tuple[Fraction, str] | None]:
    """How a number is written, as a fraction, a percentage or a decimal, and the quantity that it is."""
    text, point = _seen(prose, point)
    if (found := _FRACTION.fullmatch(text)) and int((parts := [part for part in found.groups()[1:-1] if part])[1]):
        value = Fraction(int(found["minus"] + "1") * int(parts[0]), int(parts[1]))
        return "fraction", quantity(value, canonical(found["unit"]))
    number = _number(text, point)
    if number and number[1] in ("%^1", "\\%^1"):
        return "percentage", (Fraction(number[0]) / 100, "")
    return "decimal", quantity(*number) if number else None


def _formula(tex: str) -> str:
    """TeX without what changes nothing: spaces, braces around one sign, zeros at the end of decimals."""
    text = re.sub(r"\\(?:left|right)(?![A-Za-z])|\\[,;:! ]|\s+", "", tex)
    text = re.sub(r"\\(?:text|mathrm)\{([^{}\\]*)\}", r"\1", text)
    text = re.sub(r"\{([A-Za-z0-9])\}", r"\1", text)
    return _DECIMALS.sub(lambda found: found[0].rstrip("0").rstrip("."), text)


def _number(text: str, point: str) -> tuple[Decimal, str] | None:
    """The number that a text begins with, and its unit, wherever that stands."""
    named = _NAMED.fullmatch(text)
    typed = read(named["number"] if named else text, point)
    if typed is None or re.match(r"\D*0\d", text):
        return None
    return typed.exact, ("".join(named["name"].split()) if named else "") + canonical(typed.unit)


def _numbers(text: str, point: str) -> str | None:
    """Numbers in brackets, or one after another, as a text that has each in one form."""
    opening, inside, closing = re.fullmatch(r"([\[({]*)(.*?)([\])}]*)", text, re.DOTALL).groups()  # type: ignore[union-attr]  # any text fits the pattern
    found = [_number(each, point) for each in re.split(r"\s*;\s*|\s*,\s+", inside)]
    if None in found or not (opening or len(found) > 1):
        return None
    written = "; ".join(f"{each[0].normalize()} {each[1]}" for each in found if each)
    return f"{opening}{written}{closing}"
