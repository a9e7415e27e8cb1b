"""The folder that a process has of its own, when the process is gone."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path


def remove(folder: str) -> None:
    """Remove a folder that somebody else's code has filled: with links, with closed folders, thousands in each other.

    Folders are moved to the top before they are emptied, so that no path is ever long. What cannot be removed stays.
    """
    home, number = Path(folder), 0
    with suppress(OSError):
        while folders := [entry for entry in os.scandir(home) if entry.is_dir(follow_symlinks=False)]:
            for entry in folders:
                os.chmod(entry.path, 0o700)  # noqa: PTH101 - what scandir gives is no Path
                for inner in list(os.scandir(entry.path)):
                    if inner.is_dir(follow_symlinks=False):
                        number += 1
                        os.chmod(inner.path, 0o700)  # noqa: PTH101 - as above; a folder that is closed cannot be moved
                        os.rename(inner.path, home / f"removed-{os.getpid()}-{number}")  # noqa: PTH104 - as above
                    else:
                        os.unlink(inner.path)  # noqa: PTH108 - as above
                os.rmdir(entry.path)  # noqa: PTH106 - as above
    shutil.rmtree(folder, ignore_errors=True)
