"""An environment as recipes for images: a Containerfile for each tier, to stand on any base, and one for the whole.

The whole has three kinds of layers, from below to above: what tiers install, one layer with everything small (their
files, what they say of services, the programs that put services together and start them), and the course. So a changed
line of configuration installs nothing again. The text hangs on the tiers alone, and no value of theirs can become an
instruction or a command.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path

from msgspec import to_builtins

from coursewright.environments.images.lock import CONDA, PIP
from coursewright.environments.runtime.assemble import CONDA as CONDA_FOLDER
from coursewright.environments.runtime.assemble import SOURCE, VENV
from coursewright.environments.runtime.compose import FOLDER
from coursewright.environments.runtime.content import SOURCE as CONTENT
from coursewright.environments.runtime.plan import as_text
from coursewright.environments.targets import packages
from coursewright.environments.targets.carrying import carried
from coursewright.environments.tier import FILE, Tier
from coursewright.environments.written import Conda, TierFile, Value
from coursewright.errors import UsageError
from coursewright.ours import replacing

RUNTIME = Path(__file__).parent.parent / "runtime"
_LIB, _HOME, _LEARNER = "/usr/lib/coursewright", "/home/learner", "1000:1000"
_IMAGE = r"[A-Za-z0-9]([A-Za-z0-9._/:@-]*[A-Za-z0-9])?"
# What hadolint would say, and why it is so.
_REMARKS = (
    "# hadolint global ignore=DL3002,DL3008,DL4006",
    "# DL3002: a tier is built upon by others; the whole image ends with an ordinary user.",
    "# DL3008: which versions of Debian's packages are there hangs on the base; name one in the tier where it matters.",
    "# DL4006: every command is given to bash with pipefail.",
)
ENTRY = ("/usr/bin/tini", "-s", "-g", "--", "/usr/bin/python3", "-s", "-m", "runtime.entry")


@dataclass(frozen=True)
class Recipe:
    """What is built from: `texts` by their paths, and files and folders by theirs, with the modes that tiers say."""

    texts: dict[str, str] = field(default_factory=dict)
    copies: dict[str, tuple[Path, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Labels:
    """What an image says of itself: the course's title, its licence as SPDX writes it, who made it, and from what."""

    title: str
    licence: str = ""
    authors: tuple[str, ...] = ()
    url: str = ""
    source: str = ""
    revision: str = ""
    version: str = ""
    created: str = ""

    @property
    def written(self) -> dict[str, str]:
        """The labels that the Open Container Initiative names, those that say nothing left out."""
        said = {
            "title": self.title, "licenses": self.licence, "authors": ", ".join(self.authors), "url": self.url,
            "source": self.source, "revision": self.revision, "version": self.version, "created": self.created,
        }  # fmt: skip
        return {f"org.opencontainers.image.{name}": value for name, value in said.items() if value}


def recipe(
    tiers: Sequence[Tier],
    *,
    base: str,
    stub: str,
    course: Path | None,
    labels: Labels,
    pins: Mapping[str, Mapping[str, str]] | None = None,
    leave_out: Sequence[str] = (),
) -> Recipe:
    """The recipes for all tiers, the first of which stands on `base`, and for the whole, with a course if there is one.

    Images are called `stub`-TIER. `pins` are the locks of tiers by their names, each by its file; `leave_out` are
    patterns of files of the course that stay out. Raises UsageError for what cannot be the name of an image, and
    SeveralProblems for files of the course that cannot go into one.
    """
    for name in (base, stub):
        if not re.fullmatch(_IMAGE, name):
            raise UsageError(f'"{name}" cannot be the name of an image', None, "for instance debian:bookworm-slim")
    made, pins = Recipe(), pins or {}
    layers = [_Layer(f"{place:02}-{tier.name}", tier, pins.get(tier.name, {})) for place, tier in enumerate(tiers, 1)]
    below = base
    for layer in layers:
        folder = f"tiers/{layer.name}"
        made.texts[f"{folder}/Containerfile"] = _joined(layer.alone(below))
        made.texts[f"{folder}/tier.json"] = _json({**asdict(layer.tier.fragment), "file": f"{layer.name}/{FILE}"})
        made.texts[f"{folder}/files.json"] = _json({name: to_builtins(file) for name, file in layer.files.items()})
        made.texts.update({f"{folder}/{file}": text for file, text in layer.pins.items()})
        made.copies.update({f"{folder}/keys/{name}": (key, "") for name, key in layer.keys.items()})
        for source, file in layer.files.items():
            made.copies[f"{folder}/files/{source}"] = (layer.tier.folder / source, file.mode)
        below = f"{stub}-{layer.tier.name}"
    made.texts["Containerfile"] = _joined(_whole(layers, base, labels, with_course=course is not None))
    made.copies["runtime"] = (RUNTIME, "")
    if course is not None:
        made.copies.update({f"course/{file}": (course / file, "") for file in carried(course, leave_out)})
    return made


