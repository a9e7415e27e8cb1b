"""How long a pattern may take where it does not fit: engines that go back try every way in which it might have.

A pattern is made into the automaton of its signs (Glushkov's), in which two signs may follow each other in several
ways. It takes exponential time where one text leads round a loop of the automaton in two ways, and polynomial time
where a text leads round one loop, on to another, and round that (Weber and Seidl, "On the degree of ambiguity of finite
automata", 1991; Allauzen, Mohri and Rastogi, "General algorithms for testing the ambiguity of finite automata", 2008).
The edges of words and what is looked for ahead are taken for granted: what they exclude is counted nevertheless. Ways
without any loop (a?a?a?…aaa) are counted for texts of one sign over and over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from math import factorial, inf

_TOKEN = re.compile(
    r"(?P<times>[*+?]\??|\{[0-9]+(?:,[0-9]*)?\}\??)|(?P<open>\((?:\?[:=!])?)|(?P<end>[)|])|"
    r"(?P<signs>\[(?:\\p\{.\}|\\.|[^\]\\])+\]|\\.|.)",
    re.DOTALL,
)
_LAST = 0x10FFFF  # the largest code of a sign
_FEW = 10  # repetitions that are written out; more are as good as any number
_MOST = 5000  # signs of the automaton, and
_PAIRS = 20_000  # pairs of them in one loop: beyond, nobody knows
_USUAL = "aZ0_é٣\u0301字😀 -.,\n"  # signs for what no set of the pattern mentions

Pair = tuple[int, ...]
Ways = dict[int, int]  # signs of the automaton, and in how many ways each is come to; two stand for more


class TooInvolved(ValueError):
    """The pattern is too large to say."""


@dataclass(frozen=True)
class _PatternPiece:
    """A piece of the pattern: in how many ways it is empty, its first and last signs."""

    empty: int
    first: Ways
    last: Ways


_NOTHING = _PatternPiece(1, {}, {})


@dataclass
class _Automaton:
    """The signs of a pattern as sets, which follow which, and what is looked for ahead, how often."""

    sets: list[str] = field(default_factory=list)
    follow: dict[int, Ways] = field(default_factory=dict)
    ahead: list[tuple[_Automaton, Ways, bool]] = field(default_factory=list)
    exponential: bool = False

    def sign(self, written: str) -> _PatternPiece:
        if len(self.sets) == _MOST:
            raise TooInvolved
        self.sets.append(written)
        at = {len(self.sets) - 1: 1}
        return _PatternPiece(0, at, at)

    def link(self, last: Ways, first: Ways) -> None:
        for one, ways in last.items():
            self.follow[one] = _sum((self.follow.get(one, {}), 1), (first, ways))

    def row(self, one: _PatternPiece, other: _PatternPiece) -> _PatternPiece:
        self.link(one.last, other.first)
        return _PatternPiece(
            one.empty * other.empty,
            _sum((one.first, 1), (other.first, one.empty)),
            _sum((other.last, 1), (one.last, other.empty)),
        )


def _sum(*given: tuple[Ways, int]) -> Ways:
    total: Ways = {}
    for ways, times in given:
        for sign, count in ways.items() if times else ():
            total[sign] = min(2, total.get(sign, 0) + count * times)
    return total


Tree = tuple[str, "list[Tree] | str", int, "int | None"]  # kind, what is inside, least and most times


def _read(tokens: Iterator[re.Match[str]]) -> Tree:
    """The branches up to the end of a group, or of the pattern."""
    branches: list[list[Tree]] = [[]]
    for token in tokens:
        kind, row = token.lastgroup, branches[-1]
        if kind == "times":
            row[-1] = ("times", [row[-1]], *_times(token[0].rstrip("?") or "?"))
        elif kind == "signs":
            row.append(("signs", token[0], 1, 1))
        elif kind == "open":
            row.append(("group" if token[0] in ("(", "(?:") else "ahead", [_read(tokens)], 1, 1))
        elif token[0] == "|":
            branches.append([])
        else:
            break
    return ("either", [("row", row, 1, 1) for row in branches], 1, 1)


def _times(written: str) -> tuple[int, int | None]:
    if written in "*+?":
        return {"*": (0, None), "+": (1, None), "?": (0, 1)}[written]
    least, between, most = written.strip("{}").partition(",")
    return int(least), (int(most) if most else None) if between else int(least)


def _build(tree: Tree, automaton: _Automaton, looped: bool = False) -> _PatternPiece:
    kind, inner, least, most = tree
    if isinstance(inner, str):
        return automaton.sign(inner)
    if kind == "times":
        return _repeated(inner[0], least, most, automaton, looped)
    if kind == "ahead":
        other = _Automaton()
        automaton.ahead.append((other, _build(inner[0], other).last, looped))
        return _NOTHING
    if kind == "either":
        parts = [_build(each, automaton, looped) for each in inner]
        return _PatternPiece(
            min(2, sum(part.empty for part in parts)),
            _sum(*((part.first, 1) for part in parts)),
            _sum(*((part.last, 1) for part in parts)),
        )
    made = _NOTHING
    for each in inner:
        made = automaton.row(made, _build(each, automaton, looped))
    return made


def _repeated(body: Tree, least: int, most: int | None, automaton: _Automaton, looped: bool) -> _PatternPiece:
    if most is not None and most <= _FEW:
        made = _NOTHING
        for _ in range(most - least):
            row = automaton.row(_build(body, automaton, looped), made)
            made = _PatternPiece(1, row.first, row.last)
    else:
        made = _build(body, automaton, True)
        automaton.exponential |= bool(made.empty and most is not None)
        automaton.link(made.last, made.first)
        made, least = _PatternPiece(made.empty if least else 1, made.first, made.last), least - 1
    for _ in range(min(least, _FEW)):
        made = automaton.row(_build(body, automaton, looped), made)
    return made


def steps(pattern: str, length: int) -> float:
    """About how many steps a text of that length may take, infinity where they double with every few signs.

    The pattern is spelt out without edges of words. Raises TooInvolved."""
    automaton = _Automaton()
    made = _build(_read(_TOKEN.finditer(pattern)), automaton)
    return _steps(automaton, made.last, length)


def _steps(automaton: _Automaton, last: Ways, length: int) -> float:
    ahead = sum(_steps(other, end, length) * (length if looped else 1) for other, end, looped in automaton.ahead)
    if automaton.exponential:
        return inf
    masks = _masks(tuple(automaton.sets))
    reached = _reached(automaton.follow, len(masks))
    loops: dict[int, list[int]] = {}
    for sign in range(len(masks)):
        ends = automaton.follow.get(sign) == {sign: 1} and sign in last and masks[sign] == max(masks)
        if reached[sign] >> sign & 1 and not ends:  # what takes all that is left cannot fail
            loops.setdefault(reached[sign], []).append(sign)
    if any(_is_exponential(loop, automaton.follow, masks) for loop in loops.values()):
        return inf
    chains = _chains(loops, automaton.follow, masks)
    most = max(length ** (links + 1) / (texts * factorial(links + 1)) for links, texts in chains.items())
    return float(ahead + most + _branches(automaton.follow, masks, reached))


@lru_cache(maxsize=256)
def _masks(sets: tuple[str, ...]) -> list[int]:
    """Each set as the bits of signs that stand for all that the sets tell apart."""
    import regex  # knows \p, as browsers do

    named = {sign for each in sets for sign in re.sub(r"\\p\{.\}", "", each)} | set(_USUAL)
    codes = {ord(each) + near for each in named for near in (-1, 0, 1)}
    signs = [chr(code) for code in sorted(codes) if 0 <= code <= _LAST]
    masks = {}
    for each in set(sets):
        known = regex.compile(each, regex.DOTALL)
        masks[each] = sum(1 << at for at, sign in enumerate(signs) if known.fullmatch(sign))
    return [masks[each] for each in sets]


def _reached(follow: Mapping[int, Ways], count: int) -> list[int]:
    """The signs that come after each, as bits."""
    reached = [0] * count
    changed = True
    while changed:
        changed = False
        for sign in reversed(range(count)):
            now = reached[sign]
            for other in follow.get(sign, ()):
                now |= 1 << other | reached[other]
            changed |= now != reached[sign]
            reached[sign] = now
    return reached


def _branches(follow: Mapping[int, Ways], masks: list[int], reached: list[int]) -> int:
    """In how many ways a text of one sign over and over can go through the pattern, round no loop."""
    most, order = 0, sorted(range(len(masks)), key=lambda sign: reached[sign].bit_count())
    for bit in range(max(masks, default=0).bit_length()):
        ways: dict[int, int] = {}
        for sign in order:
            if masks[sign] >> bit & 1:
                onward = (item for item in follow.get(sign, {}).items() if reached[item[0]] != reached[sign])
                ways[sign] = 1 + sum(count * ways.get(other, 0) for other, count in onward)
        most = max(most, *ways.values(), 0)
    return most


def _is_exponential(loop: list[int], follow: Mapping[int, Ways], masks: list[int]) -> bool:
    """Whether one text leads round the loop in two ways."""
    inside = {sign: [each for each in follow[sign] if each in loop] for sign in loop}
    if any(follow[sign][each] > 1 for sign in loop for each in inside[sign]):
        return True
    if len(loop) ** 2 > _PAIRS:
        raise TooInvolved
    before: dict[Pair, list[Pair]] = {}
    after: dict[Pair, list[Pair]] = {}
    for pair in product(loop, repeat=2):
        for onward in product(*(inside[sign] for sign in pair)):
            if masks[onward[0]] & masks[onward[1]]:
                before.setdefault(onward, []).append(pair)
                after.setdefault(pair, []).append(onward)
    same = [(sign, sign) for sign in loop]
    return any(one != other for one, other in _from(same, after).keys() & _from(same, before).keys())


def _from(starts: Iterable[Pair], edges: Mapping[Pair, list[Pair]]) -> dict[Pair, int]:
    """What can be reached, and how far it is."""
    far = dict.fromkeys(starts, 0)
    queue = list(far)
    for state in queue:
        for other in edges.get(state, ()):
            if other not in far:
                far[other] = far[state] + 1
                queue.append(other)
    return far


def _chains(loops: Mapping[int, list[int]], follow: Mapping[int, Ways], masks: list[int]) -> dict[int, int]:
    """From how many loops one text can lead on to another, and the product of the lengths of such texts where it is
    least."""
    found: list[tuple[int, list[int], dict[int, int]]] = []
    for reached, loop in sorted(loops.items(), key=lambda each: each[1]):
        chains = {0: 1}
        for earlier, other, before in found:
            text = _text_between(other, loop, follow, masks) if earlier >> loop[0] & 1 else 0
            for links, texts in before.items():
                if text:
                    chains[links + 1] = min(texts * text, chains.get(links + 1, texts * text))
                if earlier >> loop[0] & 1:
                    chains[links] = min(texts, chains.get(links, texts))
        found.append((reached, loop, chains))
    least = {0: 1}
    for links, texts in (each for chain in found for each in chain[2].items()):
        least[links] = min(texts, least.get(links, texts))
    return least


def _text_between(one: list[int], other: list[int], follow: Mapping[int, Ways], masks: list[int]) -> int:
    """The length of the shortest text that leads round a loop, from it to another, and round that; 0 if none does."""
    lengths = [
        _shortest((first, first, last), (set(one), set(other)), follow, masks) for first in one for last in other
    ]
    return min(filter(None, lengths), default=0)


def _shortest(start: Pair, inside: tuple[set[int], set[int]], follow: Mapping[int, Ways], masks: list[int]) -> int:
    """The length of the shortest text from one sign to itself, from it to another, and from that to itself."""
    end = (start[0], start[2], start[2])
    far = {start: 0}
    queue = [start]
    for state in queue:
        for onward in product(*(follow.get(sign, ()) for sign in state)):
            if onward in far or onward[0] not in inside[0] or onward[2] not in inside[1]:
                continue
            if not masks[onward[0]] & masks[onward[1]] & masks[onward[2]]:
                continue
            if onward == end:
                return far[state] + 1
            far[onward] = far[state] + 1
            queue.append(onward)
        if len(queue) > _PAIRS:
            return 1  # as if the shortest text did
    return 0
