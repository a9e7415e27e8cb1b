"""The indefinite article, by the sound that the next word begins with."""

from __future__ import annotations

import re
import unicodedata

from coursewright.words.english.letters import words

# Abbreviations that are spoken as words: "a NASA", but "an FIA"
SPOKEN_AS_WORDS = words(
    """
    BAFTA COBRA FEMA FIFA FTSE GATT HUD LAMP LAN LASER LASIK LIBOR LISP MASH MIDI MOMA MOOC MORI NAAFI NASA NASCAR
    NATO NICE NOAA PIN PISA RAAC RADA RADAR RAG RAID RAM REM RIBA ROM SAGE SALT SARS SAT SCUBA SEND SIM SONAR STEM
    SWAT SWOT UNESCO UNICEF
    """
)
_LONGEST_ACRONYM = 4
_NAMED_WITH_A_VOWEL = "AEFHILMNORSX"
_SILENT_H = ("hour", "honest", "honour", "honor", "heir")
_YOU = re.compile(
    r"eu(?!ler)|ewe|u$|ubiq|ufo|unesco|unicef|ugand|uk$|ukr|ukul|unanim|unary|uni(?!n|m[^o]|d[^i]|gnor|ll|ss|ro)|"
    r"ur[aeiou]|us$|us[aeu](?!$)|use$|usb$|usur|ut[aei][^r]|uterus|utop|utrecht|uvul|uyg"
)
_ONE = re.compile(r"one(?![a-rt-z])|ones?$|oneself|oneness|once|one-|ouija")
_LETTERS = re.compile(r"[A-Z][A-Z0-9.&]*s?$|[A-Z]{2,}[a-z]?$")
_NAMED_LETTER = re.compile(r"([A-Za-z])(?:$|[-’']?[^\w\s]|(?<=[a-z])[A-Z]|(?<=X)box)")
_YEAR = re.compile(r"(11|18)\d\d(?![\d,.])")
_SIGNED = re.compile(r"[\W_]*[-+\u2212±]\d|[\W_]*#\d")  # "minus eight", "plus eight", "number eight"


def article(text: str) -> str:
    """The text with "a" or "an" in front, by its sound: "an hour", "a university", "an 18th win", "an F1 car"."""
    return f"{'an' if _sounds_like_a_vowel(text) else 'a'} {text}"


def _sounds_like_a_vowel(text: str) -> bool:
    word = re.match(r"[\W_]*([\w.,&]+)", text)
    if not word or _SIGNED.match(text):
        return False
    first = word[1].rstrip(".,")
    if first[0].isdigit():
        return _number_sounds_like_a_vowel(first)
    named = _NAMED_LETTER.match(text, word.start(1))
    if _is_spelt_out(first, text) or (named and (first[0].islower() or first == "Xbox")):
        return first[0].upper() in _NAMED_WITH_A_VOWEL
    return _word_sounds_like_a_vowel(first)


def _word_sounds_like_a_vowel(word: str) -> bool:
    plain = "".join(c for c in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(c))
    if plain[0] == "y":
        return len(plain) > 1 and plain[1] not in "aeiou"  # Ypres, Yvonne
    if re.fullmatch(r"[fhlmnrsx]th", plain):
        return True  # the nth
    vowel = plain[0] in "aeiouæœø" and not _YOU.match(plain) and not _ONE.match(plain)
    return vowel or plain.startswith(_SILENT_H)


def _number_sounds_like_a_vowel(number: str) -> bool:
    if _YEAR.match(number):
        return True  # eleven hundred, eighteen fifteen
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
    unpronounceable = letters > 2 and not re.search("[AEIOUY]", word[:3])  # RSPCA, NSPCC
    unpronounceable |= letters == 5 and bool(re.search("[^AEIOUY]{4}", word))  # UNHCR
    return unpronounceable or (letters <= _LONGEST_ACRONYM and not loud)
