"""`coursewright facts`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from coursewright.cli.options import Count, Refresh, Set, overrides
from coursewright.cli.output import as_json, say
from coursewright.cli.output import write as write_line
from coursewright.courses import Course, open_course
from coursewright.errors import Place, UsageError, did_you_mean
from coursewright.facts import Fact, Finder, find
from coursewright.markup import escape_markdown
from coursewright.tables import Database, Sql
from coursewright.tables.shown import in_full


def facts(
    *finders: str,
    course: Path = Path(),
    set_: Set = (),
    for_each: str = "",
    format: Literal["text", "gfm", "json"] = "text",  # noqa: A002 - the option is called --format
    limit: Count = None,
    explain: Annotated[bool, Parameter(negative="")] = False,
    refresh: Refresh = False,
) -> None:
    """Print the facts of the present moment, best first.

    Parameters
    ----------
    finders
        The finders to run, by name; all of them, when none is named.
    course
        The course's folder; by default the nearest one here or above.
    for_each
        A SELECT: find the facts for each of its rows, whose columns are parameters, in one pass.
    format
        text: a sentence a line. gfm: a list in GitHub-flavoured Markdown. json: finder, sentence, score and row.
    limit
        How many facts at the most.
    explain
        Add the finder, the score, the row and the SQL of each.
    """
    opened = open_course(course, overrides(set_), refresh=refresh, report=say)
    chosen = opened.finders(finders)
    database = opened.database()
    moments = _moments(for_each, opened, chosen, database) if for_each else [{}]
    found = find(
        database,
        chosen,
        timeline=opened.settings.timeline,
        moments=[{**opened.parameters, **moment} for moment in moments],
        overrides=opened.finder_overrides(chosen),
        language=opened.site.language,
    )[:limit]
    write = {"text": _text, "gfm": _gfm, "json": _json}[format]
    for line in write(found, {finder.name: finder for finder in chosen} if explain else {}, opened):
        write_line(line)


def _moments(for_each: str, course: Course, finders: Iterable[Finder], database: Database) -> list[dict[str, Any]]:
    """The rows of --for-each. Raises UsageError for a column that no finder would look at."""
    moments = database.rows(Sql(for_each, "--for-each"))
    named = {name for finder in finders for name in finder.sql.parameters if name not in finder.parameters}
    taken = {*course.parameters, *named, *(name for table in course.derived for name in table.sql.parameters)}
    for name in moments[0] if moments else ():
        if name not in taken:
            raise UsageError(f'no parameter called "{name}"', Place("--for-each"), did_you_mean(name, taken))
    return moments


def _text(facts: Sequence[Fact], explained: dict[str, Finder], course: Course) -> list[str]:  # noqa: ARG001 - as the others
    lines = []
    for fact in facts:
        lines.append(fact.sentence)
        if explained:
            finder = explained[fact.finder]
            lines += [f"    {finder.file}, score {fact.score:g}"]
            lines += [f"    {name} = {in_full(value)}" for name, value in fact.row.items()]
            lines += [f"    | {line}" for line in finder.sql.text.strip().split("\n")]
    return lines


def _gfm(facts: Sequence[Fact], explained: dict[str, Finder], course: Course) -> list[str]:  # noqa: ARG001 - as the others
    lines = []
    for fact in facts:
        lines.append(f"- {escape_markdown(fact.sentence)}")
        if explained:
            row = ", ".join(
                f"{escape_markdown(name)} = {escape_markdown(in_full(value))}" for name, value in fact.row.items()
            )
            lines.append(f"  - {escape_markdown(fact.finder)}, score {fact.score:g}: {row}")
    return lines


def _json(facts: Sequence[Fact], explained: dict[str, Finder], course: Course) -> list[str]:
    entries = []
    for fact in facts:
        entry = {"finder": fact.finder, "sentence": fact.sentence, "score": fact.score, "row": dict(fact.row)}
        if any(fact.moment[name] != value for name, value in course.parameters.items()) or set(fact.moment) - set(
            course.parameters
        ):
            entry["moment"] = dict(fact.moment)
        if explained:
            entry["sql"] = explained[fact.finder].sql.text.strip()
        entries.append(entry)
    return [as_json(entries)]
