"""How programs that are not on this machine are installed."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

from coursewright.environments.environment import Environment
from coursewright.environments.images.sources import digits
from coursewright.environments.runtime.find import find
from coursewright.environments.targets.packages import mamba_channels
from coursewright.environments.tier import Tier
from coursewright.environments.written import Conda, PackageRepository

_MICROMAMBA = "https://mamba.readthedocs.io/en/latest/installation/micromamba-installation.html"


def install(environment: Environment, service: str) -> Iterator[str]:
    """The commands that install what the tiers which define or amend a service bring, conda's aside."""
    for tier in environment.tiers:
        if service in tier.written.services or service in tier.written.amend:
            packages = tier.written.packages
            for name, repository in tier.written.repositories.items():
                yield from _let_apt(tier, name, repository)
            if packages.apt:
                yield f"sudo apt-get install {shlex.join(packages.apt)}"
            if packages.pip:
                yield f"{shlex.quote(sys.executable)} -m pip install {shlex.join(packages.pip)}"


def by_conda(environment: Environment, folder: Path) -> Iterator[str]:
    """What is to be done for the packages of conda that are not in the environment of conda in `folder`."""
    there = {file.name.rsplit("-", 2)[0] for file in folder.glob("conda-meta/*.json")}
    verb, asks = ("install" if there else "create"), False
    for tier in environment.tiers:
        wanted = [one for one in tier.written.packages.conda if _name(one) not in there]
        if wanted:
            asked = [*mamba_channels((tier.written.conda or Conda()).channels), *wanted]
            yield f"micromamba {verb} --prefix {shlex.quote(str(folder))} {shlex.join(asked)}"
            verb, asks = "install", True
    if asks and find("micromamba") is None:
        yield f"micromamba is not installed, either: {_MICROMAMBA}"


def _name(package: str) -> str:
    """The name in what is asked of conda, such as conda-forge::python>=3.12."""
    name = package.rpartition("::")[2]
    for sign in " =<>!~":
        name = name.partition(sign)[0]
    return name


def _let_apt(tier: Tier, name: str, said: PackageRepository) -> Iterator[str]:
    """The commands by which apt takes packages from a repository; the key is picked by its fingerprint."""
    ring = f"/usr/share/keyrings/{name}.gpg"
    is_file = not said.key.startswith("https://")
    key = f"cat {shlex.quote(str(tier.folder / said.key))}" if is_file else f"curl -fsSL {shlex.quote(said.key)}"
    gpg = 'gpg --no-default-keyring --keyring "$k"'
    export = f"{gpg} --export {digits(said.fingerprint)} | sudo tee {ring} >/dev/null"
    yield f"k=$(mktemp -u) && {key} | {gpg} --import && {export}"
    line = " ".join(["deb", f"[signed-by={ring}]", said.uri, said.suite, *said.components])
    yield f"echo {shlex.quote(line)} | sudo tee /etc/apt/sources.list.d/{name}.list && sudo apt-get update"
