"""What the choices in one text depend on."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from coursewright import chance
from coursewright.words.language.rules import Alternatives

# Where the choices of a text begin, and those of what stands for a missing value.
ROOT, IF_MISSING = chance.text_hash("root"), chance.text_hash("missing")


@dataclass(frozen=True, slots=True)
class Draw:
    """What the choices for one row depend on: hashes of its key and of the seed, and its position for `no repeat`."""

    key: int
    seed: int
    position: int

    def choose(self, choice: Alternatives, place: int) -> int:
        """Which text of a choice, at a place in the grammar."""
        return 0 if len(choice.texts) == 1 else choice.picker.pick(chance.mix(self.key ^ place ^ self.seed))

    def deal(self, choice: Alternatives, symbol: str, turn: int) -> int:
        """Which text of what a symbol deals, the `turn`th time in this text, counted from 0."""
        options, start = len(choice.texts), self.seed ^ dealt_place(symbol)
        return 0 if options == 1 else chance.turn(start, chance.deal(start, self.position, options), turn, options)


@lru_cache(maxsize=1024)
def dealt_place(symbol: str) -> int:
    """What stands for the place of a choice that is dealt: it is the same wherever its symbol is used."""
    return chance.text_hash(f"no repeat {symbol}")
