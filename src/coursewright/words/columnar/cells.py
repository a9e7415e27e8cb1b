"""The values of a column as text, conditions and keys as arrays: slow work done once per distinct value.

Whatever is done here gives, value by value, what the row path gives, because it calls the same functions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from coursewright.words.columnar import lists
from coursewright.words.columnar.coded import LARGEST_EXACT, ROWS_PER_VALUE, Codes, ColumnCodes, by_distinct, span
from coursewright.words.columnar.parts import AGAIN, AS_TEXT, CAPITAL, ENDS
from coursewright.words.language import scan
from coursewright.words.language.conditions import (
    Both,
    ColumnReference,
    Compare,
    Condition,
    Constant,
    Either,
    Missing,
    Not,
)
from coursewright.words.language.scan import SPECIAL, Modifier, unescape
from coursewright.words.marks import FAILED, UNFIT, around_gaps, around_unfit, has_signs
from coursewright.words.printing import modifiers as all_modifiers
from coursewright.words.printing.comparing import Incomparable
from coursewright.words.printing.values import is_missing, plain, text_of

if TYPE_CHECKING:
    from coursewright.words.grammar import Grammar

_REMEMBERED = 200_000
_PLAIN_FLOATS = (1e-3, 1e15)
_METHODS = {"=": "eq", "==": "eq", "!=": "ne", "<>": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
_Memory = dict[Any, str | None]


class ValuePrinter:
    """Turns values into text for one grammar; what it has worked out it remembers from batch to batch."""

    def __init__(self, grammar: Grammar, *, escapes: bool = False, fails: bool = False) -> None:
        self.grammar = grammar
        self.escapes = escapes  # whether escapes in texts stay until the plan takes them away
        self.memory: dict[tuple[Any, ...], _Memory] = {}
        self.failed = fails  # whether any text may be FAILED
        self.unfit = False  # or hold UNFIT

    def texts(
        self, column: pl.Series, modifiers: tuple[Modifier, ...], codes: Codes | None = None
    ) -> ColumnCodes | pl.Series:
        """The text of every value of a column after modifiers, null where it is missing.

        `codes` are those of `by_distinct`.
        """
        if isinstance(column.dtype, pl.List):
            reduced, modifiers = lists.reduced(column, modifiers, self.grammar)
            if isinstance(reduced, ColumnCodes):
                return ColumnCodes([self._safe(value, modifiers) for value in reduced.results], reduced.index)
            column, codes = reduced, None  # it may be another column now
        if not modifiers and not self.grammar.escape and (quick := self.quick(column)) is not None:
            return quick
        if isinstance(column.dtype, pl.List) and (made := self._lists(column, modifiers)) is not None:
            return made
        memory = self.remembered((column.name, column.dtype, modifiers))
        return by_distinct(column, lambda value: self._safe(value, modifiers), memory, codes)

    def _safe(self, value: Any, modifiers: tuple[Modifier, ...]) -> str | None:
        """The text of one value after modifiers, safe in the language of the rules."""
        escape = self.grammar.escape
        text = self.text(value, modifiers, is_data=bool(escape))
        return around_unfit(text, escape) if escape and text else text

    def _lists(self, column: pl.Series, modifiers: tuple[Modifier, ...]) -> ColumnCodes | pl.Series | None:
        """The texts of a column of lists, if the first of the modifiers prints them all at a time."""
        modifier = lists.printed_by(modifiers, self.grammar)
        if modifier is None or (isinstance(column.dtype, pl.List) and column.dtype.inner.is_nested()):
            return None
        items = column.filter(column.list.len().fill_null(0) > 0).explode()
        if items.dtype == pl.Float64:
            items = items.fill_nan(None)
        lengths = column.list.len().fill_null(0).to_numpy().astype(np.int64)
        owner = np.repeat(np.arange(len(column)), lengths)
        there = items.is_not_null()
        texts = ValuePrinter(replace(self.grammar, escape=None)).texts(items.filter(there).alias(""), ())
        texts = texts.series(pl.String) if isinstance(texts, ColumnCodes) else texts
        told = lists.told(texts, np.bincount(owner[there.to_numpy()], minlength=len(column)), modifier)
        escape, rest = self.grammar.escape, modifiers[1:]
        if not rest and not escape:
            return told

        def done(text: str | None) -> str | None:
            made = self.text(text, rest, is_data=bool(escape)) if rest else text
            return around_unfit(made, escape) if made and escape else made

        return by_distinct(told, done, self.remembered(("list", column.name, modifiers)))

    def quick(self, column: pl.Series) -> pl.Series | None:
        """The text of a column where Polars prints what the grammar's language does."""
        return _quick_text(column) if self.grammar.text_of is text_of or not column.dtype.is_float() else None

    def remembered(self, name: tuple[Any, ...]) -> _Memory:
        """What was worked out before, by value."""
        memory = self.memory.setdefault(name, {})
        if len(memory) > _REMEMBERED:
            memory.clear()
        return memory

    def text(self, value: Any, modifiers: tuple[Modifier, ...], *, is_data: bool = False) -> str | None:
        """The text of one value after modifiers, as `rows.Writer` makes it.

        An author's modifier may write grammar, escapes say, unless what it gives `is_data`.
        """
        if self.failed and isinstance(value, str) and FAILED in value:
            return value
        if self.unfit and isinstance(value, str) and UNFIT in value:
            return around_unfit(value, lambda text: self.text(text, modifiers, is_data=is_data))
        value = plain(value)
        own = self.grammar.modifiers
        raw = self.escapes or is_data or not any(name in own for name, _ in modifiers)
        raw = raw or (not is_missing(value) and has_signs(self.grammar.text_of(value)))
        value = self.value(value, modifiers)
        if is_missing(value):
            return None
        text: str = self.grammar.text_of(value)
        return text if raw else unescape(text)

    def value(self, value: Any, modifiers: tuple[Modifier, ...]) -> Any:
        """What modifiers make of a value; FAILED for what the row path refuses, if a row gets that far.

        After a text that one of them did not take, in a grammar that is not strict, stands UNFIT.
        """
        fits = True
        for name, arguments in modifiers:
            value = self._modify(value, name, arguments)
            if isinstance(value, str) and UNFIT in value:
                value, fits, self.unfit = value.replace(UNFIT, ""), False, True
            if isinstance(value, str) and (value == FAILED or len(value) > self.grammar.max_length):
                self.failed = True
                return FAILED
        shown = "" if fits or is_missing(value) else self.grammar.text_of(value)
        return shown + UNFIT if "((." in shown else value

    def modified(self, text: str, modifiers: tuple[Modifier, ...]) -> str | None:
        """The text of a rule after modifiers, None where they leave nothing; what is missing stays so."""
        ends = next((at for at, one in enumerate(modifiers) if one in ENDS), len(modifiers))
        made = around_gaps(text, lambda text: self.text(text, modifiers[:ends])) if ends else text
        for one in modifiers[ends:]:
            made = made and (self.read_again(made) if one == AGAIN else unescape(made))
        return made

    def read_again(self, text: str) -> str:
        """A text that was saved, read as a rule; FAILED if there is more than text in it, for the row path to tell."""
        if SPECIAL.isdisjoint(text):
            return text
        rule = scan.read(text)
        if all(isinstance(part, str) for part in rule.parts) and not (rule.errors and self.grammar.strict):
            return "".join(map(str, rule.parts))
        self.failed = True
        return FAILED

    def _modify(self, value: Any, name: str, arguments: tuple[str, ...]) -> Any:
        if name in {AS_TEXT.name, CAPITAL.name}:
            text = None if is_missing(value) else self.grammar.text_of(value)
            return text[:1].upper() + text[1:] if text and name == CAPITAL.name else text
        modify = self.grammar.all_modifiers.get(name)
        if name == "or" and modify is None:
            return ",".join(arguments) if is_missing(value) else value
        if modify is None:
            return f"{'' if is_missing(value) else self.grammar.text_of(value)}((.{name}))"
        if is_missing(value) and not (isinstance(value, list | tuple) and name in all_modifiers.OF_LISTS):
            return None
        try:
            return all_modifiers.apply(modify, name, value, arguments)
        except ValueError:  # the row path says why
            return FAILED if self.grammar.strict else f"{self.grammar.text_of(value)}((.{name})){UNFIT}"


