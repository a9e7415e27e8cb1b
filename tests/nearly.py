# ruff: noqa: RUF001 - letters that look like others are what is tried
"""Responses near the answers of parts, and patterns with texts that they fit or nearly fit."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

from coursewright.questions.kinds.choice import Choice
from coursewright.questions.kinds.choices import Choices
from coursewright.questions.kinds.match import Match
from coursewright.questions.kinds.order import Order
from coursewright.questions.kinds.text import Text, TextAnswer
from coursewright.questions.marking.pattern import NoPattern, spelt
from coursewright.questions.part import Formula, Number, Part

UNSEEN = "\u200b\u200c\u200d\xad\ufeff\u2060\u200e\u200f\u202a\u202e\u2066\u180e\ufe0f\u061c"
SPACES = " \t\n\r\x0b\x0c\x1c\x1f\x85\xa0\u1680\u2000\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
STRANGE = "éÉßẞİıςσΣſKÅµμΩǅﬁ٣३²½Ⅷ_-'’\u0301\u0307\u0345ñÑøœ字😀\x00$^\\.*+?()[]{}|/#&~"
FORMULA = [
    "x",
    "y",
    "2",
    "3",
    "0.5",
    "1e2",
    "pi",
    "e",
    "(",
    ")",
    "+",
    "-",
    "*",
    "/",
    "^",
    "**",
    "!",
    "sin(",
    "cos(",
    "exp(",
    "ln(",
    "sqrt(",
    "abs(",
    "×",
    "·",
    "−",
    "n",
]


def near(part: Part, chance: random.Random) -> Any:  # noqa: PLR0911 - one line for each kind
    """A response to a part."""
    match part:
        case Number():
            return _number(part, chance)
        case Text():
            return changed(chance.choice(part.answers).shown, chance)
        case Formula():
            return _formula(part, chance)
        case Choice():
            return chance.randint(-1, len(part.options))
        case Choices():
            return chance.sample(range(len(part.options)), chance.randint(0, len(part.options)))
        case Match():
            return [chance.randint(-1, len(part.choices) - 1) for _ in part.pairs]
        case Order():
            return chance.sample(range(len(part.items)), chance.choice((len(part.items), len(part.items) - 1)))
    return "".join(chance.choice(["word", *SPACES, *UNSEEN]) for _ in range(chance.randint(0, 400)))


CHANGES: Sequence[Callable[[str, int, random.Random], str]] = (
    lambda text, at, _: text[:at] + text[at + 1 :],
    lambda text, at, chance: text[:at] + chance.choice(UNSEEN) + text[at:],
    lambda text, at, chance: text[:at] + chance.choice(SPACES) + text[at:],
    lambda text, at, chance: text[:at] + chance.choice(STRANGE) + text[at:],
    lambda text, at, chance: text[:at] + chance.choice(STRANGE) + text[at + 1 :],
    lambda text, at, _: text[:at] + text[at : at + 2][::-1] + text[at + 2 :],
    lambda text, at, _: text[:at] + text[at:].swapcase(),
    lambda text, _, chance: text.replace(" ", chance.choice(SPACES) * chance.randint(1, 2)),
    lambda text, _, chance: unicodedata.normalize(chance.choice(("NFC", "NFD", "NFKC")), text),
    lambda text, _, __: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
    lambda text, _, chance: chance.choice((text.upper(), text.lower(), text.title(), text.casefold())),
)


def changed(text: str, chance: random.Random) -> str:
    """The text with some changes, or none."""
    for _ in range(chance.choice((0, 1, 1, 2, 3))):
        text = chance.choice(CHANGES)(text, chance.randint(0, len(text)), chance)
    return text


def _number(part: Number, chance: random.Random) -> str:
    answer = chance.choice(part.answers)
    value = chance.choice((answer.value, answer.low, answer.high, answer.value * 10 ** chance.randint(-4, 4)))
    unit = chance.choice((*part.units, None, None)) if part.units else None
    if unit and chance.random() < 0.8:
        value = (value - unit.offset) / unit.factor
    figures, power = chance.randint(1, 12), chance.randint(-4, 4)
    bare = f"{value:.{figures}g}"
    text = chance.choice(
        (
            bare,
            repr(value),
            f"{value:,.{figures % 4}f}",
            f"{value:,.{figures % 4}f}".replace(",", chance.choice(" '’\u2009\xa0.")),
            f"{value:.{figures % 4}f}".replace(".", ","),
            f"{value:,.2f}".translate(str.maketrans(",.", ".,")),
            f"{value:.{figures}e}",
            f"{value / 10.0**power:.{figures}g}{chance.choice('×x*·')}10{chance.choice(('^', '**'))}{power}",
            f"{value / 10.0**power:.{figures}g} × 10^({power})",
            f"10^{power}",
            f"1{'0' * power if power > 0 else ''}e{chance.choice((power, 308, 309, -400))}",
            chance.choice(("inf", "-inf", "Infinity", "nan", "1e999", "0x1F", "1_000", "١٢", "", "-")),
        )
    )
    text = text.replace("-", "\u2212") if chance.random() < 0.2 else text
    name = unit.name if unit else ""
    name = chance.choice((name, name, name.lower(), name.upper()))
    text = chance.choice((f"{text} {name}", f"{text}{name}", f"{name}{text}", f"-{name} {text}"))
    return text if chance.random() < 0.7 else changed(text, chance)


def _formula(part: Formula, chance: random.Random) -> str:
    text = chance.choice(part.answers).expression
    kind = chance.random()
    if kind < 0.3:
        return "".join(chance.choice(FORMULA) for _ in range(chance.randint(1, 8)))
    if kind < 0.7:
        around = (
            "({})",
            "1*({})",
            "({})/1",
            "({})^1",
            "-(-({}))",
            "{} + 0",
            "2*({})/2",
            "({})*x/x",
            "ln(exp({}))",
            "({})!",
        )
        text = chance.choice(around).format(text)
    tokens = [text] if kind < 0.5 else list(text)
    for _ in range(chance.choice((0, 1, 1, 2))):
        at = chance.randrange(len(tokens) + 1)
        tokens[at : at + chance.randint(0, 1)] = [chance.choice([*FORMULA, *UNSEEN, *SPACES])]
    return "".join(tokens).replace("**", chance.choice(("**", "^")))


PIECES: Sequence[tuple[str, Sequence[str]]] = (
    (r"\w", "aéZß9٣_²-"), (r"\d", "07٣a"), (r"\s", " \xa0\u200b\u3000"), (r"\W", "-. a"), (r"\D", "a1é"),
    (r"\S", "a é"), (".", "aé😀\n\u2028 "), ("[a-f]", "aFgé"), ("[^a-f]", "aFgé"), ("[À-Þ]", "àÀéÿ"),
    ("[K]", "kKK"), (r"[\w-]", "a-é "), (r"[\d\s,]", "1, a"), ("[]a]", "]a["), ("[a&&b]", "ab&"),
    (r"[^\s]", "a_ "), ("é", ("é", "e\u0301", "e", "É")), ("e\u0301", ("é", "e")), ("ß", ("ß", "ẞ", "ss", "SS")),
    ("İ", ("İ", "i", "I\u0307", "ı")), ("Σ", "σςΣ"), ("ſ", "sſS"), (r"\.", ".,"), (r"\*", "*x"), (r"\-", "-x"),
    (r"\ ", " x"),
    ("{", "{x"), ("the", ("the", "The", "teh")), (r"\x41", "aAb"), (r"\u00e9", ("é", "E\u0301")), ("(?=a)a", "ab"),
    ("(?!a).", "ab"), (r"\ba\b", ("a", "a ", "aa")), (r"\B", ("", "a")), (r"[\S]", "a "), (r"[\D]", "a1"),
    ("😀", "😀😁"),
    ("[😀-😂]", "😁x"), ("µ", "µμ"), (r"[\xa0-\xff]", "µμé"), (r"[^\xb5]", "µμé"), (r"\u00b5", "µμ"),
)  # fmt: skip
TIMES = (
    ("", 1),
    ("", 1),
    ("", 1),
    ("?", 0),
    ("*", 3),
    ("+", 2),
    ("{2}", 2),
    ("{1,}", 2),
    ("{,2}", 2),
    ("{1,3}", 3),
    ("+?", 2),
)

FEW = (("", 1), ("", 1), ("?", 0), ("{2}", 2), ("{,2}", 2), ("{1,3}", 3))  # inside groups, and
ONCE = (("", 1), ("?", 0), ("{2}", 2))  # of groups: no pattern takes for ever


def pattern(chance: random.Random, depth: int = 0) -> tuple[str, str]:
    """A pattern and a text that fits it, or nearly."""
    branches = []
    for _ in range(chance.choice((1, 1, 1, 2))):
        written = text = ""
        for _ in range(chance.randint(1, 3)):
            if depth < 2 and chance.random() < 0.25:
                inner, fits = pattern(chance, depth + 1)
                piece, fitting = f"{chance.choice(('(', '(?:'))}{inner})", [fits]
            else:
                piece, some = chance.choice(PIECES)
                fitting = list(some)
            sign, most = chance.choice(FEW if depth else TIMES)
            if piece[0] == "(" or (len(piece) > 1 and piece[0] != "["):
                sign, most = ("", 1) if piece.startswith(("(?=", "(?!")) or piece[0] != "(" else chance.choice(ONCE)
            written += piece + sign
            text += "".join(chance.choice(fitting) for _ in range(most))
        branches.append((written, text))
    return "|".join(each[0] for each in branches), chance.choice(branches)[1]


def of_patterns(chance: random.Random, count: int) -> list[Text]:
    """Parts with a pattern of every piece, as `check` takes them."""
    found: list[Text] = []
    while len(found) < count:
        written, text = pattern(chance)
        case = chance.random() < 0.5
        try:
            spelt(written, case)
        except NoPattern:
            continue
        answer = TextAnswer(text=written, shown=text, regex=True)
        found.append(Text(answers=(answer,), case=case, accents=chance.random() < 0.5))
    return found
