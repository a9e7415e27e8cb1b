"""`coursewright publish preview`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.options import CoursePath, Jobs
from coursewright.cli.output import say, write
from coursewright.cli.progress import bar
from coursewright.courses import open_course
from coursewright.errors import UsageError


def preview(
    name: str,
    course: CoursePath = Path(),
    *,
    site: Path | None = None,
    remove: Annotated[bool, Parameter(negative="")] = False,
    remote: str = "origin",
    branch: str = "gh-pages",
    jobs: Jobs = 1,
) -> None:
    """Put the site of a course beside the published one, for those who are to look at it; its address is printed.

    It stands in the folder preview/NAME of the branch, where later publications leave it.

    Parameters
    ----------
    name
        What it is called, such as pr-7.
    site
        The folder of a site that is built already; otherwise the course is built as it is.
    remove
        Take that preview away again.
    remote
        The remote repository to send it to, as git calls it.
    branch
        The branch of the site.
    """
    from coursewright.courses.publishing import PublishOptions, publish_preview, remove_preview

    if remove and site:
        raise UsageError("--remove takes no --site", None, "leave one of them out")
    opened, way = open_course(course), PublishOptions(remote, branch)
    if remove:
        say(f"preview/{name} of {branch}: {remove_preview(opened, name, way).difference}")
        return
    with bar() as progress:
        done = publish_preview(opened, name, way, site=site, jobs=jobs, progress=progress.show)
        progress.done(f"preview/{name} of {branch}: {done.put.difference}")
        for line in done.remarks:
            say(line)
    if done.address:
        write(done.address)
    else:
        say('note: where that is read is not known: [course] url = "…" says it')
