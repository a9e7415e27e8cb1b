"""The noun behind `coursewright up`: the folder in which the environment of one course lives on this machine.

course             the course that it belongs to
ports.json         which port each service has
passwords/NAME     the password of a service, which nobody else can read
services/NAME/     what a service keeps: `state`; and the files of its `configuration`, written anew at each start
files/             folders into which several tiers put files, as links
conda/             what tiers ask of conda, where somebody has installed it
run/               what Supervisor is told, its log, and those of the services
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from coursewright.environments.runtime import sockets
from coursewright.environments.runtime.passwords import password
from coursewright.environments.runtime.ports import any_free, is_free
from coursewright.environments.runtime.rpc import is_up
from coursewright.environments.runtime.supervisor import Layout
from coursewright.errors import CoursewrightError, MissingPart

try:
    import fcntl
except ImportError:  # on Windows
    hint = "on Windows, in its Linux (WSL), or in a container: coursewright image"
    raise MissingPart("services run on Linux and macOS", None, hint) from None

MARK = "COURSEWRIGHT_ENVIRONMENT"  # a variable of every process of an environment: its folder


@dataclass(frozen=True)
class Home:
    """The folder of an environment."""

    folder: Path

    @property
    def services(self) -> Path:
        """The folder of what services keep."""
        return self.folder / "services"

    @property
    def conda(self) -> Path:
        """The folder for an environment of conda."""
        return self.folder / "conda"

    @property
    def layout(self) -> Layout:
        """The files of Supervisor; its socket is elsewhere when this folder's path is too long for one."""
        run = self.folder / "run"
        return Layout(run, self._socket(run / "supervisor.sock"))

    def socket_of(self, service: str) -> str:
        """Where a service listens that does so at a socket in the file system."""
        return str(self._socket(self.services / service / "socket"))

    def _socket(self, wanted: Path) -> Path:
        try:
            return sockets.place(wanted)
        except PermissionError as error:
            hint = "set TMPDIR to a folder of your own"
            raise CoursewrightError(f"{error.filename} is no place for sockets: {error.strerror}", None, hint) from None

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one command at a time change the environment."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                hint = "wait until it has finished"
                raise CoursewrightError(f"another command is at work on {self.folder}", None, hint) from None
            yield

    @contextmanager
    def in_turn(self) -> Iterator[None]:
        """Let one of the person's environments at a time choose its ports and start."""
        with (self.folder.parent / ".starting").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def password(self, name: str) -> str:
        """The password of a service, made when it is first asked for."""
        try:
            return password(self.folder / "passwords", name)
        except ValueError as error:
            raise CoursewrightError(
                str(error), None, "delete it, and the service with --reset: both are made anew"
            ) from None

    def ports(self, usual: Mapping[str, int], avoid: Set[int] = frozenset()) -> dict[str, int]:
        """A port for each service: its usual one, the one that it had, or, when these are taken, any that is free."""
        before, taken = self._ports_before(), self._ports_of_others() | avoid
        chosen: dict[str, int] = {}
        for name, port in usual.items():
            wanted = filter(is_free, (port, before.get(name, port)))
            chosen[name] = next(one for one in chain(wanted, iter(any_free, None)) if one not in taken)
            taken.add(chosen[name])
        new = self.folder / ".ports.json.new"
        new.write_text(json.dumps(chosen), encoding="utf-8")
        new.replace(self.folder / "ports.json")
        return chosen

    def ports_now(self, usual: Mapping[str, int]) -> dict[str, int]:
        """The port that each service has while the environment is up."""
        return {**usual, **{name: port for name, port in self._ports_before().items() if name in usual}}

    def _ports_of_others(self) -> set[int]:
        """The ports of the person's other environments that are up, whether or not their services listen by now."""
        others = [Home(file.parent) for file in self.folder.parent.glob("*/ports.json") if file.parent != self.folder]
        return {port for one in others if is_up(one.layout.socket) for port in one._ports_before().values()}

    def _ports_before(self) -> dict[str, int]:
        try:
            said = json.loads((self.folder / "ports.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # a file that is damaged costs a port, not the work
            return {}
        said = said if isinstance(said, dict) else {}
        return {name: port for name, port in said.items() if isinstance(port, int) and 0 < port < 65536}


def home_of(course: Path) -> Home:
    """Where the environment of the course in the folder `course` lives; two courses of one name have two homes."""
    base = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local/share") / "coursewright"
    course = course.resolve()
    name = re.sub(r"[^A-Za-z0-9._-]", "-", course.name) or "course"
    for folder in (base / name, base / f"{name}-{hashlib.sha256(os.fsencode(course)).hexdigest()[:8]}"):
        owner = folder / "course"
        if not owner.exists() or owner.read_text(encoding="utf-8") == str(course):
            break
    return Home(folder)


def claim(home: Home, course: Path) -> None:
    """Write down whose home it is."""
    home.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home.folder / "course").write_text(str(course.resolve()), encoding="utf-8")
