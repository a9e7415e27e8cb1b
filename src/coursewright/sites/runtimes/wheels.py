"""Packages of Python that the author has: those of Python alone can go along with the site, as wheels."""

from __future__ import annotations

import base64
import hashlib
import importlib.metadata
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path

from coursewright.errors import MissingPart

_NATIVE = (".so", ".pyd", ".dylib", ".dll")
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first time that a zip can hold
_OF_THE_INSTALLER = ("INSTALLER", "RECORD", "REQUESTED", "WHEEL", "direct_url.json")
_OF_PYTHON_ALONE = b"Wheel-Version: 1.0\nGenerator: coursewright\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


class UnfitWheel(Exception):
    """The package that keeps something from going along."""


def distributions_for(module: str) -> tuple[str, ...]:
    """The distributions that `import module` needs, itself first. Raises UnfitWheel for one not of Python alone."""
    names = set(_by_module().get(module, ()))
    if len(names) != 1:
        raise UnfitWheel(module)
    found: dict[str, None] = {}
    _add(names.pop(), found)
    return tuple(found)


def distributions_of(names: Iterable[str], without: Iterable[str] = ()) -> tuple[str, ...]:
    """The distributions called `names` and all that they need, but for those `without`, which come otherwise.

    Raises MissingPart for one that is not of Python alone.
    """
    others = dict.fromkeys(normal(name) for name in without)
    found = dict(others)
    try:
        for name in names:
            _add(name, found)
    except UnfitWheel as error:
        hint = "install it as its makers packed it for every system: pip install --only-binary=:all: " + str(error)
        raise MissingPart(f"{error} cannot go into the browser: it is not of Python alone", None, hint) from None
    return tuple(name for name in found if name not in others)


def wheel_name(distribution: str) -> str:
    """What the wheel of a distribution is called."""
    own = importlib.metadata.distribution(distribution)
    return f"{normal(own.name)}-{own.version}-py3-none-any.whl"


def wheel(distribution: str, wanted: Callable[[str], bool] = lambda _path: True) -> bytes:
    """What is installed of a distribution, as a wheel: of its Python, what is `wanted`."""
    own = importlib.metadata.distribution(distribution)
    (info,) = {path.parts[0] for path in own.files or () if path.parts[0].endswith(".dist-info")}
    files = {
        path.as_posix(): Path(str(own.locate_file(path))).read_bytes()
        for path in own.files or ()
        if _goes_along(path.as_posix()) and path.name not in _OF_THE_INSTALLER and wanted(path.as_posix())
    }
    return packed(files, info)


def packed(files: Mapping[str, bytes], info: str) -> bytes:
    """Files of Python as a wheel, the same bytes for the same files; `info` is its folder that has METADATA."""
    whole = {**dict(sorted(files.items())), f"{info}/WHEEL": _OF_PYTHON_ALONE}
    record = "".join(f"{path},sha256={_hash(content)},{len(content)}\n" for path, content in whole.items())
    whole[f"{info}/RECORD"] = f"{record}{info}/RECORD,,\n".encode()
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in whole.items():
            archive.writestr(zipfile.ZipInfo(path, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return written.getvalue()


def _hash(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()


def _add(name: str, found: dict[str, None]) -> None:
    if normal(name) in found:
        return
    try:
        own = importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        raise UnfitWheel(name) from None
    files = [str(path) for path in own.files or ()]
    pure = "Root-Is-Purelib: true" in (own.read_text("WHEEL") or "")
    there = any(path.endswith(".py") and _goes_along(path) for path in files)  # of one that is edited, there is none
    if not pure or not there or any(path.endswith(_NATIVE) for path in files):
        raise UnfitWheel(name)
    found[normal(name)] = None
    for needed in own.requires or ():
        if ";" not in needed:  # what is needed under a condition is mostly an extra, or for another system
            _add(re.split(r"[^\w.-]", needed.strip(), maxsplit=1)[0], found)


def _goes_along(path: str) -> bool:
    return (
        not path.startswith(("..", "/")) and "__pycache__" not in path and not path.endswith((".pyc", ".pth", *_NATIVE))
    )


def normal(name: str) -> str:
    """The name of a distribution as files write it."""
    return re.sub(r"[-_.]+", "_", name).lower()


@cache
def _by_module() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())
