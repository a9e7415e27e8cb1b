"""The verb: what of an environment cannot be carried out, found before anything is started or built.

The same plan is made that `coursewright up` and an image make, with ports and passwords that nobody has, so that a
placeholder, a quote or a signal that is wrong is told with its line, and not by a container that ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from coursewright.environments.environment import Environment
from coursewright.environments.runtime.compose import Origin
from coursewright.environments.runtime.plan import Places, UnfitSetting, UnfitSettings, listens_at_socket, plan, words
from coursewright.environments.runtime.program import WEB
from coursewright.environments.runtime.seeds import HINT, kind_of
from coursewright.environments.shipped import clashes, shipped
from coursewright.environments.tier import CATALOGUE, FILE, Tier, read_tier
from coursewright.errors import Place, Problem


def infeasible(environment: Environment) -> Iterator[Problem]:
    """Every setting that cannot be carried out, with the line that says it. Raises SeveralProblems for conflicts."""
    services = {name: environment.composed.service(name) for name in environment.composed.services}
    yield from _one_number_each(environment.tiers)
    yield from _owners_of_nothing(environment.tiers)
    yield from clashes(environment.tiers)
    yield from _seeds_of_nobody(environment, services)
    for name, service in services.items():
        how = service.get("ready", {}).keys() & {"command", "http"}
        if not (how or service.get("port") or listens_at_socket(service)):
            message = f'nothing shows when the service "{name}" is ready'
            place = _place(environment.composed.defined[name])
            yield Problem(message, place, "leave it its `port`, or say `ready = { command = … }`", "environment")
        if {"command", "http"} <= service.get("ready", {}).keys():
            place = _place(environment.composed.services[name]["ready", "http"].origin)
            yield Problem(
                f'the service "{name}" is ready by one of `command` and `http`', place, "unset the other", "environment"
            )
        address = service.get("ready", {}).get("http", "")
        if address and not address.startswith(("http://", "https://")):
            place = _place(environment.composed.services[name]["ready", "http"].origin)
            message = f'the service "{name}" is asked at {address}, which is no address of the web'
            yield Problem(message, place, "begin it with http://", "environment")
    yield from _reached(environment, services)
    yield from _files_of_nobody(environment)
    nowhere = Places(
        Path("/nowhere"),
        {name: service["port"] for name, service in services.items() if service.get("port")},
        dict.fromkeys(services, "none"),
        lambda name: f"/nowhere/{name}",
        environment.files,
        {"course": "/nowhere", "base": "/"},
    )
    try:
        plan(services, nowhere)
    except UnfitSettings as error:
        yield from problems(environment, error.unfit)


def _seeds_of_nobody(environment: Environment, services: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """Files among seeds that none of the services takes which read that folder: they would be missed much later."""
    for folder in dict.fromkeys(word for one in services.values() for word in _words(one)):
        readers = {name: one["seeds"] for name, one in services.items() if folder in _words(one) and one.get("seeds")}
        if not readers or any(folder in _words(one) and not one.get("seeds") for one in services.values()):
            continue  # a service that does not say what it takes may take everything
        taken = {kind for kinds in readers.values() for kind in kinds}
        for one in shipped(environment.tiers):
            kind = kind_of(one.to)[1]
            if not one.to.startswith(f"{folder}/") or kind in taken:
                continue
            says = " and ".join(f"{name} takes {', '.join(kinds)}" for name, kinds in readers.items())
            message = f"no service takes the seed {one.to.removeprefix(f'{folder}/')}: {says}"
            hint = f"{_takers(kind)}begin its name with a dot to leave it out" if kind else HINT
            yield Problem(message, one.tier.place("files", one.name), hint, "seeds")


def _takers(kind: str) -> str:
    """Which tiers of the catalogue take a kind of seeds."""
    tiers = (read_tier(file.parent) for file in sorted(CATALOGUE.glob(f"*/{FILE}")))
    names = [tier.name for tier in tiers if any(kind in one.seeds for one in tier.written.services.values())]
    return f"add a tier that does to `tiers`, such as {' or '.join(names)}, or " if names else ""


def _words(service: Mapping[str, Any]) -> set[str]:
    return {word for command in service.get("first_run", ()) for word in words(command)}


def _files_of_nobody(environment: Environment) -> Iterator[Problem]:
    """Icons and files of the configuration that no tier brings: on this machine perhaps, and not in an image."""
    for name, settings in environment.composed.services.items():
        for path, setting in settings.items():
            is_file = path[0] == "configuration" or path == ("proxy", "icon")
            if not is_file or not setting.value or "{" in setting.value:
                continue
            if (
                path[0] == "configuration"
                and not Path(setting.value).exists()
                and setting.value not in environment.files
            ):
                continue  # told where it is read
            if not any(setting.value == to or setting.value.startswith(f"{to}/") for to in environment.files):
                message = f'{".".join(path)} of the service "{name}": no tier brings {setting.value}'
                yield Problem(message, _place(setting.origin), "add it to [files] of a tier", "environment")


def problems(environment: Environment, unfit: Iterable[UnfitSetting]) -> Iterator[Problem]:
    """What is to be said of settings that cannot be carried out, each with the tier's line that says it."""
    for one in unfit:
        yield Problem(str(one), _place(_origin(environment, one)), one.hint, "environment")


