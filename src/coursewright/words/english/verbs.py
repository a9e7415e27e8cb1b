"""Past tenses of verbs, with what stands around them: "fended off", "narrowly won", "spun and retired"."""

from __future__ import annotations

import re
from collections.abc import Callable

from coursewright.words.english.irregular import (
    ADVERBS,
    BASES,
    DOUBLED,
    LIKE_ADVERBS,
    NEVER_DOUBLED,
    PARTICLES,
    PAST,
    PREFIXES,
    SHORT_VERBS,
    STRESSED_L,
    TWO_VOWELS_AND_L,
)
from coursewright.words.english.letters import in_case
from coursewright.words.english.linked import linked

_ONE_SYLLABLE = re.compile(r"(?:[^aeiou]|qu)*[aeiou][^aeiouwxyh]")
_SHORT_L = re.compile(r"(?:[^aeiou]|qu)[aeiou]l$")


def past(text: str, *, american: bool = False) -> str:
    """The past tense of a verb, with its particle or object: "won", "fended off", "took part", "travelled"."""
    return _each_verb(text, lambda verb: _past(verb, american=american), str)


def agreeing(text: str, *, one: bool) -> str:
    """A verb as one or many have it: "was" or "were", "has" or "have", "leads" or "lead"; either form may be given.

    What stands before it or is joined to it is seen: "never wins", "pits and retires" or "pit and retire".
    """
    return _each_verb(text, lambda verb: _agreeing(verb, one=one), lambda verb: _agreeing(verb, one=False))


def _each_verb(text: str, change: Callable[[str], str], base: Callable[[str], str]) -> str:
    """A text with its verb changed, and those joined to it where only particles stand between: "pull away and win".

    Beyond an object, those that can be nothing else; `base` gives the form by which they are known.
    """
    words = re.split(r"( +)", text)
    at = next((at for at in range(0, len(words), 2) if not _is_adverb(words[at]) or at + 1 == len(words)), 0)
    verb, comma, _ = words[at].partition(",") if words[at].endswith(",") else (words[at], "", "")
    words[at] = change(verb) + comma
    rest = at + 2
    while rest < len(words) and not words[rest - 2].endswith(",") and _is_around(words[rest]):
        rest += 2
    joined = "".join(words[rest:])
    parts = _LINKS.split(joined) if words[rest - 2].endswith(",") else _LINK.split(joined, maxsplit=1)
    if len(parts) > 1 and all(_goes_on(verb, part) for part in parts[::2] if part):
        parts[::2] = [part and _each_verb(part, change, base) for part in parts[::2]]
    else:
        parts = [linked(verb, joined, change, base)]
    return "".join([*words[:rest], *parts])


_LINK = re.compile(r"^((?:and|or|but|then|and then) +)(?=[a-z])")
_LINKS = re.compile(r"(^(?:and|or|but|then) +|, +(?:(?:and|or|but|then) +)?| +(?:and|or|but|then) +)")


def _is_around(word: str) -> bool:
    return word.rstrip(",") in PARTICLES or _is_adverb(word)


def _goes_on(verb: str, rest: str) -> bool:
    """Whether what is joined to a verb is a verb of the same form: not in "be up and running", "was out and about"."""
    word = next((word for word in rest.split() if not _is_adverb(word)), "").rstrip(",").lower()
    gerund = re.search(r"[aeiou].*ing$", word) and not _irregular(word)
    if gerund or word in PARTICLES or word in _PLACES or not rest[:1].islower():
        return False
    return verb.lower() not in _AUXILIARIES or word in _AUXILIARIES or _is_third_person(word)


_PLACES = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "last"})


def _is_adverb(word: str) -> bool:
    low = word.lower().rstrip(",")
    return low in ADVERBS or (low.endswith("ly") and len(low) > 4 and low not in LIKE_ADVERBS)


def _past(word: str, *, american: bool) -> str:
    start, hyphen, last = word.rpartition("-")
    if hyphen and last.lower() not in PARTICLES and word.lower() not in PAST:
        return start + hyphen + _past(last, american=american)
    low = word.lower()
    if known := _irregular(low):
        return in_case(word, known.replace("-to", " to"))
    if low in SHORT_VERBS and word.isupper():
        return f"{word}'d"
    made = _regular(low, american=american)
    return made.upper() if word.isupper() and len(word) > 1 else _with_letters_of(word, made)


def _with_letters_of(word: str, made: str) -> str:
    """What was made of a word in small letters, with its own letters as far as they stayed."""
    pairs = enumerate(zip(word.lower(), made, strict=False))
    same = next((at for at, (one, other) in pairs if one != other), len(word))
    return word[:same] + made[same:]


def _irregular(low: str) -> str | None:
    if low in PAST:
        return PAST[low]
    for prefix in PREFIXES:
        rest = low.removeprefix(prefix)
        if rest != low and rest in PAST and len(rest) > 1:
            return prefix + PAST[rest]
    return None


def _regular(low: str, *, american: bool) -> str:
    if low.endswith("e"):
        return low + "d"
    if re.search(r"[^aeiou]y$", low):
        return low[:-1] + "ied"
    if re.search(r"[aeiou]c$", low):
        return low + "ked"
    return low + (low[-1:] if _doubles(low, american=american) else "") + "ed"


def _doubles(low: str, *, american: bool) -> bool:
    """Whether the last letter is doubled: pitted, preferred, travelled; not visited, offered, appealed."""
    if low in DOUBLED or _ONE_SYLLABLE.fullmatch(low):
        return True
    if low in NEVER_DOUBLED or not low.endswith("l"):
        return False
    return low.endswith(STRESSED_L) or (not american and bool(_SHORT_L.search(low) or low.endswith(TWO_VOWELS_AND_L)))


def _agreeing(word: str, *, one: bool) -> str:
    low = word.lower()
    if low.endswith("n't") and low not in _PLURAL_OF and low not in _FOR_ONE:
        return word  # can't, won't
    if one:
        made = _FOR_ONE.get(low) or (low if low in _PLURAL_OF or _is_third_person(low) else _third_person(low))
    else:
        made = _PLURAL_OF.get(low) or (_base(low) if _is_third_person(low) else low)
    return in_case(word, made)


_PLURAL_OF = {"is": "are", "was": "were", "has": "have", "does": "do", "goes": "go", "isn't": "aren't",
              "wasn't": "weren't", "hasn't": "haven't", "doesn't": "don't", "this": "these",
              "that": "those"}  # fmt: skip
_FOR_ONE = {many: one for one, many in _PLURAL_OF.items()}
_NO_ENDING = {"can", "could", "will", "would", "may", "might", "shall", "should", "must", "did", "had"}
_AUXILIARIES = (_NO_ENDING | set(_PLURAL_OF) | set(_FOR_ONE) | {"be", "am"}) - {"go", "goes"}


def _third_person(low: str) -> str:
    if low in _NO_ENDING or low in _PAST_FORMS:
        return low
    if re.search(r"[^aeiou]y$", low):
        return low[:-1] + "ies"
    if low.endswith("uiz"):
        return low + "zes"
    return low + ("es" if low.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


_PAST_FORMS = frozenset(PAST.values()) - frozenset(PAST)


def _is_third_person(low: str) -> bool:
    return low.endswith("s") and not low.endswith(("ss", "us"))


def _base(low: str) -> str:
    if low in BASES:
        return BASES[low]
    if low.endswith("ies") and len(low) > 4:
        return low[:-3] + "y"
    return low[:-2] if re.search(r"(ss|sh|ch|x|zz|tz|o)es$", low) else low[:-1]
