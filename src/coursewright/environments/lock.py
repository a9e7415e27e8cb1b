"""The verb behind `coursewright image lock`: which versions of Python's packages images install, with their hashes."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from coursewright.environments.runtime.find import find
from coursewright.environments.tier import Tier
from coursewright.errors import CoursewrightError, MissingPart, UsageError

FOLDER = "environment/lock"
_FOR = "# for "
_PYTHON = {"bookworm": "3.11", "trixie": "3.13", "jammy": "3.10", "22.04": "3.10", "noble": "3.12", "24.04": "3.12"}


def lock(tiers: Sequence[Tier], root: Path, python: str, report: Callable[[str, int, int], None]) -> list[Path]:
    """Resolve what the tiers install with pip, and write it to `environment/lock`, a file for each tier; the files.

    A tier keeps to the versions of those below it, so that a package which the last tier adds changes no other's file.
    The resolver is uv, for the version `python` on every platform. Raises CoursewrightError with what uv said.
    """
    program = find("uv")
    if program is None:
        raise MissingPart(
            "versions are resolved by uv, which is not installed", None, 'pip install "coursewright[environments]"'
        )
    folder = root / FOLDER
    wanted: list[str] = []
    texts: dict[Path, str] = {}
    below = ""
    for done, tier in enumerate(tiers):
        report(tier.name, done, len(tiers))
        if tier.written.packages.pip:
            wanted += tier.written.packages.pip
            below = _resolved(program, wanted, below, python, tier)
            texts[folder / f"{tier.name}.txt"] = f"{_FOR}{_asked(tier)}\n{below}"
    folder.mkdir(parents=True, exist_ok=True)
    for file in set(folder.glob("*.txt")) - texts.keys():
        file.unlink()
    for file, text in texts.items():
        new = file.with_name(f".{file.name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(file)
    return list(texts)


def read(tiers: Sequence[Tier], root: Path) -> dict[str, str]:
    """The locked requirements of each tier, by its name; none where nothing is locked.

    Raises CoursewrightError for a tier that asks for something else now.
    """
    pins: dict[str, str] = {}
    for tier in tiers:
        file = root / FOLDER / f"{tier.name}.txt"
        if not tier.written.packages.pip or not (root / FOLDER).exists():
            continue
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        if text.partition("\n")[0] != f"{_FOR}{_asked(tier)}":
            message = f'the tier "{tier.name}" asks for other packages than when the versions were locked'
            raise CoursewrightError(message, tier.place("packages", "pip"), "lock them again: coursewright image lock")
        pins[tier.name] = text
    return pins


def python_of(base: str) -> str:
    """The version of Python in a base image whose name tells it. Raises UsageError for any other."""
    for name, version in _PYTHON.items():
        if name in base.rpartition("/")[2]:
            return version
    raise UsageError(f'which Python is in "{base}" cannot be told from its name', None, "say it: --python 3.11")


def _asked(tier: Tier) -> str:
    return " ".join(sorted(tier.written.packages.pip))


def _resolved(program: str, wanted: Sequence[str], below: str, python: str, tier: Tier) -> str:
    with tempfile.TemporaryDirectory() as scratch:
        constraints = Path(scratch) / "below.txt"
        constraints.write_text(below, encoding="utf-8")
        options = ["--quiet", "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
        ran = subprocess.run(  # noqa: S603 - ours; the packages go to its input
            [program, "pip", "compile", *options, "--python-version", python, "--constraints", str(constraints), "-"],
            input="\n".join(wanted), capture_output=True, text=True, check=False,
        )  # fmt: skip
    if ran.returncode:
        said = "".join(f"\n    {line.strip()}" for line in ran.stderr.splitlines() if line.strip())
        message = f'the packages of the tier "{tier.name}" cannot be resolved; uv said:{said}'
        raise CoursewrightError(message, tier.place("packages", "pip"), "change `pip` in this tier or one below it")
    return ran.stdout
