"""Cumulative tables: made once for all the moments that are asked about, and handed out as they stood at each.

A row of such a table belongs to a moment and is made of that moment's rows and of earlier ones, such as a driver's wins
so far. So one pass over all of history gives what would otherwise be summed up anew before each moment. With `latest`,
what is handed out is an "as of" join, known from databases of time series: the last row of each driver before now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from coursewright.errors import CoursewrightError, did_you_mean
from coursewright.facts.alike import alike
from coursewright.tables import Database, DerivedTable, Table, Timeline, quote
from coursewright.tables.statements import refuse_circle, sql_problem

# What names are put in front of the table's: of all its rows so far, and of which of them stood at which moment.
_SO_FAR, _AS_OF = "_so_far", "_as_of"
_MOMENTS, _ASKED = "asked moments", "SELECT DISTINCT _moment FROM _asked ORDER BY 1"


@dataclass(frozen=True)
class Cumulative:
    """A cumulative table as a finder reads it.

    `sign` is how the moment of a row stands to the present one when the row is known; `known` gives, for the number of
    a moment, the WITH clauses of what the table may be made of then; `body` is its SELECT in DuckDB's dialect.
    """

    database: Database
    timeline: Timeline
    table: DerivedTable
    sign: str
    known: Callable[[int], dict[str, str]]
    body: str

    @property
    def _asked(self) -> list[int]:
        """The numbers of the moments that are asked about."""
        asked: list[int] = self.database.beside[_MOMENTS]
        return asked

    @property
    def so_far(self) -> str:
        """The name of the temporary table of all its rows up to the last moment that is asked about."""
        return f"{_SO_FAR} {self.sign} {self.table.name}"

    @property
    def as_of(self) -> str:
        """The name of the temporary table of the latest rows at the one moment that is asked about.

        Where several are, it says which row is the latest at which of them.
        """
        return f"{_AS_OF} {self.sign} {self.table.name}"

    def handed(self, now: str) -> str:
        """The SELECT of the rows that are known at the moment with the number `now`, a number or a column of `_now`."""
        self.make()
        if not self.table.latest:
            return f"SELECT * EXCLUDE (_moment) FROM {quote(self.so_far)} WHERE _moment {self.sign} {now}"
        if len(self._asked) == 1:
            return f"SELECT * FROM {quote(self.as_of)}"
        keys = ", ".join(f"_at.{quote(name)} AS {quote(name)}" for name in self.table.latest)
        return (
            f"SELECT _row.* EXCLUDE (_moment) REPLACE ({keys}) FROM {quote(self.as_of)} AS _at "
            f"JOIN {quote(self.so_far)} AS _row ON _row.rowid = _at._nth WHERE _at._place = _now._place"
        )

    def make(self) -> None:
        """Make what is handed out, unless that is there.

        Raises CoursewrightError if a row is made of later ones, or does not say its moment.
        """
        if self.so_far not in self.database.beside:
            self.database.beside[self.so_far] = self._make()

    def refuse_later_rows(self, moments: Iterable[int]) -> None:
        """Raise CoursewrightError if a row is another without the rows that are later than one of the `moments`."""
        columns = dict(self._columns())
        for moment in moments:
            then = f"SELECT * FROM ({self._rows(moment)}) WHERE _moment {self.sign} {moment}"
            now = f"SELECT * FROM {quote(self.so_far)} WHERE _moment {self.sign} {moment}"
            if not alike(self._run, then, now, columns):
                message = f'the table "{self.table.name}" is not cumulative: a row of it is made of later ones'
                order = ", ".join(self.timeline.order)
                hint = f"write OVER (… ORDER BY {order}) where it sums up, and join only what is of the same moment"
                raise CoursewrightError(message, self.table.sql.place(), hint)

    def _make(self) -> str:
        """Make it; the SELECT of its rows."""
        asked = self._asked
        rows = self._rows(asked[-1])
        try:
            self._run(f"CREATE OR REPLACE TEMP TABLE {quote(self.so_far)} AS {rows}")
        except CoursewrightError:
            self._refuse_without_moment()
            raise
        if len(asked) > 1:  # of one moment alone nothing later is there
            self.refuse_later_rows([asked[(len(asked) - 1) // 2]])
        if self.table.latest:
            self._refuse_several()
            self._index()
        return rows

    def _rows(self, moment: int) -> str:
        """All rows as they are made of what is known at a moment, each with the number of its own."""
        of_moments = f"JOIN _moments USING ({quote(self.timeline.key)})"
        return self._with(moment, f"SELECT _made.*, _moments._moment FROM (\n{self.body}\n) AS _made {of_moments}")

    def _with(self, moment: int, text: str) -> str:
        clauses = ",\n".join(f"{quote(name)} AS (\n{sql}\n)" for name, sql in self.known(moment).items())
        return f"WITH {clauses}\n{text}" if clauses else text

    def _index(self) -> None:
        """Which row is the latest of its key at each moment."""
        keys = ", ".join(map(quote, self.table.latest))
        known = " AND ".join(f"{quote(name)} IS NOT NULL" for name in self.table.latest)  # no key: the row is nobody's
        if len(self._asked) > 1:
            made = self._index_of_many(keys, known)
        else:
            rows = quote(self.so_far)
            latest = f"SELECT arg_max(rowid, _moment) FROM {rows} WHERE {known} GROUP BY {keys}"
            made = f"SELECT * EXCLUDE (_moment) FROM {rows} WHERE rowid IN ({latest})"
        self._run(f"CREATE OR REPLACE TEMP TABLE {quote(self.as_of)} AS {made}")
        self.database.beside[self.as_of] = self.table.name

    def _index_of_many(self, keys: str, known: str) -> str:
        """From its own moment to that of the next row, at those moments that are asked about."""
        next_one = f"lead(before._place, 1, {len(self._asked)}) OVER (PARTITION BY {keys} ORDER BY made._moment)"
        return f"""
            WITH rows AS (
                SELECT made.rowid AS _nth, {keys}, before._place AS _from, {next_one} AS _to
                FROM {quote(self.so_far)} made JOIN {quote(self._places())} before ON before._moment = made._moment
                WHERE {known}
            )
            SELECT unnest(range(_from, _to)) AS _place, {keys}, _nth FROM rows"""

    def _places(self) -> str:
        """The name of the temporary table of all moments: the place of the first asked about that knows of each."""
        name = f"{_AS_OF} places {self.sign}"
        if name not in self.database.beside:
            last = "CURRENT ROW" if self.sign == "<" else "1 PRECEDING"
            self._run(f"""
                CREATE OR REPLACE TEMP TABLE {quote(name)} AS
                SELECT every._moment,
                    count(asked._moment) OVER (ORDER BY every._moment ROWS BETWEEN UNBOUNDED PRECEDING AND {last})
                        AS _place
                FROM (SELECT DISTINCT _moment FROM _moments) every
                LEFT JOIN ({_ASKED}) asked ON asked._moment = every._moment""")
            self.database.beside[name] = name
        return name

    def _refuse_without_moment(self) -> None:
        described = self._run("DESCRIBE " + self._with(0, f"SELECT * FROM (\n{self.body}\n)"))
        key = self.timeline.key
        if key.lower() not in {name.lower() for name, *_ in described}:
            message = (
                f'the cumulative table "{self.table.name}" has no column "{key}", which says the moment of each row'
            )
            raise CoursewrightError(message, self.table.sql.place(), f"SELECT {key} in it, and GROUP BY it")

    def _refuse_several(self) -> None:
        """Raise CoursewrightError for a key that is no column, or has several latest rows."""
        place, columns = self.table.sql.place(), [name for name, _ in self._columns()]
        for name in self.table.latest:
            if name not in columns:
                raise CoursewrightError(f'`latest` names no column: "{name}"', place, did_you_mean(name, columns))
        keys, rows = ", ".join(map(quote, self.table.latest)), quote(self.so_far)
        double = f"GROUP BY {keys}, _moment HAVING count(*) > 1"
        found = self._run(f"SELECT {keys} FROM {rows} {double} ORDER BY ALL LIMIT 1")
        if found:
            said = " and ".join(f"{name} = {value}" for name, value in zip(self.table.latest, found[0], strict=True))
            message = f'"{self.table.name}" has several rows of one moment for {said}: which of them is the latest?'
            raise CoursewrightError(message, place, "GROUP BY in it, or name another column in `latest`")

    def _columns(self) -> list[tuple[str, str]]:
        """Its columns and their types."""
        described = self._run(f"DESCRIBE {quote(self.so_far)}")
        return [(name, kind) for name, kind, *_ in described if name != "_moment"]

    def _run(self, text: str, values: list[Any] | None = None) -> list[Any]:
        import duckdb

        try:
            return self.database.connection.execute(text, values).fetchall()
        except duckdb.Error as error:
            raise sql_problem(error, self.table.sql, _line_of(text, self.body), self.database.tables) from None


def _line_of(text: str, body: str) -> int:
    """The number of lines above an author's SQL in a statement of ours."""
    return text.count("\n", 0, max(text.find(body), 0))


