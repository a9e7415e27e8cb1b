"""What is to be run: the services with every placeholder filled in, each a program with its arguments and variables.

Values are put into arguments after these have been taken apart, so that no password and no path can become two.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z][A-Za-z0-9_.:+-]*)\}")
_OWN = ("state", "port", "password")


class Unfit(Exception):
    """A setting of a service cannot be filled in: the service, the setting, what is wrong and what may stand there."""

    def __init__(self, service: str, key: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.service, self.key, self.hint = service, key, hint


@dataclass(frozen=True)
class Ready:
    """How a program shows that it is ready: a command, an address or its port; and for how many seconds it may not."""

    command: tuple[str, ...] = ()
    http: str = ""
    port: int | None = None
    timeout: float = 60


@dataclass(frozen=True)
class Program:
    """A service as it is run. `folder` holds what is its own, such as its state; `missing` names absent programs."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str
    user: str = ""
    port: int | None = None
    path: str = ""
    needs: tuple[str, ...] = ()
    first_run: tuple[tuple[str, ...], ...] = ()
    ready: Ready = Ready()
    stop_signal: str = "TERM"
    stop_wait: int = 10
    missing: tuple[str, ...] = ()

    @property
    def state(self) -> Path:
        """The folder in which the service keeps what it is to keep."""
        return state_of(self.folder)

    def written(self) -> dict[str, Any]:
        """The program as JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> Program:
        """The program that `written` gave."""
        lists = {key: tuple(said[key]) for key in ("command", "needs", "missing")}
        first = tuple(tuple(command) for command in said["first_run"])
        ready = Ready(**{**said["ready"], "command": tuple(said["ready"]["command"])})
        return cls(**{**said, **lists, "first_run": first, "ready": ready})


@dataclass(frozen=True)
class Places:
    """What placeholders stand for: `folder` holds one folder for each service; `find` gives the path of a program.

    `files` are paths that stand somewhere else here than tiers say, `values` what has a name of its own, such as
    `course` and `base`.
    """

    folder: Path
    ports: Mapping[str, int]
    passwords: Mapping[str, str]
    find: Callable[[str], str | None]
    files: Mapping[str, str]
    values: Mapping[str, str]


def state_of(folder: str | Path) -> Path:
    """The folder for what a service is to keep, in the folder of the service."""
    return Path(folder) / "state"


def plan(services: Mapping[str, Mapping[str, Any]], places: Places) -> dict[str, Program]:
    """The programs of all services, in their order. Raises Unfit."""
    # 1. what a service tells the others
    exports: dict[str, str] = {}
    for name, service in services.items():
        filler = _Filler(name, services, places)
        for variable, value in service.get("exports", {}).items():
            exports[variable] = filler.text(f"exports.{variable}", value)
    # 2. each as a program
    return {name: _program(name, services, places, exports) for name, _ in services.items()}


def _program(
    name: str, services: Mapping[str, Mapping[str, Any]], places: Places, exports: Mapping[str, str]
) -> Program:
    service, filler = services[name], _Filler(name, services, places)
    own = {key: filler.text(f"environment.{key}", value) for key, value in service.get("environment", {}).items()}
    command = filler.command("command", service["command"])
    command += tuple(filler.text("arguments", argument) for argument in service.get("arguments", ()))
    first_run = tuple(filler.command("first_run", one) for one in service.get("first_run", ()))
    ready = _ready(service, filler, places.ports.get(name))
    started = filler.found(command)
    program = Program(
        name,
        started,
        {**exports, **own},
        str(places.folder / name),
        user=service.get("user", ""),
        port=places.ports.get(name),
        path=service.get("path", ""),
        needs=tuple(service.get("needs", ())),
        first_run=tuple(filler.found(one) for one in first_run),
        ready=replace(ready, command=filler.found(ready.command)) if ready.command else ready,
        stop_signal=service.get("stop_signal") or "TERM",
        stop_wait=int(str(service.get("stop_wait") or "10s").rstrip("s")),
    )
    return replace(program, missing=tuple(dict.fromkeys(filler.missing)))


def _ready(service: Mapping[str, Any], filler: _Filler, port: int | None) -> Ready:
    said = service.get("ready") or {}
    timeout = float(str(said.get("timeout") or "60s").rstrip("s"))
    if said.get("command"):
        return Ready(command=filler.command("ready.command", said["command"]), timeout=timeout)
    if said.get("http"):
        return Ready(http=filler.text("ready.http", said["http"]), timeout=timeout)
    return Ready(port=port, timeout=timeout)


class _Filler:
    """Puts values in the place of placeholders in the settings of one service."""

    def __init__(self, name: str, services: Mapping[str, Mapping[str, Any]], places: Places) -> None:
        self.name, self.services, self.places = name, services, places
        self.missing: list[str] = []

    def command(self, key: str, text: str) -> tuple[str, ...]:
        """A command taken apart as a shell would, and then filled in."""
        try:
            parts = shlex.split(text)
        except ValueError as error:
            raise Unfit(self.name, key, f"{text!r} is no command: {str(error).lower()}", "close the quotes") from None
        if not parts:
            raise Unfit(self.name, key, f"the {key} is empty", "name the program and its arguments")
        return tuple(self.text(key, part) for part in parts)

    def found(self, command: tuple[str, ...]) -> tuple[str, ...]:
        """The command with the whole path of its program, which is noted if it is missing."""
        program, *rest = command
        named = "/" in program
        path = (program if Path(program).exists() else None) if named else self.places.find(program)
        if path is None:
            self.missing.append(program)
        return (path or program, *rest)

    def text(self, key: str, value: Any) -> str:
        """A value with what its placeholders stand for."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        filled = _PLACEHOLDER.sub(lambda found: self._value(key, found), text)
        for path, place in self.places.files.items():
            here = place.replace("\\", r"\\")
            filled = re.sub(rf"(?<![\w./-]){re.escape(path)}(?![\w.-])", here, filled)
        return filled

    def _value(self, key: str, found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        what = found[1]
        if what.startswith("bin:"):
            return self._bin(what.removeprefix("bin:"))
        if what in self.places.values:
            return self.places.values[what]
        service, dot, own = what.rpartition(".")
        service = service if dot else self.name
        if own in _OWN and service in self.services:
            if own == "state":
                return str(state_of(self.places.folder / service))
            if own == "password":
                return self.places.passwords[service]
            if service in self.places.ports:
                return str(self.places.ports[service])
        known = ", ".join(f"{{{name}}}" for name in (*_OWN, *self.places.values, "bin:NAME", "SERVICE.port"))
        raise Unfit(self.name, key, f"nothing is called {found[0]}", f"known: {known}; a brace is written {{{{")

    def _bin(self, name: str) -> str:
        path = self.places.find(name)
        if path is None:
            self.missing.append(name)
        return path or name
