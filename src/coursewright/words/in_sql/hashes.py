"""The hash that chooses, and the choice itself, in SQL: the same bits as `chance` and `choosing` give.

DuckDB's whole numbers of 64 bits do not wrap around. Sums and products are made in 128 bits, which hold every product
of two of them, and cut to 64 again.
"""

from __future__ import annotations

from collections.abc import Sequence

from coursewright import chance
from coursewright.words.in_sql.value import NotInSql, bound, is_name
from coursewright.words.language.rules import Alternatives
from coursewright.words.rowwise.choosing import BID, FORKS, MOST_BIDS, WHOLE, Bids, ChoiceTree

_ALL = (1 << 64) - 1
_LONGEST = 2000  # texts in a tree: more make SQL of megabytes
_TRIES = 40  # of a bid that counts in a share of the rows only; after so many lost ones a row is not told
MOST_ROWS = 1000  # for which what is dealt is worked out before there is a row


def number(value: int) -> str:
    """An unsigned number of 64 bits."""
    return f"{value}::UBIGINT"


def _cut(sql: str) -> str:
    return f"({sql} & {_ALL}::UHUGEINT)::UBIGINT"


def _step(shift: int, factor: int, inner: str) -> str:
    product = _cut(f"xor(z, z >> {shift})::UHUGEINT * {factor}::UHUGEINT")
    return f"list_transform([{inner}], lambda z: {product})[1]"


_SUM = _cut(f"n::UHUGEINT + {chance.STEP}::UHUGEINT")
_MIXED = _step(27, chance.SECOND, _step(30, chance.FIRST, _SUM))
_BEST = f"list_max(list_transform(factors, lambda f, i: ((h & {WHOLE - 1}) * f & {BID}) | (i - 1)::UBIGINT))"
MACROS = (
    f"cw_mix(n) AS list_transform([{_MIXED}], lambda z: xor(z, z >> 31))[1]",
    f"cw_best(h, factors) AS ({_BEST} % {MOST_BIDS} + 1)::BIGINT",
    # the hash with which the bid that wins counts
    f"cw_count(h, factors, counts) AS list_reduce(range({_TRIES})::UBIGINT[], lambda g, _: "
    "CASE WHEN (g >> 32) < counts[cw_best(g, factors)] THEN g ELSE cw_mix(g) END, h)",
    "cw_fork(h, spot, shares, sides, fork) AS CASE WHEN spot < 0 THEN spot ELSE sides[2 * spot + 1 + CASE WHEN "
    f"(((h::UHUGEINT * fork::UHUGEINT) & {_ALL}::UHUGEINT)::UBIGINT >> 32) >= shares[spot + 1] THEN 1 ELSE 0 END] END",
)


def hashed(key: str, place: int) -> str:
    """The hash of a row's key at a place, which the seed is part of."""
    return f"cw_mix(xor({key}, {number(place)}))"


def dealt(choice: Alternatives, place: int, seed: int, position: str) -> str:
    """Which text a row gets of what is dealt, counted from 0."""
    start, options = seed ^ place, len(choice.texts)
    turns = [chance.turn(start, chance.deal(start, at, options), choice.turn, options) for at in range(MOST_ROWS)]
    return f"{_listed(turns)}[{position} + 1]"


def picked(picker: Bids | ChoiceTree, hash_: str) -> str:
    """The option for a hash, as `picker.pick` has it. Raises NotInSql."""
    options = _listed(picker.options)
    if isinstance(picker, Bids) and min(picker.counts) == WHOLE and is_name(hash_):
        return _highest(picker, hash_)
    if isinstance(picker, ChoiceTree):
        return f"{options}[-({_descended(picker, hash_)})]"
    factors = _listed(picker.factors, "UBIGINT")
    if min(picker.counts) == WHOLE:
        return bound(hash_, lambda h: f"{options}[cw_best({h}, {factors})]")
    counts = _listed(picker.counts, "UBIGINT")

    def counted(h: str) -> str:
        return f"CASE WHEN ({h} >> 32) < {counts}[cw_best({h}, {factors})] THEN {options}[cw_best({h}, {factors})] END"

    return bound(f"cw_count({hash_}, {factors}, {counts})", counted)


def _highest(picker: Bids, h: str) -> str:
    """The option of the highest bid, written out: an engine plans sums sooner than functions of lists."""
    bids = (f"((({h} & {WHOLE - 1}) * {factor} & {BID}) | {bid})" for bid, factor in enumerate(picker.factors))
    return f"{_listed(picker.options)}[CAST(greatest({', '.join(bids)}) % {MOST_BIDS} AS BIGINT) + 1]"


def _descended(tree: ChoiceTree, hash_: str) -> str:
    """Where the descent ends: the number of a text, counted from 1, with its sign changed."""
    if len(tree.hashes) > _LONGEST:
        raise NotInSql(f"a list of more than {_LONGEST:,} texts")
    shares, sides, levels = tree.nodes
    shared, sided = _listed(shares.tolist(), "UBIGINT"), _listed(sides.tolist(), "BIGINT")
    forks = _listed([FORKS[63 - level] for level in range(levels)], "UBIGINT")

    def descend(h: str) -> str:
        step = f"cw_fork({h}, spot, {shared}, {sided}, {forks}[level])"
        return f"list_reduce(range(1, {levels + 1}), lambda spot, level: {step}, 0::BIGINT)"

    return bound(hash_, descend)


def _listed(numbers: Sequence[int], kind: str = "") -> str:
    listed = f"[{', '.join(map(str, numbers))}]"
    return f"CAST({listed} AS {kind}[])" if kind else listed
