"""An environment as recipes for images: a Containerfile for each tier, to stand on any base, and one for the whole.

The whole has three kinds of layers, from below to above: what tiers install, one layer with everything small (their
files, what they say of services, the programs that put services together and start them), and the course. So a changed
line of configuration installs nothing again. The text hangs on the tiers alone, and no value of theirs can become an
instruction or a command.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from coursewright.environments.runtime.compose import FOLDER
from coursewright.environments.tier import Tier
from coursewright.environments.written import File

RUNTIME = Path(__file__).parent.parent / "runtime"
_LIB, _VENV, _COURSE = "/usr/lib/coursewright", "/opt/coursewright/venv", "/home/learner/course"
_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_CRAN = "install.packages(commandArgs(TRUE), repos = 'https://cloud.r-project.org')"


@dataclass(frozen=True)
class Recipe:
    """What is built from: `texts` by their paths, files and folders by theirs, with the modes that tiers say."""

    texts: dict[str, str] = field(default_factory=dict)
    copies: dict[str, tuple[Path, str]] = field(default_factory=dict)


def recipe(tiers: Sequence[Tier], *, base: str, stub: str, course: Path, title: str, licence: str = "") -> Recipe:
    """The recipes for all tiers, the first of which stands on `base`, and for the whole with the course in it.

    Images are called `stub`-TIER.
    """
    made = Recipe()
    names = [f"{number:02}-{tier.name}" for number, tier in enumerate(tiers, 1)]
    below = base
    for name, tier in zip(names, tiers, strict=True):
        lines = [f"ARG BASE={below}", "FROM ${BASE}", "USER root", *_installed(tier), *_configured(tier, name)]
        made.texts[f"{name}/Containerfile"] = _joined([*lines, f"LABEL coursewright.tier={_quoted(tier.name)}"])
        said = {**asdict(tier.fragment), "file": f"{name}/tier.toml"}
        made.texts[f"{name}/tier.json"] = json.dumps(said, indent=1, sort_keys=True) + "\n"
        for source, (_, mode) in _files(tier).items():
            made.copies[f"{name}/files/{source}"] = (tier.folder / source, mode)
        below = f"{stub}-{tier.name}"
    made.texts["Containerfile"] = _joined(_whole(tiers, names, base, title=title, licence=licence))
    made.copies["runtime"] = (RUNTIME, "")
    made.copies["course"] = (course, "")
    return made


def _whole(tiers: Sequence[Tier], names: Sequence[str], base: str, *, title: str, licence: str) -> Iterator[str]:
    yield f"ARG BASE={base}"
    below = "${BASE}"
    for name, tier in zip(names, tiers, strict=True):
        yield f"\nFROM {below} AS tier-{name}"
        yield "USER root"
        yield from _installed(tier)
        below = f"tier-{name}"
    yield f"\nFROM {below} AS assembly"
    yield f"COPY runtime/ {_LIB}/runtime/"
    for name, tier in zip(names, tiers, strict=True):
        yield from _configured(tier, name)
    variables = {"PATH": f"{_VENV}/bin:{_PATH}", "PYTHONPATH": _LIB}
    for tier in tiers:
        variables |= {key: str(value) for key, value in tier.written.environment.items()}
    yield from (f"ENV {key}={_quoted(value)}" for key, value in {**variables, "COURSEWRIGHT_COURSE": _COURSE}.items())
    yield from (f"VOLUME {_listed([volume])}" for tier in tiers for volume in tier.written.volumes)
    labels = {"org.opencontainers.image.title": title, "org.opencontainers.image.licenses": licence}
    labels["coursewright.tiers"] = ",".join(tier.name for tier in tiers)
    yield from (f"LABEL {key}={_quoted(value)}" for key, value in labels.items() if value)
    yield "EXPOSE 8888"
    yield "STOPSIGNAL SIGTERM"
    yield f"HEALTHCHECK --start-period=60s CMD {_listed(['/usr/bin/python3', '-m', 'runtime.health'])}"
    yield f"ENTRYPOINT {_listed(['/usr/bin/tini', '-g', '--', '/usr/bin/python3', '-m', 'runtime.entry'])}"
    yield "CMD []"
    yield "\nFROM assembly"
    yield f"COPY --chown=1000:1000 course/ {_COURSE}/"
    yield f"WORKDIR {_COURSE}"


def _installed(tier: Tier) -> Iterator[str]:
    """The heavy part: packages, users and commands."""
    packages = tier.written.packages
    if packages.apt:
        install = f"apt-get install -y --no-install-recommends {shlex.join(packages.apt)}"
        yield _run(f"export DEBIAN_FRONTEND=noninteractive; apt-get update && {install} && rm -rf /var/lib/apt/lists/*")
    if packages.pip:
        install = f"{_VENV}/bin/pip install --no-cache-dir {shlex.join(packages.pip)}"
        yield _run(f"[ -d {_VENV} ] || python3 -m venv {_VENV}; {install}")
    if packages.npm:
        yield _run(f"npm install --global {shlex.join(packages.npm)} && npm cache clean --force")
    if packages.r:
        yield _run(f"Rscript --vanilla -e {shlex.quote(_CRAN)} {shlex.join(packages.r)}")
    for name, user in tier.written.users.items():
        if not user.package:
            options = ["--create-home", "--shell", "/bin/bash"]
            options += ["--home-dir", user.home] if user.home else []
            options += ["--uid", str(user.uid)] if user.uid is not None else []
            yield _run(f"useradd {shlex.join([*options, name])}")
    yield from map(_run, tier.written.build.commands)


def _configured(tier: Tier, name: str) -> Iterator[str]:
    """The small part: its files, and what it says of services."""
    for source, (to, _) in _files(tier).items():
        owner = _owner(tier, source)
        folder = "/" if (tier.folder / source).is_dir() else ""
        chown = f"--chown={owner} " if owner != "root" else ""
        yield f"COPY {chown}{_listed([f'{name}/files/{source}{folder}', f'{to}{folder}'])}"
    yield f"COPY {name}/tier.json {FOLDER}/{name}.json"


def _files(tier: Tier) -> dict[str, tuple[str, str]]:
    """Where each file of a tier goes, and its mode."""
    written = tier.written.files
    return {name: (file.to, file.mode) if isinstance(file, File) else (file, "") for name, file in written.items()}


def _owner(tier: Tier, source: str) -> str:
    file = tier.written.files[source]
    return file.owner if isinstance(file, File) else "root"


def _run(script: str) -> str:
    """A command of a shell, in the form that takes nothing out of it."""
    return f"RUN {_listed(['/bin/sh', '-e', '-c', script], expands=False)}"


def _listed(words: Sequence[str], *, expands: bool = True) -> str:
    """Words as JSON; where an instruction puts variables into words, a dollar sign is kept one."""
    return json.dumps([word.replace("$", "\\$") if expands else word for word in words])


def _quoted(value: str) -> str:
    for sign in ("\\", '"', "$"):
        value = value.replace(sign, f"\\{sign}")
    return f'"{value}"'


def _joined(lines: Sequence[str] | Iterator[str]) -> str:
    return "\n".join(lines) + "\n"


def write(made: Recipe, folder: Path) -> None:
    """Write all that an image is built from as the folder `folder`, whole or not at all.

    Of the course everything is taken but what is made from it, and what begins with a dot; `data/.cache` is.
    """
    new = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    for path, text in made.texts.items():
        (new / path).parent.mkdir(parents=True, exist_ok=True)
        (new / path).write_text(text, encoding="utf-8")
    for path, (source, mode) in made.copies.items():
        to = new / path
        to.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, to, ignore=_left_out)
        else:
            shutil.copyfile(source, to)
        for one in (to, *to.rglob("*")):
            one.chmod(0o755 if one.is_dir() or os.access(_origin(one, to, source), os.X_OK) else 0o644)
        if mode:
            to.chmod(int(mode, 8))
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    new.replace(folder)


def _origin(one: Path, to: Path, source: Path) -> Path:
    return source if one == to else source / one.relative_to(to)


def _left_out(folder: str, names: list[str]) -> set[str]:
    kept = {".cache"} if Path(folder).name == "data" else set()
    return {name for name in names if name in ("build", "__pycache__") or (name.startswith(".") and name not in kept)}
