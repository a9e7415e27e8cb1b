"""Text in the making: the signs in it that no reader sees, put there and taken away again.

A value is data, not grammar. While a text is still being made, the signs that mean something to the scanner are
replaced by Unicode noncharacters (U+FDD0 to U+FDD4, which no text may use for interchange) and put back at the end.

A missing value travels through a grammar too, as noncharacters of their own that take no room in the finished text:
`GAP` where nothing stands for it, and what the rule `missing` says between `FILLED` and `END`. A text of nothing else
is missing itself (docs/decisions/0014-missing-values.md). After what a modifier did not take stands `UNFIT`, so that
the rows are known that are told without it.
"""

from __future__ import annotations

from collections.abc import Callable

from coursewright.words.language.scan import SPECIAL, unescape

_GUARDS = {"#": "\ufdd0", "[": "\ufdd1", "]": "\ufdd2", "\\": "\ufdd3"}
_ESCAPE = "\ufdd4"
FAILED = "\ufdd5"  # stands for what a strict grammar could not make, in case it is never shown
GAP, FILLED, END = "\ufdd6", "\ufdd7", "\ufdd8"
UNFIT = "\ufdd9"
MARKS = (FAILED, GAP, FILLED, END, UNFIT)
_OWN = {guard: f"{_ESCAPE}{number}" for number, guard in enumerate((*_GUARDS.values(), _ESCAPE, *MARKS))}
_GUARD = str.maketrans({**_GUARDS, **_OWN})
_GUARD_OWN = str.maketrans(_OWN)
_UNGUARD = {guard: sign for sign, guard in _GUARDS.items()}
_FROM_OWN = {own: guard for guard, own in _OWN.items()}
_SHOWN = {**_UNGUARD, GAP: "", FILLED: "", END: "", UNFIT: ""}
_MARKS = frozenset(_OWN)
_WITHOUT_GAPS = str.maketrans({GAP: "", FILLED: "", END: ""})


def guard(text: str) -> str:
    """A value's text with every sign of the grammar, and every noncharacter, replaced."""
    return text.translate(_GUARD) if has_signs(text) else text


def guard_rule(text: str) -> str:
    """A rule's text with the noncharacters that an author may have written replaced, and nothing else."""
    return text if _MARKS.isdisjoint(text) else text.translate(_GUARD_OWN)


def is_guarded(text: str) -> bool:
    """Whether anything in a text was replaced by `guard`."""
    return not (text.isascii() or _MARKS.isdisjoint(text))


def has_signs(text: str) -> bool:
    """Whether a value holds anything that `guard` would replace."""
    return not (SPECIAL.isdisjoint(text) and _MARKS.isdisjoint(text))


def filled(text: str) -> str:
    """What the rule `missing` says, marked as standing for a missing value."""
    return FILLED + text + END


def is_gone(text: str) -> bool:
    """Whether a text in the making is missing: there is a gap in it and nothing else."""
    depth = 0
    for sign in text if has_gap(text) else "-":
        depth += (sign == FILLED) - (sign == END)
        if not depth and sign not in {GAP, END}:
            return False
    return True


def has_gap(text: str) -> bool:
    """Whether anything in a text in the making is missing, whatever stands for it."""
    return not text.isascii() and (GAP in text or FILLED in text)


def without_gaps(text: str) -> str:
    """A text in the making with what stands for missing values as if it were text."""
    return text.translate(_WITHOUT_GAPS)


def around_gaps(text: str, work: Callable[[str | None], str | None]) -> str | None:
    """What `work` makes of a text in the making: what is missing stays so unless it makes something of None."""
    if not has_gap(text):
        return work(text)
    if is_gone(text):
        made = work(None)
        return text if made is None else made
    made = work(without_gaps(text))
    return None if made is None else made + (GAP if GAP in text else FILLED + END)


def around_unfit(text: str, work: Callable[[str], str | None]) -> str | None:
    """What `work` makes of a text in the making, of which it stays known that it shows what a modifier did not take."""
    if UNFIT not in text:
        return work(text)
    made = work(text.replace(UNFIT, ""))
    return made + UNFIT if made and "((." in made else made


def finish(text: str) -> str:
    """A text as the reader sees it: escapes taken away, then the signs of the data put back."""
    text = unescape(text)
    if not is_guarded(text):
        return text
    signs = iter(text)
    return "".join(_FROM_OWN[sign + next(signs)] if sign == _ESCAPE else _SHOWN.get(sign, sign) for sign in signs)
