"""The last step of an image, `python3 -m runtime.assemble`: everything small goes to its place, and all is checked.

What tiers say of services joins what an image below has already, in this order, and everything that is found is put
together once, so that a conflict ends the build and not the first start.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from pathlib import Path

from . import kernels, sbom
from .compose import FOLDER, compose, read_fragments

VENV = "/opt/coursewright/venv"
CONDA = "/opt/coursewright/conda"  # what tiers install from channels of conda
STARTUP = "etc/ipython/startup/50-keep.py"  # what kernels of Python run first
SOURCE = "/usr/lib/coursewright/tiers"  # a folder for each tier: tier.json, files.json, files/


def assemble(root: Path = Path("/")) -> list[str]:
    """Assemble the image below `root`; what does not fit, a line each. What is assembled from is gone afterwards."""
    source, fragments = root / SOURCE.lstrip("/"), root / FOLDER.lstrip("/")
    fragments.mkdir(parents=True, exist_ok=True)
    for tier in sorted(source.iterdir()):
        _place_files(tier, root)
        name = tier.name.partition("-")[2]
        shutil.copyfile(tier / "tier.json", fragments / f"{len(list(fragments.glob('*.json'))) + 1:03}-{name}.json")
    shutil.rmtree(source)
    _let_add(root / VENV.lstrip("/"))
    kernels.show(root / CONDA.lstrip("/"), root / "usr/local", CONDA)
    _let_in(root / "home/learner")
    _let_keep(root / STARTUP)
    bill = root / sbom.FILE.lstrip("/")
    bill.parent.mkdir(parents=True, exist_ok=True)
    bill.write_text(json.dumps(sbom.bill(root), indent=1) + "\n", encoding="utf-8")
    composed = compose(read_fragments(fragments))
    return [f"{one.message}\n  --> {one.origin}" for one in composed.conflicts]


def _let_add(venv: Path) -> None:
    """Let learners install what is missing, into their own folders: what is in the image cannot be replaced.

    Python looks into the folder of a user only where an environment lets in the system's packages, too.
    """
    settings = venv / "pyvenv.cfg"
    if settings.exists():
        text = settings.read_text(encoding="utf-8")
        settings.write_text(re.sub(r"(include-system-site-packages = )false", r"\1true", text), encoding="utf-8")


def _let_keep(file: Path) -> None:
    """Give notebooks `%keep`."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("get_ipython().run_line_magic('load_ext', 'runtime.keeping')\n", encoding="utf-8")


def _let_in(home: Path) -> None:
    """Let any number work in the learner's home that is in root's group, as some clusters start containers."""
    if home.is_dir():
        os.chown(home, -1, 0)
        home.chmod(0o775)


def _place_files(tier: Path, root: Path) -> None:
    """Copy the files of a tier to where it says, with the owner and the mode that it says."""
    for source, said in json.loads((tier / "files.json").read_text(encoding="utf-8")).items():
        to = root / said["to"].lstrip("/")
        to.parent.mkdir(parents=True, exist_ok=True)
        if (tier / "files" / source).is_dir():
            shutil.copytree(tier / "files" / source, to, dirs_exist_ok=True)
        else:
            shutil.copy(tier / "files" / source, to)
        if said["mode"]:
            to.chmod(int(said["mode"], 8))
        if said["owner"] != "root":
            for one in (to, *to.rglob("*")):
                shutil.chown(one, said["owner"], said["owner"])


if __name__ == "__main__":
    wrong = assemble()
    print(*wrong, sep="\n", file=sys.stderr)  # noqa: T201 - the engine shows it
    sys.exit(1 if wrong else 0)
