"""The noun: a program, which is a service as it is run, with every placeholder filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

WEB = "jupyter"  # the one service that is reached from outside, and leads to the others
# What logs in to a Jupyter, or to a hub as its user: no service's business.
LOGINS = frozenset({"JUPYTER_TOKEN", "JUPYTERHUB_API_TOKEN", "JPY_API_TOKEN"})


@dataclass(frozen=True)
class Ready:
    """How a program shows that it is ready: a command, an address, its port or socket; and for how many seconds not."""

    command: tuple[str, ...] = ()
    http: str = ""
    port: int | None = None
    socket: str = ""
    timeout: float = 60


@dataclass(frozen=True)
class Proxy:
    """How a program is reached behind Jupyter's port, as tiers say it; `timeout` are the seconds an answer may take."""

    title: str = ""
    icon: str = ""
    absolute: bool = False
    host: str = ""
    login: str = ""
    rewrite: tuple[str, ...] = ()
    timeout: float = 3600


@dataclass(frozen=True)
class ServiceProgram:
    """A service as it is run. `folder` holds what is its own, such as its state; `missing` names absent programs.

    `made_from` are the files and folders of tiers that its first run reads, such as the seeds of a database;
    `configuration` are the texts of files that are written before each start, by their names.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: str
    user: str = ""
    port: int | None = None
    socket: str = ""
    path: str = ""
    needs: tuple[str, ...] = ()
    first_run: tuple[tuple[str, ...], ...] = ()
    ready: Ready = Ready()
    stop_signal: str = "TERM"
    stop_wait: int = 10
    missing: tuple[str, ...] = ()
    proxy: Proxy = Proxy()
    made_from: tuple[str, ...] = ()
    configuration: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_private(self) -> bool:
        """Whether nobody but its user is to be let in, by its socket or its login."""
        return bool(self.socket or self.proxy.login)

    @property
    def login_variable(self) -> str:
        """The variable of Jupyter's from which its login is taken: settings hold no secret."""
        return f"COURSEWRIGHT_LOGIN_{self.name.upper().replace('-', '_')}"

    @property
    def state(self) -> Path:
        """The folder in which the service keeps what it is to keep."""
        return state_of(self.folder)

    def written(self) -> dict[str, Any]:
        """The program as JSON holds it."""
        return asdict(self)

    @classmethod
    def read(cls, said: Mapping[str, Any]) -> ServiceProgram:
        """The program that `written` gave."""
        lists = {key: tuple(said[key]) for key in ("command", "needs", "missing", "made_from")}
        first = tuple(tuple(command) for command in said["first_run"])
        ready = Ready(**{**said["ready"], "command": tuple(said["ready"]["command"])})
        proxy = Proxy(**{**said["proxy"], "rewrite": tuple(said["proxy"]["rewrite"])})
        return cls(**{**said, **lists, "first_run": first, "ready": ready, "proxy": proxy})


def config_of(web: ServiceProgram) -> Path:
    """The folder of Jupyter's settings that are written anew at every start."""
    return web.state / "config"


def configuration_of(folder: str | Path) -> Path:
    """The folder for the files of a service's configuration, in the folder of the service."""
    return Path(folder) / "configuration"


def background(folder: str) -> Path:
    """The file that says that the service of the folder puts itself into the background."""
    return Path(folder) / "in-background"


def state_of(folder: str | Path) -> Path:
    """The folder for what a service is to keep, in the folder of the service."""
    return Path(folder) / "state"
