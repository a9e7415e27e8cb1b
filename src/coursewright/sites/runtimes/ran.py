"""The verb: run a program of this machine to its end, as what fetches parts and what makes JupyterLite are run."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path


def ran(command: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """What `command` gave and said in `folder`; it can ask nothing, and may fail."""
    return subprocess.run(  # noqa: S603 - npm, pip or JupyterLite, as they are installed
        command,
        cwd=folder,
        capture_output=True,
        stdin=subprocess.DEVNULL,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
