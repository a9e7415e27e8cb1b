"""English for the words that data brings: articles, plurals, past tenses, possessives, capitals, pronouns.

Written for names, numbers and abbreviations ("an 18th win", "an F1 car", "Grands Prix"), where the usual libraries,
which know dictionaries, go wrong.
"""

from __future__ import annotations

import re
import unicodedata

from coursewright.words.vocabulary import (
    DOUBLED,
    IRREGULAR,
    MEANT_BY,
    NOT_MEN,
    OF_PRONOUNS,
    PAST,
    PRONOUNS,
    SAME,
    SPOKEN_AS_WORDS,
)

_LONGEST_ACRONYM = 4
_NAMED_WITH_A_VOWEL = "AEFHILMNORSX"
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
_YOU = re.compile(
    r"eu|ewe|u$|ubiq|ufo|ugand|uk$|ukr|ukul|unanim|unary|uni(?!n|m[^o]|d[^i]|gnor)|"
    r"ur[aeiou]|us$|us[aeu](?!$)|use$|usb$|usur|ut[aei][^r]|uterus|utop|uvul"
)
_ONE = re.compile(r"one(?![a-rt-z])|ones?$|oneself|once|one-|ouija")
_LETTERS = re.compile(r"[A-Z][A-Z0-9.&]*s?$|[A-Z]{2,}[a-z]?$")


def article(text: str) -> str:
    """The text with "a" or "an" in front, by its sound: "an hour", "a university", "an 18th win", "an F1 car"."""
    return f"{'an' if _sounds_like_a_vowel(text) else 'a'} {text}"


def _sounds_like_a_vowel(text: str) -> bool:
    word = re.match(r"[\W_]*([\w.,&]+)", text)
    if not word:
        return False
    first = word[1].rstrip(".,")
    if first[0].isdigit():
        return _number_sounds_like_a_vowel(first)
    if _is_spelt_out(first, text):
        return first[0] in _NAMED_WITH_A_VOWEL
    plain = "".join(c for c in unicodedata.normalize("NFD", first.lower()) if not unicodedata.combining(c))
    if plain.startswith(_SILENT_H):
        return True
    return plain[0] in "aeiouæœø" and not _YOU.match(plain) and not _ONE.match(plain)


def _number_sounds_like_a_vowel(number: str) -> bool:
    digits = re.match(r"\d{1,3}(,\d{3})+|\d+", number)
    figures = digits[0].replace(",", "") if digits else ""
    teen = figures[:2] in {"11", "18"} and len(figures) % 3 == 2
    return figures.startswith("8") or teen


def _is_spelt_out(word: str, text: str) -> bool:
    """Whether the letters are named one by one: "an MP", "a UN envoy"; a text all in capitals is only loud."""
    if not _LETTERS.match(word) or word.rstrip("s") in SPOKEN_AS_WORDS:
        return False
    letters = sum(map(str.isalpha, word.rstrip("s")))
    if letters == 1:
        return len(word) > 1 or word != "A" or len(text) == 1
    loud = text.isupper() and " " in text.strip() and not any(map(str.isdigit, word))
    return letters <= _LONGEST_ACRONYM and not loud


_HEAD_FIRST = re.compile(r"([\w']+)((?: of| in| at| to| for|-of|-in-law|-at|-to-be)\b.*)", re.IGNORECASE)
_HEAD_BEFORE = re.compile(r"(.*\b)(prix|attorney|governor|secretary|court|poet)( general| martial| laureate)?$", re.I)


def plural(text: str) -> str:
    """More than one: "geese", "Grands Prix", "runners-up", "laps of honour", "DNFs"."""
    if text.lower().endswith("grand prix"):
        return text[: -len(" prix")] + "s" + text[-len(" prix") :]
    if headed := _HEAD_FIRST.fullmatch(text):
        return plural(headed[1]) + headed[2]
    if (titled := _HEAD_BEFORE.fullmatch(text)) and titled[3]:
        return titled[1] + plural(titled[2]) + titled[3]
    start, word = _last_word(text)
    known = IRREGULAR.get(word.lower())
    if not known and "-" in word:
        start, word = start + word[: word.rindex("-") + 1], word[word.rindex("-") + 1 :]
        known = IRREGULAR.get(word.lower())
    return start + (_in_case(word, known) if known else _regular_plural(word))


def _regular_plural(word: str) -> str:
    low = word.lower()
    if not word or low in SAME:
        return word
    if word.isupper() or not word[-1].isalpha():
        return f"{word}s"
    if low.endswith("man") and not low.endswith(NOT_MEN):
        return f"{word[:-2]}en"
    return next(word[: len(word) - drop] + end for form, drop, end in _ENDINGS if re.search(form, low))


_ENDINGS = (  # what a word ends in, how many of its letters go, what comes in their place
    (r"sis$", 2, "es"),
    (r"^.{0,2}[aeiou]z$", 0, "zes"),
    (r"(s|x|z|ch|sh)$", 0, "es"),
    (r"([^aeiou]|qu)y$", 1, "ies"),
    (r"$", 0, "s"),
)


def past(text: str) -> str:
    """The past tense of a verb: "won", "pitted", "tried", "stayed", "finished"."""
    start, word = _last_word(text)
    low = word.lower()
    if known := PAST.get(low):
        return start + _in_case(word, known)
    if low.endswith("e"):
        return text + "d"
    if re.search(r"[^aeiou]y$", low):
        return text[:-1] + "ied"
    if low in DOUBLED or re.fullmatch(r"(?:[^aeiou]|qu)*[aeiou][^aeiouwxyh]", low):
        return f"{text}{text[-1]}ed"
    return f"{text}ed"


def possessive(text: str) -> str:
    """Whose: "Hamilton's", "Mercedes'", "Williams'", "his"."""
    known = OF_PRONOUNS.get(text.lower())
    if known:
        return _in_case(text, known)
    return text + ("'" if text.lower().endswith("s") else "'s") if text else text


def capitalize(text: str) -> str:
    """The first letter made a capital, after a quotation mark or bracket too; the rest is left alone: "McLaren"."""
    at = next((at for at, char in enumerate(text) if char not in "\"'([{“‘«¿¡"), 0)
    return text[:at] + text[at : at + 1].upper() + text[at + 1 :]


def capitalize_all(text: str) -> str:
    """The first letter of every word made a capital: "3rd Place", "Räikkönen", "Don't", "Jean-Éric"."""
    return re.sub(r"(^|[\s(\[{“‘«\"/–—-]|(?<=\s)')(\w)", lambda found: found[1] + found[2].upper(), text)


def pronoun(text: str, case: int) -> str:
    """A pronoun for "female", "m", "she/her", "it" …, and "they" for anything else; `case` counts they, them, …"""
    word = re.split(r"[\W_]", text.strip().lower(), maxsplit=1)[0]
    return PRONOUNS[MEANT_BY.get(word, "they")][case]


def _last_word(text: str) -> tuple[str, str]:
    at = text.rfind(" ") + 1
    return text[:at], text[at:]


def _in_case(like: str, word: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word
