"""The noun: an environment that is up, and how its services are."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import xmlrpc.client
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coursewright.environments.environment import Environment
from coursewright.environments.runtime.logs import last, said
from coursewright.environments.runtime.ports import is_answered
from coursewright.environments.runtime.program import WEB, ServiceProgram
from coursewright.environments.runtime.ready import is_ready, lets_in
from coursewright.environments.runtime.rpc import ask, is_up
from coursewright.environments.runtime.seeds import digest
from coursewright.environments.runtime.strays import end, strays
from coursewright.environments.services.home import Home
from coursewright.errors import CoursewrightError, Place

_LINES = 10  # of a log that messages show
_LENT = 32768  # the first of the ports that systems lend


@dataclass(frozen=True)
class Status:
    """How a service is, and what it has.

    It is "ready", "starting", "failed", "stopped" or "not installed", and "left behind" where Supervisor was killed and
    the service still runs.
    """

    name: str
    how: str
    port: int | None = None
    path: str = ""
    pid: int | None = None
    missing: tuple[str, ...] = ()
    is_robbed: bool = False  # another program listens at its port

    @property
    def is_settled(self) -> bool:
        """Whether waiting changes nothing."""
        return self.how != "starting" or self.is_robbed


@dataclass(frozen=True)
class Running:
    """An environment that is up: its programs, those that cannot be run here, and whether it was not up before."""

    home: Home
    environment: Environment
    programs: Mapping[str, ServiceProgram]
    left_out: Mapping[str, ServiceProgram]
    is_new: bool = False

    @property
    def address(self) -> str:
        """The address of the one port, without what logs in."""
        web = self.programs.get(WEB)
        return f"http://127.0.0.1:{web.port}/" if web else ""

    def statuses(self, known: Mapping[str, Status] | None = None) -> list[Status]:
        """How each service is, at this moment; those that are `known` are not asked."""
        told, begun, known = self._told(), self.home.layout.begun, known or {}
        found = [
            known.get(name) or _status(program, told.get(name), begun(name)) for name, program in self.programs.items()
        ]
        found += [
            Status(name, "not installed", program.port, program.path, missing=program.missing)
            for name, program in self.left_out.items()
        ]
        return found

    def _told(self) -> dict[str, dict[str, Any]]:
        """What Supervisor says of each service; nothing where it is not up."""
        at = self.home.layout.socket
        return {one["name"]: one for one in ask(at, "getAllProcessInfo")} if is_up(at) else {}

    def changed(self) -> dict[str, tuple[str, ...]]:
        """The services whose seeds have changed since they were made from them, with these; what they keep is older."""
        found = {}
        for name, program in self.programs.items():
            made = Path(program.folder) / "prepared"
            before = made.read_text(encoding="ascii", errors="replace") if made.exists() else ""
            if before and program.made_from and before != digest(program.made_from):
                found[name] = program.made_from
        return found

    def doors(self) -> dict[str, list[str]]:
        """Where services listen beyond loopback, as the system says it: addresses with ports, by the service."""
        told = self._told()
        found = {name: set(_listening(program, told.get(name))) for name, program in self.programs.items()}
        return {
            name: sorted(f"{ip}:{port}" if ":" not in ip else f"[{ip}]:{port}" for ip, port in beyond)
            for name, listening in found.items()
            if (beyond := {(ip, port) for ip, port in listening if not _is_loopback(ip)})
        }

    def unlocked(self) -> dict[str, list[int]]:
        """The ports at which services that are to be private let in everybody on this machine, as measured."""
        private = {name: program for name, program in self.programs.items() if program.path and program.is_private}
        told = self._told() if private else {}
        found = {name: {port for _, port in _listening(program, told.get(name))} for name, program in private.items()}
        return {name: open_ports for name, ports in found.items() if (open_ports := sorted(filter(lets_in, ports)))}

    def shut(self) -> dict[str, CoursewrightError]:
        """Stop every service that others can reach who may not; what is to be said of each, by its name."""
        problems = {}
        for name, ports in self.unlocked().items():
            message = f'the service "{name}" let in everybody on this machine, at port {" and ".join(map(str, ports))}'
            hint = "it was stopped; let it listen at {socket} alone, or ask for the login that `proxy` says"
            problems[name] = self._shut(name, message, hint)
        for name, addresses in self.doors().items():
            message = f'the service "{name}" listened at {" and ".join(addresses)}, where other machines reach it'
            hint = "it was stopped; let it listen on 127.0.0.1, and give it a `path` where it is to be seen outside"
            problems[name] = self._shut(name, message, hint)
        return problems

    def _shut(self, name: str, message: str, hint: str) -> CoursewrightError:
        with contextlib.suppress(xmlrpc.client.Fault):  # it has ended by itself
            ask(self.home.layout.socket, "stopProcess", name)
        program = self.programs[name]
        end(dict.fromkeys(strays(program.folder), program.stop_wait))  # in sessions of their own
        origin = self.environment.composed.services[name]["command",].origin
        return CoursewrightError(message, Place(origin.file, origin.line), hint, "loopback")

    def problem(self, status: Status) -> CoursewrightError:
        """What is to be said of a service that failed or does not become ready: its last lines, and its tier."""
        lines = last(said(self.home.layout.log(status.name)), _LINES)
        origin = self.environment.composed.defined[status.name]
        end = "".join(f"\n    {line}" for line in lines) or " it said nothing"
        how = "does not start" if status.how == "failed" else "does not become ready"
        message = f'the service "{status.name}" of the tier "{origin.tier}" {how}; the end of its log:{end}'
        hint = f"the whole log: coursewright logs {status.name}"
        if status.is_robbed:
            hint = f"another program listens at its port, {status.port}: coursewright down, and then up"
        return CoursewrightError(message, Place(origin.file, origin.line), hint, "environment")


def _is_loopback(address: str) -> bool:
    """Whether an address is this machine's own, one of the fourth version in the form of the sixth too."""
    ip = ipaddress.ip_address(address)
    return (getattr(ip, "ipv4_mapped", None) or ip).is_loopback