def refuse_wrong_use(
    table: DerivedTable, timeline: Timeline | None, within: tuple[str, ...], tables: Mapping[str, Table | DerivedTable]
) -> None:
    """Raise CoursewrightError for a derived table that cannot stand where it does: below the tables `within`."""
    refuse_circle(table, within)
    derived = [one for one in map(tables.get, (*within, table.name)) if isinstance(one, DerivedTable)]
    around = next((one.name for one in derived if one.cumulative), None)
    if around is None:
        return
    place = table.sql.place()
    if timeline is None:
        raise CoursewrightError(f'the table "{around}" is cumulative, but the course has no [timeline]', place)
    for name in table.sql.parameters:
        message = f'a cumulative table cannot use the parameter "{name}": it is made once for all moments'
        raise CoursewrightError(message, place, "use it where the table is read")
    if table.latest and around != table.name:
        message = (
            f'the cumulative table "{around}" cannot be made of "{table.name}", of which only the latest rows show'
        )
        raise CoursewrightError(message, place, f"make it of what {table.name} is made of")


def remember_moments(database: Database) -> list[int]:
    """The numbers of the moments that are asked about now, in their order.

    What was made for other ones is dropped: nothing later is in what stays.
    """
    asked = [moment for (moment,) in database.connection.execute(_ASKED).fetchall()]
    if database.beside.get(_MOMENTS) != asked:
        database.beside[_MOMENTS] = asked
        for name in [name for name in database.beside if name.startswith((f"{_SO_FAR} ", f"{_AS_OF} "))]:
            database.connection.execute(f"DROP TABLE {quote(name)}")
            del database.beside[name]
    return asked
