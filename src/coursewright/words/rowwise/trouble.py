"""What goes wrong while a text is written, in words: messages with their remedies."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coursewright.errors import CoursewrightError, Place, Problem, did_you_mean
from coursewright.words.language import clauses, quoting
from coursewright.words.printing.values import is_missing, plain, text_of

_LONGEST_NAME = 40
_MOST_NAMES = 3
_WITHOUT = "and texts are told without it, as the grammar is not strict"


class MissingValueWarning(UserWarning):
    """There is no text, because a value is missing in it."""


class NotToldWarning(UserWarning):
    """A text of a grammar that is not strict lacks what a symbol or modifier says that does not exist or apply."""


class RowError(CoursewrightError):
    """What goes wrong because of the values of a row."""


@dataclass(frozen=True, slots=True)
class MissingValue:
    """A missing value that nothing stands for: its symbol, the rule it is in, and whether it surely is `shown`."""

    symbol: str
    where: Place
    shown: bool

    @property
    def problem(self) -> tuple[str, Place, str]:
        """What to say of it: the message, the place and the remedy."""
        return f'"{self.symbol}" has no value, and nothing stands for it', self.where, stand_in(self.symbol)


def stand_in(symbol: str) -> str:
    """The ways to say what stands for a missing value."""
    condition, tag = f"{clauses.written(symbol)} is missing", quoting.written(symbol)
    phrase = f"[?… #{tag}# …]"
    return (
        f"write #{tag}.or(…)#, or a phrase that goes with it: {phrase}, or a condition: {condition}, "
        'or a rule called "missing"'
    )


def unknown_symbol(symbol: str, forgotten: bool, rows: bool, known: Iterable[str]) -> tuple[str, str]:
    """Nothing is called so, or it was `forgotten` more often than saved."""
    if forgotten:
        return f'"{symbol}" was forgotten more often than saved', f"remove one [{symbol}:POP]"
    return f'no {"column or rule" if rows else "rule"} called "{symbol}"', did_you_mean(symbol, known)


def warn_unknown(problems: Iterable[Problem], *, stacklevel: int) -> None:
    """Says without what a grammar that is not strict tells its texts."""
    for problem in problems:
        said = f"{problem.message}, {_WITHOUT}\n  --> {problem.where}\nhint: {problem.hint}"
        warnings.warn(said, NotToldWarning, stacklevel=stacklevel + 1)


def unfit_said(error: RowError, row: str = "") -> str:
    """Which modifier cannot be applied, without which a grammar that is not strict tells the text of a `row`."""
    problem = error.problem
    said = f"{problem.message}, {_WITHOUT}" + (f": {row}" if row else "")
    return said + f'\n  --> {problem.where}\nhint: deal with this value first, by a condition: … = "…": …'


def gap_said(missing: MissingValue, rows: str) -> str:
    """Which value is missing, so that rows have no text."""
    message, where, hint = missing.problem
    return f"{message}, so there is no text: {rows}\n  --> {where}\nhint: {hint}"


def first_shown(failures: Sequence[tuple[str, RowError]], text: str) -> RowError | None:
    """The first of the failures of which a text shows what they left, whatever another modifier made of it since."""
    shown = text.casefold() if failures else ""
    for whole in (True, False):  # where the value was changed since, the modifier's name is still there
        for left, error in failures:
            sign = left if whole else left[left.rindex("((.") :]
            if sign.casefold() in shown:
                return error
    return None


def too_deep(symbol: str, most: int) -> tuple[str, str]:
    """The grammar leads back to itself too often."""
    remedy = f'give "{symbol}" a rule that does not lead back to it, or raise max_depth'
    return f"the text goes more than {most} rules deep", remedy


def too_long(most: int) -> tuple[str, str]:
    """The text or the work for it has no end in sight."""
    remedy = "make a rule repeat itself less, or raise max_length"
    return f"the text grows past {most:,} characters or its share of steps", remedy


def row_name(row: Mapping[str, Any], key: Sequence[str], position: int) -> str:
    """A row as messages name it: its number `position`, and its key or else its first column."""
    named = {name: plain(row[name]) for name in (key or [*row][:1])[:_MOST_NAMES] if name in row}
    said = [f'{name} "{text_of(value)[:_LONGEST_NAME]}"' for name, value in named.items() if not is_missing(value)]
    return f"row {position}" + (f" ({', '.join(said)})" if said else "")


def need(names: Iterable[str], columns: Sequence[str], argument: str) -> None:
    """Raises CoursewrightError for the first name, given as `argument` of `tell`, that is no column."""
    for name in names:
        if name not in columns:
            hint = did_you_mean(name, columns)
            raise CoursewrightError(f'no column called "{name}"', Place("tell", part=argument), hint)
