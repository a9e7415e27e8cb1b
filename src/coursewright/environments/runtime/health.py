"""Whether a container is well: `python3 -m runtime.health` says which services are not ready, and ends with 1 then."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from .entry import folder_now
from .program import ServiceProgram
from .ready import is_ready


def unready(home: Path | None) -> list[str]:
    """The names of the services that were started, and are not ready."""
    if home is None or not (home / "run/supervisord.conf").exists():
        return ["Supervisor"]
    files = sorted((home / "run/programs").glob("*.json"))
    programs = [ServiceProgram.read(json.loads(file.read_text(encoding="utf-8"))["program"]) for file in files]
    begun = {file.name for file in (home / "run/begun").iterdir()}
    well = {one.name for one in programs if is_ready(one.ready, {**os.environ, **one.environment})}
    return [one.name for one in programs if one.name not in begun & well]


def main() -> int:
    """Say it; the exit status."""
    names = unready(folder_now())
    for name in names:
        print(f"{name} is not ready", file=sys.stderr)  # noqa: T201 - what a health check is for
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
