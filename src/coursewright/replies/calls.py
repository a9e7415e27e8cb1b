"""What a session can ask for: each function is a call, its arguments those of the request."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec

from coursewright import __version__
from coursewright.errors import CoursewrightError, UsageError
from coursewright.replies.columns import ExactFrame, read_columns, write_columns

if TYPE_CHECKING:
    import pyarrow as pa

    from coursewright.words import Grammar

_ANSWER = "answer.columns"
Natural = Annotated[int, msgspec.Meta(ge=0)]


@dataclass(frozen=True)
class CallSession:
    """Where files of columns come and go, and what is to be told besides the answer."""

    folder: Path
    told: list[str]

    def rows(self, where: Mapping[str, str]) -> ExactFrame:
        """The rows that a request brings: a file of columns, or one of Parquet from another Python."""
        if "parquet" in where:
            import pyarrow.parquet as pq

            return ExactFrame(pq.read_table(where["parquet"]).replace_schema_metadata())
        return read_columns(self.folder / where["columns"])

    def give(self, table: pa.Table | ExactFrame) -> dict[str, str]:
        """Rows as the answer to a request."""
        frame = table if isinstance(table, ExactFrame) else ExactFrame(table)
        self.told.extend(write_columns(frame, self.folder / _ANSWER))
        return {"columns": _ANSWER}


def hello(_session: CallSession) -> dict[str, str | int]:
    """Who answers."""
    import os
    import sys

    return {"version": __version__, "python": sys.executable, "process": os.getpid()}


def echo(session: CallSession, rows: Mapping[str, str]) -> dict[str, str]:
    """The rows themselves, as Python holds them."""
    return session.give(session.rows(rows))


def tell(
    session: CallSession,
    *,
    grammar: Mapping[str, Any],
    rows: Mapping[str, str],
    rule: str = "origin",
    seed: int | str = 0,
    key: Sequence[str] = (),
    by: Sequence[str] = (),
    language: str = "en-GB",
    strict: bool = True,
) -> dict[str, str]:
    """A text for each row, or for each group of rows. Messages number rows as R does, from 1."""
    import pyarrow as pa

    from coursewright.words import tell as tell_rows

    rules = _grammar(grammar, language=language, strict=strict)
    table = session.rows(rows).table
    texts = tell_rows(rules, table, rule, seed=seed, key=list(key) or None, by=list(by) or None, first=1)
    return session.give(pa.table({"text": texts}))


def _grammar(given: Mapping[str, Any], **options: Any) -> Grammar:
    """The grammar in a file, in a course, or of rules that the request brings."""
    from coursewright.words import Grammar

    if "rules" in given:
        return Grammar(given["rules"], **options)
    name = given["name"]
    if Path(name).suffix.lower() in (".json", ".yaml", ".yml") or "/" in name:
        return Grammar.read(Path(name).expanduser(), **options)
    from coursewright.courses import open_course
    from coursewright.words.language import grammar_file

    course = open_course()
    return Grammar.read(grammar_file(course.root / "grammars", name), **{**options, "language": course.site.language})


def facts(
    session: CallSession,
    *,
    finders: Sequence[str] = (),
    course: str = ".",
    set_: Mapping[str, Any] | None = None,
    limit: Natural | None = None,
) -> dict[str, str]:
    """The facts of the present moment, best first: finder, score, sentence."""
    import pyarrow as pa

    from coursewright.courses import open_course
    from coursewright.facts import find

    opened = open_course(course, dict(set_ or {}), report=session.told.append)
    chosen = opened.finders(tuple(finders))
    found = find(
        opened.database(),
        chosen,
        timeline=opened.settings.timeline,
        moments=[dict(opened.parameters)],
        overrides=opened.finder_overrides(chosen),
        language=opened.site.language,
    )[:limit]
    told = [[fact.finder, float(fact.score), fact.sentence] for fact in found]
    schema = pa.schema([("finder", pa.string()), ("score", pa.float64()), ("sentence", pa.string())])
    return session.give(pa.Table.from_pylist([dict(zip(schema.names, row, strict=True)) for row in told], schema))


def table(
    session: CallSession,
    *,
    name: str = "",
    sql: str = "",
    course: str = ".",
    set_: Mapping[str, Any] | None = None,
) -> dict[str, str]:
    """A table of the course, a file that holds one, or what a SELECT over the course's tables gives."""
    from coursewright.courses import open_course
    from coursewright.tables import Database, EmbeddedDatabase, Sql, Table
    from coursewright.tables.fetching import single
    from coursewright.tables.showing import holdable
    from coursewright.tables.sources import Source

    if name and (Path(name).suffix or "://" in name):
        if "://" not in name and not Path(name).is_file():
            raise UsageError(f'no file "{name}"')
        kept = single(report=session.told.append)
        database: Database
        database, name = EmbeddedDatabase(Path(), [Table("table", Source(file=name))], kept=kept), "table"
    else:
        opened = open_course(course, dict(set_ or {}), report=session.told.append)
        opened.check_overrides()
        database = opened.database()
    rows = database.query(Sql(sql, "sql") if sql else database.select(name))
    if not sql:
        session.told.extend(database.notes(name))
    return session.give(holdable(rows))


