"""What `course.toml` can say."""

from __future__ import annotations

import msgspec

from coursewright.environments import Stack
from coursewright.pages.citing import HARVARD
from coursewright.pages.engines import CellLimits
from coursewright.sites.feeds import Feeds
from coursewright.sites.runtimes import Runtimes
from coursewright.sites.theme import SiteLooks
from coursewright.tables import Parameter, Timeline
from coursewright.tables.fetching import Fetch
from coursewright.tables.parameters import Scalar
from coursewright.tables.sources import Source
from coursewright.tables.statements import DUCKDB
from coursewright.zone import UTC


class AboutCourse(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[course]`: the course's name, who wrote it, in which language, under which licence, where it will live.

    `timezone` is where its days begin: what its SQL makes of instants does not hang on the machine.
    """

    title: str
    authors: tuple[str, ...] = ()
    language: str = "en-GB"
    licence: str = ""
    url: str = ""
    timezone: str = UTC


class DatabaseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[database]`: the URL of the server in which the course's SQL runs, and the dialect that it is written in."""

    url: str = ""
    dialect: str = DUCKDB


class Sources(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[bibliography]`: the files whose sources pages cite, BibTeX or CSL-JSON, and the style in which they do so."""

    files: tuple[str, ...] = ()
    style: str = HARVARD


class Public(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[publish]`: what is accepted of what `coursewright publish --check` finds, each as RULE and a pattern of paths.

    `students` is a file with their names, which are looked for in all that would be public; it is never published.
    """

    accepted: tuple[str, ...] = ()
    students: str = ""


class CourseSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`course.toml`."""

    course: AboutCourse
    parameters: dict[str, Scalar | Parameter] = {}
    tables: dict[str, str | Source] = {}
    timeline: Timeline | None = None
    fetch: Fetch = Fetch()
    database: DatabaseSettings = DatabaseSettings()
    environment: Stack = Stack()
    site: SiteLooks = SiteLooks()
    bibliography: Sources = Sources()
    feeds: Feeds = Feeds()
    cells: CellLimits = CellLimits()
    runtimes: Runtimes = Runtimes()
    publish: Public = Public()
