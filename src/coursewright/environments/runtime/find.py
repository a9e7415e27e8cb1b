"""Where programs are on this machine."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

# Where Debian and others put what is not for everybody's PATH; of several versions the newest is taken.
_ELSEWHERE = (
    "usr/lib/postgresql/*/bin", "usr/lib/rstudio-server/bin", "usr/local/sbin", "usr/sbin", "opt/homebrew/bin",
)  # fmt: skip


def find(name: str, *folders: Path) -> str | None:
    """The whole path of a program: of this Python's, of `folders`, of the PATH, or of a place where it usually is."""
    for folder in (Path(sys.executable).parent, *folders):
        if (folder / name).exists():
            return str(folder / name)
    if found := shutil.which(name):
        return found
    for place in _ELSEWHERE:
        for file in sorted(Path("/").glob(f"{place}/{name}"), key=_version, reverse=True):
            return str(file)
    return None


def _version(file: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(file))]
