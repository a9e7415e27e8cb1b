"""`coursewright publish binder`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from coursewright.cli.options import CoursePath
from coursewright.cli.output import say
from coursewright.cli.progress import bar
from coursewright.courses import open_course
from coursewright.errors import UsageError, shown

Flag = Annotated[bool, Parameter(negative="")]


def binder(
    course: CoursePath = Path(),
    *,
    image: str = "",
    environment: Flag = False,
    minimal: Flag = False,
    into: Path | None = None,
    branch: str = "",
    tag: str = "",
    remote: str = "",
    python: str = "",
    forge: Literal["github", "gitlab", "forgejo"] = "github",
    incomplete: Flag = False,
    replace: Flag = False,
    uncommitted: Flag = False,
) -> None:
    """Publish a course for Binder, as a git repository of its own: committed, and sent if --remote says where.

    It has the course and its notebooks, in an image of the environment (--image), or else in what repo2docker, which
    Binder builds with, makes of the environment's tiers. Nothing is written, or sent, unless all can be.

    Parameters
    ----------
    image
        The image of the environment, by its digest: ghcr.io/ou/trees@sha256:…; with --environment its name alone.
    environment
        Make the repository of the environment: its recipes, and the workflow that builds the image and pushes it. Each
        branch of it is one environment.
    minimal
        Make the smallest repository to fork: the course, a workflow that shows it in readers' browsers, and Binder.
    into
        The folder of the repository; otherwise one in build/ of the course.
    branch
        Its branch: main, unless it says; for --environment, the tag of the image, the course's name unless it says.
    tag
        Put this tag on what is published, and let the badges lead to it.
    remote
        The address of the repository to send it to.
    python
        The version of Python without an image: 3.11, 3.12, 3.13 or 3.14; otherwise that of the environment.
    forge
        Where the workflow of --environment is to run.
    incomplete
        Publish without what of the environment Binder cannot have; it is listed.
    replace
        Take the place of what others changed, or made, on the branch.
    uncommitted
        Publish the course with changes that are in no commit.
    """
    from coursewright.courses.places import binder as publishing
    from coursewright.courses.places import name_of
    from coursewright.environments.images import read_reference
    from coursewright.sites.publish import Aim

    if environment and minimal:
        raise UsageError("--environment and --minimal are two repositories", None, "make one, then the other")
    if minimal and image:
        raise UsageError("--minimal has no image", None, "leave --image out, or leave --minimal out")
    opened = open_course(course)
    reference = read_reference(image or name_of(opened)) if image or environment else None
    name = "binder-environment" if environment else "binder-minimal" if minimal else "binder"
    usual = name_of(opened).rpartition("/")[2] if environment else "main"
    aim = Aim(into or opened.root / "build" / name, branch or usual, tag, remote, replace)
    way = publishing.RepositoryOptions(aim, python, incomplete, uncommitted)
    with bar() as progress:
        if environment and reference:
            done = publishing.publish_environment(opened, reference, way, forge)
        elif minimal:
            done = publishing.publish_minimal(opened, way)
        else:
            done = publishing.publish_content(opened, reference, way, progress.show)
        where = f"{aim.branch} of {shown(aim.folder)}"
        progress.done(f"{where}: {done.made.difference}" + (", and sent" if remote else ""))
        for line in done.remarks:
            say(line)
        if not remote:
            say(f"to send it: git -C {shown(aim.folder)} push ADDRESS {aim.branch}")
