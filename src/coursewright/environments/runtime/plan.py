"""What is to be run: the services with every placeholder filled in, each a program with its arguments and variables.

Values are put into arguments after these have been taken apart, so that no password and no path can become two.
"""

from __future__ import annotations

import re
import shlex
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from .program import WEB, Proxy, Ready, ServiceProgram, configuration_of, state_of

_PLACEHOLDER = re.compile(  # but ${HOME} of a shell
    r"\{\{|\}\}|\{([a-z][A-Za-z0-9_.:+-]*|(?<!\$\{)[A-Z_][A-Za-z0-9_.:+-]*)\}"
)
_IN_A_FILE = re.compile(  # where braces are the file's own language: those around one name alone
    r"\{\{([a-z][A-Za-z0-9_.:-]*)\}\}|(?<!\$)\{([a-z][A-Za-z0-9_.:-]*)\}"
)
_OWN = ("state", "configuration", "port", "password", "socket")
_SOCKET = "{socket}"
_NO_END = frozenset({"CHLD", "CLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG"})


@dataclass(frozen=True)
class UnfitSetting:
    """A setting of a service that cannot be carried out: where it is, the text there, what is wrong, what to do."""

    service: str
    path: tuple[str, ...]
    text: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f'{".".join(self.path)} of the service "{self.service}": {self.message}'


class UnfitSettings(Exception):
    """Settings of services that cannot be carried out, all of them."""

    def __init__(self, unfit: Sequence[UnfitSetting]) -> None:
        super().__init__("\n".join(map(str, unfit)))
        self.unfit = tuple(unfit)


@dataclass(frozen=True)
class Places:
    """What placeholders stand for: `folder` holds one folder for each service; `find` gives the path of a program.

    `files` are paths that stand somewhere else here than tiers say, `values` what has a name of its own, such as
    `course` and `base`. `environment` is what tiers tell every program, where the image has not told them already;
    `socket` gives the path of a service's socket, which is in its folder otherwise.
    """

    folder: Path
    ports: Mapping[str, int]
    passwords: Mapping[str, str]
    find: Callable[[str], str | None]
    files: Mapping[str, str]
    values: Mapping[str, str]
    environment: Mapping[str, Any] = field(default_factory=dict)
    socket: Callable[[str], str] | None = None

    def socket_of(self, service: str) -> str:
        """Where a service listens that does so at a socket in the file system."""
        return self.socket(service) if self.socket else str(self.folder / service / "socket")


def plan(services: Mapping[str, Mapping[str, Any]], places: Places) -> dict[str, ServiceProgram]:
    """The programs of all services, in their order. Raises UnfitSettings."""
    fillers = {name: _Filler(name, services, places) for name in services}
    # 1. what a service tells the others
    exports: dict[str, str] = {}
    for name, service in services.items():
        exports |= fillers[name].texts("exports", service)
    # 2. each as a program
    programs = {name: _program(service, fillers[name], exports) for name, service in services.items()}
    if unfit := [one for filler in fillers.values() for one in filler.unfit]:
        raise UnfitSettings(unfit)
    # 3. what lets Jupyter in to those that ask for a login
    if web := programs.get(WEB):
        logins = {one.login_variable: one.proxy.login for one in programs.values() if one.proxy.login}
        programs[WEB] = replace(web, environment={**web.environment, **logins})
    return programs


def listens_at_socket(service: Mapping[str, Any]) -> bool:
    """Whether a service says that it listens at a socket in the file system, and so at no port."""
    return any(_SOCKET in str(text) for text in (service.get("command", ""), *service.get("arguments", ())))


