"""The noun: a tier, one layer of an environment, which is a folder with a `tier.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from msgspec import to_builtins

from coursewright import settings
from coursewright.environments.images import sources
from coursewright.environments.runtime.compose import Fragment
from coursewright.environments.runtime.plan import listens_at_socket
from coursewright.environments.runtime.proxy import RESERVED
from coursewright.environments.written import Service, Single, TierSettings
from coursewright.errors import CoursewrightError, Place, Problem, SeveralProblems, did_you_mean, shown

FILE = "tier.toml"
CATALOGUE = Path(__file__).parent / "catalogue"


@dataclass(frozen=True, eq=False)
class Tier:
    """One tier: its folder, what its file says, and the text of that file."""

    folder: Path
    written: TierSettings
    text: str

    @property
    def name(self) -> str:
        """The name by which other tiers and images know it."""
        return self.written.tier.name

    @property
    def fragment(self) -> Fragment:
        """What it says of services, with the line of every key, as images carry it."""
        said = tomllib.loads(self.text)
        services, amend = said.get("services", {}), said.get("amend", {})
        lines = dict(_lines(self.text, {"services": services, "amend": amend}))
        return Fragment(self.name, shown(self.folder / FILE), services, amend, tuple(self.written.users), lines)

    def place(self, *path: str) -> Place:
        """The place of a key of its file."""
        line = settings.line_of(self.text, path)
        return Place(self.folder / FILE, None if line is None else line + 1, ".".join(path))


def read_tier(folder: Path) -> Tier:
    """The tier in `folder`. Raises SeveralProblems with everything in its file that does not fit."""
    file = folder / FILE
    text = settings.read_text(file)
    tier = Tier(folder, settings.read_toml(text, TierSettings, file), text)
    if problems := list(_problems(tier)):
        raise SeveralProblems(problems)
    return tier


def find_tiers(
    root: Path, names: Sequence[str], below: Sequence[str] = (), place: Place | None = None
) -> tuple[Tier, ...]:
    """The tiers that a course names: of the catalogue, or folders below `root`; by default those of `environment/`.

    Those of `below` stand below them.

    Raises CoursewrightError for one that is not there, is named twice, or stands before one that it needs below it.
    """
    folders = sorted(file.parent for file in (root / "environment").glob(f"*/{FILE}"))
    own = {str(folder.relative_to(root)): folder for folder in folders}
    available = {**{file.parent.name: file.parent for file in CATALOGUE.glob(f"*/{FILE}")}, **own}
    named = [name.rstrip("/") for name in (*below, *(names or own))]
    for name in named:
        if name not in available:
            raise CoursewrightError(f'no tier called "{name}"', place, did_you_mean(name, available))
    tiers = tuple(read_tier(available[name]) for name in named)
    _check_order(tiers)
    return tiers


def _check_order(tiers: Sequence[Tier]) -> None:
    below: dict[str, Tier] = {}
    for tier in tiers:
        if tier.name in below:
            message = f'two tiers are called "{tier.name}": {shown(below[tier.name].folder)} and {shown(tier.folder)}'
            raise CoursewrightError(message, tier.place("tier", "name"), "rename one of them, or leave one out")
        for wanted in tier.written.tier.after:
            if wanted not in below:
                hint = f'name "{wanted}" before it in `tiers`'
                message = f'the tier "{tier.name}" stands on "{wanted}", which is not below it'
                raise CoursewrightError(message, tier.place("tier", "after"), hint)
        below[tier.name] = tier


def _lines(text: str, said: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[str, int]]:
    """The line of each key below `said`, by the keys that lead to it."""
    for key, value in said.items():
        line = settings.line_of(text, (*path, key))
        if line is not None:
            yield ".".join((*path, key)), line + 1
        if isinstance(value, Mapping):
            yield from _lines(text, value, (*path, key))


_NAMED = re.compile(r"[a-z][a-z0-9-]*")
_FILE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OURS = ("/etc/coursewright/tiers", "/usr/lib/coursewright/runtime", "/usr/share/coursewright/course")
_SET_BY_US = frozenset(
    {"HOME", "LD_PRELOAD", "LOGNAME", "PATH", "PYTHONPATH", "USER"}
)  # for every program, at its start
_SECONDS = re.compile(r"[1-9][0-9]{0,5}s")


def _problems(tier: Tier) -> Iterator[Problem]:
    """What no type can say: names, paths, modes and durations in the form that they must have."""
    written = tier.written
    named = [("tier", tier.name), *(("services", name) for name in written.services)]
    named += [("users", name) for name in written.users]
    for table, name in named:
        if not _NAMED.fullmatch(name):
            hint = "small letters, digits and hyphens, a letter first"
            place = tier.place(table, "name" if table == "tier" else name)
            yield Problem(f'"{name}" cannot be a name', place, hint)
    for name, user in written.users.items():
        if user.uid is not None and not 0 < user.uid < 65534:
            hint = "from 1 to 65533: 0 is root's"
            yield Problem(f"{user.uid} is no number of a user", tier.place("users", name, "uid"), hint)
    yield from sources.problems(tier)
    yield from _files(tier)
    for path, names in _variables(written):
        for name in names:
            if not _VARIABLE.fullmatch(name):
                yield Problem(f'"{name}" cannot be a variable', tier.place(*path, name), "letters, digits and _")
    for name in written.environment.keys() & _SET_BY_US:
        hint = "leave it out; say it in the `environment` of a service, or link programs into /usr/local/bin"
        yield Problem(f"{name} of all programs is not a tier's to set", tier.place("environment", name), hint)
    yield from _services(tier)
    yield from _line_breaks(tier, tomllib.loads(tier.text))


def _variables(written: TierSettings) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:
    yield ("environment",), written.environment
    for name, service in written.services.items():
        yield ("services", name, "environment"), service.environment
        yield ("services", name, "exports"), service.exports
    for name, amend in written.amend.items():
        yield ("amend", name, "environment"), amend.environment
        yield ("amend", name, "exports"), amend.exports


def _files(tier: Tier) -> Iterator[Problem]:
    for volume in tier.written.volumes:
        if not re.match("/+[^/]", volume) or ".." in volume.split("/"):
            yield Problem(f'the volume "{volume}" is no whole path', tier.place("volumes"), "begin it with /")
    for name, file in tier.written.files.items():
        to, mode = (file, "") if isinstance(file, str) else (file.to, file.mode)
        place = tier.place("files", name)
        inside = (tier.folder / name).resolve().is_relative_to(tier.folder.resolve())
        if not inside or not (tier.folder / name).exists():
            near = did_you_mean(name, (p.name for p in tier.folder.iterdir() if p.name != FILE))
            yield Problem(f'no file "{name}" in the tier "{tier.name}"', place, near)
        elif link := next(_leading_out(tier.folder, name), None):
            message = f'in "{name}" of the tier "{tier.name}" a link leads out of it: {link.relative_to(tier.folder)}'
            yield Problem(message, place, "put the file itself there")
        if not to.startswith("/") or ".." in to.split("/"):
            yield Problem(f'"{to}" is no whole path', place, "say where the file goes, from / on")
        if any(PurePosixPath(to).is_relative_to(one) for one in _OURS):
            yield Problem(f'"{to}" is among what Coursewright puts into images itself', place, "give it another place")
        if mode and not re.fullmatch("0?[0-7]{3}", mode):
            yield Problem(f'"{mode}" is no mode', place, 'write it as chmod takes it: mode = "0640"')


def _leading_out(folder: Path, name: str) -> Iterator[Path]:
    """The links in a folder of a tier that lead to what is nobody's business in an image."""
    links = (path for path in (folder / name).rglob("*") if path.is_symlink())
    return (path for path in sorted(links) if not path.resolve().is_relative_to(folder.resolve()))


