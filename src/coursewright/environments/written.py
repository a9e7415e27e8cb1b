"""The shapes of `tier.toml`: every key that it may have, what it means and its type."""

from __future__ import annotations

from typing import Literal

import msgspec

Value = str | int | float | bool


class AboutTier(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[tier]`: its name, one line on what it is for, and what it needs from the base.

    `distributions` are those whose packages it names (`ID` in /etc/os-release; empty: any), `after` the tiers that must
    stand below it.
    """

    name: str
    summary: str = ""
    distributions: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


class Packages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[packages]`: what is installed from Debian (`apt`), for Python (`pip`), for Node (`npm`) and for R (`r`).

    What is installed from channels of conda (`conda`) is in an environment of its own, beside that of `pip`.
    """

    apt: tuple[str, ...] = ()
    pip: tuple[str, ...] = ()
    conda: tuple[str, ...] = ()
    npm: tuple[str, ...] = ()
    r: tuple[str, ...] = ()


class PackageRepository(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[repositories.NAME]`: packages of Debian's form that somebody else publishes, signed with their own key.

    `key` is a file of the tier, or its https address; `fingerprint` says which key it has to be. `uri`, `suite` and
    `components` are what sources.list(5) calls so; a suite that ends with a slash has no components.
    """

    uri: str
    suite: str
    key: str
    fingerprint: str
    components: tuple[str, ...] = ("main",)


class Conda(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[conda]`: the channels of the packages of conda, the first before the others, and no channel beside them.

    `micromamba` is the image from which the program comes that installs them.
    """

    channels: tuple[str, ...] = ("conda-forge",)
    micromamba: str = "docker.io/mambaorg/micromamba:2.5.0"


class TierFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file or folder of the tier in the image: where it goes, whose it is, and its mode as chmod writes it.

    With `override` it takes the place of what an earlier tier has put there.
    """

    to: str
    owner: str = "root"
    mode: str = ""
    override: bool = False


class User(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A user that the tier makes; `home` is where its programs keep their own files. A package may make it instead."""

    home: str = ""
    uid: int | None = None
    package: bool = False


class ReadySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a service shows that it is ready: a command that succeeds, or an address that answers; otherwise its port.

    `timeout` is for how long it may take from its start on, with what is run before the first one.
    """

    command: str = ""
    http: str = ""
    timeout: str = "60s"


class ProxySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a web service is reached behind Jupyter's port, by jupyter-server-proxy.

    `title` and `icon` (a picture's path) are what the launcher shows. A service that is `absolute` is told whole paths,
    with what stands before its own. `host` is the Host header that it is given, where it insists on one, and `login` is
    "NAME:{password}", where it asks for one (by HTTP's scheme Basic). Absolute links in its pages that begin with one
    of `rewrite`, such as "/static/", are moved below its path; redirects always are.
    `timeout` is for how long an answer may take, a download to its last byte.
    """

    title: str = ""
    icon: str = ""
    absolute: bool = False
    host: str = ""
    login: str = ""
    rewrite: tuple[str, ...] = ()
    timeout: str = "3600s"


class Service(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[services.NAME]`: a program that the environment keeps running.

    In commands and values `{state}` is the service's own folder, `{port}` its port, `{password}` its own password, and
    `{service.port}` that of another service. One that listens at `{socket}`, a path, needs no port, and is reached by
    nobody but its user. `configuration` are files of tiers, by the names that they get in the folder `{configuration}`,
    in which the same is filled in before each start; nobody but the service can read them. `first_run` is run before
    its first start; `seeds` are the kinds of files that it takes then of a folder of seeds; `needs` are the services
    that must be ready before it starts; `exports` are variables that notebooks and other services see.
    """

    command: str
    summary: str = ""
    user: str = ""
    port: int | None = None
    path: str = ""
    arguments: tuple[str, ...] = ()
    configuration: dict[str, str] = {}
    first_run: tuple[str, ...] = ()
    seeds: tuple[Literal["csv", "json", "sql", "tsv"], ...] = ()
    needs: tuple[str, ...] = ()
    environment: dict[str, Value] = {}
    exports: dict[str, Value] = {}
    ready: ReadySettings | None = None
    proxy: ProxySettings | None = None
    stop_signal: str = ""
    stop_wait: str = ""


class ListChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What becomes of a list: `replace` puts another in its place, `remove` and `add` change it, in this order."""

    replace: tuple[str, ...] | None = None
    remove: tuple[str, ...] = ()
    add: tuple[str, ...] = ()


class Single(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[amend.NAME.set]`: single values of a service."""

    command: str | None = None
    summary: str | None = None
    user: str | None = None
    port: int | None = None
    path: str | None = None
    stop_signal: str | None = None
    stop_wait: str | None = None


class ReadyChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[amend.NAME.ready]`: what changes in how a service shows that it is ready."""

    command: str | None = None
    http: str | None = None
    timeout: str | None = None


class ProxyChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[amend.NAME.proxy]`: what changes in how a web service is reached."""

    title: str | None = None
    icon: str | None = None
    absolute: bool | None = None
    host: str | None = None
    login: str | None = None
    rewrite: tuple[str, ...] | None = None
    timeout: str | None = None


class Amend(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[amend.NAME]`: what this tier changes in a service of an earlier one; with `override`, what another has set."""

    override: bool = False
    set: Single | None = None
    unset: tuple[str, ...] = ()
    arguments: ListChange | None = None
    configuration: dict[str, str] = {}
    first_run: ListChange | None = None
    needs: ListChange | None = None
    environment: dict[str, Value] = {}
    exports: dict[str, Value] = {}
    ready: ReadyChange | None = None
    proxy: ProxyChange | None = None


class Build(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`[build]`: commands that are run while the image is built, after packages and files are in place."""

    commands: tuple[str, ...] = ()


class TierSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole `tier.toml`."""

    tier: AboutTier
    packages: Packages = Packages()
    repositories: dict[str, PackageRepository] = {}
    conda: Conda | None = None
    files: dict[str, str | TierFile] = {}
    users: dict[str, User] = {}
    volumes: tuple[str, ...] = ()
    environment: dict[str, Value] = {}
    services: dict[str, Service] = {}
    amend: dict[str, Amend] = {}
    build: Build = Build()