def _status(program: ServiceProgram, told: Mapping[str, Any] | None, begun: Path) -> Status:
    how, is_robbed = "stopped" if told or not strays(program.folder) else "left behind", False
    if told:
        by = {"FATAL": "failed", "STOPPED": "stopped", "STOPPING": "stopped"}
        how = by.get(told["statename"], "starting")
        is_robbed = how != "stopped" and _is_somebody_elses(program, told)
        if told["statename"] == "RUNNING" and not is_robbed and _is_noted(begun, told["pid"]):
            how = "ready" if is_ready(program.ready, {**os.environ, **program.environment}) else "starting"
    pid = told["pid"] or None if told else None
    return Status(program.name, how, program.port, program.path, pid, is_robbed=is_robbed)


def _is_noted(begun: Path, pid: int) -> bool:
    """Whether a program itself runs in its process, and not what comes before it."""
    try:
        return begun.read_text(encoding="ascii") == str(pid)
    except OSError:
        return False


def _is_somebody_elses(program: ServiceProgram, told: Mapping[str, Any]) -> bool:
    """Whether another program listens at the port of a service, and answers in its place."""
    port = program.port
    return port is not None and is_answered(port) and port not in (at for _, at in _listening(program, told))


def _listening(program: ServiceProgram, told: Mapping[str, Any] | None) -> Iterator[tuple[str, int]]:
    """The addresses and ports at which the processes of a service listen: its own, and those that it started."""
    import psutil

    own = [told["pid"]] if told and told["pid"] else []
    for one in dict.fromkeys((*own, *strays(program.folder))):
        with contextlib.suppress(psutil.Error):  # it has ended
            for process in (psutil.Process(one), *psutil.Process(one).children(recursive=True)):
                for connection in process.net_connections("inet"):
                    if connection.status == psutil.CONN_LISTEN or _is_answering(connection):
                        yield connection.laddr.ip, connection.laddr.port


def _is_answering(connection: Any) -> bool:
    """Whether somebody may send datagrams there: to a port that was chosen, and not lent by the system to ask at."""
    is_open = connection.type == socket.SOCK_DGRAM and connection.laddr and not connection.raddr
    return bool(is_open) and connection.laddr.port < _LENT
