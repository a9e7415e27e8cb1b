"""Units and currencies as people type them. The page does the same, name by name, in widget/units.js."""

from __future__ import annotations

import re
from collections.abc import Sequence

from coursewright.questions.marking.letters import LOWERED, small, tidy

SIGN = r"[A-Za-z]{0,3}[$£¤¥\u20a0-\u20cf]"  # £, US$
WORD = "[A-Za-zÀ-žа-яА-Я]{1,4}\\.?"  # what may be a currency in front of a number
_CODES = (  # of ISO 4217
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX "
    "USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
CODES = frozenset(_CODES.split())
WORDS = {"kr", "Kr", "Fr", "fr", "SFr", "sFr", "Rs", "rs", "zł", "Kč", "Ft", "RM", "Rp", "R", "лв", "грн", "ден"}
SAME = {"€": "EUR", "£": "GBP", "₹": "INR", "Rs": "INR", "rs": "INR", "zł": "PLN", "Kč": "CZK", "US$": "USD"}
SAME |= {"₪": "ILS", "₴": "UAH", "грн": "UAH", "₫": "VND", "₺": "TRY", "Ft": "HUF", "RM": "MYR", "Rp": "IDR"}
SAME |= {"Fr": "CHF", "fr": "CHF", "SFr": "CHF", "sFr": "CHF", "R": "ZAR", "лв": "BGN"}
"""Other names of a currency: those that no other one has."""

_PIECE = re.compile(
    r" ?(?P<sign>[*·⋅×/.]?) ?(?P<open>\(?)(?P<name>[^ *·⋅×/.()^0-9+-]+)"
    r"(?:(?:(?:\^|\*\*) ?)?(?P<power>[+-]?[0-9]{1,2}|\([+-]?[0-9]{1,2}\)))?(?P<close>\)?)"
)


_LETTER = "[A-Za-z\\u0391-\\u03c9]"
_PREFIX = (  # what differs by more than its capital: mJ and MJ
    f"(?<!{_LETTER})[mMpP](?=(?:J|V|W|Wh|Pa|Hz|A|N|g|m|s|L|l|Ω|F|H|C|T|K|eV|mol|bar|Bq|Gy|Sv|B|bit)(?!{_LETTER}))"
)


def is_currency(unit: str) -> bool:
    """Whether a unit is shown in front of its number: the sign of a currency."""
    return re.fullmatch(SIGN, unit) is not None


def may_lead(word: str) -> bool:
    """Whether a unit may be typed in front of its number: the sign, code or word of a currency."""
    bare = word.removesuffix(".")
    return is_currency(word) or bare in WORDS or bare.upper() in CODES


def canonical(unit: str) -> str:
    """A unit written in one way: cm³, cm^3 and cm3 are alike, as are m/s², m s^-2 and m·s⁻²; a text that is no such
    product of powers stays as it is."""
    text = tidy(unit).translate(LOWERED).replace("\u2212", "-").replace(" per ", "/").removesuffix(".")
    text = text.removeprefix("1") if text.startswith("1/") else text
    powers: dict[str, int] = {}
    at, outside, inside = 0, 1, False
    while at < len(text):
        piece = _PIECE.match(text, at)
        if not piece or (piece["open"] and inside) or (piece["close"] and not (inside or piece["open"])):
            return text
        at = piece.end()
        over = -1 if piece["sign"] == "/" else 1
        if piece["open"]:
            inside, outside, over = True, over, 1
        power = outside * over * int((piece["power"] or "1").strip("()"))
        name = SAME.get(piece["name"], piece["name"])
        powers[name] = powers.get(name, 0) + power
        if piece["close"]:
            inside, outside = False, 1
    if inside or not powers:
        return text
    return "·".join(f"{name}^{powers[name]}" for name in sorted(powers))


def find(names: Sequence[str], typed: str) -> int | None:
    """Which of the names of units is meant: the same text, the same unit written otherwise, or, where that leaves no
    doubt, the same but for capitals."""
    for way in (tidy, canonical):
        if (wanted := way(typed)) in (written := [way(name) for name in names]):
            return written.index(wanted)
    near = [at for at, name in enumerate(names) if _is_near(name, typed)]
    return near[0] if len({canonical(names[at]) for at in near}) == 1 else None


def meant(names: Sequence[str], typed: str) -> str:
    """The one unit that `typed` is but for its capitals, which make another of it, or "" """
    alike = {canonical(name): name for name in names if _is_alike(name, typed)}
    return next(iter(alike.values())) if len(alike) == 1 else ""


def _is_near(name: str, typed: str) -> bool:
    """Whether two units are the same but for capitals that make no other unit of it, as those of mJ and MJ do.

    How people write the rest does not matter: mj begins as mJ does.
    """
    own = re.findall(_PREFIX, canonical(name))
    if own and own != re.findall(_PREFIX, canonical(typed), re.IGNORECASE):
        return False
    return _is_alike(name, typed)


def _is_alike(name: str, typed: str) -> bool:
    return any(small(way(name)) == small(way(typed)) for way in (tidy, canonical))