def _origin(environment: Environment, unfit: UnfitSetting) -> Origin:
    """What set a setting; of a list, the item that is meant."""
    setting = environment.composed.services[unfit.service].get(unfit.path)
    if setting is None:
        return environment.composed.defined[unfit.service]
    if isinstance(setting.value, tuple):
        return next((item.origin for item in setting.value if item.value == unfit.text), setting.origin)
    return setting.origin


def _reached(environment: Environment, services: Mapping[str, Mapping[str, Any]]) -> Iterator[Problem]:
    """What Jupyter is to lead to, and cannot reach."""
    user = services.get(WEB, {}).get("user")
    if services.get(WEB, {}).get("path"):
        place = _place(environment.composed.services[WEB]["path",].origin)
        yield Problem(
            f'"{WEB}" is what leads to the others, and has no path itself', place, "leave it out", "environment"
        )
    for name, service in services.items():
        settings = environment.composed.services[name]
        if service.get("path") and not (service.get("port") or listens_at_socket(service)):
            message = f'the service "{name}" has a path, and nothing says where it listens'
            hint = "give it a `port`, or let it listen at {socket}"
            yield Problem(message, _place(settings["path",].origin), hint, "environment")
        if service.get("path") and listens_at_socket(service) and user and service.get("user") not in (None, "", user):
            message = f'the service "{name}" listens at a socket of "{service["user"]}", and Jupyter is run by "{user}"'
            hint = f'let it run as "{user}", or listen at a port'
            yield Problem(message, _place(settings["user",].origin), hint, "environment")


def _one_number_each(tiers: Iterable[Tier]) -> Iterator[Problem]:
    """Two users with one number would be one user, who can read what both keep."""
    first: dict[int, tuple[str, Tier]] = {}
    made: dict[str, Tier] = {}
    for tier in tiers:
        for name, user in tier.written.users.items():
            before = made.setdefault(name, tier)
            if before.written.users[name] != user:
                message = f'the tiers "{before.name}" and "{tier.name}" make the user "{name}" in two ways'
                yield Problem(message, tier.place("users", name), "say it once, or the same twice", "environment")
            if user.uid is None:
                continue
            other, other_tier = first.setdefault(user.uid, (name, tier))
            if other != name:
                message = (
                    f'the users "{other}" (of the tier "{other_tier.name}") and "{name}" have the number {user.uid}'
                )
                yield Problem(message, tier.place("users", name, "uid"), "give one of them another", "environment")


def _owners_of_nothing(tiers: Iterable[Tier]) -> Iterator[Problem]:
    """Files of users that no tier makes, at which a build would end."""
    known = {"root", *(name for tier in tiers for name in tier.written.users)}
    for tier in tiers:
        for name, file in tier.written.files.items():
            if not isinstance(file, str) and file.owner not in known:
                message = f'the file "{name}" is to be owned by "{file.owner}", and no tier makes that user'
                hint = f"add it: [users.{file.owner}], with `package = true` where a package makes it"
                yield Problem(message, tier.place("files", name), hint, "environment")


def _place(origin: Origin) -> Place:
    return Place(origin.file, origin.line)
