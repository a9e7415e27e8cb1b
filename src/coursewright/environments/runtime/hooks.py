"""What is run before the services start, in the manner of Jupyter's docker-stacks: the files of a folder, in order.

A file that ends with .sh is read by bash, and the variables that it exports are everybody's; any other that can be
executed is executed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

FOLDER = Path("/etc/coursewright/before-start.d")
_READ = 'env -0; printf "\\0"; set -a; . "$1" >&2 || exit; exec env -0'  # the variables before and after
_OWN = {"_", "SHLVL", "PWD", "OLDPWD"}  # of the shell's that reads

Start = Callable[..., "subprocess.Popen[bytes]"]


def run(folder: Path, start: Start, say: Callable[[str], None] = lambda _: None) -> dict[str, str]:
    """Run all of them; the variables that they changed. `start` starts a command as whoever is to run it.

    `say` is told of files that can be neither read by bash nor executed. Raises ValueError for one that fails.
    """
    changed: dict[str, str] = {}
    for file in sorted(folder.glob("*")) if folder.is_dir() else ():
        if file.suffix == ".sh":
            said = _ended(file, start(["bash", "-c", _READ, "bash", str(file)], more=changed, stdout=subprocess.PIPE))
            changed |= _changed(said)
        elif os.access(file, os.X_OK) and file.is_file():
            _ended(file, start([str(file)], more=changed))
        else:
            say(f"{file} is not run: its name does not end with .sh, and it cannot be executed")
    return changed


def _ended(file: Path, running: subprocess.Popen[bytes]) -> bytes:
    said, _ = running.communicate()
    if running.returncode:
        raise ValueError(f"{file} ended with {running.returncode}, and nothing is started")
    return said or b""


def _changed(said: bytes) -> dict[str, str]:
    """What a script has made of its variables."""
    before, _, after = said.decode("utf-8", "surrogateescape").partition("\0\0")
    return {name: value for name, value in (_variables(after) - _variables(before)) if name not in _OWN}


def _variables(said: str) -> set[tuple[str, str]]:
    return {(name, value) for name, sign, value in (one.partition("=") for one in said.split("\0")) if sign}
