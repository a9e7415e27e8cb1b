"""`coursewright build`."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.options import CoursePath, Jobs, Refresh, Set, Untrusted, changing, overrides, trusted
from coursewright.cli.output import say, write
from coursewright.cli.progress import bar
from coursewright.cli.why import told
from coursewright.courses import build as build_course
from coursewright.courses import open_course
from coursewright.errors import shown


def build(
    course: CoursePath = Path(),
    *,
    set_: Set = (),
    only: Annotated[tuple[str, ...], Parameter(negative="")] = (),
    figures: Annotated[bool, Parameter(name="--figures", negative="--no-figures")] = True,
    force: Annotated[bool, Parameter(negative="")] = False,
    jobs: Jobs = 1,
    why: Annotated[tuple[str, ...] | None, Parameter(consume_multiple=True, negative="")] = None,
    refresh: Refresh = False,
    untrusted: Untrusted = False,
) -> None:
    """Build the course: every page as Markdown, as a notebook and as a web site, in the folder build/ of the course.

    Only what changed since the last build is done again. Building a course is running it: its figures, its questions
    and its code can do what you can do. Of somebody whom you do not know, build it with --untrusted.

    Parameters
    ----------
    only
        Write this format alone: markdown, notebooks or site. Can be repeated.
    figures
        Draw the figures; with --no-figures, pages say in their places that they are left out.
    force
        Do everything again, whether it changed or not.
    why
        Print what was done again and for what reason: of all pages, or of those whose addresses follow.
    """
    trust = trusted(untrusted=untrusted, course=course, changed=changing(course))
    with bar() as progress:
        opened = open_course(course, overrides(set_), refresh=refresh, report=progress.say, trust=trust)
        opened = replace(opened, figures=figures)
        built = build_course(opened, only=only, force=force, why=why is not None, jobs=jobs, progress=progress.show)
        number = f"{len(built.pages)} page{'s' * (len(built.pages) != 1)}"
        progress.done(f"{number} in {shown(built.folder)}, {built.executed} of them executed")
        for line in (*built.remarks, *(_to_read(built.folder / "site") if not only or "site" in only else ())):
            say(line)
    if why is not None:
        for line in told(built, why):
            write(line)


def _to_read(site: Path) -> Iterator[str]:
    """How the site is read, and how its pages are run, if they can be: a browser runs none from a file."""
    yield f"To read it, open {(site / 'index.html').as_uri()}"
    if (site / "open.py").is_file():
        yield f"To run its pages too: python {shlex.quote(str(shown(site / 'open.py')))}"