def _program(service: Mapping[str, Any], filler: _Filler, exports: Mapping[str, str]) -> ServiceProgram:
    name, places = filler.name, filler.places
    own = filler.texts("environment", service)
    command = filler.command(("command",), service.get("command", ""))
    command += tuple(filler.text(("arguments",), argument) for argument in service.get("arguments", ()))
    first_run = tuple(filler.command(("first_run",), one) for one in service.get("first_run", ()))
    socket = places.socket_of(name) if listens_at_socket(service) else ""
    ready = _ready(service, filler, places.ports.get(name), socket)
    started = filler.found(command)
    program = ServiceProgram(
        name,
        started,
        {**filler.shared, **exports, **own},
        str(places.folder / name),
        user=service.get("user", ""),
        port=places.ports.get(name),
        socket=socket,
        path=service.get("path", ""),
        needs=tuple(service.get("needs", ())),
        first_run=tuple(filler.found(one) for one in first_run),
        ready=replace(ready, command=filler.found(ready.command)) if ready.command else ready,
        stop_signal=filler.signal(service.get("stop_signal") or "TERM"),
        made_from=filler.read(service.get("first_run", ())),
        configuration={name: filler.file(name, at) for name, at in service.get("configuration", {}).items()},
        proxy=_proxy(service.get("proxy") or {}, filler),
        stop_wait=int(_seconds(service.get("stop_wait"), ServiceProgram.stop_wait)),
    )
    return replace(program, missing=tuple(dict.fromkeys(filler.missing)))


def _ready(service: Mapping[str, Any], filler: _Filler, port: int | None, socket: str) -> Ready:
    said = service.get("ready") or {}
    timeout = _seconds(said.get("timeout"), Ready().timeout)
    if said.get("command"):
        return Ready(command=filler.command(("ready", "command"), said["command"]), timeout=timeout)
    if said.get("http"):
        return Ready(http=filler.text(("ready", "http"), said["http"]), timeout=timeout)
    return Ready(socket=socket, timeout=timeout) if socket else Ready(port=port, timeout=timeout)


def _seconds(said: Any, otherwise: float) -> float:
    return float(str(said).removesuffix("s")) if said else otherwise


def words(command: str) -> list[str]:
    """The words of a command, none of one that cannot be taken apart."""
    try:
        return shlex.split(command)
    except ValueError:  # said where the command is filled in
        return []