@dataclass(frozen=True)
class _Layer:
    """A tier as a part of an image, with its place among the others in its name."""

    name: str
    tier: Tier
    pins: Mapping[str, str]

    @cached_property
    def files(self) -> dict[str, TierFile]:
        written = self.tier.written.files
        return {name: file if isinstance(file, TierFile) else TierFile(file) for name, file in written.items()}

    def alone(self, base: str) -> Iterator[str]:
        """The recipe of the tier by itself; it leaves in the image what it says of services, after those below."""
        yield from (*_REMARKS, f"ARG BASE={base}", "FROM ${BASE}", "USER 0")
        yield from self.installed("")
        yield from (self._copied(source, "") for source in self.files)
        yield f"COPY tier.json {FOLDER}/new"
        number = f"$(printf %03d $(ls {FOLDER} | wc -l))"  # of the new one too
        yield _run(f"mv {FOLDER}/new {FOLDER}/{number}-{self.tier.name}.json")
        yield from _environment(self.tier.written.environment)
        yield from (f"VOLUME {_listed([volume])}" for volume in self.tier.written.volumes)
        yield from _labels({"coursewright.tier": self.tier.name})
        if summary := self.tier.written.tier.summary:
            yield from _labels({"org.opencontainers.image.description": summary})

    def installed(self, context: str) -> Iterator[str]:
        """The heavy part, for files that are in the folder `context`: packages, users, commands and what these read."""
        written = self.tier.written
        if written.tier.distributions:
            yield _run(packages.only_on(written.tier.distributions, self.tier.name))
        for name, repository in written.repositories.items():
            key = f"{_LIB}/keys/{name}" if name in self.keys else ""
            if key:
                yield f"COPY {_listed([f'{context}keys/{name}', key])}"
            yield _run(packages.repository(name, repository, key))
        if written.packages.apt:
            yield _run(packages.apt(written.packages.apt))
        yield from self._for_python(context)
        yield from map(_run, packages.others(written.packages))
        yield from (_run(packages.user(name, user)) for name, user in written.users.items() if not user.package)
        commands = written.build.commands
        read = [name for name, file in self.files.items() if any(file.to in command for command in commands)]
        yield from (self._copied(name, context) for name in read)
        yield from map(_run, commands)

    def _for_python(self, context: str) -> Iterator[str]:
        """What pip and conda install, by their locks where there are any."""
        to = f"{_LIB}/requirements/{self.tier.name}"
        written = self.tier.written
        if PIP in self.pins:
            yield f"COPY {_listed([f'{context}{PIP}', f'{to}.txt'])}"
            yield _run(packages.pip(["--no-deps", "--require-hashes", "--requirement", f"{to}.txt"]))
        elif written.packages.pip:
            yield _run(packages.pip(written.packages.pip))
        if not written.packages.conda:
            return
        conda = written.conda or Conda()
        yield f"COPY --from={conda.micromamba} {_listed(['/bin/micromamba', packages.MAMBA])}"
        lock = f"{to}.conda.txt" if CONDA in self.pins else ""
        if lock:
            yield f"COPY {_listed([f'{context}{CONDA}', lock])}"
        yield _run(packages.conda(written.packages.conda, conda, lock))

    @cached_property
    def keys(self) -> dict[str, Path]:
        """The files of the keys of repositories, by the names of these."""
        said = self.tier.written.repositories.items()
        return {name: self.tier.folder / one.key for name, one in said if not one.key.startswith("https://")}

    def _copied(self, source: str, context: str) -> str:
        file, end = self.files[source], "/" if (self.tier.folder / source).is_dir() else ""
        chown = f"--chown={file.owner}:{file.owner} " if file.owner != "root" else ""
        return f"COPY {chown}{_listed([f'{context}files/{source}{end}', f'{file.to}{end}'])}"


