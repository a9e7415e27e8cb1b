"""Facts of many moments that are asked for one after the other, and found in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from coursewright.errors import CoursewrightError
from coursewright.facts.fact import Fact

Find = Callable[[Sequence[Mapping[str, Any]]], list[Fact]]


class FactSentence(NamedTuple):
    """What is kept of a fact: its sentence, and what it is worth."""

    sentence: str
    score: float


@dataclass
class Together:
    """The facts of `moments`, such as those of the pages that one file makes.

    The first moment is asked about alone: often it is the only one that has changed. When a second one is asked about,
    the facts of all that are left are found with it, which costs a database little more than one.
    """

    moments: Sequence[Mapping[str, Any]] = ()
    _found: dict[Hashable, dict[str, list[FactSentence]]] = field(default_factory=lambda: defaultdict(dict))

    def told(self, moment: Mapping[str, Any], finders: Hashable, find: Find) -> list[FactSentence]:
        """The facts of `moment`, which is part of one of the moments, best first; `find` finds those of several.

        `finders` tells what is asked for from what else is asked for at the same moments.
        """
        found = self._found[finders]
        if repr(moment) in found:
            return found[repr(moment)]
        asked = [moment]
        if found:
            others = ({name: each.get(name) for name in moment} for each in self.moments)
            asked = list({repr(each): each for each in (moment, *others) if repr(each) not in found}.values())
        try:
            facts = find(asked)
        except CoursewrightError:  # what is wrong at another moment is told where that is asked about
            asked = [moment]
            facts = find(asked)
        found.update((repr(each), []) for each in asked)
        for fact in facts:
            found[repr(fact.moment)].append(FactSentence(fact.sentence, fact.score))
        return found[repr(moment)]
