"""Coursewright itself in the browser's Python: wheels of it and of what it needs there, made of what is installed.

Polars, NumPy, PyArrow and DuckDB are not among them: none of these is of Python alone, and what runs in pages does
without. msgspec's is the only wheel that was made for the browser, and is fetched as a part.
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Collection, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from coursewright.sites.runtimes.parts import part
from coursewright.sites.runtimes.wheels import packed, wheel, wheel_name

ROOMS = {
    "words": ("babel",),
    "figures": (),
    "questions": ("latex2mathml", "markdown-it-py", "mdit-py-plugins", "mdurl", "pyyaml"),
}
"""What of Coursewright can run there, and the packages that each needs besides; a room stands on those before it."""

_GROUND = re.compile(r"[\w.]+|(labels|sandbox)/.*", re.ASCII)  # what every room stands on
_LOCALE = re.compile(r"babel/locale-data/(?!root\.)\w+\.dat")


@cache
def wheels(rooms: tuple[str, ...] = tuple(ROOMS), languages: tuple[str, ...] = ("en",)) -> dict[str, bytes]:
    """Wheels by their file names with which the browser's Python imports `rooms` of Coursewright, offline.

    Some of `ROOMS`; `languages` are those that something is said in, as BCP 47 tags, and English. The same bytes for
    what is installed. Raises MissingPart, with the command to run, where msgspec's wheel was not fetched.
    """
    needed = sorted({name for room in rooms for name in ROOMS[room]})
    own = part("msgspec")
    return {
        **_ourselves(rooms, ["msgspec", *needed]),
        **{file: (own.folder / file).read_bytes() for file in own.files},
        **{wheel_name(name): wheel(name, lambda path: _said(path, languages)) for name in needed},
    }


def _ourselves(rooms: Collection[str], needed: Collection[str]) -> dict[str, bytes]:
    """The wheel of Coursewright, which says that it needs these packages and no others."""
    installed = importlib.metadata.distribution("coursewright")
    info = f"coursewright-{installed.version}.dist-info"
    says = f"Metadata-Version: 2.1\nName: coursewright\nVersion: {installed.version}\nLicense: MIT\n"
    says += "".join(f"Requires-Dist: {name}\n" for name in needed)
    elsewhere = rf"(?m)^[\w-]+ *= *coursewright\.(?!(?:{'|'.join(rooms)})\.).*\n"
    described = {
        "METADATA": says,
        "entry_points.txt": re.sub(elsewhere, "", installed.read_text("entry_points.txt") or ""),
        "licenses/LICENSE": installed.read_text("licenses/LICENSE") or "",
    }
    files = {
        f"coursewright/{path}": file.read_bytes()
        for path, file in _files(resources.files("coursewright"))
        if _GROUND.fullmatch(path) or path.partition("/")[0] in rooms
    }
    files |= {f"{info}/{name}": text.encode() for name, text in described.items()}
    return {wheel_name("coursewright"): packed(files, info)}


def _files(folder: Traversable, before: str = "") -> Iterator[tuple[str, Traversable]]:
    """All files below a folder, by their paths."""
    for each in folder.iterdir():
        if each.is_dir() and each.name != "__pycache__":
            yield from _files(each, f"{before}{each.name}/")
        elif each.is_file():
            yield f"{before}{each.name}", each


def _said(path: str, languages: Collection[str]) -> bool:
    """Whether a file of a package is needed: Babel has 30 MB of languages."""
    wanted = {tag.replace("_", "-").partition("-")[0].lower() for tag in (*languages, "en")}
    return not _LOCALE.match(path) or path.rpartition("/")[2].partition(".")[0].partition("_")[0] in wanted