def as_text(value: Any) -> str:
    """A value of a tier as an environment holds it; truth is written as TOML does."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _proxy(said: Mapping[str, Any], filler: _Filler) -> Proxy:
    return Proxy(
        title=said.get("title") or "",
        icon=filler.text(("proxy", "icon"), said.get("icon") or ""),
        absolute=bool(said.get("absolute")),
        host=filler.text(("proxy", "host"), said.get("host") or ""),
        login=filler.text(("proxy", "login"), said.get("login") or ""),
        rewrite=tuple(said.get("rewrite") or ()),
        timeout=_seconds(said.get("timeout"), Proxy().timeout),
    )


class _Filler:
    """Puts values in the place of placeholders in the settings of one service."""

    def __init__(self, name: str, services: Mapping[str, Mapping[str, Any]], places: Places) -> None:
        self.name, self.services, self.places = name, services, places
        self.missing: list[str] = []
        self.unfit: list[UnfitSetting] = []

    @property
    def shared(self) -> dict[str, str]:
        """What tiers put into the environment of every program, with their files where they are here."""
        return {name: self._with_files(as_text(value)) for name, value in self.places.environment.items()}

    def command(self, path: tuple[str, ...], text: str) -> tuple[str, ...]:
        """A command taken apart as a shell would, and then filled in."""
        try:
            parts = shlex.split(text)
        except ValueError as error:
            return self._refuse(path, text, f"{text!r} is no command: {str(error).lower()}", "close the quotes")
        if not parts:
            return self._refuse(path, text, "it is empty", "name the program and its arguments")
        return tuple(self.text(path, part, text) for part in parts)

    def _refuse(self, path: tuple[str, ...], text: str, message: str, hint: str) -> tuple[str]:
        """Note what cannot be carried out, and go on to find the rest."""
        self.unfit.append(UnfitSetting(self.name, path, text, message, hint))
        return (text,)

    def signal(self, name: str) -> str:
        """The name of a signal, without what all begin with, as Supervisor takes it."""
        bare = name.upper().removeprefix("SIG")
        if f"SIG{bare}" not in signal.Signals.__members__:
            self._refuse(("stop_signal",), name, f'"{name}" is no signal', "for instance TERM, INT or QUIT")
        elif bare in _NO_END:
            self._refuse(("stop_signal",), name, f'"{name}" ends no program', "for instance TERM, INT or QUIT")
        return bare

    def read(self, commands: Sequence[str]) -> tuple[str, ...]:
        """The files and folders of tiers that commands name, where they are here."""
        named = dict.fromkeys(word for command in commands for word in words(command))
        return tuple(self.places.files[word] for word in named if word in self.places.files)

    def found(self, command: tuple[str, ...]) -> tuple[str, ...]:
        """The command with the whole path of its program, which is noted if it is missing."""
        program, *rest = command
        named = "/" in program
        path = (program if Path(program).exists() else None) if named else self.places.find(program)
        if path is None:
            self.missing.append(program)
        return (path or program, *rest)

    def texts(self, key: str, service: Mapping[str, Any]) -> dict[str, str]:
        """The values of a table of the service, such as its `environment`."""
        return {name: self.text((key, name), value) for name, value in service.get(key, {}).items()}

    def text(self, path: tuple[str, ...], value: Any, whole: str = "") -> str:
        """A value, which is a part of the text `whole`, with what its placeholders stand for."""
        text = as_text(value)
        filled = _PLACEHOLDER.sub(lambda found: self._filled(path, whole or text, found), text)
        return self._with_files(filled)

    def file(self, name: str, at: str) -> str:
        """The text of a file of the configuration, with what its placeholders stand for."""
        path = ("configuration", name)
        try:
            text = Path(self._with_files(at)).read_bytes().decode("utf-8")
        except OSError as error:
            return self._refuse(
                path, at, f"{at} cannot be read: {error.strerror}", "put it there by [files] of a tier"
            )[0]
        except UnicodeDecodeError:
            return self._refuse(path, at, f"{at} is not UTF-8 text", "save it as UTF-8")[0]
        filled = []
        for number, line in enumerate(text.split("\n"), 1):
            where = f"line {number} of {at}: "
            value = partial(self._in_a_file, path, at, where)
            filled.append(self._with_files(_IN_A_FILE.sub(value, line)))
        return "\n".join(filled)

    def _in_a_file(self, path: tuple[str, ...], at: str, where: str, found: re.Match[str]) -> str:
        if found[1]:
            return f"{{{found[1]}}}"
        return self._value(path, at, found[2], where, f"{{{{{found[2]}}}}} in a file is {{{found[2]}}} itself")

    def _with_files(self, text: str) -> str:
        for path, place in self.places.files.items():
            here = place.replace("\\", r"\\")
            text = re.sub(rf"(?<![\w./-]){re.escape(path)}(?![\w.-])", here, text)
        return text

    def _filled(self, path: tuple[str, ...], whole: str, found: re.Match[str]) -> str:
        if found[0] in ("{{", "}}"):
            return found[0][0]
        return self._value(path, whole, found[1], "", "a brace is written {{")

    def _value(self, path: tuple[str, ...], whole: str, what: str, where: str, otherwise: str) -> str:
        """What a placeholder stands for; `where` it is, and what to do where it is none, is told with it."""
        if what.startswith("bin:"):
            return self._bin(what.removeprefix("bin:"))
        value = self.places.values.get(what) or self._own(what)
        if value is None:
            known = ", ".join(f"{{{name}}}" for name in (*_OWN, *self.places.values, "bin:NAME", "SERVICE.port"))
            self._refuse(path, whole, f"{where}nothing is called {{{what}}}", f"known: {known}; {otherwise}")
        return value or f"{{{what}}}"

    def _own(self, what: str) -> str | None:
        """What `port`, or `postgres.port`, stands for; None where a service has none."""
        service, dot, own = what.rpartition(".")
        service = service if dot else self.name
        if own not in _OWN or service not in self.services:
            return None
        if own == "state":
            return str(state_of(self.places.folder / service))
        if own == "configuration":
            return str(configuration_of(self.places.folder / service))
        if own == "password":
            return self.places.passwords[service]
        if own == "socket":
            return self.places.socket_of(service)
        port = self.places.ports.get(service)
        return None if port is None else str(port)

    def _bin(self, name: str) -> str:
        path = self.places.find(name)
        if path is None:
            self.missing.append(name)
        return path or name
