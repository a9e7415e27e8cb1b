"""Numbers in words, and ordinals in figures, of languages other than English.

Compared with num2words 0.5.14 over 50,000 numbers. Where it is wrong ("einhunderteinstausend", "quatre-vingtsième",
"2me"), ours follow the grammars of the languages (docs/decisions/0016-english-and-no-repeat.md).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

_LARGEST = 10**12

_DE = str.split(
    "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn "
    "achtzehn neunzehn"
)
_DE_TENS = str.split("_ _ zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_FR = str.split(
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept dix-huit "
    "dix-neuf"
)
_FR_TENS = str.split("_ _ vingt trente quarante cinquante soixante soixante quatre-vingt quatre-vingt")


def _german(count: int, *, alone: bool = True) -> str:
    if count >= 10**6:
        size, one, many = (10**9, "Milliarde", "Milliarden") if count >= 10**9 else (10**6, "Million", "Millionen")
        most, rest = divmod(count, size)
        said = f"eine {one}" if most == 1 else f"{_german(most)} {many}"
        return said + (f" {_german(rest)}" if rest else "")
    if count >= 1000:
        return _german(count // 1000, alone=False) + "tausend" + (_german(count % 1000) if count % 1000 else "")
    if count >= 100:
        return (
            _german(count // 100, alone=False) + "hundert" + (_german(count % 100, alone=alone) if count % 100 else "")
        )
    if count >= 20:
        tens, ones = divmod(count, 10)
        return (f"{_german(ones, alone=False)}und" if ones else "") + _DE_TENS[tens]
    return "ein" if count == 1 and not alone else _DE[count]


def _french(count: int, *, last: bool = True) -> str:
    """`last` unless "mille" follows, before which "quatre-vingts" and "cents" lose their s."""
    if count >= 10**6:
        size, name = (10**9, "milliard") if count >= 10**9 else (10**6, "million")
        most, rest = divmod(count, size)
        return f"{_french(most)} {name}{'s' if most > 1 else ''}" + (f" {_french(rest)}" if rest else "")
    if count >= 1000:
        most, rest = divmod(count, 1000)
        said = "mille" if most == 1 else f"{_french(most, last=False)} mille"
        return said + (f" {_french(rest)}" if rest else "")
    if count >= 100:
        most, rest = divmod(count, 100)
        said = "cent" if most == 1 else f"{_FR[most]} cent{'s' if last and not rest else ''}"
        return said + (f" {_french(rest, last=last)}" if rest else "")
    if count < 20:
        return _FR[count]
    if count == 80:
        return "quatre-vingts" if last else "quatre-vingt"
    tens, ones = divmod(count, 10)
    if tens in (7, 9):
        ones += 10
    link = " et " if ones in (1, 11) and tens < 8 else "-"
    return _FR_TENS[tens] + (f"{link}{_FR[ones]}" if ones else "")


def _in_words(whole: Callable[[int], str], minus: str, point: str) -> Callable[[Decimal], str]:
    def told(exact: Decimal) -> str:
        if abs(exact) >= _LARGEST:
            raise ValueError(f"{exact:f} is too large to be put in words")
        if exact < 0:
            return f"{minus} {told(-exact)}"
        count, _, decimals = f"{exact:f}".partition(".")
        said = whole(int(count))
        return f"{said} {point} {' '.join(whole(int(one)) for one in decimals)}" if decimals.strip("0") else said

    return told


CARDINALS: dict[str, Callable[[Decimal], str]] = {
    "de": _in_words(_german, "minus", "Komma"),
    "fr": _in_words(_french, "moins", "virgule"),
}
ORDINALS: dict[str, Callable[[int], str]] = {
    "de": lambda count: f"{count}.",
    "fr": lambda count: f"{count}{'er' if count == 1 else 'e'}",
}
