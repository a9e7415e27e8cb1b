"""`coursewright facts`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby, islice
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from coursewright.cli.options import (
    LOCAL,
    Count,
    Refresh,
    Set,
    Untrusted,
    WorkersAt,
    changing,
    overrides,
    refuse_strangers,
    trusted,
)
from coursewright.cli.output import as_json, say
from coursewright.cli.output import write as write_line
from coursewright.courses import Course, open_course
from coursewright.courses.on_workers import find_by
from coursewright.errors import Place, Problem, UsageError, did_you_mean, several, shown
from coursewright.facts import Fact, Finder, find_each
from coursewright.markup import escape_markdown
from coursewright.tables import Database, Sql
from coursewright.tables.showing import in_full
from coursewright.workers import open_workers


def facts(
    *finders: str,
    course: Path = Path(),
    set_: Set = (),
    for_each: str = "",
    format: Literal["text", "gfm", "json"] = "text",  # noqa: A002 - the option is called --format
    limit: Count = None,
    explain: Annotated[bool, Parameter(negative="")] = False,
    workers: WorkersAt = LOCAL,
    refresh: Refresh = False,
    untrusted: Untrusted = False,
) -> None:
    """Print the facts of the present moment, best first.

    Parameters
    ----------
    finders
        The finders to run, by name; all of them, when none is named.
    course
        The course's folder; by default the nearest one here or above.
    for_each
        A SELECT: find the facts for each of its rows, whose columns are parameters, in one pass. Each moment is
        named above its facts.
    format
        text: a sentence a line. gfm: a list in GitHub-flavoured Markdown. json: finder, sentence, score, row, moment.
    limit
        How many facts at the most, of each moment.
    explain
        Add the finder, the score, the row and the SQL of each.
    """
    refuse_strangers(workers, untrusted=untrusted)
    trust = trusted(untrusted=untrusted, course=course, changed=changing(course))
    opened = open_course(course, overrides(set_), refresh=refresh, report=say, trust=trust)
    chosen = opened.finders(finders)
    database = opened.database()
    opened.check_values(database)
    asked = _moments(for_each, opened, chosen, database) if for_each else [{}]
    moments = [{**opened.parameters, **moment} for moment in asked]
    problems: list[Problem] = []
    with ExitStack() as stack:
        if workers == LOCAL:
            found = find_each(
                database,
                chosen,
                timeline=opened.settings.timeline,
                moments=moments,
                overrides=opened.finder_overrides(chosen),
                language=opened.site.language,
            )
        else:
            team = stack.enter_context(open_workers(workers))
            found = find_by(team, opened, chosen, moments, problems.append)
        each = groupby(found, lambda fact: id(fact.moment))
        shown = (fact for _, of_moment in each for fact in islice(of_moment, limit))
        headed = tuple(asked[0]) if for_each and asked else ()
        write = {"text": _text, "gfm": _gfm, "json": _json}[format]
        for line in write(shown, {finder.name: finder for finder in chosen} if explain else {}, headed):
            write_line(line)
    if problems:
        raise several(problems)


def _moments(for_each: str, course: Course, finders: Iterable[Finder], database: Database) -> list[dict[str, Any]]:
    """The rows of --for-each. Raises UsageError for a column that no finder would look at."""
    sql = Sql(for_each, "--for-each")
    moments = database.rows(sql)
    columns = list(moments[0]) if moments else database.query(sql).column_names
    named = {name for finder in finders for name in finder.sql.parameters if name not in finder.parameters}
    taken = {*course.parameters, *named, *(name for table in course.derived for name in table.sql.parameters)}
    for name in columns:
        if name not in taken:
            raise UsageError(f'no parameter called "{name}"', Place("--for-each"), did_you_mean(name, taken))
    return moments


def _text(facts: Iterable[Fact], explained: dict[str, Finder], headed: tuple[str, ...]) -> Iterator[str]:
    for number, (fact, heading) in enumerate(_with_headings(facts, headed)):
        yield from [*([""] if heading and number else []), *([f"{heading}:"] if heading else []), fact.sentence]
        if explained:
            finder = explained[fact.finder]
            yield f"    {shown(finder.file)}, score {fact.score:g}"
            yield from (f"    {name} = {in_full(value)}" for name, value in fact.row.items())
            yield from (f"    | {line}" for line in finder.sql.text.strip().split("\n"))


def _gfm(facts: Iterable[Fact], explained: dict[str, Finder], headed: tuple[str, ...]) -> Iterator[str]:
    for number, (fact, heading) in enumerate(_with_headings(facts, headed)):
        if heading:
            yield from [*([""] if number else []), f"**{escape_markdown(heading)}**", ""]
        yield f"- {escape_markdown(fact.sentence)}"
        if explained:
            row = ", ".join(
                f"{escape_markdown(name)} = {escape_markdown(in_full(value))}" for name, value in fact.row.items()
            )
            yield f"  - {escape_markdown(fact.finder)}, score {fact.score:g}: {row}"


def _with_headings(facts: Iterable[Fact], headed: tuple[str, ...]) -> Iterator[tuple[Fact, str]]:
    """The facts, and above the first of each moment its parameters of --for-each."""
    above: Any = None
    for fact in facts:
        new = headed and fact.moment is not above
        above = fact.moment
        yield fact, ", ".join(f"{name} = {in_full(fact.moment[name])}" for name in headed) if new else ""


def _json(facts: Iterable[Fact], explained: dict[str, Finder], headed: tuple[str, ...]) -> Iterator[str]:  # noqa: ARG001 - as the others
    """A list, a fact at a time, as it would be written whole."""
    before = ""
    for fact in facts:
        entry = {"finder": fact.finder, "sentence": fact.sentence, "score": fact.score, "row": dict(fact.row)}
        entry["moment"] = dict(fact.moment)
        if explained:
            entry["sql"] = explained[fact.finder].sql.text.strip()
        yield f"{before}," if before else "["
        before = "  " + as_json(entry).replace("\n", "\n  ")
    yield from [before, "]"] if before else ["[]"]
