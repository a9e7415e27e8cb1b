"""The noun: how the values of a file or a page are to be read, where its author says so."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping

import msgspec

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.contracts.contract import KINDS

# The parts of strptime that a form of dates may have: those that every reader here understands alike.
_DIRECTIVES = "aAbBdHIjmMpSfyY%"
_TIMED = re.compile("%[HIMSfp]")


class ReadOptions(msgspec.Struct, frozen=True, kw_only=True):
    """What is said of the values of a table; nothing of it is needed when all is written in the usual way.

    `types` gives columns one of the types of a contract, `text` names columns that stay as written. `dates` is the form
    of dates, as strptime has it ("%d/%m/%Y"), of all columns that fit or of those that it names. `missing` lists the
    texts that stand for a missing value, beside nothing at all. `decimal` and `thousands` are the signs in numbers.
    `skip` is how many lines stand above the headings, `encoding` and `delimiter` are those of the file. `columns` are
    the columns to take, ours = theirs.
    """

    types: dict[str, str] = {}
    text: tuple[str, ...] = ()
    dates: str | dict[str, str] = ""
    missing: tuple[str, ...] | None = None
    decimal: str = ""
    thousands: str = ""
    skip: int = 0
    encoding: str = ""
    delimiter: str = ""
    columns: dict[str, str] = {}

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the options that are given."""
        nothing = ReadOptions()
        return tuple(name for name in ReadOptions.__struct_fields__ if getattr(self, name) != getattr(nothing, name))

    def check(self, place: Place | None) -> None:
        """Raise CoursewrightError for an option that means nothing, whatever the table is."""
        for column, kind in self.types.items():
            if kind not in KINDS:
                raise CoursewrightError(f'no type called "{kind}", for "{column}"', place, did_you_mean(kind, KINDS))
        forms = self.dates.values() if isinstance(self.dates, dict) else [self.dates] * bool(self.dates)
        for form in forms:
            _check_form(form, place, named=isinstance(self.dates, dict))
        for option in ("decimal", "thousands", "delimiter"):
            sign = getattr(self, option)
            if len(sign) > 1 or sign.isalnum() or sign in ('"', "-", "+", "\r", "\n"):
                message = f'{option} = "{sign}" is no sign that can stand there'
                raise CoursewrightError(message, place, "it is one character that is neither a letter nor a digit")
        if self.decimal_sign == self.thousands:
            message = f'"{self.thousands}" cannot be both decimal and thousands'
            raise CoursewrightError(
                message, place, f'say decimal too, for instance: decimal = "{_other(self.thousands)}"'
            )
        if self.skip < 0:
            raise CoursewrightError(f"skip is how many lines stand above the headings, not {self.skip}", place)
        if self.encoding:
            _check_encoding(self.encoding, place)

    @property
    def decimal_sign(self) -> str:
        """The sign before the fraction of a number."""
        return self.decimal or "."

    def form_of(self, *names: str) -> str:
        """The form of dates that is said of a column alone, known by any of these names."""
        named = self.dates if isinstance(self.dates, dict) else {}
        return next((named[name] for name in names if name in named), "")

    def check_columns(self, found: Iterable[str], what: str, place: Place | None) -> None:
        """Raise CoursewrightError when a column that an option names is not among those of the table `what`."""
        known = list(found)
        for ours, theirs in self.columns.items():
            if theirs not in known:
                message = f'columns: {what} has no column "{theirs}", for "{ours}"'
                raise CoursewrightError(message, place, did_you_mean(theirs, known))
        named: Mapping[str, Iterable[str]] = {
            "types": self.types,
            "text": self.text,
            "dates": self.dates if isinstance(self.dates, dict) else (),
        }
        taken = {*self.columns, *self.columns.values()} if self.columns else set(known)
        for option, names in named.items():
            for name in names:
                if name not in taken:
                    message = f'{option}: {what} has no column "{name}"'
                    raise CoursewrightError(message, place, did_you_mean(name, taken))


def is_timed(form: str) -> bool:
    """Whether a form of dates has a time of day in it."""
    return bool(_TIMED.search(form.replace("%%", "")))


def _check_form(form: str, place: Place | None, *, named: bool) -> None:
    parts = re.findall("%-?(.?)", form)
    hint = 'for instance: dates = "%d/%m/%Y"'
    wrong = next((part for part in parts if part not in _DIRECTIVES or not part), None)
    if wrong is not None:
        raise CoursewrightError(f'dates = "{form}": there is no %{wrong} in a form of dates', place, hint)
    dated = set(parts) & set("yY") and ((set(parts) & set("bBm") and "d" in parts) or "j" in parts)
    if not dated:
        raise CoursewrightError(f'dates = "{form}" is no form of a whole date', place, hint)
    if not named and not re.search(r"[^0-9]", re.sub("%-?[a-zA-Z]", "", form)) and not set(parts) & set("bB"):
        message = f'dates = "{form}" has only digits, as a number has'
        raise CoursewrightError(message, place, f'say of which column: dates = {{ day = "{form}" }}')


def _check_encoding(name: str, place: Place | None) -> None:
    hint = 'for instance: encoding = "shift_jis", "iso-8859-2", "windows-1253" or "utf-8"'
    try:
        # Codecs that are no encoding of text, such as zlib and rot13, are refused by str.encode alone.
        "".encode(name)
        codecs.getincrementaldecoder(name)
    except (LookupError, ValueError, UnicodeError):
        raise CoursewrightError(f'no encoding called "{name}"', place, hint) from None


def _other(sign: str) -> str:
    return "," if sign == "." else "."
