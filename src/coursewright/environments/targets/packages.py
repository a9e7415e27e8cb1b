"""What a tier installs, and whom it makes -> commands of a shell, which leave behind nothing of what they fetched.

Words are quoted: no value of a tier can become a command.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence

from coursewright.environments.images.sources import digits
from coursewright.environments.runtime.assemble import CONDA, VENV
from coursewright.environments.written import Conda, PackageRepository, Packages, User

CLEAN = "apt-get clean && rm -rf /var/lib/apt/lists/*"
MAMBA = "/usr/local/bin/micromamba"
_ROOT = "/opt/coursewright/mamba"  # what micromamba itself keeps
_CRAN = "install.packages(commandArgs(TRUE), repos = 'https://cloud.r-project.org')"
_CHECK_R = "stopifnot(commandArgs(TRUE) %in% rownames(installed.packages()))"


def apt(packages: Sequence[str]) -> str:
    """What installs packages of Debian."""
    install = f"apt-get install -y --no-install-recommends {shlex.join(packages)}"
    return f"export DEBIAN_FRONTEND=noninteractive; apt-get update && {install} && {CLEAN}"


def pip(arguments: Sequence[str]) -> str:
    """What installs packages of Python, into the environment that the image's tiers have in common."""
    install = f"{VENV}/bin/pip install --no-cache-dir --disable-pip-version-check {shlex.join(arguments)}"
    return f"[ -d {VENV} ] || python3 -m venv {VENV}; {install}"


def others(packages: Packages) -> Iterator[str]:
    """What installs packages of Node and of R."""
    if packages.npm:
        yield f"npm install --global {shlex.join(packages.npm)} && npm cache clean --force"
    if packages.r:  # install.packages itself ends well when it could install nothing
        yield f"Rscript --vanilla -e {shlex.quote(_CRAN)} -e {shlex.quote(_CHECK_R)} --args {shlex.join(packages.r)}"


def conda(packages: Sequence[str], said: Conda, lock: str = "") -> str:
    """What installs packages of conda, into the one environment that tiers have of it; those of the file `lock`."""
    wanted = ["--file", lock] if lock else [*mamba_channels(said.channels), *packages]
    asked = shlex.join(["--yes", "--prefix", CONDA, *wanted])
    verb = f'"$([ -d {CONDA}/conda-meta ] && echo install || echo create)"'
    return f"export MAMBA_ROOT_PREFIX={_ROOT}; {MAMBA} {verb} {asked} && {MAMBA} clean --all --yes && rm -rf {_ROOT}"


def mamba_channels(channels: Sequence[str]) -> list[str]:
    """The options by which micromamba takes packages from these channels, and from no others."""
    return ["--override-channels", *(f"--channel={channel}" for channel in channels)]


def repository(name: str, said: PackageRepository, key: str = "") -> str:
    """What lets apt take packages from a repository, signed by the one key of the fingerprint; `key` is its file.

    The key is exported by its fingerprint: what else is in the file is not trusted, and nothing is without it.
    """
    ring, wanted = f"/usr/share/keyrings/{name}.gpg", digits(said.fingerprint)
    lines = ["Types: deb", f"URIs: {said.uri}", f"Suites: {said.suite}"]
    lines += [f"Components: {' '.join(said.components)}"] if said.components else []
    wrong = f"the key of the repository {name} does not have the fingerprint {wanted}"
    fetch = f'curl -fsSL -o "$keys/key" {shlex.quote(said.key)}' if not key else f'cp {shlex.quote(key)} "$keys/key"'
    gpg = 'gpg --homedir "$keys" --batch --quiet'
    return "; ".join(
        [
            apt(["ca-certificates", "curl", "gpg"]),
            'keys="$(mktemp -d)"',
            fetch,
            f'{gpg} --import "$keys/key"',
            f"{gpg} --export {wanted} > {ring}",
            f"[ -s {ring} ] || {{ echo {shlex.quote(wrong)} >&2; exit 1; }}",
            'rm -r "$keys"',
            f"printf '%s\\n' {shlex.join([*lines, f'Signed-By: {ring}'])} > /etc/apt/sources.list.d/{name}.sources",
        ]
    )


def only_on(distributions: Sequence[str], tier: str) -> str:
    """What ends a build on a base of another distribution."""
    allowed = "|".join(map(shlex.quote, distributions))
    said = shlex.quote(f"the tier {tier} names packages of {' and '.join(distributions)}, and the base is ")
    return f'. /etc/os-release; case "$ID" in {allowed}) ;; *) echo {said}"$ID" >&2; exit 1 ;; esac'


def user(name: str, said: User) -> str:
    """Make a user unless the base has it; one of the base that has its number becomes it."""
    home = ["--home-dir", said.home] if said.home else []
    number = ["--uid", str(said.uid)] if said.uid is not None else []
    add = shlex.join(["useradd", "--create-home", "--shell", "/bin/bash", *home, *number, name])
    if number:
        rename = shlex.join(["usermod", "--login", name, *(["--home", said.home, "--move-home"] if said.home else [])])
        old = f"old=$(getent passwd {said.uid} | cut -d: -f1 || true)"
        add = f'{old}; if [ -n "$old" ]; then {rename} "$old"; else {add}; fi'
    return f"id -u {name} >/dev/null 2>&1 || {{ {add}; }}"
