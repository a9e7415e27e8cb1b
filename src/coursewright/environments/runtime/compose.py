"""The verb: the services of an environment, put together from what every tier says of them.

A tier defines a service once; tiers after it amend it. Maps merge by key, lists take `add`, `remove` and `replace`, a
single value is `set`; whoever sets what another tier has set says `override`. The result hangs on the tiers and their
order alone, and remembers for each setting where it comes from and what it replaced.

In images the last step composes the fragments of all tiers that it finds, and speaks of tiers as the dictionaries that
their fragments hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = "/etc/coursewright/tiers"


@dataclass(frozen=True)
class Origin:
    """What set a setting: the tier, its file and the line there (counted from 1, None if not known)."""

    tier: str
    file: str
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Setting:
    """A value of a service, where it comes from, and the setting that it replaced; a removed one has no value."""

    value: Any
    origin: Origin
    replaced: Setting | None = None


@dataclass(frozen=True)
class Conflict:
    """Two tiers, or one, that cannot both be right: what is wrong, where, and what to do."""

    message: str
    origin: Origin
    hint: str = ""


@dataclass(frozen=True)
class Fragment:
    """What one tier says of services: `services`, `amend` and `users` of its file, and the lines of its keys."""

    tier: str
    file: str
    services: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    amend: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    users: tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    def origin(self, *path: str) -> Origin:
        """The place of a key, or of the nearest one around it that is known."""
        for end in range(len(path), 0, -1):
            if (line := self.lines.get(".".join(path[:end]))) is not None:
                return Origin(self.tier, self.file, line)
        return Origin(self.tier, self.file)


@dataclass
class Composition:
    """Services by name, each a map of paths, such as ("environment", "PATH"), to settings; where each is defined."""

    services: dict[str, dict[tuple[str, ...], Setting]] = field(default_factory=dict)
    defined: dict[str, Origin] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)

    def service(self, name: str) -> dict[str, Any]:
        """The service as its tiers leave it: single values, lists and maps."""
        made: dict[str, Any] = {}
        for (key, *below), setting in self.services[name].items():
            if setting.value is None:
                continue
            if below:
                made.setdefault(key, {})[below[0]] = setting.value
            else:
                many = isinstance(setting.value, tuple)
                made[key] = [item.value for item in setting.value] if many else setting.value
        return made


def read_fragments(folder: Path) -> list[Fragment]:
    """The fragments that tiers left in an image, in the order of their names."""
    said = [(file, json.loads(file.read_text(encoding="utf-8"))) for file in sorted(folder.glob("*.json"))]
    return [Fragment(**{**one, "file": one["file"] or str(file)}) for file, one in said]


def compose(fragments: Iterable[Fragment]) -> Composition:
    """The services of all tiers, in the order of the tiers; every conflict is found, none stops the others."""
    composed = Composition()
    fragments = list(fragments)
    for fragment in fragments:
        # 1. the services that the tier brings
        for name, service in fragment.services.items():
            _define(composed, fragment, name, service)
        # 2. what it changes in those of others
        for name, changes in fragment.amend.items():
            _amend(composed, fragment, name, changes)
    # 3. what only shows in the whole
    users = {user for fragment in fragments for user in fragment.users}
    composed.conflicts.extend(_clashes(composed, users))
    return composed


def _define(composed: Composition, fragment: Fragment, name: str, service: Mapping[str, Any]) -> None:
    here = fragment.origin("services", name)
    if name in composed.services:
        first = composed.defined[name]
        message = f'two tiers define the service "{name}": {first.tier} ({first}) and {fragment.tier}'
        composed.conflicts.append(Conflict(message, here, f"change what is there in [amend.{name}]"))
        return
    settings: dict[tuple[str, ...], Setting] = {}
    for key, value in service.items():
        origin = fragment.origin("services", name, key)
        if isinstance(value, Mapping):
            for below, inner in value.items():
                settings[key, below] = Setting(inner, fragment.origin("services", name, key, below))
        elif isinstance(value, list):
            settings[key,] = Setting(tuple(Setting(item, origin) for item in value), origin)
        else:
            settings[key,] = Setting(value, origin)
    composed.services[name], composed.defined[name] = settings, here


def _amend(composed: Composition, fragment: Fragment, name: str, changes: Mapping[str, Any]) -> None:
    if name not in composed.services:
        known = ", ".join(sorted(composed.services)) or "none"
        message = f'no tier before {fragment.tier} defines the service "{name}"'
        composed.conflicts.append(Conflict(message, fragment.origin("amend", name), f"defined so far: {known}"))
        return
    change = _Change(composed, fragment, name, bool(changes.get("override", False)))
    for path in changes.get("unset", ()):
        change.unset(tuple(path.split(".", 1)), fragment.origin("amend", name, "unset"))
    for single, value in changes.get("set", {}).items():
        change.single((single,), value, fragment.origin("amend", name, "set", single))
    for key in sorted(changes.keys() - {"override", "set", "unset"}):
        change.many(key, changes[key])


@dataclass
class _Change:
    """What one tier does to one service."""

    composed: Composition
    fragment: Fragment
    name: str
    override: bool

    @property
    def settings(self) -> dict[tuple[str, ...], Setting]:
        return self.composed.services[self.name]

    def single(self, path: tuple[str, ...], value: Any, origin: Origin) -> None:
        """Set one value; one that another tier has set to something else needs `override`."""
        before = self.settings.get(path)
        if before is not None and before.value is not None and before.value != value and not self.override:
            what = f"{self.name}.{'.'.join(path)}"
            message = f"{before.origin.tier} ({before.origin}) has set {what} to {before.value!r}"
            hint = f"say `override = true` in [amend.{self.name}], or leave it as it is"
            self.composed.conflicts.append(Conflict(f"{message}, and {self.fragment.tier} to {value!r}", origin, hint))
        elif before is None or before.value != value:
            self.settings[path] = Setting(value, origin, before)

    def unset(self, path: tuple[str, ...], origin: Origin) -> None:
        """Take one value away."""
        before = self.settings.get(path)
        if before is None or before.value is None:
            message = f'{self.fragment.tier} unsets {".".join(path)} of "{self.name}", which no tier has set'
            self.composed.conflicts.append(Conflict(message, origin, "take it out of `unset`"))
        else:
            self.settings[path] = Setting(None, origin, before)

    def many(self, key: str, value: Mapping[str, Any]) -> None:
        """Amend a list, by `add`, `remove` and `replace`, or a map, key by key."""
        if key in LISTS:
            for how in ("replace", "remove", "add"):
                if how in value:
                    self._list(key, how, value[how], self.fragment.origin("amend", self.name, key, how))
            return
        for below, inner in value.items():
            self.single((key, below), inner, self.fragment.origin("amend", self.name, key, below))

    def _list(self, key: str, how: str, items: list[Any], origin: Origin) -> None:
        before = self.settings.get((key,))
        now: tuple[Setting, ...] = before.value if before and before.value else ()
        if how == "replace":
            now = tuple(Setting(item, origin) for item in items)
        elif how == "remove":
            for item in items:
                if item not in [one.value for one in now]:
                    message = f'{self.fragment.tier} removes {item!r} from {key} of "{self.name}", where it is not'
                    self.composed.conflicts.append(Conflict(message, origin, "take it out of `remove`"))
            now = tuple(one for one in now if one.value not in items)
        else:
            there = [one.value for one in now]
            now += tuple(Setting(item, origin) for item in dict.fromkeys(items) if item not in there)
        self.settings[key,] = Setting(now, origin, before)


LISTS = frozenset({"arguments", "first_run", "needs"})


def _clashes(composed: Composition, users: set[str]) -> Iterator[Conflict]:
    """Ports and paths taken twice, needs that go in a circle or to nobody, users that no tier makes."""
    for key in ("port", "path"):
        taken: dict[Any, tuple[str, Setting]] = {}
        for name, settings in composed.services.items():
            setting = settings.get((key,))
            if setting is None or setting.value is None:
                continue
            if setting.value in taken:
                other, first = taken[setting.value]
                message = f'"{other}" ({first.origin}) and "{name}" have the same {key}, {setting.value}'
                yield Conflict(message, setting.origin, f"give one of them another {key}")
            taken.setdefault(setting.value, (name, setting))
    for name, settings in composed.services.items():
        user = settings.get(("user",))
        if user is not None and user.value and user.value not in users:
            message = f'the service "{name}" runs as "{user.value}", and no tier makes that user'
            yield Conflict(message, user.origin, f"add it: [users.{user.value}]")
        needs = settings.get(("needs",))
        for need in needs.value if needs and needs.value else ():
            if need.value not in composed.services:
                message = f'the service "{name}" needs "{need.value}", which no tier defines'
                yield Conflict(message, need.origin, f"defined: {', '.join(sorted(composed.services))}")
    yield from _circles(composed)


def _circles(composed: Composition) -> Iterator[Conflict]:
    left = {name: set(composed.service(name).get("needs", ())) & set(composed.services) for name in composed.services}
    while ready := {name for name, needs in left.items() if not needs}:
        left = {name: needs - ready for name, needs in left.items() if name not in ready}
    if not left:
        return
    circle = [min(left)]
    while circle[-1] not in circle[:-1]:
        circle.append(min(left[circle[-1]]))
    circle = circle[circle.index(circle[-1]) :]
    needs = composed.services[circle[0]]["needs",]
    origin = next(one.origin for one in needs.value if one.value == circle[1])
    message = f"these services need each other: {' → '.join(circle)}"
    yield Conflict(message, origin, "take one of them out of `needs`")


def order(composed: Composition) -> list[str]:
    """The services, each after those that it needs; otherwise as their tiers name them."""
    placed: list[str] = []
    left = list(composed.services)
    while left:
        now = next(name for name in left if set(composed.service(name).get("needs", ())) <= set(placed))
        placed.append(now)
        left.remove(now)
    return placed
