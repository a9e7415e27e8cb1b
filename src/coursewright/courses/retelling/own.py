"""What of a page told again is told from a file of the reader's, where its form offers that for some tables.

Tables that are made of such a table are made again in the page, also those of all moments, and so are choices. The
page's timeline is that of the course.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec

from coursewright.courses.retelling.values import offered as tried_values
from coursewright.courses.retelling.values import shape_of
from coursewright.errors import CoursewrightError
from coursewright.facts.retelling import made_anew
from coursewright.pages import Directive, Materials, Page
from coursewright.pages.directives import figure, tell
from coursewright.pages.executing import filled_directive
from coursewright.pages.reading import read_options
from coursewright.pages.retold import RetoldRows, retold_rows, rows_of
from coursewright.sites import retelling
from coursewright.tables import DerivedTable, Sql, quote
from coursewright.tables.contracts import LINE, OwnTable, own_table
from coursewright.tables.parameters import in_order, is_ordered
from coursewright.tables.statements import tables_behind
from coursewright.words.in_sql import NotInSql

_COUNTED = re.compile(r"\bcount\s*\(\s*\*\s*\)", re.IGNORECASE)
_WORDS = re.compile("a(?:[ -]?(?:a|0+))+")  # words and numbers behind one, which are as good as it in Markdown
LARGEST = 10_000_000
"""Bytes of a reader's file, at the most: a telephone reads it."""


def offered(page: Page) -> tuple[tuple[str, Directive], ...]:
    """The tables that forms of a page offer readers to bring, each with the form."""
    forms = [one for one in page.directives if one.name == "form"]
    return tuple(
        (name, one) for one in forms for name in dict.fromkeys(one.options.get("own", "").replace(",", " ").split())
    )


def own_of(
    page: Page, given: Materials, live: frozenset[str]
) -> tuple[retelling.OwnTables | None, list[RetoldRows], dict[str, str]]:
    """What a page needs so that readers can bring tables, what is read for that besides, and the SELECTs of what was
    made for its facts that is read so; nothing if none can be. Its facts have been retold.

    Raises CoursewrightError where the timeline's table is to be replaced.
    """
    names = dict(offered(page))
    if not names:
        return None, [], {}
    for name, form in names.items():
        if given.timeline and given.timeline.table == name:
            message = f'a reader\'s file cannot stand in the place of "{name}", the table of the timeline'
            raise CoursewrightError(message, form.place_of("own"), "offer another table")
    tables = [own_table(given.database, name, form.place_of("own")) for name, form in names.items()]
    standing = _Standing(given, frozenset(names))
    asked = _all_sql(page, given)
    derived = standing.derived(asked)
    read = _made_again(derived, given, live)
    made = {name: retelling.DerivedSelect(name, rows.rows) for name, rows in read.items()}
    choices, choosing = _choices(given, live, standing)
    exact = standing.sees_all([*asked, *(one.sql for one in derived)])
    anew, below = made_anew(given.database, names)
    made |= {name: retelling.DerivedSelect(name, rows) for name, rows in anew.items()}
    lost = frozenset(one.name for one in derived if one.name not in made)
    own = retelling.OwnTables(
        tuple({**msgspec.to_builtins(one), "exactly": one.exactly or one.name in exact} for one in tables),
        tuple(made.values()),
        choices,
        tuple(_stays(page, given, lost)),
        LARGEST,
        LINE,
    )
    there = names.keys() | made.keys()  # which are made in the page
    besides = [
        replace(one, tables={n: c for n, c in one.tables.items() if n not in there})
        for one in (*read.values(), *choosing)
    ]
    return own, [*besides, *_referred(tables, given)], below


def _made_again(derived: Sequence[DerivedTable], given: Materials, live: frozenset[str]) -> dict[str, RetoldRows]:
    """What makes each derived table; one that cannot be made stays, and so does what reads it."""
    made: dict[str, RetoldRows] = {}
    for one in derived:
        with contextlib.suppress(NotInSql):
            made[one.name] = retold_rows(one.sql, given, live)
    return made


