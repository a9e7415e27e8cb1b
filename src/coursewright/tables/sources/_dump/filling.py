"""The rows of a dump on their way into files, and what there is to say about them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

from coursewright.errors import CoursewrightError, Place, did_you_mean
from coursewright.tables.sources._dump.changes import HINT
from coursewright.tables.sources._dump.create import ColumnDefinition, TableDefinition
from coursewright.tables.sources._dump.files import Files
from coursewright.tables.sources._dump.kinds import arrow_type, known_charset
from coursewright.tables.sources._dump.pieces import pieces
from coursewright.tables.sources._dump.rows import BadRow, DumpRows
from coursewright.tables.sources._dump.script import Script
from coursewright.tables.sources._dump.statements import DumpStream, Insert
from coursewright.tables.sources._dump.values import BadValue, BeyondDay, constant, convert, split

_SHOWN = 30


@dataclass(frozen=True, slots=True)
class DumpAssumptions:
    """What is taken for granted: the character set of a dump that names none, the TIMEs that are lengths of time."""

    charset: str = "utf8mb4"
    lengths: frozenset[tuple[str, str]] = frozenset()


class ReadOtherwise(Exception):
    """What was taken for granted is not so: the dump has to be read again, as `reading` says."""

    def __init__(self, reading: DumpAssumptions) -> None:
        self.reading = reading
        super().__init__(reading)


class Filling:
    """Tables that are being filled."""

    def __init__(self, stream: DumpStream, script: Script, files: Files, reading: DumpAssumptions) -> None:
        self._zero: Counter[tuple[str, str]] = Counter()
        self._somewhere: dict[str, None] = {}  # tables with instants of a time zone that nobody knows
        self._left_out: list[tuple[str, str]] = []
        self._stream, self._script, self._files, self._reading = stream, script, files, reading
        self.columns: dict[str, tuple[ColumnDefinition, ...]] = {}
        self._last = ""
        self._yielding: dict[
            str, tuple[TableDefinition, int]
        ] = {}  # tables with rows that may be in the place of others

    def fill(self, insert: Insert, table: TableDefinition | None) -> None:
        """Take the rows of `insert` from the stream into the file of `table`; None passes over them."""
        if table is None:
            for _ in pieces(self._stream, insert, None):
                pass
            return
        if self._last not in ("", table.name):
            self._files.rest(self._last)
        self._last = table.name
        if not self._script.knows_instants(insert, table):
            self._somewhere.setdefault(table.name)
        given = self._given(insert, table)
        self.begin(table, given)
        if insert.yields:
            self._yielding.setdefault(table.name, (table, insert.line))
        try:
            for rows in pieces(self._stream, insert, len(given)):
                self._add(table, given, rows)
        except BadRow as bad:
            hint = bad.hint or f'"{table.name}" has the columns {_few(given)}'
            raise CoursewrightError(bad.message, self._place(bad.at, table.name), hint) from None

    def begin(self, table: TableDefinition, given: tuple[str, ...] | None = None) -> None:
        """Begin the file of `table`, if that has not been done; an INSERT has values for the columns `given`."""
        if table.name in self.columns:
            return
        known = set(given) if given is not None else {column.name for column in table.columns}
        kept = tuple(column for column in table.columns if not column.generated or column.name in known)
        self._left_out += [(table.name, column.name) for column in table.columns if column not in kept]
        self.columns[table.name] = kept
        import pyarrow as pa

        fields = [(column.name, self._type(table, column)) for column in kept]
        self._files.open(table.name, pa.schema(fields))

    def check_keys(self) -> None:
        """Raise CoursewrightError when a REPLACE or an INSERT IGNORE met a row with the same key as one of its own."""
        for table, line in self._yielding.values():
            known = {column.name for column in self.columns[table.name]}
            for key in table.keys:
                if known.issuperset(key) and self._files.has_twice(table.name, key):
                    message = f'rows of "{table.name}" have the same {", ".join(key)}, and one would replace the other'
                    raise CoursewrightError(message, Place(self._stream.path, line), HINT)

    def notes(self) -> list[str]:
        """What of the values is not as it was in the database."""
        odd = "the dump does not say how its text is encoded: it is not UTF-8 and was read as latin1"
        return [
            *([odd] if self._reading.charset == "latin1" and not self._script.charset else []),
            *(
                f"{table}.{column}: {count:,} zero date{'s' * (count != 1)} became missing values"
                for (table, column), count in self._zero.items()
            ),
            *(
                f"{table}.{column}: it holds lengths of time, not only times of day, and stays text"
                for table, column in sorted(self._reading.lengths)
            ),
            *(
                f"{table}: the dump does not say in which time zone its TIMESTAMPs are; they were read as UTC"
                for table in self._somewhere
            ),
            *(
                f"{table}.{column}: left out, the database works it out from other columns"
                for table, column in self._left_out
            ),
        ]

    def _given(self, insert: Insert, table: TableDefinition) -> tuple[str, ...]:
        """The columns that the values of an INSERT belong to, in their order."""
        names = {column.name.lower(): column.name for column in table.columns}
        for column in insert.columns or ():
            if column.lower() not in names:
                message = f'no column called "{column}" in the table "{table.name}"'
                place = Place(self._stream.path, insert.line)
                raise CoursewrightError(message, place, did_you_mean(column, names.values()))
        return (
            tuple(names.values()) if insert.columns is None else tuple(names[each.lower()] for each in insert.columns)
        )

    def _type(self, table: TableDefinition, column: ColumnDefinition) -> Any:
        return arrow_type(column, lengths=(table.name, column.name) in self._reading.lengths)

    def _add(self, table: TableDefinition, given: tuple[str, ...], rows: DumpRows) -> None:
        raw = dict(zip(given, split(rows), strict=True))
        kinds = dict(zip(given, rows.kinds.T, strict=True))
        arrays = []
        for column in self.columns[table.name]:
            kind = self._type(table, column)
            self._refuse_unknown(table, column, rows, raw.get(column.name))
            self._refuse_charset(table, column)
            own, how = raw.get(column.name), kinds.get(column.name)
            if own is None:
                own, how = constant(column.default, rows.count)
            try:
                values, zero = convert(column, kind, own, how, self._charset())
            except BeyondDay:
                lengths = self._reading.lengths | {(table.name, column.name)}
                raise ReadOtherwise(replace(self._reading, lengths=lengths)) from None
            except BadValue as bad:
                raise self._bad(bad, rows.starts[bad.row], table, column) from None
            if zero:
                self._zero[table.name, column.name] += zero
            arrays.append(values)
        self._files.add(table.name, arrays)

    def _refuse_unknown(self, table: TableDefinition, column: ColumnDefinition, rows: DumpRows, raw: Any) -> None:
        """Raise CoursewrightError for a value that is left to the database, which alone would know it."""
        if column.default or (raw is not None and not (raw.null_count and column.numbered)):
            return
        at = rows.starts[0 if raw is None else raw.is_null().index(True).as_py()]
        what = "NULL for" if raw is not None else "no value for"
        why = "the database numbers" if column.numbered else "the database works out"
        message = f'this row has {what} "{column.name}", which {why} itself'
        raise CoursewrightError(message, self._place(at, table.name), HINT)

    def _charset(self) -> str:
        return self._script.charset or self._reading.charset

    def _bad(self, bad: BadValue, at: int, table: TableDefinition, column: ColumnDefinition) -> Exception:
        message, hint = f'"{_cut(bad.value)}" is not of the type {column.written}', ""
        if isinstance(bad.value, bytes):  # text that is none in its character set
            if not self._script.charset:  # options such as --compatible leave SET NAMES out, and then write latin1
                return ReadOtherwise(replace(self._reading, charset="latin1"))
            hint = f"the dump says that its text is {self._script.charset}"
        elif bad.fine:
            message = f'"{_cut(bad.value)}" has more digits than {column.written} holds'
            hint = f"servers round it or cut it, each in its way: {HINT}"
        elif column.type in ("enum", "set", "year"):
            hint = HINT
        return CoursewrightError(message, self._place(at, f"{table.name}.{column.name}"), hint)

    def _refuse_charset(self, table: TableDefinition, column: ColumnDefinition) -> None:
        if self._script.charset == "binary" and not known_charset(column.charset):
            message = f'text in the character set "{column.charset}" is not read'
            place = Place(self._stream.path, table.line, f"{table.name}.{column.name}")
            raise CoursewrightError(message, place, "make the dump anew with --default-character-set=utf8mb4")

    def _place(self, at: int, part: str) -> Place:
        line = self._stream.line + self._stream.window()[: int(at)].count(b"\n")
        return Place(self._stream.path, line, part)


def _few(names: tuple[str, ...]) -> str:
    return ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")


def _cut(value: object) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return " ".join(text[:_SHOWN].split()) + "…" * (len(text) > _SHOWN)
