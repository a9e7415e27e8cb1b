"""Kernels of conda's environment, shown to the Jupyter that is beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

KERNELS = "share/jupyter/kernels"


def show(conda: Path, to: Path, called: str = "") -> None:
    """Write the kernels of the environment in `conda` below `to`, by names that are no other kernels'.

    Their programs are named by whole paths, in which the environment is `called` so: in an image it is elsewhere.
    """
    for file in sorted((conda / KERNELS).glob("*/kernel.json")):
        said = json.loads(file.read_text(encoding="utf-8"))
        program = said["argv"][0]
        if (conda / "bin" / program).exists():
            said["argv"][0] = f"{called or conda}/bin/{Path(program).name}"
        said["display_name"] += " (conda)"
        folder = to / KERNELS / f"conda-{file.parent.name}"
        shutil.copytree(file.parent, folder, dirs_exist_ok=True)
        (folder / file.name).write_text(json.dumps(said, indent=1) + "\n", encoding="utf-8")
