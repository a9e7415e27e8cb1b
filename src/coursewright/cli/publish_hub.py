"""`coursewright publish hub`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from cyclopts.validators import Number

from coursewright.cli.options import CoursePath
from coursewright.cli.output import say
from coursewright.courses import open_course
from coursewright.environments.images import read_reference
from coursewright.environments.targets import Login, OwnBinder, StudentLimits
from coursewright.errors import UsageError, shown

Flag = Annotated[bool, Parameter(negative="")]
Number1 = Annotated[int, Parameter(validator=Number(gte=1))]
Processors = Annotated[float, Parameter(validator=Number(gt=0))]
Several = Annotated[tuple[str, ...], Parameter(negative="")]
USUAL = StudentLimits()


def hub(
    course: CoursePath = Path(),
    *,
    image: str = "",
    tag: str = "",
    content: str = "",
    branch: str = "",
    also: Annotated[tuple[Path, ...], Parameter(negative="")] = (),
    students: Number1 = 30,
    memory: Number1 = USUAL.memory,
    most_memory: Number1 = USUAL.most_memory,
    cpu: Processors = USUAL.cpu,
    most_cpu: Processors = USUAL.most_cpu,
    disk: Number1 = USUAL.disk,
    idle: Number1 = 60,
    login: Login = "native",
    admin: Several = (),
    binder: str = "",
    binder_hub: str = "",
    registry: str = "",
    prefix: str = "",
    ban: Several = (),
    homes: Flag = False,
    uncommitted: Flag = False,
) -> None:
    """Write what sets up a hub for a class: values for Zero to JupyterHub, and a file for The Littlest JupyterHub.

    They are in build/hub of the course. Each student has a server, and a home that stays; content comes from a git
    repository whenever a server starts, and is merged with the student's work.

    Parameters
    ----------
    image
        The image of the course: ghcr.io/ou/trees@sha256:…, or with a tag.
    tag
        Its tag, where the course's own name of images is meant.
    content
        The repository of the content; the course's own remote repository unless it says.
    branch
        The branch of the content; the one that is checked out here unless it says.
    also
        Another course on the same hub, with its own name of images, --tag and remote repository. Can be repeated.
    students
        How many have a server at one time, at the most.
    memory, most_memory
        Memory of one student in MB: what is sure, and at the most.
    cpu, most_cpu
        Processors of one student, likewise.
    disk
        The disk of one student in GB.
    idle
        After how many minutes a server that nobody uses is stopped.
    login
        How they log in; with native, accounts are the hub's own, and an administrator lets each in.
    admin
        The name of an administrator. Can be repeated.
    binder, binder_hub
        The addresses of a BinderHub of your own and of its hub: its values are written, too.
    registry, prefix
        The registry of its images, https://ghcr.io, and how their names begin, ghcr.io/ou/binder-.
    ban
        A repository or an owner that it does not build, such as github-user/name. Can be repeated.
    homes
        Let people log in at the BinderHub, and each keep a home.
    uncommitted
        Go on with changes that are in no commit: students do not see them.
    """
    from coursewright.courses.places import CourseOrigin, check_distinct, profile_of, publish_hub
    from coursewright.environments.targets import Hub

    if most_memory < memory or most_cpu < cpu:
        raise UsageError(
            "the most is less than what is sure", None, "raise --most-memory and --most-cpu, or lower the other"
        )
    own = _binder(binder, binder_hub, registry, prefix, ban, homes=homes)
    opened = open_course(course)
    where = CourseOrigin(read_reference(image) if image else None, content, branch, tag)
    profiles = [profile_of(opened, where, uncommitted=uncommitted)]
    profiles += [profile_of(open_course(one), CourseOrigin(tag=tag), uncommitted=uncommitted) for one in also]
    check_distinct(profiles)
    limits = StudentLimits(memory, most_memory, cpu, most_cpu, disk)
    made = Hub(profiles, limits, students, login, admin, idle)
    folder = publish_hub(opened, made, own)
    say(f"{students} students at once take {students * memory / 1000:g} GB of memory, and {students * disk} GB of disk")
    say(f"wrote {', '.join(sorted(file.name for file in folder.iterdir()))} to {shown(folder)}")


def _binder(
    address: str, hub_address: str, registry: str, prefix: str, ban: tuple[str, ...], *, homes: bool
) -> OwnBinder | None:
    """The BinderHub that is asked for. Raises UsageError where something of it is not said."""
    said = {"--binder-hub": hub_address, "--registry": registry, "--prefix": prefix}
    if not address:
        given = next((name for name, value in {**said, "--ban": ban, "--homes": homes}.items() if value), "")
        if given:
            raise UsageError(f"{given} is for a BinderHub, and none is asked for", None, "say its address: --binder")
        return None
    if missing := [name for name, value in said.items() if not value]:
        raise UsageError(
            f"a BinderHub needs {' and '.join(missing)}", None, "coursewright publish hub --help says what they are"
        )
    for one in (address, hub_address, registry):
        if not one.startswith("https://"):
            raise UsageError(f'"{one}" is no address that begins with https://')
    read_reference(f"{prefix}x")
    return OwnBinder(address.rstrip("/"), hub_address.rstrip("/"), registry, prefix, ban, homes=homes)