def _services(tier: Tier) -> Iterator[Problem]:
    for name, service in tier.written.services.items():
        at = ("services", name)
        yield from _single_values(tier, at, service)
        ready = service.ready
        if ready:
            yield from _time(tier, (*at, "ready", "timeout"), ready.timeout, "60s")
            if ready.command and ready.http:
                yield Problem("a service is ready by one of `command` and `http`", tier.place(*at, "ready"))
        if service.proxy:
            yield from _time(tier, (*at, "proxy", "timeout"), service.proxy.timeout, "3600s")
            for link in service.proxy.rewrite:
                if not link.startswith("/"):
                    place = tier.place(*at, "proxy", "rewrite")
                    yield Problem(f'"{link}" begins no absolute link', place, "such as /static/")
        is_told = bool(ready and (ready.command or ready.http))
        if service.port is None and not is_told and not listens_at_socket(to_builtins(service)):
            hint = "give it a `port`, or say `ready = { command = … }`"
            yield Problem(f'nothing shows when the service "{name}" is ready', tier.place(*at), hint)
        yield from _configuration(tier, at, service.configuration)
    yield from _amendments(tier)


def _amendments(tier: Tier) -> Iterator[Problem]:
    for name, amend in tier.written.amend.items():
        yield from _configuration(tier, ("amend", name), amend.configuration)
        if amend.set:
            yield from _single_values(tier, ("amend", name, "set"), amend.set)
        if amend.ready and amend.ready.timeout is not None:
            yield from _time(tier, ("amend", name, "ready", "timeout"), amend.ready.timeout, "60s")
        if amend.proxy and amend.proxy.timeout is not None:
            yield from _time(tier, ("amend", name, "proxy", "timeout"), amend.proxy.timeout, "3600s")