def _quick_text(column: pl.Series) -> pl.Series | None:
    """The text of plain values where Polars prints exactly what `text_of` does."""
    if column.dtype == pl.String:
        return column
    if column.dtype.is_integer():
        few = span(column) is not None or column.n_unique() <= len(column) // ROWS_PER_VALUE
        return None if few else column.cast(pl.String)
    if column.dtype == pl.Float64 and len(column):
        size = column.abs()
        low, high = _PLAIN_FLOATS
        if column.n_unique() > len(column) // ROWS_PER_VALUE and ((size == 0) | ((size >= low) & (size < high))).all():
            text = column.cast(pl.String).str.strip_suffix(".0")
            return text.replace("-0", "0") if (size == 0).any() else text
    return None


FAILS, HOLDS, UNDECIDED = 0, 1, 2


def holds(frame: pl.DataFrame, condition: Condition) -> NDArray[Any]:
    """Row by row whether a condition HOLDS, FAILS or is UNDECIDED, because values in it do not compare."""
    quick = _quick_test(frame, condition.test)
    if quick is not None:
        return frame.select(quick.fill_null(value=False)).to_series().to_numpy().astype(np.int8)

    def decided(get: Callable[[str], Any]) -> int:
        try:
            return HOLDS if condition.holds(get) else FAILS
        except Incomparable:
            return UNDECIDED

    named = frame.select(condition.columns)
    if not condition.columns or any(dtype.is_nested() or dtype == pl.Object for dtype in named.dtypes):
        rows = named.rows(named=True) if condition.columns else [{}] * len(frame)
        return np.array([decided(row.__getitem__) for row in rows], dtype=np.int8)
    if len(condition.columns) == 1:
        name = condition.columns[0]
        coded = by_distinct(named[name], lambda value: decided(lambda _: value), {})
        return np.array(coded.results, dtype=np.int8)[coded.index]
    distinct = named.unique()
    each = [decided(row.__getitem__) for row in distinct.iter_rows(named=True)]
    marked = distinct.with_columns(pl.Series("\ufdd6 held", each, dtype=pl.Int8))
    found = named.join(marked, on=condition.columns, how="left", nulls_equal=True, maintain_order="left")
    return found["\ufdd6 held"].to_numpy()


