"""How programs that are not on this machine are installed."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable

from coursewright.environments.environment import Environment


def install(environment: Environment, service: str) -> Iterable[str]:
    """The commands that install what the tiers which define or amend a service bring."""
    for tier in environment.tiers:
        if service in tier.written.services or service in tier.written.amend:
            packages = tier.written.packages
            if packages.apt:
                yield f"sudo apt-get install {shlex.join(packages.apt)}"
            if packages.pip:
                yield f"{shlex.quote(sys.executable)} -m pip install {shlex.join(packages.pip)}"
