"""Where what tiers say is: in its place in an image of ours; where somebody else made the image, nobody was root.

Then COURSEWRIGHT_TIERS names the folder, and `files.json` beside it says where the files of tiers are instead.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from .compose import FOLDER

_VARIABLE = "COURSEWRIGHT_TIERS"


def tiers() -> Path:
    """The folder of what tiers say of services."""
    return Path(os.environ.get(_VARIABLE) or FOLDER)


def files() -> dict[str, str]:
    """Where files of tiers are, by where these say that they are, if that is somewhere else."""
    if not os.environ.get(_VARIABLE):
        return {}
    beside = tiers().parent
    said = json.loads((beside / "files.json").read_text(encoding="utf-8"))
    return {to: str(beside / place) for to, place in said.items()}
