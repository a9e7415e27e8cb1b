"""The options of `coursewright table` that say how the values of a file or a page are to be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from cyclopts import Parameter

from coursewright.errors import UsageError

_Many = Parameter(negative="")
_Text = Parameter(negative="", allow_leading_hyphen=True)  # "-" stands for a missing value quite often


@dataclass(frozen=True)
class ReadingOptions:
    """How values are to be read, as in course.toml.

    Parameters
    ----------
    header
        How many rows are headings.
    skip
        How many lines stand above the headings.
    encoding
        The encoding of the file, such as shift_jis.
    delimiter
        What stands between the values of a line.
    decimal
        The sign before the fraction of a number.
    thousands
        The sign between the thousands of a number.
    dates
        The form of dates, such as %d/%m/%Y.
    missing
        A text that stands for a missing value. Can be repeated.
    text
        A column that stays as it is written. Can be repeated.
    types
        The type of a column, such as change=number. Can be repeated.
    """

    header: int | None = None
    skip: int = 0
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    thousands: str = ""
    dates: str = ""
    missing: Annotated[tuple[str, ...], _Text] = ()
    text: Annotated[tuple[str, ...], _Many] = ()
    types: Annotated[tuple[str, ...], _Many] = ()

    def given(self) -> dict[str, object]:
        """The options that are given, as those of a source. Raises UsageError for a type without its column."""
        nothing = ReadingOptions()
        found: dict[str, object] = {
            name: value for name, value in vars(self).items() if value != getattr(nothing, name)
        }
        if self.types:
            pairs = [entry.partition("=") for entry in self.types]
            wrong = next(
                (entry for entry, (name, _, kind) in zip(self.types, pairs, strict=True) if not (name and kind)), ""
            )
            if wrong:
                raise UsageError(f'"{wrong}" is not COLUMN=TYPE', None, "for instance: --types change=number")
            found["types"] = {name: kind for name, _, kind in pairs}
        return found
