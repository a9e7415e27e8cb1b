"""What an image runs: `python3 -m runtime.entry [COMMAND …]`.

Without a command the services run until a signal ends them, and what they say is in the container's output. With one,
as BinderHub and JupyterHub give it, the command runs in front, with the services but Jupyter behind it: they start by
themselves and it waits for none of them, since a hub gives up after thirty seconds. Its exit status is the command's;
without one it is 1 when a service could not be kept running, and 0 otherwise.

Before all of that the course is brought into the learner's home, and what tiers or the person who starts the container
put into /etc/coursewright/before-start.d is run.

What it is told from outside: JUPYTER_TOKEN, or JUPYTER_TOKEN_FILE with the path of a file that holds it (otherwise the
token is made at random), and likewise POSTGRES_PASSWORD and POSTGRES_PASSWORD_FILE for any service; COURSEWRIGHT_IP and
COURSEWRIGHT_PORT, where Jupyter listens; COURSEWRIGHT_COURSE, the course's folder; COURSEWRIGHT_CONTENT, a repository
that holds the course, and COURSEWRIGHT_CONTENT_BRANCH ("main"), in place of what is in the image; COURSEWRIGHT_TIERS,
where what tiers say is, in an image that is not ours; NB_UID and NB_GID, the learner's numbers where root starts.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from . import content, elsewhere, hooks
from .account import Account, account
from .compose import compose, order, read_fragments
from .find import find
from .passwords import password
from .plan import Places, UnfitSettings, plan
from .ports import any_free, is_free
from .prepare import module, prepare, starter
from .program import LOGINS, WEB, ServiceProgram
from .stop import HEAD_START, stop
from .supervisor import Layout, write_secret
from .watch import ServiceWatch

_LAST = 2  # seconds for Supervisor and the command in front, when all services have ended
_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_NOT_AS_IT_SHOULD_BE = 78  # of sysexits.h
_OURS = str(Path(__file__).resolve().parent.parent)
_BASE = re.compile(r"--(?:\w+\.)?base_url=(.*)")


@dataclass(frozen=True)
class Container:
    """The services of an image as they are to be run in it; `left_out` are those whose programs are not there."""

    programs: Mapping[str, ServiceProgram]
    left_out: Mapping[str, ServiceProgram]
    layout: Layout
    course: str


def main(command: Sequence[str]) -> int:
    """Run the services, and the command in front of them; the exit status."""
    try:
        learner = account(_say)
        _begin(learner)
        home = folder(learner.home)
        _noted().write_text(str(home), encoding="utf-8")
        container = planned(elsewhere.tiers(), home, course(learner.home), command)
    except (UnfitSettings, ValueError, OSError) as error:
        _say(str(error))
        return _NOT_AS_IT_SHOULD_BE
    for name, program in container.left_out.items():
        _say(f"{name} is not started: there is no {', '.join(program.missing)}")
    ip = os.environ.get("COURSEWRIGHT_IP", "0.0.0.0")  # noqa: S104 - the container's, not the machine's
    prepare(container.programs, container.layout, ip=ip, fronted=bool(command), keeping=True)
    watch = ServiceWatch(container.layout, [name for name in container.programs if not (command and name == WEB)])
    supervisor = subprocess.Popen(  # noqa: S603 - ours
        [find("supervisord") or "supervisord", "-n", "-c", str(container.layout.configuration)],
        stdin=subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if name not in LOGINS},  # for the command in front
        start_new_session=True,  # an init tells all of its session to stop; Supervisor is told here, once
    )
    threading.Thread(target=watch.run, daemon=True).start()
    front = _front(command, container, learner) if command else None
    _until_asked(front or supervisor)
    _stop(container, front)
    if not _wait(supervisor, _LAST):
        supervisor.terminate()  # where it did not answer yet
    failed = supervisor.wait()
    watch.finish()
    if front:
        status = front.wait()
        return status if status >= 0 else 128 - status
    return 1 if failed or watch.failed or container.left_out else 0


def _begin(learner: Account) -> None:
    """What comes before the services: the learner's variables, the course, and the hooks. Raises ValueError."""
    os.environ["PATH"] = os.pathsep.join([os.environ.get("PATH", os.defpath), str(learner.home / ".local/bin")])
    paths = os.environ.pop("PYTHONPATH", "").split(os.pathsep)  # ours, by which this was found, is not for notebooks
    if theirs := os.pathsep.join(one for one in paths if one and one != _OURS):
        os.environ["PYTHONPATH"] = theirs
    if os.geteuid() != 0:
        os.environ.update(learner.environment)
    bring = _bringing(course(learner.home))
    _as_learner(bring, learner).wait()  # what it cannot do it says: services are of use without the course, too
    os.environ.update(hooks.run(hooks.FOLDER, partial(_as_learner, learner=learner), _say))


def _bringing(to: str) -> tuple[str, ...]:
    """The command that brings the course: what is in the image, or what a repository holds."""
    if address := os.environ.get("COURSEWRIGHT_CONTENT"):
        return (*module("pull"), address, os.environ.get("COURSEWRIGHT_CONTENT_BRANCH", "main"), to)
    return (*module("content"), str(content.SOURCE), to)


def course(home: Path) -> str:
    """The learner's folder of the course."""
    return os.environ.get("COURSEWRIGHT_COURSE") or str(home / "course")