class _Standing:
    """What stands on the tables called `names`."""

    def __init__(self, given: Materials, names: frozenset[str]) -> None:
        self.database, self.names = given.database, names

    def on(self, sql: Sql) -> bool:
        """Whether a statement reads one of them, by itself or by what it reads is made of."""
        return not self.names.isdisjoint(tables_behind(sql, self.database.names, self.database.tables))

    def derived(self, asked: Sequence[Sql]) -> tuple[DerivedTable, ...]:
        """The derived tables behind what is `asked` that are made of them, each after those that it is made of."""
        found: dict[str, DerivedTable] = {}

        def visit(sql: Sql) -> None:
            for name in sorted(self.database.names(sql)):
                table = self.database.tables[name]
                if isinstance(table, DerivedTable) and name not in found and self.on(table.sql):
                    visit(table.sql)
                    found[name] = table

        for sql in asked:
            visit(sql)
        return tuple(found.values())

    def sees_all(self, asked: Sequence[Sql]) -> frozenset[str]:
        """Those of which a statement may show all columns."""
        stars = [sql for sql in asked if "*" in _COUNTED.sub("", sql.text)]
        return frozenset(name for sql in stars for name in self.database.names(sql) & self.names)


def _all_sql(page: Page, given: Materials) -> list[Sql]:
    """The statements of a page that can be asked again."""
    found = [passage.sql.one for passage in page.passages]
    for directive in page.directives:
        found += _sql_of(directive, given)
    return found + [one.select.one for one in given.declared.values() if one.offered and one.select]


def _sql_of(directive: Directive, given: Materials) -> Iterator[Sql]:
    filled = filled_directive(directive, given.parameters)
    if directive.name == "facts":
        yield from (finder.sql.one for finder in given.finders(tuple(directive.argument.split())))
    elif directive.name == "tell":
        yield rows_of(filled, read_options(filled, tell.TellOptions), given).one
    elif directive.name == "figure" and directive.options.get("live"):
        yield figure.sql_of(filled, read_options(filled, figure.FigureOptions)).one
    elif directive.name == "table":
        own = Sql(filled.content, filled.file, filled.content_line, filled.options.get("dialect", ""))
        yield (given.database.select(filled.argument) if filled.argument else own).one


def _stays(page: Page, given: Materials, lost: frozenset[str]) -> Iterator[int]:
    """The blocks that stay with the course's own: questions, which a build draws, and what reads the tables that are
    `lost`, which cannot be made again.
    """
    without = _Standing(given, lost)
    for number, directive in enumerate(page.directives):
        asked = list(_sql_of(directive, given))
        if directive.name == "question" or any(map(without.on, asked)):
            yield number


def _choices(
    given: Materials, live: frozenset[str], standing: _Standing
) -> tuple[dict[str, retelling.ChoicesSelect], list[RetoldRows]]:
    """What asks for the choices that hang on such a table, and what that reads."""
    found, read = dict[str, retelling.ChoicesSelect](), list[RetoldRows]()
    for declared in in_order({name: given.declared[name] for name in sorted(live)}, given.database):
        if declared.select and standing.on(declared.select):
            try:
                rows = retold_rows(declared.select, given, live)
            except NotInSql:
                continue  # they stay
            columns = [quote(name) for name in rows.columns]
            value, label = columns[0], columns[-1]
            shown = f"SELECT {value}::VARCHAR, {label}::VARCHAR FROM ({rows.rows})"
            shapes = {_WORDS.sub("a", shape_of(one)) for one in tried_values([declared.name], given)[declared.name]}
            found[declared.name] = retelling.ChoicesSelect(shown, is_ordered(declared.select), tuple(sorted(shapes)))
            read.append(rows)
    return found, read


def _referred(tables: Sequence[OwnTable], given: Materials) -> Iterator[RetoldRows]:
    """The columns of other tables that contracts refer to."""
    for table in tables:
        for other, columns in (table.refers or {}).items():
            own = {name for name in given.database.columns(other) for each in columns if name.lower() == each.lower()}
            yield RetoldRows("", {}, {other: frozenset(own)})
