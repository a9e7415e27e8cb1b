"""What may be wrong with where packages of a tier come from: repositories of others with their keys, channels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import to_builtins

from coursewright.environments.images.openpgp import fingerprints
from coursewright.environments.written import PackageRepository, TierSettings
from coursewright.errors import Problem, did_you_mean

if TYPE_CHECKING:
    from coursewright.environments.tier import Tier

_ADDRESS = re.compile(r"https?://[^\s@?#\"'\\]+")
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+-]*")
_FINGERPRINT = re.compile(r"[0-9A-F]{40}|[0-9A-F]{64}")
_SPEC = re.compile(r"([a-z0-9-]+::)?[a-z0-9_][a-z0-9_.-]*([ =<>!~].*)?")
_CHANNEL = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._/-]*|https://[^\s@?#\"'\\]+")
_IMAGE = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._/:@-]*[A-Za-z0-9])?")


def digits(fingerprint: str) -> str:
    """A fingerprint as programs write it: people put blanks between its groups."""
    return re.sub(r"\s", "", fingerprint).upper()


def problems(tier: Tier) -> Iterator[Problem]:
    """What no type can say of repositories, of conda, and of the names of packages."""
    for source, packages in to_builtins(tier.written.packages).items():
        for package in packages:
            if package.startswith("-"):
                yield Problem(f'"{package}" is no package', tier.place("packages", source), "name packages alone")
    for name, repository in tier.written.repositories.items():
        yield from _of_repository(tier, name, repository)
    yield from _of_conda(tier, tier.written)


def _of_repository(tier: Tier, name: str, said: PackageRepository) -> Iterator[Problem]:
    at = ("repositories", name)
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        yield Problem(f'"{name}" cannot be a name', tier.place(*at), "small letters, digits and hyphens")
    if not _ADDRESS.fullmatch(said.uri):
        hint = "https://…, without a name and a password"
        yield Problem(f'"{said.uri}" is no address of a repository', tier.place(*at, "uri"), hint)
    for key, words in (("suite", (said.suite,)), ("components", said.components)):
        for word in words:
            if not _WORD.fullmatch(word):
                yield Problem(f'"{word}" is no word of a list of sources', tier.place(*at, key), "for instance main")
    if said.suite.endswith("/") == bool(said.components):
        hint = 'a suite that ends with "/" has none (components = []), any other at least one'
        yield Problem(f'the suite "{said.suite}" and its components do not fit', tier.place(*at, "suite"), hint)
    if not _FINGERPRINT.fullmatch(digits(said.fingerprint)):
        hint = "40 hexadecimal digits, as its maker publishes them and `gpg --show-keys FILE` shows them"
        yield Problem(f'"{said.fingerprint}" is no fingerprint', tier.place(*at, "fingerprint"), hint)
    else:
        yield from _of_key(tier, name, said)


def _of_key(tier: Tier, name: str, said: PackageRepository) -> Iterator[Problem]:
    place = tier.place("repositories", name, "key")
    if said.key.startswith("https://"):
        if not _ADDRESS.fullmatch(said.key):
            yield Problem(f'"{said.key}" is no address of a key', place, "https://…, without a name and a password")
        return
    file = tier.folder / said.key
    if not file.resolve().is_relative_to(tier.folder.resolve()) or not file.is_file():
        near = did_you_mean(said.key, (one.name for one in tier.folder.iterdir() if one.name != "tier.toml"))
        yield Problem(f'no file "{said.key}" in the tier "{tier.name}"', place, near or "or give its https:// address")
        return
    try:
        found = fingerprints(file.read_bytes())
    except ValueError as error:
        yield Problem(f'"{said.key}" is no key: {error}', place, "save the key as its maker publishes it")
        return
    if digits(said.fingerprint) not in found:
        message = f'the key in "{said.key}" has another fingerprint: {", ".join(found) or "it holds none"}'
        hint = "compare it with what its maker publishes; do not copy it from here"
        yield Problem(message, tier.place("repositories", name, "fingerprint"), hint)


def _of_conda(tier: Tier, written: TierSettings) -> Iterator[Problem]:
    for package in written.packages.conda:
        if not _SPEC.fullmatch(package) and not package.startswith("-"):
            hint = "a name, and perhaps a version: r-base, python=3.12"
            yield Problem(f'"{package}" is no package of conda', tier.place("packages", "conda"), hint)
    if written.conda is None:
        return
    if not written.packages.conda:
        hint = "say which, in [packages]: conda = [ … ]; or take [conda] away"
        yield Problem("[conda] is said, and no package is asked of it", tier.place("conda"), hint)
    for channel in written.conda.channels:
        if not _CHANNEL.fullmatch(channel):
            yield Problem(f'"{channel}" is no channel', tier.place("conda", "channels"), "for instance conda-forge")
    if not written.conda.channels:
        yield Problem("no channel", tier.place("conda", "channels"), 'for instance: channels = ["conda-forge"]')
    if not _IMAGE.fullmatch(written.conda.micromamba):
        hint = "for instance docker.io/mambaorg/micromamba:2.5.0"
        yield Problem(f'"{written.conda.micromamba}" is no image', tier.place("conda", "micromamba"), hint)