def _quick_test(frame: pl.DataFrame, test: Any) -> Any:
    """A test as a Polars expression, if it only compares numbers, for which Polars and Python agree."""
    if isinstance(test, Both | Either):
        parts = [_quick_test(frame, part) for part in test.parts]
        if any(part is None for part in parts):
            return None
        return pl.all_horizontal(parts) if isinstance(test, Both) else pl.any_horizontal(parts)
    if isinstance(test, Not):
        part = _quick_test(frame, test.part)
        return part if part is None else ~part
    if (
        isinstance(test, Missing)
        and isinstance(test.value, ColumnReference)
        and not frame.schema[test.value.name].is_nested()
    ):
        return pl.col(test.value.name).is_null()
    if isinstance(test, ColumnReference) and frame.schema[test.name] == pl.Boolean:
        return pl.col(test.name)
    return _quick_comparison(frame, test) if isinstance(test, Compare) else None


def _quick_comparison(frame: pl.DataFrame, test: Compare) -> Any:
    if not isinstance(test.left, ColumnReference) or not isinstance(test.right, Constant):
        return None
    value, dtype = test.right.value, frame.schema[test.left.name]
    exact = isinstance(value, int) and not isinstance(value, bool) and abs(value) < LARGEST_EXACT
    decimal = isinstance(value, Decimal) and Decimal(repr(float(value))) == value
    if (dtype.is_integer() and exact) or (dtype == pl.Float64 and (exact or decimal)):
        return getattr(pl.col(test.left.name), _METHODS[test.sign])(float(value) if decimal else value)
    return None