def planned(tiers: Path, home: Path, course: str, command: Sequence[str] = ()) -> Container:
    """The services that the fragments in `tiers` make, with what they keep in `home`, for the folder `course`.

    Raises ValueError for conflicts, UnfitSettings.
    """
    composed = compose(read_fragments(tiers))
    if composed.conflicts:
        raise ValueError("\n".join(f"{one.message}\n  --> {one.origin}" for one in composed.conflicts))
    services = {name: composed.service(name) for name in order(composed)}
    passwords = {name: _secret(home, name) for name in services}
    ports = {name: _port(name, service["port"]) for name, service in services.items() if service.get("port")}
    values = {"course": course, "base": base_of(command)}
    programs = plan(services, Places(home / "services", ports, passwords, find, elsewhere.files(), values))
    if os.geteuid() != 0:
        programs = {name: replace(one, user="") for name, one in programs.items()}
    left_out = {name: one for name, one in programs.items() if one.missing}
    there = {name: one for name, one in programs.items() if not one.missing}
    return Container(there, left_out, Layout(home / "run", home / "run/supervisor.sock"), course)


def _secret(home: Path, service: str) -> str:
    """The token of Jupyter or the password of another service: what is given from outside, or one made at random.

    Raises ValueError for another than the one that the service was made with: a database would not take it.
    """
    variable = "JUPYTER_TOKEN" if service == WEB else f"{service.upper().replace('-', '_')}_PASSWORD"
    given = _given(variable)
    if service == WEB:
        return given or password(home / "passwords", service)
    os.environ.pop(variable, None)  # other services have no business with it
    kept = home / "passwords" / service
    if given and not kept.exists():
        if not re.fullmatch("[A-Za-z0-9_-]+", given):
            raise ValueError(f"{variable} has signs that an address cannot have; letters, digits, _ and - can be in it")
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_secret(kept, given)
    if given and password(home / "passwords", service) != given:
        raise ValueError(f"{variable} is not the one that {service} was made with, which is in {kept}")
    return password(home / "passwords", service)


def _given(variable: str) -> str:
    """A secret from outside, as the value of a variable or in the file that it names. Raises ValueError, OSError."""
    said, file = os.environ.get(variable, ""), os.environ.get(f"{variable}_FILE")
    if not file:
        return said
    if said:
        raise ValueError(f"{variable} and {variable}_FILE are both set: say one of them")
    try:
        text = Path(file).read_text(encoding="utf-8").strip()
    except UnicodeDecodeError:
        raise ValueError(f"{file}, which {variable}_FILE names, is no text") from None
    if not text:
        raise ValueError(f"{file}, which {variable}_FILE names, is empty")
    return text


def _port(name: str, usual: int) -> int:
    """Jupyter's is where it is expected; any other may be moved, where the network is not the container's own."""
    if name == WEB:
        return int(os.environ.get("COURSEWRIGHT_PORT", usual))
    return usual if is_free(usual) else any_free()


def folder(home: Path) -> Path:
    """Where services keep what they keep: below /var/lib for root, and in the home of anybody else."""
    if os.geteuid() == 0:
        return Path("/var/lib/coursewright")
    return home / ".local/share/coursewright/image"


def folder_now() -> Path | None:
    """Where the services of this container keep what they keep; None when they have not been started."""
    try:
        return Path(_noted().read_text(encoding="utf-8"))
    except OSError:
        return None


def _noted() -> Path:
    return Path(tempfile.gettempdir()) / f"coursewright-{os.geteuid()}"


def base_of(command: Sequence[str]) -> str:
    """The path that Jupyter is under: what a command says of it, a hub, or nothing."""
    said = next((found[1] for part in command if (found := _BASE.fullmatch(part))), "")
    parts = list(command)
    for option in ("--base_url", "--ServerApp.base_url", "--NotebookApp.base_url"):
        if option in parts[:-1]:
            said = parts[parts.index(option) + 1]
    base = said or os.environ.get("JUPYTERHUB_SERVICE_PREFIX", "/")
    return f"/{base.strip('/')}/" if base.strip("/") else "/"


def _front(command: Sequence[str], container: Container, learner: Account) -> subprocess.Popen[bytes]:
    """The command, with all that Jupyter would have been told but its token: a hub has its own."""
    if WEB in container.programs:
        command = (*starter(container.layout, WEB), *command)
    there = container.course if Path(container.course).is_dir() else learner.home
    return _as_learner(command, learner, cwd=there)


def _as_learner(
    command: Sequence[str], learner: Account, more: Mapping[str, str] = MappingProxyType({}), **how: Any
) -> subprocess.Popen[bytes]:
    """Start a command as the learner, with the variables `more`."""
    if os.geteuid() == 0:
        how |= {"user": learner.uid, "group": learner.gid, "extra_groups": []}
    return subprocess.Popen(command, env={**os.environ, **learner.environment, **more}, **how)  # noqa: S603 - ours, or what the container was started with


class _StopRequest(Exception):
    """A signal asks for the end."""


def _until_asked(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process ends, or a signal asks for the end: the first, no other is heard."""

    def ask(*_: object) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        if process.returncode is None:
            raise _StopRequest

    try:
        for number in _SIGNALS:
            signal.signal(number, ask)
        process.wait()
    except _StopRequest:
        pass


def _stop(container: Container, front: subprocess.Popen[bytes] | None) -> None:
    """Stop what is in front, and the services a moment later: a notebook may still write into a database."""
    if front and front.poll() is None:
        front.terminate()
        _wait(front, HEAD_START)
    stop(container.layout, _say)
    if front and not _wait(front, _LAST):
        _say("the command in front did not end, and was killed")
        front.kill()


def _wait(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a process, for so many seconds; whether it has ended."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(seconds)
    return process.returncode is not None


def _say(text: str) -> None:
    print(f"coursewright: {text}", file=sys.stderr, flush=True)  # noqa: T201 - the container's output


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
