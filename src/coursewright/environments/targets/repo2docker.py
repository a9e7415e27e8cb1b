"""An environment as the files that repo2docker builds an image from, and what of it these cannot say.

repo2docker (https://repo2docker.readthedocs.io) is what Binder builds repositories with. Its files name packages; it
brings Jupyter itself, and RStudio and Shiny Server where R is asked of conda. No command of theirs is run as root.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from coursewright.environments.environment import Environment
from coursewright.environments.images.lock import CONDA, PIP, python_of
from coursewright.environments.runtime.plan import as_text
from coursewright.environments.targets import packages
from coursewright.environments.targets.started import MARKED, StartScript, is_brought, started
from coursewright.environments.tier import Tier
from coursewright.environments.written import Conda, Packages
from coursewright.errors import Problem, UsageError

FOLDER = "binder"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
"""The versions of Python that both repo2docker and Coursewright know."""
UBUNTU = "Ubuntu 24.04"
_HINT = "publish an image of the environment: coursewright publish binder --environment"
_OF_THE_SYSTEM = {"python3", "python3-venv"}
# What Debian calls R, by what conda does; any other r-cran-NAME is r-NAME there.
_R = {"r-base": "r-base", "r-base-core": "r-base", "r-base-dev": "r-base", "r-recommended": "r-recommended"}


@dataclass(frozen=True)
class BinderRecipe:
    """What repo2docker is given: `texts` and `copies` by their paths, those of them that are `executable`.

    `unsaid` is what of the environment is not in it; `notes` say what is otherwise than in an image of ours.
    """

    texts: dict[str, str] = field(default_factory=dict)
    copies: dict[str, Path] = field(default_factory=dict)
    executable: frozenset[str] = frozenset()
    unsaid: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def binder(
    environment: Environment,
    *,
    base: str,
    python: str = "",
    pins: Mapping[str, Mapping[str, str]] | None = None,
    also: Sequence[str] = (),
) -> BinderRecipe:
    """The files, with the version `python`, or that of the image `base`, if it is one of PYTHONS, else 3.12.

    `pins` are the locks of tiers by their names, each by its file; `also` are packages of Python beside those of
    tiers, for an environment without a lock. Raises UsageError for another version.
    """
    wanted, pins = _PackageLists(environment.tiers, also), pins or {}
    version, behind = _python(python, base), started(environment)
    texts = {
        **dict(_packages(wanted, version, _locked(environment.tiers, pins))),
        **dict(_scripts(environment, wanted, behind)),
        **behind.texts,
    }
    executable = {name for name in ("postBuild", "start") if name in texts}
    return BinderRecipe(
        {f"{FOLDER}/{name}": text for name, text in texts.items()},
        {f"{FOLDER}/{name}": file for name, file in behind.copies.items()},
        frozenset(f"{FOLDER}/{name}" for name in executable),
        (*_unsaid(environment.tiers), *behind.unsaid),
        (*_notes(environment.tiers, base, pins, is_r=wanted.is_r), *behind.notes),
    )


class _PackageLists:
    """The packages of all tiers, by where repo2docker gets them."""

    def __init__(self, tiers: Sequence[Tier], also: Sequence[str]) -> None:
        asked = [tier.written.packages for tier in tiers]
        of_debian = dict.fromkeys(name for tier in tiers if _reaches(tier) for name in tier.written.packages.apt)
        of_r = {_of_conda(name) for name in of_debian if name in _R or name.startswith("r-cran-")}
        self.apt = [name for name in of_debian if not _is_elsewhere(name)]
        self.pip = list(dict.fromkeys([*(name for one in asked for name in one.pip), *also]))
        self.npm = tuple(dict.fromkeys(name for one in asked for name in one.npm))
        self.r = tuple(dict.fromkeys(name for one in asked for name in one.r))
        conda = [name for one in asked for name in one.conda if not _is_python(name)]
        self.is_r = bool(of_r or self.r or any(name.startswith("r-") for name in conda))
        self.conda = list(dict.fromkeys([*(["r-base", "r-irkernel"] if self.is_r else []), *sorted(of_r), *conda]))
        said = (tier.written.conda or Conda() for tier in tiers if tier.written.packages.conda)
        self.channels = list(dict.fromkeys([*(name for one in said for name in one.channels), "conda-forge"]))


def _reaches(tier: Tier) -> bool:
    """Whether the packages of a tier are Ubuntu's own."""
    said = tier.written.tier.distributions
    return not tier.written.repositories and (not said or "ubuntu" in said)


def _of_conda(name: str) -> str:
    return _R.get(name) or f"r-{name.removeprefix('r-cran-')}"


def _is_elsewhere(name: str) -> bool:
    """Whether a package of Debian's is none of Ubuntu's here: R comes from conda, as does Python for notebooks."""
    return name in _R or name.startswith(("r-cran-", "r-bioc-")) or _is_for_python(name)


def _is_for_python(name: str) -> bool:
    return name.startswith("python3-") and name not in _OF_THE_SYSTEM