def _whole(layers: Sequence[_Layer], base: str, labels: Labels, *, with_course: bool) -> Iterator[str]:
    yield from (*_REMARKS, f"ARG BASE={base}")
    below = "${BASE}"
    for layer in layers:
        yield f"\nFROM {below} AS tier-{layer.name}"
        yield "USER 0"
        yield from layer.installed(f"tiers/{layer.name}/")
        below = f"tier-{layer.name}"
    yield f"\nFROM {below} AS assembly"
    yield "USER 0"
    has_conda = any(layer.tier.written.packages.conda for layer in layers)
    first = f"{VENV}/bin:{CONDA_FOLDER}/bin" if has_conda else f"{VENV}/bin"
    yield f'ENV PATH="{first}:${{PATH}}"'
    yield from _environment({"PYTHONPATH": _LIB})
    for layer in layers:
        yield from _environment(layer.tier.written.environment)
    yield f"COPY runtime/ {_LIB}/runtime/"
    yield f"COPY tiers/ {SOURCE}/"
    yield f"RUN {_listed(['/usr/bin/python3', '-m', 'runtime.assemble'])}"
    yield from (f"VOLUME {_listed([volume])}" for layer in layers for volume in layer.tier.written.volumes)
    yield from _labels({"org.opencontainers.image.base.name": base})
    yield from _labels({"coursewright.tiers": ",".join(layer.tier.name for layer in layers)})
    yield "EXPOSE 8888"
    yield "STOPSIGNAL SIGTERM"
    yield f"HEALTHCHECK --start-period=60s CMD {_listed(['/usr/bin/python3', '-m', 'runtime.health'])}"
    yield f"ENTRYPOINT {_listed(ENTRY)}"
    yield "CMD []"
    yield "\nFROM assembly"
    if with_course:
        yield f"COPY course/ {CONTENT}/"
    yield from _labels(labels.written)  # last: they change with every commit
    yield f"WORKDIR {_HOME}"
    yield f"USER {_LEARNER}"


def _labels(said: Mapping[str, str]) -> Iterator[str]:
    yield from (f"LABEL {key}={_quoted(value)}" for key, value in said.items())


def _environment(variables: Mapping[str, Value]) -> Iterator[str]:
    yield from (f"ENV {key}={_quoted(as_text(value))}" for key, value in variables.items())


def _run(script: str) -> str:
    """A command of a shell, in the form that takes nothing out of it."""
    return f"RUN {_listed(['/bin/bash', '-e', '-o', 'pipefail', '-c', script], expands=False)}"


def _listed(words: Sequence[str], *, expands: bool = True) -> str:
    """Words as JSON; where an instruction puts variables into words, a dollar sign is kept one."""
    return json.dumps([word.replace("$", "\\$") if expands else word for word in words])


def _quoted(value: str) -> str:
    """A value between quotes, on one line."""
    escaped = re.sub(r'["$\\]', r"\\\g<0>", " ".join(value.splitlines()))
    return f'"{escaped}"'


def _json(value: object) -> str:
    return json.dumps(value, indent=1, sort_keys=True) + "\n"


def _joined(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"


def write(made: Recipe, folder: Path) -> None:
    """Write all that an image is built from into the folder `folder`, whole or not at all.

    Files are readable by everybody, as the programs in an image run as several users; those that can be executed stay
    so. Files of the user's in `folder` stay. Raises CoursewrightError for one that is in the way.
    """
    names = dict.fromkeys(path.partition("/")[0] for path in (*made.texts, *made.copies))
    with replacing(folder, names, older=_is_older) as new:
        for path, text in made.texts.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_text(text, encoding="utf-8")
        for path, (source, mode) in made.copies.items():
            to = new / path
            to.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, to, ignore=shutil.ignore_patterns("__pycache__", ".*"))
            else:
                shutil.copyfile(source, to)
            for one in (to, *to.rglob("*")):
                one.chmod(0o755 if one.is_dir() or os.access(_origin(one, to, source), os.X_OK) else 0o644)
            if mode:
                to.chmod(int(mode, 8))
        for below in (one for one in new.rglob("*") if one.is_dir()):
            below.chmod(0o755)


def _is_older(folder: Path) -> bool:
    """Whether `folder` holds recipes of a version that did not mark them yet."""
    return all((folder / path).is_file() for path in ("Containerfile", "runtime/assemble.py", "course/course.toml"))


def _origin(one: Path, to: Path, source: Path) -> Path:
    return source if one == to else source / one.relative_to(to)
