"""Lists of texts as one text each, all rows at a time: "HAM, BOT and VET", as `values.join` has it for one."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright.words.columnar.coded import ColumnCodes, by_distinct
from coursewright.words.columnar.pieces import between
from coursewright.words.language.scan import Modifier
from coursewright.words.printing import numbers
from coursewright.words.printing.values import text_of

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

# A comma that is none of 1,234, as in `values.join`: Polars' expressions cannot look ahead.
_COMMA = r",(?:\D|$|\d(?:\D|$)|\d\d(?:\D|$))"
_PLAIN, _LONG, _UNCLEAR = range(3)
_EXACT = Context(prec=60)
_PLACES = 32  # more decimals than any number has whose sums fit below
_LARGEST_SUM = 1 << 57


def printed_by(modifiers: tuple[Modifier, ...], grammar: Grammar) -> Modifier | None:
    """The modifier that makes one text of a list, if the first does and English is the language; what is there if none.

    What stands there when nothing is said is `list`.
    """
    if grammar.text_of is not text_of:
        return None
    first = modifiers[0] if modifiers else Modifier("list")
    known = first.name in {"list", "oxford", "join"} and first.name not in grammar.modifiers
    return first if known and len(first.arguments) <= 1 else None


def reduced(
    column: pl.Series, modifiers: tuple[Modifier, ...], grammar: Grammar
) -> tuple[pl.Series | ColumnCodes, tuple[Modifier, ...]]:
    """A column of lists after those of the modifiers that can be applied to all rows at a time, and the other ones."""
    for at, modifier in enumerate(modifiers):
        if modifier.name == "total" and not modifier.arguments and "total" not in grammar.modifiers:
            totals = _totals(column)
            return (column, modifiers[at:]) if totals is None else (totals, modifiers[at + 1 :])
        reduce = _REDUCED.get(modifier.name)
        if reduce is None or modifier.arguments or modifier.name in grammar.modifiers:
            return column, modifiers[at:]
        if (made := reduce(column)) is None:
            return column, modifiers[at:]
        column = made.alias(column.name)
    return column, ()


def _present(column: pl.Series, *, floats: bool = True) -> pl.Series | None:
    """Lists without what is missing in them; None if they hold what Polars sees with other eyes than Python."""
    inner = column.dtype.inner if isinstance(column.dtype, pl.List) else None
    if inner == pl.Float64 and floats:
        column = column.list.eval(pl.element().fill_nan(None))
    elif not isinstance(inner, pl.DataType) or not (inner == pl.String or inner.is_integer()):
        return None
    return column.list.drop_nulls()


def _reduced(work: Callable[[pl.Series], pl.Series], *, floats: bool = True) -> Callable[[pl.Series], pl.Series | None]:
    def reduce(column: pl.Series) -> pl.Series | None:
        present = _present(column, floats=floats)
        return None if present is None else work(present)

    return reduce


def _totals(column: pl.Series) -> ColumnCodes | None:
    """The sum of each list, exact; None if there is anything but numbers that are not too long."""
    present = _present(column)
    if present is None:
        return None
    lengths = present.list.len().fill_null(0).to_numpy().astype(np.int64)
    some = lengths > 0
    if not some.any():
        return ColumnCodes([None], np.zeros(len(column), dtype=np.int32))
    try:
        coded = by_distinct(present.filter(some).explode(), lambda value: Decimal(numbers.number(value)), {})
    except ValueError:
        return None
    places = [-int(number.as_tuple().exponent) for number in coded.results]
    most = max(*places, 0)
    scaled = [int(number.scaleb(most, _EXACT)) for number in coded.results]
    if min(*places, 0) < 0 or max(map(abs, scaled), default=0) * int(lengths.max()) >= _LARGEST_SUM:
        return None
    starts = (np.cumsum(lengths) - lengths)[some]
    sums = np.add.reduceat(np.array(scaled, dtype=np.int64)[coded.index], starts)
    shown = np.maximum.reduceat(np.array(places, dtype=np.int64)[coded.index], starts)
    distinct, index = np.unique(sums * _PLACES + shown, return_inverse=True)
    whole = np.full(len(column), len(distinct), dtype=np.int32)
    whole[some] = index.ravel()
    totals = [_sum(int(one) // _PLACES, most, int(one) % _PLACES) for one in distinct]
    return ColumnCodes(totals if some.all() else [*totals, None], whole)


def _sum(scaled: int, places: int, shown: int) -> int | Decimal:
    """A sum of numbers of which none has more decimals than are shown."""
    exact = scaled // 10 ** (places - shown)
    return Decimal(exact).scaleb(-shown, _EXACT) if shown else exact


_REDUCED: dict[str, Callable[[pl.Series], pl.Series | None]] = {
    "distinct": _reduced(lambda column: column.list.unique(maintain_order=True), floats=False),
    "first": _reduced(lambda column: column.list.first()),
    "last": _reduced(lambda column: column.list.last()),
    "count": _reduced(lambda column: column.list.len()),
}


def told(texts: pl.Series, lengths: NDArray[Any], modifier: Modifier) -> pl.Series:
    """The text of each list, null if it is empty: `texts` are the items of all, `lengths` how many each has."""
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    if not len(texts):
        return pl.repeat(None, len(lengths), dtype=pl.String, eager=True)
    if modifier.name == "join":  # every item with what stands between, and the first of each list without it
        sign = modifier.arguments[0] if modifier.arguments else " "
        whole = between(pl.select(pl.concat_str([pl.lit(sign), pl.lit(texts)])).to_series(), bounds)
        whole = whole.str.slice(len(sign))
    else:
        before = _betweens(texts, lengths, modifier)
        whole = between(pl.select(pl.concat_str([pl.lit(before), pl.lit(texts)])).to_series(), bounds)
    if lengths.all():
        return whole
    return pl.select(pl.when(pl.lit(pl.Series(lengths > 0))).then(pl.lit(whole))).to_series()


def _betweens(texts: pl.Series, lengths: NDArray[Any], modifier: Modifier) -> pl.Series:
    """What stands before each item."""
    owner = np.repeat(np.arange(len(lengths)), lengths)
    at = np.arange(len(texts)) - (np.cumsum(lengths) - lengths)[owner]
    word = modifier.arguments[0] if modifier.arguments else "and"
    styles = np.zeros(len(lengths), dtype=np.intp)
    if modifier.name == "oxford":
        styles[lengths > 2] = _UNCLEAR
    for style, found in ((_UNCLEAR, texts.str.contains(f" {word} ", literal=True)), (_LONG, _commas(texts))):
        styles[np.bincount(owner, found.to_numpy(), len(lengths)) > 0] = style
    first, middle, last = 0, np.array([1, 2, 1])[styles[owner]], np.array([3, 4, 5])[styles[owner]]
    which = np.where(at == 0, first, np.where(at == lengths[owner] - 1, last, middle))
    return pl.Series(["", ", ", "; ", f" {word} ", f"; {word} ", f", {word} "]).gather(which.astype(np.uint32))


def _commas(texts: pl.Series) -> pl.Series:
    found = texts.str.contains(",", literal=True)
    return texts.str.contains(_COMMA) if found.any() else found
