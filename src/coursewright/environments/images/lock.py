"""The verb behind `coursewright image lock`: which versions of packages images install, with their hashes.

Those of Python are resolved by uv, those of conda by micromamba. A tier keeps to the versions of those below it, so
that a package which the last tier adds changes no other's file.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from coursewright.environments.runtime.find import find
from coursewright.environments.targets.packages import mamba_channels
from coursewright.environments.tier import Tier
from coursewright.environments.written import Conda
from coursewright.errors import CoursewrightError, MissingPart, Problem, SeveralProblems, UsageError

FOLDER = "environment/lock"
PIP, CONDA = "requirements.txt", "conda.txt"  # what they are called where an image is built from
PLATFORM = "linux-64"
_FOR = "# for "
_PYTHON = {"bookworm": "3.11", "trixie": "3.13", "jammy": "3.10", "22.04": "3.10", "noble": "3.12", "24.04": "3.12"}


def lock(
    tiers: Sequence[Tier], root: Path, python: str, report: Callable[[str, int, int], None], platform: str = PLATFORM
) -> list[Path]:
    """Resolve what the tiers install, and write it to `environment/lock`, a file for each tier and source; the files.

    Python's packages are resolved for the version `python` on every platform, conda's for one `platform`. Raises
    CoursewrightError with what the resolver said, MissingPart when it is not there.
    """
    folder = root / FOLDER
    texts: dict[Path, str] = {}
    pip, conda = _Pip(python), _Conda(platform)
    for done, tier in enumerate(tiers):
        report(tier.name, done, len(tiers))
        if tier.written.packages.pip:
            texts[_file(folder, tier, PIP)] = f"{_FOR}{_asked(tier, PIP)}\n{pip.resolved(tier)}"
        if tier.written.packages.conda:
            texts[_file(folder, tier, CONDA)] = f"{_FOR}{_asked(tier, CONDA)}\n{conda.resolved(tier)}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in set(folder.glob("*.txt")) - texts.keys():
        file.unlink()
    for file, text in texts.items():
        new = file.with_name(f".{file.name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    return list(texts)


def read(tiers: Sequence[Tier], root: Path) -> dict[str, dict[str, str]]:
    """The locks of each tier, by its name, and by what they are called where an image is built; none where none is.

    Raises SeveralProblems for tiers that ask for something else now.
    """
    locks: dict[str, dict[str, str]] = {}
    problems = []
    for tier in tiers if (root / FOLDER).exists() else ():
        for name in _names(tier):
            file = _file(root / FOLDER, tier, name)
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            if text.partition("\n")[0] == f"{_FOR}{_asked(tier, name)}":
                locks.setdefault(tier.name, {})[name] = text
                continue
            message = f'the tier "{tier.name}" asks for other packages than when the versions were locked'
            place = tier.place("packages", _source(name))
            problems.append(Problem(message, place, "lock them again: coursewright image lock", "environment"))
    if problems:
        raise SeveralProblems(problems)
    return locks


def python_of(base: str) -> str:
    """The version of Python in a base image whose name tells it. Raises UsageError for any other."""
    for name, version in _PYTHON.items():
        if name in base.rpartition("/")[2]:
            return version
    raise UsageError(f'which Python is in "{base}" cannot be told from its name', None, "say it: --python 3.11")


def _names(tier: Tier) -> Iterator[str]:
    if tier.written.packages.pip:
        yield PIP
    if tier.written.packages.conda:
        yield CONDA


def _source(name: str) -> str:
    return "pip" if name == PIP else "conda"


def _file(folder: Path, tier: Tier, name: str) -> Path:
    return folder / (f"{tier.name}.txt" if name == PIP else f"{tier.name}.{name}")


def _asked(tier: Tier, name: str) -> str:
    packages = tier.written.packages
    if name == PIP:
        return " ".join(sorted(packages.pip))
    return f"{' '.join((tier.written.conda or Conda()).channels)}: {' '.join(sorted(packages.conda))}"


class _Pip:
    """Resolves what tiers want of PyPI, from below to above."""

    def __init__(self, python: str) -> None:
        self.python = python
        self.wanted: list[str] = []
        self.below = ""

    def resolved(self, tier: Tier) -> str:
        """The requirements of a tier, with all that is below it."""
        program = _program("uv", "versions are", 'pip install "coursewright[environments]"')
        self.wanted += tier.written.packages.pip
        options = ["--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
        with tempfile.TemporaryDirectory() as scratch:
            constraints = Path(scratch) / "below.txt"
            constraints.write_text(self.below, encoding="utf-8")
            options += ["--python-version", self.python, "--constraints", str(constraints)]
            command = [program, "pip", "compile", *options, "-"]
            self.below = _said(command, tier, PIP, "\n".join(self.wanted))  # the packages go to its input
        return self.below


class _Conda:
    """Resolves what tiers want of channels of conda, from below to above."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.below: list[str] = []

    def resolved(self, tier: Tier) -> str:
        """The packages of a tier and of those below it, in conda's explicit form."""
        hint = "https://mamba.readthedocs.io/en/latest/installation/micromamba-installation.html"
        program = _program("micromamba", "versions of conda are", hint)
        channels = mamba_channels((tier.written.conda or Conda()).channels)
        with tempfile.TemporaryDirectory() as scratch:  # one that it has fetched before it would not list
            command = [
                program, "create", "--dry-run", "--json", "--yes", "--no-rc", "--root-prefix", scratch, "--prefix",
                f"{scratch}/env", "--platform", self.platform, *channels, *self.below, *tier.written.packages.conda,
            ]  # fmt: skip
            said = _said(command, tier, CONDA)
        try:
            found = sorted(_linked(json.loads(said)))
        except (ValueError, KeyError, TypeError):
            message = f'what micromamba says of the tier "{tier.name}" cannot be read: {said[:200]!r}'
            raise CoursewrightError(message, tier.place("packages", "conda"), "try a newer micromamba") from None
        self.below = [spec for spec, _ in found]
        return "\n".join([f"# platform: {self.platform}", "@EXPLICIT", *(address for _, address in found), ""])


def _linked(said: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The packages, each as a spec that nothing else fits, and as its address with its hash."""
    for one in said["actions"]["FETCH"]:
        build = one.get("build_string") or one["build"]
        yield f"{one['name']}={one['version']}={build}", f"{one['url']}#{one['md5']}"


def _program(name: str, what: str, hint: str) -> str:
    program = find(name)
    if program is None:
        raise MissingPart(f"{what} resolved by {name}, which is not installed", None, hint)
    return program


def _said(command: Iterable[str], tier: Tier, name: str, given: str = "") -> str:
    ran = subprocess.run([*command], input=given, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    if ran.returncode == 0:
        return ran.stdout
    source = _source(name)
    by = "uv" if name == PIP else "micromamba"
    lines = (ran.stderr or ran.stdout).splitlines()
    said = "".join(f"\n    {line.strip()}" for line in lines if line.strip())
    message = f'the packages of the tier "{tier.name}" cannot be resolved; {by} said:{said}'
    hint = f"change `{source}` in this tier or one below it"
    raise CoursewrightError(message, tier.place("packages", source), hint)
