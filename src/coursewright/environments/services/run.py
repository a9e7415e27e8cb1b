"""The verb: an environment on this machine, without a container: `up`, `down`, and how its services are."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from functools import partial
from pathlib import Path

from coursewright.environments.environment import Environment
from coursewright.environments.feasible import problems
from coursewright.environments.runtime import kernels, supervisor
from coursewright.environments.runtime.find import find
from coursewright.environments.runtime.plan import Places, UnfitSettings, plan
from coursewright.environments.runtime.prepare import prepare
from coursewright.environments.runtime.program import LOGINS, WEB, ServiceProgram
from coursewright.environments.runtime.rpc import ask, is_up
from coursewright.environments.runtime.stop import Say, stop
from coursewright.environments.services.home import MARK, Home, claim
from coursewright.environments.services.running import Running, Status
from coursewright.environments.shipped import linked
from coursewright.errors import CoursewrightError, MissingPart, SeveralProblems

_START, _STOP = 10, 30  # seconds for Supervisor itself
_LEFT = 20  # seconds for what it has left where it was killed
_LOOK = 0.2  # seconds between two looks
_ANEW = "stop it, and start it with what is said now: coursewright down, and then up"


def up(
    environment: Environment, course: Path, home: Home, *, login: bool = True, avoid: Set[int] = frozenset()
) -> Running:
    """Start every service that can be, at none of the ports in `avoid`; those that are up stay.

    Raises CoursewrightError.
    """
    check_person()
    try:
        return _up(environment, course, home, login=login, avoid=avoid)
    except OSError as error:
        message = f"{error.filename or home.folder} cannot be written: {error.strerror}"
        raise CoursewrightError(message, None, "make room, or mend it, and try again; nothing was deleted") from None


def _up(environment: Environment, course: Path, home: Home, *, login: bool, avoid: Set[int]) -> Running:
    with home.alone(), home.in_turn():
        if is_up(home.layout.socket):
            running = prepared(environment, course, home, login=login)
            if not supervisor.is_written(running.programs, home.layout):
                raise CoursewrightError("the environment is up, with other settings", None, _ANEW)
            return running
        end_strays(home)  # they have the ports
        running = prepared(environment, course, home, login=login, avoid=avoid)
        prepare(running.programs, home.layout)
        _start(home)
    return replace(running, is_new=True)


def prepared(
    environment: Environment, course: Path, home: Home, *, login: bool = True, avoid: Set[int] | None = None
) -> Running:
    """The programs of an environment as they are to be run here: at the ports that they have, or new ones.

    New ports are those that nobody listens at, and that are not in `avoid`.
    """
    claim(home, course)
    services = {name: environment.composed.service(name) for name in environment.services}
    usual = {name: service["port"] for name, service in services.items() if service.get("port")}
    places = Places(
        home.services,
        home.ports_now(usual) if avoid is None else home.ports(usual, avoid),
        {name: home.password(name) for name in services},
        partial(_find, home),
        environment.files | linked(environment.tiers, home.folder / "files"),
        {"course": str(course.resolve()), "base": "/"},
        environment.variables,
        home.socket_of,
    )
    try:
        programs = plan(services, places)
    except UnfitSettings as error:
        raise SeveralProblems(list(problems(environment, error.unfit))) from None
    if WEB in programs and home.conda.exists():
        programs[WEB] = _with_kernels(programs[WEB], home)
    if not login and WEB in programs:
        programs[WEB] = _without_login(programs[WEB])
    programs = {name: replace(one, user="") for name, one in programs.items()}
    left_out = {name: one for name, one in programs.items() if one.missing}
    while more := {n: p for n, p in programs.items() if n not in left_out and set(p.needs) & set(left_out)}:
        left_out |= more
    return Running(home, environment, {n: p for n, p in programs.items() if n not in left_out}, left_out)


def down(home: Home, say: Say = lambda _: None) -> bool:
    """Stop every service, each with the time that it needs; whether there was anything to stop.

    `say` is told of what had to be killed.
    """
    was_up = is_up(home.layout.socket)
    if was_up:
        pid = ask(home.layout.socket, "getPID")
        stop(home.layout, say)
        _wait_for_end(pid, _STOP)
    return bool(end_strays(home, say)) or was_up


def restart(running: Running, names: Sequence[str]) -> None:
    """Stop services and start them again; what needs them goes on, as when a service ends by itself.

    Raises CoursewrightError for one whose settings are not those any more that it was started with.
    """
    at, programs = running.home.layout.socket, running.programs
    ways = [programs, *([{**programs, WEB: _without_login(programs[WEB])}] if WEB in programs else [])]
    names = list(dict.fromkeys(names))
    for name in names:
        if not any(supervisor.is_written_of(name, each, running.home.layout) for each in ways):
            raise CoursewrightError(f'the service "{name}" was not started with its present settings', None, _ANEW)
    for name in names:
        if ask(at, "getProcessInfo", name)["statename"] in ("STARTING", "RUNNING", "BACKOFF"):
            ask(at, "stopProcess", name)
    for name in names:
        ask(at, "startProcess", name, False)


def wait(running: Running) -> Iterator[list[Status]]:
    """How the services are, again and again until nothing changes any more or their time is over."""
    start, known = time.monotonic(), dict[str, Status]()
    patience = {name: _patience(running.programs, name) for name in running.programs}
    while True:
        statuses = running.statuses(known)
        yield statuses
        late = time.monotonic() - start
        if all(one.is_settled or late > patience.get(one.name, 0) for one in statuses):
            if not known:
                return
            known = {}  # all are looked at once more: one that was ready may have ended since
            continue
        known = {one.name: one for one in statuses if one.how == "ready"}  # each look costs others time
        time.sleep(_LOOK)


def reset(home: Home, names: tuple[str, ...]) -> list[Path]:
    """Delete what services keep, and the folders that it was in; of all services, when none is named."""
    folders = [home.services / name for name in names] if names else sorted(home.services.glob("*"))
    folders = [folder for folder in folders if folder.exists()]
    for folder in folders:
        shutil.rmtree(folder)
    return folders


def end_strays(home: Home, say: Say = lambda _: None) -> list[int]:
    """End what is left of an environment whose Supervisor was killed; the numbers of the processes."""
    import psutil

    strays = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == str(home.folder) and process.pid != os.getpid():
                strays.append(process)
        except (psutil.Error, OSError):  # somebody else's, or gone by now
            continue
    for process in strays:
        process.terminate()
    _, alive = psutil.wait_procs(strays, timeout=_LEFT)
    for process in alive:
        say(f"the process {process.pid} did not end within {_LEFT} s, and was killed")
        process.kill()
    psutil.wait_procs(alive, timeout=5)
    return [process.pid for process in strays]


def check_person() -> None:
    """Raise CoursewrightError for root, and MissingPart where what runs services is not installed."""
    if os.geteuid() == 0:
        hint = "run it as an ordinary user; databases and Jupyter refuse to be root's, and rightly"
        raise CoursewrightError("`coursewright up` does not run services as root", None, hint)
    try:
        import psutil  # noqa: F401 - asked for here, where its absence can be told
        import supervisor.supervisord  # noqa: F401 - as above
    except ImportError:
        hint = 'pip install "coursewright[environments]"'
        raise MissingPart("services need supervisor and psutil", None, hint) from None


def _find(home: Home, name: str) -> str | None:
    return find(name, home.conda / "bin")


def _with_kernels(web: ServiceProgram, home: Home) -> ServiceProgram:
    """Jupyter with the kernels of conda's environment, by the names that they have in images."""
    kernels.show(home.conda, home.folder / "kernels")
    paths = (web.environment.get("JUPYTER_PATH"), str(home.folder / "kernels/share/jupyter"))
    return replace(web, environment={**web.environment, "JUPYTER_PATH": os.pathsep.join(filter(None, paths))})


