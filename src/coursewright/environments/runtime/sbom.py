"""What went into an image: all that Debian, Python, conda, Node and R know to be installed, as CycloneDX says it.

The format is https://cyclonedx.org/docs/1.5/json/, the names of packages those of https://github.com/package-url.
"""

from __future__ import annotations

import importlib.metadata
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

FILE = "/usr/share/coursewright/sbom.json"
_PYTHON = ("opt/coursewright/venv/lib/python3*/site-packages",)
_NODE = ("usr/lib/node_modules", "usr/local/lib/node_modules")
_CONDA = "opt/coursewright/conda/conda-meta/*.json"
_R = ("usr/local/lib/R/site-library",)


def bill(root: Path = Path("/")) -> dict[str, Any]:
    """The bill of materials of the image whose files are below `root`; the same packages give the same bill."""
    parts = sorted({*_debian(root), *_python(root), *_node(root), *_conda(root), *_r(root)})
    components = [{"type": "library", "name": name, "version": version, "purl": purl} for purl, name, version in parts]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": components}


_Part = tuple[str, str, str]


def _part(kind: str, name: str, version: str, query: str = "") -> _Part:
    return f"pkg:{kind}/{quote(name, safe='/')}@{quote(version, safe='')}{query}", name, version


def _debian(root: Path) -> Iterator[_Part]:
    query = shutil.which("dpkg-query")
    if query is None:
        return
    shown = [
        f"--admindir={root / 'var/lib/dpkg'}",
        "-W",
        "-f",
        "${db:Status-Abbrev}\t${Package}\t${Version}\t${Architecture}\n",
    ]
    said = subprocess.run([query, *shown], capture_output=True, text=True, check=False)  # noqa: S603 - no value in it
    for line in said.stdout.splitlines():
        status, name, version, architecture = line.split("\t")
        if status.startswith("ii"):
            yield _part("deb/debian", name, version, f"?arch={architecture}")


def _python(root: Path) -> Iterator[_Part]:
    folders = [str(folder) for pattern in _PYTHON for folder in root.glob(pattern)]
    for package in importlib.metadata.distributions(path=folders):
        yield _part("pypi", package.metadata["Name"].lower().replace("_", "-"), package.version)


def _node(root: Path) -> Iterator[_Part]:
    for folder in _NODE:
        for pattern in ("*/package.json", "@*/*/package.json"):
            for file in (root / folder).glob(pattern):
                said = json.loads(file.read_text(encoding="utf-8"))
                yield _part("npm", said["name"], said["version"])


def _conda(root: Path) -> Iterator[_Part]:
    for file in root.glob(_CONDA):
        said = json.loads(file.read_text(encoding="utf-8"))
        channel = str(said.get("channel", "")).rstrip("/").removesuffix(f"/{said.get('subdir')}").rpartition("/")[2]
        query = f"?build={quote(said.get('build', ''))}&channel={quote(channel)}&subdir={quote(said.get('subdir', ''))}"
        yield _part("conda", said["name"], said["version"], query)


def _r(root: Path) -> Iterator[_Part]:
    for folder in _R:
        for file in (root / folder).glob("*/DESCRIPTION"):
            text = file.read_text(encoding="utf-8", errors="replace")
            said = dict(line.split(": ", 1) for line in text.splitlines() if ": " in line and line[0].isalpha())
            yield _part("cran", said["Package"], said["Version"])
