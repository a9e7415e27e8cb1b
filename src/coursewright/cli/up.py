"""`coursewright up`."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set
from functools import partial
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from coursewright.cli.output import say, write
from coursewright.cli.services_table import follow, table
from coursewright.courses import Course, open_course
from coursewright.courses.places import old_locks
from coursewright.environments import Environment, infeasible
from coursewright.environments.images import check
from coursewright.environments.runtime import WEB, is_up
from coursewright.environments.services import Running, Status, by_conda, home, install, open_services, others, run
from coursewright.errors import CoursewrightError, SeveralProblems, UsageError, did_you_mean, shown


def up(
    course: Path = Path(),
    *,
    reset: tuple[str, ...] = (),
    yes: Annotated[bool, Parameter(negative="")] = False,
    insecure_no_login: Annotated[bool, Parameter(negative="")] = False,
) -> None:
    """Start the course's environment on this machine, and print the address of its one port.

    What is not installed is listed with the command that installs it; the rest starts. What services keep is below
    ~/.local/share/coursewright, and stays there.

    Parameters
    ----------
    course
        The course's folder; by default the nearest one here or above.
    reset
        Delete what a service keeps before it starts, its databases for instance; asks first.
    yes
        Do not ask, neither about what is deleted nor about others on this machine.
    insecure_no_login
        Let everybody on this machine into Jupyter, and so into this account, without a login.
    """
    opened = open_course(course)
    environment, place = _environment(opened), home.home_of(opened.root)
    _warn(opened, environment)
    _ask_about_others(environment, yes=yes or is_up(place.layout.socket))  # before anything is deleted
    if reset:
        _reset(place, reset, list(environment.services), yes=yes)
    if insecure_no_login:
        _check_loopback(environment)
        say("warning: no login: everybody on this machine can run programs as you; it listens on loopback only")
    running, statuses = _start(partial(run.up, environment, opened.root, place, login=not insecure_no_login))
    shut = running.shut() if running.is_new else {}
    statuses = running.statuses() if shut else statuses
    _tell(environment, running, statuses)
    _address(running, login=not insecure_no_login)
    failed = [one for one in statuses if one.how not in ("ready", "not installed") and one.name not in shut]
    if problems := [*(running.problem(one) for one in failed), *shut.values()]:
        raise SeveralProblems([one.problem for one in problems])


def _environment(course: Course) -> Environment:
    """The environment of a course. Raises CoursewrightError where it has none, or one that cannot be carried out."""
    environment = course.environment()
    if not environment.composed.services:
        hint = 'for instance, in course.toml: [environment] tiers = ["minimal", "base", "jupyter"]'
        raise CoursewrightError("the course has no environment", course.place("environment"), hint)
    if problems := list(infeasible(environment)):
        raise SeveralProblems(problems)
    return environment


def _warn(course: Course, environment: Environment) -> None:
    """Say what does not keep services from starting here, and keeps an image from being made."""
    for warning in (*check(environment), *old_locks(course)):
        if warning.rule != "root":  # here everything is the person's own
            say(f"warning: {warning.message} ({warning.where})")


def _start(
    start: Callable[..., Running], avoid: Set[int] = frozenset(), attempts: int = 3
) -> tuple[Running, Sequence[Status]]:
    """Start it, and anew with other ports when another program was quicker to take one; how it is in the end."""
    running = start(avoid=avoid)
    statuses = follow(run.wait(running), running)
    robbed = {status.port: status.name for status in statuses if status.is_robbed and status.port}
    if not (robbed and running.is_new and attempts > 1):
        return running, statuses
    say(f"another program has taken the port of {' and '.join(robbed.values())} just now: starting again with others")
    run.down(running.home)
    return _start(start, avoid | robbed.keys(), attempts - 1)


def _tell(environment: Environment, running: Running, statuses: Sequence[Status]) -> None:
    """How the services are, how to install what is missing, and which databases are older than their seeds."""
    for line in table(statuses, running):
        say(line)
    for status in statuses:
        for command in install(environment, status.name) if status.missing else ():
            say(f"{status.name} needs {', '.join(status.missing)}: {command}")
    for command in by_conda(environment, running.home.conda):
        say(f"tiers want packages of conda: {command}")
    for name, paths in running.changed().items():
        say(f"{name} was made from other seeds than are now in {', '.join(shown(Path(one)) for one in paths)}")
        say(f"  to begin anew with these, and lose what it keeps: coursewright down, and up --reset {name}")


def _ask_about_others(environment: Environment, *, yes: bool) -> None:
    """Let the person decide where others on the machine could use services that have no login of their own.

    Raises CoursewrightError for root, who is refused without being asked.
    """
    run.check_person()
    services = open_services(environment)
    people = others() if services and not yes else []
    if not people:
        return
    say(f"Other people run programs on this machine: {', '.join(people)}.")
    say(f"They can reach {' and '.join(services)}, which ask for no login, and so read and change what is in there,")
    say("and perhaps run programs as you. Start them all the same? [y/N] ")
    if not _agreed():
        hint = "let them listen at {socket} or ask for a login, take them out of `tiers`, or say --yes"
        raise UsageError("nothing was started", None, hint)


def _agreed() -> bool:
    try:
        return input().strip().lower() in ("y", "yes")
    except EOFError:
        return False


def _check_loopback(environment: Environment) -> None:
    """Without a login nothing may listen to other machines. Raises SeveralProblems."""
    if problems := [one for one in check(environment) if one.rule == "loopback"]:
        raise SeveralProblems(problems)


def _address(running: Running, *, login: bool) -> None:
    """The address to open, with what logs in: the terminal is the user's own."""
    if running.address:
        token = f"lab?token={running.home.password(WEB)}" if login else "lab"
        write(f"{running.address}{token}")


def _reset(place: home.Home, names: tuple[str, ...], known: list[str], *, yes: bool) -> None:
    for name in names:
        if name not in known:
            raise UsageError(f'no service called "{name}"', None, did_you_mean(name, known))
    if is_up(place.layout.socket):
        raise UsageError("the environment is up", None, "coursewright down, and then up with --reset")
    if not yes:
        say(f"What {', '.join(names)} kept in {place.services} will be deleted for good. Delete it? [y/N] ")
        if not _agreed():
            raise UsageError("nothing was deleted, and nothing started")
    for folder in run.reset(place, names):
        say(f"deleted {folder}")
