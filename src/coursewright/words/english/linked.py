"""Verbs that are joined to one before them beyond its object: "take the lead and hold it", "starts well but fades".

There a word may be a noun as well ("win races and hearts"), so one counts as a verb only where it can hardly be
anything else; all others stay as they are written.
"""

from __future__ import annotations

import re
from collections.abc import Callable


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_AND = re.compile(r"(,? +(?:and then|and|or|but|then) +|, +)")
_OBJECTS = _set("the a an his her its their our my your this that these those it them him us me itself themselves")
_BEFORE_NOUNS = _OBJECTS | _set("of for from with by at on in to off over into no not only more less all both one two")
_VERBS = _set(  # that are no nouns
    "be become begin bring buy choose come fall fly forget get give go grow hear hold keep know leave lose make pay "
    "rejoin retire say see sell send sit speak steal take tell think understand write"
)
_AFTER_BUT = _VERBS | _set(  # nouns as well, which would have an article there
    "climb crash drop drive fade fail finish lead look miss pit race recover return run score slip spin stall start "
    "stop struggle survive swim win"
)
_AFTER_VERBS = _OBJECTS | _set("away back")
_WITH_INFINITIVES = _set("help let make see watch hear")
_CLAUSES = _set("to that which who whom when where while if because as than whether how")
_ADVERBS = _set("never still also soon finally eventually always")


def linked(verb: str, rest: str, change: Callable[[str], str], base: Callable[[str], str]) -> str:
    """What follows a verb, with the verbs joined to that one changed; `base` gives the form that is looked up."""
    parts = _AND.split(rest)
    if base(verb.lower()) in _WITH_INFINITIVES:
        return rest
    one = False
    for at in range(2, len(parts), 2):
        if _CLAUSES.intersection(" ".join(parts[:at]).lower().split()):  # a verb may be of a clause in between
            break
        words = parts[at].split(" ")
        first = next((nth for nth, word in enumerate(words) if word not in _ADVERBS), 0)
        link = parts[at - 1].strip(" ,")
        one = _is_verb(words[first:], link, base, sure=first > 0 or (one and link != ""))
        if one:
            words[first] = change(words[first])
            parts[at] = " ".join(words)
    return "".join(parts)


def _is_verb(words: list[str], link: str, base: Callable[[str], str], *, sure: bool) -> bool:
    word, *after = words
    if not re.fullmatch("[a-z]+", word) or word in _BEFORE_NOUNS or word.endswith(("ing", "ly")):
        return False
    if _AFTER_VERBS.intersection(after[:1]):
        return True
    return base(word) in (_AFTER_BUT if sure or link in ("but", "then", "and then") else _VERBS if link else ())
