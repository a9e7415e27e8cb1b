"""pytracery's modifiers, by their names there: short rules about letters, as programs rely on them.

`coursewright.words` has better ones for real words (`coursewright.words.printing.modifiers`).
"""

from __future__ import annotations

_VOWELS = "aeiou"


def replace(text: str, *params: str) -> str:
    """The text with the first argument replaced by the second."""
    return text.replace(params[0], params[1])


def capitalizeAll(text: str, *_params: str) -> str:  # noqa: N802 - pytracery's name
    """Python's `title`: "3Rd Place", "Mclaren"."""
    return text.title()


def capitalize_(text: str, *_params: str) -> str:
    """The first letter made a capital. Raises IndexError for an empty text."""
    return text[0].upper() + text[1:]


def a(text: str, *_params: str) -> str:
    """With "an" before a vowel, unless it is a u followed by a letter and an i."""
    unit = text[:1].lower() == "u" and text[2:3].lower() == "i"
    vowel = bool(text) and text[0].lower() in _VOWELS
    return f"{'an' if vowel and not unit else 'a'} {text}"


def firstS(text: str, *_params: str) -> str:  # noqa: N802 - pytracery's name
    """The first word made a plural."""
    first, *rest = text.split(" ")
    return " ".join([s(first), *rest])


def s(text: str, *_params: str) -> str:
    """A plural by the last letter, small or capital. Raises IndexError for an empty text."""
    low = text.lower()
    if low[-1] in "shx":
        return f"{text}es"
    if low[-1] == "y" and low[-2] not in _VOWELS:
        return f"{text[:-1]}ies"
    return f"{text}s"


def ed(text: str, *_params: str) -> str:
    """A past tense by the last letter; where pytracery gives None, after a vowel and y, it is "ed" here."""
    low = text.lower()
    if low[-1] == "e":
        return f"{text}d"
    if low[-1] == "y" and low[-2] not in _VOWELS:
        return f"{text[:-1]}ied"
    return f"{text}ed"


def uppercase(text: str, *_params: str) -> str:
    """All capitals."""
    return text.upper()


def lowercase(text: str, *_params: str) -> str:
    """No capitals."""
    return text.lower()


base_english = {
    "replace": replace,
    "capitalizeAll": capitalizeAll,
    "capitalize": capitalize_,
    "a": a,
    "firstS": firstS,
    "s": s,
    "ed": ed,
    "uppercase": uppercase,
    "lowercase": lowercase,
}