def ask(
    session: CallSession,
    *,
    questions: Sequence[str] = (),
    course: str = ".",
    variants: Natural = 1,
    seed: str = "0",
    set_: Mapping[str, Any] | None = None,
    to: Sequence[str] = (),
    output: str = ".",
) -> Any:
    """Variants of questions as Markdown, a row each; or, with formats, the files that hold them."""
    from coursewright.replies.asking import as_rows, write

    who = [str(number + 1) for number in range(variants)]
    chosen = (tuple(questions), Path(course), dict(set_ or {}))
    if to:
        return {"files": write(session.told, chosen, who, seed=seed, to=list(to), folder=Path(output).expanduser())}
    return session.give(as_rows(session.told, chosen, who, seed=seed))


def figure(
    session: CallSession, *, name: str, course: str = ".", set_: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What `figures/NAME.py` draws: its media by type, in base64, and its words."""
    from coursewright.courses import open_course
    from coursewright.errors import did_you_mean
    from coursewright.figures import draw
    from coursewright.figures.charts import spoken_in
    from coursewright.replies.values import SessionValues

    opened = open_course(course, dict(set_ or {}), report=session.told.append)
    opened.check_overrides()
    files = {file.stem: file for file in sorted((opened.root / "figures").glob("*.py"))}
    if name not in files:
        raise CoursewrightError(f'no figure called "{name}"', None, did_you_mean(name, files))
    with spoken_in(opened.site.language):
        values, seconds = SessionValues(opened.parameters, opened.database()), opened.settings.cells.of_one
        bundle = draw(files[name], values, seconds=seconds).on_white().bundle()
    data = {media_type: b64encode(held).decode() for media_type, held in bundle.data.items()}
    return {"data": data, "alt": bundle.alt, "caption": bundle.caption}


def form(
    session: CallSession,
    *,
    names: Sequence[str] = (),
    course: str = ".",
    set_: Mapping[str, Any] | None = None,
    settle: bool = False,
    given: Mapping[str, Any] | None = None,
    page: str = "",
) -> dict[str, Any]:
    """Parameters of the course as a form asks for them; without names, all that offer a choice.

    Where they are to `settle`, a value that another one took the ground from becomes the first choice that there is. In
    the notebook of a page, they are those of the page, with the values that were `given` to them.
    """
    from coursewright.courses import open_course
    from coursewright.errors import did_you_mean
    from coursewright.replies.directives import Variables
    from coursewright.tables.parameters import read_field, settled

    changed = dict(set_ or {})
    opened = open_course(course, {} if given is not None else changed, report=session.told.append)
    opened.check_overrides()
    now = Variables({}, None if given is None else {**given, **changed}, page).present(opened)
    database, values = opened.database(), now.values
    if settle:
        values = settled(now.declared, values, database)
    else:
        now.check(now.declared, database)
    for name in names:
        if name not in now.declared:
            raise CoursewrightError(f'no parameter called "{name}"', None, did_you_mean(name, now.declared))
    chosen = names or [name for name, own in now.declared.items() if own.offered]
    if not chosen:
        hint = "in [parameters] of course.toml, give one choices, a range or a label"
        raise CoursewrightError("there is no parameter to choose", None, hint)
    return {"fields": [msgspec.to_builtins(read_field(now.declared[name], values, database)) for name in chosen]}


def directive(
    session: CallSession,
    *,
    name: str,
    argument: str = "",
    content: str = "",
    variables: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    page: str = "",
) -> dict[str, str]:
    """What a directive of pages gives here, as HTML and as text; variables of the session are its parameters.

    In the notebook of a page, its parameters are those of the page, with the values that were `given` to them.
    """
    from coursewright.replies.directives import Variables, shown

    return shown(session.told, name, argument, content, Variables(variables or {}, given, page))


def rows(
    session: CallSession,
    *,
    name: str,
    variables: Mapping[str, Any] | None = None,
    given: Mapping[str, Any] | None = None,
    page: str = "",
) -> dict[str, str]:
    """A table of the course; parameters are as in a directive."""
    from coursewright.replies.directives import Variables, materials
    from coursewright.tables.showing import holdable

    asked, now = materials(session.told, Variables(variables or {}, given, page))
    select = asked.database.select(name)
    now.check(asked.database.parameters_behind(select), asked.database)
    return session.give(holdable(asked.query(select)))


def given(_session: CallSession, *, names: Sequence[str], given: Mapping[str, Any], page: str) -> None:
    """Nothing; raises CoursewrightError for parameters of a page, called `names`, that cannot have the values given."""
    from coursewright.courses import open_course
    from coursewright.replies.directives import Variables

    opened = open_course(".")
    Variables({}, given, page).present(opened).check(names, opened.database())


def chunk(_session: CallSession, *, code: str, name: str) -> dict[str, Any]:
    """What a chunk of Python prints."""
    from coursewright.replies.chunks import run

    return run(code, name)


CALLS: dict[str, Callable[..., Any]] = {
    call.__name__: call for call in (hello, echo, tell, facts, table, ask, figure, form, directive, rows, given, chunk)
}
"""The calls by their names."""