def _without_login(program: ServiceProgram) -> ServiceProgram:
    environment = {name: value for name, value in program.environment.items() if name != "JUPYTER_TOKEN"}
    return replace(program, command=(*program.command, "--IdentityProvider.token="), environment=environment)


def _start(home: Home) -> None:
    layout = home.layout
    beside = str(Path(sys.executable).parent)  # what programs of this Python's environment look for
    path = os.pathsep.join([beside, str(home.conda / "bin"), os.environ.get("PATH", os.defpath)])
    theirs = {name: value for name, value in os.environ.items() if name not in LOGINS}  # of a Jupyter around this
    environment = {**theirs, "PATH": path, MARK: str(home.folder)}
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(layout.configuration)]
    # It puts itself in the background, where it says no more: what a full disk keeps from its log cannot end it.
    pipe, both, nothing = subprocess.PIPE, subprocess.STDOUT, subprocess.DEVNULL
    ran = subprocess.run(command, env=environment, stdin=nothing, stdout=pipe, stderr=both, check=False)  # noqa: S603 - ours
    end = time.monotonic() + _START
    while not is_up(layout.socket):
        if ran.returncode or time.monotonic() > end:
            said = ran.stdout.decode("utf-8", "replace").strip()
            raise CoursewrightError(f"Supervisor does not start: {said[-500:] or 'it said nothing'}")
        time.sleep(0.05)


def _patience(programs: Mapping[str, ServiceProgram], name: str) -> float:
    program = programs[name]
    return program.ready.timeout + max((_patience(programs, need) for need in program.needs), default=0)


def _wait_for_end(pid: int, seconds: float) -> None:
    import psutil

    try:
        psutil.Process(pid).wait(timeout=seconds)
    except psutil.Error:
        return
