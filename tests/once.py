"""What is made once for a whole run of the tests, however many processes it has."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder called `name` that `make` has filled; whoever comes meanwhile waits, and takes what is there."""
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, new = root / f"once-{name}", root / f"once-{name}.new"
    with (root / f"once-{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            new.mkdir(exist_ok=True)
            make(new)
            new.rename(folder)
    return folder
