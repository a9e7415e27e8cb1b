"""How the facts of several moments are found: in one pass, or one moment after another where SQL runs in a server."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from coursewright.facts import one_by_one
from coursewright.facts.asked import ask, asked_of
from coursewright.facts.fact import Finder
from coursewright.facts.known import statement
from coursewright.tables import Database, EmbeddedDatabase, Timeline

if TYPE_CHECKING:
    import pyarrow as pa

    from coursewright.tables.servers import Server

# Runs a finder, whose own parameters have these values: its rows, with the number of each one's moment in `_row`.
Running = Callable[[Finder, Mapping[str, Any]], "pa.Table"]


def ask_for(database: Database, timeline: Timeline | None, moments: Sequence[Mapping[str, Any]]) -> Running:
    """Ask for the facts of these moments, and say how finders run for them.

    Raises CoursewrightError for a moment that the timeline does not have, or a timeline that is none.
    """

    def embedded(here: EmbeddedDatabase) -> Running:
        ask(here, timeline, moments)
        return partial(_run_in_one_pass, here, timeline)

    def server(there: Server) -> Running:
        one_by_one.check_moments(there, timeline, moments)
        return lambda finder, own: one_by_one.run(there, timeline, finder, own, moments)

    return database.dispatch(embedded, server)


def _run_in_one_pass(database: Database, timeline: Timeline | None, finder: Finder, own: Mapping[str, Any]) -> pa.Table:
    made = statement(database, timeline, finder)
    bound = {**(asked_of(database).only or {}), **own}
    return database.run(made.text, {name: bound[name] for name in made.parameters}, finder.sql, made.above)