def _is_python(package: str) -> bool:
    return re.split(r"[ =<>!~]", package.rpartition("::")[2])[0] in ("python", "pip")


def _python(asked: str, base: str) -> str:
    if asked:
        if asked not in PYTHONS:
            raise UsageError(f'"{asked}" is no version of Python for Binder', None, f"Available: {', '.join(PYTHONS)}")
        return asked
    try:
        version = python_of(base)
    except UsageError:
        return "3.12"
    return version if version in PYTHONS else PYTHONS[0]


def _locked(tiers: Sequence[Tier], pins: Mapping[str, Mapping[str, str]]) -> str:
    """The lock of the uppermost tier that has one of pip: it has those below in it."""
    found = [pins[tier.name][PIP] for tier in tiers if PIP in pins.get(tier.name, {})]
    return found[-1] if found else ""


def _packages(wanted: _PackageLists, version: str, locked: str) -> Iterator[tuple[str, str]]:
    """The files that name packages, and the version of Python: one of conda's where anything is asked of it."""
    if wanted.apt:
        yield "apt.txt", MARKED + "".join(f"{name}\n" for name in wanted.apt)
    if not wanted.conda:
        yield "runtime.txt", f"python-{version}\n"
        yield "requirements.txt", MARKED + (locked or "".join(f"{name}\n" for name in wanted.pip))
        return
    names = list(_bare(locked)) if locked else wanted.pip
    dependencies = [f"python={version}", *wanted.conda, *(["pip", {"pip": names}] if names else [])]
    said = {"channels": wanted.channels, "dependencies": dependencies}
    yield "environment.yml", MARKED + yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=10**6)


def _bare(locked: str) -> Iterator[str]:
    """The lines of a lock without hashes, which conda hands on to pip one by one."""
    for line in locked.splitlines():
        if line and not line.startswith((" ", "#", "-")):
            yield line.removesuffix("\\").strip()


def _scripts(environment: Environment, wanted: _PackageLists, behind: StartScript) -> Iterator[tuple[str, str]]:
    """What is run when the image is built, and when it is started."""
    if commands := list(packages.others(Packages(npm=wanted.npm, r=wanted.r))):
        yield "postBuild", "\n".join(["#!/bin/bash", MARKED.rstrip(), "set -euo pipefail", *commands, ""])
    told = [f"export {name}={shlex.quote(as_text(value))}" for name, value in environment.variables.items()]
    if told or behind.texts:
        front = behind.command or 'exec "$@"'
        yield "start", "\n".join(["#!/bin/bash", MARKED.rstrip(), *told, front, ""])


def _unsaid(tiers: Sequence[Tier]) -> Iterator[Problem]:
    """What of packages and commands repo2docker's files cannot say."""
    for tier in tiers:
        written = tier.written
        said = written.tier.distributions
        if said and "ubuntu" not in said:
            message = f'the tier "{tier.name}" is for {" and ".join(said)}, and Binder is {UBUNTU}'
            yield Problem(message, tier.place("tier", "distributions"), _HINT, "binder")
        for name in written.repositories:
            message = f'packages of the repository "{name}" cannot be had: Binder knows those of Ubuntu alone'
            yield Problem(message, tier.place("repositories", name), _HINT, "binder")
        for name in written.packages.apt:
            if _is_for_python(name):
                message = f'"{name}" is for the system\'s own Python, and notebooks on Binder have another'
                yield Problem(message, tier.place("packages", "apt"), "ask pip for it", "binder")
            elif name.startswith("r-bioc-"):
                message = f'"{name}" is for the system\'s own R, and notebooks on Binder have another'
                hint = "ask conda for it, from the channel bioconda"
                yield Problem(message, tier.place("packages", "apt"), hint, "binder")
        for name in filter(_is_python, written.packages.conda):
            message = f'"{name}" of conda cannot be beside that of pip: on Binder both have one environment'
            yield Problem(message, tier.place("packages", "conda"), "say it for all: --python 3.12", "binder")
        if written.build.commands and not is_brought(tier):
            message = f'the commands of the tier "{tier.name}" are root\'s, and Binder runs none of those'
            yield Problem(message, tier.place("build", "commands"), _HINT, "binder")


def _notes(tiers: Sequence[Tier], base: str, pins: Mapping[str, Mapping[str, str]], *, is_r: bool) -> Iterator[str]:
    """What is otherwise than in an image of ours."""
    if any(tier.written.packages.apt for tier in tiers):
        yield f"note: packages of apt come from {UBUNTU}, and not from {base}: their versions are others"
    if is_r:
        yield "note: R, with RStudio and Shiny Server, comes from conda and Posit, as repo2docker has them"
    if any(CONDA in one for one in pins.values()):
        yield "note: packages of conda are not locked: their lock is for an environment without Jupyter"
    if any(tier.written.volumes for tier in tiers):
        yield "note: nothing is kept in volumes: what is done on Binder is gone with it"