def _configuration(tier: Tier, at: tuple[str, ...], files: Mapping[str, str]) -> Iterator[Problem]:
    for name in files:
        if not _FILE.fullmatch(name):
            place = tier.place(*at, "configuration", name)
            yield Problem(f'"{name}" is no name of a file', place, "letters, digits, points, hyphens and _")


def _single_values(tier: Tier, at: tuple[str, ...], said: Service | Single) -> Iterator[Problem]:
    """What no type can say of the port, the path and the patience of a service, whoever sets them."""
    if said.port is not None and not 0 < said.port < 65536:
        yield Problem(f"{said.port} is no port", tier.place(*at, "port"), "a number from 1 to 65535")
    path, name = said.path or "", at[1]
    if path and not re.fullmatch(r"/[A-Za-z0-9_-]+/", path):
        yield Problem(f'"{path}" is no path', tier.place(*at, "path"), f"write it as /{name}/")
    elif path.strip("/").lower() in RESERVED:
        message = f'"{path}" is an address of Jupyter itself'
        yield Problem(message, tier.place(*at, "path"), "give the service another path")
    if said.stop_wait:
        yield from _time(tier, (*at, "stop_wait"), said.stop_wait, "20s")


def _time(tier: Tier, at: tuple[str, ...], said: str, example: str) -> Iterator[Problem]:
    if not _SECONDS.fullmatch(said):
        yield Problem(f'"{said}" is no time', tier.place(*at), f"seconds, such as {example}")


def _line_breaks(tier: Tier, said: Any, path: tuple[str, ...] = ()) -> Iterator[Problem]:
    """A value with a line break would be two lines in a recipe or in Supervisor's file."""
    if isinstance(said, Mapping):
        for key, value in said.items():
            yield from _line_breaks(tier, value, (*path, key))
    elif isinstance(said, list):
        for value in said:
            yield from _line_breaks(tier, value, path)
    elif isinstance(said, str) and re.search(r"[\0\r\n]", said):
        yield Problem(f"{'.'.join(path)} has a line break in it", tier.place(*path), "put scripts into files")
