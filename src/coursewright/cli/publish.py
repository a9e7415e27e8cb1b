"""`coursewright publish`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import cyclopts
from cyclopts import Parameter

from coursewright.cli.options import CoursePath, Jobs
from coursewright.cli.output import say
from coursewright.cli.progress import bar
from coursewright.cli.publish_binder import binder
from coursewright.cli.publish_hub import hub
from coursewright.cli.publish_links import links
from coursewright.cli.publish_preview import preview
from coursewright.courses import open_course
from coursewright.errors import SeveralProblems, UsageError, did_you_mean, shown

app = cyclopts.App(name="publish", help_format="plaintext")


Flag = Annotated[bool, Parameter(negative="")]


@app.default
def publish(course: CoursePath = Path(), *, check: Flag = False) -> None:
    """Publish a course: its site on a branch, repositories for Binder, links, notebooks for the reader's browser.

    Before anything leaves, all that would be public is looked through. Secrets, names of students and files that are
    too large stop a publication; licences, large files and paths of one machine are told.

    Parameters
    ----------
    check
        Look through all that any publication takes, and publish nothing.
    """
    if not check and course != Path():
        raise UsageError(f'nothing is published as "{course}"', None, did_you_mean(str(course), _names()))
    if not check:
        app.help_print([])
        return
    from coursewright.courses.publishing import would_be_public

    opened = open_course(course)
    audience = would_be_public(opened)
    under = f", under {opened.site.licence}" if opened.site.licence else ""
    say(f"would be public: {audience.files} files, {audience.size / 1e6:.1f} MB{under}")
    if audience.problems:
        raise SeveralProblems(audience.problems)
    say("nothing is found that should not be")


def _names() -> list[str]:
    return [name for name in app if not name.startswith("-")]


@app.command
def lite(course: CoursePath = Path(), *, into: Path | None = None) -> None:
    """Publish the notebooks of a course as a JupyterLite: static files, in which Python runs in the reader's browser.

    Cells of tables, facts and texts show there what they showed when the course was built.

    Parameters
    ----------
    into
        The folder in which the folder lite is made; build/ of the course, unless it says.
    """
    from coursewright.notebooks import publish_lite

    with bar() as progress:
        published = publish_lite(open_course(course), into, progress.show)
        number = f"{published.notebooks} notebook{'s' * (published.notebooks != 1)}"
        answered = f"{published.answered} cell{'s' * (published.answered != 1)}"
        progress.done(f"{number} in {shown(published.folder)}, with the answers of {answered}")
        for line in published.remarks:
            say(line)


Branch = Annotated[str, Parameter(help="The branch of the site.")]


app.command(binder)
app.command(links)
app.command(hub)
app.command(preview)


@app.command
def pages(
    course: CoursePath = Path(),
    *,
    remote: str = "origin",
    branch: Branch = "gh-pages",
    history: Annotated[bool, Parameter(negative="")] = False,
    replace: Annotated[bool, Parameter(negative="")] = False,
    uncommitted: Annotated[bool, Parameter(negative="")] = False,
    jobs: Jobs = 1,
) -> None:
    """Publish the site of a course, with its pages as Markdown, on a branch of the course's own git repository.

    Nothing is sent unless all is well, and neither your files nor your branches change.

    Parameters
    ----------
    remote
        The remote repository to send it to, as git calls it.
    history
        Keep the earlier commits of the branch; without it, each publication takes the place of the one before.
    replace
        Take the place of a branch that somebody else made, with all that is on it.
    uncommitted
        Publish the course with changes that are in no commit.
    """
    from coursewright.courses.publishing import PublishOptions, publish_pages

    way = PublishOptions(remote, branch, history, displace=replace, uncommitted=uncommitted)
    with bar() as progress:
        done = publish_pages(open_course(course), way, jobs=jobs, progress=progress.show)
        number = f"{done.pages} page{'s' * (done.pages != 1)}"
        progress.done(f"{number} on {branch} of {done.destination.address}: {done.put.difference}")
        for line in done.remarks:
            say(line)


@app.command
def workflow(
    forge: Literal["github", "gitlab", "forgejo"],
    course: CoursePath = Path(),
    *,
    branch: Branch = "gh-pages",
    schedule: Literal["daily", "weekly", "monthly"] | None = None,
) -> None:
    """Write the workflow by which a forge builds the course at each push and publishes its site.

    It stands in the course's repository: look at what it installs, and commit it. It shows the site of each request
    too, until that is closed.

    Parameters
    ----------
    forge
        Where the repository is; Codeberg is one of forgejo's. GitLab needs no branch.
    schedule
        Build it so often, too, since data on the web change without a push; in GitLab that is set on its pages.
    """
    from coursewright.courses.publishing import publish_workflow

    say(f"wrote {shown(publish_workflow(open_course(course), forge, branch, schedule))}")


@app.command
def devcontainer(course: CoursePath = Path(), *, image: str = "") -> None:
    """Write what editors, Codespaces and Compose start the environment from: .devcontainer and compose.yaml.

    They stand in the course's folder, for its own recipes, which are written to .devcontainer/image. Look at them, and
    commit them.

    Parameters
    ----------
    image
        The image of the environment, by its digest, so that nothing is built: ghcr.io/ou/trees@sha256:…
    """
    from coursewright.courses.places import publish_containers
    from coursewright.environments.images import read_reference

    written = publish_containers(open_course(course), read_reference(image) if image else None)
    say(f"wrote {' and '.join(map(shown, written))}")
