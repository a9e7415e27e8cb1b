"""Plurals of nouns and names: "geese", "criteria", "Grands Prix", "runners-up", "the Kennedys", "DNFs"."""

from __future__ import annotations

import re

from coursewright.words.english.irregular import (
    AFTER_HEADS,
    COMMON_IN_Y,
    FRENCH,
    HEADS,
    IN_COMPOUNDS,
    MEN,
    NO_COMPOUNDS,
    NOT_MEN,
    ONE_IN_S,
    PLURALS,
    SAFE_IN_Y,
    SAME,
)
from coursewright.words.english.letters import in_case, last_word

_HEAD_FIRST = re.compile(
    r"((?:[\w'’-]+ )*?[\w'’]+)"
    r"((?: of| in| at| to| for| de| à| per|-of|-at|-to-be|-de|-in-(?:law|chief|charge|one|waiting|residence))"
    r"(?![\w']).*| d['’].*)",
    re.IGNORECASE,
)
_AGENT = re.compile(r"(\w+er)(-(?:up|by|on|in|out|off|down|away|through))$", re.IGNORECASE)  # runner-up, passer-by
_WHO = re.compile(r"(woman|gentleman) (\w+)", re.IGNORECASE)  # women doctors, gentlemen farmers
_PARTICLE = re.compile(r".*-(?:up|by|on|in|out|off|down|over|away|back|round|through|not|me-not)$", re.IGNORECASE)


def plural(text: str) -> str:
    """More than one: "geese", "Grands Prix", "runners-up", "laps of honour", "DNFs"."""
    if whole := PLURALS.get(text.lower()) or FRENCH.get(text.lower()):
        return in_case(text, whole)
    if text.lower().endswith("grand prix"):
        return text[: -len(" prix")] + "s" + text[-len(" prix") :]
    return _of_the_first_word(text) or _of_the_last_word(text)


def _of_the_first_word(text: str) -> str:
    """The plural of what has its noun in front: runners-up, laps of honour, attorneys general; else nothing."""
    if who := _WHO.fullmatch(text):
        return f"{plural(who[1])} {plural(who[2])}"
    if agent := _AGENT.search(text):
        return text[: agent.start(2)] + "s" + agent[2]
    if not _PARTICLE.fullmatch(text) and (headed := _HEAD_FIRST.fullmatch(text)):
        return plural(headed[1]) + headed[2]
    titled = re.fullmatch(r"(.*?\b)(\w+)([ -])(\w+)", text)
    if titled and titled[2].lower() in HEADS and titled[4].lower() in AFTER_HEADS:
        return titled[1] + plural(titled[2]) + titled[3] + titled[4]
    return ""


def _of_the_last_word(text: str) -> str:
    start, word = last_word(text)
    if not _known(word) and "-" in word:
        start, word = start + word[: word.rindex("-") + 1], word[word.rindex("-") + 1 :]
        if start.count("-") and _PARTICLE.fullmatch(text):
            return f"{text}s"
    known = _known(word)
    return start + (in_case(word, known) if known else _regular(word, loud=text.isupper() and " " in text))


def _known(word: str) -> str | None:
    """The plural of a word in the tables, or made of one, unless its capital shows that it is a name."""
    low = word.lower()
    if low in SAME or (low.endswith(("series", "species", "craft")) and low not in ("craft", "handicraft")):
        return low
    if re.fullmatch(r".*([^s]fish|deer|sheep|ware|wear|ics)", low) and low not in ("ware", "wear"):
        return low
    if _is_name(word):
        return None
    if low in PLURALS:
        return PLURALS[low]
    part = next((part for part in IN_COMPOUNDS if low.endswith(part) and low not in NO_COMPOUNDS), None)
    return low[: -len(part)] + PLURALS[part] if part else None


_LONGEST_ACRONYM = 4
_NAMES = {"wolf", "child", "rothschild", "fairchild", "woolf", "goodchild", "knife", "potter"}


def _is_name(word: str) -> bool:
    return word[:1].isupper() and not word.isupper() and word.lower() in _NAMES


def _regular(word: str, *, loud: bool) -> str:
    low, named = word.lower(), word[:1].isupper()
    if word.isupper() and len(word) > 1 and (loud or len(word) > _LONGEST_ACRONYM):
        return _regular(low, loud=False).upper()
    if not word or _is_plural(word):
        return word
    if word.isupper() or not word[-1].isalpha():
        return f"{word}s"
    if low.endswith("man") and not low.endswith(NOT_MEN) and (not named or low[: -len("man")] in MEN):
        return f"{word[:-2]}en"
    if named and re.search(r"[^aeiou]y$", low) and low not in COMMON_IN_Y and not low.endswith(SAFE_IN_Y):
        return f"{word}s"
    return next(word[: len(word) - drop] + end for form, drop, end in _ENDINGS if re.search(form, low))


def _is_plural(word: str) -> bool:
    """Whether a word is more than one already: "points", "games"; "Japanese" is both."""
    if word[0].isupper():
        return word.endswith("ese")
    return word.endswith("s") and not word.endswith(("ss", "us", "is")) and word not in ONE_IN_S


_ENDINGS = (  # what a word ends in, how many of its letters go, what comes in their place
    (r"(?<!^)sis$", 2, "es"),
    (r"[giln]arch$|[it]arch$", 0, "s"),
    (r"(s|x|z|ch|sh)$", 0, "es"),
    (r"([^aeiou]|qu)y$", 1, "ies"),
    (r"$", 0, "s"),
)
