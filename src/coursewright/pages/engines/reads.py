"""What the code of a page read: files, folders, packages, variables of the environment.

A Python kernel tells of all that Python itself opens, R of its connections. What compiled libraries and other programs
open is not seen there: where code names one, all files of the course's `data/` count as read, and so does every file
that the code names in a text.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from coursewright.pages.outcome import VARIABLE

_UNSEEN = re.compile(
    r"\b(polars|pyarrow|duckdb|parquet|feather|read_orc|hdf5?|h5py|netCDF4|xarray|rasterio|geopandas|fiona|pyreadr"
    r"|fread|vroom|readr|readxl|haven|arrow|sf|terra|subprocess|popen|system2?|exec[lv]p?e?)\b|^\s*[!%]|reticulate",
    re.MULTILINE,
)
_ENVIRONMENT = re.compile(r"""(?:environ(?:\.get)?|getenv)\s*[\[(]\s*["'](\w+)["']""")
_TEXT = re.compile(r"""("(?:[^"\\\n]|\\.){1,500}"|'(?:[^'\\\n]|\\.){1,500}')""")
_SYSTEM = ("/proc/", "/sys/", "/dev/", "/etc/", "/usr/", "/lib", "/opt/", "/bin/", "/sbin/", "/run/", "/var/")
_MOST = 2000  # files of data/


def read_by(
    reports: Iterable[Path], codes: Iterable[str], cwd: Path, root: Path, own: Iterable[Path]
) -> Iterator[Path]:
    """What was read: paths of files and folders, and names of variables as outcomes have them.

    `own` are the folders of the session's own files.
    """
    ours = tuple(f"{folder}{os.sep}" for folder in own)
    for report in reports:
        yield from _reported(json.loads(report.read_text(encoding="utf-8")), root, ours)
    for code in codes:
        yield from _named(code, cwd, root)
        yield from (Path(f"{VARIABLE}{name}") for name in _ENVIRONMENT.findall(code))
        if _UNSEEN.search(code):
            yield from _data(root)


def _reported(said: dict[str, Any], root: Path, own: tuple[str, ...]) -> Iterator[Path]:
    python = tuple(os.path.normpath(path) + os.sep for path in said.get("python", []))
    for name in said["files"]:
        if _counts(name, root, own, python):
            path = Path(name)
            yield path.parent.parent / f"{path.name.partition('.')[0]}.py" if path.suffix == ".pyc" else path
    for name, file in said.get("modules", {}).items():
        if _counts(file, root, own, python):
            yield Path(file)
        elif metadata := _package(name.partition(".")[0], file):
            yield metadata
    yield from (Path(each) for each in (*said.get("packages", []), *said["runtime"]) if os.path.isfile(each))  # noqa: PTH113 - as R says it


def _counts(name: str, root: Path, own: tuple[str, ...], python: tuple[str, ...]) -> bool:
    """Whether a file is the course's, or somebody's data elsewhere: no part of the system or of a language."""
    course = f"{root}{os.sep}"
    inside = name.startswith(course)
    if name.startswith(tuple(each for each in python if not str(root).startswith(each)) if inside else python):
        return False
    if name.startswith(f"{course}build{os.sep}"):
        return False
    if not os.path.exists(name):  # noqa: PTH110 - any text
        return False
    if inside:
        return True
    temporary = name.startswith((*own, os.path.join(tempfile.gettempdir(), "ipykernel_")))  # noqa: PTH118 - a name
    hidden = any(part.startswith(".") for part in Path(name).parts)
    return not (temporary or hidden or name.startswith(_SYSTEM) or os.path.isdir(name))  # noqa: PTH112 - any text


def _package(module: str, file: str) -> Path | None:
    """The file that says which version of a package a module is from."""
    before, found, _ = file.rpartition(f"-packages{os.sep}")
    return _metadata(module, f"{before}-packages") if found else None


@lru_cache(maxsize=4096)
def _metadata(module: str, site: str) -> Path | None:
    name = _providers(Path(site)).get(module)
    return Path(site, name, "METADATA") if name else None


@lru_cache(maxsize=16)
def _providers(site: Path) -> dict[str, str]:
    """The folders of metadata in a folder of packages, by the modules that they bring."""
    found: dict[str, str] = {}
    for folder in sorted(site.glob("*.dist-info")):
        record = folder / "RECORD"
        if record.is_file():
            for line in record.read_text(encoding="utf-8", errors="replace").splitlines():
                found.setdefault(re.split(r"[/.,]", line, maxsplit=1)[0], folder.name)
        found[folder.name.partition("-")[0].lower()] = folder.name
    return found


def _named(code: str, cwd: Path, root: Path) -> Iterator[Path]:
    """Files that texts in the code name, as seen from where it runs or from the course."""
    for text in _TEXT.findall(code):
        for folder in (cwd, root):
            file = os.path.normpath(os.path.join(folder, text[1:-1]))  # noqa: PTH118 - any text
            if "\0" not in file and os.path.isfile(file):  # noqa: PTH113 - any text
                yield Path(file)


def _data(root: Path) -> Iterator[Path]:
    folder = root / "data"
    if folder.is_dir():
        files = sorted(file for file in folder.rglob("*") if not any(p.startswith(".") for p in file.parts))
        yield folder
        yield from files[:_MOST]
